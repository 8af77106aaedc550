// A quiz: questions with one or several right choices; each choice that was taken is explained.
// State: questions, as [{text, several, choices: [{text, right, why}]}]; answers, for each question the places that were chosen.

function render({ model, el }) {
  const questions = model.get("questions");
  const { node: speaker, say } = voice();
  const total = element("p", { class: "cf-result" });
  const blocks = questions.map((question, number) => {
    const name = `q${number}-${Math.random().toString(36).slice(2)}`;
    const inputs = question.choices.map(() => element("input", { type: question.several ? "checkbox" : "radio", name, class: "cf-pick" }));
    const notes = question.choices.map(() => element("div", { class: "cf-why" }));
    const verdict = element("b", {});
    const choices = question.choices.map((each, place) => element("div", { class: "cf-option" },
      element("label", {}, inputs[place], element("span", {}, each.text)), notes[place]));
    const several = question.several ? " (some of these are right)" : "";
    const block = element("fieldset", { class: "cf-question" },
      element("legend", {}, `${number + 1}. ${question.text}${several}`), ...choices,
      element("div", { class: "cf-row" }, button("Check", () => take(number)), verdict));
    return { block, inputs, notes, verdict };
  });
  frame(el, "Quiz", element("style", {}, QUIZ_STYLE), ...blocks.map((each) => each.block), total, speaker);

  function take(number) {
    const chosen = blocks[number].inputs.flatMap((input, place) => (input.checked ? [place] : []));
    const answers = copy(model.get("answers"));
    answers[number] = chosen;
    put(model, { answers });
    draw();
    say(`Question ${number + 1}: ${blocks[number].verdict.textContent} ${chosen.map((place) => questions[number].choices[place].why).join(" ")}`);
  }
  function isRight(number, chosen) {
    return chosen.length > 0 && questions[number].choices.every((each, place) => each.right === chosen.includes(place));
  }
  function draw() {
    const answers = model.get("answers");
    answers.forEach((chosen, number) => {
      const { inputs, notes, verdict } = blocks[number];
      const given = chosen.length > 0;
      questions[number].choices.forEach((each, place) => {
        const taken = chosen.includes(place);
        if (given) inputs[place].checked = taken;
        notes[place].textContent = taken ? `${each.right ? "✓" : "✗"} ${each.why}` : "";
      });
      const right = isRight(number, chosen);
      const missing = given && !right && chosen.every((place) => questions[number].choices[place].right);
      verdict.textContent = !given ? "" : right ? "✓ right" : missing ? "… right so far, and not all" : "✗ not yet";
    });
    const solved = answers.filter((chosen, number) => isRight(number, chosen)).length;
    total.textContent = `${solved} of ${questions.length} right`;
  }
  model.on("change:answers", draw);
  draw();
}

const QUIZ_STYLE = `
.cf-question { border: 1px solid #767676; border-radius: 6px; margin: 0.8em 0; padding: 0.5em 1em 0.7em; min-width: 0; }
.cf-question legend { font-weight: 600; padding: 0 0.4em; }
.cf-option label { display: flex; gap: 0.6em; align-items: center; min-height: 30px; cursor: pointer; }
.cf-pick { width: 18px; height: 18px; flex: none; margin: 3px; accent-color: #5b3b8c; }
.cf-why { margin: 0 0 0.3em 30px; }
`;

export default { render };
