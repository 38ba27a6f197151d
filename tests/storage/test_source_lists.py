"""Sources in a list: what one Peyk writes, another has with every property."""

from dataclasses import replace

from bot.errors import SourceError, UserError
from bot.ingest.sources.opml import OpmlFeed, read_opml, write_opml
from bot.ingest.sources.opml_properties import OpmlProperties, OpmlRule, OpmlSection
from bot.ingest.sources.source_lists import (
    Difference,
    ImportedSource,
    ListOutcome,
    SourceLists,
    listed_sources,
    rules_of_all,
)
from storage import audit, sources
from storage.audit_details import AuditAction, RuleDetails
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


async def _take(database: Database, *listed: OpmlFeed, update: bool = False) -> list[ImportedSource]:
    return await SourceLists(database, lambda: NOW).import_feeds(listed, update=update)


async def _add(database: Database, *listed: OpmlFeed) -> None:
    assert {imported.outcome for imported in await _take(database, *listed)} == {ListOutcome.ADDED}


async def _differences(database: Database, listed: OpmlFeed) -> tuple[Difference, ...]:
    (taken,) = await _take(database, listed)
    assert (taken.outcome is ListOutcome.DIFFERS) is bool(taken.differences)
    return taken.differences


async def _all(database: Database) -> list[OpmlFeed]:
    async with database.read() as connection:
        return await listed_sources(connection)


async def _known(database: Database, url: str) -> Source:
    async with database.read() as connection:
        source = await sources.by_url(connection, url)
    assert source is not None
    return source


async def test_a_list_that_was_written_gives_the_same_sources(database: Database) -> None:
    ended = replace(_PROPERTIES, kind=SourceKind.FEED, state=SourceState.ENDED, rules=(), sections=(), selector="")
    await _add(database, _LISTED, OpmlFeed("https://b.example/rss", "", "", ended))
    written = write_opml(await _all(database))
    async with database.write() as tx:
        for source in await sources.all_(tx):
            await sources.remove(tx, source.id)
    await _add(database, *read_opml(written).feeds)
    assert write_opml(await _all(database)) == written
    assert (await _known(database, _LISTED.url)).state is SourceState.PAUSED


async def test_the_audit_names_the_category_of_a_section_from_a_list(database: Database) -> None:
    await _add(database, _LISTED)
    async with database.read() as connection:
        entries = await audit.page(connection, limit=9)
    details = [entry.details for entry in entries if entry.action == AuditAction.LEARN_SECTION]
    assert details == [RuleDetails("توپوتور", "sports", _LISTED.url)]


async def test_what_differs_is_told_and_changed_once(database: Database) -> None:
    plain = replace(
        _PROPERTIES, category="politics", review=False, interval=None, selector="", rules=(), sections=()
    )
    plain = replace(plain, changes=ChangePolicy.FOLLOW, state=SourceState.ACTIVE)
    await _add(database, replace(_LISTED, title="نام", properties=plain))
    told = {
        difference.name: (difference.before, difference.after)
        for difference in await _differences(database, _LISTED)
    }
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
    for outcome in (ListOutcome.CHANGED, ListOutcome.KNOWN):
        (taken,) = await _take(database, _LISTED, update=True)
        assert taken.outcome is outcome
        assert await _differences(database, _LISTED) == ()
    assert (await _all(database)) == [_LISTED]


async def test_a_list_of_another_program_names_a_title_and_a_category_by_its_meaning(database: Database) -> None:
    for number, (folder, slug) in enumerate(
        (("اخبار سیاسی", "politics"), ("World news", "international"), ("", "general"))
    ):
        url = f"https://a.example/{number}"
        await _add(database, OpmlFeed(url, "", folder))
        (listed,) = [feed for feed in await _all(database) if feed.url == url]
        assert listed.properties is not None
        assert listed.properties.category == slug
    source = await _known(database, "https://a.example/0")
    again = OpmlFeed(source.url, "نام تازه", "فوتبال")
    assert {difference.name for difference in await _differences(database, again)} == {"title", "category"}
    assert await _differences(database, OpmlFeed(source.url, "", "")) == ()
    await _take(database, again, update=True)
    assert await _differences(database, again) == ()


async def test_a_list_of_another_program_adds_a_feed_once_in_whatever_form(
    database: Database,
) -> None:
    addresses = ("http://a.example/rss", "https://www.a.example/rss/", "https://a.example/rss#top")
    taken = await _take(database, *(OpmlFeed(address, "روزنامه", "") for address in addresses))
    assert [imported.outcome for imported in taken] == [ListOutcome.ADDED, ListOutcome.KNOWN, ListOutcome.KNOWN]
    others = ("https://a.example/rss2", "https://a.example/rss?section=2", "https://b.a.example/rss")
    await _add(database, *(OpmlFeed(address, "روزنامه", "") for address in others))
    # A feed that has moved for good does not come again with the list that it came from.
    async with database.write() as tx:
        await sources.move(
            tx, (await _known(database, addresses[0])).id, "https://a.example/rss", before=addresses[0]
        )
    (again,) = await _take(database, OpmlFeed(addresses[0], "روزنامه", ""))
    assert (again.outcome, len(await _all(database))) == (ListOutcome.KNOWN, 4)


async def test_a_source_with_a_wrong_rule_is_not_added_by_halves_and_stops_no_other(database: Database) -> None:
    wrong = replace(_PROPERTIES, rules=(OpmlRule("-", RuleAction.DROP, ""),))
    others = [OpmlFeed(f"https://{name}.example/rss", "", "ورزشی") for name in "bc"]
    first, refused, last = await _take(database, others[0], replace(_LISTED, properties=wrong), others[1])
    assert (first.outcome, refused.outcome, last.outcome) == (
        ListOutcome.ADDED,
        ListOutcome.REFUSED,
        ListOutcome.ADDED,
    )
    assert isinstance(refused.refusal, UserError)
    assert refused.refusal.key == "rule-query-empty"
    assert [feed.url for feed in await _all(database)] == [other.url for other in others]


async def test_a_known_source_is_changed_as_a_whole_or_not_at_all(database: Database) -> None:
    await _add(database, OpmlFeed(_LISTED.url, "نام", "سیاسی", replace(_PROPERTIES, rules=(), category="politics")))
    before = await _all(database)
    wrong = replace(_PROPERTIES, rules=(*_PROPERTIES.rules, OpmlRule("-", RuleAction.DROP, "")))
    (taken,) = await _take(database, replace(_LISTED, properties=wrong), update=True)
    assert taken.outcome is ListOutcome.REFUSED
    assert await _all(database) == before


async def test_a_source_does_not_become_one_of_another_kind(database: Database) -> None:
    await _add(database, _LISTED)
    page = replace(_LISTED, properties=replace(_PROPERTIES, kind=SourceKind.PAGE))
    (taken,) = await _take(database, page, update=True)
    assert isinstance(taken.refusal, SourceError)
    assert str(taken.refusal).startswith("it is a listing")


async def test_the_rules_for_all_sources_are_kept_and_join_others_only_when_asked(database: Database) -> None:
    lists = SourceLists(database, lambda: NOW)
    rules = (OpmlRule("آگهی", RuleAction.DROP, ""), OpmlRule("ورزش", RuleAction.TAG, "خبر ورزشی"))
    (read,) = {read_opml(write_opml([_LISTED], rules)).rules}
    assert read == rules
    assert await lists.import_rules(rules, update=False) == 2
    assert await lists.import_rules(rules, update=False) == 0
    more = (*rules, OpmlRule("بورس", RuleAction.QUIET, ""))
    assert await lists.import_rules(more, update=False) is None
    assert await lists.import_rules(more, update=True) == 1
    async with database.read() as connection:
        assert await rules_of_all(connection) == more
    assert read_opml(write_opml([_LISTED])).rules == ()
