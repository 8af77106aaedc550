"""What holds for the package as a whole."""

import hashlib
import inspect
import re
import subprocess
import sys
from importlib.resources import files

import pytest

import course_utils

DATA = files("course_utils") / "data"
FUNCTIONS = [name for name in course_utils.__all__ if inspect.isfunction(getattr(course_utils, name))]
LIBRARY = ("images", "convolution", "filters", "pooling", "datasets")
OPERATIONS = [name for name in FUNCTIONS if getattr(course_utils, name).__module__.split(".")[1] in LIBRARY]
CLASSES = [name for name in course_utils.__all__ if inspect.isclass(getattr(course_utils, name))]


def in_fresh_python(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_importing_the_course_takes_a_third_of_a_second_at_most():
    """Seconds of the processor, the best of five fresh processes: a busy machine is not the course's fault."""
    code = "import time; start = time.process_time(); import course_utils; print(time.process_time() - start)"
    assert min(float(in_fresh_python(code)) for _ in range(5)) < 0.35


def test_importing_the_course_brings_neither_tensorflow_nor_matplotlib():
    """They come when a network or a picture is asked for."""
    loaded = set(in_fresh_python("import sys, course_utils; print(*sys.modules)").split())
    assert not loaded & {"tensorflow", "keras", "matplotlib", "scipy", "cv2", "PIL", "IPython", "ipywidgets"}


def test_the_public_names_are_listed_once_and_exist():
    """`from course_utils import *` gives all of them."""
    assert len(set(course_utils.__all__)) == len(course_utils.__all__)
    assert all(hasattr(course_utils, name) for name in course_utils.__all__)
    assert set(course_utils.__all__) == {*FUNCTIONS, *CLASSES, "KERNELS"}


@pytest.mark.parametrize("name", FUNCTIONS + CLASSES)
def test_a_public_name_says_in_its_first_sentence_what_it_is_for(name):
    """That is what `help` and the editor show."""
    assert re.match(r"[A-Z][^\n]+\S", inspect.getdoc(getattr(course_utils, name)))


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_tells_its_parameters_result_errors_and_an_example(name):
    """In the sections of numpydoc, every parameter by its name."""
    function = getattr(course_utils, name)
    sections = re.split(r"\n([A-Z][a-z]+)\n-{3,}\n", inspect.getdoc(function))
    summary, sections = sections[0], dict(zip(sections[1::2], sections[2::2]))
    assert summary.split("\n")[0].endswith(".")
    assert list(sections)[:3] == ["Parameters", "Returns", "Raises"]
    assert ">>> " in sections["Examples"]
    headings = " ".join(line for line in sections["Parameters"].split("\n") if not line.startswith(" "))
    assert set(inspect.signature(function).parameters) <= set(re.findall(r"\w+", headings))


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_tells_its_attributes(name):
    """Every field by its name."""
    cls = getattr(course_utils, name)
    summary, attributes = inspect.getdoc(cls).split("\n\nAttributes\n----------\n")
    assert summary.split("\n")[0].endswith(".")
    assert set(cls._fields) <= set(re.findall(r"\w+", attributes))


def test_every_data_file_is_the_one_of_which_origin_and_licence_are_known():
    """SOURCES.md lists each with its checksum, and nothing that is not there."""
    listed = dict(
        re.findall(r"^\| `(\S+)` \|.*\| `([0-9a-f]{64})` \|$", (DATA / "SOURCES.md").read_text(), re.MULTILINE)
    )
    present = {file.name: file.read_bytes() for file in DATA.iterdir() if file.name != "SOURCES.md"}
    assert listed == {name: hashlib.sha256(content).hexdigest() for name, content in present.items()}
