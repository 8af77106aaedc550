"""Lesson 08: learning a kernel."""

import numpy as np

from .comparison import Rule, find_difference
from .drawing import float_image, integer_image, small_kernel
from .engine import Exercise, Mistake

# --- 8.1 -------------------------------------------------------------------------------------------------------------


def kernel_gradient(image, upstream):
    rows = image.shape[0] - upstream.shape[0] + 1
    columns = image.shape[1] - upstream.shape[1] + 1
    gradient = np.zeros((rows, columns))
    for row in range(rows):
        for column in range(columns):
            window = image[row : row + upstream.shape[0], column : column + upstream.shape[1]]
            gradient[row, column] = np.sum(window * upstream)
    return gradient


def _gradient_by_responses(image, upstream):
    """Each response adds its window, times its upstream number: the same sum in another order."""
    rows, columns = image.shape[0] - upstream.shape[0] + 1, image.shape[1] - upstream.shape[1] + 1
    gradient = np.zeros((rows, columns))
    for (row, column), number in np.ndenumerate(upstream):
        gradient += number * image[row : row + rows, column : column + columns]
    return gradient


def _gradient_by_views(image, upstream):
    windows = np.lib.stride_tricks.sliding_window_view(image, upstream.shape)
    return np.einsum("ijkl,kl->ij", windows, upstream)


def _full(image, upstream):
    height, width = upstream.shape
    padded = np.pad(image, ((height - 1, height - 1), (width - 1, width - 1)))
    return kernel_gradient(padded, upstream)


def _same_size(image, upstream):
    above, left = (upstream.shape[0] - 1) // 2, (upstream.shape[1] - 1) // 2
    below, right = upstream.shape[0] - 1 - above, upstream.shape[1] - 1 - left
    return kernel_gradient(np.pad(image, ((above, below), (left, right))), upstream)


def _draw_images_and_upstreams(random):
    """Upstream gradients of both signs, for kernels of 3 x 3, 2 x 3, 3 x 2 and 2 x 2 weights."""
    return [
        (float_image(random, 6, 8), small_kernel(random, 4, 6)),
        (integer_image(random, 5, 7), small_kernel(random, 4, 5)),
        (integer_image(random, 7, 5, dtype=np.uint8), small_kernel(random, 5, 4)),
        (float_image(random, 4, 6), float_image(random, 3, 5) / 100),
    ]


def _gradient_rule(image, upstream):
    sizes = zip(("rows", "columns"), image.shape, upstream.shape)
    return Rule(
        axes=tuple((name, f"the kernel's: image - upstream + 1 = {n} - {k} + 1 = {n - k + 1}") for name, n, k in sizes)
    )


def _window_under_upstream(arguments, part, index):
    image, upstream = arguments
    row, column = index
    window = image[row : row + upstream.shape[0], column : column + upstream.shape[1]]
    return [(f"the pixels that weight [{row}, {column}] meets", window), ("these pixels × upstream", window * upstream)]


_TINY = np.array([[1, 2, 0], [0, 1, 3], [2, 0, 1]])
_AVERAGED = (
    "These are means over the responses. What the loss averages is already part of upstream: "
    "how often may it be divided by their number?"
)

gradient = Exercise(
    id="8.1",
    name="kernel_gradient",
    task="Return how the loss changes with each weight of a kernel: the valid correlation of the image with the upstream gradient.",
    reference=kernel_gradient,
    alternatives=[_gradient_by_responses, _gradient_by_views],
    draw=_draw_images_and_upstreams,
    example=(_TINY, np.array([[0.5, 1.5], [0, 0.5]])),
    rule=_gradient_rule,
    focus=_window_under_upstream,
    hints=[
        "One weight first. Which pixels does kernel[0, 0] meet while the kernel slides? They form a window as large as upstream.",
        "Multiply that window with upstream and add up: this is the gradient of kernel[0, 0]. For kernel[0, 1] the window starts one column further right.",
    ],
    mistakes=[
        Mistake(
            name="flipped",
            message=(
                "These are the numbers of a turned upstream gradient: that is convolution. The responses were made "
                "by correlation: which upstream number belongs to the top left pixel?"
            ),
            answer=lambda image, upstream: kernel_gradient(image, upstream[::-1, ::-1]),
        ),
        Mistake(
            name="flipped",
            message=(
                "All numbers are right, in reverse order: the gradient of kernel[0, 0] stands in the place of the last weight. "
                "Which pixels does the first weight meet?"
            ),
            answer=lambda image, upstream: kernel_gradient(image, upstream)[::-1, ::-1],
        ),
        Mistake(
            name="averaged",
            message=_AVERAGED,
            answer=lambda image, upstream: kernel_gradient(image, upstream) / upstream.size,
        ),
        Mistake(
            name="averaged",
            message="Your numbers are divided by the number of weights. Each weight has a gradient of its own: what is there to average?",
            answer=lambda image, upstream: kernel_gradient(image, upstream) / kernel_gradient(image, upstream).size,
        ),
        Mistake(
            name="sign",
            message="All numbers have the wrong sign. The gradient points uphill; the minus belongs to the step, later. Which sign has this sum of products?",
            answer=lambda image, upstream: -kernel_gradient(image, upstream),
        ),
        Mistake(
            name="factor 2",
            message="All numbers are twice as large. The 2 of the squares is already part of upstream: does it come in once more?",
            answer=lambda image, upstream: 2 * kernel_gradient(image, upstream),
        ),
        Mistake(
            name="factor 2",
            message="All numbers are half as large. Nothing is halved here: where does the division come from?",
            answer=lambda image, upstream: kernel_gradient(image, upstream) / 2,
        ),
        Mistake(
            name="same-size output",
            message="Your result is as large as the image. It should have one number for each weight of the kernel: at how many places does upstream fit?",
            answer=_same_size,
        ),
        Mistake(
            name="full instead of valid",
            message="Your upstream gradient also hangs over the edges of the image. It should lie on it completely: how many places are there?",
            answer=_full,
        ),
        Mistake(
            name="transposed",
            message="Rows and columns of your result have changed places. Moving one column to the right is the next weight in the same row.",
            answer=lambda image, upstream: kernel_gradient(image, upstream).T,
        ),
        Mistake(
            name="last row or column missing",
            message="What is there is right; the last row and column are missing. At how many places do 3 cells fit into 4?",
            answer=lambda image, upstream: kernel_gradient(image, upstream)[:-1, :-1],
        ),
    ],
)

# --- 8.2 -------------------------------------------------------------------------------------------------------------


def learn_kernel(image, target, size, steps, learning_rate):
    kernel = np.zeros((size, size))
    rows, columns = target.shape
    for _ in range(steps):
        response = np.zeros((rows, columns))
        for (row, column), weight in np.ndenumerate(kernel):
            response += weight * image[row : row + rows, column : column + columns]
        upstream = 2 * (response - target) / target.size
        gradient = np.zeros((size, size))
        for row, column in np.ndindex(size, size):
            gradient[row, column] = np.sum(image[row : row + rows, column : column + columns] * upstream)
        kernel -= learning_rate * gradient
    return kernel


def _response(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijkl,kl->ij", windows, kernel)


def _descent(start=0.0, change=lambda gradient, difference: gradient, updates=lambda steps: steps, respond=_response):
    """Return a learner that starts at `start` or at noise ("noise", "seeded noise") and changes its gradient or its steps."""

    def learn(image, target, size, steps, learning_rate):
        if start == "noise":
            kernel = np.random.default_rng().normal(size=(size, size))
        elif start == "seeded noise":
            kernel = np.random.default_rng(0).normal(size=(size, size))
        else:
            kernel = np.full((size, size), start)
        with np.errstate(over="ignore", invalid="ignore"):
            for _ in range(updates(steps)):
                difference = respond(image, kernel) - target
                gradient = kernel_gradient(image, 2 * difference / difference.size)
                kernel = kernel - learning_rate * change(gradient, difference)
        return kernel

    return learn


def _with_momentum(image, target, size, steps, learning_rate):
    kernel, velocity = np.random.default_rng().normal(size=(size, size)), 0
    for _ in range(steps):
        difference = _response(image, kernel) - target
        velocity = 0.5 * velocity - learning_rate * kernel_gradient(image, 2 * difference / difference.size)
        kernel = kernel + velocity
    return kernel


def _by_matrix(image, target, size, steps, learning_rate):
    windows = np.lib.stride_tricks.sliding_window_view(image, (size, size)).reshape(-1, size * size)
    kernel = np.random.default_rng().normal(size=size * size)
    for _ in range(steps):
        kernel -= learning_rate * 2 / target.size * windows.T @ (windows @ kernel - target.ravel())
    return kernel.reshape(size, size)


def _always_from_zero(image, target, size, steps, learning_rate):
    """Subtracts each step from a new kernel of zeros."""
    kernel = np.zeros((size, size))
    for _ in range(steps):
        difference = _response(image, kernel) - target
        kernel = np.zeros((size, size)) - learning_rate * kernel_gradient(image, 2 * difference / difference.size)
    return kernel


def _draw_lessons(random):
    """Images of noise, on which all kernels differ: the loss curves alike in all directions, and few steps are enough."""
    cases = []
    for shape, size, whole in [((11, 13), 3, False), ((12, 10), 3, True), ((9, 12), 2, False)]:
        image = random.integers(-2, 3, shape) if whole else random.normal(0, 1, shape).round(2)
        kernel = small_kernel(random, size, size)
        windows = np.lib.stride_tricks.sliding_window_view(image, (size, size)).reshape(-1, size * size)
        steepest = np.linalg.eigvalsh(2 * windows.T @ windows / len(windows))[-1]
        target = (windows @ kernel.ravel()).reshape(shape[0] - size + 1, -1)
        cases.append((image, target, size, 100, float(np.round(0.9 / steepest, 3))))
    return cases


SLOWER = 200  # the learning rate of a second run, to see which way an answer goes that has left the numbers


def _observe(answer, image, target, size, steps, learning_rate):
    """Return the kernel that an answer learns; if it does not fit, also what shorter and slower runs give."""

    def run(*options):
        try:
            return answer(image.copy(), target.copy(), size, *options)
        except Exception:
            return None

    kernel = answer(image, target, size, steps, learning_rate)
    seen = {"kernel": kernel}
    if isinstance(kernel, np.ndarray) and kernel.shape == (size, size) and kernel.dtype.kind in "iuf":
        windows = np.lib.stride_tricks.sliding_window_view(image, (size, size))
        with np.errstate(over="ignore", invalid="ignore"):
            loss = np.mean((np.einsum("ijkl,kl->ij", windows, kernel) - target) ** 2)
        if not loss < 1e-6 * np.mean(target**2):
            seen["start"] = run(0, learning_rate)
            seen["start again"] = run(0, learning_rate)
            seen["one step"] = run(1, learning_rate)
            seen["slower"] = run(steps, learning_rate / SLOWER)
            seen["longer"] = run(3 * steps, learning_rate)
    return seen


_ASCENT = (
    "The loss grows with each step: the gradient points uphill, where the loss is larger. "
    "In which direction does your step go?"
)
_NEVER = (
    "The kernel comes back as it was at the start, and its loss is as large as before. "
    "Which line of your loop gives it a new value?"
)
_DIVERGES = (
    "The loss grows beyond all bounds: your steps go the right way and overshoot. "
    "The loss is the mean of the squares: by what is your gradient divided?"
)
_RATE_UNUSED = (
    "With a learning rate 200 times smaller your function gives the same kernel. Where does learning_rate come in?"
)
_ONE_STEP = (
    "The kernel has moved by one step, whatever steps says. "
    "Is there a return inside the loop, or does each round begin at the start again?"
)
_TURNED = (
    "You have found the right weights, turned by 180 degrees. Here the kernel slides as it is: "
    "do your responses come from correlation or from convolution?"
)
_GRADIENT_TURNED = (
    "Your first step is the right one for a kernel turned by 180 degrees. "
    "Which pixels belong to which weight in exercise 8.1, and is anything turned there?"
)
_NO_PAIR = (
    "The first step is right, and later ones go astray: responses and gradient do not belong together. "
    "Does one of them turn the kernel, and the other one not?"
)
_OTHER_WAY = (
    "Already your first step does not follow the gradient of the loss. Take the 3 x 3 image of lesson 08 and one step: "
    "which of your numbers is the first that differs from the lesson's?"
)
_TOO_SLOW = (
    "Your kernel goes the right way, but after the given steps it is not there, and correct steps are. "
    "Is the gradient divided once too often, or does the loop end too soon?"
)
_STUCK = (
    "The loss stays where it is, above 0, however many steps there are. "
    "Does each round begin where the last one ended, and with the image and the target as they came?"
)


def _accept_kernel(seen, image, target, size, steps, learning_rate):
    """Judge by the kernel, and by the way there if it is wrong. Any optimiser that arrives is right."""
    if not isinstance(seen, dict) or seen.get("kernel") is None:
        return "returns None", "Your function returns nothing (None). Is there a return after the loop?"
    kernel = seen["kernel"]
    if isinstance(kernel, tuple):
        return "wrong type", f"Your function returns {len(kernel)} things in a tuple. The kernel alone is due."
    windows = np.lib.stride_tricks.sliding_window_view(image, (size, size)).reshape(-1, size * size).astype(float)
    best = np.linalg.lstsq(windows, target.ravel(), rcond=None)[0].reshape(size, size)
    axes = (("rows", f"size = {size}"), ("columns", f"size = {size}"))
    difference = find_difference(kernel, best, Rule(rtol=5e-3, axes=axes))
    if difference is None or difference.mistake not in ("wrong values", "NaN", "integer output"):
        return difference
    name, message = _what_went_wrong(seen, windows, target.ravel(), best, learning_rate)
    return difference._replace(mistake=name, message=message)


def _what_went_wrong(seen, windows, target, best, learning_rate):
    """Return (mistake, message) for a kernel that is wrong, from what other runs of the same answer gave."""

    def usable(weights):
        fits = isinstance(weights, np.ndarray) and weights.shape == best.shape and weights.dtype.kind in "iuf"
        return fits and np.all(np.isfinite(weights)) and np.max(np.abs(weights)) < 1e100

    def loss(weights):
        return float(np.mean((windows @ weights.ravel() - target) ** 2)) if usable(weights) else np.inf

    def same(one, other):
        alike = isinstance(one, np.ndarray) and isinstance(other, np.ndarray) and one.shape == other.shape
        return alike and np.allclose(one, other, rtol=1e-9, equal_nan=True)

    def towards(move, direction):
        """Return 1 for a move in this direction, -1 for the opposite one, and what lies between."""
        lengths = np.linalg.norm(move) * np.linalg.norm(direction)
        return np.sum(move * direction) / lengths if lengths else 0.0

    kernel, start, once = seen["kernel"], seen.get("start"), seen.get("one step")
    reached, nothing = loss(kernel), float(np.mean(target**2))
    if usable(kernel) and find_difference(kernel, best[::-1, ::-1], Rule(rtol=5e-3)) is None:
        return "flipped", _TURNED
    if same(kernel, once):
        return ("never updates", _NEVER) if same(kernel, start) else ("one step only", _ONE_STEP)
    if same(kernel, seen.get("slower")):
        return "learning rate unused", _RATE_UNUSED
    known_start = usable(start) and same(start, seen.get("start again"))
    if known_start and usable(once):
        downhill = -(2 / len(target) * windows.T @ (windows @ start.ravel() - target)).reshape(best.shape)
        move = once - start
        if towards(move, downhill) < -0.99:
            return "ascent", _ASCENT
        if towards(move, downhill[::-1, ::-1]) > 0.99:
            return "flipped", _GRADIENT_TURNED
        if towards(move, downhill) < 0.95:
            return "other direction", _OTHER_WAY
        if reached > 10 * max(loss(start), nothing):
            far = np.linalg.norm(move) > 1.2 * learning_rate * np.linalg.norm(downhill)
            return ("diverges", _DIVERGES) if far else ("flipped", _NO_PAIR)
    elif reached > 10 * nothing:
        return ("diverges", _DIVERGES) if loss(seen.get("slower")) < 0.5 * nothing else ("ascent", _ASCENT)
    elif reached > 0.5 * nothing:
        return "never updates", _NEVER
    return ("does not arrive", _TOO_SLOW) if loss(seen.get("longer")) < 0.9 * reached else ("stuck", _STUCK)


def _example_lesson():
    image = np.random.default_rng(8).normal(0, 1, (10, 14)).round(1)
    kernel = np.array([[-1, 0, -2], [0.5, 4.5, -1.5], [1.5, 2, -3]])
    return image, _response(image, kernel), 3, 100, 0.3


learning = Exercise(
    id="8.2",
    name="learn_kernel",
    task=(
        "Find the kernel whose valid correlation with the image gives the target, by gradient descent on the mean of the "
        "squared differences."
    ),
    reference=learn_kernel,
    alternatives=[
        _descent(),
        _descent(start="noise"),
        _descent(start="seeded noise"),
        _descent(start=0.5, change=lambda gradient, difference: gradient / 2),
        _with_momentum,
        _by_matrix,
    ],
    draw=_draw_lessons,
    example=_example_lesson(),
    call=_observe,
    accept=_accept_kernel,
    arguments=("image", "target", "size", "steps", "learning_rate"),
    points=3,
    seconds=10,
    hints=[
        "Begin with any kernel of shape (size, size), zeros or noise. Then a loop: response, difference, gradient, step.",
        "The response is the valid correlation of image and kernel. The upstream gradient of a mean of squares is 2 · difference / number of cells.",
        "The gradient is that of 8.1. A step is kernel = kernel - learning_rate * gradient; after the last one comes the return.",
    ],
    mistakes=[
        Mistake(name="ascent", message=_ASCENT, answer=_descent(change=lambda gradient, difference: -gradient)),
        Mistake(
            name="ascent",
            message=_ASCENT,
            answer=_descent("noise", change=lambda gradient, difference: -gradient),
        ),
        Mistake(
            name="ascent",
            message=_ASCENT,
            answer=_descent("seeded noise", change=lambda gradient, difference: -gradient / 2),
        ),
        Mistake(name="never updates", message=_NEVER, answer=_descent(change=lambda gradient, difference: 0)),
        Mistake(
            name="never updates",
            message=_NEVER,
            answer=_descent("seeded noise", change=lambda gradient, difference: 0),
        ),
        Mistake(
            name="diverges",
            message=_DIVERGES,
            answer=_descent(change=lambda gradient, difference: gradient * difference.size),
        ),
        Mistake(
            name="diverges",
            message=_DIVERGES,
            answer=_descent("noise", change=lambda gradient, difference: gradient * difference.size / 2),
        ),
        Mistake(
            name="diverges",
            message=_DIVERGES,
            answer=_descent("seeded noise", change=lambda gradient, difference: gradient * 9),
        ),
        Mistake(name="one step only", message=_ONE_STEP, answer=_descent(updates=lambda steps: min(steps, 1))),
        Mistake(
            name="one step only",
            message=_ONE_STEP,
            answer=_descent("seeded noise", updates=lambda steps: min(steps, 1)),
        ),
        Mistake(
            name="flipped",
            message=_TURNED,
            answer=lambda *arguments: learn_kernel(*arguments)[::-1, ::-1],
        ),
        Mistake(
            name="flipped",
            message=_GRADIENT_TURNED,
            answer=_descent(change=lambda gradient, difference: gradient[::-1, ::-1]),
        ),
        Mistake(
            name="does not arrive",
            message=_TOO_SLOW,
            answer=_descent(change=lambda gradient, difference: gradient / difference.size),
        ),
        Mistake(
            name="flipped",
            message=_NO_PAIR,
            answer=_descent(respond=lambda image, kernel: _response(image, kernel[::-1, ::-1])),
        ),
        Mistake(
            name="stuck",
            message=_STUCK,
            answer=_descent("seeded noise", updates=lambda steps: min(steps, 5)),
        ),
        Mistake(name="stuck", message=_STUCK, answer=_always_from_zero),
        Mistake(
            name="learning rate unused",
            message=_RATE_UNUSED,
            answer=lambda image, target, size, steps, learning_rate: _descent()(image, target, size, steps, 1.0),
        ),
        Mistake(
            name="learning rate unused",
            message=_RATE_UNUSED,
            answer=lambda image, target, size, steps, learning_rate: _descent()(image, target, size, steps, 0.001),
        ),
        Mistake(
            name="other direction",
            message=_OTHER_WAY,
            answer=_descent(change=lambda gradient, difference: np.abs(gradient)),
        ),
        Mistake(
            name="other direction",
            message=_OTHER_WAY,
            answer=_descent(change=lambda gradient, difference: 2 * difference.mean()),
        ),
    ],
)

# --- 8.3 -------------------------------------------------------------------------------------------------------------


def numeric_gradient(f, x, step):
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += step
        down[place] -= step
        gradient[place] = (f(up) - f(down)) / (2 * step)
    return gradient


def _write_and_restore(f, x, step):
    gradient = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        kept = x[place]
        x[place] = kept + step
        above = f(x)
        x[place] = kept - step
        below = f(x)
        x[place] = kept
        gradient[place] = (above - below) / (2 * step)
    return gradient


def _by_unit_steps(f, x, step):
    steps = step * np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([(f(x + one) - f(x - one)) / (2 * step) for one in steps]).reshape(x.shape)


class _Curved:
    """A function of an array whose slope changes everywhere, and in which each number meets its neighbour."""

    def __init__(self, cubes, squares, neighbours):
        self.cubes, self.squares, self.neighbours = cubes, squares, neighbours

    def __call__(self, x):
        row = x.ravel()
        own = np.sum(self.cubes * row**3 + self.squares * row**2)
        return float(own + np.sum(self.neighbours * row * np.roll(row, 1)))

    def __repr__(self):
        return "a polynomial of x"


def _square_times(x):
    return float(x[0] ** 2 * x[1])


def _draw_functions(random):
    """Functions with cubes, whose central difference depends on the step; x and step are exact in binary."""
    cases = []
    for shape, step in [((5,), 0.5), ((2, 3), 0.25), ((3, 2), 0.0625), ((1, 4), 2.0)]:
        size = int(np.prod(shape))
        cubes, squares, neighbours = (random.permutation(np.arange(1, size + 1) / 2) for _ in range(3))
        x = (random.integers(4, 17, shape) * random.choice([-1, 1], shape)) / 8
        cases.append((_Curved(cubes, -squares, neighbours), x, step))
    return cases


def _slope(compare):
    """Return a gradient by another formula: ``compare(f, x, up, down, step)`` for each place."""

    def wrong(f, x, step):
        gradient = np.zeros(x.shape)
        for place in np.ndindex(x.shape):
            up, down = x.copy(), x.copy()
            up[place] += step
            down[place] -= step
            gradient[place] = compare(f, x, up, down, step)
        return gradient

    return wrong


def _never_restored(f, x, step):
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        x[place] += step
        above = f(x)
        x[place] -= 2 * step
        gradient[place] = (above - f(x)) / (2 * step)
    return gradient


def _never_restored_on_a_copy(f, x, step):
    return _never_restored(f, x.copy(), step)


def _whole_rows(f, x, step):
    gradient = np.zeros(x.shape)
    for row in range(len(x)):
        up, down = x.copy(), x.copy()
        up[row] += step
        down[row] -= step
        gradient[row] = (f(up) - f(down)) / (2 * step)
    return gradient


def _alias(f, x, step):
    """`up = x` copies nothing: up and down are the same array, and the same number comes out twice."""
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        up, down = x, x
        up[place] += step
        down[place] -= step
        gradient[place] = (f(up) - f(down)) / (2 * step)
    return gradient


def _only_up_is_written(f, x, step):
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        x[place] += step
        above = f(x)
        x[place] -= step
        below = f(x)
        x[place] -= step
        gradient[place] = (above - below) / step
    return gradient


_FORWARD = (
    "Your differences look to one side only, from x to x + step. Where the function is curved that is off by about half a "
    "step's worth of curvature: from where to where does a central difference look?"
)
_NOT_RESTORED = (
    "The first number is right, the later ones are not: when their turn comes, the numbers before are no longer what they were. "
    "What has to happen to x before the next place?"
)

numeric = Exercise(
    id="8.3",
    name="numeric_gradient",
    task="Return, for each number of x, the central difference of f there; x stays as it is.",
    reference=numeric_gradient,
    alternatives=[_write_and_restore, _by_unit_steps],
    draw=_draw_functions,
    example=(_square_times, np.array([3.0, 2.0]), 0.5),
    rule=lambda f, x, step: Rule(
        axes=tuple((f"axis {place}", f"as in x, {size}") for place, size in enumerate(x.shape))
    ),
    points=2,
    hints=[
        "One number of x at a time: make it larger by step and ask f, make it smaller by step and ask f again. All others stay.",
        "A copy is safe: up = x.copy(), then up[place] += step. np.ndindex(x.shape) visits all places, whatever the shape.",
        "The two points lie 2 · step apart: divide by (2 * step), with brackets.",
    ],
    mistakes=[
        Mistake(
            name="forward difference",
            message=_FORWARD,
            answer=_slope(lambda f, x, up, down, step: (f(up) - f(x)) / step),
        ),
        Mistake(
            name="forward difference",
            message="Your differences look back only, from x − step to x. From where to where does a central difference look?",
            answer=_slope(lambda f, x, up, down, step: (f(x) - f(down)) / step),
        ),
        Mistake(name="x not restored", message=_NOT_RESTORED, answer=_never_restored),
        Mistake(name="x not restored", message=_NOT_RESTORED, answer=_never_restored_on_a_copy),
        Mistake(name="x not restored", message=_NOT_RESTORED, answer=_only_up_is_written),
        Mistake(
            name="alias",
            message="All your differences are 0. Two names for one array are no copies: does a change of up leave down as it was?",
            answer=_alias,
        ),
        Mistake(
            name="factor 2",
            message="All numbers are twice as large. From x − step to x + step: how far apart are the two points?",
            answer=_slope(lambda f, x, up, down, step: (f(up) - f(down)) / step),
        ),
        Mistake(
            name="factor 2",
            message="Your differences look from x to x + step only, and are divided by twice that way. Between which two points lie two steps?",
            answer=_slope(lambda f, x, up, down, step: (f(up) - f(x)) / (2 * step)),
        ),
        Mistake(
            name="factor 2",
            message="All numbers are half as large. From x − step to x + step: by how many steps do you divide?",
            answer=_slope(lambda f, x, up, down, step: (f(up) - f(down)) / (4 * step)),
        ),
        Mistake(
            name="brackets",
            message="Python works from left to right: / 2 * step divides by 2 and multiplies by step. What has to stand in brackets?",
            answer=_slope(lambda f, x, up, down, step: (f(up) - f(down)) / 2 * step),
        ),
        Mistake(
            name="step ignored",
            message="Your slopes are those of a much smaller step. That is more exact, but another question: which step is given?",
            answer=lambda f, x, step: numeric_gradient(f, x, 1e-4),
        ),
        Mistake(
            name="half a step",
            message="Your two points are one step apart, half a step to each side. Here each of them is a whole step away from x.",
            answer=lambda f, x, step: numeric_gradient(f, x, step / 2),
        ),
        Mistake(
            name="whole rows",
            message="With one axis you are right; with two, x[row] moves all numbers of a row at once. How does one visit each number, whatever the shape?",
            answer=_whole_rows,
        ),
        Mistake(
            name="not divided",
            message="These are differences of f, not slopes. A difference over a longer way is larger: by which way do you divide?",
            answer=_slope(lambda f, x, up, down, step: f(up) - f(down)),
        ),
        Mistake(
            name="sign",
            message="All numbers have the wrong sign. If f is larger at x + step than at x − step, it rises: is the slope positive then?",
            answer=_slope(lambda f, x, up, down, step: (f(down) - f(up)) / (2 * step)),
        ),
        Mistake(
            name="all numbers at once",
            message="All numbers of your gradient are equal: x + step moves every number of x. How do you move one of them alone?",
            answer=lambda f, x, step: np.full(x.shape, (f(x + step) - f(x - step)) / (2 * step)),
        ),
        Mistake(
            name="all numbers at once",
            message="One number comes back, and one for each number of x is due: x + step moves all of them. How do you move one alone?",
            answer=lambda f, x, step: (f(x + step) - f(x - step)) / (2 * step),
        ),
    ],
)

EXERCISES = (gradient, learning, numeric)
