"""From a candidate to storage, in the caller's transaction: new, a revision, or there already."""

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.ingest.candidate import Candidate
from bot.newsroom import reviewing
from bot.newsroom.articles import release, store_draft
from persian.normalise import match_key
from storage import articles, audit, fanouts
from storage.connection import Connection
from storage.records import Article, ArticleState, FanOutKind


class Outcome(StrEnum):
    """What keeping a candidate came to."""

    NEW = "new"
    REVISED = "revised"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Upserted:
    """A candidate that is stored now, or was before."""

    article_id: int
    outcome: Outcome


async def find_same(connection: Connection, candidate: Candidate) -> Article | None:
    """Return the article that this is another reading of.

    The source's host and number tell; an address where there is no number; for pasted text, which names no
    host, the number and the title.
    """
    provenance = candidate.provenance
    if provenance.number and provenance.origin:
        found = await articles.by_source(connection, provenance.origin, provenance.number)
        if found is not None:
            return found
    if provenance.url:
        found = await articles.by_url(connection, provenance.url)
        if found is not None and (not provenance.number or found.source_number in ("", provenance.number)):
            return found
    if not provenance.number:
        return None
    title = match_key(candidate.content.title)
    for found in await articles.by_number(connection, provenance.number):
        nameless = not (found.origin and provenance.origin)
        if nameless and ((not provenance.origin and not found.origin) or match_key(found.content.title) == title):
            return found
    return None


async def upsert(
    tx: Connection,
    candidate: Candidate,
    *,
    category_id: int,
    publish: bool,
    push: bool,
    now: int,
    known_id: int | None = None,
    actor_id: int = audit.SOURCE,
    gate: bool = False,
) -> Upserted:
    """Store a candidate; `publish` makes a new one readable, `push` owes it to the followers, `gate` has it wait.

    One that is there already, as `known_id` or as another reading of the same article, becomes a revision where it
    says something else. What the desk has edited by hand is never overwritten by a source. `actor_id` is whose act
    it is.
    """
    found = await articles.get(tx, known_id) if known_id is not None else None
    found = found or await find_same(tx, candidate)
    if found is None:
        state = ArticleState.REVIEW if gate else ArticleState.DRAFT
        article_id = await store_draft(
            tx, candidate.content, category_id, candidate.provenance, now=now, state=state
        )
        await _note(tx, actor_id, article_id, 1, candidate, now)
        if gate:
            await reviewing.bring_to_gate(tx, article_id, now=now)
        if publish:
            stored = await articles.get(tx, article_id)
            assert stored is not None
            await release(tx, stored, push=push, now=now)
            await audit.note(tx, actor_id, "publish", now=now, article_id=article_id)
        return Upserted(article_id, Outcome.NEW)
    return Upserted(found.id, await revise(tx, found, candidate, now=now, actor_id=actor_id))


async def revise(
    tx: Connection,
    found: Article,
    candidate: Candidate,
    *,
    now: int,
    category_id: int | None = None,
    actor_id: int = audit.SOURCE,
) -> Outcome:
    """Put a newer reading over an article, unless it says the same, was taken back, or the desk has edited it.

    Where readers have the article, what they can see of the change is owed to every copy: wake the worker then.
    """
    author_id = candidate.provenance.author_id
    # What only the desk can have put there stays.
    fresh = replace(candidate.content, note=found.content.note, media=found.content.media)
    if fresh == found.content and category_id in (None, found.category.id):
        return Outcome.SAME
    if found.state is ArticleState.RETRACTED:
        return Outcome.SAME
    if author_id is None and await articles.last_editor(tx, found.id) is not None:
        return Outcome.SAME
    number = await articles.revise(
        tx,
        found.id,
        fresh,
        expected=found.revision,
        editor_id=author_id,
        now=now,
        category_id=category_id,
    )
    if number is None:
        return Outcome.SAME  # somebody else has just changed it
    await _note(tx, actor_id, found.id, number, candidate, now)
    await reviewing.text_changed(tx, found.id, now=now)
    seen = replace(fresh, tags=found.content.tags) != found.content or category_id not in (None, found.category.id)
    if seen and found.state is ArticleState.PUBLISHED:
        await fanouts.begin(tx, found.id, FanOutKind.CORRECTION, now=now)
    return Outcome.REVISED


async def _note(
    tx: Connection, actor_id: int, article_id: int, revision: int, candidate: Candidate, now: int
) -> None:
    where = candidate.provenance.url or candidate.provenance.number
    await audit.note(tx, actor_id, "import", now=now, article_id=article_id, revision=revision, detail=where)
