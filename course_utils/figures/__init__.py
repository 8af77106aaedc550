"""Interactive figures: touch the pixels.

Each figure is one JavaScript module beside this file and one class here. The same module runs in a notebook (through
anywidget), in a page of its own that needs no network (`to_html`), and where nothing can run a table says the same.
"""

from .host import Figure
from .nine_products import NineProducts
from .slide_it import SlideIt

__all__ = ["Figure", "NineProducts", "SlideIt"]
