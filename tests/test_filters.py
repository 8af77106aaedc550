"""The gallery of kernels, filters on pictures, the median, and Sobel."""

import tracemalloc

import cv2
import numpy as np
import pytest
import scipy.ndimage
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from course_utils import (
    KERNELS,
    Kernel,
    apply_filter,
    box_kernel,
    correlate2d,
    filters,
    gaussian_kernel,
    kernel,
    load_image,
    median_filter,
    sobel,
)
from course_utils.images import disk, impulse, step_edge

# Typed out from Lode Vandevenne's "Image Filtering", and the textbooks for the last five: name | rows | factor | bias.
GALLERY = """
identity             | 0 0 0 / 0 1 0 / 0 0 0                                         | 1     | 0
blur_plus            | 0 .2 0 / .2 .2 .2 / 0 .2 0                                    | 1     | 0
blur_diamond         | 0 0 1 0 0 / 0 1 1 1 0 / 1 1 1 1 1 / 0 1 1 1 0 / 0 0 1 0 0     | 1/13  | 0
gaussian_3           | 1 2 1 / 2 4 2 / 1 2 1                                         | 1/16  | 0
gaussian_5           | 1 4 6 4 1 / 4 16 24 16 4 / 6 24 36 24 6 / 4 16 24 16 4 / 1 4 6 4 1 | 1/256 | 0
motion_blur          | 1 0 0 0 0 0 0 0 0 / 0 1 0 0 0 0 0 0 0 / 0 0 1 0 0 0 0 0 0 / 0 0 0 1 0 0 0 0 0 / 0 0 0 0 1 0 0 0 0 / 0 0 0 0 0 1 0 0 0 / 0 0 0 0 0 0 1 0 0 / 0 0 0 0 0 0 0 1 0 / 0 0 0 0 0 0 0 0 1 | 1/9 | 0
horizontal_edges     | 0 0 -1 0 0 / 0 0 -1 0 0 / 0 0 2 0 0 / 0 0 0 0 0 / 0 0 0 0 0   | 1     | 0
vertical_edges       | 0 0 0 0 0 / 0 0 0 0 0 / -1 -1 4 -1 -1 / 0 0 0 0 0 / 0 0 0 0 0 | 1     | 0
edges_45_degrees     | -1 0 0 0 0 / 0 -2 0 0 0 / 0 0 6 0 0 / 0 0 0 -2 0 / 0 0 0 0 -1 | 1     | 0
edges_all_directions | -1 -1 -1 / -1 8 -1 / -1 -1 -1                                 | 1     | 0
sharpen              | -1 -1 -1 / -1 9 -1 / -1 -1 -1                                 | 1     | 0
sharpen_subtle       | -1 -1 -1 -1 -1 / -1 2 2 2 -1 / -1 2 8 2 -1 / -1 2 2 2 -1 / -1 -1 -1 -1 -1 | 1/8 | 0
edges_excessive      | 1 1 1 / 1 -7 1 / 1 1 1                                        | 1     | 0
emboss               | -1 -1 0 / -1 0 1 / 0 1 1                                      | 1     | 128
emboss_strong        | -1 -1 -1 -1 0 / -1 -1 -1 0 1 / -1 -1 0 1 1 / -1 0 1 1 1 / 0 1 1 1 1 | 1 | 128
mean                 | 1 1 1 / 1 1 1 / 1 1 1                                         | 1/9   | 0
sobel_x              | -1 0 1 / -2 0 2 / -1 0 1                                      | 1     | 0
sobel_y              | -1 -2 -1 / 0 0 0 / 1 2 1                                      | 1     | 0
prewitt_x            | -1 0 1 / -1 0 1 / -1 0 1                                      | 1     | 0
prewitt_y            | -1 -1 -1 / 0 0 0 / 1 1 1                                      | 1     | 0
laplacian            | 0 1 0 / 1 -4 1 / 0 1 0                                        | 1     | 0
"""
ROWS = [[cell.strip() for cell in line.split("|")] for line in GALLERY.strip().splitlines()]

many = settings(deadline=None, derandomize=True, max_examples=50, database=None)


def some(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def some_picture(*shape, seed=0):
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


# --- the gallery ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "rows", "factor", "bias"), ROWS, ids=[row[0] for row in ROWS])
def test_the_gallery_holds_the_kernels_of_the_table(name, rows, factor, bias):
    """Weights, factor and bias, typed out."""
    weights = [[float(number) for number in row.split()] for row in rows.split("/")]
    dividend, _, divisor = factor.partition("/")
    np.testing.assert_allclose(KERNELS[name].weights, weights)
    assert KERNELS[name].factor == pytest.approx(float(dividend) / float(divisor or 1))
    assert KERNELS[name].bias == float(bias)


def test_the_gallery_holds_nothing_else_and_stands_in_the_order_of_the_table():
    """The lesson walks through it from top to bottom."""
    assert list(KERNELS) == [row[0] for row in ROWS]


@pytest.mark.parametrize("name", KERNELS)
def test_a_filter_of_the_gallery_keeps_or_erases_a_flat_image(name):
    """Blurs and sharpeners sum to 1, edge detectors to 0, which emboss shows as 128."""
    shown = apply_filter(np.full((12, 10), 90, np.uint8), KERNELS[name])
    keeps = name.startswith(("identity", "blur", "gaussian", "motion", "sharpen", "mean", "edges_excessive"))
    np.testing.assert_array_equal(shown, 90 if keeps else 128 if "emboss" in name else 0)


@pytest.mark.parametrize("spelling", ["sobel_x", "Sobel X", "sobel-x", " SOBEL, x "])
def test_a_kernel_is_found_however_its_name_is_written(spelling):
    """Capitals, blanks, commas and hyphens do not matter."""
    assert kernel(spelling) is KERNELS["sobel_x"]


def test_a_kernel_of_the_gallery_cannot_be_overwritten():
    """A slip in one cell of a notebook must not change the next."""
    with pytest.raises(ValueError, match="read-only"):
        kernel("mean").weights[0, 0] = 5


# --- filters on pictures ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("factor", "bias", "expected"),
    [(1, 0, 100), (2.5, 0, 250), (3, 0, 255), (-1, 0, 0), (1, -101, 0), (1, 200, 255), (0.006, 0, 1), (0.5, 30, 80)],
)
def test_a_pixel_is_multiplied_then_shifted_then_rounded_and_clamped(factor, bias, expected):
    """Never wrapped around: 300 is white, not 44; 0.6 is rounded to 1, not cut to 0."""
    shown = apply_filter(np.full((2, 3), 100, np.uint8), [[1]], factor=factor, bias=bias)
    np.testing.assert_array_equal(shown, expected)
    assert shown.dtype == np.uint8


def test_factor_and_bias_of_a_kernel_join_those_of_the_call():
    """2 * (1/4 * 100) + 3 + 20 = 73."""
    shown = apply_filter(
        np.full((1, 1), 100, np.uint8), Kernel(np.array([[1]]), factor=1 / 4, bias=20), factor=2, bias=3
    )
    assert shown == 73


def test_the_border_wraps_around_unless_told_otherwise():
    """The right neighbour of the last pixel is the first one."""
    image = np.array([[10, 20, 30]], np.uint8)
    right = [[0, 0, 1]]
    np.testing.assert_array_equal(apply_filter(image, right), [[20, 30, 10]])
    np.testing.assert_array_equal(apply_filter(image, right, boundary="zero"), [[20, 30, 0]])
    np.testing.assert_array_equal(apply_filter(image, right, boundary="nearest"), [[20, 30, 30]])


@pytest.mark.parametrize("name", KERNELS)
def test_a_filtered_picture_is_the_one_of_scipy_rounded_and_clamped(name):
    """On noise, where every mistake shows; each colour on its own."""
    image, (weights, factor, bias) = some_picture(11, 14, 3), KERNELS[name]
    responses = [
        factor * scipy.ndimage.correlate(image[..., c].astype(float), weights, mode="wrap") + bias for c in range(3)
    ]
    expected = np.clip(np.stack(responses, axis=2), 0, 255)
    shown = apply_filter(image, KERNELS[name])
    np.testing.assert_allclose(shown, expected, atol=0.5 + 1e-9)
    np.testing.assert_array_equal(apply_filter(image[..., 1], KERNELS[name]), shown[..., 1])


@pytest.mark.parametrize("name", ["sharpen", "emboss", "sobel_x", "edges_excessive", "laplacian"])
def test_a_filtered_picture_is_the_one_of_opencv(name):
    """filter2D rounds and clamps uint8 as well."""
    image = some_picture(11, 14)
    expected = cv2.filter2D(
        image, -1, KERNELS[name].weights.astype(float), delta=KERNELS[name].bias, borderType=cv2.BORDER_REPLICATE
    )
    np.testing.assert_array_equal(apply_filter(image, KERNELS[name], boundary="nearest"), expected)


# --- Gaussian, box, median --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sigma", [0.3, 0.8, 2.5, 100])
@pytest.mark.parametrize("size", [1, 3, 5, 15, 31])
def test_the_gaussian_is_the_one_of_opencv(size, sigma):
    """getGaussianKernel gives one axis; the outer product both."""
    bell = cv2.getGaussianKernel(size, sigma)
    np.testing.assert_allclose(gaussian_kernel(size, sigma), bell @ bell.T, atol=1e-12)
    np.testing.assert_allclose(gaussian_kernel((size, 3), sigma), bell @ cv2.getGaussianKernel(3, sigma).T, atol=1e-12)


@pytest.mark.parametrize(
    ("sigma", "boundary", "mode"), [(1, "reflect", "reflect"), (2.5, "zero", "constant"), (2.5, "wrap", "wrap")]
)
def test_correlating_with_the_gaussian_is_the_gaussian_filter_of_scipy(sigma, boundary, mode):
    """Cut off after seven pixels on each side."""
    image = some(20, 33)
    ours = correlate2d(image, gaussian_kernel(15, sigma), padding="same", boundary=boundary)
    np.testing.assert_allclose(ours, scipy.ndimage.gaussian_filter(image, sigma, mode=mode, radius=7), atol=1e-12)


@pytest.mark.parametrize("size", [1, 2, 3, 4, (2, 5)], ids=str)
@pytest.mark.parametrize("sigma", [1e-300, 0.01, 1, 1e300])
def test_a_gaussian_sums_to_1_and_is_symmetric_at_any_size_and_sigma(size, sigma):
    """A tiny sigma gives a peak, a huge one a flat kernel, never NaN."""
    weights = gaussian_kernel(size, sigma)
    assert weights.sum() == pytest.approx(1)
    np.testing.assert_allclose(weights, weights[::-1, ::-1])
    if sigma == 1e300:
        np.testing.assert_allclose(weights, box_kernel(size))


def test_a_box_kernel_gives_the_mean_of_its_window():
    """As OpenCV's blur, and as the window's own mean."""
    image = some(9, 12)
    assert correlate2d(image, box_kernel((9, 12))) == pytest.approx(image.mean())
    expected = cv2.blur(image, (5, 3), borderType=cv2.BORDER_REPLICATE)
    np.testing.assert_allclose(correlate2d(image, box_kernel((3, 5)), padding="same", boundary="nearest"), expected)


def test_the_median_removes_a_lone_pixel_and_keeps_an_edge():
    """The mean would smear both."""
    edge = step_edge(7, 9)
    speckled = edge.copy()
    speckled[3, 1], speckled[2, 7] = 255, 0
    np.testing.assert_allclose(median_filter(speckled, 3), edge)


@pytest.mark.parametrize("size", [1, 3, 5, 7, 13])
def test_the_median_is_the_one_of_scipy_and_of_opencv(size):
    """Edge pixels are repeated at the border, even for a window larger than the image."""
    image = some(9, 12)
    np.testing.assert_allclose(median_filter(image, size), scipy.ndimage.median_filter(image, size, mode="nearest"))
    colour = some_picture(9, 12, 3)
    np.testing.assert_allclose(median_filter(colour, size), cv2.medianBlur(colour, size))
    single = image.astype(np.float32)
    np.testing.assert_allclose(median_filter(single, size), scipy.ndimage.median_filter(single, size, mode="nearest"))
    assert median_filter(single, size).dtype == np.float32


@many
@given(
    arrays(np.int64, st.tuples(st.integers(1, 7), st.integers(1, 7)), elements=st.integers(-9, 9)),
    st.sampled_from([1, 3, 5]),
)
def test_the_median_of_the_negative_is_the_negative_of_the_median(image, size):
    """It has no side: as many numbers lie below as above."""
    np.testing.assert_allclose(median_filter(-image, size), -median_filter(image, size))


def test_the_median_works_in_portions_whose_seams_do_not_show(monkeypatch):
    """81 shifted copies of this image would be 170 MB."""
    image = load_image("ascent")
    tracemalloc.start()
    whole = median_filter(image, 9)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30e6
    monkeypatch.setattr(filters, "_SORTED_AT_ONCE", 1)
    np.testing.assert_allclose(median_filter(image[:20], 9)[:15], whole[:15])


# --- Sobel ------------------------------------------------------------------------------------------------------------


def test_sobel_on_the_patch_of_the_notes():
    """346 to the right, 506 downwards: 612.99 long, at 55.6 degrees."""
    gradient = sobel([[0, 64, 128], [48, 192, 144], [142, 226, 168]])
    assert gradient.x == pytest.approx(346)
    assert gradient.y == pytest.approx(506)
    assert gradient.magnitude == pytest.approx(612.99, abs=0.005)
    assert np.degrees(gradient.angle) == pytest.approx(55.6, abs=0.05)


@pytest.mark.parametrize(("angle", "x", "y"), [(0, 1020, 0), (90, 0, 1020), (180, -1020, 0), (270, 0, -1020)])
def test_a_step_edge_answers_in_the_direction_in_which_it_gets_brighter(angle, x, y):
    """A vertical edge has no y response, a horizontal one no x response; black to white gives 4 * 255."""
    gradient = sobel(step_edge(8, 8, angle=angle))
    np.testing.assert_allclose(gradient.x[2:4, 2:4], x)
    np.testing.assert_allclose(gradient.y[2:4, 2:4], y)
    np.testing.assert_allclose(np.degrees(gradient.angle[2:4, 2:4]) % 360, angle)


def test_on_a_white_disk_every_gradient_points_to_the_centre():
    """Right of the centre it gets brighter to the left, below it upwards."""
    gradient = sobel(disk(41, 41, radius=12.0), padding="same", boundary="nearest")
    rows, columns = np.indices((41, 41)) - 20
    rim = gradient.magnitude > 0.5 * gradient.magnitude.max()
    apart = np.angle(np.exp(1j * (gradient.angle - np.arctan2(-rows, -columns))))[rim]
    assert np.count_nonzero(rim) > 50
    assert np.degrees(np.abs(apart)).max() < 8


@pytest.mark.parametrize(
    "image", [some(9, 12), some_picture(9, 12), some(9, 12).astype(np.float32)], ids=["float64", "uint8", "float32"]
)
def test_sobel_is_the_one_of_scipy_and_of_opencv(image):
    """Neither divides by anything; scikit-image divides by 4."""
    ours = sobel(image, padding="same", boundary="reflect")
    exact = image.astype(float)
    for response, axis, order in [(ours.x, 1, (1, 0)), (ours.y, 0, (0, 1))]:
        np.testing.assert_allclose(response, scipy.ndimage.sobel(exact, axis=axis), atol=1e-5)
        np.testing.assert_allclose(
            response, cv2.Sobel(exact, cv2.CV_64F, *order, borderType=cv2.BORDER_REFLECT), atol=1e-5
        )
    np.testing.assert_allclose(ours.magnitude, np.hypot(ours.x, ours.y), rtol=1e-6)


@pytest.mark.parametrize(("axis", "negative", "outside"), [("x", 0.414, 0.440), ("y", 0.392, 0.407)])
def test_clipping_destroys_41_percent_of_the_responses_on_ascent(axis, negative, outside):
    """Outside 0..255 lie 44.0 % of the x and 40.7 % of the y responses; below 0 alone 41.4 % and 39.2 %."""
    response = getattr(sobel(load_image("ascent")), axis)
    assert np.mean(response < 0) == pytest.approx(negative, abs=0.0005)
    assert np.mean((response < 0) | (response > 255)) == pytest.approx(outside, abs=0.0005)


def test_an_impulse_shows_the_sobel_kernel_turned():
    """The x kernel has its negative weights on the left: to the left of a light it gets brighter."""
    np.testing.assert_allclose(sobel(impulse(5, 5)).x, [[1, 0, -1], [2, 0, -2], [1, 0, -1]])
