"""Watch filters learn: the kernels of a run, from the first numbers to the last (lessons 08 and 10)."""

import numpy as np
import traitlets

from .host import Figure


class WatchLearning(Figure):
    """Scrub through the kernels of a training run that was just made.

    Parameters
    ----------
    kernels : array_like of shape (E, h, w) or (E, h, w, F)
        The kernel, or F kernels, at the start and after each of the following epochs or steps; at most 16 are shown.
    curve : sequence of E numbers, optional
        The true accuracy or loss at the same moments.
    label, step_name : str
        What the numbers of `curve` are, and what one step is.

    Attributes
    ----------
    epoch : int
    """

    module = "watch_learning"
    title = "Watch filters learn"
    caption = "Orange weights are below zero, purple above; the colours mean the same in every epoch."

    kernels = traitlets.List().tag(sync=True)
    curve = traitlets.List(traitlets.Float()).tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)
    step_name = traitlets.Unicode().tag(sync=True)
    epoch = traitlets.Int(0, min=0).tag(sync=True)

    def __init__(self, kernels, curve=(), *, label="accuracy", step_name="Epoch", **options):
        kernels = np.asarray(kernels, dtype=float)
        if kernels.ndim == 3:
            kernels = kernels[..., np.newaxis]
        curve = [float(number) for number in curve]
        if (
            kernels.ndim != 4
            or kernels.size == 0
            or not np.all(np.isfinite(kernels))
            or len(curve) not in (0, len(kernels))
        ):
            raise ValueError(
                f"The kernels must be finite, of shape (E, h, w) or (E, h, w, F), with E numbers in the curve: got {kernels.shape} "
                f"and {len(curve)} numbers. Keep one kernel and one number for each epoch."
            )
        frames = np.moveaxis(kernels[..., :16], 3, 1).round(4).tolist()
        super().__init__(
            kernels=frames, curve=curve, label=label, step_name=step_name, epoch=len(frames) - 1, **options
        )

    @traitlets.validate("epoch")
    def _exists(self, proposal):
        return min(proposal["value"], max(0, len(self.kernels) - 1))

    def worked_numbers(self):
        rows = []
        for place, frame in enumerate(self.kernels):
            kernel = "; ".join(" ".join(f"{weight:g}" for weight in row) for row in frame[0])
            rows.append((place, f"{self.curve[place]:.4g}" if self.curve else "", kernel))
        return (self.step_name.lower(), self.label, "first kernel"), rows
