"""Nine products, one sum: one output pixel, term by term (lesson 02)."""

import numpy as np
import traitlets

from .host import Figure, numbers

PATCH = [[0, 64, 128], [48, 192, 144], [142, 226, 168]]
KERNEL = [[-1, 0, -2], [0.5, 4.5, -1.5], [1.5, 2, -3]]


class NineProducts(Figure):
    """One output pixel: a window of 3 x 3 pixels, a kernel, their products and the running sum.

    Attributes
    ----------
    patch, kernel : list of 3 rows of 3 numbers
    step : int
        How many of the nine terms are added, 0 to 9.
    position : list [row, column]
        The cell the learner looks at.
    value : float
        The sum of the terms added so far.
    """

    module = "nine_products"
    title = "Nine products, one sum"
    caption = "Each pixel of the window meets one weight of the kernel; the nine products add up to one output pixel."

    patch = numbers(3, 3, PATCH)
    kernel = numbers(3, 3, KERNEL)
    step = traitlets.Int(9, min=0, max=9).tag(sync=True)
    position = traitlets.List(traitlets.Int(), default_value=[2, 2]).tag(sync=True)
    value = traitlets.Float(577.0).tag(sync=True)

    @traitlets.observe("patch", "kernel", "step")
    def _add_up(self, _):
        terms = np.multiply(self.patch, self.kernel).ravel()
        self.value = float(sum(terms[: self.step]))

    def worked_numbers(self):
        terms = np.multiply(self.patch, self.kernel).ravel()
        rows = zip(np.ravel(self.patch), np.ravel(self.kernel), terms, np.cumsum(terms))
        return ("cell", "pixel", "weight", "product", "running sum"), [
            (f"[{place // 3}, {place % 3}]", *(f"{number + 0:g}" for number in row)) for place, row in enumerate(rows)
        ]
