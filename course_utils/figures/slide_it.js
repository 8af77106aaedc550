// Slide it: the window walks over the image, and the feature map fills.
// State: image, rows of pixels 0..255; kernel, 3 x 3; position, [row, column] of the window; value, the number it gives.

const KERNELS = {
  "horizontal lines": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
  "vertical lines": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
  "box blur": [[1 / 9, 1 / 9, 1 / 9], [1 / 9, 1 / 9, 1 / 9], [1 / 9, 1 / 9, 1 / 9]],
};
const SCALE = 10;

function render({ model, el }) {
  const image = model.get("image");
  const [height, width] = [image.length, image[0].length];
  const [rows, columns] = [height - 2, width - 2];
  const count = rows * columns;
  let output = correlate(image, model.get("kernel"));
  let timer = null;

  const before = element("canvas", { width: width * SCALE, height: height * SCALE, role: "img", "aria-label": `image, ${height} rows and ${width} columns` });
  const after = element("canvas", { width: columns * SCALE, height: rows * SCALE, role: "img", "aria-label": `feature map, ${rows} rows and ${columns} columns` });
  const at = slider({ label: "Position", min: 1, max: count, value: index() + 1, change: (value) => go(value - 1), say: (value) => `${value} of ${count}` });
  const kernels = choice("Kernel reveals", Object.keys(KERNELS).map((name) => [name, name]), "", (name) => put(model, { kernel: copy(KERNELS[name]) }));
  const play = button("Play", () => (timer ? stop() : start()));
  const small = {};
  for (const name of ["window", "kernel"]) small[name] = grid({ label: name, rows: 3, columns: 3 });
  const sum = element("p", { class: "cf-sum" });
  const sizes = element("p", {});
  const { node: speaker, say } = voice();
  const part = (title, node) => element("div", {}, element("div", { class: "cf-title" }, title), node);
  const root = frame(
    el, "Slide it",
    element("div", { class: "cf-row" }, kernels.node),
    element("div", { class: "cf-row" }, at.node, play, ...[["Up", -columns], ["Left", -1], ["Right", 1], ["Down", columns]].map(
      ([name, by]) => button({ Up: "↑", Left: "←", Right: "→", Down: "↓" }[name], () => go(index() + by), { "aria-label": name }))),
    element("div", { class: "cf-row" }, part(`Image, ${height} × ${width}`, before), part(`Feature map, ${rows} × ${columns}`, after)),
    element("div", { class: "cf-row" }, part("Window", small.window.node), element("span", { class: "cf-sign", "aria-hidden": "true" }, "×"), part("Kernel", small.kernel.node), sum),
    sizes, speaker,
  );
  sizes.textContent = `${height} × ${width} pixels give ${rows} × ${columns} numbers: a rim of one pixel on each side has no complete window. `
    + `${count.toLocaleString("en")} positions × 9 weights = ${(9 * count).toLocaleString("en")} multiplications.`;

  function index() { const [row, column] = model.get("position"); return row * columns + column; }
  function go(next) {
    const place = Math.max(0, Math.min(count - 1, next));
    put(model, { position: [Math.floor(place / columns), place % columns] });
  }
  function start() {
    play.textContent = "Pause";
    if (index() === count - 1) go(0);
    // Without motion for those who ask for none: one row at a time.
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    timer = setInterval(() => (index() < count - 1 ? go(index() + (calm ? columns : 1)) : stop()), calm ? 600 : 25);
  }
  function stop() {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
  }
  for (const [canvas, offset] of [[before, 1], [after, 0]]) {
    canvas.addEventListener("pointermove", (event) => event.buttons !== 0 || event.pointerType === "mouse" ? point(event, canvas, offset) : null);
    canvas.addEventListener("pointerdown", (event) => point(event, canvas, offset));
  }
  function point(event, canvas, offset) {
    if (timer) return;
    const box = canvas.getBoundingClientRect();
    const cell = (place, size, cells) => Math.floor((place / size) * cells) - offset;
    const row = cell(event.clientY - box.top, box.height, rows + 2 * offset);
    const column = cell(event.clientX - box.left, box.width, columns + 2 * offset);
    go(Math.max(0, Math.min(rows - 1, row)) * columns + Math.max(0, Math.min(columns - 1, column)));
  }

  function drawImage() {
    const context = before.getContext("2d");
    image.forEach((line, row) => line.forEach((pixel, column) => {
      context.fillStyle = onGrey(pixel).background;
      context.fillRect(column * SCALE, row * SCALE, SCALE, SCALE);
    }));
  }
  function drawMap(last) {
    const context = after.getContext("2d");
    const limit = Math.max(...output.flat().map(Math.abs));
    context.fillStyle = "#d9d9d9";
    context.fillRect(0, 0, after.width, after.height);
    for (let place = 0; place <= last; place += 1) {
      const [row, column] = [Math.floor(place / columns), place % columns];
      context.fillStyle = onSigned(output[row][column], limit).background;
      context.fillRect(column * SCALE, row * SCALE, SCALE, SCALE);
    }
  }
  function outline(context, row, column, size) {
    for (const [colour, line] of [["#fff", 5], ["#b8003a", 2.5]]) {
      context.strokeStyle = colour;
      context.lineWidth = line;
      context.strokeRect(column * SCALE, row * SCALE, size * SCALE, size * SCALE);
    }
  }
  function draw() {
    const kernel = model.get("kernel");
    const [row, column] = model.get("position");
    drawImage();
    outline(before.getContext("2d"), row, column, 3);
    drawMap(index());
    outline(after.getContext("2d"), row, column, 1);
    const value = output[row][column];
    const strongest = Math.max(...kernel.flat().map(Math.abs));
    small.window.paint((r, c) => ({ value: image[row + r][column + c], ...onGrey(image[row + r][column + c]) }));
    small.kernel.paint((r, c) => ({ value: kernel[r][c], ...onSigned(kernel[r][c], strongest) }));
    sum.textContent = `= ${text(value)} at row ${row}, column ${column}`;
    at.set(index() + 1);
    kernels.set(Object.keys(KERNELS).find((name) => String(KERNELS[name]) === String(kernel)) ?? "");
    if (!timer) say(`Row ${row}, column ${column}: ${text(value)}.`);
    if (model.get("value") !== value) { model.set("value", value); model.save_changes(); }
  }
  model.on("change:kernel", () => { output = correlate(image, model.get("kernel")); draw(); });
  model.on("change:position", draw);
  draw();
  return () => stop();
}

export default { render };
