# `make demo` and `make test` set up everything they need in .venv.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
SECONDS ?= 600

.DEFAULT_GOAL := help
.PHONY: help demo test testpostgresql longtest quality lint types check crawl wheel serve schema benchmark torture peers readers scrapyd splash fuzz clean

help:           ## show this list
	@grep -hE '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | expand -t 12

$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "vovcrawl needs Python 3.11 or newer; found $$($(PYTHON) --version 2>&1)" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Cannot make a virtual environment: install python3-venv" >&2; exit 1; }
	@touch $@

$(VENV)/ready: $(VENV)/made requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/ready-dev: $(VENV)/ready requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

demo: $(VENV)/ready  ## crawl the bundled sample site, offline, and show the records
	@$(BIN)/python -m sample_site.demo

test: $(VENV)/ready-dev  ## run the tests, but for the long ones; ARGS go to pytest
	$(BIN)/python -m pytest -n 4 --dist worksteal -m "not long" $(ARGS)

longtest: $(VENV)/ready-dev  ## run the long tests: whatever starts many crawls, servers or browsers, every fault, hostile pages
	$(BIN)/python -m pytest -n 4 --dist worksteal -m long $(ARGS)

# Whatever opens a store, the longest ones first; but for what crawls thousands of pages or is slow for other reasons, as
# looking at pages in a browser is.
ON_POSTGRESQL := $(addprefix tests/,torture/test_kills.py store crawl extensions feeds pipelines middlewares export report browse \
	commands/test_crawl.py commands/test_completeness.py commands/test_runs.py commands/test_store_merge.py commands/test_search_command.py \
	commands/test_duplicates.py commands/test_report.py commands/test_export.py commands/test_reread.py commands/test_moved_articles.py \
	commands/test_unfinished.py hostile/test_sql.py)

testpostgresql: $(VENV)/ready-dev  ## run the tests of the store, the crawl and all that reads a store, on PostgreSQL; ARGS go to pytest
	VOVCRAWL_TEST_STORE=postgresql $(BIN)/python -m pytest -n 4 --dist worksteal $(ON_POSTGRESQL) \
		--ignore tests/report/test_browser.py --ignore tests/browse/test_in_chromium.py $(ARGS)

quality: $(VENV)/ready  ## how exactly each field of the evaluation set is read; fails below floors; ARGS="--raise-floors", "--lower-floors"
	@$(BIN)/python -m quality $(ARGS)

lint: $(VENV)/ready-dev  ## ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .

types: $(VENV)/ready-dev  ## mypy, strict
	$(BIN)/mypy

check: lint types test longtest  ## everything that must hold before a change lands

crawl: $(VENV)/ready  ## crawl vov.vn into data/; ARGS="-a since=7d" and the like
	$(BIN)/scrapy crawl vov $(ARGS)

wheel: $(VENV)/ready-dev  ## build the package into dist/, and crawl with it under every Python found; ARGS="--versions newest"
	$(BIN)/python -m tests.package.everywhere --keep dist $(ARGS)

serve: $(VENV)/ready  ## serve the sample site on http://127.0.0.1:8080
	$(BIN)/python -m sample_site --port 8080

schema: $(VENV)/ready  ## write the record's JSON Schema anew
	$(BIN)/python -m vovcrawl.items > docs/article.schema.json

peers: requirements-peers.txt requirements-fundus.txt  ## the environment of the programs that benchmarks compare with
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet --upgrade pip
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-peers.txt
	$(PYTHON) -m venv .venv-fundus
	.venv-fundus/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-fundus.txt
	-npm install --prefix benchmarks/peers/chrono --no-package-lock --no-audit --no-fund --silent

readers: requirements-readers.txt  ## the environment of the libraries that exports and examples are opened with in tests
	$(PYTHON) -m venv .venv-readers
	.venv-readers/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-readers.txt

scrapyd: requirements.txt requirements-scrapyd.txt  ## the environment of scrapyd, which the project is deployed to in tests
	$(PYTHON) -m venv .venv-scrapyd
	.venv-scrapyd/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-scrapyd.txt

.venv-splash/ready: requirements-splash.txt
	$(PYTHON) -m venv .venv-splash
	.venv-splash/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-splash.txt
	@touch $@

splash: .venv-splash/ready  ## run Splash, which renders pages, on Debian's QtWebKit; ARGS="--port 8050" and the like
	@.venv-splash/bin/python scripts/run_splash.py $(ARGS)

benchmark: $(VENV)/ready-dev  ## quality and speed, with peers beside, into docs/benchmarks.md; ARGS name some
	$(BIN)/python -m benchmarks $(ARGS)

$(VENV)/ready-fuzz: $(VENV)/ready-dev requirements-fuzz.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-fuzz.txt
	@touch $@

fuzz: $(VENV)/ready-fuzz  ## fuzz every reader of outside text, SECONDS each; ARGS name some (see fuzz/__init__.py)
	$(BIN)/python -m fuzz --seconds $(SECONDS) $(ARGS)

torture: $(VENV)/ready-dev  ## every fault, crawls killed a hundred times each, a very long one, weeks by cron; ARGS="kills --seed 7" and the like
	$(BIN)/python -m pytest -q tests/faults
	$(BIN)/python -m torture $(ARGS)

clean:          ## remove the environments and what tools leave behind; data/ stays
	rm -rf $(VENV) .venv-peers .venv-fundus .venv-readers .venv-scrapyd .venv-splash .venv-wacz benchmarks/peers/chrono/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
