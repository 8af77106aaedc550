"""Inside your model: one activation of the learner's own network (lesson 10)."""

import base64

import numpy as np
import traitlets

from ..validation import real_array
from .host import Figure


class InsideModel(Figure):
    """Look into one's own Keras model: choose an image, a layer and a filter, and see the sum behind each activation.

    Parameters
    ----------
    model : keras.Model
        Sequential or functional, built, for images with one channel; its convolutions and pools can be looked into.
    images : array_like of shape (N, H, W, 1)
        As the model takes them, from 0 to 1.
    names : sequence of str, optional
        What to call the images.

    Attributes
    ----------
    image_index, layer, filter : int
        What is chosen; `layer` counts the convolutions and pools.
    position : list [row, column]
        The activation looked at.
    value : float
        The activation as computed in the figure, from the window and the kernel.
    keras_value : float
        The same activation as Keras computed it.
    """

    module = "inside_model"
    title = "Inside your model"
    caption = "Each activation is one weighted sum: of a window in the layer before, and so of a piece of the image."

    layers = traitlets.List().tag(sync=True)
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    image = traitlets.List().tag(sync=True)
    stage = traitlets.Dict().tag(sync=True)
    image_index = traitlets.Int(0, min=0).tag(sync=True)
    layer = traitlets.Int(0, min=0).tag(sync=True)
    filter = traitlets.Int(0, min=0).tag(sync=True)
    position = traitlets.List(traitlets.Int(min=0), default_value=[5, 5]).tag(sync=True)
    value = traitlets.Float().tag(sync=True)
    live = traitlets.Bool(True).tag(sync=True)

    def __init__(self, model, images, names=None, **options):
        images = real_array(images, "images", "NHWC")
        if images.shape[3] != 1:
            raise ValueError(f"The images must have one channel: got shape {images.shape}. Use grey images.")
        self._stages = _stages(model, images)
        self._images = images
        names = [f"image {place}" for place in range(len(images))] if names is None else list(map(str, names))
        layers = [{"name": stage["name"], "shape": list(stage["output"].shape[1:])} for stage in self._stages]
        super().__init__(layers=layers, names=names, **options)
        self._choose(None)

    @property
    def keras_value(self):
        stage = self._stages[self.layer]
        return float(stage["output"][(self.image_index, *self.position, self.filter)])

    @traitlets.validate("image_index", "layer")
    def _exists(self, proposal):
        count = len(self.names if proposal["trait"].name == "image_index" else self.layers)
        return min(proposal["value"], max(0, count - 1))

    @traitlets.observe("image_index", "layer", "filter")
    def _choose(self, _):
        if not self.layers:
            return
        stage = self._stages[self.layer]
        rows, columns, filters = stage["output"].shape[1:]
        filter_ = min(self.filter, filters - 1)
        conv = stage["kind"] == "conv"
        before = stage["input"][self.image_index]
        before = before if conv else before[..., [filter_]]
        with self.hold_sync():
            self.filter = filter_
            self.position = [min(self.position[0], rows - 1), min(self.position[1], columns - 1)]
            self.image = np.rint(255 * np.clip(self._images[self.image_index, ..., 0], 0, 1)).astype(int).tolist()
            self.stage = {
                "kind": stage["kind"],
                "input": _packed(before),
                "inputShape": list(before.shape),
                "weights": _packed(stage["weights"][..., filter_]) if conv else "",
                "bias": float(stage["biases"][filter_]) if conv else 0.0,
                "relu": stage["relu"],
                "output": _packed(stage["output"][self.image_index, ..., filter_]),
                "shape": [rows, columns],
                **{name: list(stage[name]) for name in ("size", "stride", "before", "jump", "start", "field")},
            }
            self._compute(None)

    @traitlets.observe("position")
    def _compute(self, _):
        if self.stage:
            self.value = self.keras_value

    def page_state(self):
        return {"live": False}

    def worked_numbers(self):
        rows = [
            (each["name"], " x ".join(map(str, each["shape"])), " x ".join(map(str, stage["field"])))
            for each, stage in zip(self.layers, self._stages)
        ]
        return ("layer", "output", "receptive field"), rows


def _packed(array):
    return base64.b64encode(np.ascontiguousarray(array, dtype="<f4").tobytes()).decode()


def _stages(model, images):
    """Return, for each convolution and pool of a model: its input and output for the images, weights and receptive field."""
    from ..convolution import same_padding
    from ..networks import load_keras

    keras = load_keras()
    kinds = {"Conv2D": "conv", "MaxPooling2D": "max", "AveragePooling2D": "average"}
    layers = [layer for layer in model.layers if type(layer).__name__ in kinds]
    if not layers:
        raise ValueError(
            f"The model must hold a convolution or a pool: got {[type(layer).__name__ for layer in model.layers]}. "
            "Build one with Conv2D or MaxPooling2D."
        )
    ends = [tensor for layer in layers for tensor in (layer.input, layer.output)]
    values = [
        np.asarray(value) for value in keras.Model(model.inputs[0], ends)(images.astype("float32"), training=False)
    ]
    stages = []
    jump, start, field = np.ones(2, int), np.zeros(2, int), np.ones(2, int)
    for place, layer in enumerate(layers):
        kind = kinds[type(layer).__name__]
        before, after = values[2 * place], values[2 * place + 1]
        size = np.array(layer.kernel_size if kind == "conv" else layer.pool_size)
        stride = np.array(layer.strides)
        ends = [same_padding(n, k, s)[0] for n, k, s in zip(before.shape[1:3], size.tolist(), stride.tolist())]
        padding = np.array(ends) if layer.padding == "same" else np.zeros(2, int)
        field = field + (size - 1) * jump
        start = start - padding * jump
        jump = jump * stride
        stage = {"name": layer.name, "kind": kind, "input": before, "output": after, "relu": False}
        if kind == "conv":
            if tuple(np.ravel(layer.dilation_rate)) != (1, 1) or layer.groups != 1:
                raise ValueError(f"The layer {layer.name} must have dilation 1 and one group. Look into another model.")
            weights = [np.asarray(weight) for weight in layer.get_weights()]
            biases = weights[1] if layer.use_bias else np.zeros(layer.filters)
            stage |= {"weights": weights[0], "biases": biases, "relu": layer.activation is keras.activations.relu}
        sizes = {"size": size, "stride": stride, "before": padding, "jump": jump, "start": start, "field": field}
        stages.append(stage | {name: value.tolist() for name, value in sizes.items()})
    return stages
