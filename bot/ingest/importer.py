"""Import by hand: an article's page by address or as a file, or the text that was copied from one."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.bounds import FILE_BYTES
from bot.clock import Clock
from bot.errors import SourceError, UserError
from bot.ingest.candidate import Candidate, from_page
from bot.ingest.fetch.fetcher import HttpStatusError
from bot.ingest.fetch.request_profile import PLAIN, RequestProfile
from bot.ingest.parsing.text_reader import TextReader
from bot.ingest.raw_document import RawDocument
from bot.ingest.routing.category_words import category_of
from bot.ingest.site_reader import SiteReader
from bot.ingest.storing.upsert import Outcome, Upserted, find_same, revise_import, store_import
from bot.newsroom.acting import acting, lock_right
from bot.newsroom.articles import release, unfolded
from bot.newsroom.copy_editing import corrected_content
from bot.newsroom.limits import CATEGORY_LIMIT
from bot.newsroom.permissions import Right, right_to_work_on
from persian.foreign_text import one_line
from persian.normalise import normalise
from storage import articles, audit, categories, id_allocation
from storage.audit_details import AuditAction
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import Article, ArticleState, Category

GENERAL = "general"
"""The category of what names none that is known."""
MOST_CATEGORIES = 36
"""Categories that are made by their names: readers choose among all of them on one keyboard, of 10 kB at most."""


class Importer:
    """Reads what a person hands in, and stores it as a draft or publishes it."""

    def __init__(
        self,
        database: Database,
        site: SiteReader,
        texts: TextReader,
        clock: Clock,
        *,
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._site = site
        self._texts = texts
        self._clock = clock
        self._wake = wake

    async def read_address(
        self, url: str, *, author_id: int | None = None, profile: RequestProfile = PLAIN
    ) -> Candidate:
        """Read the article at an address by requests of that form. Raises UserError with the reason."""
        try:
            return await self._site.with_profile(profile).article(url, author_id=author_id)
        except HttpStatusError as error:
            raise UserError("import-site-refused", status=error.status) from error
        except SourceError as error:
            raise UserError("import-unreadable", reason=str(error)) from error

    async def read_file(self, body: bytes, *, author_id: int | None = None) -> Candidate:
        """Read a file: a page as HTML, or text that was copied from one. Raises UserError with the reason."""
        if len(body) > FILE_BYTES:
            raise UserError("import-too-large", megabytes=FILE_BYTES // 1_000_000)
        if (read := await self._texts.file(body)) is not None:
            return from_page(read, author_id=author_id)
        try:
            page = await self._site.parser.article(RawDocument(body, "", ""), self._site.zone, self._clock())
        except SourceError as error:
            raise UserError("import-unreadable", reason=str(error)) from error
        return from_page(page, author_id=author_id)

    async def read_text(self, text: str, *, author_id: int | None = None) -> Candidate:
        """Read text that was copied from a page. Raises UserError with the reason."""
        return from_page(await self._texts.text(text), author_id=author_id)

    async def store(
        self, candidate: Candidate, *, category: str = "", publish: bool = False, editor: bool = True
    ) -> Upserted:
        """Store what was read, in the category named (made where it is new), else the page's own, else general.

        An article that is known already leaves its category for a named one only.
        With `publish` it becomes readable and is pushed, also where it was a draft before; what an editor dropped
        is a draft again. What readers have already is corrected in every copy. Who is no `editor` adds drafts and
        changes their own; raises UserError where what is there is something else. A new reading of what staff
        edited is corrected by the copy editor, as that was.
        """
        actor = candidate.provenance.author_id or audit.COMMAND_LINE
        async with acting(self._database, actor, Right.PUBLISH if publish else Right.WRITE) as tx:
            now = self._clock()
            before = await _locked_same(tx, candidate)
            if before is not None:
                if not editor:
                    _must_be_own_draft(before, actor)
                await lock_right(tx, actor, right_to_work_on(before, actor))
                candidate = await _as_edited(tx, before, candidate)
            upserted = await _upsert(tx, candidate, before, category, actor_id=actor, now=now)
            await articles.move(tx, upserted.article_id, ArticleState.DROPPED, ArticleState.DRAFT, now=now)
            stored = await articles.get(tx, upserted.article_id)
            assert stored is not None, "stored a moment ago"
            stored = await unfolded(tx, stored, now=now)
            if publish and await release(tx, stored, push=True, now=now, actor_id=actor):
                await audit.record(tx, actor, AuditAction.PUBLISH, now=now, article_id=stored.id)
        if publish or upserted.outcome is Outcome.CORRECTED:
            self._wake()
        return upserted


async def _upsert(
    tx: Connection, candidate: Candidate, known: Article | None, category: str, *, actor_id: int, now: int
) -> Upserted:
    """Store what was read as a draft, or as a revision of the known article that it is another reading of."""
    named = await named_category(tx, category) if category else None
    if known is not None:
        category_id = named.id if named is not None else None
        outcome = await revise_import(tx, known, candidate, category_id=category_id, actor_id=actor_id, now=now)
        return Upserted(known.id, outcome)
    chosen = named or await _own_category(tx, candidate)
    article_id = await store_import(tx, candidate, category_id=chosen.id, actor_id=actor_id, now=now)
    return Upserted(article_id, Outcome.NEW)


async def _own_category(tx: Connection, candidate: Candidate) -> Category:
    """Return the category that a page's own sections mean, else the general one."""
    known = await categories.all_(tx)
    return category_of(candidate.category_words, known) or general_category(known)


async def _locked_same(tx: Connection, candidate: Candidate) -> Article | None:
    """Return the article that the candidate is another reading of, and lock it until the transaction ends."""
    same = await find_same(tx, candidate)
    if same is None and await id_allocation.wait_for_turn(tx):
        same = await find_same(tx, candidate)  # somebody else may have stored it meanwhile
    return await articles.lock(tx, same.id) if same is not None else None


async def _as_edited(tx: Connection, known: Article, candidate: Candidate) -> Candidate:
    """Return a new reading of a known article, corrected by the copy editor where staff edited that."""
    if await articles.last_editor(tx, known.id) is None:
        return candidate
    return replace(candidate, content=corrected_content(candidate.content))


def _must_be_own_draft(article: Article, author_id: int) -> None:
    """Raise UserError where an author may not change what is there; its title is not theirs to know."""
    if article.author_id != author_id:
        raise UserError("import-not-yours", id=article.id)
    if article.state is not ArticleState.DRAFT:
        raise UserError("import-no-draft", id=article.id)


def general_category(known: Sequence[Category]) -> Category:
    """Return the category of what names none; a newsroom that has removed it uses its first."""
    return next((category for category in known if category.slug == GENERAL), known[0])


async def named_category(tx: Connection, name: str) -> Category:
    """Return the category of that name, made where there is none.

    Raises UserError for a name without letters or longer than CATEGORY_LIMIT, and where there would be more than
    MOST_CATEGORIES.
    """
    category = await categories.find(tx, name)
    if category is not None:
        return category
    name = one_line(name)
    words = normalise(name)
    if not words or len(name) > CATEGORY_LIMIT:
        raise UserError("category-unknown", name=name[:CATEGORY_LIMIT])
    slug = re.sub(r"[^a-z0-9]+", "-", words).strip("-")
    slugs = {category.slug for category in await categories.all_(tx)}
    if len(slugs) >= MOST_CATEGORIES:
        raise UserError("categories-too-many", name=name, most=MOST_CATEGORIES)
    if not slug or slug in slugs:
        slug = next(
            f"section-{number}" for number in range(len(slugs) + 1, 10_000) if f"section-{number}" not in slugs
        )
    return await categories.add(tx, slug, name, name)
