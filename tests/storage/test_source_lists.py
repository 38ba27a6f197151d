"""Sources in a list: what one Peyk writes, another has with every property."""

from dataclasses import replace

import pytest

from bot.errors import SourceError, UserError
from bot.ingest.sources.opml import OpmlFeed, read_opml, write_opml
from bot.ingest.sources.opml_properties import OpmlProperties, OpmlRule, OpmlSection
from bot.ingest.sources.source_lists import SourceLists, listed_sources
from storage import sources
from storage.engine.database import Database
from storage.records import ChangePolicy, RuleAction, Source, SourceKind, SourceState

NOW = 1_766_576_760_000
_PROPERTIES = OpmlProperties(
    kind=SourceKind.LISTING,
    category="sports",
    review=True,
    interval=900,
    selector='h3.title > a[href*="x"]',
    changes=ChangePolicy.ASK,
    state=SourceState.PAUSED,
    rules=(OpmlRule('"نیمه نهایی" -تنیس', RuleAction.CATEGORY, "culture"), OpmlRule("فوری", RuleAction.DROP, "")),
    sections=(OpmlSection("توپوتور", "sports"),),
)
_LISTED = OpmlFeed("https://a.example/sport", 'ورزش "سه" & چهار', "ورزشی", _PROPERTIES)


def _lists(database: Database) -> SourceLists:
    return SourceLists(database, lambda: NOW)


async def _all(database: Database) -> list[OpmlFeed]:
    async with database.read() as connection:
        return await listed_sources(connection)


async def _known(database: Database, url: str) -> Source:
    found = await _lists(database).known(url)
    assert found is not None
    return found


async def test_a_list_that_was_written_gives_the_same_sources(database: Database) -> None:
    lists = _lists(database)
    ended = replace(_PROPERTIES, kind=SourceKind.FEED, state=SourceState.ENDED, rules=(), sections=(), selector="")
    for listed in (_LISTED, OpmlFeed("https://b.example/rss", "", "", ended)):
        await lists.add(listed, listed.url)
    written = write_opml(await _all(database))
    async with database.write() as tx:
        for one in await sources.all_(tx):
            await sources.remove(tx, one.id)
    for listed in read_opml(written).feeds:
        await lists.add(listed, listed.url)
    assert write_opml(await _all(database)) == written
    assert (await _known(database, _LISTED.url)).state is SourceState.PAUSED


async def test_what_differs_is_told_and_changed_once(database: Database) -> None:
    lists = _lists(database)
    plain = replace(
        _PROPERTIES, category="politics", review=False, interval=None, selector="", rules=(), sections=()
    )
    plain = replace(plain, changes=ChangePolicy.FOLLOW, state=SourceState.ACTIVE)
    await lists.add(replace(_LISTED, title="نام", properties=plain), _LISTED.url)
    source = await _known(database, _LISTED.url)
    told = {one.name: (one.before, one.after) for one in await lists.differences(source, _LISTED)}
    assert told == {
        "title": ("نام", _LISTED.title),
        "category": ("politics", "sports"),
        "to": ("publish", "review"),
        "interval": ("default", "900"),
        "selector": ("", _PROPERTIES.selector),
        "changes": ("follow", "ask"),
        "fetched": ("yes", "no"),
        "rule": ("", "drop: فوری"),
        "section توپوتور": ("", "sports"),
    }
    for _ in range(2):
        await lists.update(await _known(database, _LISTED.url), _LISTED)
        assert await lists.differences(await _known(database, _LISTED.url), _LISTED) == ()
    assert (await _all(database)) == [_LISTED]


async def test_a_list_of_another_program_names_a_title_and_a_category_by_its_meaning(database: Database) -> None:
    lists = _lists(database)
    for number, (folder, slug) in enumerate(
        (("اخبار سیاسی", "politics"), ("World news", "international"), ("", "general"))
    ):
        url = f"https://a.example/{number}"
        await lists.add(OpmlFeed(url, "", folder), url)
        (listed,) = [one for one in await _all(database) if one.url == url]
        assert listed.properties is not None
        assert listed.properties.category == slug
    source = await _known(database, "https://a.example/0")
    again = OpmlFeed(source.url, "نام تازه", "فوتبال")
    assert {one.name for one in await lists.differences(source, again)} == {"title", "category"}
    assert await lists.differences(source, OpmlFeed(source.url, "", "")) == ()
    await lists.update(source, again)
    assert await lists.differences(await _known(database, source.url), again) == ()


async def test_a_source_with_a_wrong_rule_is_not_added_by_halves(database: Database) -> None:
    wrong = replace(_PROPERTIES, rules=(OpmlRule("-", RuleAction.DROP, ""),))
    with pytest.raises(UserError, match="rule-query-empty"):
        await _lists(database).add(replace(_LISTED, properties=wrong), _LISTED.url)
    assert await _all(database) == []


async def test_a_source_does_not_become_one_of_another_kind(database: Database) -> None:
    await _lists(database).add(_LISTED, _LISTED.url)
    source = await _known(database, _LISTED.url)
    page = replace(_LISTED, properties=replace(_PROPERTIES, kind=SourceKind.PAGE))
    with pytest.raises(SourceError, match="it is a listing"):
        await _lists(database).update(source, page)
