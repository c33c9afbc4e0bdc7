# Everything goes through a virtual environment of the project's own.
PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
LOCK   := infra/constraints-dev.txt
BROWSER := $(VENV)/.browser
# What is imported is compiled then: to compile all of every package takes a minute.
QUIETLY := --quiet --disable-pip-version-check --no-compile
# Set on the command line, not by the environment, where LANGUAGE and NAME mean other things.
LAKE   =
# A Brazilian page: make run LANGUAGE=pt-BR. Your own files: make run SOURCE=DIR (and TMDB_TOKEN).
LANGUAGE = en
SOURCE =
PLAIN  := not slow and not nightly and not aws and not browser and not cluster and not large
# An environment with Glue 6.0's Spark, on its Python where there is one.
SPARK4 := .venv-spark4
PYTHON_SPARK4 ?= $(if $(shell python3.13 --version 2>/dev/null),python3.13,$(PYTHON))

.DEFAULT_GOAL := help
.PHONY: help install run test test-slow test-nightly test-aws test-browser test-rest test-cluster \
	test-cluster-large test-spark4 fuzz audit release kill-test screenshots check check-generated format \
	docs bench bench-enrichment lock lock-dev lambda deploy smoke views destroy clean

help:  ## Show this help
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(READY)  ## Make the virtual environment with all that development needs

$(READY): setup.py $(LOCK)
	@command -v $(PYTHON) >/dev/null || { echo "make: no $(PYTHON); install Python 3.11, or set PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install $(QUIETLY) --constraint $(LOCK) --editable '.[dev]'
	@touch $@

run: $(READY)  ## Build the whole lake, from a made-up sample unless SOURCE=DIR, and its page
	$(BIN)/datalake run $(if $(LAKE),--lake $(LAKE)) --language $(LANGUAGE) $(if $(SOURCE),--source $(SOURCE))

test: $(READY)  ## Run the tests
	$(BIN)/python -m pytest -n 2 -m "$(PLAIN)"

fuzz: $(READY)  ## Try ten thousand cut and altered files and TMDB bodies of each kind (two hours)
	$(BIN)/python -m pytest --hypothesis-profile fuzz -m "$(PLAIN)" $(shell find tests -name 'test_*_fuzz.py')

test-slow: $(READY)  ## Run the tests that take long: kills, builds again and again
	$(BIN)/python -m pytest -n 2 -m "slow and not nightly"

test-nightly: $(READY)  ## Run the tests that take longest: secrets sought everywhere, kills, a run of datasets
	$(BIN)/python -m pytest -m nightly

test-aws: $(READY) .tools/.ready .awscli/.ready  ## Run the tests on an emulated AWS: jobs, templates, the daily run, deploy, container
	$(BIN)/python -m pytest -n 2 -m aws

# Kills of each kind of lake, and the seed of the first: make kill-test KILLS=10 SEED=42
KILLS ?= 50
SEED ?= 1
kill-test: export PYTHONPATH = tests
kill-test: $(READY)  ## Kill commands at random moments, on a folder and on an emulated S3: KILLS=… SEED=…
	$(BIN)/python tests/support/kills.py folder --kills $(KILLS) --seed $(SEED)
	$(BIN)/python tests/support/kills.py s3 --kills $(KILLS) --seed $(SEED)

test-cluster: $(READY)  ## Run jobs on a cluster of this machine, full-size input, a worker killed
	$(BIN)/python -m pytest -m cluster -rs -s

test-cluster-large: $(READY)  ## The same on ten times the films, with a driver of 1 GB (half an hour)
	$(BIN)/python -m pytest -m large -rs -s

$(SPARK4)/.ready: setup.py
	$(PYTHON_SPARK4) -m venv $(SPARK4)
	$(SPARK4)/bin/pip install $(QUIETLY) --editable '.[spark4]'
	@touch $@

test-spark4: $(READY) $(SPARK4)/.ready  ## Run the tests on Spark 4.1.1 (Glue 6.0), and compare every table with 3.5.6's
	$(SPARK4)/bin/python -m pytest -n 2 -m "$(PLAIN)"
	PYTHONPATH=tests $(BIN)/python tests/support/two_sparks.py $(BIN)/python $(SPARK4)/bin/python

# Linters with dependencies that would fight with the project's own.
.tools/.ready: infra/requirements-tools.txt
	$(PYTHON) -m venv .tools
	.tools/bin/pip install $(QUIETLY) --requirement $<
	@touch $@

.awscli/.ready: infra/requirements-awscli.txt
	$(PYTHON) -m venv .awscli
	.awscli/bin/pip install $(QUIETLY) --requirement $<
	@touch $@

.audit/.ready: infra/requirements-audit.txt
	$(PYTHON) -m venv .audit
	.audit/bin/pip install $(QUIETLY) --requirement $<
	@touch $@

# What is installed here, and each lock of what AWS gets. A package that can't be audited fails it.
LOCKS := $(wildcard infra/glue/*/report.txt) infra/requirements-ingest.txt jobs/requirements-lambda.txt
audit: $(READY) .audit/.ready  ## Audit dependencies, list licences, write the bill of materials to build/
	@mkdir -p build
	.audit/bin/pip-licenses --python $(BIN)/python --from mixed --format markdown --output-file build/licences.md
	.audit/bin/cyclonedx-py environment --output-reproducible --output-file build/bom.json $(BIN)/python
	@.audit/bin/python scripts/audit.py $(LOCKS) \
		--path "$$($(BIN)/python -c 'import sysconfig as s; print(s.get_path("purelib"))')"

release: $(READY) .audit/.ready  ## Build what is published into dist/, and check it in an empty environment
	$(BIN)/python scripts/distribution.py

# Some of them alone: make test-browser PAGES=tests/report/test_report_agreement.py
PAGES =
test-browser: $(BROWSER)  ## Run the tests of the page in a real browser (Chromium: apt-get install chromium)
	$(BIN)/python -m pytest -n 2 -m browser -rs $(PAGES)

test-rest: $(READY) .tools/.ready .awscli/.ready $(BROWSER)  ## test-slow, test-aws and test-browser at once: 15 minutes
	$(BIN)/python -m pytest -n 2 -rs -m "(slow or aws or browser) and not nightly"

screenshots: $(BROWSER)  ## Take the README's pictures of the page anew, from the made-up sample
	$(BIN)/datalake run
	$(BIN)/python scripts/screenshots.py

# Without a browser, and without the right to install one, the tests are skipped and say so.
$(BROWSER): $(READY)
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
		command -v google-chrome >/dev/null || [ -n "$$BROWSER_PATH" ] || [ "$$(id -u)" != 0 ] || \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -qq --no-install-recommends chromium >/dev/null; } || true
	$(BIN)/pip install $(QUIETLY) --constraint $(LOCK) --editable '.[dev,browser]'
	@touch $@

.site/.ready: infra/requirements-docs.txt
	$(PYTHON) -m venv .site
	.site/bin/pip install $(QUIETLY) --requirement $<
	@touch $@

check: $(READY) .site/.ready  ## Lint, types, import rules, generated docs, the site's links
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) --silent check-generated
	$(BIN)/python scripts/docs_site.py

check-generated: $(READY)
	$(BIN)/python scripts/data_dictionary.py --check
	$(BIN)/python scripts/aws_costs.py --check
	$(BIN)/python scripts/dashboard --check

format: $(READY)  ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(READY) .site/.ready  ## Write the generated docs anew, and build the site in build/site
	$(BIN)/python scripts/data_dictionary.py
	$(BIN)/python scripts/aws_costs.py
	$(BIN)/python scripts/dashboard
	$(BIN)/python scripts/docs_site.py

bench: $(READY)  ## Measure on full-size input, beside plain Spark and DuckDB
	$(BIN)/python benchmarks/run.py

bench-enrichment: $(READY)  ## Measure enrichment against a local TMDB (half an hour), and tell it in docs/
	$(BIN)/python benchmarks/enrichment.py --write

lock: $(READY)  ## Choose anew the versions that Glue's jobs and the Lambda get, with their hashes
	$(BIN)/python scripts/build_wheels.py --lock

lock-dev:  ## Choose anew the versions that development gets, in an empty environment
	rm -rf build/lock
	$(PYTHON) -m venv build/lock
	build/lock/bin/pip install $(QUIETLY) --editable '.[dev,browser]'
	(echo "# What development gets, for Python 3.11; made by \`make lock-dev\`."; \
		build/lock/bin/pip freeze --exclude-editable) > $(LOCK)

# Another processor: make lambda ARCH=arm64
ARCH = x86_64
lambda: $(READY)  ## Build the Lambda's layer.zip and function.zip in build/lambda
	$(BIN)/python scripts/build_lambda.py --arch $(ARCH)

# make deploy BUCKET=films-of-mine REGION=sa-east-1 SET='ScheduleState=ENABLED Workers=4' DRY_RUN=1
NAME = datalake
deploy: $(READY)  ## Stand the lake up in an AWS account, or update it: BUCKET=… REGION=…
	@$(BIN)/python -u scripts/deploy.py --bucket "$(BUCKET)" --region "$(REGION)" --name "$(NAME)" \
		$(if $(SET),--set $(SET)) $(if $(SERVICE_ROLE),--service-role $(SERVICE_ROLE)) $(if $(DRY_RUN),--dry-run)

views: $(READY)  ## Create the views in Athena: REGION=…; DASHBOARD=1 for QuickSight too
	@$(BIN)/python -u scripts/athena_views.py --region "$(REGION)" --name "$(NAME)" \
		$(if $(DASHBOARD),--dashboard) $(if $(SET),--set $(SET))

smoke: $(READY)  ## Check in the account what only an account can show: REGION=…
	@$(BIN)/python -u scripts/smoke.py --region "$(REGION)" --name "$(NAME)"

destroy: $(READY)  ## Take it away: REGION=…; the data stays unless PURGE=1
	@$(BIN)/python -u scripts/destroy.py --region "$(REGION)" --name "$(NAME)" \
		$(if $(PURGE),--purge-data) $(if $(DRY_RUN),--dry-run)

clean:  ## Remove what was built; your lake stays
	rm -rf $(VENV) $(SPARK4) .tools .awscli .audit .site .cache build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis demo
