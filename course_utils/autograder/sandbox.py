"""The walls: what a learner's code may see and use while it runs.

Nothing is written outside: the job goes in through standard input, results come out through standard output, and there is
no folder that both sides can write to. By-hand exercises see Python's standard library, NumPy and the sandbox's own
`course_utils`, and no other file of the machine; so SciPy and the like are not forbidden but absent.
"""

import contextlib
import functools
import os
import platform
import re
import selectors
import shutil
import struct
import subprocess
import sys
import sysconfig
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import cloudpickle

from . import wire
from .course import write_course
from .inside import LOADING_SECONDS, OUTPUT_LIMIT

CHOICES = ("auto", "bwrap", "docker", "podman", "none")
NOBODY = 65534
SCRATCH = 32 * 2**20  # bytes of /tmp inside
IMAGE = "convolution-course-grader"
STARTING_SECONDS = 30
INSTALL = "sudo apt-get install bubblewrap"


class SandboxError(RuntimeError):
    """The sandbox itself does not work. No fault of a submission."""


class Ended(NamedTuple):
    """How the process of one exercise ended, and what it wrote."""

    how: str  # "exit 0", "too slow", "too much output", "stopped by SIGSEGV"
    output: bytes
    seconds: float


class Sandbox:
    """One way to run code behind walls.

    Parameters
    ----------
    name : {"bwrap", "docker", "podman", "none"}
    image : str
        For docker and podman.
    """

    def __init__(self, name, image=IMAGE):
        self.name = name
        self.image = image
        self._folder = tempfile.TemporaryDirectory(prefix="convcourse-", ignore_cleanup_errors=True)
        os.chmod(self._folder.name, 0o711)

    def __reduce__(self):
        return Sandbox, (self.name, self.image)

    def close(self):
        self._folder.cleanup()

    @functools.cache  # noqa: B019 one sandbox lives as long as the program
    def course(self, lesson):
        """Return the folder with the package `course_utils` for a lesson."""
        folder = Path(self._folder.name) / f"lesson_{lesson:02}"
        draft = Path(tempfile.mkdtemp(dir=self._folder.name))
        write_course(draft, lesson)
        try:
            draft.rename(folder)
        except OSError:  # another thread was faster
            shutil.rmtree(draft, ignore_errors=True)
        return folder

    def command(self, lesson, *, keras=False, memory=2**30):
        """Return the command line that starts `inside` for the exercises of a lesson."""
        course = self.course(lesson)
        if self.name == "bwrap":
            return bubblewrap_command(course, keras=keras)
        if self.name == "none":
            return [sys.executable, "-I", "-B", *_program(course), *_package_folders()]
        return container_command(self.name, self.image, course, keras=keras, memory=memory)

    def run(self, lesson, cells, exercises, *, keras=False):
        """Run exercises of one notebook, and yield the versions inside, then an Ended for each that came to an end.

        Fewer than asked for come if the learner's code stops the whole sandbox.

        Parameters
        ----------
        lesson : int
        cells : list of str
        exercises : list of dict
            As `inside` wants them: name, value, call, cases, cpu, wall, memory, files, processes.

        Raises
        ------
        SandboxError
            The sandbox did not start.
        """
        memory = max(exercise["memory"] for exercise in exercises)
        command = self.command(lesson, keras=keras, memory=memory)
        job = cloudpickle.dumps({"cells": cells, "exercises": exercises, "alone": self.name != "none"})
        patience = [STARTING_SECONDS, *(exercise["wall"] + 2 for exercise in exercises)]
        environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin")} | _ENVIRONMENT
        if self.name in ("docker", "podman"):
            environment |= {
                key: value for key, value in os.environ.items() if key in ("HOME", "DOCKER_HOST", "XDG_RUNTIME_DIR")
            }
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment,
                cwd="/",
                start_new_session=True,
            )
        except OSError as error:
            raise SandboxError(f"{command[0]} could not be started: {error}") from None
        with process:
            try:
                parts = _frames(process, job, patience)
                started = next(parts, None)
                if started is None:
                    raise SandboxError(f"{self.name} did not start: {_complaint(process)}")
                begin = time.monotonic()
                yield wire.decode(started[0])
                for _ in exercises:
                    frame = next(parts, None)
                    if frame is None or len(frame) != 2:
                        return
                    now = time.monotonic()
                    yield Ended(str(wire.decode(frame[0]))[:100], frame[1], now - begin)
                    begin = now
            except wire.Refused:
                return
            finally:
                process.kill()


def _complaint(process):
    process.kill()
    text = process.stderr.read(4000).decode(errors="replace").strip() if process.stderr else ""
    return text.splitlines()[-1] if text else "it said nothing"


def _frames(process, job, patience):
    """Yield the frames that a process writes, while feeding it the job; stop when one takes longer than its patience."""
    held, todo = bytearray(), memoryview(job)
    patience = iter(patience)
    deadline = time.monotonic() + next(patience)
    with selectors.DefaultSelector() as ready:
        for stream, event in ((process.stdin, selectors.EVENT_WRITE), (process.stdout, selectors.EVENT_READ)):
            os.set_blocking(stream.fileno(), False)
            ready.register(stream, event)
        while True:
            events = ready.select(max(0, deadline - time.monotonic()))
            if not events:
                return
            for key, _ in events:
                if key.fileobj is process.stdin:
                    try:
                        todo = todo[os.write(process.stdin.fileno(), todo[:65536]) :]
                    except BlockingIOError:
                        continue
                    except OSError:
                        todo = todo[:0]
                    if not todo:
                        ready.unregister(process.stdin)
                        process.stdin = _closed(process.stdin)
                    continue
                part = os.read(process.stdout.fileno(), 2**20)
                if not part:
                    return
                held += part
                while (frame := _cut_frame(held)) is not None:
                    yield frame
                    deadline = time.monotonic() + next(patience, 0)


def _closed(stream):
    with contextlib.suppress(OSError):
        stream.close()
    return None


def _cut_frame(held):
    """Take one whole frame off the front of `held`, or return None; refuse one that claims to be too large."""
    if not held:
        return None
    count = held[0]
    head = 1 + 8 * count
    if len(held) < head:
        return None
    sizes = struct.unpack_from(f">{count}Q", held, 1)
    if count > 2 or sum(sizes) > OUTPUT_LIMIT + 10_000:
        raise wire.Refused("a frame that is too large")
    end = head + sum(sizes)
    if len(held) < end:
        return None
    parts, start = [], head
    for size in sizes:
        parts.append(bytes(held[start : start + size]))
        start += size
    del held[:end]
    return parts


# --- bubblewrap ------------------------------------------------------------------------------------------------------

_ENVIRONMENT = {
    "LC_ALL": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "HOME": "/tmp",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "PYTHONHASHSEED": "0",
}


def bubblewrap_command(course, *, keras=False):
    """Return the command line of bubblewrap for a folder with the package `course_utils`."""
    bind = []
    for source, target in _visible(keras):
        bind += ["--ro-bind", source, target]
    masked = _masked(keras)
    for folder in masked:
        bind += ["--size", "4096", "--tmpfs", folder, "--remount-ro", folder]
    settings = [part for name, value in _ENVIRONMENT.items() for part in ("--setenv", name, value)]
    walls = [
        *("--unshare-all", "--unshare-user", "--disable-userns", "--uid", str(NOBODY), "--gid", str(NOBODY)),
        *("--hostname", "sandbox", "--cap-drop", "ALL", "--die-with-parent", "--new-session", "--clearenv"),
        *settings,
        *bind,
        *("--ro-bind", str(course), "/course"),
        *[part for name in ("null", "zero", "urandom") for part in ("--dev-bind", f"/dev/{name}", f"/dev/{name}")],
        # TensorFlow asks which program it runs in, and would look for more in /proc, which is not there, if it were Python.
        *(("--symlink", "/program", "/proc/self/exe") if keras else ()),
        *("--size", str(SCRATCH), "--tmpfs", "/tmp", "--chdir", "/tmp", "--remount-ro", "/"),
    ]
    sources = [source for source, _ in _visible(keras)]
    python = ["/python/bin/python3", "-I", "-S", "-B", *_program("/course"), *_packages_inside(keras)]
    return [*_as_nobody(sources), _bwrap(), *walls, "--", *python]


def _program(course):
    """Return the arguments of Python that make the course importable and start `inside`."""
    start = "import sys; sys.path[:0] = sys.argv[1:]; from course_utils.autograder.inside import main; main()"
    return ["-c", start, str(course)]


def _bwrap():
    return shutil.which("bwrap") or "bwrap"


def _as_nobody(sources):
    """Return what stands in front of the command if root grades: the kernel counts no processes of root, so another user runs it.

    What others may not reach, as Python in root's own folder, is made reachable in a file system of its own.
    """
    if os.geteuid() != 0:
        return []
    closed = {}
    for source in sources:
        for parent in reversed(Path(source).parents):
            if not parent.stat().st_mode & 0o001:
                closed.setdefault(str(parent), []).append(source)
                break
    opened = []
    for folder, hidden in closed.items():
        opened += ["--perms", "0755", "--tmpfs", folder]
        between = {str(p): None for s in hidden for p in reversed(Path(s).parents) if p.is_relative_to(folder)}
        opened += [part for path in list(between)[1:] for part in ("--perms", "0755", "--dir", path)]
        opened += [part for source in hidden for part in ("--ro-bind", source, source)]
    outer = [_bwrap(), "--bind", "/", "/", "--dev-bind", "/dev", "/dev", *opened, "--unshare-pid", "--proc", "/proc"]
    drop = ["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups", "--no-new-privs"]
    return [*outer, "--die-with-parent", "--", *drop, "--"]


@functools.cache
def _visible(keras):
    """Return ((path outside, path inside), ...) of all that the sandbox sees besides the course."""
    python = os.path.realpath(sys.executable)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    library = os.path.realpath(sysconfig.get_path("stdlib"))
    pairs = [(python, "/python/bin/python3"), (library, f"/python/lib/{version}")]
    dynamic = sysconfig.get_config_var("DESTSHARED")
    if dynamic and os.path.isdir(dynamic) and not Path(dynamic).is_relative_to(library):
        pairs.append((dynamic, f"/python/lib/{version}/lib-dynload"))
    packages = _package_folders()
    if keras:
        pairs += [(folder, f"/packages/{place}") for place, folder in enumerate(packages)]
        for folder in ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib"):
            if os.path.isdir(folder):
                pairs.append((os.path.realpath(folder), folder))
        for file in ("/proc/cpuinfo", "/proc/meminfo", "/proc/stat"):  # TensorFlow counts processors
            pairs.append((file, file))
        own = [path for path in _libraries((python,)) if not path.startswith(("/usr/lib", "/lib"))]
        return tuple(pairs + [(os.path.realpath(path), path) for path in own])
    binaries = [python, *_shared_objects(dynamic or os.path.join(library, "lib-dynload"))]
    for name in ("numpy", "cloudpickle", "IPython"):
        home = _home(name)
        pairs.append((home, f"/packages/{name}"))
        if name == "numpy":
            binaries += _shared_objects(home)
            beside = os.path.join(os.path.dirname(home), "numpy.libs")
            if os.path.isdir(beside):
                pairs.append((beside, "/packages/numpy.libs"))
    shared = [
        path for path in _libraries(tuple(binaries)) if not path.startswith(f"{os.path.dirname(_home('numpy'))}/")
    ]
    return tuple(pairs + [(os.path.realpath(path), path) for path in shared])


def _home(name):
    spec = find_spec(name)
    if spec is None:
        raise SandboxError(
            f"{name} must be installed where the grader runs. Try: pip install 'convolution-course[grade]'"
        )
    return os.path.realpath(next(iter(spec.submodule_search_locations)))


def _package_folders():
    """Return the folders that NumPy and what comes with it were installed to."""
    return list(dict.fromkeys(os.path.dirname(_home(name)) for name in ("numpy", "cloudpickle", "IPython")))


def _packages_inside(keras):
    return [f"/packages/{place}" for place in range(len(_package_folders()))] if keras else ["/packages"]


def _masked(keras):
    """Return the folders inside that are covered: other packages, and the real course."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    library = os.path.realpath(sysconfig.get_path("stdlib"))
    inside = [
        f"/python/lib/{version}/{name}"
        for name in ("site-packages", "dist-packages")
        if os.path.isdir(f"{library}/{name}")
    ]
    if keras:
        for place, folder in enumerate(_package_folders()):
            names = ("course_utils", "torch", "skimage")
            inside += [f"/packages/{place}/{name}" for name in names if os.path.isdir(f"{folder}/{name}")]
        inside += [f for f in ("/usr/lib/python3",) if os.path.isdir(f)]
    return inside


def _shared_objects(folder):
    return [str(path) for path in Path(folder).rglob("*.so*") if not path.name.startswith("_tkinter")]


@functools.cache
def _libraries(binaries):
    """Return the system libraries that binaries load, as the dynamic linker finds them."""
    listed = subprocess.run(["ldd", *binaries], capture_output=True, text=True, check=False).stdout
    found = re.findall(r"=> (/\S+) \(0x|^\s+(/\S+) \(0x", listed, re.MULTILINE)
    return tuple(sorted({one or other for one, other in found}))


# --- docker and podman -----------------------------------------------------------------------------------------------


def container_command(program, image, course, *, keras=False, memory=2**30):
    """Return the command line of docker or podman; the image holds Python and the packages (docs/teachers-guide.md)."""
    bytes_ = str(memory + 2**28)
    settings = [part for name, value in _ENVIRONMENT.items() for part in ("--env", f"{name}={value}")]
    return [
        *(program, "run", "--rm", "--interactive", "--network", "none", "--read-only", "--cap-drop", "ALL"),
        *("--security-opt", "no-new-privileges", "--user", f"{NOBODY}:{NOBODY}", "--hostname", "sandbox"),
        *("--pids-limit", "512" if keras else "64", "--memory", bytes_, "--memory-swap", bytes_, "--ipc", "none"),
        *("--tmpfs", f"/tmp:rw,noexec,nosuid,nodev,size={SCRATCH}", "--workdir", "/tmp", *settings),
        *("--volume", f"{course}:/course:ro", f"{image}:keras" if keras else f"{image}:numpy"),
        *("python3", "-I", "-S", "-B", *_program("/course"), "/packages"),
    ]


# --- choosing, and proving -------------------------------------------------------------------------------------------

_BOMB = """
def probe():
    import os, socket
    children = 0
    while children < 200:
        try:
            if os.fork() == 0:
                import time
                time.sleep(5)
                os._exit(0)
        except OSError:
            break
        children += 1
    written = 0
    for folder in ("/", "/course", "/course/course_utils", "/packages/numpy", "/python/lib"):
        try:
            open(folder + "/probe", "w").close()
            written += 1
        except OSError:
            pass
    network = len([name for _, name in socket.if_nameindex() if name != "lo"])
    return children, written, network
"""


def limits(exercise_seconds, *, keras=False, memory=None, processes=None):
    """Return the limits of one exercise, as `inside` wants them."""
    return {
        "cpu": int(-(-exercise_seconds // 1)) + (60 if keras else LOADING_SECONDS),
        "wall": 3 * exercise_seconds + (240 if keras else LOADING_SECONDS),
        "memory": max(memory or 0, 8 * 2**30) if keras else memory or 2**30,  # of addresses; TensorFlow needs 4 GB
        "files": 256 if keras else 64,
        "processes": processes if processes is not None else (256 if keras else 0),
    }


def probe(sandbox, *, keras=False):
    """Run a fork bomb and some attempts to write and to reach the network inside; return what does not hold, or None."""
    exercise = {"name": "probe", "value": False, "call": None, "cases": [()], **limits(5, keras=keras)}
    try:
        _, ended = [*sandbox.run(2, [_BOMB], [exercise]), None, None][:2]
    except (SandboxError, OSError) as error:
        return str(error)
    if ended is None:
        return "the sandbox ended before its test did"
    try:
        outcome = list(read_records(ended.output))[1]
        children, written, network = outcome["value"]
    except (IndexError, KeyError, TypeError, ValueError):
        return f"the test inside the sandbox ended without a result ({ended.how})"
    if children >= 200 or (children and not keras):
        return f"the limit of processes does not hold: a fork bomb made {children} processes"
    if written or network:
        return f"the walls do not hold: {written} folders could be written to, {network} network devices are there"
    return None


def read_records(output):
    """Yield the values of the whole records in the output of one exercise; a half one at the end is left out."""
    start = 0
    while start + 8 <= len(output):
        size = int.from_bytes(output[start : start + 8], "big")
        if start + 8 + size > len(output):
            return
        yield wire.decode(output[start + 8 : start + 8 + size])
        start += 8 + size


def open_sandbox(choice="auto", *, trust=False, image=IMAGE):
    """Return a Sandbox whose walls were tried a moment ago.

    Raises
    ------
    SandboxError
        None works. Says what was tried, and what to do.
    """
    if choice not in CHOICES:
        raise SandboxError(f"The sandbox must be one of {', '.join(CHOICES)}: got {choice!r}.")
    if choice == "none":
        if not trust:
            raise SandboxError(
                "Without a sandbox a submission can read, change and send everything that you can. Install one "
                f"({INSTALL}), or, if you wrote all of them yourself, add --i-trust-these-submissions."
            )
        return Sandbox("none")
    tried = []
    for name in CHOICES[1:4] if choice == "auto" else (choice,):
        if shutil.which(name) is None:
            tried.append(f"{name} is not installed")
            continue
        sandbox = Sandbox(name, image)
        problem = probe(sandbox)
        if problem is None:
            return sandbox
        sandbox.close()
        tried.append(f"{name} does not work: {problem}")
    advice = INSTALL if platform.system() == "Linux" else "install docker or podman"
    raise SandboxError(
        f"No sandbox works here, so nothing is graded: {'; '.join(tried)}. Try: {advice}; then: convcourse doctor. "
        "docs/teachers-guide.md tells what to do on Ubuntu, in containers and on other systems."
    )
