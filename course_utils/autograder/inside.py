"""The program inside the sandbox: reads one job from standard input, answers on standard output.

It reads the cells, then forks a process of its own for each exercise. That process executes what the answer needs, calls it, and
writes the outcomes to a pipe that no other process has. This program executes nothing of the learner's itself; what it
passes on is bounded in size and time, and trusted by nobody.
"""

import contextlib
import ctypes
import gc
import linecache
import os
import pickle
import resource
import select
import signal
import struct
import sys
import time
import types
import warnings

KEPT = ("time", "timeit", "capture", "prun", "memit")  # %%magics whose cell is Python
CELLS_SECONDS = 10  # to read all cells
CELL_SECONDS = 2  # to read one of them
LOADING_SECONDS = 2  # to execute what an answer needs, before it is called
OUTPUT_LIMIT = 32 * 2**20  # bytes of all results of one exercise
PR_SET_DUMPABLE = 4


def main():
    """Serve one job."""
    job = pickle.load(sys.stdin.buffer)  # the only pickle there is: it comes from outside, and goes in
    answers = os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    # Nobody may look into this process or write to it, not even a process of the same user.
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    import numpy

    from course_utils.autograder import wire

    versions = {"python": sys.version.split()[0], "numpy": numpy.__version__}
    _send(answers, wire.encode(versions))
    notebook = Notebook(job["cells"])
    gc.freeze()  # so that forks share their memory
    for exercise in job["exercises"]:
        ended, output = run_apart(notebook, exercise, job)
        _send(answers, wire.encode(ended), output)


def _too_long(*_):
    raise TimeoutError("it takes too long to read")


def _send(stream, *parts):
    """Write one frame: the number of its parts, their sizes, the parts."""
    frame = struct.pack(f">B{len(parts)}Q", len(parts), *map(len, parts)) + b"".join(parts)
    while frame:
        frame = frame[os.write(stream, frame) :]


class Notebook:
    """The statements of all cells; a cell that is no Python costs nobody but itself.

    Attributes
    ----------
    statements : list of Statement
    broken : list of (cell number, source, message)
    """

    def __init__(self, cells):
        from course_utils.autograder.slicing import statements

        self.statements, self.broken = [], []
        signal.signal(signal.SIGALRM, _too_long)
        left = CELLS_SECONDS
        for number, source in enumerate(cells, start=1):
            filename = f"<cell {number}>"
            begin = time.monotonic()
            try:
                signal.setitimer(signal.ITIMER_REAL, max(0.01, min(left, CELL_SECONDS)))
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # "\d" in a learner's string
                    source = as_python(source, filename)
                    found = statements(source, filename)
                signal.setitimer(signal.ITIMER_REAL, 0)
                self.statements += found
            except Exception as error:
                signal.setitimer(signal.ITIMER_REAL, 0)
                self.broken.append((number, source, _syntax_message(error)))
            else:
                linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
            left -= time.monotonic() - begin


def as_python(source, filename):
    """Return the code of a cell without magics and shell escapes: they become calls that no answer needs."""
    first, _, rest = source.lstrip().partition("\n")
    if first.startswith("%%"):
        return "\n" + rest if first[2:].split(maxsplit=1)[:1] and first[2:].split()[0] in KEPT else ""
    try:
        compile(source, filename, "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        if len(source) < 100_000 and any(sign in source for sign in "%!?"):
            return _transformer().transform_cell(source)
    return source


def _transformer():
    """Return IPython's translator of magics, without loading the rest of IPython."""
    from importlib.machinery import PathFinder

    if "IPython" not in sys.modules:
        package = types.ModuleType("IPython")
        package.__path__ = list(PathFinder.find_spec("IPython", sys.path).submodule_search_locations)
        sys.modules["IPython"] = package
    from IPython.core.inputtransformer2 import TransformerManager

    return TransformerManager()


def _syntax_message(error):
    line = f", line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
    return f"{type(error).__name__}{line}: {getattr(error, 'msg', None) or str(error)[:200] or 'it cannot be read'}"


def run_apart(notebook, exercise, job):
    """Run one exercise in a process of its own; return (how it ended, what it wrote)."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            _close_all_but(writing)
            limit(exercise, job)
            Channel(writing, notebook, exercise).run()
        finally:
            os._exit(0)  # without this the learner's exit handlers would run, too
    os.close(writing)
    try:
        output, problem = _collect(reading, time.monotonic() + exercise["wall"])
    finally:
        os.close(reading)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        if job["alone"]:  # in our own process space: whatever the exercise left behind
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(-1, signal.SIGKILL)
    return problem or _how_it_ended(status), output


def _collect(reading, deadline):
    """Return (what was written until the other side closed, None or what was wrong with it)."""
    parts, size = [], 0
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([reading], [], [], left)[0]:
            return b"".join(parts), "too slow"
        part = os.read(reading, 2**20)
        if not part:
            return b"".join(parts), None
        size += len(part)
        if size > OUTPUT_LIMIT:
            return b"", "too much output"
        parts.append(part)


def _how_it_ended(status):
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        return "too slow" if name in ("SIGXCPU", "SIGKILL") else f"stopped by {name}"
    return f"exit {os.WEXITSTATUS(status)}"


def _close_all_but(kept):
    os.setpgid(0, 0)
    os.closerange(3, kept)
    os.closerange(kept + 1, 1024)


def limit(exercise, job):
    """Bound what this process may use; none of these bounds can be raised again."""
    cpu = int(exercise["cpu"])
    for what, most in (
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_AS, exercise["memory"]),
        (resource.RLIMIT_FSIZE, 16 * 2**20),
        (resource.RLIMIT_NOFILE, exercise["files"]),
        (resource.RLIMIT_NPROC, exercise["processes"]),
    ):
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most + 1 if what == resource.RLIMIT_CPU and most < hard else most))


class Channel:
    """Runs one exercise in the process that is meant for it, and writes each outcome to its pipe as soon as it is there."""

    def __init__(self, pipe, notebook, exercise):
        from course_utils.autograder import wire
        from course_utils.checks.engine import is_untouched
        from course_utils.checks.running import call_once

        self.pipe, self.notebook, self.exercise = pipe, notebook, exercise
        self.encode, self.is_untouched, self.call_once = wire.encode, is_untouched, call_once

    def run(self):
        answer, problem = self._load()
        self._write({"found": "answer"} if problem is None else problem)
        if problem is None:
            for arguments in self.exercise["cases"]:
                outcome = self.call_once(self._ask, answer, arguments)
                raised = outcome.raised and _raised(outcome.raised)
                self._write({"value": outcome.value, "raised": raised, "changed": outcome.changed})

    def _ask(self, answer, *arguments):
        if self.exercise["call"] is not None:
            return self.exercise["call"](answer, *arguments)
        return answer if self.exercise["value"] else answer(*arguments)

    def _load(self):
        """Return (the answer, None), or (None, why there is none)."""
        from course_utils.autograder.slicing import needed

        name = self.exercise["name"]
        chosen = needed(self.notebook.statements, name)
        if not any(name in statement.binds for statement in chosen):
            return None, self._missing(name)
        namespace = {"__name__": "__main__", "__builtins__": __builtins__}
        sys.modules["__main__"].__dict__.update(namespace)
        failed = None
        for statement in chosen:
            try:
                exec(statement.code, namespace)
            except BaseException as error:  # exit() in a cell ends the cell
                failed = error if name in statement.binds else failed
                _put_stand_ins(namespace, statement, error)
        if name not in namespace:
            return None, self._failed(failed)
        answer = namespace[name]
        if self.is_untouched(answer):
            return None, {"found": "not started"}
        if not self.exercise["value"] and not callable(answer):
            return None, {"found": "no function", "value": answer}
        return answer, None

    def _failed(self, error):
        from course_utils.checks.running import describe

        return {"found": "raised", "raised": _raised(describe(error))} if error else {"found": "missing"}

    def _missing(self, name):
        for number, source, message in self.notebook.broken:
            if name in source:
                return {"found": "syntax error", "text": f"cell {number}: {message}"}
        return {"found": "missing"}

    def _write(self, record):
        try:
            data = self.encode(record)
        except BaseException as error:
            raised = {"types": [type(error).__name__], "text": "the result cannot be copied", "line": "", "number": 0}
            data = self.encode({"value": None, "raised": raised, "changed": ()})
        data = struct.pack(">Q", len(data)) + data
        while data:
            data = data[os.write(self.pipe, data) :]


def _raised(raised):
    types_ = [one.__name__ for one in raised.type.__mro__]
    return {"types": types_[:20], "text": str(raised.text), "number": raised.line_number or 0, "line": str(raised.line)}


def _put_stand_ins(namespace, statement, error):
    """Let what could not be imported say so where it is used, instead of "name 'scipy' is not defined"."""
    if isinstance(error, ImportError):
        for name in statement.binds:
            namespace.setdefault(name, Missing(str(error)))


class Missing:
    """Stands for what could not be imported."""

    def __init__(self, text):
        self.__dict__["text"] = text

    def __getattr__(self, name):
        raise ImportError(self.text)

    def __call__(self, *arguments, **options):
        raise ImportError(self.text)


if __name__ == "__main__":
    main()
