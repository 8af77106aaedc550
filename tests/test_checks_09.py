"""What is special about the exercises of lesson 09: their answers are models and callbacks, judged by what they do."""

import subprocess
import sys

import pytest

from course_utils.autograder import wire
from course_utils.checks import exercises
from course_utils.checks.engine import judge, judge_answer
from course_utils.checks.running import Outcome, run_cases

MODEL, CALLBACK = exercises()["9.3"], exercises()["9.4"]


def test_the_exercises_in_numpy_need_no_tensorflow():
    code = (
        "import sys, warnings; from course_utils.checks import exercises; from course_utils.checks.engine import judge_answer\n"
        "for id in ('9.1', '9.2', '9.5'):\n"
        "    exercise = exercises()[id]\n"
        "    for answer in [exercise.reference] + [mistake.answer for mistake in exercise.mistakes]:\n"
        "        judge_answer(exercise, answer, 0)\n"
        "sys.exit('keras' in sys.modules or 'tensorflow' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("exercise", [MODEL, CALLBACK], ids=["9.3", "9.4"])
def test_an_exception_is_never_right(exercise):
    """Also where no reference is run to compare with."""
    verdict = judge_answer(exercise, lambda *arguments: 1 // 0, 0)
    assert (verdict.status, verdict.mistake) == ("error", "raised")


@pytest.mark.slow
def test_a_built_model_is_taken_as_well_as_the_function_that_builds_it():
    assert judge_answer(MODEL, MODEL.reference(), 0).passed


@pytest.mark.slow
@pytest.mark.parametrize("exercise", [MODEL, CALLBACK], ids=["9.3", "9.4"])
def test_what_is_observed_survives_the_way_out_of_a_sandbox(exercise):
    """The verdict is the same on facts that were written to bytes and read again."""
    cases = exercise.cases(7)
    for answer in [exercise.reference, *(mistake.answer for mistake in exercise.mistakes)]:
        outcomes = run_cases(exercise.ask, answer, cases, seconds=60).outcomes
        carried = [Outcome(wire.decode(wire.encode(outcome.value))) for outcome in outcomes]
        here, there = judge(exercise, cases, outcomes, 7), judge(exercise, cases, carried, 7)
        assert (here.passed, here.mistake, here.message) == (there.passed, there.mistake, there.message)
