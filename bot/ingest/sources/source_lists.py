"""Sources to and from lists of feeds: a source is written with every property, and read back the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.clock import Clock
from bot.errors import PeykError, SourceError
from bot.ingest.fetch.fetcher import checked_url
from bot.ingest.identity.addresses import forms_of_feed
from bot.ingest.importer import GENERAL, named_category
from bot.ingest.routing.category_words import category_of
from bot.ingest.routing.rules import checked_argument, checked_query, effect_of
from bot.ingest.sources.opml import OpmlFeed
from bot.ingest.sources.opml_properties import OpmlProperties, OpmlRule, OpmlSection
from bot.ingest.sources.source_admin import (
    SourceEdit,
    change_source_policy,
    check_room,
    edit_source,
    pause_source,
    resume_source,
)
from persian.normalise import match_key
from storage import audit, categories, source_rules, sources
from storage.audit_details import AuditAction, RuleDetails, SourceDetails
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.engine.savepoint import savepoint
from storage.records import Category, LearnedSection, Source, SourceKind, SourceState


@dataclass(frozen=True, slots=True)
class Difference:
    """A property that a list gives a known source another value of, each as text."""

    name: str
    before: str
    after: str


async def listed_sources(connection: Connection) -> list[OpmlFeed]:
    """Return every source with its properties, by category."""
    known = await sources.all_(connection)
    return [
        await _listed(connection, source, category)
        for category in await categories.all_(connection)
        for source in known
        if source.category_id == category.id
    ]


class ListOutcome(StrEnum):
    """The outcome of a source of a list; the value is what the command line prints."""

    ADDED = "added"
    KNOWN = "already there"
    DIFFERS = "differs"
    CHANGED = "changed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ImportedSource:
    """A source of a list and what became of it: why it was refused, or what the list says otherwise of it."""

    outcome: ListOutcome
    url: str
    title: str = ""
    refusal: PeykError | None = None
    differences: tuple[Difference, ...] = ()


async def rules_of_all(connection: Connection) -> tuple[OpmlRule, ...]:
    """Return the rules for all sources."""
    rules = await source_rules.of_source(connection, None)
    return tuple(OpmlRule(source_rule.query, source_rule.action, source_rule.argument) for source_rule in rules)


class SourceLists:
    """Acts of the command line (audit.COMMAND_LINE) on the sources of a list."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def import_feeds(self, listed: Sequence[OpmlFeed], *, update: bool) -> list[ImportedSource]:
        """Add sources of a list in one transaction, each with all of its properties or not at all.

        A known source stays as it is, except with `update`: then it gets the properties that the list gives it, all
        of them or none. Rules and sections that it has beside stay. To repeat it changes nothing.
        """
        async with self._database.write() as tx:
            return [await self._import_feed(tx, opml_feed, update=update) for opml_feed in listed]

    async def import_rules(self, rules: Sequence[OpmlRule], *, update: bool) -> int | None:
        """Add the rules of a list for all sources that are not there, and return how many.

        Where the newsroom has other rules for all, return None and add nothing, except with `update`. Raises
        UserError for a rule that is none, and where there are too many.
        """
        async with self._database.write() as tx:
            have = await rules_of_all(tx)
            fresh = [opml_rule for opml_rule in rules if opml_rule not in have]
            if fresh and have and not update:
                return None
            await _add_rules(tx, None, fresh, now=self._clock())
        return len(fresh)

    async def _import_feed(self, tx: Connection, listed: OpmlFeed, *, update: bool) -> ImportedSource:
        try:
            async with savepoint(tx):
                url = str(checked_url(listed.url))
                known = await _known_at(tx, listed, url)
                if known is None:
                    await _add(tx, listed, url, now=self._clock())
                    return ImportedSource(ListOutcome.ADDED, url, listed.title)
                differences = await _differences(tx, known, listed)
                if not differences:
                    return ImportedSource(ListOutcome.KNOWN, url, listed.title)
                if update:
                    await _update(tx, known, listed, now=self._clock())
        except PeykError as error:
            return ImportedSource(ListOutcome.REFUSED, listed.url, refusal=error)
        outcome = ListOutcome.CHANGED if update else ListOutcome.DIFFERS
        return ImportedSource(outcome, url, listed.title, differences=differences)


async def _known_at(connection: Connection, listed: OpmlFeed, url: str) -> Source | None:
    """Return the source at the address of a list, None for a new one.

    Other readers' lists have one feed in several forms of its address, or in the one that it has moved from.
    """
    known = await sources.by_url(connection, url)
    if known is not None or listed.properties is not None:
        return known
    return await sources.by_urls(connection, forms_of_feed(url))


async def _add(tx: Connection, listed: OpmlFeed, url: str, *, now: int) -> None:
    """Store a source of a list at an address that no source has.

    The name of its folder means a category, or one of that name is made. Raises UserError for a rule that is
    none, and for a name without letters.
    """
    properties = listed.properties
    category = await _category(tx, listed)
    options = sources.SourceOptions(title=listed.title)
    if properties is not None:
        options = sources.SourceOptions(properties.selector, properties.interval, listed.title)
    source = await sources.add(
        tx,
        url,
        kind=properties.kind if properties is not None else SourceKind.FEED,
        category_id=category.id,
        review=properties is not None and properties.review,
        now=now,
        options=options,
    )
    details = SourceDetails(url, category.slug, "review" if source.review else "publish")
    await audit.record(tx, audit.COMMAND_LINE, AuditAction.ADD_SOURCE, now=now, details=details)
    if properties is not None:
        await sources.set_changes(tx, source.id, properties.changes)
        await _add_parts(tx, source, properties, now=now)
        if properties.state is not SourceState.ACTIVE:
            await sources.set_state(tx, source.id, properties.state, now=now)


async def _differences(connection: Connection, source: Source, listed: OpmlFeed) -> tuple[Difference, ...]:
    """Return what a list says otherwise of a known source; what the list does not have is no difference."""
    known = await categories.all_(connection)
    category = next(category for category in known if category.id == source.category_id)
    stored = await _listed(connection, source, category)
    return tuple(
        difference for difference in _compared(stored, listed, known) if difference.before != difference.after
    )


async def _update(tx: Connection, source: Source, listed: OpmlFeed, *, now: int) -> None:
    """Set the properties of a known source from a list.

    Raises SourceError for a source of another kind, and UserError as `_add` does.
    """
    properties, actor = listed.properties, audit.COMMAND_LINE
    if properties is not None and properties.kind is not source.kind:
        raise SourceError(f"it is a {source.kind}; remove it to add it as a {properties.kind}")
    await edit_source(tx, source.id, await _edit(tx, listed), actor_id=actor, now=now)
    if properties is None:
        return
    await change_source_policy(tx, source.id, properties.changes, actor_id=actor, now=now)
    await _add_parts(tx, source, properties, now=now)
    if properties.state is SourceState.ACTIVE:
        await resume_source(tx, source.id, actor_id=actor, now=now)
    elif source.state is SourceState.ACTIVE:
        await pause_source(tx, source.id, actor_id=actor, now=now)


async def _edit(tx: Connection, listed: OpmlFeed) -> SourceEdit:
    """Return what a list says of a source that an edit can change; None for what it does not have."""
    properties = listed.properties
    if properties is None:
        return SourceEdit(title=listed.title or None, category=listed.category or None)
    return SourceEdit(
        title=listed.title or None,
        category=(await _category(tx, listed)).slug,
        review=properties.review,
        interval=properties.interval or 0,
        selector=properties.selector,
    )


async def _listed(connection: Connection, source: Source, category: Category) -> OpmlFeed:
    """Return a source as a list has it."""
    slugs = {category.id: category.slug for category in await categories.all_(connection)}
    rules = [
        source_rule
        for source_rule in await source_rules.of_source(connection, source.id)
        if source_rule.source_id == source.id
    ]
    learned = await source_rules.sections(connection, source.id)
    properties = OpmlProperties(
        kind=source.kind,
        category=category.slug,
        review=source.review,
        interval=source.interval,
        selector=source.selector,
        changes=source.changes,
        state=source.state,
        rules=tuple(OpmlRule(rule.query, rule.action, rule.argument) for rule in rules),
        sections=tuple(
            OpmlSection(learned_section.name, slugs[learned_section.category_id])
            for learned_section in learned
            if learned_section.category_id in slugs
        ),
    )
    return OpmlFeed(source.url, source.title, category.name_fa, properties)


def _compared(stored: OpmlFeed, listed: OpmlFeed, known: list[Category]) -> list[Difference]:
    """Return each property that a list gives with both of its values."""
    before, after = stored.properties, listed.properties
    assert before is not None, "a stored source has all properties"
    compared = [Difference("title", stored.title, listed.title)] if listed.title else []
    if listed.category or after is not None:
        category = _meant(listed, known)
        compared.append(Difference("category", before.category, category.slug if category else listed.category))
    if after is None:
        return compared
    compared += [
        Difference("kind", before.kind, after.kind),
        Difference("selector", before.selector, after.selector),
    ]
    compared += [
        Difference("to", _destination(before), _destination(after)),
        Difference("interval", str(before.interval or "default"), str(after.interval or "default")),
        Difference("changes", before.changes, after.changes),
        Difference("fetched", _fetched(before), _fetched(after)),
    ]
    return compared + _compared_parts(before, after)


def _compared_parts(before: OpmlProperties, after: OpmlProperties) -> list[Difference]:
    """Return the rules that a source does not have, and the category of each section with both of its values."""
    rules = [Difference("rule", "", _rule_in_words(rule)) for rule in after.rules if rule not in before.rules]
    meant = {match_key(section.name): section.category for section in before.sections}
    return rules + [
        Difference(f"section {section.name}", meant.get(match_key(section.name), ""), section.category)
        for section in after.sections
    ]


def _destination(properties: OpmlProperties) -> str:
    return "review" if properties.review else "publish"


def _fetched(properties: OpmlProperties) -> str:
    # A source that has ended is fetched no more than a paused one.
    return "yes" if properties.state is SourceState.ACTIVE else "no"


def _rule_in_words(rule: OpmlRule) -> str:
    return f"{rule.action} {rule.argument}: {rule.query}".replace(" :", ":")


def _meant(listed: OpmlFeed, known: list[Category]) -> Category | None:
    """Return the category that a list gives a source, None where it is unknown."""
    if listed.properties is not None:
        by_slug = {category.slug: category for category in known}
        if category := by_slug.get(listed.properties.category):
            return category
    return category_of([listed.category or GENERAL], known)


async def _category(tx: Connection, listed: OpmlFeed) -> Category:
    """Return the category that a list gives a source, made where it is unknown."""
    meant = _meant(listed, await categories.all_(tx))
    return meant or await named_category(tx, listed.category or GENERAL)


async def _add_parts(tx: Connection, source: Source, properties: OpmlProperties, *, now: int) -> None:
    """Store those rules and names of sections that a source does not have."""
    await _add_rules(tx, source, properties.rules, now=now)
    known = await categories.all_(tx)
    by_slug = {category.slug: category.id for category in known}
    learned = await source_rules.learned(tx, source.id)
    for section in properties.sections:
        category_id, name = by_slug.get(section.category), match_key(section.name)
        if category_id is None or not name or learned.get(name) == category_id:
            continue
        await source_rules.learn(tx, source.id, LearnedSection(name, section.name, category_id))
        details = RuleDetails(section.name, section.category, source.url)
        await audit.record(tx, audit.COMMAND_LINE, AuditAction.LEARN_SECTION, now=now, details=details)


async def _add_rules(tx: Connection, source: Source | None, rules: Sequence[OpmlRule], *, now: int) -> None:
    """Store those rules that a source, or all (None), does not have. Raises UserError for one that is none."""
    known, source_id = await categories.all_(tx), source.id if source is not None else None
    held = await source_rules.of_source(tx, source_id)
    have = {
        (source_rule.query, source_rule.action, source_rule.argument)
        for source_rule in held
        if source_rule.source_id == source_id
    }
    for rule in rules:
        query, argument = checked_query(rule.query, known), checked_argument(rule.action, rule.argument, known)
        if (query, rule.action, argument) in have:
            continue
        await check_room(tx, source_id)
        added = await source_rules.add(tx, source_id, query, rule.action, argument=argument, now=now)
        details = RuleDetails(query, effect_of(added), source.url if source is not None else "")
        await audit.record(tx, audit.COMMAND_LINE, AuditAction.ADD_RULE, now=now, details=details)
