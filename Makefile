# Needs make, a POSIX shell and Python 3.12 or newer. `make` alone lists what there is.

PYTHON := .venv/bin/python
CODE := $(wildcard sim experiments)
STRESS = $(PYTHON) -m pytest -m stress tests/stress
# Namespaces of Linux: the kernel ends all that runs in them with make hosts.
SPACES := --net --pid --mount --fork --kill-child --mount-proc

# Only what the lock names may be imported, and pip leaves it to the first run to write bytecode: 20 s sooner.
unexport PYTHONPATH PYTHONHOME PYTHONSAFEPATH PYTHONDONTWRITEBYTECODE

STRAY := $(strip $(foreach name,$(.VARIABLES),$(if $(filter command,$(firstword $(origin $(name)))),$(filter-out ARGS PYTHON -%,$(name)))))
ifneq ($(STRAY),)
$(error $(foreach name,$(STRAY),$(name)=$($(name))): make knows only ARGS; type what a command takes as ARGS="$(foreach name,$(STRAY),$(name)=$($(name)))")
endif

.PHONY: help setup setup-dev run sim live docs test test-slow bench fuzz torture hosts archive lock clean

help:
	@echo 'make run     run the headline study        ARGS="..." is passed on, e.g. make run ARGS="--help"'
	@echo 'make sim     run one scenario              ARGS="..." is passed on, e.g. make sim ARGS="seed=7"'
	@echo 'make live    watch one scenario in a browser, with and without the switch'
	@echo 'make docs    build the site: docs/_build/index.html'
	@echo 'make archive an archive with data, code, locks and hashes   ARGS="FILE.zip FOLDER ..." (outputs of studies)'
	@echo 'make test    lint, type check and tests    ARGS="..." goes to pytest'
	@echo 'make test-slow  the tests that take long   ARGS="..." goes to pytest'
	@echo 'make bench   measure speed and memory      ARGS="..." is passed on'
	@echo 'make fuzz    bad input and random worlds   ARGS="--scale 0.1 --seed 2 -k lines" goes to pytest, as of the next two'
	@echo 'make torture kill, starve and damage a small study, and compare what is left: half an hour'
	@echo 'make hosts   the same on two hosts and in the jobs of a Slurm: half an hour, as root'
	@echo 'make setup   make .venv from requirements.lock; make setup-dev adds requirements-dev.lock: tests, bench, cluster'
	@echo '             (every target above does so when needed)'
	@echo 'make lock    renew both locks              ARGS=--upgrade takes the newest versions'
	@echo 'make clean   remove .venv and caches; results stay'
	@echo 'Quote what the shell would read: make sim ARGS="-m '"'"'seed=range(0,10)'"'"'"'

setup:
	@sh tools/setup.sh

setup-dev:
	@sh tools/setup.sh dev

run: setup
	@$(PYTHON) -m experiments $(ARGS)

sim: setup
	@$(PYTHON) -m sim $(ARGS)

test: setup-dev
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy $(CODE)
	$(PYTHON) -m mypy -p tests.twin -p tests.bench -p tests.golden -p tools
	$(PYTHON) -m pytest -n auto --dist worksteal $(ARGS)

test-slow: setup-dev
	$(PYTHON) -m pytest -n auto --dist worksteal -m slow $(ARGS)

bench: setup-dev
	@$(PYTHON) -m tests.bench.measure $(ARGS)

fuzz: setup-dev
	$(STRESS)/test_fuzz.py $(ARGS)

torture: setup-dev
	$(STRESS)/test_torture.py $(ARGS)

hosts: setup-dev
	$(if $(filter 0,$(shell id -u)),unshare $(SPACES)) $(STRESS)/test_hosts.py $(ARGS)

lock:
	@sh tools/setup.sh lock $(ARGS)

clean:
	rm -rf .venv build dist docs/_build docs/jupyter_execute .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
	find $(CODE) $(wildcard tests) -type d -name __pycache__ -prune -exec rm -rf {} +

docs: setup-dev
	$(PYTHON) -m sphinx -W --keep-going -q -b html docs docs/_build
	@echo "docs/_build/index.html is the first page"

archive: setup-dev
	@$(PYTHON) -m tools.archive $(ARGS)

live: setup-dev
	@$(PYTHON) -m sim.live $(ARGS)
