# The verbs of working here. `make play` and `make test` set everything up by themselves.

SHELL := /bin/sh
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$name; break; }; done)
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help play test check set-up set-up-dev bench bench-engine screenshots

help:  ## what can be made
	@sed -n 's/^\([a-z-]*\):.*##/  make \1 \t/p' Makefile

play: set-up  ## set up what is missing, then the game
	@$(BIN)/fabletop

test: set-up-dev  ## set up what is missing, then every test
	@$(BIN)/python -m pytest

check: set-up-dev  ## formatting, lint, types and layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/pyright

bench: set-up-dev  ## the measurements that take minutes, each one command in bench/
	@for file in bench/startup.py bench/screen.py bench/library.py bench/story.py; do $(BIN)/python $$file || exit 1; done

MODEL ?= models/pocket.gguf
bench-engine: set-up-dev  ## the engine's measurements on MODEL, for a quiet machine
	@$(BIN)/python -m bench.engine all $(MODEL)
	@$(BIN)/python -m bench.engine_screen $(MODEL)
	@$(BIN)/python -m bench.engine_played pick $(MODEL)
	@$(BIN)/python -m bench.engine_played reread $(MODEL)

screenshots: set-up-dev  ## the README's pictures, from the real program
	@$(BIN)/python bench/screenshots.py

set-up:
	@$(MAKE) -s need-python
	@$(PYTHON) -I tui/setup.py

set-up-dev:
	@$(MAKE) -s need-python
	@$(PYTHON) -I tui/setup.py --dev

.PHONY: need-python
need-python:
	@test -n "$(PYTHON)" || { echo "fabletop: Python 3.11 or newer is needed: sudo apt install python3 python3-venv" >&2; exit 1; }

.PHONY: kill-500 turns-10000 fuzz-cards fuzz-models games-10000
kill-500: set-up-dev  ## 500 kills of a writing program, some twenty minutes
	@FABLETOP_KILLS=500 $(BIN)/python -m pytest tests/store/test_faults.py tests/game/test_book.py -k kill

turns-10000: set-up-dev  ## 10,000 turns of the engine, whose memory must not grow
	@$(BIN)/python -m bench.engine_turns

games-10000: set-up-dev  ## 10,000 random games over the tales that ship, every turn checked
	@FABLETOP_GAMES=10000 nice $(BIN)/python -m pytest -q tests/world/test_random_games.py

fuzz-cards: set-up-dev  ## 100,000 broken cards
	@$(BIN)/python -m bench.fuzz_cards

fuzz-models: set-up-dev  ## 10,000 broken model files to convert, and 10,000 for llama.cpp
	@$(BIN)/python -m bench.fuzz_models
	@$(BIN)/python -m bench.fuzz_gguf
