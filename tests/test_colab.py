"""A twin of Colab's runtime: each notebook alone in an empty folder installs the course by its own first cell, and runs.

The twin has Colab's Python and Colab's versions (tests/colab/constraints.txt). git is told by its environment to take the
course's address from this clone, so the committed state is what gets installed.
"""

import json
import os
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOKS = [path for folder in ("notebooks", "solutions") for path in sorted((ROOT / folder).glob("*.ipynb"))]
PREINSTALLED = "numpy scipy matplotlib pillow opencv-python-headless ipywidgets anywidget ipykernel ipython nbclient tensorflow setuptools wheel"

# Stands for the module that only Colab has; it notes the call that lets Colab show other people's widgets.
GOOGLE_COLAB = """
from pathlib import Path
def enable_custom_widget_manager():
    Path("widget_manager_enabled").touch()
"""
# Run a notebook in a kernel of the twin, and print what went wrong. Colab's kernel has google.colab loaded from the start.
RUN = """
import sys, nbclient, nbformat
notebook = nbformat.read(sys.argv[1], as_version=4)
notebook.cells.insert(0, nbformat.v4.new_code_cell("import google.colab.output"))
nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
bad = [o for c in notebook.cells for o in c.get("outputs", []) if o.output_type == "error" or o.get("name") == "stderr"]
sys.exit(str(bad) if bad else 0)
"""

pytestmark = pytest.mark.slow


def find_python():
    """Return a Python 3.13 that runs; pyenv's stand-in on the PATH only does where that version is switched on."""
    of_pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")).glob("versions/3.13*/bin/python3.13")
    for python in filter(None, [shutil.which("python3.13"), *map(str, of_pyenv)]):
        if subprocess.run([python, "--version"], capture_output=True).returncode == 0:
            return python
    return None


@pytest.fixture(scope="module")
def twin(tmp_path_factory):
    """The Python of a fresh runtime, and the environment in which git finds the course here."""
    python = find_python()
    if python is None:
        pytest.skip("needs Python 3.13, as Colab has it: install python3.13 from python.org, pyenv or your system")
    folder = tmp_path_factory.mktemp("twin")
    subprocess.run([python, "-m", "venv", folder], check=True)
    twin = folder / "bin" / "python"
    constraints = ROOT / "tests" / "colab" / "constraints.txt"
    subprocess.run(
        [twin, "-m", "pip", "install", "--quiet", "--constraint", constraints, *PREINSTALLED.split()], check=True
    )
    stand_in = next(folder.glob("lib/python3*/site-packages")) / "google" / "colab"
    stand_in.mkdir(parents=True)
    (stand_in / "__init__.py").write_text("")
    (stand_in / "output.py").write_text(GOOGLE_COLAB)
    address = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["urls"]["Repository"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COURSE"))} | {
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        "GIT_CONFIG_COUNT": "2",
        "GIT_CONFIG_KEY_0": f"url.{ROOT.as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": address,
        "GIT_CONFIG_KEY_1": "safe.directory",
        "GIT_CONFIG_VALUE_1": "*",
    }
    return twin, environment


def versions(twin):
    python, environment = twin
    listed = subprocess.check_output([python, "-m", "pip", "list", "--format=json"], env=environment)
    return {package["name"]: package["version"] for package in json.loads(listed)}


def test_the_first_cell_installs_the_course_and_changes_no_version(twin, tmp_path):
    """The set-up cell of one lesson, run where the course is not yet."""
    before = versions(twin)
    assert "convolution-course" not in before
    cell = json.loads(NOTEBOOKS[0].read_text())["cells"][1]
    code = tmp_path / "cell.ipy"
    code.write_text("".join(cell["source"]))
    python, environment = twin
    subprocess.run([python, "-m", "IPython", code], env=environment | {"HOME": str(tmp_path)}, cwd=tmp_path, check=True)
    after = versions(twin)
    assert "convolution-course" in after
    assert {name: version for name, version in after.items() if name in before} == before


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[f"{path.parent.name}/{path.stem}" for path in NOTEBOOKS])
def test_a_notebook_runs_in_the_twin(path, twin, tmp_path):
    """All cells, in an empty folder that holds this one file, with Colab's versions."""
    python, environment = twin
    shutil.copy(path, tmp_path)
    result = subprocess.run(
        [python, "-c", RUN, path.name],
        env=environment | {"HOME": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout[-2000:] + result.stderr[-4000:]
    if "figures." in path.read_text():
        assert (tmp_path / "widget_manager_enabled").exists()


def test_every_link_to_colab_leads_to_a_notebook_that_exists():
    address = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["urls"]["Repository"]
    start = f"https://colab.research.google.com/github/{address.removeprefix('https://github.com/')}/blob/main/"
    for path in NOTEBOOKS:
        text = path.read_text()
        assert f"{start}{path.relative_to(ROOT).as_posix()})" in text
