"""When an article was published, as its page says (pure). Instants are milliseconds UTC."""

from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser

from bot.ingest.markup.dates import read_date
from bot.ingest.markup.dom import meta, node_text
from bot.ingest.page.metadata_labels import labelled_date
from bot.ingest.page.site_profiles import Form
from persian.jalali import parse_clock, parse_datetime

_BEHIND_CHARS = 400
_ABOVE_CHARS = 120
_TODAY = "امروز"


def find_date(
    tree: LexborHTMLParser, form: Form, page_text: str, title: str, stamp: str, zone: ZoneInfo
) -> int | None:
    """Return the date: a visible Jalali one of the form or its label wins, then ISO, then one near the title.

    `page_text` is the page's text up to the end of the article, `stamp` the date in its JSON-LD. A date
    elsewhere, as today's in the header or a comment's, is never taken.
    """
    for selector in form.date:
        for node in tree.css(selector):
            if (at := parse_datetime(node_text(node), zone)) is not None:
                return at
    if (at := labelled_date(page_text, zone)) is not None:
        return at
    stamps = [meta(tree, "article:published_time", "og:article:published_time", "datePublished", "pubdate"), stamp]
    stamps += [node.attributes.get("datetime") or "" for node in tree.css("time[datetime]")[:3]]
    for text in stamps:
        if text and (at := read_date(text, zone)) is not None:
            return at
    return _near_title(page_text, title, zone)


def _near_title(page_text: str, title: str, zone: ZoneInfo) -> int | None:
    """Return a date with a clock behind the title, else right above it."""
    at = page_text.find(title[:60])
    if at < 0:
        return None
    end = page_text.rfind(title[:60], at, at + _BEHIND_CHARS) + len(title)
    behind, above = page_text[end : end + _BEHIND_CHARS], page_text[max(0, at - _ABOVE_CHARS) : at]
    for near in (behind, above if _TODAY not in above else ""):
        if parse_clock(near) is not None and (found := parse_datetime(near, zone, last=near is above)) is not None:
            return found
    return None
