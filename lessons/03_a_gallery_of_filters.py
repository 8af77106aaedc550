# %% [markdown]
# # 03 · A gallery of filters
#
# Sixteen small tables of numbers that blur, sharpen, carve and find edges, one filter that is no table at
# all, and what each of them does at the border.
#
# **You will be able to** predict what a kernel does to flat areas from its weights, choose a border rule and
# a filter against noise by measured errors, and say why OpenCV, SciPy and you get different numbers for the
# same kernel.
#
# **You need**: lessons 01 and 02 (windows, the sliding kernel). **Time**: 45 minutes

# %% [markdown]
# ## What turns a sum into a pixel?
#
# Lesson 02 ended with sums such as 577 that no screen can show. A *filter* in a drawing program does four
# things more: it multiplies the sum with a *factor*, adds a *bias*, rounds, and *clamps*: below 0 becomes 0,
# above 255 becomes
# 255. Here is a window with a bright middle. **Work out** with a pencil: nine ones and the factor 1/9; then
# −1 everywhere and 9 in the middle.

# %%
import numpy as np

from course_utils import KERNELS, apply_filter, correlate2d, kernel, load_image, plots

window = np.array([[90, 100, 110], [90, 120, 110], [90, 100, 110]], dtype=np.uint8)
plots.show(window, titles="window", caption="The eight neighbours sum to 800.")

# %% tags=["nbval-check-output"]
for name in ["mean", "sharpen", "edges_excessive", "emboss"]:
    weights, factor, bias = kernel(name)
    total = np.sum(window * weights)
    value = factor * total + bias
    pixel = apply_filter(window, kernel(name))[1, 1]
    print(f"{name:16} sum {total:4}  factor, bias {value:6.1f}  pixel {pixel:3}")
# > mean             sum  920  factor, bias  102.2  pixel 102
# > sharpen          sum  280  factor, bias  280.0  pixel 255
# > edges_excessive  sum  -40  factor, bias  -40.0  pixel   0
# > emboss           sum   40  factor, bias  168.0  pixel 168

# %% [markdown]
# Four fates: 920 / 9 = 102.2 is rounded to 102. 9 · 120 − 800 = 280 is clamped to 255. 800 − 7 · 120 = −40 is
# clamped to 0. And the bias lifts 40 to 168: the emboss filter draws on a grey of 128, so that less than
# nothing shows as darker than grey. The order counts: factor first, then bias, rounding and clamping last.
#
# $$\text{pixel} = \text{clamp}(\text{round}(\text{factor} \cdot \text{sum} + \text{bias}))$$

# %% [markdown]
# ## What does the sum of the weights say?
#
# Before you look at any picture, add up the weights. On a flat area every pixel is the same, say 100, so the
# result is 100 · (sum of weights) · factor + bias. **Predict** for each name of the gallery what becomes of a
# flat grey of 100: does it stay, does it turn black, does it turn into something else?

# %% tags=["nbval-check-output"]
gallery = [
    name for name in KERNELS if not name.startswith(("sobel", "prewitt", "lapl"))
]
flat = np.full((9, 9), 100, dtype=np.uint8)
for name in gallery:
    weights, factor, bias = kernel(name)
    size = f"{len(weights)} x {len(weights)}"
    level = apply_filter(flat, kernel(name))[4, 4]
    print(
        f"{name:20} {size}  sum {weights.sum() * factor:3.0f}  flat 100 becomes {level:3}"
    )
# > identity             3 x 3  sum   1  flat 100 becomes 100
# > blur_plus            3 x 3  sum   1  flat 100 becomes 100
# > blur_diamond         5 x 5  sum   1  flat 100 becomes 100
# > gaussian_3           3 x 3  sum   1  flat 100 becomes 100
# > gaussian_5           5 x 5  sum   1  flat 100 becomes 100
# > motion_blur          9 x 9  sum   1  flat 100 becomes 100
# > horizontal_edges     5 x 5  sum   0  flat 100 becomes   0
# > vertical_edges       5 x 5  sum   0  flat 100 becomes   0
# > edges_45_degrees     5 x 5  sum   0  flat 100 becomes   0
# > edges_all_directions 3 x 3  sum   0  flat 100 becomes   0
# > sharpen              3 x 3  sum   1  flat 100 becomes 100
# > sharpen_subtle       5 x 5  sum   1  flat 100 becomes 100
# > edges_excessive      3 x 3  sum   1  flat 100 becomes 100
# > emboss               3 x 3  sum   0  flat 100 becomes 128
# > emboss_strong        5 x 5  sum   0  flat 100 becomes 128
# > mean                 3 x 3  sum   1  flat 100 becomes 100

# %% [markdown]
# Three families. Sum 1 *keeps* the brightness: blurs, and sharpening too. Sum 0 keeps nothing of a flat area
# and answers to changes only: edges, black where nothing happens. Sum 0 with a bias of 128 is emboss: grey
# where nothing happens. A blur whose weights sum to 1.2 would make every picture lighter by a fifth; the
# factor is there to set that right.

# %% [markdown]
# ## How do blurs differ?
#
# All weights of a blur are positive: each output pixel is a mixture of its window. Which pixels enter, and
# with which share, is the whole difference. Here are four of the tables. **Predict**: which of them makes a
# slanted streak out of a single bright pixel, and which one leaves the middle strongest?

# %%
names = ["blur_plus", "blur_diamond", "gaussian_5", "motion_blur"]
plots.show(
    *[kernel(name).weights for name in names],
    titles=[f"{name}, factor {kernel(name).factor:.3g}" for name in names],
    kind="positive",
    columns=2,
    caption="gaussian_5: 36 in the middle of 256, so the pixel keeps 14 % of itself.",
)

# %% [markdown]
# Now all of them on a detail of ascent, and on the photo in colour. A colour image is three images, one for
# each channel, and each is filtered on its own. **Look** for the differences in the hair and in the bars of
# the railing.

# %%
ascent, face = load_image("ascent"), load_image("face")
axes = plots.show(
    ascent,
    face,
    titles=("ascent, 512 x 512", "face, 192 x 256 x 3"),
    caption="The frames are the details that the next pictures show.",
)
detail, eyes = ascent[230:358, 350:478], face[36:132, 96:224]
plots.mark(axes[0], 230, 350, 128, 128)
plots.mark(axes[1], 36, 96, 96, 128)


# %%
def hang(image, names, caption, columns=4):
    pictures = [apply_filter(image, kernel(name)) for name in names]
    plots.show(
        image, *pictures, titles=["image", *names], columns=columns, caption=caption
    )


blurs = ["identity", "blur_plus", "blur_diamond", "gaussian_3", "gaussian_5", "mean"]
blurs += ["motion_blur"]
hang(detail, blurs, caption="mean: each pixel is the sum of nine pixels, divided by 9.")

# %%
hang(
    eyes,
    blurs,
    caption="The same kernels, once for red, once for green, once for blue.",
)

# %% [markdown]
# The identity copies; diamond and `gaussian_5` are the softest; motion blur smears along its diagonal, as if
# the camera had moved down to the right during the exposure. A plain mean and a *Gaussian*, whose weights
# fall off from the middle like a bell, look alike at this size. They differ in how they treat fine stripes.
# **Predict**: stripes go through both, first one bright column in three, then one in two. What remains?

# %% tags=["nbval-check-output"]
for period in [[0, 0, 96], [0, 96]]:
    stripes = np.tile(period, (5, 6)).astype(np.uint8)
    print("image     ", stripes[2, 1:7])
    for name in ["mean", "gaussian_3"]:
        print(f"{name:10}", apply_filter(stripes, kernel(name))[2, 1:7])
# > image      [ 0 96  0  0 96  0]
# > mean       [32 32 32 32 32 32]
# > gaussian_3 [24 48 24 24 48 24]
# > image      [96  0 96  0 96  0]
# > mean       [32 64 32 64 32 64]
# > gaussian_3 [48 48 48 48 48 48]

# %% [markdown]
# The mean wipes out stripes that repeat every 3 pixels, its own width, and turns finer ones *upside down*:
# where the image has 96, the mean has 32, and 64 where it has 0. The Gaussian lets the less through the finer
# the stripes are, and reverses nothing. That is why it is the blur that people build on. Exercise 3.1 asks
# for Gaussians of any size.

# %% [markdown]
# ## Which edges does each kernel see?
#
# Four kernels with the sum 0. **Predict** from these tables: which one stays black along the vertical posts
# of ascent?

# %%
edge_names = gallery[6:10]
plots.show(
    *[kernel(name).weights for name in edge_names],
    titles=edge_names,
    columns=2,
    caption="Each sums to 0. A kernel of one line looks along that line only.",
)

# %%
hang(ascent, edge_names, columns=3, caption="Negative responses are clamped to black.")

# %%
hang(
    face,
    edge_names,
    columns=3,
    caption="Colours: the three channels change differently.",
)

# %% [markdown]
# `horizontal_edges` compares a pixel with the two above it: it draws the beams and steps, and is nearly blind
# to upright posts. `vertical_edges` does the opposite. So far the names hold. But a table on a web page is a
# claim, not a proof. Test it: draw a line in each of four directions and note the strongest response.
# **Predict** the row of `edges_45_degrees`: which of the four should it see?

# %% tags=["nbval-check-output"]
lines = {"horizontal": np.zeros((11, 11)), "down right": 100 * np.eye(11)}
lines["horizontal"][5] = 100
lines |= {"up right": lines["down right"][::-1], "vertical": lines["horizontal"].T}
tests = {name: kernel(name).weights for name in edge_names[:3]}
tests["vertical_edges transposed"] = tests["vertical_edges"].T
tests["sobel_y of lesson 04"] = kernel("sobel_y").weights
print(" " * 26, *lines)
for name, weights in tests.items():
    strongest = [np.abs(correlate2d(line, weights)).max() for line in lines.values()]
    print(f"{name:26}", *[f"{n:{len(line)}.0f}" for line, n in zip(lines, strongest)])
# >                            horizontal down right up right vertical
# > horizontal_edges                  200        200      200        0
# > vertical_edges                      0        400      400      400
# > edges_45_degrees                  600          0      600      600
# > vertical_edges transposed         400        400      400        0
# > sobel_y of lesson 04              400        200      200        0

# %% [markdown]
# Read the last-but-one row first. Lode Vandevenne's page "Image Filtering", where this gallery comes from,
# writes its "vertical edges" as a *column*, the transpose of ours, and that column is blind to vertical
# lines: 0. It sees the horizontal ones, 400. The name was on the wrong kernel; in `KERNELS` it fits.

# %% [markdown]
# `edges_45_degrees` is a slip of another kind. It sees horizontal and vertical lines as strongly as slanted
# ones, 600, and is blind to one single direction, its own diagonal. That holds for all three: a kernel of one
# line of numbers is *blind* along this line and cannot tell the other directions apart, not even a diagonal
# from a vertical. What makes a kernel choosy is a second axis: `sobel_y` differs one way and blurs the other,
# and gives 400, 200, 0.

# %% [markdown]
# ## How do you sharpen, and how do you carve?
#
# A blur takes the fine detail away. What it takes away is image − blur. **Predict**: you add that detail to
# the image *once more*. Write the kernel of 2 · identity − mean as nine numbers, or nine times that, so that
# no fractions are needed. Does it look like a kernel of the gallery?

# %% tags=["nbval-check-output"]
identity, mean = kernel("identity").weights, kernel("mean").weights
print(2 * 9 * identity - mean)
print("its sum:", (2 * 9 * identity - mean).sum(), " to be divided by 9")
print(kernel("sharpen").weights)
# > [[-1 -1 -1]
# >  [-1 17 -1]
# >  [-1 -1 -1]]
# > its sum: 9  to be divided by 9
# > [[-1 -1 -1]
# >  [-1  9 -1]
# >  [-1 -1 -1]]

# %% [markdown]
# The same pattern: −1 around a large middle. The gallery's `sharpen` is 10 · identity − 9 · mean: it adds the
# detail nine times, not once, and so it is harsh. `edges_excessive` is 9 · mean − 8 · identity: it *takes the
# detail away* nine times, and where that ends below 0 or above 255, the picture looks torn. **Look** at the
# hair of the raccoon.

# %%
sharp = ["sharpen_subtle", "sharpen", "edges_excessive"]
hang(detail, sharp, caption="Flat sky stays as it was: the weights sum to 1.")

# %%
hang(eyes, sharp, caption="What was noise in the hair is sharpened as well.")

# %% [markdown]
# A sharper picture holds no new information: each pixel still comes from the same nine. And noise is fine
# detail too, so it grows. Now the carving: `emboss` takes the upper left from the lower right, and adds 128.
# **Predict**: on which side is a bright object light, on which dark? And what becomes of the colours?

# %%
emboss = ["emboss", "emboss_strong"]
hang(
    ascent, emboss, columns=3, caption="128 + lower right − upper left. Flat sky: 128."
)

# %%
hang(
    face,
    emboss,
    columns=3,
    caption="Where red, green and blue change alike, grey stays grey.",
)

# %% [markdown]
# A bright object is light at its upper left, where the step goes up, and dark at its lower right: as if a
# lamp shone from the upper left on a relief. Colour survives at coloured edges only, for on flat areas all
# three channels are 128.

# %% [markdown]
# Now invent one. Choose a preset, change a weight with Enter, move over the picture. **Predict** before you look: what
# does `sharpen` become when its middle weight 9 is 8? And what, when it is 10?

# %%
from course_utils import figures

lab = figures.KernelLab()
lab

# %% tags=["nbval-check-output"]
print(lab.kernel, lab.factor)
# > [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]] 1.0

# %% [markdown]
# With 8 the weights sum to 0: flat areas vanish, and `sharpen` has become an edge detector. With 10 they sum to 2, and
# flat areas are twice as bright, until they are clamped. `lab.kernel` is yours to use in `apply_filter`.

# %% [markdown]
# ## What lies beyond the border?
#
# All these results are as large as the image. At the border the window reaches over the edge, and somebody
# has to say what is there. Four rules are common. **Write down** for the row 10, 20, 30, 40 the mean of three
# at its *first* pixel, if beyond the border there is: 0; the other end of the row; the row mirrored; the edge
# pixel once more.

# %% tags=["nbval-check-output"]
row = [[10, 20, 30, 40]]
for rule in ["zero", "wrap", "reflect", "nearest"]:
    longer = correlate2d(row, [[1]], padding=(0, 2), boundary=rule)[0].astype(int)
    means = correlate2d(row, np.ones((1, 3)) / 3, padding="same", boundary=rule)[0]
    print(f"{rule:8}{longer[:2]} 10 20 30 40 {longer[-2:]}   means", *means.round(1))
# > zero    [0 0] 10 20 30 40 [0 0]   means 10.0 20.0 30.0 23.3
# > wrap    [30 40] 10 20 30 40 [10 20]   means 23.3 20.0 30.0 26.7
# > reflect [20 10] 10 20 30 40 [40 30]   means 13.3 20.0 30.0 36.7
# > nearest [10 10] 10 20 30 40 [40 40]   means 13.3 20.0 30.0 36.7

# %% [markdown]
# zero: (0 + 10 + 20) / 3 = 10. wrap: (40 + 10 + 20) / 3 = 23.3, for the image goes on at its other side.
# reflect and nearest: 13.3, for their first pixel beyond the border is the same; only the second differs. The
# means in the middle are equal: where the whole window lies on the image, no rule is needed. Below, the photo
# with 48 pixels more on each side; NumPy has other names for the rules.

# %%
modes = {"zero": "constant", "wrap": "wrap", "reflect": "symmetric", "nearest": "edge"}
around = ((48, 48), (48, 48), (0, 0))
plots.show(
    *[np.pad(face, around, mode=mode) for mode in modes.values()],
    titles=[f"{rule}: np.pad(mode={mode!r})" for rule, mode in modes.items()],
    columns=2,
    caption="Each filter sees this picture, and keeps the part in the middle.",
)

# %% [markdown]
# How much does it matter? A mean of 31 x 31 reaches 15 pixels over the border. **Predict**: a flat grey of
# 200 with a zero border. What remains in the corner, where 16 x 16 of 31 x 31 pixels lie on the image? And
# what does *wrap* do to ascent, whose bottom row is brighter than its top row?

# %% tags=["nbval-check-output"]
from course_utils import box_kernel

wide = box_kernel(31)
grey = np.full((99, 99), 200, dtype=np.uint8)
blurred = {rule: apply_filter(ascent, wide, boundary=rule) for rule in modes}
top, bottom = ascent[[0, -1]].mean(axis=1)
print(f"grey: corner, edge. ascent: top and bottom row, now {top:.0f} {bottom:.0f}")
for rule in modes:
    corner, edge = apply_filter(grey, wide, boundary=rule)[[0, 0], [0, 49]]
    top, bottom = blurred[rule][[0, -1]].mean(axis=1)
    print(f"{rule:8} grey {corner:3} {edge:3}   ascent {top:.0f} {bottom:.0f}")
# > grey: corner, edge. ascent: top and bottom row, now 80 102
# > zero     grey  53 103   ascent 38 48
# > wrap     grey 200 200   ascent 85 85
# > reflect  grey 200 200   ascent 74 95
# > nearest  grey 200 200   ascent 77 99

# %%
plots.show(
    *blurred.values(),
    titles=list(blurred),
    caption="zero: 16/31 of 200 at an edge is 103, in a corner (16/31)² of it is 53.",
)

# %% [markdown]
# The zero rule darkens: 103 of 200 at an edge, 53 in a corner, and a frame around ascent. Wrap mixes top and
# bottom: both rows come out at 85. Reflect and nearest keep flat areas flat and invent the least. This
# course's `apply_filter` wraps, as the page of the gallery does; `correlate2d` has the zero rule, as Keras's
# layers have. No rule is right, for nobody knows what lies there.

# %% [markdown]
# ## Can noise be filtered away?
#
# *Salt-and-pepper noise*: some pixels are lost and came out black or white. Take one window of a grey wall
# with one lost pixel: 100, 102, 98, 101, **255**, 99, 100, 103, 97. **Work out** the mean. Then sort the nine
# numbers and take the one in the middle: that is the *median*.

# %% tags=["nbval-check-output"]
lost = np.array([100, 102, 98, 101, 255, 99, 100, 103, 97])
print("sorted", np.sort(lost))
print("mean", lost.mean().round(1), "  median", np.median(lost))
# > sorted [ 97  98  99 100 100 101 102 103 255]
# > mean 117.2   median 100.0

# %% [markdown]
# The mean is 1055 / 9 = 117.2: the one wrong pixel has pulled it up by 17, and would do so in all nine
# windows that hold it. The median is 100, as if nothing had happened: how *far* off the 255 is does not
# matter. A median has no kernel. It sorts, and no sum of products can do that: check with two windows.
# **Predict** both lines.

# %% tags=["nbval-check-output"]
one, two = np.array([0, 0, 9]), np.array([0, 9, 0])
print("medians added:", np.median(one) + np.median(two))
print("median of the sum:", np.median(one + two))
# > medians added: 0.0
# > median of the sum: 9.0

# %% [markdown]
# For every kernel the two would be equal, because sums of products can be added in any order; here 0 is not
# 9. Now ascent with 10 % lost pixels. The *error* is the mean distance from the original. **Predict**: does
# the mean of 3 x 3 lower it? Does a larger median lower it more?

# %% tags=["nbval-check-output"]
from course_utils import median_filter
from course_utils.images import salt_and_pepper

noisy = salt_and_pepper(ascent, 0.1)


def error(picture):
    return np.abs(picture.astype(float) - ascent).mean()


print(f"noisy  {error(noisy):.2f}")
for size in [3, 5, 9]:
    mean = error(apply_filter(noisy, box_kernel(size), boundary="nearest"))
    median, clean = [error(median_filter(image, size)) for image in (noisy, ascent)]
    print(
        f"{size} x {size}: mean {mean:.2f}  median {median:.2f}  no noise {clean:.2f}"
    )
# > noisy  12.75
# > 3 x 3: mean 13.22  median 3.00  no noise 2.22
# > 5 x 5: mean 13.32  median 4.94  no noise 4.37
# > 9 x 9: mean 15.43  median 8.51  no noise 8.25

# %% [markdown]
# The mean does not help at all: 13.22 after 12.75, for it smears the noise and blurs the picture on top. The
# median of 3 x 3 brings it down to 3.00. Larger is *worse*, 4.94 and 8.51, and the last column says why: a
# median of 9 x 9 costs 8.25 even where there is no noise, for it rubs out every line thinner than half its
# window.

# %%
spoilt = noisy[230:358, 350:478]
mean = apply_filter(spoilt, kernel("mean"))
medians = [median_filter(spoilt, size) for size in [3, 5, 9]]
plots.show(
    detail,
    spoilt,
    mean,
    *medians,
    titles=("original", "10 % noise", "mean 3", "median 3", "median 5", "median 9"),
    kind="picture",
    columns=3,
    caption="Of nine pixels, up to four may be lost without moving the median far.",
)

# %%
spoilt = salt_and_pepper(face, 0.1)
mean = apply_filter(spoilt, kernel("mean"))
medians = [median_filter(spoilt, size).astype(np.uint8) for size in [3, 5, 9]]
plots.show(
    spoilt,
    mean,
    *medians,
    titles=("10 % noise", "mean 3", "median 3", "median 5", "median 9"),
    columns=3,
    caption="In colour, each channel is sorted on its own. median 9 looks painted.",
)

# %% [markdown]
# Is the median always better? No. Add another noise: to *every* pixel of a flat grey a random number of
# standard deviation 20, as in a dark photo. **Predict**: which of the two leaves less of it?

# %% tags=["nbval-check-output"]
grainy = 100 + np.random.default_rng(0).normal(0, 20, (200, 200))
print(f"noise {grainy.std():.1f}")
print(f"mean of 3 x 3   {correlate2d(grainy, box_kernel(3)).std():.1f}")
print(f"median of 3 x 3 {median_filter(grainy, 3)[1:-1, 1:-1].std():.1f}")
# > noise 20.0
# > mean of 3 x 3   6.7
# > median of 3 x 3 8.2

# %% [markdown]
# Averaging nine numbers divides this noise by three, 20 / 3 = 6.7, and the median does worse: 8.2. Where all
# pixels are a little wrong, let all of them vote; where few are totally wrong, ignore the extremes. **Try
# it**: 30 % salt and pepper, `salt_and_pepper(ascent, 0.3)`. Which size is best now?

# %% [markdown]
# ## What does a large kernel cost?
#
# A blur that you can *see* on a photo of many megapixels needs a large kernel, and the work grows with its
# area. But a Gaussian is an outer product: a column times a row. So one may blur with the column first, then
# with the row. **Work out** for 15 x 15 on ascent: the multiplications for each pixel, at once and in two
# passes.

# %% tags=["nbval-check-output"]
from course_utils import gaussian_kernel

gaussian = gaussian_kernel(15, 3)
row = gaussian.sum(axis=0, keepdims=True)
column = row.T
print("outer product:", np.allclose(column * row, gaussian))
at_once = 498 * 498 * 15 * 15
two_passes = 498 * 512 * 15 + 498 * 498 * 15
print(f"{at_once:,} and {two_passes:,}: ratio {at_once / two_passes:.1f}")
# > outer product: True
# > 55,800,900 and 7,544,700: ratio 7.4

# %% [markdown]
# 225 against 15 + 15 = 30. The ratio is 7.4 and not 7.5, because the first pass has 512 columns to visit.
# (The row of weights is the sum over the rows of the kernel: in a kernel of sum 1 that works.) Now measure,
# with the nine-shifts loop of lesson 02, for kernels of any size. **Guess** first: will the time shrink by as
# much?


# %%
from time import perf_counter


def correlate_shifted(image, kernel):
    height, width = np.subtract(image.shape, kernel.shape) + 1
    output = np.zeros((height, width))
    for (row, column), weight in np.ndenumerate(kernel):
        output += weight * image[row : row + height, column : column + width]
    return output


def milliseconds(function, times=5):
    durations = []
    for _ in range(times):
        start = perf_counter()
        function()
        durations.append(1000 * (perf_counter() - start))
    return min(durations)


# %% [markdown]
# First the plain double loop of lesson 02, on 64 rows of ascent, which give 50 of the 498 rows of output; the
# time is scaled up. **Guess**: how long does it take for the whole image?


# %%
def correlate_loop(image, kernel):
    height, width = np.subtract(image.shape, kernel.shape) + 1
    output = np.zeros((height, width))
    for row, column in np.ndindex(height, width):
        window = image[row : row + len(kernel), column : column + len(kernel[0])]
        output[row, column] = np.sum(window * kernel)
    return output


pixels = ascent.astype(float)
loop = milliseconds(lambda: correlate_loop(pixels[:64], gaussian), 1) * 498 / 50
print(f"the double loop: about {loop:.0f} ms for 498 x 498 windows")

# %%
once = milliseconds(lambda: correlate_shifted(pixels, gaussian))
twice = milliseconds(lambda: correlate_shifted(correlate_shifted(pixels, column), row))
print(f"at once {once:.0f} ms, two passes {twice:.0f} ms: ratio {once / twice:.1f}")

# %% tags=["nbval-check-output"]
in_two = correlate_shifted(correlate_shifted(pixels, column), row)
print("equal:", np.allclose(in_two, correlate_shifted(pixels, gaussian)))
print([name for name in gallery if np.linalg.matrix_rank(kernel(name).weights) == 1])
# > equal: True
# > ['identity', 'gaussian_3', 'gaussian_5', 'horizontal_edges', 'vertical_edges', 'mean']

# %% [markdown]
# The printed ratio is of the size that the count promised, and varies a little from run to run. Which kernels
# can be taken apart? Those whose rows are all multiples of one row: the *rank* of the table is 1. Six of
# sixteen; a diamond or a sharpening kernel is none of them. `correlate2d` looks for this by itself from 49
# weights on.

# %% [markdown]
# For the others there is a second way. The *Fourier transform* writes an image as a sum of waves, and with
# waves the sliding turns into *one* multiplication for each wave. Its fast form, the FFT, costs about the
# same for every kernel size. SciPy has it: `fftconvolve`. **Guess** at which kernel size it begins to pay.
# (It convolves: hence the turned kernel.)

# %% tags=["nbval-check-output"]
from scipy import signal

rough = np.random.default_rng(0).normal(size=(31, 31))  # rank 31: not separable
by_waves = signal.fftconvolve(pixels, rough[::-1, ::-1], mode="valid")
print("agrees:", np.allclose(by_waves, correlate2d(pixels, rough)))
unturned = signal.fftconvolve(pixels, rough, mode="valid")
print("agrees without the turn:", np.allclose(unturned, correlate2d(pixels, rough)))
# > agrees: True
# > agrees without the turn: False

# %%
sizes = np.array([3, 5, 9, 13, 17, 21, 31])
kernels = [rough[:size, :size] for size in sizes]
direct = [milliseconds(lambda k=k: correlate2d(pixels, k)) for k in kernels]
waves = [
    milliseconds(lambda k=k: signal.fftconvolve(pixels, k, "valid")) for k in kernels
]
for size, slide, wave in zip(sizes, direct, waves):
    print(f"{size:2} x {size:2}: sliding {slide:6.1f} ms, FFT {wave:5.1f} ms")
plots.show_curves(
    {"sliding": direct, "FFT": waves},
    x=sizes,
    xlabel="rows and columns of the kernel",
    ylabel="milliseconds",
    title="512 x 512 pixels, measured in this cell",
    caption="Sliding grows with the area of the kernel; the FFT hardly grows.",
)

# %% [markdown]
# For the 3 x 3 kernels of this gallery, and of most networks, sliding wins clearly; at 31 x 31 the FFT does,
# by several times. Where the lines cross depends on the machine and on how well either is written: read it
# off your own picture. The results agree up to rounding.

# %% [markdown]
# ## Why do libraries disagree?
#
# The same Gaussian, three libraries. OpenCV's `filter2D` and SciPy's `ndimage.correlate` slide without a
# flip, as we do. **Predict**: how many of the 262,144 numbers differ from ours, and where? A 5 x 5 kernel
# reaches 2 pixels beyond.

# %% tags=["nbval-check-output"]
import cv2
from scipy import ndimage

weights = kernel("gaussian_5").weights / 256
ours = correlate2d(pixels, weights, padding="same", boundary="zero")
theirs = {
    "cv2.filter2D": cv2.filter2D(pixels, -1, weights),
    "cv2.GaussianBlur": cv2.GaussianBlur(pixels, (5, 5), 0),
    "ndimage.correlate": ndimage.correlate(pixels, weights),
}
for name, result in theirs.items():
    differs = ~np.isclose(result, ours)
    print(
        f"{name:18} differs in {differs.sum():,}, of these inside: {differs[2:-2, 2:-2].sum()}"
    )
# > cv2.filter2D       differs in 4,080, of these inside: 0
# > cv2.GaussianBlur   differs in 4,080, of these inside: 0
# > ndimage.correlate  differs in 4,080, of these inside: 0

# %% [markdown]
# Inside, not one number differs. At the border all 4,080 pixels do: 512² − 508² = 4,080. (`GaussianBlur`
# takes these very weights if you ask for 5 x 5 and sigma 0.) It is not the kernel, it is the rule. **Which**
# rule do they follow? Try our four.

# %% tags=["nbval-check-output"]
for name, result in theirs.items():
    fits = [
        rule
        for rule in modes
        if np.allclose(
            result, correlate2d(pixels, weights, padding="same", boundary=rule)
        )
    ]
    print(f"{name:18} {fits}")
replicate = cv2.filter2D(pixels, -1, weights, borderType=cv2.BORDER_REPLICATE)
nearest = correlate2d(pixels, weights, padding="same", boundary="nearest")
print("asked for the edge pixel:", np.allclose(replicate, nearest))
# > cv2.filter2D       []
# > cv2.GaussianBlur   []
# > ndimage.correlate  ['reflect']
# > asked for the edge pixel: True

# %% [markdown]
# SciPy reflects. OpenCV follows none of the four: it mirrors *around* the edge pixel without repeating it, 30
# 20 | 10 20 30, which NumPy calls "reflect" and SciPy "mirror". SciPy's "reflect" is NumPy's "symmetric". So
# name the rule when you compare, and never trust the name alone. Asked for the same rule, the libraries agree
# everywhere.

# %% [markdown]
# The second difference is the dtype. All numbers above were floats. **Predict**: what happens to 134.8 if the
# image is `uint8` and the result is `uint8` too, in OpenCV and in SciPy?

# %% tags=["nbval-check-output"]
inside = np.s_[2:-2, 2:-2]
right = apply_filter(ascent, kernel("gaussian_5"))[inside].astype(int)
print("OpenCV - ours:", np.unique(cv2.filter2D(ascent, -1, weights)[inside] - right))
difference = ndimage.correlate(ascent, weights)[inside] - right
print("SciPy - ours: ", np.unique(difference))
print(f"too dark by one: {np.mean(difference < 0):.0%}")
# > OpenCV - ours: [0]
# > SciPy - ours:  [-1  0]
# > too dark by one: 44%

# %% [markdown]
# OpenCV rounds and clamps, as we do. SciPy cuts the fraction off: 134.8 becomes 134, and 44 % of the pixels
# are too dark by one. The medians differ again: a median has no fractions, but it has a border.

# %% tags=["nbval-check-output"]
for size in [3, 5]:
    by_us = median_filter(noisy, size)
    opencv = np.sum(cv2.medianBlur(noisy, size) != by_us)
    scipy = np.sum(ndimage.median_filter(noisy, size) != by_us)
    print(f"{size} x {size}: OpenCV differs in {opencv}, SciPy in {scipy}")
# > 3 x 3: OpenCV differs in 0, SciPy in 0
# > 5 x 5: OpenCV differs in 0, SciPy in 564

# %% [markdown]
# OpenCV repeats the edge pixel, as we do. SciPy reflects: for a window of 3, one pixel beyond the border,
# that is the same pixel, so it stays hidden until the window grows to 5. In Keras a `Conv2D` layer with these
# weights, no bias and `padding="same"` has the zero border, and nothing rounds or clamps. Lesson 05 looks at
# that border.

# %% [markdown]
# ## Five questions
#
# Choose, then read why. If several choices are right, the question says so.

# %%
from course_utils import quiz

quiz("03")

# %% [markdown]
# ## Summary
#
# - You predicted what a kernel does to flat areas from the sum of its weights: 1 keeps, 0 leaves changes
#   only, a bias of 128 makes relief.
# - You chose by measured errors: for salt and pepper the median of 3 x 3 (3.00, the mean 13.22), for grain
#   the mean; and saw what four border rules invent.
# - You found why libraries disagree: the rule at the border (4,080 pixels), and rounding.
#
# The formula to keep:
#
# $$\text{pixel} = \text{clamp}(\text{round}(\text{factor} \cdot \text{sum} + \text{bias}))$$

# %% [markdown]
# ## Next
#
# The exercises ask for a Gaussian, a filter and a median of your own; lesson 04 takes one family further, and
# measures how strong an edge is and where it points.
