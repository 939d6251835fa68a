# CanBo. `make help` lists the targets. A fresh machine needs Python 3.11, make and git; the rest is installed here.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo
.DEFAULT_GOAL := help

.PHONY: help setup demo test test-deep browser check format bench lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

setup: $(VENV)/.installed ## Install what CanBo needs to run
$(VENV)/.installed: requirements/base.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/.installed-bench: $(VENV)/.installed-dev requirements/bench.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@touch $@

demo: setup ## Make a synthetic province, measure it, write the reports, serve the site on it
	@$(BIN)/python -m tools.demo $(DEMO)

test: $(VENV)/.installed-dev check browser ## Run every check and test (about 10 minutes on 2 cores)
	$(BIN)/python -m pytest -m "not deep"

test-deep: $(VENV)/.installed-bench ## Run the long sweeps whole: broken workbooks, the fuzz of conditions, kills, the whole API
	$(BIN)/python -m pytest -m deep

browser: ## Install the browser that the tests of the pages drive, where it is missing
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq chromium; } \
	  || { echo "Thiếu Chromium cho kiểm thử trang web: apt-get install chromium · The tests of the pages need Chromium"; exit 1; }

check: $(VENV)/.installed-dev ## Check style, types, layers and sizes
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.installed-dev ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.installed-bench ## Measure speed and memory against the alternatives; prints a table, writes JSON
	$(BIN)/python -m benchmarks

lock: ## Pin the requirements anew, with hashes (needs uv)
	for name in base dev bench; do \
	  (echo "# Made from $$name.in by 'make lock'; do not edit."; \
	   uv pip compile --quiet --generate-hashes --no-emit-index-url --no-annotate --no-header --universal \
	     --python-version 3.11 requirements/$$name.in) > requirements/$$name.tmp \
	  && mv requirements/$$name.tmp requirements/$$name.txt; done

clean: ## Remove what was built, the virtual environment included
	rm -rf $(VENV) $(DEMO) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
