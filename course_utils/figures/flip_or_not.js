// Flip or not: predict how convolution compares with correlation, then reveal both.
// State: patch and kernel, 3 x 3; prediction, "", "smaller", "equal" or "larger"; correlation and convolution, the two sums.

const CHOICES = {
  notes: [[-1, 0, -2], [0.5, 4.5, -1.5], [1.5, 2, -3]],
  "Sobel x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
  Gaussian: [[1, 2, 1], [2, 4, 2], [1, 2, 1]],
  "half-turn": [[1, 2, 3], [4, 5, 4], [3, 2, 1]],
};
const WORDS = { smaller: "smaller", equal: "equal", larger: "larger" };

function render({ model, el }) {
  const edit = (name) => (row, column, value) => {
    const next = copy(model.get(name));
    next[row][column] = value;
    put(model, { [name]: next, prediction: "" });
    draw();
  };
  const grids = {
    patch: grid({ label: "Window", rows: 3, columns: 3, edit: edit("patch") }),
    kernel: grid({ label: "Kernel as it is", rows: 3, columns: 3, edit: edit("kernel") }),
    turned: grid({ label: "Kernel turned by 180 degrees", rows: 3, columns: 3 }),
  };
  const kernels = choice("Kernel", Object.keys(CHOICES).map((name) => [name, name]), "", (name) => put(model, { kernel: copy(CHOICES[name]), prediction: "" }));
  const predict = choice("Compared with correlation, convolution is", Object.entries(WORDS), "", (word) => put(model, { prediction: word }));
  const [left, right] = [element("output", { class: "cf-result" }), element("output", { class: "cf-result" })];
  const verdict = element("p", {});
  const { node: speaker, say } = voice();
  const part = (title, ...nodes) => element("div", {}, element("div", { class: "cf-title" }, title), ...nodes);
  frame(
    el, "Flip or not",
    element("div", { class: "cf-row" }, kernels.node),
    element("div", { class: "cf-row" }, predict.node, button("Hide again", () => put(model, { prediction: "" }))),
    element("div", { class: "cf-row" }, part("Window", grids.patch.node),
      part("Correlation: kernel as it is", grids.kernel.node, left), part("Convolution: kernel turned", grids.turned.node, right)),
    verdict, speaker,
  );

  function draw() {
    const [patch, kernel, prediction] = ["patch", "kernel", "prediction"].map((name) => model.get(name));
    const half = turned(kernel);
    const [correlation, convolution] = [weightedSum(patch, kernel, 0, 0), weightedSum(patch, half, 0, 0)];
    const strongest = Math.max(...kernel.flat().map(Math.abs));
    const shown = prediction !== "";
    grids.patch.paint((r, c) => ({ value: patch[r][c], ...onGrey(patch[r][c]) }));
    grids.kernel.paint((r, c) => ({ value: kernel[r][c], ...onSigned(kernel[r][c], strongest) }));
    grids.turned.paint((r, c) => (shown ? { value: half[r][c], ...onSigned(half[r][c], strongest) } : { value: 0, text: "?" }));
    left.textContent = text(correlation);
    right.textContent = shown ? text(convolution) : "?";
    const close = Math.abs(convolution - correlation) <= 1e-9 * Math.max(1, Math.abs(correlation));
    const truth = close ? "equal" : convolution < correlation ? "smaller" : "larger";
    const same = String(kernel) === String(half);
    const reason = same ? "A half-turn leaves this kernel as it is, so the two agree on every window."
      : close ? "On this window the two agree by chance; change a pixel and see." : "A half-turn changes this kernel, so the two differ.";
    verdict.textContent = shown
      ? `${prediction === truth ? "✓ As you said" : `✗ You said ${prediction}`}: ${text(correlation)} against ${text(convolution)}, convolution is ${truth}. ${reason}`
      : "Predict first: turn the kernel in your head, and press smaller, equal or larger.";
    kernels.set(Object.keys(CHOICES).find((name) => String(CHOICES[name]) === String(kernel)) ?? "");
    predict.set(prediction);
    say(verdict.textContent);
    if (model.get("correlation") !== correlation || model.get("convolution") !== convolution) put(model, { correlation, convolution });
  }
  for (const name of ["patch", "kernel", "prediction"]) model.on(`change:${name}`, draw);
  draw();
}

export default { render };
