"""The sample newsroom: enough to read, and within minutes what a newsroom has to cope with."""

import struct
from collections import Counter
from dataclasses import replace

from aiohttp import ClientSession

from bot.newsroom.story_signature import Signature, same_story, signature
from sandbox.site import server as site_server
from sandbox.site.picture import picture
from sandbox.site.stories import AGENCY, NEWSPAPER, Story, WrittenArticle, written_articles

_FIRST, _EVERY_MS = 14, 25_000
_FIVE_MINUTES = 300_000


def test_there_are_sixty_articles_of_every_section_and_none_twice() -> None:
    written = written_articles()
    assert len({article.wording.title for article in written}) == len(written) >= 60
    assert min(Counter(article.section for article in written).values()) >= 5
    assert len({article.wording.lead for article in written}) == len(written)
    assert len({article.picture for article in written}) >= 10


def test_a_story_develops_is_corrected_and_taken_down_within_five_minutes() -> None:
    written = written_articles()
    assert not any(article.revisions or article.gone_after for article in written[:_FIRST])
    changes = []
    for place, article in enumerate(written[_FIRST:], 1):
        begun = place * _EVERY_MS
        changes += [begun + change.after for change in article.revisions]
        changes += [begun + article.gone_after] if article.gone_after is not None else []
    assert len([at for at in changes if at < _FIVE_MINUTES]) >= 3


def test_what_the_newspaper_tells_is_known_as_stories_of_the_agency() -> None:
    agency = [_signed(article) for article in written_articles(AGENCY)]
    for retold in map(_signed, written_articles(NEWSPAPER)):
        same = [article for article in agency if same_story(retold.fingerprint, article.fingerprint)]
        assert len(same) == 1, retold.fingerprint.title
        assert set(retold.bands) & set(same[0].bands), retold.fingerprint.title


def _signed(written: WrittenArticle) -> Signature:
    return signature(written.wording.title, written.wording.lead, "")


async def test_a_video_is_shown_on_its_page_and_opens() -> None:
    place = next(place for place, article in enumerate(written_articles()) if article.video)
    assert place < _FIRST + 3
    site = await site_server.start(clock=lambda: 0, outlet=replace(AGENCY, first=place, every=3600))
    try:
        number = site.publish_next()
        async with ClientSession() as session:
            async with session.get(f"{site.url}/fa/news/{number}/story") as page:
                assert f'src="{site.url}/videos/{number}.mp4"' in await page.text()
            async with session.get(f"{site.url}/videos/{number}.mp4") as video:
                assert (video.content_type, (await video.read())[4:8]) == ("video/mp4", b"ftyp")
            async with session.get(f"{site.url}/videos/{number - 3}.mp4") as none:
                assert none.status == 404
    finally:
        await site.stop()


def test_an_article_says_what_its_newest_revision_says() -> None:
    revised = next(article for article in written_articles() if article.revisions)
    story = Story(1, 1_000, revised)
    due = 1_000 + revised.revisions[0].after
    assert story.wording(due - 1) == revised.wording
    assert story.wording(due) == revised.revisions[0].wording


async def test_what_is_told_again_counts_its_editions_in_persian() -> None:
    site = await site_server.start(clock=lambda: 1_000_000)
    try:
        for _ in range(len(written_articles()) + 1 - _FIRST):
            site.publish_next()
        async with ClientSession() as session, session.get(site.feed_url) as answer:
            assert "(ویرایش ۲)" in await answer.text()
    finally:
        await site.stop()


def test_pictures_are_of_several_kinds_and_shapes() -> None:
    drawn = [picture(kind, 5) for kind in sorted({article.picture for article in written_articles()})]
    assert len(set(drawn)) == len(drawn)
    assert len({struct.unpack(">II", drawing[16:24]) for drawing in drawn}) >= 3
    assert max(map(len, drawn)) < 30_000
    assert picture("city", 5) == picture("city", 5) != picture("city", 6)


async def test_what_was_taken_down_is_gone_and_the_feed_says_so() -> None:
    now = 0
    written = written_articles()
    place = next(place for place, article in enumerate(written) if article.gone_after is not None)
    site = await site_server.start(clock=lambda: now, outlet=replace(AGENCY, first=place, every=3600))
    try:
        number = site.publish_next()
        address = f"{site.url}/fa/news/{number}/story"
        async with ClientSession() as session:
            async with session.get(address) as page:
                assert page.status == 200
            async with session.get(site.feed_url) as feed:
                etag = feed.headers["ETag"]
            now = written[place].gone_after or 0
            async with session.get(address) as page:
                assert page.status == 410
            async with session.get(site.feed_url, headers={"If-None-Match": etag}) as feed:
                assert feed.status == 200
                assert "برداشته شد" in await feed.text()
    finally:
        await site.stop()
