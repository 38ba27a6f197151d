"""Inline mode: the bot's answers to what people type behind @bot in any chat."""

import re
from typing import Any

from sandbox.api.messages import TEXT_LIMIT, formatted
from sandbox.api.registry import Call, method
from sandbox.errors import bad
from sandbox.markup import check_markup
from sandbox.state import Json, TelegramState


@method("answerInlineQuery")
def answer_inline_query(call: Call) -> Any:
    """Answer an inline query with at most 50 results."""
    query = call.state.inline.get(call["inline_query_id"])
    if query is None or query["answered"]:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    results = call["results"]
    if len(results) > 50:
        raise bad("RESULTS_TOO_MUCH")
    ids = [str(result.get("id", "")) for result in results]
    if not all(1 <= len(result_id.encode()) <= 64 for result_id in ids):
        raise bad("RESULT_ID_INVALID")
    if len(set(ids)) != len(ids):
        raise bad("RESULT_ID_DUPLICATE")
    for result in results:
        content_of(call.state, result)
    button = call.get("button")
    if button is not None:
        _check_button(button)
    query |= {"answered": True, "results": results, "next_offset": call.get("next_offset", ""), "button": button}
    call.state.add_event("inline_answer", 0, query_id=call["inline_query_id"])
    return True


def content_of(state: TelegramState, result: Json) -> Json:
    """Return the message that a result becomes when it is chosen. Raises ApiError where it cannot be one."""
    if result.get("type") != "article":
        raise bad("only results of type article are simulated by the sandbox")
    if not result.get("title"):
        raise bad("MESSAGE_TITLE_EMPTY")
    content = result.get("input_message_content") or {}
    part = Call(state, {**content, "text": content.get("message_text", "")}, {})
    written = formatted(part, "text", TEXT_LIMIT, required=True)
    markup = check_markup(result.get("reply_markup"))
    return written | ({"reply_markup": markup} if markup else {})


def _check_button(button: Json) -> None:
    """The button above inline results: a text, and where it leads, exactly one way."""
    if not button.get("text"):
        raise bad("can't parse inline query results button: Text must be non-empty")
    if ("start_parameter" in button) == ("web_app" in button):
        raise bad("can't parse inline query results button: exactly one action is expected")
    if "start_parameter" in button and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", str(button["start_parameter"])):
        raise bad("START_PARAM_INVALID")
