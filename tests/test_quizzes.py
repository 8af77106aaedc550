"""The quizzes: each lesson has its questions, each choice its reason, in a form for every place."""

from pathlib import Path

import pytest

from course_utils import quiz
from course_utils.quizzes import load_quiz

LESSONS = sorted(
    path.stem[:2]
    for path in (Path(__file__).parents[1] / "lessons").glob("[0-9][0-9]_*.py")
    if "exercises" not in path.stem
)


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_ends_with_its_questions(lesson):
    """Five, and twenty in the last one; each with a right choice, a wrong one, and a reason of its own for each."""
    questions = load_quiz(lesson)
    assert len(questions) == (20 if lesson == "11" else 5)
    for question in questions:
        right = [choice.right for choice in question.choices]
        assert any(right)
        assert not all(right)
        assert len({choice.why for choice in question.choices}) == len(question.choices)
        assert all(len(choice.why) > 20 for choice in question.choices)
    (notebook,) = (Path(__file__).parents[1] / "notebooks").glob(f"{lesson}_*.ipynb")
    assert f'quiz(\\"{lesson}\\")' in notebook.read_text()


def test_letters_are_judged_one_by_one(capsys):
    quiz("02", "a c b a d")
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "3 of 5 right"
    assert "   right so far, and not all" in lines
    assert "   not answered: write letters from a to c" in lines


@pytest.mark.parametrize("answers", ["", "z z z", "1 2 3", "aaaa", "é", 5])
def test_any_letters_are_answered_without_an_exception(answers, capsys):
    quiz("02", answers)
    assert "of 5 right" in capsys.readouterr().out


def test_the_score_follows_the_answers():
    widget = quiz("02")
    assert widget.score == 0
    widget.answers = [[0], [2], [1], [0], [2]]
    assert widget.score == 4  # the fourth has two right choices


@pytest.mark.parametrize("lesson", ["99", "", None, 2])
def test_an_unknown_lesson_is_refused_with_those_there_are(lesson):
    with pytest.raises(ValueError, match=r"The lesson must be one of 00, 01"):
        quiz(lesson)
