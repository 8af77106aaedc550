"""The images of the course, and the one place where a filter's response becomes a picture.

An image is an array: (H, W) grey or (H, W, 3) colour, uint8 with 0 = black and 255 = white. A *response* is what a
kernel gives: floats of any sign and size. `to_display` turns the second into the first, and says how.
"""

from importlib.resources import files

import numpy as np

from .validation import one_of, real_array, real_number, whole_number, whole_shape

IMAGES = ("ascent", "face")
MODES = ("clip", "abs", "rescale", "offset")


def load_image(name):
    """Load a picture that comes with the course.

    Parameters
    ----------
    name : {"ascent", "face"}
        A staircase in grey, (512, 512); a raccoon in colour, (192, 256, 3).

    Returns
    -------
    ndarray of uint8
        0 = black, 255 = white.

    Raises
    ------
    ValueError
        If there is no picture of that name.

    Examples
    --------
    >>> load_image("ascent").shape
    (512, 512)
    """
    one_of(name, "name", IMAGES)
    from PIL import Image  # here, because `import course_utils` must stay quick

    with files("course_utils").joinpath("data", f"{name}.png").open("rb") as file:
        return np.array(Image.open(file))


def impulse(height=7, width=7):
    """Return a black (height, width) float image with a single 1.0 in the middle."""
    height, width = whole_shape((height, width), "size")
    image = np.zeros((height, width))
    image[height // 2, width // 2] = 1
    return image


def step_edge(height=8, width=8, *, angle=0.0):
    """Return a uint8 image that is black on one side of its centre and white on the other.

    Parameters
    ----------
    height, width : int
    angle : float
        Direction in which it gets brighter, in degrees: 0 to the right, 90 downwards.
    """
    rows, columns = _centred_grid(height, width)
    angle = np.radians(real_number(angle, "angle", example=90))
    towards = columns * np.cos(angle) + rows * np.sin(angle)
    return np.where(towards > 0, 255, 0).astype(np.uint8)


def disk(height=64, width=64, *, radius=20.0):
    """Return a uint8 image of a white disk on black: an edge in every direction. The rim is one pixel of greys."""
    rows, columns = _centred_grid(height, width)
    radius = real_number(radius, "radius", above=0, example=20)
    return np.rint(255 * np.clip(radius + 0.5 - np.hypot(rows, columns), 0, 1)).astype(np.uint8)


def checkerboard(height=8, width=8, *, cell=1):
    """Return a uint8 checkerboard of black and white squares, `cell` pixels wide, black at [0, 0]."""
    height, width = whole_shape((height, width), "size")
    cell = min(whole_number(cell, "cell", 1), height + width)
    rows, columns = np.indices((height, width)) // cell
    return np.where((rows + columns) % 2, 255, 0).astype(np.uint8)


def salt_and_pepper(image, fraction, *, seed=0):
    """Return a copy of a uint8 image in which `fraction` of the pixels are black or white, half of each, drawn by `seed`."""
    real_array(image, "image", "HW", "HW3")
    noisy = np.array(image)
    if noisy.dtype != np.uint8:
        raise TypeError(
            f"The image must be uint8 with values 0..255: got dtype {noisy.dtype}. Use to_display(image, 'clip') first."
        )
    if not 0 <= real_number(fraction, "fraction", example=0.1) <= 1:
        raise ValueError(f"The fraction must be between 0 and 1: got {fraction!r}. Try 0.1 for one pixel in ten.")
    draw = np.random.default_rng(whole_number(seed, "seed", 0)).random(noisy.shape[:2])
    noisy[draw < fraction / 2] = 0
    noisy[draw > 1 - fraction / 2] = 255
    return noisy


def to_display(response, mode):
    """Turn a response into grey values that a screen can show.

    Parameters
    ----------
    response : array_like of shape (H, W) or (H, W, 3)
        Real, finite numbers of any sign and size.
    mode : {"clip", "abs", "rescale", "offset"}
        "clip": below 0 is black, above 255 white. "abs": the sign is dropped, then as clip. "rescale": the smallest number
        becomes 0, the largest 255. "offset": 128 is added, so that 0 is grey, then as clip.

    Returns
    -------
    ndarray of uint8, of the same shape
        Rounded to the nearest whole number.

    Raises
    ------
    TypeError, ValueError
        If `response` holds no real or no finite numbers, has another rank, or there is no such mode.

    Examples
    --------
    >>> to_display([[-346, 0, 577]], "clip")
    array([[  0,   0, 255]], dtype=uint8)
    """
    response = real_array(response, "response", "HW", "HW3")
    one_of(mode, "mode", MODES)
    if not np.all(np.isfinite(response)):
        raise ValueError(
            "The response must be finite: got NaN or infinity. Look for a division by zero, or use np.nan_to_num first."
        )
    if mode == "rescale":
        halves = response / 2  # from the lowest to the highest float is farther than any float
        span = halves.max() - halves.min()
        shown = (halves - halves.min()) / span * 255 if span > 0 else np.zeros_like(response)
    elif mode == "abs":
        shown = np.abs(response)
    else:
        shown = response + 128 if mode == "offset" else response
    return np.rint(np.clip(shown, 0, 255)).astype(np.uint8)


def _centred_grid(height, width):
    """Return the row and column of every pixel, counted from the middle of the image."""
    height, width = whole_shape((height, width), "size")
    rows, columns = np.indices((height, width), dtype=float)
    return rows - (height - 1) / 2, columns - (width - 1) / 2
