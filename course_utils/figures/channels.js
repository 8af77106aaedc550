// Channels add up: one kernel spans all channels; switch channels, bias and ReLU, and see the sum.
// State: window and kernel, 3 channels of 3 x 3; use, which channels count; bias; with_bias; relu; value.

const NAMES = ["red", "green", "blue"];

function render({ model, el }) {
  const grids = ["window", "kernel"].map((name) => NAMES.map((channel, place) => grid({
    label: `${name}, ${channel}`, rows: 3, columns: 3,
    edit: (row, column, value) => {
      const next = model.get(name).map(copy);
      next[place][row][column] = value;
      put(model, { [name]: next });
      draw();
    },
  })));
  const toggles = NAMES.map((channel, place) => button(channel, () => {
    const use = [...model.get("use")];
    use[place] = !use[place];
    put(model, { use });
  }, { style: "width: 5em" }));
  const [withBias, relu] = [["bias", "with_bias"], ["ReLU", "relu"]].map(([label, name]) => button(label, () => put(model, { [name]: !model.get(name) })));
  const bias = slider({ label: "Bias b", min: -300, max: 300, step: 10, value: model.get("bias"), change: (value) => put(model, { bias: value }) });
  const sums = NAMES.map(() => element("output", { class: "cf-result" }));
  const [total, formula] = [element("p", { class: "cf-result" }), element("p", { class: "cf-sum" })];
  const layers = element("p", {}, "Parameters: 64 kernels of 3 × 3 × 1 and 64 biases make 640; 64 kernels of 3 × 3 × 64 and 64 biases make 36,928.");
  const { node: speaker, say } = voice();
  const row = (place) => element("div", { class: "cf-row" }, toggles[place], grids[0][place].node,
    element("span", { class: "cf-sign", "aria-hidden": "true" }, "×"), grids[1][place].node, element("span", { class: "cf-sign", "aria-hidden": "true" }, "="), sums[place]);
  frame(el, "Channels add up", ...NAMES.map((_, place) => row(place)), element("div", { class: "cf-row" }, withBias, bias.node, relu), total, formula, layers, speaker);

  function draw() {
    const [pixels, kernel, use, plus, counts, cut] = ["window", "kernel", "use", "bias", "with_bias", "relu"].map((name) => model.get(name));
    const strongest = Math.max(...kernel.flat(2).map(Math.abs));
    const parts = NAMES.map((_, place) => weightedSum(pixels[place], kernel[place], 0, 0));
    NAMES.forEach((_, place) => {
      grids[0][place].paint((r, c) => ({ value: pixels[place][r][c], dim: !use[place], ...onGrey(pixels[place][r][c]) }));
      grids[1][place].paint((r, c) => ({ value: kernel[place][r][c], dim: !use[place], ...onSigned(kernel[place][r][c], strongest) }));
      sums[place].textContent = use[place] ? text(parts[place]) : "left out";
      toggles[place].setAttribute("aria-pressed", String(use[place]));
    });
    const terms = [...parts.filter((_, place) => use[place]), ...(counts ? [plus] : [])];
    const sum = terms.reduce((a, b) => a + b, 0);
    const value = cut ? Math.max(0, sum) : sum;
    withBias.setAttribute("aria-pressed", String(counts));
    relu.setAttribute("aria-pressed", String(cut));
    bias.set(plus);
    formula.textContent = terms.length ? `${terms.map((term, place) => (place ? signed(term) : text(term))).join(" ")} = ${text(sum)}${cut ? `, and ReLU gives max(${text(sum)}, 0) = ${text(value)}` : ""}` : "Nothing is added.";
    total.textContent = `One number of the feature map: ${text(value)}`;
    say(`${total.textContent}. ${formula.textContent}`);
    if (model.get("value") !== value) { model.set("value", value); model.save_changes(); }
  }
  for (const name of ["window", "kernel", "use", "bias", "with_bias", "relu"]) model.on(`change:${name}`, draw);
  draw();
}

export default { render };
