# make run    the app with the Welsh example on 127.0.0.1:8000 (PORT=… for another); what you write is kept
# make test   every check and the whole suite, on SQLite and on PostgreSQL
# make lint   the quick checks alone
# make suite  the tests alone; ARGS="tests/cmo -k merge" for some of them
# make schema docs/openapi.yaml anew, after the API changed
#
# Plain enough for the old make that macOS brings.

SHELL := /bin/bash
MAKEFLAGS += --no-print-directory
.NOTPARALLEL:
.DELETE_ON_ERROR:

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install -qq --disable-pip-version-check --constraint .ci/constraints.txt
APT := apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends
# Whether something may be installed with apt: as root, where there is one.
MAY_APT := [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null
# An empty data folder for one command, gone afterwards.
FRESH := export DATA_DIR="$$(mktemp -d)" && trap 'rm -rf "$$DATA_DIR"' EXIT
# A real installation, as the checks for one want to see it; its key is made for this one look.
REAL := DEBUG=off ALLOWED_HOSTS=tybed.example.org DATABASE_URL=sqlite:///checks.sqlite3 EMAIL_URL=consolemail:// \
	SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(60))')"
SCHEMA := docs/openapi.yaml
WRITE_SCHEMA := $(PY) manage.py spectacular --api-version v1 --validate --fail-on-warn --file
export PYTHONUNBUFFERED := 1

.PHONY: run test lint checks schema schema-check suite chromium

run: $(VENV)/.runtime
	@exec $(PY) manage.py demo --port $(PORT)

# The quick checks take one processor each, so they go side by side.
test: chromium $(VENV)/.test
	@$(MAKE) lint & $(MAKE) checks schema-check; others=$$?; wait $$! && exit $$others
	@$(MAKE) suite

lint: $(VENV)/.test
	@echo "==== ruff, import contracts, mypy"
	@$(VENV)/bin/ruff check --no-cache .
	@$(VENV)/bin/lint-imports --no-cache --no-logo
	@$(FRESH) && $(VENV)/bin/mypy

checks: $(VENV)/.test
	@echo "==== migrations, settings of a real installation"
	@$(FRESH) && $(PY) manage.py makemigrations --check --dry-run
	@$(FRESH) && $(REAL) $(PY) manage.py check --deploy --fail-level WARNING

schema: $(VENV)/.test
	@$(FRESH) && $(WRITE_SCHEMA) $(SCHEMA)

schema-check: $(VENV)/.test
	@echo "==== API schema"
	@$(FRESH) && $(WRITE_SCHEMA) "$$DATA_DIR/openapi.yaml" && grep -q '^  /api/v1/' "$$DATA_DIR/openapi.yaml" && \
	{ diff -u $(SCHEMA) "$$DATA_DIR/openapi.yaml" || { echo "$(SCHEMA) is older than the API; run make schema."; exit 1; }; }

suite: chromium $(VENV)/.test
	@$(PY) -W ignore:XDG_RUNTIME_DIR -m tests.on_both -n 2 --dist worksteal $(ARGS)

chromium:
	@if ! $(PYTHON) tests/chromium.py >/dev/null 2>&1 && $(MAY_APT); then \
		echo "==== installing Chromium" && { $(APT) chromium-headless-shell >/dev/null 2>&1 || $(APT) chromium >/dev/null; }; \
	fi
	@$(PYTHON) tests/chromium.py >/dev/null

$(PY):
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Tybed needs Python 3.11 or newer; name it: PYTHON=python3.11")'
	@$(PYTHON) -m venv $(VENV) || { $(MAY_APT) && $(APT) python3-venv >/dev/null && $(PYTHON) -m venv --clear $(VENV); }

# The stamps are older than what they stand for only when something has to be installed.
$(VENV)/.runtime: pyproject.toml .ci/constraints.txt | $(PY)
	@echo "==== installing into $(VENV)"
	@$(PIP) --editable .
	@touch $@

$(VENV)/.test: pyproject.toml .ci/constraints.txt | $(PY)
	@echo "==== installing into $(VENV), with what the tests need"
	@$(PIP) --editable '.[test]'
	@touch $@ $(VENV)/.runtime
