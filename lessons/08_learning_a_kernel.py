# %% [markdown]
# # 08 · Learning a kernel
#
# Give a computer an image and the answer, and watch it find the kernel between them, starting from noise.
#
# **You will be able to** compute the loss of a kernel and its gradient by hand, write the loop that turns noise into Sobel, and
# tell from the losses whether a learning rate is too small or too large.
#
# **You need**: lessons 02, 04 and 07, and Keras for one section: Colab has it, elsewhere `pip install tensorflow`.
# **Time**: 45 minutes

# %% [markdown]
# ## What is known, and what is looked for?
#
# So far a person chose the nine weights, and an image gave a response. Now turn it around: image and response are
# known, the **kernel** is not. The response below was made with Sobel, but from here on nobody looks at that kernel. The
# start is *noise*: nine random numbers.

# %%
import numpy as np

from course_utils import convolve2d, correlate2d, kernel, load_image, plots

ascent = load_image("ascent")


def normalise(pixels):
    return (pixels - pixels.mean()) / pixels.std()


image = normalise(ascent[::4, ::4])  # every fourth pixel, 128 x 128
sobel_x = kernel("sobel_x").weights
target = correlate2d(image, sobel_x)
start = np.random.default_rng(0).normal(size=(3, 3))

# %%
plots.show(
    image,
    target,
    correlate2d(image, start),
    titles=("image", "target: the response wanted", "response of the noise"),
    kind="signed",
    caption="Left: 0 is the mean grey of ascent. Right: flat areas are not 0 yet.",
)

# %% [markdown]
# `normalise` subtracts the mean and divides by the standard deviation, the typical distance from the mean. So pixels lie around 0, most
# between −2 and 2. Why that matters is a question for later in this lesson. **Guess** now: how many numbers does the search have to find,
# and how many does it get to learn from?

# %% [markdown]
# <details><summary>Answer</summary>
#
# Nine weights are looked for, and 126 · 126 = 15,876 cells of the target say what they must do: far more than enough, if
# the image is any good.
#
# </details>

# %% [markdown]
# ## How wrong is a kernel?
#
# One number must say how wrong a kernel is, the *loss*. Here it is the mean of the squared differences between
# response and target. A tiny case: **compute** the four responses of the kernel `[[1, 0], [0, 0]]`, their differences from the
# target, and the loss.

# %% tags=["nbval-check-output"]
tiny = np.array([[1, 2, 0], [0, 1, 3], [2, 0, 1]])
tiny_target = np.array([[0, -1], [0, 0]])
guess = np.array([[1.0, 0], [0, 0]])

difference = correlate2d(tiny, guess) - tiny_target
print("differences", difference.tolist())
print("loss", np.mean(difference**2))
# > differences [[1.0, 3.0], [0.0, 1.0]]
# > loss 2.75

# %% [markdown]
# This kernel copies the top left pixel of each window: 1, 2, 0, 1. The differences are 1, 3, 0, 1, and their squares
# 1, 9, 0, 1 have the mean **2.75**. Squares make all errors positive, and large errors count more: the 3 makes nine
# elevenths of the loss. A loss of 0 would mean: every cell right.

# %% [markdown]
# ## In which direction is downhill?
#
# Change one weight by a little: by how much does the loss change? First, the loss depends on each response. Where the
# response is $d$ above the target, raising it raises the loss by $2d/N$ per unit, with $N$ cells. This array is called
# the *upstream* gradient. **Compute** its four numbers.

# %% tags=["nbval-check-output"]
upstream = 2 * difference / difference.size
print(upstream.tolist())
# > [[0.5, 1.5], [0.0, 0.5]]

# %% [markdown]
# 0.5, 1.5, 0 and 0.5. Second, each response depends on the weight. Raise `kernel[0, 0]` by 1, and each response rises by the pixel
# that lies under this weight: 1, 2, 0, 1, the top left pixels. So the loss changes by
#
# $$0.5 \cdot 1 + 1.5 \cdot 2 + 0 \cdot 0 + 0.5 \cdot 1 = 4$$
#
# per unit. **Do the same** for `kernel[0, 1]`: which four pixels lie under it?

# %%
plots.show_sliding(
    tiny,
    upstream,
    [(0, 0), (0, 1), (1, 1)],
    caption="Below: the gradient. Middle: 0.5 × 2 + 1.5 × 0 + 0 × 1 + 0.5 × 3 = 2.5.",
)

# %% [markdown]
# 2, 0, 1 and 3: the window one column to the right, times the upstream numbers, is 2.5. You know this picture. It slides one
# array over another and sums the products: **the gradient of the loss is the valid correlation of the image with the
# upstream gradient**. The *gradient* has a number for each weight, and says how fast the loss grows with it.


# %% tags=["nbval-check-output"]
def kernel_gradient(image, upstream):
    height, width = upstream.shape
    rows, columns = image.shape[0] - height + 1, image.shape[1] - width + 1
    gradient = np.zeros((rows, columns))
    for row in range(rows):
        for column in range(columns):
            window = image[row : row + height, column : column + width]
            gradient[row, column] = np.sum(window * upstream)
    return gradient


print(kernel_gradient(tiny, upstream))
# > [[4.  2.5]
# >  [1.5 5.5]]

# %% [markdown]
# This is the loop of lesson 02, with roles changed: the window is now as large as the response, and has as many places as
# the kernel has weights. For 3 x 3 weights these are nine places, whatever the size of the image, so a plain loop is
# fast. `correlate2d` gives the same numbers, but it is made for small kernels and steps through all 15,876 cells of this one.

# %% [markdown]
# ## Is the gradient right?
#
# Gradients are where programs go wrong in silence. So check with a *numeric gradient*: change one weight by a small step, forth
# and back, and see what the loss does: $(f(x + h) - f(x - h)) / 2h$, the *central difference*. It needs no theory, only the loss.
# **Predict**: will the four numbers be 4, 2.5, 1.5 and 5.5?


# %% tags=["nbval-check-output"]
def loss(weights):
    return np.mean((correlate2d(tiny, weights) - tiny_target) ** 2)


step = 0.01
central, forward = np.zeros((2, 2)), np.zeros((2, 2))
for place in np.ndindex(2, 2):
    up, down = guess.copy(), guess.copy()
    up[place] += step
    down[place] -= step
    central[place] = (loss(up) - loss(down)) / (2 * step)
    forward[place] = (loss(up) - loss(guess)) / step
print("central", central.round(6).tolist())
print("forward", forward.round(6).tolist())
# > central [[4.0, 2.5], [1.5, 5.5]]
# > forward [[4.015, 2.535], [1.5125, 5.5275]]

# %% [markdown]
# The central difference agrees. The forward difference, which looks to one side only, is a little too large in all four,
# because the loss curves upwards. For a squared error the central one is exact up to rounding; in general its error shrinks with the *square* of
# the step. This check works for any network, but it needs two losses for each weight: too slow to learn with.

# %% [markdown]
# ## What is one step worth?
#
# The gradient says *uphill*. So subtract it, times a small number, the *learning rate*: this is one step of *gradient
# descent*. The response was made with `[[1, 0], [0, -1]]`. **Predict**: which weight moves most, and does any
# weight move away from where it should be?

# %% tags=["nbval-check-output"]
stepped = guess - 0.1 * kernel_gradient(tiny, upstream)
print(stepped)
print("loss", loss(guess), "->", round(loss(stepped), 3))
# > [[ 0.6  -0.25]
# >  [-0.15 -0.55]]
# > loss 2.75 -> 0.289

# %% [markdown]
# The loss falls from 2.75 to 0.289. The last weight moves most, towards −1. But the first one was right, 1, and leaves for
# 0.6: each weight moves as if it were alone to blame. Later steps have to bring it back. Descent knows only which way is
# down *here*, and must look again after every step.

# %% [markdown]
# ## Does it find Sobel?
#
# Now all of it in a loop, on the real image: respond, compare, gradient, step. **Before you run it**: which of the nine weights
# of Sobel will be found first, and how many steps will it take until all are right to two digits?


# %%
def learn(image, target, weights, steps, learning_rate):
    kernels, losses = [weights], []
    for _ in range(steps):
        difference = correlate2d(image, weights) - target
        losses.append(np.mean(difference**2))
        gradient = kernel_gradient(image, 2 * difference / difference.size)
        weights = weights - learning_rate * gradient
        kernels.append(weights)
    return kernels, losses


kernels, losses = learn(image, target, start, steps=300, learning_rate=0.1)

# %%
shown = [0, 1, 3, 10, 30, 100, 300]
plots.show(
    *[kernels[step].round(2) for step in shown],
    sobel_x,
    titles=[f"after {step} steps" for step in shown] + ["Sobel"],
    kind="signed",
    limit=2,
    columns=4,
    caption="Bottom left of the kernel: 1.3 at the start, then 0.69, 0.2, −0.65, −1.01, −1.01, −1.",
)

# %% tags=["nbval-check-output"]
for step in [0, 1, 10, 100, 299]:
    error = np.abs(kernels[step] - sobel_x).max()
    print(
        f"step {step:3}: loss {losses[step]:.2g}, largest error of a weight {error:.2g}"
    )
# > step   0: loss 17, largest error of a weight 2.3
# > step   1: loss 10, largest error of a weight 1.7
# > step  10: loss 0.43, largest error of a weight 0.52
# > step 100: loss 0.00012, largest error of a weight 0.015
# > step 299: loss 1.3e-09, largest error of a weight 5.5e-05

# %% [markdown]
# Out of noise comes Sobel. After 10 steps the outer columns have their signs; after 30 the largest error is in the middle,
# −0.14 instead of 0; after 100 all weights are right to about 0.015, after 300 to four digits. Nobody told the loop about
# edges, blur or differences: only which response was wanted.

# %% [markdown]
# Watch it once more, weight by weight. The moments are the steps 0, 1, 2, 3, 5, 10, 20, 30, 50, 100, 200 and 299.
# **Predict**: which weight is the last to find its place?

# %%
from course_utils import figures

moments = [0, 1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 299]
watch = figures.WatchLearning(
    [kernels[step] for step in moments],
    [losses[step] for step in moments],
    label="loss",
    step_name="Moment",
)
watch

# %% tags=["nbval-check-output"]
print(watch.epoch, f"{watch.curve[0]:.1f}")
# > 11 17.5

# %% [markdown]
# The signs of the outer columns come first. The weights that should be 0 take longest: several of them can be wrong
# together and still nearly make up for each other.

# %% [markdown]
# ## How large should a step be?
#
# The learning rate is chosen, not learned. Try three: 0.001, 0.1 and 0.17. They differ little, the last two at least.
# **Predict** the three curves of the loss over 100 steps.

# %%
rates = [0.001, 0.1, 0.17]
curves = {rate: learn(image, target, start, 100, rate)[1] for rate in rates}
axes = plots.show_curves(
    {f"learning rate {rate}": numbers for rate, numbers in curves.items()},
    x=np.arange(100),
    xlabel="step",
    ylabel="loss",
    caption="The axis is logarithmic: equal steps are equal factors. All start at 17.5.",
)
axes.set_yscale("log")

# %% tags=["nbval-check-output"]
for rate, numbers in curves.items():
    after = ", ".join(f"{numbers[step]:.3g}" for step in [0, 1, 10, 99])
    print(f"learning rate {rate:5}: loss after 0, 1, 10 and 99 steps: {after}")
# > learning rate 0.001: loss after 0, 1, 10 and 99 steps: 17.5, 17.3, 16.4, 10.6
# > learning rate   0.1: loss after 0, 1, 10 and 99 steps: 17.5, 10, 0.431, 0.000125
# > learning rate  0.17: loss after 0, 1, 10 and 99 steps: 17.5, 10.2, 9.35, 5.27e+05

# %% [markdown]
# **Too small**: 0.001 goes down, but after 99 steps it is hardly on its way. **Good**: 0.1. **Too large**: 0.17
# *diverges*. It falls at first, then each step overshoots the valley and lands higher on the other side. If a loss grows
# without end, or becomes `inf` or `nan`, try a smaller learning rate first; then check the sign.

# %% [markdown]
# Where is the limit? Lesson 07 wrote all windows as rows of a matrix $W$. The matrix $2 W^T W / N$ says how strongly the loss
# curves; with its largest *eigenvalue* (its curvature in the steepest direction) the limit is 2 divided by it. You may skip the
# theory; the number is worth a look.

# %% tags=["nbval-check-output"]
windows = np.lib.stride_tricks.sliding_window_view(image, (3, 3)).reshape(-1, 9)
curvatures = np.linalg.eigvalsh(2 * windows.T @ windows / len(windows))
print(f"steepest {curvatures[-1]:.2f}, flattest {curvatures[0]:.2f}")
print(f"limit of the learning rate: {2 / curvatures[-1]:.3f}")
# > steepest 12.14, flattest 0.28
# > limit of the learning rate: 0.165

# %% [markdown]
# 0.165: so 0.1 is safe and 0.17 is not. The steepest direction sets the limit, and in the flattest one the loss curves 44 times
# less, so there the search crawls. That is why the last digits take long.

# %% [markdown]
# ## Why normalise?
#
# Take the bytes as they are, 0 to 255. Each pixel occurs twice in the gradient: once in the window, and once more in the response.
# **Predict**: with pixels about 100 times as large, how much larger is the gradient, and what will the learning rate 0.1 do?

# %% tags=["nbval-check-output"]
raw = ascent[::4, ::4].astype(float)
versions = {"bytes": raw, "0 to 1": raw / 255, "normalised": image}
for name, pixels in versions.items():
    wanted = correlate2d(pixels, sobel_x)
    found, numbers = learn(pixels, wanted, start, 3, 0.1)
    print(
        f"{name:10} loss {numbers[0]:9.3g}, then {numbers[1]:9.3g}, then {numbers[2]:9.3g}"
    )
# > bytes      loss  7.52e+04, then   1.1e+13, then     3e+21
# > 0 to 1     loss      1.16, then     0.874, then     0.713
# > normalised loss      17.5, then        10, then      6.71

# %% [markdown]
# With bytes the loss explodes in the first step: the gradient is thousands of times too large for this learning rate. Numbers between 0 and 1 are
# safe. Are they as good? They are all positive, so the *sum* of the kernel has a much stronger say than any difference. **Predict** which
# version is nearer to Sobel after 100 steps, each with the best of three rates.

# %% tags=["nbval-check-output"]
for name, rates in {"0 to 1": [0.1, 0.4, 0.7], "normalised": [0.05, 0.1, 0.15]}.items():
    pixels = versions[name]
    wanted = correlate2d(pixels, sobel_x)
    errors = []
    for rate in rates:
        found, _ = learn(pixels, wanted, start, 100, rate)
        errors.append(np.abs(found[-1] - sobel_x).max())
    print(f"{name:10} largest error of a weight, at best: {min(errors):.2g}")
# > 0 to 1     largest error of a weight, at best: 0.17
# > normalised largest error of a weight, at best: 0.0035

# %% [markdown]
# Subtracting the mean pays: the error is about fifty times smaller. So images are normalised before they are learned from, to
# keep steps stable with one learning rate for all of them. Lesson 09 divides
# by 255 and no more; its optimiser, Adam, helps by choosing a step size for each weight.

# %% [markdown]
# ## Is a small loss enough?
#
# A good loss says that the responses fit. Does it say that the kernel is right? Four images to learn from, all 128 x 128: every fourth pixel; a
# piece of ascent in full resolution, in which neighbours are alike; random dots; and stripes, in which all pixels of a row are equal. **Predict**
# which one teaches best, and which one nothing.

# %%
random = np.random.default_rng(1)
teachers = {
    "every fourth pixel": image,
    "full resolution": normalise(ascent[256:384, 256:384]),
    "random dots": random.normal(size=(128, 128)),
    "stripes": np.repeat(random.normal(size=(128, 1)), 128, axis=1),
}
plots.show(
    *teachers.values(),
    titles=list(teachers),
    kind="signed",
    limit=3,
    caption="In the stripes, left and right neighbours are equal: Sobel answers 0 everywhere.",
)

# %% tags=["nbval-check-output"]
for name, pixels in teachers.items():
    found, numbers = learn(pixels, correlate2d(pixels, sobel_x), start, 300, 0.1)
    error = np.abs(found[-1] - sobel_x).max()
    print(f"{name:18} loss {numbers[-1]:.4f}   largest error of a weight {error:.4f}")
# > every fourth pixel loss 0.0000   largest error of a weight 0.0001
# > full resolution    loss 0.0015   largest error of a weight 0.2858
# > random dots        loss 0.0000   largest error of a weight 0.0000
# > stripes            loss 0.0000   largest error of a weight 2.2195

# %% [markdown]
# Dots teach perfectly. The full resolution reaches a small loss, 0.0015, but a weight is off by 0.29: where neighbours are alike, weights may
# trade places with theirs at little cost. And the stripes reach a loss of 0 with a kernel that is *nothing like* Sobel. The data cannot tell
# them apart. A network learns what its data demand, and no more.

# %% [markdown]
# ## Would it matter if the layer flipped?
#
# Everybody calls it convolution and computes correlation. Suppose a library really convolved: it turns the kernel by
# 180 degrees, then slides. Make a target by correlation with the kernel of lesson 02, whose half-turn is no mere change of sign as
# Sobel's is. **Predict** what each of the two learns. (The gradient has to be turned, too.)

# %%
ours = np.array([[-1, 0, -2], [0.5, 4.5, -1.5], [1.5, 2, -3]])
wanted = correlate2d(image, ours)
by_correlation, _ = learn(image, wanted, start, 300, 0.1)

by_convolution = start
for _ in range(300):
    difference = convolve2d(image, by_convolution) - wanted
    gradient = kernel_gradient(image, 2 * difference / difference.size)
    by_convolution = by_convolution - 0.1 * gradient[::-1, ::-1]
print("largest difference from the target:", np.abs(difference).max().round(3))

# %%
plots.show(
    ours,
    by_correlation[-1].round(2),
    by_convolution.round(2),
    titles=("made the target", "learned by correlation", "learned by convolution"),
    kind="signed",
    caption="Right: −3 has moved from the bottom right to the top left.",
)

# %% [markdown]
# Correlation finds the kernel as it is, convolution finds it **turned**, and both fit the target equally well. That is why nobody misses the
# flip in Keras: a learned kernel lies as the layer needs it. It matters when you *read* a learned kernel, or carry it to another library: from Keras to
# SciPy's `convolve2d` it must be turned.

# %% [markdown]
# ## Does Keras do the same?
#
# One `Conv2D` layer with one 3 x 3 filter and no bias, the mean squared error, and *SGD*, Keras's gradient descent. Keras takes one step for each
# *batch*, so give it 300 copies of the image, one a batch. Same start, same learning rate. **Predict**: similar weights, or the same?

# %%
from course_utils import networks

keras = networks.load_keras()  # imports TensorFlow: some seconds
layer = keras.layers.Conv2D(1, 3, use_bias=False)
model = keras.Sequential([keras.Input((128, 128, 1)), layer])
layer.set_weights([start[:, :, np.newaxis, np.newaxis]])
model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.1), loss="mse")

images = np.repeat(image[np.newaxis, ..., np.newaxis], 300, axis=0)
targets = np.repeat(target[np.newaxis, ..., np.newaxis], 300, axis=0)
model.fit(images, targets, batch_size=1, epochs=1, verbose=0)
from_keras = layer.get_weights()[0][:, :, 0, 0]

# %% tags=["nbval-check-output"]
print((from_keras.round(2) + 0.0).tolist())
print("equal to ours to 1e-5:", np.abs(from_keras - kernels[-1]).max() < 1e-5)
print("equal to Sobel to 1e-3:", np.abs(from_keras - sobel_x).max() < 1e-3)
# > [[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]]
# > equal to ours to 1e-5: True
# > equal to Sobel to 1e-3: True

# %% [markdown]
# The same weights, to five digits: Keras repeats our 300 steps. It found the gradient by itself, from the operations of the layer; this is called
# *automatic differentiation*. A network of lesson 09 learns 243,786 numbers in this way, with more layers between,
# another loss, and step sizes that Adam adapts. The idea is the same.

# %% [markdown]
# ## What can one kernel not learn?
#
# Lesson 03 had a filter that is no convolution: the median. Give the loop its result as a target, and that of the mean for comparison.
# **Predict** both losses: does one of them stay above 0, however long you train?

# %% tags=["nbval-check-output"]
from course_utils import median_filter

pixels = ascent[::4, ::4]
median = (median_filter(pixels, 3)[1:-1, 1:-1] - pixels.mean()) / pixels.std()
mean = correlate2d(image, np.ones((3, 3)) / 9)
for name, wanted in {"mean": mean, "median": median}.items():
    found, numbers = learn(image, wanted, start, 1000, 0.1)
    print(
        f"{name:6} loss after 300 steps {numbers[299]:.4f}, after 1000 {numbers[-1]:.4f}"
    )
print(found[-1].round(2))
# > mean   loss after 300 steps 0.0000, after 1000 0.0000
# > median loss after 300 steps 0.0672, after 1000 0.0672
# > [[0.1  0.09 0.1 ]
# >  [0.1  0.24 0.1 ]
# >  [0.1  0.09 0.1 ]]

# %% [markdown]
# The mean is found, and its loss vanishes. The median stays at 0.067 for good: no kernel does it, and the best one is a blur with a strong
# centre. More steps do not help. Another model may: several kernels, ReLU, and a second layer. **Try it**: let `cv2.Scharr(image,
# cv2.CV_64F, 1, 0)[1:-1, 1:-1]` make the target, and read OpenCV's weights from what is learned.

# %% [markdown]
# ## Five questions
#
# Each choice is explained, the wrong ones, too.

# %%
from course_utils import quiz

quiz("08")

# %% [markdown]
# ## Summary
#
# - You computed a loss by hand, 2.75, and its gradient, 4, 2.5, 1.5, 5.5: the valid correlation of the image with the upstream
#   gradient, confirmed by central differences.
# - You turned noise into Sobel in 300 steps, and Keras gave the same weights.
# - You told learning rates by their losses: 0.001 too small, 0.1 good, 0.17 diverges; and you saw small losses with wrong kernels.
#
# The formula to keep:
#
# $$\text{kernel} \leftarrow \text{kernel} - \text{learning rate} \cdot \big(\text{image} \star \text{upstream}\big)$$
#
# where $\star$ is the valid correlation.

# %% [markdown]
# ## Next
#
# One kernel, one layer, one image: lesson 09 puts 64 kernels in a layer, several layers in a row, and ten kinds of clothes before
# them.
