"""What may enter an operation: real arrays of the right rank, numbers of the right size, known names.

Every message has three parts: what must hold, what arrived, what to try.
"""

import math
import numbers
import operator

import numpy as np

# The cells that a few digits may ask for: 1 GB as float64. More is a slip of the keyboard, and would fill the memory.
MOST_CELLS = 2**27


def real_array(value, name, *layouts):
    """Return `value` as a floating-point array with one of the given layouts.

    Parameters
    ----------
    value : array_like
        Real numbers of any dtype (bool, integer or float).
    name : str
        How the error message calls it, for example ``"image"``.
    *layouts : str
        The accepted axes, one sign each: ``"HW"`` is a rank of 2, ``"HW3"`` a rank of 3 whose last axis has 3 cells.

    Returns
    -------
    ndarray
        float32 if float32 came in, float64 otherwise. It may share memory with `value`: do not write to it.

    Raises
    ------
    TypeError
        If `value` does not hold real numbers.
    ValueError
        If the shape is not one of `layouts`, or an axis is empty.
    """
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError(
            f"The {name} must be a regular array: got rows of different lengths. Give every row the same length."
        ) from error
    if array.dtype.kind not in "biuf":
        raise TypeError(
            f"The {name} must hold real numbers: got dtype {array.dtype}. "
            "Pass a NumPy array of integers or floats, for example np.asarray(values, dtype=float)."
        )
    if not any(_fits(array.shape, layout) for layout in layouts):
        wanted = " or ".join(f"({', '.join(layout)}{',' * (len(layout) == 1)})" for layout in layouts)
        raise ValueError(
            f"The {name} must have shape {wanted}: got shape {array.shape}. "
            "Select or add axes first, for example array[0] or array[..., np.newaxis]."
        )
    if array.size == 0:
        raise ValueError(f"The {name} must not be empty: got shape {array.shape}. Check the slice that made it.")
    return array.astype(np.float32 if array.dtype.type is np.float32 else np.float64, copy=False)


def whole_number(value, name, minimum):
    """Return `value` as an int that is at least `minimum`.

    Raises
    ------
    TypeError
        If `value` is not an integer (a float such as 3.0, a bool and NaN are refused too).
    ValueError
        If it is smaller than `minimum`.
    """
    if isinstance(value, (bool, np.bool_)):
        raise TypeError(f"The {name} must be a whole number: got {value}. Write 0 or 1 if that is what you mean.")
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(
            f"The {name} must be a whole number: got {value!r:.80}. Use // instead of / when you compute a size."
        ) from None
    if number < minimum:
        raise ValueError(f"The {name} must be at least {minimum}: got {number}. Try {minimum}.")
    return number


def whole_pair(value, name, minimum):
    """Return one whole number, or a pair (rows, columns) of them, as a pair of ints."""
    pair = value.tolist() if isinstance(value, np.ndarray) else value
    if not isinstance(pair, (tuple, list)):
        pair = (pair, pair)
    if len(pair) != 2:
        raise ValueError(
            f"The {name} must be one whole number or a pair (rows, columns): got {value!r:.80}. Try 1 or (1, 2)."
        )
    rows, columns = pair
    return whole_number(rows, name, minimum), whole_number(columns, name, minimum)


def whole_shape(value, name):
    """Return `value`, one whole number or a pair, as the (rows, columns) of an array to be made."""
    rows, columns = whole_pair(value, name, 1)
    if rows * columns > MOST_CELLS:
        raise ValueError(
            f"The {name} must not ask for more than {MOST_CELLS:,} cells: got {rows} x {columns}. Try {name}=9."
        )
    return rows, columns


def real_number(value, name, *, above=-math.inf, example=1):
    """Return `value` as a float that is finite and greater than `above`."""
    try:
        number = float(value) if isinstance(value, numbers.Real) else math.nan
    except OverflowError:  # an int beyond the largest float
        number = math.inf
    if not above < number < math.inf:
        bound = "" if above == -math.inf else f" above {above}"
        raise ValueError(f"The {name} must be one finite number{bound}: got {value!r:.80}. Try {name}={example}.")
    return number


def one_of(value, name, choices):
    """Return `value` if it is one of the names in `choices`."""
    if not isinstance(value, str) or value not in choices:
        known = ", ".join(repr(choice) for choice in choices)
        raise ValueError(f"The {name} must be one of {known}: got {value!r:.80}. Try {next(iter(choices))!r}.")
    return value


def _fits(shape, layout):
    return len(shape) == len(layout) and all(axis.isalpha() or int(axis) == n for axis, n in zip(layout, shape))
