"""Every file has a definite result: notebooks as learners, systems and accidents leave them."""

import importlib.util
import json
import os
import stat
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from course_utils.autograder import inside, reading
from course_utils.autograder.reading import Unreadable, find_submissions, read_cells, read_submission
from course_utils.checks import exercises

ROOT = Path(__file__).parents[1]
spec = importlib.util.spec_from_file_location("synthetic_class", ROOT / "tools" / "synthetic_class.py")
synthetic = importlib.util.module_from_spec(spec)
spec.loader.exec_module(synthetic)

NOTEBOOK = json.dumps(synthetic.notebook(["x = 1", "def f():\n    return 2"]))


def cells_of(folder, content, name="a.ipynb"):
    path = folder / "ada" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (submission,) = find_submissions(folder)
    return read_cells(submission.files[0])


@pytest.mark.parametrize(
    "content",
    [
        NOTEBOOK,
        b"\xef\xbb\xbf" + NOTEBOOK.encode(),
        NOTEBOOK.encode("utf-16"),
        NOTEBOOK.replace("\n", "\r\n").replace("\\n", "\\r\\n"),
        json.dumps(synthetic.notebook(["x = 1", "def f():\n    return 2"], version=3)),
        json.dumps(
            {
                "cells": [
                    {"cell_type": "code", "source": ["x = ", "1"]},
                    {"cell_type": "code", "source": "def f():\n    return 2"},
                ]
            }
        ),
        json.dumps({"cells": [None, 3, {"cell_type": "markdown", "source": "x"}, *json.loads(NOTEBOOK)["cells"]]}),
    ],
    ids=["plain", "BOM", "UTF-16", "Windows newlines", "nbformat 3", "no metadata, list of lines", "odd cells"],
)
def test_the_code_is_found_in_every_form_of_a_notebook(tmp_path, content):
    assert cells_of(tmp_path, content) == ["x = 1", "def f():\n    return 2"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04 something", "does not hold JSON"),
        (b"[1, 2]", "no list of cells"),
        (b"[" * 100_000, "does not hold JSON"),
        (b'{"cells": 3}', "no list of cells"),
        (b"<html>login</html>", "does not hold JSON"),
        (json.dumps(synthetic.notebook(["x"] * 3000)), "more than 2000 code cells"),
        (json.dumps(synthetic.notebook(["x" * 3_000_000])), "2 MB of code"),
    ],
)
def test_what_is_no_notebook_says_why(tmp_path, content, why):
    with pytest.raises(Unreadable, match=why):
        cells_of(tmp_path, content)


def test_links_pipes_and_folders_are_not_opened(tmp_path):
    home = tmp_path / "ada"
    home.mkdir()
    (tmp_path / "elsewhere").write_text(NOTEBOOK)
    (home / "link.ipynb").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(home / "pipe.ipynb")
    (home / "folder.ipynb").mkdir()
    (submission,) = (s for s in find_submissions(tmp_path) if s.student == "ada")
    found = read_submission(submission, exercises())
    assert not found.cells
    assert any("is a link" in problem for problem in found.problems)
    assert any("no regular file" in problem for problem in found.problems)


@pytest.mark.slow
def test_200_mb_of_outputs_cost_neither_memory_nor_the_answer(tmp_path):
    notebook = synthetic.notebook(["x = 1", "def f():\n    return 2"])
    big = {"output_type": "stream", "name": "stdout", "text": ["BLOAT"]}
    tricky = {"output_type": "display_data", "data": {"text/plain": 'a "outputs": [ } ] \\ " end'}, "metadata": {}}
    notebook["cells"][0]["outputs"] = [tricky, big, tricky]
    before, after = json.dumps(notebook).split('"BLOAT"')
    path = tmp_path / "ada" / "a.ipynb"
    path.parent.mkdir()
    with open(path, "w") as file:
        file.write(before)
        file.write('"' + "x" * 10**8 + '", ')
        file.write(", ".join(['"' + "y" * 80 + '\\n"'] * 1_200_000))
        file.write(after)
    assert path.stat().st_size > 200 * 10**6
    (submission,) = find_submissions(tmp_path)
    tracemalloc.start()
    cells = read_cells(submission.files[0])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert cells == ["x = 1", "def f():\n    return 2"]
    assert peak < 50 * 10**6


def make_zip(path, names):
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, NOTEBOOK)
    return path


@pytest.mark.parametrize(
    ("names", "students"),
    [
        (["ada/02_x.ipynb", "bob/02_x.ipynb"], ["ada", "bob"]),
        (["class/ada/02_x.ipynb", "class/bob/02_x.ipynb"], ["ada", "bob"]),
        (["submitted/ada/lesson_02/02_x.ipynb", "submitted/bob/lesson_02/02_x.ipynb"], ["ada", "bob"]),
        (
            ["lovelaceada_12345_67890_02_x.ipynb", "smithbob_LATE_22222_67891_02_x-1.ipynb"],
            ["lovelaceada_12345", "smithbob_22222"],
        ),
        (
            ["Ada Lovelace_7_assignsubmission_file_/02_x.ipynb", "Bob_8_assignsubmission_file/02_x.ipynb"],
            ["Ada Lovelace_7", "Bob_8"],
        ),
        (["Ada Lovelace_7_assignsubmission_file_02_x.ipynb"], ["Ada Lovelace_7"]),
        (["ada.ipynb", "bob.ipynb", "__MACOSX/._bob.ipynb"], ["ada", "bob"]),
    ],
    ids=["folders", "one folder above", "nbgrader", "Canvas", "Moodle folders", "Moodle flat", "flat"],
)
def test_students_are_found_as_systems_write_them(tmp_path, names, students):
    found = find_submissions(make_zip(tmp_path / "all.zip", names))
    assert [submission.student for submission in found] == students
    for name in names:
        path = tmp_path / "folder" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(NOTEBOOK)
    if not names[0].startswith("class/"):
        assert [submission.student for submission in find_submissions(tmp_path / "folder")] == students


def test_a_zip_cannot_reach_outside_of_itself(tmp_path):
    path = tmp_path / "all.zip"
    make_zip(path, ["../../evil/x.ipynb", "/etc/cron.d/x.ipynb", "ada/x.ipynb"])
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("bob/x.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    found = {submission.student: submission for submission in find_submissions(path)}
    assert {"ada", "bob", "evil", "etc"} == set(found)
    for student in ("bob", "evil", "etc"):
        assert not read_submission(found[student], exercises()).cells
    assert sorted(p.name for p in tmp_path.iterdir()) == ["all.zip"]


def test_a_learner_without_a_notebook_is_told_so(tmp_path):
    (tmp_path / "ada").mkdir()
    (tmp_path / "bob").mkdir()
    (tmp_path / "bob" / "answers.docx").write_text("hello")
    ada, bob = find_submissions(tmp_path)
    assert read_submission(ada, exercises()).problems == ("No notebook (.ipynb) was handed in.",)
    assert "only answers.docx" in read_submission(bob, exercises()).problems[0]


@pytest.mark.parametrize(
    ("name", "cells", "lesson"),
    [
        ("anything.ipynb", ['check("6.1", max_pool2d)', "def correlate2d(): pass"], 6),
        ("Copy of 02_convolution_by_hand_exercises (1).ipynb", ["x = 1"], 2),
        ("renamed.ipynb", ["def correlate2d(image, kernel):\n    return 1", "def cost(a):\n    return 2"], 2),
        ("renamed.ipynb", ["print(1)"], None),
    ],
)
def test_the_lesson_is_found_by_checks_name_or_answers(name, cells, lesson):
    assert reading.find_lesson(name, cells, exercises()) == lesson


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("%%time\nx = 1", "x = 1"),
        ("%%bash\nrm -rf /", ""),
        ("x = 5 % 3", "x = 5 % 3"),
        ("%matplotlib inline\nx = 1", "x = 1"),
        ("!rm -rf /\nx = 1", "x = 1"),
        ("if True:\n    %pip install course\nx = 1", "x = 1"),
        ("x?\nx = 1", "x = 1"),
    ],
)
def test_magics_and_shell_escapes_become_nothing_that_runs(source, expected):
    code = inside.as_python(source, "<cell>")
    compile(code, "<cell>", "exec")
    assert expected in code
    assert not any(line.lstrip().startswith(("!", "%")) for line in code.splitlines())


def test_a_cell_with_a_syntax_error_costs_only_itself():
    notebook = inside.Notebook(["def f(:\n", "def g():\n    return 1", "print 'Python 2'"])
    assert [sorted(statement.binds) for statement in notebook.statements] == [["g"]]
    assert [number for number, _, _ in notebook.broken] == [1, 3]
