# Python 3.11 and make are all that these need: the environment is made on first use.
PYTHON ?= python3.11
BIN := .venv/bin
READY := .venv/.ready

.PHONY: generate check test lint corpus bench clean

generate: $(READY)
	$(BIN)/codegen generate

check: $(READY)
	$(BIN)/codegen check

test: $(READY)
	$(BIN)/python -m pytest

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/black --check --quiet .
	$(BIN)/mypy
	$(BIN)/pyright

# All schemas of a folder of Convex exports: make corpus DIR=path/to/schemas
corpus: $(READY)
	$(BIN)/python -m pytest tests/corpus --corpus $(DIR)

bench: $(READY)
	$(BIN)/python -m tests.benchmarks

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(READY): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	touch $@
