"""Lesson 06: pooling."""

import numpy as np

from .comparison import Rule
from .drawing import float_image, integer_image
from .engine import Exercise, Mistake

# --- 6.1 -------------------------------------------------------------------------------------------------------------


def max_pool2d(image, size, stride):
    rows = (image.shape[0] - size) // stride + 1
    columns = (image.shape[1] - size) // stride + 1
    pooled = np.zeros((rows, columns))
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            pooled[row, column] = image[top : top + size, left : left + size].max()
    return pooled


def _max_by_views(image, size, stride):
    windows = np.lib.stride_tricks.sliding_window_view(image, (size, size))
    return windows[::stride, ::stride].max(axis=(2, 3))


def _max_by_shifts(image, size, stride):
    rows, columns = _sizes(image.shape, size, stride)
    largest = np.full((rows, columns), -np.inf)
    for row, column in np.ndindex(size, size):
        shifted = image[row::stride, column::stride][:rows, :columns]
        largest = np.maximum(largest, shifted)
    return largest


def _sizes(shape, size, stride):
    """Return the number of windows that fit along each axis."""
    return tuple((cells - size) // stride + 1 for cells in shape)


def _pool(keep, image, size, step, sizes):
    """Pool with windows that start `step` apart; those that hang over the edge hold fewer pixels."""
    pooled = np.zeros(sizes)
    for row, column in np.ndindex(*sizes):
        pooled[row, column] = keep(image[row * step : row * step + size, column * step : column * step + size])
    return pooled


def _ceil_sizes(shape, size, stride):
    return tuple(-(-(cells - size) // stride) + 1 for cells in shape)


def _corner(last):
    """Return the answer that keeps the first or the last pixel of each window."""

    def keep_corner(image, size, stride):
        return _pool(lambda window: window[last, last], image, size, stride, _sizes(image.shape, size, stride))

    return keep_corner


def _keep(function):
    """Return the answer that pools with another function than the maximum."""
    return lambda image, size, stride: _pool(function, image, size, stride, _sizes(image.shape, size, stride))


def _by_reshape(image, size, stride):
    height, width = image.shape
    return image.reshape(height // size, size, width // size, size).max(axis=(1, 3))


def _ends_at_size(image, size, stride):
    rows, columns = _sizes(image.shape, size, stride)
    starts = [(row * stride, column * stride) for row in range(rows) for column in range(columns)]
    return np.array([image[top:size, left:size].max() for top, left in starts]).reshape(rows, columns)


def _draw_images(random):
    """Windows larger than the stride, equal and smaller; pixels left over on one side or both; one image all below zero."""
    return [
        (float_image(random, 8, 9), 3, 2),
        (-1 - integer_image(random, 7, 5), 2, 2),
        (integer_image(random, 9, 11, dtype=np.uint8), 2, 3),
        (float_image(random, 5, 6), 3, 1),
    ]


def _size_rule(names, shape, size, stride):
    """Return (name, formula) for rows and columns."""
    return tuple(
        (name, f"floor(({letter} - size) / stride) + 1 = floor(({n} - {size}) / {stride}) + 1 = {m}")
        for name, letter, n, m in zip(names, "HW", shape, _sizes(shape, size, stride))
    )


def _image_rule(image, size, stride):
    return Rule(axes=_size_rule(("rows", "columns"), image.shape, size, stride))


def _window(arguments, part, index):
    image, size, stride = arguments
    row, column = index[0] * stride, index[1] * stride
    return [(f"the window for [{index[0]}, {index[1]}]", image[row : row + size, column : column + size])]


_CORNER = (
    "Each of your numbers is the {} pixel of its window, and the others are never compared. "
    "What would happen to a bright point that lies somewhere else in the window?"
)
_STRIDE_IGNORED = "Your windows start at rows 0, 1, 2, … whatever the stride is. Where does the window for row 1 of the result start if the stride is 3?"
_SIZE_AS_STRIDE = "Your windows are as far apart as they are large. That fits where size and stride are equal: which of the two says where the next window starts?"
_CEIL = "The last windows hang over the edge of the image. Only whole windows count: how many fit completely, and is that rounded up or down?"
_LAST_MISSING = (
    "What is there is right, but the last row and column of windows are missing. "
    "How many windows of size 2 has an image of 2 pixels?"
)
_FIXED = "Your windows hold 2 × 2 pixels always. The function is also called with other sizes: which argument says how large a window is?"
_RESHAPE = (
    "reshape cuts an image into windows only if they fill it without rest and do not overlap. "
    "What about 5 columns, or windows of 3 that start 2 pixels apart? Two loops can do all of it."
)
_ENDS_AT_SIZE = (
    "Each of your windows ends at size, also those that start later, and some are empty: image[2:2] holds no row. "
    "Where does a window of 2 rows end that starts at row 2?"
)
_COUNT = "Your number of windows depends on the stride alone (H // stride). Where must the last window start if it has to lie on the image with all its rows?"

max_pooling = Exercise(
    id="6.1",
    name="max_pool2d",
    task="Return the largest number of each window of size × size pixels; windows start stride pixels apart, and only whole windows count.",
    reference=max_pool2d,
    alternatives=[_max_by_views, _max_by_shifts],
    draw=_draw_images,
    example=(np.array([[1, 5, -2, -7, 9], [3, 2, -4, -1, 0], [-6, -5, 0, 8, 4], [-3, -9, 2, 6, 7]]), 2, 2),
    rule=_image_rule,
    focus=_window,
    points=2,
    hints=[
        "Begin with the size of the result. It is the formula of lesson 05 with the window as kernel and no padding, and it rounds down.",
        "The window for [row, column] of the result starts at row * stride and column * stride of the image; it is size pixels high and wide.",
        "An array has a method that gives its largest number, also where all of them are negative: .max().",
    ],
    mistakes=[
        Mistake(
            name="average",
            message="These are the means of the windows. A mean mixes all pixels; which single pixel of each window is asked for here?",
            answer=_keep(np.mean),
        ),
        Mistake(
            name="min",
            message="These are the smallest numbers of the windows. Which end of the scale says that something was found?",
            answer=_keep(np.min),
        ),
        Mistake(
            name="starts from zero",
            message="Where all pixels of a window are negative, you give 0, a number that is not in the window. With which value does the search for the largest begin?",
            answer=_keep(lambda window: max(0, window.max())),
        ),
        Mistake(
            name="absolute value",
            message="Your numbers are the largest without their sign. Of −7 and 5, which one is larger?",
            answer=_keep(lambda window: np.abs(window.astype(float)).max()),
        ),
        Mistake(
            name="stride ignored when slicing",
            message=_STRIDE_IGNORED,
            answer=lambda image, size, stride: _pool(np.max, image, size, 1, _sizes(image.shape, size, stride)),
        ),
        Mistake(
            name="stride ignored when slicing",
            message="There is a window at every pixel, as if the stride were 1. How many pixels apart do two windows start, and how many of them fit then?",
            answer=lambda image, size, stride: max_pool2d(image, size, 1),
        ),
        Mistake(
            name="size as stride",
            message=_SIZE_AS_STRIDE,
            answer=lambda image, size, stride: max_pool2d(image, size, size),
        ),
        Mistake(
            name="size as stride",
            message=_SIZE_AS_STRIDE,
            answer=lambda image, size, stride: _pool(np.max, image, size, size, _sizes(image.shape, size, stride)),
        ),
        Mistake(
            name="size fixed at 2",
            message=_FIXED,
            answer=lambda image, size, stride: _pool(np.max, image, 2, stride, _sizes(image.shape, size, stride)),
        ),
        Mistake(
            name="size fixed at 2",
            message=_FIXED,
            answer=lambda image, size, stride: max_pool2d(image, 2, 2),
        ),
        Mistake(name="needs even sides", message=_RESHAPE, answer=_by_reshape),
        Mistake(
            name="needs even sides",
            message=_RESHAPE,
            answer=lambda image, size, stride: _by_reshape(image, 2, 2),
        ),
        Mistake(
            name="end index not offset",
            message=_ENDS_AT_SIZE,
            answer=_ends_at_size,
        ),
        Mistake(
            name="window one pixel too small",
            message="Your windows lack their last row and column. A slice stops before its end: how many rows has image[0:1]?",
            answer=lambda image, size, stride: _pool(
                np.max, image, size - 1, stride, _sizes(image.shape, size, stride)
            ),
        ),
        Mistake(
            name="Python's max",
            message="Python's max compares the rows of a window with each other, and NumPy cannot say which of two rows is larger. Which method gives the largest number of an array?",
            answer=_keep(max),
        ),
        Mistake(name="keeps one corner", message=_CORNER.format("top left"), answer=_corner(0)),
        Mistake(name="keeps one corner", message=_CORNER.format("bottom right"), answer=_corner(-1)),
        Mistake(
            name="keeps one corner",
            message="Your result holds every pixel at a multiple of the stride: that is skipping, and nothing is compared. Which pixels share a window with it?",
            answer=lambda image, size, stride: image[::stride, ::stride],
        ),
        Mistake(
            name="ceil size",
            message=_CEIL,
            answer=lambda image, size, stride: _pool(
                np.max, image, size, stride, _ceil_sizes(image.shape, size, stride)
            ),
        ),
        Mistake(
            name="ceil size",
            message=_CEIL,
            answer=lambda image, size, stride: _pool(
                np.max, image, size, stride, tuple(-(-cells // stride) for cells in image.shape)
            ),
        ),
        Mistake(
            name="window size not counted",
            message=_COUNT,
            answer=lambda image, size, stride: _pool(
                np.max, image, size, stride, tuple(cells // stride for cells in image.shape)
            ),
        ),
        Mistake(
            name="last window missing",
            message=_LAST_MISSING,
            answer=lambda image, size, stride: max_pool2d(image, size, stride)[:-1, :-1],
        ),
    ],
)

# --- 6.2 -------------------------------------------------------------------------------------------------------------


def average_pool2d(images, size, stride):
    rows = (images.shape[1] - size) // stride + 1
    columns = (images.shape[2] - size) // stride + 1
    pooled = np.zeros((images.shape[0], rows, columns, images.shape[3]))
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            windows = images[:, top : top + size, left : left + size, :]
            pooled[:, row, column, :] = windows.mean(axis=(1, 2))
    return pooled


def _average_one_by_one(images, size, stride):
    count, height, width, channels = images.shape
    rows, columns = _sizes((height, width), size, stride)
    pooled = np.empty((count, rows, columns, channels))
    for image, row, column, channel in np.ndindex(pooled.shape):
        total = 0.0
        for down, right in np.ndindex(size, size):
            total += images[image, row * stride + down, column * stride + right, channel]
        pooled[image, row, column, channel] = total / (size * size)
    return pooled


def _average_by_views(images, size, stride):
    windows = np.lib.stride_tricks.sliding_window_view(images, (size, size), axis=(1, 2))
    return windows[:, ::stride, ::stride].mean(axis=(-1, -2))


def _pool_images(keep, images, size, step, sizes):
    """Pool each image; ``keep(windows)`` gives (N, C), or what can be stored as that, for windows (N, h, w, C)."""
    pooled = np.zeros((images.shape[0], *sizes, images.shape[3]))
    for row, column in np.ndindex(*sizes):
        top, left = row * step, column * step
        pooled[:, row, column, :] = keep(images[:, top : top + size, left : left + size, :])
    return pooled


def _keep_of_each(function):
    """Return the answer that pools each channel with another function than the mean."""

    def answer(images, size, stride):
        sizes = _sizes(images.shape[1:3], size, stride)
        return _pool_images(lambda windows: function(windows.astype(float), axis=(1, 2)), images, size, stride, sizes)

    return answer


def _mean_of_all_channels(images, size, stride):
    return average_pool2d(images, size, stride).mean(axis=3, keepdims=True)


def _mean_ends_at_size(images, size, stride):
    pooled = average_pool2d(images, size, stride)
    for row, column in np.ndindex(pooled.shape[1:3]):
        pooled[:, row, column] = images[:, row * stride : size, column * stride : size].mean(axis=(1, 2))
    return pooled


def _draw_batches(random):
    return [
        (float_image(random, 2, 7, 9, 3), 2, 2),
        (integer_image(random, 3, 8, 6, 2), 3, 2),
        (integer_image(random, 1, 9, 11, 4, dtype=np.uint8), 2, 3),
        (float_image(random, 2, 5, 6, 5), 3, 1),
    ]


def _batch_rule(images, size, stride):
    count, height, width, channels = images.shape
    inner = _size_rule(("rows", "columns"), (height, width), size, stride)
    return Rule(axes=(("images", f"N = {count}"), *inner, ("channels", f"C = {channels}")))


def _window_of_channel(arguments, part, index):
    images, size, stride = arguments
    image, row, column, channel = index
    top, left = row * stride, column * stride
    window = images[image, top : top + size, left : left + size, channel]
    return [(f"image {image}, channel {channel}: the window for [{row}, {column}]", window)]


_SAME_IN_ALL_CHANNELS = (
    "Your mean runs over the channels as well, so all channels become one. Pooling treats each channel on its own: "
    "over which axes of the window should the mean go?"
)

average_pooling = Exercise(
    id="6.2",
    name="average_pool2d",
    task="Return the mean of each window, for every image and every channel on its own.",
    reference=average_pool2d,
    alternatives=[_average_one_by_one, _average_by_views],
    draw=_draw_batches,
    example=(np.array([[[[1, 10], [3, 10], [0, 0], [8, 40]], [[5, 30], [7, 30], [2, 0], [2, 0]]]]), 2, 2),
    rule=_batch_rule,
    focus=_window_of_channel,
    points=2,
    hints=[
        "It is the double loop of 6.1 with two axes more. The result has shape (N, rows, columns, C).",
        "Cut the same window from all images and channels at once: images[:, top : top + size, left : left + size, :].",
        "That piece has four axes. .mean(axis=(…)) with the numbers of two of them leaves one number for each image and channel.",
    ],
    mistakes=[
        Mistake(
            name="max",
            message="These are the largest numbers of the windows. Here all pixels of a window have a say.",
            answer=_keep_of_each(np.max),
        ),
        Mistake(name="across channels", message=_SAME_IN_ALL_CHANNELS, answer=_mean_of_all_channels),
        Mistake(
            name="across channels",
            message=_SAME_IN_ALL_CHANNELS,
            answer=lambda images, size, stride: _mean_of_all_channels(images, size, stride)[..., 0],
        ),
        Mistake(
            name="across channels",
            message=_SAME_IN_ALL_CHANNELS,
            answer=lambda images, size, stride: np.repeat(
                _mean_of_all_channels(images, size, stride), images.shape[3], axis=3
            ),
        ),
        Mistake(
            name="across images",
            message="All your images give the same numbers: the mean runs over the images as well. Which axis counts the images?",
            answer=lambda images, size, stride: _pool_images(
                lambda windows: windows.mean(axis=(0, 1, 2)),
                images,
                size,
                stride,
                _sizes(images.shape[1:3], size, stride),
            ),
        ),
        Mistake(
            name="sum",
            message="These are the sums of the windows. How many pixels went into each of them?",
            answer=_keep_of_each(np.sum),
        ),
        Mistake(
            name="end index not offset",
            message=_ENDS_AT_SIZE,
            answer=_mean_ends_at_size,
        ),
        Mistake(
            name="divides by 4",
            message="Your sums are divided by 4 always. That fits a window of 2 × 2: how many pixels has one of 3 × 3?",
            answer=lambda images, size, stride: average_pool2d(images, size, stride) * size * size / 4,
        ),
        Mistake(
            name="divides by the stride",
            message="Your sums are divided by stride × stride. Does a window hold more pixels if the next one starts further away?",
            answer=lambda images, size, stride: average_pool2d(images, size, stride) * size * size / stride**2,
        ),
        Mistake(
            name="stride ignored",
            message=_STRIDE_IGNORED,
            answer=lambda images, size, stride: _pool_images(
                lambda windows: windows.mean(axis=(1, 2)), images, size, 1, _sizes(images.shape[1:3], size, stride)
            ),
        ),
        Mistake(
            name="stride ignored",
            message="There is a window at every pixel, as if the stride were 1. How many pixels apart do two windows start, and how many of them fit then?",
            answer=lambda images, size, stride: average_pool2d(images, size, 1),
        ),
        Mistake(
            name="size as stride",
            message=_SIZE_AS_STRIDE,
            answer=lambda images, size, stride: average_pool2d(images, size, size),
        ),
        Mistake(
            name="ceil size",
            message=_CEIL,
            answer=lambda images, size, stride: _pool_images(
                lambda windows: windows.mean(axis=(1, 2)),
                images,
                size,
                stride,
                _ceil_sizes(images.shape[1:3], size, stride),
            ),
        ),
        Mistake(
            name="window size not counted",
            message=_COUNT,
            answer=lambda images, size, stride: _pool_images(
                lambda windows: windows.mean(axis=(1, 2)),
                images,
                size,
                stride,
                tuple(cells // stride for cells in images.shape[1:3]),
            ),
        ),
        Mistake(
            name="last window missing",
            message=_LAST_MISSING,
            answer=lambda images, size, stride: average_pool2d(images, size, stride)[:, :-1, :-1],
        ),
    ],
)

# --- 6.3 -------------------------------------------------------------------------------------------------------------


def global_average_pool(images):
    return images.mean(axis=(1, 2))


def _global_average_by_loops(images):
    count, height, width, channels = images.shape
    means = np.zeros((count, channels))
    for image in range(count):
        for channel in range(channels):
            means[image, channel] = np.sum(images[image, :, :, channel]) / (height * width)
    return means


_AVERAGES_CHANNELS = (
    "Your mean runs over the channels. Each channel says of one feature how much of it there is, and should keep its own number: "
    "which two axes may disappear?"
)

global_pooling = Exercise(
    id="6.3",
    name="global_average_pool",
    task="Return the mean of each channel over all its rows and columns, for every image.",
    reference=global_average_pool,
    alternatives=[
        _global_average_by_loops,
        lambda images: np.einsum("nhwc->nc", images.astype(float)) / (images.shape[1] * images.shape[2]),
    ],
    draw=lambda random: [
        (float_image(random, 2, 5, 7, 3),),
        (integer_image(random, 3, 4, 6, 2, dtype=np.uint8),),
        (integer_image(random, 1, 6, 4, 5),),
    ],
    example=(np.array([[[[1, 10], [3, 20]], [[5, 30], [7, 40]]]]),),
    rule=lambda images: Rule(
        axes=(("images", f"N = {images.shape[0]}"), ("channels", f"C = {images.shape[3]}")),
    ),
    focus=lambda arguments, part, index: [
        (f"image {index[0]}, channel {index[1]}", arguments[0][index[0], :, :, index[1]])
    ],
    hints=[
        "One window that covers the whole image: how many numbers are left of each channel?",
        "The axes are images, rows, columns, channels: 0, 1, 2, 3. A mean takes the axes that shall disappear as axis=(…, …).",
    ],
    mistakes=[
        Mistake(name="averages channels", message=_AVERAGES_CHANNELS, answer=lambda images: images.mean(axis=3)),
        Mistake(
            name="averages channels",
            message="One number is left of each image: your mean runs over the channels as well. How many numbers are due if there are C channels?",
            answer=lambda images: images.mean(axis=(1, 2, 3)),
        ),
        Mistake(
            name="averages channels",
            message="One number is left of the whole batch. A mean without axis runs over everything: which two axes may disappear?",
            answer=lambda images: images.mean(),
        ),
        Mistake(
            name="averages channels",
            message="Your mean runs over axes 2 and 3, columns and channels. Counting starts at 0: which numbers have rows and columns?",
            answer=lambda images: images.mean(axis=(2, 3)),
        ),
        Mistake(
            name="keeps dimensions",
            message="The numbers are right, and two axes of length 1 are left over. A dense layer takes one row of numbers for each image: shape (N, C).",
            answer=lambda images: images.mean(axis=(1, 2), keepdims=True),
        ),
        Mistake(
            name="across images",
            message="Your mean runs over the images as well, so one row of numbers is left for all of them. Which axis counts the images?",
            answer=lambda images: images.mean(axis=(0, 1, 2)),
        ),
        Mistake(
            name="across images",
            message="Your mean runs over axes 0 and 1, images and rows. Counting starts at 0: which numbers have rows and columns?",
            answer=lambda images: images.mean(axis=(0, 1)),
        ),
        Mistake(
            name="one axis only",
            message="Your mean runs over one axis, and the other one is still there. Rows and columns both disappear.",
            answer=lambda images: images.mean(axis=1),
        ),
        Mistake(
            name="one axis only",
            message="Your mean runs over one axis, and the other one is still there. Rows and columns both disappear.",
            answer=lambda images: images.mean(axis=2),
        ),
        Mistake(
            name="sum",
            message="These are the sums. An image of twice the size would give four times as much: by what do you divide?",
            answer=lambda images: images.astype(float).sum(axis=(1, 2)),
        ),
        Mistake(
            name="max",
            message="These are the largest numbers of each channel. Here the question is how much there is on average.",
            answer=lambda images: images.max(axis=(1, 2)),
        ),
    ],
)

EXERCISES = (max_pooling, average_pooling, global_pooling)
