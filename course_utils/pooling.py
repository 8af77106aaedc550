"""Pooling: each window gives one number, and nothing is learned.

The silhouette is that of `correlate2d`; where it sums products, a pool takes the maximum or the mean.
"""

import numpy as np

from .convolution import pad_images, shifted_views
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
    output = -np.inf
    for view in _window_cells(images, size, stride, padding, fill=-np.inf):
        output = np.maximum(output, view)
    return output


def average_pool2d(images, size=2, *, stride=None, padding="valid"):
    """Keep the mean of each window, counting the real cells only, as Keras does.

    Parameters, result and errors are those of `max_pool2d`.

    Examples
    --------
    >>> average_pool2d([[0, 64], [48, 192]])
    array([[76.]])
    """
    images = real_array(images, "images", "HW", "NHWC")
    ones = np.ones(images.shape[:2] if images.ndim == 2 else (1, *images.shape[1:3], 1), images.dtype)
    total = sum(_window_cells(images, size, stride, padding, fill=0))
    cells = sum(_window_cells(ones, size, stride, padding, fill=0))
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

    Examples
    --------
    >>> global_average_pool2d(np.arange(8).reshape(1, 2, 2, 2))
    array([[3., 4.]])
    """
    images = real_array(images, "images", "HW", "NHWC")
    return images.mean(axis=(0, 1) if images.ndim == 2 else (1, 2))


def _window_cells(images, size, stride, padding, fill):
    """Yield, for each cell of the window, what lies under it at every position."""
    images = real_array(images, "images", "HW", "NHWC")
    size = whole_pair(size, "pool size", 1)
    stride = size if stride is None else whole_pair(stride, "stride", 1)
    _refuse_windows_of_padding(padding, size)
    padded = pad_images(images, size, stride, padding, fill=fill)
    for _, _, view in shifted_views(padded, size, stride):
        yield view


def _refuse_windows_of_padding(padding, size):
    if isinstance(padding, str):
        return  # no named rule adds more than size - 1
    amounts = padding if isinstance(padding, (tuple, list)) and len(padding) == 2 else (padding, padding)
    if any(np.any(np.asarray(amount) >= cells) for amount, cells in zip(amounts, size)):
        raise ValueError(
            f"The padding must be smaller than the window, or a window holds no pixel: got padding {padding!r}, "
            f"window {size}. Use at most {tuple(cells - 1 for cells in size)}."
        )
