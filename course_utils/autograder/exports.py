"""Tables for other systems: nbgrader's columns, Canvas, Moodle, Gradescope. Each is made from the rows and can be made again.

Whatever a cell holds, a spreadsheet must show it and not compute it: text that could be a formula gets an apostrophe in front.
"""

import csv
import io
import json
from collections import defaultdict
from pathlib import Path

from .results import FAILURE, latest

_NBGRADER = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)


def write_tables(folder, rows):
    """Write grades.csv, canvas.csv, moodle.csv and gradescope/STUDENT.json into the folder of results.

    Parameters
    ----------
    folder : path
    rows : list of dict
        As results.jsonl holds them.

    Notes
    -----
    A learner with an infrastructure failure has an empty cell where the points would be, never 0.
    """
    folder = Path(folder)
    totals = _totals(latest(rows))
    for name, text in (
        ("grades.csv", nbgrader_csv(totals)),
        ("canvas.csv", canvas_csv(totals)),
        ("moodle.csv", moodle_csv(totals)),
    ):
        write_text(folder / name, text)
    for student, mine in by_student(latest(rows)).items():
        write_text(folder / "gradescope" / f"{file_name(student)}.json", gradescope_json(mine))


def by_student(rows):
    found = defaultdict(list)
    for row in rows:
        found[row["student"]].append(row)
    return dict(found)


def _totals(rows):
    """Return [(lesson, student, number in the LMS, points or None, possible)], sorted."""
    groups = defaultdict(list)
    for row in rows:
        groups[int(row["exercise"].split(".")[0]), row["student"]].append(row)
    totals = []
    for (lesson, student), mine in sorted(groups.items()):
        failed = any(row["status"] == FAILURE for row in mine)
        points = None if failed else sum(row["points"] for row in mine)
        totals.append((lesson, student, mine[0].get("lms", ""), points, sum(row["possible"] for row in mine)))
    return totals


def nbgrader_csv(totals):
    """Return a CSV with the columns of `nbgrader export`: a line for each learner and lesson."""
    lines = [
        (_assignment(lesson), "", "", student, "", "", "", _shown(points), "0.0", _shown(points), _shown(possible))
        for lesson, student, _, points, possible in totals
    ]
    return _csv(_NBGRADER, lines)


def canvas_csv(totals):
    """Return a CSV that Canvas imports into its gradebook: a line for each learner, a column for each lesson."""
    lessons = sorted({lesson for lesson, *_ in totals})
    possible = {lesson: _shown(most) for lesson, *_, most in totals}
    points = {(student, lesson): _shown(got) for lesson, student, _, got, _ in totals}
    people = sorted({(student, lms) for _, student, lms, *_ in totals})
    lines = [("    Points Possible", "", "", "", *(possible[lesson] for lesson in lessons))]
    for student, lms in people:
        name = student.removesuffix(f"_{lms}") if lms else student
        lines.append((name, lms, "" if lms else student, "", *(points.get((student, n), "") for n in lessons)))
    return _csv(("Student", "ID", "SIS Login ID", "Section", *map(_assignment, lessons)), lines)


def moodle_csv(totals):
    """Return a CSV for Moodle's grading worksheet: a line for each learner and lesson."""
    lines = []
    for lesson, student, lms, points, possible in totals:
        name = student.removesuffix(f"_{lms}") if lms else student
        identity = f"Participant {lms}" if lms else student
        lines.append((identity, name, _assignment(lesson), _shown(points), _shown(possible)))
    return _csv(("Identifier", "Full name", "Assignment", "Grade", "Maximum Grade"), lines)


def gradescope_json(rows):
    """Return the results.json of Gradescope's autograder for one learner."""
    tests = [
        {
            "name": f"Exercise {row['exercise']}",
            "score": row["points"],
            "max_score": row["possible"],
            "status": "passed" if row["status"] == "correct" else "failed",
            "output": clean(row.get("feedback", {}).get("note", row["status"])),
            "output_format": "text",
        }
        for row in rows
        if row["status"] != FAILURE
    ]
    failed = [row["exercise"] for row in rows if row["status"] == FAILURE]
    result = {"tests": tests, "visibility": "visible"}
    if failed:
        result["output"] = f"Not graded yet, for reasons of the grading machine: {', '.join(failed)}."
    return json.dumps(result, indent=1, sort_keys=True) + "\n"


def _assignment(lesson):
    return f"lesson_{lesson:02}"


def _shown(points):
    return "" if points is None else f"{points:g}"


def _csv(header, lines):
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([[neutral(cell) for cell in line] for line in lines])
    return file.getvalue()


def neutral(text):
    """Return text that no spreadsheet takes for a formula.

    >>> neutral('=HYPERLINK("http://x")'), neutral("Ada, née Byron"), neutral("3.5")
    ('\\'=HYPERLINK("http://x")', 'Ada, née Byron', '3.5')
    """
    text = clean(str(text))
    return (
        f"'{text}" if text.lstrip(" '\"")[:1] in ("=", "+", "-", "@", "\t", "|", "%", "＝", "＋", "－", "＠") else text
    )


def clean(text):
    """Return text without control characters, of which a terminal or a spreadsheet might make something."""
    return "".join(c if c.isprintable() else " " for c in text.encode("utf-8", "replace").decode())


def file_name(student):
    """Return a file name for a student: theirs if it is harmless, else one that cannot collide with another's."""
    import hashlib
    import re

    safe = re.sub(r"[^\w.-]", "_", student)[:80].lstrip(".")
    return safe if safe == student else f"{safe}-{hashlib.sha256(student.encode(errors='replace')).hexdigest()[:8]}"


def write_text(path, text):
    """Write a file in one step, so that nobody ever finds a half one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(text, encoding="utf-8", errors="replace", newline="\n")
    draft.replace(path)
