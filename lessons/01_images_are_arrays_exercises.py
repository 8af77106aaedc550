# %% [markdown]
# # 01 · Images are arrays: exercises
#
# Three small functions on which everything else is built: grey from colour, a window, a weighted sum.
#
# **You will be able to** turn a colour picture into grey, cut any window, and compute what a kernel says about it.
#
# **You need**: lesson 01. **Time**: 35 minutes

# %%
import numpy as np

from course_utils import check, hint, load_image, plots, progress, solution

# %% [markdown]
# ## 1.1 ★ Colour to grey (10 minutes)
#
# Write `to_gray`: the brightness of each pixel, $0.299\,R + 0.587\,G + 0.114\,B$, for a whole picture at once. Return
# floats; do not round them, and leave their range as it is. Example by hand, a leaf:
#
# $0.299 \cdot 135 + 0.587 \cdot 193 + 0.114 \cdot 58 = 40.365 + 113.291 + 6.612 = 160.268$
#
# And white, 255 three times? Work it out before you run the second cell.


# %%
def to_gray(rgb):
    """Return the brightness, floats (H, W), of an image (H, W, 3): red, green, blue."""
    ### BEGIN SOLUTION
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    return 0.299 * red + 0.587 * green + 0.114 * blue
    ### END SOLUTION


# %%
leaf_and_white = np.array([[[135, 193, 58], [255, 255, 255]]], dtype=np.uint8)
print(to_gray(leaf_and_white))

# %%
check("1.1", to_gray)

# %%
face = load_image("face")
plots.show_yours(
    "1.1",
    to_gray(face),
    titles="face, in your grey",
    kind="picture",
    caption="Leaves bright, shade dark.",
)

# %% [markdown]
# <!-- hints 1.1 -->

# %% [markdown] tags=["solution"]
# **Analysis.** `rgb[..., 0]` takes channel 0 of every pixel, so three terms do the whole picture. 0.299 is a float, and
# the bytes become floats before anything can wrap around. The three shares add up to 1, hence white stays 255.
# `rgb @ np.array([0.299, 0.587, 0.114])` says the same: a weighted sum along the last axis.

# %% [markdown]
# ## 1.2 ★ Cut a window (10 minutes)
#
# Write `window`: the rectangle of `height` × `width` pixels whose **top left** pixel is at `[row, column]`. It always lies
# inside the image. By hand, in the picture below: the window at row 0, column 1, 2 high and 3 wide, is
# `[[64, 128, 255], [192, 144, 80]]`. Which is the one at row 1, column 2, 2 high and 1 wide?

# %%
tiny = np.array(
    [[0, 64, 128, 255], [48, 192, 144, 80], [142, 226, 168, 32]], dtype=np.uint8
)
plots.show(
    tiny, titles="tiny", caption="Three rows, four columns, both counted from 0."
)


# %%
def window(image, row, column, height, width):
    """Return the window (height, width) of image (H, W) that begins at row, column."""
    ### BEGIN SOLUTION
    return image[row : row + height, column : column + width]
    ### END SOLUTION


# %%
print(window(tiny, 0, 1, 2, 3))
print(window(tiny, 1, 2, 2, 1))

# %%
check("1.2", window)

# %%
ascent = load_image("ascent")
plots.show_yours(
    "1.2",
    window(ascent, 150, 190, 120, 180),
    titles="a window of ascent",
    caption="120 rows, 180 columns. On the post is the black speck of lesson 01.",
)

# %% [markdown]
# <!-- hints 1.2 -->

# %% [markdown] tags=["solution"]
# **Analysis.** A slice stops before its end, so start plus length is the right end on both axes: `row + height` and
# `column + width`. Rows come first, always. The result is a view: nothing is copied, and whoever writes into it writes
# into the image. The second window above is `[[144], [168]]`.

# %% [markdown]
# ## 1.3 ★★ Window times kernel (10 minutes)
#
# Write `weighted_sum`: multiply a window with a kernel of the same shape, cell by cell, and return the sum of all
# products, one number. Example by hand, the left 2 × 3 of `tiny` and a kernel that subtracts the left column from the right one:
#
# $-1 \cdot 0 + 0 \cdot 64 + 1 \cdot 128 - 1 \cdot 48 + 0 \cdot 192 + 1 \cdot 144 = 224$


# %%
def weighted_sum(window, kernel):
    """Return one number: the sum of all products of window (h, w) and kernel (h, w)."""
    ### BEGIN SOLUTION
    return np.sum(window * kernel)
    ### END SOLUTION


# %%
right_minus_left = np.array([[-1, 0, 1], [-1, 0, 1]])
print(weighted_sum(tiny[0:2, 0:3], right_minus_left))

# %%
check("1.3", weighted_sum)

# %% [markdown]
# <!-- hints 1.3 -->

# %% [markdown] tags=["solution"]
# **Analysis.** `*` multiplies cell by cell, which needs two arrays of one shape; `np.sum` adds up everything, whatever the
# shape. Two nested loops do the same and show what it costs: one multiplication a cell. `@` would be the product of
# matrices, where each row of the window meets each column of the kernel.

# %% [markdown]
# ## Think further (5 minutes)
#
# A kernel of all ones, as large as the window, gives the sum of the pixels. Which kernel gives their mean? Which one gives
# the pixel in the middle? And is there a kernel that gives the largest pixel?
#
# <details><summary>Answer</summary>
#
# The mean of a 3 × 3 window: nine times 1/9. The middle: 0 everywhere and 1 in the centre. The largest: no kernel does that.
# Take the windows `[[1, 0]]` and `[[0, 1]]`: the largest pixel of each is 1, and of their sum `[[1, 1]]` it is 1 as well. A
# weighted sum that gives 1 for both gives 2 for their sum, always.
#
# </details>

# %% [markdown]
# ## Where you are
#
# Your tries and what you solved are kept on this machine only.

# %%
progress()
