"""The border at which names come in with updates: of people, chats, topics and files, as strangers chose them."""

import re
from typing import Any

from persian.foreign_text import NAME_LIMIT, foreign_name

_LIMITS = {
    "first_name": 64,
    "last_name": 64,
    "title": NAME_LIMIT,
    "name": NAME_LIMIT,
    "file_name": NAME_LIMIT,
    "author_signature": NAME_LIMIT,
    "sender_user_name": NAME_LIMIT,
    "custom_title": NAME_LIMIT,
}
_NO_USERNAME = re.compile(r"\W", re.ASCII)


def with_fit_names(update: Any) -> Any:
    """Return a raw update, or any part of one, with every name in it fit to stand in a line of ours."""
    if isinstance(update, list):
        return [with_fit_names(part) for part in update]
    if not isinstance(update, dict):
        return update
    return {
        key: _fit(key, value) if isinstance(value, str) else with_fit_names(value) for key, value in update.items()
    }


def _fit(key: str, value: str) -> str:
    if key == "username":
        return _NO_USERNAME.sub("", value)[:NAME_LIMIT]
    return foreign_name(value, _LIMITS[key]) if key in _LIMITS else value
