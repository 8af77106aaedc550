# %% [markdown]
# # 07 · Channels and layers
#
# One kernel looks at all colours at once, many kernels make a layer, and a single matrix product computes them all.
#
# **You will be able to** compute one number of a convolution layer by hand, with channels, bias and ReLU, count its
# parameters and multiplications before Keras does, and build a layer whose numbers equal Keras's `Conv2D`.
#
# **You need**: lessons 02, 04 and 05, and Keras for one section: Colab has it, elsewhere `pip install tensorflow`.
# **Time**: 50 minutes

# %% [markdown]
# ## How does one kernel see three colours?
#
# A colour image has three *channels*: an array of red, one of green, one of blue. The kernel gets as many: a *slice* of
# weights for each channel. Below, a window of 2 x 2 pixels and a kernel of the same shape, both (2, 2, 3).
# **Predict**: how many numbers come out for this one window, three or one?

# %%
import numpy as np

from course_utils import conv2d, convolve2d, correlate2d, load_image, plots, sobel

red, green, blue = [[10, 20], [30, 40]], [[5, 6], [7, 8]], [[1, 2], [3, 4]]
window = np.stack([red, green, blue], axis=-1)
slices = [[1, 0], [0, -1]], [[0, 2], [0, 0]], [[-1, 0], [1, 0]]
kernel = np.stack(slices, axis=-1)
print("window", window.shape, " kernel", kernel.shape)

# %% [markdown]
# With a pencil: multiply each pixel with the weight on it, channel by channel. **Write down** the sum of each row of
# the picture, and then the sum of all twelve products.

# %%
panels, titles = [], []
for channel, name in enumerate(["red", "green", "blue"]):
    pixels, weights = window[..., channel], kernel[..., channel]
    panels += [pixels, weights, pixels * weights]
    titles += [f"window: {name}", "kernel slice", "products"]
plots.show(
    *panels,
    titles=titles,
    kind=["positive", "signed", "signed"] * 3,
    columns=3,
    caption="Red: 10 × 1 and 40 × (−1). Do the same for the other two rows.",
)

# %% tags=["nbval-check-output"]
for channel, name in enumerate(["red", "green", "blue"]):
    print(f"{name:5} {np.sum(window[..., channel] * kernel[..., channel]):4}")
print(f"all   {np.sum(window * kernel):4}")
# > red    -30
# > green   12
# > blue     2
# > all    -16

# %% [markdown]
# −30, 12 and 2 are steps on the way; **one** number comes out, −16. The kernel slides over rows and columns only:
# the channels are summed, always all of them. So a kernel for colour is an array of shape (height, width, channels), and
# its feature map is a plain (H', W') array. It is no colour picture any more.

# %% [markdown]
# What is that good for? A kernel can look for a *colour*. Give every pixel of the window the weights −1, 2, −1 for
# red, green and blue, and take the mean of nine such pixels. **Predict** the answer to a grey pixel (100, 100, 100),
# and to the leaf green (95, 120, 77).

# %% tags=["nbval-check-output"]
leaf = np.zeros((3, 3, 3))
leaf[:, :] = np.array([-1, 2, -1]) / 9
for colour in [(100, 100, 100), (95, 120, 77)]:
    pixels = np.full((3, 3, 3), colour)
    print(colour, f"{np.sum(pixels * leaf):.0f}")
# > (100, 100, 100) 0
# > (95, 120, 77) 68

# %% [markdown]
# Grey gives 0, however bright it is: its colours cancel. Leaf green gives 240 − 95 − 77 = 68. Now the photo. The
# course's `conv2d` takes a *batch* of images, (N, rows, columns, channels), and a stack of kernels, (rows, columns,
# channels, number of kernels); here both stacks hold one. **Predict** the shape of the result.

# %% tags=["nbval-check-output"]
face = load_image("face")
greenness = conv2d(face[np.newaxis], leaf[..., np.newaxis])
print(face[np.newaxis].shape, leaf[..., np.newaxis].shape, "->", greenness.shape)

fur, leaves = np.s_[40:60, 30:60], np.s_[150:170, 60:90]
gray = face @ [0.299, 0.587, 0.114]
for name, place in [("fur", fur), ("leaves", leaves)]:
    answer = greenness[0, ..., 0][place].mean()
    print(f"{name:6} brightness {gray[place].mean():3.0f}   greenness {answer:3.0f}")
# > (1, 192, 256, 3) (3, 3, 3, 1) -> (1, 190, 254, 1)
# > fur    brightness 145   greenness -29
# > leaves brightness 108   greenness  72

# %%
panels = plots.show(
    face,
    greenness[0, ..., 0],
    titles=("face, 192 x 256 x 3", "greenness, 190 x 254"),
    kind=("picture", "signed"),
    limit=120,
    caption="Purple: greener than grey. Frames: fur (mean −29) and leaves (mean 72).",
)
for axes in panels:
    plots.mark(axes, 40, 30, 20, 30)
    plots.mark(axes, 150, 60, 20, 30)

# %% [markdown]
# By brightness the fur (145) beats the leaves (108); by greenness the leaves stand out, 72 against −29. No kernel on the
# grey picture can do this with certainty, for there the colour is gone. Size as in lesson 02: 192 − 3 + 1 = 190 rows.
# **Try it**: which weights look for the brown of the eyes, and what do the leaves answer?

# %% [markdown]
# ## What is a layer?
#
# One kernel asks one question. A *layer* asks many at once: a stack of kernels, all of one shape, each with its own
# feature map. Put four questions to the photo: green? brighter to the right? brighter downwards? bright at all?
# **Predict** the shape of the stack and of the answer.

# %% tags=["nbval-check-output"]
blur, step = np.array([1, 2, 1]) / 4, np.array([-1, 0, 1])
per_channel = [np.outer(blur, step), np.outer(step, blur), np.outer(blur, blur)]
all_channels = [np.stack([weights] * 3, axis=-1) / 3 for weights in per_channel]
kernels = np.stack([leaf, *all_channels], axis=-1)
maps = conv2d(face[np.newaxis], kernels)
print("kernels     ", kernels.shape)
print("feature maps", maps.shape)
# > kernels      (3, 3, 3, 4)
# > feature maps (1, 190, 254, 4)

# %%
plots.show(
    *[maps[0, ..., k] for k in range(4)],
    titles=(
        "0: green",
        "1: brighter to the right",
        "2: brighter downwards",
        "3: bright",
    ),
    kind=("signed", "signed", "signed", "positive"),
    columns=2,
    caption="Purple says yes, orange says the opposite. Map 3: the brighter, the more.",
)

# %% [markdown]
# (3, 3, **3**, 4): three rows, three columns, three channels *in*, four channels *out*. The four maps stack up to an
# array of shape (1, 190, 254, **4**): an image again, with four channels that are no colours. So another layer can
# follow, with kernels of shape (3, 3, 4, any number). Networks
# whose layers follow each other like that are called *deep*.

# %% [markdown]
# Keras uses these two orders. Images: number, rows, columns, channels, *NHWC* for short (H is height, W width).
# Kernels: rows, columns, in, out. **Say in words**, before you run the cell, what `kernels[:, :, 1, 0]` is, and
# how many weights it holds.

# %% tags=["nbval-check-output"]
print(kernels[:, :, 1, 0].round(2))
print("kernels[0] has shape", kernels[0].shape)
# > [[0.22 0.22 0.22]
# >  [0.22 0.22 0.22]
# >  [0.22 0.22 0.22]]
# > kernels[0] has shape (3, 3, 4)

# %% [markdown]
# The green slice of kernel 0, nine times 2/9. And a trap: `kernels[0]` is *not* the first kernel; it is the top row of all
# four. The first kernel is `kernels[..., 0]`. PyTorch puts the channels before rows and columns, *NCHW*. To change the
# order, move the axis. **Predict**: `reshape` gives the same shape; does it give the same numbers?

# %% tags=["nbval-check-output"]
moved = np.moveaxis(maps, -1, 1)
reshaped = maps.reshape(1, 4, 190, 254)
print("same shape:", moved.shape == reshaped.shape, moved.shape)
print("same numbers:", np.array_equal(moved, reshaped))
# > same shape: True (1, 4, 190, 254)
# > same numbers: False

# %%
plots.show(
    moved[0, 3],
    reshaped[0, 3],
    titles=("moved axis", "reshaped"),
    kind="positive",
    limit=255,
    caption="Map 3. Reshape reads on as if nothing had moved: four maps, mixed up.",
)

# %% [markdown]
# Same shape, other numbers: `reshape` cuts the row of numbers in other places and mixes the maps. No error
# appears, but pixels that were neighbours are neighbours no more. **Moving** an axis is `moveaxis` or `transpose`.

# %% [markdown]
# ## What is the bias for?
#
# After the sum, each kernel adds one number of its own, its *bias*. It moves the point at which a response counts as
# positive. For the window at the top the sum was −16. **Predict** the response with a bias of 20, and whether the bias
# is added once, three times (for each channel), or twelve times.

# %% tags=["nbval-check-output"]
bias = 20
print("once:              ", np.sum(window * kernel) + bias)
print("for each weight:   ", np.sum(window * kernel + bias))
print("the course's layer:", conv2d(window[np.newaxis], kernel[..., None], [bias]))
# > once:               4
# > for each weight:    224
# > the course's layer: [[[[4.]]]]

# %% [markdown]
# Once: −16 + 20 = **4**. Inside the sum it would count twelve times and give 224. One bias for each *kernel*, whatever
# its height, width and depth. In code, `conv2d` takes all biases as an array of shape (number of kernels,), and adds
# bias k to each cell of feature map k.

# %% [markdown]
# ## What does ReLU throw out?
#
# Last step of a layer: *ReLU* keeps what is above zero and turns the rest into 0. Negatives are thrown out, positives
# stay as they are. **Predict** the row below. And for the Sobel response on ascent: which share of its cells becomes 0?


# %% tags=["nbval-check-output"]
def relu(x):
    return np.maximum(x, 0)


print(relu(np.array([-16, -0.5, 0, 4, 300])))
right = sobel(load_image("ascent")).x
print(f"negative {np.mean(right < 0):.1%}   zero {np.mean(right == 0):.1%}")
print(f"zero after ReLU {np.mean(relu(right) == 0):.1%}, shape {relu(right).shape}")
# > [  0.   0.   0.   4. 300.]
# > negative 41.4%   zero 17.1%
# > zero after ReLU 58.6%, shape (510, 510)

# %%
plots.show(
    right,
    relu(right),
    relu(-right),
    titles=("Sobel, to the right", "after ReLU", "kernel of the other sign"),
    kind="signed",
    limit=400,
    caption="Middle: dark to bright only. Right: ReLU of the negative: bright to dark.",
)

# %% [markdown]
# 41.4 % of the responses were negative and become 0; with the 17.1 % that were 0 before, 58.6 % are 0 now. (The
# rounded shares add up to 58.5.) No cell is removed: the shape stays, and 300 stays 300, for ReLU is no clipping at
# 255. Edges from bright to dark are lost to this kernel. A second kernel with all signs turned finds them.

# %% [markdown]
# Why throw anything away? Because sums of sums are only sums. A layer without ReLU on top of another equals **one** layer with
# a larger kernel, as lesson 02 found: filtering twice is filtering once, with the merged kernel. **Predict**: is that still so
# with a ReLU in between?

# %% tags=["nbval-check-output"]
ascent = load_image("ascent")
first, second = np.outer([1, 2, 1], step), np.arange(9).reshape(3, 3) - 3
merged = convolve2d(first, second, padding="full")
at_once = correlate2d(ascent, merged)
plain = correlate2d(correlate2d(ascent, first), second)
with_relu = correlate2d(relu(correlate2d(ascent, first)), second)
print("merged kernel:", merged.shape)
print("without ReLU, cells that differ:", f"{np.mean(plain != at_once):.0%}")
print("with ReLU, cells that differ:   ", f"{np.mean(with_relu != at_once):.0%}")
# > merged kernel: (5, 5)
# > without ReLU, cells that differ: 0%
# > with ReLU, cells that differ:    76%

# %% [markdown]
# Without ReLU, two layers give nothing that one 5 x 5 kernel could not: not one cell differs. With ReLU, 76 % differ. And
# something new becomes possible. **Work out** relu(x) + relu(−x) for x = −7 and x = 7: which quantity of lesson 04 is
# that?

# %% tags=["nbval-check-output"]
both = relu(right) + relu(-right)
print("equals the absolute value:", np.array_equal(both, np.abs(right)))
# > equals the absolute value: True

# %% [markdown]
# The strength of an edge, whatever its sign: 7 in both cases. No single kernel computes that, since turning
# all signs of the image turns the sign of every sum. Two kernels, ReLU, and a second layer that adds the two maps do.

# %% [markdown]
# Switch channels, bias and ReLU on and off. **Predict**: with which of them left out does ReLU change the result?

# %%
from course_utils import figures

channels = figures.Channels()
channels

# %% tags=["nbval-check-output"]
print(channels.value)
# > 470.0

# %% [markdown]
# 960 − 140 − 250 − 100 = 470. Without the red channel the sum is −490, and ReLU makes it 0. In every other case with red
# the sum stays positive.

# %% [markdown]
# ## How many numbers does a layer learn?
#
# In lesson 09 a network begins with `Conv2D(64, (3, 3), activation="relu")` on images of 28 x 28 pixels. In words:
# "64 filters, relu throws out negatives, one colour byte". You have met the three: **64** kernels; **ReLU**
# after the bias; **one** channel in, each pixel a byte of grey. **Count** the weights and biases: the layer's
# *parameters*.


# %% tags=["nbval-check-output"]
def parameters(height, width, channels_in, channels_out):
    return (height * width * channels_in + 1) * channels_out


print("first layer: (3 * 3 * 1 + 1) * 64 =", parameters(3, 3, 1, 64))
print("second layer: (3 * 3 * 64 + 1) * 64 =", parameters(3, 3, 64, 64))
print("28 x 28 or 512 x 512 pixels: the same, no size stands in the formula")
# > first layer: (3 * 3 * 1 + 1) * 64 = 640
# > second layer: (3 * 3 * 64 + 1) * 64 = 36928
# > 28 x 28 or 512 x 512 pixels: the same, no size stands in the formula

# %% [markdown]
# 640 and 36,928. The second layer has kernels of the same 3 x 3, but each is 64 deep, since it sees all 64
# maps of the first: 576 weights and one bias. What does the same job cost with a dense layer, in which every output has a weight
# of its own for every pixel? **Estimate**: 784 pixels in, 26 · 26 · 64 numbers out.

# %% tags=["nbval-check-output"]
outputs = 26 * 26 * 64
print(f"numbers out: {outputs:,}")
print(f"convolution: {parameters(3, 3, 1, 64):12,} parameters")
print(f"dense:       {784 * outputs + outputs:12,} parameters")
print(f"convolution: {outputs * 3 * 3 * 1:12,} multiplications")
print(f"dense:       {outputs * 784:12,} multiplications")
print(f"second conv: {11 * 11 * 64 * 3 * 3 * 64:12,} multiplications")
# > numbers out: 43,264
# > convolution:          640 parameters
# > dense:         33,962,240 parameters
# > convolution:      389,376 multiplications
# > dense:         33,918,976 multiplications
# > second conv:    4,460,544 multiplications

# %% [markdown]
# 640 parameters instead of 33,962,240: a kernel looks at nine pixels only, and uses the same nine weights at all 676 places.
# That is the whole idea: *local* and *shared*. Multiplications are not shared: 389,376 here, and 4,460,544 in the second layer
# (11 x 11 places after pooling). Few parameters do not mean little work. What is given up: a dense layer can treat
# each place in its own way.

# %% [markdown]
# ## Does Keras compute the same?
#
# Now the proof. Take the four kernels you built above and a bias for each, and copy them **into** Keras's layer. Keras
# computes with `float32`, about seven digits. **Predict**: will the largest difference be exactly 0?

# %%
from course_utils import networks

keras = networks.load_keras()  # imports TensorFlow: some seconds
images = (face[np.newaxis] / 255).astype(np.float32)
biases = np.array([-0.1, 0, 0, 0.5])

layer = keras.layers.Conv2D(4, (3, 3))
layer.build(images.shape)
layer.set_weights([kernels, biases])

# %% tags=["nbval-check-output"]
from_keras = np.asarray(layer(images))
ours = conv2d(images, kernels, biases)
print("shapes:", from_keras.shape, ours.shape)
print("parameters:", layer.count_params(), "and", parameters(3, 3, 3, 4))
print("largest difference below 1e-5:", np.abs(from_keras - ours).max() < 1e-5)
print("the same weights come back:", np.allclose(layer.get_weights()[0], kernels))
# > shapes: (1, 190, 254, 4) (1, 190, 254, 4)
# > parameters: 112 and 112
# > largest difference below 1e-5: True
# > the same weights come back: True

# %% [markdown]
# Equal to five digits and more, in all 193,040 cells; rounding leaves a difference in the last digits, so never
# compare floats with `==`. Nothing is flipped: Keras's convolution is correlation, as lesson 02 said. And with a stride, with
# padding, with ReLU, with random weights? **Predict** each shape with lesson 05 first.

# %% tags=["nbval-check-output"]
weights = np.random.default_rng(7).normal(size=(3, 3, 3, 64))
biases = np.random.default_rng(8).normal(size=64)
for stride, padding in [(1, "valid"), (1, "same"), (2, "same"), (2, "valid")]:
    layer = keras.layers.Conv2D(64, 3, stride, padding, activation="relu")
    layer.build(images.shape)
    layer.set_weights([weights, biases])
    ours = relu(conv2d(images, weights, biases, stride=stride, padding=padding))
    close = np.abs(np.asarray(layer(images)) - ours).max() < 1e-5
    print(f"stride {stride}, {padding:5} {ours.shape!s:18} equal to 1e-5: {close}")
# > stride 1, valid (1, 190, 254, 64)  equal to 1e-5: True
# > stride 1, same  (1, 192, 256, 64)  equal to 1e-5: True
# > stride 2, same  (1, 96, 128, 64)   equal to 1e-5: True
# > stride 2, valid (1, 95, 127, 64)   equal to 1e-5: True

# %% [markdown]
# All four agree. So a convolution layer holds no secret: sums of products, a bias, a maximum with zero. What is left is
# where the weights come from, which is the question of lesson 08.

# %% [markdown]
# ## Why is one matrix product enough?
#
# Many kernels at many places, in a Python loop, take long. The trick of many libraries: write each window as one **row**
# of a matrix. It is called *im2col*, image to columns (some libraries let each window be a column instead). Here a 3 x 4
# image and a 2 x 2 kernel. **Write down** the first two rows: which numbers appear in both?


# %% tags=["nbval-check-output"]
def im2col(image, height, width):
    rows, columns = image.shape[0] - height + 1, image.shape[1] - width + 1
    windows = []
    for row in range(rows):
        for column in range(columns):
            windows.append(image[row : row + height, column : column + width].ravel())
    return np.array(windows)


small = np.arange(1, 13).reshape(3, 4)
print(im2col(small, 2, 2))
# > [[ 1  2  5  6]
# >  [ 2  3  6  7]
# >  [ 3  4  7  8]
# >  [ 5  6  9 10]
# >  [ 6  7 10 11]
# >  [ 7  8 11 12]]

# %%
plots.show(
    small,
    im2col(small, 2, 2),
    titles=("image", "one row for each window"),
    kind="positive",
    caption="Row 0 is the window at [0, 0]: 1, 2, 5, 6. Six windows, six rows.",
)

# %% [markdown]
# Six positions, four weights: shape (6, 4). 2 and 6 stand in the first two rows, for these windows overlap; 6 and 7 stand in four
# rows each. Write the kernel as a *column* of four numbers: then "multiply and add" for all windows is one product of a
# matrix with a column. **Predict**: what changes with a second kernel?

# %% tags=["nbval-check-output"]
two = np.array([[[1, 0], [0, -1]], [[0, 1], [1, 0]]])  # two kernels of 2 x 2
as_columns = two.reshape(2, 4).T
answers = im2col(small, 2, 2) @ as_columns
print("(6, 4) @ (4, 2) =", answers.shape)
print(answers[:, 1].reshape(2, 3))
print(correlate2d(small, two[1]))
# > (6, 4) @ (4, 2) = (6, 2)
# > [[ 7  9 11]
# >  [15 17 19]]
# > [[ 7.  9. 11.]
# >  [15. 17. 19.]]

# %% [markdown]
# A second kernel is a second column; 64 kernels are 64 columns, and still **one** product. With channels a row holds
# height · width · channels numbers. Is it faster, though each pixel is copied up to nine times? The next cells compute a small
# layer, 8 channels in and 24 out, in three ways. **Guess** the order, and the ratios.

# %%
from time import perf_counter

random = np.random.default_rng(0)
image = random.normal(size=(14, 14, 8)).astype(np.float32)
weights = random.normal(size=(3, 3, 8, 24)).astype(np.float32)
rows = im2col(image, 3, 3)  # 144 windows of 3 * 3 * 8 = 72 numbers
matrix = weights.reshape(72, 24)


def by_loops():
    answers = np.zeros((144, 24))
    for position in range(144):
        for k in range(24):
            answers[position, k] = np.sum(rows[position] * matrix[:, k])
    return answers


assert np.allclose(by_loops(), rows @ matrix, atol=1e-3)


# %%
def milliseconds(compute, times):
    runs = []
    for _ in range(times):
        start = perf_counter()
        compute()
        runs.append(1000 * (perf_counter() - start))
    return min(runs)  # the run that was disturbed least


loop = milliseconds(by_loops, 5)
add = milliseconds(lambda: (rows[:, :, np.newaxis] * matrix).sum(axis=1), 5)
product = milliseconds(lambda: rows @ matrix, 50)
copying = milliseconds(lambda: im2col(image, 3, 3), 5)
print(f"Python loop {loop:.0f} ms, NumPy multiply and sum {add:.2f} ms")
print(f"matrix product {product:.3f} ms, copying the windows {copying:.1f} ms")
print(f"copy and product: {loop / (copying + product):.0f} times as fast as the loop")
print(f"the product alone: {add / product:.0f} times as fast as multiply and sum")

# %% [markdown]
# All three do the same 144 · 72 · 24 = 248,832 multiplications; the last two lines show the ratios. The first comes from Python's
# steps, as in lesson 02. The second is new: multiply and sum writes every product to memory before it adds; a matrix product
# adds at once, keeps blocks of numbers close to the processor, and multiplies several in one step. The price is memory: 10,368
# numbers for an image of 1,568.

# %% [markdown]
# ## Five questions
#
# Each choice is explained, the wrong ones, too.

# %%
from course_utils import quiz

quiz("07")

# %% [markdown]
# ## Summary
#
# - You computed one number of a layer by hand: twelve products over three channels, −16, bias 20, ReLU, **4**. Channels are
#   summed; the bias is added once; ReLU made 58.6 % of a Sobel response 0.
# - You counted: 640 parameters and 389,376 multiplications in the first layer of lesson 09, 36,928 parameters in the second.
# - You built the layer, and it equals `Conv2D` to 1e-5. im2col makes one matrix product of it.
#
# The formula to keep, for output channel $k$:
#
# $$\text{out}[r, c, k] = \operatorname{relu}\Big(b_k + \sum_{i,\,j,\,m} \text{in}[r + i,\ c + j,\ m] \cdot \text{kernel}[i, j, m, k]\Big)$$

# %% [markdown]
# ## Next
#
# You chose the weights of this lesson yourself; in lesson 08 a computer finds them, starting from noise.
