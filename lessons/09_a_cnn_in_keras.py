# %% [markdown]
# # 09 · A CNN in Keras
#
# Put convolution layers on top of a dense network, train both on the same clothes, and measure what they are worth.
#
# **You will be able to** predict every shape and every parameter of a convolutional network before Keras prints them,
# train it and stop it in time, and tell which clothes it confuses and what a change of the network brings.
#
# **You need**: lesson 06 (pooling), lesson 07 (channels), and Keras: Colab has it, elsewhere `pip install tensorflow`.
# **Time**: 70 minutes

# %% [markdown]
# ## What is there to learn from?
#
# *Fashion-MNIST* is a set of 70,000 pictures of clothes in ten kinds, *classes*. A balanced sample of it comes with the
# course. Everything below runs in about a minute with the sample; change one word, `SIZE = "full"`, for all 70,000
# and several minutes of training.

# %%
import time
import numpy as np
from course_utils import load_fashion_mnist, networks, output_size, plots, to_display

SIZE = "sample"  # or "full"
start = time.perf_counter()
data = load_fashion_mnist(SIZE)
print(
    f"{len(data.train_labels):,} images to learn from, {len(data.test_labels):,} to test with"
)
print(f"loaded in {time.perf_counter() - start:.2f} seconds")

# %% [markdown]
# Each image has a *label*, the number of its class. Look at the rows below and **write down** the two classes that you
# think are hardest to tell apart. You will compare your guess with the network's mistakes.

# %%
plots.show_classes(
    data.train_images,
    data.train_labels,
    data.class_names,
    caption="Eight images of each class, 28 x 28 pixels each. Compare the rows 0, 2, 4 and 6.",
)

# %% [markdown]
# Each pixel is one byte, 0 for the background to 255. Networks learn best from small numbers, so divide by 255.
# And Keras's convolution layers want to know how many colours a pixel has, on a last axis, the *channels*. These images have one
# grey channel. **What** is the shape of one image then?


# %% tags=["nbval-check-output"]
def prepare(images):
    return (images / np.float32(255))[..., np.newaxis]


train_images, test_images = prepare(data.train_images), prepare(data.test_images)
print("one image:", train_images.shape[1:], train_images.dtype)
print("values from", train_images.min(), "to", train_images.max())
# > one image: (28, 28, 1) float32
# > values from 0.0 to 1.0

# %% [markdown]
# (28, 28, 1): the same 784 numbers, with an axis of length 1 that says "one colour". All images together have the
# shape (N, 28, 28, 1). Keras expects this order everywhere: images, rows, columns, channels.

# %% [markdown]
# ## What does a dense layer do with an image?
#
# Give the image away first: a *dense layer* takes a row of numbers. Each of its *neurons* multiplies every input with a weight
# of its own, adds up, and adds one more number, its *bias*. *ReLU* then throws out negatives: it keeps what is above 0 and makes the rest 0.
#
# Three pixels, two neurons. **Work out** both sums, then what ReLU leaves of them.

# %% tags=["nbval-check-output"]
pixels = np.array([0, 0.5, 1])
weights = np.array([[1, -1], [2, 2], [-1, -3]])  # a column for each neuron
bias = np.array([0.5, 0])
sums = pixels @ weights + bias
print("sums", sums, " after ReLU", np.maximum(sums, 0))
# > sums [ 0.5 -2. ]  after ReLU [0.5 0. ]

# %% [markdown]
# First neuron: 0 · 1 + 0.5 · 2 + 1 · (−1) + 0.5 = **0.5**. Second: 0 + 1 − 3 + 0 = **−2**, which becomes 0. These 3 · 2
# weights and 2 biases are the layer's *parameters*: eight numbers, and learning means to change them.
#
# **Predict** the parameters of two dense layers: 784 pixels into 128 neurons, then 128 into 10, one for each class.

# %% [markdown]
# <details><summary>Answer</summary>
#
# 784 · 128 + 128 = 100,480 and 128 · 10 + 10 = 1,290; together 101,770. Nearly all of them stand between the pixels and
# the first layer.
#
# </details>

# %%
keras = networks.load_keras()  # imports TensorFlow: some seconds
layers = keras.layers
print("Keras", keras.__version__)

# %%
keras.utils.set_random_seed(0)  # the same random start each time
dense = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
dense.summary()

# %% [markdown]
# `None` stands for the number of images, which may be any. `Flatten` has nothing to learn: it lays the rows of the image
# end to end. This is our *baseline*: the network that the convolutions have to beat.

# %% tags=["nbval-check-output"]
print(784 * 128 + 128, "+", 128 * 10 + 10, "=", dense.count_params())
# > 100480 + 1290 = 101770

# %% [markdown]
# ## How wrong is a guess?
#
# The last layer's ten sums become ten probabilities by *softmax*: raise e to each, then divide by the total. The *loss* of an image is
# −log(p), where p is the probability given to the **true** class. Three scores, 2, 1 and 0: which loss is small, that
# of class 0 or that of class 2?

# %% tags=["nbval-check-output"]
scores = np.array([2.0, 1.0, 0.0])
probabilities = np.exp(scores) / np.exp(scores).sum()
print("probabilities", probabilities.round(3))
print("loss if the true class is 0, 1, 2:", -np.log(probabilities).round(2))
print("loss of a guess with p = 0.1:     ", -np.log(0.1).round(2))
# > probabilities [0.665 0.245 0.09 ]
# > loss if the true class is 0, 1, 2: [0.41 1.41 2.41]
# > loss of a guess with p = 0.1:      2.3

# %% [markdown]
# Confident and right costs little, 0.41; confident and wrong costs a lot, 2.41. Whoever gives each of ten classes 0.1 pays
# 2.3. Our network has learned nothing yet. **Predict** its loss and its *accuracy*, the share of images it names
# correctly.

# %%
dense.compile(
    optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
)
loss, accuracy = dense.evaluate(test_images, data.test_labels, verbose=0)
print(f"before training: loss {loss:.2f}, accuracy {accuracy:.1%}")

# %% [markdown]
# A loss near 2.3 and about one right in ten: guessing. `compile` has told Keras three things: how to change the parameters
# (*Adam*, gradient descent with a step size of its own for each parameter), which loss to lower (this one, for labels that are whole
# numbers) and what else to report.

# %% [markdown]
# ## What happens while it trains?
#
# `fit` shows the network 32 images at a time, a *batch*, and moves every parameter a little downhill after each. All
# images once is an *epoch*. After each epoch Keras calls our *callbacks*: objects with methods of agreed names. Here is one
# that prints a line.


# %%
class OneLine(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        numbers = "  ".join(
            f"{name} {value:.3f}" for name, value in (logs or {}).items()
        )
        print(f"epoch {epoch + 1:2}  {numbers}")


# %% [markdown]
# `validation_split=0.1` holds back the last tenth of the training images. The network never learns from these
# *validation images*; it is only measured on them, and they appear as `val_accuracy` and `val_loss`. **Predict**: after 20 epochs, will
# `accuracy` and `val_accuracy` be the same?

# %%
start = time.perf_counter()
history = dense.fit(
    train_images,
    data.train_labels,
    epochs=20,
    validation_split=0.1,
    verbose=0,
    callbacks=[OneLine()],
).history
dense_seconds = time.perf_counter() - start

# %% [markdown]
# They drift apart. On the images it learns from, the dense network gets better in every epoch, to about 94 %. On images it
# has not seen it is stuck near 85 % from the middle on.

# %% [markdown]
# ## Is it learning, or learning by heart?
#
# Draw the two losses. **Before you look**: the training loss falls all the way. What does the loss on unseen
# images do after epoch 10?

# %%
plots.show_curves(
    {"training": history["loss"], "validation": history["val_loss"]},
    ylabel="loss",
    title="dense network",
    caption="Each point is one epoch. Left: both fall. Right: only the training loss still falls.",
)

# %% [markdown]
# It stops falling somewhere between epoch 6 and 13 and then creeps up, while the training loss goes on to fall. This
# gap is *overfitting*: the network learns its own 9,000 images by heart. And compare with `val_accuracy`, which does **not**
# get worse: the loss is not 1 − accuracy. It also counts how sure the wrong answers are.

# %% [markdown]
# ## When should training stop?
#
# When the validation loss has stopped falling. A callback can do that: Keras looks at `self.model.stop_training`
# after each epoch, and a callback may set it to `True`. Keras brings one that does, with `patience=2`: it waits for two epochs without
# a new lowest loss, then stops and brings back the best parameters.


# %%
def early_stop():
    return keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=2, restore_best_weights=True
    )


losses = history["val_loss"]
print("lowest validation loss in epoch", 1 + int(np.argmin(losses)), "of", len(losses))

# %% [markdown]
# The epochs after that one were wasted on the dense network. The next network gets an `EarlyStopping` from the
# start. In exercise 9.4 you write a callback of your own, one that stops at an accuracy you choose. One trap: in old
# notebooks the entry is called `logs["acc"]`; today it is `logs["accuracy"]`.

# %% [markdown]
# ## What do convolutions put on top?
#
# Now the network of this course. Keep the dense part as it is, and put two convolutions, each with its pool, **on top**:
# between the image and `Flatten`.
#
# | layer | output shape | parameters |
# |---|---|---|
# | `Conv2D(64, (3, 3))` | ? | ? |
# | `MaxPooling2D((2, 2))` | ? | ? |
# | `Conv2D(64, (3, 3))` | ? | ? |
# | `MaxPooling2D((2, 2))` | ? | ? |
# | `Flatten()` | ? | ? |
# | `Dense(128)` | ? | ? |
# | `Dense(10)` | ? | ? |
#
# **Fill in** this table on paper. A 3 x 3 window loses one row on each side; a pool keeps whole windows only.

# %% [markdown]
# <details><summary>A hint for the parameters</summary>
#
# The first layer's filters see 1 channel: 3 · 3 · 1 weights and 1 bias for each of 64 filters. The second layer's filters see
# all 64 feature maps at once: 3 · 3 · 64 weights and 1 bias each.
#
# </details>

# %% tags=["nbval-check-output"]
size = 28
for kernel_size, stride in [(3, 1), (2, 2), (3, 1), (2, 2)]:
    print(size, "->", output_size(size, kernel_size, stride=stride))
    size = output_size(size, kernel_size, stride=stride)
print("flatten:", size * size * 64)
# > 28 -> 26
# > 26 -> 13
# > 13 -> 11
# > 11 -> 5
# > flatten: 1600

# %% [markdown]
# 28 → 26 → 13 → 11 → **5**, not 5.5: of 11 rows and columns the pool drops the last. Depth goes the other way, from 1 channel to 64. So
# 1,600 numbers reach the dense part, about twice the 784 pixels. Now the parameters: first yours, then NumPy's
# arithmetic, then Keras.

# %% tags=["nbval-check-output"]
first = (3 * 3 * 1 + 1) * 64
second = (3 * 3 * 64 + 1) * 64
hidden = (1600 + 1) * 128
classes = (128 + 1) * 10
print(
    f"{first:,} + {second:,} + {hidden:,} + {classes:,} = {first + second + hidden + classes:,}"
)
# > 640 + 36,928 + 204,928 + 1,290 = 243,786

# %%
keras.utils.set_random_seed(0)
cnn = keras.Sequential(
    [
        keras.Input((28, 28, 1)),  # one colour byte a pixel
        layers.Conv2D(
            64, (3, 3), activation="relu"
        ),  # 64 filters; relu throws out negatives
        layers.MaxPooling2D((2, 2)),
        layers.Conv2D(64, (3, 3), activation="relu"),
        layers.MaxPooling2D((2, 2)),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
cnn.summary()

# %% [markdown]
# Keras agrees in every row. "64 filters" are 64 kernels that training chooses, not we. "One colour byte" is the 1 in
# (28, 28, 1). What Keras calls convolution is cross-correlation: no kernel is turned. For learned weights that makes no
# difference. Which layer holds most of the 243,786? And which one does most of the work?

# %% tags=["nbval-check-output"]
for layer in networks.layer_table(networks.build_cnn()):
    print(
        f"{layer.name:8} {layer.shape!s:13} {layer.parameters:8,} parameters {layer.multiplications:10,} products"
    )
# > conv_1   (26, 26, 64)       640 parameters    389,376 products
# > pool_1   (13, 13, 64)         0 parameters          0 products
# > conv_2   (11, 11, 64)    36,928 parameters  4,460,544 products
# > pool_2   (5, 5, 64)           0 parameters          0 products
# > flatten  (1600,)              0 parameters          0 products
# > hidden   (128,)         204,928 parameters    204,800 products
# > classes  (10,)            1,290 parameters      1,280 products

# %% [markdown]
# Not the same layer! `hidden` holds 84 % of the parameters, `conv_2` does 88 % of the multiplications. A
# convolution uses each weight again at every place, 11 · 11 = 121 times in `conv_2`; a dense layer uses each weight once.
# Few parameters, many products: that is what sliding a kernel means.

# %% [markdown]
# ## Is it worth it?
#
# The CNN multiplies 50 times as often as the dense network, with 2.4 times the parameters. **Predict** two numbers: how
# many times longer does an epoch take, and how many of 100 unseen images will it get right?

# %%
cnn.compile(
    optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
)
callbacks = [OneLine(), early_stop()]
start = time.perf_counter()
cnn_history = cnn.fit(
    train_images,
    data.train_labels,
    epochs=20,
    validation_split=0.1,
    verbose=0,
    callbacks=callbacks,
).history
cnn_seconds = time.perf_counter() - start

# %%
plots.show_curves(
    {
        "CNN, training": cnn_history["loss"],
        "CNN, validation": cnn_history["val_loss"],
        "dense, validation": history["val_loss"],
    },
    ylabel="loss",
    title="CNN and dense network",
    caption="The CNN's validation loss falls below the dense network's; then its training loss runs away, and it is stopped.",
)

# %% [markdown]
# The CNN overfits too, and sooner, but from a lower point. `EarlyStopping` ended it two epochs after its lowest
# validation loss and restored the parameters of that epoch. All choices so far were made with validation images. Only now
# come the test images: looked at once, at the end, like an exam.

# %%
for name, model, seconds, epochs in [
    ("dense", dense, dense_seconds, len(history["loss"])),
    ("CNN", cnn, cnn_seconds, len(cnn_history["loss"])),
]:
    accuracy = model.evaluate(test_images, data.test_labels, verbose=0)[1]
    print(
        f"{name:5}  test accuracy {accuracy:.4f}   {epochs} epochs, {seconds / epochs:.1f} seconds each"
    )

# %% [markdown]
# RESULT_PLACEHOLDER

# %% [markdown]
# ## Which clothes does it confuse?
#
# One number hides who suffers. A *confusion matrix* counts pairs: rows are true classes, columns are what the network said.
# Five images, three classes. **Draw** the 3 x 3 matrix on paper first: where do correct answers go?

# %% tags=["nbval-check-output"]
true = [0, 0, 1, 2, 2]
said = [0, 1, 1, 2, 0]
print(networks.confusion_matrix(true, said, classes=3))
# > [[1 1 0]
# >  [0 1 0]
# >  [1 0 1]]

# %% [markdown]
# Correct answers lie on the diagonal: 1 + 1 + 1 = 3 of 5. One 0 was taken for a 1 (row 0, column 1), one 2 for a 0.
# Exercise 9.5 lets you build this count yourself. Now all test images: `predict` gives ten probabilities for each, and `argmax` the place of the
# largest.

# %%
predicted = cnn.predict(test_images, verbose=0).argmax(axis=1)
matrix = networks.confusion_matrix(data.test_labels, predicted)
plots.show_confusion(
    matrix,
    data.class_names,
    title="CNN on the test images",
    caption="Row: what it is. Column: what the CNN says. The darker a cell, the larger its share of the row.",
)

# %%
right = matrix.diagonal() / matrix.sum(axis=1)
for label in right.argsort():
    print(f"{data.class_names[label]:12} {right[label]:.0%}")

# %% [markdown]
# Was your guess right? The shirt is the hardest class, CONFUSION_PLACEHOLDER; the rest it takes for T-shirts,
# pullovers and coats. Trousers, bags and boots are almost always right. Read the row and the column of a class: the column says what is wrongly
# *called* a shirt. Here are the first mistakes themselves.

# %%
wrong = np.flatnonzero(predicted != data.test_labels)[:12]
names = np.array(data.class_names)
plots.show_images(
    data.test_images[wrong],
    [f"{names[data.test_labels[i]]},\nnot {names[predicted[i]]}" for i in wrong],
    caption="The first twelve mistakes: what it is, and below what the CNN says.",
)

# %% [markdown]
# Some of these you would get wrong as well: a shirt photographed without its buttons is 784 pixels of a T-shirt. No network
# reaches 100 % here, and a few labels are doubtful.

# %% [markdown]
# ## What do the layers see in a boot?
#
# Test images 0, 23 and 28 are ankle boots. `feature_maps` returns what every layer puts out for them. We follow one
# filter of the first convolution and one of the second through their pools: those whose answer varies most.
# **Predict**: in which panels can you still tell that it is a boot?

# %%
boots = [0, 23, 28]
maps = networks.feature_maps(cnn, test_images[boots])
first_filter = maps[0].std(axis=(0, 1, 2)).argmax()
second_filter = maps[2].std(axis=(0, 1, 2)).argmax()
print([layer.shape for layer in maps[:4]])

# %%
columns = [first_filter, first_filter, second_filter, second_filter]
panels, titles = [], []
for row, boot in enumerate(boots):
    panels += [data.test_images[boot]]
    panels += [
        to_display(maps[layer][row, :, :, column], "rescale")
        for layer, column in enumerate(columns)
    ]
    titles += [
        f"test image {boot}",
        "conv 1: 26 x 26",
        "pool 1: 13 x 13",
        "conv 2: 11 x 11",
        "pool 2: 5 x 5",
    ]
plots.show_images(
    panels,
    titles,
    columns=5,
    caption="A row for each boot. White: strong answer of the filter. Each pool keeps the strongest of four.",
)

# %% [markdown]
# The three boots differ, their maps light up in similar places: that is what the dense part learns from. The first
# convolution still shows a boot; after the second pool 25 numbers are left that say *where* something was found, no longer what it
# looks like. Filter 5 of layer 2 has nothing to do with filter 5 of layer 1: it mixes all 64 maps.

# %% [markdown]
# **Try it**: set `first_filter` and `second_filter` to other numbers from 0 to 63 and run the cells again. Some maps are
# black for every boot: filters that answer to bags or sleeves, or to nothing. Lesson 10 looks at all of them.

# %% [markdown]
# ## What if the network were different?
#
# The notebook that this lesson follows ends with five questions: (1) 16 or 32 filters instead of 64? (2) drop the last
# convolution? (3) add one more? (4) keep only the first? (5) stop early by a callback? Its own code has two convolutions, so (2) and
# (4) ask for the same network. **Predict**: which change makes the network larger?

# %% tags=["nbval-check-output"]
for filters, convolutions in [(64, 2), (32, 2), (16, 2), (64, 1), (64, 3)]:
    model = networks.build_cnn(filters, convolutions)
    table = networks.layer_table(model)
    products = sum(layer.multiplications for layer in table)
    print(
        f"{convolutions} x {filters} filters: {model.count_params():9,} parameters {products:9,} products"
    )
# > 2 x 64 filters:   243,786 parameters 5,056,000 products
# > 2 x 32 filters:   113,386 parameters 1,413,504 products
# > 2 x 16 filters:    55,098 parameters   428,608 products
# > 1 x 64 filters: 1,386,506 parameters 1,775,104 products
# > 3 x 64 filters:    84,106 parameters 5,191,168 products

# %% [markdown]
# Dropping a convolution, and its pool, makes the network almost six times **larger**: 13 · 13 · 64 = 10,816 numbers reach the dense
# layer in place of 1,600. Adding one makes it smaller, as 1 · 1 · 64 are left. But how good are they? Measured on all 60,000
# training images, 5 epochs:
#
# TABLE_PLACEHOLDER

# %% [markdown]
# ANSWERS_PLACEHOLDER

# %% [markdown]
# Try one of them here, on the sample, with early stopping. The switch is the first line.

# %%
VARIANT = {
    "filters": 16,
    "convolutions": 2,
}  # filters: any number; convolutions: 1, 2 or 3
keras.utils.set_random_seed(0)
variant = networks.build_cnn(**VARIANT)
variant.fit(
    train_images,
    data.train_labels,
    epochs=10,
    validation_split=0.1,
    verbose=0,
    callbacks=[OneLine(), early_stop()],
)
print(
    f"test accuracy {variant.evaluate(test_images, data.test_labels, verbose=0)[1]:.4f}"
)

# %% [markdown]
# VARIANT_PLACEHOLDER

# %% [markdown]
# ## How good does it get with all the images?
#
# FULL_PLACEHOLDER

# %% [markdown]
# ## Summary
#
# You predicted 28 → 26 → 13 → 11 → 5 and 640 + 36,928 + 204,928 + 1,290 = 243,786 parameters before Keras printed them, trained the network
# and stopped it when the validation loss no longer fell, and found shirts to be its weak spot. Convolutions on
# top of the same dense part take SUMMARY_PLACEHOLDER.
#
# The formula to keep: a convolution layer has
# $(\text{kernel height} \cdot \text{kernel width} \cdot \text{channels in} + 1) \cdot \text{filters}$ parameters, whatever the size of the image.

# %% [markdown]
# ## Next
#
# Lesson 10 opens this network: which kernels it has learned, and where in the image it looks when it says "boot".
