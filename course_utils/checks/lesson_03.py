"""Lesson 03: a gallery of filters."""

import math

import numpy as np

from .comparison import Rule
from .drawing import integer_image, small_kernel
from .engine import Exercise, Mistake

# --- 3.1 -------------------------------------------------------------------------------------------------------------


def gaussian_kernel(size, sigma):
    distance = np.arange(size) - size // 2
    squared = distance[:, np.newaxis] ** 2 + distance**2
    weights = np.exp(-squared / (2 * sigma**2))
    return weights / weights.sum()


def _gaussian_by_loops(size, sigma):
    weights = np.zeros((size, size))
    middle = (size - 1) / 2
    for row in range(size):
        for column in range(size):
            squared = (row - middle) ** 2 + (column - middle) ** 2
            weights[row, column] = math.exp(-squared / (2 * sigma * sigma))
    return weights / np.sum(weights)


def _gaussian_as_outer_product(size, sigma):
    bell = np.exp(-0.5 * (np.linspace(-(size - 1) / 2, (size - 1) / 2, size) / sigma) ** 2)
    return np.outer(bell / bell.sum(), bell / bell.sum())


def _bell(size, exponent, *, centre=None, normalise=True):
    """Return exp(exponent(squared distance)), for the wrong exponents and centres that learners write."""
    distance = np.arange(size) - (size // 2 if centre is None else centre)
    weights = np.exp(exponent(distance[:, np.newaxis] ** 2.0 + distance**2.0))
    return weights / weights.sum() if normalise else weights


def _bell_of(size, double_exponent):
    """Return exp(-double_exponent(row step, column step) / 2), divided by its sum."""
    step = np.arange(size) - size // 2.0
    weights = np.exp(-double_exponent(step[:, np.newaxis], step) / 2)
    return weights / weights.sum()


def _draw_bells(random):
    """Sizes and sigmas at which no two wrong exponents agree: never 1, where squaring does nothing, never 2 = 2² / 2."""
    sizes = random.permutation([3, 5, 7, 9]).tolist()
    sigmas = np.add([0.7, 1.4, 1.7, 2.6], random.normal(0, 0.05, 4).round(2))
    return list(zip(sizes, random.permutation(sigmas).tolist()))


def _squared_distances(arguments, part, index):
    distance = np.arange(arguments[0]) - arguments[0] // 2
    return [("squared distance from the middle", distance[:, np.newaxis] ** 2 + distance**2)]


_NOT_NORMALISED = (
    "The shape is right, and the weights do not sum to 1: a flat grey of 100 would change its brightness. "
    "By which number do you divide, so that the sum becomes 1?"
)

gaussian = Exercise(
    id="3.1",
    name="gaussian_kernel",
    task="Return size x size samples of exp(-d² / (2 sigma²)), d the distance from the middle cell, divided by their sum.",
    reference=gaussian_kernel,
    alternatives=[_gaussian_by_loops, _gaussian_as_outer_product],
    draw=_draw_bells,
    example=(3, 0.85),
    rule=lambda size, sigma: Rule(axes=(("rows", f"size = {size}"), ("columns", f"size = {size}"))),
    focus=_squared_distances,
    hints=[
        "Along one axis first: np.arange(size) - size // 2 holds the steps from the middle, for size 3 they are -1, 0, 1.",
        "The squared distance of a cell is its row step squared plus its column step squared. distance[:, np.newaxis] ** 2 + distance**2 makes the whole table at once.",
        "np.exp(-squared / (2 * sigma**2)) gives the bell. The brackets around the divisor matter. At last divide by the sum of the whole table.",
    ],
    mistakes=[
        Mistake(
            name="not normalised",
            message=_NOT_NORMALISED,
            answer=lambda size, sigma: _bell(size, lambda d: -d / (2 * sigma**2), normalise=False),
        ),
        Mistake(
            name="not normalised",
            message=(
                "You divide by 2π sigma², which is right for the bell over the whole plane. Here it is cut off and sampled: "
                "what is the sum of your weights?"
            ),
            answer=lambda size, sigma: (
                _bell(size, lambda d: -d / (2 * sigma**2), normalise=False) / (2 * np.pi * sigma**2)
            ),
        ),
        Mistake(
            name="not normalised",
            message=(
                "Your weights sum to `size`: the division was made row by row. "
                "A flat grey should stay as it is: what must *all* the weights sum to?"
            ),
            answer=lambda size, sigma: gaussian_kernel(size, sigma) / gaussian_kernel(size, sigma).sum(axis=1)[:, None],
        ),
        Mistake(
            name="not normalised",
            message=(
                "Your weights sum to `size`: the division was made column by column. "
                "A flat grey should stay as it is: what must *all* the weights sum to?"
            ),
            answer=lambda size, sigma: gaussian_kernel(size, sigma) / gaussian_kernel(size, sigma).sum(axis=0),
        ),
        Mistake(
            name="not normalised",
            message=(
                "You divide by size². That makes a mean out of equal weights; these are not equal. "
                "Which number makes their sum 1?"
            ),
            answer=lambda size, sigma: _bell(size, lambda d: -d / (2 * sigma**2), normalise=False) / size**2,
        ),
        Mistake(
            name="sigma not squared",
            message=(
                "The bell has the wrong width, although its middle is right. For sigma 1 yours is correct, for others not: "
                "what happens to sigma in the exponent?"
            ),
            answer=lambda size, sigma: _bell(size, lambda d: -d / (2 * sigma)),
        ),
        Mistake(
            name="/2*sigma**2",
            message=(
                "A larger sigma makes your bell *narrower*. Python works from left to right: "
                "in a / 2 * b, is b above or below the line?"
            ),
            answer=lambda size, sigma: _bell(size, lambda d: -d / 2 * sigma**2),
        ),
        Mistake(
            name="/2*sigma**2",
            message=(
                "A larger sigma makes your bell *narrower*, and sigma is not squared. "
                "In a / 2 * b, is b above or below the line?"
            ),
            answer=lambda size, sigma: _bell(size, lambda d: -d / 2 * sigma),
        ),
        Mistake(
            name="off centre",
            message=(
                "Your largest weight is in the top left corner. The distance is counted from the middle: "
                "what has to be subtracted from the index?"
            ),
            answer=lambda size, sigma: _bell(size, lambda d: -d / (2 * sigma**2), centre=0),
        ),
        Mistake(
            name="off centre",
            message=(
                "Four cells share the largest weight: your middle lies between them, at size / 2. "
                "Indices run from 0 to size - 1: where is their middle?"
            ),
            answer=lambda size, sigma: _bell(size, lambda d: -d / (2 * sigma**2), centre=size / 2),
        ),
        Mistake(
            name="off centre",
            message="Your bell stands one cell too far down and right. Indices run from 0 to size - 1: where is their middle?",
            answer=lambda size, sigma: _bell(size, lambda d: -d / (2 * sigma**2), centre=size // 2 + 1),
        ),
        Mistake(
            name="off centre",
            message="Your bell stands one cell too far up and left. Indices run from 0 to size - 1: where is their middle?",
            answer=lambda size, sigma: _bell(size, lambda d: -d / (2 * sigma**2), centre=size // 2 - 1),
        ),
        Mistake(
            name="2 forgotten",
            message="Your bell falls too fast: at distance sigma it should have exp(-1/2) = 61 % of its height. What stands below the line besides sigma²?",
            answer=lambda size, sigma: _bell(size, lambda d: -d / sigma**2),
        ),
        Mistake(
            name="minus forgotten",
            message="Your weights grow away from the middle. Which sign has the exponent?",
            answer=lambda size, sigma: _bell(size, lambda d: d / (2 * sigma**2)),
        ),
        Mistake(
            name="distance not squared",
            message="Your weights fall in a straight slope from a sharp tip. A Gaussian is round at the top: which power has the distance?",
            answer=lambda size, sigma: _bell(size, lambda d: -np.sqrt(d) / (2 * sigma**2)),
        ),
        Mistake(
            name="distance not squared",
            message="Your bell has the shape of a diamond: row step and column step are added as they are. Which power has each of them?",
            answer=lambda size, sigma: _bell_of(size, lambda down, right: (np.abs(down) + np.abs(right)) / sigma**2),
        ),
        Mistake(
            name="squared after adding",
            message="Your bell is a ridge along a diagonal: row step and column step were added first and squared then. One step down and one to the left, how far is that from the middle?",
            answer=lambda size, sigma: _bell_of(size, lambda down, right: ((down + right) / sigma) ** 2),
        ),
        Mistake(
            name="sigma ignored",
            message="Your bell has the same width for every sigma, that of sigma 1. Where does sigma come in?",
            answer=lambda size, sigma: _bell(size, lambda d: -d / 2),
        ),
        Mistake(
            name="distance in other units",
            message="Your kernel ends at distance 1 from the middle, whatever its size. Sigma counts in pixels: how many pixels is the last cell of 9 from the middle?",
            answer=lambda size, sigma: _bell_of(
                size, lambda down, right: (down**2 + right**2) / (size // 2) ** 2 / sigma**2
            ),
        ),
        Mistake(
            name="integer output",
            message="All weights but the middle one are 0: fractions were cut off where the table was filled. Which dtype has your table?",
            answer=lambda size, sigma: np.pad([[1.0]], size // 2),
        ),
        Mistake(
            name="one row only",
            message="These are the weights of one line. The kernel is a table: each cell has a distance from the middle in rows and in columns.",
            answer=lambda size, sigma: gaussian_kernel(size, sigma).sum(axis=0),
        ),
        Mistake(
            name="one row only",
            message="Each row of yours is the same bell: only the distance in columns counts. What does a cell three rows above the middle get?",
            answer=lambda size, sigma: np.tile(gaussian_kernel(size, sigma).sum(axis=0), (size, 1)) / size,
        ),
    ],
)

# --- 3.2 -------------------------------------------------------------------------------------------------------------


def apply_filter(image, kernel, factor, bias):
    above, left = kernel.shape[0] // 2, kernel.shape[1] // 2
    padded = np.pad(image, ((above, above), (left, left)), mode="wrap")
    result = np.zeros(image.shape)
    for row in range(image.shape[0]):
        for column in range(image.shape[1]):
            window = padded[row : row + kernel.shape[0], column : column + kernel.shape[1]]
            result[row, column] = factor * np.sum(window * kernel) + bias
    return np.clip(np.rint(result), 0, 255).astype(np.uint8)


def _filter_with_remainders(image, kernel, factor, bias):
    """Four loops; a tie is rounded up, where np.rint goes to the even number: no input here has one."""
    height, width = image.shape
    result = np.zeros((height, width), dtype=np.uint8)
    for row in range(height):
        for column in range(width):
            total = 0.0
            for down in range(kernel.shape[0]):
                for right in range(kernel.shape[1]):
                    pixel = image[
                        (row + down - kernel.shape[0] // 2) % height, (column + right - kernel.shape[1] // 2) % width
                    ]
                    total += float(pixel) * kernel[down, right]
            result[row, column] = min(255, max(0, math.floor(factor * total + bias + 0.5)))
    return result


def _filter_by_rolling(image, kernel, factor, bias):
    total = _sums(image, kernel, "wrap")
    return np.clip(factor * total + bias, 0, 255).round().astype("uint8")


def _sums(image, kernel, border):
    """Return the sum of products for each pixel, with the border that np.pad has under that name."""
    above, left = kernel.shape[0] // 2, kernel.shape[1] // 2
    padded = np.pad(image.astype(float), ((above, above), (left, left)), mode=border)
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernel.shape)
    return np.einsum("ijkl,kl->ij", windows, kernel)


def _to_pixels(values):
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _filtered(border="wrap", change=lambda kernel: kernel, sum_to_value=lambda s, f, b: f * s + b, finish=_to_pixels):
    """Return an answer that is right but for what is given."""

    def answer(image, kernel, factor, bias):
        return finish(sum_to_value(_sums(image, change(kernel), border), factor, bias))

    return answer


def _valid(image, kernel, factor, bias):
    above, left = kernel.shape[0] // 2, kernel.shape[1] // 2
    inside = np.s_[above : image.shape[0] - above, left : image.shape[1] - left]
    return apply_filter(image, kernel, factor, bias)[inside]


def _valid_on(background):
    """Return the answer that filters where the kernel fits, and leaves the border as it is in `background`."""

    def answer(image, kernel, factor, bias):
        above, left = kernel.shape[0] // 2, kernel.shape[1] // 2
        result = background(image).astype(np.uint8)
        result[above : image.shape[0] - above, left : image.shape[1] - left] = _valid(image, kernel, factor, bias)
        return result

    return answer


def _not_centred(image, kernel, factor, bias):
    shift = (-(kernel.shape[0] // 2), -(kernel.shape[1] // 2))
    return np.roll(apply_filter(image, kernel, factor, bias), shift, axis=(0, 1))


def _wraps(values):
    return (np.rint(values).astype(np.int64) % 256).astype(np.uint8)


def _wraps_truncated(values):
    return (np.trunc(values).astype(np.int64) % 256).astype(np.uint8)


def _rescaled(values):
    return np.rint((values - values.min()) / (values.max() - values.min()) * 255).astype(np.uint8)


def _draw_filters(random):
    """Two kernels that stay within 0..255 for the most part, two that leave it on both sides; no result near a tie x.5."""
    blur = random.integers(1, 6, (3, 3))
    wide = random.permutation(np.arange(1, 16)).reshape(3, 5)
    cases = [
        (integer_image(random, 6, 8, dtype=np.uint8), blur, 1 / blur.sum(), 0),
        (integer_image(random, 7, 9), wide, 0.8 / wide.sum(), 17),
        (integer_image(random, 8, 6, dtype=np.uint8), small_kernel(random, 3, 3), 0.9, int(random.integers(110, 140))),
        (random.uniform(0, 255, (7, 6)).round(1), small_kernel(random, 5, 3), 0.7, -20.25),
    ]
    return cases if all(map(_tells_apart, cases)) else _draw_filters(random)


def _tells_apart(case):
    image, kernel, factor, bias = case
    values = factor * _sums(image, kernel, "wrap") + bias
    far_from_ties = np.min(np.abs(values - np.floor(values) - 0.5)) > 1e-3
    cut_off = np.any((values > 1) & (values < 254) & (values - np.floor(values) > 0.5))
    outside = kernel.min() > 0 or (values.min() < -2 and values.max() > 257 and abs(kernel.sum()) > 0.4)
    early = bias == int(bias) or np.any(_to_pixels(values) != _to_pixels(np.rint(values - bias) + bias))
    return far_from_ties and cut_off and outside and early


def _rule_of_filters(image, kernel, factor, bias):
    axes = (("rows", f"H = {image.shape[0]}"), ("columns", f"W = {image.shape[1]}"))
    return Rule(dtype="uint8", axes=axes)


def _wrapped_window(arguments, part, index):
    image, kernel, factor, bias = arguments
    above, left = kernel.shape[0] // 2, kernel.shape[1] // 2
    padded = np.pad(image, ((above, above), (left, left)), mode="wrap")
    row, column = index
    window = padded[row : row + kernel.shape[0], column : column + kernel.shape[1]]
    value = factor * np.sum(window * kernel) + bias
    return [(f"the window around [{row}, {column}]", window), ("factor · sum + bias, before rounding", np.array(value))]


_TWO_ROWS = np.array([[10, 20, 30, 40], [200, 210, 220, 230]], dtype=np.uint8)

filtering = Exercise(
    id="3.2",
    name="apply_filter",
    task="Filter a grey picture: factor times sum of products plus bias, wrap-around border, rounded, clamped, uint8.",
    reference=apply_filter,
    alternatives=[_filter_with_remainders, _filter_by_rolling],
    draw=_draw_filters,
    example=(_TWO_ROWS, np.array([[1, 1, 1]]), 1 / 3, 40),
    rule=_rule_of_filters,
    focus=_wrapped_window,
    points=2,
    hints=[
        "np.pad(image, ((above, above), (left, left)), mode='wrap') puts the opposite side around the image. How many rows does a kernel of 3 need above?",
        "On the padded image the loop of exercise 2.2 gives exactly H x W sums: the window that starts at [row, column] there has pixel [row, column] in its middle.",
        "Each sum: times factor, plus bias. Then the whole array: np.rint, np.clip(…, 0, 255), and .astype(np.uint8) as the very last step.",
    ],
    mistakes=[
        Mistake(
            name="wraps instead of clamps",
            message=(
                "Pixels that should be white or black have odd greys: 280 became 24. uint8 keeps the remainder by 256. "
                "What has to happen to the numbers before they become uint8?"
            ),
            answer=_filtered(finish=_wraps),
        ),
        Mistake(
            name="wraps instead of clamps",
            message=(
                "Pixels that should be white or black have odd greys, and fractions are cut off: uint8 keeps the whole part's "
                "remainder by 256. What two things have to happen before the numbers become uint8?"
            ),
            answer=_filtered(finish=_wraps_truncated),
        ),
        Mistake(
            name="bias before factor",
            message="The bias was multiplied by the factor as well. An emboss with bias 128 and factor 0.5 should have flat areas of 128: which comes first?",
            answer=_filtered(sum_to_value=lambda s, f, b: f * (s + b)),
        ),
        Mistake(
            name="zero border",
            message="Inside all is right; at the border you calculate with zeros. What does the rule wrap-around put to the left of the first column?",
            answer=_filtered(border="constant"),
        ),
        Mistake(
            name="other border",
            message="Inside all is right; beyond the border you repeat the edge pixel. What does the rule wrap-around put to the left of the first column?",
            answer=_filtered(border="edge"),
        ),
        Mistake(
            name="other border",
            message="Inside all is right; beyond the border you mirror the image. With the rule wrap-around, what lies to the left of the first column?",
            answer=_filtered(border="symmetric"),
        ),
        Mistake(
            name="other border",
            message="Inside all is right; beyond the border you mirror the image around its edge pixel. What does wrap-around put to the left of the first column?",
            answer=_filtered(border="reflect"),
        ),
        Mistake(
            name="valid size",
            message="What is there is right, and only the pixels are there whose whole window lies on the image. The result is to be as large as the image: what surrounds it?",
            answer=_valid,
        ),
        Mistake(
            name="border left out",
            message="Inside all is right; the border stays 0. These pixels have a window as well, if the image goes on at its opposite side.",
            answer=_valid_on(np.zeros_like),
        ),
        Mistake(
            name="border left out",
            message="Inside all is right; the border is that of the image, not filtered. These pixels have a window as well, if the image goes on at its opposite side.",
            answer=_valid_on(np.copy),
        ),
        Mistake(
            name="truncates instead of rounds",
            message="Many of your pixels are one too dark: 134.8 became 134. Turning floats into uint8 cuts the fraction off: what rounds?",
            answer=_filtered(finish=lambda values: np.clip(values, 0, 255).astype(np.uint8)),
        ),
        Mistake(
            name="rounds up",
            message="Many of your pixels are one too bright: 102.2 became 103. Which whole number is nearest?",
            answer=_filtered(finish=lambda values: np.clip(np.ceil(values), 0, 255).astype(np.uint8)),
        ),
        Mistake(
            name="rounded too early",
            message="Some pixels are off by one where the bias has a fraction: the numbers were rounded before it was added. Which step comes last?",
            answer=_filtered(
                sum_to_value=lambda s, f, b: np.rint(f * s) + b,
                finish=lambda values: np.clip(values, 0, 255).astype(np.uint8),
            ),
        ),
        Mistake(
            name="rounded too early",
            message="Some pixels are off by one where the bias has a fraction: the numbers were rounded before it was added, and again after it. Once is enough: when?",
            answer=_filtered(sum_to_value=lambda s, f, b: np.rint(f * s) + b),
        ),
        Mistake(
            name="kernel normalised",
            message="You divide the weights by their sum. That is what the factor is for, where it is wanted: a kernel for edges has weights that sum to 0. Which division can go?",
            answer=_filtered(change=lambda kernel: kernel / kernel.sum()),
        ),
        Mistake(
            name="clamped to 0..1",
            message="Your pixels are 0 and 1 only. In uint8 white is not 1: where does the range of a byte end?",
            answer=_filtered(finish=lambda values: np.clip(np.rint(values), 0, 1).astype(np.uint8)),
        ),
        Mistake(
            name="clamped too early",
            message="The sum was clamped before factor and bias had their turn. A sum of 1680 with factor 1/16 is a pixel of 105: what is left of it after clamping first?",
            answer=_filtered(sum_to_value=lambda s, f, b: f * np.clip(s, 0, 255) + b),
        ),
        Mistake(
            name="clamped too early",
            message="The numbers were clamped before the bias was added. A bias of 128 is there to save the negative ones: what is left of them after clamping first?",
            answer=_filtered(sum_to_value=lambda s, f, b: np.clip(f * s, 0, 255) + b),
        ),
        Mistake(
            name="factor forgotten",
            message="The sums are right, and the factor has no effect. Where does it come in?",
            answer=_filtered(sum_to_value=lambda s, f, b: s + b),
        ),
        Mistake(
            name="bias forgotten",
            message="The filter is right where the bias is 0, and off by the bias elsewhere. Where does it come in?",
            answer=_filtered(sum_to_value=lambda s, f, b: f * s),
        ),
        Mistake(
            name="divides by the factor",
            message="You divide by the factor. A mean of nine pixels has the factor 1/9, not 9: which operation is it?",
            answer=_filtered(sum_to_value=lambda s, f, b: s / f + b),
        ),
        Mistake(
            name="flipped",
            message="These are the numbers of the kernel turned by 180 degrees. Which weight belongs to the top left pixel of the window?",
            answer=_filtered(change=lambda kernel: kernel[::-1, ::-1]),
        ),
        Mistake(
            name="off centre",
            message="The picture has moved up and to the left: your window starts at the pixel. It should have the pixel in its middle: where does it start then?",
            answer=_not_centred,
        ),
        Mistake(
            name="absolute value",
            message="Negative results came out bright: their sign was dropped. In this filter less than black is black.",
            answer=_filtered(finish=lambda values: _to_pixels(np.abs(values))),
        ),
        Mistake(
            name="rescaled",
            message="Your darkest pixel is 0 and your brightest 255, in every picture: the results were stretched. Here what lies outside is cut, and the rest stays.",
            answer=_filtered(finish=_rescaled),
        ),
    ],
)

# --- 3.3 -------------------------------------------------------------------------------------------------------------


def median_filter(image, size):
    margin = size // 2
    padded = np.pad(image, margin, mode="edge")
    result = np.zeros(image.shape)
    for row in range(image.shape[0]):
        for column in range(image.shape[1]):
            window = padded[row : row + size, column : column + size]
            result[row, column] = np.median(window)
    return result


def _median_by_sorting(image, size):
    """Sort by hand, in the dtype of the image: of an odd number of pixels the median is one of them."""
    height, width = image.shape
    result = image.copy()
    for row in range(height):
        for column in range(width):
            pixels = [
                image[min(max(row + down, 0), height - 1), min(max(column + right, 0), width - 1)]
                for down in range(-(size // 2), size // 2 + 1)
                for right in range(-(size // 2), size // 2 + 1)
            ]
            result[row, column] = sorted(pixels)[len(pixels) // 2]
    return result


def _median_by_views(image, size):
    return _of_windows(image, size, _middle)


def _middle(cells):
    return np.sort(cells, axis=-1)[..., cells.shape[-1] // 2]


def _of_windows(image, size, function, border="edge"):
    """Return function(cells) for the cells (H, W, size²) of all windows."""
    padded = np.pad(image, size // 2, mode=border)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size))
    return function(windows.reshape(*windows.shape[:2], -1))


def _at_place(place):
    """Return the answer that takes the pixel at `place(number of pixels)` of the sorted window."""
    return lambda image, size: _of_windows(image, size, lambda cells: np.sort(cells, axis=-1)[..., place(size * size)])


def _with_border(border):
    return lambda image, size: _of_windows(image, size, _middle, border)


def _with(function):
    return lambda image, size: _of_windows(image, size, lambda cells: function(cells, axis=-1))


def _smaller_windows(image, size):
    """At the border the window is what lies on the image, fewer pixels."""
    margin = size // 2
    result = np.zeros(image.shape)
    for row, column in np.ndindex(image.shape):
        rows = slice(max(0, row - margin), row + margin + 1)
        columns = slice(max(0, column - margin), column + margin + 1)
        result[row, column] = np.median(image[rows, columns])
    return result


def _negative_slices(image, size):
    """At the upper and left border the slice starts below 0, which NumPy counts from the end: the window is empty."""
    margin = size // 2
    result = np.zeros(image.shape)
    for row, column in np.ndindex(image.shape):
        window = image[row - margin : row + margin + 1, column - margin : column + margin + 1]
        result[row, column] = np.median(window) if window.size else np.nan
    return result


def _unpadded(image, size):
    """Windows that start at the pixel itself, cut off at the lower and right border."""
    result = np.zeros(image.shape)
    for row, column in np.ndindex(image.shape):
        result[row, column] = np.median(image[row : row + size, column : column + size])
    return result


def _inside_only(background):
    def answer(image, size):
        margin = size // 2
        result = background(image).astype(float)
        inside = np.s_[margin : image.shape[0] - margin, margin : image.shape[1] - margin]
        result[inside] = _median_by_views(image, size)[inside]
        return result

    return answer


def _one_axis_after_the_other(image, size):
    padded = np.pad(image, size // 2, mode="edge")
    columns = np.median(np.lib.stride_tricks.sliding_window_view(padded, size, axis=0), axis=-1)
    return np.median(np.lib.stride_tricks.sliding_window_view(columns, size, axis=1), axis=-1)


def _reads_its_own_results(image, size):
    margin = size // 2
    padded = np.pad(image, margin, mode="edge").astype(float)
    for row, column in np.ndindex(image.shape):
        padded[row + margin, column + margin] = _middle(padded[row : row + size, column : column + size].ravel())
    return padded[margin:-margin, margin:-margin]


def _reads_its_own_results_inside(image, size):
    margin = size // 2
    result = image.astype(float)
    for row in range(margin, image.shape[0] - margin):
        for column in range(margin, image.shape[1] - margin):
            window = result[row - margin : row + margin + 1, column - margin : column + margin + 1]
            result[row, column] = _middle(window.ravel())
    return result


def _draw_spoilt(random):
    """Every pixel another number, as far as there are enough: then no two places of a sorted window agree."""
    cases = []
    for shape, size, dtype in (((6, 8), 3, np.uint8), ((9, 7), 5, np.int64), ((7, 6), 3, float)):
        values = random.permutation(np.arange(1, 253, 2))[: shape[0] * shape[1]].reshape(shape)
        cases.append(((values - 120.5 if dtype is float else values).astype(dtype), size))
    return cases


def _repeated_window(arguments, part, index):
    image, size = arguments
    row, column = index
    window = np.pad(image, size // 2, mode="edge")[row : row + size, column : column + size]
    return [(f"the window around [{row}, {column}]", window), ("its pixels, sorted", np.sort(window, axis=None))]


_NEXT_TO_MIDDLE = (
    "Your pixels stand next to the middle of their sorted window. Of nine sorted numbers, four are smaller than the median "
    "and four larger: which index has it?"
)
_OFF_CENTRE_MEDIAN = "The picture has moved up and to the left: your window starts at the pixel. It should have the pixel in its middle: where does it start then?"

median = Exercise(
    id="3.3",
    name="median_filter",
    task="Replace each pixel by the median of the size x size window around it; beyond the border the edge pixels are repeated.",
    reference=median_filter,
    alternatives=[_median_by_sorting, _median_by_views],
    draw=_draw_spoilt,
    example=(np.array([[7, 7, 7, 9], [7, 255, 8, 9], [6, 7, 0, 9]], dtype=np.uint8), 3),
    rule=lambda image, size: Rule(axes=(("rows", f"H = {image.shape[0]}"), ("columns", f"W = {image.shape[1]}"))),
    focus=_repeated_window,
    points=2,
    hints=[
        "The frame is that of exercise 3.2: pad first, then two loops over all pixels, and one number for each window.",
        "np.pad has a mode that repeats the edge pixels: the picture of the four border rules in lesson 03 shows its name. A window of 5 reaches 2 pixels over the border.",
        "np.median of the window gives the number; so does the middle of its sorted pixels.",
    ],
    mistakes=[
        Mistake(
            name="mean",
            message="These are the means of the windows. One pixel of 255 among eights pulls a mean up: which number of the sorted window does not care?",
            answer=_with(np.mean),
        ),
        Mistake(
            name="max",
            message="These are the largest pixels of the windows. Salt would win everywhere: which place in the sorted window is due?",
            answer=_with(np.max),
        ),
        Mistake(
            name="min",
            message="These are the smallest pixels of the windows. Pepper would win everywhere: which place in the sorted window is due?",
            answer=_with(np.min),
        ),
        Mistake(
            name="zero border",
            message="Inside all is right; at the border zeros are sorted in, which pull the median down. What should lie beyond the border here?",
            answer=_with_border("constant"),
        ),
        Mistake(
            name="other border",
            message="Inside all is right; at the border you take the opposite side of the image. Which pixels should lie beyond the border here?",
            answer=_with_border("wrap"),
        ),
        Mistake(
            name="other border",
            message="Inside all is right; at the border you mirror the image. For windows of 3 that gives the edge pixels, for 5 it does not: which should lie there?",
            answer=_with_border("symmetric"),
        ),
        Mistake(
            name="other border",
            message="Inside all is right; beyond the border you mirror the image around its edge pixel. Which pixels should lie there?",
            answer=_with_border("reflect"),
        ),
        Mistake(
            name="smaller windows at the border",
            message="Inside all is right; at the border your windows are cut off and hold fewer pixels. Here they are all full: the edge pixels are repeated.",
            answer=_smaller_windows,
        ),
        Mistake(
            name="negative slice",
            message=(
                "The upper and left border is NaN: there your windows are empty. A slice that starts at -1 starts at the *last* "
                "row. What keeps the windows on an image that is large enough?"
            ),
            answer=_negative_slices,
        ),
        Mistake(
            name="median of the whole image",
            message="Every pixel has the same number, the median of the whole image. Which pixels belong to the window of one pixel?",
            answer=lambda image, size: np.full(image.shape, np.median(image)),
        ),
        Mistake(
            name="median of the whole image",
            message="One number comes back, the median of the whole image. Each pixel has a window of its own: how many medians are due?",
            answer=lambda image, size: float(np.median(image)),
        ),
        Mistake(
            name="valid size",
            message="What is there is right, and only the pixels are there whose whole window lies on the image. What has to be put around it first?",
            answer=lambda image, size: _median_by_views(image, size)[
                size // 2 : image.shape[0] - size // 2, size // 2 : image.shape[1] - size // 2
            ],
        ),
        Mistake(
            name="border left out",
            message="Inside all is right; the border stays 0. These pixels have a window as well, if the edge pixels are repeated.",
            answer=_inside_only(np.zeros_like),
        ),
        Mistake(
            name="border left out",
            message="Inside all is right; the border is that of the image, not filtered. These pixels have a window as well, if the edge pixels are repeated.",
            answer=_inside_only(np.copy),
        ),
        Mistake(
            name="off centre",
            message=_OFF_CENTRE_MEDIAN,
            answer=_unpadded,
        ),
        Mistake(
            name="off centre",
            message=_OFF_CENTRE_MEDIAN,
            answer=lambda image, size: _median_by_views(np.pad(image, ((0, size), (0, size)), mode="edge"), size)[
                size // 2 : size // 2 + image.shape[0], size // 2 : size // 2 + image.shape[1]
            ],
        ),
        Mistake(
            name="off centre",
            message="The picture has moved down and to the right: there is more padding than half a window. How far does a window of 3 reach over the border?",
            answer=lambda image, size: _median_by_views(
                np.pad(image, ((size - size // 2, 0), (size - size // 2, 0)), mode="edge"), size
            )[: image.shape[0], : image.shape[1]],
        ),
        Mistake(
            name="reads what it has written",
            message=(
                "The first pixel is right, and later ones see results in their windows instead of the image. "
                "Which array should the windows be cut from, and into which should the medians go?"
            ),
            answer=_reads_its_own_results,
        ),
        Mistake(
            name="reads what it has written",
            message=(
                "The border is not filtered, and inside the windows see results instead of the image. "
                "Which array should the windows be cut from, and into which should the medians go?"
            ),
            answer=_reads_its_own_results_inside,
        ),
        Mistake(
            name="middle of nine only",
            message="Windows of 3 are right, larger ones too dark: you take the fifth of the sorted pixels always. How many pixels has a window of 5, and which is the middle one?",
            answer=_at_place(lambda count: 4),
        ),
        Mistake(name="next to the middle", message=_NEXT_TO_MIDDLE, answer=_at_place(lambda count: count // 2 - 1)),
        Mistake(name="next to the middle", message=_NEXT_TO_MIDDLE, answer=_at_place(lambda count: count // 2 + 1)),
        Mistake(
            name="not sorted",
            message="Your numbers are the image itself: the middle *place* of each window. The median is the middle in *size*: what has to happen to the pixels first?",
            answer=lambda image, size: image.copy(),
        ),
        Mistake(
            name="size ignored",
            message="Windows of 3 are right, those of 5 are not: they look at nine pixels, too. Where does size come in?",
            answer=lambda image, size: _median_by_views(image, 3),
        ),
        Mistake(
            name="one axis after the other",
            message="Nearly right: this is the median of the columns' medians. A Gaussian can be taken apart like that, sorting cannot: all pixels of a window must be sorted together.",
            answer=_one_axis_after_the_other,
        ),
        Mistake(
            name="one axis only",
            message="Your windows are one pixel wide: only the column of a pixel is sorted. How many pixels has a window of 3?",
            answer=lambda image, size: np.median(
                np.lib.stride_tricks.sliding_window_view(
                    np.pad(image, ((size // 2, size // 2), (0, 0)), mode="edge"), size, axis=0
                ),
                axis=-1,
            ),
        ),
        Mistake(
            name="one axis only",
            message="Your windows are one pixel high: only the row of a pixel is sorted. How many pixels has a window of 3?",
            answer=lambda image, size: np.median(
                np.lib.stride_tricks.sliding_window_view(
                    np.pad(image, ((0, 0), (size // 2, size // 2)), mode="edge"), size, axis=1
                ),
                axis=-1,
            ),
        ),
    ],
)

EXERCISES = (gaussian, filtering, median)
