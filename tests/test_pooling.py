"""Pooling: the maximum and the mean of each window."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from course_utils import average_pool2d, global_average_pool2d, max_pool2d

POOLS = {"max": (max_pool2d, np.max), "average": (average_pool2d, np.mean)}

many = settings(deadline=None, derandomize=True, max_examples=50, database=None)
whole_arrays = st.tuples(st.integers(1, 9), st.integers(1, 9)).flatmap(
    lambda shape: arrays(np.int64, shape, elements=st.integers(-9, 9))
)


def some(*shape):
    return np.random.default_rng(0).normal(size=shape)


def test_of_each_four_pixels_the_largest_stays():
    """The notes' pool: a quarter of the pixels is left."""
    image = [[0, 64, 128, 128], [48, 192, 144, 144], [142, 226, 168, 0], [255, 0, 0, 64]]
    np.testing.assert_allclose(max_pool2d(image), [[192, 144], [255, 168]])
    np.testing.assert_allclose(average_pool2d(image), [[76, 136], [155.75, 58]])


@pytest.mark.parametrize(("size", "kept"), [(11, 5), (26, 13), (2, 1), (3, 1)])
def test_rows_and_columns_that_fill_no_window_are_dropped(size, kept):
    """11 pooled by 2 is 5, in the notes' network too; the last row is never looked at."""
    image = np.arange(size * (size + 1)).reshape(size, size + 1)
    assert max_pool2d(image).shape == (kept, (size + 1) // 2)
    assert max_pool2d(image)[-1, -1] == image[2 * kept - 1, (size + 1) // 2 * 2 - 1]


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize("size", [1, 2, 3, (1, 4), (3, 2)], ids=str)
@pytest.mark.parametrize("stride", [None, 1, 2, 3, (1, 3), (4, 2)], ids=str)
def test_a_pool_takes_each_window_by_itself(pool, size, stride):
    """Cut the windows out with NumPy; each image and each channel on its own."""
    ours, theirs = POOLS[pool]
    images, pair = some(2, 9, 11, 3), size if isinstance(size, tuple) else (size, size)
    rows, columns = stride if isinstance(stride, tuple) else (stride, stride) if stride else pair
    windows = np.lib.stride_tricks.sliding_window_view(images, pair, axis=(1, 2))[:, ::rows, ::columns]
    expected = theirs(windows, axis=(-2, -1))
    np.testing.assert_allclose(ours(images, size, stride=stride), expected)
    np.testing.assert_allclose(ours(images[1, :, :, 2], size, stride=stride), expected[1, :, :, 2])


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize(
    ("padding", "amounts"),
    [
        ("full", [(2, 2), (1, 1)]),
        (1, [(1, 1), (1, 1)]),
        ((2, 0), [(2, 2), (0, 0)]),
        (((0, 2), (1, 0)), [(0, 2), (1, 0)]),
    ],
    ids=str,
)
def test_under_padding_only_the_real_cells_count(pool, padding, amounts):
    """Here NaN marks the added cells, and NumPy's nanmax and nanmean leave them out."""
    image = some(7, 8) - 5
    padded = np.pad(image, amounts, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 2))[::2, ::2]
    expected = {"max": np.nanmax, "average": np.nanmean}[pool](windows, axis=(-2, -1))
    np.testing.assert_allclose(POOLS[pool][0](image, (3, 2), stride=2, padding=padding), expected)


@pytest.mark.parametrize("padding", ["same", "full", 1, ((1, 0), (0, 1))], ids=str)
def test_negative_numbers_stay_negative_under_padding(padding):
    """An added cell is no zero: it never wins a maximum and never pulls a mean towards 0."""
    image = np.full((5, 7), -3.0)
    np.testing.assert_allclose(max_pool2d(image, 2, padding=padding), -3)
    np.testing.assert_allclose(average_pool2d(image, 2, padding=padding), -3)
    np.testing.assert_allclose(average_pool2d(image[np.newaxis, ..., np.newaxis], 2, padding=padding), -3)


@pytest.mark.slow
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("stride", [None, 1, 2, 3, (3, 2)], ids=str)
@pytest.mark.parametrize("size", [2, 3, (3, 2), (1, 4)], ids=str)
def test_the_pools_are_those_of_keras(size, stride, padding):
    """Negative numbers, so that a zero of the padding would show."""
    import keras

    images = some(2, 11, 8, 3) - 5
    for ours, theirs in [(max_pool2d, keras.layers.MaxPooling2D), (average_pool2d, keras.layers.AveragePooling2D)]:
        expected = theirs(size, strides=stride, padding=padding, dtype="float64")(images)
        np.testing.assert_allclose(ours(images, size, stride=stride, padding=padding), np.asarray(expected), atol=1e-12)


@many
@given(whole_arrays, st.integers(1, 3), st.integers(1, 3), st.sampled_from(["same", "full"]))
def test_the_maximum_lies_above_the_mean_and_the_minimum_below(image, size, stride, padding):
    """The minimum is the negative of the maximum of the negative."""
    options = {"stride": stride, "padding": padding}
    mean = average_pool2d(image, size, **options)
    assert np.all(max_pool2d(image, size, **options) >= mean - 1e-12)
    assert np.all(-max_pool2d(-image, size, **options) <= mean + 1e-12)


@many
@given(whole_arrays)
def test_a_window_of_one_pixel_changes_nothing(image):
    """And gives a new array, not a view of the input."""
    for pool in (max_pool2d, average_pool2d):
        single = image.astype(float)
        np.testing.assert_allclose(pool(single, 1), image)
        assert not np.shares_memory(pool(single, 1), single)


def test_global_average_pooling_gives_one_number_a_channel():
    """The mean over rows and columns; one number for a single grey image."""
    images = some(2, 5, 7, 3)
    np.testing.assert_allclose(global_average_pool2d(images), images.mean(axis=(1, 2)))
    np.testing.assert_allclose(global_average_pool2d(images), average_pool2d(images, (5, 7))[:, 0, 0])
    assert global_average_pool2d([[1, 2], [3, 6]]) == 3


@pytest.mark.parametrize(("dtype", "expected"), [("bool", "float64"), ("uint8", "float64"), ("float32", "float32")])
@pytest.mark.parametrize("pool", [max_pool2d, average_pool2d, global_average_pool2d])
def test_a_pool_gives_float64_unless_float32_comes_in(pool, dtype, expected):
    """The mean of whole numbers is not cut off; the sum of uint8 does not overflow."""
    image = np.array([[1, 0], [1, 1]], dtype) if dtype == "bool" else np.array([[255, 250], [255, 255]], dtype)
    result = np.asarray(pool(image))
    np.testing.assert_allclose(result.item(), image.max() if pool is max_pool2d else image.astype(float).mean())
    assert result.dtype == expected


def test_a_window_of_a_million_cells_on_a_small_image_takes_no_time():
    """It is gathered by rows and then by columns: 2000 steps."""
    image = some(6, 5)
    assert max_pool2d(image, 1000, padding="same") == image.max()
    assert average_pool2d(image, 1000, padding="same") == pytest.approx(image.mean())
