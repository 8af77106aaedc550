# %% [markdown]
# # 09 · A CNN in Keras: exercises
#
# Five pieces that every image classifier needs, written by you; at the end they work together.
#
# **You will be able to** prepare images for Keras, predict all shapes of a network, build one under a budget, stop it at
# an accuracy, and count its errors.
#
# **You need**: lesson 09 and TensorFlow. **Time**: 60 minutes

# %%
import numpy as np

from course_utils import (
    check,
    hint,
    load_fashion_mnist,
    networks,
    plots,
    progress,
    solution,
)

keras = networks.load_keras()
from keras import layers

data = load_fashion_mnist()
print(data.train_images.shape, data.train_images.dtype, "labels", data.train_labels[:5])

# %% [markdown]
# ## 9.1 ★ Prepare the data (10 minutes)
#
# Write `prepare`: it takes images as they are stored, uint8 of shape (N, 28, 28), and their labels. It returns both: the
# images as float32 of shape (N, 28, 28, 1), black 0 and white 1, and the labels as they came. Example: a pixel of 51 becomes
# 51 / 255 = 0.2.


# %%
def prepare(images, labels):
    """Return (images, labels): float32 of shape (N, 28, 28, 1) from 0 to 1; the same integers."""
    ### BEGIN SOLUTION
    scaled = images.astype("float32") / 255
    return scaled[..., np.newaxis], labels
    ### END SOLUTION


# %%
prepared = prepare(data.train_images[:3], data.train_labels[:3])
if prepared is not None:
    print(prepared[0].shape, prepared[0].dtype, prepared[0].max(), prepared[1])

# %%
check("9.1", prepare)

# %% [markdown]
# <!-- hints 9.1 -->

# %% [markdown] tags=["solution"]
# **Analysis.** `astype` comes first, so the division is done in float32 and never in float64, which would take twice the memory. 255 is the
# largest *possible* byte; the largest pixel of a batch would make dark batches brighter than others. The new axis of length 1 says:
# one channel, grey. The labels stay integers, because the loss of 9.3 wants them so.

# %% [markdown]
# ## 9.2 ★★ Predict the shapes (10 minutes)
#
# With a pencil: an image of 28 × 28 × 1 goes through the lesson's network. What is the output shape of each layer, for one
# image, so *without* the batch axis? The layers are `Conv2D(64, (3, 3))`, `MaxPooling2D((2, 2))`, the same two again,
# `Flatten()`, `Dense(128)`, `Dense(10)`.
#
# Example: an image of 10 × 10 × 1 would give (8, 8, 64) after the first convolution and (4, 4, 64) after the first pool. A shape
# with one number is written with a comma: (128,). Put your seven shapes in place of the dots.

# %%
shapes = {
    "conv 1": ...,
    "pool 1": ...,
    "conv 2": ...,
    "pool 2": ...,
    "flatten": ...,
    "dense 1": ...,
    "dense 2": ...,
}

# %% tags=["solution"]
shapes = {
    "conv 1": (26, 26, 64),
    "pool 1": (13, 13, 64),
    "conv 2": (11, 11, 64),
    "pool 2": (5, 5, 64),
    "flatten": (1600,),
    "dense 1": (128,),
    "dense 2": (10,),
}

# %%
check("9.2", shapes)

# %% [markdown]
# <!-- hints 9.2 -->

# %% [markdown] tags=["solution"]
# **Analysis.** A 3 × 3 window has 28 − 3 + 1 = 26 places: one row is lost on each side. The pool halves and rounds down, so 11
# becomes 5 and the last row and column are dropped. Each of the 64 filters of the second convolution reads all 64 maps
# and writes one. Flatten keeps everything: 5 · 5 · 64 = 1,600.

# %% [markdown]
# ## 9.3 ★★★ Build a network (15 minutes)
#
# Write `build_cnn`: it returns a *compiled* Keras model that takes grey images, (N, 28, 28, 1), and gives ten numbers for each,
# (N, 10). It has a convolution and a pooling layer, at most 300,000 parameters, and a loss that fits its last layer
# and integer labels. Any such network is right: the lesson's, or one of your own.
#
# Example: `Dense(10)` on top of `Flatten` on 28 × 28 × 1 pixels would have (784 + 1) · 10 = 7,850 parameters, and it is no CNN yet.


# %%
def build_cnn():
    """Return a compiled model: images (N, 28, 28, 1) in, (N, 10) out, labels 0 to 9."""
    ### BEGIN SOLUTION
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(64, (3, 3), activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Conv2D(64, (3, 3), activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(
        optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model
    ### END SOLUTION


# %%
model = build_cnn()
if model is not None:
    model.summary()

# %% [markdown]
# The check builds your model and tries it on a few images; it does not train it, and it does not care how the layers are called.

# %%
check("9.3", build_cnn)

# %% [markdown]
# <!-- hints 9.3 -->

# %% [markdown] tags=["solution"]
# **Analysis.** This is the network of the lesson, with 243,786 parameters. Softmax in the last layer and
# `sparse_categorical_crossentropy` belong together; a last layer without activation and
# `SparseCategoricalCrossentropy(from_logits=True)` do as well. `GlobalAveragePooling2D` in place of `Flatten` would leave 64
# numbers instead of 1,600, and save 196,608 parameters.

# %% [markdown]
# ## 9.4 ★★ Stop at an accuracy (15 minutes)
#
# Write the callback `StopAtAccuracy`. Keras calls `on_epoch_end` after each epoch; `logs` is a dict with the accuracy in training,
# as in lesson 09. As soon as an epoch *reaches* the target, training shall stop. `logs` may be `None`, or empty: then
# training goes on.
#
# Example: with target 0.9 and the accuracies 0.81, 0.79, 0.91, 0.93, training stops after epoch 3.


# %%
class StopAtAccuracy(keras.callbacks.Callback):
    """Stop training after the first epoch whose accuracy is at least `target`."""

    def __init__(self, target):
        super().__init__()
        self.target = target

    def on_epoch_end(self, epoch, logs=None):
        ### BEGIN SOLUTION
        accuracy = (logs or {}).get("accuracy")
        if accuracy is not None and accuracy >= self.target:
            self.model.stop_training = True
        ### END SOLUTION


# %% [markdown]
# Try it on the dense network and 2,000 images. Without a callback it runs for 10 epochs.

# %%
few = data.train_images[:2000, ..., np.newaxis] / 255
history = networks.build_dense().fit(
    few, data.train_labels[:2000], epochs=10, verbose=0, callbacks=[StopAtAccuracy(0.8)]
)
print(np.round(history.history["accuracy"], 2))

# %%
check("9.4", StopAtAccuracy)

# %% [markdown]
# <!-- hints 9.4 -->

# %% [markdown] tags=["solution"]
# **Analysis.** `(logs or {})` turns `None` into an empty dict, and `.get` gives `None` for what is not there, so nothing can
# raise. `>=`, for reaching includes hitting. The callback does not stop anything itself: it sets `stop_training` on the
# *model*, and `fit` looks there after the epoch. Stopping by training accuracy is an exercise; lesson 09 tells why
# `val_loss` is the better guide.

# %% [markdown]
# ## 9.5 ★★ Count the errors (10 minutes)
#
# Write `confusion_matrix`: a square array of whole numbers with one row and one column for each class. Row 2, column 0 says how many images
# of class 2 were taken for class 0. `classes` may be larger than any label that occurs.
#
# First with a pencil: labels 0, 0, 0, 1, 2, 2, predictions 0, 2, 2, 1, 2, 1, four classes. The first row is 1, 0, 2, 0: of three
# images of class 0, one was recognised and two were taken for class 2.


# %%
def confusion_matrix(labels, predictions, classes):
    """Return counts, integers of shape (classes, classes): rows are true classes."""
    ### BEGIN SOLUTION
    matrix = np.zeros((classes, classes), dtype=int)
    for label, prediction in zip(labels, predictions):
        matrix[label, prediction] += 1
    return matrix
    ### END SOLUTION


# %%
labels, predictions = np.array([0, 0, 0, 1, 2, 2]), np.array([0, 2, 2, 1, 2, 1])
print(confusion_matrix(labels, predictions, classes=4))

# %%
check("9.5", confusion_matrix)

# %% [markdown]
# <!-- hints 9.5 -->

# %% [markdown] tags=["solution"]
# **Analysis.** Each image adds 1 to one cell: its row is the truth, its column the answer. `matrix[labels, predictions] += 1` looks the same and is not: NumPy
# reads all cells, adds 1, and writes them back, so a pair that occurs three times counts once. `np.add.at` does it right
# without a loop. Row 3 stays 0: a class without images is still a class.

# %% [markdown]
# ## All of it together
#
# Your data, your network, your callback: 4,000 images of the sample, at most 6 epochs. **Predict**: after which epoch will your
# callback stop at 75 %?

# %%
prepared, model = (
    prepare(data.train_images[:4000], data.train_labels[:4000]),
    build_cnn(),
)
if prepared is None or model is None:
    print("Solve exercises 9.1 and 9.3 first: then your network learns here.")
else:
    model.fit(*prepared, epochs=6, verbose=2, callbacks=[StopAtAccuracy(0.75)])

# %% [markdown]
# And your matrix, on 2,000 images that it has never seen. Which two classes does your network confuse most, and in
# which direction? Write the answer down in one sentence, then compare it with the matrix of lesson 09.

# %%
matrix = None
if prepared is not None and model is not None:
    images, labels = prepare(data.test_images, data.test_labels)
    answers = model.predict(images, verbose=0).argmax(axis=1)
    matrix = confusion_matrix(labels, answers, classes=10)
if matrix is None:
    print("Solve exercises 9.1, 9.3 and 9.5 first: then your matrix appears here.")
else:
    plots.show_confusion(
        matrix,
        data.class_names,
        title="your network",
        caption="Row: what it is. Column: what your network says.",
    )

# %% [markdown]
# ## Where you are
#
# Your tries and what you solved are kept on this machine only.

# %%
progress()
