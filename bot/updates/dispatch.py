"""The dispatch of stored updates as python-telegram-bot's objects, also from servers of an older Bot API."""

import inspect
from typing import Any

from telegram import Bot, ChatMemberAdministrator, ChatMemberBanned, ChatMemberRestricted, Update
from telegram.ext import Application, ContextTypes

from bot import counters
from bot.updates.foreign_names import with_fit_names
from bot.updates.update_facts import MalformedUpdateError

_LONGEST_REASON = 200
_CLASSES = {
    "administrator": ChatMemberAdministrator,
    "restricted": ChatMemberRestricted,
    "kicked": ChatMemberBanned,
}


def _needed(kind: type) -> dict[str, Any]:
    """Return what the library cannot do without in a chat member, with the meaning of its absence."""
    parameters = inspect.signature(kind).parameters.values()
    names = [
        parameter.name
        for parameter in parameters
        if parameter.default is inspect.Parameter.empty and parameter.name != "user"
    ]
    return {name: 0 if name == "until_date" else False for name in names}


_DEFAULTS = {status: _needed(kind) for status, kind in _CLASSES.items()}


def read_update(raw: dict[str, Any], bot: Bot) -> Update:
    """Return the update, names in it fit to be shown.

    A right that the server's Bot API does not know yet is one that is not held.

    Raises MalformedUpdateError where python-telegram-bot can make none of it.
    """
    raw = with_fit_names(raw)
    change = raw.get("my_chat_member")
    if isinstance(change, dict):
        for side in ("old_chat_member", "new_chat_member"):
            member = change.get(side)
            if isinstance(member, dict):
                change[side] = _DEFAULTS.get(str(member.get("status")), {}) | member
    try:
        return Update.de_json(raw, bot)
    except Exception as error:  # noqa: BLE001 - the library trusts the types of whatever it reads
        raise MalformedUpdateError(f"{type(error).__name__}: {error}"[:_LONGEST_REASON]) from None


def _kind_of(update: Update) -> str:
    """Return which of the Bot API's kinds an update is; "other" for one that the library does not know."""
    return next((kind for kind in Update.ALL_TYPES if getattr(update, kind) is not None), "other")


class Updates:
    """Passes raw updates to an application's handlers, and returns what they raise: the library only logs it."""

    def __init__(self, application: "Application[Any, Any, Any, Any, Any, Any]") -> None:
        self._application = application
        self._raised: dict[int, Exception] = {}
        application.add_error_handler(self._record_error)

    async def handle(self, raw: dict[str, Any]) -> None:
        """Handle one update to its end. Raises what a handler raised, and what `read_update` does."""
        update = read_update(raw, self._application.bot)
        with counters.Stopwatch(counters.UPDATES, _kind_of(update)):
            await self._application.process_update(update)
        if (error := self._raised.pop(update.update_id, None)) is not None:
            raise error

    async def _record_error(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        if isinstance(update, Update) and context.error is not None:
            self._raised[update.update_id] = context.error
