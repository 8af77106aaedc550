"""From a submission to its rows: run in the sandbox, judged outside by the same engine as `check`."""

import builtins
import hashlib
import hmac
import threading
from dataclasses import replace
from typing import NamedTuple

import cloudpickle
import numpy as np

import course_utils
from course_utils import checks
from course_utils.checks import exercises as course_exercises
from course_utils.checks.engine import judge, refuse
from course_utils.checks.running import Outcome, Raised

from . import wire
from .sandbox import Ended, SandboxError, limits, read_records

# Of a lesson only single functions travel into the sandbox, never its module with the references.
cloudpickle.register_pickle_by_value(checks)

# judge redirects what the references print and warn, which is one for all threads.
_judging = threading.Lock()


class Settings(NamedTuple):
    """What holds for all submissions of a run.

    Parameters
    ----------
    secret : bytes
        From which the inputs of each learner are drawn.
    lessons : tuple of int
        The lessons that everybody should have handed in.
    only : tuple of int
        The lessons that are graded, if not all that were handed in.
    seconds, memory : number, optional
        Instead of the limits of each exercise.
    """

    secret: bytes
    lessons: tuple = ()
    only: tuple = ()
    seconds: float | None = None
    memory: int | None = None


class Judged(NamedTuple):
    """The result of one exercise, before it becomes a row."""

    status: str
    points: float
    mistake: str | None
    message: str
    feedback: dict


def seed_for(secret, exercise_id, student):
    """Return the seed of a learner's inputs: their own for each exercise, and the same again for an appeal."""
    text = f"{exercise_id}\0{student}".encode(errors="surrogatepass")
    return int.from_bytes(hmac.digest(secret, text, hashlib.sha256)[:8], "big")


def grade(submission, reading, sandbox, settings, done=()):
    """Return the rows of a submission, one for each exercise that is due or was answered, without those that are `done`.

    A fault of the grader or its machine becomes the status "infrastructure failure", never zero points.

    Parameters
    ----------
    submission : Submission
    reading : Reading or OSError
        What is in its notebooks, or why the disk did not say.
    sandbox : Sandbox
    settings : Settings
    done : collection of str
        Ids of exercises.
    """
    rows = []
    for lesson, exercises in due(reading, settings).items():
        wanted = [exercise for exercise in exercises if exercise.id not in done]
        if isinstance(reading, OSError):
            judged = Judged(
                "infrastructure failure", 0.0, None, f"The notebook could not be read from the disk: {reading}", {}
            )
            rows += [_row(submission, None, exercise, judged, {}) for exercise in wanted]
        else:
            rows += _grade_lesson(submission, reading, lesson, wanted, sandbox, settings)
    return rows


def due(reading, settings):
    """Return {lesson: its exercises} that a submission gets rows for."""
    lessons = set(settings.lessons) | (set() if isinstance(reading, OSError) else set(reading.cells))
    return {
        lesson: lesson_exercises(lesson)
        for lesson in sorted(lessons & set(settings.only) if settings.only else lessons)
    }


def lesson_exercises(lesson):
    """Return the exercises of a lesson."""
    return [exercise for id, exercise in course_exercises().items() if int(id.split(".")[0]) == lesson]


def needs_keras(exercise):
    """Return whether an answer is asked with TensorFlow at hand."""
    return exercise.call is not None and int(exercise.id.split(".")[0]) >= 9


def _grade_lesson(submission, reading, lesson, exercises, sandbox, settings):
    if lesson not in reading.cells:
        why = " ".join(reading.problems) or f"No notebook of lesson {lesson:02} was handed in."
        judged = Judged(
            "unreadable" if submission.files and reading.problems else "missing", 0.0, None, why, {"note": why}
        )
        return [_row(submission, reading, exercise, judged, {}) for exercise in exercises]
    rows = {}
    for keras in (False, True):
        group = [exercise for exercise in exercises if needs_keras(exercise) is keras]
        for exercise, judged, facts in _grade_group(submission, reading.cells[lesson], group, keras, sandbox, settings):
            rows[exercise.id] = _row(submission, reading, exercise, judged, facts)
    return [rows[exercise.id] for exercise in exercises]


def _grade_group(submission, cells, group, keras, sandbox, settings):
    """Yield (exercise, Judged, facts). All run in one sandbox; whoever breaks it sends the others to one of their own."""
    asked = []
    for exercise in group:
        if settings.seconds and not keras:
            exercise = replace(exercise, seconds=settings.seconds)
        seed = seed_for(settings.secret, exercise.id, submission.student)
        with _judging:
            cases = exercise.cases(seed)
        asked.append((exercise, seed, cases, _job(exercise, cases, keras, settings)))
    ran, versions, problem = _run(sandbox, cells, asked, keras)
    for place, (exercise, seed, cases, _) in enumerate(asked):
        ended, trouble = (ran[place], None) if place < len(ran) else (None, problem)
        if ended is None and trouble is None:
            again, versions, trouble = _run(sandbox, cells, asked[place : place + 1], keras)
            ended = again[0] if again else Ended("stopped", b"", 0.0)
        facts = {"sandbox": sandbox.name, "versions": versions}
        if trouble is not None:
            yield exercise, Judged("infrastructure failure", 0.0, None, trouble, {}), facts
            continue
        try:
            with _judging:
                judged = judge_output(exercise, cases, ended, seed)
        except Exception as error:  # a fault of the course must not end the batch
            judged = Judged(
                "infrastructure failure", 0.0, None, f"The judge failed: {type(error).__name__}: {error}", {}
            )
        yield exercise, judged, facts | {"seconds": round(ended.seconds, 3)}


def _run(sandbox, cells, asked, keras):
    """Return (list of Ended, versions inside, None or what is wrong with the sandbox)."""
    if not asked:
        return [], {}, None
    lesson = int(asked[0][0].id.split(".")[0])
    try:
        versions, *ran = sandbox.run(lesson, cells, [job for *_, job in asked], keras=keras)
    except (SandboxError, OSError) as error:
        return [], {}, str(error)
    return ran, {str(name)[:20]: str(version)[:40] for name, version in versions.items()}, None


def _job(exercise, cases, keras, settings):
    bounds = limits(exercise.seconds, keras=keras, memory=settings.memory)
    value = {"name": exercise.name, "value": exercise.asks_for_value, "call": exercise.call, "cases": cases}
    return value | bounds


def judge_output(exercise, cases, ended, seed):
    """Return the Judged for what the process of an exercise wrote. Trusts none of it."""
    try:
        records = list(read_records(ended.output))
        first, outcomes = (records[0], [_outcome(record) for record in records[1:]]) if records else ({}, [])
        found = first["found"] if records else "nothing"
        if found == "answer":
            return _judge_outcomes(exercise, cases, outcomes[: len(cases)], ended, seed)
        return _judge_absence(exercise, found, first, ended)
    except (wire.Refused, KeyError, TypeError, IndexError, AttributeError, ValueError) as error:
        text = f"What your code left behind is no result ({str(error)[:80]})."
        return Judged("error", 0.0, "no result", text, {"note": text})


def _judge_outcomes(exercise, cases, outcomes, ended, seed):
    missing = len(cases) - len(outcomes)
    if missing and ended.how != "too slow":
        text = _ENDINGS.get(ended.how, f"The process of your code ended before its result was there ({ended.how}).")
        return Judged("error", 0.0, "stopped", text, {"note": text})
    outcomes = outcomes + [Outcome(stopped=True)] * missing
    verdict = judge(exercise, cases, outcomes, seed)
    return Judged(
        verdict.status, float(verdict), verdict.mistake, verdict.message, _public(exercise, cases, outcomes, verdict)
    )


_ENDINGS = {
    "too much output": "Your result is far larger than it should be.",
    "exit 0": "Your code ended Python before its result was there. Is there an exit() in it?",
    "stopped": "Your code stopped the sandbox it ran in.",
}


def _judge_absence(exercise, found, first, ended):
    if found == "not started":
        status, mistake, text = refuse(exercise, ...)
        return Judged(status, 0.0, mistake, text, {"note": text})
    if found == "no function":
        status, mistake, text = refuse(exercise, first["value"])
        text = (
            f"{exercise.name} must be a function: it is {type(first['value']).__name__} {str(first['value'])[:60]!r}."
        )
        return Judged(status, 0.0, mistake, text, {"note": text})
    if found == "raised":
        raised = _raised(first["raised"])
        where = f" in line {raised.line_number}: {raised.line}" if raised.line_number else ""
        text = f"The cell that defines {exercise.name} raises {raised.type.__name__}: {raised.text}{where}"
        return Judged("error", 0.0, "raised", text, {"note": text})
    if found == "syntax error":
        text = f"The cell with {exercise.name} is no valid Python; {str(first['text'])[:300]}"
        return Judged("error", 0.0, "syntax error", text, {"note": text})
    if found == "missing":
        text = f"No cell defines {exercise.name}."
        return Judged("missing", 0.0, None, text, {"note": text})
    how = "Loading your cells took too long." if ended.how == "too slow" else _ENDINGS.get(ended.how)
    text = how or f"The process of your code ended before it answered ({ended.how})."
    return Judged("error", 0.0, "too slow" if ended.how == "too slow" else "stopped", text, {"note": text})


# What a learner may read: the task's own example in full; of the hidden inputs only what kind of mistake they showed.
_HIDDEN = {
    "raised": "Your code raises an exception on other inputs than the example.",
    "wrong values": "The example is right, and other inputs give wrong numbers. What do they have that the example has not: other shapes, signs, fractions, types?",
    "wrong shape": "The example is right, and for other sizes the result has another shape than it should have.",
    "wrong error": "For some inputs another exception is due.",
    "no error": "For some inputs there is no result and an exception is due; your function returns something.",
}


def _public(exercise, cases, outcomes, verdict):
    """Return what the feedback may show: no hidden input, and nothing that was computed from one."""
    named = {mistake.name for mistake in exercise.mistakes} | {
        "hard-coded",
        "too slow",
        "returns None",
        "changes its input",
        "integer output",
    }
    if verdict.passed:
        return {"note": verdict.message}
    if exercise.asks_for_value or not exercise.example or exercise.accept:
        return {"note": verdict.message}
    example = judge(exercise, cases[:1], outcomes[:1], 0)
    note = (
        verdict.message
        if verdict.mistake in named
        else _HIDDEN.get(verdict.mistake, "Inputs other than the example give a wrong result.")
    )
    if example.passed:
        return {"note": note}
    shown = {"note": verdict.message if verdict.mistake in named else example.message, "example": True}
    shown["evidence"] = [(str(label), value) for label, value in example.evidence]
    shown["comparison"] = example.comparison
    return shown


def _outcome(record):
    raised = record["raised"]
    changed = tuple(place for place in record["changed"] if type(place) is int and 0 <= place < 8)
    return Outcome(value=record["value"], raised=_raised(raised) if raised else None, changed=changed)


def _raised(record):
    """Return the Raised that a record describes: an exception of Python or NumPy, or an empty class of that name."""
    names = [str(name) for name in record["types"]]
    known = [getattr(module, names[0], None) for module in (builtins, np.exceptions, np.linalg)]
    known += [getattr(builtins, name, None) for name in names]
    base = next((one for one in known if isinstance(one, type) and issubclass(one, BaseException)), Exception)
    kind = base if base.__name__ == names[0] else wire.stand_in(names[0], base)
    number = record["number"] if type(record["number"]) is int and record["number"] > 0 else None
    return Raised(kind, str(record["text"])[:500], number, str(record["line"])[:200])


def _row(submission, reading, exercise, judged, facts):
    feedback = {key: value for key, value in judged.feedback.items() if key in ("note", "example")}
    tables = _tables(judged.feedback)
    return {
        "student": submission.student,
        "exercise": exercise.id,
        "status": judged.status,
        "points": judged.points,
        "possible": float(exercise.points),
        "mistake": judged.mistake,
        "message": judged.message[:2000],
        "feedback": feedback | ({"tables": tables} if tables else {}),
        "problems": list(reading.problems) if reading else [],
        "hash": reading.hash if reading else "",
        "lms": submission.lms,
        "seconds": facts.get("seconds", 0.0),
        "versions": {"course": course_utils.__version__} | facts.get("versions", {}),
        "sandbox": facts.get("sandbox", ""),
    }


def _tables(feedback):
    """Return [{label, rows, marked}] of the example: yours, expected, and what lies behind the marked cell."""
    tables = []
    if feedback.get("comparison"):
        got, expected, index = feedback["comparison"]
        tables += [("yours", got, index), ("expected", expected, index)]
    tables += [(label, value, None) for label, value in feedback.get("evidence", [])]
    return [
        {
            "label": label[:60],
            "rows": value.astype(float).tolist(),
            "marked": list(index) if index is not None and len(index) == 2 else None,
        }
        for label, value, index in tables[:8]
        if isinstance(value, np.ndarray) and value.ndim == 2 and max(value.shape) <= 12 and value.dtype.kind in "biuf"
    ]
