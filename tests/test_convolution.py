"""Cross-correlation, convolution, the convolution layer, and the sizes they give."""

import tracemalloc

import cv2
import numpy as np
import pytest
import scipy.ndimage
import scipy.signal
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from course_utils import (
    conv2d,
    convolution,
    convolve2d,
    correlate2d,
    gaussian_kernel,
    kernel,
    output_size,
    receptive_field,
    same_padding,
)
from course_utils.images import impulse

PATCH = [[0, 64, 128], [48, 192, 144], [142, 226, 168]]
KERNEL = [[-1, 0, -2], [0.5, 4.5, -1.5], [1.5, 2, -3]]

SCIPY = {"zero": "constant", "wrap": "wrap", "reflect": "reflect", "nearest": "nearest"}
OPENCV = {"zero": cv2.BORDER_CONSTANT, "reflect": cv2.BORDER_REFLECT, "nearest": cv2.BORDER_REPLICATE}

STRIDES = [1, 2, 3, (1, 3), (3, 2)]


def some(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def strided(stride):
    rows, columns = stride if isinstance(stride, tuple) else (stride, stride)
    return np.s_[::rows, ::columns]


# --- what the operations mean -----------------------------------------------------------------------------------------


def test_the_worked_pixel_is_577_and_its_true_convolution_732():
    """The pixel of the notes, summed by hand."""
    assert correlate2d(PATCH, KERNEL) == pytest.approx(577)
    assert convolve2d(PATCH, KERNEL) == pytest.approx(732)


def test_an_impulse_shows_the_kernel_turned_by_correlation_and_as_it_is_by_convolution():
    """One bright pixel meets each weight once; correlation meets the last weight first."""
    weights = np.array([[1, 2, 3], [4, 5, 6]])
    turned = np.array([[6, 5, 4], [3, 2, 1]])
    np.testing.assert_allclose(correlate2d(impulse(3, 5), weights), turned)
    np.testing.assert_allclose(convolve2d(impulse(3, 5), weights), weights)


def test_a_ramp_has_the_same_slope_everywhere():
    """A difference of neighbours on 0, 1, 2, ... is 1 at every position."""
    ramp = np.tile(np.arange(6), (3, 1))
    np.testing.assert_allclose(correlate2d(ramp, [[-1, 1]]), np.ones((3, 5)))


def test_the_added_cells_hold_what_the_boundary_says():
    """Two cells beyond the end of 1 2 3, for each rule."""
    seen = {name: correlate2d([[1, 2, 3]], [[1]], padding=(0, 2), boundary=name)[0] for name in SCIPY}
    np.testing.assert_allclose(seen["zero"], [0, 0, 1, 2, 3, 0, 0])
    np.testing.assert_allclose(seen["wrap"], [2, 3, 1, 2, 3, 1, 2])
    np.testing.assert_allclose(seen["reflect"], [2, 1, 1, 2, 3, 3, 2])
    np.testing.assert_allclose(seen["nearest"], [1, 1, 1, 2, 3, 3, 3])


# --- established libraries as oracles ---------------------------------------------------------------------------------


@pytest.mark.parametrize("stride", STRIDES, ids=str)
@pytest.mark.parametrize(
    ("padding", "amounts"),
    [
        ("valid", lambda h, w: 0),
        ("full", lambda h, w: [(h - 1, h - 1), (w - 1, w - 1)]),
        (2, lambda h, w: 2),
        ((0, 3), lambda h, w: [(0, 0), (3, 3)]),
        (((1, 0), (2, 3)), lambda h, w: [(1, 0), (2, 3)]),
        ([[0, 1], [0, 0]], lambda h, w: [(0, 1), (0, 0)]),
    ],
    ids=["valid", "full", "2", "(0, 3)", "((1, 0), (2, 3))", "lists"],
)
def test_padding_and_stride_agree_with_scipy_on_the_padded_image(padding, amounts, stride):
    """Pad with NumPy, slide with SciPy, keep every n-th position."""
    image = some(9, 12)
    for size in [(1, 1), (3, 3), (2, 3), (4, 1), (1, 5), (5, 2)]:
        padded, weights = np.pad(image, amounts(*size)), some(*size, seed=1)
        for ours, theirs in [(correlate2d, scipy.signal.correlate2d), (convolve2d, scipy.signal.convolve2d)]:
            expected = theirs(padded, weights, mode="valid")[strided(stride)]
            np.testing.assert_allclose(ours(image, weights, stride=stride, padding=padding), expected, atol=1e-12)


@pytest.mark.parametrize("boundary", SCIPY)
@pytest.mark.parametrize("size", [(3, 3), (1, 5), (5, 3), (7, 9), (9, 15)], ids=str)
@pytest.mark.parametrize("shape", [(8, 11), (4, 3), (1, 2)], ids=str)
def test_every_boundary_agrees_with_scipy_even_where_the_kernel_is_larger_than_the_image(shape, size, boundary):
    """The names are those of scipy.ndimage, except that its constant is our zero."""
    image, weights = some(*shape), some(*size, seed=1)
    for ours, theirs in [(correlate2d, scipy.ndimage.correlate), (convolve2d, scipy.ndimage.convolve)]:
        expected = theirs(image, weights, mode=SCIPY[boundary])
        np.testing.assert_allclose(ours(image, weights, padding="same", boundary=boundary), expected, atol=1e-12)


@pytest.mark.parametrize("boundary", OPENCV)
@pytest.mark.parametrize("size", [(3, 3), (1, 5), (5, 3), (7, 9)], ids=str)
def test_correlation_agrees_with_opencv_filter2d(size, boundary):
    """OpenCV's filter2D does not turn the kernel either."""
    image, weights = some(10, 13), some(*size, seed=1)
    expected = cv2.filter2D(image, cv2.CV_64F, weights, borderType=OPENCV[boundary])
    np.testing.assert_allclose(correlate2d(image, weights, padding="same", boundary=boundary), expected, atol=1e-12)


@pytest.mark.parametrize("dilation", [1, 2, 3, (1, 2)], ids=str)
@pytest.mark.parametrize("stride", STRIDES, ids=str)
@pytest.mark.parametrize("padding", ["valid", "full", 1, ((2, 0), (1, 3))], ids=str)
def test_the_layer_adds_up_the_correlations_of_all_channels(padding, stride, dilation):
    """A dilated kernel is a larger one with zeros between its weights."""
    images, kernels, biases = some(2, 11, 9, 3), some(3, 2, 3, 4, seed=1), some(4, seed=2)
    rows, columns = dilation if isinstance(dilation, tuple) else (dilation, dilation)
    spread = np.zeros((2 * rows + 1, columns + 1, 3, 4))
    spread[::rows, ::columns] = kernels
    expected = [
        [
            sum(correlate2d(image[..., c], spread[..., c, f], stride=stride, padding=padding) for c in range(3))
            + biases[f]
            for f in range(4)
        ]
        for image in images
    ]
    ours = conv2d(images, kernels, biases, stride=stride, padding=padding, dilation=dilation)
    np.testing.assert_allclose(ours, np.moveaxis(expected, 1, -1), atol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (2, 1), (3, 1), ((2, 3), 1), (1, 2), (1, (3, 2))], ids=str)
@pytest.mark.parametrize("size", [(3, 3), (2, 3), (4, 1), (5, 2)], ids=str)
def test_the_layer_is_the_one_of_keras(size, stride, dilation, padding):
    """Same weights, same numbers: an asymmetric `same` included."""
    import keras

    images, kernels, biases = some(2, 13, 10, 3), some(*size, 3, 4, seed=1), some(4, seed=2)
    layer = keras.layers.Conv2D(4, size, strides=stride, padding=padding, dilation_rate=dilation, dtype="float64")
    layer.build(images.shape)
    layer.set_weights([kernels, biases])
    ours = conv2d(images, kernels, biases, stride=stride, padding=padding, dilation=dilation)
    np.testing.assert_allclose(ours, np.asarray(layer(images)), atol=1e-10)


# --- properties -------------------------------------------------------------------------------------------------------


def whole_arrays(low=1, high=7):
    # Small whole numbers: float64 computes with them exactly.
    shapes = st.tuples(st.integers(low, high), st.integers(low, high))
    return shapes.flatmap(lambda shape: arrays(np.int64, shape, elements=st.integers(-9, 9)))


many = settings(deadline=None, derandomize=True, max_examples=50, database=None)


@many
@given(whole_arrays(3), whole_arrays(1, 3), st.integers(-5, 5), st.data())
def test_correlation_is_linear_in_the_image_and_in_the_kernel(image, weights, factor, data):
    """Twice as bright gives twice as much; a sum of images gives the sum of the responses."""
    other_image = data.draw(arrays(np.int64, image.shape, elements=st.integers(-9, 9)))
    other_weights = data.draw(arrays(np.int64, weights.shape, elements=st.integers(-9, 9)))
    response = correlate2d(image, weights)
    np.testing.assert_allclose(
        correlate2d(factor * image + other_image, weights), factor * response + correlate2d(other_image, weights)
    )
    np.testing.assert_allclose(
        correlate2d(image, factor * weights + other_weights), factor * response + correlate2d(image, other_weights)
    )


@many
@given(whole_arrays(), whole_arrays(1, 3), st.integers(0, 6), st.integers(0, 6))
def test_when_the_image_moves_the_response_moves_with_it(image, weights, down, right):
    """Shift equivariance, on a ring, where nothing falls off."""
    response = correlate2d(image, weights, padding="same", boundary="wrap")
    moved = correlate2d(np.roll(image, (down, right), (0, 1)), weights, padding="same", boundary="wrap")
    np.testing.assert_allclose(moved, np.roll(response, (down, right), (0, 1)))


@many
@given(whole_arrays(), st.sampled_from([1, 3, 5]), st.sampled_from([1, 3, 5]), st.sampled_from(list(SCIPY)))
def test_a_one_in_the_middle_changes_nothing(image, rows, columns, boundary):
    """The identity kernel, at any odd size and boundary."""
    np.testing.assert_allclose(correlate2d(image, impulse(rows, columns), padding="same", boundary=boundary), image)


@many
@given(
    whole_arrays(),
    whole_arrays(),
    st.sampled_from(["same", "full", 6]),
    st.integers(1, 3),
    st.sampled_from(list(SCIPY)),
)
def test_convolution_is_correlation_with_the_kernel_turned(image, weights, padding, stride, boundary):
    """By 180 degrees: both axes."""
    options = {"padding": padding, "stride": stride, "boundary": boundary}
    np.testing.assert_allclose(
        convolve2d(image, weights, **options), correlate2d(image, np.rot90(weights, 2), **options)
    )


@many
@given(whole_arrays(), whole_arrays())
def test_full_convolution_does_not_mind_which_is_the_image(image, weights):
    """It commutes; correlation does not, see the impulse."""
    np.testing.assert_allclose(convolve2d(image, weights, padding="full"), convolve2d(weights, image, padding="full"))


# --- the fast paths give the same numbers -----------------------------------------------------------------------------


@pytest.mark.parametrize("stride", STRIDES, ids=str)
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-13), (np.float32, 1e-6)])
@pytest.mark.parametrize(
    "weights",
    [gaussian_kernel(15, 2.5), gaussian_kernel((7, 9), 1) * -300, np.outer(some(8), some(7, seed=1))],
    ids=["15", "7x9", "any"],
)
def test_a_separable_kernel_gives_in_two_passes_what_it_gives_in_one(weights, dtype, tolerance, stride):
    """The column and the row of the kernel, one after the other."""
    assert convolution._separate(weights.astype(dtype)) is not None
    image = some(31, 40)
    expected = scipy.signal.correlate2d(image, weights, mode="valid")[strided(stride)]
    ours = correlate2d(image.astype(dtype), weights, stride=stride)
    np.testing.assert_allclose(ours, expected, atol=tolerance * np.abs(weights).sum() * 4)


@pytest.mark.parametrize(
    "weights",
    [np.eye(9), some(7, 7), np.zeros((8, 9)), gaussian_kernel(9, 2) + 1e-9 * np.eye(9)],
    ids=["diagonal", "any", "zero", "almost"],
)
def test_a_large_kernel_that_is_no_product_is_not_taken_for_one(weights):
    """All its cells count, however small the deviation from a product."""
    assert convolution._separate(weights) is None
    image = some(20, 23)
    np.testing.assert_allclose(
        correlate2d(image, weights), scipy.signal.correlate2d(image, weights, mode="valid"), atol=1e-13
    )


@pytest.mark.parametrize("at_once", [1, 7, 50, 1000])
def test_the_result_does_not_depend_on_how_much_is_done_at_once(monkeypatch, at_once):
    """The seams between two portions do not show."""
    image, images, kernels = some(17, 13), some(3, 8, 7, 2), some(3, 2, 2, 4, seed=1)
    expected = correlate2d(image, KERNEL), conv2d(images, kernels, stride=(1, 2))
    monkeypatch.setattr(convolution, "_AT_ONCE", at_once)
    monkeypatch.setattr(convolution, "_COPIED_AT_ONCE", at_once)
    np.testing.assert_allclose(correlate2d(image, KERNEL), expected[0], atol=1e-12)
    np.testing.assert_allclose(conv2d(images, kernels, stride=(1, 2)), expected[1], atol=1e-12)


def test_a_photo_of_six_megapixels_is_no_problem():
    """A flat image stays flat under a mean, to the last corner."""
    image = np.full((2000, 3000), 7, np.uint8)
    mean = kernel("mean")
    np.testing.assert_allclose(mean.factor * correlate2d(image, mean.weights)[::7, ::7], 7)


def test_the_layer_copies_no_more_for_a_large_image_than_it_says():
    """Nine shifted copies of this image would be 184 MB."""
    images, kernels = np.zeros((1, 400, 400, 16)), np.zeros((3, 3, 16, 2))
    tracemalloc.start()
    output = conv2d(images, kernels)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * convolution._COPIED_AT_ONCE + output.nbytes + 2e6


# --- sizes ------------------------------------------------------------------------------------------------------------


@many
@given(
    st.integers(1, 12), st.integers(1, 5), st.integers(0, 4), st.integers(0, 4), st.integers(1, 4), st.integers(1, 3)
)
def test_output_size_counts_the_positions(size, kernel_size, before, after, stride, dilation):
    """Lay the kernel at every start and count where its last cell is still inside."""
    reach, padded = (kernel_size - 1) * dilation + 1, before + size + after
    starts = [start for start in range(0, padded, stride) if start + reach <= padded]
    if not starts:
        with pytest.raises(ValueError, match="must not be larger"):
            output_size(size, kernel_size, padding=(before, after), stride=stride, dilation=dilation)
        return
    assert output_size(size, kernel_size, padding=(before, after), stride=stride, dilation=dilation) == len(starts)
    output = conv2d(
        np.zeros((1, size, 9, 1)),
        np.zeros((kernel_size, 1, 1, 1)),
        stride=stride,
        padding=((before, after), (0, 0)),
        dilation=dilation,
    )
    assert output.shape == (1, len(starts), -(-9 // stride), 1)


@pytest.mark.parametrize(
    ("size", "options", "expected"),
    [
        (28, {}, 26),
        (13, {}, 11),
        (28, {"padding": "same"}, 28),
        (28, {"padding": "same", "stride": 2}, 14),
        (7, {"padding": "same", "stride": 3}, 3),
        (28, {"padding": "full"}, 30),
        (28, {"padding": 1, "stride": 2}, 14),
        (28, {"dilation": 2}, 24),
    ],
    ids=str,
)
def test_output_size_of_a_kernel_of_three(size, options, expected):
    """The sizes of the notes' network among them: 28 -> 26, 13 -> 11."""
    assert output_size(size, 3, **options) == expected


@pytest.mark.parametrize(
    ("size", "kernel_size", "stride", "expected"),
    [(28, 3, 1, (1, 1)), (28, 3, 2, (0, 1)), (27, 3, 2, (1, 1)), (28, 2, 1, (0, 1)), (28, 4, 1, (1, 2)), (10, 5, 3, (2, 2)), (6, 2, 4, (0, 0)), (5, 1, 1, (0, 0)), (1, 4, 1, (1, 2))],
    ids=str,
)  # fmt: skip
def test_same_padding_puts_the_extra_cell_after(size, kernel_size, stride, expected):
    """As Keras and TensorFlow do; symmetric padding would look one cell further up and left."""
    assert same_padding(size, kernel_size, stride) == expected
    assert output_size(size, kernel_size, padding=expected, stride=stride) == -(-size // stride)


def test_same_with_an_even_kernel_looks_down_and_right():
    """With a 2 x 2 kernel of ones, each pixel is added to its right and lower neighbours."""
    np.testing.assert_allclose(correlate2d([[1, 2], [3, 4]], np.ones((2, 2)), padding="same"), [[10, 6], [7, 4]])


@pytest.mark.parametrize(
    "layers", [[], [(3, 1)], [(3, 1), (3, 1)], [(3, 1), (2, 2), (3, 1), (2, 2)], [(5, 3), (3, 2), (2, 1)]], ids=str
)
def test_the_receptive_field_is_the_width_that_one_output_cell_sees(layers):
    """Found by trial: light each input cell in turn and watch the first output cell."""
    width = 40
    seen = np.eye(width)
    for size, stride in layers:
        seen = correlate2d(seen, np.ones((1, size)), stride=(1, stride))
    assert receptive_field(layers) == np.count_nonzero(seen[:, 0])
    assert receptive_field(np.array(layers).reshape(-1, 2)) == receptive_field(layers)


# --- what comes out ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [("bool", "float64"), ("uint8", "float64"), ("int64", "float64"), ("float16", "float64"), ("float64", "float64"), ("float32", "float32"), (">f4", "float32"), (">i2", "float64")],
)  # fmt: skip
def test_the_result_is_float64_unless_float32_comes_in(dtype, expected):
    """Whole numbers do not overflow, and the kernel has no say."""
    image = np.array([[1, 0, 1], [0, 1, 1]], dtype)
    for weights in ([[200, 100]], np.array([[200, 100]], np.float32)):
        ours = correlate2d(image, weights)
        np.testing.assert_allclose(ours, [[200, 100], [100, 300]])
        assert ours.dtype == expected
        assert convolve2d(image, weights).dtype == expected
    assert conv2d(image[np.newaxis, ..., np.newaxis], np.ones((2, 2, 1, 3)), [1, 2, 3]).dtype == expected


def test_an_unknown_pixel_spoils_the_windows_it_lies_in_and_no_other():
    """NaN in, NaN out, without spreading over the edge."""
    image = np.ones((4, 5))
    image[0, 4] = np.nan
    np.testing.assert_array_equal(
        np.isnan(correlate2d(image, np.ones((2, 2)))), [[0, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0]]
    )
