// Kernel lab: any kernel on a picture, at once.
// State: picture, a data URL; presets, {name: {weights, factor, bias}}; kernel, 3 x 3 or 5 x 5; factor; bias; view, "signed" or
// "picture"; position, the pixel looked at; value, the response there; pictures, the other pictures one can choose.

// The response at every pixel; beyond the border the picture goes on at the opposite side, as in apply_filter.
function respond(pixels, height, width, kernel, factor) {
  const [reach, across] = [kernel.length >> 1, kernel[0].length >> 1];
  const padded = new Float64Array((height + 2 * reach) * (width + 2 * across));
  const line = width + 2 * across;
  for (let row = 0; row < height + 2 * reach; row += 1) {
    const from = ((row - reach + height) % height) * width;
    for (let column = 0; column < line; column += 1) padded[row * line + column] = pixels[from + ((column - across + width) % width)];
  }
  const output = new Float64Array(height * width);
  for (let r = 0; r < kernel.length; r += 1) {
    for (let c = 0; c < kernel[0].length; c += 1) {
      const weight = kernel[r][c] * factor;
      if (weight === 0) continue;
      for (let row = 0; row < height; row += 1) {
        const [to, from] = [row * width, (row + r) * line + c];
        for (let column = 0; column < width; column += 1) output[to + column] += weight * padded[from + column];
      }
    }
  }
  return output;
}

function render({ model, el }) {
  const [before, after] = ["picture", "response"].map((name) => element("canvas", { role: "img", "aria-label": name, class: "cf-picture" }));
  const presets = element("select", { "aria-label": "Preset", onchange: () => {
    const { weights, factor, bias } = model.get("presets")[presets.value];
    put(model, { kernel: copy(weights), factor, bias });
  } }, element("option", { value: "" }, "your own"), ...Object.keys(model.get("presets")).map((name) => element("option", { value: name }, name)));
  const own = element("input", { type: "file", accept: "image/*", "aria-label": "An image of your own" });
  own.addEventListener("change", () => own.files[0] && read(own.files[0]));
  const size = choice("Size", [[3, "3 × 3"], [5, "5 × 5"]], "", (n) => put(model, { kernel: resized(model.get("kernel"), n) }));
  const view = choice("Show", [["signed", "the response, signed"], ["picture", "as a picture, 0…255"]], "", (value) => put(model, { view: value }));
  const factor = slider({ label: "Factor", min: 0.05, max: 2, step: 0.05, value: model.get("factor"), say: (v) => text(v, 4), change: (value) => put(model, { factor: value }) });
  const bias = slider({ label: "Bias", min: -255, max: 255, value: model.get("bias"), change: (value) => put(model, { bias: value }) });
  const table = element("div", {});
  const [sum, scale, reading] = [element("p", { class: "cf-sum" }), element("p", {}), element("p", { class: "cf-sum" })];
  const { node: speaker, say } = voice();
  const part = (title, node) => element("div", {}, element("div", { class: "cf-title" }, title), node);
  const walk = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  const spot = button("Walk with the arrow keys", () => {}, { onkeydown: (event) => {
    if (!walk[event.key]) return;
    const far = event.shiftKey ? 20 : 1;
    look(...model.get("position").map((place, axis) => place + far * walk[event.key][axis]));
    event.preventDefault();
  } });
  frame(
    el, "Kernel lab", element("style", {}, LAB_STYLE),
    element("div", { class: "cf-row" }, element("label", {}, "Preset ", presets), size.node, view.node),
    element("div", { class: "cf-row" }, factor.node, bias.node, element("label", {}, "Your image ", own)),
    element("div", { class: "cf-row" }, part("Kernel", table), element("div", {}, sum, scale, reading, spot)),
    element("div", { class: "cf-row" }, part("Picture", before), part("Response", after)), speaker,
  );
  let [height, width, channels, grey] = [0, 0, [], null];
  let weights = null;
  let response = new Float64Array(0);

  function resized(kernel, n) {
    const by = (n - kernel.length) / 2;
    return Array.from({ length: n }, (_, r) => Array.from({ length: n }, (__, c) => kernel[r - by]?.[c - by] ?? 0));
  }
  function read(file) {
    const reader = new FileReader();
    reader.addEventListener("load", () => put(model, { picture: reader.result }));
    reader.readAsDataURL(file);
  }
  function load() {
    const image = new Image();
    image.addEventListener("error", () => { scale.textContent = "This file is no image that the browser can read. Try a PNG or a JPEG."; });
    image.addEventListener("load", () => {
      const shrink = Math.min(1, 512 / Math.max(image.width, image.height));
      [width, height] = [image.width, image.height].map((n) => Math.max(1, Math.round(n * shrink)));
      for (const canvas of [before, after]) { canvas.width = width; canvas.height = height; }
      const context = before.getContext("2d", { willReadFrequently: true });
      context.drawImage(image, 0, 0, width, height);
      const { data } = context.getImageData(0, 0, width, height);
      channels = [0, 1, 2].map((channel) => Float64Array.from({ length: width * height }, (_, place) => data[4 * place + channel]));
      const isGrey = channels[0].every((v, place) => v === channels[1][place] && v === channels[2][place]);
      grey = isGrey ? channels[0] : channels[0].map((v, place) => 0.299 * v + 0.587 * channels[1][place] + 0.114 * channels[2][place]);
      if (isGrey) channels = [grey];
      draw();
    });
    image.src = model.get("picture");
  }
  function look(row, column) {
    put(model, { position: [Math.max(0, Math.min(height - 1, row)), Math.max(0, Math.min(width - 1, column))] });
  }
  for (const canvas of [before, after]) {
    canvas.addEventListener("pointermove", (event) => {
      const box = canvas.getBoundingClientRect();
      look(Math.floor(((event.clientY - box.top) / box.height) * height), Math.floor(((event.clientX - box.left) / box.width) * width));
    });
  }
  function limit() {
    // The largest response this kernel can give to pixels of 0..255: the scale does not depend on the picture.
    const flat = model.get("kernel").flat();
    const [up, down] = [1, -1].map((sign) => flat.reduce((total, weight) => total + Math.max(0, sign * weight), 0));
    return 255 * Math.max(up, down) * Math.abs(model.get("factor")) || 1;
  }
  function drawKernel() {
    const kernel = model.get("kernel");
    if (!weights || weights.cells.length !== kernel.length) {
      weights = grid({ label: "Kernel", rows: kernel.length, columns: kernel.length, edit: (row, column, value) => {
        const next = copy(model.get("kernel"));
        next[row][column] = value;
        put(model, { kernel: next });
        drawKernel();
      } });
      table.replaceChildren(weights.node);
    }
    const strongest = Math.max(...kernel.flat().map(Math.abs));
    weights.paint((r, c) => ({ value: kernel[r][c], ...onSigned(kernel[r][c], strongest) }));
    const total = kernel.flat().reduce((a, b) => a + b, 0);
    sum.textContent = `Sum of the weights ${text(total)}, times factor ${text(total * model.get("factor"), 3)}`;
    size.set(kernel.length);
    view.set(model.get("view"));
    factor.set(model.get("factor"));
    bias.set(model.get("bias"));
    const same = ({ weights: w, factor: f, bias: b }) => String(w) === String(kernel) && f === model.get("factor") && b === model.get("bias");
    presets.value = Object.entries(model.get("presets")).find(([, preset]) => same(preset))?.[0] ?? "";
  }
  function draw() {
    drawKernel();
    if (!grey) return;
    const [kernel, times, plus] = ["kernel", "factor", "bias"].map((name) => model.get(name));
    const context = after.getContext("2d");
    const image = context.createImageData(width, height);
    const { data } = image;
    response = respond(grey, height, width, kernel, times);
    if (model.get("view") === "signed") {
      const most = limit();
      scale.textContent = `Colour scale: −${text(most)} orange, 0 white, +${text(most)} purple, with a square root between: the most this kernel can give.`;
      for (let place = 0; place < response.length; place += 1) {
        const share = Math.sign(response[place]) * Math.sqrt(Math.min(1, Math.abs(response[place]) / most));
        const deep = Math.abs(share);
        data[4 * place] = 255 + ((share < 0 ? 179 : 84) - 255) * deep;
        data[4 * place + 1] = 255 + ((share < 0 ? 88 : 39) - 255) * deep;
        data[4 * place + 2] = 255 + ((share < 0 ? 6 : 136) - 255) * deep;
        data[4 * place + 3] = 255;
      }
    } else {
      scale.textContent = "Rounded and clamped to 0…255, with the bias added.";
      const results = channels.length === 1 ? [response] : channels.map((channel) => respond(channel, height, width, kernel, times));
      for (let place = 0; place < response.length; place += 1) {
        for (let channel = 0; channel < 3; channel += 1) data[4 * place + channel] = results[channel % results.length][place] + plus;
        data[4 * place + 3] = 255;
      }
    }
    context.putImageData(image, 0, 0);
    tell();
  }
  function tell() {
    const [row, column] = model.get("position");
    if (!response.length || row >= height || column >= width) return;
    const value = response[row * width + column] + model.get("bias");
    reading.textContent = `At row ${row}, column ${column}: pixel ${text(grey[row * width + column])}, response ${text(value)}`;
    say(reading.textContent);
    if (model.get("value") !== value) { model.set("value", value); model.save_changes(); }
  }
  for (const name of ["kernel", "factor", "bias", "view"]) model.on(`change:${name}`, draw);
  model.on("change:position", tell);
  model.on("change:picture", load);
  drawKernel();
  load();
}

const LAB_STYLE = ".cf-picture { width: 360px; max-width: 100%; height: auto; touch-action: none; cursor: crosshair; }";

export default { render };
