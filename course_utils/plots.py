"""Every static picture of the course.

Each function draws at a size fixed for its kind, puts a caption and an alternative text under the picture, and returns
Matplotlib axes. In a notebook the picture appears by itself; the axes print nothing.
"""

import base64
import html
import io
import math

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from .convolution import correlate2d, output_size
from .images import to_display
from .validation import real_array

PANEL = 3.0  # inches: the longer side of a picture
CELL = 0.62  # inches: one cell of a small array that shows its numbers
SMALL = 12  # an array of at most this many rows and columns shows its numbers
MARK = "#b8003a"  # for the window, the pixel, the point that the text speaks of

_STYLE = {"axes.titlesize": 10.5, "font.size": 10, "axes.spines.top": False, "axes.spines.right": False}


class Picture(Figure):
    """A figure that a notebook shows with its caption and with an alternative text for those who cannot see it."""

    caption = ""
    alternative = ""

    def _repr_html_(self):
        image = io.BytesIO()
        self.savefig(image, format="png", dpi=160, bbox_inches="tight", facecolor="white")
        data = base64.b64encode(image.getvalue()).decode()
        width = round(
            int.from_bytes(image.getvalue()[16:20], "big") * 96 / 160
        )  # PNG: the width stands in bytes 16..19
        caption = f'<figcaption style="max-width:46em">{html.escape(self.caption)}</figcaption>' if self.caption else ""
        return (
            f'<figure style="margin:0.4em 0"><img src="data:image/png;base64,{data}" width="{width}" '
            f'style="max-width:100%" alt="{html.escape(self.alternative)}">{caption}</figure>'
        )


class QuietAxes(Axes):
    """Axes that print nothing when they are the last line of a cell: the picture is shown already."""

    def _ipython_display_(self):
        pass


class QuietPanels(tuple):
    """Several axes, as quiet as one."""

    def _ipython_display_(self):
        pass


def show(*arrays, titles=(), caption="", kind=None, limit=None, columns=None, numbers=None):
    """Show arrays side by side.

    Parameters
    ----------
    *arrays : array_like of shape (H, W) or (H, W, 3)
        Up to 12 x 12, the numbers stand in the cells.
    titles : str or sequence of str
        What each one is.
    caption : str
        What to see, and how one value comes about.
    kind : {None, "picture", "signed", "positive"}, or a sequence of them
        "picture": grey from 0 to 255, or colour. "signed": orange below zero, purple above, white at zero. "positive": grey
        from 0 up to the largest number. None chooses: uint8 and bool are pictures, floats are signed if any is negative.
    limit : float, optional
        The number that gets the strongest colour, in every panel. By default, the largest of each panel.
    columns : int, optional
        Panels in a row; all of them, up to 4, if not given.
    numbers : bool, optional
        Whether to write the numbers into the cells; by size if not given.

    Returns
    -------
    Axes, or a tuple of Axes if there are several arrays
    """
    arrays = [np.asarray(array) for array in arrays]
    if not arrays or any(array.ndim not in (2, 3) for array in arrays):
        raise ValueError(
            "Each array must have shape (H, W) or (H, W, 3): got "
            f"{[array.shape for array in arrays]}. Select one image first, for example images[0]."
        )
    titles = [titles] if isinstance(titles, str) else list(titles)
    titles += [""] * (len(arrays) - len(titles))
    kinds = [kind] * len(arrays) if kind is None or isinstance(kind, str) else list(kind)
    columns = columns or min(4, len(arrays))
    rows = math.ceil(len(arrays) / columns)
    with_numbers = [max(array.shape) <= SMALL and array.ndim == 2 if numbers is None else numbers for array in arrays]
    sizes = [_panel_size(array, lettered) for array, lettered in zip(arrays, with_numbers)]
    widths = [max(size[0] for size in sizes[column::columns]) for column in range(min(columns, len(arrays)))]
    heights = [max(size[1] for size in sizes[row * columns : (row + 1) * columns]) for row in range(rows)]
    figure, grid = _picture(
        (sum(widths) + 0.9 * len(widths), sum(heights) + 0.5 * rows),
        rows,
        len(widths),
        caption,
        width_ratios=widths,
        height_ratios=heights,
    )
    panels = list(grid.flat)
    for axes in panels[len(arrays) :]:
        axes.set_axis_off()
    for axes, array, title, kind_, lettered in zip(panels, arrays, titles, kinds, with_numbers):
        _draw(axes, array, kind_ or _natural_kind(array), limit, lettered)
        axes.set_title(title)
    _describe(figure, titles[: len(arrays)], caption)
    return panels[0] if len(arrays) == 1 else QuietPanels(panels[: len(arrays)])


def show_yours(exercise, *arrays, **options):
    """Show arrays of which some come from the learner's own function; if one is no picture, say what to solve first.

    Parameters
    ----------
    exercise : str
        The number of the exercise, for example "6.1".
    *arrays, **options
        As for `show`. A tuple stands for its parts.

    Returns
    -------
    as from `show`, or None
    """
    arrays = [part for array in arrays for part in (array if isinstance(array, tuple) else [array])]
    if not all(map(_is_picture, arrays)):
        print(f"Solve exercise {exercise} first: then the picture appears here.")
        return None
    return show(*arrays, **options)


def _is_picture(array):
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "biuf" or array.size == 0:
        return False
    return array.ndim == 2 or (array.ndim == 3 and array.shape[2] == 3)


def show_window(image, row, column, height, width, *, title="", caption=""):
    """Show where a window lies in an image, and the numbers in it. (row, column) is its top left pixel.

    Returns
    -------
    tuple of two Axes
    """
    image = np.asarray(image)
    window = image[row : row + height, column : column + width]
    whole, part = show(
        image,
        window,
        titles=(title, f"rows {row} to {row + height - 1}, columns {column} to {column + width - 1}"),
        caption=caption,
        kind="picture",
    )
    # On a large image a small window is a speck: the frame is drawn around it at a visible size.
    margin = max(0, 0.012 * max(image.shape) - 1)
    mark(whole, row - margin, column - margin, height + 2 * margin, width + 2 * margin)
    return QuietPanels((whole, part))


def show_products(window, kernel, *, caption=""):
    """Show one output pixel: the window, the kernel, their products cell by cell, and the sum.

    Returns
    -------
    tuple of three Axes
    """
    window = real_array(window, "window", "HW")
    kernel = real_array(kernel, "kernel", "HW")
    if window.shape != kernel.shape:
        raise ValueError(
            f"The window and the kernel must have the same shape: got {window.shape} and {kernel.shape}. "
            "Cut a window of the kernel's size."
        )
    products = window * kernel
    # Grey stands for brightness only where the window holds pixels.
    pixels = (
        window
        if window.min() < 0 or window.max() > 255
        else window.astype(np.uint8 if np.all(window % 1 == 0) else float)
    )
    panels = show(
        pixels,
        kernel,
        products,
        titles=("window", "kernel", f"products: their sum is {_number(products.sum())}"),
        kind=(_natural_kind(pixels), "signed", "signed"),
        caption=caption,
        numbers=True,
    )
    for axes, sign in zip(panels, ("×", "=")):
        axes.text(1.08, 0.5, sign, transform=axes.transAxes, fontsize=18, ha="left", va="center")
    return panels


def show_sliding(image, kernel, positions, *, caption=""):
    """Show the kernel at some positions (row, column) of a small image, above the feature map it has filled so far.

    Returns
    -------
    tuple of Axes: the images, then the feature maps
    """
    image = np.asarray(image)
    kernel = np.asarray(kernel)
    output = correlate2d(image, kernel)
    partial = []
    for row, column in positions:
        filled = output.copy()
        filled.flat[row * output.shape[1] + column + 1 :] = np.nan
        partial.append(filled)
    panels = show(
        *[image] * len(positions),
        *partial,
        titles=[f"window at [{row}, {column}]" for row, column in positions] + ["feature map so far"] * len(positions),
        kind=["picture" if image.dtype == np.uint8 else "positive"] * len(positions) + ["signed"] * len(positions),
        limit=np.max(np.abs(output)) if image.dtype == np.uint8 else None,  # one number, one colour in all feature maps
        columns=len(positions),
        caption=caption,
    )
    for (row, column), above, below in zip(positions, panels, panels[len(positions) :]):
        mark(above, row, column, *kernel.shape)
        mark(below, row, column, 1, 1)
    return panels


def show_pooling(image, pooled, size, *, titles=("image", "pooled"), caption=""):
    """Show a small image with the borders of its pooling windows, next to what is left of each.

    Returns
    -------
    tuple of two Axes
    """
    image = np.asarray(image)
    before, after = show(
        image, pooled, titles=titles, kind=_natural_kind(image), limit=np.max(np.abs(image)), caption=caption
    )
    for row in range(output_size(image.shape[0], size, stride=size)):
        for column in range(output_size(image.shape[1], size, stride=size)):
            mark(before, row * size, column * size, size, size)
    return QuietPanels((before, after))


def mark(axes, row, column, height, width):
    """Frame the cells from (row, column) on, in red with a white seam that is seen on black as well."""
    for colour, line in (("white", 4), (MARK, 2.2)):
        corner = (column - 0.5, row - 0.5)
        looks = {"fill": False, "edgecolor": colour, "linewidth": line, "clip_on": False}
        axes.add_patch(Rectangle(corner, width, height, zorder=2.8, **looks))  # above the panel's border, below text


def show_histogram(*arrays, titles=(), caption="", allowed=(0, 255)):
    """Show how often each value occurs, and which lie outside the `allowed` range of a picture.

    Returns
    -------
    Axes, or a tuple of Axes if there are several arrays
    """
    titles = [titles] if isinstance(titles, str) else list(titles)
    figure, grid = _picture((4.2 * len(arrays), 2.6), 1, len(arrays), caption)
    for axes, array, title in zip(grid.flat, arrays, titles):
        values = np.asarray(array, dtype=float).ravel()
        outside = np.mean((values < allowed[0]) | (values > allowed[1]))
        axes.hist(values, bins=60, color="#4a4a4a")
        axes.axvspan(*allowed, color="#f2b701", alpha=0.25, zorder=0)
        axes.set_title(f"{title}: {outside:.0%} outside {allowed[0]} to {allowed[1]}")
        axes.set_xlabel("value")
        axes.set_ylabel("pixels")
    _describe(figure, titles, caption)
    return grid.flat[0] if len(arrays) == 1 else QuietPanels(grid.flat)


def show_directions(gradient, *, title="direction of the gradient", step=4, caption=""):
    """Show a Sobel gradient as arrows that point to where it gets brighter, on top of its magnitude.

    Parameters
    ----------
    gradient : Gradient
    step : int
        Of every block of `step` x `step` pixels, the strongest gets an arrow if it is strong at all.

    Returns
    -------
    Axes
    """
    axes = show(gradient.magnitude, titles=title, kind="positive", caption=caption, numbers=False)
    rows, columns = np.nonzero(gradient.magnitude > 0.5 * gradient.magnitude.max())
    order = np.argsort(-gradient.magnitude[rows, columns], kind="stable")
    rows, columns = rows[order], columns[order]
    blocks = rows // step * gradient.magnitude.shape[1] + columns // step
    _, strongest = np.unique(blocks, return_index=True)
    rows, columns = rows[strongest], columns[strongest]
    angle = gradient.angle[rows, columns]
    length = max(gradient.magnitude.shape) / 12
    x, y = length * np.cos(angle), length * np.sin(angle)
    looks = {"color": "#ffb000", "edgecolor": "black", "linewidth": 0.4, "width": 0.008}
    axes.quiver(columns, rows, x, y, angles="xy", scale_units="xy", scale=1, **looks)
    return axes


def show_classes(images, labels, class_names, *, per_class=8, caption=""):
    """Show the first `per_class` images of each class, a row for each class.

    Returns
    -------
    Axes
    """
    rows = [np.concatenate(list(images[labels == label][:per_class]), axis=1) for label in range(len(class_names))]
    figure, grid = _picture((0.55 * per_class + 1.2, 0.55 * len(rows)), 1, 1, caption)
    axes = grid.flat[0]
    height = images.shape[1]
    axes.imshow(np.concatenate(rows), cmap="gray", vmin=0, vmax=255)
    axes.set_xticks([])
    axes.set_yticks(
        np.arange(len(rows)) * height + height / 2 - 0.5, [f"{n}  {name}" for n, name in enumerate(class_names)]
    )
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    _describe(figure, [f"{per_class} images of each class: " + ", ".join(class_names)], caption)
    return axes


def show_images(images, titles, *, columns=6, caption=""):
    """Show pictures of one size in a grid, each with its title.

    Returns
    -------
    tuple of Axes
    """
    rows = math.ceil(len(images) / columns)
    figure, grid = _picture((1.55 * columns, 1.85 * rows), rows, columns, caption)
    for axes in grid.flat:
        axes.set_axis_off()
    for axes, image, title in zip(grid.flat, images, titles):
        axes.imshow(image, cmap="gray", vmin=0, vmax=255)
        axes.set_title(title, fontsize=8.5)
    _describe(figure, titles, caption)
    return QuietPanels(list(grid.flat)[: len(images)])


def show_feature_maps(maps, *, titles=(), columns=8, caption=""):
    """Show feature maps of shape (H, W, F), each in grey from its own smallest to its largest number.

    Returns
    -------
    tuple of Axes
    """
    maps = real_array(maps, "feature maps", "HWF")
    rows = math.ceil(maps.shape[2] / columns)
    figure, grid = _picture((1.1 * columns, 1.25 * rows), rows, columns, caption)
    for index, axes in enumerate(grid.flat):
        axes.set_axis_off()
        if index < maps.shape[2]:
            axes.imshow(to_display(maps[..., index], "rescale"), cmap="gray", vmin=0, vmax=255)
            axes.set_title(titles[index] if index < len(titles) else f"{index}", fontsize=8)
    _describe(figure, [f"{maps.shape[2]} feature maps of {maps.shape[0]} x {maps.shape[1]}"], caption)
    return QuietPanels(list(grid.flat)[: maps.shape[2]])


def show_kernels(kernels, *, titles=(), columns=16, caption=""):
    """Show kernels of shape (h, w, F) in one scale for all: orange below zero, purple above, white at zero.

    Returns
    -------
    tuple of Axes
    """
    kernels = real_array(kernels, "kernels", "HWF")
    rows = math.ceil(kernels.shape[2] / columns)
    strongest = np.abs(kernels).max() or 1
    figure, grid = _picture((0.62 * columns + 0.9, 0.82 * rows), rows, columns, caption)
    for index, axes in enumerate(grid.flat):
        axes.set_axis_off()
        if index < kernels.shape[2]:
            image = axes.imshow(kernels[..., index], cmap="PuOr", vmin=-strongest, vmax=strongest)
            frame = {"fill": False, "edgecolor": "#999999", "linewidth": 0.6, "clip_on": False}
            axes.add_patch(Rectangle((-0.5, -0.5), kernels.shape[1], kernels.shape[0], **frame))
            axes.set_title(titles[index] if index < len(titles) else f"{index}", fontsize=8, pad=2)
    figure.colorbar(image, ax=list(grid.flat), shrink=0.8, pad=0.02).outline.set_visible(False)
    _describe(figure, [f"{kernels.shape[2]} kernels of {kernels.shape[0]} x {kernels.shape[1]}"], caption)
    return QuietPanels(list(grid.flat)[: kernels.shape[2]])


def show_heat(images, heats, titles, *, columns=6, caption=""):
    """Show pictures with a heat map of the same size, 0 to 1, laid over each: the hotter, the more orange.

    A line surrounds what is hotter than half of the hottest.

    Returns
    -------
    tuple of Axes
    """
    panels = show_images(images, titles, columns=columns, caption=caption)
    for axes, heat in zip(panels, heats):
        glow = np.zeros((*np.shape(heat), 4))
        glow[...] = (1, 0.55, 0, 0)
        glow[..., 3] = 0.75 * np.clip(heat, 0, 1)
        axes.imshow(glow)
        if np.max(heat) > 0:
            axes.contour(heat, levels=[0.5 * np.max(heat)], colors="white", linewidths=1)
    return panels


def show_curves(curves, *, x=None, xlabel="epoch", ylabel="", title="", caption=""):
    """Show one line for each entry of `curves`, a dict from label to numbers. Lines differ in dash and marker, too.

    Returns
    -------
    Axes
    """
    figure, grid = _picture((5.6, 3.2), 1, 1, caption)
    axes = grid.flat[0]
    looks = [("#1b4f9c", "-", "o"), ("#c8500a", "--", "s"), ("#007a5e", "-.", "^"), ("#6a3d9a", ":", "D")]
    for (label, numbers), (colour, dash, marker) in zip(curves.items(), looks * len(curves)):
        places = np.arange(1, len(numbers) + 1) if x is None else x
        axes.plot(places, numbers, dash, color=colour, marker=marker, markersize=5, label=label)
    if x is None or np.asarray(x).dtype.kind in "iu":
        axes.xaxis.set_major_locator(plt.MaxNLocator(integer=True))
    axes.set(xlabel=xlabel, ylabel=ylabel, title=title)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    _describe(
        figure, [title or ylabel, *(f"{label}: from {v[0]:.3g} to {v[-1]:.3g}" for label, v in curves.items())], caption
    )
    return axes


def show_confusion(matrix, class_names, *, title="", caption=""):
    """Show a confusion matrix: rows are the true classes, columns the predicted ones.

    Returns
    -------
    Axes
    """
    matrix = np.asarray(matrix)
    figure, grid = _picture((6.2, 5.4), 1, 1, caption)
    axes = grid.flat[0]
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Purples", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(matrix):
        if count:
            colour = "white" if shares[row, column] > 0.5 else "black"
            axes.text(column, row, f"{count}", ha="center", va="center", color=colour, fontsize=9)
    places = np.arange(len(class_names))
    axes.set_xticks(places, class_names, rotation=45, ha="right")
    axes.set_yticks(places, class_names)
    axes.set(xlabel="predicted class", ylabel="true class", title=title)
    axes.spines[:].set_visible(False)
    _describe(figure, [title or "confusion matrix"], caption)
    return axes


def _picture(size, rows, columns, caption, **ratios):
    """Return a figure and its grid of quiet axes."""
    # The first figure makes a notebook show figures by itself; inside the context, that would be undone at its end.
    figure = plt.figure(FigureClass=Picture, figsize=size, layout="constrained")
    with plt.rc_context(_STYLE):
        grid = figure.subplots(rows, columns, squeeze=False, subplot_kw={"axes_class": QuietAxes}, gridspec_kw=ratios)
    figure.caption = caption
    return figure, grid


def _describe(figure, titles, caption):
    figure.alternative = ". ".join(part.rstrip(".") for part in [*titles, caption] if part) + "."


def _panel_size(array, lettered):
    height, width = array.shape[:2]
    if lettered or (array.ndim == 3 and max(height, width) <= SMALL):
        return CELL * width, CELL * height
    return PANEL * width / max(height, width), PANEL * height / max(height, width)


def _natural_kind(array):
    if array.dtype in (np.uint8, bool):
        return "picture"
    return "signed" if np.nanmin(array) < 0 else "positive"


def _draw(axes, array, kind, limit, lettered):
    if kind == "picture":
        options = {"cmap": "gray", "vmin": 0, "vmax": 1 if array.dtype == bool else 255}
    elif kind in ("signed", "positive"):
        strongest = limit or np.nanmax(np.abs(array)) or 1
        options = (
            {"cmap": "PuOr", "vmin": -strongest, "vmax": strongest}
            if kind == "signed"
            else {"cmap": "gray", "vmin": 0, "vmax": strongest}
        )
    else:
        raise ValueError(
            f"The kind must be 'picture', 'signed' or 'positive': got {kind!r}. Leave it out to choose by dtype."
        )
    image = axes.imshow(array, interpolation="nearest", **options)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(True)
    if lettered:
        _write_numbers(axes, array, image)
    elif kind == "signed":
        bar = axes.figure.colorbar(image, ax=axes, shrink=0.75, pad=0.03)
        bar.outline.set_visible(False)


def _write_numbers(axes, array, image):
    for (row, column), value in np.ndenumerate(array):
        if not np.isfinite(value):
            axes.text(column, row, "?", ha="center", va="center", color="#767676")
            continue
        red, green, blue, _ = image.cmap(image.norm(value))
        dark = 0.299 * red + 0.587 * green + 0.114 * blue < 0.5
        colour = "white" if dark else "black"
        axes.text(column, row, _number(value), ha="center", va="center", color=colour, fontsize=9.5)
    axes.set_xticks(np.arange(array.shape[1] + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(array.shape[0] + 1) - 0.5, minor=True)
    axes.grid(which="minor", color="#999999", linewidth=0.6)
    axes.tick_params(which="minor", length=0)


def _number(value):
    """Return a number as short as it can be read: 577, 0.5, -0.33."""
    if isinstance(value, (bool, np.bool_)):
        return str(int(value))
    value = float(value) + 0.0  # turns -0.0 into 0.0
    return f"{value:.0f}" if value.is_integer() else f"{value:.2f}".rstrip("0").rstrip(".")
