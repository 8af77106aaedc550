"""Lesson 11: a small network of one's own, judged by what it does after a short training."""

import functools
import time

import numpy as np

from .engine import Exercise, Mistake
from .lesson_09 import _MODEL_MISTAKES, CLASSES, _accept_model, _network, _observe_model
from .lesson_10 import quietly

BUDGET = 20_000  # parameters
EPOCHS = 12  # of the 10,000 training images of the sample, in batches of 32
MOST_SECONDS = 60  # of training; two cores need about 15 for the lesson's network
DENSE = 0.837  # held-out accuracy of the dense baseline after the same training: mean of ten seeds, standard deviation 0.010
ASKED = 0.845  # no chance for a network that is not better: the dense one within the budget has 0.825, deviation 0.010


def build_small_cnn():
    import keras
    from keras import layers

    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(16, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(24, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def _functional_with_logits():
    import keras
    from keras import layers

    start = keras.Input((28, 28, 1))
    maps = start
    for filters in (16, 20, 24):
        maps = layers.Conv2D(filters, 3, padding="same")(maps)
        maps = layers.ReLU()(maps)
        if filters < 24:
            maps = layers.MaxPooling2D(2)(maps)
    numbers = layers.Flatten()(layers.Dropout(0.1)(maps))
    model = keras.Model(start, layers.Dense(10)(numbers))
    model.compile(keras.optimizers.Adam(0.0015), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def _frozen():
    model = _network(lambda layers: [layers.MaxPooling2D(4), layers.Flatten()])()
    model.trainable = False
    return model


class Sample:
    """The pictures for training and their labels, and the held-out pictures without theirs."""

    def __init__(self, images, labels, held_out):
        self.images, self.labels, self.held_out = images, labels, held_out

    def __repr__(self):
        return f"{len(self.images):,} images to learn from, {len(self.held_out):,} held out"


@functools.cache
def _sample():
    from ..datasets import load_fashion_mnist

    data = load_fashion_mnist()
    return Sample(data.train_images, data.train_labels, data.test_images)


def _observe_training(build, sample):
    """Build the model from a fixed seed, and train it if it can be trained and keeps to the budget.

    What it says of the held-out images is taken after each of the last three epochs, as one epoch is luck by half a point.
    """
    import keras

    keras.utils.set_random_seed(0)
    model = build if isinstance(build, keras.Model) else build()
    facts = _observe_model(lambda: model)
    if facts is None or not _can_be_trained(facts):
        return facts

    images, held_out = ((one / np.float32(255))[..., np.newaxis] for one in (sample.images, sample.held_out))

    def said(images):
        blocks = np.array_split(images, 10)
        return np.concatenate([np.argmax(model(block, training=False), axis=-1) for block in blocks])

    class Watch(keras.callbacks.Callback):
        epochs, answers, start = 0, [], time.monotonic()

        def on_epoch_end(self, epoch, logs=None):
            self.epochs = epoch + 1
            is_late = time.monotonic() - self.start > MOST_SECONDS
            if is_late or epoch >= EPOCHS - 3:
                self.answers.append(said(held_out))
            if is_late:
                self.model.stop_training = True

    watch = Watch()
    quietly(lambda: model.fit(images, sample.labels, epochs=EPOCHS, verbose=0, callbacks=[watch]))
    training = np.mean(said(images[:2000]) == sample.labels[:2000])
    return facts | {"epochs": watch.epochs, "training": float(training), "said": np.array(watch.answers)}


def _can_be_trained(facts):
    """Return whether the model has ten outputs and a loss that fits them and integer labels, and keeps to the budget."""
    if facts.get("axes") != 2 or facts["outputs"] != CLASSES or facts["parameters"] > BUDGET:
        return False
    return bool(facts["integers"]) and facts["probabilities"] != facts["logits"] and not facts["softmax_twice"]


_MEMORISES = (
    "Of the images it was trained on, your network names {training:.1%} correctly, of the held-out ones {held_out:.1%}. {asked:.1%} are asked for; "
    "the dense baseline has {dense:.1%}. Where do most of its parameters sit, before or behind Flatten, and which of the two uses what it learns at every place?"
)
_TOO_LITTLE = (
    "After {epochs} epochs your network names {training:.1%} of its own training images correctly, and {held_out:.1%} of the held-out ones; "
    "{asked:.1%} are asked for. It has learned too little to memorise anything: on which map does it lose most of what it saw?"
)
_NOTHING = (
    "After {epochs} epochs your network names {training:.1%} of its own training images correctly; guessing gives 10 %. "
    "Nothing was learned: how large are its steps, and may its weights change at all?"
)
_TOO_SLOW = (
    "Your network was stopped after {epochs} of 12 epochs, as they took more than a minute; it names {held_out:.1%} of the held-out images correctly. "
    "Few parameters may mean many products: where are your maps still large?"
)


def _accept_training(facts, sample):
    """Return None, or (mistake, message)."""
    complaint = _accept_model(facts, "build_small_cnn", [_OVER_BUDGET, *_SHARED])
    if complaint:
        return complaint
    if "said" not in facts:
        return (
            "cannot be trained",
            "Your model is complete, and training it was refused: does the loss fit its outputs?",
        )
    from ..datasets import load_fashion_mnist

    held_out = float(np.mean(facts["said"] == load_fashion_mnist().test_labels))
    if held_out > ASKED:
        return None
    numbers = facts | {"held_out": held_out, "asked": ASKED, "dense": DENSE}
    if facts["epochs"] < EPOCHS:
        return "too slow to train", _TOO_SLOW.format_map(numbers)
    if facts["training"] < 0.2:
        return "does not learn", _NOTHING.format_map(numbers)
    if facts["training"] > ASKED:
        return "memorises", _MEMORISES.format_map(numbers)
    return "learns too little", _TOO_LITTLE.format_map(numbers)


# What 9.3 says of a model that cannot be trained; this exercise asks for no certain layers.
_SHARED = [
    mistake
    for mistake in _MODEL_MISTAKES
    if mistake.name not in ("dense only", "1 x 1 kernels", "no pooling", "over budget")
]
_OVER_BUDGET = Mistake(
    name="over budget",
    message="Your model has {parameters:,} parameters; the budget is 20,000. Look at model.summary(): which layer has most of them, and what comes into it?",
    answer=_network(lambda layers: [layers.Conv2D(16, 3), layers.MaxPooling2D(), layers.Flatten()]),
    detect=lambda facts: facts["parameters"] > BUDGET,
)

building_small = Exercise(
    id="11.1",
    name="build_small_cnn",
    task="Build and compile a network of at most 20,000 parameters that beats the dense baseline on held-out images.",
    reference=build_small_cnn,
    alternatives=[_functional_with_logits],
    draw=lambda random: [(_sample(),)],
    arguments=("data",),
    call=_observe_training,
    accept=_accept_training,
    points=3,
    seconds=180,
    slow="Training is stopped after a minute by itself. Does build_small_cnn train, or load something?",
    hints=[
        "Begin with the network of lesson 09 and make it smaller. layer_table tells where the parameters are: what comes out of Flatten, times the neurons behind it.",
        "A convolution from 16 to 24 channels has 3,480 parameters, a dense layer from 800 numbers to 10 classes 8,010. The hidden dense layer of 128 neurons is the one you cannot afford.",
        "Padding keeps what happens at the border. Two pools make 28 × 28 into 7 × 7, and a third convolution there costs few products. Do you need anything between Flatten and the last layer?",
    ],
    mistakes=[
        _OVER_BUDGET,
        Mistake(
            name="over budget",
            message="Your model has {parameters:,} parameters; the budget is 20,000. Look at model.summary(): which layer has most of them, and what comes into it?",
            answer=_network(lambda layers: [layers.Flatten(), layers.Dense(128, activation="relu")]),
            detect=lambda facts: facts["parameters"] > BUDGET,
        ),
        Mistake(
            name="memorises",
            message=_MEMORISES,
            answer=_network(lambda layers: [layers.Flatten(), layers.Dense(24, activation="relu")]),
        ),
        Mistake(
            name="memorises",
            message=_MEMORISES,
            answer=_network(
                lambda layers: [layers.AveragePooling2D(2), layers.Flatten(), layers.Dense(90, activation="relu")]
            ),
        ),
        Mistake(
            name="learns too little",
            message=_TOO_LITTLE,
            answer=_network(
                lambda layers: [layers.Conv2D(4, 3, activation="relu"), layers.MaxPooling2D(8), layers.Flatten()]
            ),
        ),
        Mistake(name="does not learn", message=_NOTHING, answer=_frozen),
        *_SHARED,
    ],
)

EXERCISES = (building_small,)
