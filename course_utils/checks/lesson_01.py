"""Lesson 01: images are arrays."""

import numpy as np

from .comparison import Rule
from .drawing import float_image, integer_image, small_kernel
from .engine import Exercise, Mistake

# --- 1.1 -------------------------------------------------------------------------------------------------------------


def to_gray(rgb):
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    return 0.299 * red + 0.587 * green + 0.114 * blue


def _gray_by_loops(rgb):
    gray = np.zeros(rgb.shape[:2])
    for row in range(rgb.shape[0]):
        for column in range(rgb.shape[1]):
            for share, value in zip((0.299, 0.587, 0.114), rgb[row, column]):
                gray[row, column] += share * value
    return gray


def _with_weights(*weights):
    return lambda rgb: rgb @ np.array(weights)


def _mean_of_bytes(rgb):
    return (rgb[..., 0] + rgb[..., 1] + rgb[..., 2]) / 3


def _unpacked(rgb):
    red, green, blue = rgb
    return 0.299 * red + 0.587 * green + 0.114 * blue


def _draw_colours(random):
    """Bytes, floats up to 255, and floats up to 1: an answer that guesses the range is found out."""
    return [
        (integer_image(random, 4, 5, 3, dtype=np.uint8),),
        (random.uniform(0, 255, (5, 2, 3)).round(1),),
        (random.random((2, 6, 3)).round(3),),
        (integer_image(random, 6, 4, 3),),
    ]


def _rule_of_gray(rgb):
    return Rule(axes=(("rows", f"H = {rgb.shape[0]}"), ("columns", f"W = {rgb.shape[1]}")))


def _pixel(arguments, part, index):
    return [(f"red, green and blue of the pixel at {list(index)}", arguments[0][index])]


_OTHER_SHARES = (
    "Your greys are close to what is due, but not the same: these are the shares of another standard. "
    "Lesson 01 takes the three of BT.601. What are they?"
)

_PLAIN_MEAN = (
    "All three channels count the same here: this is their mean. To the eye, is a pure green as bright as a pure blue?"
)
_FIRST_AXIS = (
    "The first axis is taken for the channels, but it counts the rows: the shape is (H, W, 3). "
    "Which index is the last one, and how do you skip the others?"
)

gray = Exercise(
    id="1.1",
    name="to_gray",
    task="Turn a colour image into the brightness of each pixel: 0.299 red + 0.587 green + 0.114 blue, as floats.",
    reference=to_gray,
    alternatives=[
        _gray_by_loops,
        _with_weights(0.299, 0.587, 0.114),
        lambda rgb: np.average(rgb, axis=2, weights=[299, 587, 114]),
        lambda rgb: np.sum(rgb * [0.299, 0.587, 0.114], axis=-1),
    ],
    draw=_draw_colours,
    example=(np.array([[[135, 193, 58], [255, 255, 255]]], dtype=np.uint8),),
    rule=_rule_of_gray,
    focus=_pixel,
    hints=[
        "The last axis holds red, green and blue: `rgb[..., 0]` is the red channel of the whole image, of shape (H, W).",
        "One pixel first: 0.299 · 135 + 0.587 · 193 + 0.114 · 58. The same expression with three whole channels does all pixels at once.",
    ],
    mistakes=[
        Mistake(name="plain mean", message=_PLAIN_MEAN, answer=lambda rgb: rgb.mean(axis=2)),
        Mistake(name="plain mean", message=_PLAIN_MEAN, answer=lambda rgb: rgb.mean(axis=2).astype(np.uint8)),
        Mistake(
            name="plain mean",
            message=(
                "All three channels count the same here, and in uint8 their sum wraps around before you divide. "
                "Floats and the three shares cure both: where do the floats come in?"
            ),
            answer=_mean_of_bytes,
        ),
        Mistake(
            name="BGR order",
            message=(
                "Red and blue have changed places: the first channel got the share of the last. "
                "Which colour is channel 0 in this course, and where does blue come first?"
            ),
            answer=_with_weights(0.114, 0.587, 0.299),
        ),
        *(
            Mistake(
                name="shares mixed up",
                message="Each channel has one of the three shares, but not its own. To which colour is the eye most sensitive, to which least?",
                answer=_with_weights(*shares),
            )
            for shares in (
                (0.587, 0.299, 0.114),
                (0.299, 0.114, 0.587),
                (0.114, 0.299, 0.587),
                (0.587, 0.114, 0.299),
            )
        ),
        Mistake(
            name="channels first",
            message=_FIRST_AXIS,
            answer=lambda rgb: 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2],
        ),
        Mistake(name="channels first", message=_FIRST_AXIS, answer=_unpacked),
        Mistake(
            name="divided by 3",
            message="Every number is a third of what is due. The shares make a mean already, as they add up to 1: what divides once more?",
            answer=lambda rgb: to_gray(rgb) / 3,
        ),
        Mistake(
            name="rescaled by 255",
            message=(
                "Every number is 1/255 of what is due. The three shares add up to 1, so white stays white: "
                "what is 0.299 · 255 + 0.587 · 255 + 0.114 · 255?"
            ),
            answer=lambda rgb: to_gray(rgb) / 255,
        ),
        Mistake(
            name="rescaled by 255",
            message="Every number is 255 times what is due. The three shares add up to 1: does the range of the image need to change?",
            answer=lambda rgb: to_gray(rgb) * 255,
        ),
        Mistake(
            name="rescaled by 255",
            message=(
                "Images of bytes come out between 0 and 1, others as they should. "
                "The range is to stay as it is, whatever the dtype: who divides by 255?"
            ),
            answer=lambda rgb: to_gray(rgb) / (255 if rgb.dtype == np.uint8 else 1),
        ),
        Mistake(
            name="rescaled by 255",
            message=(
                "Images that go up to 255 come out between 0 and 1, the others as they should. "
                "The range is to stay as it is: who divides?"
            ),
            answer=lambda rgb: to_gray(rgb) / (255 if rgb.max() > 1 else 1),
        ),
        Mistake(
            name="rescaled by 255",
            message=(
                "An image between 0 and 1 comes out between 0 and 255, the others as they should. "
                "The range is to stay as it is: who multiplies?"
            ),
            answer=lambda rgb: to_gray(rgb) * (255 if rgb.max() <= 1 else 1),
        ),
        Mistake(
            name="plain sum",
            message="The three channels are added as they are. White is then 765: by which share does each channel count?",
            answer=lambda rgb: rgb.sum(axis=2),
        ),
        Mistake(
            name="not added",
            message=(
                "Each channel has its share, but a pixel still has three numbers, shape (H, W, 3). "
                "Its brightness is one number: along which axis are the three added?"
            ),
            answer=lambda rgb: rgb * np.array([0.299, 0.587, 0.114]),
        ),
        Mistake(
            name="one channel",
            message="This is the red channel alone. A pure blue would be black: what do the other two contribute?",
            answer=lambda rgb: rgb[..., 0],
        ),
        Mistake(
            name="one channel",
            message="This is the green channel alone. A pure red would be black: what do the other two contribute?",
            answer=lambda rgb: rgb[..., 1],
        ),
        Mistake(
            name="one channel",
            message="This is the blue channel alone, the darkest to the eye. What do the other two contribute?",
            answer=lambda rgb: rgb[..., 2],
        ),
        Mistake(
            name="lightness",
            message=(
                "This is halfway between the smallest and the largest channel, whatever their colours are. "
                "Here each colour has a share of its own: which is the largest?"
            ),
            answer=lambda rgb: (rgb.max(axis=2).astype(float) + rgb.min(axis=2)) / 2,
        ),
        Mistake(
            name="shares of another standard",
            message=_OTHER_SHARES,
            answer=_with_weights(0.2126, 0.7152, 0.0722),
        ),
        Mistake(
            name="shares of another standard",
            message=_OTHER_SHARES,
            answer=_with_weights(0.2125, 0.7154, 0.0721),
        ),
        Mistake(
            name="shares cut short",
            message=(
                "Your numbers are too dark by about one in ten thousand: white is 254.97. "
                "What do your three shares add up to?"
            ),
            answer=_with_weights(0.2989, 0.587, 0.114),
        ),
        Mistake(
            name="shares cut short",
            message="Your numbers are close, off by less than one. The shares have three digits after the point: do yours?",
            answer=_with_weights(0.3, 0.59, 0.11),
        ),
        Mistake(
            name="rounded",
            message=(
                "These are the right greys, rounded to whole numbers. A screen needs that in the end; "
                "here the next step calculates with them, so keep the fraction."
            ),
            answer=lambda rgb: np.rint(to_gray(rgb)).astype(np.uint8),
        ),
    ],
)

# --- 1.2 -------------------------------------------------------------------------------------------------------------


def window(image, row, column, height, width):
    return image[row : row + height, column : column + width]


def _window_by_loops(image, row, column, height, width):
    result = np.zeros((height, width))
    for down in range(height):
        for right in range(width):
            result[down, right] = image[row + down, column + right]
    return result


def _window_by_indices(image, row, column, height, width):
    return image[np.ix_(np.arange(row, row + height), np.arange(column, column + width))]


def _draw_windows(random):
    """Row and column, height and width always differ, and fit when they are exchanged, too; the last window touches the corner."""
    cases = []
    for shape, sizes, dtype in (((9, 11), (2, 4), np.uint8), ((12, 10), (4, 3), np.int64), ((10, 12), (2, 3), float)):
        image = integer_image(random, *shape, dtype=dtype) + (0.25 if dtype is float else 0)
        row, column = random.permutation([2, 3, 4, 5])[:2].tolist()
        height, width = random.permutation(sizes).tolist()
        cases.append((image, row, column, height, width))
    height, width = random.permutation([2, 3, 4])[:2].tolist()
    cases.append((integer_image(random, 8, 9), 8 - height, 9 - width, height, width))
    return cases


def _rule_of_windows(image, row, column, height, width):
    return Rule(axes=(("rows", f"height = {height}"), ("columns", f"width = {width}")))


_TINY = np.array([[0, 64, 128, 255], [48, 192, 144, 80], [142, 226, 168, 32]], dtype=np.uint8)

_SWAPPED = "Your window starts at the wrong place: row and column are exchanged. The first index counts downwards; which of the two is that?"
_CENTRED = (
    "Your window has the pixel (row, column) in its middle. Here this pixel is its top left corner: "
    "how many rows lie above it then?"
)
_END_NOT_OFFSET = (
    "Your slices end at height and width, wherever they begin. The end of a slice is a place in the image, not a length: "
    "what is the place `height` rows below `row`?"
)
_ONE_TOO_MANY = (
    "Your window has one row or column too many. A slice stops before its end: how many numbers are in 1:3, and in 1:4?"
)
_ONE_MISSING = "The last row or column of your window is missing. A slice stops before its end: how many numbers are in 1:3, and in 1:4?"
_BOTTOM_RIGHT = (
    "In your window the pixel at [row, column] is at the bottom right, or beyond. Here it is the top left corner: "
    "in which direction does the window go on from there?"
)

cutting = Exercise(
    id="1.2",
    name="window",
    task="Cut the window of height x width pixels whose top left pixel is at [row, column].",
    reference=window,
    alternatives=[
        _window_by_loops,
        _window_by_indices,
        lambda image, row, column, height, width: image[row:][:height, column:][:, :width],
    ],
    draw=_draw_windows,
    example=(_TINY, 0, 1, 2, 3),
    rule=_rule_of_windows,
    hints=[
        "An image has two axes, so it takes two slices with a comma between them: the rows first, then the columns.",
        "The rows start at `row`. A slice stops before its end, so with `height` rows the end is start plus length.",
    ],
    mistakes=[
        Mistake(
            name="row/column swapped",
            message=(
                "Rows and columns are exchanged, in the place and in the size: your window is as high as it should be wide. "
                "Which index comes first?"
            ),
            answer=lambda image, row, column, height, width: image[column : column + width, row : row + height],
        ),
        Mistake(
            name="row/column swapped",
            message=_SWAPPED,
            answer=lambda image, row, column, height, width: image[column : column + height, row : row + width],
        ),
        Mistake(
            name="row/column swapped",
            message="Your window starts at the right pixel, and its height and its width are exchanged. Which of the two belongs to the rows?",
            answer=lambda image, row, column, height, width: image[row : row + width, column : column + height],
        ),
        Mistake(
            name="centred",
            message=_CENTRED,
            answer=lambda image, row, column, height, width: window(
                image, row - height // 2, column - width // 2, height, width
            ),
        ),
        Mistake(
            name="centred",
            message=_CENTRED,
            answer=lambda image, row, column, height, width: image[
                row - height // 2 : row + height // 2 + 1, column - width // 2 : column + width // 2 + 1
            ],
        ),
        Mistake(
            name="centred",
            message=_CENTRED,
            answer=lambda image, row, column, height, width: image[
                row - height // 2 : row + height // 2, column - width // 2 : column + width // 2
            ],
        ),
        Mistake(
            name="end index not offset",
            message=_END_NOT_OFFSET,
            answer=lambda image, row, column, height, width: image[row:height, column:width],
        ),
        Mistake(
            name="end index not offset",
            message="The rows are right; the columns end at width, wherever they begin. Where do they end if they start at `column`?",
            answer=lambda image, row, column, height, width: image[row : row + height, column:width],
        ),
        Mistake(
            name="end index not offset",
            message="The columns are right; the rows end at height, wherever they begin. Where do they end if they start at `row`?",
            answer=lambda image, row, column, height, width: image[row:height, column : column + width],
        ),
        Mistake(
            name="starts at zero",
            message="Your window has the right size and lies in the top left corner of the image. Where do row and column come in?",
            answer=lambda image, row, column, height, width: image[:height, :width],
        ),
        Mistake(
            name="one too many",
            message=_ONE_TOO_MANY,
            answer=lambda image, row, column, height, width: image[row : row + height + 1, column : column + width + 1],
        ),
        Mistake(
            name="one too many",
            message=_ONE_TOO_MANY,
            answer=lambda image, row, column, height, width: image[row : row + height + 1, column : column + width],
        ),
        Mistake(
            name="one too many",
            message=_ONE_TOO_MANY,
            answer=lambda image, row, column, height, width: image[row : row + height, column : column + width + 1],
        ),
        Mistake(
            name="last row or column missing",
            message=_ONE_MISSING,
            answer=lambda image, row, column, height, width: image[row : row + height - 1, column : column + width - 1],
        ),
        Mistake(
            name="last row or column missing",
            message=_ONE_MISSING,
            answer=lambda image, row, column, height, width: image[row : row + height - 1, column : column + width],
        ),
        Mistake(
            name="last row or column missing",
            message=_ONE_MISSING,
            answer=lambda image, row, column, height, width: image[row : row + height, column : column + width - 1],
        ),
        Mistake(
            name="counted from one",
            message="Your window starts one row and one column too early. Both are counted from 0: does anything need to be subtracted?",
            answer=lambda image, row, column, height, width: image[
                row - 1 : row - 1 + height, column - 1 : column - 1 + width
            ],
        ),
        Mistake(
            name="counted from one",
            message="Your window starts one row and one column too late. Both are counted from 0: does anything need to be added?",
            answer=lambda image, row, column, height, width: image[
                row + 1 : row + 1 + height, column + 1 : column + 1 + width
            ],
        ),
        Mistake(
            name="bottom right",
            message=_BOTTOM_RIGHT,
            answer=lambda image, row, column, height, width: image[row - height : row, column - width : column],
        ),
        Mistake(
            name="bottom right",
            message=_BOTTOM_RIGHT,
            answer=lambda image, row, column, height, width: image[
                row - height + 1 : row + 1, column - width + 1 : column + 1
            ],
        ),
        Mistake(
            name="transposed",
            message="These are the right pixels with rows and columns exchanged. Which of your two loops is the outer one?",
            answer=lambda image, row, column, height, width: window(image, row, column, height, width).T,
        ),
        Mistake(
            name="row to column",
            message=(
                "Your first slice runs from row to column, your second one from height to width. "
                "The first slice is about rows only: at which row does it start, and how many rows does it take?"
            ),
            answer=lambda image, row, column, height, width: image[row:column, height:width],
        ),
        Mistake(
            name="rows cut twice",
            message=(
                "Both slices act on the rows: after the first pair of brackets, the second counts rows again. "
                "How does one pair of brackets take both axes?"
            ),
            answer=lambda image, row, column, height, width: image[row : row + height][column : column + width],
        ),
        Mistake(
            name="one axis only",
            message="The rows are right, and each has all columns of the image. What comes after the comma?",
            answer=lambda image, row, column, height, width: image[row : row + height],
        ),
        Mistake(
            name="one axis only",
            message="The columns are right, and each has all rows of the image. What comes before the comma?",
            answer=lambda image, row, column, height, width: image[:, column : column + width],
        ),
        Mistake(
            name="runs to the end",
            message="Your window starts at the right pixel and runs to the end of the image. Where do height and width come in?",
            answer=lambda image, row, column, height, width: image[row:, column:],
        ),
    ],
)

# --- 1.3 -------------------------------------------------------------------------------------------------------------


def weighted_sum(window, kernel):
    return np.sum(window * kernel)


def _sum_by_loops(window, kernel):
    total = 0
    for row in range(window.shape[0]):
        for column in range(window.shape[1]):
            total += window[row, column] * kernel[row, column]
    return total


def _with_exchanged_indices(window, kernel):
    total = 0
    for row in range(window.shape[0]):
        for column in range(window.shape[1]):
            total += window[row, column] * kernel[column, row]
    return total


def _draw_sums(random):
    """Two square windows, on which a matrix product gives a number, and two that are not square. Of each kind, one sum is negative."""
    cases = [
        (integer_image(random, 3, 3, dtype=np.uint8), small_kernel(random, 3, 3)),
        (float_image(random, 2, 2), small_kernel(random, 2, 2)),
        (integer_image(random, 2, 4), random.permutation([-3, -2, -1, 0, 1, 2, 4, 5]).reshape(2, 4)),
        (float_image(random, 4, 3), small_kernel(random, 4, 3)),
    ]
    for place in (0, 2):
        window, kernel = cases[place]
        if weighted_sum(window, kernel) > 0:
            cases[place] = window, -kernel
    return cases if all(weighted_sum(*case) != 0 and case[1].sum() != 0 for case in cases) else _draw_sums(random)


def _products(arguments, part, index):
    window, kernel = arguments
    return [("window × kernel, cell by cell", window * kernel)]


_MATRIX = (
    "This is a product of matrices, rows times columns. Here each pixel meets one weight only, the one at its own place: "
    "which operator multiplies cell by cell?"
)
_NO_SUM = "These are the products, one for each cell, and one number is due: what the whole window says. What is still to be done with them?"
_ONE_AXIS = (
    "A row of sums came out instead of one number: the products were added along one axis. "
    "Python's sum() does that to a table; what does NumPy's do?"
)
_FLIPPED_ONE_AXIS = "The kernel is mirrored along one axis. The weight at [0, 0] belongs to the pixel at [0, 0]: does an index count backwards?"

summing = Exercise(
    id="1.3",
    name="weighted_sum",
    task="Multiply the window with the kernel cell by cell, and return the sum of all products: one number.",
    reference=weighted_sum,
    alternatives=[
        _sum_by_loops,
        lambda window, kernel: float(np.vdot(window, kernel)),
        lambda window, kernel: sum(w * k for w, k in zip(window.ravel().tolist(), kernel.ravel().tolist())),
        lambda window, kernel: np.array(np.einsum("rc,rc", window, kernel)),
    ],
    draw=_draw_sums,
    example=(_TINY[0:2, 0:3], np.array([[-1, 0, 1], [-1, 0, 1]])),
    focus=_products,
    hints=[
        "`window * kernel` multiplies cell by cell and gives a table of products, as large as the window.",
        "NumPy's `np.sum` adds up a whole table, whatever its shape; Python's own `sum` goes row by row.",
    ],
    mistakes=[
        *(
            Mistake(name="matrix product", message=_MATRIX, answer=answer)
            for answer in (
                lambda window, kernel: np.sum(window @ kernel),
                lambda window, kernel: window @ kernel,
                lambda window, kernel: np.sum(window @ kernel.T),
                lambda window, kernel: window @ kernel.T,
            )
        ),
        Mistake(name="no sum", message=_NO_SUM, answer=lambda window, kernel: window * kernel),
        Mistake(name="no sum", message=_ONE_AXIS, answer=lambda window, kernel: np.sum(window * kernel, axis=0)),
        Mistake(name="no sum", message=_ONE_AXIS, answer=lambda window, kernel: np.sum(window * kernel, axis=1)),
        Mistake(
            name="flipped kernel",
            message=(
                "These are the numbers of the kernel turned by 180 degrees. "
                "Which weight belongs to the top left pixel of the window?"
            ),
            answer=lambda window, kernel: np.sum(window * kernel[::-1, ::-1]),
        ),
        Mistake(
            name="flipped kernel",
            message=_FLIPPED_ONE_AXIS,
            answer=lambda window, kernel: np.sum(window * kernel[::-1]),
        ),
        Mistake(
            name="flipped kernel",
            message=_FLIPPED_ONE_AXIS,
            answer=lambda window, kernel: np.sum(window * kernel[:, ::-1]),
        ),
        Mistake(
            name="mean",
            message="The products are right, and then divided by their count. Here the sum itself is due: the kernel decides whether to average.",
            answer=lambda window, kernel: np.mean(window * kernel),
        ),
        Mistake(
            name="divided by the weights",
            message=(
                "The sum is right, and then divided by the sum of the weights. A kernel such as -1, 0, 1 has weights that "
                "add up to 0: what would remain of that?"
            ),
            answer=lambda window, kernel: np.sum(window * kernel) / np.sum(kernel),
        ),
        Mistake(
            name="product of the sums",
            message="Here the window is summed, the kernel is summed, and then the two are multiplied. Does each pixel still meet its own weight?",
            answer=lambda window, kernel: np.sum(window) * np.sum(kernel),
        ),
        Mistake(
            name="added instead of multiplied",
            message="Pixels and weights are added here. A weight says how much its pixel counts: what does a weight of 0 have to do to its pixel?",
            answer=lambda window, kernel: np.sum(window + kernel),
        ),
        Mistake(
            name="return too early",
            message="This is the first product alone: the function returns before the others are added. How far is the return indented?",
            answer=lambda window, kernel: window[0, 0] * kernel[0, 0],
        ),
        Mistake(
            name="return too early",
            message="This is the sum of the first row alone: the function returns before the other rows. How far is the return indented?",
            answer=lambda window, kernel: np.sum(window[0] * kernel[0]),
        ),
        Mistake(
            name="total starts again",
            message="This is the last product alone: the total is set back to 0 before each product. Where does it have to start?",
            answer=lambda window, kernel: window[-1, -1] * kernel[-1, -1],
        ),
        Mistake(
            name="total starts again",
            message="This is the sum of the last row alone: the total is set back to 0 before each row. Where does it have to start?",
            answer=lambda window, kernel: np.sum(window[-1] * kernel[-1]),
        ),
        Mistake(
            name="last row or column missing",
            message="The last row and the last column are not in your sum. Where does range(2) end?",
            answer=lambda window, kernel: np.sum((window * kernel)[:-1, :-1]),
        ),
        Mistake(
            name="transposed kernel",
            message="On square windows, rows and columns of the kernel are exchanged. Is it kernel[row, column] or kernel[column, row]?",
            answer=lambda window, kernel: np.sum(window * kernel.T),
        ),
        Mistake(
            name="transposed kernel",
            message="On square windows, rows and columns of the kernel are exchanged. Is it kernel[row, column] or kernel[column, row]?",
            answer=_with_exchanged_indices,
        ),
        Mistake(
            name="absolute value",
            message="Every sum comes out without a minus. A negative sum says that the window is the opposite of the kernel: keep the sign.",
            answer=lambda window, kernel: abs(np.sum(window * kernel)),
        ),
        Mistake(
            name="clipped",
            message="Your numbers end at 0 and 255. A weighted sum is not a pixel yet: what would a negative one have told?",
            answer=lambda window, kernel: np.clip(np.sum(window * kernel), 0, 255),
        ),
    ],
)

EXERCISES = (gray, cutting, summing)
