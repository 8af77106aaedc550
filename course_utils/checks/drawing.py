"""Inputs that tell mistakes apart: never square where the task allows it, never symmetric, never all of one sign."""

import numpy as np


def integer_image(random, *shape, dtype=np.int64):
    """Return whole numbers from 0 to 255, as pixels are."""
    return random.integers(0, 256, shape).astype(dtype)


def float_image(random, *shape):
    """Return numbers of both signs with fractions."""
    return random.normal(0, 40, shape).round(2)


def small_kernel(random, height, width):
    """Return weights from -3 to 3 in steps of 0.5, of which no two are equal as long as there are enough of them."""
    steps = np.arange(-6, 7) / 2
    weights = random.permutation(np.tile(steps, -(-height * width // len(steps))))[: height * width]
    return weights.reshape(height, width)
