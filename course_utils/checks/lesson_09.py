"""Lesson 09: a network in Keras. TensorFlow is imported by the exercises that need it, when they are checked."""

import math
import re
import sys

import numpy as np

from .comparison import Rule
from .engine import Exercise, Mistake

CLASSES = 10
BUDGET = 300_000

# --- 9.1 -------------------------------------------------------------------------------------------------------------


def prepare(images, labels):
    scaled = images.astype("float32") / 255
    return scaled[..., np.newaxis], labels


def _prepare_by_reshape(images, labels):
    return np.asarray(images / 255.0, dtype=np.float32).reshape(-1, 28, 28, 1), np.array(labels)


def _prepare_one_by_one(images, labels):
    prepared = np.zeros((len(images), 28, 28, 1), dtype=np.float32)
    for place, image in enumerate(images):
        prepared[place, :, :, 0] = image / 255
    return prepared, labels.astype(int)


def _draw_pictures(random):
    """Pictures that reach 255, dark ones that do not, and a single one; labels of two integer types."""
    return [
        (random.integers(0, high, (count, 28, 28)).astype(np.uint8), random.integers(0, CLASSES, count).astype(dtype))
        for count, high, dtype in [(5, 256, np.uint8), (3, 181, np.int64), (1, 256, np.uint8)]
    ]


def _picture_rule(images, labels):
    axes = (("images", f"N = {len(images)}"), ("rows", "28"), ("columns", "28"), ("channels", "1, for grey"))
    parts = ("The array of images", "The array of labels")
    return Rule(parts=parts, dtype=("float32", "integer"), axes=axes)


def _pixels(change):
    """Return the answer that prepares the images in another way, and the labels as it should be."""
    return lambda images, labels: (change(images), labels)


def _labels(change):
    """Return the answer that prepares the labels in another way, and the images as it should be."""
    return lambda images, labels: (prepare(images, labels)[0], change(labels))


_EXAMPLE_PICTURE = np.zeros((1, 28, 28), np.uint8)
_EXAMPLE_PICTURE[0, 10:12, 20:23] = [[51, 255, 102], [0, 204, 153]]

_INTEGER_DIVISION = "Your pixels are 0 or 1 and nothing between: the fractions were cut off. Which division keeps them, and which dtype can hold 0.2?"
_ONE_HOT = "Your labels are rows of ten numbers with a single 1. The loss of this lesson takes each label as one integer from 0 to 9, as it comes."

preparing = Exercise(
    id="9.1",
    name="prepare",
    task="Return the images as float32 of shape (N, 28, 28, 1) with values from 0 to 1, and the labels as they are.",
    reference=prepare,
    alternatives=[_prepare_by_reshape, _prepare_one_by_one],
    draw=_draw_pictures,
    example=(_EXAMPLE_PICTURE, np.array([9], np.uint8)),
    rule=_picture_rule,
    hints=[
        "Four things: a float type of 32 bits, a division, an axis of length 1 at the end, and labels that nobody touches.",
        "images.astype(…) gives another type. The largest byte is 255; after the division it must be 1.",
        "array[..., np.newaxis] adds an axis at the end. A function returns two things with a comma between them.",
    ],
    mistakes=[
        Mistake(
            name="no channel axis",
            message="The images have shape (N, 28, 28). A convolution layer wants to know how many channels each pixel has: which axis is missing?",
            answer=_pixels(lambda images: images.astype(np.float32) / 255),
        ),
        Mistake(
            name="channel axis in the wrong place",
            message="The axis of length 1 stands before the rows. Keras counts images, rows, columns, channels: where does the channel axis belong?",
            answer=_pixels(lambda images: images[:, np.newaxis].astype(np.float32) / 255),
        ),
        Mistake(
            name="channel axis in the wrong place",
            message="The axis of length 1 stands at the beginning. Keras counts images, rows, columns, channels: where does the channel axis belong?",
            answer=_pixels(lambda images: images[np.newaxis].astype(np.float32) / 255),
        ),
        Mistake(
            name="divided twice",
            message="Your largest pixel is 1/255: the division was done twice. Did the images go through prepare before, or is there a second line that scales?",
            answer=_pixels(lambda images: images[..., np.newaxis].astype(np.float32) / 255 / 255),
        ),
        Mistake(
            name="not divided",
            message="Your pixels still run from 0 to 255. Which number turns the largest byte into 1?",
            answer=_pixels(lambda images: images[..., np.newaxis].astype(np.float32)),
        ),
        Mistake(
            name="integer division",
            message=_INTEGER_DIVISION,
            answer=_pixels(lambda images: (images // 255)[..., np.newaxis].astype(np.float32)),
        ),
        Mistake(
            name="integer division",
            message=_INTEGER_DIVISION,
            answer=_pixels(lambda images: (images // 255)[..., np.newaxis]),
        ),
        Mistake(
            name="divided by the largest pixel",
            message="You divide by the largest pixel of these images. A dark batch becomes as bright as a light one: by which number may every batch be divided?",
            answer=_pixels(lambda images: (images / images.max())[..., np.newaxis].astype(np.float32)),
        ),
        Mistake(
            name="divided by 256",
            message="Your white is 0.996 and not 1. A byte has 256 values, but which is the largest of them?",
            answer=_pixels(lambda images: (images / 256)[..., np.newaxis].astype(np.float32)),
        ),
        Mistake(
            name="from -1 to 1",
            message="Your pixels run from −1 to 1. That can be trained, too, but here 0 stays 0: black background, no signal.",
            answer=_pixels(lambda images: (images / 127.5 - 1)[..., np.newaxis].astype(np.float32)),
        ),
        Mistake(
            name="float64",
            message="Numbers and shapes are right, in float64. Keras computes in float32: what do 60,000 images cost in memory with 8 bytes a pixel instead of 4?",
            answer=_pixels(lambda images: (images / 255)[..., np.newaxis]),
        ),
        Mistake(
            name="one-hot labels",
            message=_ONE_HOT,
            answer=_labels(lambda labels: np.eye(CLASSES)[labels]),
        ),
        Mistake(
            name="one-hot labels",
            message=_ONE_HOT,
            answer=_labels(lambda labels: np.eye(CLASSES, dtype=int)[labels]),
        ),
        Mistake(
            name="labels divided",
            message="The labels were divided by 255 as well. A label is the number of a class: what would class 0.035 be?",
            answer=_labels(lambda labels: labels / 255),
        ),
    ],
)

# --- 9.2 -------------------------------------------------------------------------------------------------------------

_SHAPES = {
    "conv 1": (26, 26, 64),
    "pool 1": (13, 13, 64),
    "conv 2": (11, 11, 64),
    "pool 2": (5, 5, 64),
    "flatten": (1600,),
    "dense 1": (128,),
    "dense 2": (10,),
}
_CONVOLUTIONS = {"conv 1": "image", "conv 2": "pool 1"}  # and what comes before each
_POOLS = {"pool 1": "conv 1", "pool 2": "conv 2"}


def _shape(shapes, name):
    """Return the entry for a layer, as a tuple if it is a sequence; None if there is none."""
    if name == "image":
        return 28, 28, 1
    value = shapes.get(name) if isinstance(shapes, dict) else None
    value = value.tolist() if isinstance(value, np.ndarray) else value
    return tuple(value) if isinstance(value, (tuple, list)) else value


def _maps(shapes, name):
    """Return the entry for a layer if it is (rows, columns, channels), else None."""
    shape = _shape(shapes, name)
    is_map = isinstance(shape, tuple) and len(shape) == 3 and all(isinstance(size, (int, float)) for size in shape)
    return shape if is_map else None


def _steps(shapes, layers):
    """Return (before, after) for each of these layers, as far as both are written as feature maps.

    What came before is the learner's own: after an error, the next layer may be right for what it gets.
    """
    steps = [(_maps(shapes, before), _maps(shapes, name)) for name, before in layers.items()]
    return [step for step in steps if all(step)]


def _any_map(test):
    return lambda shapes: any(test(maps) for name in (*_CONVOLUTIONS, *_POOLS) if (maps := _maps(shapes, name)))


def _any_convolution(test):
    return lambda shapes: any(test(before, after) for before, after in _steps(shapes, _CONVOLUTIONS))


def _any_pool(test):
    return lambda shapes: any(test(before, after) for before, after in _steps(shapes, _POOLS))


def _any_entry(names, test):
    return lambda shapes: any(test(_shape(shapes, name)) for name in names)


def _flattens_to_another_number(shapes):
    maps, flat = _maps(shapes, "pool 2"), _shape(shapes, "flatten")
    return bool(maps) and flat is not None and flat not in ((math.prod(maps),), math.prod(maps))


_SAME = (
    "Your convolution keeps the rows and columns that it gets. Without padding a 3 × 3 window must lie on the image completely: "
    "on how many rows can its top row start?"
)
_CEIL = "Your pool rounds an odd number up. Cut 11 rows into pairs: what becomes of the last row, if only whole windows count?"
_FLAT = (
    "The entry for flatten does not hold as many numbers as your last pool. "
    "Flatten throws nothing away, it only writes everything in one row: how many numbers are there, in all channels?"
)

predicting = Exercise(
    id="9.2",
    name="shapes",
    task="Predict the output shape of each layer of the lesson's network, without the batch axis.",
    reference=_SHAPES,
    alternatives=[{name: list(shape) for name, shape in _SHAPES.items()}],
    hints=[
        "Go layer by layer: the output of one is the input of the next. Rows and columns shrink, the last number counts filters.",
        "A 3 × 3 kernel fits at H − 3 + 1 places along an axis. A 2 × 2 pool keeps whole windows only, so it rounds down.",
        "Flatten writes rows × columns × channels numbers in a row: a shape of one number, with a comma, as in (128,).",
    ],
    mistakes=[
        Mistake(
            name="batch axis",
            message="Your shapes begin with the batch axis, as Keras prints them. Here they are asked for one image: (rows, columns, channels).",
            answer={name: (None, *shape) for name, shape in _SHAPES.items()},
            detect=_any_entry(
                _SHAPES, lambda shape: isinstance(shape, tuple) and len(shape) > 1 and shape[0] in (None, "N")
            ),
        ),
        Mistake(
            name="channels first",
            message="Your channels stand in front. Keras writes a feature map as (rows, columns, channels).",
            answer=_SHAPES | {name: (_SHAPES[name][2], *_SHAPES[name][:2]) for name in (*_CONVOLUTIONS, *_POOLS)},
            detect=_any_map(lambda maps: maps[0] == 64 != maps[2]),
        ),
        Mistake(
            name="no feature map",
            message="Convolutions and pools give feature maps: their shape is a tuple of three numbers, (rows, columns, channels). One of your entries is something else.",
            answer=_SHAPES | {"conv 1": 26},
            detect=_any_entry(
                (*_CONVOLUTIONS, *_POOLS), lambda shape: shape is not None and not _maps({"conv 1": shape}, "conv 1")
            ),
        ),
        Mistake(
            name="26 as 28",
            message=_SAME,
            answer={
                "conv 1": (28, 28, 64),
                "pool 1": (14, 14, 64),
                "conv 2": (14, 14, 64),
                "pool 2": (7, 7, 64),
                "flatten": (3136,),
                "dense 1": (128,),
                "dense 2": (10,),
            },
            detect=_any_convolution(lambda before, after: after[:2] == before[:2]),
        ),
        Mistake(
            name="26 as 28",
            message=_SAME,
            answer=_SHAPES | {"conv 1": (28, 28, 64)},
            detect=_any_convolution(lambda before, after: after[:2] == before[:2]),
        ),
        Mistake(
            name="26 as 27",
            message="Your convolution loses one row and one column. A 3 × 3 kernel has a centre: on how many sides does it keep a distance of one pixel from the edge?",
            answer=_SHAPES | {"conv 1": (27, 27, 64)},
            detect=_any_convolution(lambda before, after: after[0] == before[0] - 1),
        ),
        Mistake(
            name="wrong number of channels",
            message="In one of your feature maps the last number is not 64. Each filter sees all channels and gives one map: how many filters has the layer? And which channels can a pool drop?",
            answer=_SHAPES | {"conv 1": (26, 26, 1), "pool 1": (13, 13, 1)},
            detect=_any_map(lambda maps: maps[2] != 64),
        ),
        Mistake(
            name="half a row",
            message="Your pool leaves half a row. A window of 2 × 2 gives one number or none: what becomes of a last row without a partner?",
            answer=_SHAPES | {"pool 2": (5.5, 5.5, 64)},
            detect=_any_pool(lambda before, after: after[0] % 1),
        ),
        Mistake(
            name="pool by ceil",
            message=_CEIL,
            answer=_SHAPES | {"pool 2": (6, 6, 64), "flatten": (2304,)},
            detect=_any_pool(lambda before, after: before[0] % 2 == 1 and after[0] == before[0] // 2 + 1),
        ),
        Mistake(
            name="pool by ceil",
            message=_CEIL,
            answer=_SHAPES | {"pool 2": (6, 6, 64)},
            detect=_any_pool(lambda before, after: before[0] % 2 == 1 and after[0] == before[0] // 2 + 1),
        ),
        Mistake(
            name="pool slides by 1",
            message="Your pool shrinks the map by one row, as if its windows overlapped. How many pixels does MaxPooling2D((2, 2)) move from one window to the next?",
            answer=_SHAPES | {"pool 1": (25, 25, 64)},
            detect=_any_pool(lambda before, after: after[0] == before[0] - 1),
        ),
        *[
            Mistake(
                name="flatten wrong",
                message=_FLAT,
                answer=_SHAPES | {"flatten": flat},
                detect=_flattens_to_another_number,
            )
            for flat in ((25,), (320,), (64,), (5, 5, 64), 25)
        ],
        Mistake(
            name="weights instead of outputs",
            message="A dense layer's entry has two numbers: that is the shape of its weights. How many numbers come out of the layer for one image?",
            answer=_SHAPES | {"dense 1": (1600, 128), "dense 2": (128, 10)},
            detect=_any_entry(("dense 1", "dense 2"), lambda shape: isinstance(shape, tuple) and len(shape) == 2),
        ),
        Mistake(
            name="number instead of tuple",
            message="A shape with one axis is written as a number where a tuple is due. In Python (128) is the number 128; a comma makes the tuple: (128,).",
            answer=_SHAPES | {"flatten": 1600, "dense 1": 128, "dense 2": 10},
            detect=_any_entry(("flatten", "dense 1", "dense 2"), lambda shape: isinstance(shape, (int, np.integer))),
        ),
    ],
)

# --- 9.3 -------------------------------------------------------------------------------------------------------------


def build_cnn():
    import keras
    from keras import layers

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
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def _observe_model(build_cnn):
    """Build the model and return {fact: value}. It is called on a few images and never trained.

    The loss is not looked up by its name but tried out: on labels of both kinds, and on outputs shifted by 1, which
    changes nothing for a loss that takes logits.
    """
    keras = sys.modules.get("keras")
    model = build_cnn if keras and isinstance(build_cnn, keras.Model) else build_cnn()
    if model is None:
        return None
    keras = sys.modules.get("keras")  # only now the answer may have imported it
    if not keras or not isinstance(model, keras.Model):
        return {"type": type(model).__name__}
    images = np.random.default_rng(0).random((6, 28, 28, 1), dtype=np.float32)
    try:
        output = model(images, training=False)
    except Exception as error:
        return {"problem": _first_sentence(error)}
    if not hasattr(output, "shape"):
        return {"results": len(keras.tree.flatten(output))}
    output = keras.ops.convert_to_numpy(output)
    parts = list(_parts(model))
    activations = [name for name in map(_activation, parts) if name]
    facts = {
        "shape": f"(N, {', '.join(map(str, output.shape[1:]))})",
        "axes": output.ndim,
        "outputs": output.shape[-1] if output.ndim > 1 else 1,
        "parameters": int(model.count_params()),
        "kernel": max((_largest(part, "kernel_size") for part in parts if _is_a("Conv", part)), default=0),
        "pool": max((_largest(part, "pool_size") for part in parts if _is_a("Pool", part)), default=0),
        "last": activations[-1] if activations else "",
        "softmax_twice": activations[-2:] == ["softmax"] * 2 and not getattr(parts[-1], "weights", ()),
        "probabilities": bool(np.allclose(output.sum(axis=-1), 1, atol=1e-2) and output.min() >= 0),
        "sum": float(output[0].sum()),
    }
    return facts | _observe_loss(keras, model)


def _first_sentence(error):
    """Return the first line of an error that says something, without Keras's preface and its colours."""
    lines = re.sub(r"\x1b\[\d*m", "", str(error)).splitlines()
    said = [line.strip() for line in lines if line.strip() and not line.startswith("Exception encountered")]
    return said[0][:300] if said else type(error).__name__


def _observe_loss(keras, model):
    """Return whether the model has a loss; whether that takes integers or one-hot labels; whether it takes logits."""
    if not model.compiled or model.loss is None:
        return {"compiled": bool(model.compiled), "integers": None, "one_hot": None, "logits": None, "complaint": ""}
    labels = np.array([3, 0, 7, 9, 4, 1, 8, 2, 6, 5])  # ten: no loss fails, with a line from TensorFlow, for its shape
    one_hot = np.eye(CLASSES, dtype=np.float32)[labels]
    right = 0.02 + 0.8 * one_hot  # probabilities
    wrong = np.roll(right, 1, axis=1)
    complaints = [""]

    def loss(labels, output):
        try:
            given = {"y": keras.ops.convert_to_tensor(labels), "y_pred": keras.ops.convert_to_tensor(output)}
            return float(keras.ops.convert_to_numpy(model.compute_loss(**given)))
        except Exception as error:
            complaints.append(f" Keras says: {_first_sentence(error)}")
            return np.nan

    loss(labels, right)
    return {
        "compiled": True,
        "complaint": complaints[-1],
        "integers": loss(labels, wrong) - loss(labels, right) > 0.05,
        "one_hot": loss(one_hot, wrong) - loss(one_hot, right) > 0.01,
        "logits": bool(np.isclose(loss(labels, right), loss(labels, right + 1), atol=1e-4)),
    }


def _parts(model):
    """Yield the layers in their order; in place of a model or a wrapper among them, what it holds."""
    for part in getattr(model, "operations", model.layers):
        if hasattr(part, "layers"):
            yield from _parts(part)
        else:
            yield getattr(part, "layer", part)


def _is_a(word, part):
    return any(word in kind.__name__ for kind in type(part).__mro__)


def _largest(part, name):
    """Return the longer side of a kernel or a pool; 28 for a global pool or a bare operation, which name none."""
    return int(np.max(getattr(part, name, 28)))


def _activation(part):
    """Return the activation's name, or "" if the layer is none and has none."""
    function = getattr(part, "activation", None)
    if function is not None:
        return getattr(function, "__name__", "").lower().removesuffix("_v2")
    return type(part).__name__.lower() if type(part).__name__ in ("Softmax", "ReLU", "Relu") else ""


def _accept_model(facts, name="build_cnn", mistakes=None):
    """Return None, or (mistake, message); the mistakes are those of 9.3 if not given."""
    if "type" in facts:
        return "wrong type", f"{name} must return a Keras model: it returned something of type {facts['type']}."
    if "problem" in facts:
        return "wrong input", (
            "Your model does not take images of shape (N, 28, 28, 1). Does it begin with keras.Input((28, 28, 1))? "
            f"Keras says: {facts['problem']}"
        )
    if "results" in facts:
        return "several outputs", f"Your model gives {facts['results']} results; one array of shape (N, 10) is due."
    for mistake in _MODEL_MISTAKES if mistakes is None else mistakes:
        if mistake.detect(facts):
            return mistake.name, mistake.message.format_map(facts)
    if facts["outputs"] != CLASSES:
        return "wrong number of outputs", (
            f"Your model gives {facts['outputs']} numbers for an image. There are ten classes: how many neurons has the last layer?"
        )
    if not facts["integers"]:
        return "wrong loss", (
            "Your loss fails on labels such as 3 or 7, or does not get smaller when the right class gets more likely. "
            f"Which loss of the lesson takes labels as integers?{facts['complaint']}"
        )
    return None


def _runs(test):
    """Return a detect that is false for what is no model, or does not take the images."""
    return lambda facts: "outputs" in facts and bool(test(facts))


def _network(middle, last=None, loss="sparse_categorical_crossentropy"):
    """Return a build_cnn: ``middle(layers)`` and ``last(layers)`` list what comes after the input; loss None: not compiled."""

    def build():
        import keras
        from keras import layers

        end = last(layers) if last else [layers.Dense(CLASSES, activation="softmax")]
        model = keras.Sequential([keras.Input((28, 28, 1)), *middle(layers), *end])
        if loss is not None:
            model.compile("adam", loss=loss(keras) if callable(loss) else loss, metrics=["accuracy"])
        return model

    return build


def _small(layers):
    return [layers.Conv2D(8, 3, activation="relu"), layers.MaxPooling2D(4), layers.Flatten()]


def _from_logits(keras):
    return keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def _functional_with_logits():
    import keras
    from keras import layers

    images = keras.Input((28, 28, 1))
    maps = layers.Rescaling(1.0)(images)
    for filters in (16, 32):
        maps = layers.Conv2D(filters, 3, padding="same", use_bias=False)(maps)
        maps = layers.ReLU()(layers.BatchNormalization()(maps))
    numbers = layers.Dropout(0.3)(layers.GlobalAveragePooling2D()(maps))
    model = keras.Model(images, layers.Dense(CLASSES, kernel_regularizer="l2")(numbers))
    model.compile("sgd", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def _without_input_and_with_softmax_apart():
    import keras
    from keras import layers

    model = keras.Sequential()
    model.add(keras.Sequential([layers.SeparableConv2D(32, 5, activation="relu"), layers.AveragePooling2D(3)]))
    model.add(layers.Flatten())
    model.add(layers.Dense(CLASSES))
    model.add(layers.Activation("softmax"))
    model.compile(loss=keras.losses.SparseCategoricalCrossentropy(), metrics=["accuracy"])
    return model


def _with_operations():
    import keras
    from keras import layers, ops

    images = keras.Input((28, 28, 1))
    maps = ops.max_pool(ops.relu(layers.Conv2D(12, (3, 5))(images)), 3)
    model = keras.Model(images, ops.softmax(layers.Dense(CLASSES)(layers.Flatten()(maps))))
    model.compile("adam", loss=keras.losses.sparse_categorical_crossentropy)
    return model


def _subclassed():
    import keras
    from keras import layers

    class Network(keras.Model):
        def __init__(self):
            super().__init__()
            self.convolution = layers.Conv2D(8, 3, activation="relu")
            self.pool = layers.GlobalMaxPooling2D()
            self.classes = layers.Dense(CLASSES, activation="softmax")

        def call(self, images):
            return self.classes(self.pool(self.convolution(images)))

    model = Network()
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


_ONE_HOT_LOSS = (
    "Your loss expects each label as a row of ten numbers with a single 1. The labels here are integers such as 9. "
    "Which loss of the lesson takes those?"
)
_SOFTMAX_TWICE = "Softmax is applied twice: the second one makes ten numbers between 0 and 1 nearly equal, so the network can never be sure. Which of the two is one too many?"

_MODEL_MISTAKES = [
    Mistake(
        name="dense only",
        message="There is no convolution in your model: every pixel goes to the dense layers on its own. Which layer looks at a small window and slides?",
        answer=_network(lambda layers: [layers.Flatten(), layers.Dense(128, activation="relu")]),
        detect=_runs(lambda facts: facts["kernel"] == 0),
    ),
    Mistake(
        name="1 x 1 kernels",
        message="Your convolutions have kernels of 1 × 1: each looks at one pixel and never at its neighbours. What is the second argument of Conv2D?",
        answer=_network(lambda layers: [layers.Conv2D(16, 1), layers.MaxPooling2D(4), layers.Flatten()]),
        detect=_runs(lambda facts: facts["kernel"] == 1),
    ),
    *[
        Mistake(
            name="no pooling",
            message="There is no pooling layer of more than one pixel in your model. What makes the feature maps smaller before the dense layers, without a single weight?",
            answer=_network(middle),
            detect=_runs(lambda facts: facts["pool"] < 2),
        )
        for middle in (
            lambda layers: [layers.Conv2D(8, 3), layers.Conv2D(8, 3), layers.Flatten()],
            lambda layers: [layers.Conv2D(64, 3), layers.Conv2D(64, 3, strides=2), layers.Flatten()],
        )
    ],
    Mistake(
        name="not flattened",
        message="Your model gives an array of shape {shape}, a grid of answers for each image. Dense works along the last axis only: which layer writes a feature map in one row?",
        answer=_network(lambda layers: [layers.Conv2D(8, 3), layers.MaxPooling2D()]),
        detect=_runs(lambda facts: facts["axes"] > 2),
    ),
    Mistake(
        name="9 or 1 outputs",
        message="Your model gives 9 numbers for an image. The labels run from 0 to 9: how many classes is that?",
        answer=_network(_small, lambda layers: [layers.Dense(9, activation="softmax")]),
        detect=_runs(lambda facts: facts["outputs"] == 9),
    ),
    Mistake(
        name="9 or 1 outputs",
        message="Your model gives a single number for an image. A bag is not more than a boot: the network should say of each class how likely it is. How many neurons is that?",
        answer=_network(_small, lambda layers: [layers.Dense(1, activation="softmax")]),
        detect=_runs(lambda facts: facts["outputs"] == 1),
    ),
    Mistake(
        name="over budget",
        message="Your model has {parameters:,} parameters; the budget is 300,000. Look at model.summary(): which layer has most of them, and what would a smaller input do to it?",
        answer=_network(lambda layers: [*_small(layers), layers.Dense(1100)]),
        detect=_runs(lambda facts: facts["parameters"] > BUDGET),
    ),
    Mistake(
        name="not compiled",
        message="Your model has its layers, but it is not compiled: it has no loss and no optimizer, and fit would refuse. Which call is missing before return?",
        answer=_network(_small, loss=None),
        detect=_runs(lambda facts: not facts["compiled"]),
    ),
    Mistake(
        name="not compiled",
        message="Your model is compiled without a loss. What should training make smaller?",
        answer=_network(_small, loss=lambda keras: None),
        detect=_runs(lambda facts: facts["integers"] is None),
    ),
    *[
        Mistake(
            name="loss for one-hot labels",
            message=_ONE_HOT_LOSS,
            answer=_network(_small, loss=loss),
            detect=_runs(lambda facts: facts["one_hot"] and not facts["integers"]),
        )
        for loss in ("categorical_crossentropy", "binary_crossentropy", "mse")
    ],
    Mistake(
        name="double softmax",
        message=_SOFTMAX_TWICE,
        answer=_network(_small, lambda layers: [layers.Dense(CLASSES, activation="softmax"), layers.Softmax()]),
        detect=_runs(lambda facts: facts["softmax_twice"]),
    ),
    Mistake(
        name="double softmax",
        message="The last layer applies softmax, and from_logits=True tells the loss to apply it once more. Who should do it?",
        answer=_network(_small, loss=_from_logits),
        detect=_runs(lambda facts: facts["probabilities"] and facts["integers"] and facts["logits"]),
    ),
    Mistake(
        name="ReLU at the end",
        message="The last layer has ReLU: every class with a negative score gets 0, and its gradient is lost. Which activation belongs to the last layer?",
        answer=_network(_small, lambda layers: [layers.Dense(CLASSES, activation="relu")]),
        detect=_runs(lambda facts: facts["last"] == "relu" and not facts["probabilities"]),
    ),
    *[
        Mistake(
            name="no softmax",
            message="The ten numbers of an image sum to {sum:.2f} and not to 1, and your loss takes them for probabilities. Either the last layer or the loss must know about it.",
            answer=_network(_small, last),
            detect=_runs(lambda facts: not facts["probabilities"] and facts["integers"] and not facts["logits"]),
        )
        for last in (
            lambda layers: [layers.Dense(CLASSES)],
            lambda layers: [layers.Dense(CLASSES, activation="sigmoid")],
        )
    ],
]

building = Exercise(
    id="9.3",
    name="build_cnn",
    task="Build and compile a convolutional network for 28 x 28 grey images and ten classes, of at most 300,000 parameters.",
    reference=build_cnn,
    alternatives=[
        _functional_with_logits,
        _without_input_and_with_softmax_apart,
        _with_operations,
        _subclassed,
    ],
    draw=lambda random: [()],
    call=_observe_model,
    accept=_accept_model,
    points=3,
    seconds=30,
    slow="Building a network takes less than one. Does it train here, or has a layer very many neurons?",
    hints=[
        "The lesson's table is a recipe: Conv2D and MaxPooling2D, twice, then Flatten and two Dense layers. keras.Sequential takes a list of layers that begins with keras.Input((28, 28, 1)).",
        "If there are too many parameters, look at the first dense layer: it has one weight for each number that Flatten gives, times its neurons.",
        "Ten neurons with softmax at the end, and a loss for integer labels: its name begins with sparse. compile takes an optimizer, a loss and metrics=[…].",
    ],
    mistakes=_MODEL_MISTAKES,
)

# --- 9.4 -------------------------------------------------------------------------------------------------------------


def _callback_class():
    import keras

    class StopAtAccuracy(keras.callbacks.Callback):
        def __init__(self, target):
            super().__init__()
            self.target = target

        def on_epoch_end(self, epoch, logs=None):
            accuracy = (logs or {}).get("accuracy")
            if accuracy is not None and accuracy >= self.target:
                self.model.stop_training = True

    return StopAtAccuracy


def StopAtAccuracy(target):
    return _callback_class()(target)


class _Model:
    """All that a callback may ask of the model in training."""

    stop_training = False


class _Logs(dict):
    """The logs of one epoch, which remember the entries that were asked for."""

    def __init__(self, entries, asked):
        super().__init__(entries)
        self._asked = asked

    def __getitem__(self, name):
        self._note(name)
        return super().__getitem__(name)

    def get(self, name, default=None):
        self._note(name)
        return super().get(name, default)

    def _note(self, name):
        if str(name) not in self._asked:
            self._asked.append(str(name))


_ENTRIES = ("accuracy", "val_accuracy", "loss", "val_loss")


def _observe_training(make, target, accuracy, val_accuracy, loss):
    """Call the callback as fit does, for these epochs, and return {fact: value}. NaN: the logs of this epoch are missing."""
    facts = _train(make, target, accuracy, val_accuracy, loss)
    if facts is None or "type" in facts:
        return facts
    lowest = float(np.nanmin(accuracy))  # another target, which is reached at another time
    return facts | {
        "again": _train(make, lowest, accuracy, val_accuracy, loss)["stopped"],
        "target": target,
        "due": _first(accuracy >= target),
        "above": _first(accuracy > target),
        "below": _first(accuracy <= target),
        "by_loss": [_first(loss < target), _first(loss >= target), _first(1 - loss >= target)],
    }


def _train(make, target, *numbers):
    callback = make(target)
    keras = sys.modules.get("keras")  # only now the answer may have imported it
    if callback is None:
        return None
    if not keras or not isinstance(callback, keras.callbacks.Callback):
        return {"type": type(callback).__name__}
    model, asked, missing = _Model(), [], 0
    facts = {"stopped": 0, "within": False, "asked": asked, "unknown": "", "crashed": "", "itself": False}
    facts["listens"] = getattr(callback.on_epoch_end, "__func__", None) is not keras.callbacks.Callback.on_epoch_end
    callback.set_params({"verbose": 0, "epochs": len(numbers[0]), "steps": 2})
    callback.set_model(model)
    callback.on_train_begin({})
    for epoch, (accuracy, val_accuracy, loss) in enumerate(zip(*numbers)):
        callback.on_epoch_begin(epoch, {})
        late = model.stop_training
        for batch in range(2):
            callback.on_train_batch_begin(batch, {})
            callback.on_train_batch_end(batch, {"accuracy": 0.999, "loss": 0.001})  # a lucky batch is no epoch
        facts["within"] |= bool(model.stop_training and not late)
        entries = dict(zip(_ENTRIES, map(float, (accuracy, val_accuracy, loss, loss + 0.1))))
        if np.isnan(accuracy):
            entries = (None, {}, {"loss": float(loss)})[missing % 3]
            missing += 1
        try:
            callback.on_epoch_end(epoch, None if entries is None else _Logs(entries, asked))
        except Exception as error:
            if np.isnan(accuracy):
                return facts | {"crashed": f"{type(error).__name__}: {error}"}
            if set(asked) <= set(_ENTRIES):
                raise
        if model.stop_training:
            facts |= {"stopped": epoch + 1, "knew": float(accuracy)}
            break
    unknown = [name for name in asked if name not in _ENTRIES]
    facts["unknown"] = unknown[0] if unknown and "accuracy" not in asked else ""
    facts["itself"] = bool(getattr(callback, "stop_training", False))
    return facts


def _first(reached):
    """Return the number, counted from 1, of the first epoch for which `reached` holds; 0 if there is none."""
    return int(np.argmax(reached)) + 1 if np.any(reached) else 0


def _accept_training(facts, target, accuracy, val_accuracy, loss):
    """Return None, or (mistake, message)."""
    if "type" in facts:
        return "no callback", f"fit cannot call something of type {facts['type']}."
    reached = _first(accuracy >= target)
    if facts["stopped"] == reached and not facts["crashed"] and not facts["unknown"]:
        return None
    due = f"to stop after epoch {reached}, where the accuracy is {accuracy[reached - 1]:.3f}" if reached else "to go on"
    done = f"stops after epoch {facts['stopped']}" if facts["stopped"] else "never stops"
    return "wrong epoch", f"With a target of {target:.2f} training is due {due}; yours {done}."


def _draw_trainings(random):
    """Accuracy goes up with a dip before and after the target, so that rules of thumb stop at other epochs.

    One target is passed, one hit exactly, one reached after epochs without logs, one never reached.
    """
    target = float(random.integers(78, 94)) / 100
    due = int(random.integers(3, 5))
    start = target - 0.2 - 0.05 * random.random()
    before = [start, start - 0.03, *[target - 0.02] * (due - 3)]
    passed = np.array([*before, target + 0.01, target - 0.02, target + 0.03, 0.995])
    exact = np.array([*before, target, target - 0.02, target + 0.02, 0.995])
    missing = np.array([np.nan, *before, np.nan, target - 0.01, np.nan, target + 0.02, target + 0.01, 0.995])
    never = np.array([*before, 0.9, 0.88, 0.95, 0.93])
    goals = [(target, passed), (target, exact), (target, missing), (0.97, never)]
    return [_training(goal, accuracy) for goal, accuracy in goals]


def _training(target, accuracy):
    """Return a case, with validation accuracies and losses that pass each likely threshold before or after the due epoch."""
    epochs = np.arange(1, len(accuracy) + 1)
    due = _first(accuracy >= target) or len(accuracy)
    val_accuracy = np.where(epochs < due - 1, target - 0.1, target + 0.02)
    loss = np.where(epochs == 1, 1.3, target - 0.02 - 0.01 * epochs)
    loss[due + 1 :] = (1 - target) * 0.8
    return target, accuracy, val_accuracy.round(4), loss.round(4)


def _stops_if(condition):
    """Return an answer: a callback that stops after the epoch for whose target and logs the condition holds."""

    def make(target):
        import keras

        class Answer(keras.callbacks.Callback):
            def on_epoch_end(self, epoch, logs=None):
                if condition(target, logs):
                    self.model.stop_training = True

        return Answer()

    return make


def _accuracy(logs):
    return (logs or {}).get("accuracy", 0)


def _stops_itself(target):
    import keras

    class Answer(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if _accuracy(logs) >= target:
                self.stop_training = True

    return Answer()


def _listens_elsewhere(target):
    import keras

    class Answer(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if _accuracy(logs) >= target:
                self.model.stop_training = True

    return Answer()


def _one_epoch_late(hook):
    """Return an answer that remembers the accuracy and looks at it in `hook` of the next epoch."""

    def make(target):
        import keras

        class Answer(keras.callbacks.Callback):
            last = 0

            def look(self):
                if self.last >= target:
                    self.model.stop_training = True

            def on_epoch_begin(self, epoch, logs=None):
                if hook == "begin":
                    self.look()

            def on_epoch_end(self, epoch, logs=None):
                if hook == "end":
                    self.look()
                self.last = _accuracy(logs)

        return Answer()

    return make


def _looks_at_batches(target):
    import keras

    class Answer(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if _accuracy(logs) >= target:
                self.model.stop_training = True

    return Answer()


def _no_callback(target):
    return {"target": target}


def _trains(test):
    """Return a detect that is false for what is no callback."""
    return lambda facts: "stopped" in facts and bool(test(facts))


_LOSS = (
    "Your callback decides by the loss. Loss is not 1 − accuracy: it may be small while the accuracy is, or the other way round. "
    "Which entry of the logs counts right answers?"
)

_watches_loss = _trains(
    lambda facts: (
        ("loss" in facts["asked"] or "val_loss" in facts["asked"])
        and ("accuracy" not in facts["asked"] or facts["stopped"] in facts["by_loss"])
    )
)

stopping = Exercise(
    id="9.4",
    name="StopAtAccuracy",
    task="Write a callback that stops training after the first epoch whose accuracy reaches the target.",
    reference=StopAtAccuracy,
    shown=_callback_class,
    alternatives=[
        _stops_if(lambda target, logs: _accuracy(logs) >= target),
        _stops_if(lambda target, logs: bool(logs) and "accuracy" in logs and not logs["accuracy"] < target),
    ],
    draw=_draw_trainings,
    arguments=("target", "accuracy of each epoch", "val_accuracy", "loss"),
    example=_training(0.9, np.array([0.81, 0.79, 0.91, 0.93, 0.995])),
    call=_observe_training,
    accept=_accept_training,
    points=2,
    seconds=10,
    hints=[
        "Keras calls on_epoch_end(epoch, logs) after each epoch. logs is a dict; print its keys once to see what it holds.",
        "fit looks at one attribute of the model after each epoch. A callback reaches that model as self.model.",
        "logs may be None or lack the entry: (logs or {}).get(name) gives None then, and None cannot be compared with a number.",
    ],
    mistakes=[
        *[
            Mistake(
                name="key acc",
                message="Your callback asks the logs for 'acc', and there is no such entry: old versions of Keras called it so. Print logs.keys(): what is it called today?",
                answer=_stops_if(condition),
                detect=_trains(lambda facts: facts["unknown"] == "acc"),
            )
            for condition in (
                lambda target, logs: logs["acc"] >= target,
                lambda target, logs: (logs or {}).get("acc", 0) >= target,
            )
        ],
        Mistake(
            name="unknown key",
            message="Your callback asks the logs for '{unknown}', and there is no such entry. Print logs.keys() in on_epoch_end: what is it called?",
            answer=_stops_if(lambda target, logs: logs["Accuracy"] >= target),
            detect=_trains(lambda facts: facts["unknown"]),
        ),
        *[
            Mistake(name="watches loss", message=_LOSS, answer=_stops_if(condition), detect=_watches_loss)
            for condition in (
                lambda target, logs: logs["loss"] < target,
                lambda target, logs: 1 - (logs or {}).get("loss", 1) >= target,
            )
        ],
        Mistake(
            name="watches validation",
            message="Your callback decides by val_accuracy, the accuracy on images that were held back. That is a good habit; this task asks for the accuracy in training.",
            answer=_stops_if(lambda target, logs: (logs or {}).get("val_accuracy", 0) >= target),
            detect=_trains(lambda facts: "val_accuracy" in facts["asked"] and "accuracy" not in facts["asked"]),
        ),
        *[
            Mistake(
                name="missing logs",
                message="After an epoch whose logs are None or without an accuracy, your callback raises {crashed}. What should it do when it knows nothing?",
                answer=_stops_if(condition),
                detect=_trains(lambda facts: facts["crashed"]),
            )
            for condition in (
                lambda target, logs: logs["accuracy"] >= target,
                lambda target, logs: logs.get("accuracy") >= target,
                lambda target, logs: logs and logs["accuracy"] >= target,
            )
        ],
        Mistake(
            name="stops within an epoch",
            message="Your callback stops in the middle of an epoch. The accuracy after one batch says little: which method does Keras call when a whole epoch is over?",
            answer=_looks_at_batches,
            detect=_trains(lambda facts: facts["within"]),
        ),
        Mistake(
            name="never stops",
            message="Your callback sets stop_training on itself, and training goes on. Which object does fit look at, and how does a callback reach it?",
            answer=_stops_itself,
            detect=_trains(lambda facts: facts["due"] and not facts["stopped"] and facts["itself"]),
        ),
        Mistake(
            name="never stops",
            message="Your class has no method on_epoch_end, or one that Keras does not find under this name. It is the one that is told the accuracy of a whole epoch.",
            answer=_listens_elsewhere,
            detect=_trains(lambda facts: facts["due"] and not facts["stopped"] and not facts["listens"]),
        ),
        Mistake(
            name="never stops",
            message="The accuracy reached the target of {target:.2f} in epoch {due}, and training went on to the end. How does a callback tell the model to stop?",
            answer=_stops_if(lambda target, logs: False),
            detect=_trains(lambda facts: facts["due"] and not facts["stopped"]),
        ),
        Mistake(
            name="stops without logs",
            message="Your callback stops after epoch {stopped}, whose logs are None or hold no accuracy. What should it do when it knows nothing?",
            answer=_stops_if(lambda target, logs: not logs or _accuracy(logs) >= target),
            detect=_trains(lambda facts: facts["stopped"] and np.isnan(facts["knew"])),
        ),
        Mistake(
            name="stops at once",
            message="Your callback stops after the first epoch, whatever the target. There the accuracy is {knew:.2f} and the target {target:.2f}: is your condition true for these numbers?",
            answer=_stops_if(lambda target, logs: 100 * _accuracy(logs) >= target),
            detect=_trains(lambda facts: facts["stopped"] == facts["again"] == 1),
        ),
        Mistake(
            name="ignores the target",
            message="Your callback stops after epoch {stopped}, also when it is given another target. Where do you keep the target that __init__ gets, and where do you compare with it?",
            answer=_stops_if(lambda target, logs: _accuracy(logs) >= 0.99),
            detect=_trains(lambda facts: facts["stopped"] and facts["again"] == facts["stopped"]),
        ),
        Mistake(
            name="comparison turned around",
            message="Your callback stops while the accuracy is still below the target. Read your condition aloud: which of the two should be larger?",
            answer=_stops_if(lambda target, logs: 0 < _accuracy(logs) <= target),
            detect=_trains(lambda facts: facts["stopped"] and facts["stopped"] == facts["below"]),
        ),
        Mistake(
            name="more than the target",
            message="Epoch {due} has an accuracy of exactly {target:.2f}, the target, and your callback goes on. Reaching a target includes hitting it.",
            answer=_stops_if(lambda target, logs: _accuracy(logs) > target),
            detect=_trains(lambda facts: facts["stopped"] == facts["above"] > facts["due"]),
        ),
        *[
            Mistake(
                name="stops one epoch late",
                message="The accuracy reaches {target:.2f} in epoch {due}, and your callback stops after epoch {stopped}. Does it look at the accuracy of this epoch, or of the one before?",
                answer=_one_epoch_late(hook),
                detect=_trains(lambda facts: facts["due"] and facts["stopped"] == facts["due"] + 1),
            )
            for hook in ("begin", "end")
        ],
        Mistake(
            name="no callback",
            message=(
                "fit cannot call what StopAtAccuracy gives. "
                "What stands in the brackets after the name of the class, so that it becomes a callback?"
            ),
            answer=_no_callback,
            detect=lambda facts: "type" in facts,
        ),
    ],
)

# --- 9.5 -------------------------------------------------------------------------------------------------------------


def confusion_matrix(labels, predictions, classes):
    matrix = np.zeros((classes, classes), dtype=int)
    for label, prediction in zip(labels, predictions):
        matrix[label, prediction] += 1
    return matrix


def _confusion_by_adding_at(labels, predictions, classes):
    matrix = np.zeros((classes, classes), dtype=np.uint32)
    np.add.at(matrix, (labels, predictions), 1)
    return matrix


def _confusion_by_counting_pairs(labels, predictions, classes):
    return np.array(
        [[int(np.sum((labels == true) & (predictions == said))) for said in range(classes)] for true in range(classes)]
    )


def _share_of(axis):
    """Return the answer that divides by the sum of each row, of each column, or of everything."""

    def answer(labels, predictions, classes):
        matrix = confusion_matrix(labels, predictions, classes)
        return matrix / matrix.sum(axis=axis, keepdims=True)

    return answer


def _share_of_row_without_nan(labels, predictions, classes):
    matrix = confusion_matrix(labels, predictions, classes)
    return matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)


def _only_classes_seen(labels, predictions, classes):
    seen = np.union1d(labels, predictions)
    return confusion_matrix(np.searchsorted(seen, labels), np.searchsorted(seen, predictions), len(seen))


def _once_each(labels, predictions, classes):
    matrix = np.zeros((classes, classes), dtype=int)
    matrix[labels, predictions] += 1
    return matrix


def _counted_from_1(labels, predictions, classes):
    matrix = np.zeros((classes, classes), dtype=int)
    for label, prediction in zip(labels, predictions):
        matrix[label - 1, prediction - 1] += 1
    return matrix


def _draw_answers(random):
    """True and predicted classes with many pairs more than once, and more errors one way than the other.

    The last class never occurs, and in one case neither does one in the middle.
    """
    cases = []
    for classes, count, absent, dtype in [(4, 20, None, np.int64), (6, 40, 2, np.uint8), (3, 15, None, np.int32)]:
        present = np.array([one for one in range(classes - 1) if one != absent])
        labels = np.concatenate([present, random.choice(present, count)])
        # About half are wrong, and a wrong one is mostly taken for the first class.
        said = np.where(random.random(len(labels)) < 0.4, present[0], labels)
        said = np.where(random.random(len(labels)) < 0.1, random.choice(present, len(labels)), said)
        first = [present[-1], present[-1], present[-1], present[0]], [present[0]] * 3 + [present[0]]
        labels, said = np.concatenate([first[0], labels]), np.concatenate([first[1], said])
        cases.append((labels.astype(dtype), said.astype(dtype), classes))
    return cases


_ONLY_SEEN = "Your matrix is too small: it has room only for the classes that occur in these labels. How many classes are there if one of them has no image this time?"
_SHARES = "Your entries are shares, and the counts are lost: 1 of 2 and 50 of 100 look alike. How often did each pair of classes occur?"

counting = Exercise(
    id="9.5",
    name="confusion_matrix",
    task="Count how often each true class (row) was taken for each class (column), as whole numbers.",
    reference=confusion_matrix,
    alternatives=[_confusion_by_adding_at, _confusion_by_counting_pairs],
    draw=_draw_answers,
    example=(np.array([0, 0, 0, 1, 2, 2]), np.array([0, 2, 2, 1, 2, 1]), 4),
    rule=lambda labels, predictions, classes: Rule(
        dtype="integer", axes=(("true classes", f"classes = {classes}"), ("predicted classes", f"classes = {classes}"))
    ),
    focus=lambda arguments, part, index: [
        (f"predictions where the label is {index[0]}", arguments[1][arguments[0] == index[0]])
    ],
    points=2,
    hints=[
        "Begin with a matrix of zeros with one row and one column for each class. np.zeros makes floats unless told otherwise.",
        "Each image adds 1 to one cell. Which row, and which column? zip(labels, predictions) gives the pairs.",
    ],
    mistakes=[
        Mistake(
            name="transposed",
            message="Rows and columns are exchanged. The row says what an image is, the column what the network said: which of the two is the first index?",
            answer=lambda labels, predictions, classes: confusion_matrix(predictions, labels, classes),
        ),
        Mistake(
            name="float counts",
            message="The counts are right, as floats. np.zeros makes floats unless it is told a dtype: which one holds counts?",
            answer=lambda labels, predictions, classes: confusion_matrix(labels, predictions, classes).astype(float),
        ),
        *[
            Mistake(name="normalised", message=_SHARES, answer=answer)
            for answer in (_share_of(1), _share_of(0), _share_of(None), _share_of_row_without_nan)
        ],
        Mistake(
            name="classes from the data only",
            message=_ONLY_SEEN,
            answer=lambda labels, predictions, classes: confusion_matrix(
                labels, predictions, int(max(labels.max(), predictions.max())) + 1
            ),
        ),
        Mistake(name="classes from the data only", message=_ONLY_SEEN, answer=_only_classes_seen),
        Mistake(
            name="counts classes from 1",
            message="All counts are one row and one column too early: the index −1 is the last line. Classes are counted from 0: does anything need to be subtracted?",
            answer=_counted_from_1,
        ),
        Mistake(
            name="every label with every prediction",
            message="Your sum of counts is far larger than the number of images: every label meets every prediction. Which prediction belongs to which label?",
            answer=lambda labels, predictions, classes: np.outer(
                np.bincount(labels, minlength=classes), np.bincount(predictions, minlength=classes)
            ),
        ),
        Mistake(
            name="counts each pair once",
            message="No entry is larger than 1, although pairs occur again: matrix[labels, predictions] += 1 writes to each cell once. What visits the pairs one after the other?",
            answer=_once_each,
        ),
        Mistake(
            name="wrong answers only",
            message="The diagonal is empty: the right answers are missing. In which cell does an image of class 2 count that was taken for class 2?",
            answer=lambda labels, predictions, classes: (
                confusion_matrix(labels, predictions, classes) * (1 - np.eye(classes, dtype=int))
            ),
        ),
        Mistake(
            name="right answers only",
            message="Only the diagonal is filled: those are the right answers. Where do the wrong ones go?",
            answer=lambda labels, predictions, classes: np.diag(
                np.diag(confusion_matrix(labels, predictions, classes))
            ),
        ),
    ],
)

EXERCISES = (preparing, predicting, building, stopping, counting)
