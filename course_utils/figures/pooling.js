// Pooling: what survives. A small image, its windows, and what is left of each; move the image by a pixel and see.
// State: image, rows of numbers 0..255; kind, "max" or "average"; size; stride; shift, columns the image is moved to the right; pooled.

function render({ model, el }) {
  const image = model.get("image");
  const [height, width] = [image.length, image[0].length];
  const say = voice();
  const kind = choice("Keep", [["max", "the largest"], ["average", "the mean"]], "", (value) => put(model, { kind: value }));
  const size = slider({ label: "Window", min: 1, max: 4, value: model.get("size"), change: (value) => put(model, { size: value }), say: (v) => `${v} × ${v}` });
  const stride = slider({ label: "Stride", min: 1, max: 4, value: model.get("stride"), change: (value) => put(model, { stride: value }) });
  const shift = slider({ label: "Image moved right by", min: 0, max: 3, value: model.get("shift"), change: (value) => put(model, { shift: value }) });
  const before = grid({ label: "Image", rows: height, columns: width, walk: look });
  const after = element("div", {});
  const afterTitle = element("div", { class: "cf-title" });
  const facts = element("p", {});
  const term = element("p", { class: "cf-sum" });
  let small = null;
  let at = [0, 0];
  frame(
    el, "Pooling: what survives",
    element("div", { class: "cf-row" }, kind.node, size.node, stride.node, shift.node),
    element("div", { class: "cf-row" }, element("div", {}, element("div", { class: "cf-title" }, `Image, ${height} × ${width}`), before.node), element("div", {}, afterTitle, after)),
    term, facts, say.node,
  );

  function moved() {
    const by = model.get("shift");
    return image.map((line) => line.map((_, column) => (column >= by ? line[column - by] : 0)));
  }
  function positions(cells) { return Math.floor((cells - model.get("size")) / model.get("stride")) + 1; }
  function windowAt(pixels, row, column) {
    const [n, s] = [model.get("size"), model.get("stride")];
    return pixels.slice(row * s, row * s + n).flatMap((line) => line.slice(column * s, column * s + n));
  }
  function pool(pixels) {
    const keep = model.get("kind") === "max" ? (cells) => Math.max(...cells) : (cells) => cells.reduce((a, b) => a + b, 0) / cells.length;
    return Array.from({ length: positions(height) }, (_, row) => Array.from({ length: positions(width) }, (_, column) => keep(windowAt(pixels, row, column))));
  }
  // A pixel belongs to the first window that holds it; a pixel beyond the last window belongs to none.
  function look(row, column) {
    const s = model.get("stride");
    at = [Math.min(positions(height) - 1, Math.floor(row / s)), Math.min(positions(width) - 1, Math.floor(column / s))];
    draw();
  }
  function draw() {
    const pixels = moved();
    const pooled = pool(pixels);
    const [rows, columns, n, s] = [pooled.length, pooled[0].length, model.get("size"), model.get("stride")];
    at = [Math.min(at[0], rows - 1), Math.min(at[1], columns - 1)];
    if (!small || small.cells.length !== rows || small.cells[0].length !== columns) {
      small = grid({ label: "Pooled", rows, columns, walk: (row, column) => { at = [row, column]; draw(); } });
      after.replaceChildren(small.node);
    }
    const inside = (r, c) => r >= at[0] * s && r < at[0] * s + n && c >= at[1] * s && c < at[1] * s + n;
    const unused = (place, count) => place >= (count - 1) * s + n || (s > n && place % s >= n);
    before.paint((r, c) => ({ value: pixels[r][c], mark: inside(r, c), hatch: unused(r, rows) || unused(c, columns), ...onGrey(pixels[r][c]) }));
    small.paint((r, c) => ({ value: pooled[r][c], mark: r === at[0] && c === at[1], ...onGrey(pooled[r][c]) }));
    const cells = windowAt(pixels, ...at);
    const word = model.get("kind") === "max" ? "the largest" : "the mean";
    afterTitle.textContent = `Pooled, ${rows} × ${columns}`;
    term.textContent = `Window at [${at[0]}, ${at[1]}]: ${word} of ${cells.map((v) => text(v)).join(", ")} is ${text(pooled[at[0]][at[1]])}`;
    const left = (100 * rows * columns) / (height * width);
    const still = pool(image);
    const changed = pooled.flat().filter((value, place) => Math.abs(value - still.flat()[place]) > 1e-9).length;
    const motion = model.get("shift") ? ` Moving the image by ${model.get("shift")} changed ${changed} of ${rows * columns} numbers.` : "";
    facts.textContent = `${rows * columns} of ${height * width} numbers are left: ${text(100 - left)} % dropped. Hatched pixels are in no window. Parameters to learn: 0.${motion}`;
    kind.set(model.get("kind"));
    size.set(n);
    stride.set(s);
    shift.set(model.get("shift"));
    say.say(`${term.textContent}. ${facts.textContent}`);
    if (JSON.stringify(model.get("pooled")) !== JSON.stringify(pooled)) put(model, { pooled });
  }
  for (const name of ["kind", "size", "stride", "shift"]) model.on(`change:${name}`, draw);
  draw();
}

export default { render };
