// Where did 577 go: one response, and what becomes of it on its way to a picture or to the next layer.
// State: response, a whole number; results, {raw, clip, wrap, relu, absolute}.

const WAYS = [
  ["raw", "as it is, a float", (x) => x],
  ["clip", "clipped to 0…255", (x) => Math.max(0, Math.min(255, x))],
  ["wrap", "stored as uint8", (x) => ((x % 256) + 256) % 256],
  ["relu", "ReLU: max(x, 0)", (x) => Math.max(0, x)],
  ["absolute", "absolute value", (x) => Math.abs(x)],
];

function render({ model, el }) {
  const [low, high] = [-1100, 1100];
  const number = slider({ label: "Response", min: low, max: high, value: model.get("response"), change: (value) => put(model, { response: value }), say: (value) => text(value) });
  const presets = choice("Examples", [[577, "577"], [-346, "−346"], [255, "255"], [256, "256"], [-1, "−1"]], "", (value) => put(model, { response: value }));
  const lines = WAYS.map(([, name]) => {
    const [value, bar, screen] = [element("td", { class: "cf-number" }), element("div", { class: "cf-bar" }), element("div", { class: "cf-screen" })];
    const cell = (child, label) => element("td", { role: "cell", "aria-label": label }, child);
    return { value, bar, screen, row: element("tr", {}, element("th", { scope: "row" }, name), value, cell(bar, "on the number line"), cell(screen, "on a screen")) };
  });
  const table = element("table", { class: "cf-ways" },
    element("thead", {}, element("tr", {}, ...["What happens", "Result", "On the number line", "On a screen"].map((name) => element("th", { scope: "col" }, name)))),
    element("tbody", {}, ...lines.map((line) => line.row)));
  const words = element("p", {});
  const { node: speaker, say } = voice();
  frame(el, "Where did 577 go", element("style", {}, WAYS_STYLE), element("div", { class: "cf-row" }, presets.node, number.node), table, words, speaker);

  function draw() {
    const response = model.get("response");
    const results = Object.fromEntries(WAYS.map(([key, , way]) => [key, way(response) + 0]));
    WAYS.forEach(([key], place) => {
      const { value, bar, screen } = lines[place];
      const result = results[key];
      value.textContent = text(result);
      const share = (x) => `${(100 * (x - low)) / (high - low)}%`;
      bar.style.setProperty("--at", share(result));
      bar.style.setProperty("--from", share(0));
      bar.style.setProperty("--to", share(255));
      const { background, color } = onGrey(result);
      Object.assign(screen.style, { background, color });
      screen.textContent = result < 0 ? "black" : result > 255 ? "white" : text(result);
    });
    const lost = response < 0 ? "Below 0" : response > 255 ? "Above 255" : "Within 0…255";
    words.textContent = lost.startsWith("Within")
      ? `${text(response)} fits into a picture: nothing is lost on any way.`
      : `${lost}: clipping keeps ${text(results.clip)}; uint8 keeps the remainder of a division by 256, ${text(results.wrap)}; ReLU keeps ${text(results.relu)}.`;
    number.set(response);
    presets.set(response);
    say(words.textContent);
    if (JSON.stringify(model.get("results")) !== JSON.stringify(results)) put(model, { results });
  }
  model.on("change:response", draw);
  draw();
}

const WAYS_STYLE = `
.cf-ways { border-collapse: collapse; color: inherit; }
.cf-ways th, .cf-ways td { text-align: left !important; padding: 0.3em 0.8em; border-bottom: 1px solid #767676; font-weight: 400; }
.cf-ways thead th { font-weight: 600; }
.cf-ways .cf-number { font-weight: 700; font-variant-numeric: tabular-nums; text-align: right !important; min-width: 4em; }
.cf-bar { position: relative; width: 16em; max-width: 40vw; height: 22px; border-bottom: 2px solid currentColor;
  background: linear-gradient(90deg, transparent var(--from), #ffb00066 var(--from) var(--to), transparent var(--to)); }
.cf-bar::after { content: ""; position: absolute; left: var(--at); bottom: -7px; width: 12px; height: 12px; margin-left: -6px; border-radius: 50%;
  background: #b8003a; border: 2px solid #fff; box-shadow: 0 0 0 1px #000; }
.cf-screen { width: 5em; height: 30px; display: grid; place-items: center; border: 1px solid #767676; border-radius: 4px; }
@media (max-width: 480px) { .cf-ways th, .cf-ways td { padding: 0.3em 0.2em; font-size: 12px; } .cf-ways .cf-number { min-width: 0; }
  .cf-bar { width: 4.5em; } .cf-screen { width: 3.4em; } }
`;

export default { render };
