// Watch filters learn: the kernels of a training run, epoch by epoch.
// State: kernels, [epoch][kernel][row][column]; curve, one number for each epoch, and its label; epoch.

function render({ model, el }) {
  const [kernels, curve, label] = ["kernels", "curve", "label"].map((name) => model.get(name));
  const last = kernels.length - 1;
  const limit = Math.max(...kernels.flat(3).map(Math.abs));
  let timer = null;
  const epoch = slider({ label: model.get("step_name"), min: 0, max: last, value: model.get("epoch"), change: (value) => put(model, { epoch: value }), say: (v) => `${v} of ${last}` });
  const play = button("Play", () => (timer ? stop() : start()));
  const grids = kernels[0].map((kernel, place) => grid({ label: `kernel ${place}`, rows: kernel.length, columns: kernel[0].length }));
  if (kernels[0].length > 1) grids.forEach((each) => each.node.classList.add("cf-small"));
  const [says, change] = [element("p", { class: "cf-result" }), element("p", {})];
  const chart = element("canvas", { width: 420, height: 120, role: "img", "aria-label": `${label}, from ${text(curve[0] ?? 0, 4)} to ${text(curve[curve.length - 1] ?? 0, 4)}` });
  const { node: speaker, say } = voice();
  frame(
    el, "Watch filters learn",
    element("div", { class: "cf-row" }, epoch.node, play), says,
    element("div", { class: "cf-row" }, ...grids.map((each) => each.node)), change, curve.length ? chart : "", speaker,
  );
  function start() {
    play.textContent = "Pause";
    if (model.get("epoch") === last) put(model, { epoch: 0 });
    timer = setInterval(() => (model.get("epoch") < last ? put(model, { epoch: model.get("epoch") + 1 }) : stop()), 600);
  }
  function stop() {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
  }
  function drawChart(now) {
    const context = chart.getContext("2d");
    const [low, high] = [Math.min(...curve), Math.max(...curve)];
    const at = (place) => [12 + (place * 396) / Math.max(1, last), 108 - (96 * (curve[place] - low)) / (high - low || 1)];
    context.fillStyle = "#fff";
    context.fillRect(0, 0, 420, 120);
    context.strokeStyle = "#1b4f9c";
    context.lineWidth = 2;
    context.beginPath();
    curve.forEach((_, place) => context.lineTo(...at(place)));
    context.stroke();
    context.fillStyle = "#b8003a";
    context.beginPath();
    context.arc(...at(now), 6, 0, 2 * Math.PI);
    context.fill();
  }
  function draw() {
    const now = model.get("epoch");
    grids.forEach((each, place) => each.paint((r, c) => ({ value: kernels[now][place][r][c], ...onSigned(kernels[now][place][r][c], limit) })));
    const moved = Math.max(...kernels[now].flat(2).map((weight, place) => Math.abs(weight - kernels[0].flat(2)[place])));
    says.textContent = curve.length ? `${label}: ${text(curve[now], 4)}` : "";
    change.textContent = `Since the start, the weight that changed most changed by ${text(moved, 3)}. The colours reach from −${text(limit)} to +${text(limit)}.`;
    if (curve.length) drawChart(now);
    epoch.set(now);
    if (!timer) say(`${model.get("step_name")} ${now}. ${says.textContent}`);
  }
  model.on("change:epoch", draw);
  draw();
  return () => stop();
}

export default { render };
