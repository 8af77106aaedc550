"""Fashion-MNIST: the sample, the full set from wherever it is, and what is said when it is not to be had."""

import gzip
import hashlib
import importlib.util
import sys
import types
from pathlib import Path

import numpy as np
import pytest

from course_utils import datasets, load_fashion_mnist

needs_full_set = pytest.mark.skipif(
    not datasets._DEBIAN.is_dir(), reason="needs the full set: sudo apt-get install dataset-fashion-mnist"
)

# A stand-in for the full set: 3 training and 2 test images of 2 x 2, in the same format.
SMALL = {
    "train-images-idx3-ubyte.gz": np.arange(12, dtype=np.uint8).reshape(3, 2, 2),
    "train-labels-idx1-ubyte.gz": np.array([9, 0, 3], np.uint8),
    "t10k-images-idx3-ubyte.gz": np.arange(100, 108, dtype=np.uint8).reshape(2, 2, 2),
    "t10k-labels-idx1-ubyte.gz": np.array([1, 2], np.uint8),
}


def idx(array):
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">i4").tobytes() + array.tobytes()


def put_small_set_into(folder, names=SMALL):
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(gzip.compress(idx(SMALL[name])))


def is_small_set(data):
    return all(np.array_equal(ours, array) for ours, array in zip(data, SMALL.values()))


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine without network and without data, to which the small set is the full one."""
    checksums = {name: hashlib.md5(idx(array)).hexdigest() for name, array in SMALL.items()}
    monkeypatch.setattr(datasets, "_FILES", checksums)
    monkeypatch.setattr(datasets, "_DEBIAN", tmp_path / "debian")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.delenv("COURSE_DATA", raising=False)
    downloads_by_keras(monkeypatch, fail_as_keras_does)
    return tmp_path


def downloads_by_keras(monkeypatch, load_data):
    # Keras itself would bring TensorFlow, and the network.
    stand_in = types.ModuleType("keras.datasets")
    stand_in.fashion_mnist = types.SimpleNamespace(load_data=load_data)
    monkeypatch.setitem(sys.modules, "keras", types.ModuleType("keras"))
    monkeypatch.setitem(sys.modules, "keras.datasets", stand_in)


def fail_as_keras_does():
    raise Exception("URL fetch failure on https://storage.googleapis.com/: None -- Name or service not known")


# --- the sample -------------------------------------------------------------------------------------------------------


def test_the_sample_holds_each_class_equally_often():
    """1,000 of each to train, 200 of each to test."""
    data = load_fashion_mnist()
    assert data.train_images.shape == (10_000, 28, 28)
    assert data.test_images.shape == (2_000, 28, 28)
    np.testing.assert_array_equal(np.bincount(data.train_labels), [1000] * 10)
    np.testing.assert_array_equal(np.bincount(data.test_labels), [200] * 10)
    assert {array.dtype for array in data[:4]} == {np.dtype(np.uint8)}
    assert (data.train_images.min(), data.train_images.max()) == (0, 255)


def test_the_three_boots_of_the_course_are_ankle_boots():
    """Test images 0, 23 and 28."""
    data = load_fashion_mnist()
    assert [data.class_names[label] for label in data.test_labels[[0, 23, 28]]] == ["Ankle boot"] * 3


def test_no_training_image_is_also_a_test_image():
    """Otherwise the test would reward a good memory."""
    data = load_fashion_mnist()
    seen = {image.tobytes() for image in data.train_images}
    assert not [image for image in data.test_images if image.tobytes() in seen]


# --- the full set -----------------------------------------------------------------------------------------------------


@needs_full_set
def test_the_full_set_is_the_published_one_and_starts_like_the_sample(monkeypatch):
    """60,000 and 10,000, each class equally often; the first 100 test images are the same in both."""
    monkeypatch.delenv("COURSE_DATA", raising=False)
    full, sample = load_fashion_mnist("full"), load_fashion_mnist()
    assert full.train_images.shape == (60_000, 28, 28)
    assert full.test_images.shape == (10_000, 28, 28)
    np.testing.assert_array_equal(np.bincount(full.train_labels), [6000] * 10)
    np.testing.assert_array_equal(np.bincount(full.test_labels), [1000] * 10)
    np.testing.assert_array_equal(full.test_images[:100], sample.test_images[:100])
    np.testing.assert_array_equal(full.test_labels[:100], sample.test_labels[:100])


@needs_full_set
@pytest.mark.slow
def test_drawing_the_sample_again_gives_the_same_images(monkeypatch, tmp_path):
    """The script in tools/, with its seed, is where the sample comes from."""
    path = Path(__file__).parents[1] / "tools" / "draw_sample.py"
    specification = importlib.util.spec_from_file_location("draw_sample", path)
    draw_sample = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(draw_sample)
    monkeypatch.setattr(draw_sample, "SAMPLE", tmp_path / "sample.npz")
    draw_sample.main()
    drawn = np.load(tmp_path / "sample.npz")
    for name, array in load_fashion_mnist()._asdict().items():
        if name != "class_names":
            np.testing.assert_array_equal(drawn[name], array)


@pytest.mark.parametrize("place", ["course", "debian", "keras/datasets/fashion-mnist"])
def test_the_full_set_is_found_in_each_of_its_places(machine, monkeypatch, place):
    """The folder in COURSE_DATA, Debian's package, Keras's cache."""
    put_small_set_into(machine / place)
    if place == "course":
        monkeypatch.setenv("COURSE_DATA", str(machine / place))
    data = load_fashion_mnist("full")
    assert is_small_set(data)
    assert data.class_names == datasets.CLASS_NAMES
    data.train_images[:] = 0  # the arrays belong to the caller


def test_course_data_comes_first_and_an_empty_folder_is_passed_over(machine, monkeypatch):
    """Then Debian's package, then Keras's cache."""
    (machine / "course").mkdir()
    monkeypatch.setenv("COURSE_DATA", str(machine / "course"))
    put_small_set_into(machine / "debian")
    assert is_small_set(load_fashion_mnist("full"))
    put_small_set_into(machine / "course", ["train-images-idx3-ubyte.gz"])
    with pytest.raises(datasets.DatasetError, match=r"course.*is missing"):
        load_fashion_mnist("full")


def test_without_keras_home_the_cache_is_in_the_home_folder(machine, monkeypatch):
    """~/.keras, as Keras has it."""
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setenv("HOME", str(machine))
    put_small_set_into(machine / ".keras/datasets/fashion-mnist")
    assert is_small_set(load_fashion_mnist("full"))


@pytest.mark.parametrize("already_there", [[], ["train-images-idx3-ubyte.gz"]], ids=["nothing", "half a download"])
def test_keras_downloads_what_is_not_there(machine, monkeypatch, already_there):
    """And completes what an earlier attempt began."""
    cache = machine / "keras/datasets/fashion-mnist"
    put_small_set_into(cache, already_there)
    downloads_by_keras(monkeypatch, lambda: put_small_set_into(cache))
    assert is_small_set(load_fashion_mnist("full"))


# --- what can go wrong ------------------------------------------------------------------------------------------------


def refused(*fragments):
    with pytest.raises(datasets.DatasetError) as caught:
        load_fashion_mnist("full")
    message = str(caught.value)
    positions = [message.find(fragment) for fragment in fragments]
    assert -1 < positions[0] == min(positions), message
    assert positions == sorted(positions), message


def test_without_network_the_message_says_what_to_do(machine):
    """Four ways out, each complete."""
    refused(
        "could not be downloaded", "URL fetch failure", "'sample'", "try again", "COURSE_DATA", "sudo apt-get install"
    )


def test_without_keras_the_message_says_so(machine, monkeypatch):
    """The course can be installed without it."""
    monkeypatch.setitem(sys.modules, "keras", None)
    monkeypatch.delitem(sys.modules, "keras.datasets")
    refused("could not be downloaded", "keras", "'sample'")


def test_course_data_must_name_a_folder(machine, monkeypatch):
    """A typing error is not passed over."""
    monkeypatch.setenv("COURSE_DATA", str(machine / "no such"))
    refused("COURSE_DATA must name a folder", "no such", "Correct it")


@pytest.mark.parametrize("name", SMALL)
def test_a_missing_file_is_named(machine, name):
    """Together with those that are there."""
    put_small_set_into(machine / "debian", [other for other in SMALL if other != name])
    refused("All four files", f"{name} is missing", "(there: ", "Copy it there")


@pytest.mark.parametrize(
    "spoil",
    [lambda packed: packed[:-10], lambda packed: packed[:5], lambda packed: b"<html>not found</html>", lambda packed: packed[:20] + b"XXXX" + packed[24:]],
    ids=["cut off", "cut off in the header", "a web page", "overwritten"],
)  # fmt: skip
def test_a_damaged_file_is_named(machine, spoil):
    """A download that stopped, or that brought something else."""
    put_small_set_into(machine / "debian")
    path = machine / "debian" / "t10k-images-idx3-ubyte.gz"
    path.write_bytes(spoil(path.read_bytes()))
    refused("complete gzip archive", str(path), "Delete it")


@pytest.mark.parametrize(
    "content",
    [
        idx(np.zeros((2, 2, 2), np.uint8)),
        b"",
        bytes([0, 0, 8, 255]) + b"\x7f" * 1020,
        bytes([0, 0, 8, 3]) + b"\xff" * 12,
    ],
    ids=["plain MNIST", "nothing", "255 axes", "negative sizes"],
)
def test_a_file_of_another_data_set_is_named_whatever_its_header_says(machine, content):
    """The header is not looked at before the checksum is right."""
    put_small_set_into(machine / "debian")
    path = machine / "debian" / "t10k-images-idx3-ubyte.gz"
    path.write_bytes(gzip.compress(content, 1))
    refused("must be Fashion-MNIST's t10k-images", "holds something else", "Plain MNIST", "Delete it")


def test_no_more_is_unpacked_than_the_real_file_holds(machine, monkeypatch):
    """A file of a few kilobytes could unpack to more than the memory holds."""
    assert datasets._MOST_BYTES > 60_000 * 28 * 28 + 16
    monkeypatch.setattr(datasets, "_MOST_BYTES", 100)
    put_small_set_into(machine / "debian")
    (machine / "debian" / "t10k-images-idx3-ubyte.gz").write_bytes(gzip.compress(bytes(1_000_000)))
    refused("holds something else", hashlib.md5(bytes(100)).hexdigest())
