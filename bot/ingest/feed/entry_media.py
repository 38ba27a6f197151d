"""Videos and sounds that a feed names beside an entry's text (pure).

The elements are those of RSS 2.0 (enclosure), Atom (a link whose rel is enclosure), Media RSS
(www.rssboard.org/media-rss) and the podcasts' namespace of Apple.
"""

from collections.abc import Iterator
from html import unescape
from typing import Any

from bot.ingest.feed.misread import MEDIA_TITLE
from bot.ingest.feed.raw_fields import enclosures_of, text_field
from bot.ingest.markup.media import MOST_MEDIA, DeclaredMedium, best, medium_of
from bot.newsroom.source_media import distinct_media
from storage.records import Media

_GROUP, _GROUP_END = "<media:group", "</media:group>"
_MOST_TOLD = 50


def entry_media(raw: Any, markup: str, url: str) -> tuple[Media, ...]:
    """Return the media of an entry in the feed's order. `raw` is feedparser's entry, `markup` its XML.

    The files of a group are one medium, of which the best counts.
    """
    groups = media_groups(markup)
    together: dict[str, list[Media]] = {}
    for evidence in (*_media_files(raw), *_enclosed(raw)):
        if medium := medium_of(evidence, url):
            place = next((f"group {at}" for at, group in enumerate(groups) if evidence.url in group), "")
            together.setdefault(f"{medium.kind} {place}" if place else medium.file, []).append(medium)
    return distinct_media(map(best, together.values()))[:MOST_MEDIA]


def media_groups(markup: str) -> list[str]:
    """Return what stands in each group of an entry, given as its XML."""
    return [unescape(part.rpartition(_GROUP)[2]) for part in markup.split(_GROUP_END)[:-1]]


def _media_files(raw: Any) -> Iterator[DeclaredMedium]:
    """Yield the files that Media RSS names; a still picture or a title is the whole entry's."""
    posters = (text_field(thumbnail, "url") for thumbnail in raw.get("media_thumbnail", ()))
    poster = next(filter(None, posters), "")
    for part in raw.get("media_content", ())[:_MOST_TOLD]:
        yield DeclaredMedium(
            text_field(part, "url"),
            text_field(part, "type"),
            text_field(part, "medium"),
            size=text_field(part, "filesize"),
            duration=text_field(part, "duration"),
            width=text_field(part, "width"),
            height=text_field(part, "height"),
            poster=poster,
            title=text_field(raw, MEDIA_TITLE),
        )


def _enclosed(raw: Any) -> Iterator[DeclaredMedium]:
    enclosures = enclosures_of(raw)[:_MOST_TOLD]
    duration = text_field(raw, "itunes_duration") if len(enclosures) == 1 else ""
    for part in enclosures:
        yield DeclaredMedium(
            text_field(part, "href") or text_field(part, "url"),
            text_field(part, "type"),
            size=text_field(part, "length"),
            duration=duration,
            title=text_field(part, "title"),
        )
