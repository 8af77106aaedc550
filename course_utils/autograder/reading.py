"""The submissions: whose they are, which notebooks they hold, which code is in them.

Nothing is unpacked and nothing is executed. Links, devices and pipes are not followed. Of a notebook only the code cells are
read; outputs, however large, are cut away before they are parsed.
"""

import hashlib
import io
import json
import mmap
import os
import re
import stat
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import NamedTuple

FILE_LIMIT = 2**30  # bytes of one notebook, with its outputs
CODE_LIMIT = 16 * 2**20  # bytes of one notebook without its outputs
CELL_LIMIT = 2_000
SOURCE_LIMIT = 2 * 2**20  # characters of all code cells
FILES_LIMIT = 50  # notebooks of one learner


class Unreadable(Exception):
    """A notebook cannot be read; the message tells the learner why."""


class File(NamedTuple):
    """A notebook that was handed in: its name, its age, and how to open it."""

    name: str
    time: float
    open: Callable

    @property
    def is_copy(self):
        return bool(re.search(r"\bcopy\b|\(\d+\)|-Copy\d*|Kopie", self.name, re.IGNORECASE))


class Submission(NamedTuple):
    """All that one learner handed in."""

    student: str
    files: tuple = ()
    others: tuple = ()  # names of files that are no notebooks
    lms: str = ""  # the learner's number in Canvas or Moodle


class Reading(NamedTuple):
    """What was found in the notebooks of a learner."""

    cells: dict  # {lesson: [source, ...]}
    problems: tuple  # why a file could not be read
    hash: str  # of the code that was read
    names: dict  # {lesson: [file name, ...]}


# --- finding ---------------------------------------------------------------------------------------------------------

_CANVAS = re.compile(r"^(?P<name>[^_]+)_(?:LATE_)?(?P<id>\d+)_\d+_(?P<file>.+)$")
_MOODLE = re.compile(r"^(?P<name>.+)_(?P<id>\d+)_assignsubmission_[a-z]+_?(?P<file>.*)$")


def find_submissions(path):
    """Return the submissions in a folder or zip file, sorted by student.

    Understood are a folder for each student, also nested as nbgrader's submitted/STUDENT/ASSIGNMENT/; and files side by side, each with
    its student in its name, as Canvas and Moodle write them.

    Raises
    ------
    FileNotFoundError, ValueError
        The path is neither a folder nor a zip file.
    """
    path = Path(path)
    if path.is_dir():
        entries, folders = _walk(path)
    elif path.is_file() and zipfile.is_zipfile(path):
        entries, folders = _zip_entries(path)
    elif path.exists():
        raise ValueError(f"Submissions must be a folder or a zip file: got {path}.")
    else:
        raise FileNotFoundError(f"There is no '{path}'. Submissions must be a folder or a zip file.")
    found = {}
    strip = "submitted" if all(parts[0] == "submitted" for parts, _ in entries) else None
    for parts, file in entries:
        parts = parts[1:] if strip and len(parts) > 1 else parts
        student, lms = _whose(parts)
        found.setdefault(student, ([], [], lms))[0 if file.name.lower().endswith(".ipynb") else 1].append(file)
    for name in folders:
        if name != "submitted":
            student, lms = _whose((name, ""))
            found.setdefault(student, ([], [], lms))
    return [
        Submission(student, tuple(files[:FILES_LIMIT]), tuple(sorted(file.name for file in others))[:20], lms)
        for student, (files, others, lms) in sorted(found.items())
    ]


def _whose(parts):
    """Return (student, number in the LMS) of a file by its path."""
    for pattern in (_MOODLE, _CANVAS):
        match = pattern.match(parts[0])
        if match and (len(parts) == 1 or pattern is _MOODLE):
            return f"{match['name']}_{match['id']}", match["id"]
    return (parts[0] if len(parts) > 1 else PurePosixPath(parts[0]).stem), ""


def _walk(root):
    entries, folders = [], []
    for folder, inner, names in os.walk(root):
        inner[:] = sorted(name for name in inner if not _is_litter(name))
        here = Path(folder)
        folders += inner if here == root else []
        for name in sorted(names):
            if _is_litter(name) or (here == root and not _looks_handed_in(name)):
                continue
            path = here / name
            file = File(name, path.lstat().st_mtime, lambda path=path: _open_regular(path))
            entries.append((path.relative_to(root).parts, file))
    if any(name == "submitted" for name in folders) and len(folders) == 1:
        folders = sorted(path.name for path in (root / "submitted").iterdir() if path.is_dir())
    return entries, folders


def _zip_entries(path):
    entries = []
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            parts = PurePosixPath(info.filename.replace("\\", "/")).parts
            if info.is_dir() or not parts or any(map(_is_litter, parts)):
                continue
            opened = lambda info=info: _open_member(path, info)  # noqa: E731
            if ".." in parts or parts[0] == "/" or ":" in parts[0]:
                # Nothing is written to where such a name points; the learner's part is kept, so that it is answered for.
                parts = (next((part for part in parts if part not in ("..", "/")), "nameless"), "refused.ipynb")
                opened = _refuse("The zip file names a place outside of itself for this file (..), so it is not read.")
            entries.append((parts, File(parts[-1], _zip_time(info), opened)))
    if entries and len({parts[0] for parts, _ in entries}) == 1 and min(len(parts) for parts, _ in entries) > 2:
        entries = [(parts[1:], file) for parts, file in entries]
    return entries, []


def _zip_time(info):
    year, month, day, hour, minute, second = info.date_time
    return ((((year * 12 + month) * 31 + day) * 24 + hour) * 60 + minute) * 60.0 + second


def _refuse(message):
    def opened():
        raise Unreadable(message)

    return opened


def _is_litter(name):
    return (name.startswith(".") and name != "..") or name in ("__MACOSX", "Thumbs.db", "desktop.ini")


def _looks_handed_in(name):
    """Return whether a file that lies in no student's folder is a submission: a notebook, or anything an LMS named."""
    return name.lower().endswith(".ipynb") or bool(_CANVAS.match(name) or _MOODLE.match(name))


def _open_regular(path):
    """Return the content of a regular file as a memory map; a link, pipe or device is refused, not followed."""
    try:
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if path.is_symlink():
            raise Unreadable(f"{path.name} is a link to another file, not a notebook.") from None
        if isinstance(error, PermissionError):
            raise Unreadable(f"{path.name} may not be read by the grader.") from None
        raise
    with os.fdopen(number, "rb"):
        status = os.fstat(number)
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable(f"{path.name} is no regular file.")
        _refuse_large(path.name, status.st_size)
        return mmap.mmap(number, 0, access=mmap.ACCESS_READ) if status.st_size else b""


def _open_member(path, info):
    if stat.S_ISLNK(info.external_attr >> 16):
        raise Unreadable(f"{info.filename} is a link to another file, not a notebook.")
    _refuse_large(info.filename, info.file_size)
    try:
        with zipfile.ZipFile(path) as archive, archive.open(info) as member:
            content = member.read(FILE_LIMIT + 1)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise Unreadable(f"{info.filename} cannot be unpacked: {error}.") from None
    _refuse_large(info.filename, len(content))
    return content


def _refuse_large(name, size):
    if size > FILE_LIMIT:
        raise Unreadable(f"{name} is larger than {FILE_LIMIT >> 20} MB. Clear its outputs and hand it in again.")


# --- reading ---------------------------------------------------------------------------------------------------------


def read_submission(submission, exercises, only=()):
    """Return the Reading of a submission: the code cells of its notebooks, by lesson.

    Several notebooks of one lesson are read one after the other, copies and older ones first, so that of two answers to one exercise the
    newest counts; and a stub never replaces an answer.

    Parameters
    ----------
    submission : Submission
    exercises : dict
        {id: Exercise} of the course.
    only : collection of int
        The lessons that are graded. If it is one, every notebook counts for it.
    """
    cells, problems, names, code = {}, [], {}, hashlib.sha256()
    for file in sorted(submission.files, key=lambda file: (not file.is_copy, file.time, file.name), reverse=False):
        try:
            sources = read_cells(file)
            lesson = next(iter(only)) if len(only) == 1 else find_lesson(file.name, sources, exercises)
            if lesson is None:
                raise Unreadable(f"{file.name} has no answer to any exercise of the course.")
        except Unreadable as problem:
            problems.append(str(problem))
            code.update(str(problem).encode(errors="replace"))
            continue
        cells.setdefault(lesson, []).extend(sources)
        names.setdefault(lesson, []).append(file.name)
        code.update(json.dumps([lesson, sources]).encode())
    if not submission.files:
        handed_in = f": only {', '.join(submission.others)}" if submission.others else ""
        problems.append(f"No notebook (.ipynb) was handed in{handed_in}.")
    return Reading(cells, tuple(problems), code.hexdigest()[:32], names)


def read_cells(file):
    """Return the sources of the code cells of a notebook.

    Raises
    ------
    Unreadable
        It is no notebook. The message says why.
    """
    content = file.open()
    try:
        if not len(content):
            raise Unreadable(f"{file.name} is empty.")
        slim = _without_outputs(content)
    finally:
        if isinstance(content, mmap.mmap):
            content.close()
    if len(slim) > CODE_LIMIT:
        raise Unreadable(f"{file.name} holds more than {CODE_LIMIT >> 20} MB besides its outputs.")
    try:
        notebook = json.loads(_decoded(slim))
    except (ValueError, RecursionError):
        raise Unreadable(
            f"{file.name} is no notebook: it does not hold JSON. Save it in JupyterLab or Colab as .ipynb."
        ) from None
    found = _cells_of(notebook)
    if found is None:
        raise Unreadable(f"{file.name} is no notebook: it has no list of cells.")
    sources = [_source_of(cell) for cell in found if isinstance(cell, dict) and cell.get("cell_type") == "code"]
    if len(sources) > CELL_LIMIT or sum(map(len, sources)) > SOURCE_LIMIT:
        raise Unreadable(f"{file.name} has more than {CELL_LIMIT} code cells or {SOURCE_LIMIT >> 20} MB of code.")
    return sources


def _decoded(data):
    for mark, name in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if data.startswith(mark):
            return data.decode(name, errors="replace")
    return data.decode("utf-8", errors="replace")


def _cells_of(notebook):
    """Return the cells of a notebook, of nbformat 4, or of the worksheets of nbformat 3."""
    if not isinstance(notebook, dict):
        return None
    if isinstance(notebook.get("cells"), list):
        return notebook["cells"]
    sheets = notebook.get("worksheets")
    if not isinstance(sheets, list):
        return None
    return [cell for sheet in sheets if isinstance(sheet, dict) for cell in sheet.get("cells") or []]


def _source_of(cell):
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    source = source if isinstance(source, str) else ""
    source = source.encode("utf-8", "replace").decode()  # lone surrogates
    return source.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")


_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}]', re.DOTALL)
_OUTPUTS = re.compile(rb"\s*:\s*\[")


def _without_outputs(content):
    """Return the JSON with every list under the key "outputs" emptied, found by its brackets, not by parsing it."""
    if len(content) <= CODE_LIMIT:
        return bytes(content)
    kept, start, end, depth, skipping = io.BytesIO(), 0, 0, 0, 0
    tokens = _TOKEN.finditer(content)
    for token in tokens:
        text = content[token.start() : token.start() + 10]
        if text[:1] in (b"[", b"{"):
            depth += 1
        elif text[:1] in (b"]", b"}"):
            depth -= 1
            if skipping and depth < skipping:
                start, skipping = token.start(), 0
        elif not skipping and text[:9] == b'"outputs"' and token.end() - token.start() == 9:
            opening = _OUTPUTS.match(content, token.end())
            if opening:
                end = opening.end()
                kept.write(content[start:end])
                skipping = depth + 1
        if kept.tell() > CODE_LIMIT:
            break
    if not skipping:
        kept.write(content[start : start + CODE_LIMIT + 1])
    return kept.getvalue()


def find_lesson(name, sources, exercises):
    """Return the number of the lesson a notebook belongs to, or None: by its checks, its name, or the answers in it."""
    text = "\n".join(sources)
    votes = Counter()
    for id in re.findall(r"""check\(\s*["'](\d+\.\d+)["']""", text):
        if id in exercises:
            votes[int(id.split(".")[0])] += 1
    if votes:
        return votes.most_common(1)[0][0]
    lessons = {int(id.split(".")[0]) for id in exercises}
    number = re.search(r"(?<!\d)(\d{2})_[a-z]", name)
    if number and int(number[1]) in lessons:
        return int(number[1])
    for id, exercise in exercises.items():
        if re.search(rf"^\s*(def|class)\s+{exercise.name}\b|^{exercise.name}\s*[:=]", text, re.MULTILINE):
            votes[int(id.split(".")[0])] += 1
    return votes.most_common(1)[0][0] if votes else None
