"""Every sentence that a person reads, by language and key (Project Fluent).

A language is one file, `<code>.ftl`, beside this module: its sentences, and what kind of language it is. Numbers
and dates are formed by our own functions: the library would print Latin digits.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

from fluent.runtime import FluentBundle
from fluent.syntax import FluentParser, ast

from bot.errors import ConfigError
from bot.locales import direction
from bot.locales.language import Language, read
from persian.direction import FSI, LRM, PDI, RLM, apart

CODE = "[a-z]{2,3}(?:-[a-z0-9]{2,8})?"
"""A language's code, as it is the name of its file: a pattern."""

_ISOLATED_NUMBER = re.compile(f"{FSI}((?:<code>)?\\d+(?::\\d+)*(?:</code>)?){PDI}")
_CODE = re.compile("<code>[^<]*</code>")
_ISOLATION = re.compile(f"[{FSI}{PDI}]")
_FOLDER = Path(__file__).parent
_ABOUT = ("language-", "date-", "section-", "words-")
"""Keys that do not stand as lines in messages."""


class Texts:
    """The catalogue in one language and time zone: `texts("key", name=value)`."""

    def __init__(self, catalog: "Catalog", language: Language, zone: ZoneInfo) -> None:
        self._catalog = catalog
        self._language = language
        self.language = language.code
        self.zone = zone
        self.is_rtl = language.is_rtl
        self.mark = RLM if language.is_rtl else ""
        self.numerals = language.numerals
        self.sections = language.sections

    def __call__(self, key: str, /, **args: str | int) -> str:
        """Return a plain text, for buttons, menus and answers to presses. Raises KeyError for an unknown key."""
        return self._catalog.text(self.language, key, args)

    def html(self, key: str, /, **args: str | int) -> str:
        """Return a text for a message: what is put into it is escaped, what stands in the file may be tags."""
        safe = {name: escape(value) if isinstance(value, str) else value for name, value in args.items()}
        return self._catalog.text(self.language, key, safe)

    def line(self, text: str) -> str:
        """Return a line, as plain text or HTML, that runs as the language does, whatever it begins with."""
        return text if text.startswith(self.mark) else self.mark + text

    def apart(self, text: str) -> str:
        """Return a name or title fit to stand among others in a line: what is foreign in it disorders nothing."""
        return apart(text, rtl=self.is_rtl)

    def facts(self, *facts: str) -> str:
        """Return facts (plain text) as one line, with dots between them."""
        shown = [self.apart(fact) for fact in facts]
        # Where the line of a left-to-right language begins with a Persian name, it runs from the left still.
        mark = self.mark or (LRM if shown != [*facts] else "")
        return mark + " · ".join(shown)

    def digits(self, text: str) -> str:
        """Return `text` with the digits of the language."""
        return self.numerals.write(text)

    def datetime(self, ms: int) -> str:
        """Return an instant (ms) in the calendar of the language, with weekday and time."""
        return self._language.moment("full", _local(ms, self.zone))

    def weekday(self, ms: int) -> str:
        """Return the weekday and the date of an instant (ms), in the calendar of the language."""
        return self._language.moment("weekday", _local(ms, self.zone))

    def clock(self, ms: int) -> str:
        """Return the time of day of an instant (ms)."""
        return self.digits(f"{_local(ms, self.zone):%H:%M}")

    def short(self, ms: int) -> str:
        """Return an instant (ms) as day, month and time."""
        return self._language.moment("short", _local(ms, self.zone))

    def day(self, day: date, *, year: bool = True) -> str:
        """Return a day, told by its Gregorian date, in the calendar of the language; the year may be left out."""
        return self._language.day("day" if year else "day-of-year", day)

    def sortable(self, ms: int) -> str:
        """Return an instant (ms) in the calendar of the language as tables have it, in ASCII digits."""
        return self._language.sortable(_local(ms, self.zone))


class Catalog:
    """The texts of every language that has a file: `languages` are their codes, `names` their own names.

    `countries` has for each the codes of countries by the names that its people have for them besides CLDR's.
    """

    def __init__(self, bundles: dict[str, FluentBundle], languages: dict[str, Language]) -> None:
        self._bundles = bundles
        self._languages = languages
        self.languages = tuple(sorted(bundles, reverse=True))
        self.names = {code: languages[code].name for code in self.languages}
        self.countries = {code: languages[code].countries for code in self.languages}

    @classmethod
    @cache  # to read a language takes a fifth of a second
    def load(cls, folder: Path = _FOLDER) -> "Catalog":
        """Read every `*.ftl` of `folder`, once. Raises ConfigError, naming the file, where one cannot be used."""
        bundles, languages = {}, {}
        for path in sorted(folder.glob("*.ftl")):
            code = path.stem
            try:
                bundles[code], languages[code] = _read(code, path.read_text(encoding="utf-8"))
            except KeyError as error:
                raise ConfigError(f"{path.name}: {error} is missing") from None
            except ValueError as error:
                raise ConfigError(f"{path.name}: {error}") from None
        return cls(bundles, languages)

    def bind(self, language: str, zone: ZoneInfo) -> Texts:
        """Return the texts of one language. Raises KeyError for a language without a file."""
        return Texts(self, self._languages[language], zone)

    def has(self, key: str) -> bool:
        """Return whether every language has a text of that key."""
        return all(bundle.has_message(key) for bundle in self._bundles.values())

    def text(self, language: str, key: str, args: Mapping[str, str | int]) -> str:
        """Return a text. Whole numbers choose plural forms and are shown in the language's digits.

        Raises KeyError for an unknown key, ValueError where an argument is missing.
        """
        return _form(self._bundles[language], self._languages[language].numerals.write, key, args)


def _read(code: str, source: str) -> tuple[FluentBundle, Language]:
    if not re.fullmatch(CODE, code):
        raise ValueError("a language's code such as fa or pt-br is expected as the file's name")
    resource = FluentParser(with_spans=False).parse(source)  # nobody asks where in the file a text stands
    if junk := [entry.content or "" for entry in resource.body if isinstance(entry, ast.Junk)]:
        raise ValueError(f"{junk[0].splitlines()[0]!r} is no text")
    messages = {entry.id.name: entry for entry in resource.body if isinstance(entry, ast.Message)}
    # English rules of plurals where the library knows none of the language.
    bundle = FluentBundle([code, "en"], use_isolating=True)
    bundle.add_resource(resource)

    def format_text(key: str, /, **args: str) -> str:
        return _form(bundle, str, key, args)

    language = read(code, list(messages), format_text)
    if language.is_rtl:
        _mark_directions(messages)
    return bundle, language


def _mark_directions(messages: Mapping[str, ast.Message]) -> None:
    """Mark the directions in all texts but those that tell of the language itself."""
    for key, message in messages.items():
        if message.value is not None and not key.startswith(_ABOUT):
            direction.mark(message.value)


def _form(bundle: FluentBundle, digits: Callable[[str], str], key: str, args: Mapping[str, str | int]) -> str:
    pattern = bundle.get_message(key).value
    assert pattern is not None, f"text {key!r} has no value"
    # A number `n` chooses a variant; what is shown is `n_text`, in the language's digits.
    shown: dict[str, str | int] = dict(args)
    for name, value in args.items():
        if isinstance(value, int):
            shown[f"{name}_text"] = digits(str(value))
    text, errors = bundle.format_pattern(pattern, shown)
    if errors:
        raise ValueError(f"text {key!r} in {bundle.locales[0]!r}: {errors[0]}")
    # A command that is copied with marks is not understood.
    plain = _CODE.sub(lambda code: _ISOLATION.sub("", code[0]), str(text))
    # Digits and clocks need no isolation, and the marks would be copied with a number.
    return _ISOLATED_NUMBER.sub(r"\1", plain)


def _local(ms: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(zone)
