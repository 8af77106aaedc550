"""The Keras models of the course, and views into a model: its layers, its feature maps, its mistakes.

TensorFlow and Keras are imported when a function is called, not before.
"""

import contextlib
import math
import os
from typing import NamedTuple

import numpy as np

from .validation import whole_number

IMAGE_SHAPE = (28, 28, 1)
CLASSES = 10


class Layer(NamedTuple):
    """One row of `layer_table`: the output shape is that of one image, (height, width, channels) or (values,)."""

    name: str
    shape: tuple
    parameters: int
    multiplications: int


def load_keras():
    """Import Keras with TensorFlow beneath it, without the lines that TensorFlow writes to the terminal.

    Returns
    -------
    module
        `keras`, so that a lesson can say ``keras = networks.load_keras()``.

    Raises
    ------
    ImportError
        If TensorFlow or Keras is not installed, or cannot be loaded.
    """
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")  # whatever keras.json in the home folder says
    try:
        with _silent_stderr():
            import tensorflow

            tensorflow.config.list_logical_devices()  # TensorFlow reports on devices when it first looks for them
            import keras
    except ImportError as error:
        raise ImportError(
            f"TensorFlow and Keras must be installed: importing them failed ({type(error).__name__}: {error}). "
            "Run `pip install tensorflow` in a terminal and restart the kernel, or open the lesson in Colab, which has both.",
            name=error.name,
        ) from error
    return keras


def build_dense():
    """Return the dense baseline, compiled: 28 x 28 pixels, 128 neurons with ReLU, ten classes; 101,770 parameters.

    Returns
    -------
    keras.Sequential
        From images of shape (N, 28, 28, 1) to probabilities of shape (N, 10); labels are integers 0..9.
    """
    return _compiled("dense", [])


def build_cnn(filters=64, convolutions=2):
    """Return the course's convolutional network, compiled: the dense baseline with convolutions on top.

    Parameters
    ----------
    filters : int
        Kernels in each convolution layer.
    convolutions : {1, 2, 3}
        How many times to convolve by 3 x 3 with ReLU and max-pool by 2 x 2.

    Returns
    -------
    keras.Sequential
        From images of shape (N, 28, 28, 1) to probabilities of shape (N, 10); labels are integers 0..9. With the
        defaults it has 243,786 parameters.

    Raises
    ------
    ValueError
        If `filters` is below 1, or `convolutions` is not 1, 2 or 3.
    """
    filters = whole_number(filters, "number of filters", 1)
    convolutions = whole_number(convolutions, "number of convolutions", 1)
    if convolutions > 3:
        raise ValueError(
            f"There can be at most 3 convolutions: got {convolutions}. The pools leave 28 -> 13 -> 5 -> 1 pixels, and a "
            "fourth 3 x 3 window does not fit. Use 3, or fewer."
        )
    layers = load_keras().layers
    stack = []
    for number in range(1, convolutions + 1):
        stack += [
            layers.Conv2D(filters, (3, 3), activation="relu", name=f"conv_{number}"),
            layers.MaxPooling2D((2, 2), name=f"pool_{number}"),
        ]
    return _compiled("cnn", stack)


def layer_table(model):
    """List the layers of a built model.

    Returns
    -------
    list of Layer
        (name, shape, parameters, multiplications). Each number of a kernel multiplies once at each place of the
        layer's output, for one image.
    """
    rows = []
    for layer, output in _layer_outputs(model):
        shape = tuple(output.shape[1:])
        kernels = sum(math.prod(weight.shape) for weight in layer.weights if len(weight.shape) > 1)
        rows.append(Layer(layer.name, shape, layer.count_params(), kernels * math.prod(shape[:-1])))
    return rows


def feature_maps(model, images):
    """Return what each layer of a model puts out for some images.

    Parameters
    ----------
    model : keras.Model
        Sequential or functional, built.
    images : array_like of shape (N, H, W, C)
        As the model takes them.

    Returns
    -------
    list of ndarray
        One array for each layer after the input, in the order of ``model.layers``; the first axis has length N.

    Raises
    ------
    ValueError
        If the model is not built, or the images do not have the shape it takes.
    """
    keras = load_keras()
    outputs = [output for _, output in _layer_outputs(model)]
    images = np.asarray(images)
    wanted = ("N", *model.inputs[0].shape[1:])
    if images.ndim != len(wanted) or any(size not in (None, got) for size, got in zip(wanted[1:], images.shape[1:])):
        raise ValueError(
            f"The images must have shape ({', '.join(map(str, wanted))}): got {images.shape}. "
            "For one image, keep the first axis: images[:1]. For a missing channel axis: images[..., np.newaxis]."
        )
    # A call, not predict(): predict() compiles each new model first, which takes longer than a few images do.
    maps = keras.Model(model.inputs[0], outputs)(images, training=False)
    return [keras.ops.convert_to_numpy(one) for one in keras.tree.flatten(maps)]


def confusion_matrix(labels, predictions, classes=CLASSES):
    """Count how often each true class was taken for each class.

    Parameters
    ----------
    labels, predictions : array_like of int, shape (N,)
        The true and the predicted class of each image, 0 to classes - 1.
    classes : int

    Returns
    -------
    ndarray of int, shape (classes, classes)
        Rows are true classes, columns are predicted ones.

    Examples
    --------
    >>> confusion_matrix([0, 0, 1], [0, 1, 1], classes=3)
    array([[1, 1, 0],
           [0, 1, 0],
           [0, 0, 0]])
    """
    pairs = np.ravel_multi_index((np.asarray(labels), np.asarray(predictions)), (classes, classes))
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


def _compiled(name, convolutions):
    """Return the layers on top of the dense part that both networks share."""
    keras = load_keras()
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input(IMAGE_SHAPE),
            *convolutions,
            layers.Flatten(name="flatten"),
            layers.Dense(128, activation="relu", name="hidden"),
            layers.Dense(CLASSES, activation="softmax", name="classes"),
        ],
        name=name,
    )
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def _layer_outputs(model):
    """Return [(layer, its symbolic output)] of a built model, without the input layer.

    ``layer.output`` will not do: a layer that several models share keeps the output it has in the first of them. So we
    walk back from the outputs of this model.
    """
    try:
        waiting = list(model.outputs)
    except AttributeError as error:
        raise ValueError(
            f"The model must be Sequential or functional, and know the shape of its input: got {model!r} ({error}). "
            "Let it begin with keras.Input((28, 28, 1))."
        ) from error
    seen = set()
    found = {}
    while waiting:
        layer, call, _ = waiting.pop()._keras_history
        node = layer._inbound_nodes[call]
        if node.input_tensors and node not in seen:
            seen.add(node)
            found[layer] = node.outputs[0]
            waiting += node.input_tensors
    return [(layer, found[layer]) for layer in model.layers if layer in found]


@contextlib.contextmanager
def _silent_stderr():
    """Send what is written to file descriptor 2 to nowhere: TensorFlow's libraries do not go through sys.stderr."""
    try:
        kept = os.dup(2)
    except OSError:  # closed, so nothing can be seen anyway
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
