# Every verb does its own set-up: a machine needs Python 3.11, pip, make, git and Node 20, nothing else.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PREPARE := $(PYTHON) -I -X utf8 platform/warmline/embedded/setup/prepare.py
RUN := .venv/bin/python
AT := $(or $(WARMLINE_HOME),.warmline)
# What `make` and what runs have put there: a folder that was given may hold other things too.
OURS := bench cache engine frontdesk lock logs setup speech state tools weights
# Most tests wait for real time to pass: three share two cores well.
WORKERS ?= 3
# What a shell has set for other programs is not for ours. CDPATH would even send `clean` to another folder.
KEPT := PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX
unexport CDPATH $(filter-out $(KEPT),$(filter PYTHON%,$(.VARIABLES)))
export PYTHONUNBUFFERED := 1
export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help demo serve call pictures test coverage mutations check fix bench shell diagrams release clean project engine weights packages machine testing

help:  ## What there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: machine  ## Set everything up, start everything, take three calls and show them
	@$(RUN) -m warmline.embedded demo

serve: machine  ## Everything of the demo without its calls; Ctrl-C ends it
	@$(RUN) -m warmline.embedded serve

test: testing  ## All tests, against real services
	@$(RUN) -m pytest -n $(WORKERS)

coverage: testing  ## All tests with the branches they take, against the floors in pyproject.toml
	@$(RUN) -m coverage erase
	@$(RUN) -m coverage run -m pytest -n $(WORKERS)
	@$(RUN) -m coverage combine --quiet
	@$(RUN) -m coverage report
	@$(RUN) -m tests.coverage_floors

# mypy's Django plugin reads the settings; it connects to nothing.
check: export WARMLINE_SECRET_KEY := never-used
check: export DATABASE_URL := postgresql:///never-used
check: export REDIS_URL := unix:///never-used
check: project  ## Style, types and the borders between the parts
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy
	@.venv/bin/lint-imports
	@$(RUN) -m warmline.diagrams --check
	@$(RUN) -m warmline.settings_table --check
	@$(RUN) deploy/clients/generate.py --check
	@$(RUN) -m tenants.permission_table --check

fix: project  ## What ruff can mend by itself
	@$(RUN) -m ruff check --fix .
	@$(RUN) -m ruff format .
	@$(RUN) -m warmline.settings_table
	@$(RUN) deploy/clients/generate.py
	@$(RUN) -m tenants.permission_table

mutations: testing  ## Holes in the wall between tenants, one at a time: does the suite see each?
	@$(RUN) -m tests.mutations

bench: machine  ## The product's figures, measured on this machine
	@$(RUN) -m tests.bench

diagrams: project  ## Draw the state diagrams of ARCHITECTURE.md from their tables
	@$(RUN) -m warmline.diagrams

release: project  ## A release of what is committed: make release VERSION=0.2.0
	@$(RUN) deploy/release.py --uv $(AT)/tools/bin/uv $(VERSION)

call: project  ## Call an agent of the running `make serve`; TO=+13035550100 another one; SAY="one.wav two.wav" in your own voice
	@$(RUN) manage.py place_call $(addprefix --to ,$(TO)) $(addprefix --say ,$(SAY))

pictures: testing  ## The README's pictures, of calls placed at the running `make serve`
	@$(RUN) manage.py run_demo
	@$(RUN) deploy/pictures.py

shell: project  ## Django's shell against the running `make serve`
	@$(RUN) -m warmline.embedded shell

clean:  ## Remove the environments and all state (asks nothing, keeps nothing)
	@! $(RUN) -c 'import warmline.embedded.__main__' 2>/dev/null || $(RUN) -m warmline.embedded clean
	$(if $(WARMLINE_HOME),test ! -d "$(AT)" || (cd "$(AT)" && rm -rf $(OURS)),rm -rf $(AT))
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

machine:
	@$(PREPARE) project engine weights

testing:
	@$(PREPARE) project engine weights packages

project:
	@$(PREPARE) project

engine:
	@$(PREPARE) engine

weights:
	@$(PREPARE) weights

packages:
	@$(PREPARE) packages

-include platform/programs/frontdesk/model.mk
