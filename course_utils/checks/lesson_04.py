"""Lesson 04: Sobel edges."""

import math

import numpy as np

from ..convolution import convolve2d, correlate2d
from .comparison import Rule
from .drawing import float_image, integer_image
from .engine import Exercise, Mistake

# --- 4.1 -------------------------------------------------------------------------------------------------------------


def sobel_kernels():
    kernel_x = np.outer([1, 2, 1], [-1, 0, 1])
    kernel_y = kernel_x.T
    return kernel_x, kernel_y


_X = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
_Y = np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]])
_PREWITT_X = np.array([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]])
_SCHARR_X = np.array([[-3, 0, 3], [-10, 0, 10], [-3, 0, 3]])


def _pair(kernel_x, kernel_y):
    return lambda: (kernel_x, kernel_y)


kernels = Exercise(
    id="4.1",
    name="sobel_kernels",
    task="Return both Sobel kernels: kernel_x is positive where it gets brighter to the right, kernel_y where it gets brighter downwards.",
    reference=sobel_kernels,
    alternatives=[
        _pair(_X, _Y),
        _pair(_X.astype(float), _Y.astype(float)),
        lambda: [np.multiply.outer(a, b) for a, b in (((1, 2, 1), (-1, 0, 1)), ((-1, 0, 1), (1, 2, 1)))],
    ],
    draw=lambda random: [()],
    rule=Rule(parts=("kernel_x", "kernel_y"), axes=(("rows", "3"), ("columns", "3"))),
    hints=[
        "One list compares, [-1, 0, 1]; the other one blurs, [1, 2, 1]. In kernel_x, the comparison runs from left to right, along each row.",
        "`np.outer(side, top)` is the table of all products: the first list stands at the side, the second one on top. kernel_y is kernel_x with rows and columns exchanged.",
    ],
    mistakes=[
        Mistake(
            name="swapped",
            message=(
                "Both kernels are there, in each other's place. The letter names the direction of the difference, not of the "
                "lines it finds: which of the two compares left with right?"
            ),
            answer=_pair(_Y, _X),
        ),
        Mistake(
            name="Prewitt",
            message=(
                "These are Prewitt's kernels: all three rows count the same. "
                "In Sobel's, which row lies nearest to the pixel, and how often does it count?"
            ),
            answer=_pair(_PREWITT_X, _PREWITT_X.T),
        ),
        Mistake(
            name="sign",
            message="Both kernels have the opposite sign. On pixels that get brighter to the right, which sign does kernel_x give?",
            answer=_pair(-_X, -_Y),
        ),
        Mistake(
            name="sign",
            message="kernel_x is right, kernel_y has the opposite sign. Rows are counted downwards: which sign do the weights below the centre have?",
            answer=_pair(_X, -_Y),
        ),
        Mistake(
            name="sign",
            message="kernel_y is right, kernel_x has the opposite sign. Columns are counted to the right: which sign do the weights right of the centre have?",
            answer=_pair(-_X, _Y),
        ),
        Mistake(
            name="divided by 8",
            message=(
                "Every weight is an eighth of what is due. That makes an average slope per pixel; "
                "this course leaves Sobel's numbers as they are: which is the largest weight?"
            ),
            answer=_pair(_X / 8, _Y / 8),
        ),
        Mistake(
            name="divided by 4",
            message=(
                "Every weight is a quarter of what is due, as in scikit-image. "
                "This course leaves Sobel's numbers as they are: which is the largest weight?"
            ),
            answer=_pair(_X / 4, _Y / 4),
        ),
        Mistake(
            name="the same twice",
            message=(
                "kernel_x comes back twice. Mirroring it upside down changes nothing, for its top row equals its bottom row: "
                "what exchanges rows and columns?"
            ),
            answer=_pair(_X, _X),
        ),
        Mistake(
            name="mirrored, not transposed",
            message="Both kernels compare left with right, the second one with the opposite sign. What exchanges rows and columns?",
            answer=_pair(_X, -_X),
        ),
        Mistake(
            name="Scharr",
            message="These are Scharr's kernels, with 3, 10, 3 as blur. Sobel's blur is a smaller one: which three numbers?",
            answer=_pair(_SCHARR_X, _SCHARR_X.T),
        ),
    ],
)

# --- 4.2 -------------------------------------------------------------------------------------------------------------


def sobel(image):
    kernel_x, kernel_y = sobel_kernels()
    gx = correlate2d(image, kernel_x)
    gy = correlate2d(image, kernel_y)
    magnitude = np.hypot(gx, gy)
    angle = np.arctan2(gy, gx)
    return gx, gy, magnitude, angle


def _sobel_by_slices(image):
    image = image.astype(float)
    difference = image[:, 2:] - image[:, :-2]
    gx = difference[:-2] + 2 * difference[1:-1] + difference[2:]
    blurred = image[:, :-2] + 2 * image[:, 1:-1] + image[:, 2:]
    gy = blurred[2:] - blurred[:-2]
    both = gx + 1j * gy
    return [gx, gy, np.abs(both), np.angle(both)]


def _sobel_by_loops(image):
    shape = image.shape[0] - 2, image.shape[1] - 2
    gx, gy, magnitude, angle = (np.zeros(shape) for _ in range(4))
    for row, column in np.ndindex(shape):
        window = image[row : row + 3, column : column + 3]
        gx[row, column] = np.sum(window * _X)
        gy[row, column] = np.sum(window * _Y)
        magnitude[row, column] = math.sqrt(gx[row, column] ** 2 + gy[row, column] ** 2)
        angle[row, column] = math.atan2(gy[row, column], gx[row, column]) % (2 * math.pi)
    return gx, gy, magnitude, angle


def _polar(gx, gy):
    return gx, gy, np.hypot(gx, gy), np.arctan2(gy, gx)


def _with_magnitude(function):
    """Return the answer whose magnitude is ``function(gx, gy)``."""

    def answer(image):
        gx, gy, _, angle = sobel(image)
        return gx, gy, function(gx, gy), angle

    return answer


def _with_angle(function):
    """Return the answer whose angle is ``function(gx, gy)``."""

    def answer(image):
        gx, gy, magnitude, _ = sobel(image)
        return gx, gy, magnitude, function(gx, gy)

    return answer


def _with_gradient(change):
    """Return the answer that goes on with ``change(gx), change(gy)``."""
    return lambda image: _polar(*map(change, sobel(image)[:2]))


def _padded(mode):
    return lambda image: sobel(np.pad(image, 1, mode=mode))


def _black_border(image):
    return tuple(np.pad(part, 1) for part in sobel(image))


def _last_line_empty(response):
    return np.pad(response[:-1, :-1], ((0, 1), (0, 1)))


def _prewitt(image):
    return _polar(correlate2d(image, _PREWITT_X), correlate2d(image, _PREWITT_X.T))


def _in_its_own_dtype(image):
    """Differences of slices, as above, without the step to floats."""
    left, right = (image[:-2, c] + 2 * image[1:-1, c] + image[2:, c] for c in (slice(None, -2), slice(2, None)))
    top, bottom = (image[r, :-2] + 2 * image[r, 1:-1] + image[r, 2:] for r in (slice(None, -2), slice(2, None)))
    return right - left, bottom - top


def _angle_by_quotient(gx, gy):
    return np.arctan(gy / gx)


def _draw_images(random):
    """Images without a flat spot, where an angle would mean nothing; both signs of gx and gy, in every quarter."""
    images = [
        integer_image(random, 6, 7, dtype=np.uint8),
        float_image(random, 7, 5),
        integer_image(random, 5, 8),
    ]
    quarters = [{(x > 0, y > 0) for x, y in zip(*(part.flat for part in sobel(image)[:2]))} for image in images]
    flat = any(np.any(sobel(image)[2] == 0) for image in images)
    return _draw_images(random) if flat or min(map(len, quarters)) < 4 else [(image,) for image in images]


def _rule_of_sobel(image):
    sizes = zip(("rows", "columns"), "HW", image.shape)
    return Rule(
        parts=("gx", "gy", "magnitude", "angle"),
        period=(3,),
        axes=tuple((name, f"{letter} - 3 + 1 = {n} - 3 + 1 = {n - 2}") for name, letter, n in sizes),
    )


def _behind_one_cell(arguments, part, index):
    (image,) = arguments
    row, column = index
    window = image[row : row + 3, column : column + 3]
    if part < 2:
        name, kernel = (("kernel_x", _X), ("kernel_y", _Y))[part]
        return [(f"the window at [{row}, {column}]", window), (f"window × {name}", window * kernel)]
    both = np.array([np.sum(window * _X), np.sum(window * _Y)])
    return [(f"the window at [{row}, {column}]", window), ("gx and gy there", both)]


_NO_ROOT = (
    "The magnitude is gx squared plus gy squared: for gx = 3 and gy = 4 it says 25. What does Pythagoras do last?"
)
_DEGREES = "Your angles go up to 180: these are degrees. Here they are due in radians, as NumPy gives them: is there a conversion too many?"
_CLIPPED = (
    "gx and gy have no negative numbers left, and a change from bright to dark is one. "
    "Which line clips, and what would the angle need?"
)
_SAME_SIZE = (
    "Your results are as large as the image. Here only positions count where the whole kernel lies on the image: "
    "how many rows are lost at the top, and how many at the bottom?"
)
_WRAPS = (
    "With an image of uint8 your differences wrap around: 0 - 200 gives 56. "
    "What has to happen to the image before anything is subtracted?"
)

edge_gradient = Exercise(
    id="4.2",
    name="sobel",
    task="Return gx, gy, magnitude and angle (radians) of an image, at all positions where the 3 x 3 kernels fit.",
    reference=sobel,
    alternatives=[_sobel_by_slices, _sobel_by_loops],
    draw=_draw_images,
    example=(np.array([[0, 64, 128, 255], [48, 192, 144, 80], [142, 226, 168, 32]]),),
    rule=_rule_of_sobel,
    focus=_behind_one_cell,
    points=2,
    hints=[
        "gx is the correlation of the image with kernel_x, gy the one with kernel_y; `correlate2d` does that and gives floats.",
        "The magnitude is the length of an arrow that goes gx to the right and gy down; the angle is its direction. NumPy has a function for each.",
        "`np.hypot` takes both legs of a right triangle. `np.arctan2` takes two numbers apart, so that no sign is lost: which one comes first?",
    ],
    mistakes=[
        Mistake(
            name="sum of absolutes",
            message=(
                "gx and gy are right; the magnitude is |gx| + |gy|. For an arrow of 3 to the right and 4 down that is 7: "
                "how long is the arrow?"
            ),
            answer=_with_magnitude(lambda gx, gy: np.abs(gx) + np.abs(gy)),
        ),
        Mistake(
            name="sum of absolutes",
            message=(
                "gx and gy are right; the magnitude is half of |gx| + |gy|. For an arrow of 3 to the right and 4 down that "
                "is 3.5: how long is the arrow?"
            ),
            answer=_with_magnitude(lambda gx, gy: (np.abs(gx) + np.abs(gy)) / 2),
        ),
        *(
            Mistake(
                name="no squares",
                message="gx and gy are right; the magnitude is a root without squares. What does Pythagoras do with both legs before he adds them?",
                answer=_with_magnitude(function),
            )
            for function in (
                lambda gx, gy: np.sqrt(gx + gy),
                lambda gx, gy: np.sqrt(np.abs(gx) + np.abs(gy)),
            )
        ),
        Mistake(
            name="rescaled",
            message=(
                "gx and gy are right; the magnitude is stretched to 0 to 255. That is for a screen: "
                "how would you compare the edges of two images then?"
            ),
            answer=_with_magnitude(lambda gx, gy: np.hypot(gx, gy) / np.hypot(gx, gy).max() * 255),
        ),
        Mistake(
            name="sum with signs",
            message=(
                "gx and gy are right; the magnitude is gx + gy, so 300 and -300 would be no edge at all. "
                "How long is an arrow that goes gx to the right and gy down?"
            ),
            answer=_with_magnitude(np.add),
        ),
        Mistake(name="no root", message=_NO_ROOT, answer=_with_magnitude(lambda gx, gy: gx**2 + gy**2)),
        Mistake(
            name="arctan",
            message=(
                "All is right but the angles of arrows that point to the left: they are half a turn off. "
                "In a quotient, -100 / -100 looks like 100 / 100: which function takes both numbers apart?"
            ),
            answer=_with_angle(_angle_by_quotient),
        ),
        Mistake(
            name="arctan",
            message=(
                "Your angles come from the quotient gx / gy. It is upside down, and it loses the signs: "
                "which function takes both numbers apart, and which one first?"
            ),
            answer=_with_angle(lambda gx, gy: np.arctan(gx / gy)),
        ),
        Mistake(
            name="arguments swapped",
            message=(
                "All is right but the angles: an arrow to the right gets 90 degrees instead of 0. "
                "In which order does arctan2 take its arguments?"
            ),
            answer=_with_angle(np.arctan2),
        ),
        *(
            Mistake(name="degrees", message=_DEGREES, answer=_with_angle(function))
            for function in (
                lambda gx, gy: np.degrees(np.arctan2(gy, gx)),
                lambda gx, gy: np.degrees(np.arctan2(gy, gx)) % 360,
                lambda gx, gy: np.degrees(np.arctan2(gx, gy)),
                lambda gx, gy: np.degrees(_angle_by_quotient(gx, gy)),
            )
        ),
        Mistake(
            name="slope instead of angle",
            message="Your angle is the quotient gy / gx: that is the slope of the arrow. Which function turns the two numbers into an angle?",
            answer=_with_angle(lambda gx, gy: gy / gx),
        ),
        *(
            Mistake(
                name="along the edge",
                message=(
                    "Your angles are a quarter turn off: they run along the edge. "
                    "The gradient points across it, to where it gets brighter: does a quarter turn come in?"
                ),
                answer=_with_angle(function),
            )
            for function in (
                lambda gx, gy: np.arctan2(gy, gx) + np.pi / 2,
                lambda gx, gy: np.arctan2(gy, gx) - np.pi / 2,
            )
        ),
        Mistake(
            name="angle upwards",
            message=(
                "Your angles have the right size and the opposite sign: positive ones turn upwards. "
                "Rows are counted downwards here, so gy is positive where it gets brighter downwards: is there a minus too many?"
            ),
            answer=_with_angle(lambda gx, gy: np.arctan2(-gy, gx)),
        ),
        Mistake(
            name="half a turn",
            message=(
                "Opposite directions share an angle in your result: it was folded into half a turn. "
                "From dark to bright or from bright to dark is to be told apart: does a % come too early?"
            ),
            answer=_with_angle(lambda gx, gy: np.arctan2(gy, gx) % np.pi),
        ),
        Mistake(
            name="clipped negatives",
            message=_CLIPPED,
            answer=_with_gradient(lambda response: np.clip(response, 0, 255)),
        ),
        Mistake(
            name="clipped negatives",
            message=_CLIPPED,
            answer=_with_gradient(lambda response: np.maximum(response, 0)),
        ),
        Mistake(
            name="clipped negatives",
            message=_CLIPPED,
            answer=_with_gradient(lambda response: np.clip(response, 0, 255).astype(np.uint8)),
        ),
        Mistake(
            name="absolute value",
            message="gx and gy have lost their signs, so all arrows point to the right and down. What does a minus in gx tell?",
            answer=_with_gradient(np.abs),
        ),
        Mistake(
            name="absolute value",
            message="Magnitude and angle are right, but gx and gy come back without their signs. What does a minus in gx tell?",
            answer=lambda image: (*map(np.abs, sobel(image)[:2]), *sobel(image)[2:]),
        ),
        Mistake(
            name="order of results",
            message="All four results are there; the last two are exchanged. In which order are magnitude and angle due?",
            answer=lambda image: (*sobel(image)[:2], *sobel(image)[:1:-1]),
        ),
        Mistake(
            name="one kernel twice",
            message="gx is right, and gy equals it: one kernel did both. Which kernel compares above with below?",
            answer=lambda image: _polar(correlate2d(image, _X), correlate2d(image, _X)),
        ),
        Mistake(
            name="gx/gy swapped",
            message=(
                "gx and gy are exchanged, and the angle with them. gx belongs to the kernel that compares left with right: "
                "which one is that?"
            ),
            answer=lambda image: _polar(*sobel(image)[1::-1]),
        ),
        Mistake(
            name="gx/gy swapped",
            message="Magnitude and angle are right, and gx and gy come back in the wrong order. In which order are the four results due?",
            answer=lambda image: (*sobel(image)[1::-1], *sobel(image)[2:]),
        ),
        Mistake(
            name="sign",
            message=(
                "gx and gy have the right size and the opposite sign, as if the kernels were turned by 180 degrees. "
                "Which of correlation and convolution does that?"
            ),
            answer=lambda image: _polar(convolve2d(image, _X), convolve2d(image, _Y)),
        ),
        Mistake(
            name="sign",
            message="gy has the right size and the opposite sign. It is positive where it gets brighter downwards: which row of kernel_y is negative?",
            answer=lambda image: _polar(correlate2d(image, _X), -correlate2d(image, _Y)),
        ),
        Mistake(
            name="Prewitt",
            message="These are the numbers of Prewitt's kernels: all three rows count the same. What does Sobel's blur [1, 2, 1] change?",
            answer=_prewitt,
        ),
        *(
            Mistake(name="same-size output", message=_SAME_SIZE, answer=answer)
            for answer in (_padded("constant"), _padded("edge"), _padded("reflect"), _black_border)
        ),
        *(
            Mistake(
                name="last row or column missing",
                message="What is there is right; the last row and the last column of positions are missing. How many positions has a kernel of 3 along an axis of 3 pixels?",
                answer=answer,
            )
            for answer in (
                lambda image: _polar(*(_last_line_empty(part) for part in sobel(image)[:2])),
                lambda image: tuple(part[:-1, :-1] for part in sobel(image)),
            )
        ),
        Mistake(
            name="wraps around",
            message=_WRAPS,
            answer=lambda image: _polar(*(part.astype(float) for part in _in_its_own_dtype(image))),
        ),
        Mistake(name="wraps around", message=_WRAPS, answer=lambda image: _polar(*_in_its_own_dtype(image))),
        Mistake(
            name="wraps around",
            message=_WRAPS,
            answer=lambda image: (lambda gx, gy: (gx, gy, np.sqrt(gx**2 + gy**2), np.arctan2(gy, gx)))(
                *_in_its_own_dtype(image)
            ),
        ),
    ],
)

# --- 4.3 -------------------------------------------------------------------------------------------------------------


def edges(magnitude, fraction):
    return magnitude > fraction * magnitude.max()


def _edges_by_loops(magnitude, fraction):
    threshold = max(fraction * strength for line in magnitude for strength in line)
    result = np.zeros(magnitude.shape, dtype=bool)
    for row in range(magnitude.shape[0]):
        for column in range(magnitude.shape[1]):
            result[row, column] = magnitude[row, column] > threshold
    return result


def _of_its_line(axis):
    return lambda magnitude, fraction: magnitude > fraction * magnitude.max(axis=axis, keepdims=True)


def _of_the_range(magnitude, fraction):
    return magnitude > magnitude.min() + fraction * (magnitude.max() - magnitude.min())


def _magnitudes(random, shape, maximum, fraction, above):
    """Return numbers of which `above` exceed the threshold, and three are equal to it, exactly; all numbers are exact in binary.

    One lies between the threshold and where it would be if the smallest number counted as 0.
    """
    threshold, smallest = fraction * maximum, maximum / 16
    beyond = threshold + (1 - fraction) * smallest / 2
    below = shape[0] * shape[1] - above - 4
    numbers = [
        *(maximum, beyond, threshold, threshold, threshold, smallest),
        *random.integers(8 * beyond, 8 * maximum, above - 2, endpoint=True) / 8,
        *random.integers(8 * smallest, 8 * threshold, below) / 8,
    ]
    magnitude = random.permutation(numbers).reshape(shape)
    lines = [_of_its_line(axis)(magnitude, fraction) for axis in (0, 1)]
    right = edges(magnitude, fraction)
    if any(np.array_equal(line, right) for line in lines):
        return _magnitudes(random, shape, maximum, fraction, above)
    return magnitude


def _draw_magnitudes(random):
    """Maxima above and below 255, values equal to the threshold, and a flat image, which has no edge."""
    return [
        (_magnitudes(random, (3, 5), 512.0, 0.25, above=7), 0.25),
        (_magnitudes(random, (4, 5), 96.0, 0.5, above=7), 0.5),
        (_magnitudes(random, (5, 3), 768.0, 0.75, above=6).astype(np.int64), 0.75),
        (np.zeros((2, 4)), 0.5),
    ]


def _rule_of_edges(magnitude, fraction):
    sizes = zip(("rows", "columns"), magnitude.shape)
    return Rule(dtype="bool", axes=tuple((name, f"that of the magnitude, {size}") for name, size in sizes))


def _one_strength(arguments, part, index):
    magnitude, _ = arguments
    return [(f"the magnitude at {list(index)}", magnitude[index]), ("the largest magnitude", magnitude.max())]


_QUANTILE = (
    "You keep a fixed share of the pixels: that is a quantile, and a dull image would have as many edges as a busy one. "
    "Here the threshold is a share of the largest magnitude."
)

threshold = Exercise(
    id="4.3",
    name="edges",
    task="Say for each pixel whether its magnitude is more than the given fraction of the largest magnitude.",
    reference=edges,
    alternatives=[
        _edges_by_loops,
        lambda magnitude, fraction: np.greater(magnitude, fraction * np.max(magnitude)),
        lambda magnitude, fraction: magnitude / max(magnitude.max(), 1e-300) > fraction,
        lambda magnitude, fraction: ~(magnitude <= magnitude.max() * fraction),
    ],
    draw=_draw_magnitudes,
    example=(np.array([[0.0, 50.0, 100.0], [200.0, 120.0, 99.0]]), 0.5),
    rule=_rule_of_edges,
    focus=_one_strength,
    hints=[
        "The threshold is one number for the whole image. Which magnitude is the largest, and what is the given fraction of it?",
        "A comparison of an array with a number gives an array of True and False. A magnitude equal to the threshold is no edge.",
    ],
    mistakes=[
        Mistake(
            name="fraction of 255",
            message=(
                "Your threshold is a fraction of 255, the largest pixel. Magnitudes have their own range, up to 1000 and more "
                "or far below: where is the largest of this image?"
            ),
            answer=lambda magnitude, fraction: magnitude > fraction * 255,
        ),
        *(
            Mistake(
                name="fraction of the possible",
                message=(
                    f"Your threshold is a fraction of {possible}, the most that pixels can give. "
                    "A dim photo stays far below that: where is the largest magnitude of this image?"
                ),
                answer=lambda magnitude, fraction, possible=possible: magnitude > fraction * possible,
            )
            for possible in (1020, 1140)
        ),
        Mistake(
            name=">=",
            message=(
                "Pixels equal to the threshold count as edges in your result, and in a flat image that is every pixel. "
                "The task says more than the threshold: which comparison is that?"
            ),
            answer=lambda magnitude, fraction: magnitude >= fraction * magnitude.max(),
        ),
        Mistake(
            name="quantile",
            message=_QUANTILE,
            answer=lambda magnitude, fraction: magnitude > np.quantile(magnitude, fraction),
        ),
        Mistake(
            name="quantile",
            message=_QUANTILE,
            answer=lambda magnitude, fraction: magnitude > np.quantile(magnitude, 1 - fraction),
        ),
        Mistake(
            name="fraction of the mean",
            message="Your threshold is a fraction of the mean magnitude, so too many pixels pass. Of which number does the task take the fraction?",
            answer=lambda magnitude, fraction: magnitude > fraction * magnitude.mean(),
        ),
        Mistake(
            name="rest of the fraction",
            message="Your threshold is 1 - fraction times the maximum. With a fraction of 0.9, are there to be many edges or few?",
            answer=lambda magnitude, fraction: magnitude > (1 - fraction) * magnitude.max(),
        ),
        Mistake(
            name="fraction of the range",
            message=(
                "Your threshold lies between the smallest and the largest magnitude. The task counts from 0: "
                "does the smallest one matter?"
            ),
            answer=_of_the_range,
        ),
        Mistake(
            name="fraction itself",
            message="Magnitudes are compared with the fraction itself, so nearly every pixel passes. A fraction of what is meant?",
            answer=lambda magnitude, fraction: magnitude > fraction,
        ),
        Mistake(
            name="maximum of a row",
            message="Each row has its own threshold in your result, so even a dim row gets edges. How many numbers does max() give with an axis, and without?",
            answer=_of_its_line(1),
        ),
        Mistake(
            name="maximum of a column",
            message="Each column has its own threshold in your result, so even a dim one gets edges. How many numbers does max() give with an axis, and without?",
            answer=_of_its_line(0),
        ),
        Mistake(
            name="inverted",
            message="True and False are exchanged, at the threshold, too: these are the pixels that are no edge. Which side of the comparison is the larger?",
            answer=lambda magnitude, fraction: magnitude <= fraction * magnitude.max(),
        ),
        Mistake(
            name="inverted",
            message="True stands where the magnitude is small: these are the pixels that are no edge. Which side of the comparison is the larger?",
            answer=lambda magnitude, fraction: magnitude < fraction * magnitude.max(),
        ),
        Mistake(
            name="magnitudes instead of True and False",
            message=(
                "The right pixels are kept, with their magnitude, and the others are 0. "
                "Here an array of True and False is due: what does the comparison alone give?"
            ),
            answer=lambda magnitude, fraction: np.where(edges(magnitude, fraction), magnitude, 0),
        ),
        Mistake(
            name="numbers instead of True and False",
            message="The right pixels are found, as 1 among 0. Here True and False are due: what does the comparison give before it is converted?",
            answer=lambda magnitude, fraction: edges(magnitude, fraction).astype(int),
        ),
        Mistake(
            name="numbers instead of True and False",
            message="The right pixels are found, as 1.0 among 0.0. Here True and False are due: what does the comparison give before it is converted?",
            answer=lambda magnitude, fraction: edges(magnitude, fraction).astype(float),
        ),
        Mistake(
            name="numbers instead of True and False",
            message="The right pixels are found, as 255 among 0. That is a picture; True and False are due: what does the comparison alone give?",
            answer=lambda magnitude, fraction: edges(magnitude, fraction) * 255,
        ),
    ],
)

EXERCISES = (kernels, edge_gradient, threshold)
