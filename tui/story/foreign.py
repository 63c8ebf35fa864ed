"""Telling the chats of other programs apart."""

from __future__ import annotations

from tui.story.chats import Chat, ChatError
from tui.story.sillytavern import read_sillytavern
from tui.story.textgen import read_textgen


def read_chat(data: bytes, user_name: str = "", char_name: str = "") -> Chat:
    """Read a chat of SillyTavern or text-generation-webui; the names are for formats without any.

    Raises:
        ChatError: It is neither.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ChatError("This is not a chat: it isn't UTF-8 text.") from error
    try:
        return read_sillytavern(text)
    except ChatError:
        pass
    try:
        return read_textgen(text, user_name, char_name)
    except ChatError as error:
        raise ChatError("This is not a chat of SillyTavern or of text-generation-webui.") from error
