"""Updates that Telegram sent, and dialogues with people."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoredUpdate:
    """An update of Telegram as received: `body` is its JSON text."""

    update_id: int
    body: str


@dataclass(frozen=True, slots=True)
class StoredDialogue:
    """A thing that a person has begun and not finished in a chat; `data` is its state as JSON.

    One that has `ended`, because the person lost a right, is continued by nothing.
    """

    chat_id: int
    user_id: int
    kind: str
    data: str
    updated_at: int
    ended: bool
