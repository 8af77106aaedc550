"""The Keras models of the course, and views into a model: its layers, its feature maps, its mistakes.

TensorFlow and Keras are imported when a function is called, not before.
"""

import contextlib
import math
import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .convolution import same_padding
from .datasets import load_fashion_mnist
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


def train_on_sample(build, *, epochs, file=None, seed=0):
    """Build a model and train it on the 10,000 training images of the sample; or load it, if it is in `file` already.

    Parameters
    ----------
    build : callable
        ``build() -> compiled model``, for example `build_cnn`.
    epochs : int
        In batches of 32; no image is held back.
    file : path, optional
        Where the trained model is kept; its name ends in .keras. If the file is there, nothing is built or trained.
    seed : int
        Of the random start. The last digits of a trained network differ from machine to machine all the same.

    Returns
    -------
    keras.Model
    """
    keras = load_keras()
    if file is not None and Path(file).exists():
        return keras.models.load_model(file)
    data = load_fashion_mnist()
    keras.utils.set_random_seed(seed)
    model = build()
    model.fit(as_input(data.train_images), data.train_labels, epochs=epochs, verbose=0)
    if file is not None:
        model.save(file)
    return model


def as_input(images):
    """Return pictures as the networks take them.

    Parameters
    ----------
    images : array_like of uint8, shape (N, 28, 28)

    Returns
    -------
    ndarray of float32, shape (N, 28, 28, 1)
        From 0 to 1.
    """
    return (np.asarray(images) / np.float32(255))[..., np.newaxis]


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


def class_scores(model, images):
    """Return the score of each class: what the last layer gives before softmax turns it into probabilities.

    Parameters
    ----------
    model : keras.Model
        Sequential or functional, built.
    images : array_like of shape (N, H, W, C)

    Returns
    -------
    ndarray of shape (N, classes)
    """
    keras = load_keras()
    to_scores = keras.Model(model.inputs[0], _before_softmax(model))
    blocks = np.array_split(np.asarray(images), max(1, math.ceil(len(images) / 256)))  # to keep the feature maps small
    return np.concatenate([_scores(model, to_scores(block, training=False)) for block in blocks])


def grad_cam(model, image, class_index=None, *, average=True):
    """Show where in an image a class gets its score from, by Grad-CAM.

    The feature maps of the last convolution are added up, each with a weight: the mean of the gradient of the class's score
    (before softmax) with respect to that map. What is negative speaks against the class and becomes 0.

    Parameters
    ----------
    model : keras.Model
        Sequential or functional, built, with a convolution.
    image : array_like of shape (H, W, C) or (1, H, W, C)
        As the model takes it.
    class_index : int, optional
        The class to explain; the one with the highest score if not given.
    average : bool
        Grad-CAM takes the mean of each gradient over all places. False keeps the gradient of each place: HiResCAM, which
        suits networks that flatten, as these weigh each place on its own.

    Returns
    -------
    ndarray of shape (H, W)
        From 0 to 1, of the image's size (bilinear). All 0 if nothing speaks for the class.

    Raises
    ------
    ValueError
        If the model has no convolution, or no such class.

    Notes
    -----
    Selvaraju et al., "Grad-CAM: visual explanations from deep networks via gradient-based localization", 2017. Draelos and
    Carin, "Use HiResCAM instead of Grad-CAM for faithful explanations of convolutional neural networks", 2020.
    """
    keras = load_keras()
    import tensorflow

    image = _one_image(model, image)
    convolutions = [output for layer, output in _layer_outputs(model) if _is_convolution(layer, output)]
    if not convolutions:
        raise ValueError(
            f"The model must have a convolution among its layers: got {[layer.name for layer in model.layers]}. "
            "A dense network has no feature maps to look at; a model inside a model must be unpacked first."
        )
    look = keras.Model(model.inputs[0], [convolutions[-1], _before_softmax(model)])
    with tensorflow.GradientTape() as tape:
        start = keras.ops.convert_to_tensor(image)
        tape.watch(start)  # so that frozen layers are recorded, too
        maps, end = look(start, training=False)
        scores = _scores(model, end)
        score = scores[0, _class_of(scores, class_index)]
    weights = tape.gradient(score, maps)
    if average:
        weights = keras.ops.mean(weights, axis=(1, 2), keepdims=True)
    heat = keras.ops.relu(keras.ops.sum(weights * maps, axis=-1, keepdims=True))
    heat = keras.ops.image.resize(heat, image.shape[1:3], interpolation="bilinear")
    heat = keras.ops.convert_to_numpy(heat)[0, :, :, 0].astype(float)
    return heat / (heat.max() or 1)


def occlusion_map(model, image, class_index=None, *, size=7, fill=0.3):
    """Cover a patch of an image, everywhere in turn, and return what that takes from the score of a class.

    Parameters
    ----------
    model, image, class_index
        As for `grad_cam`; the model needs no convolution.
    size : int
        Rows and columns of the patch, odd. At the border a part of it lies outside.
    fill : float
        What the patch is painted with. About the mean of all pixels, 0.3, hides object and background alike; 0 on a black
        background hides nothing.

    Returns
    -------
    ndarray of shape (H, W)
        How much lower the score (before softmax) is when the patch is centred on this pixel. Negative: higher.
    """
    size = whole_number(size, "size of the patch", 1)
    if size % 2 == 0:
        raise ValueError(f"The size of the patch must be odd, so that it has a centre: got {size}. Try {size + 1}.")
    image = _one_image(model, image)[0]
    before = class_scores(model, image[np.newaxis])
    class_index = _class_of(before, class_index)
    reach = size // 2
    covered = np.repeat(image[np.newaxis], image.shape[0] * image.shape[1], axis=0)
    for place, (row, column) in enumerate(np.ndindex(image.shape[:2])):
        covered[place, max(0, row - reach) : row + reach + 1, max(0, column - reach) : column + reach + 1] = fill
    after = class_scores(model, covered)[:, class_index]
    return (before[0, class_index] - after).reshape(image.shape[:2]).astype(float)


def receptive_window(model, layer, row, column):
    """Return which window of the image one cell of a layer's feature maps can see.

    Parameters
    ----------
    model : keras.Model
        Sequential or functional, built.
    layer : str
        The name of a layer that gives feature maps.
    row, column : int
        The cell, the same in all of its feature maps.

    Returns
    -------
    tuple of int
        (row, column, height, width): the top left pixel and the size. What padding adds lies outside of the image and is
        not counted.

    Raises
    ------
    ValueError
        If there is no such layer or cell, or a layer on the way is of a kind whose window is not known.
    """
    outputs = {one.name: output for one, output in _layer_outputs(model)}
    if layer not in outputs or len(outputs[layer].shape) != 4:
        maps = [name for name, output in outputs.items() if len(output.shape) == 4]
        raise ValueError(f"The layer must be one with feature maps ({', '.join(maps)}): got {layer!r}.")
    _, height, width, _ = outputs[layer].shape
    if not (0 <= row < height and 0 <= column < width):
        raise ValueError(f"The cell must lie on the {height} x {width} feature maps of {layer}: got [{row}, {column}].")
    (top, bottom), (left, right) = _look_back(outputs[layer], [(row, row), (column, column)])
    return top, left, bottom - top + 1, right - left + 1


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


def _one_image(model, image):
    """Return the image with a batch axis, as float32."""
    image = np.asarray(image, dtype=np.float32)
    batch = image[np.newaxis] if image.ndim == 3 else image
    wanted = model.inputs[0].shape[1:]
    fits = batch.ndim == 4 and len(batch) == 1 and all(w in (None, g) for w, g in zip(wanted, batch.shape[1:]))
    if not fits:
        raise ValueError(
            f"The image must have shape ({', '.join(map(str, wanted))}), as the model takes it: got {image.shape}. "
            "Select one image, for example images[0]; for a missing channel axis: image[..., np.newaxis]."
        )
    return batch


def _is_convolution(layer, output):
    return "Conv" in type(layer).__name__ and len(output.shape) == 4


def _ends_in_softmax(layer):
    return getattr(getattr(layer, "activation", None), "__name__", "") == "softmax"


def _before_softmax(model):
    """Return the symbolic input of the last layer if that applies softmax, else the model's output."""
    layer, call, _ = model.outputs[0]._keras_history
    if type(layer).__name__ == "Softmax" or _ends_in_softmax(layer):
        return layer._inbound_nodes[call].input_tensors[0]
    return model.outputs[0]


def _scores(model, numbers):
    """Return the scores, given what `_before_softmax` stands for."""
    layer = model.outputs[0]._keras_history[0]
    if not (_ends_in_softmax(layer) and layer.weights):
        return numbers
    ops = load_keras().ops
    scores = ops.matmul(numbers, layer.kernel)
    return scores if layer.bias is None else ops.add(scores, layer.bias)


def _class_of(scores, class_index):
    if class_index is None:
        return int(np.argmax(scores[0]))
    index = whole_number(class_index, "class_index", 0)
    if index >= scores.shape[-1]:
        raise ValueError(f"The class must be one of 0 to {scores.shape[-1] - 1}: got {index}.")
    return index


def _look_back(output, spans):
    """Return the (first, last) rows and columns of the image that those of a layer's output come from."""
    layer, call, _ = output._keras_history
    sources = layer._inbound_nodes[call].input_tensors
    if not sources:
        return spans
    found = [_look_back(source, _spans_before(layer, source.shape, output.shape, spans)) for source in sources]
    return [(min(one[axis][0] for one in found), max(one[axis][1] for one in found)) for axis in (0, 1)]


def _spans_before(layer, before, after, spans):
    """Return the (first, last) rows and columns of a layer's input that those of its output come from."""
    if len(before) != 4:
        raise ValueError(
            f"What the window of {layer.name} on the image is, is not known: its input has no rows and columns."
        )
    sizes = getattr(layer, "kernel_size", None) or getattr(layer, "pool_size", None)
    if sizes is None or "Transpose" in type(layer).__name__:
        if before[1:3] != after[1:3]:
            raise ValueError(f"What the window of {layer.name} on the image is, is not known: {type(layer).__name__}.")
        return spans  # each cell for itself: an activation, a sum of layers
    dilations = getattr(layer, "dilation_rate", None) or (1, 1)
    windows = zip(
        sizes, layer.strides, dilations if isinstance(dilations, tuple) else (dilations,) * 2, before[1:3], spans
    )
    wider = []
    for size, stride, dilation, length, (first, last) in windows:
        reach = (size - 1) * dilation + 1
        padding = same_padding(length, reach, stride)[0] if layer.padding == "same" else 0
        wider.append((max(0, first * stride - padding), min(length, last * stride - padding + reach) - 1))
    return wider


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
