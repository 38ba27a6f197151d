"""The actions of staff and sources, in words and as a table (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from bot.locales.catalog import Texts
from bot.render.html import cut
from bot.render.table import csv_of
from storage import audit
from storage.audit import AuditEntry
from storage.audit_details import (
    AddressDetails,
    AuditAction,
    AuditDetails,
    MoveDetails,
    OriginDetails,
    PolicyDetails,
    RequestDetails,
    RoleDetails,
    RuleDetails,
    ScheduleDetails,
    SettingChange,
    SourceChangeDetails,
    SourceDetails,
    StoryDetails,
)
from storage.records import RuleAction

_DESTINATIONS = {"True": "source-to-review", "False": "source-to-publish"}
"""The texts of where a source's news goes, by the stored value of its setting `review`."""
_NO_TITLES: Mapping[str, str] = MappingProxyType({})
_TITLE = 60
_COLUMNS = ("time", "person", "person-id", "act", "code", "article", "revision", "detail")


def action_in_words(entry: AuditEntry, texts: Texts) -> str:
    """Return the text of an action; of one that this version of Peyk does not know, the word that is stored."""
    if not isinstance(entry.action, AuditAction):
        return entry.action
    return texts(f"act-{entry.action.replace('_', '-')}")


def source_url_of(entry: AuditEntry) -> str:
    """Return the address of the source that an entry is about, "" where it is about none."""
    match entry.details:
        case (
            AddressDetails(url)
            | SourceChangeDetails(url)
            | PolicyDetails(url)
            | SourceDetails(url)
            | RequestDetails(url)
        ):
            return url
        case RuleDetails(source_url=url) | OriginDetails(source_url=url) | MoveDetails(after=url):
            return url
        case _:
            return ""


def details_in_words(entry: AuditEntry, texts: Texts, source_titles: Mapping[str, str] = _NO_TITLES) -> str:
    """Return what the text of the action does not say, "" for nothing.

    An address of a source has its title of `source_titles` (by address) in front.
    """
    match _with_title(entry, texts, source_titles):
        case None:
            return ""
        case RoleDetails(role):
            return texts(f"role-{role}")
        case StoryDetails(article_id):
            return texts("audit-same-story", id=texts.digits(str(article_id)))
        case ScheduleDetails(at, breaking):
            return f"{texts.datetime(at)} · {texts('breaking-mark')}" if breaking else texts.datetime(at)
        case SourceChangeDetails(url, settings):
            return f"{url}: {texts('list-comma').join(_change_of_source(change, texts) for change in settings)}"
        case RuleDetails(query, action, source_url):
            return " · ".join(part for part in (source_url, query, _effect(action, texts)) if part)
        case details:
            return details.plain()


def _with_title(entry: AuditEntry, texts: Texts, source_titles: Mapping[str, str]) -> AuditDetails | None:
    """Return the details of an entry with the title of its source in front of the address."""
    url = source_url_of(entry)
    title = cut(" ".join(source_titles.get(url, "").split()), _TITLE)
    if not title:
        return entry.details
    named = f"{texts.apart(title)} · {url}"
    match entry.details:
        case RuleDetails() | OriginDetails() as details:
            return replace(details, source_url=named)
        case MoveDetails(before) as details:
            return replace(details, before=f"{texts.apart(title)} · {before}")
        case (
            AddressDetails() | SourceChangeDetails() | PolicyDetails() | SourceDetails() | RequestDetails()
        ) as details:
            return replace(details, url=named)
        case details:
            return details


def _change_of_source(change: SettingChange, texts: Texts) -> str:
    """Return a changed setting of a source in words; a value that depends on no language stays as it is."""
    if change.name == "review":
        before, after = (texts(_DESTINATIONS.get(value, "nothing")) for value in (change.before, change.after))
        return texts("audit-changed", before=before, after=after)
    before, after = (value if value != "None" else "—" for value in (change.before, change.after))
    return texts("audit-changed", before=before or "—", after=after or "—")


def _effect(action: str, texts: Texts) -> str:
    """Return what a rule does in words; the category of a section that was learned stays as it is."""
    name, _, argument = action.partition(" ")
    return texts(f"rule-{name}", argument=argument) if name in [*RuleAction] else action


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
