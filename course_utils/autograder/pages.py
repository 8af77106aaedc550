"""Pages of HTML that open offline: the feedback for each learner, and the report on the class.

Both are Jinja templates with autoescape, so what a learner wrote is text and nothing else. No script, no request to anywhere.
"""

from collections import Counter
from pathlib import Path

from jinja2 import DictLoader, Environment, StrictUndefined

from course_utils.checks import exercises
from course_utils.checks.comparison import show_number

from .exports import by_student, clean, file_name, write_text
from .results import FAILURE, latest

_WORDS = {
    "correct": ("✓", "correct"),
    "wrong": ("✗", "not yet"),
    "error": ("✗", "not yet"),
    "not started": ("○", "not started"),
    "missing": ("○", "not found"),
    "unreadable": ("○", "not readable"),
    FAILURE: ("…", "not graded yet"),
}

_FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>{% block title %}{% endblock %}</title>
<style>
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
section { border-left: 5px solid #6e7781; padding: .1rem 1rem; margin: 1rem 0; }
section.correct { border-color: #1a7f37; }
section.wrong, section.error { border-color: #b35900; }
table { border-collapse: collapse; margin: .5rem 1rem .5rem 0; }
th, td { border: 1px solid #8888; padding: .2rem .6rem; text-align: left; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
td.marked { outline: 3px solid #b35900; outline-offset: -3px; font-weight: bold; }
.tables { display: flex; flex-wrap: wrap; align-items: flex-start; }
caption, .share { text-align: left; white-space: nowrap; }
p.note { white-space: pre-wrap; overflow-wrap: anywhere; }
</style>
</head>
<body>
<main>
{% block content %}{% endblock %}
</main>
</body>
</html>
"""

_FEEDBACK = """{% extends "frame" %}
{% block title %}Feedback for {{ student }}{% endblock %}
{% block content %}
<h1>Feedback for {{ student }}</h1>
<p>{{ total }} of {{ possible }} points{% if open %}; {{ open }} not graded yet{% endif %}.</p>
{% for problem in problems %}<p class="note">{{ problem }}</p>
{% endfor %}
{% for row in rows %}
<section class="{{ row.status if row.status in ('correct', 'wrong', 'error') else 'open' }}">
<h2>{{ row.exercise }} <code>{{ row.name }}</code>: {{ row.sign }} {{ row.word }}{% if row.word != 'not graded yet' %}, {{ row.points }} of {{ row.possible }}{% endif %}</h2>
<p>{{ row.task }}</p>
{% if row.mistake and row.status != 'correct' %}<p><strong>{{ row.mistake }}</strong></p>{% endif %}
<p class="note">{{ row.note }}</p>
{% if row.tables %}<p>On the example of the task:</p>
<div class="tables">
{% for table in row.tables %}<table><caption>{{ table.label }}</caption><tbody>
{% for line in table.rows %}<tr>{% for cell in line %}<td class="number{{ ' marked' if [loop.index0, cell.row] == table.place }}" style="{{ cell.style }}">{{ cell.text }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table>
{% endfor %}</div>
{% if row.tables[0].place %}<p>The framed cell is the first that differs.</p>{% endif %}{% endif %}
</section>
{% endfor %}
<p><small>The inputs were drawn for you alone and stay hidden, so that an appeal can be graded again with the same ones. Course {{ version }}.</small></p>
{% endblock %}
"""

_REPORT = """{% extends "frame" %}
{% block title %}Report on the class{% endblock %}
{% block content %}
<h1>Report on the class</h1>
<p>{{ students }} learners, {{ results }} results{% if open %}, of which {{ open }} could not be graded for reasons of the machine{% endif %}.</p>
<h2>Points</h2>
<svg role="img" aria-labelledby="points-title" viewBox="0 0 660 {{ 40 + 220 }}" width="660">
<title id="points-title">Number of learners by their share of all points, in tenths: {{ histogram_text }}</title>
{% for bar in histogram %}<rect x="{{ 30 + 60 * loop.index0 }}" y="{{ 220 - bar.height }}" width="52" height="{{ bar.height }}" fill="#3465a4"></rect>
<text x="{{ 56 + 60 * loop.index0 }}" y="{{ 214 - bar.height }}" text-anchor="middle" fill="currentColor">{{ bar.count }}</text>
<text x="{{ 56 + 60 * loop.index0 }}" y="240" text-anchor="middle" font-size="12" fill="currentColor">{{ bar.label }}</text>
{% endfor %}</svg>
<h2>Exercises</h2>
<table><thead><tr><th scope="col">Exercise</th><th scope="col">Correct</th><th scope="col">Share</th><th scope="col">Not yet</th><th scope="col">Not started or missing</th><th scope="col">Mean points</th></tr></thead><tbody>
{% for one in exercises %}<tr><th scope="row">{{ one.id }} <code>{{ one.name }}</code></th><td class="number">{{ one.correct }}</td>
<td class="share"><svg role="img" aria-label="{{ one.share }} % correct" width="120" height="14"><rect width="120" height="14" fill="#8884"></rect><rect width="{{ one.share * 1.2 }}" height="14" fill="#1a7f37"></rect></svg> {{ one.share }} %</td>
<td class="number">{{ one.wrong }}</td><td class="number">{{ one.open }}</td><td class="number">{{ one.mean }} of {{ one.possible }}</td></tr>
{% endfor %}</tbody></table>
<h2>Most frequent mistakes</h2>
{% for one in exercises %}{% if one.mistakes %}<h3>{{ one.id }} <code>{{ one.name }}</code></h3>
<table><thead><tr><th scope="col">Mistake</th><th scope="col">How often</th></tr></thead><tbody>
{% for mistake, count in one.mistakes %}<tr><td>{{ mistake }}</td><td><svg aria-hidden="true" width="200" height="14"><rect width="{{ 200 * count / one.most }}" height="14" fill="#b35900"></rect></svg> {{ count }}</td></tr>
{% endfor %}</tbody></table>{% endif %}
{% endfor %}
{% endblock %}
"""

_pages = Environment(
    loader=DictLoader({"frame": _FRAME, "feedback": _FEEDBACK, "report": _REPORT}),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
)


def write_feedback(folder, rows, students=None):
    """Write feedback/STUDENT.html for each student, or for those named.

    Parameters
    ----------
    folder : path
        The folder of results.
    rows : list of dict
        As results.jsonl holds them.
    students : collection of str, optional
    """
    for student, mine in by_student(latest(rows)).items():
        if students is None or student in students:
            write_text(Path(folder) / "feedback" / f"{file_name(student)}.html", feedback_page(student, mine))


def feedback_page(student, rows):
    """Return the page for one learner: what was right, which mistake it is, and the example as a picture of its numbers."""
    graded = [row for row in rows if row["status"] != FAILURE]
    return _pages.get_template("feedback").render(
        student=clean(student),
        total=f"{sum(row['points'] for row in graded):g}",
        possible=f"{sum(row['possible'] for row in rows):g}",
        open=len(rows) - len(graded),
        problems=[clean(problem) for problem in rows[0].get("problems", [])],
        rows=[_shown(row) for row in rows],
        version=rows[0].get("versions", {}).get("course", ""),
    )


def _shown(row):
    exercise = exercises().get(row["exercise"])
    sign, word = _WORDS.get(row["status"], ("?", row["status"]))
    feedback = row.get("feedback", {})
    failed = row["status"] == FAILURE
    note = (
        "This exercise will be graded again: the grading machine failed, not you."
        if failed
        else feedback.get("note", "")
    )
    return {
        "exercise": row["exercise"],
        "name": exercise.name if exercise else "",
        "task": exercise.task if exercise else "",
        "status": row["status"],
        "sign": sign,
        "word": word,
        "points": f"{row['points']:g}",
        "possible": f"{row['possible']:g}",
        "mistake": row["mistake"],
        "note": "\n".join(map(clean, note.splitlines())),
        "tables": [_table(table) for table in feedback.get("tables", [])],
    }


def _table(table):
    """Return a table whose cells are grey by their value, as the picture of an array is."""
    numbers = [number for line in table["rows"] for number in line if abs(number) < float("inf")]
    low, high = min(numbers, default=0), max(numbers, default=1)
    rows = [[_cell(number, low, high, place) for number in line] for place, line in enumerate(table["rows"])]
    marked = table["marked"]
    return {"label": clean(table["label"]), "rows": rows, "place": [marked[1], marked[0]] if marked else None}


def _cell(number, low, high, row):
    known = abs(number) < float("inf")
    grey = round(255 * (number - low) / (high - low)) if known and high > low else 255
    colour = "#000" if grey > 115 else "#fff"
    return {"text": show_number(number), "style": f"background:rgb({grey},{grey},{grey});color:{colour}", "row": row}


def write_report(folder, rows):
    """Write report.html: how the class did in each exercise, and its most frequent mistakes. Return the path."""
    rows = latest(rows)
    people = by_student(rows)
    shares = [sum(r["points"] for r in mine) / max(sum(r["possible"] for r in mine), 1e-9) for mine in people.values()]
    counts = Counter(min(9, int(10 * share)) for share in shares)
    most = max(counts.values(), default=1)
    labels = [f"{10 * tenth}–{10 * tenth + 10} %" for tenth in range(10)]
    histogram = [
        {"count": counts[tenth], "height": round(190 * counts[tenth] / most), "label": labels[tenth]}
        for tenth in range(10)
    ]
    page = _pages.get_template("report").render(
        students=len(people),
        results=len(rows),
        open=sum(row["status"] == FAILURE for row in rows),
        histogram=histogram,
        histogram_text=", ".join(f"{label}: {counts[tenth]}" for tenth, label in enumerate(labels)),
        exercises=[_summary(id, [r for r in rows if r["exercise"] == id]) for id in dict.fromkeys(_ids(rows))],
    )
    path = Path(folder) / "report.html"
    write_text(path, page)
    return path


def _ids(rows):
    return sorted({row["exercise"] for row in rows}, key=lambda id: tuple(map(int, id.split("."))))


def _summary(id, rows):
    graded = [row for row in rows if row["status"] != FAILURE]
    states = Counter(row["status"] for row in graded)
    mistakes = Counter(row["mistake"] for row in graded if row["mistake"] and row["status"] != "correct").most_common(8)
    exercise = exercises().get(id)
    count = max(len(graded), 1)
    return {
        "id": id,
        "name": exercise.name if exercise else "",
        "correct": states["correct"],
        "share": round(100 * states["correct"] / count),
        "wrong": states["wrong"] + states["error"],
        "open": states["not started"] + states["missing"] + states["unreadable"],
        "mean": f"{sum(row['points'] for row in graded) / count:.2f}",
        "possible": f"{rows[0]['possible']:g}",
        "mistakes": mistakes,
        "most": max((number for _, number in mistakes), default=1),
    }
