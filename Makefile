# Everything goes through a virtual environment of the project's own.
PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
BROWSER := $(VENV)/.browser
LAKE   ?=
# A Brazilian page: make run LANGUAGE=pt-BR. Your own files: make run SOURCE=DIR (and TMDB_TOKEN).
LANGUAGE ?= en
SOURCE ?=

.DEFAULT_GOAL := help
.PHONY: help install run test test-slow test-browser screenshots check format bench docs clean

help:  ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(READY)  ## Make the virtual environment with all that development needs

$(READY): setup.py
	@command -v $(PYTHON) >/dev/null || { echo "make: no $(PYTHON); install Python 3.11, or set PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

run: $(READY)  ## Build the whole lake, from a made-up sample unless SOURCE=DIR, and its page
	$(BIN)/datalake run $(if $(LAKE),--lake $(LAKE)) --language $(LANGUAGE) $(if $(SOURCE),--source $(SOURCE))

test: $(READY)  ## Run the tests
	$(BIN)/python -m pytest -m "not slow and not browser"

test-slow: $(READY)  ## Run the tests that take long: steps killed in the middle
	$(BIN)/python -m pytest -m slow

test-browser: $(BROWSER)  ## Run the tests of the page in a real browser (Chromium: apt-get install chromium)
	$(BIN)/python -m pytest -m browser -rs

screenshots: $(BROWSER)  ## Take the README's pictures of the page anew, from the made-up sample
	$(BIN)/datalake run
	$(BIN)/python scripts/screenshots.py

$(BROWSER): $(READY)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev,browser]'
	@touch $@

check: $(READY)  ## Lint, types, import rules, generated docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/data_dictionary.py --check
	$(BIN)/python scripts/dashboard --check

format: $(READY)  ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(READY)  ## Write the data dictionary and the dashboard's template anew
	$(BIN)/python scripts/data_dictionary.py
	$(BIN)/python scripts/dashboard

bench: $(READY)  ## Measure on full-size input, beside a DuckDB baseline
	$(BIN)/python benchmarks/run.py

clean:  ## Remove what was built; your lake stays
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis demo
