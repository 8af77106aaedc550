"""Lesson 07: channels and layers."""

import numpy as np

from .comparison import Rule
from .drawing import float_image, integer_image, small_kernel
from .engine import Exercise, Mistake

# --- 7.1 -------------------------------------------------------------------------------------------------------------


def conv_single(window, kernel, bias):
    return np.sum(window * kernel) + bias


def _single_by_loops(window, kernel, bias):
    total = 0.0
    for channel in range(window.shape[2]):
        for row in range(window.shape[0]):
            for column in range(window.shape[1]):
                total += window[row, column, channel] * kernel[row, column, channel]
    return total + bias


def _kernels(random, height, width, channels, count):
    """Return weights (height, width, channels, count) from -3 to 3, of which few are equal."""
    return small_kernel(random, height * width, channels * count).reshape(height, width, channels, count)


def _draw_windows(random):
    """Two responses below zero and two above, and the kernel's sign decides: ReLU and absolute value give themselves away."""
    cases = []
    for place, (shape, pixels) in enumerate(
        [
            ((3, 3, 3), integer_image(random, 3, 3, 3)),
            ((2, 4, 3), float_image(random, 2, 4, 3)),
            ((3, 2, 5), integer_image(random, 3, 2, 5, dtype=np.uint8)),
            ((1, 3, 2), float_image(random, 1, 3, 2)),
        ]
    ):
        kernel = _kernels(random, *shape, 1)[..., 0]
        bias = float(random.integers(3, 9)) + 0.5
        below_zero = place % 2 == 0
        if (np.sum(pixels * kernel) < 0) != below_zero:
            kernel = -kernel
        cases.append((pixels, kernel, -bias if below_zero else bias))
    return cases


_BIAS_INSIDE = (
    "The bias is added to each product, so it counts as often as there are weights. "
    "A kernel has one bias: when is it added?"
)

_MATRIX_PRODUCT = (
    "np.dot and @ multiply rows with columns, as matrices do. Here each pixel meets the one weight that lies on it: "
    "which sign multiplies two arrays of one shape cell by cell?"
)

_COLOURS = np.stack([[[10, 20], [30, 40]], [[5, 6], [7, 8]], [[1, 2], [3, 4]]], axis=-1)
_SLICES = np.stack([[[1, 0], [0, -1]], [[0, 2], [0, 0]], [[-1, 0], [1, 0]]], axis=-1)

single = Exercise(
    id="7.1",
    name="conv_single",
    task="Return the one number that a kernel gives for one window: the sum of products over all rows, columns and channels, plus the bias.",
    reference=conv_single,
    alternatives=[
        _single_by_loops,
        lambda window, kernel, bias: np.dot(window.ravel(), kernel.ravel()) + bias,
        lambda window, kernel, bias: float(np.einsum("ijc,ijc->", window.astype(float), kernel)) + float(bias),
        lambda window, kernel, bias: np.tensordot(window, kernel, axes=3)[()] + bias,
    ],
    draw=_draw_windows,
    example=(_COLOURS, _SLICES, 20),
    hints=[
        "The window and the kernel have the same shape, (height, width, channels). What does window * kernel give, and which shape has it?",
        "np.sum without an axis adds up everything: rows, columns and channels. One number, the bias, is still missing then.",
    ],
    mistakes=[
        Mistake(
            name="bias missing",
            message="This is the sum of products. Each kernel has one number more, which moves all its responses up or down: where is it used?",
            answer=lambda window, kernel, bias: np.sum(window * kernel),
        ),
        Mistake(
            name="bias inside the sum",
            message=_BIAS_INSIDE,
            answer=lambda window, kernel, bias: np.sum(window * kernel + bias),
        ),
        Mistake(
            name="bias inside the sum",
            message="The bias is added once for each channel. A kernel has one bias, however deep it is: when is it added?",
            answer=lambda window, kernel, bias: np.sum(window * kernel) + bias * window.shape[2],
        ),
        Mistake(
            name="bias inside the sum",
            message="The bias is added to the pixels before they are multiplied. It belongs to the sum: when is it added?",
            answer=lambda window, kernel, bias: np.sum((window + bias) * kernel),
        ),
        Mistake(
            name="bias inside the sum",
            message="The bias is added to the weights before they are multiplied. It belongs to the sum: when is it added?",
            answer=lambda window, kernel, bias: np.sum(window * (kernel + bias)),
        ),
        Mistake(
            name="bias subtracted",
            message="The bias is there, with the wrong sign. A bias of 20 turns a sum of −16 into 4.",
            answer=lambda window, kernel, bias: np.sum(window * kernel) - bias,
        ),
        Mistake(
            name="flipped",
            message=(
                "These are the sums with the kernel turned by 180 degrees. Layers do not turn it: "
                "which weight belongs to the top left pixel?"
            ),
            answer=lambda window, kernel, bias: np.sum(window * kernel[::-1, ::-1]) + bias,
        ),
        Mistake(
            name="flipped",
            message=(
                "The kernel is reversed along all three axes, the channels too: red pixels meet the blue weights. "
                "A layer turns nothing at all."
            ),
            answer=lambda window, kernel, bias: np.sum(window * kernel[::-1, ::-1, ::-1]) + bias,
        ),
        Mistake(
            name="flipped",
            message="The channels are reversed: red pixels meet the blue weights. Where does an index run backwards?",
            answer=lambda window, kernel, bias: np.sum(window * kernel[:, :, ::-1]) + bias,
        ),
        Mistake(
            name="ReLU added",
            message="Where the result is negative, you give 0. That is ReLU, a step of its own: here the number itself is asked.",
            answer=lambda window, kernel, bias: max(np.sum(window * kernel) + bias, 0),
        ),
        Mistake(
            name="absolute value",
            message="All your numbers are positive. A negative response says that the window is the opposite of the kernel: keep the sign.",
            answer=lambda window, kernel, bias: abs(np.sum(window * kernel) + bias),
        ),
        Mistake(
            name="only the first channel",
            message="Only channel 0 is counted. A red pixel and a white one look the same to such a kernel: which pixels and weights are left out?",
            answer=lambda window, kernel, bias: np.sum(window[..., 0] * kernel[..., 0]) + bias,
        ),
        Mistake(
            name="one number for each channel",
            message="Your result has one number for each channel. The sums of the channels are steps on the way: how does one number come of them?",
            answer=lambda window, kernel, bias: np.sum(window * kernel, axis=(0, 1)) + bias,
        ),
        Mistake(
            name="not added",
            message="Your result has a number for each weight: these are the products. Which step makes one number of them?",
            answer=lambda window, kernel, bias: window * kernel + bias,
        ),
        Mistake(
            name="matrix product",
            message=_MATRIX_PRODUCT,
            answer=lambda window, kernel, bias: np.dot(window, kernel) + bias,
        ),
        Mistake(
            name="matrix product",
            message=_MATRIX_PRODUCT,
            answer=lambda window, kernel, bias: window @ kernel + bias,
        ),
        Mistake(
            name="mean",
            message="These are means of the products. A kernel's weights say already how much each pixel counts: what is left to divide?",
            answer=lambda window, kernel, bias: np.mean(window * kernel) + bias,
        ),
    ],
)

# --- 7.2 -------------------------------------------------------------------------------------------------------------


def conv_layer(images, kernels, biases, stride=1, padding=0):
    padded = np.pad(images, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    height, width, _, filters = kernels.shape
    rows = (padded.shape[1] - height) // stride + 1
    columns = (padded.shape[2] - width) // stride + 1
    output = np.zeros((len(images), rows, columns, filters))
    for image in range(len(images)):
        for row in range(rows):
            for column in range(columns):
                top, left = row * stride, column * stride
                window = padded[image, top : top + height, left : left + width]
                for k in range(filters):
                    output[image, row, column, k] = np.sum(window * kernels[..., k]) + biases[k]
    return output


def _layer_by_product(images, kernels, biases, stride=1, padding=0):
    padded = np.pad(images, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    height, width, _, filters = kernels.shape
    windows = np.lib.stride_tricks.sliding_window_view(padded, (height, width), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    rows = windows.reshape(*windows.shape[:3], -1)
    return rows @ kernels.reshape(-1, filters) + biases


def _layer_by_shifts(images, kernels, biases, stride=1, padding=0):
    padded = np.pad(images.astype(float), ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    height, width = kernels.shape[:2]
    last_row, last_column = padded.shape[1] - height + 1, padded.shape[2] - width + 1
    total = biases
    for row in range(height):
        for column in range(width):
            seen = padded[:, row : row + last_row : stride, column : column + last_column : stride]
            total = total + seen @ kernels[row, column]
    return total


def _change(images=None, kernels=None, biases=None, stride=None, padding=None, after=None):
    """Return a layer that goes wrong in one place: it changes one argument before, or the result after."""

    def wrong(images_, kernels_, biases_, stride_=1, padding_=0):
        result = _layer_by_shifts(
            images_ if images is None else images(images_),
            kernels_ if kernels is None else kernels(kernels_),
            biases_ if biases is None else biases(biases_),
            stride_ if stride is None else stride,
            padding_ if padding is None else padding,
        )
        return result if after is None else after(result)

    return wrong


def _starts_ignore_stride(images, kernels, biases, stride=1, padding=0):
    dense = _layer_by_shifts(images, kernels, biases, 1, padding)
    _, rows, columns, _ = _layer_by_shifts(images, kernels, biases, stride, padding).shape
    return dense[:, :rows, :columns]


def _stride_on_one_axis(axis):
    def wrong(images, kernels, biases, stride=1, padding=0):
        dense = _layer_by_shifts(images, kernels, biases, 1, padding)
        return dense[:, ::stride] if axis == 0 else dense[:, :, ::stride]

    return wrong


def _window_of_wrong_shape(images, kernels, biases, stride=1, padding=0):
    """Windows cut as wide as the kernel is high: they fit a square kernel only, and then lie right."""
    height, width = kernels.shape[:2]
    if height != width:
        np.zeros((width, height, images.shape[3])) * kernels[..., 0]
    return _layer_by_shifts(images, kernels.transpose(1, 0, 2, 3), biases, stride, padding)


def _in_and_out_swapped(images, kernels, biases, stride=1, padding=0):
    """The layer whose kernel k is kernels[:, :, k]: it fits only where as many channels go in as come out."""
    np.zeros((*kernels.shape[:2], images.shape[3])) * kernels[:, :, 0]
    return _layer_by_shifts(images, kernels.swapaxes(2, 3), biases, stride, padding)


def _pads_every_axis(images, kernels, biases, stride=1, padding=0):
    padded = np.pad(images, padding)
    np.zeros((*kernels.shape[:2], padded.shape[3])) * kernels[..., 0]
    return _layer_by_shifts(padded, kernels, biases, stride, 0)


def _pads_one_side(before):
    def wrong(images, kernels, biases, stride=1, padding=0):
        sides = (padding, 0) if before else (0, padding)
        return _layer_by_shifts(np.pad(images, ((0, 0), sides, sides, (0, 0))), kernels, biases, stride, 0)

    return wrong


def _first_image_only(images, kernels, biases, stride=1, padding=0):
    output = _layer_by_shifts(images, kernels, biases, stride, padding)
    output[1:] = 0
    return output


def _draw_layers(random):
    """Square kernels with as many channels in as out, on which a swap does not fail by its shape; and others."""

    def layer(images, height, width, filters, stride, padding):
        biases = random.permutation([-40.5, -7.25, 15.5, 60.0, 33.0])[:filters]
        return images, _kernels(random, height, width, images.shape[3], filters), biases, stride, padding

    return [
        layer(float_image(random, 2, 6, 5, 3), 3, 3, 3, 1, 0),
        layer(integer_image(random, 1, 6, 7, 2), 2, 3, 4, 2, 1),
        layer(integer_image(random, 2, 5, 7, 4, dtype=np.uint8), 3, 3, 2, 1, 1),
        layer(float_image(random, 1, 7, 9, 2), 2, 2, 2, 3, 0),
    ]


def _layer_rule(images, kernels, biases, stride=1, padding=0):
    sizes = zip(("rows", "columns"), "HW", ("kh", "kw"), images.shape[1:3], kernels.shape[:2])
    inner = tuple(
        (
            name,
            f"floor(({big} + 2 padding - {small}) / stride) + 1 = floor(({n} + {2 * padding} - {k}) / {stride}) + 1 "
            f"= {(n + 2 * padding - k) // stride + 1}",
        )
        for name, big, small, n, k in sizes
    )
    count, filters = images.shape[0], kernels.shape[3]
    return Rule(axes=(("images", f"N = {count}"), *inner, ("feature maps", f"the number of kernels, {filters}")))


def _behind_a_cell(arguments, part, index):
    images, kernels, biases, stride, padding = (*arguments, 1, 0)[:5]
    image, row, column, k = index
    padded = np.pad(images, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    height, width = kernels.shape[:2]
    top, left = row * stride, column * stride
    window = padded[image, top : top + height, left : left + width]
    return [
        (f"channel 0 of the window for [{row}, {column}] in image {image}", window[..., 0]),
        (f"channel 0 of kernel {k}", kernels[..., 0, k]),
        (
            f"the sum of products of each channel, and bias {k}",
            np.append(np.sum(window * kernels[..., k], (0, 1)), biases[k]),
        ),
    ]


_STRIDE_IGNORED = "There is a window at every pixel, as if the stride were 1. How many pixels apart do two windows start, and how many of them fit then?"
_IN_AND_OUT = (
    "The last two axes of the kernels are taken for each other. Their order is (rows, columns, channels in, channels out): "
    "which index picks one kernel with all its channels?"
)
_HEIGHT_AND_WIDTH = (
    "Your kernels lie on their side: their rows and columns have changed places. "
    "Which axis of the kernels goes with the rows of the image?"
)
_ONE_SIDE = (
    "The zeros stand on one side of the rows and columns only. With padding 1 an image grows by how many rows in all?"
)
_BIAS_MISSING = (
    "Each of your feature maps is off by one fixed number. Which number belongs to each kernel, and is added once?"
)

# Its three channels in are the three colours of 7.1; kernel 0 is that of 7.1.
_EXAMPLE_LAYER = (
    np.concatenate([_COLOURS, [[[0, 9, 4]], [[50, 1, 2]]]], axis=1)[np.newaxis],
    np.stack([_SLICES, np.roll(_SLICES, 1, axis=0) * 2], axis=-1),
    np.array([20, -5]),
)

layer = Exercise(
    id="7.2",
    name="conv_layer",
    task="Compute a convolution layer without activation: images (N, H, W, C), kernels (kh, kw, C, F), one bias for each kernel.",
    reference=conv_layer,
    alternatives=[_layer_by_product, _layer_by_shifts],
    draw=_draw_layers,
    example=_EXAMPLE_LAYER,
    arguments=("images", "kernels", "biases", "stride", "padding"),
    rule=_layer_rule,
    focus=_behind_a_cell,
    points=3,
    hints=[
        "Begin with padding: np.pad takes a pair (before, after) for each axis. Which of the four axes get zeros?",
        "Then the shape of the result: (N, rows, columns, F), with the formula of lesson 05 for rows and columns.",
        "Four loops: image, row, column, kernel. Inside them stands 7.1: the window starts at row * stride and column * stride, and kernel k is kernels[..., k].",
    ],
    mistakes=[
        Mistake(
            name="bias missing",
            message=_BIAS_MISSING,
            answer=_change(biases=np.zeros_like),
        ),
        Mistake(
            name="bias missing",
            message="Every feature map gets the first bias. There is one for each kernel: with which index?",
            answer=_change(biases=lambda biases: np.full(len(biases), biases[0])),
        ),
        Mistake(
            name="bias inside the sum",
            message="The bias counts once for each weight. One kernel has one bias: is it added to each product, or to their sum?",
            answer=lambda images, kernels, biases, stride=1, padding=0: _layer_by_shifts(
                images, kernels, biases * np.prod(kernels.shape[:3]), stride, padding
            ),
        ),
        Mistake(
            name="bias inside the sum",
            message="The bias counts once for each channel. One kernel has one bias, however deep it is: where do you add it?",
            answer=lambda images, kernels, biases, stride=1, padding=0: _layer_by_shifts(
                images, kernels, biases * kernels.shape[2], stride, padding
            ),
        ),
        Mistake(name="in/out swapped", message=_IN_AND_OUT, answer=_in_and_out_swapped),
        Mistake(name="height/width swapped", message=_HEIGHT_AND_WIDTH, answer=_window_of_wrong_shape),
        Mistake(
            name="height/width swapped",
            message=_HEIGHT_AND_WIDTH,
            answer=_change(kernels=lambda kernels: kernels.transpose(1, 0, 2, 3)),
        ),
        Mistake(
            name="stride ignored",
            message=_STRIDE_IGNORED,
            answer=_change(stride=1),
        ),
        Mistake(
            name="stride ignored",
            message="The size is right, but your windows start at rows 0, 1, 2, … whatever the stride is. Where does the window for row 1 of the result start if the stride is 2?",
            answer=_starts_ignore_stride,
        ),
        Mistake(
            name="stride on one axis",
            message="Your windows take large steps downwards and single steps to the right. The stride holds for both directions.",
            answer=_stride_on_one_axis(0),
        ),
        Mistake(
            name="stride on one axis",
            message="Your windows take large steps to the right and single steps downwards. The stride holds for both directions.",
            answer=_stride_on_one_axis(1),
        ),
        Mistake(
            name="padding ignored",
            message="Where padding is asked for, your result is too small: it is that of the bare image. What has to be laid around the image first?",
            answer=_change(padding=0),
        ),
        Mistake(
            name="padding on one side",
            message=_ONE_SIDE,
            answer=_pads_one_side(True),
        ),
        Mistake(
            name="padding on one side",
            message=_ONE_SIDE,
            answer=_pads_one_side(False),
        ),
        Mistake(
            name="pads every axis",
            message="The zeros are added on all four axes, so there are more images and more channels than before. Which two axes are rows and columns?",
            answer=_pads_every_axis,
        ),
        Mistake(
            name="ReLU added",
            message="Your numbers stop at 0. ReLU is a step of its own, and this layer is asked for without activation.",
            answer=_change(after=lambda result: np.maximum(result, 0)),
        ),
        Mistake(
            name="only the first channel",
            message="Only channel 0 of the images goes into the sums. A kernel is as deep as the image: which pixels and weights are left out?",
            answer=_change(images=lambda images: images * (np.arange(images.shape[3]) == 0)),
        ),
        Mistake(
            name="only the last channel",
            message="Only the last channel is left of each sum. If a loop runs over the channels, what becomes of the sum of the channel before?",
            answer=_change(images=lambda images: images * (np.arange(images.shape[3]) == images.shape[3] - 1)),
        ),
        Mistake(
            name="channels first",
            message="The numbers are right, with the feature maps before rows and columns. That is PyTorch's order; in this course the channels come last.",
            answer=_change(after=lambda result: np.moveaxis(result, 3, 1)),
        ),
        Mistake(
            name="only the first image",
            message="The first image is right, and the others are all 0. Which axis counts the images, and which loop runs over it?",
            answer=_first_image_only,
        ),
        Mistake(
            name="flipped",
            message=(
                "These are the numbers of kernels turned by 180 degrees. What Keras calls convolution turns nothing: "
                "which weight belongs to the top left pixel of the window?"
            ),
            answer=_change(kernels=lambda kernels: kernels[::-1, ::-1]),
        ),
    ],
)

# --- 7.3 -------------------------------------------------------------------------------------------------------------


def conv_parameters(kernel_height, kernel_width, channels_in, channels_out, bias=True):
    weights = kernel_height * kernel_width * channels_in
    return (weights + bool(bias)) * channels_out


def _count_by_array(kernel_height, kernel_width, channels_in, channels_out, bias=True):
    count = np.ones((kernel_height, kernel_width, channels_in, channels_out), dtype=bool).size
    if bias:
        count += channels_out
    return count


def _counting(rule):
    """Return a function with the arguments of conv_parameters from a shorter one."""
    return lambda kernel_height, kernel_width, channels_in, channels_out, bias=True: rule(
        kernel_height, kernel_width, channels_in, channels_out, bias
    )


def _draw_sizes(random):
    """No two sizes of a layer are equal, none is 1; with and without bias."""
    sizes = [random.permutation([2, 3, 5, 7, 11, 13])[:4] for _ in range(4)]
    return [(*(int(size) for size in four), bias) for four, bias in zip(sizes, (True, False, True, False))]


_BIAS_PER_WEIGHT = "Too many: how many numbers are added to the sum of one kernel, however many weights it has?"

parameters = Exercise(
    id="7.3",
    name="conv_parameters",
    task="Count what a convolution layer learns: the weights of all kernels, and one bias for each kernel if bias is True.",
    reference=conv_parameters,
    alternatives=[
        _count_by_array,
        _counting(lambda h, w, i, o, bias: h * w * i * o + (o if bias else 0)),
        _counting(lambda h, w, i, o, bias: np.int64(h * w * i * o + o * int(bias))),
    ],
    draw=_draw_sizes,
    example=(3, 3, 64, 64),
    arguments=("kernel_height", "kernel_width", "channels_in", "channels_out", "bias"),
    rule=Rule(dtype="integer"),
    hints=[
        "How many weights has one kernel? It is as deep as the image: a kernel of 3 x 3 on 64 channels has 576.",
        "One kernel has one bias. Count one kernel with its bias, then multiply by the number of kernels.",
    ],
    mistakes=[
        Mistake(
            name="bias per weight",
            message=f"You count a bias for each weight. {_BIAS_PER_WEIGHT}",
            answer=_counting(lambda h, w, i, o, bias: h * w * i * o * (1 + bool(bias))),
        ),
        Mistake(
            name="bias per weight",
            message=f"You count a bias for each slice of each kernel. {_BIAS_PER_WEIGHT}",
            answer=_counting(lambda h, w, i, o, bias: (h * w + bool(bias)) * i * o),
        ),
        Mistake(
            name="bias missing",
            message="These are the weights, with or without bias. How many biases has a layer of 64 kernels?",
            answer=_counting(lambda h, w, i, o, bias: h * w * i * o),
        ),
        Mistake(
            name="one bias for all",
            message="One bias is counted for the whole layer. Each kernel has its own: how many are there?",
            answer=_counting(lambda h, w, i, o, bias: h * w * i * o + bool(bias)),
        ),
        Mistake(
            name="bias always counted",
            message="With bias=True the count is right. With bias=False there is nothing to add to the sums: what changes in the count?",
            answer=_counting(lambda h, w, i, o, bias: (h * w * i + 1) * o),
        ),
        Mistake(
            name="bias the wrong way round",
            message="You count the biases where there are none, and leave them out where there are some. What does bias=True say?",
            answer=_counting(lambda h, w, i, o, bias: (h * w * i + (not bias)) * o),
        ),
        Mistake(
            name="cin forgotten",
            message="Your kernels have one slice. In a layer each kernel sees all channels that go in: how many slices does it need?",
            answer=_counting(lambda h, w, i, o, bias: (h * w + bool(bias)) * o),
        ),
        Mistake(
            name="cout forgotten",
            message="This is the count of one kernel. How many kernels has the layer if there are channels_out feature maps?",
            answer=_counting(lambda h, w, i, o, bias: h * w * i + bool(bias)),
        ),
        Mistake(
            name="in/out swapped",
            message="The weights are right, but there is a bias for each channel that goes in, and the layer adds one to each map that comes out.",
            answer=_counting(lambda h, w, i, o, bias: (h * w * o + bool(bias)) * i),
        ),
    ],
)

# --- 7.4 -------------------------------------------------------------------------------------------------------------


def relu(x):
    return np.maximum(x, 0)


def _relu_in_place(x):
    x[x < 0] = 0
    return x


def _draw_responses(random):
    """Numbers of both signs, far above 1 and between 0 and 1."""
    return [
        (float_image(random, 4, 6),),
        (integer_image(random, 3, 5) - 120,),
        (random.uniform(-1.8, 1.8, (2, 3, 4, 2)).round(2),),
        (np.concatenate([float_image(random, 9), [-3.5, 0.25, 300.0]]),),
    ]


activation = Exercise(
    id="7.4",
    name="relu",
    task="Return max(x, 0) for each number of x, in a new array of the same shape; x stays as it is.",
    reference=relu,
    alternatives=[
        lambda x: np.where(x > 0, x, 0),
        lambda x: x * (x > 0),
        lambda x: (x + np.abs(x)) / 2,
        lambda x: np.clip(x, 0, None),
        lambda x: _relu_in_place(x.copy()),
    ],
    draw=_draw_responses,
    example=(np.array([[-16, 4], [0, 300]]),),
    rule=lambda x: Rule(axes=tuple((f"axis {place}", f"as in x, {size}") for place, size in enumerate(x.shape))),
    hints=[
        "np.max looks for the largest number of a whole array. Which function compares number by number, and with what here?",
        "np.where(condition, this, that) takes from this where the condition holds, and from that elsewhere.",
    ],
    mistakes=[
        Mistake(
            name="absolute value",
            message="Negatives come out positive, with the same size: a strong −300 is now as strong as 300. What does ReLU leave of −300?",
            answer=np.abs,
        ),
        Mistake(
            name="clipped at 1",
            message="Negatives are right, but nothing is larger than 1. A response of 300 is stronger than one of 4: has ReLU an upper end?",
            answer=lambda x: np.clip(x, 0, 1),
        ),
        Mistake(
            name="clipped at 255",
            message="Negatives are right, but nothing is larger than 255. A response is no picture: has ReLU an upper end?",
            answer=lambda x: np.clip(x, 0, 255),
        ),
        Mistake(
            name="leaky",
            message="Negatives come out small instead of 0: that is leaky ReLU, a relative of the one asked here. What is left of −100?",
            answer=lambda x: np.where(x > 0, x, 0.01 * x),
        ),
        Mistake(
            name="leaky",
            message="Negatives come out small instead of 0: that is leaky ReLU, a relative of the one asked here. What is left of −100?",
            answer=lambda x: np.where(x > 0, x, 0.1 * x),
        ),
        Mistake(
            name="in place",
            message="The numbers are right, but after the call x itself has lost its negatives. Whoever still needs the responses finds zeros: build a new array.",
            answer=_relu_in_place,
        ),
        Mistake(
            name="removed",
            message="The negatives are gone, and their cells, too: a row of numbers is left. A feature map keeps its shape: what stands in place of a negative?",
            answer=lambda x: x[x > 0],
        ),
        Mistake(
            name="removed",
            message="The negatives are gone, and their cells, too: a row of numbers is left. A feature map keeps its shape: what stands in place of a negative?",
            answer=lambda x: x[x >= 0],
        ),
        Mistake(
            name="keeps the negatives",
            message="You keep what is below 0 and drop what is above. Which of the two says that the kernel has found what it looks for?",
            answer=lambda x: np.minimum(x, 0),
        ),
        Mistake(
            name="yes or no",
            message="Your result says only where x is positive. ReLU also keeps how strong: what becomes of 300?",
            answer=lambda x: (x > 0).astype(float),
        ),
        Mistake(
            name="yes or no",
            message="Your result says only where x is positive. ReLU also keeps how strong: what becomes of 300?",
            answer=lambda x: x > 0,
        ),
        Mistake(
            name="one number",
            message="This is the largest number of the whole array. ReLU compares each number by itself with 0, and gives an array of the same shape.",
            answer=lambda x: max(np.max(x), 0),
        ),
        Mistake(
            name="one number",
            message="np.max looks for the largest number along an axis, so the result is smaller than x. Which function compares x with 0, number by number?",
            answer=lambda x: np.max(x, 0),
        ),
        Mistake(
            name="compares the whole array",
            message=(
                "An if, and Python's own max, want one yes or no, and x > 0 holds one for each number. "
                "Which function of NumPy compares number by number?"
            ),
            answer=lambda x: max(x, 0),
        ),
    ],
)

# --- 7.5 -------------------------------------------------------------------------------------------------------------


def im2col(image, kernel_height, kernel_width):
    windows = []
    for row in range(image.shape[0] - kernel_height + 1):
        for column in range(image.shape[1] - kernel_width + 1):
            window = image[row : row + kernel_height, column : column + kernel_width]
            windows.append(window.ravel())
    return np.array(windows)


def _im2col_by_views(image, kernel_height, kernel_width):
    windows = np.lib.stride_tricks.sliding_window_view(image, (kernel_height, kernel_width))
    return windows.reshape(-1, kernel_height * kernel_width)


def _im2col_by_shifts(image, kernel_height, kernel_width):
    rows, columns = image.shape[0] - kernel_height + 1, image.shape[1] - kernel_width + 1
    matrix = np.zeros((rows * columns, kernel_height * kernel_width))
    for row in range(kernel_height):
        for column in range(kernel_width):
            shifted = image[row : row + rows, column : column + columns]
            matrix[:, row * kernel_width + column] = shifted.ravel()
    return matrix


def _windows_as_columns(image, kernel_height, kernel_width):
    windows = np.lib.stride_tricks.sliding_window_view(image, (kernel_height, kernel_width))
    return windows.transpose(0, 1, 3, 2).reshape(-1, kernel_height * kernel_width)


def _positions_down_first(image, kernel_height, kernel_width):
    windows = np.lib.stride_tricks.sliding_window_view(image, (kernel_height, kernel_width))
    return windows.transpose(1, 0, 2, 3).reshape(-1, kernel_height * kernel_width)


def _without_last(rows, columns):
    def wrong(image, kernel_height, kernel_width):
        image = image[: image.shape[0] - rows, : image.shape[1] - columns]
        return im2col(image, kernel_height, kernel_width)

    return wrong


def _last_left_empty(image, kernel_height, kernel_width):
    matrix = im2col(image, kernel_height, kernel_width).astype(float)
    matrix[-1] = 0
    return matrix


def _matrix_rule(image, kernel_height, kernel_width):
    rows, columns = image.shape[0] - kernel_height + 1, image.shape[1] - kernel_width + 1
    return Rule(
        axes=(
            ("positions", f"(H - kh + 1) (W - kw + 1) = {rows} · {columns} = {rows * columns}"),
            ("weights", f"kh · kw = {kernel_height} · {kernel_width} = {kernel_height * kernel_width}"),
        )
    )


def _window_of_row(arguments, part, index):
    image, height, width = arguments
    row, column = divmod(index[0], image.shape[1] - width + 1)
    window = image[row : row + height, column : column + width]
    return [(f"row {index[0]} belongs to the window at [{row}, {column}]", window)]


_LAST_MISSING = (
    "What is there is right, and windows are missing at the end. "
    "How many positions has a kernel of 2 along an axis of 3 pixels? Count them with your fingers."
)

matrix_of_windows = Exercise(
    id="7.5",
    name="im2col",
    task="Write every window of the image as one row of a matrix: windows from left to right, then downwards; in each of them the same order.",
    reference=im2col,
    alternatives=[_im2col_by_views, _im2col_by_shifts],
    draw=lambda random: [
        (random.permutation(35).reshape(5, 7), 2, 3),
        (float_image(random, 6, 5), 3, 2),
        (random.permutation(48).reshape(6, 8).astype(np.uint8), 3, 3),
        (float_image(random, 4, 7), 2, 2),
    ],
    example=(np.arange(1, 13).reshape(3, 4), 2, 2),
    rule=_matrix_rule,
    focus=_window_of_row,
    points=2,
    hints=[
        "It is the double loop of lesson 02: cut the window at [row, column]. Instead of multiplying, lay its rows end to end.",
        "window.ravel() lays the rows of an array end to end. Collect these in a list, and make one array of it at last.",
    ],
    mistakes=[
        Mistake(
            name="column-major",
            message=(
                "Each row holds the right pixels in another order: the columns of the window end to end. "
                "A kernel's ravel() goes along its rows, and the two have to match."
            ),
            answer=_windows_as_columns,
        ),
        Mistake(
            name="column-major",
            message=(
                "The rows are right, in another order: your windows move downwards first. "
                "With which loop inside do they go along a row of the image first?"
            ),
            answer=_positions_down_first,
        ),
        Mistake(
            name="column-major",
            message="Both orders are turned: your windows move downwards first, and each is written column by column. Here both go along the rows.",
            answer=lambda image, kernel_height, kernel_width: _im2col_by_views(image.T, kernel_width, kernel_height),
        ),
        Mistake(
            name="transposed",
            message="Your windows stand in the columns of the matrix. Here each is a row: which shape is due, (positions, weights) or (weights, positions)?",
            answer=lambda image, kernel_height, kernel_width: im2col(image, kernel_height, kernel_width).T,
        ),
        Mistake(
            name="height/width swapped",
            message="Your windows lie on their side: kernel_height columns and kernel_width rows. Rows come first, in indices and in shapes.",
            answer=lambda image, kernel_height, kernel_width: im2col(image, kernel_width, kernel_height),
        ),
        Mistake(name="missing last window", message=_LAST_MISSING, answer=_without_last(1, 1)),
        Mistake(name="missing last window", message=_LAST_MISSING, answer=_without_last(1, 0)),
        Mistake(
            name="missing last window",
            message="Windows are missing at the right edge of the image, in each row. What is the largest column at which the kernel still fits?",
            answer=_without_last(0, 1),
        ),
        Mistake(
            name="missing last window",
            message="What is there is right, and one window is missing, the last one. What is the largest row and column at which the kernel still fits?",
            answer=lambda image, kernel_height, kernel_width: im2col(image, kernel_height, kernel_width)[:-1],
        ),
        Mistake(
            name="missing last window",
            message="The last row of the matrix is never written to: it holds zeros. Which window belongs there?",
            answer=_last_left_empty,
        ),
        Mistake(
            name="windows side by side",
            message="Your windows do not overlap: they lie next to each other like tiles. By how many pixels does a kernel move from one position to the next?",
            answer=lambda image, kernel_height, kernel_width: np.array(
                [
                    image[row : row + kernel_height, column : column + kernel_width].ravel()
                    for row in range(0, image.shape[0] - kernel_height + 1, kernel_height)
                    for column in range(0, image.shape[1] - kernel_width + 1, kernel_width)
                ]
            ),
        ),
        Mistake(
            name="windows not flattened",
            message="Each window is still a small array of its own, so the result has three axes. How does a window become one row of numbers?",
            answer=lambda image, kernel_height, kernel_width: im2col(image, kernel_height, kernel_width).reshape(
                -1, kernel_height, kernel_width
            ),
        ),
    ],
)

EXERCISES = (single, layer, parameters, activation, matrix_of_windows)
