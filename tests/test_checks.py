"""The judge, judged by wrong answers: each known mistake is named, each correct answer passes, nothing is lost or broken."""

import contextlib
import dataclasses
import importlib.util
import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from course_utils import check, checks, hint, progress, solution
from course_utils.checks import display, memory
from course_utils.checks.engine import judge_answer

ROOT = Path(__file__).parents[1]
spec = importlib.util.spec_from_file_location("kill_matrix", ROOT / "tools" / "kill_matrix.py")
kill_matrix = sys.modules["kill_matrix"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(kill_matrix)

EXERCISES = list(checks.exercises().values())
WITH_KERAS = {"9.3", "9.4", "10.1", "10.2", "11.1"}
QUICK = [exercise for exercise in EXERCISES if exercise.id not in WITH_KERAS]
ids = [exercise.id for exercise in EXERCISES]


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    """Keep the tries of the tests out of the user's file."""
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))
    monkeypatch.setattr(memory, "_session", {})


@pytest.mark.slow
@pytest.mark.parametrize("exercise", EXERCISES, ids=ids)
def test_every_mistake_is_rejected_by_its_own_name(exercise):
    """The kill matrix is full, on 20 seeds."""
    seeds = range(20) if exercise.id not in WITH_KERAS else range(2)
    for mistake in exercise.mistakes:
        for seed in seeds:
            verdict = judge_answer(exercise, mistake.answer, seed)
            assert (verdict.mistake, float(verdict)) == (mistake.name, 0.0), (mistake.message, seed, str(verdict))


@pytest.mark.slow
@pytest.mark.parametrize("exercise", EXERCISES, ids=ids)
def test_no_correct_answer_is_ever_rejected(exercise):
    """The reference and each other solution, on 200 seeds."""
    assert exercise.alternatives
    for answer in (exercise.reference, *exercise.alternatives):
        for seed in range(200) if exercise.id not in WITH_KERAS else range(2):
            verdict = judge_answer(exercise, answer, seed)
            assert verdict.passed, (seed, str(verdict))
            assert float(verdict) == exercise.points


def test_the_general_mistakes_are_named_too():
    table = list(kill_matrix.rows(without=WITH_KERAS))  # these have none: their answers are no functions of arrays
    assert len(table) > 100
    assert [row for row in table if not row.killed] == []


@pytest.mark.parametrize("exercise", EXERCISES, ids=ids)
def test_an_exercise_is_complete(exercise):
    """Two hints or more; messages that say more than that it is wrong, without blame and without exclamation marks."""
    assert len(exercise.hints) >= 2
    assert len(exercise.mistakes) >= 1
    for mistake in exercise.mistakes:
        assert 40 < len(mistake.message) < 400
        assert "!" not in mistake.message
        for word in ("simply", "just ", "obviously", "wrong answer", "incorrect"):
            assert word not in mistake.message.lower()


def test_each_mistake_has_a_message_of_its_own():
    """No two names share a sentence within an exercise."""
    for exercise in EXERCISES:
        names = {}
        for mistake in exercise.mistakes:
            assert names.setdefault(mistake.message, mistake.name) == mistake.name


@pytest.mark.parametrize("exercise", QUICK, ids=[exercise.id for exercise in QUICK])
def test_a_check_is_quick(exercise):
    """Well under a second, however the answer is wrong."""
    answers = [exercise.reference, *(mistake.answer for mistake in exercise.mistakes)]
    for answer in answers:
        start = time.perf_counter()
        judge_answer(exercise, answer, 1)
        assert time.perf_counter() - start < 1


# --- the engine, by way of exercise 2.2 -------------------------------------------------------------------------------


def correlate(image, kernel):
    return checks.exercises()["2.2"].reference(image, kernel)


def test_a_correct_answer_earns_its_points_as_a_plain_float(capsys):
    verdict = check("2.2", correlate, seed=1)
    assert verdict == 2.0
    assert isinstance(verdict, float)
    assert not isinstance(verdict, np.generic)
    assert float(repr(verdict)) == 2.0
    assert (verdict.status, verdict.passed, verdict.mistake) == ("correct", True, None)
    out, err = capsys.readouterr()
    assert "✓ 2.2: correct" in out
    assert "seed=1" in out
    assert err == ""


@pytest.mark.parametrize(
    "stub", ["...", "pass", '"""A docstring."""\n    ...', "raise NotImplementedError", "return None"]
)
def test_an_untouched_stub_is_not_started(stub):
    space = {}
    exec(f"def correlate2d(image, kernel):\n    {stub}\n", space)
    assert check("2.2", space["correlate2d"]).status == "not started"


@pytest.mark.parametrize("value", [..., [...], [[50, ...], [0, 50]], np.array(...)])
def test_an_untouched_value_is_not_started(value):
    assert check("2.1", value).status == "not started"


def test_an_exception_is_the_learners_own_with_line_and_arguments():
    def broken(image, kernel):
        size = image.shape[2]
        return size

    verdict = check("2.2", broken, seed=1)
    assert (verdict.status, verdict.mistake) == ("error", "raised")
    assert "IndexError: tuple index out of range" in verdict.message
    assert "size = image.shape[2]" in verdict.message
    assert [label for label, _ in verdict.evidence] == ["image", "kernel"]


def test_wrong_arguments_are_told_by_the_call():
    verdict = check("2.2", lambda image: image)
    assert "The call was correlate2d(image, kernel)" in verdict.message


def test_a_shape_is_told_by_axis_and_formula():
    verdict = check("2.2", lambda image, kernel: np.zeros((image.shape[0] - kernel.shape[0] + 1, 1)))
    assert verdict.mistake == "wrong shape"
    assert "Axis 1 (columns) should be W - w + 1 = 4 - 2 + 1 = 3." in verdict.message


def test_an_unknown_mistake_is_shown_at_its_first_cell():
    def one_cell_off(image, kernel):
        result = correlate(image, kernel)
        result[1, 1] += 1
        return result

    verdict = check("2.2", one_cell_off, seed=5)
    assert verdict.mistake == "wrong values"
    assert "at [1, 1]" in verdict.message
    assert "the window at [1, 1]" in [label for label, _ in verdict.evidence]
    got, expected, index = verdict.comparison
    assert got[index] - expected[index] == 1
    assert "yours:" in str(verdict)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda a: -a, "the wrong sign"),
        (lambda a: a / 9, "1/9 times what is due"),
        (lambda a: a + 128, "off by +128"),
        (lambda a: a * 0, "All your numbers are 0"),
        (lambda a: np.flip(a), "in reverse order"),
    ],
)
def test_what_all_wrong_numbers_share_is_said(change, sentence):
    assert sentence in check("2.2", lambda image, kernel: change(correlate(image, kernel))).message


def endless(image, kernel):
    while True:
        with contextlib.suppress(BaseException):
            pass


def test_a_runaway_answer_is_stopped_and_the_next_check_works():
    impatient = dataclasses.replace(checks.exercises()["2.2"], seconds=0.3)
    start = time.perf_counter()
    assert judge_answer(impatient, endless, 0).mistake == "too slow"
    assert time.perf_counter() - start < 3
    assert check("2.2", correlate).passed


def exits(image, kernel):
    sys.exit(3)


def recurses(image, kernel):
    return recurses(image, kernel)


def interrupts(image, kernel):
    raise KeyboardInterrupt


@pytest.mark.parametrize("answer", [exits, recurses, interrupts])
def test_nothing_an_answer_raises_comes_out_of_check(answer):
    assert check("2.2", answer).status == "error"


def test_a_session_in_which_numpy_is_broken_is_told_to_restart(monkeypatch):
    monkeypatch.setattr(np, "sum", None)
    verdict = check("1.3", lambda window, kernel: 0)
    assert (verdict.status, float(verdict)) == ("error", 0.0)
    assert "Restart the kernel" in verdict.message


def test_prints_and_warnings_are_shown_and_nothing_reaches_stderr(capsys):
    def chatty(image, kernel):
        print("hello" * 10_000)
        print("lost", file=sys.stderr)
        np.uint8(200) + np.uint8(100)
        return image

    verdict = check("2.2", chatty)
    out, err = capsys.readouterr()
    assert err == ""
    assert "Your code printed: hello" in out
    assert len(out) < 10_000
    assert "overflow" in verdict.warned


def test_the_same_seed_draws_the_same_inputs_and_another_one_others():
    exercise = checks.exercises()["2.2"]
    first, again, other = (exercise.cases(seed)[1][0] for seed in (7, 7, 8))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("seed", [None, -1, 2.5, "x", True, np.int64(3)])
def test_any_seed_is_taken_without_an_exception(seed):
    assert check("2.2", correlate, seed=seed).passed


@pytest.mark.parametrize("identity", ["9.99", "", 2.2, None, "correlate2d"])
def test_an_unknown_exercise_is_answered_and_not_raised(identity, capsys):
    verdict = check(identity, correlate)
    if identity == 2.2:
        assert verdict.passed  # the number without quotes is understood
    else:
        assert verdict == 0.0
        assert "There is no exercise" in verdict.message
    hint(identity)
    solution(identity)
    assert capsys.readouterr().err == ""


class Hostile:
    """Claims to be equal to everything, and to be every shape."""

    shape = (2, 3)
    __array_priority__ = 1e9

    def __eq__(self, other):
        return True

    __hash__ = None


@pytest.mark.parametrize(
    "value",
    [
        *(Hostile(), "text", {"a": 1}, object, np.array(["a"]), np.array([None]), 1j, b"x", [[1], [1, 2]]),
        *(10**400, np.inf, np.ma.array([[1, 2]], mask=[[0, 1]]), (np.full((1, 2), np.inf),) * 4),
    ],
)
def test_results_of_any_type_are_told_and_not_raised(value):
    for id, answer in {
        "2.2": lambda image, kernel: value,
        "2.4": lambda *sizes: value,
        "4.2": lambda image: value,
    }.items():
        verdict = check(id, answer)
        assert verdict.status == "wrong"
        assert verdict == 0.0


def test_an_array_too_large_to_be_right_is_told_at_once():
    start = time.perf_counter()
    assert check("2.2", lambda image, kernel: np.zeros((30_000, 30_000))).mistake == "wrong shape"
    assert time.perf_counter() - start < 1


def test_hostile_text_is_escaped_in_html():
    def broken(image, kernel):
        raise ValueError("<script>alert(1)</script>")

    page = display.as_html(check("2.2", broken))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_html_and_text_say_the_same_and_colour_is_not_the_only_sign():
    verdict = check("2.2", lambda image, kernel: -correlate(image, kernel), seed=3)
    page = display.as_html(verdict)
    assert "✗ 2.2: not yet" in page
    assert "✗ 2.2: not yet" in str(verdict)
    for label in ("yours", "expected", "difference"):
        assert label in page
        assert f"{label}:" in str(verdict)


def test_hints_come_one_by_one_and_then_point_to_the_solution(capsys, monkeypatch):
    monkeypatch.setattr(checks, "_hints_given", {})
    exercise = checks.exercises()["2.2"]
    for place, text in enumerate(exercise.hints):
        hint("2.2")
        out = capsys.readouterr().out
        assert f"Hint {place + 1} of {len(exercise.hints)}" in out
        assert text in out
    assert "solution('2.2')" in out
    hint("2.2")
    assert exercise.hints[-1] in capsys.readouterr().out


@pytest.mark.parametrize("exercise", EXERCISES, ids=ids)
def test_a_shown_solution_is_code_that_can_be_read(exercise, capsys):
    solution(exercise.id)
    text = capsys.readouterr().out.split("\n", 1)[1]
    compile(text, exercise.id, "exec")
    assert exercise.name in text


def test_progress_survives_a_new_session_and_can_be_exported(capsys, tmp_path, monkeypatch):
    check("2.2", lambda image, kernel: image)
    check("2.2", correlate)
    check("2.4", lambda *sizes: 1)
    monkeypatch.setattr(memory, "_session", {})  # as after a restart of the kernel
    capsys.readouterr()
    progress(export=tmp_path / "export.json")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"1 of {len(EXERCISES)} exercises solved"
    assert any("2.2" in line and "✓ solved" in line and line.endswith(" 2") for line in lines)
    assert any("2.4" in line and "… tried" in line for line in lines)
    assert json.loads((tmp_path / "export.json").read_text())["2.2"]["points"] == 2.0


@pytest.mark.parametrize("content", ["", "{", "[]", '{"2.2": 5}', '{"2.2": {"tries": "x", "points": 1}}'])
def test_a_damaged_progress_file_does_no_harm(content, capsys):
    memory.path().write_text(content)
    progress()
    assert check("2.2", correlate).passed


def test_a_disk_that_cannot_be_written_does_no_harm(monkeypatch, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "file" / "progress.json"))
    assert check("2.2", correlate).passed
    progress(export=tmp_path / "file" / "export.json")
    assert "could not be written" in capsys.readouterr().out


def test_check_works_in_a_plain_python_shell(tmp_path):
    """No notebook, no file, no network: the verdict is printed."""
    code = "from course_utils import check\nprint(repr(check('2.4', lambda a, b, c, d: a * b * c * d, seed=1)))"
    environment = {"PATH": "/usr/bin", "HOME": str(tmp_path), "PYTHONIOENCODING": "utf-8"}
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, cwd=tmp_path)
    assert result.stdout.startswith("✗ 2.4: not yet\nYour count has one position for every pixel.")
    assert result.stdout.endswith("\n0.0\n")
    assert result.stderr == ""
