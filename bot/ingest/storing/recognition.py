"""Recognition of items: what storage knows of their signals, handed to bot.ingest.identity.decision to decide."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Any, TypeVar

from bot.ingest.identity.addresses import comparable, same_site
from bot.ingest.identity.decision import KnownArticle, Reason, Signals, decide, number_shown
from bot.ingest.incoming import Incoming
from bot.ingest.markup.sanitise import text_of
from bot.ingest.page_reader import PageRead
from persian.normalise import match_key
from storage import article_identity, article_origin, articles, source_items
from storage.engine.connection import Connection
from storage.records import Article, ArticleState, ChangePolicy, Content, SiteNumber, Source, SourceItem

K = TypeVar("K")

_READ = 3_000
"""The letters of a text that are compared with others."""
_TELLS = 1_000
"""The letters that two articles under one title share only where both are one."""
_LETTERS_OF_MARKUP = 4
_MOST_TOLD = 10
"""The most articles under one title with whose texts an item is compared."""

_LEAST_RENAMED = 2
"""The fewest items whose new guids tell that a source names none by them."""

_UNDECIDED = (ArticleState.DRAFT, ArticleState.REVIEW)
_MOST_LIKE = 50
"""Known items or articles that one sign is held against: one that more share tells hardly anything."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An item on its way into storage, with what its page says where that was read.

    `dated` is the date (ms, 0: none) that decides whether it is pushed.
    """

    incoming: Incoming
    dated: int
    page: PageRead | None = None


@dataclass(frozen=True, slots=True)
class Recognised:
    """An arrival and what it was taken for, with the reason.

    `item` is how its source brought it before (None: never), `article` the article that it is. Both are None for a
    new one; an item without an article is one that the newsroom threw away. `others` are articles that share a
    signal with it and are others all the same; of these, `namesakes` share the headline alone. `is_taken_over`
    tells of an article that a stranger to its site brought and that its own site brings now. A new one that `waits`
    has the headline and address of one that a stranger brought and the newsroom took back.
    """

    arrival: Arrival
    reason: Reason
    item: SourceItem | None = None
    article: Article | None = None
    others: frozenset[int] = frozenset()
    namesakes: frozenset[int] = frozenset()
    is_taken_over: bool = False
    waits: bool = False

    @property
    def is_new(self) -> bool:
        """True for an article that nobody brought before."""
        return self.item is None and self.article is None


async def recognise(connection: Connection, source: Source, arrivals: Sequence[Arrival]) -> list[Recognised]:
    """Return what each arrival of a source is."""
    own = await _brought_before(connection, source, arrivals)
    strangers = [recognised for recognised in own if recognised.item is None]
    elsewhere = iter(await _known_elsewhere(connection, source, strangers) if strangers else ())
    return [recognised if recognised.item is not None else next(elsewhere) for recognised in own]


def speaks_for(source_url: str, article_url: str) -> bool:
    """Return whether a source is of the site that an article stands at, and so may say what the article is.

    An address by way of another site, such as a search engine's, must lead to the source's site, too.
    """
    return _is_of_both(source_url, article_url, comparable(article_url))


def _speaks_for_item(source_url: str, arrival: Arrival) -> bool:
    """Return whether a source may say what an arrival is; its comparable address is among its signals already."""
    return _is_of_both(source_url, _url(arrival), arrival.incoming.shown.address)


def _is_of_both(source_url: str, article_url: str, form: str) -> bool:
    """Return whether a source is of the site of an address and of that of its comparable form, "" for none."""
    return same_site(source_url, article_url) and same_site(source_url, form or article_url)


def own_number(source: Source, arrival: Arrival) -> SiteNumber | None:
    """Return the number of an arrival where its source's own site has given it."""
    number = arrival.incoming.signals.number
    if number is None or not _speaks_for_item(source.url, arrival):
        return None
    return number if same_site(_url(arrival), f"https://{number.host}/") else None


def gives_number(source: Source, arrival: Arrival) -> bool:
    """Return whether the number of an arrival, of its signals or its page, is its source's own site's to give."""
    if arrival.incoming.signals.number is None:
        return _speaks_for_item(source.url, arrival)
    return own_number(source, arrival) is not None


def own_addresses_among(addresses: Iterable[str], *, item_url: str, source_url: str) -> tuple[str, ...]:
    """Return those of a page's addresses that an item may be known by: of its own site, or of its source's.

    A redirect to another site's page does not make that page's address the item's.
    """
    return tuple(
        address for address in addresses if speaks_for(item_url, address) or speaks_for(source_url, address)
    )


class _Known:
    """Known articles by the signals that they show: of a long feed each item is held against a few."""

    def __init__(self, known: Sequence[KnownArticle]) -> None:
        self.readings = known
        self._by_sign: defaultdict[Hashable, list[KnownArticle]] = defaultdict(list)
        for reading in known:
            for sign in _shown(reading.signals):
                if len(self._by_sign[sign]) < _MOST_LIKE:
                    self._by_sign[sign].append(reading)

    def like(self, signals: Signals) -> list[KnownArticle]:
        """Return those that share a signal, each once."""
        readings = {id(reading): reading for sign in _shown(signals) for reading in self._by_sign.get(sign, ())}
        return list(readings.values())


def _shown(signals: Signals) -> list[Hashable]:
    signs: list[Hashable] = [
        ("guid", signals.guid) if signals.guid else None,
        ("address", signals.address) if signals.address else None,
        ("title", signals.title) if signals.title else None,
        signals.number,
    ]
    return [sign for sign in signs if sign is not None]


async def _brought_before(connection: Connection, source: Source, arrivals: Sequence[Arrival]) -> list[Recognised]:
    """Return the arrivals with the items of the same source that they are."""
    items = await source_items.with_signs(connection, source.id, _signs(arrivals))
    if not items:
        return [Recognised(arrival, Reason.NEW) for arrival in arrivals]
    stored = await _articles_of(connection, items)
    # An item whose article was thrown away stands under a number that no article has.
    numbered = [(source_item.article_id or -place, source_item) for place, source_item in enumerate(items, 1)]
    known = _Known(
        [
            KnownArticle(id_, _signals_of(source_item, stored.get(id_)), same_source=True)
            for id_, source_item in numbered
        ]
    )
    readings: defaultdict[int, list[SourceItem]] = defaultdict(list)
    for id_, source_item in numbered:
        readings[id_].append(source_item)
    signals = _steady([arrival.incoming.signals for arrival in arrivals], known.readings)
    return [
        _recognised_among(arrival, known, readings, stored, signals=own)
        for arrival, own in zip(arrivals, signals, strict=True)
    ]


def _steady(signals: Sequence[Signals], known: Sequence[KnownArticle]) -> Sequence[Signals]:
    """Return signals without their guids where a source gives its items new ones at each fetch.

    Several items show that, of which all else has stayed, and none the contrary.
    """
    before = {_besides_guid(reading.signals): reading.signals.guid for reading in known if reading.signals.guid}
    pairs = [(own.guid, before[_besides_guid(own)]) for own in signals if own.guid and _besides_guid(own) in before]
    if len(pairs) < _LEAST_RENAMED or any(guid == earlier for guid, earlier in pairs):
        return signals
    return [replace(own, guid="") for own in signals]


def _besides_guid(signals: Signals) -> Hashable:
    return signals.address, signals.title, signals.published_at


async def _articles_of(connection: Connection, items: Sequence[SourceItem]) -> dict[int, Article]:
    """Return the articles of a source's items by their ids."""
    ids = [item.article_id for item in items if item.article_id is not None]
    return {article.id: article for article in await articles.get_many(connection, ids)}


def _recognised_among(
    arrival: Arrival,
    known: _Known,
    readings: Mapping[int, list[SourceItem]],
    stored: Mapping[int, Article],
    *,
    signals: Signals,
) -> Recognised:
    """Return an arrival with the item of its source that it is, one of the `readings` of an article; or as new."""
    like = known.like(signals)
    verdict = decide(signals, like)
    if verdict.article_id is None:
        others = frozenset(reading.article_id for reading in like)
        return Recognised(arrival, verdict.reason, others=others, namesakes=verdict.namesakes)
    item = _reading_of(arrival, readings[verdict.article_id])
    article = stored.get(item.article_id) if item.article_id is not None else None
    return Recognised(arrival, verdict.reason, item, article)


def _reading_of(arrival: Arrival, items: Sequence[SourceItem]) -> SourceItem:
    """Return which of the items of one article an arrival is: a source may list an article twice."""
    incoming = arrival.incoming
    return max(
        items,
        key=lambda item: (
            item.key == incoming.key,
            item.guid == incoming.shown.guid,
            item.address == incoming.shown.address,
        ),
    )


def _signs(arrivals: Sequence[Arrival]) -> source_items.Signs:
    signals = [arrival.incoming.signals for arrival in arrivals]
    # Older versions remembered the guid, else the address as it came.
    guids = {signal.guid for signal in signals} | {_url(arrival) for arrival in arrivals}
    keys = {arrival.incoming.key for arrival in arrivals}
    addresses, titles = {signal.address for signal in signals}, {signal.title for signal in signals}
    return source_items.Signs(keys, guids - {""}, addresses - {""}, titles - {""})


def _signals_of(item: SourceItem, article: Article | None) -> Signals:
    """Return the signals of an item as it was brought last.

    An older version kept the guid alone, or knew fewer addresses as forms of one.
    """
    if item.title or article is None:
        guid, address = comparable(item.guid) or item.guid, comparable(item.address) or item.address
        return Signals(guid, address, item.title, item.published_at, number_shown(guid, address))
    return replace(_signals_at(article, comparable(article.url)), guid=comparable(item.guid) or item.guid)


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """The articles that arrivals of `source` may be, whoever brought them.

    `at`, `read_from` and `numbered` have the ids of those at a comparable address, read from an address, and of a
    number. `bringers` are the addresses of the sources that brought them.
    """

    source: Source
    at: Mapping[str, Sequence[int]]
    read_from: Mapping[str, Sequence[int]]
    numbered: Mapping[SiteNumber, Sequence[int]]
    stored: Mapping[int, Article]
    bringers: Mapping[int, str]

    def all_recognised(self, strangers: Sequence[Recognised]) -> list[Recognised]:
        """Return what arrivals are, in their order."""
        return [self.recognised(stranger) for stranger in strangers]

    def recognised(self, stranger: Recognised) -> Recognised:
        """Return what an arrival is that its source did not bring before: one of the articles, or a new one."""
        arrival, source = stranger.arrival, self.source
        if (article := self._repeated(stranger)) is not None:
            return Recognised(arrival, Reason.ADDRESS, article=article)
        known = self._known(stranger)
        likely = [
            candidate
            for candidate in known
            if _may_be(self.stored[candidate.article_id], source, arrival, self.bringers)
        ]
        verdict = decide(arrival.incoming.signals, likely)
        if verdict.article_id is None:
            shared = [self.stored[candidate.article_id] for candidate in known]
            waits = any(_was_retracted(article, source, arrival, self.bringers) for article in shared)
            return replace(stranger, waits=waits)
        article = self.stored[verdict.article_id]
        is_strangers = _is_strangers(article, source, arrival, self.bringers)
        taken_over = is_strangers and speaks_for(source.url, article.url)
        return Recognised(arrival, verdict.reason, article=article, is_taken_over=taken_over)

    def _repeated(self, stranger: Recognised) -> Article | None:
        """Return the article that an arrival tells again word for word, at an address that surely is its own."""
        telling = _Telling(stranger.arrival.incoming.candidate.content)
        own, *named = addresses_of(stranger.arrival, self.source)
        is_numbered = stranger.arrival.incoming.signals.number is not None
        # Without the site's number an address may be that of a programme, with words that each episode has.
        places = [own, *named] if is_numbered and telling.text else named
        ids = {id_ for place in places for id_ in self.at.get(place, ())} & stranger.others
        candidates = ((self.stored[id_], _Telling(self.stored[id_].content)) for id_ in sorted(ids))
        titled = ((article, told) for article, told in candidates if told.title == telling.title)
        return next((article for article, told in islice(titled, _MOST_TOLD) if telling.repeats(told)), None)

    def _known(self, stranger: Recognised) -> list[KnownArticle]:
        """Return the articles that share an address or the number with an arrival, without those that are others.

        A namesake that its page has placed at the very address of the arrival is none of these.
        """
        arrival, others = stranger.arrival, stranger.others
        address, *named = addresses_of(arrival, self.source)
        here = self.at.get(address, ())
        ids = [id_ for place in named for id_ in self.at.get(place, ()) if _is_titled(self.stored[id_], arrival)]
        ids += self.read_from.get(_url(arrival), ())
        ids = [id_ for id_ in here if id_ in stranger.namesakes] + [
            id_ for id_ in (*here, *ids) if id_ not in others
        ]
        known = [KnownArticle(id_, _signals_at(self.stored[id_], address), same_source=False) for id_ in ids]
        number = arrival.incoming.signals.number
        numbered = self.numbered.get(number, ()) if number is not None else ()
        for id_ in (id_ for id_ in numbered if id_ not in others):
            signals = replace(_signals_at(self.stored[id_], comparable(self.stored[id_].url)), number=number)
            known.append(KnownArticle(id_, signals, same_source=False))
        return known


async def _known_elsewhere(
    connection: Connection, source: Source, strangers: Sequence[Recognised]
) -> list[Recognised]:
    """Return what arrivals are that their source did not bring before: articles of others, or new ones."""
    elsewhere = await _elsewhere(connection, source, [recognised.arrival for recognised in strangers])
    if elsewhere is None:
        return list(strangers)
    if not any(stranger.others for stranger in strangers):
        return elsewhere.all_recognised(strangers)
    # Texts are laid beside each other: of hostile ones that takes a while.
    return await asyncio.to_thread(elsewhere.all_recognised, strangers)


async def _elsewhere(connection: Connection, source: Source, arrivals: Sequence[Arrival]) -> _Elsewhere | None:
    """Return the stored articles that arrivals of a source may be, None where there are none."""
    places = {place for arrival in arrivals for place in addresses_of(arrival, source)}
    numbers = {number for arrival in arrivals if (number := arrival.incoming.signals.number) is not None}
    urls = {_url(arrival) for arrival in arrivals} - {""}
    at = _first(await article_identity.by_addresses(connection, places))
    numbered = _first(await article_identity.by_numbers(connection, numbers))
    read_from = _first(await article_identity.by_urls(connection, urls))
    ids = {*_all_ids(at), *_all_ids(numbered), *_all_ids(read_from)}
    if not ids:
        return None
    stored = {article.id: article for article in await articles.get_many(connection, sorted(ids))}
    bringers = await article_origin.bringers(connection, stored.values())
    return _Elsewhere(source, at, read_from, numbered, stored, bringers)


def _all_ids(by_sign: Mapping[Any, Sequence[int]]) -> Iterator[int]:
    """Yield the articles that any sign leads to."""
    yield from (id_ for ids in by_sign.values() for id_ in ids)


def _first(ids: Mapping[K, Sequence[int]]) -> dict[K, Sequence[int]]:
    """Return the first articles of each sign: one that more share tells hardly anything."""
    return {sign: article_ids[:_MOST_LIKE] for sign, article_ids in ids.items()}


async def copies_among(source: Source, new: Sequence[Recognised]) -> list[Recognised]:
    """Return those of new items that are copies of one before them: they share an address, title and text."""
    placed = [
        (recognised, places)
        for recognised in new
        if (places := set(addresses_of(recognised.arrival, source)) - {""})
    ]
    shared = Counter(place for _, places in placed for place in places)
    sharing = [(recognised, places) for recognised, places in placed if any(shared[place] > 1 for place in places)]
    # Of hostile texts the comparison takes a while.
    return await asyncio.to_thread(_copies, sharing) if sharing else []


def _copies(sharing: Sequence[tuple[Recognised, Set[str]]]) -> list[Recognised]:
    by_address: defaultdict[str, list[_Telling]] = defaultdict(list)
    copies = []
    for recognised, places in sharing:
        telling = _Telling(recognised.arrival.incoming.candidate.content)
        before = {id(first): first for place in places for first in by_address[place]}
        if any(telling.repeats(first) for first in before.values()):
            copies.append(recognised)
            continue
        for place in places:
            by_address[place].append(telling)
    return copies


class _Telling:
    """The title and the text of an article as they are compared; each is read once, and only where that is needed.

    Of a long text the beginning tells: nobody waits for the whole of it.
    """

    def __init__(self, content: Content) -> None:
        self._content = content

    @cached_property
    def title(self) -> str:
        """The key of the title."""
        return match_key(self._content.title)

    @cached_property
    def text(self) -> str:
        """The key of the lead and the body, as far as they are read."""
        parts, letters = [self._content.lead], len(self._content.lead)
        for part in (part for block in self._content.body for part in (block.html, *block.items)):
            if letters >= _READ:
                break
            parts.append(text_of(part[: _READ * _LETTERS_OF_MARKUP]))
            letters += len(parts[-1])
        return match_key(" ".join(parts)[:_READ])

    def repeats(self, other: "_Telling") -> bool:
        """Return whether both have one title, and one tells the text of the other, or part of it."""
        if self.title != other.title:
            return False
        shorter, longer = sorted((self.text, other.text), key=len)
        return shorter[:_TELLS] in longer if shorter else not longer


def _may_be(article: Article, source: Source, arrival: Arrival, bringers: Mapping[int, str]) -> bool:
    """Return whether an article may be the arrival: strangers to a site do not keep its own news from coming in.

    A source can name the address of another site's article, and its page can call that address its own. The site's
    own item is the same article where readers have that one at an address of the site, under the same headline, and
    the source may put its own text there. Two strangers to a site have to agree about the headline. What waits for
    a yes keeps no other source's item waiting, and neither does what a person has brought in and not published.
    `bringers` are the addresses of sources, by article.
    """
    if article.author_id is not None and article.state in _UNDECIDED:
        return False
    if not _is_strangers(article, source, arrival, bringers):
        return article.source_id is not None or article.state is not ArticleState.DRAFT
    if not _is_titled(article, arrival):
        return False
    if not _speaks_for_item(source.url, arrival):
        return article.state is not ArticleState.REVIEW
    is_followed = source.changes is ChangePolicy.FOLLOW and not source.review
    return article.state is ArticleState.PUBLISHED and is_followed and speaks_for(source.url, article.url)


def _was_retracted(article: Article, source: Source, arrival: Arrival, bringers: Mapping[int, str]) -> bool:
    """Return whether the newsroom took back what a stranger had brought of an arrival."""
    is_back = article.state is ArticleState.RETRACTED and _is_titled(article, arrival)
    return is_back and _is_strangers(article, source, arrival, bringers)


def _is_strangers(article: Article, source: Source, arrival: Arrival, bringers: Mapping[int, str]) -> bool:
    """Return whether another source brought an article that is not of the site at which the arrival stands."""
    bringer = bringers.get(article.id)
    # A source that was removed and is added again comes back to its own.
    is_another = article.source_id != source.id and bringer != source.url
    return bringer is not None and is_another and not _speaks_for_item(bringer, arrival)


def _is_titled(article: Article, arrival: Arrival) -> bool:
    """Return whether an article has the headline of an arrival, as its feed or its page has it."""
    titles = {arrival.incoming.signals.title}
    if arrival.page is not None:
        titles.add(match_key(arrival.page.reading.candidate.content.title))
    return match_key(article.content.title) in titles


def addresses_of(arrival: Arrival, source: Source) -> Sequence[str]:
    """Return the comparable addresses of an arrival, the item's own first."""
    named = arrival.page.reading.addresses if arrival.page is not None else ()
    more = own_addresses_among(named, item_url=_url(arrival), source_url=source.url)
    return tuple(dict.fromkeys((arrival.incoming.signals.address, *more)))


def _url(arrival: Arrival) -> str:
    return arrival.incoming.candidate.provenance.url


def _signals_at(article: Article, address: str) -> Signals:
    """Return the signals of a stored article as they stand at an address."""
    return Signals("", address, match_key(article.content.title), article.published_at or None, None)
