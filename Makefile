# Two commands do the work: `make report` and `make test`. `make help` names the others.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help report test judges mutants bench fuzz pictures hooks release lock clean
RELEASE ?= delredovisning/2026-02
PYTEST_ARGS ?=
MUTANTS ?=
FUZZ_ARGS ?=
bin := .venv/bin

help: ## name the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

report: ## install what is missing and build a release (RELEASE=kind/release)
	@.ci/install report
	@$(bin)/report-builder build $(RELEASE)

test: ## install what tests need; run ruff, mypy and pytest; print branch coverage
	@.ci/install test
	@$(bin)/python -m ruff check .
	@$(bin)/python -m ruff format --check --quiet .
	@$(bin)/python -m mypy
	@$(bin)/python -m slipcover --branch --source report_builder --json --out .coverage.json -m pytest -n 2 --dist loadfile $(PYTEST_ARGS)
	@$(bin)/python .ci/coverage.py .coverage.json

judges: ## install the programs that judge the editions: LibreOffice, Chromium, veraPDF
	@.ci/install judges

mutants: ## change one thing at a time in methods/ and contracts/rules/, and list what no test notices (MUTANTS=pattern)
	@.ci/install mutants
	@.judges/mutants/bin/mutmut run --max-children 2 $(MUTANTS)
	@.judges/mutants/bin/mutmut results
	@.judges/mutants/bin/mutmut export-cicd-stats
	@.judges/mutants/bin/python .ci/mutants.py

bench: ## time the stages of a build, the measures, a comparison, and a validation beside others; writes output/bench*.json
	@.ci/install test
	@.ci/install renderers
	@$(bin)/python tests/bench/run.py --release $(RELEASE)
	@$(bin)/python tests/bench/bench_measures.py
	@$(bin)/python tests/bench/bench_compare.py --release $(RELEASE)
	@.ci/install contracts
	@$(bin)/python tests/bench/bench_contracts.py

fuzz: ## 10 000 inputs made from a seed through the front doors, counted by how they end (FUZZ_ARGS="--seed 2 --inputs 500")
	@.ci/install test
	@$(bin)/python tests/fuzz/run.py $(FUZZ_ARGS)

pictures: report ## make the contact sheets again: the one that a test compares, and docs/images/contact-sheet.png
	@.ci/install test
	@$(bin)/python tests/editions/contact.py $(RELEASE)

hooks: ## check what is committed before it is, by ruff, mypy and the quick tests
	@.ci/install hooks

release: ## cut the changelog, set the version, commit and tag (VERSION=0.2.0); nothing is pushed
	@python3 .ci/release.py $(VERSION)

lock: ## resolve the dependencies again into requirements.lock
	@.ci/install lock

clean: ## remove the virtual environment and everything generated
	@rm -rf .venv .judges .coverage.json mutants build report_builder.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find output -mindepth 1 ! -name .gitkeep -delete
