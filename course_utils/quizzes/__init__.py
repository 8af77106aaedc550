"""The quizzes: a few questions at the end of each lesson; each choice is explained, the wrong ones one by one.

The questions stand in the TOML files beside this one. CONTRIBUTING.md shows their form.
"""

import html
import tomllib
from importlib.resources import files
from typing import NamedTuple


class Choice(NamedTuple):
    """One choice: its text, whether it is right, and why."""

    text: str
    right: bool
    why: str


class Question(NamedTuple):
    """One question. If several choices are right, the learner is told so."""

    text: str
    choices: tuple

    @property
    def several(self):
        return sum(choice.right for choice in self.choices) > 1


def load_quiz(lesson):
    """Return the questions of a lesson.

    Parameters
    ----------
    lesson : str
        Its number, for example "02".

    Returns
    -------
    tuple of Question

    Raises
    ------
    ValueError
        If the lesson has no quiz.
    """
    folder = files("course_utils.quizzes")
    name = f"lesson_{lesson}.toml"
    there = sorted(path.name[7:9] for path in folder.iterdir() if path.name.endswith(".toml"))
    if str(lesson) not in there:
        raise ValueError(f"The lesson must be one of {', '.join(there)}: got {lesson!r}. Try quiz({there[0]!r}).")
    with folder.joinpath(name).open("rb") as file:
        content = tomllib.load(file)
    return tuple(
        Question(entry["text"], tuple(Choice(c["text"], c.get("right", False), c["why"]) for c in entry["choices"]))
        for entry in content["questions"]
    )


def quiz(lesson, answers=None):
    """Ask the questions of a lesson.

    Parameters
    ----------
    lesson : str
        Its number, for example "02".
    answers : str, optional
        Your choices as letters, the questions separated by blanks: "b ac d". Where the quiz cannot be clicked, this
        prints what is right and why.

    Returns
    -------
    Quiz
        The quiz to click; ``.score`` is the number of right answers. With `answers`, nothing.
    """
    questions = load_quiz(lesson)
    if answers is not None:
        print(judge_letters(questions, answers))
        return None
    from .widget import Quiz

    return Quiz(lesson, questions)


def judge_letters(questions, answers):
    """Return what is right and wrong about choices given as letters, as text."""
    lines = []
    given = str(answers).lower().split()
    for number, question in enumerate(questions):
        letters = given[number] if number < len(given) else ""
        chosen = {ord(letter) - ord("a") for letter in letters}
        lines.append(f"{number + 1}. {question.text}")
        if not chosen or not all(0 <= place < len(question.choices) for place in chosen):
            last = chr(ord("a") + len(question.choices) - 1)
            lines.append(f"   not answered: write letters from a to {last}")
            continue
        for place in sorted(chosen):
            choice = question.choices[place]
            lines.append(f"   {letter_of(place)}) {'✓' if choice.right else '✗'} {choice.why}")
        if chosen < right_places(question):
            lines.append("   right so far, and not all")
    solved = sum(
        is_right(question, given[number] if number < len(given) else "") for number, question in enumerate(questions)
    )
    return "\n".join([*lines, f"{solved} of {len(questions)} right"])


def is_right(question, letters):
    return {ord(letter) - ord("a") for letter in letters} == right_places(question)


def right_places(question):
    return {place for place, choice in enumerate(question.choices) if choice.right}


def letter_of(place):
    return chr(ord("a") + place)


def as_text(questions, lesson):
    """Return the questions as plain text, with how to answer them."""
    lines = []
    for number, question in enumerate(questions):
        lines.append(f"{number + 1}. {question.text}{' (some of these are right)' if question.several else ''}")
        lines += [f"   {letter_of(place)}) {choice.text}" for place, choice in enumerate(question.choices)]
    example = " ".join("a" for _ in questions)
    return "\n".join([*lines, f'Answer with letters: quiz("{lesson}", "{example}")'])


def as_html(questions):
    """Return the questions as HTML that needs no script: each choice unfolds its explanation."""
    parts = []
    for number, question in enumerate(questions):
        several = " (some of these are right)" if question.several else ""
        parts.append(f"<p><b>{number + 1}. {html.escape(question.text)}{several}</b></p>")
        for choice in question.choices:
            sign = "✓" if choice.right else "✗"
            parts.append(
                f"<details><summary>{html.escape(choice.text)}</summary><p>{sign} {html.escape(choice.why)}</p></details>"
            )
    return "".join(parts)
