# %% [markdown]
# # 06 · Pooling
#
# Keep one number of each four, and see what an image can do without.
#
# **You will be able to** pool by hand and with two loops, say what happens at odd sizes and at a padded
# border, and tell how much pooling helps when an image moves, with measured numbers.
#
# **You need**: lessons 02, 04 and 05 (sliding windows, Sobel, output sizes). **Time**: 35 minutes

# %% [markdown]
# ## What is left of four pixels?
#
# *Pooling* divides an image into windows and keeps one number of each. *Max pooling* keeps the largest,
# *average pooling* the mean. Take the top left corner of the patch you know: 0, 64, 48, 192. **Write down**
# both results, and then: which part of the pixels is left?

# %% tags=["nbval-check-output"]
import numpy as np

from course_utils import average_pool2d, max_pool2d, plots

corner = np.array([[0, 64], [48, 192]])
print("max", corner.max(), "  average", corner.mean())
# > max 192   average 76.0

# %% [markdown]
# The largest is 192; the mean is 304 / 4 = 76. One pixel of four is left: 25 %. You can read that max
# pooling "reduces the image by 25 %". It keeps 25 %; it reduces *by* 75 %. Now a whole image of 4 rows and
# 6 columns. **Fill in** the six maxima before you run the cell.

# %%
image = np.array(
    [
        [0, 64, 128, 130, 120, 90],
        [48, 192, 144, 140, 60, 30],
        [142, 226, 168, 90, 20, 10],
        [200, 210, 110, 40, 10, 0],
    ],
    dtype=np.uint8,
)
plots.show_pooling(
    image,
    max_pool2d(image, 2),
    2,
    titles=("windows of 2 x 2", "max pooling"),
    caption="One number a frame. Top left: the largest of 0, 64, 48, 192 is 192.",
)

# %%
plots.show_pooling(
    image,
    average_pool2d(image, 2),
    2,
    titles=("windows of 2 x 2", "average pooling"),
    caption="The same windows, their means. Top left: (0 + 64 + 48 + 192) / 4 = 76.",
)

# %% [markdown]
# 4 x 6 became 2 x 3, both sides halved. The windows do not overlap: the stride, the step from one window to
# the next, is as large as the window. That is the difference to the sliding of lesson 02. Maxima pick the
# bright pixel of each window; means mix all four, so each is at most as large.

# %% [markdown]
# ## Where is the kernel?
#
# In lesson 02 the inner line of the double loop was `np.sum(window * kernel)`. **Predict**: what has to
# change in it for max pooling, and where does the window start now?


# %% tags=["nbval-check-output"]
def max_pool_2x2(image):
    height, width = image.shape[0] // 2, image.shape[1] // 2
    pooled = np.zeros((height, width))
    for row in range(height):
        for column in range(width):
            window = image[2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
            pooled[row, column] = window.max()
    return pooled


print(max_pool_2x2(image))
print(np.array_equal(max_pool_2x2(image), max_pool2d(image, 2)))
# > [[192. 144. 120.]
# >  [226. 168.  20.]]
# > True

# %% [markdown]
# There is no kernel: no number in a pool could change by training. **Nothing is learned**, a pooling layer
# has 0 parameters. Exercise 6.1 asks you to free this loop from its twos. NumPy has a trick for even sizes:
# cut each axis into pairs, then take the maximum over both pair axes.

# %% tags=["nbval-check-output"]
pairs = image.reshape(2, 2, 3, 2)
print(pairs.max(axis=(1, 3)))
# > [[192 144 120]
# >  [226 168  20]]

# %% [markdown]
# Axes 0 and 2 say which window, axes 1 and 3 which pixel in it. Now a question about the average: lesson 03
# had a kernel that gives the mean of its window. **Predict**: is average pooling a correlation? Is max
# pooling one, with some clever kernel?

# %% tags=["nbval-check-output"]
from course_utils import box_kernel, correlate2d

by_kernel = correlate2d(image, box_kernel(2), stride=2)
print("average:", np.array_equal(average_pool2d(image, 2), by_kernel))
a, b = np.array([[4, 0], [0, 0]]), np.array([[0, 0], [0, 4]])
print("maxima one by one:", a.max() + b.max(), "  maximum of the sum:", (a + b).max())
# > average: True
# > maxima one by one: 8   maximum of the sum: 4

# %% [markdown]
# Average pooling is a correlation with the weights ¼, ¼, ¼, ¼ and stride 2. Max pooling is none: for every
# kernel, the result for a sum of images is the sum of the results (it is *linear*), and 8 is not 4.

# %% [markdown]
# Try both pools on one picture, with other windows and strides. **Predict**: which stride leaves pixels that
# no window holds? They are hatched.

# %%
from course_utils import figures

pool = figures.Pooling()
pool

# %% tags=["nbval-check-output"]
print(pool.pooled)
# > [[192.0, 144.0, 220.0], [226.0, 168.0, 255.0]]

# %% [markdown]
# A stride larger than the window skips pixels between the windows; a size that does not divide the image
# drops them at the end. Move the image by a pixel, too: a later section measures what you see.

# %% [markdown]
# ## What happens at odd sizes?
#
# An image of 5 rows and 7 columns, windows of 2 x 2. **Predict** the size of the result, and what becomes
# of the last row and the last column.

# %%
odd = np.arange(35).reshape(5, 7)
plots.show_pooling(
    odd,
    max_pool2d(odd, 2),
    2,
    titles=("5 x 7", "max pooling"),
    caption="Pixels outside all frames are not looked at, not even the largest, 34.",
)

# %% [markdown]
# 5 x 7 gives 2 x 3: half, rounded *down*. The last row and column fill no window and are dropped, whatever
# they hold: here even the maximum 34. The formula of lesson 05 knows that, with the window as kernel.
# **Predict** the four sizes of the network of lesson 09, which starts with 28: filter 3, pool 2, filter 3,
# pool 2.

# %% tags=["nbval-check-output"]
from course_utils import output_size

sizes = [28]
for window, stride in [(3, 1), (2, 2), (3, 1), (2, 2)]:
    sizes.append(output_size(sizes[-1], window, stride=stride))
print(sizes)
# > [28, 26, 13, 11, 5]

# %% [markdown]
# **11 pooled by 2 is 5**, not 5.5 and not 6: floor((11 − 2) / 2) + 1 = 4 + 1. Of these 121 cells, 21 are
# never looked at.

# %% [markdown]
# ## Must the step be the size?
#
# No. A window of 3 that moves by 2 overlaps its neighbours. **Work out** all three rows for 1, 5, 2, 8, 3,
# 4, 7: size 3 and stride 2; size 2 and stride 1; size 1 and stride 2.

# %% tags=["nbval-check-output"]
row = np.array([[1, 5, 2, 8, 3, 4, 7]])
for size, stride in [(3, 2), (2, 1), (1, 2)]:
    print(
        f"size {size}, stride {stride}:", max_pool2d(row, (1, size), stride=(1, stride))
    )
# > size 3, stride 2: [[5. 8. 7.]]
# > size 2, stride 1: [[5. 5. 8. 8. 4. 7.]]
# > size 1, stride 2: [[1. 2. 3. 7.]]

# %% [markdown]
# Size and stride do different jobs: the stride decides how much smaller the result is, the size how far
# each number looks around. With stride 1 nothing shrinks except the border, and each peak (5, 8) gets wide.
# With size 1 nothing is pooled: it is the slice `row[:, ::2]`. Keras calls the two `pool_size` and
# `strides`.

# %% [markdown]
# ## What must padding never do?
#
# With `padding="same"` an odd image gets a row and a column more, so that its edge is not dropped. All
# pixels here are *negative*, as 40 % of the Sobel responses in lesson 04 were. **Predict** the result if
# the added cells hold 0, as in lesson 05.

# %%
negative = np.array([[-9, -8, -7], [-6, -5, -4], [-3, -2, -1]])
with_zeros = np.pad(negative, ((0, 1), (0, 1)))
plots.show(
    with_zeros,
    max_pool2d(with_zeros, 2),
    max_pool2d(negative, 2, padding="same"),
    titles=("padded with zeros", "zeros count", "zeros ignored"),
    kind="signed",
    limit=9,
    caption="The last window holds −1 and three added zeros. The largest pixel is −1.",
)

# %% [markdown]
# Three of four numbers are 0, and there is no 0 in the image. An added cell must never win, so it counts as
# minus infinity: `max_pool2d` and Keras do so. (A loop that starts with `largest = 0` has the same error,
# without any padding.) **Predict** for the average: a flat image of 8, padded with zeros. Which numbers
# come out?

# %% tags=["nbval-check-output"]
flat = np.full((3, 3), 8)
print(average_pool2d(np.pad(flat, ((0, 1), (0, 1))), 2))
print(average_pool2d(flat, 2, padding="same"))
# > [[8. 4.]
# >  [4. 2.]]
# > [[8. 8.]
# >  [8. 8.]]

# %% [markdown]
# With zeros the border of a flat image gets dark: 8 / 2 = 4, and 8 / 4 = 2 in the corner. `average_pool2d`
# divides by the number of *real* cells, as Keras does. PyTorch counts the zeros unless told otherwise: one
# more place where two libraries differ at the border.

# %% [markdown]
# ## Do edges survive?
#
# Back to ascent: filter, then pool, as a network does. **Predict** the three sizes, starting from 512 x
# 512: after a 3 x 3 kernel, after 2 x 2 pooling. How many of the 262,144 numbers are left?

# %% tags=["nbval-check-output"]
from course_utils import kernel, load_image

ascent = load_image("ascent")
pooled = []
for name in ["sobel_y", "sobel_x", "laplacian"]:
    response = np.abs(correlate2d(ascent, kernel(name).weights))
    pooled.append(max_pool2d(response, 2))
    print(name, ascent.shape, response.shape, pooled[-1].shape, pooled[-1].size)
# > sobel_y (512, 512) (510, 510) (255, 255) 65025
# > sobel_x (512, 512) (510, 510) (255, 255) 65025
# > laplacian (512, 512) (510, 510) (255, 255) 65025

# %%
from course_utils import to_display

plots.show(
    *[to_display(response, "clip") for response in pooled],
    titles=("sobel_y, pooled", "sobel_x, pooled", "Laplacian, pooled"),
    caption="255 x 255 pixels each; each is the largest of four absolute values.",
)

# %% [markdown]
# 512, 510, 255, and no edge is missing at first sight. But `np.abs` comes first, before the pool.
# **Predict** what max pooling does to a response *with* its sign: how many strong edges from bright to
# dark, below −200, are left, and how many from dark to bright, above 200?

# %% tags=["nbval-check-output"]
signed = correlate2d(ascent, kernel("sobel_x").weights)
for label, response in [("not pooled", signed), ("max pooled", max_pool2d(signed, 2))]:
    low, high = np.mean(response < -200), np.mean(response > 200)
    print(f"{label}: below -200 {low:.1%}   above 200 {high:.1%}")
# > not pooled: below -200 3.5%   above 200 3.6%
# > max pooled: below -200 0.9%   above 200 6.8%

# %% [markdown]
# Of −400 and 0, the maximum keeps the 0: three quarters of the dark flanks are lost, the bright ones
# spread. A maximum is on the side of the positive numbers. Now pool the Sobel magnitude three times, by 8
# in all. **Predict**: which pool keeps the strongest edge, and which one the mean?

# %% tags=["nbval-check-output"]
from course_utils import sobel

magnitude = sobel(ascent).magnitude
by_max = by_average = magnitude
print(f"not pooled: largest {magnitude.max():.1f}  mean {magnitude.mean():.1f}")
for times in [1, 2, 3]:
    by_max, by_average = max_pool2d(by_max, 2), average_pool2d(by_average, 2)
    print(f"{times} max:     largest {by_max.max():.1f}  mean {by_max.mean():.1f}")
    print(
        f"{times} average: largest {by_average.max():.1f}  mean {by_average.mean():.1f}"
    )
# > not pooled: largest 973.3  mean 67.0
# > 1 max:     largest 973.3  mean 103.2
# > 1 average: largest 774.7  mean 67.0
# > 2 max:     largest 973.3  mean 152.5
# > 2 average: largest 583.9  mean 66.9
# > 3 max:     largest 973.3  mean 214.6
# > 3 average: largest 406.3  mean 66.7

# %%
plots.show(
    magnitude,
    by_max,
    by_average,
    titles=("magnitude, 510 x 510", "max, 63 x 63", "average, 63 x 63"),
    kind="positive",
    limit=500,
    caption="500 and more is white in all. One pixel on the right: 8 x 8 on the left.",
)

# %% [markdown]
# Max pooling keeps the strongest edge at 973.3 and draws lines wide and bright, until everything is bright:
# the mean grows from 67 to 215. Average pooling keeps the mean and lets thin edges fade: the largest falls
# to 406.3. Max asks "is there an edge anywhere in here?", average "how much edge is here?".

# %% [markdown]
# "Largest" also means the largest *mistake*. A flat grey of 100 with noise of standard deviation 20, as in
# lesson 04: **predict** the mean after each pool, and whether the noise gets larger or smaller.

# %% tags=["nbval-check-output"]
noisy = np.random.default_rng(0).normal(100, 20, (400, 400))
for label, pool in [("max", max_pool2d), ("average", average_pool2d)]:
    print(f"{label:7} mean {pool(noisy, 2).mean():.1f}  std {pool(noisy, 2).std():.1f}")
# > max     mean 120.6  std 14.1
# > average mean 100.0  std 10.0

# %% [markdown]
# The largest of four noisy numbers lies about one standard deviation too high: 120.6 instead of 100. The
# average stays at 100 and halves the noise. Max pooling suits responses where a large number means "found";
# for measuring, average is the honest one.

# %% [markdown]
# ## What becomes of colours?
#
# Two pixels of a window are red and blue, two are black. Each channel is pooled **on its own**. **Predict**
# the colour that max pooling gives, and the shape that a colour photo of 192 x 256 x 3 becomes.

# %% tags=["nbval-check-output"]
window = np.zeros((1, 2, 2, 3))
window[0, 0, 0] = [255, 0, 0]
window[0, 1, 1] = [0, 0, 255]
print(
    "max", max_pool2d(window, 2)[0, 0, 0], " mean", average_pool2d(window, 2)[0, 0, 0]
)
face = load_image("face")[np.newaxis]
print(face.shape, max_pool2d(face, 2).shape)
# > max [255.   0. 255.]  mean [63.75  0.   63.75]
# > (1, 192, 256, 3) (1, 96, 128, 3)

# %%
plots.show(
    face[0],
    to_display(max_pool2d(face, 8)[0], "clip"),
    to_display(average_pool2d(face, 8)[0], "clip"),
    titles=("192 x 256 pixels", "max pooled by 8", "average pooled by 8"),
    caption="Middle, right: 24 x 32. Each channel's maximum may be another pixel's.",
)

# %% [markdown]
# Magenta, a colour that none of the four pixels has. Rows and columns shrink, channels never do: 64 feature
# maps stay 64 feature maps. On a photo max pooling gives a pale image with too much light; it is meant for
# responses, not for looking at. (The first axis, 1, counts images: Keras's layout, N x H x W x C.)

# %% [markdown]
# ## Does the output stay when the image moves?
#
# It is often said that pooling makes a network indifferent to small shifts. Start small: a bright line in
# column 2 of 8, pooled by 2. **Predict** in which cell the line is after pooling, and after the image has
# moved by one pixel, and by two.

# %% tags=["nbval-check-output"]
line = np.zeros((2, 8))
line[:, 2] = 9
for shift in range(4):
    moved = np.roll(line, shift, axis=1)
    print("shift", shift, " raw", moved[0], " pooled", max_pool2d(moved, 2)[0])
# > shift 0  raw [0. 0. 9. 0. 0. 0. 0. 0.]  pooled [0. 9. 0. 0.]
# > shift 1  raw [0. 0. 0. 9. 0. 0. 0. 0.]  pooled [0. 9. 0. 0.]
# > shift 2  raw [0. 0. 0. 0. 9. 0. 0. 0.]  pooled [0. 0. 9. 0.]
# > shift 3  raw [0. 0. 0. 0. 0. 9. 0. 0.]  pooled [0. 0. 9. 0.]

# %% [markdown]
# From 0 to 1 nothing changes: the line stays in its window. From 1 to 2 it moves by only one pixel too, and
# the output jumps. Whether a shift by one is forgiven depends on where the line happens to be. Now measure
# it on ascent: cut 256 x 256 from the Sobel magnitude, cut again 0 to 4 columns further, and compare the
# two, unpooled (`np.asarray`) and pooled. The last number of each line: which part of the cells changes
# with a shift of 1.

# %% tags=["nbval-check-output"]
pools = {"unpooled": np.asarray, "average": average_pool2d, "max": max_pool2d}
change = {}
for name, pool in pools.items():
    start = pool(magnitude[100:356, 100:356])
    moved = [pool(magnitude[100:356, 100 + shift : 356 + shift]) for shift in range(5)]
    change[name] = [np.abs(after - start).mean() / start.std() for after in moved]
    print(f"{name:8} {np.round(change[name], 2)}  {np.mean(moved[1] != start):.0%}")
# > unpooled [0.   0.34 0.51 0.59 0.63]  85%
# > average  [0.   0.25 0.44 0.54 0.6 ]  89%
# > max      [0.   0.21 0.39 0.51 0.58]  68%

# %%
plots.show_curves(
    change,
    x=range(5),
    xlabel="shift of the image in pixels",
    ylabel="change / standard deviation",
    title="How much the output changes",
    caption="Mean absolute change, in standard deviations. Lower is more tolerant.",
)

# %% [markdown]
# A shift of one pixel changes 85 % of the cells without pooling, 68 % with max pooling, and more than
# before, 89 %, with the average. The size of the change falls from 0.34 to 0.25 and 0.21. At four pixels
# all three are nearly alike: 0.63, 0.60 and 0.58. So pooling *dampens* a shift of one pixel; it does not
# remove it. **Try it**: shift the rows instead of the columns. Do you expect other numbers?

# %% [markdown]
# And what about a shift of exactly two? **Predict** how the pooled map of the moved image relates to the
# pooled map of the image at rest.

# %% tags=["nbval-check-output"]
at_rest = max_pool2d(magnitude[100:356, 100:356], 2)
moved = max_pool2d(magnitude[100:356, 102:358], 2)
print("cells that stay:", f"{np.mean(moved == at_rest):.0%}")
print("the same map, one cell further:", np.array_equal(moved[:, :-1], at_rest[:, 1:]))
# > cells that stay: 11%
# > the same map, one cell further: True

# %% [markdown]
# The map has not stayed, it has moved along by one cell. So pooling halves the *distance* a thing moves;
# after several pools a shift of a few pixels is a shift of less than one cell. The rest of the tolerance
# has to be learned from examples in many places. Lesson 11 measures it on a network.

# %% [markdown]
# ## What if the window is the whole image?
#
# *Global average pooling* keeps one mean for each channel: (N, H, W, C) becomes (N, C). At the end of the
# network of lesson 09 there are 64 maps of 5 x 5. A dense layer with 128 units follows: one weight for each
# number and unit, and 128 biases. **Work out** how many parameters it has with all numbers in one row
# (`Flatten`), and how many with means.

# %% tags=["nbval-check-output"]
from course_utils import global_average_pool2d

maps = np.random.default_rng(0).random((1, 5, 5, 64))
means = global_average_pool2d(maps)
rolled = np.roll(maps, 2, axis=2)
print(maps.shape, means.shape)
print("equal after a roll:", np.allclose(means, global_average_pool2d(rolled)))
print(
    f"parameters: {5 * 5 * 64 * 128 + 128:,} flattened, {64 * 128 + 128:,} with means"
)
# > (1, 5, 5, 64) (1, 64)
# > equal after a roll: True
# > parameters: 204,928 flattened, 8,320 with means

# %% [markdown]
# 204,928 against 8,320. Here the position really does not matter: roll the maps around and the means are
# the same. The price is that *where* is forgotten entirely; only *how much of each* is left. Whether a
# network can afford that is a matter of trying.

# %% [markdown]
# ## What does Keras call it?
#
# | here | Keras layer | parameters |
# |---|---|---|
# | `max_pool2d(images, 2)` | `MaxPooling2D((2, 2))` | 0 |
# | `average_pool2d(images, 2)` | `AveragePooling2D((2, 2))` | 0 |
# | `max_pool2d(images, 3, stride=2)` | `MaxPooling2D(3, strides=2)` | 0 |
# | `max_pool2d(images, 2, padding="same")` | `MaxPooling2D(2, padding="same")` | 0 |
# | `global_average_pool2d(images)` | `GlobalAveragePooling2D()` | 0 |
#
# The defaults agree: the stride is the size unless given, and padding is "valid". A pool learns nothing,
# yet saves work: after pooling 26 x 26 to 13 x 13, the next 3 x 3 filter has 11 · 11 = 121 positions
# instead of 24 · 24 = 576.

# %% [markdown]
# ## Five questions
#
# Each choice explains itself. Where the quiz cannot be clicked, answer with letters as its last line shows.

# %%
from course_utils import quiz

quiz("06")

# %% [markdown]
# ## Summary
#
# You pooled by hand (192 and 76) and with two loops that have no kernel and 0 parameters. 25 % of the
# pixels stayed; 11 became 5; an added cell neither won a maximum nor counted in a mean. A shift by one
# pixel changed the max-pooled map by 0.21 instead of 0.34 standard deviations, and four pixels were too
# far. The formula to keep, for n cells, size k and stride s:
#
# $$\left\lfloor \frac{n - k}{s} \right\rfloor + 1$$

# %% [markdown]
# ## Next
#
# You have both parts of a convolutional network, filters and pools: lesson 07 stacks many filters into a
# layer, with channels, biases and ReLU.
