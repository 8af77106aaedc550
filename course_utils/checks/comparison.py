"""Comparing a result with the expected one: its type, its shape, then its values, and where they first differ.

Numbers are equal within a tolerance relative to the largest expected number; nothing is ever compared with ==.
"""

import reprlib
from typing import Any, NamedTuple

import numpy as np


class Difference(NamedTuple):
    """The first thing that is wrong with a result."""

    mistake: str  # "wrong type", "list instead of array", "wrong shape", "wrong dtype", "integer output", "NaN", "wrong values"
    message: str
    part: int | None = None  # which of several results
    index: tuple | None = None  # the first differing cell
    got: Any = None  # the array or number that differs, and what it should be
    expected: Any = None


def find_difference(got, expected, rule, where=""):
    """Return the first Difference between a result and the expected one, or None if they agree.

    Parameters
    ----------
    got : object
        What the answer returned.
    expected : ndarray, number, str, bool, or a tuple, list or dict of them
    rule : Rule
        Tolerance, and what the axes and parts are called.
    where : str
        What messages call this value, for example "gx".
    """
    if isinstance(expected, dict):
        return _compare_dicts(got, expected, rule)
    if isinstance(expected, (tuple, list)):
        return _compare_parts(got, expected, rule)
    if isinstance(expected, np.ndarray):
        return _compare_arrays(got, expected, rule, where or "Your result")
    if isinstance(expected, (str, bool, np.bool_, type(None))):
        return None if _is_equal(got, expected) else _wrong_values(got, expected, where or "Your result")
    return _compare_numbers(got, expected, rule, where or "Your result")


class Rule(NamedTuple):
    """How an exercise wants its results compared."""

    rtol: float = 1e-6
    atol: float = 0.0
    dtype: str | tuple = ""  # "", "bool", "integer", "uint8", "float32": demanded if the task says so; or one a part
    parts: tuple = ()  # the names of several results
    axes: tuple = ()  # for each axis, its name and the formula of its size: ("rows", "H - h + 1 = 5 - 3 + 1 = 3")
    period: tuple = ()  # parts that are angles: equal modulo 2 pi


def agree(got, expected, rule):
    return find_difference(got, expected, rule) is None


def _compare_dicts(got, expected, rule):
    if not isinstance(got, dict):
        return Difference("wrong type", f"Your result must be a dict: it is {_a_type(got)}.")
    for key in expected:
        if key not in got:
            return Difference(
                "missing entry", f"The entry {key!r} is missing. The entries are {', '.join(map(str, expected))}."
            )
        if not _is_equal(got[key], expected[key]):
            return Difference("wrong values", f"The entry {key!r} is {reprlib.repr(got[key])}; look at this one again.")
    extra = [key for key in got if key not in expected]
    if extra:
        return Difference(
            "wrong type",
            f"The entry {reprlib.repr(extra[0])} does not belong here. The entries are {', '.join(map(str, expected))}.",
        )
    return None


def _compare_parts(got, expected, rule):
    names = rule.parts or tuple(f"Result {place + 1}" for place in range(len(expected)))
    if not isinstance(got, (tuple, list)) or len(got) != len(expected):
        count = f"{len(got)} of them" if isinstance(got, (tuple, list)) else _a_type(got)
        if isinstance(got, np.ndarray):
            count = f"one array of shape {got.shape}"
        return Difference(
            "wrong type",
            f"Your function must return {len(expected)} results ({_listed(names)}): it returned {count}.",
        )
    if _are_exchanged(got, expected, rule._replace(dtype="")):
        return Difference("wrong order", f"Both results are there, in the other order. Due are {_listed(names)}.")
    for place, (one, wanted) in enumerate(zip(got, expected)):
        if place in rule.period:
            one = _without_full_turns(one, wanted, rule.rtol)
        own = rule._replace(dtype=rule.dtype[place]) if isinstance(rule.dtype, tuple) else rule
        difference = find_difference(one, wanted, own, names[place])
        if difference:
            return difference._replace(part=place)
    return None


def _are_exchanged(got, expected, rule):
    if len(got) != 2 or agree(got[0], expected[0], rule):
        return False
    return agree(got[0], expected[1], rule) and agree(got[1], expected[0], rule)


def _listed(names):
    return ", ".join(name[:1].lower() + name[1:] for name in names)


def _without_full_turns(angle, wanted, rtol):
    """Return the angles without the full turns of 2 pi that part them from the wanted ones; all other things as they are."""
    if not isinstance(angle, np.ndarray) or angle.dtype.kind not in "iuf" or angle.shape != wanted.shape:
        return angle
    with np.errstate(invalid="ignore"):  # an angle may be infinite
        turns = (angle.astype(float) - wanted) / (2 * np.pi)
        whole = np.isfinite(turns) & (np.abs(turns - np.rint(turns)) < rtol)
    return np.where(whole, wanted, angle)


def _compare_arrays(got, expected, rule, where):
    if isinstance(got, (list, tuple)):
        return Difference(
            "list instead of array",
            f"{where} is {_a_type(got)}, and an array is due. NumPy turns one into the other: np.array(...).",
        )
    if isinstance(got, (int, float, np.number)) and not isinstance(got, bool):
        message = f"{where} is one number, {show_number(got)}, and an array of shape {expected.shape} is due."
        return Difference("wrong type", f"{message} Was everything added up, or does a return stand inside a loop?")
    if not isinstance(got, np.ndarray):
        return Difference("wrong type", f"{where} is {_a_type(got)}, and an array of shape {expected.shape} is due.")
    if got.dtype.kind not in "biuf":
        return Difference("wrong type", f"{where} is an array of dtype {got.dtype}, and real numbers are due.")
    if got.shape != expected.shape:
        return Difference("wrong shape", _shape_message(got, expected, rule, where), got=got, expected=expected)
    return _compare_dtype(got, rule, where) or _compare_values(got, expected, rule, where)


def _compare_numbers(got, expected, rule, where):
    if isinstance(got, np.ndarray) and got.ndim == 0:
        got = got[()]
    if isinstance(got, np.ndarray):
        return Difference(
            "wrong shape", f"{where} is an array of shape {got.shape}, and a single number is due.", got=got
        )
    if isinstance(got, (bool, np.bool_)) or not isinstance(got, (int, float, np.integer, np.floating)):
        return Difference("wrong type", f"{where} is {_a_type(got)}, and a number is due.")
    if rule.dtype == "integer" and not isinstance(got, (int, np.integer)):
        return Difference("wrong dtype", f"{where} is {got!r}, {_a_type(got)}, and a whole number (int) is due.")
    if isinstance(got, int) and abs(got) > 1e300:  # a whole number may be larger than any float
        return Difference("wrong values", f"{where} has more than 300 digits, and {show_number(expected)} is due.")
    return _compare_values(np.asarray(got), np.asarray(expected), rule, where)


def _compare_dtype(got, rule, where):
    fits = {"": True, "bool": got.dtype == bool, "integer": got.dtype.kind in "iu"}.get(rule.dtype)
    if fits is None:
        fits = got.dtype == np.dtype(rule.dtype)
    return None if fits else Difference("wrong dtype", f"{where} has dtype {got.dtype}, and {rule.dtype} is due.")


def _compare_values(got, expected, rule, where):
    got_, expected_ = got.astype(float), expected.astype(float)
    scale = np.max(np.abs(expected_[np.isfinite(expected_)]), initial=0)
    equal = np.isclose(got_, expected_, rtol=rule.rtol, atol=rule.rtol * scale + rule.atol + 1e-12, equal_nan=True)
    if np.all(equal):
        return None
    if np.any(np.isnan(got_) & ~np.isnan(expected_)):
        index = _first(np.isnan(got_) & ~np.isnan(expected_))
        return Difference(
            "NaN",
            f"{where}{_at(index)} is NaN, not a number. Look for a division by zero, or the root of a negative number.",
            None,
            index,
            got,
            expected,
        )
    if got.dtype.kind in "iu" and got.ndim and _lost_in(got, expected_):
        message = (
            f"{where} holds whole numbers ({got.dtype}), so fractions and large numbers were lost on the way in. "
            "Where does this dtype come from: an astype, or an array that is filled and has the dtype of the input?"
        )
        return Difference("integer output", message, None, _first(~equal), got, expected)
    return _wrong_values(got, expected, where, _first(~equal))


def _lost_in(got, expected):
    """Return whether `expected`, stored cell by cell in the dtype of `got`, gives `got`; fractions cut off or wrapped."""
    whole = np.trunc(expected)
    if not np.all(np.abs(whole) < 2**62):
        return False
    return bool(np.all(whole.astype(np.int64).astype(got.dtype) == got))


def _wrong_values(got, expected, where, index=None):
    if index is None or not np.shape(got):
        message = (
            f"{where} is {show_number(got)}, and {show_number(expected)} is due.{_pattern_of_number(got, expected)}"
        )
    else:
        message = f"{where}{_at(index)} is {show_number(got[index])}, and {show_number(expected[index])} is due."
        if got.dtype == expected.dtype == bool:
            message += f" In all, {got.sum()} are True, and {expected.sum()} should be."
        else:
            message += _pattern(got.astype(float), expected.astype(float))
    return Difference("wrong values", message, None, index, got, expected)


def _pattern_of_number(got, expected):
    """Return a sentence if a single number was cut off, rounded or wrapped, or has the wrong sign."""
    if not all(isinstance(one, np.ndarray) and one.dtype.kind in "iuf" and np.isfinite(one) for one in (got, expected)):
        return ""
    if got.dtype == np.uint8 and got == np.trunc(expected) % 256:
        return " It was stored as uint8, which holds 0 to 255."
    if np.isclose(float(got), -float(expected)) and got:
        return " It has the right size and the wrong sign."
    if np.abs(expected) < 2 or expected % 1 == 0:
        return ""
    if got == np.trunc(expected):
        return " The fraction is missing: is there an int or a round?"
    return " It was rounded." if any(got == np.round(expected, digits) for digits in range(5)) else ""


def _pattern(got, expected):
    """Return a sentence if all numbers are wrong in the same way, or only some lines are wrong."""
    if not (np.all(np.isfinite(got)) and np.all(np.isfinite(expected))) or got.size < 2:
        return ""
    if np.allclose(got, 0):
        return " All your numbers are 0: is the result ever written to?"
    if np.allclose(got, -expected):
        return " All your numbers have the right size and the wrong sign."
    for digits in range(5):
        if np.allclose(got, np.round(expected, digits), rtol=0, atol=1e-9):
            return f" All your numbers are right, but rounded to {digits or 'no'} digits after the point: keep them as they are."
    factor = np.sum(got * expected) / max(np.sum(expected**2), 1e-300)
    if np.allclose(got, factor * expected, rtol=1e-5, atol=1e-8) and abs(factor) > 1e-6:
        inverse = 1 / factor
        ratio = f"1/{round(inverse)}" if abs(factor) < 1 and abs(inverse - round(inverse)) < 1e-5 else f"{factor:.4g}"
        return f" All your numbers are {ratio} times what is due."
    offset = np.mean(got - expected)
    if np.allclose(got - expected, offset, rtol=1e-5, atol=1e-8):
        return f" All your numbers are off by {offset:+.4g}."
    if got.ndim == 2 and np.allclose(got, np.flip(expected)):
        return " All your numbers are there, in reverse order."
    if got.ndim == 2 and got.shape == expected.T.shape and np.allclose(got, expected.T):
        return " All your numbers are there, with rows and columns exchanged."
    centred = expected - np.mean(expected)
    if got.size > 3 and np.any(centred):
        slope = np.sum(centred * got) / np.sum(centred**2)
        offset = np.mean(got - slope * expected)
        if abs(slope) > 1e-6 and np.allclose(
            got, slope * expected + offset, rtol=1e-5, atol=1e-6 * np.max(np.abs(got))
        ):
            sign = "plus" if offset > 0 else "minus"
            return f" All your numbers are {slope:.4g} times what is due, {sign} {abs(offset):.4g}."
    wrong = ~np.isclose(got, expected)
    if got.ndim == 2 and min(got.shape) > 3 and not np.any(wrong[1:-1, 1:-1]):
        return " Only cells at the border differ; all others are right."
    if np.argmax(wrong) and not np.any(got.ravel()[np.argmax(wrong) :]):
        return " What comes before is right, and from here on all numbers are 0: does the loop end too soon, or is return inside of it?"
    return ""


def _shape_message(got, expected, rule, where):
    if got.ndim == 2 and got.shape == expected.T.shape and np.allclose(got.T, expected):
        return f"{where} has shape {got.shape}, and {expected.shape} is due. All numbers are there, with rows and columns exchanged."
    if got.ndim != expected.ndim:
        axes = f"{got.ndim} axes" if got.ndim != 1 else "one axis"
        due = f"{expected.ndim} are due" if expected.ndim != 1 else "one is due"
        message = f"{where} has shape {got.shape}, with {axes}, and {due}: shape {expected.shape}."
        same = got.size == expected.size > 1 and np.allclose(got.ravel(), expected.ravel())
        return f"{message} All numbers are there, in the right order." if same else message
    place = next(place for place, sizes in enumerate(zip(got.shape, expected.shape)) if sizes[0] != sizes[1])
    message = f"{where} has shape {got.shape}, and {expected.shape} is due."
    if got.size == 0:
        message += " It is empty: does a slice end before it begins?"
    elif got.ndim == 2 and got.shape == expected.shape[::-1]:
        message += " Rows and columns are exchanged."
    if place < len(rule.axes):
        name, formula = rule.axes[place]
        return f"{message} Axis {place} ({name}) should be {formula}."
    return f"{message} Axis {place} has {got.shape[place]} cells instead of {expected.shape[place]}."


def show_number(value):
    """Return a number in at most six digits, and anything else in a short form that cannot fail."""
    if isinstance(value, (bool, np.bool_, str)):
        return repr(value) if isinstance(value, str) else str(bool(value))
    try:
        return f"{float(value) + 0.0:.6g}"  # -0.0 is 0
    except Exception:  # an answer may be anything
        return reprlib.repr(value)


def _first(where):
    return tuple(int(place) for place in np.argwhere(where)[0])


def _at(index):
    return f" at {list(index)}" if index else ""


def _is_equal(got, expected):
    try:
        return bool(_plain(got) == _plain(expected))
    except Exception:  # an answer may be anything
        return False


def _plain(value):
    """Return tuples for sequences and Python numbers for NumPy's, so that equal things compare equal."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return tuple(map(_plain, value))
    return value.item() if isinstance(value, np.generic) else value


def _a_type(value):
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiou' or name == 'ndarray' else 'a'} {name}"
