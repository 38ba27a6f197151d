"""The sample news sites and their articles: the words of each, how it is revised, and when it is taken down."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of an article. A paragraph of the body that begins with "# " is a sub-heading."""

    title: str
    lead: str
    body: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """The words of an article from `after` milliseconds behind its publication."""

    after: int
    wording: Wording


@dataclass(frozen=True, slots=True)
class WrittenArticle:
    """An article before its publication.

    `picture` is a kind of picture, `video` the name of a file of `sandbox/samples`, "" for none. An article whose
    `gone_after` (ms) is None stays for good.
    """

    section: str
    picture: str
    wording: Wording
    video: str = ""
    revisions: tuple[Revision, ...] = ()
    gone_after: int | None = None


@dataclass(frozen=True, slots=True)
class Outlet:
    """A sample news site: its name, the file of its articles, and how it publishes them.

    Its texts begin with the `dateline` and the section, "" for no such beginning. The numbers of its articles begin
    with `first_number`. The `first` articles are there when it starts; another one
    follows every `every` seconds. One that `repeats` begins again after its last article.
    """

    name: str
    articles: str
    dateline: str
    first_number: int
    first: int
    every: float
    repeats: bool


AGENCY = Outlet("پیک‌نمونه", "articles.toml", "پیک‌نمونه-گروه", 264_800, first=14, every=25.0, repeats=True)
NEWSPAPER = Outlet("روزنامهٔ سپیدرود", "newspaper.toml", "", 51_300, first=4, every=70.0, repeats=False)


@dataclass(frozen=True, slots=True)
class Story:
    """A published article. `at` is ms UTC; `edition` counts how often it was published before."""

    number: int
    at: int
    written: WrittenArticle
    edition: int = 0

    def wording(self, now: int) -> Wording:
        """Return the words of the article at `now` (ms UTC)."""
        due = [revision.wording for revision in self.written.revisions if self.at + revision.after <= now]
        return due[-1] if due else self.written.wording

    def is_gone(self, now: int) -> bool:
        """Return whether the article is taken down at `now`."""
        return self.written.gone_after is not None and self.at + self.written.gone_after <= now


def version(stories: Sequence[Story], now: int) -> str:
    """Return a text that changes with every publication, revision and removal."""
    changes = sum(
        sum(story.at + revision.after <= now for revision in story.written.revisions) + story.is_gone(now)
        for story in stories
    )
    return f"{len(stories)}-{changes}"


def written_articles(outlet: Outlet = AGENCY) -> list[WrittenArticle]:
    """Return the articles of a site in the order of their publication."""
    text = files("sandbox.site").joinpath(outlet.articles).read_text(encoding="utf-8")
    return [_article(entry) for entry in tomllib.loads(text)["article"]]


def _article(entry: dict[str, Any]) -> WrittenArticle:
    gone_after = entry.get("gone_after")
    return WrittenArticle(
        section=entry["section"],
        picture=entry.get("picture", "hills"),
        wording=_wording(entry),
        video=entry.get("video", ""),
        revisions=tuple(
            Revision(revision["after"] * 1000, _wording(revision)) for revision in entry.get("revision", [])
        ),
        gone_after=None if gone_after is None else gone_after * 1000,
    )


def _wording(entry: dict[str, Any]) -> Wording:
    return Wording(entry["title"], entry["lead"], tuple(entry["body"]))
