// What all figures share: elements, numbers, colours, grids that the keyboard can walk, and a voice for screen readers.
// The Python host puts this text in front of each figure's module, so that one file arrives and nothing is fetched.

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

// At most `digits` decimals and never an exponent; -0 is 0. Sums are taken from the full numbers, not from these texts.
function text(value, digits = 2) {
  if (!Number.isFinite(value)) return "?";
  const rounded = Number(value.toFixed(digits));
  return (Object.is(rounded, -0) ? 0 : rounded).toString().replace("-", "−");
}

function signed(value, digits = 2) {
  return (value < 0 ? "− " : "+ ") + text(Math.abs(value), digits);
}

// Black or white letters, whichever has the higher contrast on this grey; at least 4.58:1 on every one.
function onGrey(level) {
  const channel = Math.max(0, Math.min(255, Math.round(level)));
  const linear = channel <= 10 ? channel / 3295 : ((channel / 255 + 0.055) / 1.055) ** 2.4;
  return { background: `rgb(${channel},${channel},${channel})`, color: linear > 0.179 ? "#000" : "#fff" };
}

// Orange below zero, purple above, white at zero, as in the static pictures.
function onSigned(value, limit) {
  const share = limit ? Math.max(-1, Math.min(1, value / limit)) : 0;
  const strong = share < 0 ? [179, 88, 6] : [84, 39, 136];
  const mix = strong.map((channel) => Math.round(255 + (channel - 255) * Math.abs(share)));
  const [r, g, b] = mix.map((c) => (c <= 10 ? c / 3295 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return { background: `rgb(${mix})`, color: light > 0.179 ? "#000" : "#fff" };
}

// A table of numbers with one tab stop. Arrows, Home, End, Ctrl+Home and Ctrl+End walk; if `edit` is given, Enter, F2, Space
// or a digit opens a field: Enter keeps the number, Escape does not. Hover and tap act like walking.
function grid({ label, rows, columns, edit, walk, describe = () => "" }) {
  const cells = [];
  let at = [0, 0];
  const table = element("table", { role: "grid", "aria-label": label, class: "cf-grid", "aria-readonly": edit ? "false" : "true" });
  const body = element("tbody", { role: "presentation" });
  table.append(body);
  for (let row = 0; row < rows; row += 1) {
    const line = element("tr", { role: "row" });
    cells.push([]);
    for (let column = 0; column < columns; column += 1) {
      const cell = element("td", {
        role: "gridcell",
        tabindex: row + column === 0 ? "0" : "-1",
        onpointerenter: (event) => event.pointerType === "mouse" && walk && walk(row, column),
        onfocus: () => { move(row, column, false); if (walk) walk(row, column); },
        ondblclick: () => edit && open(row, column),
        onkeydown: (event) => key(event, row, column),
      });
      cells[row].push(cell);
      line.append(cell);
    }
    body.append(line);
  }
  function move(row, column, focus = true) {
    cells[at[0]][at[1]].tabIndex = -1;
    at = [Math.max(0, Math.min(rows - 1, row)), Math.max(0, Math.min(columns - 1, column))];
    cells[at[0]][at[1]].tabIndex = 0;
    if (focus) cells[at[0]][at[1]].focus();
  }
  function key(event, row, column) {
    if (event.target.tagName === "INPUT") return;
    const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    const ends = { Home: [event.ctrlKey ? 0 : row, 0], End: [event.ctrlKey ? rows - 1 : row, columns - 1] };
    if (steps[event.key]) move(row + steps[event.key][0], column + steps[event.key][1]);
    else if (ends[event.key]) move(...ends[event.key]);
    else if (edit && /^([0-9.-]|Enter|F2| )$/.test(event.key)) open(row, column, /[0-9.-]/.test(event.key) ? event.key : undefined);
    else return;
    event.preventDefault();
  }
  function open(row, column, start) {
    const cell = cells[row][column];
    const field = element("input", { type: "text", inputmode: "decimal", "aria-label": `${label}, row ${row}, column ${column}`, value: start ?? cell.dataset.value ?? "" });
    let done = false;
    const close = (keep, focus) => {
      if (done) return;
      done = true;
      const value = Number(field.value.replace("−", "-").replace(",", "."));
      field.remove();
      const valid = keep && field.value.trim() !== "" && Number.isFinite(value) && Math.abs(value) < 1e6;
      edit(row, column, valid ? value : Number(cell.dataset.value));
      if (focus) cell.focus();
    };
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === "Escape") { close(event.key === "Enter", true); event.preventDefault(); }
      event.stopPropagation();
    });
    field.addEventListener("blur", () => close(true, false));
    cell.replaceChildren(field);
    field.focus();
    if (start === undefined) field.select();
    else field.setSelectionRange(1, 1);
  }
  // Write numbers and looks: paint((row, column) => ({ value, text, background, color, mark, dim })).
  function paint(look) {
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        const cell = cells[row][column];
        const { value, text: shown = text(value), background = "", color = "", mark = false, dim = false, hatch = false } = look(row, column);
        if (cell.firstChild && cell.firstChild.tagName === "INPUT") continue;
        if (cell.textContent !== shown) cell.textContent = shown;
        cell.dataset.value = value;
        cell.style.background = background;
        cell.style.color = color;
        cell.classList.toggle("cf-mark", mark);
        cell.classList.toggle("cf-dim", dim);
        cell.classList.toggle("cf-hatch", hatch);
        cell.setAttribute("aria-label", `row ${row}, column ${column}: ${shown} ${describe(row, column)}`.trim());
        if (mark) cell.setAttribute("aria-selected", "true");
        else cell.removeAttribute("aria-selected");
      }
    }
  }
  return { node: table, paint, move, cells };
}

// A slider with its label and its value in words.
function slider({ label, min, max, step = 1, value, change, say = (v) => String(v) }) {
  const output = element("output", { class: "cf-value" }, say(value));
  const input = element("input", { type: "range", min, max, step, value, "aria-valuetext": say(value) });
  const set = (next) => {
    input.value = next;
    output.textContent = say(Number(next));
    input.setAttribute("aria-valuetext", say(Number(next)));
  };
  input.addEventListener("input", () => { set(Number(input.value)); change(Number(input.value)); });
  return { node: element("label", { class: "cf-slider" }, element("span", {}, label), input, output), set, input };
}

function button(label, press, attributes = {}) {
  return element("button", { type: "button", onclick: press, ...attributes }, label);
}

// A group of buttons of which one is pressed.
function choice(label, options, chosen, choose) {
  const buttons = options.map(([value, name]) => button(name, () => choose(value), { "data-value": value }));
  const node = element("div", { role: "group", "aria-label": label, class: "cf-choice" }, element("span", { "aria-hidden": "true" }, label), ...buttons);
  const set = (value) => buttons.forEach((each) => each.setAttribute("aria-pressed", String(each.dataset.value === String(value))));
  set(chosen);
  return { node, set };
}

// A polite live region that speaks at most once in 400 ms, and then says the latest.
function voice() {
  const node = element("div", { role: "status", "aria-live": "polite", class: "cf-voice" });
  let latest = "";
  let timer = null;
  const say = (words) => {
    latest = words;
    timer ??= setTimeout(() => { timer = null; if (node.textContent !== latest) node.textContent = latest; }, 400);
  };
  return { node, say };
}

// The frame of a figure. Its keys stay its own: JupyterLab's shortcuts are switched off inside.
function frame(el, name, ...children) {
  const root = element("div", { class: "cf", role: "group", "aria-label": name, "data-lm-suppress-shortcuts": "true" });
  root.append(element("style", {}, STYLE), ...children);
  root.addEventListener("keydown", (event) => event.stopPropagation());
  el.replaceChildren(root);
  return root;
}

// Convolution without padding or stride, over arrays of rows: the same arithmetic as course_utils.correlate2d.
function correlate(image, kernel) {
  const rows = image.length - kernel.length + 1;
  const columns = image[0].length - kernel[0].length + 1;
  return Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_, column) => weightedSum(image, kernel, row, column)));
}

function weightedSum(image, kernel, row, column) {
  let sum = 0;
  for (let r = 0; r < kernel.length; r += 1) {
    for (let c = 0; c < kernel[0].length; c += 1) sum += image[row + r][column + c] * kernel[r][c];
  }
  return sum;
}

function turned(kernel) {
  return kernel.map((row) => [...row].reverse()).reverse();
}

const copy = (array) => array.map((row) => (Array.isArray(row) ? [...row] : row));

// Set values on the model and tell Python once.
function put(model, values) {
  for (const [name, value] of Object.entries(values)) model.set(name, value);
  model.save_changes();
}

const STYLE = `
.cf { font: 14px/1.45 system-ui, sans-serif; color: var(--jp-ui-font-color1, inherit); max-width: 60em; padding: 0.3em 0; }
.cf *, .cf *::before { box-sizing: border-box; }
.cf-title { margin: 0 0 0.3em; font-size: 14px; font-weight: 600; color: inherit; }
.cf p { margin: 0.4em 0; }
.cf-row { display: flex; flex-wrap: wrap; gap: 0.6em 1.2em; align-items: center; margin: 0.4em 0; }
.cf-sign { font-size: 24px; line-height: 1; }
.cf-grid { border-collapse: separate; border-spacing: 2px; background: none; margin: 0; width: auto; }
.cf-grid td, .jp-RenderedHTMLCommon .cf-grid td {
  width: 46px; height: 38px; min-width: 24px; padding: 0; text-align: center; vertical-align: middle; font-variant-numeric: tabular-nums;
  border: 1px solid #767676; border-radius: 3px; cursor: default; max-width: none; font-size: 13px; }
.cf-grid tr, .jp-RenderedHTMLCommon .cf-grid tr { background: none; }
.cf-grid td:focus, .cf button:focus-visible, .cf input:focus-visible, .cf select:focus-visible {
  outline: 2px solid #000; outline-offset: 0; box-shadow: 0 0 0 4px #fff; position: relative; z-index: 2; }
.cf-grid td.cf-mark { outline: 2px solid #000; box-shadow: 0 0 0 4px #fff; position: relative; z-index: 1; font-weight: 700; }
.cf-grid td.cf-dim { color: #767676 !important; background: none !important; border-style: dashed; }
.cf-grid td.cf-hatch { background: repeating-linear-gradient(45deg, #fff 0 4px, #b8b8b8 4px 6px) !important; color: #000 !important; }
.cf-grid td input { width: 100%; height: 100%; border: 0; padding: 0; text-align: center; font: inherit; color: #000; background: #fff; }
.cf-grid.cf-small td { width: 26px; height: 26px; font-size: 11px; }
.cf-grid.cf-tiny td { width: 12px; height: 12px; min-width: 0; font-size: 0; border: 0; border-radius: 0; }
.cf-grid.cf-tiny { border-spacing: 0; }
.cf button, .cf select { font: inherit; min-height: 30px; min-width: 30px; padding: 2px 10px; border: 1px solid #767676; border-radius: 4px;
  color: inherit; background: transparent; cursor: pointer; }
.cf select option { color: #000; background: #fff; }
.cf button[aria-pressed="true"] { background: #3b3b3b; color: #fff; border-color: #3b3b3b; box-shadow: inset 0 -3px 0 #ffb000; }
.cf-choice { display: flex; flex-wrap: wrap; gap: 0.3em; align-items: center; }
.cf-choice span { margin-right: 0.3em; }
.cf-slider { display: flex; flex-wrap: wrap; gap: 0.5em; align-items: center; }
.cf-slider input { width: 12em; min-height: 26px; accent-color: #5b3b8c; }
.cf-value { min-width: 4em; font-variant-numeric: tabular-nums; }
.cf-result { font-size: 20px; font-weight: 700; font-variant-numeric: tabular-nums; }
.cf-sum { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.cf canvas { image-rendering: pixelated; max-width: 100%; border: 1px solid #767676; }
.cf-voice { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 480px) { .cf-grid td, .jp-RenderedHTMLCommon .cf-grid td { width: 38px; height: 32px; font-size: 12px; } }
@media (prefers-reduced-motion: no-preference) { .cf-grid td { transition: background 80ms; } }
`;
