"""The host of the figures: a notebook widget, a page of its own, or a table, from one JavaScript module."""

import html
import json
import sys
from importlib.resources import files
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from ..validation import real_array

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 1em; color: CanvasText; background: Canvas; }}
main {{ max-width: 62em; margin: auto; font-family: system-ui, sans-serif; }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{caption}</p>
<div id="figure">{fallback}</div>
</main>
<script type="module">
{module}
const state = {state};
const listeners = {{}};
const model = {{
  get: (name) => state[name],
  set: (name, value) => {{
    if (JSON.stringify(state[name]) === JSON.stringify(value)) return;
    state[name] = value;
    for (const listener of listeners[`change:${{name}}`] ?? []) listener();
  }},
  on: (event, listener) => (listeners[event] ??= []).push(listener),
  off: () => {{}},
  save_changes: () => {{}},
}};
figure.render({{ model, el: document.getElementById("figure") }});
</script>
</body>
</html>
"""


def enable_in_colab():
    """Let Colab show widgets that are not its own: without this call it leaves their place empty."""
    if "google.colab" in sys.modules:
        from google.colab import output

        output.enable_custom_widget_manager()


class Figure(anywidget.AnyWidget):
    """A figure that can be touched.

    What the learner does is readable from Python: each traitlet with ``sync=True`` follows the figure.

    Subclasses set `module` (the name of the .js file), `title` and `caption`, and write `worked_numbers`.
    """

    module = ""
    title = ""
    caption = ""

    def __init_subclass__(cls, **options):
        if "module" in vars(cls):  # not in the subclass that anywidget makes of each object
            folder = files("course_utils.figures")
            kit, own = (folder.joinpath(f"{name}.js").read_text(encoding="utf-8") for name in ("kit", cls.module))
            cls._esm = cls.source = f"{kit}\n{own}"
        super().__init_subclass__(**options)

    def worked_numbers(self):
        """Return (header, rows) of a table that says in numbers what the figure shows."""
        raise NotImplementedError

    def to_html(self, path):
        """Write the figure, in its present state, as a page of its own that needs neither a kernel nor a network.

        Parameters
        ----------
        path : str or path
            The file to write; its folder must exist.

        Returns
        -------
        pathlib.Path
        """
        path = Path(path)
        if not path.parent.is_dir():
            raise ValueError(f"The folder must exist: got {path}. Make the folder {path.parent} first.")
        state = {
            name: getattr(self, name) for name, trait in self.traits(sync=True).items() if not name.startswith("_")
        }
        own = {name: value for name, value in state.items() if name not in ("layout", "tabbable", "tooltip")}
        page = _PAGE.format(
            title=html.escape(self.title),
            caption=html.escape(self.caption),
            fallback=self.as_table(),
            module=self.source.replace("export default", "const figure ="),
            state=json.dumps(own | self.page_state()).replace("<", "\\u003c"),
        )
        path.write_text(page, encoding="utf-8")
        return path

    def page_state(self):
        """Return what is other in a page of its own than in the notebook: nothing, mostly."""
        return {}

    def as_table(self):
        """Return the figure as a table of HTML, for where nothing can run."""
        header, rows = self.worked_numbers()
        cell = "border:1px solid #888;padding:0.15em 0.5em;text-align:right"
        head = "".join(f'<th scope="col" style="{cell}">{html.escape(str(name))}</th>' for name in header)
        body = "".join(
            "<tr>" + "".join(f'<td style="{cell}">{html.escape(str(item))}</td>' for item in row) + "</tr>"
            for row in rows
        )
        caption = f'<caption style="text-align:left">{html.escape(self.title)}. {html.escape(self.caption)}</caption>'
        return f'<table style="border-collapse:collapse">{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'

    def as_text(self):
        """Return the same table as plain text."""
        header, rows = self.worked_numbers()
        table = [list(map(str, row)) for row in (header, *rows)]
        widths = [max(map(len, column)) for column in zip(*table)]
        lines = ["  ".join(item.rjust(width) for item, width in zip(row, widths)) for row in table]
        return "\n".join([f"{self.title}. {self.caption}", *lines])

    def _repr_mimebundle_(self, **options):
        bundle = super()._repr_mimebundle_(**options)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return {**(data or {}), "text/html": self.as_table(), "text/plain": self.as_text()}, metadata

    def __repr__(self):
        return f"{type(self).__name__}()"


def numbers(rows, columns, default):
    """Return a traitlet for a table of numbers, `rows` x `columns`, that the figure and Python share."""
    return Table((rows, columns), (rows, columns), default_value=default).tag(sync=True)


def pixels(largest, smallest=3):
    """Return a traitlet for an image of `smallest` to `largest` rows and columns."""
    return Table((smallest,) * 2, (largest,) * 2, default_value=[[0] * smallest] * smallest).tag(sync=True)


class Table(traitlets.List):
    """A list of rows of finite numbers, no smaller and no larger than given."""

    def __init__(self, smallest, largest, **options):
        super().__init__(**options)
        self._smallest, self._largest = smallest, largest

    def validate(self, owner, value):
        array = real_array(value, self.name, "HW")
        fits = all(low <= size <= high for low, size, high in zip(self._smallest, array.shape, self._largest))
        if not fits or not np.all(np.isfinite(array)):
            span = " x ".join(
                str(low) if low == high else f"{low} to {high}" for low, high in zip(self._smallest, self._largest)
            )
            raise traitlets.TraitError(
                f"The {self.name} must be {span} finite numbers: got shape {array.shape}. Cut or resize it first."
            )
        return super().validate(owner, [[int(x) if x.is_integer() else x for x in row] for row in array.tolist()])
