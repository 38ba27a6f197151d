"""Items and pages as a source has them, before anything is stored: frozen and plain.

Instants are milliseconds UTC. Titles and leads are plain text in one line, addresses absolute http(s).
"""

from dataclasses import dataclass

from storage.records import Block, Media


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One entry of a feed.

    `guid` is the entry's own id as its feed writes it, a hash where it is very long, "" where there is none.
    `number` is the site's own news number in ASCII digits, "" where it gives none. `summary` is plain
    text ("" where there is none, or where it is only the beginning of `body`); `body` is what the feed itself
    holds of the text. `published_at` is None where the entry has no readable date. `section` is the narrowest name
    of the first of its sections; `categories` are all of them, and its tags. `written_date` is the date as its feed
    writes it, "" where there is no readable one. `media` are its videos and sounds; `pictures` are those that may
    be its photo, the photo itself first.
    """

    guid: str
    url: str
    title: str
    summary: str
    body: tuple[Block, ...]
    published_at: int | None
    categories: tuple[str, ...]
    photo: str
    byline: str
    number: str
    section: str
    written_date: str = ""
    media: tuple[Media, ...] = ()
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as read. `language` is two letters, "" where it names none.

    `ttl` is for how many seconds the feed says that it stays as it is, at most a week, None where it does not say;
    it asks not to be fetched in the hours `skip_hours` of UTC and on `skip_days` (Monday is 0). `hub` is the
    address of its WebSub hub, `self_url` its own, `link` the page that it belongs to, each "" where there is none.
    `unread` counts the entries that were too damaged to be read. `is_torn` tells of one that breaks off.
    """

    title: str
    language: str
    items: tuple[FeedItem, ...]
    ttl: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    hub: str = ""
    self_url: str = ""
    link: str = ""
    unread: int = 0
    is_torn: bool = False


@dataclass(frozen=True, slots=True)
class PageArticle:
    """An article as read from a page, or from the text that was copied from one.

    `category_words` are the page's own names of its sections, from the widest to the narrowest; `section` is for
    example «گروه بین‌الملل»; `number` is the news number in ASCII digits. `language` is "fa", "en" or another
    two-letter code. `date_is_day` is True where only the day of `published_at` is known, which then is the day's
    first moment. `url` is the address that was fetched, `canonical` the one that the page gives as its own, and
    `shortlink` its short form. `profile` names how it was read: a system of bot.ingest.page.site_profiles,
    "unknown" or "pasted". `is_list` is True for a page that lists articles, each under a headline that leads to it.
    `media` are its videos and sounds, `pictures` those that may be its photo, that itself first. Text fields are ""
    and `published_at` None where the page has none.
    """

    title: str
    lead: str
    body: tuple[Block, ...]
    category_words: tuple[str, ...]
    number: str
    section: str
    byline: str
    photo: str
    published_at: int | None
    language: str
    url: str
    profile: str
    date_is_day: bool = False
    canonical: str = ""
    media: tuple[Media, ...] = ()
    pictures: tuple[str, ...] = ()
    is_list: bool = False
    shortlink: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a listing page and its text, which is mostly a headline."""

    url: str
    text: str
