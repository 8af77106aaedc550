# %% [markdown]
# # 03 · A gallery of filters: exercises
#
# Three filters of your own: a kernel, the machine that applies any kernel, and the one that needs none.
#
# **You will be able to** make a Gaussian of any size, turn sums into a picture with factor, bias, rounding
# and clamping, and clean a picture with a median.
#
# **You need**: lesson 03. **Time**: 45 minutes

# %%
import numpy as np

from course_utils import check, hint, kernel, load_image, plots, progress, solution
from course_utils.images import salt_and_pepper

# %% [markdown]
# ## 3.1 ★★ A Gaussian (15 minutes)
#
# Write `gaussian_kernel`: a cell at distance $d$ from the middle cell gets $e^{-d^2 / (2\sigma^2)}$, then all
# are divided by their sum. `size` is odd. First with a pencil, size 3 and sigma 0.85: $2\sigma^2$ = 1.445.
# The middle gets $e^0$ = 1, its neighbours ($d^2$ = 1) about 0.5, the corners ($d^2$ = 2) about 0.25. The sum
# is 4, so the three are 0.25, 0.125 and 0.063: the 1 2 1 of the gallery.


# %%
def gaussian_kernel(size, sigma):
    """Return a Gaussian of shape (size, size) around its middle cell; the weights sum to 1."""
    ### BEGIN SOLUTION
    distance = np.arange(size) - size // 2
    squared = distance[:, np.newaxis] ** 2 + distance**2
    weights = np.exp(-squared / (2 * sigma**2))
    return weights / weights.sum()
    ### END SOLUTION


# %%
print(gaussian_kernel(3, 0.85))

# %%
check("3.1", gaussian_kernel)

# %% [markdown]
# <!-- hints 3.1 -->

# %% [markdown]
# Two of yours, side by side. Which one blurs more? And what would sigma 2 in only 3 x 3 cells look like:
# still a bell?

# %%
plots.show_yours(
    "3.1",
    gaussian_kernel(9, 1),
    gaussian_kernel(9, 2),
    titles=("sigma 1", "sigma 2"),
    numbers=False,
    caption="Each from black, 0, to white, its own largest weight.",
)

# %% [markdown] tags=["solution"]
# **Analysis.** `np.arange(size) - size // 2` counts steps from the middle; with `np.newaxis` it stands
# upright, and the sum of the two is a table of $d^2$. The brackets in `/ (2 * sigma**2)` matter: without them
# Python would divide by 2 and then *multiply*. The division by the sum comes last and makes any constant in
# front needless. In 3 x 3 cells sigma 2 is nearly a plain mean: the corner has 78 % of the middle's weight.
# As a rule of thumb, take a size of about 6 sigma + 1.

# %% [markdown]
# ## 3.2 ★★ Apply a filter (20 minutes)
#
# Write `apply_filter` for grey pictures. The result has the size of the image; beyond the border the image
# goes on at its opposite side. Each value is factor · sum of products + bias (the kernel is not flipped),
# rounded to the nearest whole number, clamped to 0..255, and stored as `uint8`. Kernels have odd heights and
# widths.
#
# Example: three equal weights, factor 1/3 and bias 40. The first pixel of the row 10, 20, 30, 40 has the left
# neighbour 40: (40 + 10 + 20) / 3 + 40 = 63.3, so 63. In the second row 256.7 becomes 255.


# %%
def apply_filter(image, kernel, factor, bias):
    """Return the filtered picture, uint8 of shape (H, W), of image (H, W) with kernel (h, w)."""
    ### BEGIN SOLUTION
    above, left = kernel.shape[0] // 2, kernel.shape[1] // 2
    padded = np.pad(image, ((above, above), (left, left)), mode="wrap")
    result = np.zeros(image.shape)
    for row in range(image.shape[0]):
        for column in range(image.shape[1]):
            window = padded[
                row : row + kernel.shape[0], column : column + kernel.shape[1]
            ]
            result[row, column] = factor * np.sum(window * kernel) + bias
    return np.clip(np.rint(result), 0, 255).astype(np.uint8)
    ### END SOLUTION


# %%
rows = np.array([[10, 20, 30, 40], [200, 210, 220, 230]], dtype=np.uint8)
print(apply_filter(rows, np.array([[1, 1, 1]]), factor=1 / 3, bias=40))

# %% [markdown]
# Numbers that end in exactly .5 are rounded up by some and to the even neighbour by others (`np.rint`). The
# check avoids them: both ways are fine.

# %%
check("3.2", apply_filter)

# %% [markdown]
# <!-- hints 3.2 -->

# %% [markdown]
# Your own gallery, on a part of ascent. Which of the three pictures gets brighter or darker as a whole, and
# why not?

# %%
part = load_image("ascent")[100:300, 100:300]
names = ["gaussian_5", "sharpen", "emboss"]
plots.show_yours(
    "3.2",
    *[apply_filter(part, *kernel(name)) for name in names],
    titles=names,
    caption="A Kernel holds weights, factor and bias: *kernel(name) hands over all three.",
)

# %% [markdown] tags=["solution"]
# **Analysis.** After `np.pad`, the window that starts at `[row, column]` has the pixel `[row, column]` of the
# image in its middle, so the loop of exercise 2.2 does the rest. The order of the last line matters: round,
# clamp, convert. The other way round, uint8 cuts fractions off and wraps. Blur and sharpen have weights that
# sum to 1 and keep the brightness; emboss sums to 0 and shows flat areas as its bias, 128.

# %% [markdown]
# ## 3.3 ★★ A median (10 minutes)
#
# Write `median_filter`: each pixel becomes the median of the `size` × `size` window around it. `size` is odd;
# beyond the border the edge pixels are repeated. Example: in the image below the 255 has the neighbours 7, 7,
# 7, 7, 8, 6, 7, 0. Sorted: 0, 6, 7, 7, **7**, 7, 7, 8, 255. The 255 becomes 7. And the 7 in the top left
# corner: which nine numbers does it see?


# %%
def median_filter(image, size):
    """Return the picture of the medians, shape (H, W), of image (H, W)."""
    ### BEGIN SOLUTION
    margin = size // 2
    padded = np.pad(image, margin, mode="edge")
    result = np.zeros(image.shape)
    for row in range(image.shape[0]):
        for column in range(image.shape[1]):
            window = padded[row : row + size, column : column + size]
            result[row, column] = np.median(window)
    return result
    ### END SOLUTION


# %%
wall = np.array([[7, 7, 7, 9], [7, 255, 8, 9], [6, 7, 0, 9]], dtype=np.uint8)
print(median_filter(wall, 3))

# %%
check("3.3", median_filter)

# %% [markdown]
# <!-- hints 3.3 -->

# %%
noisy = salt_and_pepper(load_image("ascent")[230:358, 350:478], 0.1)
plots.show_yours(
    "3.3",
    noisy,
    median_filter(noisy, 3),
    titles=("10 % noise", "your median of 3 x 3"),
    kind="picture",
    caption="Where a fine line is gone as well: was it wider than one pixel?",
)

# %% [markdown] tags=["solution"]
# **Analysis.** It is the loop of 3.2 with another line inside, and no kernel. The corner sees 7 four times
# (the pixel and what is repeated of it), twice the 7 to its right, twice the 7 below it, and the 255: the
# median is 7. Of an odd number of pixels the median is one of them, so nothing needs rounding. `np.median`
# for each window is slow; `course_utils.median_filter` sorts many windows at once.

# %% [markdown]
# ## Where you are
#
# Your tries and what you solved are kept on this machine only.

# %%
progress()
