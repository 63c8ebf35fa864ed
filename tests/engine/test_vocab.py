"""Text to ids and back: the space in front only where it belongs, every byte kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tiny_model import make_tiny_model
from tui.engine import LoadSettings, Run
from tui.engine.worker.library import Library
from tui.engine.worker.model import Model

hostile = st.text(
    st.one_of(st.sampled_from("\x00\x01\x02\n\r\t \u2581|<>\x1b\u202e"), st.characters()),
    max_size=40,
)


def text_of(model: Model, tokens: list[int]) -> bytes:
    return b"".join(map(model.vocab.named_piece, tokens))


def test_only_a_first_text_gets_the_space(model: Model) -> None:
    vocab = model.vocab
    first = vocab.encode([Run("go inside")], add_bos=True)
    assert first[0] == vocab.bos
    assert text_of(model, first[1:]) == b" go inside"
    later = vocab.encode([Run(tokens=(5,)), Run("go inside")], add_bos=False)
    assert later[0] == 5
    assert text_of(model, later[1:]) == b"go inside"


def test_texts_between_two_replies_are_one_text(model: Model) -> None:
    vocab = model.vocab
    reply = tuple(vocab.continue_with(" You open the door."))
    runs = [Run("Start!<|mo"), Run("del|>"), Run(tokens=reply), Run("<|us"), Run(""), Run("er|>go")]
    joined = [Run("Start!<|model|>"), Run(tokens=reply), Run("<|user|>go")]
    assert vocab.encode(runs, add_bos=True) == vocab.encode(joined, add_bos=True)


def test_special_pieces_are_told_apart_only_where_asked(model: Model) -> None:
    vocab = model.vocab
    assert vocab.continue_with("</s>", special=True) == [vocab.eos]
    assert vocab.eos not in vocab.continue_with("</s>")
    assert text_of(model, vocab.continue_with("</s>")) == b"</s>"


@settings(max_examples=300)
@given(hostile)
def test_every_text_comes_back_byte_for_byte(model: Model, text: str) -> None:
    wanted = text.replace("\u2581", " ").encode("utf-8", "replace")
    assert text_of(model, model.vocab.continue_with(text)) == wanted
    first = model.vocab.encode([Run(text)], add_bos=False)
    assert text_of(model, first) == (b" " + wanted if text else b"")


@settings(max_examples=100)
@given(st.text("abc the door\n", max_size=30))
def test_following_text_is_the_first_text_without_its_space(model: Model, text: str) -> None:
    """A text that begins with a space is tokenised alike in both places."""
    vocab = model.vocab
    assert (
        vocab.continue_with(" " + text) == vocab.encode([Run(text or "")], add_bos=False)
        or not text
    )


def test_a_vocabulary_without_the_space_puts_none(library: Library, tmp_path: Path) -> None:
    path = make_tiny_model(tmp_path / "plain.gguf", add_space_prefix=False)
    model = Model(library, path, LoadSettings(), lambda _done: None, plain_weights=False)
    tokens = model.vocab.encode([Run("go inside")], add_bos=False)
    assert text_of(model, tokens) == b"go inside"
    model.close()


@pytest.mark.parametrize("token", [-1, 10**6])
def test_an_id_that_is_no_ones_has_no_piece(model: Model, token: int) -> None:
    assert model.vocab.named_piece(token) == b""
