"""How verdicts, hints and the table of progress look: HTML for notebooks, and a plain-text twin of the same words."""

import html
import sys

import numpy as np

from .comparison import show_number

SHOWN = 8  # rows and columns of an array that are shown at most

# The sign and the word carry the meaning; the colour only repeats it. Tints let the theme's own background through.
_LOOKS = {
    "correct": ("✓", "correct", "#1a7f37"),
    "wrong": ("✗", "not yet", "#b35900"),
    "error": ("✗", "not yet", "#b35900"),
    "not started": ("○", "not started", "#6e7781"),
}
_PANEL = (
    "border-left:5px solid {colour};background:{colour}1c;padding:0.5em 0.9em;margin:0.3em 0;max-width:56em;"
    "color:var(--jp-ui-font-color1,inherit);line-height:1.45"
)
_CELL = "padding:0.15em 0.5em;text-align:right;border:1px solid #8884;background:none;color:inherit"
_MARKED = _CELL + ";outline:3px solid #b35900;outline-offset:-2px;font-weight:bold"


def publish(text, page):
    """Show something in the notebook as HTML with `text` as its twin; outside a notebook, print the text."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None or not hasattr(shell, "kernel"):
        print(text)
        return
    from IPython.display import display

    display({"text/html": page, "text/plain": text}, raw=True)


def as_text(verdict):
    """Return a verdict as plain text."""
    sign, word, _ = _LOOKS[verdict.status]
    parts = [f"{sign} {verdict.exercise_id}: {word}", verdict.message]
    parts += [f"{label}:\n{_array_text(value)}" for label, value in verdict.evidence]
    if verdict.comparison:
        got, expected, index = verdict.comparison
        for label, array in (("yours", got), ("expected", expected), ("difference", _minus(got, expected))):
            parts.append(f"{label}:\n{_array_text(array, index)}")
    parts += [f"{title} {text}".strip() for title, text in _remarks(verdict)]
    return "\n".join(parts)


def as_html(verdict):
    """Return a verdict as a panel of HTML. Everything that comes from the learner is escaped."""
    sign, word, colour = _LOOKS[verdict.status]
    parts = [f"<div><b>{sign} {verdict.exercise_id}: {word}</b></div>", f"<div>{_paragraph(verdict.message)}</div>"]
    if verdict.comparison:
        got, expected, index = verdict.comparison
        tables = [("yours", got), ("expected", expected), ("difference", _minus(got, expected))]
        parts.append(_row([_array_html(label, array, index) for label, array in tables]))
    if verdict.evidence:
        tables = [_array_html(label, value) for label, value in verdict.evidence]
        parts.append(f"<details><summary>The call, and what lies behind it</summary>{_row(tables)}</details>")
    parts += [f"<div><small>{title} {_paragraph(text)}</small></div>" for title, text in _remarks(verdict)]
    return f'<div role="status" style="{_PANEL.format(colour=colour)}">{"".join(parts)}</div>'


def panel(title, text, *, pre=False):
    """Return a panel for a hint or a solution."""
    body = (
        f"<pre style='color:inherit;background:none;margin:0.3em 0'>{html.escape(text)}</pre>"
        if pre
        else _paragraph(text)
    )
    return f'<div style="{_PANEL.format(colour="#6e7781")}"><div><b>{html.escape(title)}</b></div>{body}</div>'


def table(rows, header):
    """Return rows of text as an HTML table."""
    cell = "padding:0.15em 0.8em;text-align:left"
    head = "".join(f"<th scope='col' style='{cell}'>{html.escape(name)}</th>" for name in header)
    body = "".join(
        "<tr>" + "".join(f"<td style='{cell}'>{html.escape(str(item))}</td>" for item in row) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _remarks(verdict):
    if verdict.printed:
        yield "Your code printed:", verdict.printed.strip()
    if verdict.warned:
        yield "NumPy warned:", verdict.warned
    drawn = "" if verdict.seed is None else f"Inputs drawn with seed={verdict.seed}."
    if verdict.status == "wrong" or (drawn and verdict.status == "error"):
        yield drawn, f"hint({verdict.exercise_id!r}) gives a pointer."
    elif drawn and verdict.status == "correct":
        yield drawn, ""


def _paragraph(text):
    return html.escape(text).replace("\n", "<br>")


def _row(tables):
    return f'<div style="display:flex;flex-wrap:wrap;gap:1.2em;align-items:flex-start">{"".join(tables)}</div>'


def _array_html(label, value, index=None):
    window, origin = _crop(value, index)
    if window is None:
        return f"<div><small>{html.escape(label)}</small><br><code>{html.escape(_value_text(value))}</code></div>"
    marked = tuple(np.subtract(index[-2:], origin)) if index else None
    rows = []
    for place, line in enumerate(window):
        cells = [
            f'<td style="{_MARKED if marked == (place, column) else _CELL}">{html.escape(show_number(number))}</td>'
            for column, number in enumerate(line)
        ]
        rows.append(f"<tr style='background:none'>{''.join(cells)}</tr>")
    caption = f"{label}{_shape_note(value, origin, index)}"
    return (
        f'<table style="border-collapse:collapse;margin:0.4em 0;font-size:90%"><caption style="text-align:left;color:inherit;white-space:nowrap">'
        f"{html.escape(caption)}</caption><tbody>{''.join(rows)}</tbody></table>"
    )


def _array_text(value, index=None):
    window, origin = _crop(value, index)
    if window is None:
        return f"  {_value_text(value)}"
    marked = tuple(np.subtract(index[-2:], origin)) if index else None
    texts = [
        [
            f"[{show_number(number)}]" if marked == (row, column) else show_number(number)
            for column, number in enumerate(line)
        ]
        for row, line in enumerate(window)
    ]
    width = max(len(text) for line in texts for text in line)
    note = _shape_note(value, origin, index)
    lines = ["  " + " ".join(text.rjust(width) for text in line) for line in texts]
    return "\n".join(([f" {note}"] if note else []) + lines)


def _crop(value, index):
    """Return (rows and columns to show, their origin): around the cell at `index`, within its image and channel."""
    if not isinstance(value, np.ndarray) or value.ndim == 0 or value.size == 0 or value.dtype.kind not in "biuf":
        return None, None
    if value.ndim == 1:
        value = value[np.newaxis]
        index = (0, *index) if index else None
    while value.ndim > 2:
        # (N, H, W, C): the image of the marked cell, and its channel; the first ones if no cell is marked.
        if value.ndim == 3 and value.shape[2] <= 4:
            value = value[..., index[2] if index else 0]
            index = index[:2] if index else None
        elif value.ndim == 4 and index and value.shape[3] > 1:
            value = value[index[0], ..., index[3]]
            index = index[1:3]
        else:
            value = value[index[0] if index else 0]
            index = index[1:] if index else None
    starts = [
        int(min(max(0, (index[axis] if index else 0) - SHOWN // 2), max(0, size - SHOWN)))
        for axis, size in enumerate(value.shape)
    ]
    return value[starts[0] : starts[0] + SHOWN, starts[1] : starts[1] + SHOWN], tuple(starts)


def _shape_note(value, origin, index):
    if value.ndim < 3 and max(value.shape) <= SHOWN:
        return ""
    return f" (shape {value.shape}; a part{' around ' + str(list(index)) if index else ''})"


def _value_text(value):
    if isinstance(value, np.ndarray) and value.ndim:
        return f"array of shape {value.shape}, dtype {value.dtype}"
    text = show_number(value)
    return text if len(text) < 200 else text[:200] + " ..."


def _minus(got, expected):
    return np.subtract(got, expected, dtype=float)
