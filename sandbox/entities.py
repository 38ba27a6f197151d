"""Telegram HTML as the server reads it: text and entities, or Telegram's own error."""

import html
import re
from dataclasses import dataclass
from typing import Any

from sandbox.errors import bad
from sandbox.markup import checked_url

_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_OPEN = re.compile(r"<([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[a-zA-Z-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>\"']+))?)*)\s*>")
_CLOSE = re.compile(r"</([a-zA-Z][a-zA-Z0-9-]*)\s*>")
_ATTRIBUTE = re.compile(r"([a-zA-Z-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+)))?")
_PLAIN = re.compile(r"[^<&]+")
_ENTITY = re.compile(r"&(#x[0-9a-fA-F]+|#\d+|[a-zA-Z]+);?")
_STRIPPED = re.compile("[\u202a-\u202e]")
_MOST_ENTITIES = 100
_DETECTED = (
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?")),
    ("url", re.compile(r"https?://[^\s<>«»]+")),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z0-9_]{4,32}")),
    ("hashtag", re.compile(r"(?<![\w#])#\w*[^\W\d]\w*")),
)


def units(text: str) -> int:
    """Return the length of `text` in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def parse_html(markup: str) -> tuple[str, list[dict[str, Any]]]:
    """Return (text, entities) of Telegram HTML. Raises ApiError in Telegram's words where it is none."""
    parser = _Parser(markup)
    place = 0
    while place < len(markup):
        place = parser.step(place)
    return parser.finish()


@dataclass(frozen=True, slots=True)
class _OpenTag:
    """A tag that is not closed yet, with its place in the text: in UTF-16 units and as an index of its pieces."""

    name: str
    attributes: str
    offset: int
    first_piece: int


class _Parser:
    """The text and entities of the markup up to some place."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._pieces: list[str] = []
        self._offset = 0
        self._entities: list[dict[str, Any]] = []
        self._open_tags: list[_OpenTag] = []

    def step(self, place: int) -> int:
        """Read the run of text, the tag or the reference at `place`, and return the place behind it."""
        if run := _PLAIN.match(self._markup, place):
            return self._write(run[0], run.end())
        letter = self._markup[place]
        if letter == "<":
            return self._tag(place)
        if (match := _ENTITY.match(self._markup, place)) and (decoded := _decode(match[1])) is not None:
            return self._write(decoded, match.end())
        return self._write(letter, place + 1)

    def finish(self) -> tuple[str, list[dict[str, Any]]]:
        """Return (text, entities). Raises ApiError where a tag is open still."""
        if self._open_tags:
            name = self._open_tags[-1].name
            raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{name}\"")
        return "".join(self._pieces), self._entities

    def _write(self, text: str, end: int) -> int:
        self._pieces.append(text)
        self._offset += units(text)
        return end

    def _tag(self, place: int) -> int:
        at = len(self._markup[:place].encode())
        if match := _CLOSE.match(self._markup, place):
            self._close(match[1].lower(), at)
        elif match := _OPEN.match(self._markup, place):
            self._open(match[1].lower(), match[2], at)
        else:
            raise bad(_no_tag(self._markup, place, at))
        return match.end()

    def _open(self, name: str, attributes: str, at: int) -> None:
        if name not in _TAGS:
            raise bad(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {at}')
        _check_attributes(name, attributes, at)
        self._open_tags.append(_OpenTag(name, attributes, self._offset, len(self._pieces)))

    def _close(self, name: str, at: int) -> None:
        if not self._open_tags:
            raise bad(f"can't parse entities: Unexpected end tag at byte offset {at}")
        tag = self._open_tags.pop()
        if tag.name != name:
            raise bad(
                "can't parse entities: Unmatched end tag at byte offset "
                f'{at}, expected "</{tag.name}>", found "</{name}>"'
            )
        inside = "".join(self._pieces[tag.first_piece :])
        entity = _entity(name, tag.attributes, tag.offset, self._offset - tag.offset, inside=inside)
        if self._offset > tag.offset and entity is not None:
            self._entities.append(entity)


def _no_tag(markup: str, place: int, at: int) -> str:
    if ">" not in markup[place:]:
        return f"can't parse entities: Unclosed start tag at byte offset {at}"
    tag = re.split(r"[\s>]", markup[place + 1 :], maxsplit=1)[0]
    return f'can\'t parse entities: Unsupported start tag "{tag.lower()}" at byte offset {at}'


def finish(text: str, entities: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """Trim a text and do what the server does to it: strip embeddings, detect entities, keep the first 100."""
    text = _STRIPPED.sub("", text)
    lead = len(text) - len(text.lstrip())
    shift = units(text[:lead])
    text = text.strip()
    whole = units(text)
    kept = []
    for entity in entities:
        begin = max(0, entity["offset"] - shift)
        end = min(whole, entity["offset"] + entity["length"] - shift)
        if end > begin:
            kept.append(entity | {"offset": begin, "length": end - begin})
    spans = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in kept
        if entity["type"] in ("text_link", "code", "pre")
    ]
    for kind, pattern in _DETECTED:
        for match in pattern.finditer(text):
            begin, end = units(text[: match.start()]), units(text[: match.end()])
            if all(end <= low or begin >= high for low, high in spans):
                kept.append({"type": kind, "offset": begin, "length": end - begin})
                spans.append((begin, end))
    kept.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return text, kept[:_MOST_ENTITIES]


def part_of(text: str, entities: list[dict[str, Any]], begin: int, end: int) -> tuple[str, list[dict[str, Any]]]:
    """Return a part of a text with what of the entities lies in it, as a client that splits a long text does."""
    low, high = units(text[:begin]), units(text[:end])
    inside = [
        entity
        | {
            "offset": max(entity["offset"], low) - low,
            "length": min(entity["offset"] + entity["length"], high) - max(entity["offset"], low),
        }
        for entity in entities
        if entity["offset"] < high and entity["offset"] + entity["length"] > low
    ]
    return text[begin:end], inside


def _entity(name: str, attributes: str, offset: int, length: int, *, inside: str) -> dict[str, Any] | None:
    entity: dict[str, Any] = {"type": _TAGS[name], "offset": offset, "length": length}
    values = _attributes(attributes)
    if name == "a":
        # A wrong address leaves plain text behind, without a word of complaint; none at all means the text.
        url = checked_url(html.unescape(values.get("href", "")) or inside)
        if url is None:
            return None
        entity["url"] = url
    if name == "blockquote" and "expandable" in values:
        entity["type"] = "expandable_blockquote"
    if name == "pre" and values.get("language"):
        entity["language"] = values["language"]
    if name == "tg-time" and values.get("unix", "").isdigit():
        entity["unix_time"] = int(values["unix"])
        entity["date_time_format"] = values.get("format", "")
    return entity


def _check_attributes(name: str, attributes: str, at: int) -> None:
    values = _attributes(attributes)
    if name == "span" and values.get("class") != "tg-spoiler":
        raise bad(f'can\'t parse entities: Tag "span" must have class "tg-spoiler" at byte offset {at}')


def _attributes(text: str) -> dict[str, str]:
    return {match[1].lower(): match[2] or match[3] or match[4] or "" for match in _ATTRIBUTE.finditer(text)}


def _decode(name: str) -> str | None:
    if name.startswith("#"):
        code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
        return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else None
    return _NAMED.get(name)
