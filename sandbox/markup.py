"""Inline keyboards, checked as Telegram checks them."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from sandbox.errors import bad

_MOST_BUTTONS = 100
_MOST_BYTES = 10_000
_POST_HANDLERS = {
    "url",
    "callback_data",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "web_app",
    "login_url",
    "pay",
    "callback_game",
}
_STYLES = ("danger", "success", "primary")


def check_markup(markup: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return the keyboard as the message will show it, None for none. Raises ApiError for a wrong one."""
    if not markup:
        return None
    if "inline_keyboard" in markup:
        return _inline_keyboard(markup)
    if not {"keyboard", "remove_keyboard", "force_reply"} & markup.keys():
        raise bad("can't parse reply markup: unknown kind of keyboard")
    return None


def _inline_keyboard(markup: dict[str, Any]) -> dict[str, Any] | None:
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad("can't parse inline keyboard: rows expected")
    if len(json.dumps(markup).encode()) > _MOST_BYTES or sum(map(len, rows)) > _MOST_BUTTONS:
        raise bad("reply markup is too long")
    kept = [[_button(button) for button in row] for row in rows if row]
    return {"inline_keyboard": kept} if kept else None


def _button(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict) or not str(button.get("text", "")).strip():
        raise bad("can't parse inline keyboard button: Text must be non-empty")
    actions = _POST_HANDLERS & button.keys()
    if len(actions) != 1:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if unknown := button.keys() - _POST_HANDLERS - {"text", "icon_custom_emoji_id", "style"}:
        raise bad(f"can't parse inline keyboard button: unknown field {sorted(unknown)[0]}")
    if button.get("style", "danger") not in _STYLES:
        raise bad("can't parse inline keyboard button: invalid button style specified")
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= 64:
        raise bad("BUTTON_DATA_INVALID")
    if "url" in button:
        url = checked_url(str(button["url"]))
        if url is None:
            raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
        return {**button, "url": url}
    return button


def checked_url(address: str) -> str | None:
    """Return an address as the server keeps it: `http://` before a bare host; None for one that it refuses."""
    address = address.strip()
    if address.startswith(("tg:", "ton:", "tonsite:")):
        return address
    url = address if "://" in address else f"http://{address}"
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not _is_host(host):
        return None
    is_bare = not (parts.path or parts.query or parts.fragment)
    return f"{url}/" if is_bare else url


def _is_host(host: str) -> bool:
    return "." in host.strip(".") and re.search(r"\s", host) is None
