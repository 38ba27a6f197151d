"""The codes of invitations, and their seals: all of a code that is ever stored (pure but for `new_code`).

A code is a start payload: `j_` and 22 letters. Before an update is stored, `with_seals` puts in the place of each
code its seal: `j_` and 22 letters again, of a hash. The newsroom lets in whoever shows a seal, and a seal that a
person sends is sealed once more, so that it opens nothing: whoever reads the database, an export or a backup gets
nothing by which to join.
"""

import base64
import hashlib
import re
import secrets
from typing import Any

CODE_BYTES = 16
"""The number of random bytes in a code."""

_LETTERS = 22
_PREFIX = "j_"
# In an address a code may stand behind an encoded "=", in JSON behind an escaped line break.
_CODE = re.compile(
    rf"(?:(?<![A-Za-z0-9_-])|(?<=%3D)|(?<=%3d)|(?<=\\[nrt])){_PREFIX}([A-Za-z0-9_-]{{{_LETTERS}}})(?![A-Za-z0-9_-])"
)
_SEAL = re.compile(rf"{_PREFIX}[A-Za-z0-9_-]{{{_LETTERS}}}")


def new_code() -> str:
    """Return the start payload of a new invitation."""
    return _PREFIX + secrets.token_urlsafe(CODE_BYTES)


def seal_of(code: str) -> str:
    """Return the seal of a start payload that is a code. Raises ValueError for any other."""
    match = _CODE.fullmatch(code)
    if match is None:
        raise ValueError("no invitation's code")
    return _sealed(match)


def is_seal(payload: str) -> bool:
    """Return whether a start payload that came in, codes replaced, is an invitation's."""
    return _SEAL.fullmatch(payload) is not None


def may_hold_code(text: str) -> bool:
    """Return whether a text may hold a code, and is worth `with_seals`."""
    return _PREFIX in text


def with_seals(update: Any) -> Any:
    """Return an update, or any other JSON value, with each code in its texts replaced by its seal."""
    match update:
        case str():
            return _CODE.sub(_sealed, update) if may_hold_code(update) else update
        case dict():
            return {name: with_seals(value) for name, value in update.items()}
        case list():
            return [with_seals(value) for value in update]
        case _:
            return update


def _sealed(code: re.Match[str]) -> str:
    digest = hashlib.sha256(code[1].encode()).digest()
    return _PREFIX + base64.urlsafe_b64encode(digest).decode()[:_LETTERS]
