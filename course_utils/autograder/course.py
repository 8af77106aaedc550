"""The course as the sandbox sees it: no reference, no expected value, no mistake, no solution.

For each lesson a small package `course_utils` is written. `check`, `hint` and `progress` are there and do nothing. Of the operations
it has those that the answers of this lesson may build on, cut out of the real modules with what they need; what the lesson
itself asks for is not there, and says so when it is called.
"""

import ast
from pathlib import Path

import course_utils

from .slicing import needed, statements

_PACKAGE = Path(course_utils.__file__).parent
_JUDGES = ("autograder/__init__", "autograder/inside", "autograder/slicing", "autograder/wire")
_RUNNERS = ("checks/comparison", "checks/engine", "checks/running")
_OPERATIONS = ("convolution", "filters", "pooling")
_CORRELATION = ("correlate2d", "convolve2d")
_SIZES = ("output_size", "same_padding", "receptive_field")
_FILTERS = ("KERNELS", "Kernel", "kernel", "apply_filter", "box_kernel", "gaussian_kernel", "median_filter")
_EDGES = ("Gradient", "sobel")
_KERAS = ("load_keras", "as_input", "layer_table")  # of networks
_POOLS = ("average_pool2d", "global_average_pool2d", "max_pool2d")

# What the answers of a lesson may use: what earlier lessons built, as long as it does not answer a question of this one.
# The convolutions take padding and strides, and filters are made of them, so lesson 05, which asks for these, has none; Sobel's kernels are in KERNELS.
ALLOWED = {
    3: _CORRELATION,
    4: _CORRELATION,
    5: (),
    6: _FILTERS + _SIZES,
    7: _CORRELATION + _SIZES,
    8: _CORRELATION + _SIZES,
    9: (*_CORRELATION, *_SIZES, *_FILTERS, *_EDGES, *_POOLS, "conv2d", *_KERAS),
}
ALLOWED[10] = ALLOWED[11] = ALLOWED[9]

_STUB = '''\
"""The course, as it is while answers are graded: what they ask for is not here."""

class _Withheld:
    def __init__(self, name):
        self._name = name

    def __call__(self, *arguments, **options):
        raise ImportError(
            f"{self._name} of course_utils is not available while this exercise is graded: it would answer it. Write it yourself."
        )

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _Withheld(f"{self._name}.{name}")


def check(*arguments, **options):
    return 0.0


def hint(*arguments, **options):
    return None


solution = progress = hint


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    try:
        import importlib

        return importlib.import_module(f"course_utils.{name}")
    except ModuleNotFoundError:
        return _Withheld(name)

'''
_MODULE_END = """

def __getattr__(name):
    import course_utils

    if name.startswith("__"):
        raise AttributeError(name)
    return course_utils._Withheld(__name__.rpartition(".")[2] + "." + name)
"""


def write_course(folder, lesson):
    """Write the package for one lesson into `folder`, and return the folder.

    Parameters
    ----------
    folder : path
        A new folder, the only one of the grader that the sandbox sees.
    lesson : int
        The number of the lesson whose exercises are graded.
    """
    package = Path(folder) / "course_utils"
    (package / "checks").mkdir(parents=True)
    (package / "autograder").mkdir()
    (package / "checks" / "__init__.py").write_text('"""How answers are run; the exercises are not here."""\n')
    for module in _JUDGES + _RUNNERS:
        (package / f"{module}.py").write_text((_PACKAGE / f"{module}.py").read_text(encoding="utf-8"), encoding="utf-8")
    allowed = ALLOWED.get(lesson, ())
    modules = _cut(allowed)
    for module, text in modules.items():
        (package / f"{module}.py").write_text(text + _MODULE_END, encoding="utf-8")
    imports = [
        f"from .{module} import {name}\n"
        for module in modules
        for name in allowed
        if module in _OPERATIONS and name in _defined(modules[module])
    ]
    (package / "__init__.py").write_text(_STUB + "".join(imports), encoding="utf-8")
    for path in [Path(folder), *Path(folder).rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    return Path(folder)


def _cut(names):
    """Return {module: source} of the operations `names` and all they need from other modules of the course."""
    wanted = {module: set(names) for module in (*_OPERATIONS, "networks")}
    cut = {}
    while wanted:
        module, roots = wanted.popitem()
        found = statements((_PACKAGE / f"{module}.py").read_text(encoding="utf-8"), module)
        own = {name for s in found if not isinstance(s.node, (ast.Import, ast.ImportFrom)) for name in s.binds}
        roots = (roots | _defined(cut.get(module, ""))) & own
        if not roots:
            continue
        kept = {id(s.node): s.node for name in roots for s in needed(found, name) if not isinstance(s.node, ast.Expr)}
        body = [s.node for s in found if id(s.node) in kept]
        text = ast.unparse(ast.Module(body, [])) + "\n"
        if text == cut.get(module):
            continue
        cut[module] = text
        for node in body:
            if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module:
                wanted.setdefault(node.module, set()).update(alias.name for alias in node.names)
    return cut


def _defined(text):
    names = set()
    for node in ast.parse(text).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names
