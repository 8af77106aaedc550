# %% [markdown]
# # 10 · Inside your CNN: exercises
#
# Two tools that open any network, written by you: one shows what its layers put out, one what speaks for a class.
#
# **You will be able to** turn a trained model into one that returns its feature maps, and compute a Grad-CAM map
# with a gradient.
#
# **You need**: lesson 10 and TensorFlow. **Time**: 40 minutes

# %%
import numpy as np

from course_utils import check, hint, networks, plots, progress, solution

keras = networks.load_keras()
import cv2
import tensorflow
from keras import layers

# %% [markdown]
# ## 10.1 ★★ Feature maps (15 minutes)
#
# Write `feature_maps`: it takes a built model, Sequential or functional, and some images, and returns a list with one
# array for each layer, in the order of `model.layers`: what that layer puts out. An input layer, which a functional model
# lists first, is no layer in this sense. The first axis of each array counts the images.
#
# Example: a 2 × 2 max pool and `Flatten`, for one image of 4 × 4 with the numbers 0 to 15. The pool gives
# 5, 7, 13, 15 as 2 × 2, `Flatten` the same four in a row.


# %%
def feature_maps(model, images):
    """Return a list of arrays, one a layer, each of shape (N, ...), for images of shape (N, H, W, C)."""
    ### BEGIN SOLUTION
    kept = [
        layer
        for layer in model.layers
        if not isinstance(layer, keras.layers.InputLayer)
    ]
    look = keras.Model(model.inputs[0], [layer.output for layer in kept])
    return [maps.numpy() for maps in look(images)]
    ### END SOLUTION


# %%
small = keras.Sequential(
    [keras.Input((4, 4, 1)), layers.MaxPooling2D(2), layers.Flatten()]
)
numbers = np.arange(16.0).reshape(1, 4, 4, 1)
maps = feature_maps(small, numbers)
if maps is not None:
    for array in maps:
        print(np.shape(array), np.ravel(array))

# %% [markdown]
# The check hands your function models that you have not seen, with weights of their own, and compares number by
# number.

# %%
check("10.1", feature_maps)

# %% [markdown]
# <!-- hints 10.1 -->

# %% [markdown] tags=["solution"]
# **Analysis.** A new `keras.Model` is a new way through the *same* layers: nothing is copied, so the weights are the
# trained ones, and training the old model would change what the new one says. Calling the model, rather than
# `predict`, spares compiling it for a handful of images; dropout and batch normalization behave as in use, as
# `training` is false unless told otherwise.

# %% [markdown]
# ## 10.2 ★★★ Grad-CAM (25 minutes)
#
# Write `grad_cam`: the map of what speaks for a class, for one image of shape (H, W, C). Take the feature maps of the
# **last** convolution and the gradient of `model`'s output for `class_index` with respect to them. Its mean over rows and
# columns is a map's weight. Weighted sum, ReLU, resized to the image (any way to fill in), divided by the largest
# number. The models of the check end in scores, without softmax; some classes asked for are not the favourite.

# %% [markdown]
# Example: two maps of 3 × 3. The first holds 4 in the top left and in the bottom right cell, the second 3 in the
# top right and 1 in the bottom right one. Class 0 is the sum of the first map minus the sum of the second, so the gradients
# are 1 and −1 in all cells. The weighted sum is 4, −3 and 4 − 1 = 3 in these corners. ReLU makes −3 zero; divided by 4,
# the corners are 1, 0 and 0.75.


# %%
def grad_cam(model, image, class_index):
    """Return the map of a class, shape (H, W), from 0 to 1, for an image of shape (H, W, C)."""
    ### BEGIN SOLUTION
    convolutions = [one for one in model.layers if isinstance(one, layers.Conv2D)]
    outputs = [convolutions[-1].output, model.outputs[0]]
    look = keras.Model(model.inputs[0], outputs)
    with tensorflow.GradientTape() as tape:
        maps, scores = look(image[np.newaxis])
        score = scores[0, class_index]
    gradient = tape.gradient(score, maps).numpy()[0]
    weights = gradient.mean(axis=(0, 1))
    heat = np.maximum(maps.numpy()[0] @ weights, 0)
    heat = cv2.resize(heat, (image.shape[1], image.shape[0]))
    return heat / heat.max()
    ### END SOLUTION


# %%
example = keras.Sequential(
    [
        keras.Input((9, 9, 2)),
        layers.MaxPooling2D(3),
        layers.Conv2D(2, 1, activation="relu"),  # will hand on both channels unchanged
        layers.GlobalAveragePooling2D(),
        layers.Dense(2),  # will multiply the means of 9 cells by 9: sums
    ]
)
kernels, dense = np.eye(2).reshape(1, 1, 2, 2), [[9, -9], [-9, 9]]
example.set_weights([kernels, np.zeros(2), np.array(dense), np.zeros(2)])

# %%
image = np.zeros((9, 9, 2), dtype=np.float32)
image[1, 1, 0], image[7, 7, 0] = 4, 4
image[1, 7, 1], image[7, 7, 1] = 3, 1
plots.show_yours(
    "10.2",
    grad_cam(example, image, 0),
    titles="your map for class 0",
    kind="positive",
    caption="Top left 1, top right 0, bottom right 0.75; between them whatever the resizing gives.",
)

# %%
check("10.2", grad_cam)

# %% [markdown]
# <!-- hints 10.2 -->

# %% [markdown] tags=["solution"]
# **Analysis.** One model with two outputs makes sure that score and maps come from the same pass; the tape needs that to
# connect them. ReLU acts on the *sum*: a map that speaks against the class must be able to lower it. In a network
# with softmax take the scores before it, else a certain network has no gradient left. `cv2.resize` wants
# (columns, rows).

# %% [markdown]
# **Explain**: the check's models have no softmax. Why would yours give nothing but zeros, or a division by zero, for an
# image of which the network is certain? **Extend**: leave out the mean, as the last section of the lesson does, and run the check
# again: what does it call that?

# %% [markdown]
# ## Where you are

# %%
progress()
