# %% [markdown]
# # 06 · Pooling: exercises
#
# Three exercises, from one window to a whole feature map; each check names the mistake, if there is one.
#
# **You will be able to** write max pooling and average pooling for any size and stride, and reduce a feature map to one
# number.
#
# **You need**: lesson 06. **Time**: 40 minutes

# %%
import numpy as np

from course_utils import check, hint, load_image, plots, progress, solution

# %% [markdown]
# ## 6.1 ★★ Max pooling (20 minutes)
#
# Write `max_pool2d`: the largest number of each window of `size` × `size` pixels. Windows start `stride` pixels apart,
# in both directions, and only windows that lie on the image completely count. Numbers may be negative.
#
# First with a pencil: the image below, size 2 and stride 2. Its first window holds 1, 5, 3, 2 and gives 5. What are the
# other three numbers, and what becomes of the last column?

# %%
image = np.array(
    [[1, 5, -2, -7, 9], [3, 2, -4, -1, 0], [-6, -5, 0, 8, 4], [-3, -9, 2, 6, 7]]
)
plots.show(
    image, titles="image", caption="How many whole windows of 2 x 2 lie side by side?"
)


# %%
def max_pool2d(image, size, stride):
    """Return the largest number of each window.

    image has shape (H, W); size and stride are whole numbers. The result has one row and
    one column for each window that fits.
    """
    ### BEGIN SOLUTION
    rows = (image.shape[0] - size) // stride + 1
    columns = (image.shape[1] - size) // stride + 1
    pooled = np.zeros((rows, columns))
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            pooled[row, column] = image[top : top + size, left : left + size].max()
    return pooled
    ### END SOLUTION


# %% [markdown]
# Are these your four numbers? They are 5, −1 and, below them, −3, 8.

# %%
print(max_pool2d(image, size=2, stride=2))

# %%
check("6.1", max_pool2d)

# %% [markdown]
# <!-- hints 6.1 -->

# %% [markdown]
# Now your function on a real image, three times in a row. Each picture has a quarter of the pixels of the one before it.
# Which of the thin railings can you still see in the last one?

# %%
pictures = [load_image("ascent")]
while pictures[-1] is not None and len(pictures) < 4:
    pictures.append(max_pool2d(pictures[-1], 2, 2))
plots.show_yours(
    "6.1",
    *pictures,
    titles=("512 x 512", "pooled once", "twice", "three times"),
    kind="picture",
    caption="Bright lines get wide, dark ones vanish: of four pixels the brightest stays.",
)

# %% [markdown] tags=["solution"]
# **Analysis.** A window needs `size` pixels, so the last one can start at `H - size`; `// stride` counts the steps up to
# there, rounded down, and `+ 1` counts the start itself. 5 columns give (5 − 2) // 2 + 1 = 2 windows: the fifth column, with its 9, is
# never looked at. `.max()` needs no first guess, so an all-negative window gives a negative number. With
# `size = stride = 2` a quarter of the pixels is left.

# %% [markdown]
# ## 6.2 ★★ Average pooling, for a batch (15 minutes)
#
# Write `average_pool2d` for a whole batch: images of shape (N, H, W, C), N images of C channels each. The mean of each
# window is taken for every image and every channel *on its own*. Example: one image of 2 × 4 pixels with two channels.
# Channel 0 holds 1, 3, 0, 8 above 5, 7, 2, 2; so with size and stride 2 it gives 4 and 3. Channel 1 gives 20 and 10.


# %%
def average_pool2d(images, size, stride):
    """Return the mean of each window, shape (N, rows, columns, C), of images (N, H, W, C)."""
    ### BEGIN SOLUTION
    rows = (images.shape[1] - size) // stride + 1
    columns = (images.shape[2] - size) // stride + 1
    pooled = np.zeros((images.shape[0], rows, columns, images.shape[3]))
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            windows = images[:, top : top + size, left : left + size, :]
            pooled[:, row, column, :] = windows.mean(axis=(1, 2))
    return pooled
    ### END SOLUTION


# %%
channel_0 = [[1, 3, 0, 8], [5, 7, 2, 2]]
channel_1 = [[10, 10, 0, 40], [30, 30, 0, 0]]
images = np.stack([channel_0, channel_1], axis=-1)[np.newaxis]
print("images", images.shape)
print(average_pool2d(images, size=2, stride=2))

# %%
check("6.2", average_pool2d)

# %% [markdown]
# <!-- hints 6.2 -->

# %% [markdown] tags=["solution"]
# **Analysis.** Only rows and columns are counted anew; N and C stay. The slice takes the same window from all images and
# all channels at once, shape (N, size, size, C), and the mean over its axes 1 and 2 leaves (N, C). The loops visit windows, not
# images: for a thousand images they are as short as for one.

# %% [markdown]
# ## 6.3 ★ One number for each channel (5 minutes)
#
# Write `global_average_pool`: one window as large as the image. Of images (N, H, W, C) it leaves (N, C), the mean of each
# channel. Example: an image of 2 × 2 pixels whose channel 0 holds 1, 3, 5, 7 and whose channel 1 holds 10, 20, 30, 40 gives
# 4 and 25.


# %%
def global_average_pool(images):
    """Return the mean of each channel, shape (N, C), of images (N, H, W, C)."""
    ### BEGIN SOLUTION
    return images.mean(axis=(1, 2))
    ### END SOLUTION


# %%
images = np.array([[[[1, 10], [3, 20]], [[5, 30], [7, 40]]]])
print(images.shape, global_average_pool(images))

# %%
check("6.3", global_average_pool)

# %% [markdown]
# <!-- hints 6.3 -->

# %% [markdown]
# One more question, for you to explain: lesson 09 flattens 5 × 5 maps of 64 channels into 1,600 numbers before the dense
# layer. How many would global average pooling leave, and what would the network no longer know?

# %% [markdown] tags=["solution"]
# **Analysis.** Axes 1 and 2 are rows and columns; they disappear, N and C stay. In lesson 09 it would leave 64 numbers, one a
# channel: *how much* of each feature the image holds, no longer *where*. In return the size of the image does not matter any
# more, and the dense layer after it needs 25 times fewer weights.

# %% [markdown]
# ## Where you are
#
# Your tries and what you solved are kept on this machine only.

# %%
progress()
