"""The actions of staff and sources, in words and as a table (pure)."""

from collections.abc import Mapping, Sequence

from bot.locales.catalog import Texts
from bot.render.table import csv_of
from storage import audit
from storage.audit import AuditEntry
from storage.audit_details import AuditAction, RoleDetails, ScheduleDetails, StoryDetails

_COLUMNS = ("time", "person", "person-id", "act", "code", "article", "revision", "detail")


def action_in_words(entry: AuditEntry, texts: Texts) -> str:
    """Return the text of an action; of one that this version of Peyk does not know, the word that is stored."""
    if not isinstance(entry.action, AuditAction):
        return entry.action
    return texts(f"act-{entry.action.replace('_', '-')}")


def details_in_words(entry: AuditEntry, texts: Texts) -> str:
    """Return what the text of the action does not say, "" for nothing."""
    match entry.details:
        case None:
            return ""
        case RoleDetails(role):
            return texts(f"role-{role}")
        case StoryDetails(article_id):
            return texts("audit-same-story", id=texts.digits(str(article_id)))
        case ScheduleDetails(at, breaking):
            return f"{texts.datetime(at)} · {texts('breaking-mark')}" if breaking else texts.datetime(at)
        case details:
            return details.plain()


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
    """Return entries as CSV, in the order given; dates are of the language's calendar, in ASCII digits."""
    return csv_of(
        [texts(f"audit-column-{name}") for name in _COLUMNS],
        (
            (
                texts.sortable(entry.at),
                actor_in_words(entry.actor_id, names, texts),
                entry.actor_id,
                action_in_words(entry, texts),
                entry.action,
                entry.article_id,
                entry.revision,
                entry.details.plain() if entry.details is not None else "",
            )
            for entry in entries
        ),
    )
