# %% [markdown]
# # 05 · Padding, stride and output size
#
# One formula says how large every feature map is, which pixels are never looked at, and how far a network can
# see.
#
# **You will be able to** predict the output size for any kernel, padding, stride and dilation, tell where
# Keras's `same` puts its zeros and what they do to the border, and compute the receptive field of a stack of
# layers.
#
# **You need**: lessons 02 and 03 (sliding, border rules). **Time**: 40 minutes

# %% [markdown]
# ## How many places does a kernel have?
#
# Lesson 02 counted: a kernel of 3 has 6 places on a row of 8 pixels, $n - k + 1$. The sizes of rows and
# columns are computed in the same way and do not know of each other, so one axis is enough. New is the
# *stride*: the step from one place to the next. **Write down**: at which pixels does the kernel start if the
# stride is 2? How many places are that? And which pixel does no window reach?

# %%
from course_utils import correlate2d, output_size, plots
import numpy as np

row = np.arange(1, 9)[np.newaxis]
axes = plots.show(
    *[row] * 3,
    titles=("start at index 0", "start at index 2", "start at index 4"),
    columns=1,
    caption="A start at index 6 would need indices 6, 7 and 8. The last index is 7.",
)
for start, panel in zip([0, 2, 4], axes):
    plots.mark(panel, 0, start, 1, 3)

# %% tags=["nbval-check-output"]
digits = np.array([[1, 10, 100]])
print("stride 1:", correlate2d(row, digits))
print("stride 2:", correlate2d(row, digits, stride=(1, 2)))
print("sizes:", output_size(8, 3), output_size(8, 3, stride=2))
# > stride 1: [[321. 432. 543. 654. 765. 876.]]
# > stride 2: [[321. 543. 765.]]
# > sizes: 6 3

# %% [markdown]
# Three places, and the last pixel, which holds 8, is in no window. The kernel 1, 10, 100 makes the windows
# readable: 321 is the window 1, 2, 3 read backwards. Stride 2 gives every second number of stride 1: 321,
# 543, 765. At stride 1 the last start is index 8 − 3 = 5. With steps of 2 one gets 5 / 2 = 2.5 steps far;
# half a step is none. 2 steps, and the start itself: 3 places.
#
# $$\lfloor (n - k) / s \rfloor + 1$$

# %% [markdown]
# The brackets $\lfloor\ \rfloor$ mean *rounded down*, in Python `//`. What is lost by it? Count for an image
# of 8 x 8 how often each pixel is looked at, with 3 x 3 and stride 2. **Predict** the number at a corner, the
# largest number, and the last row.

# %%
looked_at = np.zeros((8, 8), dtype=int)
for top in range(0, 8 - 3 + 1, 2):
    for left in range(0, 8 - 3 + 1, 2):
        looked_at[top : top + 3, left : left + 3] += 1
plots.show(
    looked_at,
    titles="in how many windows is each pixel?",
    caption="4 = 2 x 2: two windows overlap in each direction. The last lines: 0.",
)

# %% [markdown]
# Nine windows of nine pixels. Some pixels are in four of them; the last row and the last column, 15 of 64
# pixels, are in none, and could hold anything. Nothing warns you. With 9 x 9 pixels it comes out even, $(9 -
# 3) / 2 = 3$: sixteen windows, and every pixel is seen. Now on ascent: is a stride of 2 something new, or is
# it the same as throwing away every second result? **Decide**, then run.

# %% tags=["nbval-check-output"]
from course_utils import kernel, load_image

ascent = load_image("ascent")
blur = kernel("gaussian_3").weights / 16
strided = correlate2d(ascent, blur, stride=2)
print(strided.shape, np.array_equal(strided, correlate2d(ascent, blur)[::2, ::2]))
# > (255, 255) True

# %% [markdown]
# The same numbers: 510 results in a row become 255. The stride does not compute anything else, it computes
# *less*, a quarter of the products. In Keras it is `Conv2D(..., strides=2)`. **Try it**: stride 3; predict
# the size first.

# %% [markdown]
# ## What does padding buy?
#
# *Padding* puts cells around the image, mostly zeros: $p$ cells at *both* ends of each axis, so $n$ becomes
# $n + 2p$. With that the formula is complete:
#
# $$n' = \left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1$$
#
# **Fill in** the last column on paper before you run the cell. In which rows does the size stay?

# %% tags=["nbval-check-output"]
print("size  kernel  padding  stride  output")
for size, k, p, s in [
    (28, 3, 0, 1),
    (28, 3, 1, 1),
    (28, 5, 2, 1),
    (28, 3, 1, 2),
    (11, 2, 0, 2),
    (224, 7, 3, 2),
]:
    output = output_size(size, k, padding=p, stride=s)
    print(f"{size:4} {k:7} {p:8} {s:7} {output:7}")
# > size  kernel  padding  stride  output
# >   28       3        0       1      26
# >   28       3        1       1      28
# >   28       5        2       1      28
# >   28       3        1       2      14
# >   11       2        0       2       5
# >  224       7        3       2     112

# %% [markdown]
# With stride 1 and an odd kernel, $p = (k - 1) / 2$ keeps the size: 1 for a kernel of 3, 2 for 5. Three names
# stand for three amounts. *valid*: none, the kernel stays on the image. *same*: as much as keeps the size at
# stride 1. *full*: $k - 1$ at both ends, wherever the kernel still touches a pixel. **Predict** the three
# sizes for 8 pixels and a kernel of 3.

# %% tags=["nbval-check-output"]
for padding in ["valid", "same", "full"]:
    result = correlate2d(row, digits, padding=padding)[0]
    print(f"{padding:6} {len(result):3} ", result.astype(int))
# > valid    6  [321 432 543 654 765 876]
# > same     8  [210 321 432 543 654 765 876  87]
# > full    10  [100 210 321 432 543 654 765 876  87   8]

# %% [markdown]
# 6, 8 and 10 numbers, and the longer ones contain the shorter ones: padding adds results at the ends and
# changes none. (Rows need no padding here, for the kernel is one row high.) Now the network of lesson 09: a
# filter of 3, a pool of 2 with stride 2, a filter of 3, a pool of 2. A pool slides as well, and the formula
# does not ask what happens in the window. **Write down** four numbers after 28.

# %% tags=["nbval-check-output"]
size = 28
for name, k, s in [("filter", 3, 1), ("pool", 2, 2), ("filter", 3, 1), ("pool", 2, 2)]:
    steps = (size - k) / s
    size = output_size(size, k, stride=s)
    print(f"{name:6} {k} x {k}, stride {s}: {steps} steps, size {size}")
# > filter 3 x 3, stride 1: 25.0 steps, size 26
# > pool   2 x 2, stride 2: 12.0 steps, size 13
# > filter 3 x 3, stride 1: 10.0 steps, size 11
# > pool   2 x 2, stride 2: 4.5 steps, size 5

# %% [markdown]
# 28 → 26 → 13 → 11 → 5. The last pool makes 4.5 steps into 4: of 11 rows it uses 10. People who round up
# expect 6, and Keras does build 6 if you write `padding="same"`: always look at the rule before you round.

# %% [markdown]
# ## What do the zeros do to the border?
#
# A flat grey of 100, a mean of 3 x 3, zeros around. **Predict** three numbers: in the middle, at an edge, in
# a corner. Then a Sobel kernel, which looks for changes: what does it find in an image in which nothing
# changes?

# %%
from course_utils import box_kernel

flat = np.full((5, 6), 100)
plots.show(
    correlate2d(flat, box_kernel(3), padding="same"),
    correlate2d(flat, kernel("sobel_x").weights, padding="same"),
    titles=("mean of 3 x 3", "sobel_x"),
    caption="Left corner: 4 of 9 cells are pixels, 400 / 9 = 44.44. Edge: 600 / 9.",
)

# %% [markdown]
# 100 in the middle, 66.67 at the edges, 44.44 in the corners: the padding **darkens**. And Sobel sees an edge
# of 400, as strong as a real one from 0 to 100, because for the kernel it *is* real: the world ends there.
# How many cells are touched? **Predict** the share for 28 x 28 pixels after one layer of 3 x 3, and after
# five.

# %% tags=["nbval-check-output"]
picture = np.full((28, 28), 100.0)
for layer in range(1, 6):
    picture = correlate2d(picture, box_kernel(3), padding="same")
    touched = np.mean(picture < 99.999)
    print(f"after {layer}: {touched:.0%} touched, corner {picture[0, 0]:.0f}")
# > after 1: 14% touched, corner 44
# > after 2: 27% touched, corner 31
# > after 3: 38% touched, corner 23
# > after 4: 49% touched, corner 19
# > after 5: 59% touched, corner 16

# %%
plots.show(
    picture,
    correlate2d(ascent, box_kernel(41), padding="same"),
    titles=("flat 100 after five layers", "ascent, mean of 41 x 41"),
    kind="positive",
    limit=130,
    numbers=False,
    caption="Each layer carries the darkness one cell further in; so does a large kernel.",
)

# %% [markdown]
# 14 % of the cells after one layer, 59 % after five, and the corner is down to 16. A network can learn to
# live with that, and even to tell from it *where* it is. Whoever measures brightness takes another border
# rule (lesson 03), or none and accepts smaller results.

# %% [markdown]
# ## Where does Keras put the odd zero?
#
# `padding="same"` with a stride: Keras promises $\lceil n / s \rceil$ results (rounded *up*) and adds as few
# zeros as that needs. For 28 pixels, kernel 3, stride 2 the promise is 14. The last window starts at index 13
# · 2 = 26 and covers 26, 27 and 28; the last pixel is 27. **One** zero is missing. On which side would you
# put it?

# %% tags=["nbval-check-output"]
from course_utils import same_padding

for size, k, s in [
    (28, 3, 1),
    (28, 3, 2),
    (27, 3, 2),
    (28, 5, 3),
    (28, 2, 1),
    (28, 1, 2),
]:
    places = -(-size // s)
    missing = (places - 1) * s + k - size
    before, after = same_padding(size, k, s)
    print(f"n {size}, k {k}, s {s}: {places} places, missing {missing:2}", end=": ")
    print(f"{before} before, {after} after")
# > n 28, k 3, s 1: 28 places, missing  2: 1 before, 1 after
# > n 28, k 3, s 2: 14 places, missing  1: 0 before, 1 after
# > n 27, k 3, s 2: 14 places, missing  2: 1 before, 1 after
# > n 28, k 5, s 3: 10 places, missing  4: 2 before, 2 after
# > n 28, k 2, s 1: 28 places, missing  1: 0 before, 1 after
# > n 28, k 1, s 2: 14 places, missing -1: 0 before, 0 after

# %% [markdown]
# An even number is shared; of an odd one, Keras puts the extra zero **after**: to the right and at the
# bottom. So 28 with stride 2 gets 0 before and 1 after. (−1 missing means that one pixel is left over;
# nothing is added.) A layer of PyTorch takes one number for both ends, here `padding=1`: 1 before and 1
# after. **Predict** for 8 pixels: is the size another one? Are the numbers the same?

# %% tags=["nbval-check-output"]
keras_like = correlate2d(row, digits, stride=(1, 2), padding=((0, 0), (0, 1)))
torch_like = correlate2d(row, digits, stride=(1, 2), padding=((0, 0), (1, 1)))
print("Keras, 0 before, 1 after:  ", keras_like[0].astype(int))
print("PyTorch, 1 before, 1 after:", torch_like[0].astype(int))
# > Keras, 0 before, 1 after:   [321 543 765  87]
# > PyTorch, 1 before, 1 after: [210 432 654 876]

# %%
with_zeros = np.pad(row, ((0, 0), (1, 1)))
axes = plots.show(
    with_zeros[:, 1:],
    with_zeros,
    titles=("Keras: (0, 1)", "PyTorch: (1, 1)"),
    columns=1,
    caption="Frames: the first and the last window. 1 + 2·10 + 3·100 = 321 above.",
)
for panel in axes:
    plots.mark(panel, 0, 0, 1, 3)
    plots.mark(panel, 0, 6, 1, 3)

# %% [markdown]
# Both give four numbers, and not one of them is equal: every window lies one pixel further left in PyTorch.
# Weights moved from one library to the other then give other results, although all shapes fit. It happens at
# even sizes with stride 2, and it hides in the middle of a network. The cure: `ZeroPadding2D(1)` in front of
# a `valid` layer in Keras.

# %% [markdown]
# ## Can a kernel see further with the same weights?
#
# Yes, with gaps. *Dilation* $d$ puts the cells of a kernel $d$ pixels apart. **Predict** for 3 cells and
# dilation 2: how many pixels does it span? And what remains of 28?

# %% tags=["nbval-check-output"]
from course_utils import conv2d

for d in [1, 2, 3]:
    spans = d * (3 - 1) + 1
    print(f"dilation {d}: spans {spans}, 28 becomes {output_size(28, 3, dilation=d)}")
three = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
gaps = np.zeros((5, 5))
gaps[::2, ::2] = three
one_image, one_kernel = (
    ascent[np.newaxis, :, :, np.newaxis],
    three[:, :, np.newaxis, np.newaxis],
)
dilated = conv2d(one_image, one_kernel, dilation=2)[0, :, :, 0]
print("equal to zeros in the gaps:", np.array_equal(dilated, correlate2d(ascent, gaps)))
# > dilation 1: spans 3, 28 becomes 26
# > dilation 2: spans 5, 28 becomes 24
# > dilation 3: spans 7, 28 becomes 22
# > equal to zeros in the gaps: True

# %%
plots.show(
    three,
    gaps,
    titles=("3 x 3", "dilation 2: spans 5 x 5"),
    kind="positive",
    caption="Nine weights still, nine products still. Span: 2 · (3 − 1) + 1 = 5.",
)

# %% [markdown]
# In the formula $k$ becomes the span, $d (k - 1) + 1$. A dilated kernel computes what a larger one with zeros
# in it computes, with the nine products of the small one. What you pay is detail: it sees every second pixel
# only. In Keras it is `dilation_rate=2`, which may not be combined with a stride.

# %% [markdown]
# Put it all together on one axis. **Predict** each result before you press an example, then look for settings in which
# two pixels are in no window.

# %%
from course_utils import figures

axis = figures.SizeCalculator()
axis

# %% tags=["nbval-check-output"]
print(axis.size, axis.kernel_size, axis.stride, axis.output)
# > 8 3 2 3

# %% [markdown]
# 8 pixels, a kernel of 3 and steps of 2 give 3 numbers, and the last pixel is hatched: it is in no window. `same` with 28
# pixels adds 0 cells before and 1 after.

# %% [markdown]
# ## How far does a network see?
#
# One cell of the first feature map depends on 3 x 3 pixels. One cell after the pool depends on 2 x 2 of
# *those* cells. The pixels of the image that can change one cell are its *receptive field*. **Work out** its
# width after the pool: two neighbouring windows of 3, one pixel apart. Then after the second filter: three
# cells that are how many pixels apart?

# %% tags=["nbval-check-output"]
field = jump = 1
for name, k, s in [("filter", 3, 1), ("pool", 2, 2), ("filter", 3, 1), ("pool", 2, 2)]:
    field += (k - 1) * jump
    jump *= s
    print(f"{name:6} sees {field:2} pixels; neighbours are {jump} pixels apart")
# > filter sees  3 pixels; neighbours are 1 pixels apart
# > pool   sees  4 pixels; neighbours are 2 pixels apart
# > filter sees  8 pixels; neighbours are 2 pixels apart
# > pool   sees 10 pixels; neighbours are 4 pixels apart

# %% [markdown]
# 3, 4, 8, 10. The *jump* $j$ is the distance, in pixels of the image, between two neighbouring cells; each
# stride multiplies it. A layer adds $k - 1$ cells, each $j$ pixels further: $r \leftarrow r + (k - 1)\,j$,
# then $j \leftarrow j \cdot s$. The second filter adds 4 pixels where the first added 2, with the same 3 x 3
# weights. That is what pooling does for sight.

# %% [markdown]
# Do not believe a formula that you can test. 784 images, in each of them one single pixel is 1: which of them
# reach the middle cell of a map? All weights are 1, and the pools take means, so that no two effects cancel.
# **Predict** the shape of the bright area in each of the four pictures.

# %%
from course_utils import average_pool2d

dots = np.eye(784).reshape(784, 28, 28, 1)
ones = np.ones((3, 3, 1, 1))
maps = [conv2d(dots, ones)]
maps.append(average_pool2d(maps[0]))
maps.append(conv2d(maps[1], ones))
maps.append(average_pool2d(maps[2]))
fields = [m[:, m.shape[1] // 2, m.shape[2] // 2, 0].reshape(28, 28) for m in maps]
plots.show(
    *fields,
    titles=("filter 1", "pool 1", "filter 2", "pool 2"),
    kind="positive",
    caption="Bright: the pixel reaches the middle cell, the brighter the more ways there are.",
)

# %% tags=["nbval-check-output"]
for field in fields:
    rows, columns = np.nonzero(field)
    ratio = field.max() / field[field > 0].min()
    print(
        f"rows {rows.min()} to {rows.max()}: {np.ptp(rows) + 1} pixels wide,", end=" "
    )
    print(f"strongest / weakest {ratio:.0f}")
# > rows 13 to 15: 3 pixels wide, strongest / weakest 1
# > rows 12 to 15: 4 pixels wide, strongest / weakest 4
# > rows 10 to 17: 8 pixels wide, strongest / weakest 9
# > rows 8 to 17: 10 pixels wide, strongest / weakest 36

# %% [markdown]
# 3, 4, 8, 10: the formula holds. And the picture says more than the formula: the middle of a field counts
# more than its rim, because more paths lead through it. What is that in a real image? The boot of the next
# lessons, with the field of the middle cell of each map.

# %%
from course_utils import load_fashion_mnist

boot = load_fashion_mnist().test_images[0]
axes = plots.show(
    *[boot] * 4,
    titles=("filter 1: 3", "pool 1: 4", "filter 2: 8", "pool 2: 10"),
    caption="From an edge of the shaft to a third of the boot: 10 of 28 pixels.",
)
for panel, field in zip(axes, fields):
    row_, column_ = np.argwhere(field)[0]
    width = np.ptp(np.nonzero(field)[1]) + 1
    plots.mark(panel, row_, column_, width, width)

# %% [markdown]
# A cell of the last map sees 10 x 10 pixels: a heel or a part of the shaft, never the whole boot. The dense
# layer behind it has to put 25 such views together. One last question. **Predict**: are there pixels that
# *no* cell of the last map sees?

# %% tags=["nbval-check-output"]
reached = maps[3].reshape(784, -1).any(axis=1).reshape(28, 28)
print("never looked at:", np.sum(~reached), "of", reached.size)
print("rows:", np.flatnonzero(~reached.any(axis=1)))
clothes = load_fashion_mnist().train_images
share = clothes[:, ~reached].sum() / clothes.sum()
print(f"of all brightness in the training images: {share:.1%}")
# > never looked at: 108 of 784
# > rows: [26 27]
# > of all brightness in the training images: 5.0%

# %% [markdown]
# Rows 26 and 27, and the columns of that number: 108 pixels, 14 % of the image. The second pool drops one row
# of 11, and that row was the only one that saw them. Is it only background? No: 5.0 % of all brightness lies
# there, of hems and of sleeves. A network cannot miss what it never saw, so no error tells you: only the
# formula does.

# %% [markdown]
# ## Five questions
#
# Choose, then read why. If several choices are right, the question says so.

# %%
from course_utils import quiz

quiz("05")

# %% [markdown]
# ## Summary
#
# - You predicted sizes for any kernel, padding, stride and dilation: 28 → 26 → 13 → 11 → 5; what is rounded
#   down drops rows, 108 pixels in all.
# - You found Keras's odd zero: after, so 28 with kernel 3 and stride 2 gets (0, 1). Zeros darken the border,
#   to 44 of 100 in a corner.
# - You computed the receptive field, 3, 4, 8, 10, and saw it.
#
# The formula to keep:
#
# $$n' = \left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1$$

# %% [markdown]
# ## Next
#
# The exercises ask for all five rules as functions of yours; lesson 06 looks into the pools that the network
# uses to see further.
