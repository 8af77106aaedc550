"""Who does the work: threads of this process, or the workers of Dask. The rows are the same."""

import functools
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from course_utils.checks import exercises

from .grading import grade
from .reading import read_submission
from .sandbox import Sandbox


def with_threads(work, sandbox, settings, workers):
    """Yield the rows of each submission as soon as they are there.

    Parameters
    ----------
    work : list of (Submission, set of exercise ids that are done)
    sandbox : Sandbox
    settings : Settings
    workers : int
        Submissions graded at the same time. The work is done by processes, so threads are enough to wait for them.
    """

    def do(submission, done):
        return grade(submission, read(submission, settings), sandbox, settings, done)

    waiting = iter(work)
    with ThreadPoolExecutor(workers) as pool:
        running = set()
        try:
            while True:
                for submission, done in waiting:
                    running.add(pool.submit(do, submission, done))
                    if len(running) > workers:
                        break
                if not running:
                    return
                finished, running = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield future.result()
        finally:
            for future in running:
                future.cancel()


def read(submission, settings):
    """Return the Reading of a submission, or the OSError of a disk that does not answer."""
    try:
        return read_submission(submission, exercises(), settings.only)
    except OSError as error:
        return error


def with_dask(work, sandbox, settings, *, scheduler=None, workers=2):
    """Yield the rows of each submission, graded by the workers of Dask.

    The notebooks are read here and sent as text, so the workers need no common disk. What a lost worker was doing is done by another.

    Parameters
    ----------
    scheduler : str, optional
        The address of a running scheduler; otherwise a cluster of `workers` processes is started on this machine.
    """
    from distributed import Client, LocalCluster, as_completed

    cluster = None
    if scheduler is None:
        cluster = LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)
    try:
        with Client(scheduler or cluster) as client:
            secret = client.scatter(settings, broadcast=True)
            waiting, tasks = iter(work), as_completed([])
            for submission, done in waiting:
                tasks.add(_send(client, submission, done, sandbox, settings, secret))
                if tasks.count() >= 64:
                    break
            for future in tasks:
                yield future.result()
                future.release()
                for submission, done in waiting:
                    tasks.add(_send(client, submission, done, sandbox, settings, secret))
                    break
    finally:
        if cluster is not None:
            cluster.close()


def _send(client, submission, done, sandbox, settings, sent_settings):
    reading = read(submission, settings)
    without_files = submission._replace(files=(None,) * len(submission.files))
    return client.submit(
        _grade_there,
        without_files,
        reading,
        sandbox.name,
        sandbox.image,
        sent_settings,
        tuple(done),
        pure=False,
        retries=2,
    )


def _grade_there(submission, reading, name, image, settings, done):
    return grade(submission, reading, _sandbox_there(name, image), settings, done)


@functools.cache
def _sandbox_there(name, image):
    """Return the sandbox of this worker. That it holds was tried by the grader on its own machine."""
    return Sandbox(name, image)
