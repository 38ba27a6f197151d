"""Redaction of secrets: by their known values, and by the places where secrets stand (pure)."""

import re
from collections.abc import Iterable, Iterator

REDACTED = "[redacted]"

_SHORTEST = 4
"""Letters of the shortest secret that is looked for by its value: a shorter one is part of ordinary words."""

_WORD_LIKE = 12
"""Letters below which a secret may be part of a longer word, and then stays."""

_NAMES = r"(?:pass(?:word|wd|phrase)|pwd|secret|token|api[_-]?key)"

# The bounds of repetitions keep every search linear, whatever a stranger writes.
_PLACES = (
    # The token of a bot, wherever it stands, and in the address of a method or file however short it is.
    (re.compile(r"\d{3,20}(?::|%(?:25)?3A)[A-Za-z0-9_-]{20,256}", re.IGNORECASE), REDACTED),
    (re.compile(r"/bot\d{1,20}(?::|%(?:25)?3A)[^\s/?#\"'<>]{0,256}", re.IGNORECASE), f"/bot{REDACTED}"),
    # The user and password of an address (RFC 3986, 3.2.1), also where the password holds "@", "/", "?" or "#".
    (re.compile(r"://[^\s/?#\"'<>]{1,256}@"), f"://{REDACTED}@"),
    (re.compile(r"://[^\s/?#\"'<>@:]{0,64}:(?!\d{1,5}[/?#])[^\s\"'<>]{1,256}@"), f"://{REDACTED}@"),
    (re.compile(r"(%3A%2F%2F)(?:(?!%2F)[^\s&\"'<>]){1,256}%40", re.IGNORECASE), rf"\1{REDACTED}%40"),
    # Parameters of a query, plain or as part of another address.
    (
        re.compile(
            r"((?:(?<=[?&;_-])|(?<=%3F)|(?<=%26))(?:key|sig|signature|auth|credential)(?:=|%3D))"
            r"(?:(?!%26)[^\s&#;\"'<>]){1,2048}",
            re.IGNORECASE,
        ),
        rf"\1{REDACTED}",
    ),
    # Assignments, and entries of a printed mapping.
    (
        re.compile(
            r"(" + _NAMES + r"(?:\s?=\s?|%3D))"
            r"(?:\"[^\"]{0,2048}\"|'[^']{0,2048}'|(?:(?!%26)[^\s,;&#)\"'<>]){1,2048})",
            re.IGNORECASE,
        ),
        rf"\1{REDACTED}",
    ),
    (
        re.compile(
            r"(" + _NAMES + r"[\"']\s?[:,]\s?)b?(?:\"[^\"]{0,2048}\"|'[^']{0,2048}')",
            re.IGNORECASE,
        ),
        rf'\1"{REDACTED}"',
    ),
    # Headers, as lines or as entries of a printed mapping or list.
    (
        re.compile(
            r"\b((?:proxy-)?authorization|(?:set-)?cookie2?|x-telegram-bot-api-secret-token|x-api-key)"
            r"(\s?[:=]\s?|[\"']\s?[:,]\s?b?[\"'])[^\"'\r\n]{1,4096}",
            re.IGNORECASE,
        ),
        rf"\1\2{REDACTED}",
    ),
    # The start payload of an invitation.
    (re.compile(r"(?<![A-Za-z0-9])j_[A-Za-z0-9_-]{16,64}"), f"j_{REDACTED}"),
)

_ENCODES = re.compile(r"[%\\\"']")
_JOINT = r"(?:[\"']\s{0,80}b?[\"'])?"
"""The text that may stand within a string that was printed in two pieces."""


class Redactor:
    """Removes `secrets` from texts, in any spelling, and whatever stands where secrets usually stand.

    A spelling is plain, percent-encoded, or escaped as in JSON or a Python literal, letter by letter. Secrets of
    fewer than four letters are not looked for by their value.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = sorted({secret for secret in secrets if len(secret) >= _SHORTEST}, key=len, reverse=True)
        self._plain = _either(map(_plain, known))
        self._spelt = _either(map(_spelt, known))
        self.longest = 6 * max(map(len, known), default=0)
        """The most letters that a spelling of a known secret takes."""

    def redact(self, text: str) -> str:
        """Return `text` with every secret replaced."""
        known = self._spelt if _ENCODES.search(text) else self._plain
        if known is not None:
            text = known.sub(REDACTED, text)
        for place, instead in _PLACES:
            text = place.sub(instead, text)
        return text


def _either(patterns: Iterable[str]) -> "re.Pattern[str] | None":
    joined = "|".join(patterns)
    return re.compile(joined) if joined else None


def _plain(secret: str) -> str:
    return _whole(secret, re.escape(secret), r"(?<![A-Za-z0-9])")


def _spelt(secret: str) -> str:
    before = r"(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrt]))"
    return _whole(secret, _JOINT.join("(?:" + "|".join(_spellings(letter)) + ")" for letter in secret), before)


def _whole(secret: str, pattern: str, before: str) -> str:
    return f"{before}{pattern}(?![A-Za-z0-9])" if len(secret) < _WORD_LIKE else pattern


def _spellings(letter: str) -> Iterator[str]:
    octets = letter.encode("utf-8", "surrogatepass")
    if letter == "\\":
        yield r"\\+"
    elif letter in "\"'/":
        yield rf"\\*{letter}"
    elif letter == " ":
        yield "[ +]"
    else:
        yield re.escape(letter)
    yield "(?i:" + "".join(f"%(?:25)*{octet:02x}" for octet in octets) + ")"
    if not letter.isalnum() or not letter.isascii():
        yield rf"(?i:\\+u{ord(letter):04x})"
        yield "(?i:" + "".join(rf"\\+x{octet:02x}" for octet in octets) + ")"
