"""Acts of staff on sources, each with its entry in the audit."""

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace

from sqlalchemy.exc import IntegrityError

from bot.bounds import MOST_RULES
from bot.clock import Clock
from bot.errors import ConflictError, NotFoundError, UserError
from bot.ingest.importer import named_category
from bot.ingest.routing.category_words import category_of
from bot.ingest.routing.rules import checked_argument, checked_query, effect_of, is_equal, is_hit
from bot.newsroom.acting import acting
from bot.newsroom.permissions import Right
from persian.matching import terms_of
from persian.normalise import match_key
from storage import articles, audit, categories, source_rules, sources
from storage.audit_details import (
    AddressDetails,
    AuditAction,
    PolicyDetails,
    RuleDetails,
    SettingChange,
    SourceChangeDetails,
    SourceDetails,
)
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import (
    Article,
    Category,
    ChangePolicy,
    LearnedSection,
    RuleAction,
    SectionOffer,
    Source,
    SourceKind,
    SourceRule,
    SourceState,
)
from storage.search_texts import aside, texts_of
from storage.sources import SourceOptions

_SETTINGS = ("url", "kind", "title", "named", "review", "interval", "selector")

TRIED_ITEMS = 50
"""The newest items on which a rule is tried."""


@dataclass(frozen=True, slots=True)
class SourceEdit:
    """New values of a source; None leaves one as it is.

    An `interval` of 0 stands for FETCH_INTERVAL, a `title` of "" for what the site calls itself from then on.
    """

    url: str | None = None
    kind: SourceKind | None = None
    title: str | None = None
    category: str | None = None
    review: bool | None = None
    interval: int | None = None
    selector: str | None = None


class SourceAdmin:
    """Acts on sources, of staff and of the command line (audit.COMMAND_LINE); each is one transaction.

    Acts on a source raise NotFoundError where there is none of that id; to repeat them changes nothing. All raise
    UserError where the actor has no right to them (any more).
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def _acting(self, actor_id: int) -> AbstractAsyncContextManager[Connection]:
        return acting(self._database, actor_id, Right.SOURCES)

    async def add(
        self, url: str, kind: SourceKind, *, category: str, review: bool, options: SourceOptions, actor_id: int
    ) -> Source | None:
        """Store a source that is due at once; None where the address is a source's already.

        The category of that name is made where it is unknown. Raises UserError for a name without letters.
        """
        try:
            async with self._acting(actor_id) as tx:
                chosen = await named_category(tx, category)
                source = await sources.add(
                    tx,
                    url,
                    kind=kind,
                    category_id=chosen.id,
                    review=review,
                    now=self._clock(),
                    options=options,
                )
                details = SourceDetails(url, chosen.slug, "review" if review else "publish")
                await audit.record(tx, actor_id, AuditAction.ADD_SOURCE, now=self._clock(), details=details)
        except IntegrityError:
            return None
        return source

    async def remove(self, source_id: int, *, actor_id: int) -> None:
        """Remove a source; the articles that it brought stay."""
        async with self._acting(actor_id) as tx:
            source = await locked_source(tx, source_id)
            await sources.remove(tx, source_id)
            await self._record(tx, actor_id, AuditAction.REMOVE_SOURCE, source)

    async def pause(self, source_id: int, *, actor_id: int) -> None:
        """Fetch a source no more until it is resumed."""
        async with self._acting(actor_id) as tx:
            await pause_source(tx, source_id, actor_id=actor_id, now=self._clock())

    async def resume(self, source_id: int, *, actor_id: int) -> None:
        """Fetch a source again, one that has ended as well, and at once."""
        async with self._acting(actor_id) as tx:
            await resume_source(tx, source_id, actor_id=actor_id, now=self._clock())

    async def fetch_now(self, source_id: int, *, actor_id: int) -> None:
        """Make a source due for a fetch now. Raises ConflictError where it is not active."""
        async with self._acting(actor_id) as tx:
            source = await locked_source(tx, source_id)
            if source.state is not SourceState.ACTIVE:
                raise ConflictError("stale-button")
            now = self._clock()
            if source.next_fetch_at > now:
                await sources.make_due(tx, source_id, now=now)
                await self._record(tx, actor_id, AuditAction.FETCH_SOURCE, source)

    async def change_policy(self, source_id: int, policy: ChangePolicy, *, actor_id: int) -> None:
        """Choose what becomes of articles that the source changes."""
        async with self._acting(actor_id) as tx:
            await change_source_policy(tx, source_id, policy, actor_id=actor_id, now=self._clock())

    async def edit(self, source_id: int, changes: SourceEdit, *, actor_id: int) -> Source:
        """Change what is given of a source and return it as it is now. Raises ConflictError for a known address.

        A source of another address, kind or selector is fetched at once as if for the first time: what it brings
        then is stored and not pushed. One of another interval, or without a name, is fetched at once.
        """
        try:
            async with self._acting(actor_id) as tx:
                return await edit_source(tx, source_id, changes, actor_id=actor_id, now=self._clock())
        except IntegrityError:
            raise ConflictError("source-known") from None

    async def add_rule(
        self, source_id: int | None, query: str, action: RuleAction, argument: str, *, actor_id: int
    ) -> SourceRule:
        """Store a rule of a source, or of all (None).

        Raises UserError for a search that finds nothing, for a category or tag that is none, and for one too many;
        ConflictError where an equal rule holds for the source already.
        """
        async with self._acting(actor_id) as tx:
            source = await locked_source(tx, source_id) if source_id is not None else None
            known = await categories.all_(tx)
            checked = checked_query(query, known), checked_argument(action, argument, known)
            holding = await source_rules.of_source(tx, source_id)
            if any(is_equal(source_rule, checked[0], action, checked[1]) for source_rule in holding):
                raise ConflictError("rule-known", query=checked[0])
            await check_room(tx, source_id)
            rule = await source_rules.add(tx, source_id, checked[0], action, argument=checked[1], now=self._clock())
            details = RuleDetails(rule.query, effect_of(rule), source.url if source else "")
            await audit.record(tx, actor_id, AuditAction.ADD_RULE, now=self._clock(), details=details)
        return rule

    async def remove_rule(self, rule_id: int, *, actor_id: int) -> SourceRule:
        """Remove a rule and return it. Raises NotFoundError where there is none."""
        async with self._acting(actor_id) as tx:
            rule = await source_rules.get(tx, rule_id)
            if rule is None:
                raise NotFoundError("rule-unknown")
            await source_rules.remove(tx, rule_id)
            details = RuleDetails(rule.query, effect_of(rule))
            await audit.record(tx, actor_id, AuditAction.REMOVE_RULE, now=self._clock(), details=details)
        return rule

    async def learn_section(self, source_id: int, name: str, category_id: int, *, actor_id: int) -> None:
        """Map a source's name of a section to a category. Raises NotFoundError for no category."""
        async with self._acting(actor_id) as tx:
            source = await locked_source(tx, source_id)
            category = await categories.get(tx, category_id)
            if category is None:
                raise NotFoundError("category-gone")
            section = LearnedSection(match_key(name), name, category_id)
            if section not in await source_rules.sections(tx, source_id):
                await source_rules.learn(tx, source_id, section)
                details = RuleDetails(name, category.slug, source.url)
                await audit.record(tx, actor_id, AuditAction.LEARN_SECTION, now=self._clock(), details=details)

    async def forget_section(self, source_id: int, key: str, *, actor_id: int) -> None:
        """Remove the mapping of a source's name of a section (a match key)."""
        async with self._acting(actor_id) as tx:
            source = await locked_source(tx, source_id)
            known = {
                learned_section.key: learned_section.name
                for learned_section in await source_rules.sections(tx, source_id)
            }
            if await source_rules.forget(tx, source_id, key):
                details = RuleDetails(known[key], source_url=source.url)
                await audit.record(tx, actor_id, AuditAction.FORGET_SECTION, now=self._clock(), details=details)

    async def offer_section(self, article: Article) -> SectionOffer | None:
        """Return the offer to have an article's section mean its category, where it means another or none so far.

        None where it has no source or section, and where the same was offered before.
        """
        key = match_key(article.content.section)
        if article.source_id is None or not key:
            return None
        async with self._database.write() as tx:
            if await sources.get(tx, article.source_id) is None:
                return None
            known = await categories.all_(tx)
            taught = (await source_rules.learned(tx, article.source_id)).get(key)
            meant = category_of((article.content.section,), known)
            if article.category.id == (taught or (meant.id if meant else None)):
                return None
            section = LearnedSection(key, article.content.section, article.category.id)
            return await source_rules.offer(tx, article.source_id, section, now=self._clock())

    async def _record(self, tx: Connection, actor_id: int, action: AuditAction, source: Source) -> None:
        await audit.record(tx, actor_id, action, now=self._clock(), details=AddressDetails(source.url))


async def edit_source(tx: Connection, source_id: int, changes: SourceEdit, *, actor_id: int, now: int) -> Source:
    """Do what `SourceAdmin.edit` does in a transaction that is open. Raises IntegrityError for a known address."""
    source = await locked_source(tx, source_id)
    chosen = await named_category(tx, changes.category) if changes.category else None
    edited = _edited(source, changes, chosen)
    slugs = {category.id: category.slug for category in await categories.all_(tx)}
    settings = _changes(_settings(source, slugs), _settings(edited, slugs))
    if settings:
        await _store(tx, source, edited, now=now)
        details = SourceChangeDetails(source.url, settings)
        await audit.record(tx, actor_id, AuditAction.EDIT_SOURCE, now=now, details=details)
    return edited


async def change_source_policy(
    tx: Connection, source_id: int, policy: ChangePolicy, *, actor_id: int, now: int
) -> None:
    """Do what `SourceAdmin.change_policy` does in a transaction that is open."""
    source = await locked_source(tx, source_id)
    if source.changes is not policy:
        await sources.set_changes(tx, source_id, policy)
        details = PolicyDetails(source.url, source.changes, policy)
        await audit.record(tx, actor_id, AuditAction.CHANGE_SOURCE_POLICY, now=now, details=details)


async def pause_source(tx: Connection, source_id: int, *, actor_id: int, now: int) -> None:
    """Do what `SourceAdmin.pause` does in a transaction that is open."""
    source = await locked_source(tx, source_id)
    if source.state is not SourceState.PAUSED:
        await sources.set_state(tx, source_id, SourceState.PAUSED, now=now)
        details = AddressDetails(source.url)
        await audit.record(tx, actor_id, AuditAction.PAUSE_SOURCE, now=now, details=details)


async def resume_source(tx: Connection, source_id: int, *, actor_id: int, now: int) -> None:
    """Do what `SourceAdmin.resume` does in a transaction that is open."""
    source = await locked_source(tx, source_id)
    if source.state is not SourceState.ACTIVE:
        await sources.set_state(tx, source_id, SourceState.ACTIVE, now=now)
        details = AddressDetails(source.url)
        await audit.record(tx, actor_id, AuditAction.RESUME_SOURCE, now=now, details=details)


async def _store(tx: Connection, source: Source, edited: Source, *, now: int) -> None:
    await sources.edit(tx, edited)
    if (source.url, source.kind, source.selector) != (edited.url, edited.kind, edited.selector):
        await sources.lead_elsewhere(tx, edited, now=now)
    elif not edited.title:
        await sources.make_due_whole(tx, source.id, now=now)
    elif source.interval != edited.interval:
        await sources.make_due(tx, source.id, now=now)


def _edited(source: Source, changes: SourceEdit, category: Category | None) -> Source:
    title = source.title if changes.title is None else changes.title
    return replace(
        source,
        url=changes.url or source.url,
        kind=changes.kind or source.kind,
        title=title,
        named=source.named if changes.title is None else bool(title),
        category_id=category.id if category else source.category_id,
        review=source.review if changes.review is None else changes.review,
        interval=source.interval if changes.interval is None else changes.interval or None,
        selector=source.selector if changes.selector is None else changes.selector,
    )


def _settings(source: Source, slugs: Mapping[int, str]) -> dict[str, str]:
    """Return a source's settings by name, as text that depends on no language."""
    settings = {name: str(getattr(source, name)) for name in _SETTINGS}
    return settings | {"category": slugs.get(source.category_id, "")}


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[SettingChange, ...]:
    changed = [name for name in before if before[name] != after[name]]
    return tuple(SettingChange(name, before[name], after[name]) for name in changed)


async def find_source(connection: Connection, source_id: int) -> Source:
    """Return a source. Raises NotFoundError where there is none."""
    source = await sources.get(connection, source_id)
    if source is None:
        raise NotFoundError("source-unknown")
    return source


async def locked_source(tx: Connection, source_id: int) -> Source:
    """Return a source; nobody else changes it until the transaction ends. Raises NotFoundError."""
    source = await sources.lock(tx, source_id)
    if source is None:
        raise NotFoundError("source-unknown")
    return source


async def check_room(tx: Connection, source_id: int | None) -> None:
    """Raise UserError where a source, or all (None), can have no more rules."""
    holding = await source_rules.of_source(tx, source_id)
    if sum(rule.source_id == source_id for rule in holding) >= MOST_RULES:
        raise UserError("rule-too-many", most=MOST_RULES)


async def try_rule(connection: Connection, source_id: int | None, query: str) -> list[tuple[Article, bool]]:
    """Return the newest articles of a source, or of all (None), and whether a rule's search finds each.

    Raises UserError for a search that finds nothing.
    """
    known = await categories.all_(connection)
    checked = checked_query(query, known)
    newest = await articles.newest_of_sources(connection, source_id, limit=TRIED_ITEMS)
    tried = []
    for article in newest:
        await asyncio.sleep(0)  # a long text takes milliseconds, and others go on in between
        terms = await aside(lambda content: terms_of(*texts_of(content)), article.content)
        tried.append((article, is_hit(checked, terms, article.category.id, known)))
    return tried
