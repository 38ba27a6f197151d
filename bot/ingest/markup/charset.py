"""From the bytes of a feed, page or file to text, whatever its headers claim (pure, never raising)."""

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:\-]+)", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:\-]+)", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?([\w.:\-]+)", re.IGNORECASE)
_HEAD_BYTES = 4096
# Codecs of Python that are not character sets (zlib, idna, unicode_escape...) must not be reachable.
_KNOWN = re.compile(r"(utf-?8|utf-?16|windows-?125\d|cp125\d|iso-?8859-?\d+|latin-?1|us-ascii|ascii|koi8-[ru])$")
_WESTERN = re.compile(r"(windows-?1252|cp1252|iso-?8859-?1|latin-?1|us-ascii|ascii)$")
_ARABIC_SCRIPT = re.compile("[\u0600-\u06ff\u200c]")
_HIGH = re.compile("[\u0080-\uffff]")
_MOSTLY = 0.7


def header_charset(content_type: str) -> str:
    """Return the charset that a Content-Type header names, lower case, "" where it names none."""
    found = _HEADER.search(content_type)
    return found[1].lower() if found else ""


def decode(body: bytes, content_type: str = "") -> str:
    """Return the text of `body`.

    A byte order mark wins; then text that is valid UTF-8 is UTF-8, whatever was declared; then the charset of
    the HTTP header, the XML declaration or the HTML meta counts. What is declared Western, or nothing, but
    reads as Persian in windows-1256 is that.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, errors="replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        declared = _declared(body, content_type)
    if declared and not _WESTERN.match(declared):
        return _decode(body, declared)
    as_persian = _decode(body, "windows-1256")
    high = len(_HIGH.findall(as_persian))
    if high and len(_ARABIC_SCRIPT.findall(as_persian)) >= high * _MOSTLY and not _nearly_utf8(body):
        return as_persian
    return _decode(body, declared or "utf-8")


def _declared(body: bytes, content_type: str) -> str:
    head = body[:_HEAD_BYTES]
    names = [header_charset(content_type)]
    names += [found[1].decode("ascii").lower() for pattern in (_XML, _META) if (found := pattern.search(head))]
    return next((name for name in names if _KNOWN.match(name)), "")


def _decode(body: bytes, name: str) -> str:
    try:
        return body.decode(name, errors="replace")
    except LookupError:
        return body.decode("utf-8", errors="replace")


def _nearly_utf8(body: bytes) -> bool:
    """Tell whether `body` is UTF-8 with a few broken bytes, as where a server cut a word in two."""
    text = body.decode("utf-8", errors="replace")
    return text.count("\ufffd") * 10 < len(_HIGH.findall(text))
