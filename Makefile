# Everything runs from .venv, which make updates when the lock or the project's metadata changes.
PYTHON ?= python3
CRASHES ?= 20
UPDATES ?= 100000
MINUTES ?= 30
CHATS ?= 100000
CHANNELS ?= 200
WORKERS ?= 4
RATE ?= 270
LIMIT ?= 300
SECONDS ?= 600
PATIENCE ?= 3600
SEED ?= 1
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.installed-to-run
STAMP := $(VENV)/.installed
PEERS := $(VENV)/peers
DOCS := $(VENV)/docs
PYTEST := $(BIN)/python -m pytest

# The processes of a test run read what one of them has compiled.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run test test-long test-clock screenshots crash proof fuzz soak lint bench reference docs lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## create .venv with the pinned dependencies

$(STAMP): requirements.lock $(RUN_STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

# Peyk and what it needs to run, without the tools of development.
$(RUN_STAMP): requirements-run.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Peyk needs CPython 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-run.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: $(RUN_STAMP) ## start Peyk; without BOT_TOKEN, a local Telegram and a sample newsroom too
	@$(BIN)/peyk run

test: $(STAMP) ## run the tests of every part, without those marked long
	$(PYTEST) -n 10 --dist worksteal -m "not long" --ignore tests/crash --ignore tests/growth

test-long: $(STAMP) ## run the others: variations of what make test tries, all rights, spoiled updates, growth
	$(PYTEST) -n 10 --dist worksteal -m long --ignore tests/crash --ignore tests/growth
	$(PYTEST) -n 2 --dist worksteal tests/growth

# Minutes in which days, years and summer time begin or end, each with another zone and locale of the machine.
INSTANTS := 2027-03-21T07:59:20+03:30/America/New_York/C \
	2028-02-29T23:59:20+00:00/Europe/Berlin/C.UTF-8

test-clock: $(STAMP) ## run the tests that depend on the time of day at other instants, in other zones and locales
	@for one in $(INSTANTS); do \
		now=$${one%%/*}; rest=$${one#*/}; echo "$$now, TZ=$${rest%/*}, LC_ALL=$${rest##*/}"; \
		TZ=$${rest%/*} LC_ALL=$${rest##*/} LANG=$${rest##*/} $(PYTEST) -m wall_clock --now $$now -n 6 --dist worksteal || exit 1; \
	done

screenshots: $(STAMP) ## make the pictures of the documentation anew (needs Chromium)
	$(PYTEST) tests/browser/test_pictures.py --pictures docs/pictures

crash: $(STAMP) ## kill Peyk at CRASHES moments (20) on each database, and several processes with their server
	$(PYTEST) tests/crash -n 4 --dist worksteal --crashes $(CRASHES)

proof: $(STAMP) ## kill two receivers, WORKERS (4) workers and PostgreSQL for SECONDS (600) while CHATS (100000) get news
	PROOF_CHATS=$(CHATS) PROOF_CHANNELS=$(CHANNELS) PROOF_WORKERS=$(WORKERS) PROOF_RATE=$(RATE) \
		PROOF_LIMIT=$(LIMIT) PROOF_SECONDS=$(SECONDS) PROOF_PATIENCE=$(PATIENCE) PROOF_SEED=$(SEED) \
		$(PYTEST) tests/crash/test_proof.py -o log_cli=true --log-cli-level=INFO

fuzz: $(STAMP) ## let Peyk handle UPDATES (100000) spoiled updates
	FUZZED_UPDATES=$(UPDATES) $(PYTEST) tests/fuzz

soak: $(STAMP) ## run Peyk under mixed load for MINUTES (30; 3 for a short form): what it holds must not grow
	$(BIN)/python -m benchmarks.soak --minutes $(MINUTES)

lint: $(STAMP) ## check formatting, lint, types and the direction of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP) $(PEERS)/.installed ## compare sending, answering and reading sources with simpler programs (FULL=1: larger sizes)
	$(BIN)/python -m benchmarks --peers $(PEERS)/bin/python $(if $(FULL),--full)

# The programs of the comparison have their own environment, apart from Peyk's.
$(PEERS)/.installed: requirements-bench.lock
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@touch $@

reference: $(STAMP) ## write into docs/reference what the code declares
	$(BIN)/python -m website.reference

docs: $(DOCS)/.installed ## build the site of the documentation in the folder site
	rm -rf site .cache
	$(DOCS)/bin/zensical build --clean --strict
	$(DOCS)/bin/zensical build --clean --strict --config-file zensical.fa.toml
	cp "$$($(DOCS)/bin/python -c 'import mermaidx; print(mermaidx.__path__[0])')/assets/mermaid.js" site/assets/javascripts/
	$(DOCS)/bin/python -m website.check site
	@echo 'Read it at http://127.0.0.1:8000/ after: $(PYTHON) -m http.server 8000 --bind 127.0.0.1 --directory site'

# The site has its own environment, too.
$(DOCS)/.installed: requirements-docs.lock
	$(PYTHON) -m venv $(DOCS)
	$(DOCS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-docs.lock
	@touch $@

lock: ## pin the dependencies again (needs uv on PATH)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --no-annotate --group dev pyproject.toml --output-file requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --no-annotate --group build pyproject.toml --constraints requirements.lock \
		--output-file requirements-run.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --no-annotate --group bench --output-file requirements-bench.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --no-annotate --group docs --output-file requirements-docs.lock

clean: ## remove .venv and caches, never data
	rm -rf $(VENV) site .cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
