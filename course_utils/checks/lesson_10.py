"""Lesson 10: inside a network. The models are tiny, their weights drawn; TensorFlow is imported when an answer is asked."""

import logging

import numpy as np

from .comparison import Rule
from .engine import Exercise, Mistake


def quietly(ask, *arguments):
    """Return ``ask(*arguments)`` without TensorFlow's advice on speed: many small models are what a check is made of."""
    logger = logging.getLogger("tensorflow")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        return ask(*arguments)
    finally:
        logger.setLevel(level)


# --- 10.1 ------------------------------------------------------------------------------------------------------------


def feature_maps(model, images):
    import keras

    layers = [layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]
    look = keras.Model(model.inputs[0], [layer.output for layer in layers])
    return [maps.numpy() for maps in look(images)]


def _maps_by_predict(model, images):
    import keras

    # In a functional model the first of the layers is the input: one array more, the images themselves.
    return keras.Model(model.inputs, [layer.output for layer in model.layers]).predict(images, verbose=0)


def _maps_layer_by_layer(model, images):
    import keras

    maps = []
    for layer in model.layers:
        if type(layer).__name__ != "InputLayer":
            maps.append(keras.Model(model.inputs[0], layer.output)(images, training=False))
    return tuple(maps)


# For each model: the shape of an image, and the names of its layers.
_MODELS = {
    "Sequential: pool, flatten": ((4, 4, 1), ("pool", "flatten")),
    "Sequential: convolution, pool, flatten, dense": ((7, 9, 2), ("conv", "pool", "flatten", "dense")),
    "functional: two convolutions side by side, added up": ((6, 8, 1), ("left", "right", "add", "average", "dense")),
    "functional: convolution, batch normalization, dropout, pool": ((8, 6, 3), ("conv", "normal", "dropout", "pool")),
}
_CONVOLUTION_BIAS = 40  # with weights that are drawn; an untrained convolution begins with 0


def _model(kind, weights):
    """Build one of the models, with weights drawn from the seed `weights`."""
    import keras
    from keras import layers

    shape, names = _MODELS[kind]
    start = keras.Input(shape)
    if names == ("pool", "flatten"):
        return keras.Sequential([start, layers.MaxPooling2D(2, name="pool"), layers.Flatten(name="flatten")])
    if names[0] == "left":
        left = layers.Conv2D(3, (2, 3), padding="same", activation="relu", name="left")(start)
        right = layers.Conv2D(3, 1, name="right")(start)
        both = layers.Add(name="add")([left, right])
        model = keras.Model(start, layers.Dense(4, name="dense")(layers.GlobalAveragePooling2D(name="average")(both)))
    elif "dense" in names:
        stack = [
            layers.Conv2D(3, (2, 3), activation="relu", name="conv"),
            layers.MaxPooling2D(2, name="pool"),
            layers.Flatten(name="flatten"),
            layers.Dense(4, activation="softmax", name="dense"),
        ]
        model = keras.Sequential([start, *stack])
    else:
        maps = layers.Conv2D(2, (3, 2), name="conv")(start)
        maps = layers.Dropout(0.5, name="dropout")(layers.BatchNormalization(name="normal")(maps))
        model = keras.Model(start, layers.AveragePooling2D(2, name="pool")(maps))
    random = np.random.default_rng(weights)
    for weight in model.weights:
        numbers = random.normal(0, 1, weight.shape) / np.prod(weight.shape[:-1])
        if "variance" in weight.name or "gamma" in weight.name:
            numbers = 0.5 + random.random(weight.shape)
        elif "bias" in weight.name:
            numbers += _CONVOLUTION_BIAS * ("dense" not in weight.path)
        weight.assign(numbers)
    return model


def _ask_for_maps(answer, kind, weights, images):
    """Return the answer's maps as arrays; without the images, should it count the input as a layer."""
    maps = quietly(answer, _model(kind, weights), images)
    if not isinstance(maps, (list, tuple)):
        return _as_array(maps)
    maps = [_as_array(one) for one in maps]
    is_with_input = len(maps) == len(_MODELS[kind][1]) + 1 and np.shape(maps[0]) == images.shape
    return maps[1:] if is_with_input and np.allclose(maps[0], images) else maps


def _as_array(value):
    """Return an array for a tensor that holds numbers; anything else as it is."""
    return value.numpy() if type(value).__name__ == "EagerTensor" else value


def _draw_models(random):
    dtypes = [np.float32, np.float64, np.uint8]
    cases = []
    for (kind, (shape, _)), dtype, count in zip(list(_MODELS.items())[1:], dtypes, (2, 3, 2)):
        images = random.random((count, *shape)) if dtype != np.uint8 else random.integers(0, 3, (count, *shape))
        cases.append((kind, int(random.integers(1_000_000)), images.astype(dtype)))
    return cases


def _map_rule(kind, weights, images):
    return Rule(rtol=1e-4, parts=tuple(f"The output of {name}" for name in _MODELS[kind][1]))


def _spoiled(change):
    """Return an answer that changes the list of right maps."""
    return lambda model, images: change(feature_maps(model, images))


def _of_a_copy(copy):
    return lambda model, images: feature_maps(copy(model), images)


def _clone(model):
    import keras

    return keras.models.clone_model(model)


def _looks_untrained(maps):
    """Return whether the first maps lack the large bias that every drawn convolution has, but are maps all the same."""
    largest = np.abs(maps[0]).max()
    return len(maps) > 2 and maps[0].ndim == 4 and 0 < largest < _CONVOLUTION_BIAS / 2 and not np.isclose(largest, 1)


def _is_random_when_trained(maps):
    """Return whether dropout did something: its output, the third of four, is 0 in some cells and not in others."""
    return len(maps) == 4 and maps[2].shape == maps[1].shape and 0 < np.mean(maps[2] == 0) < 1


def _in_training_with_dropout(model, images):
    import keras

    layers = [layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]
    look = keras.Model(model.inputs[0], [layer.output for layer in layers])
    return [one.numpy() for one in look(images, training=True)]


def _as_a_chain(model, images):
    maps = []
    for layer in model.layers:
        if type(layer).__name__ != "InputLayer":
            images = layer(images)
            maps.append(images.numpy())
    return maps


_LAST = (
    "There is one result, what the last layer gives. The layers before it are the point of this exercise: "
    "which list of the model holds them, and what has each of them that a new model could return?"
)
_UNTRAINED = (
    "The shapes are right; the numbers belong to a network that has learned nothing. "
    "Does your function build or clone a model? A copy of the layers begins with new random weights: share the layers themselves."
)
_FLATTENED = (
    "The numbers are there, and rows, columns and channels are gone: each map is written in one row. "
    "Whoever wants to look at maps[0][n, :, :, f] needs the four axes. Which step removes them?"
)

looking = Exercise(
    id="10.1",
    name="feature_maps",
    task="Return what each layer of a model puts out for some images: a list of arrays, one a layer.",
    reference=feature_maps,
    alternatives=[_maps_by_predict, _maps_layer_by_layer],
    draw=_draw_models,
    arguments=("model", "weights, drawn with the seed", "images"),
    example=("Sequential: pool, flatten", 0, np.arange(16.0).reshape(1, 4, 4, 1)),
    call=_ask_for_maps,
    rule=_map_rule,
    points=2,
    seconds=30,
    slow="A few tiny images take a moment only. Is there something that trains, or a loop that never ends?",
    hints=[
        "Each layer of a built model has an attribute output: not numbers yet, but the place in the network where they come out.",
        "keras.Model(start, outputs) makes a new model out of layers that are there already; outputs may be a list. model.inputs[0] is where it starts.",
        "Call the new model on the images, and turn each result into an array with .numpy(). In a functional model the first layer is the input, which is no result.",
    ],
    mistakes=[
        *[
            Mistake(name="flattened", message=_FLATTENED, answer=_spoiled(change))
            for change in (
                lambda maps: [one.reshape(len(one), -1) for one in maps],
                lambda maps: [one.ravel() for one in maps],
            )
        ],
        *[
            Mistake(name="last layer only", message=_LAST, answer=answer)
            for answer in (
                _spoiled(lambda maps: maps[-1:]),
                _spoiled(lambda maps: maps[-1]),
            )
        ],
        *[
            Mistake(name="untrained copy", message=_UNTRAINED, answer=_of_a_copy(copy), detect=_looks_untrained)
            for copy in (_clone, lambda model: type(model).from_config(model.get_config()))
        ],
        Mistake(
            name="first layer missing",
            message=(
                "The output of the first layer is missing. In a functional model, model.layers begins with the input; "
                "in a Sequential model it begins with the first real layer. How do you tell which of the two you have?"
            ),
            answer=lambda model, images: feature_maps(model, images)[type(model).__name__ == "Sequential" :],
        ),
        Mistake(
            name="maps only",
            message="The layers that give no picture are missing. One array is due for each layer, also for Flatten and Dense: what decides in your code which ones are kept?",
            answer=_spoiled(lambda maps: [one for one in maps if one.ndim == 4]),
        ),
        Mistake(
            name="first image only",
            message="There are maps of one image, and more were given. The first axis counts images: where are the others lost?",
            answer=lambda model, images: feature_maps(model, images[:1]),
        ),
        Mistake(
            name="first image only",
            message="There are maps of one image, without the axis that counts images. Keep it: maps[0] has the shape (N, rows, columns, filters).",
            answer=_spoiled(lambda maps: [one[0] for one in maps]),
        ),
        Mistake(
            name="as in training",
            message="Dropout sets cells to 0 here, which it does in training only. Which argument of a model's call says that it is not training?",
            answer=_in_training_with_dropout,
            detect=_is_random_when_trained,
        ),
        Mistake(
            name="as a chain",
            message=(
                "Your function hands the result of each layer to the next one in the list. "
                "In one of these models two layers start from the same image: who knows which layer follows which?"
            ),
            answer=_as_a_chain,
        ),
        Mistake(
            name="no numbers yet",
            message="These are places in the network, and no numbers: a layer's output has a shape, but no image has gone through. What turns places into a function of images?",
            answer=lambda model, images: [layer.output for layer in model.layers],
            detect=lambda maps: any(type(one).__name__ == "KerasTensor" for one in maps),
        ),
    ],
)

# --- 10.2 ------------------------------------------------------------------------------------------------------------


def grad_cam(model, image, class_index):
    import cv2
    import keras
    import tensorflow

    last = [layer for layer in model.layers if isinstance(layer, keras.layers.Conv2D)][-1]
    look = keras.Model(model.inputs[0], [last.output, model.outputs[0]])
    with tensorflow.GradientTape() as tape:
        maps, scores = look(image[np.newaxis])
        score = scores[0, class_index]
    gradient = tape.gradient(score, maps).numpy()[0]
    weights = gradient.mean(axis=(0, 1))
    heat = np.maximum(maps.numpy()[0] @ weights, 0)
    heat = cv2.resize(heat, (image.shape[1], image.shape[0]))
    return heat / heat.max()


def _cam_in_two_halves(model, image, class_index):
    """Up to the last convolution, and on from there; everything in tensors; scaled from smallest to largest."""
    import keras
    import tensorflow as tf

    last = next(layer for layer in reversed(model.layers) if "conv" in layer.name)
    maps = keras.Model(model.inputs, last.output).predict(image[None], verbose=0)
    start = keras.Input(maps.shape[1:])
    values = {last.name: start}
    for layer in model.layers[model.layers.index(last) + 1 :]:
        start = layer(start)
    rest = keras.Model(values[last.name], start)
    cells = tf.Variable(maps)
    with tf.GradientTape() as tape:
        score = rest(cells)[:, class_index]
    pooled = tf.reduce_mean(tape.gradient(score, cells), axis=(0, 1, 2))
    heat = tf.nn.relu(tf.reduce_sum(cells * pooled, axis=-1))[..., None]
    heat = tf.image.resize(heat, image.shape[:2], method="bicubic").numpy().squeeze()
    heat = np.clip(heat, 0, None)
    return (heat - heat.min()) / (heat.max() - heat.min())


def _cam_enlarged_by_repeating(model, image, class_index):
    heat = np.maximum(_cam(model, image, class_index), 0)
    heat = heat / heat.max()
    return np.kron(heat, np.ones((image.shape[0] // heat.shape[0], image.shape[1] // heat.shape[1])))


def _cam_enlarged_by_scipy(model, image, class_index):
    from scipy import ndimage

    heat = np.clip(_cam(model, image, class_index), 0, None)
    heat = ndimage.zoom(heat, np.divide(image.shape[:2], heat.shape), order=1)
    return np.clip(heat / (heat.max() + 1e-8), 0, 1)


# Four models that end in scores, without softmax. Each has 3 x 3 cells after its last convolution, for an image whose
# sides are 3 times an odd number: rows, columns, channels, classes.
_LOOKED_AT = {
    "Sequential: pool, convolution, global average, dense": (9, 9, 2, 2),
    "Sequential: convolution, pool, convolution, flatten, dense": (9, 15, 3, 4),
    "functional: two convolutions side by side, pool, convolution, flatten, dense": (15, 9, 3, 3),
    "Sequential: convolution, pool, convolution, pool, flatten, dense": (9, 21, 3, 3),
}
_EXAMPLE_IMAGE = np.zeros((9, 9, 2), np.float32)  # two channels, which the example's two filters take as they are
_EXAMPLE_IMAGE[1, 1, 0], _EXAMPLE_IMAGE[7, 7, 0] = 4, 4
_EXAMPLE_IMAGE[1, 7, 1], _EXAMPLE_IMAGE[7, 7, 1] = 3, 1
_FILTERS = 4
_TOLERANCE = 0.12  # by less than this, other ways to enlarge differ from bilinear at the cells' centres
_APART = 2.2 * _TOLERANCE


def _numbers(kind, weights):
    """Return the weights of a model: of the convolutions on the image (one array), of the last one, of the dense layer."""
    *_, channels, classes = _LOOKED_AT[kind]
    if "global" in kind:
        return None, np.eye(2), 9.0 * np.array([[1, -1], [-1, 1]])
    random = np.random.default_rng(weights)
    cells = 3 if "pool, flatten" in kind else 9
    return (
        random.normal(0, 1, (channels, 4)),
        random.normal(0, 1, (4, _FILTERS)),
        random.normal(0, 1, (cells, _FILTERS, classes)) + random.normal(0, 1, (1, _FILTERS, classes)),
    )


def _looked_at(kind, weights):
    """Build one of the models of 10.2."""
    import keras
    from keras import layers

    rows, columns, channels, classes = _LOOKED_AT[kind]
    first, last, dense = _numbers(kind, weights)
    start = keras.Input((rows, columns, channels))
    pool = layers.MaxPooling2D((rows // 3, columns // 3))
    if first is None:
        stack = [pool, layers.Conv2D(2, 1, activation="relu"), layers.GlobalAveragePooling2D(), layers.Dense(classes)]
        model = keras.Sequential([start, *stack])
    elif kind.startswith("functional"):
        both = [layers.Conv2D(2, 1, activation="relu", use_bias=False)(start) for _ in range(2)]
        maps = layers.Conv2D(_FILTERS, 1, activation="relu")(pool(layers.Concatenate()(both)))
        model = keras.Model(start, layers.Dense(classes)(layers.Flatten()(maps)))
    else:
        stack = [layers.Conv2D(4, 1, activation="relu", use_bias=False), pool]
        stack += [layers.Conv2D(_FILTERS, 1, activation="relu")]
        stack += [layers.AveragePooling2D((3, 1))] if "pool, flatten" in kind else []
        model = keras.Sequential([start, *stack, layers.Flatten(), layers.Dense(classes)])
    firsts = [] if first is None else ([first[:, :2], first[:, 2:]] if kind.startswith("functional") else [first])
    kernels = [one[np.newaxis, np.newaxis] for one in [*firsts, last]]
    model.set_weights([*kernels, np.zeros(last.shape[1]), dense.reshape(-1, classes), np.zeros(classes)])
    return model


def _ask_for_heat(answer, kind, weights, image, class_index):
    """Return the heat map, as its 3 x 3 cells see it: between their centres everyone may enlarge as they like.

    At the middle and at both ends of an axis all ways to enlarge agree. Each third of the rows and columns of the result
    has the number from there. What has another shape, or leaves 0 to 1, is returned as it is.
    """
    heat = _as_array(quietly(answer, _looked_at(kind, weights), image, class_index))
    if not isinstance(heat, np.ndarray) or heat.shape != image.shape[:2] or heat.dtype.kind != "f":
        return heat
    if heat.min() < -0.01 or heat.max() > 1.01:
        return heat
    rows, columns = heat.shape
    cells = heat[np.ix_([0, rows // 2, rows - 1], [0, columns // 2, columns - 1])]
    return np.kron(cells, np.ones((rows // 3, columns // 3)))


def _forward(kind, weights, image):
    """Return the maps of the last convolution and, for each class, the gradient of its score: (3, 3, F), (3, 3, F, classes)."""
    first, last, dense = _numbers(kind, weights)
    rows, columns, _ = image.shape
    maps = image if first is None else np.maximum(image @ first, 0)
    maps = maps.reshape(3, rows // 3, 3, columns // 3, -1).max(axis=(1, 3))
    maps = np.maximum(maps @ last, 0)
    if "global" in kind:
        return maps, np.broadcast_to(dense / 9, (3, 3, *dense.shape))
    if "pool, flatten" in kind:
        return maps, np.broadcast_to(dense / 3, (3, *dense.shape))
    return maps, dense.reshape(3, 3, _FILTERS, -1)


def _draw_heat(random):
    """Weights, image and class for which every way to go wrong gives a map that is seen to be another one.

    In every case the right map is apart from all wrong ones, and any two wrong ones are apart in one of the cases.
    """
    while True:
        drawn = [_draw_telling(random, kind) for kind in list(_LOOKED_AT)[1:]]
        distances = np.max([distance for _, distance in drawn], axis=0)
        distances[1:5, 1:5] = np.inf  # four ways to take the wrong class: one mistake
        if np.all(distances[np.triu_indices_from(distances, 1)] > _APART):
            return [case for case, _ in drawn]


def _draw_telling(random, kind):
    """Return a case, and how far the right map (the first) and the wrong ones are from each other."""
    rows, columns, channels, classes = _LOOKED_AT[kind]
    while True:
        weights = int(random.integers(1_000_000))
        blocks = np.kron(random.random((3, 3, channels)) ** 2, np.ones((rows // 3, columns // 3, 1)))
        image = (blocks * random.random((rows, columns, channels))).astype(np.float32)
        maps, gradients = _forward(kind, weights, image)
        scores = (maps[..., np.newaxis] * gradients).sum(axis=(0, 1, 2))
        class_index = int(random.integers(1, classes))
        right = maps @ gradients[..., class_index].mean(axis=(0, 1))
        if class_index == scores.argmax() or right.min() >= 0 or right.max() < 0.1:
            continue
        right = np.maximum(right, 0) / right.max()
        if np.count_nonzero(right > 0.25) < 3 or _cubic_error(right) > 0.8 * _TOLERANCE:
            continue
        heats = _right_and_wrong(maps, gradients, class_index, scores)
        distances = np.abs(heats[:, np.newaxis] - heats).max(axis=(2, 3))
        if np.all(distances[0, 1:] > _APART):
            return (kind, weights, image, class_index), distances


def _right_and_wrong(maps, gradients, class_index, scores):
    """Return the right heat map of 3 x 3 cells, and those of some mistakes."""
    gradient, means = gradients[..., class_index], gradients.mean(axis=(0, 1))
    probabilities = np.exp(scores - scores.max())
    probabilities /= probabilities.sum()
    signed = maps @ means[:, class_index]
    sums = [
        signed,
        maps @ means[:, scores.argmax()],
        maps @ means[:, 0],
        maps @ means[:, class_index - 1],
        maps @ means.sum(axis=1),
        maps @ np.maximum(means[:, class_index], 0),
        signed - maps @ (means @ probabilities),
        (maps * gradient).sum(axis=-1),
        maps.mean(axis=-1),
    ]
    heats = [np.maximum(one, 0) / max(one.max(), 1e-9) for one in sums]
    heats = [*heats, (signed - signed.min()) / np.ptp(signed), np.abs(signed) / np.abs(signed).max()]
    return np.array(heats)


def _cubic_error(cells):
    """Return how far cubic interpolation is from the cells at the ends and the middle, once scaled again."""
    import cv2

    large = np.maximum(cv2.resize(cells, (21, 21), interpolation=cv2.INTER_CUBIC), 0)
    return np.abs((large / large.max())[np.ix_([0, 10, 20], [0, 10, 20])] - cells).max()


def _heat_rule(kind, weights, image, class_index):
    axes = (("rows", f"those of the image, {image.shape[0]}"), ("columns", f"those of the image, {image.shape[1]}"))
    return Rule(rtol=1e-4, atol=_TOLERANCE, axes=axes)


def _cam(model, image, class_index, *, choose=None, weigh=None, layer=None):
    """Return the weighted sum of the maps, not scaled, enlarged or cut at 0; the options are what mistakes change.

    ``choose(scores, class_index) -> score``; ``weigh(gradient) -> weights``; ``layer(layers) -> the one to look at``.
    """
    import keras
    import tensorflow

    convolutions = [one for one in model.layers if isinstance(one, keras.layers.Conv2D)]
    chosen = layer(model.layers, convolutions) if layer else convolutions[-1]
    look = keras.Model(model.inputs[0], [chosen.output, model.outputs[0]])
    with tensorflow.GradientTape() as tape:
        maps, scores = look(image[np.newaxis])
        score = choose(scores[0], class_index) if choose else scores[0, class_index]
    gradient = tape.gradient(score, maps).numpy()[0]
    weights = weigh(gradient) if weigh else gradient.mean(axis=(0, 1))
    return np.sum(maps.numpy()[0] * weights, axis=-1)


def _enlarged(heat, image):
    import cv2

    return cv2.resize(heat.astype(np.float32), (image.shape[1], image.shape[0]))


def _finished(heat, image):
    """ReLU, size of the image, 0 to 1."""
    heat = _enlarged(np.maximum(heat, 0), image)
    return heat / (heat.max() or 1)


def _with(**options):
    """Return the answer that is right but for some options of `_cam`."""
    return lambda model, image, class_index: _finished(_cam(model, image, class_index, **options), image)


def _then(finish):
    """Return the answer with the right sum of maps and another end."""
    return lambda model, image, class_index: finish(_cam(model, image, class_index), image)


def _of_the_probability(instead):
    def softmax(scores, class_index):
        import tensorflow

        return tensorflow.nn.log_softmax(scores)[class_index]

    def answer(model, image, class_index):
        heat = _enlarged(np.maximum(_cam(model, image, class_index, choose=softmax), 0), image)
        return heat / heat.max() if heat.any() else np.full(heat.shape, instead, dtype=float)

    return answer


def _spread(heat):
    return (heat - heat.min()) / np.ptp(heat)


def _next_pool(layers, convolutions):
    """Return the layer behind the last convolution if that is a pool, else the convolution."""
    behind = layers[layers.index(convolutions[-1]) + 1]
    return behind if "pool" in behind.name and "global" not in behind.name else convolutions[-1]


_NO_RELU = (
    "Places that speak against the class take part in your map: the sum of the maps is negative there. "
    "What should become of them, before anything is scaled?"
)
_OTHER_CLASS = (
    "Your map does not explain the class that was asked for. The caller names a class_index, which need not be the one that the network prefers: "
    "of which number do you take the gradient?"
)
_NOT_RESIZED = (
    "Your map has the rows and columns of the last feature maps. To lay it over the image it needs the image's own: "
    "which function of OpenCV or TensorFlow fills in the cells between?"
)
_OTHER_LAYER = "Your map is not made of the maps of the last convolution. Which layer did you choose, and what do its cells see of the image?"

explaining = Exercise(
    id="10.2",
    name="grad_cam",
    task="Return the Grad-CAM map of a class, from the last convolution: of the image's size, from 0 to 1.",
    reference=grad_cam,
    alternatives=[_cam_in_two_halves, _cam_enlarged_by_repeating, _cam_enlarged_by_scipy],
    draw=_draw_heat,
    arguments=("model", "weights, drawn with the seed", "image", "class_index"),
    example=("Sequential: pool, convolution, global average, dense", 0, _EXAMPLE_IMAGE, 0),
    call=_ask_for_heat,
    rule=_heat_rule,
    points=3,
    seconds=30,
    slow="A tiny image takes a moment only. Is there something that trains, or a loop that never ends?",
    hints=[
        "You need two things from one pass: the maps of the last convolution and the scores. A keras.Model may have two outputs.",
        "tape.gradient(score, maps) after `with tensorflow.GradientTape() as tape:` around the pass. Its mean over rows and columns is one weight for each map.",
        "Weighted sum over the maps, np.maximum(…, 0), cv2.resize(heat, (columns, rows)) and a division by the largest number, in this order.",
    ],
    mistakes=[
        *[
            Mistake(name="no ReLU", message=_NO_RELU, answer=_then(finish))
            for finish in (
                lambda heat, image: _enlarged(_spread(heat), image),
                lambda heat, image: _spread(_enlarged(heat, image)),
                lambda heat, image: _enlarged(heat / np.max(heat), image),
                lambda heat, image: _enlarged(heat, image) / _enlarged(heat, image).max(),
                lambda heat, image: _enlarged(heat / np.abs(heat).max(), image),
                lambda heat, image: _enlarged(heat, image),
            )
        ],
        Mistake(
            name="absolute value",
            message="What speaks against the class glows like what speaks for it: the sign is gone. Which of the two is to be seen?",
            answer=_then(lambda heat, image: _finished(np.abs(heat), image)),
        ),
        *[
            Mistake(name="gradient of the wrong class", message=_OTHER_CLASS, answer=_with(choose=choose))
            for choose in (
                lambda scores, class_index: scores[int(np.argmax(scores))],
                lambda scores, class_index: sum(scores[k] for k in range(len(scores))),
                lambda scores, class_index: scores[0],
                lambda scores, class_index: scores[class_index - 1],
            )
        ],
        *[
            Mistake(name="not resized", message=_NOT_RESIZED, answer=_then(finish))
            for finish in (
                lambda heat, image: np.maximum(heat, 0) / np.maximum(heat, 0).max(),
                lambda heat, image: np.maximum(heat, 0),
            )
        ],
        Mistake(
            name="height and width swapped",
            message="Your map has rows and columns exchanged. cv2.resize wants the size as (columns, rows), and image.shape gives rows first.",
            answer=_then(lambda heat, image: _finished(heat, image.transpose(1, 0, 2))),
        ),
        *[
            Mistake(
                name="not scaled",
                message="The map is right, up to its scale: the largest number should be 1. By what do you divide at the end?",
                answer=_then(finish),
            )
            for finish in (
                lambda heat, image: _enlarged(np.maximum(heat, 0), image),
                lambda heat, image: 255 * _finished(heat, image),
                lambda heat, image: (255 * _finished(heat, image)).astype(np.uint8),
            )
        ],
        *[
            Mistake(
                name="probability instead of score",
                message=(
                    "Your map explains a probability: it is mixed with the gradients of all other classes, or gone where softmax gives 0 or 1. "
                    "These models end in scores; which step of yours turns them into probabilities?"
                ),
                answer=_of_the_probability(instead),
            )
            for instead in (0, np.nan)  # what comes out where nothing is above 0
        ],
        Mistake(
            name="no mean over places",
            message="Your map multiplies each cell with its own gradient. That has its merits, as the lesson shows; Grad-CAM gives each map one weight: how is it made from the gradient?",
            answer=_with(weigh=lambda gradient: gradient),
        ),
        Mistake(
            name="no gradient",
            message="Your map adds up all feature maps alike, so it is the same for every class. What tells how much a map matters for this class?",
            answer=_with(weigh=lambda gradient: np.ones(gradient.shape[-1])),
        ),
        Mistake(
            name="ReLU on the weights",
            message="Maps that speak against the class have lost their weight, so they cannot lower the sum any more. What does ReLU belong to, the weights or the sum?",
            answer=_with(weigh=lambda gradient: np.maximum(gradient.mean(axis=(0, 1)), 0)),
        ),
        Mistake(
            name="another layer",
            message=_OTHER_LAYER,
            answer=_with(layer=lambda layers, convolutions: convolutions[0]),
        ),
        Mistake(name="another layer", message=_OTHER_LAYER, answer=_with(layer=_next_pool)),
    ],
)

EXERCISES = (looking, explaining)
