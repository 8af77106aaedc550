# %% [markdown]
# # 02 · Convolution by hand: exercises
#
# Four exercises: once with a pencil, three times in code; each check names the mistake, if there is one.
#
# **You will be able to** compute a feature map by hand, write correlation and convolution, and count what they cost.
#
# **You need**: lesson 02. **Time**: 40 minutes

# %%
import numpy as np

from course_utils import check, hint, plots, progress, solution

# %% [markdown]
# ## 2.1 ★ By hand (5 minutes)
#
# A kernel of four weights 0.25 slides over this image. Compute the four numbers of the feature map with a pencil, and
# write them down as an array, row by row. Example: the top left window holds 0, 200, 0, 0, which gives
# 0.25 · 200 = 50.

# %%
image = np.array([[0, 200, 200], [0, 0, 200], [0, 0, 0]], dtype=np.uint8)
plots.show(
    image,
    titles="image",
    caption="The kernel covers four pixels at a time. How many positions has it?",
)

# %%
feature_map = np.array(
    ### BEGIN SOLUTION
    [[50, 150], [0, 50]]
    ### END SOLUTION
)

# %%
check("2.1", feature_map)

# %% [markdown]
# <!-- hints 2.1 -->

# %% [markdown] tags=["solution"]
# **Analysis.** Each number is the mean of four pixels, as the weights sum to 1. The second window holds three pixels
# of 200: 600 / 4 = 150. The feature map is a smaller, softer version of the image.

# %% [markdown]
# ## 2.2 ★★ All positions (15 minutes)
#
# Write `correlate2d`: slide the kernel over the image without flipping it, and return the sum of products at every
# position where the whole kernel lies on the image. Use plain loops. For the 3 × 4 image and the 2 × 2 kernel below
# the first number is 1·1 + 0.5·2 + 0·4 − 1·5 = −3.


# %%
def correlate2d(image, kernel):
    """Return the valid cross-correlation, shape (H - h + 1, W - w + 1), of image (H, W) and kernel (h, w)."""
    ### BEGIN SOLUTION
    rows = image.shape[0] - kernel.shape[0] + 1
    columns = image.shape[1] - kernel.shape[1] + 1
    feature_map = np.zeros((rows, columns))
    for row in range(rows):
        for column in range(columns):
            window = image[
                row : row + kernel.shape[0], column : column + kernel.shape[1]
            ]
            feature_map[row, column] = np.sum(window * kernel)
    return feature_map
    ### END SOLUTION


# %%
small_image = np.array([[1, 2, 3, 0], [4, 5, 6, 1], [7, 8, 9, 2]])
small_kernel = np.array([[1, 0.5], [0, -1]])
print(correlate2d(small_image, small_kernel))

# %% [markdown]
# The check draws new images each time, none of them square, and compares your numbers with the right ones.

# %%
check("2.2", correlate2d)

# %% [markdown]
# <!-- hints 2.2 -->

# %% [markdown] tags=["solution"]
# **Analysis.** The result is made first, with floats, so that no fraction is lost. The two loops visit each position;
# the window starts at `[row, column]` and is as large as the kernel. `image.shape[0] - kernel.shape[0] + 1` counts
# positions, not pixels: a kernel as large as the image has exactly one.

# %% [markdown]
# ## 2.3 ★★ Convolution (10 minutes)
#
# Write `convolve2d`: the kernel is turned by 180 degrees, then it slides. You may call your `correlate2d`. On an image
# that is 0 everywhere and 1 in the middle, convolution shows the kernel as it is written; correlation shows it turned.


# %%
def convolve2d(image, kernel):
    """Return the valid convolution, shape (H - h + 1, W - w + 1), of image (H, W) and kernel (h, w)."""
    ### BEGIN SOLUTION
    return correlate2d(image, kernel[::-1, ::-1])
    ### END SOLUTION


# %%
impulse = np.zeros((5, 5))
impulse[2, 2] = 1
print(convolve2d(impulse, np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]])))

# %%
check("2.3", convolve2d)

# %% [markdown]
# <!-- hints 2.3 -->

# %% [markdown] tags=["solution"]
# **Analysis.** `[::-1, ::-1]` reverses both axes, which is a turn by 180 degrees. Nothing else differs from
# correlation, so nothing else is written twice.

# %% [markdown]
# ## 2.4 ★ What it costs (10 minutes)
#
# Write `cost`: the number of multiplications that `correlate2d` does for an image of `height` × `width` and a kernel of
# `kernel_height` × `kernel_width`. For a 28 × 28 image and a 3 × 3 kernel it is 6,084.


# %%
def cost(height, width, kernel_height, kernel_width):
    """Return the number of multiplications of the valid loop, as an int."""
    ### BEGIN SOLUTION
    positions = (height - kernel_height + 1) * (width - kernel_width + 1)
    return positions * kernel_height * kernel_width
    ### END SOLUTION


# %%
print(cost(28, 28, 3, 3), cost(512, 512, 15, 15))

# %%
check("2.4", cost)

# %% [markdown]
# <!-- hints 2.4 -->

# %% [markdown] tags=["solution"]
# **Analysis.** 676 positions times 9 weights. For a 15 × 15 kernel on 512 × 512 pixels it is 55,800,900: large kernels
# are expensive, which is one reason why networks stack small ones.

# %% [markdown]
# ## Where you are
#
# Your tries and what you solved are kept on this machine only.

# %%
progress()
