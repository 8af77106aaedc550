"""The quiz as a widget in the notebook. Apart from the questions, so that these load without ipywidgets."""

import traitlets

from ..figures import Figure
from . import as_html, as_text, right_places


class Quiz(Figure):
    """The questions of a lesson, to click and to walk with the keyboard.

    Attributes
    ----------
    answers : list of list of int
        For each question, the places of the choices taken.
    score : int
        How many questions are answered right.
    """

    module = "quiz"
    title = "Quiz"
    caption = "Choose, then press Check."

    questions = traitlets.List(traitlets.Dict()).tag(sync=True)
    answers = traitlets.List(traitlets.List(traitlets.Int())).tag(sync=True)

    def __init__(self, lesson, questions):
        self._lesson, self._questions = lesson, questions
        super().__init__(
            questions=[
                {"text": q.text, "several": q.several, "choices": [choice._asdict() for choice in q.choices]}
                for q in questions
            ],
            answers=[[] for _ in questions],
        )

    @property
    def score(self):
        pairs = zip(self._questions, self.answers)
        return sum(bool(chosen) and set(chosen) == right_places(question) for question, chosen in pairs)

    def as_table(self):
        return as_html(self._questions)

    def as_text(self):
        return as_text(self._questions, self._lesson)
