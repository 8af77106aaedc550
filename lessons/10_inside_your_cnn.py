# %% [markdown]
# # 10 · Inside your CNN
#
# Open a trained network: see its kernels, follow three boots through its layers, and test the picture that claims to
# show where it looks.
#
# **You will be able to** read learned kernels and feature maps, work out which pixels a cell of any layer can see, and
# compute a Grad-CAM map and measure how far it can be believed.
#
# **You need**: lesson 09 (the CNN), lesson 05 (receptive field), and Keras: Colab has it, elsewhere
# `pip install tensorflow`. **Time**: 45 minutes

# %% [markdown]
# ## Which network do we open?
#
# Yours, if you kept one: `cnn.save("my_cnn.keras")` at the end of lesson 09 writes it to a file, and `FILE` below takes
# that name. Without a file, the network of lesson 09 is trained here, for four epochs on the sample. That takes about
# as long as reading the next section.

# %%
import numpy as np
from course_utils import load_fashion_mnist, networks, plots, to_display

FILE = None  # or the name of a file, such as "my_cnn.keras"
keras = networks.load_keras()
data = load_fashion_mnist()
test_images = networks.as_input(data.test_images)
cnn = networks.train_on_sample(networks.build_cnn, epochs=4, file=FILE)
accuracy = cnn.evaluate(test_images, data.test_labels, verbose=0)[1]
print(f"{accuracy:.1%} of the test images are named correctly")

# %% [markdown]
# About 85 %. Training has random parts, so your network is not mine: in what follows, the sizes are the same for
# everybody, and the pictures are not. (If you give a name to `FILE` and there is no such file yet, the network trained
# here is written to it.)

# %% [markdown]
# ## What did the first layer learn?
#
# Nobody gave the first layer its 64 kernels. They began as small random numbers, and training moved them. **Predict**
# before you run the cell: what is the shape of the array that holds them all, and how many numbers is that with the
# biases?

# %% tags=["nbval-check-output"]
first = next(layer for layer in cnn.layers if "conv" in layer.name)
kernels, biases = first.get_weights()
print("kernels", kernels.shape, " biases", biases.shape)
print(kernels.size + biases.size, "numbers")
# > kernels (3, 3, 1, 64)  biases (64,)
# > 640 numbers

# %% [markdown]
# (3, 3, 1, 64): rows, columns, channels in, filters out. The last axis counts the kernels. **Predict** what you will
# see: 64 variants of Sobel? 64 blots? Remember what the signs mean: purple weights like bright pixels, orange ones
# dislike them, and a kernel whose sum is 0 does not answer to a flat area.

# %%
plots.show_kernels(
    kernels[:, :, 0],
    caption="All 64 in one scale. An edge detector has one purple side and one orange side.",
)

# %% [markdown]
# Many are edges at all angles, some are blobs, some look like noise. Is "many" more than chance? Any kernel of nine
# weights can be split into the part that is a mixture of the two Sobel kernels and the rest. The *share* of the first
# part is 1 for an edge detector. For random numbers it is 2/9 on average: two directions out of nine.

# %%
from course_utils import kernel

sobels = np.stack([kernel(name).weights for name in ("sobel_x", "sobel_y")])
untrained = networks.build_cnn().layers[0].get_weights()[0]
for name, weights in [("before training", untrained), ("after training", kernels)]:
    products = np.einsum("krc,rcf->kf", sobels, weights[:, :, 0])  # 12: sum of squares
    share = (products**2 / 12).sum(axis=0) / (weights[:, :, 0] ** 2).sum(axis=(0, 1))
    print(
        f"{name:16} mean share {share.mean():.2f}, above one half: {sum(share > 0.5)}"
    )

# %% [markdown]
# About 0.2 before and 0.4 after; kernels that are more than half Sobel go from about 8 to more than 20 of 64. So the
# network did find edges, without having heard of Sobel. But it is not made of Sobels: what helps to tell a bag from a
# boot is all it was asked for.

# %% [markdown]
# ## What do the layers make of a boot?
#
# Test images 0, 23 and 28 are ankle boots. `feature_maps` returns what every layer puts out for them. **Predict** the
# shape of the first four arrays, for three images.

# %% tags=["nbval-check-output"]
boots = [0, 23, 28]
maps = networks.feature_maps(cnn, test_images[boots])
for array in maps[:4]:
    print(array.shape)
# > (3, 26, 26, 64)
# > (3, 13, 13, 64)
# > (3, 11, 11, 64)
# > (3, 5, 5, 64)

# %% [markdown]
# The first axis counts images, the last one filters: `maps[0][1, :, :, 7]` is what filter 7 of the first layer makes of
# the second boot. No magic is in these numbers. Slide the kernel as in lesson 02, add the bias, throw out negatives:
# the same map, up to rounding?

# %% tags=["nbval-check-output"]
from course_utils import correlate2d

by_hand = correlate2d(test_images[23, :, :, 0], kernels[:, :, 0, 7]) + biases[7]
print(np.allclose(np.maximum(by_hand, 0), maps[0][1, :, :, 7], atol=1e-5))
# > True

# %% [markdown]
# Now all 64 maps of the first layer for the first boot. **Look for** three kinds: maps that show the outline on one
# side only, maps that show the filled boot, and maps whose background is not black. Why can an empty background give
# an answer at all?

# %%
plots.show_feature_maps(
    maps[0][0],
    columns=16,
    caption="Test image 0. Each map from its own smallest (black) to its largest number (white).",
)

# %% [markdown]
# <details><summary>Answer</summary>
#
# On the background all products are 0, and what is left is the bias. A filter with a positive bias answers to
# "nothing here", and the next layer can use that: emptiness is information, too.
#
# </details>
#
# Next, one filter through two pools: for all three boots, the map that varies most in each of the two convolution
# layers.

# %%
columns = [maps[layer].std(axis=(0, 1, 2)).argmax() for layer in (0, 0, 2, 2)]
panels, titles = [], []
for row, boot in enumerate(boots):
    panels.append(data.test_images[boot])
    for layer, column in enumerate(columns):
        panels.append(to_display(maps[layer][row, :, :, column], "rescale"))
    titles += [f"test image {boot}"] + [f"filter {column}" for column in columns]
plots.show_images(
    panels,
    titles,
    columns=5,
    caption="Columns: image, convolution 1 (26 x 26), pool (13 x 13), convolution 2 (11 x 11), pool (5 x 5).",
)

# %% [markdown]
# Three different boots light up alike. The second filter's number has nothing to do with the first's: each filter of
# the second layer looks at all 64 pooled maps at once, through a kernel of 3 · 3 · 64 weights. In the last column 25
# numbers are left, which say where something was found. But how large is this "where"?

# %% [markdown]
# ## How much of the image does one cell see?
#
# A cell of the first layer sees 3 x 3 pixels. A pooled cell sees two such windows side by side, one step apart: 4. One
# step of the pooled map is two pixels of the image, its *jump*. So a 3 x 3 window on the pooled map reaches 2 · 2
# pixels further. **Work out** the four *receptive fields*, the windows of one cell on the image.

# %% tags=["nbval-check-output"]
from course_utils import receptive_field

layers = [(3, 1), (2, 2), (3, 1), (2, 2)]  # kernel size, stride
for count in range(1, 5):
    print(layers[count - 1], "sees", receptive_field(layers[:count]), "pixels")
# > (3, 1) sees 3 pixels
# > (2, 2) sees 4 pixels
# > (3, 1) sees 8 pixels
# > (2, 2) sees 10 pixels

# %% [markdown]
# 3, 4, 4 + 2 · 2 = **8**, 8 + 1 · 2 = **10**: each layer adds (kernel − 1) jumps. The jump doubles at each pool. So a
# cell of the last map sees 10 x 10 of the 28 x 28 pixels, about an eighth of the area. Only the dense part puts these views
# together. `receptive_window` says where the window lies.

# %%
named = [layer.name for layer in cnn.layers[:4]]
cells = [(10, 10), (5, 5), (5, 5), (2, 2)]
views = [
    networks.receptive_window(cnn, name, *cell) for name, cell in zip(named, cells)
]
axes = plots.show(
    *[data.test_images[0]] * 4,
    titles=[
        f"cell {list(cell)}: {view[2]} x {view[3]}" for cell, view in zip(cells, views)
    ],
    caption="What one cell of convolution 1, pool 1, convolution 2, pool 2 can see of the image.",
)
for panel, view in zip(axes, views):
    plots.mark(panel, *view)

# %% [markdown]
# Is that exact? Paint everything outside the third window black, and look at cell [5, 5] of the second convolution
# again. **Predict**: how much do its 64 numbers change?

# %% tags=["nbval-check-output"]
row, column, height, width = views[2]
print("window at", [row, column], "of", height, "x", width)
alone = np.zeros_like(test_images[:1])
part = np.s_[:, row : row + height, column : column + width]
alone[part] = test_images[:1][part]
change = networks.feature_maps(cnn, alone)[2][0, 5, 5] - maps[2][0, 5, 5]
print(np.allclose(change, 0, atol=1e-5))
# > window at [10, 10] of 8 x 8
# > True

# %% [markdown]
# Not at all. The cell never knew that there was a boot around its 64 pixels. **Try it**: set one pixel inside the
# window to 0 as well, for example `alone[0, 13, 13] = 0`, and look at `np.abs(change).max()`.

# %% [markdown]
# Look into the network yourself: choose a boot, a layer and a filter, and move over the feature map. Each number is
# computed here, from the window and the kernel, and stands beside the one that Keras computed. **Find** a cell whose
# receptive field holds the heel.

# %%
from course_utils import figures

names = [f"test image {boot}" for boot in boots]
inside = figures.InsideModel(cnn, test_images[boots], names, layer=2)
inside

# %% [markdown]
# In the second convolution 64 channels add up to one number, and ReLU keeps it if it is positive. `inside.position` and
# `inside.keras_value` say in Python where you are.

# %% [markdown]
# ## What is a filter looking for?
#
# The window gives a way to ask: take the 500 first test images, find where a filter of the second layer answers most,
# and cut out what it saw there. For four filters, the six strongest views. **Predict**: will the six views of a filter
# come from one class only?

# %%
second = networks.feature_maps(cnn, test_images[:500])[2]
filters = second.std(axis=(0, 1, 2)).argsort()[::-1][:4]
panels, titles = [], []
for number in filters:
    strongest = second[..., number].max(axis=(1, 2)).argsort()[::-1][:6]
    for index in strongest:
        place = np.unravel_index(second[index, :, :, number].argmax(), (11, 11))
        row, column, height, width = networks.receptive_window(cnn, named[2], *place)
        panels.append(
            data.test_images[index, row : row + height, column : column + width]
        )
        titles.append(f"{number}: {data.class_names[data.test_labels[index]]}")
plots.show_images(
    panels,
    titles,
    caption="Each row is one filter: the 8 x 8 pixels that make it answer most.",
)

# %% [markdown]
# Within a row the views resemble each other: the same kind of edge, stripe or corner. The classes above them often
# differ: a filter does not look for "boot", it looks for a small pattern that several classes share. The class is made
# later, from many of them. Beware of stories: six views are six of 500 images, chosen for being extreme.

# %% [markdown]
# ## Where does it look when it says "boot"?
#
# The last feature maps still have a place. If we knew how much each map matters for a class, we could add them up and
# see *where* the evidence lies. Two maps of 2 x 2, the first counts 1 for the class, the second −1. **Work out** the
# sum; then keep what speaks *for* the class, and divide by the largest.

# %% tags=["nbval-check-output"]
two_maps = np.stack([[[4, 0], [0, 2]], [[0, 3], [0, 1]]], axis=-1)
total = two_maps @ np.array([1, -1])
heat = np.maximum(total, 0)
print(total.tolist(), " ReLU:", heat.tolist(), " scaled:", (heat / heat.max()).tolist())
# > [[4, -3], [0, 1]]  ReLU: [[4, 0], [0, 1]]  scaled: [[1.0, 0.0], [0.0, 0.25]]

# %% [markdown]
# This is *Grad-CAM*, but for one question: where do 1 and −1 come from? From the *gradient*, as in lesson 08. For each
# cell of the maps it says by how much the score of the class rises if that cell grows a little. Grad-CAM takes the mean
# over all cells of a map as the map's weight.
#
# And which score? Not the probability: it ends in softmax, and where that says 1.000 its gradient is gone. Take the sum
# before softmax.

# %%
import tensorflow

last_maps = networks.feature_maps(cnn, test_images[:1])[2]
head = keras.Sequential(cnn.layers[3:-1])  # from the second pool to the 128 neurons
scores = cnn.layers[-1]
with tensorflow.GradientTape() as tape:
    cells = tensorflow.constant(last_maps)
    tape.watch(cells)
    score = (head(cells) @ scores.kernel + scores.bias)[0, 9]  # 9: ankle boot
gradient = tape.gradient(score, cells).numpy()[0]
weights = gradient.mean(axis=(0, 1))
print("gradient", gradient.shape, "-> one weight a map", weights.shape)

# %% [markdown]
# `GradientTape` records what is computed and then runs it backwards. The rest is the sum from above, with 64 maps
# instead of two. The result has 11 x 11 cells. To lay it over the image, it is *resized* to 28 x 28, with values between
# the cells filled in evenly. That is crude: the views of the outermost cells have their centres 3 pixels from the border,
# and are drawn at it. `networks.grad_cam` does all of it. Does it agree?

# %% tags=["nbval-check-output"]
import cv2

heat = cv2.resize(np.maximum(last_maps[0] @ weights, 0), (28, 28))
heat = heat / heat.max()
print(
    heat.shape, np.allclose(heat, networks.grad_cam(cnn, test_images[0], 9), atol=1e-3)
)
# > (28, 28) True

# %%
heats = [networks.grad_cam(cnn, test_images[boot], 9) for boot in boots]
sneaker = [networks.grad_cam(cnn, test_images[boot], 7) for boot in boots]
plots.show_heat(
    data.test_images[boots * 2],
    heats + sneaker,
    [f"{boot}: ankle boot?" for boot in boots]
    + [f"{boot}: sneaker?" for boot in boots],
    columns=3,
    caption="Orange: what speaks for the class. Line: half of the maximum.",
)

# %% [markdown]
# Such pictures are in many papers, and it is tempting to tell a story now: "it looks at the shaft". Hold on. The map
# also glows beside the boot, where nothing is. A picture that *looks* like an explanation is not yet one. What would
# have to be true if the hot places mattered?

# %% [markdown]
# ## Is that where it looks? Cover it and see
#
# Hide a part of the image, and watch the score: if the part mattered, the score falls. That is *occlusion*, and it
# needs no theory, only 784 images with a patch of 7 x 7, one for each centre. But with **what colour** do we hide it? First
# with black, like the background. **Predict**: what happens beside the boot?

# %%
black = networks.occlusion_map(cnn, test_images[0], 9, fill=0)
grey = networks.occlusion_map(cnn, test_images[0], 9)  # 0.3, about the mean pixel
plots.show(
    data.test_images[0],
    black,
    grey,
    titles=("test image 0", "covered with black", "covered with grey"),
    kind=("picture", "signed", "signed"),
    caption="Purple: covering this place lowers the score of 'ankle boot'. Orange: it raises it.",
)

# %% [markdown]
# Black on black changes nothing, so the corners are 0: not because the background does not matter, but because the
# test cannot see it. Covered with grey, the background counts: something grey where a boot ends in nothing is evidence
# against a boot. There is no colour that means "nothing". We stay with grey, and say so.

# %% [markdown]
# Now compare two maps with a number. Scores and heat have different units, so compare **ranks**: sort the cells of
# each map, and see whether the order is the same. The correlation of the ranks is 1 for the same order, −1 for the
# reverse, 0 for no relation. **Predict** for these three pairs:

# %% tags=["nbval-check-output"]
from scipy.stats import spearmanr

for other in ([10, 20, 400], [9, 8, 7], [20, 10, 400]):
    print(other, f"{spearmanr([0.1, 0.5, 0.9], other)[0]:.1f}")
# > [10, 20, 400] 1.0
# > [9, 8, 7] -1.0
# > [20, 10, 400] 0.5


# %%
def agreement(average):
    rows = []
    for image, drop in zip(test_images, drops):
        heat = networks.grad_cam(cnn, image, average=average)
        hot, cold = drop.flat[heat.argmax()], drop.flat[heat.argmin()]
        rows.append((spearmanr(heat.ravel(), drop.ravel())[0], hot, cold))
    ranks, hot, cold = np.array(rows).T
    print(f"rank correlation {ranks.mean():.2f} on average, from {ranks.min():.2f}")
    print(
        f"covering the hottest place costs {hot.mean():.2f}, the coldest {cold.mean():.2f}"
    )


drops = [networks.occlusion_map(cnn, image) for image in test_images[:20]]
print(f"covering any place costs {np.mean(drops):.2f} on average")
agreement(average=True)

# %% [markdown]
# On 20 images, each for the class the network chose: the rank correlation is about 0.2, and for some images below 0.
# The hottest place costs more than the coldest, so the map is not nonsense. But it is a weak witness: which of two
# places matters more, it often gets wrong. Grad-CAM was made for other networks. What is different here?

# %% [markdown]
# ## Why is Grad-CAM a weak witness here?
#
# Look at the step "mean over all cells". Two cells of one map: the gradient is +3 at the left and −3 at the right, as
# the class wants this pattern on the left only. Both cells are 1. **Compute** the heat with the mean, and without it.

# %% tags=["nbval-check-output"]
cells, slopes = np.array([1, 1]), np.array([3, -3])
print("with the mean:", cells * slopes.mean(), "  place by place:", cells * slopes)
# > with the mean: [0. 0.]   place by place: [ 3 -3]

# %% [markdown]
# With the mean, nothing is left. Our network *flattens* the last maps, and its dense layer has a weight of its own for
# each place, so the gradients of one map do differ from place to place. Behind a global average pool they would all
# be equal, and the mean would lose nothing. So leave the mean out: multiply the gradient with the map cell by cell. This is called
# *HiResCAM*.

# %%
agreement(average=False)

# %% [markdown]
# About twice the rank correlation, 0.4 instead of 0.2; the hottest place costs more than before, the coldest next to
# nothing. One line of code, and only a *test* could tell us that it was needed: the pictures look equally convincing. See for
# yourself.

# %%
by_place = [
    networks.grad_cam(cnn, test_images[boot], 9, average=False) for boot in boots
]
plots.show_heat(
    data.test_images[boots * 2],
    heats + by_place,
    ["with the mean"] * 3 + ["place by place"] * 3,
    columns=3,
    caption="Both rows claim to show what speaks for 'ankle boot'.",
)

# %% [markdown]
# Neither is the truth. Occlusion itself depends on colour and size of the patch, and 0.4 is far from 1. What you may say
# is what you have measured: "covering this place costs the class so much". **Try it**: `size=11` in `occlusion_map`,
# or an image that the network gets wrong.

# %% [markdown]
# ## Five questions

# %%
from course_utils import quiz

quiz("10")

# %% [markdown]
# ## Summary
#
# You read the 64 learned kernels: twice as much Sobel in them as in random ones. You recomputed a feature map by hand,
# and saw that a cell of the four layers sees 3, 4, 8 and 10 pixels and nothing else. You computed Grad-CAM, covered the
# image patch by patch, and found a rank correlation of about 0.2 with the mean and 0.4 without. The formula to keep:
#
# $$\text{heat} = \operatorname{ReLU}\Big(\sum_k w_k A_k\Big), \qquad w_k = \text{mean of } \frac{\partial\,\text{score}}{\partial A_k}$$

# %% [markdown]
# ## Next
#
# Lesson 11 is yours: design a small network, find its mistakes, and see what shifts and noise do to it.
