# Everything runs in .venv, which the first target that needs it makes from nothing but Python and this file.
PYTHON ?= python3
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test check fmt bench kill upload clean

help: ## say what can be made
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

.venv/.ready: pyproject.toml uv.lock
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet "$$(sed -n '/^name = "uv"$$/{n;s/version = "\(.*\)"/uv==\1/p;}' uv.lock)"
	$(BIN)/python -m uv sync --quiet --frozen --all-groups --inexact
	@touch $@

demo: .venv/.ready ## play the guide of 2023 with the real client
	$(BIN)/mockserver demo

test: .venv/.ready ## run every test, with real clients of every generation
	$(BIN)/python -m pytest -n 2 --dist worksteal

check: .venv/.ready ## lint, types, import contracts
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

fmt: .venv/.ready ## format and fix what can be fixed
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: .venv/.ready ## measure start-up, latency, throughput and streams, beside a bare server and aimock
	$(BIN)/python benchmarks/start_and_latency.py
	$(BIN)/python benchmarks/choose.py
	$(BIN)/python benchmarks/mixed_answers.py
	$(BIN)/python benchmarks/inference.py

kill: .venv/.ready ## kill a server fifty times and see that nothing is lost
	$(BIN)/python benchmarks/kill_minus_nine.py

upload: .venv/.ready ## upload a gibibyte and watch memory and everybody else's latency
	$(BIN)/python benchmarks/gibibyte_upload.py

clean: ## remove what was made
	rm -rf .venv client_tests/matrix/.clients build dist
