# Two doors: `make demo` shows the whole way, `make test` proves it. Each does all its own set-up.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BIN   := .venv/bin
READY := .venv/.ready
NODE  := tests/clients/node_modules/.package-lock.json

.PHONY: help demo test lint fuzz bench docs pictures system clean

help: ## this menu
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

demo: $(READY) ## sample returns in, official reports out (only Python is needed)
	$(BIN)/ketnghia demo

test: $(READY) system $(NODE) ## every test, with LibreOffice and the Node clients
	$(BIN)/python -m pytest -n 2

lint: $(READY) ## style, types, import contracts, budgets of files and functions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest tests/test_architecture.py

fuzz: $(READY) system $(NODE) ## damaged returns without end: make fuzz N=10000 [SEED=1], failures kept in build/fuzz
	$(BIN)/python tests/fuzz_returns.py $(or $(N),2000) $(SEED)

bench: $(READY) ## time and memory beside the naive way and the floor
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.five_years
	$(BIN)/python -m benchmarks.letters
	$(BIN)/python -m benchmarks.bench_template

docs: $(READY) ## write the pages of docs/ that are generated from the code
	$(BIN)/python tests/docs_pages.py

pictures: $(READY) system ## take the pictures of the officer's guide anew, with LibreOffice
	$(BIN)/python tests/guide_pictures.py

clean: ## remove what the commands above made, except your inputs and outputs
	rm -rf .venv build dist *.egg-info tests/clients/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

system:
	@.ci/system-packages office node

# Installed anew only when what it is made from changes.
$(READY): setup.cfg pyproject.toml
	@.ci/system-packages python
	@.ci/venv .venv
	@touch $@

# Not `npm ci`: it refuses the lock where a mirror lacks the validator's builds for other systems. The lock binds all the same.
$(NODE): tests/clients/package-lock.json tests/clients/package.json | system
	npm --prefix tests/clients install --no-save --ignore-scripts --loglevel=error
	@touch $@
