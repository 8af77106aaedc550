"""Nothing is lost, nothing is done twice, and what other systems read is harmless."""

import csv
import importlib.util
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from course_utils.autograder import exports, pages
from course_utils.autograder.results import FAILURE, Results, ResultsError, latest, merge, read_rows, read_secret

ROOT = Path(__file__).parents[1]
spec = importlib.util.spec_from_file_location("synthetic_class", ROOT / "tools" / "synthetic_class.py")
synthetic = importlib.util.module_from_spec(spec)
spec.loader.exec_module(synthetic)

needs_sandbox = pytest.mark.skipif(
    shutil.which("bwrap") is None, reason="needs bubblewrap: sudo apt-get install bubblewrap"
)
FORMULA = '=HYPERLINK("mailto:x","y"), A'


def command(*arguments):
    return [sys.executable, "-m", "course_utils.autograder.cli", *map(str, arguments)]


def convcourse(*arguments):
    return subprocess.run(command(*arguments), capture_output=True, text=True, timeout=300, check=False)


def row(student="ada", exercise="2.1", status="correct", points=1.0, **more):
    return {
        "student": student,
        "exercise": exercise,
        "status": status,
        "points": points,
        "possible": 1.0,
        "mistake": None,
        "message": "",
        "feedback": {"note": "All right."},
        "problems": [],
        "hash": "h",
        "lms": "",
        "versions": {"course": "1"},
    } | more


def test_a_half_written_line_is_cut_off_and_the_rest_is_kept(tmp_path):
    with Results(tmp_path) as results:
        results.add([row(exercise="2.1"), row(exercise="2.2")])
    path = tmp_path / "results.jsonl"
    path.write_bytes(path.read_bytes()[:-40])
    with Results(tmp_path) as results:
        assert results.done() == {("ada", "h"): {"2.1"}}
        results.add([row(exercise="2.2")])
    assert [one["exercise"] for one in read_rows(path)] == ["2.1", "2.2"]


def test_a_damaged_line_in_the_middle_is_named(tmp_path):
    (tmp_path / "results.jsonl").write_text('{"broken\n' + json.dumps(row()) + "\n")
    with pytest.raises(ResultsError, match="Line 1"):
        Results(tmp_path)


def test_a_failure_of_the_machine_is_no_zero_and_is_done_again(tmp_path):
    with Results(tmp_path) as results:
        results.add([row(), row(exercise="2.2", status=FAILURE, points=0.0)])
        assert results.done() == {("ada", "h"): {"2.1"}}
        rows = results.rows
    exports.write_tables(tmp_path, rows)
    (line,) = csv.DictReader(io.StringIO((tmp_path / "grades.csv").read_text()))
    assert line["score"] == ""
    assert "not you" in pages.feedback_page("ada", rows)


def test_two_graders_cannot_write_to_one_folder(tmp_path):
    with Results(tmp_path), pytest.raises(ResultsError, match="Another grader"):
        Results(tmp_path)


def test_the_secret_is_made_once_and_for_its_owner_only(tmp_path):
    secret = read_secret(tmp_path / "seed.key")
    assert len(secret) == 64
    assert read_secret(tmp_path / "seed.key") == secret
    assert (tmp_path / "seed.key").stat().st_mode & 0o777 == 0o600
    (tmp_path / "short").write_text("abc")
    with pytest.raises(ResultsError, match="at least 16"):
        read_secret(tmp_path / "short")


def test_shards_are_put_together_once(tmp_path):
    for name, student in (("one", "ada"), ("two", "bob")):
        with Results(tmp_path / name) as results:
            results.add([row(student)])
    for _ in range(2):
        assert merge([tmp_path / "one", tmp_path / "two"], tmp_path / "all") == 2
    assert [one["student"] for one in read_rows(tmp_path / "all" / "results.jsonl")] == ["ada", "bob"]


def test_tables_are_quoted_and_hold_no_formula(tmp_path):
    names = [FORMULA, "@SUM(1)", "+1", "-2", "\t=3", "Ada, née\nByron", "Moodle Name_77", "“quoted”"]
    exports.write_tables(tmp_path, [row(name, lms="77" if "77" in name else "") for name in names])
    for table in ("grades.csv", "canvas.csv", "moodle.csv"):
        lines = list(csv.reader(io.StringIO((tmp_path / table).read_text(encoding="utf-8"))))
        assert len({len(line) for line in lines}) == 1
        assert not [cell for line in lines for cell in line if cell.strip()[:1] in ("=", "+", "-", "@")]
    header = (tmp_path / "grades.csv").read_text().splitlines()[0]
    assert (
        header
        == "assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score,late_submission_penalty,score,max_score"
    )
    files = list((tmp_path / "gradescope").iterdir())
    assert len(files) == len(names)
    result = json.loads(files[0].read_text())
    assert result["tests"][0]["score"] == 1.0


def test_the_feedback_escapes_everything_and_loads_nothing():
    evil = "</p><script>alert(1)</script><img src=http://x>"
    tables = [{"label": evil, "rows": [[1.0, float("nan")], [2.0, float("inf")]], "marked": [0, 1]}]
    page = pages.feedback_page(
        evil,
        [
            row(
                evil,
                status="wrong",
                points=0.0,
                mistake=evil,
                feedback={"note": evil, "tables": tables},
                problems=[evil],
            )
        ],
    )
    assert "<script" not in page
    assert "<img" not in page
    assert page.count("&lt;script&gt;") >= 4
    assert 'lang="en"' in page
    assert "http" not in page.replace("http://x", "").replace("http-equiv", "")


def test_a_student_s_file_stays_in_its_folder(tmp_path):
    names = ["../../etc/x", "a/b", "..", ".hidden", "ada", "x" * 300, FORMULA]
    pages.write_feedback(tmp_path, [row(name) for name in names])
    assert len(list((tmp_path / "feedback").glob("*.html"))) == len(names)
    assert [path.name for path in tmp_path.iterdir()] == ["feedback"]


def test_the_report_counts_the_mistakes(tmp_path):
    rows = [row(f"s{n}", status="wrong", points=0.0, mistake="transposed") for n in range(3)] + [row("ada")]
    page = pages.write_report(tmp_path, rows).read_text()
    assert "transposed" in page
    assert "4 learners" in page
    assert "25 %" in page


@needs_sandbox
def test_wrong_use_and_missing_things_have_their_exit_codes(tmp_path):
    (tmp_path / "empty").mkdir()
    assert convcourse("grade").returncode == 2
    assert convcourse("grade", tmp_path / "empty", "--out", tmp_path / "out", "--shard", "3/2").returncode == 2
    done = convcourse("grade", tmp_path / "empty", "--out", tmp_path / "out")
    assert (done.returncode, "No submissions" in done.stderr) == (4, True)
    synthetic.write(tmp_path / "class" / "ada", synthetic.answers(synthetic.HONEST["loop"]))
    done = convcourse("grade", tmp_path / "class", "--out", tmp_path / "out", "--sandbox", "none")
    assert (done.returncode, "--i-trust-these-submissions" in done.stderr) == (3, True)


def grades(folder):
    return (folder / "grades.csv").read_bytes()


@needs_sandbox
@pytest.mark.slow
def test_killed_and_resumed_gives_the_same_table(tmp_path):
    synthetic.write_class(tmp_path / "class", 24, seed=1, hostile=0.2)
    (tmp_path / "class" / FORMULA).mkdir()
    (tmp_path / "class" / "empty").mkdir()
    (tmp_path / "class" / "empty" / "a.ipynb").write_text("")
    (tmp_path / "secret").write_text("a secret of the tests")
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    options = ("--seed-file", tmp_path / "secret", "--workers", 2)
    done = convcourse("grade", tmp_path / "class", "--out", whole, *options)
    assert done.returncode == 0, done.stderr
    kills = 0
    for pause in (1.5, 2.0, 2.5, 3.0, 3.5):
        process = subprocess.Popen(
            command("grade", tmp_path / "class", "--out", broken, *options),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(pause)
        kills += process.poll() is None
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert kills
    assert convcourse("grade", tmp_path / "class", "--out", broken, *options).returncode == 0
    assert grades(broken) == grades(whole)
    rows = read_rows(broken / "results.jsonl")
    assert len(rows) == len(latest(rows)) == 26 * 4
    parts = [tmp_path / "part1", tmp_path / "part2"]
    for number, part in enumerate(parts, start=1):
        assert (
            convcourse("grade", tmp_path / "class", "--out", part, *options, "--shard", f"{number}/2").returncode == 0
        )
    assert convcourse("merge", *parts, "--out", tmp_path / "merged").returncode == 0
    assert grades(tmp_path / "merged") == grades(whole)
    again = convcourse(
        "regrade", tmp_path / "class", "--out", whole, "--student", "student0000", "--seed-file", tmp_path / "secret"
    )
    assert again.returncode == 0
    assert again.stderr.count("as before") == 4


@needs_sandbox
@pytest.mark.slow
def test_dask_and_threads_give_the_same_grades_though_a_worker_is_killed(tmp_path):
    pytest.importorskip("distributed", reason="needs Dask: pip install 'convolution-course[cluster]'")
    synthetic.write_class(tmp_path / "class", 16, seed=2, hostile=0.2)
    (tmp_path / "secret").write_text("a secret of the tests")
    options = ("--seed-file", tmp_path / "secret")
    assert convcourse("grade", tmp_path / "class", "--out", tmp_path / "threads", *options).returncode == 0
    process = subprocess.Popen(
        command("grade", tmp_path / "class", "--out", tmp_path / "dask", *options, "--cluster", 2),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    victim = None
    while process.poll() is None and victim is None:
        time.sleep(0.2)
        if (tmp_path / "dask" / "results.jsonl").exists() and (tmp_path / "dask" / "results.jsonl").stat().st_size:
            victim = next(iter(_workers(process.pid)), None)
    if victim:
        os.kill(victim, signal.SIGKILL)
    assert process.wait(timeout=240) == 0
    assert victim
    assert grades(tmp_path / "dask") == grades(tmp_path / "threads")


def _workers(parent):
    """Return the processes of Dask's workers, which are started by spawn, below a process."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            mother = int(status.read_text().rpartition(")")[2].split()[1])
            text = (status.parent / "cmdline").read_bytes()
        except (OSError, ValueError):
            continue
        if mother == parent and b"spawn_main" in text:
            found.append(int(status.parent.name))
    return found
