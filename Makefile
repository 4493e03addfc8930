# make run    serve the assistant on http://127.0.0.1:7860
# make run-local-llm   the same with a small model on this machine, fetched once (1.1 GB)
# make test   what CI runs: style, types, tests
# make check  style, types, and the policy library against its rules
# make eval   score the question sets
# make lock   write the lock files anew, from what pip installs today
# make clean  remove the environment and all that was built; conversations stay

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := app.py bot corpus evals tests tools

.PHONY: run run-local-llm test check lint eval lock clean

run: $(VENV)/run.stamp
	$(BIN)/python app.py

run-local-llm: $(VENV)/run.stamp
	$(BIN)/pip install --disable-pip-version-check --quiet xllamacpp
	$(BIN)/python -m bot.answering.llm.local.fetch
	BOT_LLM=local $(BIN)/python app.py

# Two workers on two cores: threads of their own would only wait for each other.
test: lint
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses 2 --dist worksteal

check: lint
	$(BIN)/python -m corpus check

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/mypy app.py

eval: $(VENV)/dev.stamp
	$(BIN)/python -m evals run

lock:
	PYTHON="$(PYTHON)" ./lock.sh

clean:
	rm -rf $(VENV) data/index build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is younger than what it was made from: the second start installs nothing.
$(VENV)/run.stamp: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name it: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --disable-pip-version-check --quiet --requirement requirements.lock
	touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements-dev.lock
	$(BIN)/pip install --disable-pip-version-check --quiet --requirement requirements-dev.lock
	touch $@
