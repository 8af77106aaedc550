// Nine products, one sum: compute one output pixel, term by term.
// State: patch and kernel, 3 x 3 numbers; step, how many of the nine terms are added; position, the cell that is looked at.

const PATCH = [[0, 64, 128], [48, 192, 144], [142, 226, 168]];
const PRESETS = {
  notes: [[-1, 0, -2], [0.5, 4.5, -1.5], [1.5, 2, -3]],
  identity: [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
  "box blur": [[1 / 9, 1 / 9, 1 / 9], [1 / 9, 1 / 9, 1 / 9], [1 / 9, 1 / 9, 1 / 9]],
};

function render({ model, el }) {
  const get = (name) => model.get(name);
  const step = slider({ label: "Terms added", min: 0, max: 9, value: get("step"), change: (value) => put(model, { step: value, position: place(Math.max(0, value - 1)) }) });
  const grids = {};
  for (const [name, title] of [["patch", "Window"], ["kernel", "Kernel"], ["products", "Products"]]) {
    grids[name] = grid({
      label: title,
      rows: 3,
      columns: 3,
      walk: (row, column) => put(model, { position: [row, column], step: 3 * row + column + 1 }),
      edit: name === "products" ? undefined : (row, column, value) => {
        const next = copy(get(name));
        next[row][column] = value;
        put(model, { [name]: next });
        draw();
      },
    });
  }
  const presets = choice("Kernel", Object.keys(PRESETS).map((name) => [name, name]), "", (name) => put(model, { kernel: copy(PRESETS[name]), patch: copy(PATCH) }));
  const term = element("p", { class: "cf-sum" });
  const sums = element("p", { class: "cf-sum" });
  const result = element("output", { class: "cf-result" });
  const { node: speaker, say } = voice();
  const panel = (name, title) => element("div", {}, element("div", { class: "cf-title" }, title), grids[name].node);
  frame(
    el, "Nine products, one sum",
    element("div", { class: "cf-row" }, presets.node, step.node,
      button("One back", () => advance(-1)), button("One further", () => advance(1))),
    element("div", { class: "cf-row" }, panel("patch", "Window"), element("span", { class: "cf-sign", "aria-hidden": "true" }, "×"),
      panel("kernel", "Kernel"), element("span", { class: "cf-sign", "aria-hidden": "true" }, "="), panel("products", "Products"),
      element("div", {}, element("div", { class: "cf-title" }, "Sum so far"), result)),
    term, sums, speaker,
  );

  function place(index) { return [Math.floor(index / 3), index % 3]; }
  function advance(by) {
    const next = Math.max(0, Math.min(9, get("step") + by));
    put(model, { step: next, position: place(Math.max(0, next - 1)) });
  }
  function draw() {
    const patch = get("patch");
    const kernel = get("kernel");
    const count = get("step");
    const [row, column] = get("position");
    const terms = patch.flatMap((line, r) => line.map((pixel, c) => pixel * kernel[r][c]));
    const running = [];
    terms.reduce((sum, product) => { running.push(sum + product); return sum + product; }, 0);
    const sum = count ? running[count - 1] : 0;
    const mark = (r, c) => count > 0 && r === row && c === column;
    const strongest = Math.max(...kernel.flat().map(Math.abs));
    const largest = Math.max(...terms.map(Math.abs));
    grids.patch.paint((r, c) => ({ value: patch[r][c], mark: mark(r, c), ...onGrey(patch[r][c]) }));
    grids.kernel.paint((r, c) => ({ value: kernel[r][c], text: text(kernel[r][c], 3), mark: mark(r, c), ...onSigned(kernel[r][c], strongest) }));
    grids.products.paint((r, c) => ({ value: terms[3 * r + c], mark: mark(r, c), dim: 3 * r + c >= count, ...onSigned(terms[3 * r + c], largest) }));
    step.set(count);
    presets.set(Object.keys(PRESETS).find((name) => String(PRESETS[name]) === String(kernel)) ?? "");
    result.textContent = text(sum);
    term.textContent = count === 0
      ? "Nothing is added yet. Walk through the cells with the arrow keys, or press One further; Enter changes a number."
      : `Row ${row}, column ${column}: ${text(patch[row][column])} × ${text(kernel[row][column], 3)} = ${text(terms[3 * row + column])}`;
    sums.textContent = `Running sum: ${running.slice(0, count).map((value) => text(value)).join(", ") || "empty"}`;
    say(`${term.textContent}. Sum so far ${text(sum)}.`);
    if (model.get("value") !== sum) { model.set("value", sum); model.save_changes(); }
  }
  for (const name of ["patch", "kernel", "step", "position"]) model.on(`change:${name}`, draw);
  draw();
}

export default { render };
