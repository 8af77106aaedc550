"""The exercises of the course, and the check that names your mistake.

`check` is feedback, never a grade: it runs in the learner's own session, where everything can be changed.
"""

import functools
import importlib
import inspect
import pkgutil
import secrets
import textwrap

from . import display, memory
from .comparison import Rule
from .engine import Exercise, Mistake, Verdict, judge_answer

__all__ = ["Exercise", "Mistake", "Rule", "Verdict", "check", "exercises", "hint", "progress", "solution"]

_hints_given = {}


@functools.cache
def exercises():
    """Return {id: Exercise} of the whole course, in its order."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name.startswith("lesson_"))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return {exercise.id: exercise for module in modules for exercise in module.EXERCISES}


def check(id, answer, seed=None):
    """Say whether an answer is right, and if not, which mistake it is.

    Parameters
    ----------
    id : str
        The number of the exercise, for example "2.2".
    answer : object
        What the exercise asks for: mostly your function itself, without brackets.
    seed : int, optional
        Draws the same inputs again. Without it they are new each time.

    Returns
    -------
    Verdict
        A float, the points earned, with .status, .passed, .mistake and .message. It never raises for a wrong answer.

    Notes
    -----
    This is feedback and not a grade. Nothing is sent anywhere.
    """
    exercise, complaint = _find(id)
    if exercise is None:
        verdict = Verdict(0.0, status="error", message=complaint, exercise_id=str(id))
    else:
        if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
            seed = secrets.randbelow(10_000)
        try:
            verdict = judge_answer(exercise, answer, seed)
        except Exception as error:
            message = (
                f"The check itself fails: {type(error).__name__}: {error}\nProbably something that it needs, such as a "
                "function of NumPy, was replaced in this session. Restart the kernel and run the cells again."
            )
            verdict = Verdict(0.0, status="error", message=message, exercise_id=exercise.id, possible=exercise.points)
        if verdict.status != "not started":
            memory.note(verdict)
    display.publish(display.as_text(verdict), display.as_html(verdict))
    return verdict


def hint(id):
    """Show a hint for an exercise; each call shows one more."""
    exercise, complaint = _find(id)
    if exercise is None:
        return _say(complaint, display.panel("No such exercise", complaint))
    given = min(_hints_given.get(exercise.id, 0) + 1, len(exercise.hints))
    _hints_given[exercise.id] = given
    title = f"Hint {given} of {len(exercise.hints)} for {exercise.id}"
    text = exercise.hints[given - 1]
    if given == len(exercise.hints):
        text += f"\nThis was the last one. solution({exercise.id!r}) shows a way to do it."
    return _say(f"{title}: {text}", display.panel(title, text))


def solution(id):
    """Show one way to solve an exercise. Yours may look different and be as good."""
    exercise, complaint = _find(id)
    if exercise is None:
        return _say(complaint, display.panel("No such exercise", complaint))
    if exercise.asks_for_value:
        text = f"{exercise.name} = {exercise.reference!r}".replace("array(", "np.array(")
    else:
        source = inspect.getsource(exercise.shown() if exercise.shown else exercise.reference)
        text = textwrap.dedent(source).strip()
    title = f"One solution of {exercise.id}"
    return _say(f"{title}:\n{text}", display.panel(title, text, pre=True))


def progress(export=None):
    """Show which exercises are solved, and after how many tries.

    Parameters
    ----------
    export : path, optional
        Where to write the same as a JSON file, to keep or to move to another machine.
    """
    entries = memory.read()
    rows = []
    for id, exercise in exercises().items():
        entry = entries.get(id, {"tries": 0, "points": 0})
        state = "✓ solved" if entry["points"] >= exercise.points else ("… tried" if entry["tries"] else "○ open")
        rows.append((id, exercise.name, state, entry["tries"] or ""))
    solved = sum(row[2].startswith("✓") for row in rows)
    title = f"{solved} of {len(rows)} exercises solved"
    lines = [title] + ["{:<5} {:<24} {:<9} {}".format(*row).rstrip() for row in rows]
    if export is not None:
        done = memory.write(entries, export)
        lines.append(f"Written to {export}." if done else f"{export} could not be written. Is the folder there?")
    page = f"<div><b>{title}</b>{display.table(rows, ('', 'Exercise', 'State', 'Tries'))}</div>"
    return _say("\n".join(lines), page)


def _find(id):
    found = exercises()
    if str(id) in found:
        return found[str(id)], ""
    return None, f"There is no exercise {id!r}. The exercises are {', '.join(found)}; write the number in quotes."


def _say(text, page):
    display.publish(text, page)
