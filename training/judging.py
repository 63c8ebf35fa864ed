"""What a reply is judged by: the world's own check, and counting."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, field

from tui.cards.worldfile import words_of
from tui.world.values import Outcome, Verdict

HELD_OUT_SEED = 10_000_019
"""Where measured games start; no training shard's generator starts here."""
_SENTENCES = re.compile(r"(?<=[.!?…”])\s+")
_LIST = re.compile(r"\n+- ")
_CONTENT = re.compile(r"[^\W\d_]{4,}")


def parted(reply: str) -> tuple[str, list[str]]:
    """Prose and choice lines of a reply as sampled."""
    prose, *lines = _LIST.split(reply)
    return prose.strip(), [line.strip() for line in lines if line.strip()]


def sentences_of(prose: str) -> list[str]:
    """The sentences of a prose."""
    return [one for one in _SENTENCES.split(prose) if one.strip()]


def carries(reply: str, fact: str) -> bool:
    """Whether at least seven in ten of a fact's words are in a reply."""
    wanted = {word.lower() for word in _CONTENT.findall(fact)}
    found = {word.lower() for word in _CONTENT.findall(reply)}
    return not wanted or len(wanted & found) >= 0.7 * len(wanted)


@dataclass
class Rate:
    """A share with its 95 % interval (Wilson)."""

    hits: int = 0
    of: int = 0

    def add(self, hit: bool) -> None:
        """Count one."""
        self.hits += bool(hit)
        self.of += 1

    def __str__(self) -> str:
        if not self.of:
            return "-"
        share, z = self.hits / self.of, 1.96
        middle = (share + z * z / (2 * self.of)) / (1 + z * z / self.of)
        wide = (
            z
            / (1 + z * z / self.of)
            * math.sqrt(share * (1 - share) / self.of + z * z / (4 * self.of**2))
        )
        low, high = max(0.0, middle - wide), min(1.0, middle + wide)
        return f"{100 * share:.1f} % ({100 * low:.1f}–{100 * high:.1f}, {self.of})"


@dataclass
class Tally:
    """Everything that is measured over many turns."""

    rates: dict[str, Rate] = field(default_factory=dict)
    denials: int = 0
    turns: int = 0
    words: Counter[str] = field(default_factory=Counter)
    trigrams: Counter[tuple[str, ...]] = field(default_factory=Counter)
    sentences: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, name: str, hit: bool) -> None:
        """Count one hit or miss of a measure."""
        self.rates.setdefault(name, Rate()).add(hit)

    def told(self, verdict: Verdict, outcome: Outcome, prose: str) -> None:
        """Count whether a reply tells what happened, with the names as they were given."""
        self.turns += 1
        self.add("tells Now, whole and uncontradicted", verdict.passed)
        self.denials += len(verdict.denied)
        for fact in outcome.facts:
            for name in fact.names:
                self.add("names copied exactly", name.lower() in prose.lower())

    def written(
        self, prose: str, said: list[str], *, ends: str = ".!?…”", compared: int = 90
    ) -> None:
        """Count whether a prose is whole and new; `said` are the game's sentences so far."""
        self.add("sentences complete", prose[-1:] in ends)
        for sentence in sentences_of(prose):
            self.add("sentence not said in the last 30 turns", sentence not in said[-compared:])
            said.append(sentence)
        self._count_words(prose)

    def _count_words(self, prose: str) -> None:
        words = [word.lower() for word in words_of(prose)]
        self.words.update(words)
        self.trigrams.update(zip(words, words[1:], words[2:], strict=False))
        self.sentences += len(sentences_of(prose))

    def table(self, title: str) -> str:
        """The tally as a Markdown table."""
        lines = [f"| {title} | |", "|---|---|"]
        lines += [f"| {name} | {rate} |" for name, rate in self.rates.items()]
        if self.turns:
            lines.append(
                f"| contradictions per 100 turns | {100 * self.denials / self.turns:.1f} |"
            )
        if self.sentences:
            total = sum(self.words.values())
            lines.append(f"| words a sentence | {total / self.sentences:.1f} |")
            lines.append(f"| vocabulary | {len(self.words)} words in {total} |")
            share = len(self.trigrams) / max(1, sum(self.trigrams.values()))
            lines.append(f"| distinct 3-grams | {100 * share:.1f} % |")
        return "\n".join(lines)
