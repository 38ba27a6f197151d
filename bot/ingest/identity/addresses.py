"""Addresses of articles: when two of them lead to the same page (pure).

courlan and url-normalize tidy an address for crawling; they drop parameters that name an article (`?gallery=7`,
`?12345`) and keep others that do not. Here two addresses of different articles must stay different.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qs, parse_qsl, unquote, urlsplit

import idna
from tld import get_fld

from bot.ingest.identity.tracking_parameters import may_tell_of_reader, tells_of_reader
from persian.digits import to_ascii

_MOST_CHARS = 8192
_MOST_PARAMETERS = 100
_DEFAULT_PORTS = frozenset({None, 80, 443})
_VARIANT_HOST = re.compile(r"(?:www\d?|m|mobile|amp|wap)\.(?=.)")
_UNSAFE = re.compile(r"[\x00-\x20\x7f\"#%&+/;<=>?\\^`{|}\udc80-\udcff]")
# XML that was escaped twice leaves these in the place of "&".
_ESCAPED_AMPERSAND = re.compile(r"&(?:(?:amp|#0{0,4}38);)+", re.IGNORECASE)
# https://developers.google.com/amp/cache/overview; /s/ stands for https.
_AMP_CACHE = re.compile(
    r"https?://(?:[\w-]+\.cdn\.ampproject\.org/[civ]|(?:www\.)?google\.[a-z.]{2,6}/amp)/(?:s/)?(?=[^/?#]+\.)",
    re.IGNORECASE,
)
# Search, alerts and messengers lead to a page by way of these.
_REDIRECTOR = re.compile(
    r"https?://(?:(?:www|news)\.google\.[a-z.]{2,6}/url|lm?\.facebook\.com/l\.php|l\.instagram\.com/|t\.me/iv"
    r"|(?:www\.)?bing\.com/news/apiclick\.aspx|(?:www\.)?youtube\.com/redirect|vk\.com/away\.php)"
    r"\?(?:[^#]*&)?(?:url|q|u|to)=(https?(?::|%3A)[^&#]+)",
    re.IGNORECASE,
)
# Some sites name a post by its path alone, whatever parameters people hand on with it.
_POSTS = tuple(
    (re.compile(pattern, re.IGNORECASE), form)
    for pattern, form in (
        (
            r"https?://(?:youtu\.be/|(?:(?:www|m|music)\.)?youtube(?:-nocookie)?\.com/"
            r"(?:(?:shorts|live|embed|v)/|watch\?(?:[^#]{0,300}&)?v=))([\w-]{11})(?=$|[/?#&])",
            "https://www.youtube.com/watch?v={0}",
        ),
        # A channel's preview lists the posts that have pages of their own; case says nothing in its name.
        (
            r"https?://(?:www\.)?(?:t\.me|telegram\.(?:me|dog))/(?:s/)?([a-z]\w{3,31})/(\d{1,12})(?=$|[?#]|/$)",
            "https://t.me/{0}/{1}",
        ),
        (r"tg://resolve/?\?domain=([a-z]\w{3,31})&post=(\d{1,12})(?=$|&)", "https://t.me/{0}/{1}"),
        (
            r"https?://(?:(?:www|mobile|m)\.)?(?:twitter|x)\.com/(\w{1,20}|i/web)/status/(\d{5,20})(?=$|[/?#])",
            "https://x.com/{0}/status/{1}",
        ),
        (r"https?://(?:www\.)?aparat\.com/v/(\w{4,12})(?=$|[/?#])", "https://www.aparat.com/v/{0}"),
    )
)
_CASELESS_NAME = re.compile(r"https://t\.me/")
# An archive keeps copies of pages under their addresses.
_ARCHIVED = re.compile(r"https?://web\.archive\.org/web/\d{1,14}(?:[a-z]{2}_)?/(?=https?://)", re.IGNORECASE)
_OTHER_NAMES = {"telegram.me": "t.me", "telegram.dog": "t.me", "twitter.com": "x.com"}
"""Hosts that are one site, the names of which lead to the same pages."""
# fmt: off
_SHARED_DOMAINS = frozenset((
    "blogfa.com", "blog.ir", "blogsky.com", "persianblog.ir", "mihanblog.com",
    "rozblog.com", "parsiblog.com", "loxblog.com", "wordpress.com", "medium.com",
    "substack.com", "tumblr.com", "livejournal.com", "typepad.com", "wixsite.com",
    "niloblog.com", "samenblog.com", "farsiblog.com", "avablog.ir", "b88.ir", "monoblog.ir", "epage.ir",
    "rasekhoonblog.com", "titrblog.ir", "neocities.org", "ghost.io", "hashnode.dev", "beehiiv.com", "write.as",
    "surge.sh", "squarespace.com", "weebly.com", "over-blog.com", "canalblog.com", "ucoz.ru", "narod.ru", "blog.hu",
    "podbean.com", "libsyn.com", "buzzsprout.com", "transistor.fm", "micro.blog", "tistory.com", "jimdofree.com",
    "mystrikingly.com", "godaddysites.com", "glitch.me", "sourceforge.io",
))
# fmt: on
"""Domains that are missing in the Public Suffix List although each name below them is somebody else's site."""
# fmt: off
_SHARED_HOSTS = frozenset((
    "t.me", "telegram.me", "telegra.ph", "medium.com", "virgool.io", "sites.google.com", "feeds.feedburner.com",
    "eitaa.com", "ble.ir", "rubika.ir", "aparat.com", "twitter.com", "x.com", "facebook.com", "instagram.com",
    "youtube.com", "reddit.com", "linkedin.com", "vk.com", "github.com", "gitlab.com", "dev.to", "rsshub.app",
    "gist.github.com", "gist.githubusercontent.com", "raw.githubusercontent.com", "pastebin.com", "rss.app",
    "soundcloud.com", "pinterest.com", "bsky.app", "tiktok.com", "threads.net", "threads.com", "patreon.com",
    "s3.amazonaws.com", "storage.googleapis.com", "archive.org", "substack.com", "write.as", "anchor.fm",
    "splus.ir", "igap.net", "gap.im",
))
# fmt: on
"""Hosts at which the first name of a path is somebody's site; an address without one is nobody's."""
_NO_OWNER = frozenset(
    {
        "s",
        "c",
        "u",
        "r",
        "a",
        "feed",
        "feeds",
        "rss",
        "raw",
        "view",
        "channel",
        "user",
        "users",
        "profile",
        "details",
    }
)
# No slug has what is left of letters beyond ASCII that were encoded twice.
_ENCODED_TWICE = re.compile(r"(?:%[89A-F][0-9A-F]){2}", re.IGNORECASE)
_SESSION_SEGMENT = re.compile(r"\((?:[A-Z]\([^()]*\))+\)")
# What tells of the reader may stand within a path: a session, or parameters without their question mark.
_READERS_SUFFIX = re.compile(
    r";(?:jsessionid|phpsessid|sessionid|sid|cfid|cftoken)=.*|[&?](?:amp;)?(?:utm_\w{2,12}|fbclid)=.*",
    re.IGNORECASE | re.DOTALL,
)
_COMMENTS = re.compile(r"comment-page-\d{1,4}", re.IGNORECASE)
_ONE_SPELLING = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "\u200c": None, "\u200d": None, "ـ": None})
"""Letters of slugs that a change of system or keyboard writes otherwise."""
_DROPPED_FIRST = frozenset({"fa", "fa-ir", "fa_ir", "amp", "index.php"})
_MOBILE_FIRST = frozenset({"m", "mobile", "mob", "wap", "lite"})
_LEAST_BELOW_MOBILE = 2
PAGE_ENDINGS = "html?|php|aspx?|jsp"
"""The endings of the names of pages, as a regular expression without groups."""
_INDEX = re.compile(rf"(?:index|default)\.(?:{PAGE_ENDINGS})", re.IGNORECASE)
_AMP_ENDING = re.compile(r"\.amp(?=(?:\.html?)?$)", re.IGNORECASE)
_FRONT = re.compile(r"home|homepage|main|index|default|en|ar|fr|tr|ru|de|es|he|it|ku|ps|ur|zh|az", re.IGNORECASE)
_FEED = re.compile(r"(?:rss|feeds?|atom|rdf)2?(?:\.\w{2,5})?|.+\.(?:rss|atom|rdf|xml)", re.IGNORECASE)
_FEED_ENDING = re.compile(r"\.(?:rss|atom|json|xml)$")
_MAY_NAME_PERSON = re.compile(r"[~@]|%7|%40")
_FEED_FOLDER = re.compile(r"rss2?|feeds?", re.IGNORECASE)
_NAMES_NO_ARTICLE = frozenset({"lang", "language", "hl", "locale", "page", "paged", "theme"})
_ARTICLE_FRAGMENT = re.compile(
    r"!.+|/[^\d\n]*+\d.*|(?!comment|more|respond|xtor|echobox)(?:[a-z]{1,12}[-_=/]?)?\d+", re.IGNORECASE
)
_WORD_BREAK = re.compile(r"(?<=\w\w)[-_\s](?=\w)")
_FILE_ENDING = re.compile(rf"\.(?:{PAGE_ENDINGS})$", re.IGNORECASE)
_LONG_WORD = 16
_BEHIND_DATE = re.compile(r"/(?:1[34]|19|20)\d\d/(?:0?[1-9]|1[0-2])/(?:\d{1,2}/)?[^/]+/?$")
_LEAST_CODE = 5
_LEAST_SHARED = 3
"""Words that two slugs of one page share."""
_SPELT_ANEW = 2
_ALIKE = 0.7
_LONGEST_WORD = 40
_TOKEN = re.compile(r"(?=.*[0-9])(?=.*[a-zA-Z])[0-9a-zA-Z_-]{12,}")
"""A random value; one of letters or digits alone may be a name or a number."""


@lru_cache(maxsize=256)
def comparable(address: str) -> str:
    """Return the form that all addresses of one page share, itself an https address.

    "" stands for what is no http(s) address and for what cannot name one article: a site's front page, a feed.
    The form is for comparison; it need not answer a request.
    """
    parts = _split(_unwrapped(address))
    if parts is None:
        return ""
    segments, query = _segments(parts.path), _query(parts.query)
    if _is_feed(segments, query):
        return ""
    path = "".join(f"/{_quoted(segment)}" for segment in segments)
    fragment = _fragment(parts.fragment, kept=not _is_telling(path, query))
    if not fragment and _is_front(segments, query):
        return ""
    form = f"https://{_site(parts)}{path or '/'}"
    written = "&".join(_parameter(name, value) for name, value in query)
    return form + (f"?{written}" if written else "") + (f"#{fragment}" if fragment else "")


def _parameter(name: str, value: str) -> str:
    return f"{_quoted(name)}={_quoted(value)}" if value else _quoted(name)


def _is_front(segments: Sequence[str], query: Sequence[tuple[str, str]]) -> bool:
    """Return whether a path and a query lead to a site's front page, in whatever language."""
    if len(segments) > 1 or (segments and not _FRONT.fullmatch(segments[0])):
        return False
    return all(name in _NAMES_NO_ARTICLE for name, _ in query)


def is_telling(address: str) -> bool:
    """Return whether a comparable address looks like that of one article rather than of a page that lists several.

    `/pod/` and `/status` say which page; a number, a slug of several words or behind a date, or a query say which
    article.
    """
    _, _, rest = address.partition("://")
    _, _, rest = rest.partition("/")
    path, mark, _ = rest.partition("#")
    path, _, query = path.partition("?")
    if mark or _BEHIND_DATE.search(f"/{path}"):
        return True
    return _is_telling(f"/{path}", [(query, "")] if query else [])


def has_moved(old: str, new: str) -> bool:
    """Return whether two different comparable addresses may be one page's: before and after it moved.

    Either the host or the section has changed and the rest names an article, or the path is spelt otherwise, or
    only parameters differ that may tell of the reader. An item's other signals must agree before this counts.
    """
    if not (old and new) or old == new:
        return False
    first, second = urlsplit(old), urlsplit(new)
    if first.path == second.path and first.netloc == second.netloc:
        return differ_in_reader(old, new)
    if first.query != second.query or first.fragment != second.fragment:
        return False
    if first.netloc != second.netloc:
        return first.path == second.path and is_telling(old)
    return _are_spelt_alike(first.path, second.path) or _share_slug(first.path, second.path)


def is_slug_corrected(old: str, new: str) -> bool:
    """Return whether two comparable addresses may be one page's: before and after its slug was corrected.

    A word of several was added, left out or spelt anew; words with digits tell pages apart. Title and date of the
    items must agree before this counts.
    """
    first, second = urlsplit(old), urlsplit(new)
    (folder, _, slug), (other_folder, _, other_slug) = first.path.rpartition("/"), second.path.rpartition("/")
    if (first.netloc, folder, first.query) != (second.netloc, other_folder, second.query):
        return False
    words, others = (frozenset(_WORD_BREAK.split(unquote(part))) for part in (slug, other_slug))
    apart = sorted(words ^ others)
    if len(words & others) < _LEAST_SHARED or any(letter.isdigit() for word in apart for letter in word):
        return False
    return len(apart) == 1 or (len(apart) == _SPELT_ANEW and _are_alike(*apart))


def _are_alike(word: str, other: str) -> bool:
    """Return whether a word is another one but for a few letters."""
    return max(len(word), len(other)) <= _LONGEST_WORD and SequenceMatcher(None, word, other).ratio() > _ALIKE


def _are_spelt_alike(path: str, other: str) -> bool:
    """Return whether two paths are one but for capitals and for Persian or Arabic digits."""
    return to_ascii(path).casefold() == to_ascii(other).casefold()


def _share_slug(path: str, other: str) -> bool:
    """Return whether two paths end in one slug of several words."""
    slug = path.rpartition("/")[2]
    return slug == other.rpartition("/")[2] and len(_WORD_BREAK.findall(unquote(slug))) > 0


def differ_in_reader(old: str, new: str) -> bool:
    """Return whether two comparable addresses are one but for parameters that may tell of the reader.

    Those are values that look like tokens, and, where the path names an article, parameters whose names do not.
    """
    first, second = urlsplit(old), urlsplit(new)
    if old == new or (first.netloc, first.path, first.fragment) != (second.netloc, second.path, second.fragment):
        return False
    changed = _changed_parameters(first.query, second.query)
    if _names_article(first.path) and all(map(may_tell_of_reader, changed)):
        return True
    return bool(changed) and all(_TOKEN.fullmatch(value) for values in changed.values() for value in values)


def _changed_parameters(query: str, other: str) -> dict[str, list[str]]:
    """Return the values of both queries by the names of the parameters that differ; one that is missing is ""."""
    first, second = parse_qs(query, keep_blank_values=True), parse_qs(other, keep_blank_values=True)
    return {
        name: first.get(name, [""]) + second.get(name, [""])
        for name in first.keys() | second.keys()
        if first.get(name) != second.get(name)
    }


def _names_article(path: str) -> bool:
    """Return whether a path alone surely names an article: by a long slug or a number."""
    last = unquote(path.rpartition("/")[2], errors="replace")
    stem = _FILE_ENDING.sub("", last)
    return len(stem) >= _LONG_WORD or any(map(str.isdigit, stem)) or len(_WORD_BREAK.findall(stem)) > 1


def host_of(address: str) -> str:
    """Return the host of an address in lower case and without `www.`, "" where it has none.

    A port that is not the scheme's default belongs to it: another site may answer there.
    """
    try:
        parts = urlsplit(address.strip())
        host, port = (parts.hostname or "").lower().removeprefix("www."), parts.port
    except ValueError:
        return ""
    return host if not host or port in _DEFAULT_PORTS else f"{host}:{port}"


def forms_of_feed(address: str) -> frozenset[str]:
    """Return the addresses at which the feed of an http(s) address answers as well.

    They differ in the scheme, `www.` and a slash at the end; what cannot be read has itself alone.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return frozenset({address})
    bare, path = parts.netloc.removeprefix("www."), parts.path.rstrip("/")
    return frozenset(
        parts._replace(scheme=scheme, netloc=prefix + bare, path=path + end, fragment="").geturl()
        for scheme in ("http", "https")
        for prefix in ("", "www.")
        for end in ("", "/")
    ) | {address}


@lru_cache(maxsize=256)
def same_site(address: str, other: str) -> bool:
    """Return whether two addresses belong to one registrable domain; of hosts without one, host and port count.

    Where the sites of a host are told by paths (`t.me/name`, `/~name/`), these count, too.
    """
    first, second = _place_of(address), _place_of(other)
    if first is None or second is None or not _same_owner(first, second):
        return False
    if first.domain and second.domain:
        return first.domain == second.domain
    return first.site == second.site


@dataclass(frozen=True, slots=True)
class _Place:
    """The site that an address belongs to.

    `site` is its host and port, `domain` the registrable domain. `owner` tells the sites of one host apart; it is
    "" where the path does not tell. `is_shared` is True for a host at which sites are told by paths alone.
    """

    site: str
    domain: str
    owner: str
    is_shared: bool


@lru_cache(maxsize=1024)
def _place_of(address: str) -> _Place | None:
    """Return the place of an http(s) address; None for anything else."""
    parts = _split(address)
    if parts is None:
        return None
    host = _ascii_host(parts.hostname or "")
    is_shared = _plain_host(host) in _SHARED_HOSTS
    return _Place(_site(parts), _registrable(host), _owner(parts.path, is_shared=is_shared), is_shared)


def _same_owner(place: _Place, other: _Place) -> bool:
    """Return whether two addresses belong to one of the sites that share a host by their paths."""
    if place.is_shared or other.is_shared:
        return place.owner == other.owner != ""
    return "" in (place.owner, other.owner) or place.owner == other.owner


def _owner(path: str, *, is_shared: bool) -> str:
    """Return whose site a path leads to at a host that sites share; "" where it does not tell.

    At any host `/~name/` is a person's site, and so is `/@name/`, whose feed may be `/@name.rss`.
    """
    if not is_shared and not _MAY_NAME_PERSON.search(path):
        return ""  # most addresses: nothing is to be decoded
    # As in `comparable`, ways back and prefixes say nothing: one page has one owner, however it is written.
    names = [segment.casefold() for segment in _segments(path)]
    if names and names[0].startswith(("~", "@")):
        return _FEED_ENDING.sub("", names[0]).removeprefix("@")
    return _named_owner(names) if is_shared else ""


def _named_owner(names: Sequence[str]) -> str:
    """Return the first name of a path that may be somebody's, "" for none."""
    return next((name.removeprefix("@") for name in names if name not in _NO_OWNER), "")


def redirect_target(address: str) -> str:
    """Return the address to which one of a search engine or messenger leads its readers; "" for any other."""
    match = _REDIRECTOR.match(address)
    return unquote(match[1]) if match else ""


def _unwrapped(address: str) -> str:
    """Return the address that one of a cache, a redirector or another form of a post stands for."""
    text = address[: _MOST_CHARS + 1].strip()
    text = _ARCHIVED.sub("", text, count=1)
    if target := redirect_target(text):
        return target
    if (post := _post(text)) is not None:
        return post
    return _AMP_CACHE.sub("https://", text, count=1)


def _post(address: str) -> str | None:
    """Return the one address of a post at a site that many link to, None for any other page."""
    for pattern, form in _POSTS:
        if match := pattern.match(address):
            post = form.format(*match.groups())
            return post.lower() if _CASELESS_NAME.match(post) else post
    return None


def _split(address: str) -> SplitResult | None:
    """Return the parts of an http(s) address, None for anything else."""
    text = address[: _MOST_CHARS + 1].encode("utf-8", "ignore").decode().strip()
    return _parts_of(text) if len(text) <= _MOST_CHARS else None


@lru_cache(maxsize=1024)
def _parts_of(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(_ESCAPED_AMPERSAND.sub("&", text))
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if usable and parts.query.count("&") < _MOST_PARAMETERS else None


def _site(parts: SplitResult) -> str:
    """Return the host, without the names of its variants, and the port where it is not the default."""
    host = _plain_host(_ascii_host(parts.hostname or ""))
    name = f"[{host}]" if ":" in host else host
    return name if parts.port in _DEFAULT_PORTS else f"{name}:{parts.port}"


@lru_cache(maxsize=1024)
def _ascii_host(host: str) -> str:
    host = host.rstrip(".").lower()
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        return host


def load_suffixes() -> None:
    """Read the Public Suffix List, for a tenth of a second; else the first address that is compared does so."""
    get_fld("https://example.org/", fail_silently=True)


@lru_cache(maxsize=1024)
def _plain_host(host: str) -> str:
    own = _registrable(host)
    while own and host != own and (match := _VARIANT_HOST.match(host)):
        host = host[match.end() :]
    return _OTHER_NAMES.get(host, host)


@lru_cache(maxsize=1024)
def _registrable(host: str) -> str:
    """Return the registrable domain of a host; "" for an IP address and for a name without a dot."""
    if "." not in host or _is_ip(host):
        return ""
    # Under a suffix that the Public Suffix List does not know, its rule "*" applies.
    known = get_fld(f"https://{host}/", fail_silently=True)
    domain = known or ".".join(host.rsplit(".", 2)[-2:])
    is_shared = domain in _SHARED_DOMAINS or domain.startswith("blogspot.")
    return ".".join(host.rsplit(".", 3)[-3:]) if is_shared else domain


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _decoded(text: str) -> str:
    plain = unquote(text, errors="surrogateescape")
    if "%" in plain and _ENCODED_TWICE.search(plain):
        plain = unquote(plain, errors="surrogateescape")
    return plain if plain.isascii() else unicodedata.normalize("NFC", plain).translate(_ONE_SPELLING)


def _quoted(text: str) -> str:
    """Return text with reserved characters, and bytes that are no UTF-8, percent-encoded."""
    return _UNSAFE.sub(lambda match: f"%{match[0].encode('utf-8', 'surrogateescape')[0]:02X}", text)


def _segments(path: str) -> list[str]:
    """Return the decoded segments of a path that say which page it is."""
    segments: list[str] = []
    for raw in path.split("/"):
        segment = _READERS_SUFFIX.sub("", _decoded(raw)).strip()
        if segment == "..":
            del segments[-1:]
        elif segment not in ("", ".") and not _SESSION_SEGMENT.fullmatch(segment):
            segments.append(segment)
    return _without_variants(segments)


def _without_variants(segments: list[str]) -> list[str]:
    """Drop the Persian prefix, marks of AMP and of phones, index files and pages of comments while there are any.

    `/m/` alone above a name may be a section.
    """
    while segments:
        last, first = segments[-1], segments[0].lower()
        if first in _DROPPED_FIRST or (first in _MOBILE_FIRST and len(segments) > _LEAST_BELOW_MOBILE):
            segments = segments[1:]
        elif last.lower() == "amp" or _INDEX.fullmatch(last) or _COMMENTS.fullmatch(last):
            segments = segments[:-1]
        elif (bare := _AMP_ENDING.sub("", last)) != last and bare:
            segments = [*segments[:-1], bare]
        else:
            break
    return segments


def _query(query: str) -> list[tuple[str, str]]:
    """Return the parameters that say which page it is, in order of their names."""
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    named = ((unicodedata.normalize("NFC", name).strip().lower(), value) for name, value in pairs)
    kept = [(name, unicodedata.normalize("NFC", value).strip()) for name, value in named]
    return sorted({(name, value) for name, value in kept if (name or value) and not tells_of_reader(name, value)})


def _is_feed(segments: list[str], query: list[tuple[str, str]]) -> bool:
    if any(name == "feed" and _FEED.fullmatch(value) for name, value in query):
        return True
    return bool(segments) and bool(_FEED.fullmatch(segments[-1]) or _FEED_FOLDER.fullmatch(segments[0]))


def _fragment(fragment: str, *, kept: bool) -> str:
    """Return the fragment where it names the article: behind `#!`, or (`kept`) on a page of many articles."""
    plain = _decoded(fragment).strip().rstrip("/")
    named = _ARTICLE_FRAGMENT.fullmatch(plain) and (kept or plain.startswith("!"))
    return _quoted(plain) if named else ""


def _is_telling(path: str, query: list[tuple[str, str]]) -> bool:
    if any(name not in _NAMES_NO_ARTICLE for name, _ in query):
        return True
    segments = path.strip("/").split("/")
    last = unquote(segments[-1], errors="replace")
    if len(last) >= _LONG_WORD or _WORD_BREAK.search(last):
        return True
    return any(letter.isdigit() for letter in last) and (len(segments) > 1 or len(last) >= _LEAST_CODE)
