# make lab        set the course up and open it in JupyterLab
# make test       set up what the tests need and prove everything
# make quick      the developer's loop: everything that takes no network training and no browser
# make notebooks  build notebooks/, exercises/ and solutions/ from lessons/ (REPOSITORY=owner/name for a fork)
# make kill-matrix  print what the checks say to each known mistake
# make bench      measure each claim of speed against its peer
#
# PYTHON=python3.13 chooses the Python; LAB="--no-browser --port 9999" passes options to JupyterLab.

PYTHON ?= python3
RUN := .venv/bin/python
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
NEEDS := import sys; v = sys.version_info; (3, 11) <= v < (3, 14) or sys.exit( \
  "The course needs Python 3.11 to 3.13: $(PYTHON) is %d.%d. Try: make lab PYTHON=python3.13" % v[:2])

.PHONY: lab test quick notebooks kill-matrix bench
.DEFAULT_GOAL := lab

lab: .venv/lab.ready
	$(RUN) -m jupyterlab $(AS_ROOT) $(LAB) notebooks/00_start_here.ipynb

test: .venv/test.ready
	$(RUN) tools/build_notebooks.py --check
	$(RUN) -m ruff check . && $(RUN) -m ruff format --check .
	$(RUN) -m pytest
	$(RUN) -m pytest --nbval-lax --nbval-current-env --nbval-cell-timeout=300 notebooks exercises solutions

quick: .venv/test.ready
	$(RUN) tools/build_notebooks.py --check
	$(RUN) -m ruff check . && $(RUN) -m ruff format --check .
	$(RUN) -m pytest -m "not slow"

notebooks: .venv/test.ready
	$(RUN) tools/build_notebooks.py $(if $(REPOSITORY),--repository $(REPOSITORY))

kill-matrix: .venv/test.ready
	$(RUN) tools/kill_matrix.py

bench: .venv/test.ready
	$(RUN) benchmarks/ratios.py
	$(RUN) benchmarks/grading.py

.venv/lab.ready: EXTRAS := lab,keras
.venv/test.ready: EXTRAS := lab,keras,grade,cluster,dev
.venv/%.ready: pyproject.toml
	@$(PYTHON) -c '$(NEEDS)'
	$(PYTHON) -m venv .venv
	$(RUN) -m pip install --editable ".[$(EXTRAS)]"
	$(RUN) -m jupyter labextension disable --level=sys_prefix "@jupyterlab/apputils-extension:announcements" && touch $@
