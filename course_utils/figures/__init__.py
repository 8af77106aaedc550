"""Interactive figures: touch the pixels.

Each figure is one JavaScript module beside this file and one class here. The same module runs in a notebook (through
anywidget), in a page of its own that needs no network (`to_html`), and where nothing can run a table says the same.
"""

from .channels import Channels
from .flip_or_not import FlipOrNot
from .host import Figure, enable_in_colab
from .inside_model import InsideModel
from .kernel_lab import KernelLab
from .nine_products import NineProducts
from .pooling import Pooling
from .size_calculator import SizeCalculator
from .slide_it import SlideIt
from .sobel_compass import SobelCompass
from .watch_learning import WatchLearning
from .where_did_it_go import WhereDidItGo

__all__ = [
    "Channels",
    "Figure",
    "FlipOrNot",
    "InsideModel",
    "KernelLab",
    "NineProducts",
    "Pooling",
    "SizeCalculator",
    "SlideIt",
    "SobelCompass",
    "WatchLearning",
    "WhereDidItGo",
]

enable_in_colab()
