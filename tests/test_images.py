"""The pictures of the course, and how a response becomes one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from course_utils import load_image, to_display
from course_utils.images import IMAGES, MODES, checkerboard, disk, impulse, salt_and_pepper, step_edge


@pytest.mark.parametrize(("name", "shape"), [("ascent", (512, 512)), ("face", (192, 256, 3))])
def test_a_picture_is_a_uint8_array_with_dark_and_bright_pixels(name, shape):
    """0 is black, 255 white."""
    image = load_image(name)
    assert image.shape == shape
    assert image.dtype == np.uint8
    assert image.min() < 20
    assert image.max() > 235


@pytest.mark.parametrize("name", IMAGES)
def test_writing_on_a_picture_spoils_no_later_one(name):
    """Each call reads the file afresh."""
    first = load_image(name)
    untouched = first.copy()
    first[:] = 0
    np.testing.assert_array_equal(load_image(name), untouched)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("clip", [0, 0, 0, 0, 1, 255, 255]), ("abs", [255, 2, 0, 0, 1, 255, 255]), ("offset", [0, 126, 128, 128, 129, 255, 255]), ("rescale", [0, 119, 120, 120, 120, 211, 255])],
)  # fmt: skip
def test_each_mode_shows_a_response_in_its_own_way(mode, expected):
    """-400 and 450 are out of range for all but rescale, which spreads 850 over 255 greys; halves go to the even number."""
    shown = to_display([[-400, -2, 0, 0.5, 1.4, 303, 450]], mode)
    np.testing.assert_array_equal(shown[0], expected)
    assert shown.dtype == np.uint8


@pytest.mark.parametrize("value", [0, -7, 255, 1e300])
def test_a_flat_response_rescales_to_black(value):
    """There is nothing to spread."""
    np.testing.assert_array_equal(to_display(np.full((2, 3), value), "rescale"), 0)


finite = arrays(
    st.sampled_from([np.float32, np.float64]),
    (2, 3),
    elements=st.floats(allow_nan=False, allow_infinity=False, width=32),
)


@settings(deadline=None, derandomize=True, max_examples=100, database=None)
@given(finite, st.sampled_from(MODES))
def test_whatever_the_response_a_brighter_pixel_was_never_a_smaller_number(response, mode):
    """Up to the largest floats there are; for "abs", a smaller size."""
    before = response.copy()
    shown = to_display(response, mode)
    order = np.argsort(np.abs(response) if mode == "abs" else response, axis=None)
    assert np.all(np.diff(shown.ravel()[order].astype(int)) >= 0)
    np.testing.assert_array_equal(response, before)


def test_rescaling_reaches_black_and_white_even_for_the_largest_floats():
    """The distance between them is no float any more."""
    largest = np.finfo(float).max
    np.testing.assert_array_equal(to_display([[-largest, 0, largest]], "rescale"), [[0, 128, 255]])


def test_colours_stay_colours():
    """(H, W, 3) in, (H, W, 3) out."""
    assert to_display(np.zeros((2, 4, 3)), "offset").shape == (2, 4, 3)


def test_an_impulse_is_one_bright_pixel_in_the_middle():
    """Of any odd size; of an even one, below and right of the middle."""
    np.testing.assert_array_equal(impulse(3, 5), [[0, 0, 0, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 0, 0]])
    assert impulse(4, 2)[2, 1] == impulse(4, 2).sum() == 1


@pytest.mark.parametrize(
    ("angle", "bright"), [(0, np.s_[:, 3:]), (90, np.s_[2:]), (180, np.s_[:, :3]), (-90, np.s_[:2])]
)
def test_a_step_edge_gets_bright_in_the_direction_of_its_angle(angle, bright):
    """0 to the right, 90 downwards."""
    expected = np.zeros((4, 6))
    expected[bright] = 255
    np.testing.assert_array_equal(step_edge(4, 6, angle=angle), expected)


def test_a_disk_is_round():
    """The same from all four sides; its area is that of a circle within 2 %."""
    image = disk(64, 64, radius=20.0)
    for turned in (image.T, image[::-1], image[:, ::-1]):
        np.testing.assert_array_equal(image, turned)
    assert image.sum() / 255 == pytest.approx(np.pi * 20**2, rel=0.02)


@pytest.mark.parametrize("cell", [1, 2, 3, 10**30])
def test_a_checkerboard_changes_colour_from_cell_to_cell(cell):
    """Black at [0, 0], then every `cell` pixels."""
    board = checkerboard(6, 8, cell=cell)
    assert [board[0, 0], board[0, min(cell, 7)], board[min(cell, 5), 0]] == ([0, 255, 255] if cell < 6 else [0, 0, 0])
    assert set(np.unique(board)) <= {0, 255}


def test_salt_and_pepper_spoils_the_fraction_asked_for_half_black_half_white():
    """In all channels of a pixel at once, drawn by the seed; the picture itself stays clean."""
    image = np.full((200, 300, 3), 100, np.uint8)
    noisy = salt_and_pepper(image, 0.1, seed=3)
    assert np.mean(np.all(noisy == 0, axis=2)) == pytest.approx(0.05, abs=0.005)
    assert np.mean(np.all(noisy == 255, axis=2)) == pytest.approx(0.05, abs=0.005)
    assert np.mean(np.all(noisy == 100, axis=2)) == pytest.approx(0.9, abs=0.005)
    np.testing.assert_array_equal(noisy, salt_and_pepper(image, 0.1, seed=3))
    assert np.any(noisy != salt_and_pepper(image, 0.1, seed=4))
    np.testing.assert_array_equal(image, 100)
