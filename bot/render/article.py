"""An article's full text: as rich messages, and as pages of HTML where those are refused (pure)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

from bot.locales.catalog import Texts
from bot.render.attachments import attachments, in_words
from bot.render.callback_data import NEWEST
from bot.render.callbacks import (
    ArticlePage,
    BookmarkArticle,
    ListPage,
    ListScope,
    OpenArticle,
    OpenComments,
    OpenElsewhere,
    PreviewPage,
    ProposalPage,
    RelatedArticles,
    SendAttachments,
)
from bot.render.headline import article_link, hashtags
from bot.render.html import TEXT_LIMIT, cut, escape, is_web_address, length
from bot.render.message import Button, Keyboard, Message
from bot.render.pagination import split_html
from bot.render.rich import is_bare_picture, rich_parts
from persian.direction import RLM, runs_rtl
from storage.post_style import USUAL_STYLE, Photo, PostStyle
from storage.records import Article, ArticleState, Block, BlockKind

MOST_COUNTED = 999
"""Comments that are counted: of more, the button says only that there are more."""

_TITLE = 300
_FOOTER_TAGS = 20
_FOOTER_LINE = 200
_LINKED_PICTURES = 20
_SHARED_TITLE = 120
_PAGE_UNITS = TEXT_LIMIT - 450  # room for the heading of a page


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts on the buttons of an article: comments, and other articles of its story.

    `before` and `after` are the published articles beside it in a developing story.
    """

    comments: int = 0
    elsewhere: int = 0
    before: int | None = None
    after: int | None = None


NOTHING_BESIDE = Counts()


def rich_text(
    article: Article, texts: Texts, keyboard: Keyboard = (), *, style: PostStyle = USUAL_STYLE
) -> tuple[Message, ...]:
    """Return the full text as rich messages in their order, with `keyboard` under the last one.

    Of a chat's style it takes only whether there are to be photos at all.
    """
    parts = rich_parts(article.content, _footer(article, texts), pictures=style.photo is not Photo.NONE)
    rtl = runs_rtl(article.language)
    title = f"<b>{escape(cut(article.content.title, _TITLE))}</b>"
    return tuple(
        Message(title, keyboard if number == len(parts) else (), rich_html=html, rich_media=media, is_rtl=rtl)
        for number, (html, media) in enumerate(parts, 1)
    )


def paged_text(article: Article, texts: Texts, keyboard: Keyboard = ()) -> tuple[Message, ...]:
    """Return the full text as pages of which one is shown at a time, with `keyboard` under each."""
    return _pages(article, texts, keyboard, lambda index: ArticlePage(article.id, index).pack(), heading="")


def preview(article: Article, texts: Texts, keyboard: Keyboard, *, told_before: str = "") -> tuple[Message, ...]:
    """Return the pages of a draft as the newsroom sees them, with `keyboard` under each.

    `told_before` (HTML) says which article reported its story before.
    """
    heading = "\n".join(_preview_lines(article, texts, told_before))
    return _pages(
        article, texts, keyboard, lambda index: PreviewPage(article.id, index).pack(), heading=f"{heading}\n\n"
    )


_UNSEEN_STATES = {ArticleState.RETRACTED: "preview-retracted", ArticleState.DROPPED: "preview-dropped"}
"""The states that a preview names, since readers see nothing of the article then."""


def _preview_lines(article: Article, texts: Texts, told_before: str) -> Iterator[str]:
    """Yield the lines (HTML) above a draft: its number, and what its text does not show."""
    yield texts.html("preview-title", id=texts.digits(str(article.id)))
    if article.state in _UNSEEN_STATES:
        yield escape(texts(_UNSEEN_STATES[article.state]))
    if told_before:
        yield told_before
    if article.follows_id is not None:
        yield texts.html("preview-follows", id=texts.digits(str(article.follows_id)))
    if article.scheduled_at is not None:
        yield texts.html("preview-planned", when=texts.datetime(article.scheduled_at))
    if article.breaking:
        yield escape(texts("breaking-mark"))
    if attached := in_words(article.content, texts):
        yield escape(texts("preview-attached", attached=attached))
    elif article.content.photo:
        yield escape(texts("preview-photo"))


def proposal_preview(article: Article, texts: Texts, keyboard: Keyboard) -> tuple[Message, ...]:
    """Return the pages of an article as its source proposes it, with `keyboard` under each."""
    heading = texts.html("proposal-title", id=texts.digits(str(article.id)))
    return _pages(
        article, texts, keyboard, lambda index: ProposalPage(article.id, index).pack(), heading=f"{heading}\n\n"
    )


def _pages(
    article: Article, texts: Texts, keyboard: Keyboard, data: Callable[[int], str], *, heading: str
) -> tuple[Message, ...]:
    """Return the pages of a text; `data` gives what the button of a page's index carries."""
    mark = RLM if runs_rtl(article.language) else ""
    title = f"{mark}<b>{escape(cut(article.content.title, _TITLE))}</b>"
    bodies = split_html("\n\n".join(_parts(article, texts, mark)), _PAGE_UNITS)
    messages = []
    for index, body in enumerate(bodies):
        count = "" if len(bodies) == 1 else f"\n{escape(texts('page-of', page=index + 1, pages=len(bodies)))}"
        turns = paging(
            texts,
            data(index - 1) if index > 0 else "",
            data(index + 1) if index + 1 < len(bodies) else "",
        )
        messages.append(Message(f"{heading}{title}{count}\n\n{body}", turns + keyboard))
    return tuple(messages)


def _parts(article: Article, texts: Texts, mark: str) -> Iterator[str]:
    """Yield what stands below the title on a text's pages, as HTML; each line begins with `mark`."""
    content = article.content
    # Every page bears the title, a very long one only as far as there is room: the first page then has it whole.
    if length(content.title) > _TITLE:
        yield f"{mark}<b>{escape(content.title)}</b>"
    if content.lead:
        yield f"{mark}<b>{escape(content.lead)}</b>"
    for is_gallery, blocks in groupby(content.body, is_bare_picture):
        if not is_gallery:
            yield from (f"{mark}{text}" for block in blocks if (text := block_html(block, mark)))
        elif links := _picture_links([block.url for block in blocks], texts):
            yield f"{mark}{links}"
    yield "\n".join(map(texts.line, _footer(article, texts)))


def _picture_links(addresses: Sequence[str], texts: Texts) -> str:
    """Return links to pictures that stand together, as HTML on one line; "" where none has an address."""
    shown = [address for address in addresses if is_web_address(address)][:_LINKED_PICTURES]
    links = (
        f'<a href="{escape(address)}">🖼 {texts.digits(str(place))}</a>' for place, address in enumerate(shown, 1)
    )
    return " · ".join(links)


def block_html(block: Block, mark: str = "") -> str:
    """Return a block as Telegram HTML; each further line of a list begins with `mark`."""
    match block.kind:
        case BlockKind.HEADING:
            return f"<b>{block.html}</b>"
        case BlockKind.QUOTE:
            return f"<blockquote>{block.html}</blockquote>"
        case BlockKind.LIST:
            return f"\n{mark}".join(_points(block))
        case BlockKind.TABLE:
            return f"\n{mark}".join(_table_lines(block))
        case BlockKind.IMAGE:
            link = f'<a href="{escape(block.url)}">🖼</a> ' if is_web_address(block.url) else ""
            return f"{link}<i>{block.html}</i>" if block.html else ""
        case _:
            return block.html


def _points(block: Block) -> Iterator[str]:
    """Yield the points of a list, each behind its number or a bullet."""
    for number, item in enumerate(block.items, 1):
        yield f"{number}. {item}" if block.ordered else f"• {item}"


def _table_lines(block: Block) -> Iterator[str]:
    """Yield the rows of a table, each as a line of HTML; the names of columns are bold."""
    for place, row in enumerate(block.rows):
        cells = [cell.replace("\n", " ") or "–" for cell in row]
        if block.headed and place == 0:
            cells = [f"<b>{cell.replace('<b>', '').replace('</b>', '')}</b>" for cell in cells]
        yield " | ".join(cells)


def _footer(article: Article, texts: Texts) -> list[str]:
    content = article.content
    lines = [escape(hashtags(article, texts, most=_FOOTER_TAGS))]
    if content.section:
        lines.append(texts.html("article-section", section=cut(content.section, _FOOTER_LINE)))
    if content.byline:
        lines.append(texts.html("article-byline", byline=cut(content.byline, _FOOTER_LINE)))
    lines.append(texts.html("article-number", number=texts.digits(str(article.id))))
    if article.published_at:
        lines.append(escape(texts.datetime(article.published_at)))
    if content.note:
        lines.append(texts.html("article-note", note=content.note))
    if source := source_of(article):
        lines.append(f'<a href="{escape(source)}">{escape(texts("article-source"))}</a>')
    return lines


def source_of(article: Article) -> str:
    """Return the address of what the article was made from, "" where there is none that a link may have."""
    return next((url for url in (article.content.link, article.url) if is_web_address(url)), "")


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
    article: Article, texts: Texts, bot_username: str, *, saved: bool, counts: Counts = NOTHING_BESIDE
) -> Keyboard:
    """Return the buttons of a reader: see what goes with an article, bookmark it, share it, comment, read on."""
    rows: list[tuple[Button, ...]] = [
        (
            Button(
                texts("button-unsave" if saved else "button-save"), BookmarkArticle(article.id, on=not saved).pack()
            ),
            share_button(article_link(bot_username, article.id), article.content.title, texts),
        ),
        (
            Button(_comments_in_words(counts.comments, texts), OpenComments(article.id).pack()),
            Button(texts("button-related"), RelatedArticles(article.id).pack()),
        ),
    ]
    if counts.elsewhere:
        label = texts("button-elsewhere", count=counts.elsewhere)
        rows.append((Button(label, OpenElsewhere(article.id).pack()),))
    beside = (("button-story-before", counts.before), ("button-story-after", counts.after))
    if near := tuple(Button(texts(key), OpenArticle(id_).pack()) for key, id_ in beside if id_ is not None):
        rows.append(near)
    more = Button(
        texts("button-more-of-category"), ListPage(ListScope(category_id=article.category.id), NEWEST).pack()
    )
    source = source_of(article)
    rows.append((Button(texts("button-source"), url=source), more) if source else (more,))
    if count := len(attachments(article.content)):
        attached = Button(texts("button-attachments", count=count), SendAttachments(article.id).pack())
        rows.insert(0, (attached,))
    return tuple(rows)


def share_button(link: str, title: str, texts: Texts) -> Button:
    """Return the button that lets a reader send a link on, with words above it that say where it leads."""
    words = quote(cut(" ".join(title.split()), _SHARED_TITLE), safe="")
    return Button(texts("button-share"), url=f"https://t.me/share/url?url={quote(link, safe='')}&text={words}")


def _comments_in_words(count: int, texts: Texts) -> str:
    if count == 0:
        return texts("button-comments")
    if count > MOST_COUNTED:
        return texts("button-comments-many", count=MOST_COUNTED)
    return texts("button-comments-counted", count=count)
