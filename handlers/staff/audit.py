"""/audit: who did what and when, the newest first; an article's whole history; and all of it as a table."""

import asyncio
from collections.abc import Mapping, Sequence

from bot.errors import NotFoundError, UserError
from bot.render.article import paging
from bot.render.audit_text import act_in_words, actor_in_words, detail_in_words, table_of
from bot.render.difference import Change, changes, where_they_differ
from bot.render.html import cut, escape
from bot.render.message import Button, Message
from bot.telegram import uploads
from handlers.core.context import HandlerContext
from handlers.core.labels import in_rows
from persian.digits import parse_int, to_ascii
from storage import articles, audit
from storage.records import Article, AuditEntry

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
_ALL = "a"
"""Parts that are told of, not shown."""


async def show(ctx: HandlerContext) -> None:
    """/audit: the newest acts; /audit ID: an article's history; /audit csv [DAYS]: a table."""
    words = to_ascii(ctx.words).lower().split()
    if words and words[0] == "csv":
        await _send_table(ctx, words[1:])
        return
    article_id = parse_int(ctx.words)
    if words and not article_id:
        raise UserError("audit-usage")
    await ctx.send(await _page(ctx, str(article_id or _ALL), "n"))


async def turn(ctx: HandlerContext) -> None:
    """A press of a page button: `audit:SCOPE:CURSOR`; a scope is an article's number or `a` for all.

    A cursor is `n` for the newest, `bN` for what is older than the entry N, `fN` for what is newer.
    """
    _, scope, cursor = ctx.data.split(":")
    await ctx.show(await _page(ctx, scope, cursor))


async def difference(ctx: HandlerContext) -> None:
    """A press on what changed: `diff:ARTICLE:REVISION:FROM:CURSOR`.

    The last two lead back: `a` to all acts, `o` to the article's own.
    """
    _, article_id, revision, origin, cursor = ctx.data.split(":")
    texts, number = ctx.texts, int(revision)
    async with ctx.services.database.read() as connection:
        found = await articles.contents(connection, int(article_id), [number - 1, number])
    if len(found) != 2:
        raise NotFoundError("audit-no-revision")
    lines = [texts.html("audit-difference", id=texts.digits(article_id), revision=number)]
    changed = changes(found[number - 1], found[number], ctx.texts)
    for one in changed:
        lines += ["", *_difference(one, _DIFFERENCE // len(changed) // 2, ctx)]
    if len(lines) == 1:
        lines += ["", texts.html("audit-same-text")]
    back = f"audit:{_ALL if origin == _ALL else article_id}:{cursor}"
    await ctx.show(Message("\n".join(lines), ((Button(texts("button-back"), back),),)))


async def _send_table(ctx: HandlerContext, words: Sequence[str]) -> None:
    days = _DEFAULT_DAYS if not words else parse_int(words[0]) if len(words) == 1 else None
    if days is None or not 1 <= days <= _MOST_DAYS:
        raise UserError("audit-csv-usage", most=_MOST_DAYS)
    services, texts = ctx.services, ctx.texts
    async with services.database.read() as connection:
        since = services.clock() - days * _DAY_MS
        found = await audit.all_(connection, limit=MOST_EXPORTED, since=since)
        names = await audit.names(connection, {one.actor_id for one in found})
    caption = texts.html("audit-table", count=len(found), days=days)
    # A long one takes a second: nobody else waits for it.
    content = await asyncio.to_thread(table_of, found, names, texts)
    document = (f"audit-{days}.csv", content, "text/csv")
    await uploads.send_document(services.gateway, ctx.chat_id, document, Message(caption))


async def _page(ctx: HandlerContext, scope: str, cursor: str) -> Message:
    texts, article_id = ctx.texts, None if scope == _ALL else int(scope)
    border = int(cursor[1:]) if len(cursor) > 1 else None
    newer_wanted = cursor.startswith("f")
    async with ctx.services.database.read() as connection:
        found = await audit.page(
            connection,
            limit=_PAGE + 1,
            article_id=article_id,
            before=None if newer_wanted else border,
            after=border if newer_wanted else None,
        )
        page = found[-_PAGE:] if newer_wanted else found[:_PAGE]
        more = len(found) > _PAGE
        newer, older = (more, True) if newer_wanted else (border is not None, more)
        numbers = {one.article_id for one in page if one.article_id is not None and one.article_id > 0}
        titles = {one.id: one for one in await articles.get_many(connection, sorted(numbers))}
        names = await audit.names(connection, {one.actor_id for one in page})
    if not page:
        raise NotFoundError("audit-empty" if article_id is None else "audit-empty-article", id=article_id or 0)
    title = "audit-title" if article_id is None else "audit-article-title"
    lines, buttons = [texts.html(title, id=texts.digits(scope))], []
    for place, one in enumerate(page, 1):
        lines += ["", *_entry(place, one, titles, names, ctx, alone=article_id is not None)]
        if one.article_id in titles and one.revision is not None and one.revision > 1:
            data = f"diff:{one.article_id}:{one.revision}:{_ALL if article_id is None else 'o'}:{cursor}"
            buttons.append(Button(texts("button-what-changed", place=place), data))
    turns = paging(
        texts,
        f"audit:{scope}:f{page[0].id}" if newer else "",
        f"audit:{scope}:b{page[-1].id}" if older else "",
    )
    return Message("\n".join(lines), (*in_rows(buttons, 2), *turns))


def _entry(
    place: int,
    one: AuditEntry,
    titles: Mapping[int, Article],
    names: Mapping[int, str],
    ctx: HandlerContext,
    *,
    alone: bool,
) -> list[str]:
    """Return an act as lines of HTML: when and who, what, and its detail; `alone` is under its article's number."""
    texts = ctx.texts
    who = cut(actor_in_words(one.actor_id, names, texts), _NAME)
    what = act_in_words(one, texts)
    if one.revision is not None:
        what += " · " + texts("audit-revision", revision=one.revision)
    lines = [
        texts.html("audit-line", place=place, when=texts.datetime(one.at), who=who),
        f"<b>{escape(what)}</b>",
    ]
    if not alone and one.article_id is not None and one.article_id > 0:
        known = titles.get(one.article_id)
        title = cut(known.content.title, _TITLE) if known else "—"
        lines.append(texts.html("audit-of-article", id=texts.digits(str(one.article_id)), title=title))
    if one.detail:
        lines.append(escape(texts.line(cut(detail_in_words(one, texts), _DETAIL))))
    return lines


def _difference(one: Change, room: int, ctx: HandlerContext) -> list[str]:
    """Return what a part said and says, each cut at `room` units, as lines of HTML."""
    texts = ctx.texts
    before, after = where_they_differ(one.before, one.after, room)
    return [
        f"<b>{texts.html(f'part-{one.part}')}</b>",
        texts.html("audit-before", text=before or "—"),
        texts.html("audit-after", text=after or "—"),
    ]
