"""A picture that stands on many articles of a source is its sign, and no article's photo."""

import pytest

from bot.ingest.storing.source_signs import REPEATED
from storage.engine.database import Database
from tests.storage.feeding import SITE, Entry, Newsroom

_SIGN, _OWN = f"{SITE}/up/share.jpg", f"{SITE}/up/{{}}/bridge.jpg"


@pytest.fixture
async def newsroom(database: Database) -> Newsroom:
    return Newsroom(database)


def _entry(number: int, *pictures: str) -> Entry:
    return Entry(f"خبر شمارهٔ {number}", f"{SITE}/a/{number}x", pictures=pictures)


async def _photos(newsroom: Newsroom) -> dict[str, str]:
    return {article.content.title: article.content.photo for article in await newsroom.articles()}


async def test_a_picture_on_many_articles_gives_way_to_the_next_or_to_none(newsroom: Newsroom) -> None:
    source = await newsroom.source()
    for number in range(REPEATED + 2):
        own = (_OWN.format(number),) if number % 2 else ()
        await newsroom.read(source, _entry(number, _SIGN, *own))
    photos = list((await _photos(newsroom)).values())
    assert photos.count(_SIGN) == REPEATED - 1
    last = await _photos(newsroom)
    assert last[f"خبر شمارهٔ {REPEATED}"] == _OWN.format(REPEATED)
    assert last[f"خبر شمارهٔ {REPEATED + 1}"] == ""


async def test_a_first_fetch_knows_a_sign_at_once_and_another_source_is_not_concerned(newsroom: Newsroom) -> None:
    source = await newsroom.source(begun=False)
    # Among so many others it is not the picture of most entries.
    others = [_entry(100 + n, _OWN.format(n)) for n in range(REPEATED + 1)]
    await newsroom.read(source, *(_entry(n, _SIGN) for n in range(REPEATED)), *others)
    photos = list((await _photos(newsroom)).values())
    assert (photos.count(_SIGN), photos.count("")) == (0, REPEATED)
    other = await newsroom.source("https://other.example/feed.xml")
    await newsroom.read(other, Entry("خبر دیگر", "https://other.example/a/1x", pictures=(_SIGN,)))
    assert (await _photos(newsroom))["خبر دیگر"] == _SIGN


async def test_a_series_keeps_its_picture_and_an_article_that_has_one_keeps_it(newsroom: Newsroom) -> None:
    source = await newsroom.source()
    for number in range(3):
        await newsroom.read(source, _entry(number, _SIGN))
    # The same items again are no further articles.
    for _ in range(REPEATED):
        for number in range(3):
            await newsroom.read(source, _entry(number, _SIGN))
    assert set((await _photos(newsroom)).values()) == {_SIGN}
    for number in range(3, REPEATED + 1):
        await newsroom.read(source, _entry(number, _SIGN))
    changed = Entry("خبر شمارهٔ 0", f"{SITE}/a/0x", text="شرح دیگری از همین خبر.", pictures=(_SIGN,))
    await newsroom.read(source, changed)
    (first,) = [article for article in await newsroom.articles() if article.content.title == "خبر شمارهٔ 0"]
    assert (first.content.lead, first.content.photo) == ("شرح دیگری از همین خبر.", _SIGN)
