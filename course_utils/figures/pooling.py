"""Pooling: what survives (lesson 06)."""

import numpy as np
import traitlets

from ..pooling import average_pool2d, max_pool2d
from .host import Figure, pixels

# The notes' patch sits in the top left corner.
IMAGE = [
    [0, 64, 128, 128, 20, 20],
    [48, 192, 144, 144, 20, 220],
    [142, 226, 168, 0, 0, 20],
    [142, 226, 168, 0, 255, 20],
]


class Pooling(Figure):
    """Max and average pooling of a small image, and how much changes when the image moves.

    Attributes
    ----------
    image : list of rows
        4 to 12 rows and columns of numbers from 0 to 255.
    kind : {"max", "average"}
    size, stride : int
        1 to 4.
    shift : int
        Columns by which the image is moved to the right, 0 to 3.
    pooled : list of rows
    """

    module = "pooling"
    title = "Pooling: what survives"
    caption = "Of each window one number is kept: the largest, or the mean. Nothing is learned."

    image = pixels(largest=12, smallest=4)
    kind = traitlets.Enum(["max", "average"], default_value="max").tag(sync=True)
    size = traitlets.Int(2, min=1, max=4).tag(sync=True)
    stride = traitlets.Int(2, min=1, max=4).tag(sync=True)
    shift = traitlets.Int(0, min=0, max=3).tag(sync=True)
    pooled = traitlets.List().tag(sync=True)

    def __init__(self, image=None, **options):
        super().__init__(image=IMAGE if image is None else image, **options)
        self._compute(None)

    @traitlets.observe("kind", "size", "stride", "shift")
    def _compute(self, _):
        if self.image:
            self.pooled = self._pool(self.kind).tolist()

    def _pool(self, kind):
        width = np.shape(self.image)[1]
        moved = np.pad(self.image, ((0, 0), (self.shift, 0)))[:, :width]
        return (max_pool2d if kind == "max" else average_pool2d)(moved, self.size, stride=self.stride)

    def worked_numbers(self):
        pooled = {kind: self._pool(kind) for kind in ("max", "average")}
        rows, columns = pooled["max"].shape
        return ("window", "max", "average"), [
            (f"[{row}, {column}]", *(f"{pooled[kind][row, column]:g}" for kind in pooled))
            for row in range(rows)
            for column in range(columns)
        ] + [("dropped", f"{100 * (1 - rows * columns / np.size(self.image)):.0f} %", ""), ("parameters", "0", "0")]
