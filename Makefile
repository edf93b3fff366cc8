# Works on a bare clone with nothing but Python 3.11+ and make.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
STUDENTS := $(VENV)/.installed-students
# TRAIN=0 leaves out torch and its kin (several GB); tests of training are skipped then.
TRAIN ?= 1
WORKERS ?= 2

NEO4J_DATA ?= .neo4j/home

.PHONY: install install-students demo gallery test check format examples neo4j-start neo4j-stop clean

install: $(STAMP)

$(STAMP): pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "kgmine needs Python 3.11 or newer: make PYTHON=/path/to/python3.11"; exit 2; }
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python -e '.[dev,examples]'
	@touch $(STAMP)

install-students: $(STUDENTS)

$(STUDENTS): $(STAMP)
	$(BIN)/uv pip install --quiet --python $(BIN)/python -e '.[dev,examples,students]'
	@touch $(STUDENTS)

demo: install
	$(BIN)/kgmine run examples/planets/corpus --out out --config examples/planets/kgmine.yaml
	$(BIN)/kgmine verify out

# Runs both examples, then writes docs/gallery.md and the outputs in docs/templates.md anew.
gallery: install
	$(BIN)/kgmine run examples/planets/corpus --out out --config examples/planets/kgmine.yaml
	$(BIN)/kgmine import examples/movies/graph --workspace out-movies/workspace --config examples/movies/kgmine.yaml
	$(BIN)/kgmine run --out out-movies --config examples/movies/kgmine.yaml
	$(BIN)/python -m audits.gallery out out-movies
	$(BIN)/python -m audits.tutorial out out-movies

examples: install
	$(BIN)/python examples/planets/typeset.py

test: $(if $(filter 0,$(TRAIN)),install,install-students)
	$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

check: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only --quiet .

# A real community server on a free port; the last line is its URI. User neo4j, password $NEO4J_PASSWORD or kgmine-dev.
neo4j-start: install
	@$(BIN)/python .ci/neo4j/server.py start --home "$(NEO4J_DATA)" $(ARGS)

neo4j-stop: install
	@$(BIN)/python .ci/neo4j/server.py stop --home "$(NEO4J_DATA)"

bench-distil: install-students

bench-%: install
	$(BIN)/python -m benchmarks.$* $(ARGS)

clean:
	rm -rf $(VENV) out out-movies .mypy_cache .ruff_cache .pytest_cache
