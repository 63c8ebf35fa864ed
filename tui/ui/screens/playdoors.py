"""PlayDoors: from a story to the other screens, and back."""

from __future__ import annotations

from tui.ui.screens.talkacts import TalkActs


class PlayDoors(TalkActs):
    """The acts of the play screen that lead elsewhere."""

    async def action_map(self) -> None:
        """See every path of this story, and walk another."""
        from tui.ui.screens.storymap import StoryMapScreen

        if self.still:
            await self.app.push_screen(StoryMapScreen(self.narrator), self._walk)

    async def _walk(self, turn_id: int | None) -> None:
        if turn_id is not None:
            await self.go_to(turn_id)
        await self.show_story()

    async def action_inspect(self) -> None:
        """See what the model was sent."""
        from tui.ui.screens.inspector import InspectorScreen

        await self.app.push_screen(InspectorScreen(self.narrator, self.composer.text.strip()))

    async def action_ending(self) -> None:
        """Turn the last page."""
        from tui.ui.screens.ending import EndingScreen

        await self.app.push_screen(EndingScreen(self.narrator), self._after_ending)

    async def _after_ending(self, way: str | None) -> None:
        if way == "map":
            await self.action_map()
        elif way in ("again", "library"):
            self.app.leave_story(again=way == "again")

    def action_restart(self) -> None:
        """Begin the card again; this story stays in the library."""
        self.app.leave_story(again=True)

    def action_library(self) -> None:
        """Leave for the library."""
        self.app.leave_story()
