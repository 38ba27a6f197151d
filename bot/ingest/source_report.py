"""Records of a check: what is at an address, and where each part of its items comes from."""

from dataclasses import dataclass

from storage.records import SourceKind


@dataclass(frozen=True, slots=True)
class FieldOrigin:
    """A field of an item, its value in one line, and the places where it stands."""

    name: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class DateOrigin:
    """The date of an item (ms UTC) and the words that were read.

    `has_zone` says whether these name their time zone; else TIMEZONE was assumed. `is_day`: no time is known.
    """

    at: int
    words: str
    origin: str
    has_zone: bool
    is_day: bool


@dataclass(frozen=True, slots=True)
class ItemReport:
    """The fields of an item, its date, and its site's names of its sections, as fields of the name "section"."""

    url: str
    fields: tuple[FieldOrigin, ...]
    date: DateOrigin | None
    sections: tuple[FieldOrigin, ...]


@dataclass(frozen=True, slots=True)
class Omission:
    """A part of what was read that is left out, how many there are, and why."""

    what: str
    count: int
    reason: str


@dataclass(frozen=True, slots=True)
class SourceReport:
    """The report on an address.

    `kind` is the kind of source that it can be, `form` the word for what it is, `count` how many items it has,
    `items` the newest of these. `selector` is that of a LISTING's links. `doubt` says why a PAGE may be no article,
    "" for nothing.
    """

    kind: SourceKind
    form: str
    title: str
    count: int
    items: tuple[ItemReport, ...]
    omissions: tuple[Omission, ...] = ()
    selector: str = ""
    doubt: str = ""
