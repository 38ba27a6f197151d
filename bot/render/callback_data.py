"""Callback data as types: one frozen dataclass for each kind of button.

Callback data is anybody's: clients may send any. Only data that matches a kind exactly becomes an object of it.
"""

import re
from dataclasses import MISSING, Field, dataclass, fields
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal, Protocol, Self, cast, get_args, get_origin, get_type_hints

MOST_BYTES = 64
"""The longest callback data (bytes; core.telegram.org/bots/api#inlinekeyboardbutton)."""


def number(digits: int, *, signed: bool = False) -> str:
    """Return the pattern of a whole number of at most so many digits."""
    return rf"{'-?' if signed else ''}\d{{1,{digits}}}"


ArticleId = Annotated[int, number(13)]
"""The number of an article."""
CategoryId = Annotated[int, number(9)]
"""The number of a category; to follow, 0 stands for all of them."""
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
PageIndex = Annotated[int, number(4)]
"""The place of a page among those of a text, from 0."""
Stamp = Annotated[int, number(15)]
"""The instant (ms UTC) of the dialogue that a card belongs to."""
Answer = Literal["y", "n"]
"""The answer to a card that asks for a yes."""
Instant = Annotated[int, number(15)]
"""Any other instant (ms UTC)."""
TopicId = Annotated[int, number(16)]
"""The id of a forum's topic, 0 for the whole chat."""


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
        """True for the newest page."""
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


@dataclass(frozen=True, slots=True)
class TurnedCursor(Cursor):
    """The place of any page but the newest."""

    PATTERN: ClassVar[str] = r"[bf]\d{1,18}"


NEWEST = Cursor()
"""The newest page."""


class CallbackDataError(ValueError):
    """The data is longer than Telegram takes, or a field holds what its kind does not allow."""


class CallbackData:
    """A kind of callback data: a `prefix`, then the dataclass's fields in their order, with colons between.

    A field is an `Annotated` int or str whose metadata is its pattern, a bool (`0` or `1`), a `Literal` of words
    or of members of a `StrEnum`, a whole `StrEnum`, or a `Packable`. A last field `... | None` with the
    default None may be left out.
    A word that is always the same has a default, and is by keyword only where fields follow.
    """

    prefix: ClassVar[str]

    def __init_subclass__(cls, *, prefix: str = "") -> None:
        # A dataclass with slots is made a second time, from the attributes of the first.
        if prefix:
            cls.prefix = prefix

    @classmethod
    def pattern(cls) -> str:
        """Return the regular expression that all data of this kind matches, and nothing else."""
        return _form(cls).pattern.pattern

    @classmethod
    def matches(cls, data: object) -> bool:
        """Return whether `data` is callback data of this kind."""
        # A form is made when it is first needed: there are many kinds, and a start waits for all of them.
        return isinstance(data, str) and data.startswith(cls.prefix) and bool(_form(cls).pattern.fullmatch(data))

    def pack(self) -> str:
        """Return the callback data. Raises CallbackDataError."""
        form = _form(type(self))
        values = [getattr(self, field.name) for field, _ in form.fields]
        data = ":".join([self.prefix, *(_packed(value) for value in values if value is not None)])
        if len(data.encode()) > MOST_BYTES or form.pattern.fullmatch(data) is None:
            raise CallbackDataError(data)
        return data

    @classmethod
    def unpack(cls, data: str) -> Self | None:
        """Return what `data` says, None where it is not of this kind."""
        form = _form(cls)
        match = form.pattern.fullmatch(data)
        if match is None:
            return None
        return cls(
            **{
                field.name: None if text is None else _unpacked(of, text)
                for (field, of), text in zip(form.fields, match.groups(), strict=True)
            }
        )


@dataclass(frozen=True, slots=True)
class _Form:
    """The fields of a kind with their types, and the pattern of its data."""

    fields: list[tuple["Field[Any]", Any]]
    pattern: "re.Pattern[str]"


_FORMS: dict[type[CallbackData], _Form] = {}
"""The forms that were used: to read the types of a class takes a tenth of a millisecond."""


def _form(kind: type[CallbackData]) -> _Form:
    form = _FORMS.get(kind)
    if form is None:
        hints = get_type_hints(kind, include_extras=True)
        own = [(field, _required(hints[field.name], field)) for field in fields(kind)]  # type: ignore[arg-type]
        parts = [re.escape(kind.prefix)]
        for field, annotation in own:
            part = f":({_pattern(annotation)})"
            parts.append(f"(?:{part})?" if field.default is None else part)
        form = _FORMS[kind] = _Form(own, re.compile("".join(parts), re.ASCII))
    return form


def _required(of: Any, field: "Field[Any]") -> Any:
    """Return the type of a field without its None."""
    if field.default is MISSING or field.default is not None:
        return of
    (of,) = (argument for argument in get_args(of) if argument is not type(None))
    return of


def _pattern(of: Any) -> str:
    if of is bool:
        return "[01]"
    if get_origin(of) is Literal:
        return "|".join(re.escape(word) for word in get_args(of))
    if _is_enum(of):
        return "|".join(re.escape(word) for word in of)
    pattern: str = of.__metadata__[0] if get_origin(of) is Annotated else cast("type[Packable]", of).PATTERN
    # Groups within would be taken for fields.
    return re.sub(r"(?<!\\)\((?!\?)", "(?:", pattern)


def _is_enum(of: Any) -> bool:
    return isinstance(of, type) and issubclass(of, StrEnum)


def _packed(value: int | str | Packable) -> str:
    if isinstance(value, bool):
        return str(int(value))
    return str(value) if isinstance(value, (int, str)) else value.pack()


def _unpacked(of: Any, text: str) -> object:
    if of is bool:
        return text == "1"
    if get_origin(of) is Literal:
        # The word of the type, which may be a member of an enum.
        return next(word for word in get_args(of) if word == text)
    if _is_enum(of):
        word: object = of(text)
        return word
    if get_origin(of) is Annotated:
        return int(text) if of.__origin__ is int else text
    return cast("type[Packable]", of).unpack(text)
