# %% [markdown]
# # 05 · Padding, stride and output size: exercises
#
# Five rules that every network obeys, as five short functions of yours.
#
# **You will be able to** compute any output size, pad a batch of images, slide with padding and stride, place
# Keras's odd zero, and say how far a stack of layers sees.
#
# **You need**: lesson 05. **Time**: 50 minutes

# %%
import numpy as np

from course_utils import check, hint, kernel, load_image, plots, progress, solution

# %% [markdown]
# ## 5.1 ★ Output size (10 minutes)
#
# Write `output_size`: how many places a kernel has along one axis. `padding` cells are added at *both* ends.
# The result is an `int`. If the kernel does not fit into the padded axis, raise a `ValueError` with a text
# that would help you.
#
# By hand first: 8 pixels, kernel 3, no padding, stride 2. The window can move 8 − 3 = 5 pixels, in steps of
# 2: two whole steps, and the place where it began. 3. And with kernel 3 on 2 pixels?


# %%
def output_size(size, kernel_size, padding=0, stride=1):
    """Return the number of places as an int. Raise a ValueError if the kernel does not fit."""
    ### BEGIN SOLUTION
    steps_in_pixels = size + 2 * padding - kernel_size
    if steps_in_pixels < 0:
        raise ValueError(
            "The kernel does not fit: take a smaller one, or more padding."
        )
    return steps_in_pixels // stride + 1
    ### END SOLUTION


# %%
print(output_size(8, 3, stride=2), output_size(28, 3), output_size(28, 3, padding=1))

# %%
check("5.1", output_size)

# %% [markdown]
# <!-- hints 5.1 -->

# %% [markdown] tags=["solution"]
# **Analysis.** The three numbers are 3, 26 and 28. The distance that the window can move is tested before
# anything is divided: if it is 0, there is one place; below 0 there is none, and a size of 0 or −1 would come
# back as a strange error elsewhere. `//` rounds down and gives an int; `int(… / stride)` does the same here
# only because the distance is not negative.

# %% [markdown]
# ## 5.2 ★ Zeros around a batch (5 minutes)
#
# Write `zero_pad` for a batch of shape (N, H, W, C): N images of C channels. `padding` rows and columns of
# zeros go around *each* image; the number of images and of channels stays. Example: one image with one
# channel, `[[1, 2], [3, 4]]`, and padding 1. It becomes 4 × 4, with 1, 2, 3, 4 in the middle. Which shape has
# the whole batch then?


# %%
def zero_pad(images, padding):
    """Return the padded images, shape (N, H + 2 padding, W + 2 padding, C)."""
    ### BEGIN SOLUTION
    return np.pad(images, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    ### END SOLUTION


# %%
batch = np.array([[[[1], [2]], [[3], [4]]]])
padded = zero_pad(batch, 1)
print(padded if padded is None else padded[0, :, :, 0])

# %%
check("5.2", zero_pad)

# %% [markdown]
# <!-- hints 5.2 -->

# %% [markdown] tags=["solution"]
# **Analysis.** (1, 4, 4, 1). `np.pad` takes one pair (before, after) for each axis. With a single number it
# pads *all* four axes, and the batch gets two black images more: an error that runs without a word. In Keras
# this is `ZeroPadding2D(padding)`.

# %% [markdown]
# ## 5.3 ★★ Slide with padding and stride (15 minutes)
#
# Here is a start that works: your loop from exercise 2.2. It ignores `padding` and `stride`. Change it so
# that `padding` zeros lie on all four sides, and the window moves `stride` pixels at a time, both ways. Run
# the check before you change anything: what does it say about the start?
#
# Example: the 3 × 4 image below with padding 1 is 5 × 6. A 2 × 2 kernel with stride 2 has 2 × 3 places there.
# The first window holds 0, 0, 0, 1: 1 · 0 + 0.5 · 0 + 0 · 0 − 1 · 1 = −1.


# %%
def correlate2d(image, kernel, padding, stride):
    """Return the feature map of image (H, W) and kernel (h, w), not flipped."""
    ### BEGIN START
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
    ### END START
    ### BEGIN SOLUTION
    padded = np.pad(image, padding)
    rows = (padded.shape[0] - kernel.shape[0]) // stride + 1
    columns = (padded.shape[1] - kernel.shape[1]) // stride + 1
    feature_map = np.zeros((rows, columns))
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            window = padded[top : top + kernel.shape[0], left : left + kernel.shape[1]]
            feature_map[row, column] = np.sum(window * kernel)
    return feature_map
    ### END SOLUTION


# %%
small_image = np.array([[1, 2, 3, 0], [4, 5, 6, 1], [7, 8, 9, 2]])
small_kernel = np.array([[1, 0.5], [0, -1]])
print(correlate2d(small_image, small_kernel, padding=1, stride=2))

# %%
check("5.3", correlate2d)

# %% [markdown]
# <!-- hints 5.3 -->

# %% [markdown]
# Strides 1, 2 and 4 on a part of ascent. Only the number of pixels should change, and nothing in what you
# recognise: does it?

# %%
part = load_image("ascent")[100:228, 100:228]
sobel_x = kernel("sobel_x").weights
maps = [correlate2d(part, sobel_x, padding=1, stride=stride) for stride in (1, 2, 4)]
plots.show_yours(
    "5.3",
    *maps,
    titles=[f"stride {s}: {np.shape(m)}" for s, m in zip((1, 2, 4), maps)],
    numbers=False,
    caption="With padding 1: 128, 64 and 32 rows, for (128 + 2 − 3) // 4 + 1 = 32.",
)

# %% [markdown] tags=["solution"]
# **Analysis.** Three changes. The windows come from the padded image; the sizes are those of 5.1; and the
# place `[row, column]` of the result belongs to the window at `[row * stride, column * stride]`. Two clocks:
# the loop counts places, the slice counts pixels. The result is `[[-1, -3, 0], [-5, -1, 1]]`. As long as the
# stride is 1, both clocks agree, and that is why the start looked right.

# %% [markdown]
# ## 5.4 ★★ Keras's odd zero (10 minutes)
#
# Write `same_padding`: how many cells `padding="same"` adds before and after one axis. Keras promises `size /
# stride` places, rounded up, and adds as few cells as that takes; if their number is odd, the extra one comes
# after. Example: 28, kernel 3, stride 2. 14 places; the last window starts at index 26 and needs 26, 27 and
# 28. One cell is missing: (0, 1). By hand: what is it for 10, kernel 4, stride 1?


# %%
def same_padding(size, kernel_size, stride):
    """Return (before, after), two ints."""
    ### BEGIN SOLUTION
    places = -(-size // stride)
    total = max((places - 1) * stride + kernel_size - size, 0)
    before = total // 2
    return before, total - before
    ### END SOLUTION


# %%
print(same_padding(28, 3, 2), same_padding(10, 4, 1))

# %%
check("5.4", same_padding)

# %% [markdown]
# <!-- hints 5.4 -->

# %% [markdown] tags=["solution"]
# **Analysis.** For 10 and kernel 4 it is (1, 2): three cells, the odd one after. `-(-size // stride)` rounds
# up, with whole numbers only. The last window ends at cell (places − 1) · stride + kernel_size; what goes
# beyond `size` is missing. `max(…, 0)`, because a kernel smaller than the stride leaves pixels over, and a
# negative padding would cut some off. `total - before` puts the extra cell after without another case.

# %% [markdown]
# ## 5.5 ★★ How far does it see? (10 minutes)
#
# Write `receptive_field`: how many pixels along one axis can change one cell after the given layers, in the
# order in which the image meets them. Example: a filter of 3, a pool of 2 with stride 2, and both again,
# `[(3, 1), (2, 2), (3, 1), (2, 2)]`: 3, 4, 8 and at last 10. By hand: three filters of 3 with stride 1?


# %%
def receptive_field(layers):
    """Return the width of the receptive field, an int. layers: a list of (kernel_size, stride)."""
    ### BEGIN SOLUTION
    field, jump = 1, 1
    for kernel_size, stride in layers:
        field += (kernel_size - 1) * jump
        jump *= stride
    return field
    ### END SOLUTION


# %%
print(receptive_field([(3, 1), (2, 2), (3, 1), (2, 2)]))
print(receptive_field([(3, 1), (3, 1), (3, 1)]))

# %%
check("5.5", receptive_field)

# %% [markdown]
# <!-- hints 5.5 -->

# %% [markdown]
# To explain: three filters of 3 see as far as one filter of 7. How many weights has each of the two ways, for
# one channel? What can the three do, with a ReLU between them (lesson 07), that the one cannot?

# %% [markdown] tags=["solution"]
# **Analysis.** 7: each filter adds 2. 3 · 9 = 27 weights against 49, and two chances more to bend: between
# the filters the network may throw out negatives, so it can say "this pattern *of patterns*". The order of
# the two lines matters: a pool of stride 2 looks at cells that still lie one jump apart; only what comes
# *after* it steps twice as far.

# %% [markdown]
# ## Where you are
#
# Your tries and what you solved are kept on this machine only.

# %%
progress()
