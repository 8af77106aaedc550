# %% [markdown]
# # 02 · Convolution by hand
#
# Compute one pixel on paper, then let a loop compute them all, and never again wonder which way round a
# kernel lies.
#
# **You will be able to** compute any output pixel by hand and with a loop, predict the size of the output and
# the number of multiplications, and tell correlation from convolution with a single test image.
#
# **You need**: lesson 01 (windows of an array, window times kernel). **Time**: 50 minutes

# %% [markdown]
# ## What does a kernel do to one pixel?
#
# Lesson 01 laid a kernel on a window and got one number. Call the numbers of the kernel its *weights*. Lay
# them on the window, multiply each pixel with the weight on it, add the nine products: the sum is **one pixel
# of the output**. It belongs to the middle of the window, here to the pixel 192.

# %%
import numpy as np

from course_utils import convolve2d, correlate2d, load_image, plots

patch = np.array([[0, 64, 128], [48, 192, 144], [142, 226, 168]])
kernel = np.array([[-1, 0, -2], [0.5, 4.5, -1.5], [1.5, 2, -3]])

# %% [markdown]
# Take paper and a pencil. The products of the top row are 0 · (−1) = 0, 64 · 0 = 0 and 128 · (−2) = −256.
# Work out the middle row, keep a running sum as you go, and **write down** three things before you run the
# next cell: the sum after six products, the sum after nine, and whether a screen can show it.

# %% tags=["nbval-check-output"]
total = 0
for row in range(3):
    for column in range(3):
        pixel, weight = patch[row, column], kernel[row, column]
        product = pixel * weight + 0  # floats make 0 * -1 into -0; + 0 mends it
        total += product
        print(f"{pixel:3} * {weight:4} = {product:5.0f}   sum so far {total:5.0f}")
# >   0 * -1.0 =     0   sum so far     0
# >  64 *  0.0 =     0   sum so far     0
# > 128 * -2.0 =  -256   sum so far  -256
# >  48 *  0.5 =    24   sum so far  -232
# > 192 *  4.5 =   864   sum so far   632
# > 144 * -1.5 =  -216   sum so far   416
# > 142 *  1.5 =   213   sum so far   629
# > 226 *  2.0 =   452   sum so far  1081
# > 168 * -3.0 =  -504   sum so far   577

# %% [markdown]
# After six products the sum is 416, after nine it is **577**. On the way it was as low as −256 and as high as
# 1081: a sum of products knows nothing of 0 to 255. The weight 4.5 in the middle contributes most, 864, more
# than the result itself; the −3 below right takes 504 away again. Does a screen have a grey for 577? That is
# the next question.

# %%
caption = "Middle cell: 192 × 4.5 = 864. All nine products: 577."
plots.show_products(patch, kernel, caption=caption)

# %% [markdown]
# Now touch it. Walk through the nine terms with the arrow keys or the mouse, and change a weight with Enter.
# **Predict** first: which sum comes out with the identity kernel, a single 1 in the middle? And with the box
# blur, nine times 1/9?

# %%
from course_utils import figures

nine = figures.NineProducts()
nine

# %% tags=["nbval-check-output"]
print(nine.value)
# > 577.0

# %% [markdown]
# `nine.value` and `nine.kernel` follow what you do: run the cell again after you changed something. The
# identity keeps the middle pixel, 192; the box blur gives the mean of the nine, 123.56.

# %% [markdown]
# Pencil, loop and picture agree. NumPy says it in one line, `np.sum(patch * kernel)`, and Keras says it with
# a layer: `Conv2D` with one 3 x 3 filter, these nine weights and no bias turns this patch into 577 as well.
# Lesson 07 builds that layer.

# %% [markdown]
# ## What does a screen do with 577?
#
# A screen shows 0 to 255. Two things can happen to 577 on the way there. Either someone *clips* it, so that
# everything above 255 becomes 255. Or someone converts it to `uint8`, which keeps the remainder after
# division by 256. **Predict** both numbers: which one is bright, which one dark?

# %% tags=["nbval-check-output"]
result = np.array([577])
print("clipped ", np.clip(result, 0, 255))
print("wrapped ", result.astype(np.uint8), " because 577 - 2 * 256 =", 577 - 2 * 256)
# > clipped  [255]
# > wrapped  [65]  because 577 - 2 * 256 = 65

# %% [markdown]
# The same pixel is white (255) or dark grey (65). Clipping loses *how much* brighter than white it is;
# wrapping gives nonsense that looks like a picture. And 65 is only certain for integers: for the float 577.0
# NumPy promises nothing. So this course keeps responses as floats, and decides at the very end how to show
# them.

# %% [markdown]
# Move the response yourself. At which number do the five ways part? **Predict** what becomes of −346, a
# number you will meet below.

# %%
figures.WhereDidItGo()

# %% [markdown]
# Inside 0 to 255 nothing is lost. −346 is clipped to 0 and wraps to 166, a light grey that means nothing;
# *ReLU*, which lesson 07 explains, makes it 0, and the absolute value keeps 346 and forgets the sign.

# %% [markdown]
# ## How does one pixel become an image?
#
# Slide the window. Here the patch sits in the top left corner of a small image of 4 rows and 5 columns.
# **Count** before you run the cell: at how many places does a 3 x 3 kernel fit completely inside? How many
# rows and columns has the output?

# %%
image = np.array(
    [
        [0, 64, 128, 130, 120],
        [48, 192, 144, 140, 60],
        [142, 226, 168, 90, 20],
        [200, 210, 110, 40, 10],
    ],
    dtype=np.uint8,
)
plots.show_sliding(
    image,
    kernel,
    [(0, 0), (0, 1), (1, 2)],
    caption="Middle: the rows of the window give −324 + 534 + 405 = 615.",
)

# %% [markdown]
# Six places: 2 rows times 3 columns. The array they fill is called the *feature map* of this kernel. Now
# write what the picture shows, one level at a time. First one window, the one that starts at row 0, column 1.
# Find its number in the middle picture, then let NumPy compute it.

# %% tags=["nbval-check-output"]
window = image[0:3, 1:4]
print(np.sum(window * kernel))
# > 615.0

# %% [markdown]
# 615, as in the picture. Next, a whole row of windows: the rows stay 0 to 2, the columns move. **Predict**:
# where must the slice of columns start and end, if `column` counts 0, 1, 2? Which lines of the cell above
# move into the loop?

# %% tags=["nbval-check-output"]
top_row = np.zeros(3)
for column in range(3):
    window = image[0:3, column : column + 3]
    top_row[column] = np.sum(window * kernel)
print(top_row)
# > [577. 615. 616.]

# %% [markdown]
# The first row of the feature map. Now all rows: the same loop once more around it. This *double loop* is the
# whole operation, written out in full for kernels of 3 x 3. It is worth reading twice: the convolution layers
# of lesson 09 are this loop in other clothes.


# %% tags=["nbval-check-output"]
def correlate_3x3(image, kernel):
    height, width = image.shape[0] - 2, image.shape[1] - 2
    feature_map = np.zeros((height, width))
    for row in range(height):
        for column in range(width):
            window = image[row : row + 3, column : column + 3]
            feature_map[row, column] = np.sum(window * kernel)
    return feature_map


print(correlate_3x3(image, kernel))
# > [[577. 615. 616.]
# >  [890. 677. 410.]]

# %% [markdown]
# The same six numbers as in the picture, 577 first. Each output pixel is computed from the image alone, never
# from another output pixel, so the order of the loop does not matter. One thing is left for you: the three
# twos and threes that are fixed in this code. Exercise 2.2 asks for kernels of any height and width.

# %% [markdown]
# ## Why is the output smaller?
#
# An output pixel needs a complete window. **Predict**: which pixels of the 4 x 5 image can be the *middle* of
# a 3 x 3 window? Then: a picture from Fashion-MNIST has 28 x 28 pixels. What size comes out, and how many
# multiplications does it take?

# %%
caption = "2 x 3 pixels have neighbours on all sides. A rim of one pixel is lost."
axes = plots.show(image, titles="the frame: every possible middle", caption=caption)
plots.mark(axes, 1, 1, 2, 3)

# %% tags=["nbval-check-output"]
for size in (3, 4, 5, 28):
    last = size - 3
    print(f"{size:2} pixels: starts from 0 to {last}, so places: {last + 1}")
print("positions:", 26 * 26, " multiplications:", 26 * 26 * 3 * 3)
# >  3 pixels: starts from 0 to 0, so places: 1
# >  4 pixels: starts from 0 to 1, so places: 2
# >  5 pixels: starts from 0 to 2, so places: 3
# > 28 pixels: starts from 0 to 25, so places: 26
# > positions: 676  multiplications: 6084

# %% [markdown]
# So 28 becomes **26**: one row is lost on *each* side, not one in total. In general an image of $H$ rows and
# a kernel of $h$ rows give
#
# $$H' = H - h + 1$$
#
# rows, and columns likewise: $W' = W - w + 1$. A 3 x 3 kernel costs two; a 2 x 2 kernel, which has no middle
# pixel, costs one. The number of multiplications is $H' \cdot W' \cdot h \cdot w$, here 26 · 26 · 9 = 6,084.

# %% [markdown]
# Watch it happen on a picture of Fashion-MNIST: press Play, or move the window yourself. **Find** a window
# where the kernel for horizontal lines answers with 0 although it lies on the boot.

# %%
slide = figures.SlideIt()
slide

# %% tags=["nbval-check-output"]
print(slide.position, slide.value)
# > [10, 10] 6.0

# %% [markdown]
# The window starts at row 10, column 10, where the boot begins: 3 · 2 = 6. It is 0 wherever the rows above
# and below the middle weigh the same: brightness alone is no line.

# %% [markdown]
# ## Which line of this loop is wrong?
#
# Loops like this one are copied from notebook to notebook. This one calls the positions x and y, as one does
# in geometry, and multiplies single cells. It runs without an error, and its pictures show edges. **Find the
# slip** before you go on.


# %%
def correlate_swapped(image, kernel):
    height, width = image.shape
    feature_map = np.zeros((height - 2, width - 2))
    for x in range(height - 2):
        for y in range(width - 2):
            for i in range(3):
                for j in range(3):
                    feature_map[x, y] += image[x + i, y + j] * kernel[j][i]
    return feature_map


# %% [markdown]
# <details><summary>The slip</summary>
#
# `image[x + i, y + j]` moves `i` along the rows, but `kernel[j][i]` moves `i` along the columns. Row and
# column are swapped for the kernel only, so the kernel is applied *transposed*: mirrored at its main
# diagonal. A well-known notebook on exploring convolutions has this slip.
#
# </details>

# %% [markdown]
# Would you notice? Take a kernel that reveals horizontal lines, and an image of one horizontal line.
# **Predict** what each of the two loops returns: in which rows are the numbers above zero, in which below,
# and how large are they?

# %%
line = np.zeros((5, 6))
line[2] = 1
horizontal = np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]])
plots.show(
    line,
    correlate_3x3(line, horizontal),
    correlate_swapped(line, horizontal),
    titles=("image", "the double loop", "the swapped loop"),
    kind=("positive", "signed", "signed"),
    caption="Middle: 1 + 2 + 1 = 4 on top, −4 below. Right: −1 + 0 + 1 = 0.",
)

# %% [markdown]
# The double loop answers 4 and −4 along the line; the swapped loop answers 0 everywhere, because the kernel
# it really applies looks for *vertical* lines. Now the trap: on which kernels, and on which images, does the
# slip stay hidden?

# %% tags=["nbval-check-output"]
print("on the patch:", correlate_swapped(patch, kernel), correlate_3x3(patch, kernel.T))

laplacian = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])
right, swapped = correlate_3x3(image, laplacian), correlate_swapped(image, laplacian)
print("symmetric kernel, equal:", np.array_equal(right, swapped))

square = np.pad(np.ones((3, 3)), 2)
right = correlate_3x3(square, horizontal)
swapped = correlate_swapped(square, horizontal)
print("square, equal:", np.array_equal(right, swapped))
print("square, equal when mirrored:", np.array_equal(right.T, swapped))
# > on the patch: [[249.]] [[249.]]
# > symmetric kernel, equal: True
# > square, equal: False
# > square, equal when mirrored: True

# %% [markdown]
# On the patch, 577 becomes **249**, the sum with `kernel.T`. A kernel that equals its own transpose hides the
# slip. A square nearly hides it: the right numbers, only mirrored at the diagonal, with the same minimum,
# maximum and mean. So test with an **asymmetric** kernel on an asymmetric image whose height differs from its
# width. And say *row* and *column*, never x and y.

# %% [markdown]
# ## Correlation or convolution?
#
# What the double loop computes has a name: *cross-correlation*, slide without flipping. *Convolution*, in the
# sense of mathematics, first turns the kernel by 180 degrees and then slides. A half-turn puts the last
# weight first: −3 goes to the top left, −1 to the bottom right, 4.5 stays. **Predict**: is the sum for the
# patch still 577?

# %%
turned = kernel[::-1, ::-1]
caption = "The kernel is turned. Middle: still 864. Top right: 128 × 1.5 = 192."
plots.show_products(patch, turned, caption=caption)

# %% tags=["nbval-check-output"]
print("correlation", correlate2d(patch, kernel))
print("convolution", convolve2d(patch, kernel))
print("correlation with the turned kernel", correlate2d(patch, turned))
# > correlation [[577.]]
# > convolution [[732.]]
# > correlation with the turned kernel [[732.]]

# %% [markdown]
# **577** without the turn, **732** with it. In NumPy the half-turn is `kernel[::-1, ::-1]`: both axes
# reversed. One axis alone, `kernel[::-1]`, is a mirror image, and `kernel.T` is the slip from the last
# section; neither is convolution. `correlate2d` and `convolve2d` are the course's own functions, and differ
# in that turn only.

# %% [markdown]
# When do the two agree, and when do they differ only by the sign? **Predict** for three kernels: a Gaussian
# blur `[[1,2,1],[2,4,2],[1,2,1]]`, the asymmetric-looking `[[1,2,3],[4,5,4],[3,2,1]]`, and the Sobel kernel
# `[[-1,0,1],[-2,0,2],[-1,0,1]]`. Turn each by 180 degrees in your head.

# %% tags=["nbval-check-output"]
kernels = {
    "gaussian": np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]]),
    "half-turn": np.array([[1, 2, 3], [4, 5, 4], [3, 2, 1]]),
    "sobel": np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
}
for name, weights in kernels.items():
    slid, flipped = correlate2d(patch, weights)[0, 0], convolve2d(patch, weights)[0, 0]
    print(f"{name:9} correlation {slid:+5.0f}  convolution {flipped:+5.0f}")
# > gaussian  correlation +2170  convolution +2170
# > half-turn correlation +3286  convolution +3286
# > sobel     correlation  +346  convolution  -346

# %% [markdown]
# The first two kernels are *symmetric* under a half-turn, so both operations give the same number, 2170 and
# 3286. Sobel turns into its own negative: **+346** against **−346**. Same strength, opposite sign, so "it
# gets brighter to the right" becomes "darker". Whoever drops the sign never notices; whoever needs the
# direction, as in lesson 04, is off by 180 degrees.

# %% [markdown]
# Say what you expect before you see it: choose a kernel, turn it in your head, then press *smaller*, *equal*
# or *larger*. Can you change one weight of the Gaussian so that the two still agree?

# %%
flip = figures.FlipOrNot()
flip

# %% tags=["nbval-check-output"]
print(flip.correlation, flip.convolution)
# > 577.0 732.0

# %% [markdown]
# The middle weight may be anything: a half-turn leaves it where it is. Any other weight has a partner on the
# opposite side, and both must change alike.

# %% [markdown]
# ## How do you find out what a library does?
#
# Suppose you meet a function called `filter` and its manual is vague. Feed it an *impulse*: a black image
# with a single 1. The kernel holds 1 to 9, so each weight can be recognised. **Predict**: at the first
# position the window covers rows and columns 0 to 2. Which weight lies on the 1?

# %%
from course_utils.images import impulse

digits = np.arange(1, 10).reshape(3, 3)
dot = impulse(5, 5)
plots.show(
    dot,
    digits,
    correlate2d(dot, digits),
    convolve2d(dot, digits),
    titles=("impulse", "kernel", "correlation", "convolution"),
    kind="positive",
    caption="In the first window the 1 lies bottom right; so does the kernel's 9.",
)

# %% [markdown]
# Correlation shows the kernel **turned** by 180 degrees, 9 first; convolution shows it **as it is**, 1 first.
# What comes out for an impulse is called the *impulse response*. One run tells you which of the two a library
# computes, and a transposed kernel gives itself away as well: then 1, 4 and 7 share a row.

# %% [markdown]
# Here is what the tools you will meet compute. Keras, TensorFlow and PyTorch *call* it convolution and
# compute **cross-correlation**. Nobody misses the flip there: the weights are learned, and a network that
# flipped would learn the turned kernel. OpenCV's `filter2D` correlates too. SciPy has both, under their right
# names; ask for `mode="valid"`, for its default is another size.

# %% tags=["nbval-check-output"]
from scipy import signal

correlated = signal.correlate2d(image, kernel, mode="valid")
convolved = signal.convolve2d(image, kernel, mode="valid")
print("the loop:   ", np.allclose(correlated, correlate_3x3(image, kernel)))
print("correlation:", np.allclose(correlated, correlate2d(image, kernel)))
print("convolution:", np.allclose(convolved, convolve2d(image, kernel)))
# > the loop:    True
# > correlation: True
# > convolution: True

# %% [markdown]
# ## Why does mathematics flip at all?
#
# SciPy agrees with us on all three. So why two operations? With the flip, **brackets do not matter**. Write
# $\ast$ for convolution: filtering with $b$ and then with $c$ equals filtering once with the merged kernel
# $b \ast c$, that is $(a \ast b) \ast c = a \ast (b \ast c)$. Merging works like multiplying polynomials: for
# $b = [1, 2]$ and $c = [3, 4]$, $(1 + 2x)(3 + 4x) = 3 + 10x + 8x^2$. **Predict** $b \ast c$. Can correlation
# do the same?

# %% tags=["nbval-check-output"]
a, b, c = np.array([[0, 64, 128]]), np.array([[1, 2]]), np.array([[3, 4]])
for operation in (convolve2d, correlate2d):
    both = operation(operation(a, b), c)
    merged = operation(b, c, padding="full")  # "full": wherever b and c touch
    print(operation.__name__)
    print("  b, then c:", both, "  c, then b:", operation(operation(a, c), b))
    print("  merged:", merged, "  in one step:", operation(a, merged))
    print("  merged the other way round:", operation(c, b, padding="full"))
# > convolve2d
# >   b, then c: [[1024.]]   c, then b: [[1024.]]
# >   merged: [[ 3. 10.  8.]]   in one step: [[1024.]]
# >   merged the other way round: [[ 3. 10.  8.]]
# > correlate2d
# >   b, then c: [[1664.]]   c, then b: [[1664.]]
# >   merged: [[ 4. 11.  6.]]   in one step: [[1472.]]
# >   merged the other way round: [[ 6. 11.  4.]]

# %% [markdown]
# Convolution gives 1024 in two steps and 1024 with the merged kernel [3, 10, 8], the coefficients of the
# polynomial. Correlation fails: 1664 in two steps, 1472 with its merged kernel [4, 11, 6], which even depends
# on which comes first. Filtering twice with correlation is fine, in either order; *merging* is what needs the
# flip. That is why mathematics flips, and why sliding alone never has to.

# %% [markdown]
# ## What does the loop cost?
#
# `ascent` has 512 x 512 pixels. **Predict** with the formula from above: how many positions has a 3 x 3
# kernel there, and how many multiplications is that? Then think about where the time of the double loop goes:
# into multiplying, or into something else?

# %% tags=["nbval-check-output"]
ascent = load_image("ascent")
height, width = ascent.shape[0] - 3 + 1, ascent.shape[1] - 3 + 1
positions = height * width
print(f"{height} x {width} = {positions:,} positions")
print(f"{positions * 3 * 3:,} multiplications")
# > 510 x 510 = 260,100 positions
# > 2,340,900 multiplications

# %% [markdown]
# The slow part is not the multiplication, it is Python: each of the 260,100 steps slices, calls and stores.
# So let the loops change places. For each of the **nine weights**, take the whole image, shifted so that the
# weight lies on its pixel, multiply, and add. Nine steps, each of which NumPy does at once for 260,100
# pixels.


# %% tags=["nbval-check-output"]
def correlate_shifted(image, kernel):
    height, width = image.shape[0] - 2, image.shape[1] - 2
    feature_map = np.zeros((height, width))
    for (row, column), weight in np.ndenumerate(kernel):
        feature_map += weight * image[row : row + height, column : column + width]
    return feature_map


assert np.allclose(correlate_shifted(ascent, kernel), correlate2d(ascent, kernel))
print(correlate_shifted(image, kernel))
# > [[577. 615. 616.]
# >  [890. 677. 410.]]

# %% [markdown]
# The same numbers, 577 first. The `assert` compares all 260,100 pixels of ascent with the library, which
# works in the same way. Now measure. The cell takes a quarter of the image, runs the double loop once and the
# two others twenty times, and prints the mean time of one run. **Guess** the ratio first.

# %%
from time import perf_counter

part = ascent[:256, :256]


def milliseconds(function, times):
    start = perf_counter()
    for _ in range(times):
        function(part, kernel)
    return 1000 * (perf_counter() - start) / times


loop, shifted = milliseconds(correlate_3x3, 1), milliseconds(correlate_shifted, 20)
library = milliseconds(correlate2d, 20)
print(f"double loop {loop:.0f} ms, shifted {shifted:.1f} ms, library {library:.1f} ms")
print(f"the library is {loop / library:.0f} times as fast as the double loop")

# %% [markdown]
# The last line shows the ratio on your machine: a hundred at least. The multiplications are the same, up to a
# few at the right edge; what differs is how often Python has to take a step. Counting multiplications tells
# you how the work *grows*: a 9 x 9 kernel needs nine times as many per position as a 3 x 3. It does not tell
# you seconds: those you measure.

# %% [markdown]
# ## What does our kernel do to a whole photo?
#
# So far the kernel was nine arbitrary-looking numbers. Look at the weights once more and add them up.
# **Predict** the response on a flat grey surface where every pixel is 100. And what happens where the image
# changes quickly, with a 4.5 in the middle and a −3 below right?

# %% tags=["nbval-check-output"]
response = correlate2d(ascent, kernel)
outside = np.mean((response < 0) | (response > 255))
print("sum of the weights:", kernel.sum())
print("on flat 100:", correlate2d(np.full((3, 3), 100), kernel))
print(f"mean of ascent {ascent.mean():.1f}, mean of the response {response.mean():.1f}")
print(f"smallest {response.min():.0f}, largest {response.max():.0f}")
print(f"outside 0 to 255: {outside:.1%}")
# > sum of the weights: 1.0
# > on flat 100: [[100.]]
# > mean of ascent 87.5, mean of the response 87.6
# > smallest -1115, largest 1627
# > outside 0 to 255: 18.5%

# %%
plots.show(
    ascent,
    response,
    titles=("ascent, 512 x 512", "response, 510 x 510"),
    kind=("picture", "signed"),
    limit=500,
    caption="White is zero, purple above, orange below. Flat 100 stays 100 × 1 = 100.",
)

# %% [markdown]
# The weights sum to 1, so flat areas stay what they were, and the mean barely moves: 87.5 before, 87.6 after.
# At contours the response shoots beyond both ends of the range, from −1115 to 1627: the kernel *sharpens*,
# with a lean, because its weights are not symmetric. 18.5% of the pixels do not fit a screen. **Try it**: run
# the last two cells with `kernel.T` or `turned`, and predict first what cannot change.

# %% [markdown]
# ## Five questions
#
# Each choice explains itself. Where the quiz cannot be clicked, answer with letters as its last line shows.

# %%
from course_utils import quiz

quiz("02")

# %% [markdown]
# ## Summary
#
# - You computed one output pixel by hand, nine products with the sum **577**, and all the others with a
#   double loop; NumPy, SciPy and the course's library gave the same numbers.
# - You predicted sizes and costs: $H' = H - h + 1$ (28 becomes 26) and $H' \cdot W' \cdot h \cdot w$
#   multiplications (6,084).
# - You told correlation from convolution with an impulse: correlation shows the kernel turned, convolution as
#   it is.
#
# The formula to keep:
#
# $$\text{output}[r, c] = \sum_{i,\,j} \text{image}[r + i,\ c + j] \cdot \text{kernel}[i, j]$$

# %% [markdown]
# ## Next
#
# The exercises ask for your own loop, for kernels of any size; then lesson 03 hangs a gallery of kernels on
# the wall.
