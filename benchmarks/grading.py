"""The grader beside nbgrader's autograde, on the same notebooks in one run: python benchmarks/grading.py [--students 1000]

First a sample of a synthetic class is graded by both, one after the other; then the whole class by ours, killed five times at random
and resumed, and once without interruption: both must give the same table, with a result for everybody. Ends with status 1
if a claim does not hold.
"""

import argparse
import importlib.util
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from course_utils.autograder.results import latest, read_rows

ROOT = Path(__file__).parents[1]
spec = importlib.util.spec_from_file_location("synthetic_class", ROOT / "tools" / "synthetic_class.py")
synthetic = importlib.util.module_from_spec(spec)
spec.loader.exec_module(synthetic)

WORKERS = 2
FASTER = 10  # times nbgrader


def grade(folder, out, secret):
    command = [sys.executable, "-m", "course_utils.autograder.cli", "grade", str(folder), "--out", str(out)]
    return [*command, "--workers", str(WORKERS), "--seed-file", str(secret)]


def timed(command, **options):
    begin = time.perf_counter()
    # nbgrader calls alembic by its name.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | {"PATH": path}, **options
    )
    if done.returncode:
        sys.exit(f"{command[2:5]} failed:\n{done.stderr[-2000:]}")
    return time.perf_counter() - begin


def nbgrader_seconds(home, sample):
    """Return what nbgrader's autograde takes for honest answers in the handed out notebooks, their set-up cells included."""
    school = home / "school"
    source = school / "source" / "lesson_02"
    source.mkdir(parents=True)
    # nbgrader takes no dot in a cell's id.
    text = (ROOT / "solutions" / synthetic.NAME).read_text(encoding="utf-8")
    text = re.sub(r'("grade_id": "check-\d+)\.(\d+")', r"\1-\2", text)
    (source / synthetic.NAME).write_text(text, encoding="utf-8")
    (school / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'course'\n")
    run = [sys.executable, "-m", "nbgrader"]
    timed([*run, "generate_assignment", "lesson_02", "--force"], cwd=school)
    for number in range(sample):
        target = school / "submitted" / f"student{number}" / "lesson_02"
        target.mkdir(parents=True)
        (target / synthetic.NAME).write_text(text, encoding="utf-8")
    return timed([*run, "autograde", "lesson_02"], cwd=school) / sample


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=1000)
    parser.add_argument("--sample", type=int, default=8)
    options = parser.parse_args()
    holds = True
    with tempfile.TemporaryDirectory(prefix="grading-") as folder:
        home = Path(folder)
        (home / "secret").write_text("a secret of the benchmark")
        theirs = nbgrader_seconds(home, options.sample)
        repeated = 5 * options.sample
        for number in range(repeated):
            target = home / "same" / f"student{number}"
            target.mkdir(parents=True)
            shutil.copy(ROOT / "solutions" / synthetic.NAME, target / synthetic.NAME)
        ours = timed(grade(home / "same", home / "same-out", home / "secret")) / repeated
        holds &= theirs / ours >= FASTER
        print(f"nbgrader autograde  {theirs:8.3f} s a notebook   ({options.sample} notebooks, one after another)")
        print(
            f"convcourse grade    {ours:8.3f} s a notebook   ({repeated} of the same notebooks, {WORKERS} workers, start included)"
        )
        print(f"ratio               {theirs / ours:8.1f}   (claimed: at least {FASTER})")

        synthetic.write_class(home / "class", options.students)
        seconds = timed(grade(home / "class", home / "whole", home / "secret"))
        rows = latest(read_rows(home / "whole" / "results.jsonl"))
        definite = len(rows) == 4 * options.students and not [
            r for r in rows if r["status"] == "infrastructure failure"
        ]
        print(
            f"{options.students} submissions in {seconds:.0f} s, {seconds / options.students:.3f} s each; all with a definite result: {definite}"
        )

        draw = random.Random(0)
        for _ in range(5):
            process = subprocess.Popen(
                grade(home / "class", home / "killed", home / "secret"),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            time.sleep(draw.uniform(0.05, 0.18) * seconds)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        timed(grade(home / "class", home / "killed", home / "secret"))
        same = (home / "killed" / "grades.csv").read_bytes() == (home / "whole" / "grades.csv").read_bytes()
        once = len(read_rows(home / "killed" / "results.jsonl")) == len(rows)
        print(f"killed five times and resumed: the same table: {same}; nothing done twice: {once}")
        holds &= definite and same and once
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
