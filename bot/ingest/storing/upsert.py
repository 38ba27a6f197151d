"""The upsert of a candidate in the caller's transaction: a new draft, or a change of a stored article."""

import asyncio
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.ingest.candidate import Candidate
from bot.ingest.identity.addresses import comparable
from bot.ingest.identity.decision import number_shown
from bot.ingest.identity.source_ids import site_number
from bot.ingest.storing.change_policy import Change, decide, is_emptied
from bot.newsroom import review_steps
from bot.newsroom.articles import store_draft
from bot.newsroom.source_changes import Question, request_decision
from bot.newsroom.source_media import with_newsrooms_own
from persian.normalise import match_key
from storage import article_identity, articles, audit, fanouts, proposals
from storage.audit_details import AuditAction, OriginDetails
from storage.engine.connection import Connection
from storage.records import Article, ArticleState, ChangePolicy, Content, FanOutKind, Source

_HISTORY = 4


class Outcome(StrEnum):
    """The outcome of storing a candidate.

    CORRECTED is a revision that those who have the article have yet to get: the worker is to be woken. ASKED is a
    change that waits for an editor's yes.
    """

    NEW = "new"
    REVISED = "revised"
    CORRECTED = "corrected"
    ASKED = "asked"
    SAME = "same"

    @property
    def is_revision(self) -> bool:
        """True where the article has a new revision."""
        return self in (Outcome.REVISED, Outcome.CORRECTED)


@dataclass(frozen=True, slots=True)
class Upserted:
    """A candidate that is stored now, or was before."""

    article_id: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class ChangeTerms:
    """The conditions of a source's change to its article; `source_url` is for the audit."""

    policy: ChangePolicy
    reviewed: bool
    source_url: str


@dataclass(frozen=True, slots=True)
class Contributor:
    """The origin of a text, for the audit: a person, or a source with its address."""

    actor_id: int = audit.SOURCE
    source_url: str = ""


def terms_of(source: Source) -> ChangeTerms:
    """Return the terms of a source's changes."""
    return ChangeTerms(source.changes, source.review, source.url)


async def find_same(connection: Connection, candidate: Candidate) -> Article | None:
    """Return the article that a page or pasted text is another reading of.

    Its address or its site's number tell. Pasted text names no site: there the number and the title tell.
    """
    provenance = candidate.provenance
    if provenance.url:
        return await _at(connection, provenance.url)
    if not provenance.number:
        return None
    title = match_key(candidate.content.title)
    for article in await articles.by_number(connection, provenance.number):
        if not article.origin or match_key(article.content.title) == title:
            return article
    return None


async def _at(connection: Connection, url: str) -> Article | None:
    """Return the article at an address; of several, the one that was read from just there."""
    address, number = comparable(url), number_shown(url)
    ids = [
        id_ for article_ids in (await article_identity.by_urls(connection, {url})).values() for id_ in article_ids
    ]
    at = await article_identity.by_addresses(connection, {address} - {""})
    numbered = await article_identity.by_numbers(connection, {number} if number else set())
    ids += [id_ for places in (at, numbered) for place in places.values() for id_ in place]
    stored = await articles.get_many(connection, list(dict.fromkeys(ids)))
    own = [article for article in stored if comparable(article.url) == address]
    return next(iter(own or stored), None)


async def store_import(tx: Connection, candidate: Candidate, *, category_id: int, actor_id: int, now: int) -> int:
    """Store what somebody imports as a draft, and return its news number. `actor_id` is whose act it is."""
    article_id = await store_draft(tx, candidate.content, category_id, candidate.provenance, now=now)
    await _remember(tx, article_id, candidate.provenance.url)
    await _record_import(tx, Contributor(actor_id), article_id, 1, candidate=candidate, now=now)
    return article_id


async def revise_import(
    tx: Connection, article: Article, candidate: Candidate, *, category_id: int | None, actor_id: int, now: int
) -> Outcome:
    """Revise an article, which the caller has locked, by another reading that somebody imports.

    It moves to the category `category_id` where that is given. What staff edited stays as it is, unless the import
    has an author.
    """
    if candidate.provenance.author_id is None and await articles.last_editor(tx, article.id) is not None:
        return Outcome.SAME
    return await revise(tx, article, candidate, now=now, by=Contributor(actor_id), category_id=category_id)


async def _remember(tx: Connection, article_id: int, url: str) -> None:
    """Store the address, and the number in it, by which an article is recognised."""
    await article_identity.add_addresses(tx, [(comparable(url), article_id)])
    if (number := site_number(url)) is not None:
        await article_identity.add_numbers(tx, [(number, article_id)])


async def history_of(tx: Connection, article: Article) -> list[Content]:
    """Return the last revisions of an article, the present one last."""
    numbers = range(max(1, article.revision - _HISTORY), article.revision)
    earlier = await articles.contents(tx, article.id, numbers) if numbers else {}
    return [*(earlier[number] for number in numbers if number in earlier), article.content]


async def change(
    tx: Connection,
    article: Article,
    candidate: Candidate,
    terms: ChangeTerms,
    *,
    now: int,
    category_id: int | None = None,
    texts: tuple[str, str] | None = None,
) -> Outcome:
    """Apply the terms of a source that has changed its article, which the caller has locked.

    `texts` are what search keeps of the candidate, where that is known.
    """
    fresh = with_newsrooms_own(candidate.content, article.content)
    moved = category_id not in (None, article.category.id)
    if fresh == article.content and not moved:
        await proposals.drop(tx, article.id)
        return Outcome.SAME
    history = await history_of(tx, article)
    # Long texts, and each of their links, are compared with those of several revisions.
    decision = await asyncio.to_thread(
        decide,
        fresh,
        history,
        state=article.state,
        policy=terms.policy,
        by_staff=await articles.last_editor(tx, article.id) is not None,
        reviewed=terms.reviewed,
        moved=moved,
    )
    if decision is Change.IGNORE:
        return Outcome.SAME
    if decision is Change.APPLY:
        by = Contributor(audit.SOURCE, terms.source_url)
        return await revise(tx, article, candidate, now=now, by=by, category_id=category_id, texts=texts)
    question = Question.EMPTIED if is_emptied(fresh, article.content) else Question.CHANGED
    asked_newsroom = await request_decision(
        tx, article, question, now=now, content=fresh, category_id=category_id or article.category.id
    )
    return Outcome.ASKED if asked_newsroom else Outcome.SAME


async def revise(
    tx: Connection,
    article: Article,
    candidate: Candidate,
    *,
    now: int,
    by: Contributor,
    category_id: int | None = None,
    texts: tuple[str, str] | None = None,
) -> Outcome:
    """Store a newer reading as a revision, unless it says the same or the article was retracted.

    The caller has locked the article. Where readers have it, a fan-out of what they can see of the change begins.
    """
    fresh = with_newsrooms_own(candidate.content, article.content)
    if fresh == article.content and category_id in (None, article.category.id):
        return Outcome.SAME
    if article.state is ArticleState.RETRACTED:
        return Outcome.SAME
    number = await articles.revise(
        tx,
        article.id,
        articles.NewRevision(fresh, candidate.provenance.author_id, category_id=category_id, texts=texts),
        expected=article.revision,
        now=now,
    )
    if number is None:
        return Outcome.SAME  # somebody else has just changed it
    await _record_import(tx, by, article.id, number, candidate=candidate, now=now)
    await review_steps.refresh_cards(tx, article.id, now=now)
    seen = replace(fresh, tags=article.content.tags) != article.content or category_id not in (
        None,
        article.category.id,
    )
    # Most pages are read before anybody has their articles: nothing is owed then.
    if seen and article.state is ArticleState.PUBLISHED and await fanouts.is_with_anybody(tx, article.id):
        await fanouts.begin(tx, article.id, FanOutKind.CORRECTION, now=now)
        return Outcome.CORRECTED
    return Outcome.REVISED


async def _record_import(
    tx: Connection, by: Contributor, article_id: int, revision: int, *, candidate: Candidate, now: int
) -> None:
    details = OriginDetails(by.source_url, candidate.provenance.url or candidate.provenance.number)
    await audit.record(
        tx, by.actor_id, AuditAction.IMPORT, now=now, article_id=article_id, revision=revision, details=details
    )
