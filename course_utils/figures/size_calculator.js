// Size calculator with pixels: one axis, its padding, every window, and what no window reaches.
// State: size, kernel_size, stride, dilation; padding, "valid", "same" or a number; position, the output cell looked at; output.

function render({ model, el }) {
  const names = { size: ["Pixels n", 1, 32], kernel_size: ["Kernel k", 1, 7], stride: ["Stride s", 1, 4], dilation: ["Dilation d", 1, 3] };
  const sliders = Object.fromEntries(Object.entries(names).map(([name, [label, min, max]]) => [name,
    slider({ label, min, max, value: model.get(name), change: (value) => put(model, { [name]: value, position: 0 }) })]));
  const padding = choice("Padding", [["valid", "valid"], ["same", "same (Keras)"], ["0", "0"], ["1", "1"], ["2", "2"], ["3", "3"]], "", (value) => put(model, { padding: /\d/.test(value) ? Number(value) : value, position: 0 }));
  const presets = choice("Examples", [["28 3 1 1 valid", "28 → 26"], ["11 2 2 1 valid", "11 → 5"], ["8 3 2 1 valid", "8 → 3"], ["28 3 2 1 same", "28 → 14"]], "", (line) => {
    const [size, kernel, stride, dilation, rule] = line.split(" ");
    put(model, { size: Number(size), kernel_size: Number(kernel), stride: Number(stride), dilation: Number(dilation), padding: rule, position: 0 });
  });
  const [input, output, formula, words] = [element("div", { class: "cf-strip" }), element("div", { class: "cf-strip" }), element("p", { class: "cf-sum" }), element("p", {})];
  const title = element("div", { class: "cf-title" });
  const { node: speaker, say } = voice();
  frame(
    el, "Size calculator", element("style", {}, STRIP_STYLE),
    element("div", { class: "cf-row" }, presets.node),
    element("div", { class: "cf-row" }, ...Object.values(sliders).map((each) => each.node)),
    element("div", { class: "cf-row" }, padding.node),
    element("div", { class: "cf-title" }, "The axis with its padding"), input, title, output, formula, words, speaker,
  );
  let shown = "";
  let [before, after] = [null, null];

  function draw() {
    const [n, k, s, d, rule] = ["size", "kernel_size", "stride", "dilation", "padding"].map((name) => model.get(name));
    const reach = d * (k - 1) + 1;
    const total = Math.max((Math.ceil(n / s) - 1) * s + reach - n, 0);
    const [left, right] = rule === "same" ? [Math.floor(total / 2), total - Math.floor(total / 2)] : rule === "valid" ? [0, 0] : [rule, rule];
    const padded = n + left + right;
    const count = Math.max(0, Math.floor((padded - reach) / s) + 1);
    const at = Math.min(model.get("position"), Math.max(0, count - 1));
    const used = (place) => Array.from({ length: count }, (_, step) => step * s).some((start) => place >= start && place < start + reach && (place - start) % d === 0);
    const under = (place) => count > 0 && place >= at * s && place < at * s + reach && (place - at * s) % d === 0;
    const key = `${padded} ${count}`;
    if (key !== shown) {
      shown = key;
      before = grid({ label: "The axis with its padding", rows: 1, columns: padded });
      input.replaceChildren(before.node);
      after = count ? grid({ label: "Output", rows: 1, columns: count, walk: (_, column) => put(model, { position: column }) }) : null;
      output.replaceChildren(after ? after.node : "no output: the kernel does not fit");
      for (const each of [before, after]) if (each) each.node.classList.add("cf-small");
    }
    const pad = (place) => place < left || place >= left + n;
    before.paint((_, place) => ({ value: pad(place) ? 0 : place - left, dim: pad(place) && !under(place), mark: under(place), hatch: !pad(place) && !used(place) }));
    if (after) after.paint((_, place) => ({ value: place, mark: place === at }));
    const lost = Array.from({ length: n }, (_, place) => place + left).filter((place) => !used(place)).length;
    title.textContent = `Output: ${count} ${count === 1 ? "number" : "numbers"}`;
    formula.textContent = `⌊(n + before + after − d (k − 1) − 1) / s⌋ + 1 = ⌊(${n} + ${left} + ${right} − ${d}·${k - 1} − 1) / ${s}⌋ + 1 = ${count || "none"}`;
    words.textContent = `Padding: ${left} before and ${right} after. ${lost ? `${lost} ${lost === 1 ? "pixel is" : "pixels are"} in no window (hatched).` : "Every pixel is in a window."}`;
    for (const name of Object.keys(sliders)) sliders[name].set(model.get(name));
    padding.set(rule);
    presets.set(`${n} ${k} ${s} ${d} ${rule}`);
    say(`${title.textContent}. ${words.textContent}`);
    if (model.get("output") !== count) { model.set("output", count); model.save_changes(); }
  }
  for (const name of ["size", "kernel_size", "stride", "dilation", "padding", "position"]) model.on(`change:${name}`, draw);
  draw();
}

const STRIP_STYLE = ".cf-strip { overflow-x: auto; padding: 6px; max-width: 100%; } .cf-strip .cf-grid td { border-color: #767676; }";

export default { render };
