"""A post of a public Telegram channel -> an article (pure).

`https://t.me/channel/123` itself shows hardly more than a link into the app; as the widget that other sites embed
it has the whole post, with its date. The preview of a channel, `https://t.me/s/channel`, has many such widgets.
"""

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from bot.errors import SourceError
from bot.ingest.feed.entry_text import title_from, without_title
from bot.ingest.identity.telegram_posts import channel_of, post_address
from bot.ingest.items import PageArticle
from bot.ingest.markup.blocks import to_blocks
from bot.ingest.markup.dates import read_date
from bot.ingest.markup.dom import attribute
from bot.ingest.markup.pictures import is_photo
from bot.ingest.markup.sanitise import absolute_url, escape, text_of
from bot.ingest.page.document import PageDocument
from persian.direction import is_in_arabic_script, runs_rtl
from persian.foreign_text import one_line
from storage.records import Block, BlockKind

_BACKGROUND = re.compile(r"background-image:\s?url\(['\"]?([^'\")]{4,2000})")
_PICTURES = (
    ".tgme_widget_message_photo_wrap, .tgme_widget_message_video_thumb, .tgme_widget_message_roundvideo_thumb"
)
_NAME_LINE = re.compile(r"\W{0,20}(?:(?:https?://)?t\.me/|@)?(\w{4,32})\W{0,20}", re.IGNORECASE)
_MOST_PICTURES = 20


def telegram_post(page: PageDocument, zone: ZoneInfo, *, now: int) -> PageArticle | None:
    """Return the article of a page that is a Telegram post, None for any other page.

    Its title is made of the beginning of its text. `now` (ms) is the latest date. Raises SourceError where the post
    is gone or has no text.
    """
    address = post_address(page.url)
    if not address:
        return None
    message = _message(page, address)
    blocks = _without_own_name(_blocks(page, message), address)
    title = title_from("", blocks)
    if not title:
        raise SourceError("no text of a post found on the page")
    pictures = tuple(_pictures(page, message)) if message is not None else ()
    at = _date(message, zone) if message is not None else None
    return PageArticle(
        title=title,
        lead="",
        body=(*without_title(blocks, title), *(Block(BlockKind.IMAGE, url=url) for url in pictures[1:])),
        category_words=(),
        number="",
        section="",
        byline="",
        photo=next(iter(pictures), ""),
        pictures=pictures[:1],
        published_at=min(at, now) if at is not None else None,
        language=_language(page, title),
        url=address,
        canonical=address,
        media=page.played,
        profile="telegram",
    )


def _date(message: LexborNode, zone: ZoneInfo) -> int | None:
    stamp = message.css_first(".tgme_widget_message_date time[datetime]")
    return read_date(attribute(stamp, "datetime"), zone) if stamp is not None else None


def _language(page: PageDocument, title: str) -> str:
    """Return the language of a post by the script of its title, and of the page where that runs the same way."""
    if not is_in_arabic_script(title):
        return "en"
    declared = (page.tree.root.attributes.get("lang") or "")[:2].lower() if page.tree.root is not None else ""
    return declared if runs_rtl(declared) else "fa"


def _message(page: PageDocument, address: str) -> LexborNode | None:
    """Return the post's own widget among those of a page, None where the page has none."""
    messages = page.tree.css(".tgme_widget_message[data-post]")
    for message in messages:
        if post_address(f"https://t.me/{message.attributes.get('data-post')}") == address:
            return message
    return None


def _blocks(page: PageDocument, message: LexborNode | None) -> tuple[Block, ...]:
    """Return the text of a post: that of its widget, else of the description that its own page has."""
    if message is not None:
        # A reply shows the text that it answers, too.
        texts = [
            node for node in message.css(".js-message_text, .tgme_widget_message_text") if not _is_quoted(node)
        ]
        return to_blocks(texts[-1], page.base) if texts else ()
    return _described(page)


def _described(page: PageDocument) -> tuple[Block, ...]:
    """Return the text of a post that its own page has as a description."""
    node = page.tree.css_first('meta[property="og:description"]')
    if page.tree.css_first(".tgme_page_post, .tgme_page_widget_wrap") is None or node is None:
        return ()
    lines = (one_line(line) for line in attribute(node, "content").splitlines())
    return tuple(Block(BlockKind.PARAGRAPH, escape(line)) for line in lines if line)


def _is_quoted(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None:
        if "tgme_widget_message_reply" in attribute(parent, "class").split():
            return True
        parent = parent.parent
    return False


def _without_own_name(blocks: tuple[Block, ...], address: str) -> tuple[Block, ...]:
    """Return the text of a post without the last line, where it only names the channel."""
    named = _NAME_LINE.fullmatch(text_of(blocks[-1].html)) if len(blocks) > 1 else None
    return blocks[:-1] if named is not None and named[1].lower() == channel_of(address) else blocks


def _pictures(page: PageDocument, message: LexborNode) -> Iterator[str]:
    for node in message.css(_PICTURES)[:_MOST_PICTURES]:
        named = _BACKGROUND.search(attribute(node, "style"))
        if named and (url := absolute_url(named[1], page.base)) and is_photo(url):
            yield url
