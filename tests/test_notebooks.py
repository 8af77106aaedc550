"""The lessons as they are handed out: their frame, and that each runs alone, offline, with nothing but the wheel."""

import json
import os
import re
import subprocess
import sys
import venv
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
ALL = [path for folder in ("notebooks", "exercises", "solutions") for path in sorted((ROOT / folder).glob("*.ipynb"))]

# Run the code cells of a notebook as IPython does, without a network; at last print where the course came from.
RUN_CELLS = """
import json, socket, sys
def refuse(*arguments, **options):
    raise OSError("this test has no network")
socket.socket.connect = refuse
socket.getaddrinfo = refuse
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for cell in json.load(open(sys.argv[1])):
    outcome = shell.run_cell(cell)
    if not outcome.success:
        sys.exit("failed in:\\n" + cell)
import course_utils
print(course_utils.__file__)
"""


def names(paths):
    return [f"{path.parent.name}/{path.stem}" for path in paths]


@pytest.fixture(params=LESSONS, ids=names(LESSONS))
def lesson(request):
    return nbformat.read(request.param, as_version=4)


def text_of(notebook, kind):
    return [cell.source for cell in notebook.cells if cell.cell_type == kind]


def test_a_lesson_has_the_frame(lesson):
    """Title, promise, what it gives, what it needs, time; summary; next."""
    markdown = text_of(lesson, "markdown")
    assert re.match(r"# \d\d · .+\n\n\[Open in Colab\]\(.+\).*\n\n.+", markdown[0])
    for part in ("**You will be able to**", "**You need**", "**Time**: "):
        assert part in markdown[0]
    assert markdown[-1].startswith("## Next")
    if not markdown[0].startswith("# 00"):
        assert markdown[-2].startswith("## Summary")


def test_cells_are_short(lesson):
    """Code of at most 20 lines, text of at most 120 words (tables and lists of links aside)."""
    for code in text_of(lesson, "code"):
        assert len(code.splitlines()) <= 20, code
    for text in text_of(lesson, "markdown"):
        prose = [line for line in text.splitlines() if not line.startswith("|")]
        assert len(re.sub(r"\(\S+\)", "", " ".join(prose)).split()) <= 120, text


def test_a_lesson_does_not_talk_down(lesson):
    for text in text_of(lesson, "markdown"):
        found = re.search(r"\b(simply|just|obviously|trivial(ly)?|of course)\b", text, re.IGNORECASE)
        assert not found, f"{found[0]!r} in: {text}"


def test_every_picture_has_a_caption(lesson):
    for code in text_of(lesson, "code"):
        for call in re.findall(r"plots\.show\w*\(", code):
            assert "caption=" in code, f"{call} without a caption in: {code}"


@pytest.mark.parametrize("path", ALL, ids=names(ALL))
def test_links_to_files_lead_somewhere(path):
    for text in text_of(nbformat.read(path, as_version=4), "markdown"):
        for target in re.findall(r"\]\((?!https?://|#)([^)]+)\)", text):
            assert (path.parent / target).resolve().is_file(), f"{target} in: {text}"


@pytest.mark.parametrize("path", ALL, ids=names(ALL))
def test_no_output_is_kept_but_the_promised_numbers(path):
    """No stored widget state, for it breaks GitHub's view."""
    notebook = nbformat.read(path, as_version=4)
    assert "widgets" not in notebook.metadata
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert "nbval-check-output" in cell.metadata.get("tags", [])
            assert output.output_type == "stream"


@pytest.fixture(scope="module")
def wheel_alone(tmp_path_factory):
    """A Python that has the course from its built wheel, and the packages of this machine in place of Colab's."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(command, check=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / "bin" / "python"
    target = subprocess.check_output(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
    ).strip()
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", target, str(wheel)]
    subprocess.run(install, check=True)
    here = subprocess.check_output(
        [sys.executable, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
    )
    # A plain path line adds this machine's packages; its own .pth files, and with them the editable course, are not read.
    (Path(target) / "preinstalled.pth").write_text(here)
    return python


@pytest.mark.slow
@pytest.mark.parametrize("path", LESSONS, ids=names(LESSONS))
def test_a_lesson_runs_alone_offline_with_only_the_wheel(path, wheel_alone, tmp_path):
    """One notebook in an empty folder, as Colab has it: every code cell runs, in order, without a network."""
    code = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    script = tmp_path / "run.json"
    script.write_text(json.dumps(code))
    environment = {name: value for name, value in os.environ.items() if name not in ("COURSE_DATA", "PYTHONPATH")}
    environment |= {"HOME": str(tmp_path), "MPLBACKEND": "agg", "IPYTHONDIR": str(tmp_path / "ipython")}
    result = subprocess.run(
        [wheel_alone, "-c", RUN_CELLS, str(script)], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    assert str(wheel_alone.parent.parent) in result.stdout.splitlines()[-1]
