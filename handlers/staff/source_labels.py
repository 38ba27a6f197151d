"""Labels of sources: their names, kinds, destinations, intervals and states in a person's words (pure)."""

from collections.abc import Sequence

from bot.ingest.identity.addresses import host_of
from bot.ingest.sources.source_condition import SourceCondition, condition_of
from bot.locales.catalog import Texts
from bot.render.html import cut, escape
from handlers.core.labels import distinct_labels
from storage.hub_subscriptions import HubStatus
from storage.records import ChangePolicy, Source, SourceKind, SourceState

KIND_TEXTS = {SourceKind.FEED: "source-feed", SourceKind.PAGE: "source-page", SourceKind.LISTING: "source-listing"}
"""The keys of the texts that name the kinds of sources."""
POLICY_BUTTONS = {
    ChangePolicy.FOLLOW: "button-source-follow",
    ChangePolicy.ASK: "button-source-ask",
    ChangePolicy.IGNORE: "button-source-ignore",
}
"""The keys of the buttons of each policy for changes."""

LONGEST_NAME = 80
"""The letters of a name that somebody gives a source."""

_NAME = 60
_ON_A_BUTTON = 30
_MINUTE = 60
_HOUR = 3600
_AT_REST = {SourceState.PAUSED: "source-paused", SourceState.ENDED: "source-ended"}


def name_of(source: Source) -> str:
    """Return a source's title, or its address where it has none."""
    return source.title or source.url.partition("://")[2]


def short_name(source: Source) -> str:
    """Return a source's name as it stands in a sentence."""
    return cut(name_of(source), LONGEST_NAME)


def on_buttons(listed: Sequence[Source], texts: Texts) -> list[str]:
    """Return the labels of sources' buttons: of equal names the hosts tell which is which, or the addresses."""
    names = [cut(name_of(source), _ON_A_BUTTON) for source in listed]
    hosts = [host_of(source.url) for source in listed]
    addresses = [_end_of(source.url.partition("://")[2]) for source in listed]
    return distinct_labels(names, texts, hosts, addresses)


def _end_of(address: str) -> str:
    """Return an address (without its scheme) as it fits on a button: feeds of one site differ at their ends."""
    return address if len(address) <= _ON_A_BUTTON else f"…{address[-_ON_A_BUTTON:]}"


def linked(source: Source, texts: Texts) -> str:
    """Return a source's name as a link to its address."""
    name = escape(texts.apart(cut(name_of(source), _NAME)))
    return f'{texts.mark}<a href="{escape(source.url)}">{name}</a>'


def destination(texts: Texts, *, review: bool) -> str:
    """Return where a source's items go: to the readers, or to review first."""
    return texts("source-to-review" if review else "source-to-publish")


def interval_in_words(seconds: int | None, texts: Texts) -> str:
    """Return how often a source with an interval of its own is read; None stands for FETCH_INTERVAL."""
    if seconds is None:
        return texts("source-interval-default")
    if seconds % _HOUR == 0:
        return texts("schedule-hours", hours=seconds // _HOUR)
    if seconds % _MINUTE == 0:
        return texts("schedule-every", minutes=seconds // _MINUTE)
    return texts("source-interval-seconds", seconds=seconds)


def state_in_words(source: Source, texts: Texts, now: int) -> str:
    """Return how a source is, in a few words: of one that is well, when it was fetched last."""
    trouble = _trouble_in_words(source, texts, now)
    if trouble or source.fetched_at is None:
        return trouble or texts("source-soon")
    return texts("source-fetched", when=texts.short(source.fetched_at))


def unnamed_fetch(source: Source, texts: Texts, now: int) -> int | None:
    """Return when a source was fetched last (ms) where `state_in_words` does not tell, else None."""
    return source.fetched_at if _trouble_in_words(source, texts, now) else None


def _trouble_in_words(source: Source, texts: Texts, now: int) -> str:
    """Return why a source is not fetched, fails or brings nothing, "" for none of these."""
    if source.state is not SourceState.ACTIVE:
        return texts(_AT_REST[source.state])
    if source.failures:
        return texts("source-failing", times=source.failures)
    is_silent = source.fetched_at is not None and condition_of(source.vitals, now) is SourceCondition.SILENT
    return texts("source-is-silent") if is_silent else ""


def hub_in_words(source: Source, hub: HubStatus | None, texts: Texts) -> str:
    """Return as HTML whether a hub tells of a source's changes (WebSub), and when it is asked again."""
    if not source.hub:
        return texts.html("source-hub-none")
    if hub is None:
        return texts.html("source-hub-unused")
    key = "source-hub-asked"
    if hub.confirmed_at is not None:
        key = "source-hub-subscribed"
    elif hub.denied_at is not None:
        key = "source-hub-denied"
    return texts.html(key, when=texts.short(hub.due_at))
