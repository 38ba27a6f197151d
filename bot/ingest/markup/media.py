"""Videos and sounds that a source names or shows (pure).

A medium is a file that Telegram may take, or a page that plays it. Streams (HLS, DASH) are neither.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.ingest.markup.excluded_markup import is_beside
from bot.ingest.markup.lead_picture import number_in
from bot.ingest.markup.sanitise import absolute_url
from bot.newsroom.source_media import distinct_media
from bot.render.media_limits import BY_ADDRESS_BYTES, UPLOAD_BYTES
from persian.foreign_text import one_line
from storage.records import PLAYER, Media, MediaKind

MOST_MEDIA = 5
"""Media of one article that are kept of its source."""

_TYPES = {
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "flac": "audio/flac",
}
_SAME_TYPES = {
    "audio/mp3": "audio/mpeg",
    "audio/x-mp3": "audio/mpeg",
    "audio/x-mpeg": "audio/mpeg",
    "audio/mpeg3": "audio/mpeg",
    "audio/m4a": "audio/mp4",
    "audio/x-m4a": "audio/mp4",
    "video/x-m4v": "video/mp4",
    "video/mpeg4": "video/mp4",
    "application/mp4": "video/mp4",
    "application/ogg": "audio/ogg",
    "audio/opus": "audio/ogg",
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "text/html": PLAYER,
    "application/xhtml+xml": PLAYER,
}
_BEST_TYPES = ("video/mp4", "audio/mpeg", "audio/mp4")
_STREAM = re.compile(r"\.(?:m3u8?|mpd|f4m|ism(?:/manifest)?|pls|ts)$", re.IGNORECASE)
_STREAM_TYPES = ("mpegurl", "dash+xml", "x-scpls", "x-shockwave", "f4m")
_LONGEST_TITLE = 200
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):(\d{1,2})(?:\.\d+)?")
_ISO_DURATION = re.compile(
    r"P(?:(\d{1,3})D)?T?(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,7})(?:\.\d+)?S)?", re.IGNORECASE
)
_PLAYERS = 'iframe[src], iframe[data-src], amp-youtube[data-videoid], script[src*="aparat.com/embed/"]'
_ELEMENTS = "video, audio, amp-video, amp-audio"
_MOST_NODES = 30
_ID = r"([\w-]{5,40})"
_VIDEO_ID = re.compile(_ID)
_PLAYER_PAGES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"aparat\.com/video/video/embed/videohash/{_ID}"), "https://www.aparat.com/v/{}"),
    (re.compile(rf"aparat\.com/(?:embed|v)/{_ID}"), "https://www.aparat.com/v/{}"),
    (
        re.compile(rf"youtube(?:-nocookie)?\.com/(?:embed|v|shorts)/(?!videoseries){_ID}"),
        "https://www.youtube.com/watch?v={}",
    ),
    (re.compile(rf"//youtu\.be/{_ID}"), "https://www.youtube.com/watch?v={}"),
    (re.compile(rf"player\.vimeo\.com/video/{_ID}"), "https://vimeo.com/{}"),
    (re.compile(rf"dailymotion\.com/embed/video/{_ID}"), "https://www.dailymotion.com/video/{}"),
)


@dataclass(frozen=True, slots=True)
class DeclaredMedium:
    """A source's words of a medium, as written: `medium` is "video" or "audio", the rest as in Media."""

    url: str
    mime: str = ""
    medium: str = ""
    size: str = ""
    duration: str = ""
    width: str = ""
    height: str = ""
    poster: str = ""
    title: str = ""


def medium_of(evidence: DeclaredMedium, base: str) -> Media | None:
    """Return the medium that a source declares, seen from `base`; None where it is no video or sound."""
    address = absolute_url(evidence.url, base)
    if not address:
        return None
    if page := player_page(address):
        return _player(page, evidence.title)
    mime = _type_of(address, evidence.mime)
    if mime == "":
        # A name without an ending says nothing: the element, or the word, in which it stands does.
        mime = {"video": "video/mp4", "audio": "audio/mpeg"}.get(evidence.medium.lower(), "")
    kind = mime.partition("/")[0]
    if kind not in ("video", "audio"):
        return None
    return Media(
        MediaKind.VIDEO if kind == "video" else MediaKind.AUDIO,
        address,
        mime=mime,
        size=number_in(evidence.size),
        duration=seconds_of(evidence.duration),
        width=number_in(evidence.width.removesuffix("px")),
        height=number_in(evidence.height.removesuffix("px")),
        poster=absolute_url(evidence.poster, base),
        title=_title(evidence.title),
    )


def player_page(address: str) -> str:
    """Return the page of a known site that plays what an address embeds, "" for any other address."""
    for embedded, page in _PLAYER_PAGES:
        if match := embedded.search(address):
            return page.format(match[1])
    parts = urlsplit(address)
    if (parts.hostname or "").removeprefix("www.") in ("youtube.com", "m.youtube.com") and parts.path == "/watch":
        ids = parse_qs(parts.query).get("v", [""])
        return _PLAYER_PAGES[2][1].format(ids[0]) if _VIDEO_ID.fullmatch(ids[0]) else ""
    return ""


def best(variants: Sequence[Media]) -> Media:
    """Return the one of several files of the same medium that Telegram takes best.

    That is one of a type which it plays, small enough to be fetched, else to be uploaded; of these the largest.
    """
    return max(variants, key=_fitness)


def media_in(tree: LexborHTMLParser, base: str) -> tuple[Media, ...]:
    """Return the media that elements of a page or a piece of HTML play, but for those beside the article."""
    nodes = tree.css(_ELEMENTS)[:_MOST_NODES] + tree.css(_PLAYERS)[:_MOST_NODES]
    media = (medium for node in nodes if not is_beside(node) and (medium := _played(node, base)))
    return distinct_media(media)[:MOST_MEDIA]


def merged(*lists: Sequence[Media]) -> tuple[Media, ...]:
    """Merge the media of several declarations: the first that declares any of a kind decides about it.

    A page that plays a video counts only where nothing declares its file.
    """
    kinds = dict.fromkeys(medium.kind for media in lists for medium in media)
    return distinct_media(medium for kind in kinds for medium in _of_kind(kind, lists))[:MOST_MEDIA]


def _of_kind(kind: MediaKind, lists: Sequence[Sequence[Media]]) -> list[Media]:
    tellings = [[medium for medium in media if medium.kind is kind] for media in lists]
    files = [[medium for medium in media if medium.mime != PLAYER] for media in tellings]
    return next(filter(None, (*files, *tellings)), [])


def seconds_of(duration: str) -> int:
    """Return a duration in whole seconds, 0 where it cannot be read: "95", "1:35", "0:01:35.0" or "PT1M35S"."""
    duration = duration.strip()
    if match := _CLOCK.fullmatch(duration):
        return int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])
    if duration[:1] in ("P", "p") and (match := _ISO_DURATION.fullmatch(duration)):
        days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    return number_in(duration.partition(".")[0])


def _played(node: LexborNode, base: str) -> Media | None:
    tag, attributes = (node.tag or "").removeprefix("amp-"), node.attributes
    if tag == "youtube":
        return medium_of(
            DeclaredMedium(f"https://www.youtube.com/embed/{attributes.get('data-videoid') or ''}"), base
        )
    if tag in ("video", "audio"):
        variants = [] if _is_decoration(attributes) else list(_variants(node, tag, base))
        return best(variants) if variants else None
    page = player_page(absolute_url(_source_of(node), base))
    return _player(page, attributes.get("title") or "") if page else None


def _variants(node: LexborNode, tag: str, base: str) -> Iterator[Media]:
    """Yield the files of one video or sound that can be played."""
    attributes = node.attributes
    frame = DeclaredMedium(
        "",
        medium=tag,
        width=attributes.get("width") or "",
        height=attributes.get("height") or "",
        poster=attributes.get("poster") or "",
        title=attributes.get("title") or attributes.get("aria-label") or "",
    )
    for source in (node, *node.css("source")[:_MOST_NODES]):
        file = replace(frame, url=_source_of(source), mime=source.attributes.get("type") or "")
        if (medium := medium_of(file, base)) is not None:
            yield medium


def _source_of(node: LexborNode) -> str:
    return node.attributes.get("src") or node.attributes.get("data-src") or ""


def _is_decoration(attributes: dict[str, str | None]) -> bool:
    """Return whether a video plays by itself, again and again without sound: a background or an advertisement."""
    return {"autoplay", "loop", "muted"} <= attributes.keys() and "controls" not in attributes


def _type_of(address: str, mime: str) -> str:
    """Return the MIME type of a file: what its name says, else what is declared; "" where nothing is known.

    Servers declare the wrong type more often than names end wrongly. A stream has the type "stream".
    """
    path = unquote(urlsplit(address).path)
    mime = mime.partition(";")[0].strip().lower()
    if _STREAM.search(path) or any(word in mime for word in _STREAM_TYPES):
        return "stream"
    return _TYPES.get(path.rpartition(".")[2].lower(), "") or _SAME_TYPES.get(mime, mime)


def _fitness(media: Media) -> tuple[bool, bool, bool, int, int]:
    return (
        media.mime in _BEST_TYPES,
        media.size <= UPLOAD_BYTES,
        media.size <= BY_ADDRESS_BYTES,
        media.width * media.height,
        media.size,
    )


def _player(page: str, title: str) -> Media:
    return Media(MediaKind.VIDEO, page, mime=PLAYER, title=_title(title))


def _title(text: str) -> str:
    return one_line(text)[:_LONGEST_TITLE]
