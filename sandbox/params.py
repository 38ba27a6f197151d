"""Validation of a call's parameters by the table of the Bot API's methods."""

import json
from collections.abc import Callable, Collection
from importlib.resources import files
from typing import Any

from sandbox.errors import ApiError, bad

_TABLE: dict[str, dict[str, tuple[list[str], bool]]] = json.loads(
    files("sandbox").joinpath("methods.json").read_text(encoding="utf-8")
)["methods"]
_BY_LOWER = {name.lower(): name for name in _TABLE}


def method_named(name: str) -> str:
    """Return the method's proper name; Telegram ignores case. Raises ApiError 404 for an unknown one."""
    method = _BY_LOWER.get(name.lower())
    if method is None:
        raise ApiError(404, "Not Found")
    return method


def check(method: str, params: dict[str, Any], uploads: Collection[str]) -> dict[str, Any]:
    """Return the parameters in their JSON types. Raises ApiError for an unknown, wrong or missing one."""
    table = _TABLE[method]
    for name in params:
        if name not in table:
            raise bad(f"parameter {name} is unknown to {method}")
    checked = {}
    for name, (types, required) in table.items():
        if name in params and params[name] not in (None, ""):
            checked[name] = _typed(name, params[name], types)
        elif name in uploads:
            checked[name] = f"attach://{name}"
        elif required:
            raise bad(_MISSING.get(name, f"parameter {name} is required"))
    return checked


_MISSING = {"text": "message text is empty", "chat_id": "chat_id is empty"}


def _typed(name: str, value: Any, types: list[str]) -> Any:
    """Return a parameter's value in the first of its types that the table below knows, else as JSON."""
    for kind, read in _READERS.items():
        if kind in types:
            return read(name, value, types)
    return _json(name, value, types)


def _string(name: str, value: Any, types: list[str]) -> str | int:
    """Return a text; an id that may also be written as a username is a number where it is one."""
    if isinstance(value, (dict, list, bool)):
        raise bad(f"parameter {name} must be a string")
    text = str(value)
    return int(text) if "Integer" in types and _is_integer(text) else text


def _integer(name: str, value: Any, _types: list[str]) -> int:
    if isinstance(value, bool) or not _is_integer(str(value)):
        raise bad(f"parameter {name} must be an integer")
    return int(value)


def _is_integer(text: str) -> bool:
    return text.lstrip("-").isdigit()


def _boolean(name: str, value: Any, _types: list[str]) -> bool:
    if str(value).lower() not in ("true", "false", "1", "0"):
        raise bad(f"parameter {name} must be a boolean")
    return str(value).lower() in ("true", "1")


def _float(name: str, value: Any, _types: list[str]) -> float:
    try:
        return float(value)
    except ValueError:
        raise bad(f"parameter {name} must be a number") from None


_READERS: dict[str, Callable[[str, Any, list[str]], Any]] = {
    "String": _string,
    "InputFile": _string,
    "Integer": _integer,
    "Boolean": _boolean,
    "Float": _float,
}
"""The readers of the types that are no JSON, in the order in which they are tried."""


def _json(name: str, value: Any, types: list[str]) -> Any:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            subject = "reply markup" if name == "reply_markup" else name
            raise bad(f"can't parse {subject} JSON object") from None
    container = list if all(kind.startswith("Array") for kind in types) else dict
    if not isinstance(value, container):
        raise bad(f"object expected as {name}" if container is dict else f"array expected as {name}")
    return value
