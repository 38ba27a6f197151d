"""An article changed while somebody was writing a part of it: what they wrote is kept, and they decide.

The card's dialogue is put aside; its data: id, the revision that they began from, field, and `given`, which
`with_part` takes.
"""

from typing import Any

from bot.errors import UserError
from bot.newsroom.names import name_of
from bot.newsroom.post_parser import with_part
from bot.render.difference import changes, where_they_differ
from bot.render.headline import category_name
from bot.render.message import Button, Message
from handlers.core import confirmations
from handlers.core.context import HandlerContext
from storage import articles
from storage.records import Article

DIALOGUE = "conflict"
"""The dialogue of a part that waits for a decision."""

CHANGED = "article-changed-meanwhile"
"""The key of the error that leads here."""

_SHOWN = 400


async def offer(ctx: HandlerContext, article_id: int, revision: int, part: str, given: Any) -> None:
    """Keep what was written on top of `revision`, and ask what is to become of it."""
    data = {"id": article_id, "revision": revision, "field": part, "given": given}
    texts = ctx.texts
    stamp = await confirmations.put_aside(ctx, DIALOGUE, data)
    async with ctx.services.database.read() as connection:
        editor_id = await articles.last_editor(connection, article_id)
        name = await name_of(connection, editor_id) if editor_id else texts("conflict-somebody")
    buttons = [
        Button(texts("button-show-changes"), f"merge:{article_id}:{stamp}:show"),
        Button(texts("button-put-on-top"), f"merge:{article_id}:{stamp}:put"),
        Button(texts("button-drop-mine"), f"merge:{article_id}:{stamp}:n"),
    ]
    text = texts.html("conflict-card", id=texts.digits(str(article_id)), name=name)
    await ctx.show(Message(text, tuple((button,) for button in buttons)))


async def again(ctx: HandlerContext, data: dict[str, Any]) -> None:
    """Ask once more: the desk was stopped before the card was shown."""
    await offer(ctx, data["id"], data["revision"], data["field"], data["given"])


async def show(ctx: HandlerContext, article: Article, data: dict[str, Any]) -> None:
    """Answer with what others changed since, and with what the person wrote."""
    texts, new = ctx.texts, article.content
    async with ctx.services.database.read() as connection:
        known = await articles.contents(connection, article.id, [data["revision"]])
    lines = [texts.html("conflict-changes", id=texts.digits(str(article.id)))]
    for one in changes(known.get(data["revision"], new), new, texts):
        lines += ["", f"<b>{texts.html(f'part-{one.part}')}</b>", *old_and_new(ctx, one.before, one.after)]
    if len(lines) == 1:
        # What moved on is no part of the content.
        lines += ["", texts.html("conflict-category", name=category_name(article.category, texts))]
    lines += ["", texts.html("conflict-yours"), *_own(ctx, article, data)]
    await ctx.send(Message("\n".join(lines)))


def old_and_new(ctx: HandlerContext, before: str, after: str, *, room: int = _SHOWN) -> list[str]:
    """Return what a part said and will say, as two lines of HTML; where one has more than `room` units, not all."""
    old, new = where_they_differ(before, after, room)
    return [
        ctx.texts.html("correct-old", text=old or "—"),
        ctx.texts.html("correct-new", text=new or "—"),
    ]


def _own(ctx: HandlerContext, article: Article, data: dict[str, Any]) -> list[str]:
    try:
        wanted = with_part(article, data["field"], data["given"])
    except UserError as error:
        return [ctx.texts.html(error.key, **error.text_args)]
    found = changes(article.content, wanted, ctx.texts)
    return [line for one in found for line in old_and_new(ctx, one.before, one.after)]
