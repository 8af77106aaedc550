# %% [markdown]
# # 04 · Sobel: finding edges
#
# Eighteen small numbers find where a picture changes, how strongly, and in which direction.
#
# **You will be able to** build both Sobel kernels from two short lists, compute strength and direction of
# an edge by hand, and choose a display and a threshold knowing what each one throws away.
#
# **You need**: lessons 01 to 03 (windows, the sliding kernel, borders). **Time**: 45 minutes

# %% [markdown]
# ## What is an edge, in numbers?
#
# Here is one row of pixels: dark on the left, bright on the right. You see the edge at once; the computer
# has six numbers. Slide the kernel `[-1, 0, 1]` along the row: the right neighbour minus the left
# neighbour. **Write down**, before you run the cell: how many numbers come out, and which?

# %% tags=["nbval-check-output"]
import numpy as np

from course_utils import correlate2d, plots

row = np.array([[10, 10, 10, 200, 200, 200]], dtype=np.uint8)
difference = np.array([[-1, 0, 1]])
print(correlate2d(row, difference))
print(correlate2d(row[:, ::-1], difference))
# > [[  0. 190. 190.   0.]]
# > [[   0. -190. -190.    0.]]

# %%
plots.show(
    row,
    correlate2d(row, difference),
    titles=("a row of pixels", "right neighbour minus left neighbour"),
    columns=1,
    caption="Flat: 0. Both windows that reach over the jump give 200 − 10 = 190.",
)

# %% [markdown]
# Four windows fit. Flat places give 0, whether dark or bright; the two windows across the jump give 190.
# Read from the other side, the same edge gives −190: the *sign* says whether it gets brighter or darker on
# the way to the right. How fast brightness changes from place to place is its *derivative*. The two
# neighbours lie two pixels apart, so per pixel it is half: 95.

# %% [markdown]
# ## Where do the nine numbers come from?
#
# A picture has rows above and below, and single pixels are noisy. So the Sobel kernel takes the difference
# along one axis and, along the other, a weighted blur, `[1, 2, 1]`. Their *outer product* is the table of
# all products: one list at the side, one on top. **Fill it in** on paper: three rows, three columns.

# %% tags=["nbval-check-output"]
kernel_x = np.outer([1, 2, 1], [-1, 0, 1])
kernel_y = np.outer([-1, 0, 1], [1, 2, 1])
print(kernel_x)
print(kernel_y)
# > [[-1  0  1]
# >  [-2  0  2]
# >  [-1  0  1]]
# > [[-1 -2 -1]
# >  [ 0  0  0]
# >  [ 1  2  1]]

# %%
plots.show(
    np.array([[1], [2], [1]]),
    difference,
    kernel_x,
    titles=("blur", "difference", "outer product: kernel_x"),
    kind="signed",
    limit=2,
    caption="Middle row: 2 × [−1, 0, 1]. All nine sum to 0: a flat place gives 0.",
)

# %% [markdown]
# `kernel_x` compares left and right, in three rows, and the middle row counts twice. `kernel_y`, its
# transpose, compares above and below. A kernel that is an outer product is *separable*: blur first,
# difference second, and the result is the same. **Predict**: how many multiplications does one pixel cost
# in two passes, and how far apart are the results?

# %% tags=["nbval-check-output"]
from course_utils import load_image

ascent = load_image("ascent")
blurred = correlate2d(ascent, [[1], [2], [1]])
two_passes = correlate2d(blurred, difference)
print("largest difference:", np.abs(two_passes - correlate2d(ascent, kernel_x)).max())
# > largest difference: 0.0

# %% [markdown]
# 3 + 3 = 6 multiplications instead of 9, and not one of 260,100 results differs. For 3 x 3 that saves a
# third; for a 15 x 15 kernel it would be 30 instead of 225.

# %% [markdown]
# ## Which kernel finds which lines?
#
# A bright horizontal line on black, 100 against 0. **Predict**: which of the two kernels sees it? And what
# does that kernel answer *on* the line, above it, below it?

# %%
line = np.zeros((7, 7), dtype=np.uint8)
line[3] = 100
plots.show(
    line,
    correlate2d(line, kernel_x),
    correlate2d(line, kernel_y),
    titles=("a horizontal line", "kernel_x", "kernel_y"),
    kind=("picture", "signed", "signed"),
    caption="kernel_y: where the window ends on the line, 100 × (1 + 2 + 1) = 400.",
)

# %% [markdown]
# `kernel_y` reveals horizontal lines, `kernel_x` is blind to them: all 25 responses are 0. The letter names
# the direction of the *difference*, not of the line. A line has two edges, so it is answered twice: +400
# where it gets brighter downwards, −400 where it gets darker. On the line itself, above and below are
# equal: 0.

# %% [markdown]
# Now a photo, and a third kernel: the *Laplacian*, four neighbours minus four times the centre. It has no
# direction at all. In ascent, look for the long slanted beam under the handrail and for the bars of the
# railing. **Predict** for each: in which response is it brightest?

# %%
from course_utils import kernel, to_display

kernels = [kernel_y, kernel_x, kernel("laplacian").weights]
responses = [correlate2d(ascent, weights) for weights in kernels]
plots.show(
    ascent,
    *[to_display(response, "abs") for response in responses],
    titles=("ascent", "kernel_y: horizontal", "kernel_x: vertical", "Laplacian: any"),
    columns=2,
    caption="Absolute values. The posts shine for kernel_x, the beam for kernel_y.",
)

# %% [markdown]
# The bars and the posts belong to `kernel_x`, the beam and the edges of the steps to `kernel_y`; what is
# slanted shows up in both. The Laplacian draws everything, thinner and fainter: it answers to a *change* of
# the slope, and a straight ramp of grey leaves it at 0.

# %% [markdown]
# A trap. A widely copied loop tries these three kernels on ascent and adds up terms such as
# `image[x + 1, y] * kernel[1][2]`. **What is wrong** with that line, if the first index of an array is the row? The cell
# applies the kernel as that loop does.

# %% tags=["nbval-check-output"]
total = np.zeros((510, 510))
for x in range(3):
    for y in range(3):
        total += ascent[x : x + 510, y : y + 510] * float(kernel_y[y, x])
print("equal to kernel_y:", np.array_equal(total, correlate2d(ascent, kernel_y)))
print("equal to kernel_x:", np.array_equal(total, correlate2d(ascent, kernel_x)))
# > equal to kernel_y: False
# > equal to kernel_x: True

# %% [markdown]
# `x + 1` is the row below, but `kernel[1][2]` is the column on the right: the loop applies the kernel
# *transposed*. Whoever types the kernel for horizontal lines gets vertical ones. In this course both are
# `[row, column]`, always.

# %% [markdown]
# ## How do two responses become one edge?
#
# Take the patch of lesson 02 and do both sums by hand. `kernel_x`: the right column, weighted 1, 2, 1,
# minus the left column. `kernel_y`: the bottom row minus the top row. **Write down** both numbers; then,
# which way does it get brighter?

# %%
patch = np.array([[0, 64, 128], [48, 192, 144], [142, 226, 168]])
plots.show_products(patch, kernel_x, caption="584 on the right − 238 on the left.")
plots.show_products(patch, kernel_y, caption="762 at the bottom − 256 at the top.")

# %% [markdown]
# 346 to the right, 506 downwards. Together they are the *gradient*, an arrow that points where it gets
# brighter fastest. Its length is the *magnitude*, how strong the edge is, by Pythagoras. Its direction is
# the *angle*:
#
# $$\text{magnitude} = \sqrt{g_x^2 + g_y^2}, \qquad \text{angle} = \operatorname{arctan2}(g_y, g_x)$$
#
# **Estimate**: the arrow goes 346 right and 506 down. More or less than 45 degrees?

# %% tags=["nbval-check-output"]
from course_utils import sobel

gradient = sobel(patch)
degrees = np.degrees(gradient.angle)
print(f"x {gradient.x.item()}  y {gradient.y.item()}")
print(f"magnitude {gradient.magnitude.item():.2f}  angle {degrees.item():.1f}")
# > x 346.0  y 506.0
# > magnitude 612.99  angle 55.6

# %% [markdown]
# 55.6 degrees: 0 points to the right, and because rows are counted downwards, positive angles turn
# *downwards*. So the arrow points to the right and further down, to the 226 and the 168. `sobel` gives
# angles in radians, as NumPy does: here 0.97.

# %% [markdown]
# ## What does the sign tell?
#
# A white disk on black has an edge in every direction. **Predict** for `kernel_x`: is the *left* rim
# positive or negative? The right rim? The top, in the middle? And what is the largest number that can come
# out at all, from pixels between 0 and 255?

# %%
from course_utils.images import disk

circle = disk(64, 64, radius=24)
gradient = sobel(circle)
plots.show(
    circle,
    gradient.x,
    gradient.y,
    titles=("a white disk", "x: left to right", "y: top to bottom"),
    kind=("picture", "signed", "signed"),
    limit=1020,
    caption="Purple: dark to bright. Orange: bright to dark. White: no change.",
)

# %% tags=["nbval-check-output"]
print(
    "x at the left rim", gradient.x[31].max(), " at the right rim", gradient.x[31].min()
)
# > x at the left rim 1020.0  at the right rim -1020.0

# %% [markdown]
# From left to right, the left rim goes from dark to bright: +1020. The right rim goes back: −1020. At the
# top, left and right are alike, so x is 0 and y takes over. The most that can come out is 255 · (1 + 2 + 1)
# = 1020, four times white. **Try it**: swap black and white (`255 - circle`) and predict all the signs.

# %% [markdown]
# ## Which way does an edge point?
#
# Arrows of the gradient at the strong pixels of the rim. **Predict**: do they run along the rim, inwards or
# outwards?

# %%
plots.show_directions(
    gradient,
    step=5,
    title="gradient at the rim of the disk",
    caption="Arrows point to the bright side. Left rim: x = 1020, y = 0: to the right.",
)

# %% [markdown]
# Inwards, across the edge, towards the white. The edge itself runs at a right angle to its gradient. All
# directions from −180 to 180 degrees occur. A first idea for the angle is the arctangent of $g_y / g_x$.
# **Predict** which of these four arrows it gets wrong.

# %% tags=["nbval-check-output"]
for gx, gy in [(100, 100), (-100, -100), (100, -100), (-100, 100)]:
    quotient = np.degrees(np.arctan(gy / gx))
    both = np.degrees(np.arctan2(gy, gx))
    print(f"gx {gx:5}  gy {gy:5}   arctan {quotient:6.1f}   arctan2 {both:6.1f}")
# > gx   100  gy   100   arctan   45.0   arctan2   45.0
# > gx  -100  gy  -100   arctan   45.0   arctan2 -135.0
# > gx   100  gy  -100   arctan  -45.0   arctan2  -45.0
# > gx  -100  gy   100   arctan  -45.0   arctan2  135.0

# %% [markdown]
# Both arrows that point to the left are wrong by 180 degrees: in the quotient,
# −100 / −100 looks like 100 / 100. And where $g_x$ is 0, at each perfectly horizontal edge, there is a division by zero. `arctan2` takes
# the two numbers apart, **y first**, and knows all four quarters.

# %% [markdown]
# Turn the edge yourself. **Predict** before you move the slider: at which angles is one of the two responses
# 0, and what happens to the magnitude on the way round?

# %%
from course_utils import figures

compass = figures.SobelCompass()
compass

# %% tags=["nbval-check-output"]
print(f"{compass.magnitude:.2f} {compass.direction:.1f}")
# > 612.99 55.6

# %% [markdown]
# Sobel x is 0 at 90° and −90°, Sobel y at 0° and 180°. The magnitude stays nearly the same all the way: Sobel
# answers to an edge of any direction, and the two responses say which.

# %% [markdown]
# ## Is a sum of absolutes good enough?
#
# A root used to be expensive, so many programs use $|g_x| + |g_y|$ as magnitude. Two edges of the same
# strength: one vertical with gradient (5, 0), one slanted with gradient (3, 4). **Work out** both
# magnitudes and both sums.

# %% tags=["nbval-check-output"]
for gx, gy in [(5, 0), (3, 4)]:
    print(f"({gx}, {gy}): magnitude {np.hypot(gx, gy)}, sum {abs(gx) + abs(gy)}")
edges = sobel(ascent)
absolutes = np.abs(edges.x) + np.abs(edges.y)
ratio = absolutes[edges.magnitude > 0] / edges.magnitude[edges.magnitude > 0]
print(
    f"ascent: sum / magnitude {ratio.mean():.3f} on average, {ratio.max():.3f} at most"
)
# > (5, 0): magnitude 5.0, sum 5
# > (3, 4): magnitude 5.0, sum 7
# > ascent: sum / magnitude 1.250 on average, 1.414 at most

# %% [markdown]
# The sum is right for horizontal and vertical edges and too large for all others, by up to $\sqrt 2$ =
# 1.414 on diagonals. It is no constant factor: it makes slanted edges look stronger than they are.
# `np.hypot` is the root of the sum of squares, and a computer of today has time for it. (The average is
# over pixels with any gradient at all.)

# %% [markdown]
# ## What does clipping destroy?
#
# A screen shows 0 to 255, and a response has its own mind. **Estimate**: what part of the Sobel responses
# on ascent lies outside 0 to 255, and would be lost if they were clipped?

# %%
caption = "Yellow: what a screen can show. All bars to the left of it would become 0."
plots.show_histogram(edges.x, edges.y, titles=("x", "y"), caption=caption)

# %% tags=["nbval-check-output"]
for name, response in [
    ("x", edges.x),
    ("y", edges.y),
    ("both", np.stack([edges.x, edges.y])),
]:
    negative, above = np.mean(response < 0), np.mean(response > 255)
    outside = negative + above
    print(f"{name:4} negative {negative:.1%}  above {above:.1%}  outside {outside:.1%}")
# > x    negative 41.4%  above 2.6%  outside 44.0%
# > y    negative 39.2%  above 1.5%  outside 40.7%
# > both negative 40.3%  above 2.0%  outside 42.4%

# %% [markdown]
# If you read somewhere that 41 % are lost, ask of what: 41.4 % of the x responses are negative and become
# 0; 40.7 % of the y responses lie outside in one way or the other. Of both together, clipping changes 42.4
# %. What goes is not noise: it is every edge from bright to dark. (The copied loop of the trap above clips,
# too.)

# %% [markdown]
# So decide how a response becomes a picture. `to_display` knows four ways. **Predict** the row for each
# mode from what it does: "clip" cuts at 0 and 255, "abs" drops the sign first, "rescale" stretches from
# smallest to largest, "offset" adds 128.

# %% tags=["nbval-check-output"]
sample = [[-300, -100, 0, 100, 300]]
for mode in ["clip", "abs", "rescale", "offset"]:
    print(f"{mode:8}", to_display(sample, mode)[0])
# > clip     [  0   0   0 100 255]
# > abs      [255 100   0 100 255]
# > rescale  [  0  85 128 170 255]
# > offset   [  0  28 128 228 255]

# %%
modes = ["clip", "abs", "rescale", "offset"]
plots.show(
    *[to_display(edges.x, mode) for mode in modes],
    titles=modes,
    columns=2,
    caption="The same response to kernel_x. Which modes show both sides of a bar?",
)

# %% [markdown]
# "clip" shows one side of each bar. "abs" shows both and forgets which is which. "rescale" keeps order and
# sign, but one strong edge makes all others pale. "offset" cuts what is beyond ±128. None is right for
# everything: compute with floats, convert at the end. **Predict**: which grey stands for zero in the four
# pictures?

# %% tags=["nbval-check-output"]
for mode in modes:
    print(f"{mode:8}", np.unique(to_display(edges.x, mode)[edges.x == 0]))
# > clip     [0]
# > abs      [0]
# > rescale  [138]
# > offset   [128]

# %% [markdown]
# Zero is black, black, 138 and 128. Only "rescale" lets it depend on the picture: zero lies where the range
# from −973 to 824 puts it. So two rescaled pictures cannot be compared, and a flat sky has another grey in
# each of them.

# %% [markdown]
# ## Where do you draw the line?
#
# To say "edge" or "no edge", a *threshold* is needed. Pixels from 0 to 255 can give magnitudes up to 1140,
# a dim photo stays far below; so the threshold is a fraction of the largest magnitude in *this* image.
# **Predict** both rows: which cells exceed half the maximum?

# %% tags=["nbval-check-output"]
strengths = np.array([[0.0, 50.0, 100.0, 200.0]])
flat = np.zeros((1, 4))
print(
    strengths > 0.5 * strengths.max(), " with >=:", strengths >= 0.5 * strengths.max()
)
print(flat > 0.5 * flat.max(), " with >=:", flat >= 0.5 * flat.max())
# > [[False False False  True]]  with >=: [[False False  True  True]]
# > [[False False False False]]  with >=: [[ True  True  True  True]]

# %% [markdown]
# 100 is not *more* than half of 200. The second row says why the strict `>` matters: in a flat image the
# maximum is 0, and with `>=` every pixel would be an edge. **Predict** for ascent: which part of the pixels
# remains at 10, 20 and 40 % of the maximum?

# %% tags=["nbval-check-output"]
fractions = [0.1, 0.2, 0.4]
masks = [edges.magnitude > fraction * edges.magnitude.max() for fraction in fractions]
for fraction, mask in zip(fractions, masks):
    print(f"more than {fraction:.0%}: {mask.mean():.1%} of the pixels")
# > more than 10%: 20.2% of the pixels
# > more than 20%: 11.0% of the pixels
# > more than 40%: 3.7% of the pixels

# %%
plots.show(
    *masks,
    titles=[f"more than {fraction:.0%}" for fraction in fractions],
    caption="At 10 % the leaves at the bottom are a blot; at 40 % the person is gone.",
)

# %% [markdown]
# No fraction is right for all of it, and the maximum is a single pixel: one bright speck would move the
# threshold for the whole image. That is the price of a rule that looks at one number. Edge detectors such
# as Canny's start with exactly these gradients and then thin the lines and use two thresholds.

# %% [markdown]
# ## Why is the blur there?
#
# A step from 50 to 150 with *noise*: a random number added to each pixel, of *standard deviation* 20 (the
# typical distance from the mean). Compare the plain difference with `kernel_x`, divided by 4 so that both
# answer to the step with 100. **Predict**: where the image is flat, how large is the typical response of
# each?

# %%
noise = np.random.default_rng(0).normal(0, 20, (100, 200))
noisy = np.repeat([50.0, 150.0], 100) + noise
plain = correlate2d(noisy, difference)
smoothed = correlate2d(noisy, kernel_x) / 4
plots.show(
    to_display(noisy, "clip"),
    plain,
    smoothed,
    titles=("a noisy step", "plain difference", "kernel_x / 4"),
    limit=150,
    columns=1,
    caption="The step gives about 100 in both; the noise is paler with the blur.",
)

# %% tags=["nbval-check-output"]
for name, response in [("plain difference", plain), ("kernel_x / 4", smoothed)]:
    noise_level, step = response[:, :95].std(), response[:, 98:100].mean()
    ratio = step / noise_level
    print(f"{name:16} step {step:.1f}  noise {noise_level:.1f}  ratio {ratio:.1f}")
# > plain difference step 102.0  noise 27.9  ratio 3.7
# > kernel_x / 4     step 101.7  noise 16.8  ratio 6.0

# %% [markdown]
# Theory expects $20\sqrt 2$ = 28.3 for a difference of two noisy pixels, and
# $28.3 \cdot \sqrt{1 + 4 + 1} / 4$ = 17.3 after averaging three of them with the weights ¼, ½, ¼. This noise gave 27.9 and 16.8. The step
# stays. That is what the blur is for: the edge stands 6.0 times above the noise instead of 3.7 times.

# %% [markdown]
# Then why 1, 2, 1 and not 1, 1, 1? That kernel exists, it is *Prewitt's*. Compare both, each divided by its
# blur's sum: the noise it leaves in the step from above, and the angles it finds on the disk, where the
# true one is known: towards the centre. **Predict** which kernel is quieter, and which one errs more.

# %% tags=["nbval-check-output"]
rows, columns = np.indices(gradient.x.shape) - 30.5
strong = gradient.magnitude > 0.5 * gradient.magnitude.max()
for name, blur_sum in [("sobel", 4), ("prewitt", 3)]:
    weights_x, weights_y = kernel(f"{name}_x").weights, kernel(f"{name}_y").weights
    noise_level = correlate2d(noisy, weights_x)[:, :95].std() / blur_sum
    found = np.arctan2(correlate2d(circle, weights_y), correlate2d(circle, weights_x))
    error = (found - np.arctan2(-rows, -columns) + np.pi) % (2 * np.pi) - np.pi
    degrees = np.degrees(np.abs(error[strong])).mean()
    print(f"{name:8} noise {noise_level:.1f}  angle wrong by {degrees:.1f} degrees")
# > sobel    noise 16.8  angle wrong by 1.5 degrees
# > prewitt  noise 15.9  angle wrong by 3.1 degrees

# %% [markdown]
# Prewitt is a little quieter, for it averages three rows evenly: theory says $28.3 / \sqrt 3$ = 16.3. But
# Sobel's angles are twice as good on this rim. It is a compromise, as every designed kernel is; in lesson
# 08 a computer finds a Sobel kernel by itself, from examples. (The line with `%` folds a difference of
# angles into −180 to 180 degrees.)

# %% [markdown]
# ## Do other libraries agree?
#
# OpenCV calls it `cv2.Sobel`, SciPy `ndimage.sobel`. Both give an output as large as the image, so both
# have to invent pixels beyond the border. **Predict**: where will their results equal ours, and will they
# equal each other?

# %% tags=["nbval-check-output"]
import cv2
from scipy import ndimage

from_opencv = cv2.Sobel(ascent, cv2.CV_64F, 1, 0, ksize=3)
from_scipy = ndimage.sobel(ascent.astype(float), axis=1)
for name, response in [("OpenCV", from_opencv), ("SciPy", from_scipy)]:
    equal = np.array_equal(response[1:-1, 1:-1], edges.x)
    print(f"{name:6} equals ours inside: {equal}   column 0: {response[1:4, 0]}")
print("the two differ in", np.sum(from_opencv != from_scipy), "pixels")
print("pixels at the border:", ascent.size - edges.x.size)
# > OpenCV equals ours inside: True   column 0: [0. 0. 0.]
# > SciPy  equals ours inside: True   column 0: [1. 2. 0.]
# > the two differ in 1337 pixels
# > pixels at the border: 2044

# %% [markdown]
# Inside, all 260,100 numbers are the same. At the border SciPy repeats the edge pixel (c b a | a b c),
# while OpenCV mirrors around it (c b | a b c). With OpenCV's rule, the left and the right neighbour of
# column 0 are the same pixel: their difference is 0, always.

# %% [markdown]
# Both calls above ask for floats, with `CV_64F` and `astype(float)`. **Predict** what happens to −300 if
# you leave that out and the result is `uint8`, as the image is. The two libraries do *not* do the same.

# %% tags=["nbval-check-output"]
careless_opencv = cv2.Sobel(ascent, -1, 1, 0, ksize=3)[1:-1, 1:-1]
careless_scipy = ndimage.sobel(ascent, axis=1)[1:-1, 1:-1]
print("OpenCV clips:", np.array_equal(careless_opencv, np.clip(edges.x, 0, 255)))
print("SciPy is right in", f"{np.mean(careless_scipy == edges.x):.0%} of the pixels")
# > OpenCV clips: True
# > SciPy is right in 56% of the pixels

# %% [markdown]
# OpenCV clips: the 44.0 % from above are gone without a word. SciPy stores a result in the type of the
# image, where −300 does not fit; the right numbers are those that were between 0 and 255 anyway, 56 %. The
# rule for both: ask for floats first.

# %% [markdown]
# Two more names. scikit-image's `sobel_h` and `sobel_v` give a **quarter** of our numbers: its blur weights
# are divided by their sum, 1 + 2 + 1 = 4, so that they average. Its magnitude, `sobel`, is divided by
# $\sqrt 2$ on top. Neither is wrong; only a fixed threshold has to move with it. In Keras, a `Conv2D` layer
# with two filters that hold these kernels, without bias and activation, computes x and y at once.

# %% [markdown]
# ## Five questions
#
# Each choice explains itself. Where the quiz cannot be clicked, answer with letters as its last line shows.

# %%
from course_utils import quiz

quiz("04")

# %% [markdown]
# ## Summary
#
# You built both kernels from `[1, 2, 1]` and `[-1, 0, 1]`: a blur one way, a difference the other. You
# computed an edge by hand: 346 to the right, 506 downwards, strength 612.99, direction 55.6 degrees. You
# saw what is thrown away: clipping takes each edge from bright to dark, a threshold takes the weak ones.
# The formula to keep:
#
# $$\text{magnitude} = \sqrt{g_x^2 + g_y^2}, \qquad \text{angle} = \operatorname{arctan2}(g_y, g_x)$$

# %% [markdown]
# ## Next
#
# The responses were two rows and two columns smaller than the image: lesson 05 predicts the size of any
# output, with padding and with larger steps.
