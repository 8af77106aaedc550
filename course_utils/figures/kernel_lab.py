"""Kernel lab: any kernel on a picture (lesson 03)."""

import base64
import io

import numpy as np
import traitlets

from ..filters import KERNELS, apply_filter
from ..images import load_image
from .host import Figure, Table

PRESETS = {
    name.replace("_", " "): {"weights": entry.weights.tolist(), "factor": entry.factor, "bias": entry.bias}
    for name, entry in KERNELS.items()
    if entry.weights.shape in ((3, 3), (5, 5))
}
PAGE_SIZE = 384  # pixels: a page of its own stays below 150 kB


class KernelLab(Figure):
    """Any 3 x 3 or 5 x 5 kernel on a picture: ascent, the photo, or one's own.

    Parameters
    ----------
    picture : {"ascent", "face"} or ndarray of uint8, (H, W) or (H, W, 3), optional

    Attributes
    ----------
    kernel : list of 3 or 5 rows
    factor, bias : float
    view : {"signed", "picture"}
    position : list [row, column]
    value : float
        The response at `position`, factor and bias included.
    """

    module = "kernel_lab"
    title = "Kernel lab"
    caption = (
        "Each pixel of the response is the weighted sum of the window around it. Orange is below zero, purple above."
    )

    picture = traitlets.Unicode().tag(sync=True)
    presets = traitlets.Dict(PRESETS).tag(sync=True)
    kernel = Table((3, 3), (5, 5), default_value=PRESETS["sobel x"]["weights"]).tag(sync=True)
    factor = traitlets.Float(1.0).tag(sync=True)
    bias = traitlets.Float(0.0).tag(sync=True)
    view = traitlets.Enum(["signed", "picture"], default_value="signed").tag(sync=True)
    position = traitlets.List(traitlets.Int(min=0), default_value=[200, 300]).tag(sync=True)
    value = traitlets.Float().tag(sync=True)

    def __init__(self, picture="ascent", **options):
        self._pixels = load_image(picture) if isinstance(picture, str) else np.asarray(picture)
        middle = [size // 2 for size in self._pixels.shape[:2]]
        super().__init__(**{"picture": _as_url(self._pixels), "position": middle} | options)

    def worked_numbers(self):
        """Return what the presets make of the picture: the mean and the span of the filtered pixels."""
        rows = []
        for name, preset in PRESETS.items():
            weights = np.array(preset["weights"])
            shown = apply_filter(self._pixels, weights, factor=preset["factor"], bias=preset["bias"])
            total = weights.sum() * preset["factor"]
            rows.append((name, f"{weights.shape[0]} x {weights.shape[1]}", f"{total:.3g}", f"{shown.mean():.1f}"))
        return ("kernel", "size", "sum of the weights", "mean of the picture"), rows

    def page_state(self):
        """The page holds a smaller copy of a large picture, so that it stays light."""
        height, width = self._pixels.shape[:2]
        if max(height, width) <= PAGE_SIZE:
            return {}
        from PIL import Image

        scale = PAGE_SIZE / max(height, width)
        small = Image.fromarray(self._pixels).resize(
            (round(width * scale), round(height * scale)), Image.Resampling.LANCZOS
        )
        return {"picture": _as_url(np.asarray(small))}


def _as_url(pixels):
    """Return a picture as the text of a lossless PNG."""
    from PIL import Image

    if pixels.dtype != np.uint8:
        raise TypeError(
            f"The picture must be uint8 with values 0..255: got dtype {pixels.dtype}. Use to_display(picture, 'clip')."
        )
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
