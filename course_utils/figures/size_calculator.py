"""Size calculator with pixels: padding, stride and dilation along one axis (lesson 05)."""

import traitlets

from ..convolution import output_size, same_padding
from .host import Figure


class SizeCalculator(Figure):
    """One axis of an image, its padding, and the positions of a kernel on it.

    Attributes
    ----------
    size, kernel_size, stride, dilation : int
        1 to 32, 1 to 7, 1 to 4, 1 to 3.
    padding : {"valid", "same"} or int
        0 to 3 cells at both ends, or Keras's rule of that name.
    position : int
        The output cell the learner looks at.
    output : int
        How many positions there are; 0 if the kernel does not fit.
    """

    module = "size_calculator"
    title = "Size calculator with pixels"
    caption = "One axis of an image: where the kernel fits, what padding adds, and which pixels no window reaches."

    size = traitlets.Int(8, min=1, max=32).tag(sync=True)
    kernel_size = traitlets.Int(3, min=1, max=7).tag(sync=True)
    stride = traitlets.Int(2, min=1, max=4).tag(sync=True)
    dilation = traitlets.Int(1, min=1, max=3).tag(sync=True)
    padding = traitlets.Union(
        [traitlets.Enum(["valid", "same"]), traitlets.Int(min=0, max=3)], default_value="valid"
    ).tag(sync=True)
    position = traitlets.Int(0, min=0).tag(sync=True)
    output = traitlets.Int(3).tag(sync=True)

    @traitlets.observe("size", "kernel_size", "stride", "dilation", "padding")
    def _compute(self, _):
        self.output = _output(self.size, self.kernel_size, self.padding, self.stride, self.dilation)

    def worked_numbers(self):
        examples = [
            (self.size, self.kernel_size, self.padding, self.stride, self.dilation),
            (28, 3, "valid", 1, 1),
            (11, 2, "valid", 2, 1),
            (8, 3, "valid", 2, 1),
            (28, 3, "same", 2, 1),
        ]
        rows = [(*example, *_ends(*example), _output(*example)) for example in dict.fromkeys(examples)]
        return ("pixels", "kernel", "padding", "stride", "dilation", "before", "after", "output"), rows


def _output(size, kernel_size, padding, stride, dilation):
    try:
        return output_size(size, kernel_size, padding=padding, stride=stride, dilation=dilation)
    except ValueError:  # the kernel does not fit
        return 0


def _ends(size, kernel_size, padding, stride, dilation):
    if padding == "same":
        return same_padding(size, dilation * (kernel_size - 1) + 1, stride)
    return (0, 0) if padding == "valid" else (padding, padding)
