"""Pooling: each window gives one number, and nothing is learned.

Where `correlate2d` sums products, a pool takes the maximum or the mean. The maximum of a window is the maximum of its
columns' maxima, and sums behave alike, so a window is gathered row by row and then column by column: 2 + 2 steps for
2 x 2 cells, 10 + 10 for 10 x 10.
"""

from functools import reduce

import numpy as np

from .convolution import pad_images, padding_amounts
from .validation import real_array, whole_pair


def max_pool2d(images, size=2, *, stride=None, padding="valid"):
    """Keep the largest number of each window.

    Parameters
    ----------
    images : array_like of shape (H, W) or (N, H, W, C)
        Real numbers. Each channel is pooled on its own.
    size : int or (int, int)
        Rows and columns of a window.
    stride : int or (int, int), optional
        Step between two windows; `size` if not given, so that windows do not overlap.
    padding
        As for `correlate2d`, at most size - 1 on each side. An added cell never wins: it counts as minus infinity.

    Returns
    -------
    ndarray of shape (H', W') or (N, H', W', C)
        H' = output_size(H, size, ...): rows and columns that fill no window are dropped. float32 if `images` is float32, else float64.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or the window is larger than the padded image.

    Examples
    --------
    >>> max_pool2d([[0, 64, 128, 128], [48, 192, 144, 144]])
    array([[192., 144.]])
    """
    return _gather(np.maximum, -np.inf, images, size, stride, padding)


def average_pool2d(images, size=2, *, stride=None, padding="valid"):
    """Keep the mean of each window, counting the real cells only, as Keras does.

    Parameters
    ----------
    images, size, stride, padding
        As for `max_pool2d`; an added cell is not counted.

    Returns
    -------
    ndarray of shape (H', W') or (N, H', W', C)
        As from `max_pool2d`.

    Raises
    ------
    TypeError, ValueError
        As `max_pool2d`.

    Examples
    --------
    >>> average_pool2d([[0, 64], [48, 192]])
    array([[76.]])
    """
    images = real_array(images, "images", "HW", "NHWC")
    ones = np.ones(images.shape[:2] if images.ndim == 2 else (1, *images.shape[1:3], 1), images.dtype)
    total = _gather(np.add, 0, images, size, stride, padding)
    cells = _gather(np.add, 0, ones, size, stride, padding)
    return total / cells


def global_average_pool2d(images):
    """Return the mean of each channel over all rows and columns.

    Parameters
    ----------
    images : array_like of shape (H, W) or (N, H, W, C)
        Real numbers.

    Returns
    -------
    float for (H, W); ndarray of shape (N, C) for (N, H, W, C)
        float32 if `images` is float32, else float64.

    Raises
    ------
    TypeError, ValueError
        If `images` is not as described.

    Examples
    --------
    >>> global_average_pool2d(np.arange(8).reshape(1, 2, 2, 2))
    array([[3., 4.]])
    """
    images = real_array(images, "images", "HW", "NHWC")
    return images.mean(axis=(0, 1) if images.ndim == 2 else (1, 2))


def _gather(combine, nothing, images, size, stride, padding):
    """Combine the cells of each window into one number; `nothing` is the number that changes no result."""
    images = real_array(images, "images", "HW", "NHWC")
    size = whole_pair(size, "pool size", 1)
    stride = size if stride is None else whole_pair(stride, "stride", 1)
    first = 0 if images.ndim == 2 else 1
    amounts = padding_amounts(images.shape[first : first + 2], size, stride, padding)
    if any(max(amount) >= cells for amount, cells in zip(amounts, size)):
        raise ValueError(
            f"The padding must be smaller than the window, or a window holds no pixel: got padding {padding!r:.80}, "
            f"window {size}. Use at most {tuple(cells - 1 for cells in size)}."
        )
    gathered = pad_images(images, size, stride, padding, fill=nothing, name="window")
    for axis, cells, step in zip((first, first + 1), size, stride):
        windows = np.lib.stride_tricks.sliding_window_view(gathered, cells, axis=axis)
        windows = windows[(slice(None),) * axis + (slice(None, None, step),)]
        gathered = reduce(combine, np.moveaxis(windows, -1, 0), nothing)
    return gathered
