"""The tools of the course, in the order in which the lessons teach them.

`plots` and `networks` are modules of their own: ``from course_utils import plots, networks``.
"""

from .checks import check, hint, progress, solution
from .quizzes import quiz
from .images import load_image, to_display
from .convolution import correlate2d, convolve2d
from .filters import KERNELS, Gradient, Kernel, apply_filter, box_kernel, gaussian_kernel, kernel, median_filter, sobel
from .convolution import output_size, receptive_field, same_padding
from .pooling import average_pool2d, global_average_pool2d, max_pool2d
from .convolution import conv2d
from .datasets import load_fashion_mnist

__version__ = "0.1.0"

__all__ = [
    "check",
    "hint",
    "solution",
    "progress",
    "quiz",
    "load_image",
    "to_display",
    "correlate2d",
    "convolve2d",
    "KERNELS",
    "Kernel",
    "kernel",
    "apply_filter",
    "gaussian_kernel",
    "box_kernel",
    "median_filter",
    "Gradient",
    "sobel",
    "output_size",
    "same_padding",
    "receptive_field",
    "max_pool2d",
    "average_pool2d",
    "global_average_pool2d",
    "conv2d",
    "load_fashion_mnist",
]
