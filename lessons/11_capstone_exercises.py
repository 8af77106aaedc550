# %% [markdown]
# # 11 · Capstone: exercises
#
# One exercise, yours alone: a network within a budget, judged by images it has never seen.
#
# **You will be able to** design a small convolutional network, measure it fairly, and report what it can and cannot do.
#
# **You need**: lesson 11 and TensorFlow. **Time**: 45 minutes

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
test_images = networks.as_input(data.test_images)

# %% [markdown]
# ## 11.1 ★★★ A small network (45 minutes)
#
# Write `build_small_cnn`: it returns a compiled Keras model from (N, 28, 28, 1) to ten classes, for integer labels, of at
# most **20,000** parameters. The check trains it for 12 epochs on the 10,000 training images of the sample, batches of
# 32. Then it must name more than **84.5 %** of the 2,000 held-out images, on average over the last three epochs. The
# dense baseline, with 101,770 parameters, has 83.7 % after the same training.

# %% [markdown]
# With a pencil first. Example: `Conv2D(16, 3)`, a pool, `Conv2D(32, 3)`, a pool, `Flatten` and `Dense(10)` have
# 160 + 4,640 + 8,010 = 12,810 parameters, and the shapes 26, 13, 11, 5. Change something about it, and compute sizes
# and parameters of your design before you write it down.


# %%
def build_small_cnn():
    """Return a compiled model, (N, 28, 28, 1) -> (N, 10), of at most 20,000 parameters."""
    ### BEGIN SOLUTION
    stack = [
        layers.Conv2D(16, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(24, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(32, 3, activation="relu"),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
    model = keras.Sequential([keras.Input((28, 28, 1)), *stack])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
    ### END SOLUTION


# %%
model = build_small_cnn()
if model is not None:
    for layer in networks.layer_table(model):
        print(f"{layer.name:20} {layer.shape!s:14} {layer.parameters:7,} parameters")
    print(f"{model.count_params():,} parameters of 20,000")

# %% [markdown]
# The check trains your network each time: for the lesson's design that takes about 15 seconds on two cores. It stops a
# training that takes longer than a minute. The random start is the same each time, so that trying again does not change
# the result, but changing the design does.

# %%
check("11.1", build_small_cnn)

# %% [markdown]
# <!-- hints 11.1 -->

# %% [markdown] tags=["solution"]
# **Analysis.** The hidden dense layer of the notes' network is left out: 204,928 parameters. `same` padding keeps the
# border, and a third convolution on small maps costs 6,944 parameters and few products. Other designs pass as well: 16
# and 32 filters without padding reach about 85.4 %, with 12,810 parameters. A dense network of the same size knows its
# training images by 88 % and the held-out ones by 83 %: it has no weight that it uses twice.

# %% [markdown]
# **Explain**: which clothes does your network confuse, and how sure is it then? The cell trains it and shows the
# matrix, once there is a network. **Extend**: add the curves of lesson 11 for shifts and noise, and write the report
# with a sentence about what you would not use it for.

# %%
if model is not None:
    trained = networks.train_on_sample(build_small_cnn, epochs=12)
    predicted = trained.predict(test_images, verbose=0).argmax(axis=1)
    plots.show_confusion(
        networks.confusion_matrix(data.test_labels, predicted),
        data.class_names,
        title=f"your network: {np.mean(predicted == data.test_labels):.1%} right",
        caption="Rows: what it is. Columns: what your network says.",
    )

# %% [markdown]
# ## Where you are

# %%
progress()
