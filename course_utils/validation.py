"""What may enter an operation: real arrays of the right rank, whole numbers of the right size.

Every message has three parts: what must hold, what arrived, what to try.
"""

import operator

import numpy as np


def real_array(value, name, *layouts):
    """Return `value` as a floating-point array with one of the given layouts.

    Parameters
    ----------
    value : array_like
        Real numbers of any dtype (bool, integer or float).
    name : str
        How the error message calls it, for example ``"image"``.
    *layouts : str
        The accepted axes, one letter each: ``"HW"`` is a rank of 2, ``"NHWC"`` a rank of 4.

    Returns
    -------
    ndarray
        float32 if float32 came in, float64 otherwise. It may share memory with `value`: do not write to it.

    Raises
    ------
    TypeError
        If `value` does not hold real numbers.
    ValueError
        If the rank is not one of `layouts`, or an axis is empty.
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
    if array.ndim not in [len(layout) for layout in layouts]:
        wanted = " or ".join(f"({', '.join(layout)}{',' * (len(layout) == 1)})" for layout in layouts)
        raise ValueError(
            f"The {name} must have shape {wanted}: got shape {array.shape}. "
            "Select or add axes first, for example array[0] or array[..., np.newaxis]."
        )
    if array.size == 0:
        raise ValueError(f"The {name} must not be empty: got shape {array.shape}. Check the slice that made it.")
    return array.astype(np.float32 if array.dtype == np.float32 else np.float64, copy=False)


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
            f"The {name} must be a whole number: got {value!r}. Use // instead of / when you compute a size."
        ) from None
    if number < minimum:
        raise ValueError(f"The {name} must be at least {minimum}: got {number}. Try {minimum}.")
    return number


def whole_pair(value, name, minimum):
    """Return one whole number, or a pair (rows, columns) of them, as a pair of ints."""
    if not isinstance(value, (tuple, list, np.ndarray)):
        value = (value, value)
    if np.shape(value) != (2,):
        raise ValueError(
            f"The {name} must be one whole number or a pair (rows, columns): got {value!r}. Try 1 or (1, 2)."
        )
    rows, columns = value
    return whole_number(rows, name, minimum), whole_number(columns, name, minimum)
