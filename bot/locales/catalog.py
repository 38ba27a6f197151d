"""Every sentence that a person reads, by language and key (Project Fluent).

A language is one file, `<code>.ftl`, beside this module. Numbers and dates are formed by our own functions: the
library would print Latin digits.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

from fluent.runtime import FluentBundle, FluentResource

from persian import jalali
from persian.digits import to_persian

_ISOLATED_NUMBER = re.compile("\u2068([0-9\u06f0-\u06f9]+)\u2069")
_FOLDER = Path(__file__).parent
_RIGHT_TO_LEFT = {"fa", "ar", "he", "ur", "ckb", "ps"}


class Texts:
    """The catalogue in one language and time zone: `texts("key", name=value)`."""

    def __init__(self, catalog: "Catalog", language: str, zone: ZoneInfo) -> None:
        self._catalog = catalog
        self.language = language
        self.zone = zone

    @property
    def is_rtl(self) -> bool:
        """Tell whether the language runs from right to left."""
        return self.language in _RIGHT_TO_LEFT

    def __call__(self, key: str, /, **args: str | int) -> str:
        """Return a plain text, for buttons, menus and answers to presses. Raises KeyError for an unknown key."""
        return self._catalog.text(self.language, key, args)

    def html(self, key: str, /, **args: str | int) -> str:
        """Return a text for a message: what is put into it is escaped, what stands in the file may be tags."""
        safe = {name: escape(value) if isinstance(value, str) else value for name, value in args.items()}
        return self._catalog.text(self.language, key, safe)

    def digits(self, text: str) -> str:
        """Return `text` with the digits of the language."""
        return to_persian(text) if self.language == "fa" else text

    def datetime(self, ms: int) -> str:
        """Return an instant (ms) in the calendar of the language, with weekday and time."""
        if self.language == "fa":
            return jalali.format_datetime(ms, self.zone)
        return f"{_local(ms, self.zone):%A %-d %B %Y, %H:%M}"

    def weekday(self, ms: int) -> str:
        """Return the weekday and the date of an instant (ms), in the calendar of the language."""
        if self.language == "fa":
            return jalali.format_weekday(ms, self.zone)
        return f"{_local(ms, self.zone):%A %-d %B %Y}"

    def clock(self, ms: int) -> str:
        """Return the time of day of an instant (ms)."""
        return self.digits(f"{_local(ms, self.zone):%H:%M}")

    def short(self, ms: int) -> str:
        """Return an instant (ms) as day, month and time."""
        if self.language == "fa":
            return jalali.format_short(ms, self.zone)
        return f"{_local(ms, self.zone):%-d %B, %H:%M}"

    def day(self, day: date, *, year: bool = True) -> str:
        """Return a day, told by its Gregorian date, in the calendar of the language; the year may be left out."""
        if self.language == "fa":
            return jalali.format_day(day, year=year)
        return f"{day:%-d %B %Y}" if year else f"{day:%-d %b}"


class Catalog:
    """The texts of every language that has a file."""

    def __init__(self, bundles: dict[str, FluentBundle]) -> None:
        self._bundles = bundles
        self.languages = tuple(sorted(bundles, reverse=True))

    @classmethod
    def load(cls, folder: Path = _FOLDER) -> "Catalog":
        """Read every `*.ftl` of `folder`."""
        bundles = {}
        for path in sorted(folder.glob("*.ftl")):
            bundle = FluentBundle([path.stem], use_isolating=True)
            bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")))
            bundles[path.stem] = bundle
        return cls(bundles)

    def bind(self, language: str, zone: ZoneInfo) -> Texts:
        """Return the texts of one language. Raises KeyError for a language without a file."""
        self._bundles[language]
        return Texts(self, language, zone)

    def has(self, key: str) -> bool:
        """Tell whether every language has a text of that key."""
        return all(bundle.has_message(key) for bundle in self._bundles.values())

    def text(self, language: str, key: str, args: Mapping[str, str | int]) -> str:
        """Return a text. Whole numbers choose plural forms and are shown in the language's digits.

        Raises KeyError for an unknown key, ValueError where an argument is missing.
        """
        bundle = self._bundles[language]
        pattern = bundle.get_message(key).value
        assert pattern is not None, f"text {key!r} has no value"
        # A number `n` chooses a variant; what is shown is `n_text`, in the language's digits.
        shown: dict[str, str | int] = dict(args)
        for name, value in args.items():
            if isinstance(value, int):
                shown[f"{name}_text"] = to_persian(str(value)) if language == "fa" else str(value)
        text, errors = bundle.format_pattern(pattern, shown)
        if errors:
            raise ValueError(f"text {key!r} in {language!r}: {errors[0]}")
        # Digits need no isolation, and the marks would be copied with a number.
        return _ISOLATED_NUMBER.sub(r"\1", str(text))


def _local(ms: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(zone)
