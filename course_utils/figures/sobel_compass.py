"""Sobel compass: the gradient of one patch (lesson 04)."""

import numpy as np
import traitlets

from ..filters import sobel
from .host import Figure, numbers
from .nine_products import PATCH


class SobelCompass(Figure):
    """Turn an edge and read both Sobel responses, their length and their direction.

    Attributes
    ----------
    patch : list of 3 rows of 3 numbers
        Pixels from 0 to 255.
    angle : int or None
        Direction of the edge in degrees, 0 to the right, 90 downwards; None for a patch of one's own.
    x, y, magnitude : float
    direction : float
        In degrees, -180 to 180.
    """

    module = "sobel_compass"
    title = "Sobel compass"
    caption = "Sobel x and Sobel y are the two sides of a right triangle: its long side is how strong the edge is and where it points."

    patch = numbers(3, 3, PATCH)
    angle = traitlets.Int(None, allow_none=True).tag(sync=True)
    x = traitlets.Float(346.0).tag(sync=True)
    y = traitlets.Float(506.0).tag(sync=True)
    magnitude = traitlets.Float(float(np.hypot(346, 506))).tag(sync=True)
    direction = traitlets.Float(float(np.degrees(np.arctan2(506, 346)))).tag(sync=True)

    @traitlets.observe("patch")
    def _compute(self, _):
        gradient = sobel(self.patch)
        self.x, self.y, self.magnitude = (float(part.item()) for part in gradient[:3])
        self.direction = float(np.degrees(gradient.angle.item()))

    def worked_numbers(self):
        return ("", "value"), [
            ("gx", f"{self.x:g}"),
            ("gy", f"{self.y:g}"),
            ("magnitude", f"{self.magnitude:.2f}"),
            ("direction in degrees", f"{self.direction:.1f}"),
        ]
