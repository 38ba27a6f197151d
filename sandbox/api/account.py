"""The bot itself: updates, webhook, commands, presses and inline answers."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from sandbox.api.registry import Call, method
from sandbox.errors import ApiError, bad
from sandbox.state import Json

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SCOPES = {
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
    "chat",
    "chat_administrators",
    "chat_member",
}


@method("getMe")
def get_me(call: Call) -> Any:
    """The bot's own User object."""
    return call.state.me


@method("setWebhook")
def set_webhook(call: Call) -> Any:
    """Send updates to an address; an empty one returns to polling."""
    url = call.get("url", "")
    if url and urlsplit(url).scheme not in ("http", "https"):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    secret = call.get("secret_token", "")
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise bad("secret token contains unallowed characters")
    call.state.webhook = {"url": url, "secret": secret}
    if call.get("drop_pending_updates"):
        call.state.pending.clear()
    call.state.update_added.notify_all()
    _remember_kinds(call)
    return True


@method("deleteWebhook")
def delete_webhook(call: Call) -> Any:
    """Return to polling."""
    call.state.webhook = {"url": ""}
    if call.get("drop_pending_updates"):
        call.state.pending.clear()
    return True


@method("getWebhookInfo")
def get_webhook_info(call: Call) -> Any:
    """Return the address of the webhook and its last error."""
    info = {key: value for key, value in call.state.webhook.items() if key != "secret"}
    return info | {"has_custom_certificate": False, "pending_update_count": len(call.state.pending)}


@method("getUpdates")
async def get_updates(call: Call) -> Any:
    """Return the updates from `offset` on, waiting up to `timeout` seconds for the first."""
    state = call.state
    if state.webhook["url"]:
        raise ApiError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    _remember_kinds(call)
    offset = call.get("offset", 0)
    if offset < 0:
        # The last -offset updates; all before them are forgotten.
        while len(state.pending) > -offset:
            state.pending.popleft()
    while state.pending and offset > 0 and state.pending[0]["update_id"] < offset:
        state.pending.popleft()
    # A newer poll ends an older one with 409.
    state.polls += 1
    mine = state.polls
    state.update_added.notify_all()
    if not state.pending:
        await state.update_added.wait_for(
            lambda: bool(state.pending) or state.polls != mine, call.get("timeout", 0)
        )
    if state.polls != mine:
        raise ApiError(
            409,
            "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
        )
    limit = call.get("limit", 100)
    return list(state.pending)[: min(max(limit, 1), 100)]


def _remember_kinds(call: Call) -> None:
    if "allowed_updates" in call.params:
        call.state.allowed = call["allowed_updates"] or None


@method("setMyCommands")
def set_my_commands(call: Call) -> Any:
    """Set the menu of commands for a scope and language."""
    commands = call["commands"]
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.fullmatch(command.get("command", "")):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(command.get("description", "")) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    call.state.commands[_scope_key(call)] = commands
    return True


@method("getMyCommands")
def get_my_commands(call: Call) -> Any:
    """Return the menu of a scope and language."""
    return call.state.commands.get(_scope_key(call), [])


@method("deleteMyCommands")
def delete_my_commands(call: Call) -> Any:
    """Delete the menu of a scope and language."""
    call.state.commands.pop(_scope_key(call), None)
    return True


def _scope_key(call: Call) -> str:
    scope: Json = call.get("scope") or {"type": "default"}
    if scope.get("type") not in _SCOPES:
        raise bad("can't parse BotCommandScope: unsupported type")
    if scope["type"].startswith("chat"):
        call.state.reachable_chat(scope.get("chat_id", 0))
    language = call.get("language_code", "")
    if language and not re.fullmatch("[a-z]{2}", language):
        raise bad("invalid language code specified")
    return json.dumps([scope, language], sort_keys=True)


@method("answerCallbackQuery")
def answer_callback_query(call: Call) -> Any:
    """Answer a press of a button."""
    press = call.state.presses.get(call["callback_query_id"])
    if press is None or press["answered"]:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    if len(call.get("text", "")) > 200:
        raise bad("MESSAGE_TOO_LONG")
    press |= {"answered": True, "text": call.get("text", ""), "alert": bool(call.get("show_alert"))}
    press["url"] = call.get("url", "")
    call.state.add_event("answer", press["chat_id"], query_id=call["callback_query_id"])
    return True
