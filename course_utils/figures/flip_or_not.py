"""Flip or not: correlation against convolution, on one window (lesson 02)."""

import numpy as np
import traitlets

from .host import Figure, numbers
from .nine_products import KERNEL, PATCH


class FlipOrNot(Figure):
    """Predict whether convolution gives a smaller, an equal or a larger number than correlation; then see both.

    Attributes
    ----------
    patch, kernel : list of 3 rows of 3 numbers
    prediction : {"", "smaller", "equal", "larger"}
        What the learner said; the answer is hidden while it is empty.
    correlation, convolution : float
    """

    module = "flip_or_not"
    title = "Flip or not"
    caption = "Correlation lays the kernel on the window as it is; convolution turns it by 180 degrees first."

    patch = numbers(3, 3, PATCH)
    kernel = numbers(3, 3, KERNEL)
    prediction = traitlets.Enum(["", "smaller", "equal", "larger"], default_value="").tag(sync=True)
    correlation = traitlets.Float(577.0).tag(sync=True)
    convolution = traitlets.Float(732.0).tag(sync=True)

    @traitlets.observe("patch", "kernel")
    def _compute(self, _):
        kernel = np.array(self.kernel)
        self.correlation = float(np.sum(self.patch * kernel))
        self.convolution = float(np.sum(self.patch * kernel[::-1, ::-1]))

    def worked_numbers(self):
        rows = [("yours", self.kernel), ("notes", KERNEL), ("Sobel x", [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])]
        rows.append(("Gaussian", [[1, 2, 1], [2, 4, 2], [1, 2, 1]]))
        sums = [
            (name, np.sum(np.multiply(self.patch, k)), np.sum(self.patch * np.array(k)[::-1, ::-1])) for name, k in rows
        ]
        return ("kernel", "correlation", "convolution"), [(name, f"{a:g}", f"{b:g}") for name, a, b in sums]
