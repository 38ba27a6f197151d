"""Rich messages (Bot API 10.1) as the server takes them."""

from html.parser import HTMLParser
from typing import Any

from sandbox.errors import bad

MOST_CHARACTERS = 32_768
MOST_BLOCKS = 500
MOST_DEPTH = 16
MOST_MEDIA = 50
MOST_COLUMNS = 20

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
}
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


def check_rich(message: dict[str, Any]) -> dict[str, Any]:
    """Return the rich message as it will be shown. Raises ApiError for what the server refuses."""
    unknown = message.keys() - {"html", "markdown", "blocks", "media", "is_rtl", "skip_entity_detection"}
    if unknown:
        raise bad(f"can't parse rich message: unknown field {sorted(unknown)[0]}")
    forms = [form for form in ("html", "markdown", "blocks") if message.get(form)]
    if len(forms) != 1:
        raise bad("rich message must have exactly one of html, markdown and blocks")
    if forms == ["html"]:
        reader = _Reader()
        reader.feed(message["html"])
        reader.close()
        reader.finish()
        return {"html": message["html"], "text": reader.text(), "is_rtl": bool(message.get("is_rtl"))}
    raise bad(f"rich messages from {forms[0]} are not simulated by the sandbox")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[str] = []
        self._pieces: list[str] = []
        self._blocks = self._media = self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _BLOCKS | _INLINE:
            raise bad(f'can\'t parse rich message: Unsupported start tag "{tag}"')
        if tag in ("img", "video"):
            source = dict(attrs).get("src") or ""
            if not source.startswith(("http://", "https://", "tg://", "attach://")):
                raise bad("can't parse rich message: wrong media URL")
            self._media += 1
        if tag == "tr":
            self._cells = 0
        if tag in ("td", "th"):
            self._cells += 1
        if tag in _BLOCKS:
            self._blocks += 1
            self._pieces.append("\n")
        if tag not in _VOID:
            self._open.append(tag)
        if self._blocks > MOST_BLOCKS or self._media > MOST_MEDIA or self._cells > MOST_COLUMNS:
            raise bad("rich message is too large")
        if len(self._open) > MOST_DEPTH:
            raise bad("rich message is too deep")

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if not self._open or self._open.pop() != tag:
            raise bad(f'can\'t parse rich message: Unexpected end tag "{tag}"')

    def handle_data(self, data: str) -> None:
        self._pieces.append(data)

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
