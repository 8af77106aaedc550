"""The command convcourse: grade a folder of submissions, and show the results.

Exit codes: 0 everything has a result; 1 some failed for reasons of the machine (the same command again goes on with these);
2 wrong usage; 3 no sandbox works, nothing was graded; 4 nothing to grade, or the results cannot be read; 130 interrupted.
"""

import os
import platform
import shutil
import sys
from collections import Counter
from contextlib import closing
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from course_utils.checks import exercises

from . import results as keeping
from .exports import clean, write_tables
from .grading import Settings, due
from .pages import write_feedback, write_report
from .reading import find_submissions
from .results import FAILURE, Results, ResultsError, latest, read_rows
from .sandbox import CHOICES, IMAGE, INSTALL, Sandbox, SandboxError, open_sandbox, probe
from .schedule import read, with_dask, with_threads

app = typer.Typer(
    help="Grade notebooks of the convolution course. Code of learners runs only in a sandbox.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
# The streams of the program, fixed: while a reference is run, sys.stdout is redirected.
_screen = Console(file=sys.stderr)

Out = Annotated[Path, typer.Option(help="The folder for results, feedback and tables.")]
Image = Annotated[str, typer.Option(help="The image for docker and podman, without its tag.")]


def _fail(code, message):
    _screen.print(escape(str(message)), style="bold red", soft_wrap=True)
    raise typer.Exit(code)


def _shard(text):
    try:
        place, count = (int(number) for number in text.split("/"))
        if not 1 <= place <= count:
            raise ValueError
    except ValueError:
        raise typer.BadParameter(f"must be i/n with 1 <= i <= n, as 2/4: got {text}") from None
    return place, count


def _bytes(text):
    units = {"k": 2**10, "m": 2**20, "g": 2**30}
    text = text.strip().lower().removesuffix("b")
    try:
        size = float(text[:-1]) * units[text[-1]] if text[-1:] in units else float(text)
    except ValueError:
        raise typer.BadParameter(f"must be a size such as 512M or 2G: got {text}") from None
    if size < 2**28:
        raise typer.BadParameter(f"must be at least 256M, Python and NumPy need that: got {text}")
    return int(size)


@app.command()
def grade(
    submissions: Annotated[Path, typer.Argument(help="A folder or zip file, as Canvas, Moodle or nbgrader make it.")],
    out: Out,
    workers: Annotated[int, typer.Option(min=1, help="Submissions at the same time.")] = os.cpu_count() or 2,
    scheduler: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler whose workers do the work.")
    ] = None,
    cluster: Annotated[int | None, typer.Option(min=1, help="Start so many Dask workers on this machine.")] = None,
    sandbox: Annotated[str, typer.Option(help=" | ".join(CHOICES))] = "auto",
    i_trust_these_submissions: Annotated[bool, typer.Option(help="Allows --sandbox none.")] = False,
    seed_file: Annotated[
        Path | None, typer.Option(help="Holds the secret of the inputs. [default: OUT/seed.key]")
    ] = None,
    shard: Annotated[str | None, typer.Option(help="i/n: grade only the i-th of n parts.")] = None,
    time_limit: Annotated[float | None, typer.Option(min=0.1, help="Seconds for each exercise.")] = None,
    memory_limit: Annotated[str | None, typer.Option(help="For each exercise, as 1G.")] = None,
    lesson: Annotated[list[int] | None, typer.Option(help="Grade only this lesson; may be given again.")] = None,
    image: Image = IMAGE,
):
    """Grade submissions. Run it again to go on after an interruption, or when more was handed in."""
    part = _shard(shard) if shard else (1, 1)
    memory = _bytes(memory_limit) if memory_limit else None
    known = {int(id.split(".")[0]) for id in exercises()}
    if lesson and not set(lesson) <= known:
        raise typer.BadParameter(f"--lesson must be one of {', '.join(map(str, sorted(known)))}: got {lesson}")
    try:
        found = find_submissions(submissions)
    except (OSError, ValueError) as error:
        _fail(4, error)
    if not found:
        _fail(
            4,
            f"No submissions in {submissions}. Expected is a folder for each student with notebooks in it; see docs/teachers-guide.md.",
        )
    try:
        box = open_sandbox(sandbox, trust=i_trust_these_submissions, image=image)
    except SandboxError as error:
        _fail(3, error)
    try:
        with Results(out) as results:
            secret = keeping.read_secret(seed_file or out / "seed.key")
            settings = Settings(secret, only=tuple(lesson or ()), seconds=time_limit, memory=memory)
            code = _grade_all(found, part, box, settings, results, workers, scheduler, cluster)
    except (ResultsError, OSError) as error:
        _fail(4, error)
    except KeyboardInterrupt:
        _fail(130, "Interrupted. What is done is kept; the same command goes on.")
    finally:
        box.close()
    raise typer.Exit(code)


@app.command()
def doctor(image: Image = IMAGE):
    """Say which sandboxes work here, which versions are installed, and how to get what is missing."""
    table = Table("what", "state", title="convcourse doctor")
    table.add_row("Python", f"{platform.python_version()} on {platform.system()} {platform.release()}")
    for name in _PACKAGES:
        try:
            table.add_row(name, version(name))
        except PackageNotFoundError:
            table.add_row(name, f"missing. Try: pip install '{_PACKAGES[name]}'")
    works = False
    for name in CHOICES[1:4]:
        if shutil.which(name) is None:
            table.add_row(name, f"not installed{'. Try: ' + INSTALL if name == 'bwrap' else ''}")
            continue
        with closing(Sandbox(name, image)) as box:
            problem = probe(box)
        table.add_row(name, escape(problem) if problem else "works: walls and the limit of processes hold")
        works = works or problem is None
    Console().print(table)
    raise typer.Exit(0 if works else 3)


_PACKAGES = {
    "convolution-course": "convolution-course",
    "numpy": "numpy",
    "cloudpickle": "convolution-course[grade]",
    "ipython": "convolution-course[grade]",
    "jinja2": "convolution-course[grade]",
    "tensorflow": "convolution-course[keras]",
    "distributed": "convolution-course[cluster]",
}


def _grade_all(found, part, box, settings, results, workers, scheduler, cluster):
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=_screen, redirect_stdout=False, redirect_stderr=False) as progress:
        reading = progress.add_task("reading", total=len(found))
        plan = []
        for submission in found:
            reading_ = read(submission, settings)
            plan.append(
                (
                    submission,
                    set() if isinstance(reading_, OSError) else set(reading_.cells),
                    getattr(reading_, "hash", ""),
                )
            )
            progress.advance(reading)
        settings = settings._replace(lessons=settings.only or usual_lessons([lessons for _, lessons, _ in plan]))
        if not settings.lessons:
            _fail(4, "No notebook has an answer to any exercise of the course. Name the lesson: --lesson 2.")
        work, done = [], results.done()
        for submission, lessons, hash in plan[part[0] - 1 :: part[1]]:
            ready = done.get((submission.student, hash), set())
            asked = {e.id for all_ in due(_Lessons(lessons), settings).values() for e in all_}
            if asked - ready:
                work.append((submission, ready))
        grading = progress.add_task("grading", total=len(work))
        if scheduler or cluster:
            stream = with_dask(work, box, settings, scheduler=scheduler, workers=cluster)
        else:
            stream = with_threads(work, box, settings, workers)
        for rows in stream:
            results.add(rows)
            progress.advance(grading)
    write_outputs(results.folder, results.rows)
    _summary(latest(results.rows))
    failures = sum(row["status"] == FAILURE for row in latest(results.rows))
    if failures:
        _screen.print(f"{failures} results are missing for reasons of this machine. The same command tries them again.")
    return 1 if failures else 0


class _Lessons:
    """Stands for a Reading of which only the lessons matter."""

    def __init__(self, cells):
        self.cells = cells


def usual_lessons(all_lessons):
    """Return the lessons that at least half of those have handed in who handed in anything: these are due for everybody."""
    handed_in = [lessons for lessons in all_lessons if lessons]
    counts = Counter(lesson for lessons in handed_in for lesson in lessons)
    return tuple(sorted(lesson for lesson, count in counts.items() if 2 * count >= len(handed_in)))


def write_outputs(folder, rows):
    """Write everything that is made from the results: tables, feedback, report."""
    write_tables(folder, rows)
    write_feedback(folder, rows)
    return write_report(folder, rows)


def _summary(rows):
    table = Table("exercise", "submissions", "correct", "points", "most frequent mistake", title="Results")
    for id in dict.fromkeys(row["exercise"] for row in rows):
        mine = [row for row in rows if row["exercise"] == id]
        correct = sum(row["status"] == "correct" for row in mine)
        mean = sum(row["points"] for row in mine) / len(mine)
        mistakes = Counter(row["mistake"] or row["status"] for row in mine if row["status"] != "correct").most_common(1)
        often = f"{escape(mistakes[0][0])} ({mistakes[0][1]})" if mistakes else ""
        table.add_row(escape(id), str(len(mine)), str(correct), f"{mean:.2f} of {mine[0]['possible']:g}", often)
    Console().print(table)


Folder = Annotated[Path, typer.Argument(help="The folder that --out named.")]


@app.command()
def report(results: Folder):
    """Write the report on the class, the feedback and the tables again, from results.jsonl."""
    try:
        rows = read_rows(results / "results.jsonl")
    except (OSError, ResultsError) as error:
        _fail(4, error)
    if not rows:
        _fail(4, f"{results} holds no results yet.")
    path = write_outputs(results, rows)
    _summary(latest(rows))
    _screen.print(f"Written: {path}, feedback/, gradescope/, grades.csv, canvas.csv, moodle.csv", soft_wrap=True)


@app.command()
def merge(
    shards: Annotated[list[Path], typer.Argument(help="The folders of results of all shards.")],
    out: Out,
):
    """Put the results of several shards together."""
    try:
        count = keeping.merge(shards, out)
    except (OSError, ResultsError) as error:
        _fail(4, error)
    rows = read_rows(out / "results.jsonl")
    write_outputs(out, rows)
    _summary(latest(rows))
    _screen.print(f"{count} results from {len(shards)} folders are in {out}.", soft_wrap=True)


@app.command()
def regrade(
    submissions: Annotated[Path, typer.Argument(help="The same folder or zip file as before.")],
    out: Out,
    student: Annotated[list[str], typer.Option(help="Whom to grade again; may be given again.")],
    sandbox: Annotated[str, typer.Option(help=" | ".join(CHOICES))] = "auto",
    i_trust_these_submissions: Annotated[bool, typer.Option(help="Allows --sandbox none.")] = False,
    seed_file: Annotated[
        Path | None, typer.Option(help="Holds the secret of the inputs. [default: OUT/seed.key]")
    ] = None,
    time_limit: Annotated[float | None, typer.Option(min=0.1, help="Seconds for each exercise.")] = None,
    memory_limit: Annotated[str | None, typer.Option(help="For each exercise, as 1G.")] = None,
    image: Image = IMAGE,
):
    """Grade a student again, with the same inputs as before: for an appeal, or after a change."""
    seed_file = seed_file or out / "seed.key"
    if not seed_file.exists():
        _fail(4, f"There is no {seed_file}, so the same inputs cannot be drawn. Name it: --seed-file.")
    try:
        found = [submission for submission in find_submissions(submissions) if submission.student in student]
        missing = set(student) - {submission.student for submission in found}
        if missing:
            _fail(4, f"No submission of {', '.join(sorted(missing))} in {submissions}.")
        box = open_sandbox(sandbox, trust=i_trust_these_submissions, image=image)
    except SandboxError as error:
        _fail(3, error)
    except (OSError, ValueError) as error:
        _fail(4, error)
    memory = _bytes(memory_limit) if memory_limit else None
    with closing(box), Results(out) as results:
        lessons = tuple(sorted({int(row["exercise"].split(".")[0]) for row in results.rows}))
        settings = Settings(keeping.read_secret(seed_file), lessons=lessons, seconds=time_limit, memory=memory)
        before = {(row["student"], row["exercise"]): row for row in latest(results.rows)}
        for rows in with_threads([(submission, ()) for submission in found], box, settings, workers=1):
            results.add(rows)
            for row in rows:
                old = before.get((row["student"], row["exercise"]), {}).get("points")
                change = "as before" if old == row["points"] else f"before: {old}"
                _screen.print(f"{escape(clean(row['student']))} {row['exercise']}: {row['points']:g} ({change})")
        write_outputs(out, results.rows)


if __name__ == "__main__":
    app()
