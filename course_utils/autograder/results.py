"""results.jsonl: the truth about a run. One line for each submission and exercise; lines are added, never changed.

A line is on the disk before the next submission is reported as done, so whatever ends the program, only work in progress is done
again. Where a submission was graded more than once, its last line counts.
"""

import fcntl
import json
import os
import secrets
from pathlib import Path

FAILURE = "infrastructure failure"


class ResultsError(RuntimeError):
    """The folder of results cannot be used."""


class Results:
    """The results of a run in a folder, opened for one grader at a time.

    Parameters
    ----------
    folder : path
        Is made if it is not there.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.path = self.folder / "results.jsonl"
        self._file = open(self.path, "a+b")  # noqa: SIM115 closed by close()
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._cut_half_line()
            self.rows = read_rows(self.path)
        except BlockingIOError:
            self._file.close()
            raise ResultsError(
                f"Another grader is writing to {self.path}. Wait for it, or choose another --out."
            ) from None
        except ResultsError:
            self._file.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._file.close()

    def add(self, rows):
        """Write rows, and return when they are on the disk."""
        lines = "".join(json.dumps(row, sort_keys=True) + "\n" for row in rows).encode()
        self._file.write(lines)
        self._file.flush()
        os.fsync(self._file.fileno())
        self.rows += rows

    def done(self):
        """Return {(student, hash): {exercise, ...}} of what need not be graded again: all but failures of the machine."""
        done = {}
        for row in latest(self.rows):
            if row["status"] != FAILURE:
                done.setdefault((row["student"], row["hash"]), set()).add(row["exercise"])
        return done

    def _cut_half_line(self):
        """Remove what a killed grader left at the end without a newline, so that the next line begins on its own."""
        content = self.path.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole != len(content):
            self._file.truncate(whole)
            os.fsync(self._file.fileno())


def read_rows(path):
    """Return the rows of a results.jsonl in their order; a half-written last line is left out.

    Raises
    ------
    ResultsError
        A line before the last is no row.
    """
    rows, lines = [], Path(path).read_bytes().split(b"\n")
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        try:
            row = json.loads(line)
            row["student"], row["exercise"], row["status"], row["points"]
        except (ValueError, TypeError, KeyError):
            if number == len(lines):
                break
            raise ResultsError(f"Line {number} of {path} is no result. Move the file away and grade again.") from None
        rows.append(row)
    return rows


def latest(rows):
    """Return the last row of each student and exercise, sorted by both."""
    last = {(row["student"], row["exercise"]): row for row in rows}
    return [last[key] for key in sorted(last, key=lambda key: (key[0], _number(key[1])))]


def _number(exercise):
    lesson, _, place = exercise.partition(".")
    return int(lesson), int(place)


def merge(folders, out):
    """Write the rows of several folders of results into one. Return how many there are.

    Parameters
    ----------
    folders : sequence of path
        Each with a results.jsonl, as the shards of a run make them.
    out : path
        The folder of the whole.
    """
    rows = [row for folder in folders for row in read_rows(Path(folder) / "results.jsonl")]
    with Results(out) as results:
        known = {json.dumps(row, sort_keys=True) for row in results.rows}
        new = [row for row in latest(rows) if json.dumps(row, sort_keys=True) not in known]
        results.add(new)
        return len(latest(results.rows))


def read_secret(path):
    """Return the secret from which the inputs are drawn; make the file, for its owner's eyes only, if there is none.

    Raises
    ------
    ResultsError
        The file is too short to be a secret.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(number, "w") as file:
            file.write(secrets.token_hex(32) + "\n")
    secret = path.read_bytes().strip()
    if len(secret) < 16:
        raise ResultsError(
            f"The seed file must hold at least 16 characters: {path} holds {len(secret)}. Remove it for a new one."
        )
    return secret
