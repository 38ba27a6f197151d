"""What staff and sources did, in words and as a table (pure)."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bot.locales.catalog import Texts
from bot.render.table import csv_of
from storage import audit
from storage.records import AuditEntry, Role

_COLUMNS = ("time", "person", "person-id", "act", "code", "article", "revision", "detail")
_OF_ROLES = ("invite", "uninvite")
"""Acts whose detail is a role."""
_PLANNED = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}) UTC( breaking)?")


def act_in_words(entry: AuditEntry, texts: Texts) -> str:
    """Return what was done; an act of another version of Peyk, which has no text here, by its word of code."""
    try:
        return texts(f"act-{entry.action.replace('_', '-')}")
    except KeyError:
        return entry.action


def detail_in_words(entry: AuditEntry, texts: Texts) -> str:
    """Return what the act's text does not say."""
    if entry.action in _OF_ROLES and entry.detail in list(Role):
        return texts(f"role-{entry.detail}")
    if entry.action == "fold" and entry.detail.isdecimal():
        return texts("audit-same-story", id=texts.digits(entry.detail))
    if planned := _PLANNED.fullmatch(entry.detail):
        at = datetime.strptime(planned[1], "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
        when = texts.datetime(int(at.timestamp() * 1000))
        return f"{when} · {texts('breaking-mark')}" if planned[2] else when
    return entry.detail


def actor_in_words(actor_id: int, names: Mapping[int, str], texts: Texts) -> str:
    """Return who did it: a person by name, the command line, a source or Telegram."""
    if actor_id == audit.COMMAND_LINE:
        return texts("audit-command-line")
    if actor_id == audit.SOURCE:
        return texts("audit-source")
    if actor_id == audit.TELEGRAM:
        return texts("audit-telegram")
    return names.get(actor_id) or str(actor_id)


def table_of(entries: Sequence[AuditEntry], names: Mapping[int, str], texts: Texts) -> bytes:
    """Return acts as CSV, in the order given; dates are of the language's calendar, in ASCII digits."""
    return csv_of(
        [texts(f"audit-column-{name}") for name in _COLUMNS],
        (
            (
                texts.sortable(one.at),
                actor_in_words(one.actor_id, names, texts),
                one.actor_id,
                act_in_words(one, texts),
                one.action,
                one.article_id,
                one.revision,
                one.detail,
            )
            for one in entries
        ),
    )
