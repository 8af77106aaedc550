"""The generator: the same scripts give the same bytes, and nothing is lost, leaked or left stale."""

import importlib.util
import json
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
spec = importlib.util.spec_from_file_location("build_notebooks", ROOT / "tools" / "build_notebooks.py")
builder = sys.modules["build_notebooks"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(builder)

HEAD = """\
# %% [markdown]
# # {number} · {title}
#
# One sentence of promise.
#
# **You will be able to** a, b, c.
#
# **You need**: nothing. **Time**: 15 minutes
"""
LESSON = (
    HEAD
    + """
# %% [markdown]
# ## A question

# %% tags=["nbval-check-output"]
total = 577
print(total, "is the sum")
print("two lines")
# > 577 is the sum
# > two lines

# %%
%matplotlib inline

# %% [markdown]
# ## Next
#
# Go on.
"""
)
EXERCISES = (
    HEAD
    + """
# %%
def double(x):
    \"\"\"Return twice x.\"\"\"
    ### BEGIN SOLUTION
    secret = 2 * x
    return secret
    ### END SOLUTION


# %% tags=["solution"]
print("the secret analysis")

# %%
values = [
    ### BEGIN SOLUTION
    1234,
    ### END SOLUTION
]
### BEGIN SOLUTION
other = 5678
### END SOLUTION
"""
)


@pytest.fixture
def course(tmp_path):
    """A course of two lessons, the first with exercises."""
    (tmp_path / "lessons").mkdir()
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "x"\n[project.urls]\nRepository = "https://github.com/school/course"\n'
    )
    write(tmp_path, "01_first", LESSON.format(number="01", title="First"))
    write(tmp_path, "01_first_exercises", EXERCISES.format(number="01", title="First: exercises"))
    write(tmp_path, "02_second", LESSON.format(number="02", title="Second"))
    return tmp_path


def write(course, stem, text):
    (course / "lessons" / f"{stem}.py").write_text(text)


def cells(course, path):
    return json.loads(builder.build(course)[path])["cells"]


def source(course, path):
    return "\n".join("".join(cell["source"]) for cell in cells(course, path))


def test_two_builds_give_the_same_bytes(course):
    assert builder.build(course) == builder.build(course)
    assert sorted(builder.build(course)) == [
        "exercises/01_first_exercises.ipynb",
        "notebooks/01_first.ipynb",
        "notebooks/02_second.ipynb",
        "solutions/01_first_exercises.ipynb",
    ]


def test_the_notebooks_are_valid_and_their_ids_unique(course):
    for text in builder.build(course).values():
        notebook = nbformat.reads(text, as_version=4)
        nbformat.validate(notebook)
        ids = [cell.id for cell in notebook.cells]
        assert len(set(ids)) == len(ids)
        assert set(notebook.metadata) == {"kernelspec", "language_info"}


def test_a_new_cell_leaves_the_ids_of_the_others_alone(course):
    before = {cell["id"] for cell in cells(course, "notebooks/01_first.ipynb")}
    text = LESSON.format(number="01", title="First").replace(
        "# %% [markdown]\n# ## A question", "# %%\nnew = 1\n\n# %% [markdown]\n# ## A question"
    )
    write(course, "01_first", text)
    after = {cell["id"] for cell in cells(course, "notebooks/01_first.ipynb")}
    assert before < after
    assert len(after - before) == 1


def test_promised_lines_become_the_output_and_leave_the_source(course):
    (promise,) = [cell for cell in cells(course, "notebooks/01_first.ipynb") if cell.get("outputs")]
    assert "".join(promise["outputs"][0]["text"]) == "577 is the sum\ntwo lines\n"
    assert "".join(promise["source"]) == 'total = 577\nprint(total, "is the sum")\nprint("two lines")'
    assert promise["execution_count"] == 1


def test_magics_arrive_as_magics(course):
    assert "\n%matplotlib inline\n" in source(course, "notebooks/01_first.ipynb")


def test_solutions_are_nowhere_in_the_exercises(course):
    text = builder.build(course)["exercises/01_first_exercises.ipynb"]
    for secret in ("secret", "1234", "5678", "SOLUTION"):
        assert secret not in text


def test_a_stub_keeps_signature_docstring_and_indentation(course):
    text = source(course, "exercises/01_first_exercises.ipynb")
    assert f'def double(x):\n    """Return twice x."""\n    {builder.STUB}\n' in text
    assert f"values = [\n    {builder.STUB}\n]\n{builder.STUB}" in text
    code = [cell for cell in cells(course, "exercises/01_first_exercises.ipynb") if cell["cell_type"] == "code"]
    for cell in code[1:]:
        compile("".join(cell["source"]), "stub", "exec")


START = """
# %%
def slow(x):
    ### BEGIN START
    return x
    ### END START
    ### BEGIN SOLUTION
    hidden = x * 9876
    return hidden
    ### END SOLUTION
"""


def test_a_start_is_what_learners_get_and_the_solution_replaces_it(course):
    write(course, "01_first_exercises", EXERCISES.format(number="01", title="First: exercises") + START)
    stub, complete = (source(course, f"{folder}/01_first_exercises.ipynb") for folder in ("exercises", "solutions"))
    assert stub.endswith("def slow(x):\n    return x")
    assert complete.endswith("def slow(x):\n    hidden = x * 9876\n    return hidden")
    assert "START" not in stub + complete
    assert "9876" not in stub


def test_solutions_are_complete_and_unmarked(course):
    text = source(course, "solutions/01_first_exercises.ipynb")
    assert "    secret = 2 * x\n    return secret" in text
    assert "secret analysis" in text
    assert "SOLUTION" not in text


def test_an_exercise_has_the_same_id_with_and_without_its_solution(course):
    with_stub, complete = (
        {cell["id"] for cell in cells(course, f"{folder}/01_first_exercises.ipynb")}
        for folder in ("exercises", "solutions")
    )
    assert with_stub < complete


def test_the_set_up_cell_is_the_first_code_cell_and_the_same_everywhere(course):
    first = set()
    for path in builder.build(course):
        code = [cell for cell in cells(course, path) if cell["cell_type"] == "code"]
        assert "outputs" in code[0]
        first.add("".join(code[0]["source"]))
    (text,) = first
    assert "git+https://github.com/school/course" in text


def test_links_lead_to_the_lesson_before_and_after_and_to_files_that_exist(course):
    built = builder.build(course)
    first, second = source(course, "notebooks/01_first.ipynb"), source(course, "notebooks/02_second.ipynb")
    assert "Next: [02 · Second](02_second.ipynb)" in first
    assert "Previous" not in first
    assert "[Exercises](../exercises/01_first_exercises.ipynb)" in first
    assert "Previous: [01 · First](01_first.ipynb)" in second
    assert first.rstrip().endswith("Next lesson: [02 · Second](02_second.ipynb)")
    for path in built:
        assert f"colab.research.google.com/github/school/course/blob/main/{path})" in source(course, path)


def test_the_list_of_lessons_is_generated(course):
    write(course, "02_second", LESSON.format(number="02", title="Second").replace("Go on.", builder.LESSON_LIST))
    text = source(course, "notebooks/02_second.ipynb")
    assert "[01 · First](01_first.ipynb) | 15 minutes | One sentence of promise. |" in text
    assert "exercises.ipynb)" not in text


def test_check_names_the_stale_the_missing_and_the_orphaned(course, capsys):
    assert builder.main([], course) == 0
    assert builder.main(["--check"], course) == 0
    (course / "notebooks" / "02_second.ipynb").unlink()
    (course / "exercises" / "01_first_exercises.ipynb").write_text("{}")
    (course / "solutions" / "99_old.ipynb").write_text("{}")
    capsys.readouterr()
    assert builder.main(["--check"], course) == 1
    message = capsys.readouterr().err
    assert "notebooks/02_second.ipynb is missing" in message
    assert "exercises/01_first_exercises.ipynb is stale" in message
    assert "solutions/99_old.ipynb has no script" in message
    assert builder.main([], course) == 0
    assert builder.main(["--check"], course) == 0
    assert not (course / "solutions" / "99_old.ipynb").exists()


def test_an_edited_lesson_makes_its_notebook_stale(course, capsys):
    builder.main([], course)
    write(course, "01_first", LESSON.format(number="01", title="First").replace("total = 577", "total = 578"))
    assert builder.main(["--check"], course) == 1


def test_a_fork_stamps_its_own_address_everywhere(course, capsys):
    assert builder.main(["--repository", "my-school/my-course"], course) == 0
    assert builder.main(["--check"], course) == 0
    for path in builder.build(course):
        text = (course / path).read_text()
        assert "my-school/my-course" in text
        assert "school/course/" not in text.replace("my-school/my-course", "")


@pytest.mark.parametrize(
    ("stem", "text", "message"),
    [
        ("03_x", "# %%\nprint(1)\n", "the first cell must be Markdown"),
        ("03_x", LESSON.replace("**Time**", "Time"), "**Time**: N minutes"),
        ("03_x", LESSON.replace("# > 577 is the sum\n# > two lines\n", ""), "03_x.py, cell 3"),
        ("03_x", LESSON.replace(' tags=["nbval-check-output"]', ""), "the tag nbval-check-output if, and only if"),
        ("03_x_exercises", EXERCISES.replace("    ### END SOLUTION\n\n\n", "\n\n"), "needs its ### END SOLUTION"),
        ("03_x_exercises", EXERCISES.replace("    ### BEGIN SOLUTION\n    secret", "    secret"), "got 0 and 1"),
        ("03_x_exercises", EXERCISES + START.replace("    ### END START\n", ""), "needs its ### END START"),
        ("03_x_exercises", EXERCISES + START.split("    ### BEGIN SOLUTION")[0], "a solution directly below"),
        ("03_x_exercises", EXERCISES + START.replace("### END START", "### END START\n    a = 1"), "directly below"),
        (
            "03_x_exercises",
            EXERCISES + '\n# %% tags=["nbval-check-output"]\n### BEGIN SOLUTION\nprint(1)\n### END SOLUTION\n# > 1\n',
            "the stub gives another",
        ),
    ],
)
def test_a_script_that_cannot_be_built_is_named_and_nothing_is_written(course, capsys, stem, text, message):
    write(course, stem, text)
    assert builder.main([], course) == 1
    error = capsys.readouterr().err
    assert stem in error
    assert message in error
    assert not (course / "notebooks").exists()


def test_a_repository_that_is_no_owner_and_name_is_refused(course, capsys):
    before = (course / "pyproject.toml").read_text()
    assert builder.main(["--repository", 'x"\nevil = "1'], course) == 1
    assert "owner/name" in capsys.readouterr().err
    assert (course / "pyproject.toml").read_text() == before
