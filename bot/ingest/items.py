"""What reading a source gives, before anything is stored: frozen, plain, picklable.

Instants are milliseconds UTC. Titles and leads are plain text in one line, addresses absolute http(s).
"""

from dataclasses import dataclass

from storage.records import Block


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One entry of a feed.

    `key` tells it from the feed's other entries and stays the same at each fetch: the guid, else the link, else
    a hash. `number` is the site's own news number in ASCII digits, "" where it gives none. `summary` is plain
    text ("" where there is none, or where it is only the beginning of `body`); `body` is what the feed itself
    holds of the text. `published_at` is None where the entry has no readable date. `desk` is the narrowest name of
    the first of its sections; `categories` are all of them, and its tags.
    """

    key: str
    url: str
    title: str
    summary: str
    body: tuple[Block, ...]
    published_at: int | None
    categories: tuple[str, ...]
    photo: str
    byline: str
    number: str
    desk: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as read. `language` is two letters, "" where it names none."""

    title: str
    language: str
    items: tuple[FeedItem, ...]


@dataclass(frozen=True, slots=True)
class PageArticle:
    """An article as read from a page, or from the text that was copied from one.

    `category_words` are the page's own names of its sections, from the widest to the narrowest; `desk` is for
    example «گروه بین‌الملل»; `number` is the news number in ASCII digits. `language` is "fa", "en" or another
    two-letter code. `form` names how it was read: nastooh, sepehr, wordpress, nour, unknown or pasted. Text
    fields are "" and `published_at` None where the page has none.
    """

    title: str
    lead: str
    body: tuple[Block, ...]
    category_words: tuple[str, ...]
    number: str
    desk: str
    byline: str
    photo: str
    published_at: int | None
    language: str
    url: str
    form: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a listing page and its text, which is mostly a headline."""

    url: str
    text: str
