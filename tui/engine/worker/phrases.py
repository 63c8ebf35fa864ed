"""A reply that must be one of some phrases, followed token by token through a tree of ids."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tui.engine.worker.vocab import Vocab


@dataclass(slots=True)
class Node:
    """What may come after some ids; `whole` where a phrase may end."""

    children: dict[int, Node] = field(default_factory=dict)
    whole: bool = False


def phrase_tree(phrases: Iterable[Sequence[int]]) -> Node:
    """The tree of some phrases' ids."""
    root = Node()
    for phrase in phrases:
        node = root
        for token in phrase:
            node = node.children.setdefault(token, Node())
        node.whole = True
    return root


class Phrases:
    """Where a reply is among its phrases."""

    def __init__(self, vocab: Vocab, texts: Sequence[str]) -> None:
        """Each text is tokenised as in the middle of a prompt."""
        self._end = vocab.eos
        self._node = phrase_tree(vocab.continue_with(text) for text in texts)

    @property
    def complete(self) -> bool:
        """Whether a phrase is whole and nothing can follow."""
        return not self._node.children

    def allowed(self) -> tuple[int, ...]:
        """The ids that may come next; the end-of-text id where a phrase may end here."""
        ids = tuple(self._node.children)
        return (*ids, self._end) if self._node.whole and self._end is not None else ids

    def accept(self, token: int) -> None:
        """Go on along one of the allowed ids; the end-of-text id ends it."""
        self._node = self._node.children.get(token) or Node(whole=True)
