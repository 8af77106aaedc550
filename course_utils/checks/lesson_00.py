"""Lesson 00: start here."""

import numpy as np

from .drawing import float_image, integer_image
from .engine import Exercise, Mistake

# --- 0.1 -------------------------------------------------------------------------------------------------------------


def add_one(a):
    return a + 1


def _on_a_copy(a):
    result = a.copy()
    result += 1
    return result


def _by_loops(a):
    result = np.zeros(a.shape)
    for place in np.ndindex(a.shape):
        result[place] = a[place] + 1
    return result


def _in_place(a):
    a += 1
    return a


def _first_number_only(a):
    result = a.copy()
    result.flat[0] += 1
    return result


def _draw(random):
    """Whole numbers, fractions in a table, and bytes that have room for one more."""
    return [
        (integer_image(random, 5),),
        (float_image(random, 2, 4),),
        (random.integers(0, 255, (3, 2)).astype(np.uint8),),
    ]


adding = Exercise(
    id="0.1",
    name="add_one",
    task="Return the array with 1 added to every number, and leave the original as it is.",
    reference=add_one,
    alternatives=[_on_a_copy, _by_loops, lambda a: np.add(a, 1)],
    draw=_draw,
    example=(np.array([1, 2, 3]),),
    hints=[
        "NumPy adds a number to every cell of an array at once: which sign does that need, and does it need a loop?",
        "`a += 1` writes into the array that came in. The same sum without the = makes a new array: return that one.",
    ],
    mistakes=[
        Mistake(
            name="in place",
            message=(
                "The numbers that come back are right, but your function changes its input: after the call, the original "
                "is one larger, too. Which line writes into `a`?"
            ),
            answer=_in_place,
        ),
        Mistake(
            name="first number only",
            message="The first number is right, the others are as they were. Every number of the array grows by 1.",
            answer=_first_number_only,
        ),
        Mistake(
            name="first number only",
            message="One number comes back instead of a whole array: the first, plus 1. Does a return stand inside a loop?",
            answer=lambda a: a.flat[0] + 1,
        ),
        Mistake(
            name="nothing added",
            message="The numbers come back as they were. Adding makes a new array: is that the one you return?",
            answer=lambda a: a.copy(),
        ),
        Mistake(
            name="doubled",
            message="Each number comes back twice as large. `a + a` adds the array to itself: what is to be added here?",
            answer=lambda a: a + a,
        ),
    ],
)

EXERCISES = (adding,)
