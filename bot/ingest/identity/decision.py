"""The decision which known article an item of a source is a reading of (pure).

An item shows its guid, its address, the site's number, its title and its date. No signal is believed by itself:
feeds write "N/A" into every guid, one link into every item, the time of the fetch into every date. Where signals
disagree, two articles are better than a merged one; where they agree, an article is never stored twice.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.ingest.identity.addresses import comparable, has_moved, is_slug_corrected, is_telling
from bot.ingest.identity.source_ids import may_be_month, series_in_slugs, series_of, site_number, slug_number
from persian.normalise import match_key
from storage.records import SiteNumber

_MINUTE_MS = 60_000
_HALF_DAY_MS = 12 * 3_600_000
_REVISED_WITHIN_MS = 48 * 3_600_000
"""The greatest distance (ms) between the dates of two readings of one address whose titles differ."""
_LONG_GUID = 20
_LONGEST_GUID = 500
_NO_GUID = re.compile(
    "na|none|null|nil|undefined|unknown|nan|true|false|guid|id|uuid|item|link|permalink|url|default|empty|ندارد|0*|x*"
)
_NO_LETTER = re.compile(r"[\W_]+")
_LONG_NUMBER = re.compile(r"[0-9]{5,}")
_WRITTEN_DATE = re.compile(r"(?:1[34]|19|20)\d\d[-/.]?\d\d[-/.]?\d\d")


class Reason(StrEnum):
    """The signal that decided, for editors to see.

    GUID, NUMBER, ADDRESS and TITLE name it; MOVED is one title and date under a changed address. CONTRADICTED is
    a new article that shares a signal with a known one while others disagree; NEW shares none.
    """

    GUID = "guid"
    NUMBER = "number"
    ADDRESS = "address"
    MOVED = "moved"
    TITLE = "title"
    CONTRADICTED = "contradicted"
    NEW = "new"


_DIFFERENT = frozenset({Reason.CONTRADICTED, Reason.NEW})


@dataclass(frozen=True, slots=True)
class Signals:
    """The signals of identity that an item shows; make them with `signals_of`.

    `guid` is "" where there is none, an address among guids is in its comparable form. `address` is comparable or
    "", `title` a match key. `published_at` is the item's own date in milliseconds, None where it has none.
    """

    guid: str
    address: str
    title: str
    published_at: int | None
    number: SiteNumber | None


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """A stored article as one item or address showed it. `same_source` tells of the item's own source."""

    article_id: int
    signals: Signals
    same_source: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """The article that an item is another reading of, None for a new one, and why.

    `namesakes` are known articles that have no more in common with a new one than the title.
    """

    article_id: int | None
    reason: Reason
    namesakes: frozenset[int] = frozenset()


def signals_of(guid: str, address: str, title: str, published_at: int | None) -> Signals:
    """Return the signals of an item as its feed or page writes them."""
    return Signals(
        guid=_plain_guid(guid),
        address=comparable(address),
        title=match_key(title),
        published_at=published_at,
        number=site_number(guid, address),
    )


def identifying(items: Sequence[Signals], *, feed_url: str, site_url: str) -> list[Signals]:
    """Return the items of one fetch, without the signals that name none of them, and with the numbers of slugs.

    Such signals are a guid or address that is the feed's or its site's own, and a guid, an address or a number that
    items share which are different articles by their other signals.
    """
    items = with_slug_numbers(items)
    own = {comparable(feed_url), comparable(site_url)} - {""}
    shared_guids = _shared(items, lambda item: item.guid) | own
    shared_addresses = _shared(items, lambda item: item.address) | own
    shared_numbers = _shared(items, lambda item: item.number)
    return [
        replace(
            item,
            guid="" if item.guid in shared_guids else item.guid,
            address="" if item.address in shared_addresses else item.address,
            number=None if item.number in shared_numbers else item.number,
        )
        for item in items
    ]


def with_slug_numbers(items: Sequence[Signals]) -> list[Signals]:
    """Return the items of one fetch with the numbers before their slugs, where their sites number articles so."""
    series = series_in_slugs(address for item in items for address in (item.guid, item.address))
    numbers = [item.number or slug_number(item.guid, item.address) for item in items]
    return [
        replace(item, number=number) if number is not None and series_of(number) in series else item
        for item, number in zip(items, numbers, strict=True)
    ]


def number_shown(*addresses: str) -> SiteNumber | None:
    """Return the number that addresses bear, one before a slug too: another reading shows whether it is one."""
    return site_number(*addresses) or slug_number(*addresses)


def decide(item: Signals, known: Sequence[KnownArticle]) -> Verdict:
    """Return which of the known articles the item is; of several that one signal fits, the one of its title.

    Where the item's own source knows an article, its readings alone decide about that article.
    """
    readings: dict[int, list[KnownArticle]] = defaultdict(list)
    for reading in known:
        readings[reading.article_id].append(reading)
    fitting: dict[Reason, dict[int, list[KnownArticle]]] = defaultdict(dict)
    for article_id, of_article in readings.items():
        fitting[_reason_of(item, of_article)][article_id] = of_article
    for reason in (candidate for candidate in Reason if candidate in fitting and candidate not in _DIFFERENT):
        chosen = _only(item, fitting[reason])
        if chosen is not None:
            return Verdict(chosen, reason)
    contradicted = any(reason is not Reason.NEW for reason in fitting)
    namesakes = frozenset(fitting.get(Reason.NEW, ()))
    return Verdict(None, Reason.CONTRADICTED if contradicted else Reason.NEW, namesakes)


def _reason_of(item: Signals, readings: Sequence[KnownArticle]) -> Reason:
    """Return the strongest reason why the item is one article, among the readings of that one."""
    own = _strongest(_compare(item, reading) for reading in readings if reading.same_source)
    if own is not Reason.NEW:
        return own
    return _strongest(_compare(item, reading) for reading in readings if not reading.same_source)


def remembered_key(item: Signals) -> str:
    """Return a digest under which a source's item is stored; different articles of one fetch have different keys.

    `item` is one of those that `identifying` returned.
    """
    parts: tuple[object, ...]
    if _is_strong(item.guid) and item.guid != item.address:
        parts = ("guid", item.guid)
    elif is_telling(item.address) and item.guid in ("", item.address):
        parts = ("address", item.address)
    else:
        parts = ("all", item.guid, item.address, item.title, item.published_at)
    return hashlib.sha256(repr(parts).encode(errors="replace")).hexdigest()[:32]


def _compare(item: Signals, known: KnownArticle) -> Reason:
    """Return why both are one article; CONTRADICTED or NEW where they are two."""
    other = known.signals
    same_address = item.address != "" and item.address == other.address
    if _shares_guid(item, known) and not (same_address and item.guid == item.address):
        return _by_guid(item, other)
    if _numbers_agree(item, other):
        return Reason.CONTRADICTED if _guids_contradict(item, known) else Reason.NUMBER
    if same_address:
        return _by_address(item, known)
    if _shares_title(item, known) and not _numbers_differ(item, other):
        return _by_title(item, other)
    return Reason.NEW


def _shares_guid(item: Signals, known: KnownArticle) -> bool:
    return known.same_source and item.guid != "" and item.guid == known.signals.guid


def _shares_title(item: Signals, known: KnownArticle) -> bool:
    return known.same_source and item.title != "" and item.title == known.signals.title


def _by_guid(item: Signals, other: Signals) -> Reason:
    """Compare two items of one guid. A weak one, such as a place in the feed, needs another signal."""
    if _numbers_differ(item, other) and item.title != other.title:
        return Reason.CONTRADICTED
    return Reason.GUID if _is_strong(item.guid) or _agree_besides(item, other) else Reason.CONTRADICTED


def _agree_besides(item: Signals, other: Signals) -> bool:
    """Return whether two items of one weak guid have a title, an address or a minute in common, too."""
    apart = _apart(item, other)
    if item.title == other.title and apart <= _HALF_DAY_MS:
        return True
    if item.address != "" and item.address == other.address:
        if is_telling(item.address):
            return True
    elif item.address != "" and other.address != "":
        return False
    return item.published_at is not None and other.published_at is not None and apart <= _MINUTE_MS


def _by_address(item: Signals, known: KnownArticle) -> Reason:
    """Compare two items of one address. One that may list many articles needs the title as well."""
    if _guids_contradict(item, known):
        return Reason.CONTRADICTED
    titled, apart = item.title == known.signals.title, _apart(item, known.signals)
    if is_telling(item.address):
        return Reason.ADDRESS if titled or apart <= _REVISED_WITHIN_MS else Reason.CONTRADICTED
    return Reason.ADDRESS if titled and apart <= _HALF_DAY_MS else Reason.CONTRADICTED


def _by_title(item: Signals, other: Signals) -> Reason:
    """Compare two items of one source that share a title, but neither guid, number nor address."""
    apart = _apart(item, other)
    if item.address and other.address:
        dated = item.published_at is not None and other.published_at is not None
        moved = apart <= _HALF_DAY_MS and (
            _are_addresses_of_one(item, other, has_moved) or _bear_number_elsewhere(item, other)
        )
        corrected = dated and apart <= _MINUTE_MS and _are_addresses_of_one(item, other, is_slug_corrected)
        return Reason.MOVED if moved or corrected else Reason.NEW
    return Reason.TITLE if apart <= _MINUTE_MS else Reason.NEW


def _are_addresses_of_one(item: Signals, other: Signals, may_be: Callable[[str, str], bool]) -> bool:
    """Return whether the addresses of two items may be one page's, and their guids no others."""
    guids_fit = not (item.guid and other.guid) or item.guid == other.guid or may_be(other.guid, item.guid)
    return guids_fit and may_be(other.address, item.address)


def _bear_number_elsewhere(item: Signals, other: Signals) -> bool:
    """Return whether both bear one number of one kind at two hosts, as after the move of a site."""
    if item.number is None or other.number is None:
        return False
    return replace(item.number, host=other.number.host) == other.number


def _guids_contradict(item: Signals, known: KnownArticle) -> bool:
    """Return whether one source gives two guids, and the title or the date tells the items apart as well."""
    other = known.signals
    if not (known.same_source and item.guid and other.guid) or item.guid == other.guid:
        return False
    if item.number and number_shown(item.guid) == item.number == number_shown(other.guid):
        return False  # each guid is an address, and its slug has changed
    near = _HALF_DAY_MS if is_telling(item.address) or _numbers_agree(item, other) else _MINUTE_MS
    return item.title != other.title or _apart(item, other) > near


def _only(item: Signals, readings: dict[int, list[KnownArticle]]) -> int | None:
    """Return the one article of several that fit equally well; None where the title does not tell."""
    if len(readings) == 1:
        return next(iter(readings))
    titled = (
        (_apart(item, reading.signals), article_id)
        for article_id, of_article in readings.items()
        for reading in of_article
        if reading.signals.title == item.title
    )
    return min(titled, default=(0, None))[1]


def _strongest(reasons: Iterable[Reason]) -> Reason:
    present = set(reasons)
    return next((reason for reason in Reason if reason in present), Reason.NEW)


def _shared(items: Sequence[Signals], signal: Callable[[Signals], Hashable]) -> set[Hashable]:
    """Return the values of a signal that items of one fetch share although they are different articles."""
    groups: dict[Hashable, list[Signals]] = defaultdict(list)
    for item in items:
        groups[signal(item)].append(item)
    return {
        value
        for value, group in groups.items()
        if value and any(_are_two(group[0], signals) for signals in group[1:])
    }


def _are_two(signals: Signals, other: Signals) -> bool:
    """Return whether two items of one fetch that share a signal are two articles by the others."""
    if signals.title != other.title:
        return True
    dates = _apart(signals, other) > _MINUTE_MS
    guids = bool(signals.guid and other.guid) and signals.guid != other.guid
    addresses = bool(signals.address and other.address) and signals.address != other.address
    # Atom lists the versions of an entry under one guid.
    return dates and (guids or addresses or not signals.guid)


def _apart(signals: Signals, other: Signals) -> int:
    """Return how far apart both dates are in milliseconds, 0 where one is missing."""
    if signals.published_at is None or other.published_at is None:
        return 0
    return abs(signals.published_at - other.published_at)


def _numbers_agree(signals: Signals, other: Signals) -> bool:
    """Return whether both bear one number; one that may be a month counts only under one title."""
    if signals.number is None or signals.number != other.number:
        return False
    return not may_be_month(signals.number) or signals.title == other.title


def _numbers_differ(signals: Signals, other: Signals) -> bool:
    """Return whether one site gives both a number, and not the same."""
    if signals.number is None or other.number is None:
        return False
    return signals.number.host == other.number.host and signals.number != other.number


def _plain_guid(guid: str) -> str:
    """Return a guid without what changes at each fetch; "" for one that stands for nothing."""
    guid = " ".join(guid.split())
    if guid.lower().startswith(("http://", "https://")):
        return comparable(guid)
    bare = _NO_LETTER.sub("", guid.casefold())
    if _NO_GUID.fullmatch(bare):
        return ""
    return guid if len(guid) <= _LONGEST_GUID else hashlib.sha256(guid.encode(errors="replace")).hexdigest()


def _is_strong(guid: str) -> bool:
    """Return whether a guid alone names an item: an article's address, long number, UUID, tag URI or URN."""
    if guid.startswith("https://"):
        return is_telling(guid)
    if guid.lower().startswith(("tag:", "urn:")):
        return True
    if _WRITTEN_DATE.fullmatch(guid):
        return False
    return _LONG_NUMBER.search(guid) is not None or (len(guid) >= _LONG_GUID and any(map(str.isdigit, guid)))
