"""Running a learner's answer: on copies, for a limited time, with everything it prints, raises or changes recorded."""

import contextlib
import ctypes
import io
import linecache
import threading
import time
import traceback
import warnings
from typing import Any, NamedTuple

import numpy as np

COPIED_LIMIT = 2**28  # bytes: no exercise has arrays of this size
PRINTED_LIMIT = 2000  # characters of a learner's own prints that a verdict shows


class Raised(NamedTuple):
    """An exception that came out of an answer: its type and text, and the learner's line if it is known."""

    type: type
    text: str
    line_number: int | None = None
    line: str = ""

    def __eq__(self, other):
        return isinstance(other, Raised) and (self.type, self.text) == (other.type, other.text)

    def __hash__(self):
        return hash((self.type, self.text))


class Outcome(NamedTuple):
    """What one call gave: a value or an exception; which arguments it changed; whether it was stopped."""

    value: Any = None
    raised: Raised | None = None
    changed: tuple = ()
    stopped: bool = False


class Run(NamedTuple):
    """The outcomes of all calls, in order, and what was printed and warned of meanwhile."""

    outcomes: list
    printed: str = ""
    warned: str = ""


class TimeIsUp(BaseException):
    """Raised inside an answer that runs for too long. Not an Exception, so that `except Exception` lets it pass."""


def run_cases(call, answer, cases, *, seconds):
    """Call ``call(answer, *arguments)`` for each case in a thread, for `seconds` in all.

    Parameters
    ----------
    call : callable
        How this exercise asks an answer; for a function, ``answer(*arguments)``.
    answer
        What the learner handed in.
    cases : sequence of tuple
        The arguments of each call. The answer gets copies.
    seconds : float or None
        After this time the answer is stopped; if it cannot be stopped, its thread is left behind. None: it can be trusted
        to end, and needs no thread.

    Returns
    -------
    Run
        One outcome for each case; those that were not reached are marked as stopped.
    """
    outcomes = []

    def work():
        try:
            for arguments in cases:
                outcomes.append(call_once(call, answer, arguments))
        except TimeIsUp:
            pass

    printed = _Bounded()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            if seconds is None:
                work()
            else:
                _work_for(seconds, work)
        warned = next((str(w.message) for w in caught if issubclass(w.category, RuntimeWarning)), "")
    finished = outcomes[: len(cases)]
    return Run(finished + [Outcome(stopped=True)] * (len(cases) - len(finished)), printed.text(), warned)


def call_once(call, answer, arguments):
    """Return the Outcome of one call on copies of the arguments, however long it takes."""
    given = _copied(arguments)
    try:
        value = _copied(call(answer, *given))
    except TimeIsUp:
        raise
    except BaseException as error:  # exit() and an interrupt inside the answer are its own affair, too
        return Outcome(raised=describe(error))
    changed = tuple(place for place, (old, new) in enumerate(zip(arguments, given)) if not _same_bytes(old, new))
    return Outcome(value=value, changed=changed)


def _copied(value):
    """Copy arrays, also those in tuples and lists; leave everything else, such as a model, as it is.

    Matrices, masked arrays and other kinds of array become plain ones. What is too large to be right is not copied.
    """
    if isinstance(value, np.ndarray):
        return np.array(value) if value.nbytes < COPIED_LIMIT else np.asarray(value)
    if type(value) in (list, tuple):
        return type(value)(map(_copied, value))
    return value


def _work_for(seconds, work):
    """Do the work in a thread, and stop it when the time is up."""
    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    try:
        worker.join(seconds)
    finally:  # also when the learner interrupts the kernel
        _stop(worker)


def _stop(worker):
    """Raise TimeIsUp in the worker until it ends, for a second at most: a bare except may swallow the first one."""
    until = time.monotonic() + 1
    while worker.is_alive() and time.monotonic() < until:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(worker.ident), ctypes.py_object(TimeIsUp))
        worker.join(0.05)


def describe(error):
    """Find the last line of the learner's own code in the traceback: the last frame that is in no installed package."""
    own = None
    for frame in traceback.extract_tb(error.__traceback__):
        if not _is_library(frame.filename):
            own = frame
    try:
        text = str(error)
    except Exception:
        text = "(its text cannot be shown)"
    if own is None:
        return Raised(type(error), text)
    line = own.line or linecache.getline(own.filename, own.lineno).strip()
    return Raised(type(error), text, own.lineno, line)


def _is_library(filename):
    return "site-packages" in filename or filename.startswith("<frozen") or filename.startswith(_HERE)


_HERE = __file__.rsplit("checks", 1)[0]


def _same_bytes(old, new):
    if isinstance(old, np.ndarray):
        same = isinstance(new, np.ndarray) and old.dtype == new.dtype and old.shape == new.shape
        return same and old.tobytes() == new.tobytes()
    if isinstance(old, (list, tuple)):
        return len(old) == len(new) and all(map(_same_bytes, old, new))
    return True


class _Bounded(io.TextIOBase):
    """A stand-in for sys.stdout that keeps the beginning of what is written and forgets the rest."""

    def __init__(self):
        self._kept = []
        self._length = 0
        self._cut = False

    def write(self, text):
        room = PRINTED_LIMIT - self._length
        if len(text) > room:
            self._cut = True
        if room > 0:
            self._kept.append(text[:room])
            self._length += min(len(text), room)
        return len(text)

    def flush(self):
        pass

    def text(self):
        return "".join(self._kept) + (" ..." if self._cut else "")
