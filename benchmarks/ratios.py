"""The claims of speed, each side by side with its peer: python benchmarks/ratios.py

Both sides take NumPy arrays and give NumPy arrays. They run in turns, so that whatever else the machine does meets
both; the medians are compared. Ends with status 1 if a claim does not hold.
"""

import os
import statistics
import subprocess
import sys
import timeit

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import scipy.ndimage
import scipy.signal
import tensorflow as tf

from course_utils import conv2d, correlate2d, gaussian_kernel, load_image, median_filter

random = np.random.default_rng(0)
image = random.random((512, 512))
kernel = random.random((3, 3))
gaussian = gaussian_kernel(15, 2.5)
maps = random.random((32, 13, 13, 64), dtype=np.float32)
kernels = random.random((3, 3, 64, 64), dtype=np.float32)
ascent = load_image("ascent")


# (claim, ours, peer, limit of ours / peer or None for information only, rounds)
COMPARISONS = [
    (
        "correlate2d 3x3, 512x512 : scipy.signal.correlate2d",
        lambda: correlate2d(image, kernel),
        lambda: scipy.signal.correlate2d(image, kernel, mode="valid"),
        1 / 5,
        51,
    ),
    (
        "correlate2d 3x3 same, 512x512 : scipy.ndimage.correlate",
        lambda: correlate2d(image, kernel, padding="same"),
        lambda: scipy.ndimage.correlate(image, kernel, mode="constant"),
        1,
        51,
    ),
    (
        "correlate2d 15x15 Gaussian, 512x512 : scipy.ndimage.gaussian_filter",
        lambda: correlate2d(image, gaussian, padding="same", boundary="reflect"),
        lambda: scipy.ndimage.gaussian_filter(image, 2.5, radius=7),
        3,
        31,
    ),
    (
        "conv2d 64 kernels 3x3, 32 x 13x13x64 float32 : tf.nn.conv2d",
        lambda: conv2d(maps, kernels),
        lambda: tf.nn.conv2d(maps, kernels, 1, "VALID").numpy(),
        2,
        101,
    ),
    *(
        (
            f"median_filter {size}x{size}, ascent : scipy.ndimage.median_filter",
            lambda size=size: median_filter(ascent, size),
            lambda size=size: scipy.ndimage.median_filter(ascent, size, mode="nearest"),
            None,
            3,
        )
        for size in (3, 9)
    ),
]


IMPORT = "import time; start = time.perf_counter(); import course_utils; print(time.perf_counter() - start)"


def medians(ours, peer, rounds):
    """Return the median seconds of both, run in turns after one run that does not count."""
    seconds = [(timeit.timeit(ours, number=1), timeit.timeit(peer, number=1)) for _ in range(rounds + 1)][1:]
    return [statistics.median(column) for column in zip(*seconds)]


def report(claim, ours, peer, limit):
    """Print one row of the table; return whether the claim holds."""
    holds = limit is None or ours <= limit * peer
    verdict = "for information" if limit is None else "holds" if holds else "FAILS"
    limit = "" if limit is None else f"{limit:.2f}"
    print(f"{claim:70}{1000 * ours:10.2f}{1000 * peer:10.2f}{ours / peer:7.2f}{limit:>7}  {verdict}", flush=True)
    return holds


def main():
    # Once a large array has been freed, the allocator keeps memory between calls, as in any program at work. In a
    # fresh process both sides would mostly measure how fast the system hands out new pages.
    np.ones(2**21)
    print(f"{'ours : peer':70}{'ours (ms)':>10}{'peer (ms)':>10}{'ratio':>7}{'limit':>7}  verdict")
    held = [report(claim, *medians(ours, peer, rounds), limit) for claim, ours, peer, limit, rounds in COMPARISONS]
    imports = [float(subprocess.check_output([sys.executable, "-c", IMPORT])) for _ in range(9)]
    held.append(report("import course_utils : 350 ms", statistics.median(imports), 0.35, 1))
    if not all(held):
        print("A claim fails. Is the machine busy with something else? Then run it again when it is quiet.")
    return not all(held)


if __name__ == "__main__":
    sys.exit(main())
