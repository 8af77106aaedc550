// Sobel compass: turn an edge, and read gx, gy, magnitude and direction.
// State: patch, 3 x 3 pixels; angle, of the edge in degrees, or null for a patch of one's own; x, y, magnitude, direction.

const NOTES = [[0, 64, 128], [48, 192, 144], [142, 226, 168]];
const SOBEL = { x: [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], y: [[-1, -2, -1], [0, 0, 0], [1, 2, 1]] };

// A soft edge through the middle pixel: it gets brighter towards `degrees`, 0 to the right, 90 downwards.
function edge(degrees) {
  const [along, down] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const pixel = (row, column) => Math.round(Math.max(0, Math.min(255, 127.5 + 90 * ((column - 1) * along + (row - 1) * down))));
  return [0, 1, 2].map((row) => [0, 1, 2].map((column) => pixel(row, column)));
}

function render({ model, el }) {
  const turn = slider({ label: "Turn the edge", min: 0, max: 355, step: 5, value: model.get("angle") ?? 0, say: (v) => `${v}°`, change: (value) => put(model, { angle: value, patch: edge(value) }) });
  const presets = choice("Patch", [["notes", "the notes' patch"], ["edge", "an edge"]], "", (name) =>
    put(model, name === "notes" ? { angle: null, patch: copy(NOTES) } : { angle: Number(turn.input.value), patch: edge(Number(turn.input.value)) }));
  const patch = grid({ label: "Patch", rows: 3, columns: 3, edit: (row, column, value) => {
    const next = copy(model.get("patch"));
    next[row][column] = Math.max(0, Math.min(255, value));
    put(model, { patch: next, angle: null });
    draw();
  } });
  const kernels = Object.fromEntries(["x", "y"].map((name) => [name, grid({ label: `Sobel ${name}`, rows: 3, columns: 3 })]));
  const canvas = element("canvas", { width: 220, height: 220, role: "img", "aria-label": "compass of the gradient" });
  const [words, reading] = [element("p", {}), element("p", { class: "cf-sum" })];
  const { node: speaker, say } = voice();
  const part = (title, node) => element("div", {}, element("div", { class: "cf-title" }, title), node);
  frame(
    el, "Sobel compass",
    element("div", { class: "cf-row" }, presets.node, turn.node),
    element("div", { class: "cf-row" }, part("Patch", patch.node), part("Sobel x", kernels.x.node), part("Sobel y", kernels.y.node), part("Towards brighter", canvas)),
    reading, words, speaker,
  );
  for (const name of ["x", "y"]) kernels[name].paint((r, c) => ({ value: SOBEL[name][r][c], ...onSigned(SOBEL[name][r][c], 2) }));

  function compass(x, y, magnitude) {
    const context = canvas.getContext("2d");
    const line = (toX, toY, colour, width) => {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.beginPath();
      context.moveTo(110, 110);
      context.lineTo(toX, toY);
      context.stroke();
    };
    context.fillStyle = "#fff";
    context.fillRect(0, 0, 220, 220);
    context.strokeStyle = "#767676";
    context.lineWidth = 1;
    context.beginPath();
    context.arc(110, 110, 90, 0, 2 * Math.PI);
    context.stroke();
    context.fillStyle = "#000";
    context.font = "12px system-ui, sans-serif";
    context.textAlign = "center";
    for (const [label, px, py] of [["0°", 208, 114], ["90°", 110, 216], ["±180°", 19, 104], ["−90°", 110, 13]]) context.fillText(label, px, py);
    if (!magnitude) return;
    const scale = 90 / Math.max(1020, magnitude);
    const [dx, dy] = [x * scale, y * scale];
    line(110 + dx, 110, "#767676", 2);
    line(110, 110 + dy, "#767676", 2);
    line(110 + dx, 110 + dy, "#b8003a", 4);
    context.fillStyle = "#b8003a";
    context.beginPath();
    const heading = Math.atan2(dy, dx);
    for (const [far, off] of [[10, 0], [-4, 2.4], [-4, -2.4]]) {
      context.lineTo(110 + dx + far * Math.cos(heading + off * (far < 0 ? 0 : 1)) + (far < 0 ? 7 * Math.cos(heading + Math.sign(off) * 2.4) : 0),
        110 + dy + far * Math.sin(heading + off * (far < 0 ? 0 : 1)) + (far < 0 ? 7 * Math.sin(heading + Math.sign(off) * 2.4) : 0));
    }
    context.fill();
  }
  function draw() {
    const pixels = model.get("patch");
    const [x, y] = [weightedSum(pixels, SOBEL.x, 0, 0), weightedSum(pixels, SOBEL.y, 0, 0)];
    const [magnitude, direction] = [Math.hypot(x, y), (Math.atan2(y, x) * 180) / Math.PI];
    patch.paint((r, c) => ({ value: pixels[r][c], ...onGrey(pixels[r][c]) }));
    compass(x, y, magnitude);
    reading.textContent = `gx = ${text(x)},  gy = ${text(y)},  magnitude = √(gx² + gy²) = ${text(magnitude)},  direction = ${magnitude ? `${text(direction, 1)}°` : "none"}`;
    words.textContent = magnitude === 0 ? "A flat patch: no edge, no direction."
      : Math.abs(x) > 2 * Math.abs(y) ? `It gets brighter ${x > 0 ? "to the right" : "to the left"}: a vertical edge, which Sobel x sees.`
        : Math.abs(y) > 2 * Math.abs(x) ? `It gets brighter ${y > 0 ? "downwards" : "upwards"}: a horizontal edge, which Sobel y sees.`
          : `It gets brighter ${y > 0 ? "downwards" : "upwards"} and ${x > 0 ? "to the right" : "to the left"}: both kernels see a part.`;
    if (model.get("angle") !== null) turn.set(model.get("angle"));
    presets.set(String(pixels) === String(NOTES) ? "notes" : model.get("angle") !== null ? "edge" : "");
    say(`${reading.textContent}. ${words.textContent}`);
    if (model.get("x") !== x || model.get("y") !== y) put(model, { x, y, magnitude, direction: magnitude ? direction : 0 });
  }
  for (const name of ["patch", "angle"]) model.on(`change:${name}`, draw);
  draw();
}

export default { render };
