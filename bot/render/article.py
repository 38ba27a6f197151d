"""An article's full text: as rich messages, and as pages of HTML where those are refused (pure)."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from bot.locales.catalog import Texts
from bot.render.attachments import attachments, in_words
from bot.render.headline import article_link, hashtags
from bot.render.html import TEXT_LIMIT, cut, escape, strip_tags
from bot.render.message import Button, Keyboard, Message
from bot.render.split import split_html, split_lines
from persian.direction import RLM, runs_rtl
from storage.records import Article, ArticleState, Block, BlockKind

PAGE_DATA = "page"
"""Callback data of a page's buttons: `page:ARTICLE:INDEX`, the index from 0."""

PREVIEW_DATA = "view"
"""The same for the pages of a draft's preview."""

RICH_CHARACTERS = 30_000
RICH_BLOCKS = 450
"""What one rich message holds; Telegram's own limits are 32,768 characters and 500 blocks."""

MOST_COUNTED = 999
"""Comments that are counted: of more, only that there are more is told."""

_PAGE_UNITS = TEXT_LIMIT - 450  # room for the heading of a page


@dataclass(frozen=True, slots=True)
class FullText:
    """One article in both forms: `rich` messages in their order, or `pages` of which one is shown at a time."""

    rich: tuple[Message, ...]
    pages: tuple[Message, ...]


def full_text(article: Article, texts: Texts, keyboard: Keyboard = ()) -> FullText:
    """Return the full text with `keyboard` under the last rich message and under every page."""
    return FullText(_rich(article, texts, keyboard), _pages(article, texts, keyboard, PAGE_DATA, ""))


def preview(article: Article, texts: Texts, keyboard: Keyboard) -> tuple[Message, ...]:
    """Return the pages of a draft as the desk sees them, with `keyboard` under each."""
    heading = texts.html("preview-title", id=texts.digits(str(article.id)))
    if article.state is ArticleState.RETRACTED:
        heading += f"\n{escape(texts('preview-retracted'))}"
    if article.state is ArticleState.DROPPED:
        heading += f"\n{escape(texts('preview-dropped'))}"
    if article.scheduled_at is not None:
        heading += f"\n{texts.html('preview-planned', when=texts.datetime(article.scheduled_at))}"
    if article.breaking:
        heading += f"\n{escape(texts('breaking-mark'))}"
    if attached := in_words(article.content, texts):
        heading += f"\n{escape(texts('preview-attached', attached=attached))}"
    elif article.content.photo:
        heading += f"\n{escape(texts('preview-photo'))}"
    return _pages(article, texts, keyboard, PREVIEW_DATA, f"{heading}\n\n")


def _rich(article: Article, texts: Texts, keyboard: Keyboard) -> tuple[Message, ...]:
    blocks = list(_rich_blocks(article, texts))
    groups: list[list[str]] = [[]]
    size = 0
    for block in blocks:
        visible = len(strip_tags(block)) + 1
        if groups[-1] and (size + visible > RICH_CHARACTERS or len(groups[-1]) >= RICH_BLOCKS):
            groups.append([])
            size = 0
        groups[-1].append(block)
        size += visible
    rtl = runs_rtl(article.language)
    title = f"<b>{escape(cut(article.content.title, 300))}</b>"
    return tuple(
        Message(
            title,
            keyboard if number == len(groups) else (),
            rich_html="".join(group),
            is_rtl=rtl,
        )
        for number, group in enumerate(groups, 1)
    )


def _rich_blocks(article: Article, texts: Texts) -> Iterator[str]:
    content = article.content
    yield f"<h1>{escape(content.title)}</h1>"
    if content.photo.startswith(("http://", "https://")):
        yield f'<img src="{escape(content.photo)}">'
    if content.lead:
        yield f"<p><b>{escape(content.lead)}</b></p>"
    for block in content.body:
        yield from _rich_block(block)
    yield f"<hr><footer>{' · '.join(_footer(article, texts))}</footer>"


def _rich_block(block: Block) -> Iterator[str]:
    # Rich messages know no line break: a line is a paragraph of its own, in a heading it goes on.
    inner = block.html.replace("\n", " ")
    match block.kind:
        case BlockKind.HEADING:
            yield f"<h2>{inner}</h2>"
        case BlockKind.QUOTE:
            yield f"<blockquote>{inner}</blockquote>"
        case BlockKind.LIST:
            tag = "ol" if block.ordered else "ul"
            items = "".join(f"<li>{item}</li>" for item in block.items)
            yield f"<{tag}>{items}</{tag}>"
        case BlockKind.IMAGE:
            if block.url.startswith(("http://", "https://")):
                yield f'<img src="{escape(block.url)}">'
            if inner:
                yield f"<p><i>{inner}</i></p>"
        case _:
            # A single paragraph must fit into one message whatever it holds.
            for part in split_html(block.html, RICH_CHARACTERS // 2):
                yield from (f"<p>{line}</p>" for line in split_lines(part))


def _pages(article: Article, texts: Texts, keyboard: Keyboard, data: str, heading: str) -> tuple[Message, ...]:
    content = article.content
    mark = RLM if runs_rtl(article.language) else ""
    title = f"{mark}<b>{escape(cut(content.title, 300))}</b>"
    parts = [f"{mark}<b>{escape(content.lead)}</b>"] if content.lead else []
    parts += [f"{mark}{text}" for block in content.body if (text := _page_block(block, mark))]
    parts.append("\n".join(map(texts.line, _footer(article, texts))))
    bodies = split_html("\n\n".join(parts), _PAGE_UNITS)
    messages = []
    for index, body in enumerate(bodies):
        count = "" if len(bodies) == 1 else f"\n{escape(texts('page-of', page=index + 1, pages=len(bodies)))}"
        turns = paging(
            texts,
            f"{data}:{article.id}:{index - 1}" if index > 0 else "",
            f"{data}:{article.id}:{index + 1}" if index + 1 < len(bodies) else "",
        )
        messages.append(Message(f"{heading}{title}{count}\n\n{body}", turns + keyboard))
    return tuple(messages)


def _page_block(block: Block, mark: str) -> str:
    match block.kind:
        case BlockKind.HEADING:
            return f"<b>{block.html}</b>"
        case BlockKind.QUOTE:
            return f"<blockquote>{block.html}</blockquote>"
        case BlockKind.LIST:
            points = [f"{n}." if block.ordered else "•" for n in range(1, len(block.items) + 1)]
            return f"\n{mark}".join(f"{point} {item}" for point, item in zip(points, block.items, strict=True))
        case BlockKind.IMAGE:
            return f"<i>{block.html}</i>" if block.html else ""
        case _:
            return block.html


def _footer(article: Article, texts: Texts) -> list[str]:
    content = article.content
    lines = [escape(hashtags(article, texts, most=len(content.tags)))]
    if content.desk:
        lines.append(texts.html("article-desk", desk=content.desk))
    if content.byline:
        lines.append(texts.html("article-byline", byline=content.byline))
    lines.append(texts.html("article-number", number=texts.digits(str(article.id))))
    if article.published_at:
        lines.append(escape(texts.datetime(article.published_at)))
    if content.note:
        lines.append(texts.html("article-note", note=content.note))
    if source := content.link or article.url:
        lines.append(f'<a href="{escape(source)}">{escape(texts("article-source"))}</a>')
    return lines


def paging(texts: Texts, previous: str, following: str) -> Keyboard:
    """Return the row of buttons that turn pages; "" leaves one out."""
    row = []
    if previous:
        row.append(Button(texts("button-previous"), data=previous))
    if following:
        row.append(Button(texts("button-next"), data=following))
    # Telegram lays rows out from left to right in every language: what comes next stands where one reads on.
    return (tuple(row[::-1] if texts.is_rtl else row),) if row else ()


def reader_keyboard(
    article: Article, texts: Texts, bot_username: str, *, saved: bool, comments: int = 0
) -> Keyboard:
    """Return what a reader can do with an article: see what goes with it, keep it, share it, comment, read more.

    `comments` is how many there are, 0 where that is not to be told.
    """
    share = f"https://t.me/share/url?url={quote(article_link(bot_username, article.id), safe='')}"
    rows: list[tuple[Button, ...]] = [
        (
            Button(texts("button-unsave" if saved else "button-save"), data=f"save:{article.id}:{int(not saved)}"),
            Button(texts("button-share"), url=share),
        ),
        (Button(_comments_in_words(comments, texts), data=f"talk:{article.id}:n"),),
        (Button(texts("button-more-of-category"), data=f"list:c{article.category.id}:n"),),
    ]
    if count := len(attachments(article.content)):
        rows.insert(0, (Button(texts("button-attachments", count=count), data=f"media:{article.id}"),))
    return tuple(rows)


def _comments_in_words(count: int, texts: Texts) -> str:
    if count == 0:
        return texts("button-comments")
    if count > MOST_COUNTED:
        return texts("button-comments-many", count=MOST_COUNTED)
    return texts("button-comments-counted", count=count)
