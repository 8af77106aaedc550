"""Channels add up: one kernel, all channels, one number (lesson 07)."""

import numpy as np
import traitlets

from .host import Figure

# A corner of an orange patch on blue, and a kernel that answers to red above blue.
WINDOW = [
    [[240, 240, 30], [240, 240, 30], [20, 20, 20]],
    [[140, 140, 60], [140, 140, 60], [60, 60, 60]],
    [[10, 10, 200], [10, 10, 200], [210, 210, 210]],
]
KERNEL = [
    [[1, 1, 0], [1, 1, 0], [0, 0, 0]],
    [[0, 0, 0], [0, -1, 0], [0, 0, 0]],
    [[-1, -1, 0], [-1, -1, 0], [0, 0, -1]],
]


class Channels(Figure):
    """A window of three channels meets a kernel as deep; the channels' sums, the bias and ReLU make one number.

    Attributes
    ----------
    window, kernel : list of 3 channels of 3 rows of 3 numbers
    use : list of 3 bool
        Which channels count.
    bias : float
    with_bias, relu : bool
    value : float
    """

    module = "channels"
    title = "Channels add up"
    caption = "One kernel has a slice for each channel. The slices' sums are added, then the bias: one number, whatever the depth."

    window = traitlets.List(WINDOW).tag(sync=True)
    kernel = traitlets.List(KERNEL).tag(sync=True)
    use = traitlets.List(traitlets.Bool(), default_value=[True, True, True]).tag(sync=True)
    bias = traitlets.Float(-100.0).tag(sync=True)
    with_bias = traitlets.Bool(True).tag(sync=True)
    relu = traitlets.Bool(True).tag(sync=True)
    value = traitlets.Float().tag(sync=True)

    def __init__(self, **options):
        super().__init__(**options)
        self._compute(None)

    @traitlets.validate("window", "kernel")
    def _of_three_channels(self, proposal):
        try:
            array = np.asarray(proposal["value"], dtype=float)
        except (TypeError, ValueError):
            array = np.empty(0)
        if array.shape != (3, 3, 3) or not np.all(np.isfinite(array)):
            raise traitlets.TraitError(
                f"The {proposal['trait'].name} must be 3 channels of 3 x 3 finite numbers: got shape {array.shape}. "
                "Put the channels first, for example np.moveaxis(window, 2, 0)."
            )
        return array.tolist()

    @traitlets.observe("window", "kernel", "use", "bias", "with_bias", "relu")
    def _compute(self, _):
        total = float(self._sums()[np.array(self.use)].sum()) + self.bias * self.with_bias
        self.value = max(0.0, total) if self.relu else total

    def _sums(self):
        return np.multiply(self.window, self.kernel).sum(axis=(1, 2))

    def worked_numbers(self):
        rows = [(name, f"{part:g}") for name, part in zip(("red", "green", "blue"), self._sums())]
        return ("part", "number"), [
            *rows,
            ("bias", f"{self.bias:g}"),
            ("result", f"{self.value:g}"),
            ("parameters, 1 channel to 64", "640"),
            ("parameters, 64 channels to 64", "36,928"),
        ]
