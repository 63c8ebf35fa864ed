"""JSON whose values are of other kinds, for the fuzz targets."""

from __future__ import annotations

import copy
import json
import random

VALUES: list[object] = [
    *(None, True, -1, 0, 1.5, 1 << 60, 1e308),
    *("", "x", "9" * 99),
    *([], {}, [None], [[[]]], {"a": []}),
]


def odd_values(chance: random.Random, content: bytes) -> bytes:
    """A JSON file, some of whose values were replaced by ones of other kinds."""
    value = json.loads(content)
    for _ in range(chance.randrange(1, 5)):
        here = value
        while isinstance(here, dict | list) and here:
            key = (
                chance.choice(list(here)) if isinstance(here, dict) else chance.randrange(len(here))
            )
            if chance.random() < 0.4 or not isinstance(here[key], dict | list):
                here[key] = copy.deepcopy(chance.choice(VALUES))
                break
            here = here[key]
    return json.dumps(value).encode()
