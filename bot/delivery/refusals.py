"""Refusals of a chat: how many lose it, and when it is tried again, in one table (pure).

One refusal proves nothing. Bot API servers answer "chat not found" of chats that they have not loaded again after a
restart, and rights are taken and given back; a chat that is truly gone keeps refusing.
"""

from dataclasses import dataclass

_MINUTE_MS = 60_000
_HOUR_MS = 60 * _MINUTE_MS

BY_THE_PERSON = frozenset({"blocked", "deactivated", "never started"})
"""Reasons that a private chat refuses for by an act of the person alone."""


@dataclass(frozen=True, slots=True)
class RefusalLimits:
    """A chat is lost with the refusal that is at least the `refusals`-th, `spread` (ms) or more after the first.

    It is tried again after `pauses` (ms), the first one after the first refusal; the last one repeats.
    """

    refusals: int
    spread: int
    pauses: tuple[int, ...]


OF_CHATS = RefusalLimits(
    4,
    6 * _HOUR_MS,
    (5 * _MINUTE_MS, 20 * _MINUTE_MS, _HOUR_MS, 2 * _HOUR_MS, 3 * _HOUR_MS),
)
"""For channels and groups: administrators change rights, and servers forget chats, for hours at most."""

OF_PEOPLE = RefusalLimits(2, 15 * _MINUTE_MS, (15 * _MINUTE_MS,))
"""For private chats whose person is gone.

No right comes into this: Telegram knows from the account whether the person has blocked the bot or was deactivated,
and tells of a block and its end by `my_chat_member` as well. A second answer rules out a server's moment.
"""


def patience_with(reason: str, *, private: bool) -> RefusalLimits:
    """Return the patience with a chat that refuses for that `reason` (as policy.Verdict has it)."""
    return OF_PEOPLE if private and reason in BY_THE_PERSON else OF_CHATS


def next_try(patience: RefusalLimits, *, refusals: int, since: int, now: int) -> int | None:
    """Return when (ms) a chat is tried again that has refused `refusals` times since then; None: it is lost."""
    if refusals >= patience.refusals and now - since >= patience.spread:
        return None
    return now + patience.pauses[min(refusals, len(patience.pauses)) - 1]
