"""What may enter an operation, and what is said to everything else."""

import numpy as np
import pytest

from course_utils import (
    apply_filter,
    average_pool2d,
    box_kernel,
    conv2d,
    convolve2d,
    correlate2d,
    gaussian_kernel,
    global_average_pool2d,
    kernel,
    load_fashion_mnist,
    load_image,
    max_pool2d,
    median_filter,
    output_size,
    receptive_field,
    same_padding,
    sobel,
    to_display,
)
from course_utils.images import checkerboard, disk, impulse, salt_and_pepper, step_edge

# Every operation on an image, with a kernel that is neither symmetric nor square.
WEIGHTS = np.array([[1, -2, 0], [3, 0, 5]])
OPERATIONS = {
    "correlate2d": lambda image: correlate2d(image, WEIGHTS, padding="same", boundary="wrap"),
    "correlate2d without padding": lambda image: correlate2d(image, WEIGHTS, stride=2),
    "correlate2d, separable": lambda image: correlate2d(image, np.outer(range(1, 8), range(3, 10)), padding="full"),
    "convolve2d": lambda image: convolve2d(image, WEIGHTS, padding="full", boundary="reflect"),
    "as a kernel": lambda image: convolve2d(np.eye(9), image),
    "conv2d": lambda image: conv2d(image[np.newaxis, :, :, np.newaxis], WEIGHTS[..., np.newaxis, np.newaxis], [1]),
    "as kernels": lambda image: conv2d(np.ones((1, 9, 9, 1)), image[..., np.newaxis, np.newaxis]),
    "as biases": lambda image: conv2d(np.ones((1, 9, 9, 1)), np.ones((2, 2, 1, image.shape[1])), image[1]),
    "max_pool2d": lambda image: max_pool2d(image, 2, padding="same"),
    "average_pool2d": lambda image: average_pool2d(image[np.newaxis, :, :, np.newaxis], (2, 3), stride=1),
    "global_average_pool2d": global_average_pool2d,
    "median_filter": lambda image: median_filter(image, 3),
    "sobel": lambda image: np.array(sobel(image)),
    "to_display": lambda image: to_display(image, "rescale"),
    "apply_filter": lambda image: apply_filter(image, WEIGHTS, factor=0.1),
    "salt_and_pepper": lambda image: salt_and_pepper(image, 0.5),
}
FOR_PICTURES = ("apply_filter", "salt_and_pepper")
LAYOUTS = {
    "read-only": lambda array: array.copy(),
    "Fortran": np.asfortranarray,
    "every second": lambda array: np.repeat(np.repeat(array, 2, axis=0), 3, axis=1)[::2, ::3],
    "backwards": lambda array: array[::-1, ::-1].copy()[::-1, ::-1],
    "turned": lambda array: array.T.copy().T,
    "other byte order": lambda array: array.astype(array.dtype.newbyteorder()),
    "a broadcast row": lambda array: np.broadcast_to(array[:1], array.shape),
}


@pytest.mark.parametrize(
    ("operation", "dtype"),
    [
        (name, dtype)
        for name in OPERATIONS
        for dtype in (["uint8"] if name in FOR_PICTURES else ["uint8", "bool", "int16", "float32", "float64"])
    ],
)
def test_an_operation_reads_any_layout_and_leaves_its_input_as_it_was(operation, dtype):
    """Views of every kind, none of them writable, give what a plain copy gives."""
    values = np.random.default_rng(0).integers(0, 2 if dtype == "bool" else 100, (6, 7)).astype(dtype)
    for make in LAYOUTS.values():
        image = make(values)
        before, image.flags.writeable = image.copy(), False
        result = OPERATIONS[operation](image)
        np.testing.assert_allclose(result, OPERATIONS[operation](before), rtol=1e-5)
        np.testing.assert_array_equal(image, before)
        assert not np.shares_memory(result, image)
        assert np.asarray(result).flags.writeable


IMAGE, ONES = np.ones((4, 5)), np.ones((3, 3))
LAYER = np.ones((1, 4, 5, 2)), np.ones((3, 3, 2, 6))
PICTURES = np.ones((4, 5, 6), np.uint8)  # six pictures, or one of six channels: it cannot be told
RAGGED = [[1, 2], [3]]

REFUSED = [
    (lambda: correlate2d([1, 2, 3], ONES), ValueError, "image must have shape (H, W)", "got shape (3,)", "add axes"),
    (lambda: correlate2d(IMAGE, LAYER[1]), ValueError, "kernel must have shape (H, W)", "(3, 3, 2, 6)", "Select"),
    (lambda: correlate2d(3, ONES), ValueError, "image must have shape (H, W)", "got shape ()", "add axes"),
    (lambda: correlate2d(np.ones((0, 5)), ONES), ValueError, "must not be empty", "got shape (0, 5)", "Check the slice"),
    (lambda: correlate2d([], ONES), ValueError, "must have shape", "got shape (0,)", "axes"),
    (lambda: correlate2d(RAGGED, ONES), ValueError, "regular array", "different lengths", "same length"),
    (lambda: correlate2d(IMAGE, RAGGED), ValueError, "kernel must be a regular", "different lengths", "same length"),
    (lambda: correlate2d(None, ONES), TypeError, "image must hold real numbers", "dtype object", "np.asarray"),
    (lambda: correlate2d("ascent", ONES), TypeError, "must hold real numbers", "got dtype <U6", "np.asarray"),
    (lambda: correlate2d(IMAGE * 1j, ONES), TypeError, "must hold real numbers", "complex128", "floats"),
    (lambda: correlate2d([[1, None]], ONES), TypeError, "must hold real numbers", "object", "floats"),
    (lambda: convolve2d(IMAGE, [["1"]]), TypeError, "kernel must hold real numbers", "got dtype <U1", "floats"),
    (lambda: convolve2d(IMAGE, {}), TypeError, "kernel must hold real numbers", "object", "floats"),
    (lambda: correlate2d(IMAGE, np.ones((5, 5))), ValueError, "must not be larger", "got kernel (5, 5), image (4, 5)", "padding='full'"),
    (lambda: correlate2d(IMAGE, np.ones((1, 9)), padding=1), ValueError, "must not be larger", "image (6, 7)", "Pad the image"),
    (lambda: correlate2d(IMAGE, ONES, stride=0), ValueError, "stride must be at least 1", "got 0", "Try 1"),
    (lambda: correlate2d(IMAGE, ONES, stride=-2), ValueError, "stride must be at least 1", "got -2", "Try 1"),
    (lambda: correlate2d(IMAGE, ONES, stride=1.0), TypeError, "must be a whole number", "got 1.0", "Use //"),
    (lambda: correlate2d(IMAGE, ONES, stride=float("nan")), TypeError, "must be a whole number", "got nan", "Use //"),
    (lambda: correlate2d(IMAGE, ONES, stride=True), TypeError, "must be a whole number", "got True", "0 or 1"),
    (lambda: correlate2d(IMAGE, ONES, stride=None), TypeError, "must be a whole number", "got None", "Use //"),
    (lambda: correlate2d(IMAGE, ONES, stride=(1, 2, 3)), ValueError, "a pair", "got (1, 2, 3)", "Try 1 or (1, 2)"),
    (lambda: correlate2d(IMAGE, ONES, stride=((1, 1), 1)), TypeError, "must be a whole number", "got (1, 1)", "Use //"),
    (lambda: correlate2d(IMAGE, ONES, padding="SAME"), ValueError, "padding must be", "got 'SAME'", "padding='same'"),
    (lambda: correlate2d(IMAGE, ONES, padding=(1, 2, 3)), ValueError, "padding must be", "got (1, 2, 3)", "padding='same'"),
    (lambda: correlate2d(IMAGE, ONES, padding=((1, 2), (3,))), ValueError, "padding must be", "got (3,)", "padding='same'"),
    (lambda: correlate2d(IMAGE, ONES, padding=-1), ValueError, "padding must be at least 0", "got -1", "Try 0"),
    (lambda: correlate2d(IMAGE, ONES, padding=0.5), TypeError, "padding must be a whole number", "got 0.5", "Use //"),
    (lambda: correlate2d(IMAGE, ONES, padding=False), TypeError, "padding must be a whole number", "got False", "0 or 1"),
    (lambda: correlate2d(IMAGE, ONES, padding=None), TypeError, "padding must be a whole number", "got None", "//"),
    (lambda: correlate2d(IMAGE, ONES, padding=10**9), ValueError, "must not make a small image huge", "got (4, 5)", "less padding"),
    (lambda: correlate2d(IMAGE, ONES, boundary="mirror"), ValueError, "must be one of 'zero'", "got 'mirror'", "Try 'zero'"),
    (lambda: convolve2d(IMAGE, ONES, boundary=None), ValueError, "must be one of 'zero'", "got None", "Try 'zero'"),
    (lambda: conv2d(IMAGE, LAYER[1]), ValueError, "images must have shape (N, H, W, C)", "got shape (4, 5)", "add axes"),
    (lambda: conv2d(LAYER[0], ONES), ValueError, "kernels must have shape (H, W, C, F)", "got shape (3, 3)", "axes"),
    (lambda: conv2d(LAYER[0], np.ones((3, 3, 3, 6))), ValueError, "as deep as the images", "got 3 channels", "order is (h, w"),
    (lambda: conv2d(*LAYER, [1, 2]), ValueError, "one bias for each kernel", "got 2 biases and 6", "shape (F,)"),
    (lambda: conv2d(*LAYER, 1), ValueError, "biases must have shape (F,)", "got shape ()", "add axes"),
    (lambda: conv2d(*LAYER, dilation=0), ValueError, "dilation must be at least 1", "got 0", "Try 1"),
    (lambda: conv2d(*LAYER, dilation=2), ValueError, "must not be larger", "got kernel (5, 5), image (4, 5)", "padding"),
    (lambda: conv2d(*LAYER, dilation=10**6, padding="same"), ValueError, "small image huge", "got (4, 5)", "less dilation"),
    (lambda: output_size(5, 6), ValueError, "must not be larger", "spans 6 cells and an axis of 5", "more padding"),
    (lambda: output_size(5.0, 3), TypeError, "size must be a whole number", "got 5.0", "Use //"),
    (lambda: output_size(0, 3), ValueError, "size must be at least 1", "got 0", "Try 1"),
    (lambda: output_size(5, 0), ValueError, "kernel size must be at least 1", "got 0", "Try 1"),
    (lambda: output_size(5, 3, padding=(1, -1)), ValueError, "padding must be at least 0", "got -1", "Try 0"),
    (lambda: output_size(5, 3, padding="half"), ValueError, "padding must be", "got 'half'", "padding='same'"),
    (lambda: same_padding(5, "3"), TypeError, "kernel size must be a whole number", "got '3'", "Use //"),
    (lambda: same_padding(5, 3, 0), ValueError, "stride must be at least 1", "got 0", "Try 1"),
    (lambda: receptive_field([3, 2]), ValueError, "list of pairs", "got 3", "Try [(3, 1), (2, 2)]"),
    (lambda: receptive_field(3), ValueError, "list of pairs", "got 3", "Try [(3, 1), (2, 2)]"),
    (lambda: receptive_field([(3, 1, 1)]), ValueError, "list of pairs", "got (3, 1, 1)", "Try"),
    (lambda: receptive_field([(3, 0)]), ValueError, "stride must be at least 1", "got 0", "Try 1"),
    (lambda: max_pool2d([1, 2]), ValueError, "must have shape (H, W) or (N, H, W, C)", "got shape (2,)", "add axes"),
    (lambda: max_pool2d(np.ones((4, 5, 2))), ValueError, "must have shape (H, W) or (N, H, W, C)", "got shape (4, 5, 2)", "axes"),
    (lambda: max_pool2d(IMAGE, 0), ValueError, "pool size must be at least 1", "got 0", "Try 1"),
    (lambda: max_pool2d(IMAGE, 2.0), TypeError, "pool size must be a whole number", "got 2.0", "Use //"),
    (lambda: max_pool2d(IMAGE, (2, 2, 1)), ValueError, "pool size must be one whole number or a pair", "got (2, 2, 1)", "Try"),
    (lambda: max_pool2d(IMAGE, 2, stride=0), ValueError, "stride must be at least 1", "got 0", "Try 1"),
    (lambda: max_pool2d(IMAGE, 5), ValueError, "window must not be larger", "got window (5, 5), image (4, 5)", "Pad the image"),
    (lambda: max_pool2d(IMAGE, 2, padding=2), ValueError, "smaller than the window", "got padding 2, window (2, 2)", "at most (1, 1)"),
    (lambda: average_pool2d(IMAGE, 2, padding=((0, 0), (0, 2))), ValueError, "smaller than the window", "got padding ((0, 0), (0, 2))", "at most (1, 1)"),
    (lambda: average_pool2d(IMAGE, 2, padding=None), TypeError, "padding must be a whole number", "got None", "Use //"),
    (lambda: average_pool2d(IMAGE, 2, padding="half"), ValueError, "padding must be", "got 'half'", "padding='same'"),
    (lambda: average_pool2d(IMAGE, 2, padding=("half", 1)), ValueError, "padding must be", "got 'half'", "padding='same'"),
    (lambda: average_pool2d(IMAGE, 10**6, padding="same"), ValueError, "small image huge", "got (4, 5)", "smaller window"),
    (lambda: average_pool2d(IMAGE * 1j), TypeError, "must hold real numbers", "complex128", "floats"),
    (lambda: global_average_pool2d([[]]), ValueError, "must not be empty", "got shape (1, 0)", "Check the slice"),
    (lambda: global_average_pool2d(None), TypeError, "must hold real numbers", "dtype object", "np.asarray"),
    (lambda: kernel("sobel"), ValueError, "must be a key of KERNELS", "got 'sobel'", "sobel_x"),
    (lambda: kernel(None), ValueError, "must be a key of KERNELS", "got None", "Did you mean"),
    (lambda: kernel("?"), ValueError, "must be a key of KERNELS", "got '?'", "identity, blur_plus"),
    (lambda: apply_filter(IMAGE, ONES), TypeError, "must be uint8 with values 0..255", "got dtype float64", "to_display"),
    (lambda: apply_filter(RAGGED, ONES), ValueError, "regular array", "different lengths", "same length"),
    (lambda: apply_filter(PICTURES, ONES), ValueError, "must have shape (H, W) or (H, W, 3)", "got shape (4, 5, 6)", "axes"),
    (lambda: apply_filter(PICTURES[..., :0], ONES), ValueError, "must have shape (H, W) or (H, W, 3)", "got shape (4, 5, 0)", "axes"),
    (lambda: apply_filter(PICTURES[0], ONES * np.nan), ValueError, "must be finite", "got NaN", "np.nan_to_num"),
    (lambda: apply_filter(PICTURES[0], ONES, factor=np.inf), ValueError, "factor must be one finite number", "got inf", "factor=1"),
    (lambda: apply_filter(PICTURES[0], ONES, factor="2"), ValueError, "factor must be one finite number", "got '2'", "factor=1"),
    (lambda: apply_filter(PICTURES[0], ONES, bias=[1, 2]), ValueError, "bias must be one finite number", "got [1, 2]", "bias=1"),
    (lambda: apply_filter(PICTURES[0], ONES, bias=10**400), ValueError, "bias must be one finite number", "got 1000", "bias=1"),
    (lambda: apply_filter(PICTURES[0], ONES, boundary="fill"), ValueError, "boundary must be one of 'zero'", "got 'fill'", "'zero'"),
    (lambda: gaussian_kernel(3, 0), ValueError, "sigma must be one finite number above 0", "got 0", "Try"),
    (lambda: gaussian_kernel(3, -1), ValueError, "sigma must be one finite number above 0", "got -1", "Try"),
    (lambda: gaussian_kernel(3, np.nan), ValueError, "sigma must be one finite number above 0", "got nan", "Try"),
    (lambda: gaussian_kernel(3, 1j), ValueError, "sigma must be one finite number above 0", "got 1j", "Try"),
    (lambda: gaussian_kernel(3.0, 1), TypeError, "size must be a whole number", "got 3.0", "Use //"),
    (lambda: gaussian_kernel(10**6, 1), ValueError, "must not ask for more than", "got 1000000 x 1000000", "Try"),
    (lambda: box_kernel(0), ValueError, "size must be at least 1", "got 0", "Try 1"),
    (lambda: box_kernel((10**30, 1)), ValueError, "must not ask for more than", "got 1000", "Try"),
    (lambda: box_kernel("3"), TypeError, "size must be a whole number", "got '3'", "Use //"),
    (lambda: median_filter(IMAGE, 4), ValueError, "size must be odd", "got 4", "Try 5"),
    (lambda: median_filter(IMAGE, (3, 3)), TypeError, "size must be a whole number", "got (3, 3)", "Use //"),
    (lambda: median_filter(IMAGE, 10**6 + 1), ValueError, "small image huge", "got (4, 5)", "smaller window"),
    (lambda: median_filter(PICTURES, 3), ValueError, "must have shape (H, W) or (H, W, 3)", "got shape (4, 5, 6)", "axes"),
    (lambda: sobel(np.ones((2, 5))), ValueError, "must not be larger", "got kernel (3, 3), image (2, 5)", "padding='full'"),
    (lambda: sobel([["a"]]), TypeError, "must hold real numbers", "got dtype <U1", "floats"),
    (lambda: to_display(IMAGE * np.inf, "abs"), ValueError, "must be finite", "got NaN or infinity", "np.nan_to_num"),
    (lambda: to_display(IMAGE, "absolute"), ValueError, "mode must be one of 'clip'", "got 'absolute'", "Try"),
    (lambda: to_display(IMAGE, None), ValueError, "mode must be one of 'clip'", "got None", "Try"),
    (lambda: to_display(PICTURES, "clip"), ValueError, "must have shape (H, W) or (H, W, 3)", "got shape (4, 5, 6)", "axes"),
    (lambda: load_image("lena"), ValueError, "must be one of 'ascent', 'face'", "got 'lena'", "Try 'ascent'"),
    (lambda: load_image(["face"]), ValueError, "must be one of 'ascent', 'face'", "got ['face']", "Try 'ascent'"),
    (lambda: load_fashion_mnist("small"), ValueError, "must be one of 'sample', 'full'", "got 'small'", "Try 'sample'"),
    (lambda: load_fashion_mnist(100), ValueError, "must be one of 'sample', 'full'", "got 100", "Try 'sample'"),
    (lambda: impulse(0), ValueError, "size must be at least 1", "got 0", "Try 1"),
    (lambda: step_edge(angle="right"), ValueError, "angle must be one finite number", "got 'right'", "angle=90"),
    (lambda: disk(radius=0), ValueError, "radius must be one finite number above 0", "got 0", "radius=20"),
    (lambda: disk(10**5, 10**5), ValueError, "must not ask for more than", "got 100000 x 100000", "Try"),
    (lambda: checkerboard(cell=0), ValueError, "cell must be at least 1", "got 0", "Try 1"),
    (lambda: salt_and_pepper(IMAGE, 0.1), TypeError, "must be uint8", "got dtype float64", "to_display"),
    (lambda: salt_and_pepper(PICTURES[0], 2), ValueError, "between 0 and 1", "got 2", "Try 0.1"),
    (lambda: salt_and_pepper(PICTURES[0], "half"), ValueError, "fraction must be one finite number", "got 'half'", "0.1"),
    (lambda: salt_and_pepper(PICTURES[0], 0.1, seed=-1), ValueError, "seed must be at least 0", "got -1", "Try 0"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("call", "error", "must", "got", "hint"), REFUSED, ids=[row[2] + ", " + row[3] for row in REFUSED]
)
def test_what_cannot_be_meant_is_refused(call, error, must, got, hint):
    """The message says what must hold, what arrived, and what to try, in this order."""
    with pytest.raises(error) as caught:
        call()
    message = str(caught.value)
    assert -1 < message.find(must) < message.find(got) < message.rfind(hint), message
