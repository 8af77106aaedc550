"""Build the notebooks from the scripts in lessons/.

    python tools/build_notebooks.py                            write notebooks/, exercises/ and solutions/
    python tools/build_notebooks.py --check                    write nothing; fail if a notebook is not up to date
    python tools/build_notebooks.py --repository owner/name    first make this the address in pyproject.toml (for a fork)

lessons/NN_topic.py becomes notebooks/NN_topic.ipynb; lessons/NN_topic_exercises.py becomes two notebooks of that name, in
exercises/ (solutions taken out) and in solutions/ (complete). CONTRIBUTING.md describes what a script may contain.
Two builds of the same scripts give the same bytes.
"""

import argparse
import hashlib
import re
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

try:
    import jupytext
    import nbformat

    from course_utils.checks import exercises
except ModuleNotFoundError as error:
    sys.exit(
        f"Building needs the development packages, and {error.name} is missing. 'make notebooks' installs them, then builds."
    )

ROOT = Path(__file__).resolve().parents[1]

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
SET_UP = """\
# Set-up: installs the course where it is missing (Colab), else does nothing.
from importlib.util import find_spec

if not find_spec("course_utils"):
    %pip install --quiet git+{repository}
"""
LESSON_LIST = "<!-- list of lessons -->"
HINTS = re.compile(r"<!-- hints (\d+\.\d+) -->")
CHECK = re.compile(r'check\("(\d+\.\d+)", \w+\)')
PROMISED = re.compile(r"# ?> ?(.*)")  # ruff writes "#> 577" as "# > 577"
STUB = "...  # your code here"
SOLUTION = re.compile(r"^([ \t]*)### BEGIN SOLUTION\n(.*?)^[ \t]*### END SOLUTION[ \t]*\n?", re.MULTILINE | re.DOTALL)
# What learners are given to start from, and directly below it the solution that replaces it.
START = re.compile(
    rf"^[ \t]*### BEGIN START\n(.*?)^[ \t]*### END START[ \t]*\n\s*?{SOLUTION.pattern}", re.MULTILINE | re.DOTALL
)


class BuildError(Exception):
    """A script cannot be built. The message names the script, and the cell where there is one."""


class Script(NamedTuple):
    """One file of lessons/, read: its cells still hold everything."""

    stem: str
    cells: list
    title: str
    promise: str
    time: str

    @property
    def number(self):
        return self.stem[:2]

    @property
    def is_exercises(self):
        return self.stem.endswith("_exercises")


def build(root=ROOT):
    """Return {path below root: text} of every notebook that the scripts in root/lessons give."""
    repository = read_repository(root)
    scripts = [read_script(path) for path in sorted((root / "lessons").glob("[0-9][0-9]_*.py"))]
    notebooks = {}
    for script in scripts:
        for folder in ["exercises", "solutions"] if script.is_exercises else ["notebooks"]:
            path = f"{folder}/{script.stem}.ipynb"
            notebooks[path] = write_notebook(script, folder, scripts, repository)
    return notebooks


def read_repository(root):
    with open(root / "pyproject.toml", "rb") as file:
        return tomllib.load(file)["project"]["urls"]["Repository"].removesuffix("/")


def set_repository(root, name):
    """Make `name`, as owner/name on GitHub, the repository's address in pyproject.toml."""
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", name):
        raise BuildError(f"The repository must be given as owner/name: got {name!r}. Try REPOSITORY=my-school/course.")
    path = root / "pyproject.toml"
    text, changes = re.subn(
        r'^Repository = ".*"$', f'Repository = "https://github.com/{name}"', path.read_text(), flags=re.MULTILINE
    )
    if changes != 1:
        raise BuildError(f'{path} must hold one line Repository = "...": found {changes}. Restore it.')
    path.write_text(text)


def read_script(path):
    """Read a py:percent script and the frame in its first cell: title, promise and time."""
    try:
        cells = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent").cells
    except Exception as error:
        raise BuildError(f"{path.name} must be a py:percent script: {error}") from error
    head = cells[0].source if cells and cells[0].cell_type == "markdown" else ""
    frame = re.match(r"# (?P<title>.+)\n\n(?P<promise>(?:.+\n)*.+)", head)
    time = re.search(r"\*\*Time\*\*:? +(\d+ minutes)", head)
    if not frame or not time:
        raise BuildError(
            f"{path.name}: the first cell must be Markdown that starts with '# Title', a blank line and a sentence of "
            f"promise, and holds '**Time**: N minutes'. It is: {head[:80]!r}"
        )
    return Script(path.stem, cells, frame["title"].strip(), " ".join(frame["promise"].split()), time[1])


def write_notebook(script, folder, scripts, repository):
    """Return the text of one notebook."""
    cells = []
    seen = {}
    for index, cell in enumerate(script.cells):
        where = f"{script.stem}.py, cell {index + 1}"
        tags = cell.metadata.get("tags", [])
        if "solution" in tags and folder != "solutions":
            continue
        source = cell.source
        if index == 0:
            source = add_links(source, script, folder, scripts, repository)
        elif index == len(script.cells) - 1 and not script.is_exercises:
            source = add_next(source, script, scripts)
        source = source.replace(LESSON_LIST, lesson_list(scripts, folder))
        source = HINTS.sub(lambda match: hints(match[1], where), source)  # noqa: B023
        key = f"{cell.cell_type}\n{cell.source}"
        seen[key] = seen.get(key, 0) + 1
        identity = hashlib.sha256(f"{key}\n{seen[key]}".encode()).hexdigest()[:12]
        if cell.cell_type == "code":
            cells.append(code_cell(source, tags, folder, where))
        else:
            cells.append(nbformat.v4.new_markdown_cell(source))
        cells[-1]["id"] = identity
        if tags:
            cells[-1]["metadata"]["tags"] = tags
        graded = script.is_exercises and CHECK.fullmatch(source.strip())
        if graded:
            cells[-1]["metadata"]["nbgrader"] = grading(graded[1], where)
        if index == 0:
            cells.append(nbformat.v4.new_code_cell(SET_UP.format(repository=repository).strip(), id="set-up"))
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=METADATA)
    nbformat.validate(notebook)
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def code_cell(source, tags, folder, where):
    """Return a code cell: solutions kept or taken out, promised lines turned into an output."""
    lines = source.split("\n")
    promised = [match[1] for match in map(PROMISED.fullmatch, lines) if match]
    if bool(promised) != ("nbval-check-output" in tags):
        raise BuildError(f"{where}: a cell has the tag nbval-check-output if, and only if, it has lines '# > ...'.")
    source = "\n".join(line for line in lines if not PROMISED.fullmatch(line)).strip("\n")
    source = apply_solutions(source + "\n", keep=folder != "exercises", where=where).strip("\n")
    if promised and folder == "exercises" and "### BEGIN SOLUTION" in "\n".join(lines):
        raise BuildError(f"{where}: a cell with a solution cannot promise an output, for the stub gives another.")
    outputs = [nbformat.v4.new_output("stream", name="stdout", text="\n".join(promised) + "\n")] if promised else []
    # nbval compares an output only where the cell looks as if it has been run.
    return nbformat.v4.new_code_cell(source, outputs=outputs, execution_count=1 if promised else None)


def apply_solutions(source, keep, where):
    """Return the source with the marked solutions complete but unmarked, or each replaced by its start, or the stub."""
    starts = len(re.findall(r"^\s*### (?:BEGIN|END) START", source, re.MULTILINE))
    if starts != 2 * len(START.findall(source)):
        raise BuildError(f"{where}: each ### BEGIN START needs its ### END START, and a solution directly below that.")
    source = START.sub((lambda match: match[3]) if keep else (lambda match: match[1]), source)
    begins, ends = (len(re.findall(rf"^\s*### {word} SOLUTION", source, re.MULTILINE)) for word in ("BEGIN", "END"))
    if begins != ends or begins != len(SOLUTION.findall(source)):
        raise BuildError(
            f"{where}: each ### BEGIN SOLUTION needs its ### END SOLUTION below it: got {begins} and {ends}."
        )
    return SOLUTION.sub((lambda match: match[2]) if keep else (lambda match: f"{match[1]}{STUB}\n"), source)


def exercise(identity, where):
    if identity not in exercises():
        raise BuildError(f"{where}: there is no exercise {identity} in course_utils/checks.")
    return exercises()[identity]


def hints(identity, where):
    """Return the hints of an exercise, each folded away."""
    folded = "<details><summary>Hint {}</summary>\n\n{}\n\n</details>"
    return "\n".join(folded.format(place + 1, text) for place, text in enumerate(exercise(identity, where).hints))


def grading(identity, where):
    """Return nbgrader's metadata (schema 3) for the cell that checks an exercise.

    The cells for answers carry none: nbgrader would put its own stub in place of ours, and it needs none to keep them.
    """
    return {
        "grade": True,
        "grade_id": f"check-{identity.replace('.', '-')}",  # nbgrader allows no dots
        "locked": True,
        "points": exercise(identity, where).points,
        "schema_version": 3,
        "solution": False,
        "task": False,
    }


def add_links(source, script, folder, scripts, repository):
    """Put a line of links under the title: Colab, the lesson before and after, its exercises."""
    owner = repository.removeprefix("https://github.com/")
    path = f"{folder}/{script.stem}.ipynb"
    links = [f"[Open in Colab](https://colab.research.google.com/github/{owner}/blob/main/{path})"]
    if script.is_exercises:
        lesson = find(scripts, script.stem.removesuffix("_exercises"))
        if lesson:
            links.append(f"Lesson: [{lesson.title}](../notebooks/{lesson.stem}.ipynb)")
        if folder == "solutions":
            links.append(f"[Exercises without solutions](../exercises/{script.stem}.ipynb)")
    else:
        before, after = neighbours(script, scripts)
        exercises = find(scripts, f"{script.stem}_exercises")
        if before:
            links.append(f"Previous: [{before.title}]({before.stem}.ipynb)")
        if after:
            links.append(f"Next: [{after.title}]({after.stem}.ipynb)")
        if exercises:
            links.append(f"[Exercises](../exercises/{exercises.stem}.ipynb)")
    title, rest = source.split("\n", 1)
    return f"{title}\n\n{' · '.join(links)}\n{rest}"


def add_next(source, script, scripts):
    """Put the links to the exercises and the next lesson under the last cell of a lesson."""
    links = []
    exercises = find(scripts, f"{script.stem}_exercises")
    if exercises:
        links.append(f"Practise: [{exercises.title}](../exercises/{exercises.stem}.ipynb)")
    _, after = neighbours(script, scripts)
    if after:
        links.append(f"Next lesson: [{after.title}]({after.stem}.ipynb)")
    return "\n\n".join([source, " · ".join(links)]) if links else source


def lesson_list(scripts, folder):
    """Return the table of all lessons, with links as seen from `folder`."""
    rows = ["| | Lesson | Time | What it gives you |", "|---|---|---|---|"]
    prefix = "" if folder == "notebooks" else "../notebooks/"
    for script in scripts:
        if not script.is_exercises:
            link = f"[{script.title}]({prefix}{script.stem}.ipynb)"
            rows.append(f"| {script.number} | {link} | {script.time} | {script.promise} |")
    return "\n".join(rows)


def neighbours(script, scripts):
    """Return the lesson before and the lesson after, None where there is none."""
    lessons = [None, *(other for other in scripts if not other.is_exercises), None]
    place = lessons.index(script)
    return lessons[place - 1], lessons[place + 1]


def find(scripts, stem):
    return next((script for script in scripts if script.stem == stem), None)


def differences(notebooks, root):
    """Return a sentence for each notebook that is missing, stale or has no script."""
    problems = []
    for path, text in notebooks.items():
        if not (root / path).is_file():
            problems.append(f"{path} is missing")
        elif (root / path).read_bytes() != text.encode():
            problems.append(f"{path} is stale")
    for folder in ("notebooks", "exercises", "solutions"):
        for path in sorted((root / folder).glob("**/*.ipynb")):
            name = path.relative_to(root).as_posix()
            if name not in notebooks and ".ipynb_checkpoints" not in name:
                problems.append(f"{name} has no script in lessons/")
    return problems


def main(arguments=None, root=ROOT):
    parser = argparse.ArgumentParser(description="Build the notebooks from the scripts in lessons/.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a notebook is not up to date")
    parser.add_argument("--repository", metavar="OWNER/NAME", help="make this the address in pyproject.toml first")
    options = parser.parse_args(arguments)
    try:
        if options.repository:
            set_repository(root, options.repository)
        notebooks = build(root)
    except BuildError as error:
        print(f"Not built. {error}", file=sys.stderr)
        return 1
    if options.check:
        problems = differences(notebooks, root)
        for problem in problems:
            print(f"{problem}: run 'make notebooks' and commit the result.", file=sys.stderr)
        return 1 if problems else 0
    for problem in differences(notebooks, root):
        path = root / problem.split()[0]
        if "no script" in problem:
            path.unlink()
            print(f"removed {path.relative_to(root)}")
    for path, text in notebooks.items():
        if not (root / path).is_file() or (root / path).read_bytes() != text.encode():
            (root / path).parent.mkdir(exist_ok=True)
            (root / path).write_bytes(text.encode())
            print(f"built {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
