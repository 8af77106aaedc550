"""Designed kernels and what they do to an image: blur, sharpen, emboss, find edges; and the median, which has no kernel."""

import difflib
import re
from typing import NamedTuple

import numpy as np

from .convolution import correlate2d, pad_images
from .images import to_display
from .validation import real_array, real_number, whole_number, whole_shape


class Kernel(NamedTuple):
    """A kernel of the gallery: the result of a filter is `factor` * (sum of products) + `bias`.

    Attributes
    ----------
    weights : ndarray of shape (h, w)
    factor, bias : float
    """

    weights: np.ndarray
    factor: float = 1
    bias: float = 0


class Gradient(NamedTuple):
    """The Sobel responses of an image, each of the same shape.

    Attributes
    ----------
    x, y : ndarray of shape (H', W')
        How much brighter it gets from left to right, and from top to bottom.
    magnitude : ndarray of shape (H', W')
        The length of (x, y).
    angle : ndarray of shape (H', W')
        The direction of (x, y) in radians, -pi..pi: 0 to the right, positive downwards.
    """

    x: np.ndarray
    y: np.ndarray
    magnitude: np.ndarray
    angle: np.ndarray


# Numbers that `median_filter` sorts at once: 2 MB as float64.
_SORTED_AT_ONCE = 2**18

_DIFFERENCE = np.array([-1, 0, 1])
_SMOOTHING = np.array([1, 2, 1])
_BINOMIAL = np.array([1, 4, 6, 4, 1])
_MIDDLE_OF_3 = np.outer([0, 1, 0], [0, 1, 0])
_MIDDLE_OF_5 = np.outer([0, 0, 1, 0, 0], [0, 0, 1, 0, 0])
_DISTANCE = np.add.outer(np.abs(np.arange(-2, 3)), np.abs(np.arange(-2, 3)))
_ANTIDIAGONAL = np.add.outer(np.arange(-2, 3), np.arange(-2, 3))

# The gallery of lesson 03, in its order. Source of the first sixteen: Lode Vandevenne, "Image Filtering".
KERNELS = {
    "identity": Kernel(_MIDDLE_OF_3),
    "blur_plus": Kernel(np.array([[0, 0.2, 0], [0.2, 0.2, 0.2], [0, 0.2, 0]])),
    "blur_diamond": Kernel(np.where(_DISTANCE <= 2, 1, 0), factor=1 / 13),
    "gaussian_3": Kernel(np.outer(_SMOOTHING, _SMOOTHING), factor=1 / 16),
    "gaussian_5": Kernel(np.outer(_BINOMIAL, _BINOMIAL), factor=1 / 256),
    "motion_blur": Kernel(np.eye(9, dtype=int), factor=1 / 9),
    "horizontal_edges": Kernel(np.outer([-1, -1, 2, 0, 0], [0, 0, 1, 0, 0])),
    "vertical_edges": Kernel(np.outer([0, 0, 1, 0, 0], [-1, -1, 4, -1, -1])),
    "edges_45_degrees": Kernel(np.diag([-1, -2, 6, -2, -1])),
    "edges_all_directions": Kernel(9 * _MIDDLE_OF_3 - 1),
    "sharpen": Kernel(10 * _MIDDLE_OF_3 - 1),
    "sharpen_subtle": Kernel(np.pad(np.full((3, 3), 3), 1) + 6 * _MIDDLE_OF_5 - 1, factor=1 / 8),
    "edges_excessive": Kernel(1 - 8 * _MIDDLE_OF_3),
    "emboss": Kernel(np.sign(_ANTIDIAGONAL[1:4, 1:4]), bias=128),
    "emboss_strong": Kernel(np.sign(_ANTIDIAGONAL), bias=128),
    "mean": Kernel(np.ones((3, 3), int), factor=1 / 9),
    "sobel_x": Kernel(np.outer(_SMOOTHING, _DIFFERENCE)),
    "sobel_y": Kernel(np.outer(_DIFFERENCE, _SMOOTHING)),
    "prewitt_x": Kernel(np.outer([1, 1, 1], _DIFFERENCE)),
    "prewitt_y": Kernel(np.outer(_DIFFERENCE, [1, 1, 1])),
    "laplacian": Kernel(np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])),
}
for _kernel in KERNELS.values():
    _kernel.weights.flags.writeable = False


def kernel(name):
    """Return a kernel of the gallery.

    Parameters
    ----------
    name : str
        A key of `KERNELS`. Capitals, blanks, commas and hyphens do not matter: "blur, plus" finds "blur_plus".

    Returns
    -------
    Kernel
        (weights, factor, bias). The weights cannot be written to: copy them to change them.

    Raises
    ------
    ValueError
        If no kernel has that name; the message lists similar ones.

    Examples
    --------
    >>> kernel("sobel x").weights
    array([[-1,  0,  1],
           [-2,  0,  2],
           [-1,  0,  1]])
    """
    key = re.sub(r"[^a-z0-9]+", "_", str(name).lower()).strip("_")
    if key not in KERNELS:
        near = difflib.get_close_matches(key, KERNELS, n=3, cutoff=0.5) or KERNELS
        raise ValueError(f"The name must be a key of KERNELS: got {name!r:.80}. Did you mean {', '.join(near)}?")
    return KERNELS[key]


def apply_filter(image, kernel, *, factor=1, bias=0, boundary="wrap"):
    """Filter a picture and give a picture: factor * (sum of products) + bias, rounded and clamped to 0..255.

    Parameters
    ----------
    image : ndarray of uint8, shape (H, W) or (H, W, 3)
        Each colour channel is filtered on its own.
    kernel : array_like of shape (h, w), or Kernel
        The kernel is not flipped. A `Kernel` brings its own factor and bias, which multiply and add to those given.
    factor, bias : float
    boundary : {"wrap", "zero", "reflect", "nearest"}
        What lies beyond the border, as for `correlate2d`.

    Returns
    -------
    ndarray of uint8, of the shape of `image`

    Raises
    ------
    TypeError, ValueError
        If `image` is not uint8 or an argument is not as described.

    Examples
    --------
    >>> apply_filter(np.array([[10, 20, 30]], dtype=np.uint8), [[1, 1, 1]], factor=1 / 2)
    array([[30, 30, 30]], dtype=uint8)
    """
    pixels = real_array(image, "image", "HW", "HW3")
    if np.asarray(image).dtype != np.uint8:
        raise TypeError(
            f"The image must be uint8 with values 0..255: got dtype {np.asarray(image).dtype}. "
            "Use to_display(image, 'clip') to make a picture of a response."
        )
    factor, bias = real_number(factor, "factor"), real_number(bias, "bias")
    if isinstance(kernel, Kernel):
        kernel, factor, bias = kernel.weights, factor * kernel.factor, bias + kernel.bias

    def filter_channel(channel):
        response = factor * correlate2d(channel, kernel, padding="same", boundary=boundary) + bias
        return to_display(response, "clip")

    return _each_channel(filter_channel, pixels)


def gaussian_kernel(size, sigma):
    """Return a Gaussian, sampled at whole pixels around the centre and divided by its sum.

    Parameters
    ----------
    size : int or (int, int)
        Rows and columns. An even size has its centre between two pixels.
    sigma : float
        Standard deviation in pixels, above 0.

    Returns
    -------
    ndarray of shape (size, size)
        Sums to 1.

    Raises
    ------
    TypeError, ValueError
        If `size` is not a whole number from 1 on or `sigma` is not a positive number.

    Examples
    --------
    >>> gaussian_kernel(3, 0.85).round(3)
    array([[0.063, 0.125, 0.063],
           [0.125, 0.25 , 0.125],
           [0.063, 0.125, 0.063]])
    """
    sigma = real_number(sigma, "sigma", above=0)
    bells = []
    for cells in whole_shape(size, "size"):
        # Below 0.001 all but the middle is 0 in any case, and the square would overflow.
        square = ((np.arange(cells) - (cells - 1) / 2) / max(sigma, 0.001)) ** 2
        # The smallest square is subtracted, so that a tiny sigma gives a peak and not 0 / 0.
        bells.append(np.exp(-(square - square.min()) / 2))
    weights = np.outer(*bells)
    return weights / weights.sum()


def box_kernel(size):
    """Return a kernel of equal weights that sum to 1: it gives the mean of its window.

    Parameters
    ----------
    size : int or (int, int)
        Rows and columns.

    Returns
    -------
    ndarray of shape (size, size)

    Raises
    ------
    TypeError, ValueError
        If `size` is not a whole number from 1 on.

    Examples
    --------
    >>> box_kernel((1, 4))
    array([[0.25, 0.25, 0.25, 0.25]])
    """
    rows, columns = whole_shape(size, "size")
    return np.full((rows, columns), 1 / (rows * columns))


def median_filter(image, size):
    """Replace each pixel by the median of the window around it. Beyond the border, the edge pixels are repeated.

    Parameters
    ----------
    image : array_like of shape (H, W) or (H, W, 3)
        Real numbers. Each channel is filtered on its own.
    size : int
        Rows and columns of the window, odd.

    Returns
    -------
    ndarray of the shape of `image`
        float32 if `image` is float32, else float64.

    Raises
    ------
    TypeError, ValueError
        If `image` is not as described or `size` is not an odd whole number.

    Examples
    --------
    >>> median_filter([[7, 7, 7], [7, 255, 7], [7, 7, 7]], 3)
    array([[7., 7., 7.],
           [7., 7., 7.],
           [7., 7., 7.]])
    """
    size = whole_number(size, "size", 1)
    if size % 2 == 0:
        raise ValueError(f"The size must be odd, so that a window has a middle: got {size}. Try {size + 1}.")
    middle = size * size // 2

    def filter_channel(channel):
        padded = pad_images(channel, (size, size), (1, 1), size // 2, boundary="nearest")
        windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size))
        output = np.empty_like(channel)
        rows = max(1, _SORTED_AT_ONCE // (size * size * channel.shape[1]))
        for first in range(0, len(output), rows):
            # Half-sorted: the middle of each window is where it belongs.
            cells = np.partition(windows[first : first + rows].reshape(-1, size * size), middle)
            output[first : first + rows] = cells[:, middle].reshape(-1, channel.shape[1])
        return output

    return _each_channel(filter_channel, real_array(image, "image", "HW", "HW3"))


def sobel(image, *, padding="valid", boundary="zero"):
    """Return how fast and in which direction an image gets brighter.

    Each kernel is a difference along one axis and a smoothing [1, 2, 1] along the other; neither is divided by anything.

    Parameters
    ----------
    image : array_like of shape (H, W)
        Real numbers.
    padding, boundary
        As for `correlate2d`.

    Returns
    -------
    Gradient
        (x, y, magnitude, angle), each of shape (H - 2, W - 2) by default.

    Raises
    ------
    TypeError, ValueError
        As `correlate2d`.

    Examples
    --------
    >>> gradient = sobel([[0, 64, 128], [48, 192, 144], [142, 226, 168]])
    >>> gradient.x.item(), gradient.y.item(), round(gradient.magnitude.item(), 2)
    (346.0, 506.0, 612.99)
    """
    x = correlate2d(image, KERNELS["sobel_x"].weights, padding=padding, boundary=boundary)
    y = correlate2d(image, KERNELS["sobel_y"].weights, padding=padding, boundary=boundary)
    return Gradient(x, y, np.hypot(x, y), np.arctan2(y, x))


def _each_channel(function, image):
    if image.ndim == 2:
        return function(image)
    return np.stack([function(image[..., channel]) for channel in range(3)], axis=2)
