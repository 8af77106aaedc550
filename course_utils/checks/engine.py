"""Judging an answer: an exercise and its known mistakes in, a verdict out.

Three steps, apart from each other so that a grader can do the middle one in a sandbox:
draw the cases from a seed; run the answer on them; judge the outcomes against the reference.
"""

import dis
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .comparison import Difference, Rule, agree, find_difference, show_number
from .running import Outcome, run_cases


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """A wrong answer that learners really give, and what a good teacher would say to it.

    Parameters
    ----------
    name : str
        As in the syllabus, for example "flipped".
    message : str
        What the numbers tell, then a question or a pointer; not the solution. Where `detect` looks at a dict, the
        message may hold its entries: "It has {parameters:,} parameters."
    answer : object
        A wrong implementation. Whatever gives the same results makes this mistake.
    detect : callable, optional
        ``detect(observed) -> bool`` for one case, where equal results would ask too much (networks have random weights).
    """

    name: str
    message: str
    answer: Any
    detect: Callable | None = None


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """One exercise: what is asked, what is right, and which mistakes are known.

    Parameters
    ----------
    id, name, task : str
        "2.2"; the name of the function or variable; the task in one sentence.
    reference : object
        A correct answer, written as a learner would: `solution` shows its source.
    draw : callable
        ``draw(random) -> list of argument tuples``, for a numpy.random.Generator. Not for exercises that ask for a value.
    example : tuple
        The arguments of the example in the task; the first case of every check.
    mistakes, hints : sequences
    alternatives : sequence
        Other correct answers, written differently. They are the tests of the check.
    rule : Rule or callable
        How results are compared; ``rule(*arguments) -> Rule`` where the sizes matter.
    call : callable
        ``call(answer, *arguments) -> observed``: how to ask an answer. ``answer(*arguments)`` if not given.
    arguments : tuple of str
        What the arguments of a case are called, where they are not those of the reference.
    shown : callable, optional
        ``shown() -> object`` whose source `solution` shows, where it cannot be that of the reference.
    accept : callable, optional
        ``accept(observed, *arguments) -> None or (mistake, message)``: judges an observation by itself, instead of
        comparing it with the reference.
    focus : callable, optional
        ``focus(arguments, part, index) -> [(label, array), ...]``: what lies behind one cell of the result.
    raises : tuple of exception types
        What the reference raises on purpose for some arguments, and an answer must raise, too.
    points : float
    seconds : float
        An answer that runs longer on all cases together is stopped.
    slow : str
        What to say then.
    """

    id: str
    name: str
    task: str
    reference: Any
    hints: Sequence[str]
    mistakes: Sequence[Mistake]
    draw: Callable | None = None
    example: tuple = ()
    alternatives: Sequence[Any] = ()
    rule: Any = None
    call: Callable | None = None
    arguments: tuple = ()
    shown: Callable | None = None
    accept: Callable | None = None
    focus: Callable | None = None
    raises: tuple = ()
    points: float = 1.0
    seconds: float = 5.0
    slow: str = "A plain loop needs much less than one. Is there a loop whose condition never becomes false?"

    @property
    def asks_for_value(self):
        return self.draw is None

    @property
    def draws_arguments(self):
        """Whether the cases depend on the seed: not for a value, nor for a function that takes nothing."""
        return not self.asks_for_value and bool(self.call or inspect.signature(self.reference).parameters)

    def ask(self, answer, *arguments):
        """Return what is observed of an answer for one case."""
        if self.call is not None:
            return self.call(answer, *arguments)
        return answer if self.asks_for_value else answer(*arguments)

    def cases(self, seed):
        """Return the arguments of every call: the example of the task first, then those drawn from the seed."""
        if self.asks_for_value:
            return [()]
        drawn = [tuple(arguments) for arguments in self.draw(np.random.default_rng([seed, _number(self.id)]))]
        return ([self.example] if self.example else []) + drawn

    def rule_for(self, arguments):
        if self.rule is None:
            return Rule()
        return self.rule if isinstance(self.rule, Rule) else self.rule(*arguments)

    def signature(self):
        return f"{self.name}{inspect.signature(self.reference)}" if inspect.isfunction(self.reference) else self.name


class Verdict(float):
    """The points an answer earned, as a float, with the reasons.

    Attributes
    ----------
    status : {"correct", "wrong", "not started", "error"}
    passed : bool
    mistake : str or None
        The name of the mistake, if it is a known one.
    message : str
        What to tell the learner.
    exercise_id : str
    possible : float
        The points of the exercise.
    seed : int or None
        With which the cases were drawn: ``check(id, answer, seed=...)`` draws them again.
    evidence : list of (label, value)
        The arguments of the failing call and what lies behind its first differing cell.
    comparison : tuple (got, expected, index) or None
    """

    def __new__(cls, points, **_):
        return super().__new__(cls, points)

    def __init__(
        self,
        points,
        *,
        status,
        message,
        exercise_id,
        possible=1.0,
        mistake=None,
        seed=None,
        evidence=(),
        comparison=None,
        printed="",
        warned="",
    ):
        super().__init__()
        self.status = status
        self.message = message
        self.exercise_id = exercise_id
        self.possible = float(possible)
        self.mistake = mistake
        self.seed = seed
        self.evidence = list(evidence)
        self.comparison = comparison
        self.printed = printed
        self.warned = warned

    @property
    def passed(self):
        return self.status == "correct"

    def __reduce__(self):
        return _restore, (float(self), vars(self))

    def __str__(self):
        from .display import as_text

        return as_text(self)

    def _repr_html_(self):
        points = "1 point" if self.possible == 1 else f"{self.possible:g} points"
        return f"<small>{float(self):g} of {points}</small>"


def _restore(points, attributes):
    verdict = Verdict(points, status="", message="", exercise_id="")
    vars(verdict).update(attributes)
    return verdict


def judge_answer(exercise, answer, seed):
    """Run an answer on the cases of `seed` and return the Verdict."""
    refusal = refuse(exercise, answer)
    if refusal:
        return _verdict(exercise, seed, *refusal)
    cases = exercise.cases(seed)
    run = run_cases(exercise.ask, answer, cases, seconds=exercise.seconds)
    verdict = judge(exercise, cases, run.outcomes, seed)
    if not verdict.passed:
        verdict.printed, verdict.warned = run.printed, run.warned
    return verdict


def refuse(exercise, answer):
    """Return (status, mistake, message) for what cannot be run: nothing written yet, or not the kind of thing that is due."""
    if is_untouched(answer):
        return (
            "not started",
            None,
            f"Write your answer in place of the three dots, then run this cell again. hint({exercise.id!r}) gives a first pointer.",
        )
    if exercise.asks_for_value or callable(answer):
        return None
    return (
        "wrong",
        "wrong type",
        (
            f"check needs the function itself, without brackets: check({exercise.id!r}, {exercise.name}). "
            f"It was given its result, or another value, of type {type(answer).__name__}."
        ),
    )


def judge(exercise, cases, outcomes, seed):
    """Return the Verdict on the outcomes of `cases`. The answer itself is not needed any more."""
    if exercise.accept:
        expected = [Outcome()] * len(cases)
    else:
        expected = run_cases(exercise.ask, exercise.reference, cases, seconds=None).outcomes
    for outcome in expected:
        if outcome.stopped or (outcome.raised and not issubclass(outcome.raised.type, exercise.raises)):
            raise RuntimeError(
                f"The reference of exercise {exercise.id} fails: {outcome}. This is a fault of the course."
            )
    problem = _first_problem(exercise, cases, outcomes, expected)
    if problem is None:
        return _verdict(exercise, seed, "correct", None, "All cases give the right result.")
    place, difference = problem
    status = "error" if difference.mistake == "raised" else "wrong"
    if difference.mistake == "not started":
        return _verdict(exercise, seed, *refuse(exercise, ...))
    verdict = _verdict(exercise, seed, status, difference.mistake, difference.message)
    _add_evidence(verdict, exercise, cases[place], difference)
    return verdict


def _first_problem(exercise, cases, outcomes, expected):
    """Return (place of the case, Difference) for what is to be told first, or None if all is right."""
    wrong = []
    for place, (arguments, outcome, right) in enumerate(zip(cases, outcomes, expected)):
        difference = _compare_outcomes(exercise, arguments, outcome, right)
        if difference:
            wrong.append((place, difference))
    if not wrong:
        return None
    # A case whose values differ says more than the call that was cut short after it; the earliest of the gravest wins.
    place, difference = min(
        wrong, key=lambda item: _ORDER.index(item[1].mistake) if item[1].mistake in _ORDER else len(_ORDER)
    )
    if difference.mistake in ("not started", "too slow", "returns None"):
        return place, difference
    known = _known_mistake(exercise, cases, outcomes, wrong)
    if known:
        place, mistake, message = known
        return place, dict(wrong)[place]._replace(mistake=mistake, message=message)
    if difference.mistake in ("wrong values", "wrong shape", "integer output") and _is_constant(
        exercise, cases, outcomes, expected, wrong
    ):
        message = "Your function gives the result of the example for every input. Compute it from the arguments: which of them does it use?"
        return place, difference._replace(mistake="hard-coded", message=message)
    return place, difference


_ORDER = ("not started", "too slow", "returns None", "changes its input", "raised")


def _compare_outcomes(exercise, arguments, outcome, right):
    if outcome.stopped:
        return Difference(
            "too slow",
            f"Your function was stopped after {exercise.seconds:g} seconds. {exercise.slow}",
        )
    if outcome.raised is not None and outcome.raised.type is NotImplementedError:
        return Difference("not started", "")
    if right.raised is not None:
        return _compare_errors(outcome, right, arguments)
    if outcome.raised is not None:
        return Difference("raised", _raised_message(exercise, outcome.raised))
    if outcome.value is None and not exercise.asks_for_value:
        hint = " It changes its argument instead; build a new result and return that." if outcome.changed else ""
        return Difference(
            "returns None",
            f"Your function returns nothing (None). Is there a return at the end, on the right level of indentation?{hint}",
        )
    if outcome.changed:
        name = _argument_names(exercise)[outcome.changed[0]]
        return Difference(
            "changes its input",
            f"Your function writes into its argument {name}: after the call it is no longer what it was. The caller may still need it; work on a copy, or build a new array.",
        )
    if exercise.accept:
        complaint = exercise.accept(outcome.value, *arguments)
        return Difference(*complaint) if complaint else None
    return find_difference(outcome.value, right.value, exercise.rule_for(arguments))


def _compare_errors(outcome, right, arguments):
    if outcome.raised is not None and issubclass(outcome.raised.type, right.raised.type):
        return None
    wanted = right.raised.type.__name__
    given = ", ".join(map(_short, arguments))
    if outcome.raised is not None:
        return Difference(
            "wrong error",
            f"For ({given}) a {wanted} is due; your function raises {outcome.raised.type.__name__}: {outcome.raised.text}",
        )
    return Difference(
        "no error",
        f"For ({given}) there is no result, and a {wanted} is due; your function returns {_short(outcome.value)}.",
    )


def _raised_message(exercise, raised):
    text = f"Your code raises {raised.type.__name__}: {raised.text}".rstrip(": ")
    if raised.line_number is None:
        return f"{text}. The call was {exercise.signature()}: does your function take these arguments?"
    return f"{text}\nin line {raised.line_number} of its cell: {raised.line}"


def _known_mistake(exercise, cases, outcomes, wrong):
    """Return (place of the case to show, name, message) of the first known mistake that fits, or None."""
    for mistake in exercise.mistakes:
        if mistake.detect is not None:
            for place, _ in wrong:
                observed = outcomes[place].value
                if outcomes[place].raised is None and _detects(mistake, observed):
                    is_dict = isinstance(observed, dict)
                    return place, mistake.name, mistake.message.format_map(observed) if is_dict else mistake.message
        elif exercise.accept is None and _does_the_same(exercise, mistake.answer, cases, outcomes):
            # Show the case in which this mistake does the most harm to see: the first one with a cell to point at.
            place = next((place for place, difference in wrong if difference.index is not None), wrong[0][0])
            return place, mistake.name, mistake.message
    return None


def _detects(mistake, observed):
    try:
        return bool(mistake.detect(observed))
    except Exception:  # an answer may be anything
        return False


def _does_the_same(exercise, mistake, cases, outcomes):
    """Return whether a mistake has these outcomes in every case. If there is any value, errors may differ in their text."""
    theirs = []
    for arguments, mine in zip(cases, outcomes):
        theirs += run_cases(exercise.ask, mistake, [arguments], seconds=None).outcomes
        if not _same_outcome(exercise, arguments, mine, theirs[-1]):
            return False
    return any(mine.raised is None for mine in outcomes) or [o.raised for o in outcomes] == [o.raised for o in theirs]


def _same_outcome(exercise, arguments, mine, other):
    if mine.raised and other.raised:
        return mine.raised.type is other.raised.type
    if mine.raised or other.raised or mine.changed != other.changed:
        return False
    if isinstance(other.value, (bool, str, type(None))) or mine.value is None:
        return type(mine.value) is type(other.value) and mine.value == other.value
    rule = exercise.rule_for(arguments)
    if _kind(mine.value, rule) != _kind(other.value, rule):
        return False
    return agree(mine.value, other.value, rule._replace(dtype=""))


def _kind(value, rule):
    """Return what tells results of different types apart where their numbers are equal: float 3.0 is not int 3.

    For arrays it does not matter, unless the task demands a dtype.
    """
    if isinstance(value, (tuple, list)):
        dtypes = rule.dtype if isinstance(rule.dtype, tuple) else [rule.dtype] * len(value)
        return [_kind(one, rule._replace(dtype=dtype)) for one, dtype in zip(value, dtypes)]
    if isinstance(value, np.ndarray):
        kind = value.dtype.kind.replace("u", "i")
        return kind if rule.dtype else kind.replace("i", "f"), value.ndim
    if isinstance(value, (int, np.integer)):
        return "int"
    return "float" if isinstance(value, (float, np.floating)) else type(value)


def _is_constant(exercise, cases, outcomes, expected, wrong):
    """Return whether every call gave what the example should give."""
    if exercise.accept or not exercise.example or len(cases) < 2 or any(place == 0 for place, _ in wrong):
        return False
    rule = exercise.rule_for(cases[0])
    return all(outcome.raised is None and agree(outcome.value, expected[0].value, rule) for outcome in outcomes)


def _add_evidence(verdict, exercise, arguments, difference):
    names = _argument_names(exercise)
    verdict.evidence = list(zip(names, arguments))
    if difference.index is None and difference.got is None:
        return
    if np.shape(difference.got) == np.shape(difference.expected):
        verdict.comparison = (difference.got, difference.expected, difference.index)
        if exercise.focus and difference.index is not None:
            verdict.evidence += exercise.focus(arguments, difference.part, difference.index)


def _verdict(exercise, seed, status, mistake, message):
    points = float(exercise.points) if status == "correct" else 0.0
    seed = seed if exercise.draws_arguments else None
    return Verdict(
        points,
        status=status,
        mistake=mistake,
        message=message,
        exercise_id=exercise.id,
        possible=exercise.points,
        seed=seed,
    )


def _argument_names(exercise):
    names = list(exercise.arguments) or (
        list(inspect.signature(exercise.reference).parameters)
        if callable(exercise.reference) and not exercise.asks_for_value
        else []
    )
    return names + [f"argument {place + 1}" for place in range(len(names), 8)]


def is_untouched(answer):
    """Return whether an answer is still the stub: three dots, or a function that holds nothing but a docstring and three dots."""
    if answer is ...:
        return True
    if isinstance(answer, (list, tuple, dict)):
        return any(map(is_untouched, answer.values() if isinstance(answer, dict) else answer))
    if isinstance(answer, np.ndarray):
        return answer.dtype == object and any(item is ... for item in answer.flat)
    if inspect.isclass(answer):
        methods = [value for name, value in vars(answer).items() if inspect.isfunction(value) and name != "__init__"]
        return bool(methods) and all(map(_does_nothing, methods))
    return inspect.isfunction(answer) and _does_nothing(answer)


def _does_nothing(function):
    working = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST", "POP_TOP"}
    steps = [step for step in dis.get_instructions(function) if step.opname != "CACHE"]
    values = [step.argval for step in steps if step.opname in ("LOAD_CONST", "RETURN_CONST")]
    return all(step.opname in working for step in steps) and all(value is None or value is ... for value in values)


def _short(value):
    if isinstance(value, np.ndarray):
        return f"array of shape {value.shape}"
    return show_number(value)


def _number(identity):
    """Return a number of its own for each exercise, so that equal seeds do not draw equal inputs everywhere."""
    lesson, place = identity.split(".")
    return 100 * int(lesson) + int(place)
