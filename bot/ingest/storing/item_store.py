"""Items of sources into storage, a batch in one transaction: new articles in bulk, changes one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.ingest.candidate import Candidate
from bot.ingest.identity.addresses import comparable, differ_in_reader
from bot.ingest.identity.decision import Reason
from bot.ingest.incoming import Incoming, Story
from bot.ingest.routing.routes import Routed, Routes, routes_of
from bot.ingest.routing.rules import Routing
from bot.ingest.storing.push_policy import is_pushed
from bot.ingest.storing.recognition import (
    Arrival,
    Recognised,
    addresses_of,
    copies_among,
    gives_number,
    own_number,
    recognise,
    speaks_for,
)
from bot.ingest.storing.source_signs import RepeatedPictures, count_new, signs_among
from bot.ingest.storing.story_matching import SameStory, Stories, StoryMatch
from bot.ingest.storing.upsert import Contributor, change, revise, terms_of
from bot.ingest.storing.visit_outcomes import visited
from bot.newsroom import review_steps
from bot.newsroom.callbacks import AskBreaking, OpenPreview
from bot.newsroom.permissions import Right
from bot.newsroom.recipients import chats_with_permission
from persian.normalise import match_key
from storage import (
    article_identity,
    article_origin,
    articles,
    audit,
    fanouts,
    id_allocation,
    new_articles,
    notices,
    page_visits,
    source_items,
    stories,
)
from storage.audit_details import AuditAction, OriginDetails, RuleDetails, StoryDetails
from storage.engine.connection import Connection
from storage.new_articles import NewArticle
from storage.records import Article, ArticleState, ChangePolicy, FanOutKind, PageVisit, Source, SourceItem
from storage.stories import Signed

_TITLE = 150
_UNREAD = (ArticleState.FOLDED, ArticleState.DROPPED)


@dataclass(frozen=True, slots=True)
class Stored:
    """The outcome of storing a batch: how many items were new and changed, and whether readers get any of it."""

    new: int = 0
    changed: int = 0
    wakes: bool = False


@dataclass(frozen=True, slots=True)
class _New:
    """A new item, what it becomes, whether it is pushed, and what its source's rules made of it."""

    arrival: Arrival
    reason: str
    article: NewArticle
    pushed: bool
    routing: Routing


class ItemStore:
    """Stores what sources bring. `most_age` is MAX_PUSH_AGE in ms, `same_story` SAME_STORY."""

    def __init__(self, *, most_age: int, same_story: SameStory) -> None:
        self._most_age = most_age
        self._stories = Stories(same_story)

    async def store(self, tx: Connection, source: Source, arrivals: Sequence[Arrival], *, now: int) -> Stored:
        """Store a batch of a source's items, the oldest first."""
        routes = await routes_of(tx, source.id)
        recognised = await recognise(tx, source, arrivals)
        # Before new ones: whoever publishes has an article locked, too, when they wait for the turn to number it.
        changed = await self._follow_known(tx, source, recognised, routes, now=now)
        new = [recognised_item for recognised_item in recognised if recognised_item.is_new]
        if new and await id_allocation.wait_for_turn(tx):
            # Another process may have stored the same from another source.
            recognised = await recognise(tx, source, [recognised_item.arrival for recognised_item in new])
            changed += await self._follow_known(tx, source, recognised, routes, now=now)
            new = [recognised_item for recognised_item in recognised if recognised_item.is_new]
        copies = await copies_among(source, new)
        new = _without_copies(new, copies)
        wakes = await self._insert(tx, source, new, routes, now=now)
        if copies:
            recognised = await recognise(tx, source, [recognised_item.arrival for recognised_item in copies])
            changed += await self._follow_known(tx, source, recognised, routes, now=now)
        return Stored(len(new), changed, wakes or changed > 0)

    async def pass_over(self, tx: Connection, source: Source, items: Sequence[Incoming], *, now: int) -> None:
        """Store items as known, without an article."""
        known = [_source_item(source.id, Arrival(incoming, 0), Reason.NEW, None) for incoming in items]
        await source_items.put(tx, known, now=now)

    async def _insert(
        self, tx: Connection, source: Source, new: Sequence[Recognised], routes: Routes, *, now: int
    ) -> bool:
        if not new:
            return False
        tellings = await self._stories.of(
            tx, [_story(recognised.arrival) for recognised in new], source_id=source.id
        )
        signs = await count_new(
            tx, source.id, [recognised.arrival.incoming.candidate for recognised in new], now=now
        )
        made = [
            await self._made(source, _unsigned(recognised, signs), telling, routes, now=now)
            for recognised, telling in zip(new, tellings, strict=True)
        ]
        ids = await new_articles.insert(tx, [arrived.article for arrived in made], now=now)
        by_id = dict(zip(ids, made, strict=True))
        await _record(tx, source, by_id, now)
        await _enqueue_for_newsroom(tx, by_id, now)
        pushed = [id_ for id_, arrived in by_id.items() if arrived.pushed]
        for id_ in pushed:
            await fanouts.begin(tx, id_, FanOutKind.HEADLINE, now=now)
        return bool(pushed)

    async def _made(
        self, source: Source, recognised: Recognised, telling: StoryMatch | None, routes: Routes, *, now: int
    ) -> _New:
        incoming = recognised.arrival.incoming
        routed = await routes.of(incoming.candidate, incoming.texts, source.category_id)
        candidate, routing = routed.candidate, routed.routing
        state, pushed = self._becomes(source, recognised, telling, routed, now=now)
        # A number is given by the site that it belongs to: nobody else takes it first.
        number = candidate.provenance.number if gives_number(source, recognised.arrival) else ""
        article = NewArticle(
            content=candidate.content,
            texts=routed.texts,
            category_id=routing.category_id,
            state=state,
            published_at=min(candidate.provenance.published_at or now, now),
            language=candidate.provenance.language,
            url=candidate.provenance.url,
            origin=candidate.provenance.origin,
            source_number=number,
            source_id=source.id,
            wanted_id=id_allocation.news_number(number),
            story_id=telling.article_id if telling else None,
        )
        return _New(recognised.arrival, recognised.reason, article, pushed, routing)

    def _becomes(
        self, source: Source, recognised: Recognised, telling: StoryMatch | None, routed: Routed, *, now: int
    ) -> tuple[ArticleState, bool]:
        """Return the state of a new item, and whether its headline is pushed."""
        routing = routed.routing
        if routing.dropped_by is not None:
            return ArticleState.DROPPED, False
        if source.review or recognised.waits or routing.waits:
            return ArticleState.REVIEW, False
        pushed = not routing.is_quiet and is_pushed(
            first_fetch=source.fetched_at is None,
            published_at=recognised.arrival.dated,
            now=now,
            most_age=self._most_age,
        )
        if telling is None:
            return ArticleState.PUBLISHED, pushed
        is_own = speaks_for(source.url, routed.candidate.provenance.url)
        # What a first fetch brings goes to nobody, and nobody is asked about it.
        asks = source.fetched_at is not None
        return self._stories.becomes(telling, pushed=pushed, is_own=is_own, asks=asks)

    async def _follow_known(
        self, tx: Connection, source: Source, recognised: Sequence[Recognised], routes: Routes, *, now: int
    ) -> int:
        """Store what those of the items that are known say now; return how many changes readers see."""
        changed = 0
        for recognised_item in recognised:
            if not recognised_item.is_new and await self._follow(tx, source, recognised_item, routes, now=now):
                changed += 1
        return changed

    async def _follow(
        self, tx: Connection, source: Source, recognised: Recognised, routes: Routes, *, now: int
    ) -> bool:
        """Store what a known item says now; True where readers see a change."""
        incoming, item, article = recognised.arrival.incoming, recognised.item, recognised.article
        if item is None:
            return await self._join(tx, source, recognised, routes, now=now)
        unchanged = item.digest == incoming.digest
        if unchanged and (item.guid, item.address) == (incoming.shown.guid, incoming.shown.address):
            return False
        remembered = _source_item(source.id, recognised.arrival, recognised.reason, item.article_id)
        await source_items.put(tx, [replace(remembered, key=item.key)], now=now)
        if not item.title:
            return False  # an older version remembered it in another way: nothing tells of a change
        if article is None or article.source_id != source.id or article.author_id is not None:
            return False  # an article is changed by the source that brought it alone
        if unchanged:
            await _where_it_stands(tx, article, incoming, now=now)
            return False
        return await self._change(
            tx, source, article, recognised.arrival, routes=routes, now=now, told_before=item.title
        )

    async def _join(
        self, tx: Connection, source: Source, recognised: Recognised, routes: Routes, *, now: int
    ) -> bool:
        """Store that a source brings an article that others brought; True where readers see a change."""
        article, arrival = recognised.article, recognised.arrival
        assert article is not None, "what is neither brought before nor elsewhere is new"
        told_before = await _headline_before(tx, source, article, arrival)
        await source_items.put(tx, [_source_item(source.id, arrival, recognised.reason, article.id)], now=now)
        if recognised.is_taken_over:
            return await self._transfer_to_own_site(tx, source, article, arrival, routes=routes, now=now)
        if told_before:
            return await self._change(tx, source, article, arrival, routes=routes, now=now, told_before=told_before)
        return False

    async def _transfer_to_own_site(
        self, tx: Connection, source: Source, article: Article, arrival: Arrival, *, routes: Routes, now: int
    ) -> bool:
        """Transfer an article that another site's source brought to the source of its own site."""
        locked = await articles.lock(tx, article.id)
        if locked is None:
            return False
        article = locked
        await article_origin.set_source(tx, article.id, source.id)
        await _remember(tx, source, {article.id: arrival})
        if await self._put_own_words(tx, source, article, arrival, routes=routes, now=now):
            return True
        # The audit tells whose an article is.
        details = OriginDetails(source.url, article.url)
        await audit.record(tx, audit.SOURCE, AuditAction.IMPORT, now=now, article_id=article.id, details=details)
        return False

    async def _put_own_words(
        self, tx: Connection, source: Source, article: Article, arrival: Arrival, *, routes: Routes, now: int
    ) -> bool:
        """Record what a site's own source says in place of a stranger's version; True where that is a change."""
        visit = await page_visits.get(tx, article.id)
        if visit is not None and visit.visits and arrival.page is None:
            # The site's page made the text.
            return await self._change(tx, source, article, arrival, routes=routes, now=now)
        if await articles.last_editor(tx, article.id) is not None:
            return False
        article, visit = await _where_it_stands(tx, article, arrival.incoming, now=now)
        if visit is not None and arrival.page is not None:
            await page_visits.put(tx, [visited(visit, arrival.page, now=now)])
        routed = await _routed(tx, source, article, arrival.incoming, routes=routes)
        by = Contributor(audit.SOURCE, source.url)
        outcome = await revise(
            tx,
            article,
            routed.candidate,
            now=now,
            by=by,
            category_id=routed.routing.category_id,
            texts=routed.texts,
        )
        return outcome.is_revision

    async def _change(
        self,
        tx: Connection,
        source: Source,
        article: Article,
        arrival: Arrival,
        *,
        routes: Routes,
        now: int,
        told_before: str = "",
    ) -> bool:
        """Store what an article's source says now; True where readers see a change.

        `told_before` is the match key of the headline that its feed had before, "" where that is not known.
        What the source may change depends on the article's state. Staff may have changed that since the article was
        recognised, so it is read again and locked.
        """
        locked = await articles.lock(tx, article.id)
        if locked is None:
            return False
        routed = await _routed(tx, source, locked, arrival.incoming, routes=routes)
        candidate = routed.candidate
        article, visit = await _where_it_stands(tx, locked, arrival.incoming, now=now)
        if visit is not None and visit.visits and arrival.page is None:
            # The page made the text: it is read again, and the feed's few words do not replace it.
            if visit.failures:
                candidate = _with_headline(candidate, article)
            else:
                await page_visits.put(tx, [replace(visit, due_at=now)])
                if not _corrects_headline(source, article, arrival, told_before):
                    return False
                content = replace(article.content, title=candidate.content.title)
                candidate = replace(candidate, content=content)
        category_id = routed.routing.category_id
        texts = routed.texts if candidate is routed.candidate else None
        outcome = await change(
            tx, article, candidate, terms_of(source), now=now, category_id=category_id, texts=texts
        )
        return outcome.is_revision


async def _record(tx: Connection, source: Source, new: Mapping[int, _New], now: int) -> None:
    """Store the items of new articles, their signals, stories, page visits and audit entries."""
    items = [_source_item(source.id, arrived.arrival, arrived.reason, id_) for id_, arrived in new.items()]
    await source_items.put(tx, items, now=now)
    await _remember(tx, source, {id_: arrived.arrival for id_, arrived in new.items()})
    # What a rule dropped is nobody's story: the next item that reports it stands for itself.
    tellable = {id_: arrived for id_, arrived in new.items() if arrived.routing.dropped_by is None}
    await stories.add(tx, [_signed(id_, arrived.arrival) for id_, arrived in tellable.items()], now=now)
    await page_visits.put(tx, [visit for id_, arrived in new.items() if (visit := _visit(id_, arrived, now))])
    await audit.record_many(
        tx, [act for id_, arrived in new.items() for act in _acts(id_, arrived, source)], now=now
    )


async def _enqueue_for_newsroom(tx: Connection, new: Mapping[int, _New], now: int) -> None:
    """Send to the gate what waits for an editor, and suggest as breaking news what a rule found."""
    gate = [id_ for id_, arrived in new.items() if arrived.article.state is ArticleState.REVIEW]
    if gate:
        await review_steps.bring_to_gate(tx, gate, now=now)
    for id_, arrived in new.items():
        if arrived.routing.breaking_by is not None and arrived.pushed:
            await _suggest_breaking(tx, id_, arrived.article.content.title, now=now)


def _without_copies(recognised: Sequence[Recognised], copies: Sequence[Recognised]) -> list[Recognised]:
    """Return arrivals without the copies that are among them; equal ones may be two articles."""
    return [arrived for arrived in recognised if all(arrived is not copy for copy in copies)]


def _unsigned(recognised: Recognised, signs: RepeatedPictures) -> Recognised:
    """Return a new item whose photo is none of its source's signs."""
    incoming = recognised.arrival.incoming
    candidate = signs.without(incoming.candidate)
    if candidate is incoming.candidate:
        return recognised
    arrival = replace(recognised.arrival, incoming=replace(incoming, candidate=candidate))
    return replace(recognised, arrival=arrival)


async def _routed(
    tx: Connection, source: Source, article: Article, incoming: Incoming, *, routes: Routes
) -> Routed:
    """Route what a source says of an article that is known, the source's signs left out."""
    signs = await signs_among(tx, source.id, [incoming.candidate])
    candidate = signs.without(incoming.candidate, article.content.photo)
    return await routes.of(candidate, incoming.texts, article.category.id)


async def _suggest_breaking(tx: Connection, article_id: int, title: str, *, now: int) -> None:
    """Suggest to everybody who may publish that an article goes out as breaking news."""
    args: dict[str, str | int] = {"id": article_id, "title": title[:_TITLE]}
    buttons = [("button-breaking", AskBreaking(article_id).pack()), ("button-view", OpenPreview(article_id).pack())]
    for user_id in await chats_with_permission(tx, Right.PUBLISH) or [notices.DESK_CHAT]:
        await notices.enqueue(tx, user_id, "breaking-suggested", args, now=now, buttons=buttons if user_id else ())


async def _headline_before(tx: Connection, source: Source, article: Article, arrival: Arrival) -> str:
    """Return the match key of the headline that a source has replaced, together with all by which it was known.

    "" where the headline is the same, and for an article that the source may not change.
    """
    if article.source_id != source.id or article.author_id is not None:
        return ""
    told = [sighting.item for sighting in await source_items.sightings(tx, article.id)]
    titles = [item.title for item in told if item.source_id == source.id]
    return titles[-1] if titles and arrival.incoming.signals.title not in titles else ""


def _corrects_headline(source: Source, article: Article, arrival: Arrival, told_before: str) -> bool:
    """Return whether a feed has another headline now, in place of the one that readers have.

    It need not wait for the page, which a cache may keep as it was. Where an editor is asked, the page is asked
    about as a whole.
    """
    if source.changes is not ChangePolicy.FOLLOW or source.review:
        return False
    return match_key(article.content.title) == told_before != arrival.incoming.signals.title


def _with_headline(candidate: Candidate, article: Article) -> Candidate:
    """Return an article with the headline and lead that its feed says now, where its page cannot be read."""
    content = replace(
        article.content, title=candidate.content.title, lead=candidate.content.lead or article.content.lead
    )
    return replace(candidate, content=content)


async def _where_it_stands(
    tx: Connection, article: Article, incoming: Incoming, *, now: int
) -> tuple[Article, PageVisit | None]:
    """Return an article at the address that its source gives now, and the visits to its page, if it has one."""
    provenance, address = incoming.candidate.provenance, incoming.signals.address
    if not address:
        return article, None
    visit = await page_visits.get(tx, article.id)
    visit = visit or PageVisit(article.id, article.origin, now, article.published_at, visits=1)
    if address != comparable(article.url) and not differ_in_reader(comparable(article.url), address):
        await article_origin.set_address(tx, article.id, provenance.url, origin=provenance.origin)
        await article_identity.add_addresses(tx, [(address, article.id)])
        article = replace(article, url=provenance.url, origin=provenance.origin)
        visit = replace(visit, host=provenance.origin, etag="", last_modified="", body_digest="", failures=0)
    return article, visit


def _source_item(source_id: int, arrival: Arrival, reason: str, article_id: int | None) -> SourceItem:
    signals = arrival.incoming.shown
    return SourceItem(
        source_id=source_id,
        key=arrival.incoming.key,
        article_id=article_id,
        guid=signals.guid,
        address=signals.address,
        title=signals.title,
        published_at=signals.published_at,
        reason=reason,
        digest=arrival.incoming.digest,
    )


async def _remember(tx: Connection, source: Source, brought: Mapping[int, Arrival]) -> None:
    """Store the addresses and numbers by which articles are recognised."""
    pairs = [(address, id_) for id_, arrival in brought.items() for address in addresses_of(arrival, source)]
    await article_identity.add_addresses(tx, pairs)
    numbers = [
        (number, id_) for id_, arrival in brought.items() if (number := own_number(source, arrival)) is not None
    ]
    await article_identity.add_numbers(tx, numbers)


def _story(arrival: Arrival) -> Story:
    return arrival.page.reading.story if arrival.page is not None else arrival.incoming.story


def _signed(article_id: int, arrival: Arrival) -> Signed:
    story = _story(arrival)
    return Signed(article_id, story.packed, story.bands)


def _visit(article_id: int, new: _New, now: int) -> PageVisit | None:
    """Return the visit that a new article's page is owed, or that was paid to it already.

    An address that several items share is no article's: its page says nothing of any of them.
    """
    if not new.arrival.incoming.signals.address or new.article.state in _UNREAD:
        return None
    visit = PageVisit(article_id, new.article.origin, now, new.article.published_at)
    page = new.arrival.page
    return visit if page is None else visited(visit, page, now=now)


def _acts(article_id: int, new: _New, source: Source) -> list[audit.NewEntry]:
    origin = OriginDetails(source.url, new.article.url or new.article.source_number)
    acts = [audit.NewEntry(audit.SOURCE, AuditAction.IMPORT, article_id, 1, origin)]
    if new.article.state is ArticleState.PUBLISHED:
        acts.append(audit.NewEntry(audit.SOURCE, AuditAction.PUBLISH, article_id))
    if new.routing.dropped_by is not None:
        dropped = RuleDetails(new.routing.dropped_by.query)
        acts.append(audit.NewEntry(audit.SOURCE, AuditAction.DROP, article_id, details=dropped))
    if new.article.story_id is not None and new.article.state is ArticleState.FOLDED:
        acts.append(
            audit.NewEntry(audit.SOURCE, AuditAction.FOLD, article_id, details=StoryDetails(new.article.story_id))
        )
    return acts
