"""/audit: who did what and when, the newest first; an article's whole history; and all of it as a table."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, Self

from bot.errors import NotFoundError, UserError
from bot.locales.catalog import Texts
from bot.newsroom.permissions import Right
from bot.newsroom.stories import source_names
from bot.render.article import paging
from bot.render.audit_text import action_in_words, actor_in_words, details_in_words, source_url_of, table_of
from bot.render.callback_data import NEWEST, ArticleId, CallbackData, Cursor, RevisionNumber
from bot.render.difference import PartChange, changes, where_they_differ
from bot.render.html import cut, escape
from bot.render.message import Button, Message
from bot.telegram import uploads
from handlers.core.context import HandlerContext
from handlers.core.labels import in_rows
from handlers.core.router import Router
from persian.digits import parse_int, to_ascii
from storage import articles, audit, sources
from storage.audit import AuditEntry
from storage.engine.connection import Connection
from storage.records import Article

MOST_EXPORTED = 100_000
"""Acts that one table holds; the newest ones."""

_PAGE = 8
_NAME = 40
_TITLE = 80
_DETAIL = 150
_DIFFERENCE = 3_000
"""Units that all the parts of a difference may have together, what they said and what they say."""
_DEFAULT_DAYS = 30
_MOST_DAYS = 3_660
_DAY_MS = 24 * 3600 * 1000

router = Router()


@dataclass(frozen=True, slots=True)
class AuditScope:
    """The acts of a list: those on an article, or all."""

    PATTERN: ClassVar[str] = r"a|\d{1,13}"

    article_id: int | None = None

    def pack(self) -> str:
        """Return `a` or the article's number."""
        return "a" if self.article_id is None else str(self.article_id)

    @classmethod
    def unpack(cls, text: str, /) -> Self:
        """Return the scope of a text that matches PATTERN."""
        return cls(None if text == "a" else int(text))


ALL_ACTS = AuditScope()
"""The scope of /audit."""


@dataclass(frozen=True, slots=True)
class AuditPage(CallbackData, prefix="audit"):
    """A page of acts."""

    scope: AuditScope
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class ShowDifference(CallbackData, prefix="diff"):
    """Shows what a revision of an article changed.

    The last two lead back: to a page of all acts (`a`), or of the article's own (`o`).
    """

    article_id: ArticleId
    revision: RevisionNumber
    origin: Literal["a", "o"]
    cursor: Cursor

    @property
    def back(self) -> AuditPage:
        """The page that the button was on."""
        return AuditPage(ALL_ACTS if self.origin == "a" else AuditScope(self.article_id), self.cursor)


@router.command("audit", right=Right.AUDIT)
async def show_audit(ctx: HandlerContext) -> None:
    """/audit: the newest acts; /audit ID: an article's history; /audit csv [DAYS]: a table."""
    words = to_ascii(ctx.words).lower().split()
    if words and words[0] == "csv":
        await _send_table(ctx, words[1:])
        return
    article_id = parse_int(ctx.words)
    if words and not article_id:
        raise UserError("audit-usage")
    await ctx.send(await _page(ctx, AuditScope(article_id or None), NEWEST))


@router.callback(AuditPage, right=Right.AUDIT)
async def on_page(ctx: HandlerContext, button: AuditPage) -> None:
    """Show a page of acts in place of what was there; the key of its cursor is the id of an entry."""
    await ctx.edit_or_send(await _page(ctx, button.scope, button.cursor))


@router.callback(ShowDifference, right=Right.AUDIT)
async def difference(ctx: HandlerContext, button: ShowDifference) -> None:
    """Show what a revision of an article changed, with a button that leads back."""
    texts, number = ctx.texts, button.revision
    async with ctx.services.database.read() as connection:
        revisions = await articles.contents(connection, button.article_id, [number - 1, number])
    if len(revisions) != 2:
        raise NotFoundError("audit-no-revision")
    lines = [texts.html("audit-difference", id=texts.digits(str(button.article_id)), revision=number)]
    changed = changes(revisions[number - 1], revisions[number], ctx.texts)
    for change in changed:
        lines += ["", *_difference(change, _DIFFERENCE // len(changed) // 2, ctx)]
    if len(lines) == 1:
        lines += ["", texts.html("audit-same-text")]
    back = Button(texts("button-back"), button.back.pack())
    await ctx.edit_or_send(Message("\n".join(lines), ((back,),)))


async def _send_table(ctx: HandlerContext, words: Sequence[str]) -> None:
    days = _DEFAULT_DAYS if not words else parse_int(words[0]) if len(words) == 1 else None
    if days is None or not 1 <= days <= _MOST_DAYS:
        raise UserError("audit-csv-usage", most=_MOST_DAYS)
    services, texts = ctx.services, ctx.texts
    async with services.database.read() as connection:
        since = services.clock() - days * _DAY_MS
        entries = await audit.all_(connection, limit=MOST_EXPORTED, since=since)
        names = await audit.names(connection, {entry.actor_id for entry in entries})
    caption = texts.html("audit-table", count=len(entries), days=days)
    # A long one takes a second: nobody else waits for it.
    content = await asyncio.to_thread(table_of, entries, names, texts)
    document = (f"audit-{days}.csv", content, "text/csv")
    await uploads.send_document(services.gateway, ctx.chat_id, document, Message(caption))


@dataclass(frozen=True, slots=True)
class _EntriesPage:
    """A page of acts, the newest first, with the articles and the names that they tell of, by id.

    `brought_by` has the names of the sources of these articles, by article, and `source_titles` the titles of the
    sources that the acts are about, by address. `newer` and `older` tell that there are more.
    """

    entries: Sequence[AuditEntry]
    titles: Mapping[int, Article]
    names: Mapping[int, str]
    brought_by: Mapping[int, str]
    source_titles: Mapping[str, str]
    newer: bool
    older: bool


async def _read_page(connection: Connection, scope: AuditScope, cursor: Cursor) -> _EntriesPage:
    newer_wanted = cursor.after is not None
    entries = await audit.page(
        connection, limit=_PAGE + 1, article_id=scope.article_id, before=cursor.before, after=cursor.after
    )
    page = entries[-_PAGE:] if newer_wanted else entries[:_PAGE]
    more = len(entries) > _PAGE
    newer, older = (more, True) if newer_wanted else (cursor.before is not None, more)
    numbers = {entry.article_id for entry in page if entry.article_id is not None and entry.article_id > 0}
    titles = {article.id: article for article in await articles.get_many(connection, sorted(numbers))}
    names = await audit.names(connection, {entry.actor_id for entry in page})
    brought_by = await source_names(connection, titles.values())
    source_titles = await sources.titles_at(connection, {source_url_of(entry) for entry in page} - {""})
    return _EntriesPage(page, titles, names, brought_by, source_titles, newer, older)


async def _page(ctx: HandlerContext, scope: AuditScope, cursor: Cursor) -> Message:
    texts, article_id = ctx.texts, scope.article_id
    async with ctx.services.database.read() as connection:
        page = await _read_page(connection, scope, cursor)
    if not page.entries:
        raise NotFoundError("audit-empty" if article_id is None else "audit-empty-article", id=article_id or 0)
    title = "audit-title" if article_id is None else "audit-article-title"
    lines, buttons = [texts.html(title, id=texts.digits(str(article_id or 0)))], list[Button]()
    for place, entry in enumerate(page.entries, 1):
        lines += ["", *_entry(place, entry, page, ctx=ctx, alone=article_id is not None)]
        buttons += _change_button(place, entry, page, cursor, texts=texts, alone=article_id is not None)
    turns = paging(
        texts,
        AuditPage(scope, Cursor(after=page.entries[0].id)).pack() if page.newer else "",
        AuditPage(scope, Cursor(before=page.entries[-1].id)).pack() if page.older else "",
    )
    return Message("\n".join(lines), (*in_rows(buttons, 2), *turns))


def _change_button(
    place: int, entry: AuditEntry, page: _EntriesPage, cursor: Cursor, *, texts: Texts, alone: bool
) -> list[Button]:
    """Return the button that shows what an act changed in an article's text, none where it changed nothing."""
    article = page.titles.get(entry.article_id or 0)
    if article is None or entry.revision is None or entry.revision <= 1:
        return []
    change = ShowDifference(article.id, entry.revision, "o" if alone else "a", cursor)
    return [Button(texts("button-what-changed", place=place), change.pack())]


def _entry(place: int, entry: AuditEntry, page: _EntriesPage, *, ctx: HandlerContext, alone: bool) -> list[str]:
    """Return an act as lines of HTML: when and who, what, and its detail; `alone` is under its article's number."""
    texts = ctx.texts
    actor = cut(_actor(entry, page, texts), _NAME)
    line = action_in_words(entry, texts)
    if entry.revision is not None:
        line += " · " + texts("audit-revision", revision=entry.revision)
    lines = [
        texts.html("audit-line", place=place, when=texts.datetime(entry.at), who=actor),
        f"<b>{escape(line)}</b>",
    ]
    if not alone and entry.article_id is not None and entry.article_id > 0:
        known = page.titles.get(entry.article_id)
        title = cut(known.content.title, _TITLE) if known else "—"
        lines.append(texts.html("audit-of-article", id=texts.digits(str(entry.article_id)), title=title))
    if words := details_in_words(entry, texts, page.source_titles):
        lines.append(escape(texts.line(cut(words, _DETAIL))))
    return lines


def _actor(entry: AuditEntry, page: _EntriesPage, texts: Texts) -> str:
    """Return who did it; a source by its name, where that is known."""
    if entry.actor_id == audit.SOURCE:
        name = page.source_titles.get(source_url_of(entry)) or page.brought_by.get(entry.article_id or 0)
        if name:
            return texts("audit-source-named", name=" ".join(name.split()))
    return actor_in_words(entry.actor_id, page.names, texts)


def _difference(change: PartChange, room: int, ctx: HandlerContext) -> list[str]:
    """Return what a part said and says, each cut at `room` units, as lines of HTML."""
    texts = ctx.texts
    before, after = where_they_differ(change.before, change.after, room)
    return [
        f"<b>{texts.html(f'part-{change.part}')}</b>",
        texts.html("audit-before", text=before or "—"),
        texts.html("audit-after", text=after or "—"),
    ]
