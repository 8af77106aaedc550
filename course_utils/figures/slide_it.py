"""Slide it: from window to feature map (lesson 02)."""

import numpy as np
import traitlets

from ..convolution import correlate2d
from ..datasets import load_fashion_mnist
from .host import Figure, numbers, pixels


class SlideIt(Figure):
    """A 3 x 3 kernel walks over a small image, and its feature map fills.

    Parameters
    ----------
    image : array_like of shape (H, W), optional
        3 to 40 rows and columns of pixels from 0 to 255; an ankle boot of Fashion-MNIST if not given.

    Attributes
    ----------
    kernel : list of 3 rows of 3 numbers
    position : list [row, column]
        Top left pixel of the window.
    value : float
        The number of the feature map at `position`.
    """

    module = "slide_it"
    title = "Slide it"
    caption = "The window visits every place where the kernel fits; each place gives one number of the feature map."

    image = pixels(largest=40)
    kernel = numbers(3, 3, [[-1, -2, -1], [0, 0, 0], [1, 2, 1]])
    position = traitlets.List(traitlets.Int(min=0), default_value=[10, 10]).tag(sync=True)
    value = traitlets.Float().tag(sync=True)

    def __init__(self, image=None, **options):
        super().__init__(image=load_fashion_mnist().test_images[0] if image is None else image, **options)
        self._compute(None)

    @traitlets.validate("position")
    def _stay_inside(self, proposal):
        last = np.array(np.shape(self.image)) - 3
        return [int(place) for place in np.clip(proposal["value"], 0, last)] if len(proposal["value"]) == 2 else [0, 0]

    @traitlets.observe("kernel", "position")
    def _compute(self, _):
        self.value = float(correlate2d(self.image, self.kernel)[tuple(self.position)])

    def worked_numbers(self):
        height, width = np.shape(self.image)
        output = correlate2d(self.image, self.kernel)
        row, column = self.position
        return ("", "number"), [
            ("image", f"{height} x {width}"),
            ("feature map", f"{output.shape[0]} x {output.shape[1]}"),
            ("positions", f"{output.size:,}"),
            ("multiplications", f"{9 * output.size:,}"),
            (f"at row {row}, column {column}", f"{output[row, column]:g}"),
            ("smallest", f"{output.min():g}"),
            ("largest", f"{output.max():g}"),
        ]
