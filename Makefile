SHELL := /bin/bash
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# Compiled once at setup; without it every task would compile Airflow and pandas anew.
unexport PYTHONDONTWRITEBYTECODE
# What packages bring and nothing here imports: three tenths of what there is to compile.
NEVER_IMPORTED := /(tests|pip|setuptools|libcst)/
PYTEST := python -m pytest
# Planning takes most of the time of small queries, on one core.
# The e2e ring waits for servers and processes a third of the time.
THREE_AT_ONCE := -n 3 --dist loadfile --no-loadscope-reorder
# In the order of collection: by the number of its tests a file of long ones would come last.
TWO_AT_ONCE := -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: help setup run up down backfill sql test minio-soon test-unit-beside-checks test-unit test-three-at-once test-e2e-beside-fuzz fuzz test-spark test-dags test-e2e stack-test bench bench-intake bench-resolve bench-peers-setup render new-feed check clean-lake bench-night bench-warehouse bench-full

help: ## show this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

setup: .venv/ready infra/jars/lib/ready ## everything that is needed, into .venv and infra/jars/lib

.venv/ready: infra/python/requirements.lock pyproject.toml
	@echo "setup: Python packages into .venv"
	@python3.11 -m venv .venv
	@.venv/bin/python -m pip install --quiet uv==0.13.9
	@.venv/bin/uv pip sync --quiet --require-hashes infra/python/requirements.lock
	@.venv/bin/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@.venv/bin/python -m compileall -qq -j 0 -x '$(NEVER_IMPORTED)' .venv/lib || true
	@touch $@

infra/jars/lib/ready: infra/jars/pom.xml
	@echo "setup: jars into infra/jars/lib"
	@rm -rf infra/jars/lib && mvn -q -B -f infra/jars/pom.xml dependency:copy-dependencies -DoutputDirectory=lib
	@touch $@

infra/jars/jdbc-lib/ready: infra/jars/jdbc/pom.xml
	@echo "setup: the JDBC driver of tests into infra/jars/jdbc-lib"
	@rm -rf infra/jars/jdbc-lib && mvn -q -B -f infra/jars/jdbc/pom.xml dependency:copy-dependencies -DoutputDirectory=../jdbc-lib
	@touch $@

run: setup ## the main job: a city of 200,000 records over five business days, through the real DAGs
	@lake run

up: setup ## start everything for daily work: lake server, Airflow with its UI and every DAG on
	@lake up

down: ## stop everything
	@lake down

backfill: setup ## a feed's business dates through the scheduler: FEED=agency/feed FROM=2020-01-20 TO=2020-03-31
	@lake backfill "$(FEED)" --from "$(FROM)" --to "$(TO)" $(if $(AGAIN),--reprocess)

sql: setup ## a read-only SQL shell on the lake
	@lake sql

check: setup ## format, lint, types, contracts, rendered files
	@ruff format --check . && ruff check . && yamllint -s expectations dbt && mypy && lake check && lake render --check

test: setup minio-soon test-unit-beside-checks test-three-at-once test-e2e-beside-fuzz ## everything

test-unit-beside-checks: setup ## checks, which are mostly one core's, and the unit ring
	@make --no-print-directory check > /tmp/lake-check-$$$$.log 2>&1 & checks=$$!; \
	$(PYTEST) $(TWO_AT_ONCE) tests/unit; ring=$$?; \
	wait $$checks || ring=1; cat /tmp/lake-check-$$$$.log; rm -f /tmp/lake-check-$$$$.log; exit $$ring

minio-soon: setup # its build takes 3 minutes the first time; the stack ring says if it failed
	@lake stack build > /dev/null 2>&1 &

test-three-at-once: setup ## the Spark ring, and beside it those that mostly wait: DAG and stack ring
	@($(PYTEST) tests/dags; dags=$$?; $(PYTEST) tests/stack && exit $$dags) > /tmp/lake-waiting-$$$$.log 2>&1 & waiting=$$!; \
	$(PYTEST) $(TWO_AT_ONCE) tests/spark; rings=$$?; \
	wait $$waiting || rings=1; cat /tmp/lake-waiting-$$$$.log; rm -f /tmp/lake-waiting-$$$$.log; exit $$rings

test-e2e-beside-fuzz: setup infra/jars/jdbc-lib/ready ## the e2e ring, and two minutes of fuzzing on what it leaves of the machine
	@nice -n 10 python -m tests.fuzz --seconds 120 --repeatable > /tmp/lake-fuzz-$$$$.log 2>&1 & fuzz=$$!; \
	$(PYTEST) $(THREE_AT_ONCE) tests/e2e; ring=$$?; \
	wait $$fuzz || ring=1; cat /tmp/lake-fuzz-$$$$.log; rm -f /tmp/lake-fuzz-$$$$.log; exit $$ring

test-unit: setup ## unit ring: no JVM, about a minute
	@$(PYTEST) $(TWO_AT_ONCE) tests/unit

fuzz: setup ## decoders under atheris: SECONDS=120; what breaks one is kept in tests/fuzz/found
	@python -m tests.fuzz --seconds $(or $(SECONDS),120)

test-spark: setup ## Spark ring: a lake server for each of two workers
	@$(PYTEST) $(TWO_AT_ONCE) tests/spark

test-dags: setup ## DAG ring: integrity, and the real scheduler on stub commands
	@$(PYTEST) tests/dags

stack-test: setup ## MinIO and PostgreSQL: built, started, the run, stopped
	@$(PYTEST) tests/stack

test-e2e: setup infra/jars/jdbc-lib/ready ## the story of one record, bad inputs, kills
	@$(PYTEST) $(THREE_AT_ONCE) tests/e2e

bench: setup ## ours against DuckDB on one delivery of 5 M rows: ROWS=5000000
	@python -m tests.bench.delivery_against_duckdb --rows $(or $(ROWS),5000000)

bench-intake: setup ## every format's intake, accounting on, beside what else reads it: ROWS=400000
	@python -m tests.bench.intake --rows $(or $(ROWS),400000)

bench-night: setup ## a night of the whole catalogue through the real scheduler, a small delivery each: CONTRACTS=1325
	@python -m tests.bench.night --contracts $(or $(CONTRACTS),1325)

bench-warehouse: setup ## the warehouse of a city: all of it, nothing, what follows from one delivery, every question: ROWS=200000
	@python -m tests.bench.whole.warehouse --records $(or $(ROWS),200000)

bench-full: setup ## a city from nothing to marts by stage, and 220 million by arithmetic: ROWS="200000 1000000"
	@python -m tests.bench.whole.full $(foreach rows,$(or $(ROWS),200000),--records $(rows))

bench-resolve: setup bench-peers-setup ## entity resolution, ours against Splink and GoldenMatch: ROWS=1000000 SHAPE=register|event ENTITY=person|legal_entity
	@python -m tests.bench.resolution.against_peers --rows $(or $(ROWS),1000000) --shape $(or $(SHAPE),register) --entity $(or $(ENTITY),person)

bench-peers-setup: .venv-bench/ready ## the peers that bench-resolve compares with, in an environment of their own

.venv-bench/ready: infra/python/requirements-bench.lock | .venv/ready
	@echo "setup: peers into .venv-bench"
	@python3.11 -m venv .venv-bench
	@.venv/bin/uv pip sync --quiet --compile-bytecode --python .venv-bench/bin/python --require-hashes infra/python/requirements-bench.lock
	@touch $@

render: setup ## dictionary page and dbt source of each feed, from its contract
	@lake render

new-feed: setup ## skeleton of a contract: FEED=agency/feed TITLE=名称
	@lake new-feed "$(FEED)" --title "$(TITLE)"

lock: ## resolve dependencies again
	@.venv/bin/uv pip compile pyproject.toml --group dev --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o infra/python/requirements.lock
	@.venv/bin/uv pip compile --group bench --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o infra/python/requirements-bench.lock

clean-lake: down ## remove the embedded lake
	@rm -rf .lake
