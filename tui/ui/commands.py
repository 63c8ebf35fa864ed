"""The command palette: the table of verbs, found by any word."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from tui.game.verbtable import VERBS, Verb
from tui.ui.keys import keymap_of, label_of


class VerbCommands(Provider):
    """Every verb that the screen below can do."""

    def _verbs(self) -> Iterator[tuple[Verb, Content]]:
        keymap = keymap_of(self.app)
        for verb in VERBS:
            if verb.palette and hasattr(self.screen, f"action_{verb.id}"):
                key = label_of(verb, keymap, short=False)
                yield verb, Content.assemble(verb.title, (f"  {key}" if key else "", "$muted"))

    async def discover(self) -> Hits:
        """Everything, before anything is typed."""
        for verb, title in self._verbs():
            yield DiscoveryHit(title, partial(self._do, verb), verb.title, verb.help)

    async def search(self, query: str) -> Hits:
        """What the words find, in titles, words after a slash and help."""
        matcher = self.matcher(query)
        for verb, _ in self._verbs():
            words = f"{verb.title} {' '.join(verb.slash)}"
            score = max(matcher.match(words), matcher.match(verb.help) * 0.5)
            if score > 0:
                yield Hit(
                    score,
                    matcher.highlight(verb.title),
                    partial(self._do, verb),
                    verb.title,
                    verb.help,
                )

    async def _do(self, verb: Verb) -> None:
        await self.app.run_action(verb.id, self.screen)
