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
    f"{len(data.train_labels):,} images to learn from, {len(data.test_labels):,} to test"
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
    caption="Eight images of each class, 28 x 28 pixels. Compare rows 0, 2, 4 and 6.",
)

# %% [markdown]
# Each pixel is one byte, from 0 for the background to 255. Networks learn best from small numbers: `as_input` divides by
# 255. And Keras wants to know how many colours a pixel has, on a last axis, the *channels*. These images have one, grey.
# **What** is the shape of one image then?

# %% tags=["nbval-check-output"]
train_images = networks.as_input(data.train_images)
test_images = networks.as_input(data.test_images)
print("one image:", data.train_images.shape[1:], "->", train_images.shape[1:])
print("values from", train_images.min(), "to", train_images.max(), train_images.dtype)
# > one image: (28, 28) -> (28, 28, 1)
# > values from 0.0 to 1.0 float32

# %% [markdown]
# (28, 28, 1): the same 784 numbers, with an axis of length 1 that says "one colour". All images together have the
# shape (N, 28, 28, 1). Keras expects this order everywhere: images, rows, columns, channels. You write this preparation
# yourself in exercise 9.1.

# %% [markdown]
# ## What does a dense layer do with an image?
#
# It forgets that it is an image: a *dense layer* takes a row of numbers. Each of its *neurons* multiplies every input
# with a weight of its own, adds up, and adds one more number, its *bias*. *ReLU* then throws out negatives: it keeps what
# is above 0 and makes the rest 0.
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
# The last layer's ten sums, its *scores*, become ten probabilities by *softmax*: raise e to each, then divide by the
# total. The *loss* of an image is −log(p), where p is the probability given to the **true** class. Take three scores, 2, 1
# and 0: which loss is small, that of class 0 or that of class 2?

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
# Confident and right costs little, 0.41; confident and wrong costs a lot, 2.41. Whoever gives each of ten classes 0.1
# pays 2.3. Our network has learned nothing yet. **Predict** its loss and its *accuracy*, the share of images it names
# correctly.

# %%
dense.compile(
    optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
)
loss, accuracy = dense.evaluate(test_images, data.test_labels, verbose=0)
print(f"before training: loss {loss:.2f}, accuracy {accuracy:.1%}")

# %% [markdown]
# A loss near 2.3 and about one right in ten: guessing. `compile` has told Keras three things: how to change the
# parameters (*Adam*, gradient descent with a step size of its own for each parameter), which loss to lower (the one
# above, for labels that are whole numbers), and what else to report.

# %% [markdown]
# ## What happens while it trains?
#
# `fit` shows the network 64 images at a time, a *batch*, and moves every parameter a little downhill after each. All
# images once is an *epoch*. After each epoch Keras calls our *callbacks*: objects with methods of agreed names. Here is
# one that prints a line after every so many epochs. `logs` holds what Keras has measured, by name.


# %%
class OneLine(keras.callbacks.Callback):
    def __init__(self, every=1):
        super().__init__()
        self.every = every

    def on_epoch_end(self, epoch, logs=None):  # Keras counts epochs from 0
        if (epoch + 1) % self.every == 0:
            numbers = [f"{name} {value:.3f}" for name, value in (logs or {}).items()]
            print(f"epoch {epoch + 1:2}  " + "  ".join(numbers))


# %% [markdown]
# `validation_split=0.1` holds back the last tenth of the training images. The network never learns from these
# *validation images*; it is only measured on them, and they appear as `val_accuracy` and `val_loss`. **Predict**: after
# 30 epochs, will `accuracy` and `val_accuracy` be the same?

# %%
batch_size = 64 if SIZE == "sample" else 128
how = {"batch_size": batch_size, "validation_split": 0.1, "verbose": 0}
start = time.perf_counter()
dense_fit = dense.fit(
    train_images, data.train_labels, epochs=30, callbacks=[OneLine(every=5)], **how
)
dense_seconds = time.perf_counter() - start
dense_curves = dense_fit.history

# %% [markdown]
# They drift apart. On the images of the sample that it learns from, the dense network gets better all the time, to about
# 95 %. On images it has not seen it is stuck near 85 % from the middle on.

# %% [markdown]
# ## Is it learning, or learning by heart?
#
# Draw the two losses. The training loss falls all the way. **Before you look**: what does the loss on unseen images
# do in the second half?

# %%
plots.show_curves(
    {"training": dense_curves["loss"], "validation": dense_curves["val_loss"]},
    ylabel="loss",
    title="dense network",
    caption="A point is an epoch. Left, both fall; right, only the training loss does.",
)

# %% [markdown]
# It reaches its lowest point early on and then creeps up, while the training loss goes on to fall. That is
# *overfitting*: the network learns its own training images by heart. Compare with `val_accuracy` above, which hardly
# changes meanwhile: **the loss is not 1 − accuracy**. It also counts how sure the wrong answers are.

# %% [markdown]
# ## When should training stop?
#
# When the validation loss has stopped falling. A callback can see to it: after each epoch Keras looks at
# `self.model.stop_training`, and a callback may set that to `True`. Keras brings one that does, `EarlyStopping`. With
# `patience=2` it waits for two epochs without a new lowest loss; then it stops, and brings back the best parameters.


# %%
def early_stop():
    return keras.callbacks.EarlyStopping(
        "val_loss", patience=2, restore_best_weights=True
    )


best = int(np.argmin(dense_curves["val_loss"])) + 1
print("lowest validation loss of the dense network: in epoch", best)

# %% [markdown]
# The epochs after that one brought nothing. The next network gets an `EarlyStopping` from the start.
#
# The notebook that this lesson follows stops by a callback of its own, at an accuracy that one chooses; in exercise 9.4
# you write it. One trap: older notebooks ask for `logs["acc"]`. Today that entry is called `logs["accuracy"]`.

# %% [markdown]
# ## What changes with convolutions on top?
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
# 28 → 26 → 13 → 11 → **5**, not 5.5: of 11 rows and columns the pool drops the last. Meanwhile 1 channel becomes 64, so
# 1,600 numbers reach the dense part, about twice the 784 pixels. Now the parameters: first yours, then the arithmetic,
# then Keras.

# %% tags=["nbval-check-output"]
first = (3 * 3 * 1 + 1) * 64
second = (3 * 3 * 64 + 1) * 64
hidden = (1600 + 1) * 128
classes = (128 + 1) * 10
total = first + second + hidden + classes
print(f"{first:,} + {second:,} + {hidden:,} + {classes:,} = {total:,}")
# > 640 + 36,928 + 204,928 + 1,290 = 243,786

# %%
keras.utils.set_random_seed(0)
cnn = keras.Sequential(
    [
        keras.Input((28, 28, 1)),  # one colour byte a pixel
        # 64 filters of 3 x 3; relu throws out negatives
        layers.Conv2D(64, (3, 3), activation="relu"),
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
# Keras agrees in every row. "64 filters" are 64 kernels that training chooses, not we; "one colour byte" is the 1 in
# (28, 28, 1). What Keras calls convolution is cross-correlation: no kernel is turned, and for learned weights that makes
# no difference.
#
# **Which** layer holds most of the 243,786 parameters? And which one does most of the work?

# %% tags=["nbval-check-output"]
for layer in networks.layer_table(networks.build_cnn()):  # the same network
    name, shape, parameters, multiplications = layer
    print(
        f"{name:8}{shape!s:13}{parameters:9,} parameters {multiplications:10,} products"
    )
# > conv_1  (26, 26, 64)       640 parameters    389,376 products
# > pool_1  (13, 13, 64)         0 parameters          0 products
# > conv_2  (11, 11, 64)    36,928 parameters  4,460,544 products
# > pool_2  (5, 5, 64)           0 parameters          0 products
# > flatten (1600,)              0 parameters          0 products
# > hidden  (128,)         204,928 parameters    204,800 products
# > classes (10,)            1,290 parameters      1,280 products

# %% [markdown]
# Two different layers! `hidden` holds 84 % of the parameters; `conv_2` does 88 % of the multiplications (products of a
# pixel and a weight). A dense layer uses each weight once. A convolution uses it again at every place: in `conv_2`, 11 ·
# 11 = 121 times. Few parameters, many products: that is what sliding a kernel means.

# %% [markdown]
# ## Is it worth it?
#
# The CNN has 2.4 times the parameters of the dense network and multiplies 50 times as often. **Predict** two numbers:
# how many times longer does an epoch take, and how many more of 100 unseen images will it get right?

# %%
cnn.compile(
    optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
)
start = time.perf_counter()
cnn_fit = cnn.fit(
    train_images,
    data.train_labels,
    epochs=20,
    callbacks=[OneLine(), early_stop()],
    **how,
)
cnn_seconds = time.perf_counter() - start
cnn_curves = cnn_fit.history

# %%
plots.show_curves(
    {
        "CNN, training": cnn_curves["loss"],
        "CNN, validation": cnn_curves["val_loss"],
        "dense, validation": dense_curves["val_loss"],
    },
    ylabel="loss",
    title="CNN and dense network",
    caption="The CNN comes lower on unseen images than the dense network ever does.",
)

# %% [markdown]
# On unseen images the CNN comes lower than the dense network ever does. But its training loss runs away too: without
# `EarlyStopping` it would learn by heart as well. All choices so far were made with validation images. Only now come the
# *test images*, looked at once, at the end, like an exam.

# %%
for name, model, curves, seconds in [
    ("dense", dense, dense_curves, dense_seconds),
    ("CNN", cnn, cnn_curves, cnn_seconds),
]:
    accuracy = model.evaluate(test_images, data.test_labels, verbose=0)[1]
    epochs = len(curves["loss"])
    print(
        f"{name:5}  test accuracy {accuracy:.3f}  {seconds / epochs:.1f} seconds an epoch"
    )

# %% [markdown]
# With the sample and five different random starts, the dense network named 83 to 85 of 100 test images correctly, the
# CNN 85 to 86: about two more. The dense part is the same in both; the difference is what two convolutions bring.
#
# They cost about ten times the seconds, as the last column shows, but not 50 times: sliding a kernel is work that
# processors do well.

# %% [markdown]
# ## Which clothes does it confuse?
#
# One accuracy hides which classes suffer. A *confusion matrix* counts pairs: rows are true classes, columns are what the
# network says. Take five images of three classes and **write** the 3 x 3 matrix on paper: where do correct answers go?

# %% tags=["nbval-check-output"]
true = [0, 0, 1, 2, 2]
said = [0, 1, 1, 2, 0]
print(networks.confusion_matrix(true, said, classes=3))
# > [[1 1 0]
# >  [0 1 0]
# >  [1 0 1]]

# %% [markdown]
# Correct answers lie on the diagonal: 1 + 1 + 1 = 3 of 5. One 0 was taken for a 1 (row 0, column 1), one 2 for a 0. How
# to count this way is exercise 9.5.
#
# Now all test images: `predict` gives ten probabilities for each, and `argmax` finds the place of the largest.

# %%
predicted = cnn.predict(test_images, verbose=0).argmax(axis=1)
matrix = networks.confusion_matrix(data.test_labels, predicted)
plots.show_confusion(
    matrix,
    data.class_names,
    title="CNN on the test images",
    caption="Row: what it is; column: what the CNN says. Dark: a large share of the row.",
)

# %%
right = matrix.diagonal() / matrix.sum(axis=1)
for label in right.argsort():
    print(f"{data.class_names[label]:12} {right[label]:.0%}")

# %% [markdown]
# Was your guess right? The upper garments are hard. In most runs the **shirt** is the hardest: about one in three is
# taken for a T-shirt, a pullover or a coat. (With another random start it can be the coat.) Trousers, bags and sandals
# are right more than nine times in ten.
#
# The row "Shirt" tells what the shirts were taken for, the column "Shirt" what was wrongly called a shirt. Here are some
# mistakes themselves.

# %%
wrong = np.flatnonzero(predicted != data.test_labels)[:12]
names = np.array(data.class_names)
plots.show_images(
    data.test_images[wrong],
    [f"{names[data.test_labels[i]]},\nnot {names[predicted[i]]}" for i in wrong],
    caption="The first twelve mistakes. Second line: what the CNN says it is.",
)

# %% [markdown]
# Some of these you would get wrong as well: in 28 x 28 pixels a shirt and a coat can differ by a few grey buttons. That
# is why nobody should expect 100 % here.

# %% [markdown]
# ## What do the layers see in a boot?
#
# Test images 0, 23 and 28 are ankle boots. `feature_maps` returns what every layer puts out for them. We follow two
# filters: one of the first convolution and one of the second, those whose answers vary most, each with its pool.
# **Predict**: in which panels can you still tell that it is a boot?

# %%
boots = [0, 23, 28]
maps = networks.feature_maps(cnn, test_images[boots])
print([layer.shape for layer in maps[:4]])
first = maps[0].std(axis=(0, 1, 2)).argmax()  # the filter of conv 1 that varies most
second = maps[2].std(axis=(0, 1, 2)).argmax()  # and that of conv 2

# %%
panels, titles = [], []
for row, boot in enumerate(boots):
    panels.append(data.test_images[boot])
    for layer, filter_ in zip(maps, [first, first, second, second]):
        panels.append(to_display(layer[row, :, :, filter_], "rescale"))
    titles += [f"test image {boot}", "conv 1", "pool 1", "conv 2", "pool 2"]
plots.show_images(
    panels,
    titles,
    columns=5,
    caption="Black: the filter's weakest answer in this image; white: its strongest.",
)

# %% [markdown]
# After the first convolution and its pool you still see a boot. After the second pool 25 numbers are left: they say
# *where* something was found, no longer what it looks like. Compare the rows: a filter tends to answer to the same part
# of all three boots, and that is what the dense part can learn from.
#
# One trap: number 5 of conv 2 is not "filter 5, one layer on". Each filter of conv 2 reads all 64 maps.

# %% [markdown]
# **Try it**: set `first` and `second` to other numbers from 0 to 63 and draw again. A map that is black for all boots
# belongs to a filter that answers to something else, or to nothing at all. Lesson 10 looks at all 64.

# %% [markdown]
# ## What if the network were different?
#
# The notebook that this lesson follows ends with five questions. What happens
#
# 1. with 16 or 32 filters in place of 64?
# 2. without the last convolution?
# 3. with one more?
# 4. with only the first?
# 5. when a callback stops the training early?
#
# Here (2) and (4) are the same network, as there are two convolutions. **Predict**: which of them has the most
# parameters, and which the fewest?

# %% tags=["nbval-check-output"]
for filters, convolutions in [(64, 2), (32, 2), (16, 2), (64, 1), (64, 3)]:
    model = networks.build_cnn(filters, convolutions)
    table = networks.layer_table(model)
    products = sum(layer.multiplications for layer in table)
    size = f"{model.count_params():9,} parameters {products:9,} products"
    print(f"{convolutions} x {filters} filters: {size}")
# > 2 x 64 filters:   243,786 parameters 5,056,000 products
# > 2 x 32 filters:   113,386 parameters 1,413,504 products
# > 2 x 16 filters:    55,098 parameters   428,608 products
# > 1 x 64 filters: 1,386,506 parameters 1,775,104 products
# > 3 x 64 filters:    84,106 parameters 5,191,168 products

# %% [markdown]
# Without the last convolution and its pool the network is almost six times **larger**: 13 · 13 · 64 = 10,816 numbers
# reach the dense layer in place of 1,600. With one more it is smaller, for only 1 · 1 · 64 are left.
#
# And how good are they? Measured on all 60,000 training images: 5 epochs, batches of 32, three random starts each, two
# processor cores.
#
# | network | seconds an epoch, about | test accuracy: mean (lowest to highest) |
# |---|---:|---|
# | dense baseline | 2 | 0.868 (0.866 to 0.872) |
# | 2 convolutions, 64 filters: **the CNN** | 20 | **0.904** (0.902 to 0.907) |
# | 2 convolutions, 32 filters | 7 | 0.893 (0.892 to 0.895) |
# | 2 convolutions, 16 filters | 5 | 0.888 (0.885 to 0.891) |
# | 1 convolution, 64 filters | 21 | 0.897 (0.888 to 0.904) |
# | 3 convolutions, 64 filters | 20 | 0.879 (0.867 to 0.888) |

# %% [markdown]
# The answers, by this table:
#
# - **(1)** 32 filters cost 1.1 points of accuracy and take about two fifths of the time; 16 cost 1.6 and take a
#   quarter.
# - **(2), (4)** One convolution takes as long, as 1.4 million parameters move after each batch, and is no better: its large
#   dense layer learns by heart (90 % on its training images after epoch 2), and three runs differ by 1.6 points.
# - **(3)** A third convolution costs 2.5 points. Its pool leaves one pixel of 64 channels: *where* is lost.
# - **(5)** A callback that stops at 90 % training accuracy ends the CNN after epoch 3 of 5: two fifths of the time saved,
#   1.1 points lost (0.894).

# %% [markdown]
# Train one of them yourself. The first line is the switch; it starts with the smallest of them. **Predict** before you
# run it: how far below the CNN will 16 filters end?

# %%
VARIANT = {"filters": 16, "convolutions": 2}  # convolutions: 1, 2 or 3

keras.utils.set_random_seed(0)
variant = networks.build_cnn(**VARIANT)
variant.fit(
    train_images,
    data.train_labels,
    epochs=12,
    callbacks=[OneLine(), early_stop()],
    **how,
)
accuracy = variant.evaluate(test_images, data.test_labels, verbose=0)[1]
print(f"test accuracy {accuracy:.3f}")

# %% [markdown]
# With 16 filters it ends one or two points below the CNN, in a fraction of the time. `EarlyStopping` has not stopped it:
# its validation loss is still falling after 12 epochs. A small network learns by heart later, and may be trained longer.
#
# **Try it**: `epochs=20`; then 1 convolution; then 3.

# %% [markdown]
# ## How good does it get with all the images?
#
# The notebook that this lesson follows reports one run of each network, 5 epochs on all 60,000 images. Here it is, next
# to ours:
#
# | network | this course, three runs | the notebook, one run |
# |---|---|---|
# | dense baseline | 0.868 (0.866 to 0.872) | 0.8744 |
# | CNN | 0.904 (0.902 to 0.907) | 0.9089 |
# | gain | 0.036 | 0.0345 |
#
# Before you read on: is 0.9089 a better result than 0.904?

# %% [markdown]
# Hardly: three runs of the *same* network differ by 0.005, depending on the random start alone. Both tables say the
# same: the convolutions bring three and a half points.
#
# To see it on your machine, set `SIZE = "full"` at the top and run the lesson again: with early stopping the CNN reached
# 0.905 on the 10,000 test images in both runs we measured, with the parameters of epoch 9, after some minutes. The table of
# the five questions is printed by `python tools/measure_full_data.py` in the course's repository.

# %% [markdown]
# And note what helped most: not one of the five changes, but six times as many images. They lift the CNN from about 0.86
# to about 0.90.

# %% [markdown]
# ## Five questions
#
# Each choice explains itself. Where the quiz cannot be clicked, answer with letters as its last line shows.

# %%
from course_utils import quiz

quiz("09")

# %% [markdown]
# ## Summary
#
# - You predicted 28 → 26 → 13 → 11 → 5, and 640 + 36,928 + 204,928 + 1,290 = **243,786** parameters, before Keras printed
#   them.
# - You trained the network, read from its curves where learning by heart begins, and let a callback stop it there.
# - You found that it confuses shirts with the other upper garments, and that dropping a convolution makes it larger, not
#   better.
#
# The formula to keep: a convolution layer has
# $(\text{kernel height} \cdot \text{kernel width} \cdot \text{channels in} + 1) \cdot \text{filters}$ parameters,
# whatever the size of the image.

# %% [markdown]
# ## Next
#
# Lesson 10 opens this network: which kernels it has learned, and where in the image it looks when it says "boot".
