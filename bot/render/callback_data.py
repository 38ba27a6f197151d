"""Callback data as types: one frozen dataclass for each kind of button.

Callback data is anybody's: clients may send any. Only data that matches a kind exactly becomes an object of it.
"""

import re
from dataclasses import MISSING, Field, dataclass, fields
from typing import Annotated, Any, ClassVar, Literal, Protocol, Self, get_args, get_origin, get_type_hints

MOST_BYTES = 64
"""The longest callback data (bytes; core.telegram.org/bots/api#inlinekeyboardbutton)."""


def number(digits: int, *, signed: bool = False) -> str:
    """Return the pattern of a whole number of at most so many digits."""
    return rf"{'-?' if signed else ''}\d{{1,{digits}}}"


ArticleId = Annotated[int, number(13)]
"""The number of an article."""
RevisionNumber = Annotated[int, number(6)]
"""The revision of an article that a button was drawn for."""
ChatId = Annotated[int, number(16, signed=True)]
"""The id of a chat; those of groups and channels are negative."""
UserId = Annotated[int, number(16)]
"""The id of a person."""
RowId = Annotated[int, number(18)]
"""The id of a row that is none of the above."""
Offset = Annotated[int, number(6)]
"""The number of rows before a page."""
Stamp = Annotated[int, number(15)]
"""The instant (ms UTC) of the dialogue that a card belongs to."""


class Packable(Protocol):
    """A type whose values stand in callback data in a form of their own."""

    PATTERN: ClassVar[str]
    """The regular expression of that form."""

    def pack(self) -> str:
        """Return the value in that form."""

    @classmethod
    def unpack(cls, text: str, /) -> Self:
        """Return the value of a text that matches PATTERN."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place of a page in a list sorted by a key: the newest page, or the one `before` or `after` a key."""

    PATTERN: ClassVar[str] = r"n|[bf]\d{1,18}"

    before: int | None = None
    after: int | None = None

    @property
    def is_newest(self) -> bool:
        """Whether this is the newest page."""
        return self.before is None and self.after is None

    def pack(self) -> str:
        """Return `n`, `bKEY` or `fKEY`."""
        if self.before is not None:
            return f"b{self.before}"
        return "n" if self.after is None else f"f{self.after}"

    @classmethod
    def unpack(cls, text: str, /) -> Self:
        """Return the place of a text that matches PATTERN."""
        key = int(text[1:] or 0)
        return cls(before=key if text[0] == "b" else None, after=key if text[0] == "f" else None)


NEWEST = Cursor()
"""The newest page."""


class CallbackDataError(ValueError):
    """The data is longer than Telegram takes, or a field holds what its kind does not allow."""


class CallbackData:
    """A kind of callback data: a `prefix`, then the dataclass's fields in their order, with colons between.

    A field is an `Annotated` int or str whose metadata is its pattern, a bool (`0` or `1`), a `Literal` of words,
    or a `Packable`. A last field `... | None` with the default None may be left out.
    """

    prefix: ClassVar[str]

    def __init_subclass__(cls, *, prefix: str = "") -> None:
        # A dataclass with slots is made a second time, from the attributes of the first.
        if prefix:
            cls.prefix = prefix

    @classmethod
    def pattern(cls) -> str:
        """Return the regular expression that all data of this kind matches, and nothing else."""
        parts = [re.escape(cls.prefix)]
        for field, of in _fields(cls):
            part = f":({_pattern(of)})"
            parts.append(f"(?:{part})?" if field.default is None else part)
        return "".join(parts)

    def pack(self) -> str:
        """Return the callback data. Raises CallbackDataError."""
        values = [(of, getattr(self, field.name)) for field, of in _fields(type(self))]
        data = ":".join([self.prefix, *(_packed(value) for _, value in values if value is not None)])
        if len(data.encode()) > MOST_BYTES or re.fullmatch(self.pattern(), data, re.ASCII) is None:
            raise CallbackDataError(data)
        return data

    @classmethod
    def unpack(cls, data: str) -> Self | None:
        """Return what `data` says, None where it is not of this kind."""
        found = re.fullmatch(cls.pattern(), data, re.ASCII)
        if found is None:
            return None
        return cls(
            **{
                field.name: None if text is None else _unpacked(of, text)
                for (field, of), text in zip(_fields(cls), found.groups(), strict=True)
            }
        )


def _fields(kind: type[CallbackData]) -> list[tuple["Field[Any]", Any]]:
    hints = get_type_hints(kind, include_extras=True)
    return [(field, _required(hints[field.name], field)) for field in fields(kind)]  # type: ignore[arg-type]


def _required(of: Any, field: "Field[Any]") -> Any:
    """Return the type of a field without its None."""
    if field.default is MISSING or field.default is not None:
        return of
    (of,) = (one for one in get_args(of) if one is not type(None))
    return of


def _pattern(of: Any) -> str:
    if of is bool:
        return "[01]"
    if get_origin(of) is Literal:
        return "|".join(re.escape(word) for word in get_args(of))
    pattern: str = of.__metadata__[0] if get_origin(of) is Annotated else of.PATTERN
    # Groups within would be taken for fields.
    return re.sub(r"(?<!\\)\((?!\?)", "(?:", pattern)


def _packed(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    return str(value) if isinstance(value, (int, str)) else str(value.pack())


def _unpacked(of: Any, text: str) -> object:
    if of is bool:
        return text == "1"
    if get_origin(of) is Literal:
        return text
    if get_origin(of) is Annotated:
        return int(text) if of.__origin__ is int else text
    value: object = of.unpack(text)
    return value
