"""Media of sources beside those of the newsroom, in one article (pure)."""

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.newsroom.limits import MOST_ATTACHMENTS
from storage.records import Content, Media

_FILE = re.compile(r"\.(?:mp4|m4v|mov|webm|mkv|mp3|m4a|aac|ogg|oga|opus|wav|flac)$", re.IGNORECASE)


def medium_key(media: Media) -> str:
    """Return a key that is equal for two addresses of one medium.

    Behind the name of a file a query is a signature or a counter, which changes with every reading.
    """
    path, _, query = media.file.partition("#")[0].partition("?")
    return f"{media.kind}:{path}" if _FILE.search(path) or not query else f"{media.kind}:{path}?{query}"


def distinct_media(media: Iterable[Media]) -> tuple[Media, ...]:
    """Return each medium once, by its first address."""
    fetched: dict[str, Media] = {}
    for medium in media:
        fetched.setdefault(medium_key(medium), medium)
    return tuple(fetched.values())


def same_media(first: Iterable[Media], second: Iterable[Media]) -> bool:
    """Return whether two lists are of the same media, whatever else their source declares of them."""
    return [medium_key(media) for media in first] == [medium_key(media) for media in second]


def foreign(media: Iterable[Media]) -> tuple[Media, ...]:
    """Return those of the media that are a source's."""
    return tuple(medium for medium in media if medium.is_foreign)


def with_newsrooms_own(fresh: Content, present: Content) -> Content:
    """Return a source's new content for an article that has the content `present`.

    The note and the attachments of the newsroom stay, and those of the source follow them, as many as an article
    may have. Media that are the same stay as they are.
    """
    kept = tuple(medium for medium in present.media if not medium.is_foreign)
    room = max(0, MOST_ATTACHMENTS - len(kept) - bool(present.photo and "://" not in present.photo))
    offered, known = foreign(fresh.media)[:room], foreign(present.media)
    return replace(fresh, note=present.note, media=kept + (known if same_media(offered, known) else offered))
