"""The current text of a part that is edited, sent so that a person copies it instead of writing it again."""

from bot.render.current_text import body_to_copy, copied_by_tap, is_formatted
from bot.render.message import Message
from handlers.core.context import HandlerContext
from handlers.staff.callbacks import Part, WholePart
from storage.records import Article, Block

_MOST_MESSAGES = 5
"""Messages that a body is sent in; a longer one is edited by its paragraphs."""


async def current_text_html(ctx: HandlerContext, article: Article, part: WholePart) -> str:
    """Return the HTML that ends a question with what the part says now; a body is sent in messages before it."""
    content = article.content
    match part:
        case Part.TITLE | Part.LEAD | Part.SECTION | Part.LINK:
            return _below(ctx, getattr(content, part.key))
        case Part.TAGS:
            return _below(ctx, ctx.texts("list-comma").join(content.tags))
        case Part.BODY:
            return await send_blocks(ctx, content.body)
        case _:
            return ""


async def send_blocks(ctx: HandlerContext, body: tuple[Block, ...]) -> str:
    """Send blocks in messages that hold nothing else; return the HTML that says how they are copied."""
    messages = body_to_copy(body)
    if not messages:
        return ""
    if len(messages) > _MOST_MESSAGES:
        return f"\n\n{ctx.texts.html('edit-copy-long')}"
    for html in messages:
        await ctx.send(Message(html))
    how = "edit-copy-hold" if is_formatted(body) else "edit-copy-tap"
    return f"\n\n{ctx.texts.html(how)}"


def _below(ctx: HandlerContext, text: str) -> str:
    return f"\n\n{ctx.texts.html('edit-current')}\n{copied_by_tap(text)}" if text else ""
