"""Sending rich messages, and what one holds."""

from typing import Any

from sandbox.api.media import stored_file
from sandbox.api.messages import chat_to_write, post
from sandbox.api.registry import Call, method
from sandbox.errors import ApiError
from sandbox.markup import check_markup
from sandbox.rich import as_received_by_bot, check_rich
from sandbox.state import Json


def rich_content(call: Call) -> tuple[Json, Json]:
    """Return the rich message of a call as the bot gets it back, and as people see it.

    Raises ApiError for what the server refuses, files that it cannot have included.
    """
    visible = check_rich(call["rich_message"])
    kinds = {link: link.removeprefix("tg://").partition("?")[0] for link in visible["files"]}
    visible["files"] = {link: stored_file(call, file, kinds[link]) for link, file in visible["files"].items()}
    return {"rich_message": as_received_by_bot(visible)}, visible


@method("sendRichMessage")
def send_rich_message(call: Call) -> Any:
    """Send a rich message."""
    if not call.state.rich:
        raise ApiError(404, "Not Found")
    chat = chat_to_write(call)
    content, visible = rich_content(call)
    check_markup(call.get("reply_markup"))
    return post(call, chat, content, rich=visible)
