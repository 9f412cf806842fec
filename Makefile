# Everything a person or a machine runs. Targets are thin: what they do stands in the code they call.
PYTHON ?= python3
BIN := .venv/bin
RUN := $(BIN)/python -m signing_service
STAMPS := .cache
OUT ?= demo-out

# Compiled files are kept, even where Python is told not to: every start and every test process uses them.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help run demo test check format lock setup bench many-at-once fuzz pdfa clean

help:      ## list the targets
	@grep -E '^[a-z%-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## */\t/' | expand -t 12

run: $(STAMPS)/run  ## set up, serve on 127.0.0.1:8000 with the demo ready to click
	@$(RUN) run

demo: $(STAMPS)/run  ## play the whole story over HTTP; leaves PDF, reports and log in OUT=dir
	@$(RUN) demo --out "$(OUT)"

test: $(STAMPS)/test $(STAMPS)/system $(STAMPS)/schemas  ## set up and run every test
	@$(BIN)/python -m pytest tests/functional tests -n 4 --dist loadfile --no-loadscope-reorder --durations=15

check: $(STAMPS)/test  ## format, lint, types, rules of the repository, unit tests: under 90 seconds
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy
	@$(BIN)/python -m pytest tests --ignore=tests/attacks -n 2 --dist loadfile -m "not slow and not browser and not installation"

format: $(STAMPS)/test  ## bring the code into its form
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

bench: $(STAMPS)/test  ## measure beside peers
	@$(BIN)/python -m benchmarks

bench-%: $(STAMPS)/test  ## measure one part: bench-signing, bench-log, bench-drafting, bench-verification
	@$(BIN)/python -m benchmarks $*

many-at-once: $(STAMPS)/test  ## 64 signatories at one instant, twenty rounds, ten of them with kill -9; ROUNDS=n for fewer
	@$(BIN)/python -m benchmarks.many_at_once $(ROUNDS)

fuzz: $(STAMPS)/test  ## COUNT mutated PDFs (50000) through the verification in limited children, HTTP (300) through a server
	@$(BIN)/python -m tools.fuzz --count $(or $(COUNT),50000) --seconds $(or $(SECONDS),3600) --start $(or $(START),0) --http $(or $(HTTP),300)

pdfa: $(STAMPS)/run  ## ask veraPDF about every sample, and the PDFs in FILES="…"; needs Java 17 and Maven
	@$(BIN)/python -m tools.pdfa $(FILES)

setup: $(STAMPS)/run  ## set up without running

lock: $(STAMPS)/test  ## compile the pinned and hashed requirements anew
	@for part in setup npm "" dev; do \
	  name=requirements$${part:+-$$part}; \
	  UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 $$name.in -o $$name.txt; \
	done

clean:     ## remove what set-up made (keeps var/, the data)
	rm -rf .venv .cache fonts node_modules

$(STAMPS)/venv: requirements-setup.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; this is %s" % sys.version.split()[0])'
	@echo "setup: virtual environment"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-setup.txt
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/packages: $(STAMPS)/venv requirements.txt
	@echo "setup: Python packages"
	@$(BIN)/uv pip install -q --compile-bytecode --require-hashes -r requirements.txt
	@touch $@

$(STAMPS)/fonts: $(STAMPS)/packages package-lock.json tools/fetch_fonts.py
	@command -v npm >/dev/null || $(BIN)/uv pip install -q --compile-bytecode --require-hashes -r requirements-npm.txt
	@$(BIN)/python tools/fetch_fonts.py
	@touch $@

$(STAMPS)/words: $(STAMPS)/packages $(wildcard signing_service/translations/*/LC_MESSAGES/messages.po)
	@$(BIN)/python tools/compile_words.py
	@touch $@

$(STAMPS)/run: $(STAMPS)/packages $(STAMPS)/fonts $(STAMPS)/words
	@touch $@

$(STAMPS)/test: $(STAMPS)/run requirements-dev.txt
	@echo "setup: packages for tests"
	@$(BIN)/uv pip install -q --compile-bytecode --require-hashes -r requirements-dev.txt
	@touch $@

$(STAMPS)/system: tools/system_packages.py
	@mkdir -p $(STAMPS)
	@$(PYTHON) tools/system_packages.py
	@touch $@

$(STAMPS)/schemas: $(STAMPS)/test tools/etsi_schema.py
	@echo "setup: schema of the ETSI report"
	@$(BIN)/python -m tools.etsi_schema
	@touch $@
