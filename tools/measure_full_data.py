"""Measure the networks of lesson 09 and print its table as Markdown.

    python tools/measure_full_data.py                          60,000 images, 5 epochs, seeds 0, 1 and 2: about half an hour on two cores
    python tools/measure_full_data.py --size sample --epochs 8     the 10,000 images that come with the course

Every network is trained from each seed, by Adam in batches of 32, on all training images; no image is held back. Test
images are looked at, and not timed, after each epoch; nothing is chosen by them. The seconds are those of the fastest
epoch, so that other work on the machine counts little. The last digits differ from machine to machine, the seconds much
more.
"""

import argparse
import os
import platform
import statistics
import time
from importlib.metadata import version

import numpy as np

from course_utils import load_fashion_mnist, networks

STOP = 0.90  # the referenced notebook's fifth question: stop when the training accuracy is this high

NETWORKS = {
    "dense baseline": networks.build_dense,
    "CNN, 64 filters (the notes)": networks.build_cnn,
    "CNN, 32 filters": lambda: networks.build_cnn(32),
    "CNN, 16 filters": lambda: networks.build_cnn(16),
    "1 convolution, 64 filters": lambda: networks.build_cnn(convolutions=1),
    "3 convolutions, 64 filters": lambda: networks.build_cnn(convolutions=3),
}


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Measure the networks of lesson 09.")
    parser.add_argument("--size", choices=["sample", "full"], default="full")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seeds", type=int, default=3, help="how many: 0, 1, ...")
    options = parser.parse_args(arguments)
    keras = networks.load_keras()
    data = load_fashion_mnist(options.size)
    print(
        f"{len(data.train_labels):,} training images, {options.epochs} epochs, batches of 32, {options.seeds} seeds; "
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, Keras {keras.__version__}, "
        f"TensorFlow {version('tensorflow')}\n"
    )
    print(
        f"| network | parameters | multiplications | seconds an epoch | test accuracy | training accuracy reaches {STOP:.0%} |"
    )
    print("|---|---:|---:|---:|---|---|")
    for name, build in NETWORKS.items():
        runs = [measure(keras, build, seed, data, options.epochs) for seed in range(options.seeds)]
        print(row(name, build(), runs), flush=True)


def measure(keras, build, seed, data, epochs):
    """Train once. Return for each epoch its seconds, and the training and the test accuracy after it."""
    train_images, test_images = (
        images[..., np.newaxis] / np.float32(255) for images in (data.train_images, data.test_images)
    )
    keras.utils.set_random_seed(seed)
    model = build()
    seconds, train, test = [], [], []
    for _ in range(epochs):
        start = time.perf_counter()
        history = model.fit(train_images, data.train_labels, epochs=1, verbose=0).history
        seconds.append(time.perf_counter() - start)
        train.append(history["accuracy"][0])
        test.append(model.evaluate(test_images, data.test_labels, verbose=0)[1])
    return seconds, train, test


def row(name, model, runs):
    """Return one line of the table."""
    multiplications = sum(layer.multiplications for layer in networks.layer_table(model))
    seconds = min(second for run in runs for second in run[0])
    return (
        f"| {name} | {model.count_params():,} | {multiplications:,} | {seconds:.1f} "
        f"| {spread([test[-1] for _, _, test in runs])} | {stops(runs)} |"
    )


def stops(runs):
    """Say after which epoch the training accuracy is high enough, and what the test accuracy is then."""
    found = [
        next(((epoch, test[epoch]) for epoch, reached in enumerate(train) if reached >= STOP), None)
        for _, train, test in runs
    ]
    if None in found:
        return "not in every run" if any(found) else "never"
    epochs = sorted({epoch + 1 for epoch, _ in found})
    return f"after epoch {' or '.join(map(str, epochs))}: test {spread([accuracy for _, accuracy in found])}"


def spread(numbers):
    """Return the mean of some runs, and how far they lie apart."""
    return f"{statistics.mean(numbers):.4f} ({min(numbers):.4f} to {max(numbers):.4f})"


if __name__ == "__main__":
    main()
