"""Decoding of a feed, page or file into text, whatever its headers claim (pure; it never raises)."""

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MARKS_OF_UTF8 = re.compile(rb"(?:%b)++" % codecs.BOM_UTF8)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:\-]+)", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:\-]+)", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?([\w.:\-]+)", re.IGNORECASE)
_HEAD_BYTES = 4096
# Codecs of Python that are not character sets (zlib, idna, unicode_escape...) must not be reachable.
_KNOWN = re.compile(
    r"(windows-?125\d|cp125\d|iso-?8859-?\d+|latin-?1|us-ascii|ascii|koi8-[ru]|gb2312|gbk|gb18030|big5|"
    r"shift[-_]jis|euc-(?:jp|kr)|mac-?roman|(?:x-)?mac-?(?:arabic|farsi)|cp720|(?:dos|ibm)-?720)$"
)
_WESTERN = re.compile(r"(windows-?1252|cp1252|iso-?8859-?1|iso-?8859-?15|latin-?1|us-ascii|ascii)$")
_LATIN = re.compile(r"(?:iso-?8859-?1|latin-?1|us-ascii|ascii)$")
_ARABIC_PAGE = re.compile(r"(?:windows-?1256|cp1256|iso-?8859-?6)$")
_MAC = re.compile(r"(?:x-)?mac-?(arabic|farsi)$")
_ARABIC_SCRIPT = re.compile("[\u0600-\u06ff\u200c]")
_ASCII_LETTER = re.compile("[A-Za-z]")
_HIGH = re.compile("[\u0080-\U0010ffff]")
_MOSTLY = 0.7
_SEVERAL_HIGH = re.compile(rb"[\x80-\xff]{3,}")
REPLACEMENT = "\ufffd"
"""The sign that stands for a letter that was lost."""
# Lead bytes of Arabic letters in UTF-8, read as windows-1252.
_TWICE = re.compile("[ØÙÚÛ][\u0080-\u2122]")
# What windows-1252 makes of bytes beyond ASCII, in words with spaces, digits and marks between them.
_BEYOND = (
    "\u0080-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201a"
    "\u201c-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122"
)
_ENCODED_AGAIN = re.compile(f"[{_BEYOND}]++(?:[ 0-9.,:;!?()/-]++[{_BEYOND}]++)*+")
_SURELY_PAIRS = 4
"""Letters from which on a part of a text was surely encoded twice: two may be meant as they stand."""

_SURELY_LETTERS = 60
_LETTERS_AN_ALEF = 18
"""Twice the letters that come with an alef in Persian, Arabic, Urdu or Kurdish."""
_ARABIC = ("windows-1256", "iso-8859-6")
_WIDE_BYTES = 64
_ZEROS = {
    (False, True, True, True): "utf-32-le",
    (True, True, True, False): "utf-32-be",
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
}


def header_charset(content_type: str) -> str:
    """Return the charset that a Content-Type header names, lower case, "" where it names none."""
    match = _HEADER.search(content_type)
    return match[1].lower() if match else ""


def decode(body: bytes, content_type: str = "") -> str:
    """Return the text of `body`.

    A byte order mark wins, then the zero bytes of UTF-16; then text that is valid UTF-8, or nearly so, is UTF-8,
    whatever was declared; then the charset of the HTTP header, the XML declaration or the HTML meta counts. What is
    declared Western, Arabic, UTF-8 or nothing, but reads as Persian or Arabic in the code page of Windows or ISO is
    that. UTF-8 that was taken for windows-1252 and encoded once more is undone, also where only parts of the text
    were.
    """
    if marks := _MARKS_OF_UTF8.match(body):
        body = body[marks.end() :]
    if (wide := _wide_text(body)) is not None:
        return wide
    try:
        return _once(body.decode("utf-8"))
    except UnicodeDecodeError:
        as_utf8 = body.decode("utf-8", errors="replace")
    if not _lost_many(as_utf8):
        return as_utf8
    return _in_code_page(body, _declared(body, content_type))


def _wide_text(body: bytes) -> str | None:
    """Return the text of bytes that bear a byte order mark or the zero bytes of UTF-16; None for any others."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, errors="replace")
    wide = _wide(body[:_WIDE_BYTES])
    return body.decode(wide, errors="replace") if wide else None


def _in_code_page(body: bytes, declared: str) -> str:
    """Return the text of bytes that are not UTF-8, by what is declared ("" for nothing) and by how it reads."""
    is_arabic = _ARABIC_PAGE.match(declared) is not None
    if declared and not is_arabic and not _WESTERN.match(declared):
        return _decode(body, declared)
    is_western = not is_arabic and _is_western(body)
    text = "" if is_western else _arabic_text(body)
    return text or _decode(body, declared or ("windows-1252" if is_western else "utf-8"))


def _arabic_text(body: bytes) -> str:
    """Return the text in the Arabic code page that gives more Arabic letters; "" where these are not most.

    Neither is a text of many letters with hardly an alef: Russian looks like that.
    """
    texts = [body.decode(name, errors="replace") for name in _ARABIC]
    # The letters of one are accented Latin ones, or nothing, in the other.
    letters, text = max(
        ((len(_ARABIC_SCRIPT.findall(text)), text) for text in texts), key=lambda counted: counted[0]
    )
    if letters > _SURELY_LETTERS and text.count("ا") * _LETTERS_AN_ALEF < letters:
        return ""
    return text if letters >= len(_HIGH.findall(text)) * _MOSTLY else ""


def is_unreadable(text: str) -> bool:
    """Return whether a good part of a text's letters were lost: replacement characters stand in their place."""
    return _lost_many(text) and text.count(REPLACEMENT) * 10 >= len(_ASCII_LETTER.findall(text))


def _lost_many(text: str) -> bool:
    """Return whether a good part of the letters beyond ASCII were lost."""
    lost = text.count(REPLACEMENT)
    return lost > 0 and lost * 10 >= len(_HIGH.findall(text))


def _wide(head: bytes) -> str:
    """Return the name of UTF-16 or UTF-32 without a mark, told by the zero bytes of markup; else ""."""
    enough = max(1, len(head) // 8)
    first, second, third, fourth = (head[place::4].count(0) >= enough for place in range(4))
    return _ZEROS.get((first, second, third, fourth), "")


def _declared(body: bytes, content_type: str) -> str:
    head = body[:_HEAD_BYTES]
    names = [header_charset(content_type)]
    names += [match[1].decode("ascii").lower() for pattern in (_XML, _META) if (match := pattern.search(head))]
    return next((name for name in names if _KNOWN.match(name)), "")


def _decode(body: bytes, name: str) -> str:
    # The standard of encodings of the web: whatever says that it is Latin 1 is windows-1252.
    name = "windows-1252" if _LATIN.match(name) else _MAC.sub(r"mac-\1", name)
    try:
        return body.decode(name, errors="replace")
    except LookupError:
        return body.decode("utf-8", errors="replace")


def _is_western(body: bytes) -> bool:
    """Return whether the bytes beyond ASCII stand one by one, as the accents and quotes of western languages do."""
    together = sum(map(len, _SEVERAL_HIGH.findall(body)))
    return together * 4 <= sum(byte >= 0x80 for byte in body)


def _once(text: str) -> str:
    """Return `text` as it was before all of it, or parts, was taken for windows-1252 and encoded again."""
    pairs = len(_TWICE.findall(text))
    if pairs == 0:
        return text
    if pairs * 2 >= len(_HIGH.findall(text)) * _MOSTLY and (whole := _as_encoded_once(text)):
        return whole
    return _ENCODED_AGAIN.sub(_part_as_encoded_once, text) if pairs >= _SURELY_PAIRS else text


def _part_as_encoded_once(part: re.Match[str]) -> str:
    pairs = len(_TWICE.findall(part[0]))
    once = _as_encoded_once(part[0]) if pairs >= _SURELY_PAIRS else ""
    return once if _ARABIC_SCRIPT.search(once) else part[0]


def _as_encoded_once(text: str) -> str:
    """Return the text whose UTF-8 was taken for windows-1252; "" where it was none."""
    try:
        return b"".join(map(_western_byte, text)).decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return ""


def _western_byte(letter: str) -> bytes:
    """Return the byte of a letter in windows-1252, as browsers fill its gaps."""
    return bytes((ord(letter),)) if ord(letter) < 0xA0 else letter.encode("cp1252")
