"""Fashion-MNIST: 28 x 28 grey pictures of ten kinds of clothing.

A sample of 12,000 comes with the course. The full set of 70,000 is looked for on this machine, and downloaded by Keras
if it is not there.
"""

import gzip
import hashlib
import os
import zlib
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .validation import one_of

CLASS_NAMES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)


class FashionMNIST(NamedTuple):
    """Images as uint8 of shape (N, 28, 28), 0 = background; labels as uint8 of shape (N,), 0..9; ten class names."""

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray
    class_names: tuple


class DatasetError(ValueError):
    """A file of the data set is missing, damaged or of another data set."""


# The four files, and the md5 of what is in them once decompressed (packers differ in the header they write).
_FILES = {
    "train-images-idx3-ubyte.gz": "f4a8712d7a061bf5bd6d2ca38dc4d50a",
    "train-labels-idx1-ubyte.gz": "9018921c3c673c538a1fc5bad174d6f9",
    "t10k-images-idx3-ubyte.gz": "8181f5470baa50b63fa0f6fddb340f0a",
    "t10k-labels-idx1-ubyte.gz": "15d484375f8d13e6eb1aabb0c3f46965",
}
_MOST_BYTES = 50_000_000  # the largest of them has 47,040,016; a crafted file could unpack to any size
_DEBIAN = Path("/usr/share/datasets/fashion-mnist")


def load_fashion_mnist(size="sample"):
    """Load Fashion-MNIST.

    Parameters
    ----------
    size : {"sample", "full"}
        "sample": 10,000 training and 2,000 test images, each class equally often; comes with the course. Its first 100
        test images are those of the full set. "full": 60,000 and 10,000, from the first of: the folder named by the
        environment variable COURSE_DATA; Debian's package dataset-fashion-mnist; Keras's cache; a download by Keras.

    Returns
    -------
    FashionMNIST
        (train_images, train_labels, test_images, test_labels, class_names)

    Raises
    ------
    ValueError
        If `size` is neither of the two.
    DatasetError
        If the full set is nowhere to be had, or a file is damaged or of another data set: the message names the file.

    Notes
    -----
    Xiao, Rasul and Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms", 2017. MIT licence.

    Examples
    --------
    >>> data = load_fashion_mnist()
    >>> data.train_images.shape, data.class_names[data.test_labels[0]]
    ((10000, 28, 28), 'Ankle boot')
    """
    if one_of(size, "size", ("sample", "full")) == "sample":
        with files("course_utils").joinpath("data", "fashion_mnist_sample.npz").open("rb") as file:
            arrays = np.load(file, allow_pickle=False)
            return FashionMNIST(*(arrays[name] for name in FashionMNIST._fields[:4]), CLASS_NAMES)
    folder = _find_full_set()
    return FashionMNIST(*(_read_idx(folder / name, md5) for name, md5 in _FILES.items()), CLASS_NAMES)


def _find_full_set():
    """Return the first folder that holds one of the four files; Keras's cache must hold all, or Keras downloads the rest."""
    keras_home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
    cache = keras_home / "datasets" / "fashion-mnist"
    named = os.environ.get("COURSE_DATA")
    if named and not Path(named).is_dir():
        raise DatasetError(f"COURSE_DATA must name a folder: got {named}. Correct it, or unset it.")
    for folder in [Path(named), _DEBIAN] if named else [_DEBIAN]:
        if any((folder / name).is_file() for name in _FILES):
            return folder
    if all((cache / name).is_file() for name in _FILES):
        return cache
    try:
        from keras.datasets import fashion_mnist

        fashion_mnist.load_data()
    except Exception as error:  # without a network Keras raises a bare Exception
        raise DatasetError(
            "The full Fashion-MNIST is not on this machine and could not be downloaded: "
            f"{type(error).__name__}: {error}. Either use load_fashion_mnist('sample'), which needs no network; or connect and "
            f"try again; or put the four files {', '.join(_FILES)} into a folder and set COURSE_DATA to it; or on Debian "
            "and Ubuntu run: sudo apt-get install dataset-fashion-mnist"
        ) from error
    return cache


def _read_idx(path, md5):
    """Return the array in a gzipped IDX file: a magic number, the sizes as big-endian int32, the bytes."""
    try:
        with gzip.open(path, "rb") as file:
            content = file.read(_MOST_BYTES)
    except FileNotFoundError:
        present = ", ".join(sorted(p.name for p in path.parent.glob("*ubyte*"))) or "none of them"
        raise DatasetError(
            f"All four files of Fashion-MNIST must lie in one folder: {path} is missing (there: {present}). Copy it there."
        ) from None
    except (OSError, EOFError, zlib.error) as error:
        raise DatasetError(
            f"The file must be a complete gzip archive: {path} cannot be read ({error}). Delete it and fetch it again."
        ) from error
    found = hashlib.md5(content, usedforsecurity=False).hexdigest()
    if found != md5:
        raise DatasetError(
            f"The file must be Fashion-MNIST's {path.name}: {path} holds something else (md5 of its content {found}, expected "
            f"{md5}). Plain MNIST has files of the same names. Delete it and fetch it from another place."
        )
    rank = content[3]
    shape = np.frombuffer(content, ">i4", count=rank, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(shape).copy()
