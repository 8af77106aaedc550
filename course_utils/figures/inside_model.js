// Inside your model: an activation of the learner's own network, the window it saw, the kernel, and the exact sum.
// State: image_index, layer, filter, position: chosen here. Python answers with image, stage (what lies behind that layer and
// filter: input, weights, output as base64 of float32, and the sizes) and keras, the activation that Keras computed.

function floats(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

function render({ model, el }) {
  const layers = model.get("layers");
  const live = model.get("live");
  const pick = (label, options, name) => {
    const node = element("select", { "aria-label": label, disabled: !live, onchange: () => put(model, { [name]: Number(node.value) }) });
    const fill = (texts) => node.replaceChildren(...texts.map((each, place) => element("option", { value: place }, each)));
    fill(options);
    return { node: element("label", {}, `${label} `, node), set: (value) => { node.value = value; }, fill };
  };
  const picks = {
    image_index: pick("Image", model.get("names"), "image_index"),
    layer: pick("Layer", layers.map((each) => `${each.name}: ${each.shape.join(" × ")}`), "layer"),
    filter: pick("Filter", [], "filter"),
  };
  const [whole, map] = ["the image", "the feature map"].map((name) => element("canvas", { role: "img", "aria-label": name }));
  const walk = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  const spot = button("Walk with the arrow keys", () => {}, { onkeydown: (event) => {
    if (!walk[event.key]) return;
    look(...model.get("position").map((place, axis) => place + walk[event.key][axis]));
    event.preventDefault();
  } });
  const channel = slider({ label: "Input channel", min: 0, max: 0, value: 0, change: (value) => { shown = value; draw(); } });
  const tables = element("div", { class: "cf-row" });
  const [sum, says, field] = [element("p", { class: "cf-sum" }), element("p", { class: "cf-result" }), element("p", {})];
  const { node: speaker, say } = voice();
  const part = (title, ...nodes) => element("div", {}, element("div", { class: "cf-title" }, title), ...nodes);
  frame(
    el, "Inside your model",
    element("div", { class: "cf-row" }, ...Object.values(picks).map((each) => each.node)),
    live ? "" : element("p", {}, "This page shows one layer and one filter; in a notebook you can choose."),
    element("div", { class: "cf-row" }, part("Image and receptive field", whole), part("Feature map", map)),
    element("div", { class: "cf-row" }, spot, channel.node), tables, sum, says, field, speaker,
  );
  let shown = 0;
  let stage = null;
  let grids = null;

  function look(row, column) {
    const [rows, columns] = stage.shape;
    put(model, { position: [Math.max(0, Math.min(rows - 1, row)), Math.max(0, Math.min(columns - 1, column))] });
  }
  map.addEventListener("pointermove", (event) => point(event));
  map.addEventListener("pointerdown", (event) => point(event));
  function point(event) {
    const box = map.getBoundingClientRect();
    look(Math.floor(((event.clientY - box.top) / box.height) * stage.shape[0]), Math.floor(((event.clientX - box.left) / box.width) * stage.shape[1]));
  }
  function load() {
    const raw = model.get("stage");
    stage = { ...raw, input: floats(raw.input), weights: floats(raw.weights), output: floats(raw.output) };
    const [, , depth] = stage.inputShape;
    channel.input.max = depth - 1;
    shown = Math.min(shown, depth - 1);
    picks.filter.fill(Array.from({ length: layers[model.get("layer")].shape[2] }, (_, place) => String(place)));
    grids = ["window", "kernel"].map((label) => grid({ label, rows: stage.size[0], columns: stage.size[1] }));
    tables.replaceChildren(part("Window", grids[0].node), ...(stage.kind === "conv" ? [element("span", { class: "cf-sign", "aria-hidden": "true" }, "×"), part("Kernel", grids[1].node)] : []));
    draw();
  }
  // The number under kernel cell (r, c) at the position, in one channel; 0 in the padding.
  function pixel(row, column, r, c, ch) {
    const [height, width, depth] = stage.inputShape;
    const [y, x] = [row * stage.stride[0] + r - stage.before[0], column * stage.stride[1] + c - stage.before[1]];
    return y < 0 || x < 0 || y >= height || x >= width ? null : stage.input[(y * width + x) * depth + ch];
  }
  function channelSum(row, column, ch) {
    const [h, w] = stage.size;
    let total = 0;
    for (let r = 0; r < h; r += 1) for (let c = 0; c < w; c += 1) total += (pixel(row, column, r, c, ch) ?? 0) * stage.weights[(r * w + c) * stage.inputShape[2] + ch];
    return total;
  }
  function compute(row, column) {
    const [h, w] = stage.size;
    if (stage.kind === "conv") {
      let total = stage.bias;
      for (let ch = 0; ch < stage.inputShape[2]; ch += 1) total += channelSum(row, column, ch);
      return total;
    }
    const cells = Array.from({ length: h * w }, (_, place) => pixel(row, column, Math.floor(place / w), place % w, 0)).filter((v) => v !== null);
    return stage.kind === "max" ? Math.max(...cells) : cells.reduce((a, b) => a + b, 0) / cells.length;
  }
  function paintCanvas(canvas, rows, columns, level, box) {
    const scale = Math.max(2, Math.floor(260 / Math.max(rows, columns)));
    canvas.width = columns * scale;
    canvas.height = rows * scale;
    const context = canvas.getContext("2d");
    for (let row = 0; row < rows; row += 1) for (let column = 0; column < columns; column += 1) {
      context.fillStyle = onGrey(level(row, column)).background;
      context.fillRect(column * scale, row * scale, scale, scale);
    }
    for (const [colour, line] of [["#fff", 5], ["#b8003a", 2.5]]) {
      context.strokeStyle = colour;
      context.lineWidth = line;
      context.strokeRect(box[1] * scale, box[0] * scale, box[3] * scale, box[2] * scale);
    }
  }
  function draw() {
    const image = model.get("image");
    const [rows, columns] = stage.shape;
    const [row, column] = model.get("position").map((place, axis) => Math.min(place, stage.shape[axis] - 1));
    const [h, w] = stage.size;
    const corner = [row, column].map((place, axis) => place * stage.jump[axis] + stage.start[axis]);
    paintCanvas(whole, image.length, image[0].length, (r, c) => image[r][c], [...corner, ...stage.field]);
    const most = stage.output.reduce((a, b) => Math.max(a, b), 1e-12);
    paintCanvas(map, rows, columns, (r, c) => (255 * Math.max(0, stage.output[r * columns + c])) / most, [row, column, 1, 1]);
    const weight = (r, c) => stage.weights[(r * w + c) * stage.inputShape[2] + shown];
    const window = (r, c) => pixel(row, column, r, c, shown) ?? 0;
    const cells = Array.from({ length: h * w }, (_, place) => [Math.floor(place / w), place % w]);
    const brightest = Math.max(...cells.map(([r, c]) => Math.abs(window(r, c))), 1e-12);
    grids[0].paint((r, c) => ({ value: window(r, c), text: text(window(r, c), 3), ...onSigned(window(r, c), brightest) }));
    const total = compute(row, column);
    const activation = stage.relu ? Math.max(0, total) : total;
    if (stage.kind === "conv") {
      const strongest = Math.max(...cells.map(([r, c]) => Math.abs(weight(r, c))), 1e-12);
      grids[1].paint((r, c) => ({ value: weight(r, c), text: text(weight(r, c), 3), ...onSigned(weight(r, c), strongest) }));
      const depth = stage.inputShape[2];
      sum.textContent = `Channel ${shown} adds ${text(channelSum(row, column, shown), 5)}; all ${depth} ${depth === 1 ? "channel" : "channels"} and the bias ${text(stage.bias, 5)} make ${text(total, 5)}${stage.relu ? `; ReLU keeps ${text(activation, 5)}` : ""}.`;
    } else sum.textContent = `${stage.kind === "max" ? "The largest" : "The mean"} of the window is ${text(total, 5)}. Nothing is learned here.`;
    const keras = stage.output[row * columns + column];
    says.textContent = `Here ${text(activation, 4)}, Keras ${text(keras, 4)}`;
    field.textContent = `Row ${row}, column ${column} of ${rows} × ${columns}. It sees ${stage.field[0]} × ${stage.field[1]} pixels of the image: its receptive field.`;
    for (const name of ["image_index", "layer", "filter"]) picks[name].set(model.get(name));
    channel.set(shown);
    say(`${says.textContent}. ${field.textContent}`);
    if (model.get("value") !== activation) { model.set("value", activation); model.save_changes(); }
  }
  model.on("change:stage", load);
  model.on("change:position", draw);
  load();
}

export default { render };
