"""Prove the checks by wrong answers: python tools/kill_matrix.py prints exercise x mistake -> message.

Each known mistake must be rejected by its own name; so must the mistakes that every exercise recognises. Fails if one is not.
"""

import dataclasses
import sys
from typing import NamedTuple

import numpy as np

from course_utils.checks import exercises
from course_utils.checks.engine import judge_answer


class Row(NamedTuple):
    """One wrong answer: what it should be called, what the check says to it."""

    id: str
    mistake: str
    named: set
    message: str

    @property
    def killed(self):
        return self.named == {self.mistake}


def general_mistakes(exercise):
    """Yield (name, wrong answer) for the mistakes that every exercise recognises, as far as they can be made in this one."""
    if exercise.asks_for_value:
        yield "wrong type", "a string"
        return
    if exercise.call is not None or exercise.accept is not None:
        return  # its answer is no plain function of arrays; its own mistakes say all
    right = exercise.reference
    arguments = exercise.cases(0)[0]
    result = right(*arguments)
    first = result[0] if isinstance(result, tuple) else result

    def spoil(change):
        def wrong(*arguments):
            result = right(*arguments)
            return (change(result[0]), *result[1:]) if isinstance(result, tuple) else change(result)

        return wrong

    def loop_for_ever(*arguments):
        while True:
            pass

    def write_into_argument(*arguments):
        result = right(*arguments)
        next(a for a in arguments if isinstance(a, np.ndarray)).flat[0] += 1
        return result

    yield "returns None", lambda *arguments: [None][right(*arguments) is None]
    yield "raised", lambda *arguments: 1 // (right(*arguments) is None)
    yield "wrong type", lambda *arguments: "a string"
    yield "too slow", loop_for_ever
    if any(isinstance(argument, np.ndarray) for argument in arguments):
        # Where this is the mistake the exercise is about, it has a name of its own there.
        yield "in place" if _names(exercise, "in place") else "changes its input", write_into_argument
    if isinstance(first, np.ndarray):
        yield "list instead of array", spoil(lambda array: array.tolist())
        yield "wrong shape", spoil(lambda array: array[np.newaxis])
        drawn = [
            np.asarray(right(*case)[0] if isinstance(result, tuple) else right(*case)) for case in exercise.cases(0)
        ]
        demanded = exercise.rule_for(arguments).dtype  # then whole numbers are a wrong dtype
        if first.dtype.kind == "f" and not demanded and any(np.any(array % 1 > 0.01) for array in drawn):
            yield "integer output", spoil(lambda array: array.astype(int))
        if first.dtype.kind == "f":
            yield "NaN", spoil(lambda array: np.where(np.arange(array.size).reshape(array.shape) == 0, np.nan, array))
    if exercise.example:
        yield "hard-coded", lambda *arguments: exercise.reference(*exercise.example)


def _names(exercise, mistake):
    return any(known.name == mistake for known in exercise.mistakes)


def rows(seeds=(0,), without=()):
    """Yield a Row for each known and each general mistake of each exercise, but for those whose id is in `without`."""
    for exercise in exercises().values():
        if exercise.id in without:
            continue
        for mistake in exercise.mistakes:
            verdicts = [judge_answer(exercise, mistake.answer, seed) for seed in seeds]
            yield Row(exercise.id, mistake.name, {verdict.mistake for verdict in verdicts}, verdicts[0].message)
        impatient = dataclasses.replace(exercise, seconds=0.3)
        for name, answer in general_mistakes(exercise):
            verdict = judge_answer(impatient if name == "too slow" else exercise, answer, seeds[0])
            yield Row(exercise.id, name, {verdict.mistake}, verdict.message)


def main():
    table = list(rows())
    for row in table:
        sign = "✓" if row.killed else "✗"
        print(f"{sign} {row.id:<5} {row.mistake:<32} {row.message.splitlines()[0]}")
        if not row.killed:
            print(f"        was called {row.named}")
    killed = sum(row.killed for row in table)
    print(
        f"\n{killed} of {len(table)} wrong answers, in {len({row.id for row in table})} exercises, are rejected by their own name."
    )
    return 0 if killed == len(table) else 1


if __name__ == "__main__":
    sys.exit(main())
