# %% [markdown]
# # 04 · Sobel: finding edges: exercises
#
# From two lists of three numbers to the edges of a photo, in three functions of your own.
#
# **You will be able to** build both Sobel kernels, compute strength and direction of every edge, and decide where an edge
# begins.
#
# **You need**: lesson 04. **Time**: 40 minutes

# %%
import numpy as np

from course_utils import check, correlate2d, hint, load_image, plots, progress, solution
from course_utils import sobel as course_sobel

# %% [markdown]
# ## 4.1 ★ Two kernels (5 minutes)
#
# Write `sobel_kernels`: return `(kernel_x, kernel_y)`, two 3 × 3 arrays. kernel_x gives a positive number where it gets
# brighter to the right, kernel_y where it gets brighter downwards. With a pencil first: three rows, three columns, from
# the blur 1, 2, 1 and the difference −1, 0, 1. Example: the middle row of kernel_x is −2, 0, 2.


# %%
def sobel_kernels():
    """Return (kernel_x, kernel_y), two arrays of shape (3, 3)."""
    ### BEGIN SOLUTION
    kernel_x = np.outer([1, 2, 1], [-1, 0, 1])
    kernel_y = kernel_x.T
    return kernel_x, kernel_y
    ### END SOLUTION


# %%
plots.show_yours(
    "4.1",
    sobel_kernels(),
    titles=("kernel_x", "kernel_y"),
    kind="signed",
    limit=2,
    caption="Orange: negative, purple: positive. Which way does each one compare?",
)

# %%
check("4.1", sobel_kernels)

# %% [markdown]
# <!-- hints 4.1 -->

# %% [markdown] tags=["solution"]
# **Analysis.** The outer product shows what the kernel does: a blur along one axis, a difference along the other.
# Transposing exchanges the two axes. Typing all eighteen numbers is as right, and easier to get wrong.

# %% [markdown]
# ## 4.2 ★★★ Strength and direction (20 minutes)
#
# Write `sobel`: return `(gx, gy, magnitude, angle)` at every position where the 3 × 3 kernels fit. gx and gy are the
# correlations with both kernels, the magnitude is the length of the arrow (gx, gy), the angle its direction in radians, 0 to
# the right and positive downwards. Use `correlate2d` of the course.
#
# Two windows fit on the small image below. The left one: right column 584 minus left 238, gx = 346; bottom row 762 minus
# top 256, gy = 506; the arrow is 612.99 long and turned by 0.9710, which is 55.6 degrees. The other one gives −227 and 19:
# in which direction does its arrow point?


# %%
def sobel(image):
    """Return (gx, gy, magnitude, angle), each (H - 2, W - 2), of an image (H, W)."""
    ### BEGIN SOLUTION
    kernel_x, kernel_y = sobel_kernels()
    gx = correlate2d(image, kernel_x)
    gy = correlate2d(image, kernel_y)
    magnitude = np.hypot(gx, gy)
    angle = np.arctan2(gy, gx)
    return gx, gy, magnitude, angle
    ### END SOLUTION


# %%
tiny = np.array([[0, 64, 128, 255], [48, 192, 144, 80], [142, 226, 168, 32]])
print(sobel(tiny))

# %%
check("4.2", sobel)

# %%
ascent = load_image("ascent")
plots.show_yours(
    "4.2",
    sobel(ascent),
    titles=("gx", "gy", "magnitude", "angle"),
    columns=2,
    caption="Purple is positive, orange negative. "
    "Where the magnitude is small, the angle is noise: tiny arrows point anywhere.",
)

# %% [markdown]
# <!-- hints 4.2 -->

# %% [markdown] tags=["solution"]
# **Analysis.** `correlate2d` gives floats, so nothing wraps or is clipped: negative responses are half of the story.
# `np.hypot` is the root of the sum of squares. `np.arctan2(gy, gx)` sees both signs and knows all four quarters; the
# quotient gy / gx has lost them, and divides by zero where an edge is perfectly horizontal.

# %% [markdown]
# ## 4.3 ★★ Edge or not (10 minutes)
#
# Write `edges`: an array of True and False that says for each pixel whether its magnitude is **more than** `fraction`
# times the largest magnitude of the image. For the numbers below and the fraction 0.5 the threshold is 100, so
# 200 and 120 are edges. Is the pixel of exactly 100 an edge?


# %%
def edges(magnitude, fraction):
    """Return where magnitude (H, W) exceeds `fraction` of its maximum: bool, (H, W)."""
    ### BEGIN SOLUTION
    return magnitude > fraction * magnitude.max()
    ### END SOLUTION


# %%
strengths = np.array([[0.0, 50.0, 100.0], [200.0, 120.0, 99.0]])
print(edges(strengths, 0.5))

# %%
check("4.3", edges)

# %%
strength = course_sobel(ascent).magnitude
plots.show_yours(
    "4.3",
    edges(strength, 0.2),
    titles="ascent: more than 20 %",
    caption="White: edge. About one pixel in nine.",
)

# %% [markdown]
# <!-- hints 4.3 -->

# %% [markdown] tags=["solution"]
# **Analysis.** A comparison of an array with a number gives True and False, cell by cell; no loop and no 0 or 255 is
# needed. The maximum makes the threshold follow the image, bright or dim. The strict `>` matters in a flat image: its
# maximum is 0, and with `>=` every pixel would be an edge.

# %% [markdown]
# ## Think further (5 minutes)
#
# Make `ascent` half as bright, `ascent // 2`, and call `edges(course_sobel(...).magnitude, 0.2)` on both. Predict: how many
# pixels differ? And if you add 50 to each pixel instead, with floats?
#
# <details><summary>Answer</summary>
#
# Added 50: none. A difference of neighbours does not see what both have in common, so every magnitude stays. Half as
# bright: 213 of 260,100. All magnitudes are halved, and the threshold with them; only the rounding of `//` moves a few pixels
# across.
#
# </details>

# %% [markdown]
# ## Where you are
#
# Your tries and what you solved are kept on this machine only.

# %%
progress()
