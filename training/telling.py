"""From facts to a reply: frames for what happened, colour for the rest, joined and varied."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from random import Random

from training.scenes import Scene, Told
from training.stock import Frame, Stock, choose_frame
from training.words import Name, fill, plain, raised
from tui.world import REFUSALS

_SPEECH = frozenset(["ask", "tell", "greet", "persuade", "withheld"])
_SENTENCE_END = re.compile(r"[.!?…]”?(?=\s|$)")
_NIGHT = ("night", "midnight", "evening", "small hours", "dusk", "four in the morning")
_WEATHERS = ("rain", "fog", "wind", "snow", "frost", "storm", "mist")


@dataclass
class Teller:
    """Tells one game; knows what it has said, so that no sentence comes twice."""

    stock: Stock
    random: Random
    tone: str
    chatty: float = 0.6
    placed: bool = True
    """Whether the setting's own colour may be told: only where the prompt lets it be known."""
    told: set[str] = field(default_factory=set)

    def tell(self, facts: list[Told], scene: Scene) -> str | None:
        """A reply for these facts, or None where no frame is left for one of them."""
        tags = self.tags(scene, facts)
        parts: list[str] = []
        for place, fact in enumerate(facts):
            text = self._fact(fact, tags | {"later" if place else "first"})
            if text is None:
                return None
            parts.append(text)
        body = self._joined(parts, facts, tags)
        return self._coloured(body, facts, scene, tags)

    def tags(self, scene: Scene, facts: list[Told]) -> frozenset[str]:
        """What holds now, as frames and colour name it."""
        night = any(word in scene.time.lower() for word in _NIGHT)
        found = {"outdoors" if scene.here.outdoors else "indoors", "night" if night else "day"}
        found |= {word for word in _WEATHERS if word in scene.time.lower()}
        found |= {f"setting={word}" for word in scene.setting.split("_")}
        found |= {"dark"} if scene.here.dark else set()
        if any(fact.kind in REFUSALS for fact in facts):
            found.add("refused")
        return frozenset(found)

    def _fact(self, fact: Told, tags: frozenset[str]) -> str | None:
        need = {"!" + fact.tag} if fact.tag else set()
        first = next((name.plural for name in fact.args.values()), False)
        extra = {"plural" if first else "singular"}
        frames = self.stock.frames.get(fact.kind, [])
        if fact.kind == "ending" and not fact.args["text"].bare:
            frames = self.stock.bare_endings
        frame = choose_frame(
            frames, tags | need | extra, self.tone, self.random, self.told, self.stock.core
        )
        if frame is None:
            return None
        self.told.add(frame.text)
        return fill(frame.text, fact.args)

    def _joined(self, parts: list[str], facts: list[Told], tags: frozenset[str]) -> str:
        text = parts[0]
        for fact, part in zip(facts[1:], parts[1:], strict=True):
            joins = self.stock.frames.get("_join", [])
            single = sentences(text) == 1 and sentences(part) == 1 and text.endswith(".")
            wanted = tags if fact.kind in REFUSALS else tags - {"refused"}
            if _begins_with_subject(part, fact):
                wanted |= {"plain"}
            frame = choose_frame(joins, wanted, self.tone, self.random, self.told, self.stock.core)
            if not single or frame is None or "”" in text + part or self.random.random() < 0.35:
                text = f"{text} {part}"
                continue
            first, second = text[:-1], part.rstrip(".")
            args = {"a": _clause(first, facts[0]), "b": _clause(second, fact)}
            text = fill(frame.text, args)
        return text

    def _coloured(self, body: str, facts: list[Told], scene: Scene, tags: frozenset[str]) -> str:
        length = sentences(body)
        wish = 1.0 if length < 2 else self.chatty * (0.7 if length == 2 else 0.25)
        if length >= 4 or self.random.random() > wish:
            return body
        before = self.random.random() < 0.18 and facts[0].kind not in REFUSALS
        colour = self._colour(facts, scene, tags, before=before)
        if colour is None:
            return body
        text = f"{colour} {body}" if before else f"{body} {colour}"
        if sentences(text) < 4 and self.random.random() < 0.15:
            more = self._colour(facts, scene, tags, before=False)
            text = f"{text} {more}" if more else text
        return text

    def _colour(
        self, facts: list[Told], scene: Scene, tags: frozenset[str], *, before: bool
    ) -> str | None:
        last = facts[-1].kind
        files = [scene.setting, scene.setting, "general"] if self.placed else ["general"]
        if not before:
            if last == "ending":
                files = ["endings"]
            elif last in REFUSALS:
                files += ["after_refusal"] * 3
            elif last in _SPEECH:
                files += ["after_speech"] * 3
            else:
                files.append("after_success")
        frames = self.stock.colour.get(self.random.choice(files), [])
        fresh = tags - {"refused"}
        frame = choose_frame(frames, fresh, self.tone, self.random, self.told, self.stock.core * 2)
        if frame is None:
            return None
        self.told.add(frame.text)
        return raised(fill(frame.text, {"place": scene.here.name}))


def sentences(text: str) -> int:
    """How many sentences a text has."""
    return len(_SENTENCE_END.findall(text))


def _begins_with_subject(text: str, fact: Told) -> bool:
    """Whether a sentence opens with `You` or a name, so that `and then` may go before it."""
    openings = ["You", *(raised(name.the) for name in fact.args.values() if name.the)]
    return any(text.startswith(f"{opening} ") for opening in openings)


def _clause(text: str, fact: Told) -> Name:
    """A sentence as part of another: its first letter small, unless it is a name's."""
    first = text.split(" ", 1)[0]
    keeps = any(name.the.startswith(first) for name in fact.args.values()) or first == "I"
    return plain(text if keeps else text[:1].lower() + text[1:])


__all__ = ["Frame", "Teller", "sentences"]
