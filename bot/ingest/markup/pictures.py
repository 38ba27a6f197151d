"""The address of the photo that an element of a page shows (pure).

Pages name a photo in `src`, in the attributes of scripts that load it late, in `srcset` (HTML Living Standard,
"srcset attributes") and in the <noscript> beside it. Tracking pixels, spacers, logos and avatars are no photos.
"""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from bot.ingest.markup.sanitise import absolute_url

IMAGE_TAGS = frozenset(("img", "amp-img", "amp-anim"))

_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
# fmt: off
_SINGLE = (
    "data-large_image", "data-full", "data-full-src", "data-original", "data-orig-file", "data-lazy-src",
    "data-lazy", "data-src", "data-echo", "src",
)
# fmt: on
# Scripts that load pictures late name their attributes as they like.
_LAZY = re.compile(r"data-[\w-]{0,30}?(?:src|url|img|image|lazy|full|large|orig|hi-?res|photo)[\w-]{0,30}")
_IMAGE_ENDINGS = "jpe?g|png|webp|avif|gif"
_IMAGE_ADDRESS = re.compile(rf"\S+\.(?:{_IMAGE_ENDINGS})(?:[?#]\S*)?", re.IGNORECASE)
_LONGEST_SET = 8_000
_LONGEST_ADDRESS = 2_048
_SIZE = re.compile(
    r"(?:[-_@](?:\d{2,4}x\d{2,4}|\d{2,4}w|[23]x|scaled|large|medium|small|thumb(?:nail)?|full)){1,3}$",
    re.IGNORECASE,
)
# Sites make pictures smaller by a folder of the size or by the parameters behind the file's name.
_SIZE_FOLDER = re.compile(
    r"(?:/(?:size|sizes|styles|resize|thumbs?|thumbnails?|fit-in|crop|cache))?"
    r"/(?:[whc]_?\d{2,4}(?:[,_x-][whc]?_?\d{2,4})*|\d{2,4}x\d{2,4}|resize:[\w:-]{1,30})(?=/)",
    re.IGNORECASE,
)
# "image.jpg" may be another picture in each folder.
_TELLING_NAME = re.compile(r"\d{3}|.{12}")
_MOST_CANDIDATES = 40
_WIDEST = 2560
_TINY = 48
_CANDIDATE = re.compile(r"([^\s,](?:\S*[^\s,])?)(?:\s+(\d+(?:\.\d+)?)([wx]))?[^,]*(?:,|$)")
_DIRECTORY = re.compile(
    r"/(?:avatars?|gravatars?|logos?|icons?|emojis?|smil(?:ey|ie)s|sprites?|pixels?|badges?|authors?|writers?|columnists?|journalists?)/",
    re.IGNORECASE,
)
# fmt: off
_WORDS = frozenset((
    "logo", "logotype", "avatar", "gravatar", "favicon", "icon", "sprite", "spacer", "blank", "pixel",
    "transparent", "placeholder", "loading", "loader", "tracker", "tracking", "beacon", "emoji", "smiley", "nopic",
    "noimage", "nophoto", "1x1", "noimg", "nothumb", "nopicture", "ogimage", "socialshare", "sharecard",
    "shareimage", "socialcard", "opengraph", "opengraphimage", "facebookshare", "twittercard", "null", "undefined",
))
# A file's whole name: as a part of another, as of a video's "hqdefault", it says nothing.
_DEFAULTS = frozenset((
    "default", "defaultimage", "defaultimg", "defaultphoto", "defaultpic", "defaultnews", "defaultpost",
    "defaultthumb", "defaultthumbnail", "defaultog", "defaultshare", "newsdefault", "imagedefault",
    "ogdefault", "sharedefault",
))
_QUALIFIERS = frozenset((
    "site", "header", "footer", "main", "default", "user", "new", "mobile", "desktop", "small", "big", "large",
    "white", "black", "dark", "light", "retina", "fa", "en", "ar", "image", "photo", "pic", "no",
))
# fmt: on
_MISSING = ("noimage", "nophoto", "nopic", "nothumb", "noimg", "imagenotfound", "imagenotavailable")
# A long name tells of a story ("company-shows-its-new-logo"), a short one of the file's use.
_STORY_WORDS = 5
_VIDEO_STILL = re.compile(r"/vi(?:_webp)?/")
_HOSTS = re.compile(
    r"(?:^|\.)(?:gravatar\.com|doubleclick\.net|scorecardresearch\.com|google-analytics\.com|feedburner\.com|"
    r"quantserve\.com|wp\.com/g|imrworldwide\.com|yektanet\.com)$|^(?:pixel|stats?|track(?:ing)?|analytics|counter)\.",
    re.IGNORECASE,
)
_NO_PHOTO = re.compile(r"\.(?:svgz?|ico|cur)$", re.IGNORECASE)
_CLASSES = re.compile(r"(?:^|[\s_-])(?:avatar|logo|emoji|icon|wp-smiley|spacer|pixel)(?=$|[\s_-])", re.IGNORECASE)
_STYLED_TINY = re.compile(r"(?:^|;)\s*(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|$)", re.IGNORECASE)
_FILE = r"(?:gif|png|jpe?g|webp|svg|php|aspx?|ashx)(?:$|[?#])"
_DECORATION = re.compile(
    # Who wrote it, and faces.
    r"gravatar\.com/|//lh\d\.googleusercontent\.com/a-?/|//(?:ui-)?avatars?\d*\.|//graph\.facebook\.com/[^/]+/picture"
    r"|/avatars?/|/(?:default[-_])?avatar[-_]?\d*\." + _FILE + r"|/userpics?/|/profile_images/"
    r"|/(?:tw)?emojis?/|/smil(?:ies|eys?)/|/emoticons?/"
    # Who counts readers.
    r"|feedburner\.com/|feedsportal\.com/|doubleclick\.net/|google-analytics\.com/|googlesyndication\.com/"
    r"|scorecardresearch\.com/|statcounter\.com/|quantserve\.com/|amazon-adsystem\.com/|stats\.wordpress\.com/"
    r"|//(?:pixel|track|tracking|tracker|stats?|analytics|beacon|counter|metrics)\d*(?:\.[\w-]+){2,}/"
    r"|/(?:pixel|track|tracking|beacon|counter|impression|piwik|matomo)(?:/|\."
    + _FILE
    + r"|[?#]|$)|/[a-z]\.gif[?#]"
    # What holds a place, and the site's own signs.
    r"|/(?:blank|spacer|transparent|clear|empty|dot|1x1|1px|placeholder|lazy(?:load)?|loading|loader|no[-_]?image)"
    r"(?:[-_]?\d+(?:x\d+)?)?\." + _FILE + r"|/(?:site[-_]?|header[-_]?|footer[-_]?|main[-_]?)?logo"
    r"(?:[-_]?(?:\d++(?:x\d++)?|fa|en|ar|site|small|default|header|footer|main|white|dark|new))*+\."
    + _FILE
    + r"|/favicon|\.(?:svg|ico)(?:$|[?#])",
    re.IGNORECASE,
)
_IMAGE_FILE = re.compile(rf"\.(?:{_IMAGE_ENDINGS})$", re.IGNORECASE)


def picture_of(node: LexborNode, base: str) -> str:
    """Return the largest sensible address of the photo that an <img> or <amp-img> shows; "" where it shows none."""
    attributes = node.attributes
    # AMP takes the width and height of a responsive picture for its proportions.
    is_ratio = node.tag == "amp-img" and attributes.get("layout") == "responsive"
    if (_is_tiny(attributes) and not is_ratio) or _CLASSES.search(attributes.get("class") or ""):
        return ""
    urls = (absolute_url(candidate, base) for candidate in _candidates(node))
    return next((url for url in urls if url and is_photo(url)), "")


def _candidates(node: LexborNode) -> Iterator[str]:
    """Yield what may be the address of the picture that an element shows: the largest of a set comes first."""
    sources = [node, *_picture_sources(node)]
    yield max((sized for source in sources for sized in _sized(source)), key=_sensible, default=(0.0, ""))[1]
    yield from _values(node, _SINGLE)
    fallback = _noscript_image(node)
    if fallback is not None:
        yield from _values(fallback, _SINGLE)
    yield from _lazy_values(node.attributes)


def is_photo(url: str) -> bool:
    """Return whether an absolute address may be a photo, not a logo, avatar, icon, spacer or tracking pixel."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    path = unquote(parts.path)
    if _DECORATION.search(url) or _leads_to_no_photo(parts.hostname or "", path):
        return False
    words = _words_of_name(path)
    if path.strip("/") == "" and not parts.query:
        return False  # the site itself
    if "".join(words) in _DEFAULTS and not _VIDEO_STILL.search(path):
        return False
    return len(words) >= _STORY_WORDS or not _names_decoration(words)


def _leads_to_no_photo(host: str, path: str) -> bool:
    """Return whether a host or a path has no photos of articles."""
    return (_HOSTS.search(host) or _NO_PHOTO.search(path) or _DIRECTORY.search(path)) is not None


def _words_of_name(path: str) -> list[str]:
    """Return the words of a file's name without its ending and its numbers, in lower case."""
    name = path.rstrip("/").rpartition("/")[2].rpartition(".")[0] or path.rpartition("/")[2]
    return [word.lower() for word in re.split(r"[-_.\s]+", name) if word and not word.isdigit()]


def _names_decoration(words: Sequence[str]) -> bool:
    """Return whether a file's name says what it is for: "site-logo", "logo-white", "no-image", not "emoji-day"."""
    if "".join(words).startswith(_MISSING) or "".join(words) in _WORDS or (words and words[-1] in _WORDS):
        return True
    return bool(words) and words[0] in _WORDS and _QUALIFIERS.issuperset(words[1:])


def is_image_file(url: str) -> bool:
    """Return whether an address is that of a picture's file, as a link from a preview to the whole picture is."""
    return _IMAGE_FILE.search(url.partition("?")[0].partition("#")[0]) is not None


def is_same_picture(address: str, other: str) -> bool:
    """Return whether two addresses are one picture's, in two sizes or formats: sites name these after one file."""
    if address == other:
        return True
    try:
        first, second = urlsplit(address), urlsplit(other)
    except ValueError:
        return False
    if first.hostname != second.hostname:
        return False
    names = [_file_stem(parts.path) for parts in (first, second)]
    if names[0] == names[1] and _TELLING_NAME.search(names[0]) is not None:
        return True
    whole = [_SIZE_FOLDER.sub("", unquote(parts.path)) for parts in (first, second)]
    return whole[0] == whole[1] and is_image_file(whole[0])


def _file_stem(path: str) -> str:
    """Return the name of a picture's file without its ending and its size."""
    return _SIZE.sub("", unquote(path).rpartition("/")[2].rpartition(".")[0]).lower()


def _lazy_values(attributes: dict[str, str | None]) -> Iterator[str]:
    """Yield the addresses of pictures in attributes of any name that a script may load them from."""
    for name, value in attributes.items():
        if value and len(value) <= _LONGEST_ADDRESS and _LAZY.fullmatch(name) and _IMAGE_ADDRESS.fullmatch(value):
            yield value


def is_lazy(node: LexborNode) -> bool:
    """Return whether a script is to show an <img>, which may be hidden until then."""
    return node.tag == "img" and any(name.startswith("data-") for name in node.attributes)


def _picture_sources(node: LexborNode) -> list[LexborNode]:
    parent = node.parent
    return parent.css("source")[:_MOST_CANDIDATES] if parent is not None and parent.tag == "picture" else []


def _sized(node: LexborNode) -> Iterator[tuple[float, str]]:
    """Yield (width or density, address) of each candidate of an element's sets."""
    for value in _values(node, _SETS):
        for at, match in enumerate(_CANDIDATE.finditer(value[:_LONGEST_SET])):
            if at >= _MOST_CANDIDATES:
                break
            if not match[1].startswith("data:"):
                yield float(match[2] or 1), match[1]


def _sensible(candidate: tuple[float, str]) -> float:
    """Order candidates by size; one that is wider than any screen counts less than all others."""
    return candidate[0] if candidate[0] <= _WIDEST else -candidate[0]


def _values(node: LexborNode, names: tuple[str, ...]) -> Iterator[str]:
    attributes = node.attributes
    return (value for name in names if (value := attributes.get(name)) and not value.startswith("data:"))


def repeats_lazy(noscript: LexborNode, base: str) -> bool:
    """Return whether a <noscript> stands right behind the picture that it shows to readers without scripts."""
    before = noscript.prev
    while before is not None and _is_blank(before):
        before = before.prev
    return before is not None and before.tag in IMAGE_TAGS and picture_of(before, base) != ""


def _noscript_image(node: LexborNode) -> LexborNode | None:
    """Return the picture in the <noscript> that stands right behind a lazy one."""
    following = node.next
    while following is not None and _is_blank(following):
        following = following.next
    return following.css_first("img") if following is not None and following.tag == "noscript" else None


def _is_blank(node: LexborNode) -> bool:
    return node.tag == "-text" and not (node.text_content or "").strip()


def _is_tiny(attributes: dict[str, str | None]) -> bool:
    sizes = (attributes.get("width") or "", attributes.get("height") or "")
    tiny = any(
        size.isdecimal() and int(size[:6]) <= _TINY for size in (length.removesuffix("px") for length in sizes)
    )
    return tiny or _STYLED_TINY.search(attributes.get("style") or "") is not None
