"""The bounds of foreign text, each with its unit and reason, and the errors that tell of them.

A text is bounded before anything parses it. What a person may be told of is checked and refused; what nobody wrote
by hand, or what only its beginning counts of, is cut.
"""

from dataclasses import dataclass

from bot.errors import UserError


@dataclass(frozen=True, slots=True)
class Bound:
    """The most characters of a kind of text, and the key of the error that a person is told."""

    most: int
    error: str = "text-too-long"

    def check(self, text: str) -> str:
        """Return the text. Raises UserError with `most` and `length` where it is longer."""
        self.check_length(len(text))
        return text

    def check_length(self, length: int) -> None:
        """Raise UserError with `most` and `length` where a text of so many characters is too long."""
        if length > self.most:
            raise UserError(self.error, most=self.most, length=length)

    def cut(self, text: str) -> str:
        """Return the beginning of the text."""
        return text[: self.most]


MESSAGE = Bound(4_096)
"""One message or caption: Telegram takes no more, whatever another server hands on."""
MOST_ENTITIES = 100
"""Formatted runs of one message: Telegram drops those beyond."""
REQUEST = Bound(1_000)
"""The length of a request to follow something: room for every category, ten tags and some words."""
QUERY = Bound(200)
"""A search: its twelve words that count have room in it."""
RULE_QUERY = Bound(500, "rule-query-long")
"""The search of a rule: each new item of its source is compared with it."""
MOST_RULES = 200
"""Rules of one source, or of all: each new item is compared with every one."""
LONGEST_INTERVAL = 366 * 86_400
"""The time between two fetches of a source (seconds)."""
PAYLOAD = Bound(64)
"""A button's data and a deep link's payload (bytes of ASCII)."""
TYPED_TEXT = Bound(250_000, "post-body-too-long")
"""A text that arrives in several messages: the longest article, with its title and lead and what is left out."""
MOST_PARTS = 200
"""Messages of one text: three times as many as the longest text takes."""
FILE_BYTES = 5_000_000
"""A file to import: a page with all that a browser saves into it."""
FILE_TEXT = Bound(1_000_000, "import-text-too-long")
"""A text file to import: a page copied whole, with menus and comments; the article in it is much shorter."""
LIST_BYTES = 10_000_000
"""A list of feeds: some fifty thousand of them."""
