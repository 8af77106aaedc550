# %% [markdown]
# # 07 · Channels and layers: exercises
#
# Five exercises, from one number of a layer to the whole layer and to one matrix product; each check names the
# mistake, if there is one.
#
# **You will be able to** write a convolution layer with channels, bias, stride and padding, count its parameters, and
# turn its windows into a matrix.
#
# **You need**: lesson 07. **Time**: 60 minutes

# %%
import numpy as np

from course_utils import check, conv2d, hint, load_image, plots, progress, solution

# %% [markdown]
# ## 7.1 ★ One number of a layer (10 minutes)
#
# Write `conv_single`: a window and a kernel, both of shape (h, w, C), and a bias, one number. All products are added up,
# over rows, columns and channels; then the bias is added, once. Example, with a pencil first: red gives
# 10 · 1 + 40 · (−1) = −30, green 6 · 2 = 12, blue −1 + 3 = 2. With a bias of 20 the result is 4.


# %%
def conv_single(window, kernel, bias):
    """Return one number: the sum of products over all of (h, w, C), plus the bias."""
    ### BEGIN SOLUTION
    return np.sum(window * kernel) + bias
    ### END SOLUTION


# %%
red, green, blue = [[10, 20], [30, 40]], [[5, 6], [7, 8]], [[1, 2], [3, 4]]
window = np.stack([red, green, blue], axis=-1)
kernel = np.stack([[[1, 0], [0, -1]], [[0, 2], [0, 0]], [[-1, 0], [1, 0]]], axis=-1)
print(window.shape, conv_single(window, kernel, bias=20))

# %%
check("7.1", conv_single)

# %% [markdown]
# <!-- hints 7.1 -->

# %% [markdown] tags=["solution"]
# **Analysis.** Both arrays have the same shape, so `*` pairs each pixel with its weight. `np.sum` without an axis adds
# up all three axes at once: the channels disappear like rows and columns do. The bias stands outside of the sum, so it
# counts once.

# %% [markdown]
# ## 7.2 ★★★ The whole layer (20 minutes)
#
# Write `conv_layer`: images (N, H, W, C), kernels (kh, kw, C, F), one bias for each kernel. First `padding` zeros are added on
# all four sides of each image; windows start `stride` pixels apart; only whole windows count. The result has shape
# (N, rows, columns, F). There is no activation, and no kernel is turned.
#
# Example: one image of 2 × 3 pixels with 3 channels, two kernels of 2 × 2. Its first window is that of 7.1, so the first number
# is 4. How many numbers come out in all?


# %%
def conv_layer(images, kernels, biases, stride=1, padding=0):
    """Return the feature maps, shape (N, rows, columns, F), without activation.

    images (N, H, W, C), kernels (kh, kw, C, F), biases (F,); stride and padding are whole numbers.
    """
    ### BEGIN SOLUTION
    padded = np.pad(images, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    height, width, _, filters = kernels.shape
    rows = (padded.shape[1] - height) // stride + 1
    columns = (padded.shape[2] - width) // stride + 1
    output = np.zeros((len(images), rows, columns, filters))
    for image in range(len(images)):
        for row in range(rows):
            for column in range(columns):
                top, left = row * stride, column * stride
                window = padded[image, top : top + height, left : left + width]
                for k in range(filters):
                    total = np.sum(window * kernels[..., k])
                    output[image, row, column, k] = total + biases[k]
    return output
    ### END SOLUTION


# %% [markdown]
# Four numbers: two places, two feature maps. Kernel 0 gives 4 and 10, kernel 1 gives 43 and 75.

# %%
third_column = np.array([[[[0, 9, 4]], [[50, 1, 2]]]])
images = np.concatenate([window[np.newaxis], third_column], axis=2)
kernels = np.stack([kernel, 2 * kernel[::-1]], axis=-1)
print(images.shape, kernels.shape)
print(conv_layer(images, kernels, biases=np.array([20, -5])))

# %%
check("7.2", conv_layer)

# %% [markdown]
# <!-- hints 7.2 -->

# %% [markdown]
# Now your layer on a photo, a small one, since four loops take their time: greenness, and edges from dark to bright.

# %%
small_face = load_image("face")[np.newaxis, ::3, ::3]
green_minus_rest = np.full((3, 3, 3), [-1, 2, -1]) / 9
edges = np.outer([1, 2, 1], [-1, 0, 1])[..., np.newaxis] * np.ones(3) / 3
questions = np.stack([green_minus_rest, edges], axis=-1)
maps = conv_layer(small_face, questions, biases=np.zeros(2))
plots.show_yours(
    "7.2",
    small_face[0],
    *([None] if maps is None else [maps[0, ..., 0], maps[0, ..., 1]]),
    titles=("face, every third pixel", "greenness", "edges"),
    kind=("picture", "signed", "signed"),
    caption="Purple: above zero. The leaves are green; each stem has two edges.",
)

# %% [markdown] tags=["solution"]
# **Analysis.** Everything of lessons 02, 05 and 07 in one function. Zeros go around rows and columns only, hence the pairs
# (0, 0) for images and channels. The inner line is 7.1 with kernel `kernels[..., k]`. The loops over images, rows, columns and
# kernels never look at each other's results, so a library may do them in any order, or all at once.

# %% [markdown]
# ## 7.3 ★ What a layer learns (5 minutes)
#
# Write `conv_parameters`: the number of weights and biases of a layer. A kernel is as deep as the image, and each kernel has
# one bias, unless `bias` is False. Example: 3 × 3 kernels, 64 channels in and 64 out: (3 · 3 · 64 + 1) · 64 = 36,928.


# %%
def conv_parameters(kernel_height, kernel_width, channels_in, channels_out, bias=True):
    """Return the number of parameters of a convolution layer, as an int."""
    ### BEGIN SOLUTION
    weights = kernel_height * kernel_width * channels_in
    return (weights + bool(bias)) * channels_out
    ### END SOLUTION


# %%
print(conv_parameters(3, 3, 1, 64), conv_parameters(3, 3, 64, 64))
print(conv_parameters(3, 3, 64, 64, bias=False))

# %%
check("7.3", conv_parameters)

# %% [markdown]
# <!-- hints 7.3 -->

# %% [markdown] tags=["solution"]
# **Analysis.** One kernel has kh · kw · C weights and one bias; the layer has F of them. No size of the image occurs: the
# same weights are used everywhere. `bool(bias)` is 1 or 0 in a sum.

# %% [markdown]
# ## 7.4 ★ ReLU (5 minutes)
#
# Write `relu`: each number of `x` that is below 0 becomes 0, all others stay. `x` has any shape; it must not change, since
# the caller may still need the negatives. Example: [[−16, 4], [0, 300]] gives [[0, 4], [0, 300]].


# %%
def relu(x):
    """Return max(x, 0), number by number, in a new array of the shape of x."""
    ### BEGIN SOLUTION
    return np.maximum(x, 0)
    ### END SOLUTION


# %%
responses = np.array([[-16, 4], [0, 300]])
print(relu(responses))
print(responses)

# %%
check("7.4", relu)

# %% [markdown]
# <!-- hints 7.4 -->

# %% [markdown] tags=["solution"]
# **Analysis.** `np.maximum` compares two arrays number by number, and a lone 0 is compared with each. `np.max(x, 0)` is
# something else: the largest number along axis 0. `x[x < 0] = 0` gives the right numbers but writes into the caller's
# array.

# %% [markdown]
# ## 7.5 ★★ All windows in one matrix (15 minutes)
#
# Write `im2col`: each window of the image becomes one row of a matrix. The windows come from left to right, then downwards; in each
# window the pixels come from left to right, then downwards, too. The result has shape (positions, kh · kw).
#
# Example: the 3 × 4 image below, windows of 2 × 2. Row 0 is 1, 2, 5, 6. **Write down** row 3 before you run anything.

# %%
image = np.arange(1, 13).reshape(3, 4)
plots.show(
    image,
    titles="image",
    kind="positive",
    caption="Three windows lie side by side, and two above each other.",
)


# %%
def im2col(image, kernel_height, kernel_width):
    """Return one row for each window, shape (positions, kernel_height * kernel_width)."""
    ### BEGIN SOLUTION
    windows = []
    for row in range(image.shape[0] - kernel_height + 1):
        for column in range(image.shape[1] - kernel_width + 1):
            window = image[row : row + kernel_height, column : column + kernel_width]
            windows.append(window.ravel())
    return np.array(windows)
    ### END SOLUTION


# %% [markdown]
# Is your row 3 right? It is 5, 6, 9, 10.

# %%
print(im2col(image, 2, 2))

# %%
check("7.5", im2col)

# %% [markdown]
# <!-- hints 7.5 -->

# %% [markdown]
# To explain, with a pencil: your matrix times the column [1, 0, 0, −1] gives six equal numbers for this image. Which number,
# and why are they equal? And how many numbers does the matrix hold for 28 × 28 pixels and a 3 × 3 kernel?

# %% [markdown] tags=["solution"]
# **Analysis.** `ravel()` lays the rows of a window end to end, as it does with a kernel: so pixel and weight meet in the matrix
# product. The kernel [[1, 0], [0, −1]] takes the pixel minus its neighbour below right, which is larger by 5 everywhere here:
# −5. And 676 windows of 9 numbers are 6,084, nearly eight times the 784 pixels: speed is paid with memory.

# %% [markdown]
# ## Where you are
#
# Your tries and what you solved are kept on this machine only.

# %%
progress()
