# %% [markdown]
# # 01 · Images are arrays
#
# Read a picture as the table of numbers it is, cut it, calculate with it, and catch the three ways in which it lies.
#
# **You will be able to** find any pixel and cut any window by row and column, predict when uint8 arithmetic goes wrong and
# prevent it, and compute the weighted sum of a window by hand.
#
# **You need**: [lesson 00](00_start_here.ipynb); Python with lists and slices. **Time**: 35 minutes

# %% [markdown]
# ## What is a picture made of?
#
# Here is a staircase, and six rows and eight columns of it so large that you can read them. What will you see at the edge
# of the bright post: a line, or something else? And one of the 48 numbers does not fit its neighbours. Find it.

# %%
import numpy as np
from course_utils import load_image, plots

ascent = load_image("ascent")
caption = "Right: the pixels inside the red frame. 0 is black, 255 is white."
plots.show_window(ascent, 198, 264, 6, 8, title="ascent", caption=caption)

# %% [markdown]
# There is no line, only numbers: about 210 on the post, about 115 in the sky, and a step between them. An edge is a place
# where numbers change. The misfit is the 0 between 238 and 201, a black speck on a white post. Remember it; it comes back.
#
# How many numbers are there in the whole picture, and of which kind?

# %% tags=["nbval-check-output"]
print(ascent.shape, ascent.size)
print(ascent.dtype, ascent.min(), ascent.max())
# > (512, 512) 262144
# > uint8 0 255

# %% [markdown]
# One number is a *pixel*. The *shape* says how many rows and columns there are: 512 and 512, hence 262,144 pixels. The
# *dtype* says how a number is stored: uint8 is a whole number without a sign in 8 bits, and 8 bits tell
# $2^8 = 256$ values apart. So its *range*, from smallest to largest, is 0 to 255.

# %% [markdown]
# Older texts load this picture with `scipy.misc.ascent()`. That function is gone since SciPy 1.12; its successor
# `scipy.datasets.ascent()` needs a further package, pooch, and a download. So the picture ships with the course, and
# `load_image` reads it from there.

# %% [markdown]
# ## Which comes first, row or column?
#
# Real pictures are too large to check by hand. This one has twelve pixels; its left 3 x 3 will accompany you into
# lesson 02.
#
# Rows are counted downwards from 0, columns to the right from 0. Which number is `tiny[1, 2]`, which is `tiny[2, 1]`, and which
# comes first in `tiny.shape`: 3 or 4?

# %%
rows = [[0, 64, 128, 255], [48, 192, 144, 80], [142, 226, 168, 32]]
tiny = np.array(rows, dtype=np.uint8)
caption = "Three rows, four columns. Row 1 is 48, 192, 144, 80."
plots.show(tiny, titles="tiny", caption=caption)

# %% tags=["nbval-check-output"]
print(tiny[1, 2], tiny[2, 1])
print(tiny.shape, tiny[-1, -1])
# > 144 226
# > (3, 4) 32

# %% [markdown]
# Always *[row, column]*: 144 lies in row 1, column 2. The shape agrees: (3, 4) is height, width. That is the order of
# a table, not of a map with x and y.
#
# Two traps. `tiny[3, 0]` is an error, but `tiny[-1, -1]` is not: negative numbers count from the end, so a slip at the
# border gives a wrong pixel in silence. And OpenCV's functions take sizes and points the other way round, as (x, y).

# %% [markdown]
# ## Why does 200 + 100 make 44?
#
# First lie. Make a bright pixel brighter, a black one darker, and put a large number into uint8. What should come
# out, and what can come out if only 0 to 255 exist?

# %% tags=["nbval-check-output"]
print(np.array([200], dtype=np.uint8) + 100)
print(np.array([0], dtype=np.uint8) - 1)
print(np.array([577]).astype(np.uint8))
# > [44]
# > [255]
# > [65]

# %% [markdown]
# After 255 comes 0 again, as after 23:59 comes 0:00: the numbers *wrap around*. By hand:
#
# - $300 - 256 = 44$
# - $-1 + 256 = 255$
# - $577 - 2 \cdot 256 = 65$
#
# For arrays NumPy gives no warning. The 577 is no invention: in lesson 02 it is the first output pixel you compute, and stored as uint8 it
# would become a dark grey 65.

# %% [markdown]
# What does a whole picture look like after `ascent + 100`? Which pixels come out wrong: those above which value? Work
# the limit out first, then look for these places in the picture.

# %%
wrapped = ascent + 100
titles = ("ascent", "ascent + 100, in uint8")
caption = "Find the post: its 208 became 308 - 256 = 52."
plots.show(ascent, wrapped, titles=titles, caption=caption)

# %% tags=["nbval-check-output"]
print(f"{np.mean(ascent > 155):.1%} of the pixels wrap around")
# > 9.1% of the pixels wrap around

# %% [markdown]
# Every pixel above 155 has passed 255: one in eleven. They are the brightest, and now they are the darkest.
#
# The repair has three steps, in this order: **turn into floats, calculate, clip** to the range, and only then
# go back to uint8. *To clip* means that values below 0 become 0 and values above 255 become 255.

# %%
brighter = np.clip(ascent.astype(float) + 100, 0, 255).astype(np.uint8)
titles = ("wrapped", "float, then clip")
caption = "Right: the 208 is 308 as a float, clipped to 255. White stays white."
plots.show(wrapped, brighter, titles=titles, caption=caption)

# %% [markdown]
# Clipping keeps bright things bright, and is still a loss: 200 and 255 are one white now, like all that was above 155.
# Lesson 04 shows what that costs.
#
# Would it do to clip afterwards, `np.clip(ascent + 100, 0, 255)`? And what is the mean of two pixels, 200 and 100, and their
# difference? Three guesses, then run.

# %% tags=["nbval-check-output"]
print(np.array_equal(np.clip(ascent + 100, 0, 255), wrapped))
left, right = np.array([[200], [100]], dtype=np.uint8)
print((left + right) / 2, right - left)
# > True
# > [22.] [156]

# %% [markdown]
# Clipping afterwards changes nothing: 44 is a lawful value. The mean should be 150 and is 22, for the sum wrapped before the
# division. The difference should be -100 and is 156. Edges *are* differences: in uint8 each one from bright to dark
# would lie.
#
# Two more traps: `astype(np.uint8)` drops the fraction, so 99.9 becomes 99 (`np.rint` first); and a float out of
# range, such as 577.0, may become anything, differently on different machines.

# %% [markdown]
# Move a number past both ends of the range and see what each way makes of it. **Predict**: which number
# below 0 wraps to exactly 255?

# %%
from course_utils import figures

figures.WhereDidItGo()

# %% [markdown]
# −1 wraps to 255, the brightest white. Clipping makes it 0. ReLU is a name you will meet in lesson 07.

# %% [markdown]
# ## Does that happen to others, too?
#
# Back to the black speck on the post. Is it alone? We compare each pixel with the middle value, the median, of the 3 x 3
# pixels around it, and keep those that differ by more than 150. If specks were dirt, which values would you expect? And
# if they were wrapped numbers?

# %% tags=["nbval-check-output"]
from course_utils import median_filter

away = ascent - median_filter(ascent, 3)
specks = ascent[np.abs(away) > 150]
print(np.sort(specks))
# > [  0   0   0   0   2   3   4   6 250 252 253 253 254 254 254 254 254 254
# >  254 255 255 255 255 255 255 255 255]

# %% [markdown]
# 27 lonely pixels: eight almost black ones in bright places, nineteen almost white ones in dark places, and nothing in
# between. We do not know how this file was made. But such values are what wrapping leaves: a little above 255 becomes 0
# to 6, a little below 0 becomes 250 to 255.
#
# So a well-known test picture seems to carry the very mistake you have learnt to avoid.

# %% [markdown]
# ## Is white 255, or 1?
#
# Second lie. As floats, pictures often run from 0 to 1: neural networks learn better with small numbers, and lesson 09
# divides by 255 for that reason. The dtype does not tell which of the two ranges is meant.
#
# What does a screen show if it expects 0 to 255 and gets 0 to 1? And what does `(ascent / 255).astype(np.uint8)` hold?

# %%
scaled = ascent / 255
titles = ("0 to 1, shown as 0 to 1", "0 to 1, shown as 0 to 255")
caption = "The same numbers twice. Right: even white is 1 of 255, as good as black."
plots.show(scaled, scaled, titles=titles, kind=("positive", "picture"), caption=caption)

# %% tags=["nbval-check-output"]
print(scaled.dtype, scaled.min(), scaled.max(), (scaled / 255).max().round(4))
print(np.unique(scaled.astype(np.uint8)), np.sum(ascent == 255))
# > float64 0.0 1.0 0.0039
# > [0 1] 18

# %% [markdown]
# Nothing is broken but the agreement. As uint8 only 0 and 1 remain, and a 1 only at the 18 pixels that were 255: multiply by 255
# and round before you go back. Divide twice by mistake, and white is 0.0039; a network then sees night.
#
# So print `dtype`, `min()` and `max()` of every picture you meet. OpenCV and Matplotlib, too, judge by the dtype when
# they show a colour picture: uint8 means 0 to 255, floats mean 0 to 1.

# %% [markdown]
# ## What does `plots.show` do with my numbers?
#
# Most screens have 256 brightnesses for each colour, whatever your numbers are; somebody must decide which number is white.
# `plots.show` decides by the dtype, unless you say otherwise with `kind=`:
#
# - uint8, a *picture*: 0 is black, 255 is white.
# - others without negatives, *positive*: 0 is black, the **largest** is white.
# - others with negatives, *signed*: white is zero, orange below, purple above.
#
# Three pictures follow; two hold the same numbers. Will these two look alike?

# %%
dark = ascent // 4
titles = ("uint8, 0 to 63", "the same as float", "minus 32")
caption = "63 is dark grey on the left, and white in the middle as the largest number."
plots.show(dark, dark.astype(float), dark - 32.0, titles=titles, caption=caption)

# %% [markdown]
# The first two hold the same numbers and look like night and day: the middle one is stretched. On the right 32 has become
# 0, hence white. So
# *compare pictures only when they are shown alike*. Matplotlib's own `imshow` stretches each picture from its smallest to
# its largest number, unless you give `vmin` and `vmax`.
#
# **Try it**: add `kind="picture"` to the call, or `limit=255`, and predict what changes.

# %% [markdown]
# ## How does a pixel hold a colour?
#
# A screen mixes red, green and blue light. A colour picture keeps three numbers for each pixel, its *channels*, along a third
# axis. Predict the shape of a picture with 192 rows and 256 columns. And in which of its channels are green
# leaves brightest?

# %%
face = load_image("face")
red, green, blue = face[..., 0], face[..., 1], face[..., 2]
titles = ("face", "channel 0: red", "channel 1: green", "channel 2: blue")
caption = "One channel is a grey picture. The fur is alike in all; the leaves differ."
plots.show(face, red, green, blue, titles=titles, columns=2, caption=caption)

# %% tags=["nbval-check-output"]
print(face.shape, face[115, 0])
# > (192, 256, 3) [135 193  58]

# %% [markdown]
# The shape is (192, 256, 3): rows, columns, channels. The leaf pixel at [115, 0] is 135 red, 193 green, 58 blue: a
# yellowish green. Leaves are brightest in the green channel and darkest in the blue one.
#
# Keras uses the same order, with the number of images before it: `(N, H, W, C)`. A grey picture keeps a third axis of
# length 1 there.

# %% [markdown]
# Third lie. OpenCV, which many programs use to read pictures, opens the very same file. Which three numbers does it give for
# the leaf pixel, 135, 193, 58?

# %%
import cv2
from importlib.resources import files

from_opencv = cv2.imread(str(files("course_utils") / "data" / "face.png"))
caption = "Right: red and blue exchanged. Brownish fur, bluish leaves."
titles = ("read as RGB", "read by OpenCV, shown as RGB")
plots.show(face, from_opencv, titles=titles, caption=caption)

# %% tags=["nbval-check-output"]
print(face[115, 0], from_opencv[115, 0])
print(np.array_equal(face, from_opencv[..., ::-1]))
# > [135 193  58] [ 58 193 135]
# > True

# %% [markdown]
# OpenCV stores *BGR*, blue first. Nothing in the array says so. Reversing the last axis, `[..., ::-1]`, or
# `cv2.cvtColor(image, cv2.COLOR_BGR2RGB)` puts it right. Do it where you read the file, once, and nowhere else.

# %% [markdown]
# ## How bright is green?
#
# Most filters in this course want one number a pixel. Look at the three pure colours: each is 255 in one channel and 0 in the
# others, so the plain mean is 85 for all. Do they look equally bright to you?

# %%
pure = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]]], dtype=np.uint8)
weighted = cv2.cvtColor(pure, cv2.COLOR_RGB2GRAY)
mean = pure.mean(axis=2)
titles = ("red, green, blue", "mean", "weighted")
caption = "The mean makes them one grey. Weights make green bright and blue dark."
plots.show(pure, mean, weighted, titles=titles, kind="picture", caption=caption)

# %% [markdown]
# The mean says 85 three times; the weighted greys are 76, 150 and 29, which is nearer to what you see.
#
# Eyes take most of their sense of brightness from green, least from blue. The television standard ITU-R BT.601
# gives each channel its share:
#
# $$\text{grey} = 0.299\,R + 0.587\,G + 0.114\,B$$
#
# Work it out for the leaf pixel, 135, 193, 58, before you run the next cell. And what is its plain mean?

# %% tags=["nbval-check-output"]
print(cv2.cvtColor(face, cv2.COLOR_RGB2GRAY)[115, 0])
print(face[115, 0].mean().round(1))
print(cv2.cvtColor(face, cv2.COLOR_BGR2GRAY)[115, 0])
# > 160
# > 128.7
# > 146

# %% [markdown]
# $0.299 \cdot 135 + 0.587 \cdot 193 + 0.114 \cdot 58 = 40.4 + 113.3 + 6.6 = 160.3$, which OpenCV rounds to 160. The mean is too
# dark by 32, and with red and blue mixed up it is 146. All three are greys that nobody would question.
#
# The weights add up to 1, so white stays 255 and nothing needs scaling. Not all libraries agree: scikit-image weighs with
# 0.2125, 0.7154 and 0.0721.

# %% [markdown]
# Keep the form of that sum in mind: *numbers times weights, added up*. Three numbers here; nine in the next lesson;
# hundreds in a layer of a network. In exercise 1.1 you do it for all pixels at once.

# %% [markdown]
# ## How do I cut out a window?
#
# A *window* is a rectangle of pixels. NumPy cuts it with two slices, and a slice stops **before** its end:
#
# `image[row : row + height, column : column + width]`
#
# The window at row 0, column 1 of `tiny`, 2 high and 3 wide: which six numbers? Then the riddle: what does
# `tiny[2:5, 0:2]` give, where rows 3 and 4 do not exist?

# %% tags=["nbval-check-output"]
print(tiny[0:2, 1:4])
print(tiny[2:5, 0:2].shape)
# > [[ 64 128 255]
# >  [192 144  80]]
# > (1, 2)

# %%
caption = "2 high, 3 wide, named by its top left pixel."
axes = plots.show(tiny, titles="window at [0, 1]", caption=caption)
plots.mark(axes, 0, 1, 2, 3)

# %% [markdown]
# The end is start plus length: 0 + 2 and 1 + 3. At the border NumPy does not complain; it hands over what there is,
# one row instead of three. So ask first where a window still fits: in three rows, one of height 2 can start at row 0 or 1, not
# at 2. Lesson 02 builds on that count.

# %% [markdown]
# Now paint the window white. What happens to the picture it was cut from? If you think *nothing*, say why; if you think
# *something*, which pixels change?

# %% tags=["nbval-check-output"]
picture = tiny.copy()
window = picture[0:2, 1:4]
window[:] = 255
print(picture)
# > [[  0 255 255 255]
# >  [ 48 255 255 255]
# >  [142 226 168  32]]

# %% [markdown]
# The picture changed as well. A slice is a *view*: another name for the same memory, quick because nothing is copied.
# Whoever writes into a view writes into the original. `tiny` itself is safe, for `picture` is a *copy*: memory of its own.
#
# Rule: read from views as you like; before you write, `.copy()`. A function that changes its input is the mistake that
# lesson 00 showed.

# %% [markdown]
# ## What does a window times a kernel say?
#
# A *kernel* is a small table of weights. Lay it on a window of the same shape, multiply cell by cell, add up: one
# number comes out, the *weighted sum*. It answers a question, and the kernel is the question.
#
# The left 2 x 3 of `tiny`, and a kernel that takes the right column and subtracts the left one. Do the sum by hand
# before you run: $-1 \cdot 0 + 0 \cdot 64 + 1 \cdot 128 - \dots$

# %%
window = tiny[0:2, 0:3]
right_minus_left = np.array([[-1, 0, 1], [-1, 0, 1]])
caption = "Each product comes from the two cells at its place. Then add all six."
plots.show_products(window, right_minus_left, caption=caption)

# %% [markdown]
# $0 + 0 + 128 - 48 + 0 + 144 = 224$. The right column is brighter than the left one by 224 in all. As a formula, with window
# $w$ and kernel $k$:
#
# $$\sum_{r,\,c} w_{r,c} \cdot k_{r,c}$$
#
# Another question, the same window: what number does a kernel of six equal weights $\tfrac16$ give? And which dtype do
# the products have?

# %% tags=["nbval-check-output"]
products = window * np.full((2, 3), 1 / 6)
print(products.round(1), products.dtype)
# > [[ 0.  10.7 21.3]
# >  [ 8.  32.  24. ]] float64

# %% [markdown]
# Add them: 96, the mean of the window, since $576 / 6 = 96$. Equal weights ask: how bright is it here? Here uint8
# does no harm, for the kernel holds floats and the products follow it.
#
# Careful with `@`: in NumPy that is the product of matrices, rows times columns. What is meant here is `*`, cell by cell. In
# Keras a `Conv2D` layer computes this very sum at each place, and learns the weights.

# %% [markdown]
# <details><summary>Quick check: kernel [[0, 0, 0], [0, 1, 0]] on this window. Which number?</summary>
#
# 192. All weights are 0 but one, so the sum picks the pixel below the 1, in row 1, column 1. A kernel with a single 1
# copies a picture: the identity of lesson 03.
#
# </details>

# %% [markdown]
# **Try it**: change `right_minus_left` so that it asks *how much brighter is the lower row than the upper one?* The
# answer is $48 + 192 + 144 - 0 - 64 - 128 = 192$. Exercises 1.2 and 1.3 ask for the cut and the sum as functions of yours.

# %% [markdown]
# ## Five questions
#
# Each choice explains itself. Where the quiz cannot be clicked, answer with letters as its last line shows.

# %%
from course_utils import quiz

quiz("01")

# %% [markdown]
# ## Summary
#
# You found pixels and windows by [row, column] and cut them with `image[row : row + height, column : column + width]`. You
# predicted where uint8 wraps (200 + 100 = 44) and prevented it: float, calculate, clip. You caught two more lies,
# 0 to 1 against 0 to 255 and BGR against RGB. And you computed a weighted sum by hand, 224:
#
# $$\sum_{r,\,c} w_{r,c} \cdot k_{r,c}$$

# %% [markdown]
# ## Next
#
# One window gives one number; the next lesson slides the kernel over the whole picture, and calls it convolution.
