"""Lesson 05: padding, stride and output size."""

import math

import numpy as np

from .comparison import Rule
from .drawing import float_image, integer_image, small_kernel
from .engine import Exercise, Mistake

# --- 5.1 -------------------------------------------------------------------------------------------------------------


def output_size(size, kernel_size, padding=0, stride=1):
    steps_in_pixels = size + 2 * padding - kernel_size
    if steps_in_pixels < 0:
        raise ValueError("The kernel does not fit: use a smaller kernel or more padding.")
    return steps_in_pixels // stride + 1


def _size_by_counting(size, kernel_size, padding=0, stride=1):
    starts = range(0, size + 2 * padding - kernel_size + 1, stride)
    if not starts:
        raise ValueError("no place for the kernel")
    return len(starts)


def _size_rounded_up(size, kernel_size, padding=0, stride=1):
    """Rounding up is right if it is the number of possible starts that is divided."""
    starts = size + 2 * padding - kernel_size + 1
    if starts <= 0:
        raise ValueError
    return math.ceil(starts / stride)


def _sizes(formula, refuses=lambda n, k, p, s: k > n + 2 * p):
    """Return an answer for a wrong formula, and when it raises."""

    def answer(size, kernel_size, padding=0, stride=1):
        if refuses(size, kernel_size, padding, stride):
            raise ValueError
        return formula(size, kernel_size, padding, stride)

    return answer


def _size_mistakes(name, message, *formulas):
    """A wrong formula, in an answer that raises where the kernel does not fit, and in one that never does."""
    never = lambda n, k, p, s: False  # noqa: E731
    return [
        Mistake(name=name, message=message, answer=answer)
        for formula in formulas
        for answer in (_sizes(formula), _sizes(formula, never))
    ]


def _draw_sizes(random):
    """Rests of 1 and 2 (rounding shows), padding of two strides, exact fits, kernels that fit with padding only, or never."""
    kernel_size, padding = int(random.choice([3, 5, 7])), int(random.integers(1, 3))
    steps = int(random.integers(4, 9))
    base = kernel_size - 2 * padding
    tiny, large = int(random.integers(2, 5)), int(random.integers(11, 15))
    return [
        (int(random.integers(20, 60)), kernel_size),
        (base + 3 * steps + 1, kernel_size, padding, 3),
        (base + 3 * steps + 5, kernel_size, padding, 3),
        (base + 4 * steps + 3, kernel_size, padding, 4),
        (3 * steps + 1, 7, 6, 3),
        (tiny, tiny, 0, int(random.integers(1, 4))),
        (tiny, tiny, 1, 1),
        (tiny + 1, tiny + 3, 2, 1),
        (tiny + 2, tiny + 4, 1, 2),
        (tiny, large, 1, 2),
        (tiny, tiny + 1),
    ]


_FITS_WITH_PADDING = (
    "You raise the error where the kernel is larger than the image. With its padding the image may be large enough: "
    "which two numbers should be compared?"
)

sizes = Exercise(
    id="5.1",
    name="output_size",
    task="Return the number of places of a kernel along one axis, as an int; raise a ValueError if the kernel does not fit.",
    reference=output_size,
    alternatives=[_size_by_counting, _size_rounded_up],
    draw=_draw_sizes,
    example=(8, 3, 0, 2),
    rule=Rule(dtype="integer"),
    arguments=("size", "kernel_size", "padding", "stride"),
    raises=(ValueError,),
    hints=[
        "How far can the first pixel of the window move? The padded axis has size + 2 * padding cells, and the window needs kernel_size of them.",
        "Divide that distance by the stride and round down: // does both and gives an int. Then add the place where the window started.",
        "The kernel does not fit if the distance is below 0. Test that first: if …: raise ValueError('what must hold').",
    ],
    mistakes=[
        *_size_mistakes(
            "ceil",
            "You round up. A last step that is only partly possible would put the window over the end: what becomes of the pixels that are left over?",
            lambda n, k, p, s: math.ceil((n + 2 * p - k) / s) + 1,
        ),
        *_size_mistakes(
            "no +1",
            "Your number is one too small: these are the steps. A window that cannot move at all, how many places has it?",
            lambda n, k, p, s: (n + 2 * p - k) // s,
        ),
        *_size_mistakes(
            "padding once",
            "The padding is counted once. It is put at both ends of the axis: how many cells are that?",
            lambda n, k, p, s: (n + p - k) // s + 1,
        ),
        Mistake(
            name="padding once",
            message="The padding is counted once. It is put at both ends of the axis: how many cells are that?",
            answer=_sizes(lambda n, k, p, s: (n + p - k) // s + 1, lambda n, k, p, s: k > n + p),
        ),
        *_size_mistakes(
            "returns float",
            "The number is right, and it is a float: 13.0 cannot be the size of an array. Which division gives an int?",
            lambda n, k, p, s: float((n + 2 * p - k) // s + 1),
        ),
        *_size_mistakes(
            "returns float",
            "Your sizes have fractions: 3.5 places. Half a place is none: which division rounds down and gives an int?",
            lambda n, k, p, s: (n + 2 * p - k) / s + 1,
        ),
        *_size_mistakes(
            "rounds",
            "You round to the nearest whole number. If there is room for 2.67 steps, how many can be made?",
            lambda n, k, p, s: round((n + 2 * p - k) / s) + 1,
            lambda n, k, p, s: math.floor((n + 2 * p - k) / s + 0.5) + 1,
        ),
        *_size_mistakes(
            "+1 before dividing",
            "The 1 is added before the division, and gets divided as well. It stands for the first place, before any step: where does it belong?",
            lambda n, k, p, s: (n + 2 * p - k + 1) // s,
        ),
        *_size_mistakes(
            "stride ignored",
            "These are the places for stride 1. How many of them does a stride of 3 visit?",
            lambda n, k, p, s: n + 2 * p - k + 1,
        ),
        *_size_mistakes(
            "padding ignored",
            "The padding has no effect. How many cells has the axis, when the padding is there?",
            lambda n, k, p, s: (n - k) // s + 1,
        ),
        Mistake(
            name="padding ignored",
            message="The padding has no effect. How many cells has the axis, when the padding is there?",
            answer=_sizes(lambda n, k, p, s: (n - k) // s + 1, lambda n, k, p, s: k > n),
        ),
        *_size_mistakes(
            "padding after dividing",
            "The padding is added to the number of places. It makes the *axis* longer, before any step is made: where does it belong?",
            lambda n, k, p, s: (n - k) // s + 1 + 2 * p,
        ),
        *_size_mistakes(
            "1 too many taken away",
            "You take away kernel_size + 1, and add 1 after dividing. For kernel 3 on 3 pixels: how far can the window move?",
            lambda n, k, p, s: (n + 2 * p - k - 1) // s + 1,
        ),
        *_size_mistakes(
            "rule of same padding",
            "This is size / stride, rounded up: the size that Keras *promises* with padding='same'. Here the padding is given as a number: what follows from kernel and padding?",
            lambda n, k, p, s: -(-n // s),
        ),
        *_size_mistakes(
            "kernel ignored",
            "The size of the kernel has no effect. How many cells does the window need for itself?",
            lambda n, k, p, s: (n + 2 * p) // s,
            lambda n, k, p, s: -(-(n + 2 * p) // s),
        ),
        Mistake(
            name="padding missing in the test",
            message=_FITS_WITH_PADDING,
            answer=_sizes(lambda n, k, p, s: (n + 2 * p - k) // s + 1, lambda n, k, p, s: k > n),
        ),
        Mistake(
            name="exact fit refused",
            message="You raise the error where the kernel is exactly as large as the axis. How many places has it then: none, or one?",
            answer=_sizes(lambda n, k, p, s: (n + 2 * p - k) // s + 1, lambda n, k, p, s: k >= n + 2 * p),
        ),
        Mistake(
            name="exact fit refused",
            message="You raise the error where the kernel is as large as the image, or larger. With the padding it may fit: which numbers should be compared, and by which sign?",
            answer=_sizes(lambda n, k, p, s: (n + 2 * p - k) // s + 1, lambda n, k, p, s: k >= n),
        ),
        Mistake(
            name="no error raised",
            message="All sizes are right; where the kernel does not fit, a ValueError is due, and yours returns a number of 0 or less. What would an array of that size be?",
            answer=_sizes(lambda n, k, p, s: (n + 2 * p - k) // s + 1, lambda n, k, p, s: False),
        ),
        Mistake(
            name="no error raised",
            message="All sizes are right; where the kernel does not fit, a ValueError is due, and yours returns 0. A mistake that is told at once is found at once: raise does that.",
            answer=_sizes(lambda n, k, p, s: max(0, (n + 2 * p - k) // s + 1), lambda n, k, p, s: False),
        ),
    ],
)

# --- 5.2 -------------------------------------------------------------------------------------------------------------


def zero_pad(images, padding):
    return np.pad(images, ((0, 0), (padding, padding), (padding, padding), (0, 0)))


def _pad_into_zeros(images, padding):
    count, height, width, channels = images.shape
    padded = np.zeros((count, height + 2 * padding, width + 2 * padding, channels))
    padded[:, padding : padding + height, padding : padding + width, :] = images
    return padded


def _pad_by_concatenation(images, padding):
    count, height, _, channels = images.shape
    sides = np.zeros((count, height, padding, channels), dtype=images.dtype)
    wide = np.concatenate([sides, images, sides], axis=2)
    lines = np.zeros((count, padding, wide.shape[2], channels), dtype=images.dtype)
    return np.concatenate([lines, wide, lines], axis=1)


def _pads(batch=0, rows=(1, 1), columns=(1, 1), channels=0, **options):
    """Return the answer that pads these multiples of `padding`."""

    def answer(images, padding):
        amounts = [(batch, batch), rows, columns, (channels, channels)]
        return np.pad(images, [(before * padding, after * padding) for before, after in amounts], **options)

    return answer


def _border_overwritten(images, padding):
    result = np.zeros_like(images)
    inside = np.s_[:, padding : images.shape[1] - padding, padding : images.shape[2] - padding]
    result[inside] = images[inside]
    return result


def _slices_to_minus_zero(images, padding):
    if padding == 0:
        raise ValueError("could not broadcast input array")
    return zero_pad(images, padding)


def _rule_of_padding(images, padding):
    count, height, width, channels = images.shape
    return Rule(
        axes=(
            ("images", f"N = {count}"),
            ("rows", f"H + 2p = {height} + 2 · {padding} = {height + 2 * padding}"),
            ("columns", f"W + 2p = {width} + 2 · {padding} = {width + 2 * padding}"),
            ("channels", f"C = {channels}"),
        )
    )


_ONE_SIDE = "Your zeros are on one side only. Which pixels of the image would still never be in the middle of a window?"
_EDGE = (
    "The size is right, and the new cells repeat the pixels of the edge. That is a rule of lesson 03: "
    "what should the new cells hold here?"
)

padding_zeros = Exercise(
    id="5.2",
    name="zero_pad",
    task="Put `padding` rows and columns of zeros around every image of a batch (N, H, W, C), on both sides.",
    reference=zero_pad,
    alternatives=[_pad_into_zeros, _pad_by_concatenation],
    draw=lambda random: [
        (integer_image(random, 2, 4, 6, 3, dtype=np.uint8) + np.uint8(0), 1),
        (float_image(random, 3, 5, 4, 2), 2),
        (integer_image(random, 1, 3, 5, 4) + 1, 3),
        (float_image(random, 2, 3, 4, 1), 0),
    ],
    example=(np.array([[[[1], [2]], [[3], [4]]]]), 1),
    rule=_rule_of_padding,
    hints=[
        "np.pad takes one pair (before, after) for each axis. The axes are images, rows, columns, channels: which two should stay as they are?",
        "A pair of (0, 0) leaves an axis alone. Or without np.pad: make np.zeros of the new shape, and write the images into its middle with slices.",
    ],
    mistakes=[
        Mistake(
            name="pads batch or channels",
            message="All four axes have grown: there are black images more, and black channels. A single number tells np.pad to pad every axis: what does it take to treat them differently?",
            answer=_pads(batch=1, channels=1),
        ),
        Mistake(
            name="pads batch or channels",
            message="The axis of the images has grown as well: there are black images more. Which axis counts the images?",
            answer=_pads(batch=1),
        ),
        Mistake(
            name="pads batch or channels",
            message="The axis of the channels has grown as well. A pixel with 3 colours should keep 3: which axis holds them?",
            answer=_pads(channels=1),
        ),
        Mistake(
            name="pads batch or channels",
            message="Images and rows have grown, columns have not: axes 0 and 1 are padded. Counting starts at 0: which numbers have rows and columns?",
            answer=_pads(batch=1, columns=(0, 0)),
        ),
        Mistake(
            name="pads batch or channels",
            message="Columns and channels have grown, rows have not: axes 2 and 3 are padded. That fits libraries that keep the channels first; here they come last.",
            answer=_pads(rows=(0, 0), channels=1),
        ),
        Mistake(name="one side", message=_ONE_SIDE, answer=_pads(rows=(1, 0), columns=(1, 0))),
        Mistake(name="one side", message=_ONE_SIDE, answer=_pads(rows=(0, 1), columns=(0, 1))),
        Mistake(
            name="one side",
            message="The size is right, and all new cells are on one side: the image sits in the upper left corner. At which row and column should it start?",
            answer=_pads(rows=(0, 2), columns=(0, 2)),
        ),
        Mistake(
            name="one side",
            message="The size is right, and all new cells are on one side: the image sits in the lower right corner. At which row and column should it start?",
            answer=_pads(rows=(2, 0), columns=(2, 0)),
        ),
        Mistake(
            name="one axis",
            message="Rows are padded, columns are not. Where would the window of a pixel in the first column lie?",
            answer=_pads(columns=(0, 0)),
        ),
        Mistake(
            name="one axis",
            message="Columns are padded, rows are not. Where would the window of a pixel in the first row lie?",
            answer=_pads(rows=(0, 0)),
        ),
        Mistake(name="repeats the edge", message=_EDGE, answer=_pads(mode="edge")),
        Mistake(
            name="repeats the edge",
            message="The size is right, and the new cells mirror the image. What should they hold here?",
            answer=_pads(mode="symmetric"),
        ),
        Mistake(
            name="repeats the edge",
            message="The size is right, and the new cells come from the opposite side of the image. What should they hold here?",
            answer=_pads(mode="wrap"),
        ),
        Mistake(
            name="ones instead of zeros",
            message="The size is right, and the new cells hold 1. With bytes that is nearly black, with floats from 0 to 1 it is white: which number adds nothing to a sum of products?",
            answer=_pads(constant_values=1),
        ),
        Mistake(
            name="twice too much",
            message="There are twice as many new cells as there should be. `padding` is meant for each side: is it doubled somewhere?",
            answer=_pads(rows=(2, 2), columns=(2, 2)),
        ),
        Mistake(
            name="padding ignored",
            message="One row and column of zeros are added, whatever `padding` says. Where does it come in?",
            answer=lambda images, padding: zero_pad(images, 1),
        ),
        Mistake(
            name="slice to -0",
            message="All is right but for padding 0: a slice that ends at -0 ends at 0 and is empty. Where does the image end, counted from the front?",
            answer=_slices_to_minus_zero,
        ),
        Mistake(
            name="border overwritten",
            message="Your images have kept their size, and their own border has become 0. Padding adds cells and takes no pixel away: which shape has the result?",
            answer=_border_overwritten,
        ),
    ],
)

# --- 5.3 -------------------------------------------------------------------------------------------------------------


def correlate2d(image, kernel, padding, stride):
    padded = np.pad(image, padding)
    rows = (padded.shape[0] - kernel.shape[0]) // stride + 1
    columns = (padded.shape[1] - kernel.shape[1]) // stride + 1
    feature_map = np.zeros((rows, columns))
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            window = padded[top : top + kernel.shape[0], left : left + kernel.shape[1]]
            feature_map[row, column] = np.sum(window * kernel)
    return feature_map


def _correlate_and_skip(image, kernel, padding, stride):
    return _slide(np.pad(image, padding), kernel)[::stride, ::stride]


def _correlate_by_shifts(image, kernel, padding, stride):
    height, width = image.shape[0] + 2 * padding, image.shape[1] + 2 * padding
    padded = np.zeros((height, width))
    padded[padding : padding + image.shape[0], padding : padding + image.shape[1]] = image
    last_row, last_column = height - kernel.shape[0], width - kernel.shape[1]
    feature_map = np.zeros((last_row // stride + 1, last_column // stride + 1))
    for (row, column), weight in np.ndenumerate(kernel):
        seen = padded[row : row + last_row + 1 : stride, column : column + last_column + 1 : stride]
        feature_map += weight * seen
    return feature_map


def _slide(padded, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernel.shape)
    return np.einsum("ijkl,kl->ij", windows.astype(float), kernel)


def _correlated(pad=np.pad, steps=lambda s: (s, s), change=lambda kernel: kernel):
    """Return the answer that pads, steps or lays the kernel in another way."""

    def answer(image, kernel, padding, stride):
        down, right = steps(stride)
        return _slide(pad(image, padding), change(kernel))[::down, ::right]

    return answer


def _windows_at(steps):
    """Return the answer of the right size whose windows start `steps(stride)` apart."""

    def answer(image, kernel, padding, stride):
        size = correlate2d(image, kernel, padding, stride).shape
        down, right = steps(stride)
        return _slide(np.pad(image, padding), kernel)[::down, ::right][: size[0], : size[1]]

    return answer


def _skips_places(image, kernel, padding, stride):
    rows, columns = correlate2d(image, kernel, padding, stride).shape
    every = _slide(np.pad(image, padding), kernel)
    feature_map = np.zeros((rows, columns))
    feature_map[::stride, ::stride] = every[:rows:stride, :columns:stride]
    return feature_map


def _raises_if_strided(error):
    def answer(image, kernel, padding, stride):
        if stride > 1:
            raise error
        return correlate2d(image, kernel, padding, stride)

    return answer


def _ceil_size(image, kernel, padding, stride):
    """Windows that reach over the end are cut off there."""
    padded = np.pad(image, padding)
    rows, columns = (-(-(n - k) // stride) + 1 for n, k in zip(padded.shape, kernel.shape))
    further = np.pad(padded, ((0, stride), (0, stride)))
    return _slide(further, kernel)[::stride, ::stride][:rows, :columns]


def _draw_strided(random):
    """With stride 2 or more, and leftover pixels on both axes; the smallest case has neither padding nor stride."""
    return [
        (integer_image(random, 6, 8), small_kernel(random, 3, 3), 1, 2),
        (float_image(random, 9, 7), small_kernel(random, 2, 4), 2, 3),
        (integer_image(random, 8, 9, dtype=np.uint8), small_kernel(random, 3, 2), 1, 2),
        (float_image(random, 4, 6), small_kernel(random, 2, 3), 0, 1),
        (integer_image(random, 8, 7), small_kernel(random, 3, 2), 0, 3),
    ]


def _rule_of_strides(image, kernel, padding, stride):
    return Rule(
        axes=tuple(
            (
                name,
                f"(n + 2p - k) // s + 1 = ({n} + {2 * padding} - {k}) // {stride} + 1 = {(n + 2 * padding - k) // stride + 1}",
            )
            for name, n, k in zip(("rows", "columns"), image.shape, kernel.shape)
        )
    )


def _strided_window(arguments, part, index):
    image, kernel, padding, stride = arguments
    top, left = index[0] * stride, index[1] * stride
    window = np.pad(image, padding)[top : top + kernel.shape[0], left : left + kernel.shape[1]]
    return [
        (f"the window for {list(index)}, at [{top}, {left}] of the padded image", window),
        ("window × kernel", window * kernel),
    ]


_START = (
    "This is what the given start computes: every place of the image, without padding. Its arguments padding and stride are not "
    "used yet. Put the zeros around the image first: which of the sizes change?"
)
_ONE_AXIS = "The stride acts on one axis only. Which lines of the loop should it be in?"

strided = Exercise(
    id="5.3",
    name="correlate2d",
    task="Slide the kernel over the image with `padding` zeros on all sides, in steps of `stride`.",
    reference=correlate2d,
    alternatives=[_correlate_and_skip, _correlate_by_shifts],
    draw=_draw_strided,
    example=(np.array([[1, 2, 3, 0], [4, 5, 6, 1], [7, 8, 9, 2]]), np.array([[1, 0.5], [0, -1]]), 1, 2),
    rule=_rule_of_strides,
    focus=_strided_window,
    points=2,
    hints=[
        "Padding first: np.pad(image, padding) puts zeros on all four sides. From there on the loop works on the padded image.",
        "The number of places per axis is that of 5.1: (size - kernel size) // stride + 1, with the size of the padded axis.",
        "The place [row, column] of the feature map belongs to the window that starts at [row * stride, column * stride].",
    ],
    mistakes=[
        Mistake(name="start ignores stride", message=_START, answer=lambda image, kernel, p, s: _slide(image, kernel)),
        Mistake(
            name="start ignores stride",
            message="The padding is there; the windows still start one pixel apart, as in the given start. How many places remain with steps of 2, and where do their windows start?",
            answer=_correlated(steps=lambda s: (1, 1)),
        ),
        Mistake(
            name="start ignores stride",
            message="The size is right, and the windows still start one pixel apart: your result is the upper left corner of that for stride 1. Where does the window for [0, 1] start?",
            answer=_windows_at(lambda s: (1, 1)),
        ),
        Mistake(
            name="stride in the loop of places",
            message="Most of your numbers are 0: the loop over the places skips some. Every place of the result is filled; it is the *window* that moves by the stride. Where does it start?",
            answer=_skips_places,
        ),
        Mistake(
            name="counts pixels as places",
            message="For stride 1 it works; with larger ones an index runs out of the array. The loop counts in pixels there. Which place of the result belongs to the window at pixel 2 * stride?",
            answer=_raises_if_strided(IndexError),
        ),
        Mistake(
            name="window cut short",
            message="For stride 1 it works; with larger ones some windows do not have the kernel's size. Does the end of each slice move along with its start?",
            answer=_raises_if_strided(ValueError),
        ),
        Mistake(
            name="skips pixels of the image",
            message="You skip pixels of the image, and then slide by one. The stride moves the window; inside of the window the pixels are neighbours. What does the start of a slice do, and what its step?",
            answer=lambda image, kernel, p, s: _slide(np.pad(image, p)[::s, ::s], kernel),
        ),
        Mistake(name="stride on one axis", message=_ONE_AXIS, answer=_correlated(steps=lambda s: (s, 1))),
        Mistake(name="stride on one axis", message=_ONE_AXIS, answer=_correlated(steps=lambda s: (1, s))),
        Mistake(
            name="stride on one axis",
            message="The size is right, and the windows step down by the stride, but to the right by one pixel. Where does the window for [0, 1] start?",
            answer=_windows_at(lambda s: (s, 1)),
        ),
        Mistake(
            name="stride on one axis",
            message="The size is right, and the windows step to the right by the stride, but down by one pixel. Where does the window for [1, 0] start?",
            answer=_windows_at(lambda s: (1, s)),
        ),
        Mistake(
            name="no padding",
            message="The stride is right, and the padding has no effect. Which image do the windows come from?",
            answer=_correlated(pad=lambda image, p: image),
        ),
        Mistake(
            name="padding on one side",
            message="The zeros are at the top and on the left only. The padding goes to all four sides: how large is the padded image?",
            answer=_correlated(pad=lambda image, p: np.pad(image, ((p, 0), (p, 0)))),
        ),
        Mistake(
            name="padding on one side",
            message="The zeros are at the bottom and on the right only. The padding goes to all four sides: how large is the padded image?",
            answer=_correlated(pad=lambda image, p: np.pad(image, ((0, p), (0, p)))),
        ),
        Mistake(
            name="padded with pixels",
            message="The sizes are right; around the image you repeat the edge pixels. What should the added cells hold?",
            answer=_correlated(pad=lambda image, p: np.pad(image, p, mode="edge")),
        ),
        Mistake(
            name="padded after sliding",
            message="The zeros are around the *result*. They belong around the image, before the kernel slides: what would a window there see?",
            answer=lambda image, kernel, p, s: np.pad(_slide(image, kernel)[::s, ::s], p),
        ),
        Mistake(
            name="flipped",
            message="These are the numbers of the kernel turned by 180 degrees. Keras does not turn it: which weight belongs to the top left pixel of the window?",
            answer=_correlated(change=lambda kernel: kernel[::-1, ::-1]),
        ),
        Mistake(
            name="flipped",
            message="These are the numbers of a kernel that is mirrored along one axis. Is there a [::-1], or an index that counts backwards?",
            answer=_correlated(change=lambda kernel: kernel[::-1]),
        ),
        Mistake(
            name="flipped",
            message="These are the numbers of a kernel that is mirrored along one axis. Is there a [::-1], or an index that counts backwards?",
            answer=_correlated(change=lambda kernel: kernel[:, ::-1]),
        ),
        Mistake(
            name="ceil size",
            message="There is one row or column too many: its window reaches over the end. Is the size rounded down?",
            answer=_ceil_size,
        ),
        Mistake(
            name="no +1",
            message="What is there is right; the last row and the last column of places are missing. Steps and places: which is one more?",
            answer=lambda image, kernel, p, s: correlate2d(image, kernel, p, s)[:-1, :-1],
        ),
        Mistake(
            name="starts too late",
            message="Your first window starts at the stride, not at 0: of the results for stride 1, which one is the first to keep?",
            answer=lambda image, kernel, p, s: _slide(np.pad(image, p), kernel)[s - 1 :: s, s - 1 :: s],
        ),
    ],
)

# --- 5.4 -------------------------------------------------------------------------------------------------------------


def same_padding(size, kernel_size, stride):
    places = -(-size // stride)
    total = max((places - 1) * stride + kernel_size - size, 0)
    before = total // 2
    return before, total - before


def _same_by_cases(size, kernel_size, stride):
    """TensorFlow's own way to put it."""
    rest = size % stride
    total = max(kernel_size - (stride if rest == 0 else rest), 0)
    return math.floor(total / 2), math.ceil(total / 2)


def _same_by_trying(size, kernel_size, stride):
    """Add cells, after and before in turn, until there are as many places as Keras promises."""
    before = after = 0
    while (size + before + after - kernel_size) // stride + 1 < math.ceil(size / stride):
        if after == before:
            after += 1
        else:
            before += 1
    return [before, after]


def _total(size, kernel_size, stride):
    return sum(same_padding(size, kernel_size, stride))


def _split_of(total):
    """Return the answer that shares out another total, the extra cell after."""

    def answer(size, kernel_size, stride):
        cells = total(size, kernel_size, stride)
        return cells // 2, cells - cells // 2

    return answer


def _draw_same(random):
    """Odd and even totals, at stride 1 and above; a case in which nothing is missing; one with sizes that leave a rest."""
    stride, places = int(random.integers(3, 6)), int(random.integers(4, 9))
    return [
        (stride * places, stride + 1, stride),  # 1 cell is missing
        (stride * places + 1, 2 * stride + 1, stride),  # 2 * stride are: the rest is 1
        (int(random.integers(10, 30)), int(random.choice([4, 6])), 1),  # 3 or 5
        (int(random.integers(10, 30)), int(random.choice([3, 5, 7])), 1),
        (3 * places, 1, 3),  # -2
        (2 * places + 1, 6, 2),  # 5
    ]


_SAME_RULE = Rule(parts=("before", "after"), dtype="integer")
_SYMMETRIC = (
    "Both ends get the same. An odd number of cells cannot be shared like that: for 28, kernel 3, stride 2 one single cell is missing. "
    "How many cells does your answer add?"
)

same = Exercise(
    id="5.4",
    name="same_padding",
    task="Return (before, after): the cells that Keras adds so that there are ceil(size / stride) places.",
    reference=same_padding,
    alternatives=[_same_by_cases, _same_by_trying],
    draw=_draw_same,
    example=(28, 3, 2),
    rule=_SAME_RULE,
    hints=[
        "How many places does Keras promise? size / stride, rounded up: -(-size // stride), or math.ceil.",
        "The last window starts (places - 1) * stride cells after the first and needs kernel_size cells. How many more than `size` are that? Never fewer than 0.",
        "Half of them, rounded down, come before. The others come after.",
    ],
    mistakes=[
        Mistake(
            name="symmetric",
            message=_SYMMETRIC,
            answer=lambda size, kernel_size, stride: (_total(size, kernel_size, stride) // 2,) * 2,
        ),
        Mistake(
            name="symmetric",
            message=_SYMMETRIC,
            answer=lambda size, kernel_size, stride: ((_total(size, kernel_size, stride) + 1) // 2,) * 2,
        ),
        Mistake(
            name="symmetric",
            message="Both ends get half a kernel, whatever the stride is. That is what one writes in PyTorch; Keras adds no more than is missing: how many cells are that for 28, kernel 3, stride 2?",
            answer=lambda size, kernel_size, stride: (kernel_size // 2,) * 2,
        ),
        Mistake(
            name="symmetric",
            message="Both ends get half a kernel, whatever the stride is. Keras adds no more than is missing: how many cells are that for 28, kernel 3, stride 2?",
            answer=lambda size, kernel_size, stride: ((kernel_size - 1) // 2,) * 2,
        ),
        Mistake(
            name="extra before",
            message="The number of cells is right, and the odd one comes first. On which side does Keras put it? Lesson 05 shows it for 28, kernel 3, stride 2.",
            answer=lambda size, kernel_size, stride: same_padding(size, kernel_size, stride)[::-1],
        ),
        Mistake(
            name="right for stride 1 only",
            message="For stride 1 all is right: kernel_size - 1 cells. With a larger stride the last window ends earlier: where does it start, and which pixel is its last?",
            answer=_split_of(lambda size, kernel_size, stride: kernel_size - 1),
        ),
        Mistake(
            name="right for stride 1 only",
            message="You add what keeps the *size*, not what Keras promises: with stride 2 the result has half the places. How many places are due?",
            answer=_split_of(lambda size, kernel_size, stride: (size - 1) * stride + kernel_size - size),
        ),
        Mistake(
            name="places rounded down",
            message="Right where the stride divides the size. Otherwise there is one place too few: does Keras round size / stride up or down?",
            answer=_split_of(
                lambda size, kernel_size, stride: max((size // stride - 1) * stride + kernel_size - size, 0)
            ),
        ),
        Mistake(
            name="stride has to divide",
            message="Right where the stride divides the size: kernel_size - stride cells are missing then. With a rest the last window starts further on: where, for size 7 and stride 3?",
            answer=_split_of(lambda size, kernel_size, stride: max(kernel_size - stride, 0)),
        ),
        Mistake(
            name="stride has to divide",
            message="Right where the stride divides the size and the kernel is larger than the stride. Where does the last window start for size 7 and stride 3? And can fewer than 0 cells be missing?",
            answer=_split_of(lambda size, kernel_size, stride: kernel_size - stride),
        ),
        Mistake(
            name="negative",
            message="You return negative numbers where the kernel is smaller than the stride. Then pixels are left over, and none is missing: how many cells are added?",
            answer=_split_of(lambda size, kernel_size, stride: (-(-size // stride) - 1) * stride + kernel_size - size),
        ),
        Mistake(
            name="one stride too far",
            message="Too many cells: the last window is put one stride too far. There are `places` windows; how many steps lie between the first and the last?",
            answer=_split_of(
                lambda size, kernel_size, stride: max(-(-size // stride) * stride + kernel_size - size, 0)
            ),
        ),
        Mistake(
            name="returns floats",
            message="The numbers have a fraction, or are floats: half a cell cannot be added. Which division gives an int, and where does the rest go?",
            answer=lambda size, kernel_size, stride: (_total(size, kernel_size, stride) / 2,) * 2,
        ),
        Mistake(
            name="total only",
            message="This is how many cells are missing in all. Two numbers are due, (before, after): how is the total shared?",
            answer=_total,
        ),
    ],
)

# --- 5.5 -------------------------------------------------------------------------------------------------------------


def receptive_field(layers):
    field, jump = 1, 1
    for kernel_size, stride in layers:
        field += (kernel_size - 1) * jump
        jump *= stride
    return field


def _field_backwards(layers):
    """From the last layer to the first: how many cells of its input does it take to compute these?"""
    cells = 1
    for kernel_size, stride in reversed(layers):
        cells = (cells - 1) * stride + kernel_size
    return cells


def _field_as_sum(layers):
    kernels, strides = zip(*layers)
    return 1 + sum((k - 1) * math.prod(strides[:place]) for place, k in enumerate(kernels))


def _walk(step, finish=lambda field, jump: field, start=(1, 1)):
    """Return the answer that does ``field, jump = step(field, jump, kernel_size, stride)`` for each layer."""

    def answer(layers):
        field, jump = start
        for kernel_size, stride in layers:
            field, jump = step(field, jump, kernel_size, stride)
        return finish(field, jump)

    return answer


def _draw_layers(random):
    """Strides above 1 early, a kernel above 1 after them; each list differs from its reverse."""
    odd = lambda: int(random.choice([3, 5, 7]))  # noqa: E731
    return [
        [(odd(), 1), (2, 2), (odd(), 1), (2, 2), (odd(), 1)],
        [(odd(), 2), (odd(), 3), (4, 1)],
        [(odd(), 1), (odd() + 1, 1)],
        [(odd(), 3)],
        [(11, 4), (3, 2), (5, 1), (3, 2), (odd(), 1)],
    ]


_ADDS_KERNELS = (
    "You add up the kernels. Two filters of 3 share pixels: the second moves by two places, one to each side of the first. "
    "How many pixels do both together see, 6 or 5?"
)
_FORGETS_JUMP = (
    "This would be right if all strides were 1. After a pool with stride 2 neighbouring cells are two pixels apart: "
    "how many pixels does a filter of 3 add there?"
)

seeing = Exercise(
    id="5.5",
    name="receptive_field",
    task="Return how many pixels along one axis can change one cell after these layers, pairs of (kernel size, stride).",
    reference=receptive_field,
    alternatives=[_field_backwards, _field_as_sum],
    draw=lambda random: [(layers,) for layers in _draw_layers(random)],
    example=([(3, 1), (2, 2), (3, 1), (2, 2)],),
    rule=Rule(dtype="integer"),
    hints=[
        "Keep two numbers: the field, which starts at 1 (a pixel sees itself), and the jump, the distance in pixels between neighbouring cells, which starts at 1 too.",
        "A kernel of k cells adds k - 1 cells to the first one, each of them one jump further. The stride makes the jump of what follows larger.",
        "Which of the two comes first? The pool of 2 with stride 2 looks at cells that are still one pixel apart.",
    ],
    mistakes=[
        Mistake(name="adds kernels", message=_ADDS_KERNELS, answer=lambda layers: sum(k for k, _ in layers)),
        Mistake(name="adds kernels", message=_ADDS_KERNELS, answer=lambda layers: 1 + sum(k for k, _ in layers)),
        Mistake(
            name="adds kernels",
            message="You add k × jump for each layer. Of the k cells of a kernel one lies where you are already: how many are new?",
            answer=_walk(lambda r, j, k, s: (r + k * j, j * s)),
        ),
        Mistake(
            name="adds kernels",
            message="You add k × jump for each layer, starting from 0. The first layer is right; of the k cells of a later kernel, how many are new?",
            answer=_walk(lambda r, j, k, s: (r + k * j, j * s), start=(0, 1)),
        ),
        Mistake(name="forgets the jump", message=_FORGETS_JUMP, answer=_walk(lambda r, j, k, s: (r + k - 1, j))),
        Mistake(
            name="forgets the jump",
            message="Each layer adds (k - 1) times its *own* stride. It is the strides *before* it that have moved its cells apart: which product is that?",
            answer=_walk(lambda r, j, k, s: (r + (k - 1) * s, j)),
        ),
        Mistake(
            name="forgets the jump",
            message="Each layer counts the stride of the layer before it only. After two pools with stride 2, how many pixels are neighbouring cells apart?",
            answer=_walk(lambda r, j, k, s: (r + (k - 1) * j, s)),
        ),
        Mistake(
            name="jump too early",
            message="The stride of a layer already counts in that layer. The pool of 2 looks at cells that are still one pixel apart: which line comes first?",
            answer=_walk(lambda r, j, k, s: (r + (k - 1) * j * s, j * s)),
        ),
        Mistake(
            name="jumps added",
            message="You add the strides. After two pools with stride 2 a step of one cell is 2 steps of 2 pixels: plus or times?",
            answer=_walk(lambda r, j, k, s: (r + (k - 1) * j, j + s)),
        ),
        Mistake(
            name="jumps added",
            message="You add the strides less one. After three pools with stride 2 a step of one cell is 2 steps of 2 steps of 2 pixels: plus or times?",
            answer=_walk(lambda r, j, k, s: (r + (k - 1) * j, j + s - 1)),
        ),
        Mistake(
            name="starts at zero",
            message="Your number is one too small. How many pixels does a pixel see before any layer?",
            answer=_walk(lambda r, j, k, s: (r + (k - 1) * j, j * s), start=(0, 1)),
        ),
        Mistake(
            name="multiplies kernels",
            message="You multiply the kernels. Neighbouring windows overlap: two filters of 3 with stride 1, do they see 9 pixels or 5?",
            answer=lambda layers: math.prod(k for k, _ in layers),
        ),
        Mistake(
            name="last layer missing",
            message="Your number is that of the layer before the last. Does the loop, or its range, end too early?",
            answer=lambda layers: receptive_field(layers[:-1]),
        ),
        Mistake(
            name="first layer only",
            message="Your number is that of the first layer. Does the function return inside of the loop?",
            answer=lambda layers: layers[0][0],
        ),
        Mistake(
            name="forgets the jump",
            message="The stride of the *first* layer is left out: you begin with its kernel. By how much does it move the cells of the second layer apart?",
            answer=lambda layers: receptive_field([(layers[0][0], 1), *layers[1:]]),
        ),
        Mistake(
            name="returns the jump",
            message="This is the jump, the distance between neighbouring cells. How far a cell *sees* is the other number.",
            answer=_walk(lambda r, j, k, s: (r + (k - 1) * j, j * s), finish=lambda field, jump: jump),
        ),
        Mistake(
            name="kernel and stride exchanged",
            message="Kernel and stride have changed places. A layer is (kernel size, stride): which of the two comes first?",
            answer=lambda layers: receptive_field([layer[::-1] for layer in layers]),
        ),
        Mistake(
            name="wrong direction",
            message="This is the field of the layers in the opposite order. A stride moves the cells of *later* layers apart: from which end does your loop start?",
            answer=lambda layers: receptive_field(layers[::-1]),
        ),
    ],
)

EXERCISES = (sizes, padding_zeros, strided, same, seeing)
