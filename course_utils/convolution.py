"""Cross-correlation, convolution and the convolution layer, and the sizes they give.

All of them work the same way. The plain loop visits every window of the image and multiplies it with the kernel. Here
the two loops change places: for every *kernel cell*, the whole image, shifted so that the cell lies on it, is multiplied
by that one weight and added up. The numbers are the same; there are 9 steps instead of 262,144.
"""

import math
from itertools import product

import numpy as np

from .validation import MOST_CELLS, one_of, real_array, whole_number, whole_pair

# The border rules under the names of scipy.ndimage, and the mode of numpy.pad that does each.
BOUNDARIES = {"zero": "constant", "wrap": "wrap", "reflect": "symmetric", "nearest": "edge"}

# From this many cells on, two passes with a column and a row are faster than one with the whole kernel.
_SEPARATE_FROM = 49

# Pixels that are worked on at once: few enough to stay in the processor's cache from one kernel cell to the next.
_AT_ONCE = 24_000

# Numbers that `conv2d` copies at once: 8 MB as float64.
_COPIED_AT_ONCE = 2**20


def output_size(size, kernel_size, *, padding=0, stride=1, dilation=1):
    """Return how many positions a kernel has along one axis.

    floor((n + before + after - d (k - 1) - 1) / s) + 1, for size n, kernel size k, stride s and dilation d.

    Parameters
    ----------
    size, kernel_size : int
        Cells along the axis, at least 1.
    padding : int, (int, int) or {"valid", "same", "full"}
        Cells added at both ends, or (before, after), or the rule of that name.
    stride, dilation : int
        Step between two positions; distance between two kernel cells. At least 1.

    Returns
    -------
    int

    Raises
    ------
    TypeError, ValueError
        If a size is not a whole number in its range, or the kernel does not fit into the padded axis.

    Examples
    --------
    >>> output_size(28, 3)
    26
    >>> output_size(28, 3, padding="same", stride=2)
    14
    """
    size = whole_number(size, "size", 1)
    stride = whole_number(stride, "stride", 1)
    reach = _reach(kernel_size, dilation)
    before, after = _axis_padding(padding, size, reach, stride)
    padded = size + before + after
    if reach > padded:
        raise ValueError(
            f"The kernel must not be larger than the padded axis: got a kernel that spans {reach} cells and an axis "
            f"of {padded}. Use a smaller kernel or more padding."
        )
    return (padded - reach) // stride + 1


def same_padding(size, kernel_size, stride=1):
    """Return the (before, after) padding with which the output has ceil(size / stride) cells, as Keras computes it.

    An odd total puts the extra cell *after*: Keras and TensorFlow do so, PyTorch and Caffe do not.

    Parameters
    ----------
    size, kernel_size : int
        Cells along the axis, at least 1.
    stride : int
        Step between two positions, at least 1.

    Returns
    -------
    (int, int)

    Raises
    ------
    TypeError, ValueError
        If a size is not a whole number from 1 on.

    Examples
    --------
    >>> same_padding(28, 3)
    (1, 1)
    >>> same_padding(28, 3, stride=2)
    (0, 1)
    """
    size = whole_number(size, "size", 1)
    kernel_size = whole_number(kernel_size, "kernel size", 1)
    stride = whole_number(stride, "stride", 1)
    positions = -(-size // stride)
    total = max((positions - 1) * stride + kernel_size - size, 0)
    return total // 2, total - total // 2


def receptive_field(layers):
    """Return how many input cells along one axis can change one output cell.

    Parameters
    ----------
    layers : sequence of (kernel_size, stride)
        Convolutions and pools in the order the image meets them.

    Returns
    -------
    int
        r, where each layer does r += (k - 1) j and j *= s, starting from r = j = 1.

    Raises
    ------
    TypeError, ValueError
        If a layer is not a pair of whole numbers from 1 on.

    Examples
    --------
    >>> receptive_field([(3, 1), (2, 2), (3, 1), (2, 2)])
    10
    """
    field = jump = 1
    layers = layers.tolist() if isinstance(layers, np.ndarray) else layers
    for layer in layers if isinstance(layers, (tuple, list)) else [layers]:
        if not isinstance(layer, (tuple, list)) or len(layer) != 2:
            raise ValueError(
                f"The layers must be a list of pairs (kernel_size, stride): got {layer!r:.80}. Try [(3, 1), (2, 2)]."
            )
        kernel_size, stride = layer
        field += (whole_number(kernel_size, "kernel size", 1) - 1) * jump
        jump *= whole_number(stride, "stride", 1)
    return field


def correlate2d(image, kernel, *, stride=1, padding="valid", boundary="zero"):
    """Slide `kernel` over `image` without flipping it, and sum the products at every position.

    This is what Keras, TensorFlow and PyTorch call convolution.

    Parameters
    ----------
    image : array_like of shape (H, W)
        Real numbers.
    kernel : array_like of shape (h, w)
        Real numbers.
    stride : int or (int, int)
        Step between two positions, for both axes or (rows, columns).
    padding : {"valid", "same", "full"}, int, (int, int) or ((int, int), (int, int))
        Cells added around the image: none; as many as Keras adds; all with which the kernel still touches the image;
        a number for all sides; (rows, columns); ((top, bottom), (left, right)).
    boundary : {"zero", "wrap", "reflect", "nearest"}
        What the added cells hold: 0; the opposite side; the mirrored image with its edge repeated; the edge pixel.

    Returns
    -------
    ndarray of shape (H', W')
        H' = output_size(H, h, ...), W' likewise; (H - h + 1, W - w + 1) by default. float32 if `image` is float32, else float64.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or the kernel is larger than the padded image.

    Examples
    --------
    >>> correlate2d([[1, 2, 3], [4, 5, 6]], [[1, 0], [0, -1]])
    array([[-4., -4.]])
    """
    image = real_array(image, "image", "HW")
    kernel = real_array(kernel, "kernel", "HW").astype(image.dtype, copy=False)
    stride = whole_pair(stride, "stride", 1)
    padded = pad_images(image, kernel.shape, stride, padding, boundary=boundary)
    factors = _separate(kernel) if kernel.size >= _SEPARATE_FROM else None
    if factors is None:
        return _slide(padded, kernel, stride)
    column, row = factors
    return _slide(_slide(padded, column, (stride[0], 1)), row, (1, stride[1]))


def convolve2d(image, kernel, *, stride=1, padding="valid", boundary="zero"):
    """Convolve `image` with `kernel`: turn the kernel by 180 degrees, then slide it as `correlate2d` does.

    Parameters
    ----------
    image, kernel, stride, padding, boundary
        As for `correlate2d`.

    Returns
    -------
    ndarray of shape (H', W')
        As from `correlate2d`.

    Raises
    ------
    TypeError, ValueError
        As `correlate2d`.

    Examples
    --------
    An impulse shows the kernel itself:

    >>> convolve2d([[0, 0, 0], [0, 1, 0], [0, 0, 0]], [[1, 2, 3]], padding="same")
    array([[0., 0., 0.],
           [1., 2., 3.],
           [0., 0., 0.]])
    """
    kernel = real_array(kernel, "kernel", "HW")
    return correlate2d(image, kernel[::-1, ::-1], stride=stride, padding=padding, boundary=boundary)


def conv2d(images, kernels, biases=None, *, stride=1, padding="valid", dilation=1):
    """Apply a convolution layer, without activation, as `keras.layers.Conv2D` does.

    Parameters
    ----------
    images : array_like of shape (N, H, W, C)
        Real numbers.
    kernels : array_like of shape (h, w, C, F)
        F kernels, each as deep as the image: Keras's layout.
    biases : array_like of shape (F,), optional
        One number for each kernel, added to every cell of its feature map.
    stride, dilation : int or (int, int)
        Step between two positions; distance between two kernel cells.
    padding
        As for `correlate2d`; the added cells hold 0.

    Returns
    -------
    ndarray of shape (N, H', W', F)
        float32 if `images` is float32, else float64.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, the channels differ, or the kernel is larger than the padded image.

    Examples
    --------
    >>> conv2d(np.ones((1, 5, 4, 3)), np.ones((3, 3, 3, 2)), [0, 1])[0, 0, 0]
    array([27., 28.])
    """
    images = real_array(images, "images", "NHWC")
    kernels = real_array(kernels, "kernels", "HWCF").astype(images.dtype, copy=False)
    if kernels.shape[2] != images.shape[3]:
        raise ValueError(
            f"The kernels must be as deep as the images: got {kernels.shape[2]} channels in kernels {kernels.shape} and "
            f"{images.shape[3]} in images {images.shape}. The order is (h, w, channels in, channels out)."
        )
    filters = kernels.shape[3]
    biases = real_array(np.zeros(filters) if biases is None else biases, "biases", "F").astype(images.dtype, copy=False)
    if len(biases) != filters:
        raise ValueError(
            f"There must be one bias for each kernel: got {len(biases)} biases and {filters} kernels. "
            "Pass biases of shape (F,)."
        )
    stride = whole_pair(stride, "stride", 1)
    dilation = whole_pair(dilation, "dilation", 1)
    padded = pad_images(images, kernels.shape[:2], stride, padding, dilation=dilation)
    reaches = [_reach(*axis) for axis in zip(kernels.shape, dilation)]
    windows = np.lib.stride_tricks.sliding_window_view(padded, reaches, axis=(1, 2))
    windows = windows[:, :: stride[0], :: stride[1], :, :: dilation[0], :: dilation[1]].transpose(0, 1, 2, 4, 5, 3)
    output = np.empty((*windows.shape[:3], filters), images.dtype)
    # Each window becomes one row of a matrix and each kernel one column, so that one product does it all (im2col).
    columns = kernels.reshape(-1, filters)
    rows = min(output.shape[1], max(1, _COPIED_AT_ONCE // (output.shape[2] * len(columns))))
    batch = max(1, _COPIED_AT_ONCE // (rows * output.shape[2] * len(columns)))
    for image, row in product(range(0, output.shape[0], batch), range(0, output.shape[1], rows)):
        part = np.s_[image : image + batch, row : row + rows]
        products = windows[part].reshape(-1, len(columns)) @ columns
        output[part] = products.reshape(output[part].shape)
    output += biases
    return output


def pad_images(images, kernel_size, stride, padding, *, dilation=(1, 1), boundary="zero", fill=0, name="kernel"):
    """Return (H, W) or (N, H, W, C) `images` with the rows and columns added that `padding` asks for.

    Raises
    ------
    TypeError, ValueError
        If `padding` or `boundary` is none of the accepted forms, the kernel does not fit into the result, or a small image
        gets a padding that would fill the memory.
    """
    mode = BOUNDARIES[one_of(boundary, "boundary", BOUNDARIES)]
    first = _row_axis(images)
    sizes = images.shape[first : first + 2]
    reaches = [_reach(size, step) for size, step in zip(kernel_size, dilation)]
    amounts = padding_amounts(sizes, reaches, stride, padding)
    padded_sizes = tuple(size + sum(amount) for size, amount in zip(sizes, amounts))
    if any(reach > size for reach, size in zip(reaches, padded_sizes)):
        raise ValueError(
            f"The {name} must not be larger than the image: got {name} {tuple(reaches)}, image {padded_sizes} with its "
            "padding. Pad the image first, or use padding='full'."
        )
    if padded_sizes == sizes:
        return images
    if math.prod(padded_sizes) > max(MOST_CELLS, 10 * math.prod(sizes)):
        raise ValueError(
            f"The padding must not make a small image huge: got {sizes} padded to {padded_sizes}. "
            "Use less padding, a smaller window or less dilation."
        )
    widths = [(0, 0)] * first + amounts + [(0, 0)] * (images.ndim - first - 2)
    options = {"constant_values": fill} if boundary == "zero" else {}
    return np.pad(images, widths, mode=mode, **options)


def padding_amounts(sizes, reaches, stride, padding):
    """Return the cells [(top, bottom), (left, right)] that `padding` adds to an image of (rows, columns) `sizes`."""
    rules = padding if isinstance(padding, (tuple, list)) and len(padding) == 2 else (padding, padding)
    return [_axis_padding(*axis) for axis in zip(rules, sizes, reaches, stride)]


def _slide(padded, kernel, stride):
    # Laid out as one long row, the image is seen by kernel cell (r, c) from number r * width + c on. Windows that would
    # reach over the right edge into the next row are computed too, and cut off at the end.
    height, width = padded.shape
    rows, columns = kernel.shape
    pixels = padded.ravel()
    output = np.empty((height - rows + 1) * width, padded.dtype)
    positions = len(output) - (columns - 1)
    products = np.empty(min(_AT_ONCE, positions), padded.dtype)
    other_cells = list(np.ndenumerate(kernel))[1:]
    for first in range(0, positions, _AT_ONCE):
        last = min(first + _AT_ONCE, positions)
        total = np.multiply(kernel[0, 0], pixels[first:last], out=output[first:last])
        for (row, column), weight in other_cells:
            seen = pixels[first + row * width + column : last + row * width + column]
            total += np.multiply(weight, seen, out=products[: last - first])
    return output.reshape(-1, width)[:: stride[0], : width - columns + 1 : stride[1]]


def _separate(kernel):
    """Return (column, row) whose outer product is `kernel` up to rounding, or None if there is no such pair."""
    row, column = np.unravel_index(np.argmax(np.abs(kernel)), kernel.shape)
    pivot = kernel[row, column]
    if pivot == 0 or not np.all(np.isfinite(kernel)):
        return None
    factors = kernel[:, [column]], kernel[[row], :] / pivot
    rounding = 4 * np.finfo(kernel.dtype).eps * abs(pivot)
    return factors if np.all(np.abs(factors[0] * factors[1] - kernel) <= rounding) else None


def _row_axis(images):
    return 0 if images.ndim == 2 else 1


def _reach(kernel_size, dilation):
    """Return how many cells a kernel spans when its cells lie `dilation` apart."""
    return (whole_number(kernel_size, "kernel size", 1) - 1) * whole_number(dilation, "dilation", 1) + 1


def _axis_padding(padding, size, reach, stride):
    """Return the cells (before, after) that `padding` adds to an axis of `size` cells."""
    if isinstance(padding, str):
        rules = {"valid": (0, 0), "same": same_padding(size, reach, stride), "full": (reach - 1, reach - 1)}
        if padding in rules:
            return rules[padding]
    elif isinstance(padding, (tuple, list)):
        if len(padding) == 2:
            return tuple(whole_number(amount, "padding", 0) for amount in padding)
    else:
        return (whole_number(padding, "padding", 0),) * 2
    raise ValueError(
        "The padding must be 'valid', 'same', 'full', a whole number, a pair (rows, columns) or "
        f"((top, bottom), (left, right)): got {padding!r:.80}. Try padding='same'."
    )
