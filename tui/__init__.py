"""Fabletop: text adventures and roleplay chat in the terminal, told by a local model."""

__version__ = "0.1.0"
