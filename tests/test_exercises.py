"""The exercise notebooks: untouched they run and nothing is started; solved they pass; and nbgrader grades them."""

import os
import shutil
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pytest

from course_utils import checks

ROOT = Path(__file__).parents[1]
STEMS = sorted(path.stem for path in (ROOT / "exercises").glob("*.ipynb"))
WITH_KERAS = [stem for stem in STEMS if stem[:2] in ("09", "10", "11")]


def code_cells(path):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def run(path):
    """Run the cells of a notebook here, and return {exercise: Verdict} of the cells that nbgrader grades."""
    verdicts = {}
    space = {"__name__": "__main__"}
    for cell in code_cells(path):
        if "nbgrader" in cell.metadata:
            verdict = eval(cell.source, space)
            verdicts[verdict.exercise_id] = verdict
        elif cell.id != "set-up":
            exec(compile(cell.source, f"{path.name}:{cell.id}", "exec"), space)
    plt.close("all")
    return verdicts


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))
    monkeypatch.setattr("course_utils.checks.memory._session", {})
    plt.switch_backend("agg")


def marked(stems):
    return [pytest.param(stem, marks=[pytest.mark.slow] if stem in WITH_KERAS else []) for stem in stems]


@pytest.mark.parametrize("stem", marked(STEMS))
def test_solved_every_check_passes(stem):
    verdicts = run(ROOT / "solutions" / f"{stem}.ipynb")
    asked = [id for id in checks.exercises() if id.split(".")[0] == str(int(stem[:2]))]
    assert sorted(verdicts) == sorted(asked)
    assert {id: str(verdict) for id, verdict in verdicts.items() if not verdict.passed} == {}


@pytest.mark.parametrize("stem", marked(STEMS))
def test_untouched_it_runs_and_earns_nothing(stem, capsys):
    """5.3 starts from code that works in part; everything else is not started."""
    verdicts = run(ROOT / "exercises" / f"{stem}.ipynb")
    assert sum(verdicts.values()) == 0
    assert {id for id, verdict in verdicts.items() if verdict.status != "not started"} <= {"5.3"}
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("stem", STEMS)
def test_graded_cells_carry_nbgraders_metadata(stem):
    """Schema 3, locked, each with the points of its exercise, the same in both notebooks."""
    for folder in ("exercises", "solutions"):
        graded = {}
        for cell in code_cells(ROOT / folder / f"{stem}.ipynb"):
            if "nbgrader" in cell.metadata:
                about = cell.metadata.nbgrader
                assert (about.schema_version, about.grade, about.solution, about.locked) == (3, True, False, True)
                graded[about.grade_id.removeprefix("check-").replace("-", ".")] = about.points
        lesson = str(int(stem[:2]))
        assert graded == {id: e.points for id, e in checks.exercises().items() if id.split(".")[0] == lesson}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # nbgrader's own, of its database
def test_nbgrader_gives_full_part_and_no_points(tmp_path, monkeypatch):
    """Generate, collect three submissions (solved, half solved, blank), autograde: 5, 3 and 0 of 5 points."""
    from nbgrader.api import Gradebook
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    stem = next(stem for stem in STEMS if stem.startswith("02"))
    (tmp_path / "source" / "ps").mkdir(parents=True)
    shutil.copy(ROOT / "exercises" / f"{stem}.ipynb", tmp_path / "source" / "ps")
    config = Config()
    config.CourseDirectory.root = str(tmp_path)
    config.CourseDirectory.db_url = f"sqlite:///{tmp_path}/gradebook.db"
    monkeypatch.setenv(
        "PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    )  # nbgrader calls alembic
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))
    api = NbGraderAPI(config=config)
    assert api.generate_assignment("ps")["success"]

    solved = {cell.id: cell.source for cell in code_cells(ROOT / "solutions" / f"{stem}.ipynb")}
    answers = [cell.id for cell in code_cells(ROOT / "exercises" / f"{stem}.ipynb") if cell.source != solved[cell.id]]
    assert len(answers) == 4
    for student, filled in (("full", answers), ("half", answers[:2]), ("blank", [])):
        notebook = nbformat.read(tmp_path / "release" / "ps" / f"{stem}.ipynb", as_version=4)
        for cell in notebook.cells:
            if cell.id in filled:
                cell.source = solved[cell.id]
        folder = tmp_path / "submitted" / student / "ps"
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{stem}.ipynb")
        result = api.autograde("ps", student)
        assert result["success"], result["log"]
    with Gradebook(config.CourseDirectory.db_url) as gradebook:
        scores = {s.student.id: (s.score, s.max_score) for s in gradebook.assignment_submissions("ps")}
    assert scores == {"full": (5, 5), "half": (3, 5), "blank": (0, 5)}
