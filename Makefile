# Works on a bare clone with nothing but Python 3.11+ and make.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
WORKERS ?= 2

.PHONY: install demo test check format lint types floors examples clean bench-ingest

install: $(STAMP)

$(STAMP): pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "kgmine needs Python 3.11 or newer: make PYTHON=/path/to/python3.11"; exit 2; }
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python -e '.[dev,examples]'
	@touch $(STAMP)

demo: install
	$(BIN)/kgmine run examples/planets/corpus --out out --config examples/planets/kgmine.yaml
	$(BIN)/kgmine verify out

examples: install
	$(BIN)/python examples/planets/typeset.py

test: install
	$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

check: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only --quiet .

bench-%: install
	$(BIN)/python -m benchmarks.$*

clean:
	rm -rf $(VENV) out .mypy_cache .ruff_cache .pytest_cache
