"""JupyterLab in a real browser: a learner opens each lesson, runs it from top to bottom, and sees no error."""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
LESSONS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
SECONDS_FOR_A_LESSON = 400
SETTINGS = {
    # All outputs stay in the page, so that a test can look at them.
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """The address of a running JupyterLab on a copy of the notebooks, and the folder of that copy."""
    folder = tmp_path_factory.mktemp("lab")
    for name in ("notebooks", "exercises", "solutions"):
        shutil.copytree(ROOT / name, folder / name)
    for name, values in SETTINGS.items():
        path = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}"]
    command += ["--IdentityProvider.token=", f"--ServerApp.root_dir={folder}"]
    environment = os.environ | {"JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"), "HOME": str(folder)}
    with open(folder / "lab.log", "w") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    for _ in range(120):
        try:
            urllib.request.urlopen(f"{address}/api/status", timeout=5)
            break
        except OSError:
            time.sleep(0.5)
    yield address, folder
    server.terminate()
    server.wait(20)


def open_notebook(browser, lab, path):
    """Open a notebook in a new tab of JupyterLab and wait for its kernel."""
    page = browser.new_page(viewport={"width": 1100, "height": 1000})
    page.goto(f"{lab[0]}/lab/tree/{path}?reset", timeout=60_000)
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    page.wait_for_selector(
        ".jp-Toolbar-kernelStatus[data-status=idle], .jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=60_000
    )
    return page


def run_all(page, file):
    """Choose Run > Run All Cells, wait until every code cell has run, save, and return the notebook from the disk."""
    page.click("text=Run >> nth=0")
    page.click(".lm-Menu-itemLabel:text-is('Run All Cells')")
    waiting = (
        "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].every(e => /\\[\\d+\\]/.test(e.textContent))"
    )
    page.wait_for_function(waiting, timeout=SECONDS_FOR_A_LESSON * 1000)
    page.keyboard.press("Control+s")
    for _ in range(300):
        time.sleep(0.1)
        with contextlib.suppress(nbformat.reader.NotJSONError):  # it is being written at this moment
            notebook = nbformat.read(file, as_version=4)
            if all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code"):
                return notebook
    raise AssertionError(f"{file} was not saved")


@pytest.mark.parametrize("stem", LESSONS)
def test_a_lesson_runs_in_jupyterlab(browser, lab, stem, request):
    """Run All leaves no error and nothing on stderr, and every picture has a text for those who cannot see it."""
    page = open_notebook(browser, lab, f"notebooks/{stem}.ipynb")
    notebook = run_all(page, lab[1] / "notebooks" / f"{stem}.ipynb")
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error", cell.source
            assert output.get("name") != "stderr", output.text
    images = page.locator(".jp-OutputArea img")
    for index in range(images.count()):
        assert len(images.nth(index).get_attribute("alt") or "") > 10
    folder = os.environ.get("COURSE_SCREENSHOTS")
    if folder:
        take_screenshots(page, Path(folder), stem)
    page.close()


def take_screenshots(page, folder, stem):
    """Save the notebook as it is seen, a screen at a time: folder/stem-00.png and so on."""
    folder.mkdir(parents=True, exist_ok=True)
    scroller = page.locator(".jp-WindowedPanel-outer").first
    height, step = scroller.evaluate("e => [e.scrollHeight, e.clientHeight]")
    for number, top in enumerate(range(0, height, step)):
        scroller.evaluate("(e, top) => e.scrollTo(0, top)", top)
        page.wait_for_timeout(150)
        page.screenshot(path=folder / f"{re.sub(r'[^a-z0-9]+', '_', stem)}-{number:02}.png")
