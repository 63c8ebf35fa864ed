"""Model files: found, fetched, converted, measured."""
