"""What attacks and what is broken earns nothing, changes nothing outside, and costs nobody else anything."""

import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import threading
from pathlib import Path

import pytest

from course_utils.autograder.results import latest, read_rows

ROOT = Path(__file__).parents[1]
spec = importlib.util.spec_from_file_location("synthetic_class", ROOT / "tools" / "synthetic_class.py")
synthetic = importlib.util.module_from_spec(spec)
spec.loader.exec_module(synthetic)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("bwrap") is None, reason="needs bubblewrap: sudo apt-get install bubblewrap"),
]


def convcourse(*arguments, **options):
    command = [sys.executable, "-m", "course_utils.autograder.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=500, check=False, **options)


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    """Grade every attack of the corpus once; return (rows by student and exercise, everything written, marker, who connected)."""
    home = tmp_path_factory.mktemp("attacked")
    marker, host = home / "marker", home / "host-secret.txt"
    marker.mkdir()
    marker.chmod(0o777)
    host.write_text("KEEP-THIS-TO-YOURSELF")
    host.chmod(0o644)
    reached = []
    with socket.create_server(("0.0.0.0", 0)) as server:
        threading.Thread(target=_listen, args=(server, reached), daemon=True).start()
        places = {
            "marker": marker,
            "host": host,
            "site": sysconfig.get_path("purelib"),
            "course": ROOT,
            "port": server.getsockname()[1],
            "other": home / "class" / "honest" / synthetic.NAME,
        }
        synthetic.write(home / "class" / "honest", synthetic.answers(synthetic.HONEST["loop"]))
        for name, source in synthetic.HOSTILE.items():
            synthetic.write(home / "class" / name, synthetic.hostile_cells(source, places))
        done = convcourse("grade", home / "class", "--out", home / "out", "--time-limit", 1, "--workers", 3)
    assert done.returncode == 0, done.stderr
    rows = {(row["student"], row["exercise"]): row for row in latest(read_rows(home / "out" / "results.jsonl"))}
    texts = [
        path.read_text(encoding="utf-8")
        for path in (home / "out").rglob("*")
        if path.is_file() and path.suffix != ".key"
    ]
    return rows, "".join(texts) + done.stdout + done.stderr, marker, reached


def _listen(server, reached):
    while True:
        try:
            reached.append(server.accept())
        except OSError:
            return


def test_the_honest_one_among_them_gets_all_points(attacked):
    rows = attacked[0]
    assert [rows["honest", id]["points"] for id in ("2.1", "2.2", "2.3", "2.4")] == [1, 2, 1, 1]


@pytest.mark.parametrize("name", synthetic.HOSTILE)
def test_an_attack_earns_nothing_and_costs_no_other_exercise(attacked, name):
    rows = attacked[0]
    assert rows[name, "2.2"]["points"] == 0
    assert rows[name, "2.2"]["status"] in ("wrong", "error", "missing", "not started")
    assert rows[name, "2.4"]["status"] == "correct", rows[name, "2.4"]


def test_nothing_was_done_outside(attacked):
    _, written, marker, reached = attacked
    assert list(marker.iterdir()) == []
    assert not reached
    assert "KEEP-THIS-TO-YOURSELF" not in written
    assert "ESCAPED" not in written
    assert "root:x:0" not in written
    for folder in ("/", "/root", "/home", "/var/tmp", "/dev/shm", "/etc", "/tmp"):
        assert not os.path.lexists(f"{folder}/convcourse-marker")
        assert not os.path.lexists(f"{folder}/convcourse-marker-folder")


def test_no_process_is_left_behind(attacked):
    """What a submission started has ended with its sandbox."""
    commands = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if _readable(path)]
    assert not [command for command in commands if str(attacked[2].parent).encode() in command]


def _readable(path):
    try:
        path.read_bytes()
    except OSError:
        return False
    return True


def test_wrong_answers_are_named(tmp_path):
    for name, (source, _) in synthetic.WRONG.items():
        synthetic.write(tmp_path / "class" / name, synthetic.answers(source))
    done = convcourse("grade", tmp_path / "class", "--out", tmp_path / "out", "--workers", 2)
    assert done.returncode == 0, done.stderr
    rows = {(row["student"], row["exercise"]): row for row in read_rows(tmp_path / "out" / "results.jsonl")}
    for name, (_, mistake) in synthetic.WRONG.items():
        assert rows[name, "2.2"]["mistake"] == mistake
    json.dumps(rows["flipped", "2.2"])


def test_every_solution_of_the_course_earns_all_points(tmp_path):
    """All exercises, those in Keras among them, are solvable with what the sandbox offers."""
    shutil.copytree(ROOT / "solutions", tmp_path / "class" / "ada", ignore=shutil.ignore_patterns(".*"))
    done = convcourse("grade", tmp_path / "class", "--out", tmp_path / "out", "--workers", 1)
    assert done.returncode == 0, done.stderr
    rows = latest(read_rows(tmp_path / "out" / "results.jsonl"))
    assert rows
    assert {row["exercise"]: row["message"] for row in rows if row["status"] != "correct"} == {}
