# make is the only entry point to remember; each target is one line of help.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
export PYTHONHASHSEED ?= 0
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run test check check-fast check-slow test-fast test-slow format lint types layers gates reproducible reference bench release site lock clean

help:  ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: .venv/run  ## Set up, build the graph, validate it, answer a question, write a GEXF file
	@$(BIN)/govkg run

test: .venv/dev  ## Set up and run the tests
	@$(BIN)/pytest --numprocesses auto --dist worksteal

check: check-fast check-slow  ## The one gate: what CI runs, in two parts

check-fast: lint types layers test-fast gates  ## What each change needs: minutes

check-slow: test-slow reproducible  ## The rest: servers, Node, R, Java, registries, two builds

test-fast: .venv/dev
	@$(BIN)/pytest --numprocesses auto --dist worksteal -m "not slow"

test-slow: .venv/dev
	@$(BIN)/pytest --numprocesses auto --dist worksteal -m slow

format: .venv/dev  ## Format Python and Turtle
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/turtlefmt --indentation 2 ontology data

lint: .venv/dev  ## Check the format and lint, of Python and Turtle
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/turtlefmt --check --indentation 2 ontology data

types: .venv/dev  ## Check the types (mypy --strict)
	@$(BIN)/mypy

layers: .venv/dev  ## Check that imports only point down
	@$(BIN)/lint-imports

gates: .venv/dev  ## Validate the graph: shapes, and every check that must return nothing
	@$(BIN)/govkg build --quiet
	@$(BIN)/govkg validate

reproducible: .venv/dev  ## Build twice and compare the bytes of dumps, exports and manifest
	@$(BIN)/python tools/reproducible.py

reference: .venv/dev  ## Make the reference tables again from the pinned packages
	@$(BIN)/python tools/reference/make.py

bench: .venv/dev  ## Measure speed, as ratios within one run
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

release: .venv/run  ## Write the files of a release into build/release
	@test -f build/CURRENT || $(BIN)/govkg build --quiet
	@$(BIN)/python tools/release.py

site: .venv/dev  ## Build the documentation site into build/site
	@$(BIN)/python -m tools.documentation

lock: .venv/dev  ## Renew the lock files (needs uv, which pip installs)
	@$(BIN)/pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-strip-extras --no-annotate --no-header --python-version 3.11 pyproject.toml tools/build.in -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-strip-extras --no-annotate --no-header --python-version 3.11 --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean:  ## Remove everything that make made
	@rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .coverage

.venv/bin/python:
	@$(PYTHON) -m venv .venv

# Two stamps, so that `make run` never waits for development tools.
.venv/run: requirements.lock pyproject.toml | .venv/bin/python
	@began=$$(date +%s) && \
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock && \
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e . && \
	touch $@ && echo "installed in $$(( $$(date +%s) - began )) s"

.venv/dev: requirements-dev.lock .venv/run
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@
