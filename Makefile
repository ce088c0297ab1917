# `make` alone lists what there is. Works with GNU make 3.81, which macOS has.
# Variables given on the command line (PORT, DOCS) reach the scripts through the environment.
.POSIX:
.SUFFIXES:
.PHONY: help run test lint format lock install install-dev clean

help:
	@echo "make run               serve the site with its samples at http://localhost:8000"
	@echo "make run DOCS=folder   the same, and import the folder as drafts"
	@echo "make run PORT=8001     the same, on another port"
	@echo "make test              install what the tests need and run all of them"
	@echo "make lint              the checks alone: style, types, layers, migrations, deployment"
	@echo "make format            put the code into the style of the house"
	@echo "make lock              write the exact pins from pyproject.toml (OPTIONS=--upgrade for the newest)"
	@echo "make clean             remove the virtual environment and the caches; var/ with the database stays"

install:
	@python=$$(sh deploy/python.sh) && "$$python" deploy/install.py requirements.txt

install-dev:
	@python=$$(sh deploy/python.sh) && "$$python" deploy/install.py requirements-dev.txt

run: install
	@.venv/bin/python deploy/run.py

test: install-dev
	@.venv/bin/python -m tests.run

lint: install-dev
	@.venv/bin/python -m tests.run --checks

format: install-dev
	@.venv/bin/python -m ruff check --fix .
	@.venv/bin/python -m ruff format .

lock: install-dev
	@sh deploy/lock.sh $(OPTIONS)

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
