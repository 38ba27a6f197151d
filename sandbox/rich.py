"""Rich messages (Bot API 10.1), checked as Telegram checks them."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from sandbox.errors import bad
from sandbox.rich_blocks import blocks_of

MOST_CHARACTERS = 32_768
MOST_BLOCKS = 500
MOST_DEPTH = 16
MOST_MEDIA = 50
MOST_COLUMNS = 20

_MEDIA_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_NAMED = {"photo", "video"}
"""The kinds of media that are named within HTML here."""

_BLOCKS = {
    *(f"h{level}" for level in range(1, 7)),
    "p",
    "ul",
    "ol",
    "li",
    "hr",
    "blockquote",
    "aside",
    "details",
    "summary",
    "table",
    "tr",
    "td",
    "th",
    "footer",
    "figure",
    "figcaption",
    "pre",
    "img",
    "video",
    "tg-slideshow",
    "tg-collage",
}
_GALLERIES = {"tg-slideshow", "tg-collage"}
_INLINE = {
    "b",
    "strong",
    "i",
    "em",
    "u",
    "ins",
    "s",
    "strike",
    "del",
    "a",
    "code",
    "br",
    "sub",
    "sup",
    "mark",
    "cite",
    "tg-spoiler",
    "tg-emoji",
    "tg-time",
}
_VOID = {"hr", "img", "br"}
_HOLD_BLOCKS = {"li", "blockquote"}
"""The elements that contain blocks: their bare text is a paragraph, which counts as well."""


def check_rich(message: dict[str, Any]) -> dict[str, Any]:
    """Return a rich message as people see it: HTML, text, and the files by the links that name them.

    Raises ApiError for what the server refuses; whether it has the files is for the caller to ask.
    """
    unknown = message.keys() - {"html", "markdown", "blocks", "media", "is_rtl", "skip_entity_detection"}
    if unknown:
        raise bad(f"can't parse rich message: unknown field {sorted(unknown)[0]}")
    forms = [form for form in ("html", "markdown", "blocks") if message.get(form)]
    if len(forms) != 1:
        raise bad("rich message must have exactly one of html, markdown and blocks")
    if forms == ["html"]:
        files = _files_by_link(message.get("media") or [])
        reader = _Reader(files)
        reader.feed(message["html"])
        reader.close()
        reader.finish()
        is_rtl = bool(message.get("is_rtl"))
        return {"html": message["html"], "text": reader.text(), "is_rtl": is_rtl, "files": files}
    raise bad(f"rich messages from {forms[0]} are not simulated by the sandbox")


def as_received_by_bot(checked: dict[str, Any]) -> dict[str, Any]:
    """Return the RichMessage object of a rich message that was checked: blocks, never the HTML that it came as."""
    blocks = _with_files(blocks_of(checked["html"]), checked["files"])
    return {"blocks": blocks} | ({"is_rtl": True} if checked["is_rtl"] else {})


def _with_files(blocks: list[dict[str, Any]], files: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return blocks with the files in the place of the links that name them, in slideshows and collages, too."""
    filled = []
    for block in blocks:
        if block.get("url") in files:
            block = {"type": block["type"], block["type"]: files[block["url"]]}
        elif block["type"] in ("slideshow", "collage"):
            block = block | {"blocks": _with_files(block["blocks"], files)}
        filled.append(block)
    return filled


def _files_by_link(media: list[dict[str, Any]]) -> dict[str, str]:
    """Return the files of InputRichMessageMedia objects by the links that name them."""
    files: dict[str, str] = {}
    for medium in media:
        kind, name = medium["media"]["type"], str(medium["id"])
        if kind not in _NAMED or not _MEDIA_ID.fullmatch(name):
            raise bad("can't parse rich message: wrong media")
        link = f"tg://{kind}?id={name}"
        if link in files:
            raise bad("can't parse rich message: media identifiers must be unique")
        files[link] = str(medium["media"]["media"])
    return files


class _Reader(HTMLParser):
    def __init__(self, files: Mapping[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self._files = files
        self._open: list[str] = []
        self._pieces: list[str] = []
        self._blocks = self._media = self._cells = 0
        self._in_paragraph = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _BLOCKS | _INLINE:
            raise bad(f'can\'t parse rich message: Unsupported start tag "{tag}"')
        if tag in ("img", "video"):
            self._count_media(dict(attrs).get("src") or "")
        elif self._open and self._open[-1] in _GALLERIES and tag != "figcaption":
            raise bad("can't parse rich message: only media stand in a slideshow or collage")
        self._count_cell(tag)
        self._begin(tag)
        self._check()

    def _count_cell(self, tag: str) -> None:
        """Count the cells of the table's row that is open."""
        if tag == "tr":
            self._cells = 0
        elif tag in ("td", "th"):
            self._cells += 1

    def _begin(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._blocks += 1
            self._pieces.append("\n")
            self._in_paragraph = False
        elif tag != "br":
            self._imply_paragraph()
        if tag not in _VOID:
            self._open.append(tag)

    def _count_media(self, source: str) -> None:
        """Count a medium. Raises ApiError for an address that the server cannot use, and within a text."""
        if not source.startswith(("http://", "https://", "tg://", "attach://")):
            raise bad("can't parse rich message: wrong media URL")
        if (urlsplit(source).hostname or "").endswith(".invalid"):
            raise bad("RICH_MESSAGE_PHOTO_NO_MEDIA_FOUND")  # nothing can be fetched from there
        if source.startswith("tg://") and source not in self._files:
            raise bad("can't parse rich message: media not found")
        if any(tag in ("p", "li", *_INLINE) for tag in self._open):
            raise bad("can't parse rich message: media must be a separate block")
        self._media += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if not self._open or self._open.pop() != tag:
            raise bad(f'can\'t parse rich message: Unexpected end tag "{tag}"')
        if tag in _BLOCKS:
            self._in_paragraph = False

    def handle_data(self, data: str) -> None:
        if data.strip():
            self._imply_paragraph()
            self._check()
        self._pieces.append(data)

    def _imply_paragraph(self) -> None:
        """Count the paragraph that words make which stand in a list's point, a quotation or in no block at all."""
        inside = next((tag for tag in reversed(self._open) if tag in _BLOCKS), None)
        if not self._in_paragraph and (inside is None or inside in _HOLD_BLOCKS):
            self._in_paragraph = True
            self._blocks += 1

    def _check(self) -> None:
        if self._blocks > MOST_BLOCKS or self._media > MOST_MEDIA or self._cells > MOST_COLUMNS:
            raise bad("rich message is too large")
        if len(self._open) + self._in_paragraph > MOST_DEPTH:
            raise bad("rich message is too deep")

    def finish(self) -> None:
        if self._open:
            raise bad(
                f"can't parse rich message: Can't find end tag corresponding to start tag \"{self._open[-1]}\""
            )
        if not self.text() and not self._media:
            raise bad("rich message is empty")
        if len(self.text()) > MOST_CHARACTERS:
            raise bad("rich message is too long")

    def text(self) -> str:
        return "\n".join(line for line in map(str.strip, "".join(self._pieces).split("\n")) if line)
