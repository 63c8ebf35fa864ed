"""The shipped model is the network that training/ says it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from training.numpy_forward import Forward

ROOT = Path(__file__).parents[2]
POCKET = ROOT / "models" / "pocket.gguf"
PROMPT = (
    "<|system|>This is a text adventure game. The player is Mira. The tone is wry.<|user|>open the chest"
    "<|system|>Scene: the attic, dusk. Here: sea chest (open). Now: you open the sea chest.<|model|> You open"
)
LLAMA = """
import sys, numpy, llama_cpp
model = llama_cpp.Llama(sys.argv[1], n_ctx=512, logits_all=True, verbose=False, n_threads=2)
tokens = model.tokenize(sys.argv[2].encode(), add_bos=True, special=False)
model.eval(tokens)
numpy.savez(sys.argv[3], tokens=tokens, logits=model.scores[: len(tokens)])
"""


@pytest.fixture(scope="module")
def said_by_llama(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[int], np.ndarray]:
    out = tmp_path_factory.mktemp("llama") / "said.npz"
    subprocess.run(
        [sys.executable, "-c", LLAMA, str(POCKET), PROMPT, str(out)],
        check=True,
        capture_output=True,
        timeout=60,
    )
    with np.load(out) as said:
        return said["tokens"].tolist(), said["logits"]


def test_numpy_and_llama_agree_on_every_logit(said_by_llama: tuple[list[int], np.ndarray]) -> None:
    tokens, theirs = said_by_llama
    ours = Forward(POCKET).logits(tokens)
    assert ours.shape == theirs.shape
    spread = theirs.std()
    # llama.cpp rounds what goes into each product to 8 bits as well; a wrong rope, norm or
    # head order would be off by the whole spread.
    assert np.abs(ours - theirs).mean() < 0.02 * spread
    assert (ours.argmax(-1) == theirs.argmax(-1)).mean() > 0.9


def test_role_words_are_single_pieces_after_anything(
    said_by_llama: tuple[list[int], np.ndarray],
) -> None:
    tokens, _ = said_by_llama
    assert [token for token in tokens if token in (3, 4, 5)] == [3, 4, 3, 5]
    assert tokens[:2] == [1, 3]
