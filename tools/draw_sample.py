"""Draw the Fashion-MNIST sample that comes with the course from the full set: python tools/draw_sample.py

Each class equally often, by a fixed seed. The first 100 test images stay where they are in the full set, so that the
ankle boots 0, 23 and 28 have the same index in both.
"""

import hashlib
from pathlib import Path

import numpy as np

from course_utils.datasets import load_fashion_mnist

SEED = 2017
TRAIN_PER_CLASS, TEST_PER_CLASS, TEST_KEPT = 1000, 200, 100
SAMPLE = Path(__file__).parents[1] / "course_utils" / "data" / "fashion_mnist_sample.npz"


def draw(labels, per_class, random, kept=0):
    """Return the sorted indices of `per_class` images of each class, among them the first `kept`."""
    chosen = [np.arange(kept)]
    for label in range(10):
        candidates = kept + np.flatnonzero(labels[kept:] == label)
        missing = per_class - np.count_nonzero(labels[:kept] == label)
        chosen.append(random.choice(candidates, missing, replace=False))
    return np.sort(np.concatenate(chosen))


def main():
    full = load_fashion_mnist("full")
    random = np.random.default_rng(SEED)
    train = draw(full.train_labels, TRAIN_PER_CLASS, random)
    test = draw(full.test_labels, TEST_PER_CLASS, random, TEST_KEPT)
    np.savez_compressed(
        SAMPLE,
        train_images=full.train_images[train],
        train_labels=full.train_labels[train],
        test_images=full.test_images[test],
        test_labels=full.test_labels[test],
    )
    print(f"{SAMPLE.name}: {SAMPLE.stat().st_size:,} bytes, sha256 {hashlib.sha256(SAMPLE.read_bytes()).hexdigest()}")


if __name__ == "__main__":
    main()
