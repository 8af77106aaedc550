"""Lesson 02: convolution by hand."""

import numpy as np

from .comparison import Rule
from .drawing import float_image, integer_image, small_kernel
from .engine import Exercise, Mistake

# --- 2.1 -------------------------------------------------------------------------------------------------------------

_FEATURE_MAP = np.array([[50, 150], [0, 50]])

by_hand = Exercise(
    id="2.1",
    name="feature_map",
    task="Slide a 2 x 2 kernel of 0.25 over [[0, 200, 200], [0, 0, 200], [0, 0, 0]], by hand.",
    reference=_FEATURE_MAP,
    alternatives=[_FEATURE_MAP.astype(float)],
    hints=[
        "Begin in the top left corner. Which four pixels lie under the kernel? Multiply each by 0.25 and add up.",
        "The top left window is [[0, 200], [0, 0]]: 0.25 * 200 = 50. Move one column to the right for the next number of the first row.",
    ],
    mistakes=[
        Mistake(
            name="transposed",
            message=(
                "These are the right numbers with rows and columns exchanged. "
                "The window moves along a row first: which pixels lie under the kernel after one step to the right?"
            ),
            answer=_FEATURE_MAP.T,
        ),
        Mistake(
            name="divided by 4 twice",
            message="Every number is a quarter of what is due. The weights are 0.25 already: does the sum need another division?",
            answer=_FEATURE_MAP / 4,
        ),
        Mistake(
            name="not divided",
            message="Every number is four times what is due: these are sums of pixels. What does each weight of 0.25 do to its pixel?",
            answer=_FEATURE_MAP * 4,
        ),
    ],
)

# --- 2.2 and 2.3 -----------------------------------------------------------------------------------------------------


def correlate2d(image, kernel):
    rows = image.shape[0] - kernel.shape[0] + 1
    columns = image.shape[1] - kernel.shape[1] + 1
    feature_map = np.zeros((rows, columns))
    for row in range(rows):
        for column in range(columns):
            window = image[row : row + kernel.shape[0], column : column + kernel.shape[1]]
            feature_map[row, column] = np.sum(window * kernel)
    return feature_map


def convolve2d(image, kernel):
    return correlate2d(image, kernel[::-1, ::-1])


def _correlate_by_shifts(image, kernel):
    height, width = kernel.shape
    rows, columns = image.shape[0] - height + 1, image.shape[1] - width + 1
    return sum(
        kernel[row, column] * image[row : row + rows, column : column + columns].astype(float)
        for row in range(height)
        for column in range(width)
    )


def _correlate_by_views(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijkl,kl->ij", windows, kernel)


def _with_transposed_kernel(image, kernel):
    """What the loop with row and column exchanged computes, over the positions of the right result."""
    height, width = kernel.shape
    feature_map = np.zeros((image.shape[0] - height + 1, image.shape[1] - width + 1))
    padded = np.pad(image.astype(float), ((0, max(height, width)), (0, max(height, width))))
    for row, column in np.ndindex(feature_map.shape):
        feature_map[row, column] = np.sum(padded[row : row + width, column : column + height] * kernel.T)
    return feature_map


def _same_size(image, kernel):
    above, left = (kernel.shape[0] - 1) // 2, (kernel.shape[1] - 1) // 2
    below, right = kernel.shape[0] - 1 - above, kernel.shape[1] - 1 - left
    return correlate2d(np.pad(image, ((above, below), (left, right))), kernel)


def _draw(random):
    """Two square kernels, on which a transposed one does not fail by its shape, and two that are not square."""
    return [
        (integer_image(random, 5, 7), small_kernel(random, 3, 3)),
        (float_image(random, 6, 5), small_kernel(random, 2, 2)),
        (integer_image(random, 6, 8, dtype=np.uint8), small_kernel(random, 2, 4)),
        (float_image(random, 7, 4), small_kernel(random, 4, 3)),
    ]


def _rule(image, kernel):
    sizes = zip(("rows", "columns"), "HW", "hw", image.shape, kernel.shape)
    return Rule(
        axes=tuple((name, f"{big} - {small} + 1 = {n} - {k} + 1 = {n - k + 1}") for name, big, small, n, k in sizes)
    )


def _window_and_kernel(arguments, part, index):
    image, kernel = arguments
    row, column = index
    window = image[row : row + kernel.shape[0], column : column + kernel.shape[1]]
    return [(f"the window at [{row}, {column}]", window), ("window × kernel", window * kernel)]


_EXAMPLE = (np.array([[1, 2, 3, 0], [4, 5, 6, 1], [7, 8, 9, 2]]), np.array([[1.0, 0.5], [0, -1]]))

_LAST_LINE_MISSING = Mistake(
    name="last row or column missing",
    message=(
        "What is there is right; the last row and the last column of positions are missing. "
        "How many positions has a kernel of size 2 along an axis of 3 pixels? Count them with your fingers."
    ),
    answer=lambda image, kernel: correlate2d(image, kernel)[:-1, :-1],
)

correlation = Exercise(
    id="2.2",
    name="correlate2d",
    task="Slide the kernel over the image without flipping it, and return the sums of products at all positions where it fits.",
    reference=correlate2d,
    alternatives=[_correlate_by_shifts, _correlate_by_views],
    draw=_draw,
    example=_EXAMPLE,
    rule=_rule,
    focus=_window_and_kernel,
    points=2,
    hints=[
        "One number first: cut the window whose top left pixel is [row, column], with the kernel's height and width, multiply it with the kernel and sum.",
        "Then two loops over all positions. Along an axis of H pixels a kernel of h cells has H - h + 1 positions.",
        "Make the result first: np.zeros((rows, columns)). It holds floats, so nothing is cut off.",
    ],
    mistakes=[
        Mistake(
            name="flipped",
            message=(
                "These are the numbers of the kernel turned by 180 degrees: that is convolution, and here correlation is asked. "
                "Which weight belongs to the top left pixel of the window?"
            ),
            answer=convolve2d,
        ),
        Mistake(
            name="flipped on one axis",
            message="These are the numbers of a kernel that is mirrored along one axis. Is there a [::-1], or an index that counts backwards?",
            answer=lambda image, kernel: correlate2d(image, kernel[::-1]),
        ),
        Mistake(
            name="flipped on one axis",
            message="These are the numbers of a kernel that is mirrored along one axis. Is there a [::-1], or an index that counts backwards?",
            answer=lambda image, kernel: correlate2d(image, kernel[:, ::-1]),
        ),
        Mistake(
            name="transposed kernel",
            message="These are the numbers of the kernel with its rows and columns exchanged. Does your inner loop use kernel[row, column] or kernel[column, row]?",
            answer=_with_transposed_kernel,
        ),
        _LAST_LINE_MISSING,
        Mistake(
            name="last row or column missing",
            message="What is there is right; the last row of positions is missing. What is the largest row at which the kernel still fits?",
            answer=lambda image, kernel: correlate2d(image, kernel)[:-1],
        ),
        Mistake(
            name="last row or column missing",
            message="What is there is right; the last column of positions is missing. What is the largest column at which the kernel still fits?",
            answer=lambda image, kernel: correlate2d(image, kernel)[:, :-1],
        ),
        Mistake(
            name="same-size output",
            message="Your result is as large as the image: it was padded with zeros. Here only positions count where the whole kernel lies on the image. How many are there?",
            answer=_same_size,
        ),
        Mistake(
            name="same-size output",
            message="Your result is as large as the image, and its last rows and columns stay 0. Which shape has a result with one cell for each position of the kernel?",
            answer=lambda image, kernel: np.pad(
                correlate2d(image, kernel), ((0, kernel.shape[0] - 1), (0, kernel.shape[1] - 1))
            ),
        ),
        Mistake(
            name="absolute value",
            message="The sizes are right and every sign is plus. A negative sum says that the window is the opposite of the kernel: keep the sign.",
            answer=lambda image, kernel: np.abs(correlate2d(image, kernel)),
        ),
        Mistake(
            name="clipped",
            message="Your numbers end at 0 and 255. A feature map is not a picture yet: what would the next layer lose?",
            answer=lambda image, kernel: np.clip(correlate2d(image, kernel), 0, 255),
        ),
    ],
)

convolution = Exercise(
    id="2.3",
    name="convolve2d",
    task="Turn the kernel by 180 degrees, then slide it over the image: valid convolution.",
    reference=convolve2d,
    alternatives=[
        lambda image, kernel: _correlate_by_shifts(image, np.rot90(kernel, 2)),
        lambda image, kernel: _correlate_by_views(image, np.flip(kernel)),
    ],
    draw=_draw,
    example=_EXAMPLE,
    rule=_rule,
    hints=[
        "Convolution is correlation with another kernel. Which one? Try it on an impulse: the result must look like the kernel itself.",
        "kernel[::-1] turns the rows around. What does the same for the columns?",
    ],
    mistakes=[
        Mistake(
            name="not flipped",
            message="These are the numbers of correlation. What does an impulse show through your function: the kernel, or the kernel turned?",
            answer=correlate2d,
        ),
        Mistake(
            name="one axis flipped",
            message="The kernel is mirrored upside down, but left and right stay where they were. Turning by 180 degrees does both.",
            answer=lambda image, kernel: correlate2d(image, kernel[::-1]),
        ),
        Mistake(
            name="one axis flipped",
            message="The kernel is mirrored left to right, but top and bottom stay where they were. Turning by 180 degrees does both.",
            answer=lambda image, kernel: correlate2d(image, kernel[:, ::-1]),
        ),
        Mistake(
            name="flips the image",
            message="The right numbers come out in the wrong order: the image was turned instead of the kernel. Which of the two slides?",
            answer=lambda image, kernel: correlate2d(image[::-1, ::-1], kernel),
        ),
    ],
)

# --- 2.4 -------------------------------------------------------------------------------------------------------------


def cost(height, width, kernel_height, kernel_width):
    positions = (height - kernel_height + 1) * (width - kernel_width + 1)
    return positions * kernel_height * kernel_width


def _cost_by_counting(height, width, kernel_height, kernel_width):
    count = 0
    for _ in range(height - kernel_height + 1):
        for _ in range(width - kernel_width + 1):
            count += kernel_height * kernel_width
    return count


multiplications = Exercise(
    id="2.4",
    name="cost",
    task="Count the multiplications of the loop over all positions where the kernel fits.",
    reference=cost,
    alternatives=[_cost_by_counting],
    draw=lambda random: [
        tuple(int(n) for n in (*random.integers(20, 60, 2), *random.permutation([2, 3, 5, 7])[:2])) for _ in range(4)
    ],
    example=(28, 28, 3, 3),
    hints=[
        "How many positions has the kernel? Lesson 02 counts 676 for a 3 x 3 kernel on 28 x 28 pixels.",
        "At each position, every cell of the kernel is multiplied once.",
    ],
    mistakes=[
        Mistake(
            name="counts the full image",
            message="Your count has one position for every pixel. Does the kernel fit on every pixel?",
            answer=lambda height, width, kernel_height, kernel_width: height * width * kernel_height * kernel_width,
        ),
        Mistake(
            name="forgets the kernel",
            message="This is the number of positions. How many multiplications happen at each of them?",
            answer=lambda height, width, kernel_height, kernel_width: (
                (height - kernel_height + 1) * (width - kernel_width + 1)
            ),
        ),
    ],
)

EXERCISES = (by_hand, correlation, convolution, multiplications)
