"""Grader and check agree, and what comes out of the sandbox is read with suspicion."""

import importlib.util
import json
import math
import struct
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

from course_utils import checks
from course_utils.autograder import grading, sandbox, slicing, wire
from course_utils.autograder.course import ALLOWED, write_course
from course_utils.checks.engine import is_untouched, judge_answer
from course_utils.checks.running import call_once

ROOT = Path(__file__).parents[1]
spec = importlib.util.spec_from_file_location("kill_matrix", ROOT / "tools" / "kill_matrix.py")
kill_matrix = sys.modules["kill_matrix"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(kill_matrix)

BY_HAND = [exercise for exercise in checks.exercises().values() if not grading.needs_keras(exercise)]


def graded(exercise, answer, seed):
    """Return the Judged of an answer whose outcomes went over the wire."""
    cases = exercise.cases(seed)
    records = [{"found": "not started"}] if is_untouched(answer) else [{"found": "answer"}]
    if not exercise.asks_for_value and not callable(answer):
        records = [{"found": "no function", "value": answer}]
    for arguments in cases if records[0]["found"] == "answer" else ():
        with warnings.catch_warnings(action="ignore"):
            outcome = call_once(exercise.ask, answer, arguments)
        raised = outcome.raised and {
            "types": [one.__name__ for one in outcome.raised.type.__mro__],
            "text": outcome.raised.text,
            "number": outcome.raised.line_number or 0,
            "line": outcome.raised.line,
        }
        records.append({"value": outcome.value, "raised": raised, "changed": outcome.changed})
    data = [wire.encode(record) for record in records]
    output = b"".join(struct.pack(">Q", len(one)) + one for one in data)
    return grading.judge_output(exercise, cases, sandbox.Ended("exit 0", output, 0.0), seed)


@pytest.mark.parametrize("exercise", BY_HAND, ids=lambda exercise: exercise.id)
def test_grader_and_check_agree_on_every_mistake(exercise):
    """The same status, mistake and message, for all of the kill matrix but the loop that never ends."""
    wrong = [(mistake.name, mistake.answer) for mistake in exercise.mistakes]
    wrong += [pair for pair in kill_matrix.general_mistakes(exercise) if pair[0] != "too slow"]
    for name, answer in wrong:
        here, there = judge_answer(exercise, answer, 3), graded(exercise, answer, 3)
        assert (there.status, there.mistake, there.points) == (here.status, here.mistake, float(here)), name
        assert there.message == here.message, name


@pytest.mark.parametrize("exercise", BY_HAND, ids=lambda exercise: exercise.id)
def test_every_correct_answer_earns_all_points(exercise):
    for answer in [exercise.reference, *exercise.alternatives]:
        assert graded(exercise, answer, 5).points == exercise.points


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        -(10**200),
        2.5,
        math.inf,
        "text ✓",
        (1, [2.0, (None,)]),
        {"a": (1, 2), 3: [np.float32(2.5)]},
        np.arange(6, dtype=np.uint8).reshape(2, 3),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.array(2.5),
        np.int64(7),
        np.array([True, False]),
        np.zeros((0, 3)),
        np.arange(3, dtype=">f4"),
    ],
)
def test_values_keep_type_and_content_on_the_wire(value):
    back = wire.decode(wire.encode(value))
    assert type(back) is type(value)
    if isinstance(value, np.ndarray):
        assert back.dtype.kind == value.dtype.kind
        assert back.shape == value.shape
    assert np.array_equal(back, value) if isinstance(value, np.ndarray) else back == value


def test_nan_stays_nan():
    assert math.isnan(wire.decode(wire.encode(math.nan)))


def test_an_unknown_object_becomes_an_empty_one_of_that_name():
    class Model:
        secret = 1

    back = wire.decode(wire.encode(Model()))
    assert type(back).__name__ == "Model"
    assert not hasattr(back, "secret")
    assert wire.decode(wire.encode(np.array([Model()]))).dtype == object


def npy(header, data=b""):
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x93NUMPY\x02\x00" + b"\0" * 100,
        npy(b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n", b"x" * 8),
        npy(b"{'descr': '<f8', 'fortran_order': False, 'shape': (999999999, 999999999), }\n"),
        npy(b"{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }\n", b"x" * 8),
        npy(b"{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }\n", b"x" * 9),
        npy(b"{'descr': '<f3', 'fortran_order': False, 'shape': (1,), }\n", b"x" * 3),
        npy(b"{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }\n", b"x" * 8),
        npy(b"__import__('os').system('true')\n"),
        npy(b"{'descr': '<f8', 'fortran_order': False, 'shape': (" + b"1, " * 30 + b"), }\n", b"x" * 8),
    ],
)
def test_a_file_that_is_no_plain_array_is_refused(data):
    with pytest.raises(wire.Refused):
        wire.read_npy(data)


@pytest.mark.parametrize(
    "description",
    [
        b'{"tuple": ' * 50_000,
        b'{"array": 0}',
        b'{"int": "' + b"9" * 5000 + b'"}',
        b'{"dict": [[{"tuple": [{"list": []}]}, null]]}',
        b'{"other": 3}',
        b'{"scalar": -1}',
        b'{"new": "x"}',
        b"[1, 2]",
        b"\xff",
        json.dumps({"list": [None] * 20_000}).encode(),
    ],
)
def test_a_description_that_does_not_fit_is_refused(description):
    with pytest.raises(wire.Refused):
        wire.decode(struct.pack(">II", len(description), 0) + description)


def test_only_what_an_answer_needs_is_kept():
    source = """
import numpy as np
from scipy import signal
size = 3
other = 1 / 0
def helper(x):
    return x * size
def answer(x):
    np.sum(x)
    return helper(x)
print(answer(other))
model.fit(answer)
size += 1
"""
    kept = slicing.needed(slicing.statements(source, "<cell 1>"), "answer")
    assert {name for statement in kept for name in statement.binds} == {"np", "size", "helper", "answer"}
    space = {}
    for statement in kept:
        exec(statement.code, space)
    assert space["answer"](2) == 8


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f(): return 1\ndef f(): return 2", 2),
        ("def f(): return 1\ndef f():\n    '''doc'''\n    ...", 1),
        ("def f():\n    ...\ndef f(): return 3", 3),
        ("f = lambda: 4\nf = ...", 4),
        ("def g(): return 5\nf = g", 5),
        ("table = {}\ntable['a'] = 6\ndef f(): return table['a']", 6),
        ("found = []\nfound.append(7)\ndef f(): return found[0]", 7),
        ("if True:\n    def f(): return 8\nelse:\n    f = None", 8),
        ("from math import *\ndef f(): return floor(9.5)", 9),
    ],
)
def test_the_last_answer_counts_and_a_stub_never_replaces_one(source, expected):
    space = {}
    for statement in slicing.needed(slicing.statements(source, "<cell>"), "f"):
        exec(statement.code, space)
    assert space["f"]() == expected


@pytest.mark.parametrize("lesson", [2, *ALLOWED])
def test_the_course_inside_holds_no_reference_and_no_mistake(lesson, tmp_path):
    text = "".join(path.read_text() for path in write_course(tmp_path, lesson).rglob("*.py"))
    names = {path.name for path in tmp_path.rglob("*")}
    assert not any(name.startswith("lesson_") for name in names)
    asked = {exercise.name for id, exercise in checks.exercises().items() if id.startswith(f"{lesson}.")}
    assert not [name for name in asked if f"def {name}(" in text]
    assert "Mistake(name=" not in text


def test_what_travels_into_the_sandbox_holds_no_reference():
    """The hook of an exercise is sent by itself: its module with the references stays outside."""
    import cloudpickle

    for exercise in checks.exercises().values():
        if exercise.call is not None:
            sent = cloudpickle.dumps(exercise.call)
            assert b"Mistake" not in sent
            assert b"conv 1" not in sent


def test_each_learner_has_inputs_of_their_own_and_the_same_again():
    seeds = {grading.seed_for(b"secret", id, student) for id in ("2.2", "2.3") for student in ("ada", "bob")}
    assert len(seeds) == 4
    assert grading.seed_for(b"secret", "2.2", "ada") == grading.seed_for(b"secret", "2.2", "ada")
    assert grading.seed_for(b"another", "2.2", "ada") not in seeds


def test_the_feedback_shows_no_hidden_input():
    """Wrong on hidden inputs only: the learner reads what kind of mistake it is, and no number of theirs."""
    exercise = checks.exercises()["2.2"]

    def right_if_small(image, kernel):
        result = exercise.reference(image, kernel)
        return result if image.shape == (3, 4) else result + 12345.678

    judged = graded(exercise, right_if_small, 1)
    assert judged.mistake == "wrong values"
    assert "12345" not in str(judged.feedback)
    assert set(judged.feedback) == {"note"}


def test_containers_get_the_same_walls():
    """Neither docker nor podman can run here, so their command line is what is tested."""
    command = sandbox.container_command("podman", "image", Path("/course"), memory=2**30)
    text = " ".join(command)
    for wall in (
        "--network none",
        "--read-only",
        "--cap-drop ALL",
        "--security-opt no-new-privileges",
        "--user 65534:65534",
        "--pids-limit 64",
        f"--memory {2**30 + 2**28}",
        "--volume /course:/course:ro",
    ):
        assert wall in text
    assert command[:4] == ["podman", "run", "--rm", "--interactive"]
    assert "image:numpy" in command


def test_bubblewrap_gets_all_walls(tmp_path):
    text = " ".join(sandbox.bubblewrap_command(tmp_path))
    for wall in (
        "--unshare-all",
        "--disable-userns",
        "--cap-drop ALL",
        "--clearenv",
        "--die-with-parent",
        "--remount-ro /",
        "--new-session",
    ):
        assert wall in text
    assert "scipy" not in text
    assert "tensorflow" not in text


def test_without_a_sandbox_nothing_is_graded_unless_trusted(monkeypatch):
    with pytest.raises(sandbox.SandboxError, match="--i-trust-these-submissions"):
        sandbox.open_sandbox("none")
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    with pytest.raises(sandbox.SandboxError, match="sudo apt-get install bubblewrap"):
        sandbox.open_sandbox("auto")
