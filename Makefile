# Python 3.11 and make are all that these need: the environment is made on first use.
# The first of these that runs and is recent enough makes it.
PYTHON ?= python3.11 python3 python
RECENT := import sys; sys.exit(sys.version_info < (3, 11))
BIN := .venv/bin
# Programs of a virtual environment know its place: after a move there is another one.
READY := .venv/.ready-$(firstword $(shell pwd | cksum))

.PHONY: generate demo check test lint hooks corpus bench soak clean

generate: $(READY)
	$(BIN)/codegen generate

# An agent orchestrator on SQLite: docs/demo.py
demo: $(READY)
	$(BIN)/python docs/demo.py

check: $(READY)
	$(BIN)/codegen check

test: $(READY)
	$(BIN)/python -m pytest

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/black --check .
	$(BIN)/mypy
	PYRIGHT_PYTHON_IGNORE_WARNINGS=1 $(BIN)/pyright --pythonpath $(BIN)/python

# Guards the commits of this clone.
hooks: $(READY)
	$(BIN)/pre-commit install

# All schemas of a folder of Convex exports: make corpus DIR=path/to/schemas
corpus: $(READY)
	$(BIN)/python -m pytest tests/corpus --corpus $(DIR)

bench: $(READY)
	$(BIN)/python -m pip install --quiet --editable ".[bench]"
	$(BIN)/python -m tests.benchmarks

# What the tests do shortly, at length: an hour or less.
soak: $(READY)
	$(BIN)/python -m tests.soak

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(READY): pyproject.toml
	@test -e $@ || { \
	  for python in $(PYTHON) ""; do $$python -c "$(RECENT)" 2>/dev/null && break; done; \
	  test "$$python" || { echo "Python 3.11 or newer is needed: make PYTHON=…"; exit 1; }; \
	  $$python -m venv --clear .venv; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $@
