"""The sources that articles come from: their list, a page of each, and its buttons."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.errors import UserError
from bot.ingest.fetch.failure import failure_of
from bot.ingest.sources.callbacks import SourceId, SourceList, SourcePage
from bot.ingest.sources.source_admin import find_source
from bot.ingest.sources.source_condition import SourceCondition, condition_of, count_in_need, urgency
from bot.locales.catalog import Texts
from bot.newsroom.permissions import Right
from bot.render.callback_data import CallbackData, Offset
from bot.render.headline import category_name
from bot.render.html import cut, escape
from bot.render.message import Button, Keyboard, Message
from handlers.core.context import HandlerContext
from handlers.core.labels import duration_in_words, in_rows, turns_by_offset, window
from handlers.core.router import Router
from handlers.staff.callbacks import ALL_SOURCES, AskSourceAddress, EditSource, ListSourceRules, ShowSourceRequests
from handlers.staff.source_labels import (
    KIND_TEXTS,
    destination,
    hub_in_words,
    interval_in_words,
    linked,
    on_buttons,
    state_in_words,
    unnamed_fetch,
)
from persian.normalise import match_key
from storage import categories, hub_subscriptions, source_items, source_rules, sources
from storage.records import ChangePolicy, Source, SourceState

router = Router()


@dataclass(frozen=True, slots=True)
class FoundSources(CallbackData, prefix="sources:found"):
    """A page of the sources that a search found; its words stand in the message, as code."""

    offset: Offset


@dataclass(frozen=True, slots=True)
class FetchSource(CallbackData, prefix="source"):
    """Fetches a source as soon as may be."""

    source_id: SourceId
    word: Literal["fetch"] = "fetch"


@dataclass(frozen=True, slots=True)
class PauseSource(CallbackData, prefix="source"):
    """Leaves a source alone until it is resumed."""

    source_id: SourceId
    word: Literal["pause"] = "pause"


@dataclass(frozen=True, slots=True)
class ResumeSource(CallbackData, prefix="source"):
    """Fetches a source again that was paused, or has ended."""

    source_id: SourceId
    word: Literal["resume"] = "resume"


_PAGE = 10
_ADDRESS = 300
_REASON = 200
_WEEK = 7
_DAY_MS = 24 * 3600 * 1000
_POLICIES = {
    ChangePolicy.FOLLOW: "source-changes-follow",
    ChangePolicy.ASK: "source-changes-ask",
    ChangePolicy.IGNORE: "source-changes-ignore",
}


@router.callback(SourceList, right=Right.SOURCES)
async def on_page(ctx: HandlerContext, button: SourceList) -> None:
    """Show a page of the list in place of what was there."""
    await ctx.edit_or_send(await source_list(ctx, button.offset))


@router.callback(FoundSources, right=Right.SOURCES)
async def on_search_page(ctx: HandlerContext, button: FoundSources) -> None:
    """Show a page of what a search found in place of what was there."""
    codes = list(ctx.message.parse_entities(["code"]).values())
    if not codes:
        raise UserError("stale-button")
    await ctx.edit_or_send(await source_list(ctx, button.offset, words=codes[0]))


@router.callback(SourcePage, right=Right.SOURCES)
async def show_source(ctx: HandlerContext, button: SourcePage) -> None:
    """Show a source's page, or look at it again."""
    await ctx.edit_or_send(await source_page(ctx, button.source_id))


@router.callback(FetchSource, right=Right.SOURCES)
async def fetch(ctx: HandlerContext, button: FetchSource) -> None:
    """Make a source due for a fetch now."""
    await ctx.services.source_admin.fetch_now(button.source_id, actor_id=ctx.user_id)
    await _show_changed(ctx, button.source_id, "source-fetched-soon")


@router.callback(PauseSource, right=Right.SOURCES)
async def pause(ctx: HandlerContext, button: PauseSource) -> None:
    """Pause a source until it is resumed."""
    await ctx.services.source_admin.pause(button.source_id, actor_id=ctx.user_id)
    await _show_changed(ctx, button.source_id, "noted")


@router.callback(ResumeSource, right=Right.SOURCES)
async def resume(ctx: HandlerContext, button: ResumeSource) -> None:
    """Fetch a source again that was paused, or has ended."""
    await ctx.services.source_admin.resume(button.source_id, actor_id=ctx.user_id)
    await _show_changed(ctx, button.source_id, "noted")


async def _show_changed(ctx: HandlerContext, source_id: int, key: str) -> None:
    await ctx.edit_or_send(await source_page(ctx, source_id))
    await ctx.answer_callback(key)


async def source_list(ctx: HandlerContext, offset: int, words: str = "") -> Message:
    """Return a page of the sources, each with a button to its page, those that need somebody first.

    With `words`, they are those whose name or address holds each of them.
    """
    texts, now = ctx.texts, ctx.services.clock()
    known = await _all_sources(ctx)
    add = (Button(texts("button-add-source"), AskSourceAddress().pack()),)
    if not known:
        return Message(texts.html("sources-none"), (add,))
    matching = [source for source in known if _is_meant(source, words)] if words else known
    if not matching:
        return Message(texts.html("sources-not-found", words=words), (add, _all_button(texts)))
    matching.sort(key=lambda source: urgency(source.vitals, now))
    labels = dict(zip((source.id for source in matching), on_buttons(matching, texts), strict=True))
    page, offset = window(matching, offset, _PAGE)
    lines, buttons = _heading(matching, words, texts, now), []
    for source in page:
        target = destination(texts, review=source.review)
        facts = texts.facts(texts(KIND_TEXTS[source.kind]), target, state_in_words(source, texts, now))
        lines += ["", linked(source, texts), escape(facts)]
        buttons.append(Button(labels[source.id], SourcePage(source.id).pack()))
    more = offset + len(page) < len(matching)
    turns = turns_by_offset(texts, FoundSources if words else SourceList, offset, _PAGE, more=more)
    rules = (Button(texts("button-rules-of-all"), ListSourceRules(ALL_SOURCES, 0).pack()),)
    below = (_all_button(texts),) if words else (add, rules)
    return Message("\n".join(lines), in_rows(buttons, 1) + turns + below)


async def only_match(ctx: HandlerContext, words: str) -> int | None:
    """Return the id of the source that a search finds, None where it finds none or several."""
    matching = [source for source in await _all_sources(ctx) if _is_meant(source, words)]
    return matching[0].id if len(matching) == 1 else None


async def _all_sources(ctx: HandlerContext) -> list[Source]:
    async with ctx.services.database.read() as connection:
        return await sources.all_(connection)


def _is_meant(source: Source, words: str) -> bool:
    """Return whether each of the words stands in a source's name, in any spelling, or in its address."""
    name, address = match_key(source.title), source.url.casefold()
    return all(word.casefold() in address or ((key := match_key(word)) and key in name) for word in words.split())


def _heading(matching: Sequence[Source], words: str, texts: Texts, now: int) -> list[str]:
    lines = [texts.html("sources-found", words=words) if words else texts.html("sources-title")]
    lines.append(texts.html("sources-count", count=len(matching)))
    troubled = count_in_need((source.vitals for source in matching), now)
    return [*lines, texts.html("sources-troubled", count=troubled)] if troubled else lines


def _all_button(texts: Texts) -> tuple[Button, ...]:
    return (Button(texts("button-sources"), SourceList(0).pack()),)


async def source_page(ctx: HandlerContext, source_id: int) -> Message:
    """Return the page of a source. Raises NotFoundError where there is none."""
    texts, now = ctx.texts, ctx.services.clock()
    async with ctx.services.database.read() as connection:
        source = await find_source(connection, source_id)
        known = {category.id: category for category in await categories.all_(connection)}
        count = await source_items.count(connection, source_id, since=now - _WEEK * _DAY_MS)
        own_rules, rules_of_all = await source_rules.counts(connection, source_id)
        hub = await hub_subscriptions.status(connection, source_id)
    category = category_name(known[source.category_id], texts)
    target = destination(texts, review=source.review)
    lines = [f"<b>{linked(source, texts)}</b>", f"<code>{escape(cut(source.url, _ADDRESS))}</code>", ""]
    lines.append(escape(texts.facts(category, texts(KIND_TEXTS[source.kind]), target)))
    lines.append(texts.html("source-state", state=state_in_words(source, texts, now)))
    if (fetched_at := unnamed_fetch(source, texts, now)) is not None:
        lines.append(texts.html("source-last-fetch", when=texts.short(fetched_at)))
    lines += _trouble(source, texts, now)
    if source.fetched_at is not None:
        lines.append(texts.html("source-items", count=count))
    if count >= _WEEK:
        lines.append(texts.html("source-items-daily", count=round(count / _WEEK)))
    lines.append(texts.html("source-interval", every=interval_in_words(source.interval, texts)))
    lines.append(texts.html(_POLICIES[source.changes]))
    lines.append(hub_in_words(source, hub, texts))
    lines.append(texts.html("source-rules", own=own_rules, all=rules_of_all))
    return Message("\n".join(lines), _buttons(source, texts, own_rules + rules_of_all))


def _buttons(source: Source, texts: Texts, rules: int) -> Keyboard:
    def button(key: str, data: CallbackData, **args: int) -> Button:
        return Button(texts(key, **args), data.pack())

    control: tuple[Button, ...] = (button("button-source-resume", ResumeSource(source.id)),)
    if source.state is SourceState.ACTIVE:
        control = (
            button("button-source-fetch", FetchSource(source.id)),
            button("button-source-pause", PauseSource(source.id)),
        )
    change = (
        button("button-source-edit", EditSource(source.id)),
        button("button-source-rules", ListSourceRules(source.id, 0), count=rules),
    )
    around = (button("button-refresh", SourcePage(source.id)), button("button-back", SourceList(0)))
    return (control, change, (button("button-source-requests", ShowSourceRequests(source.id)),), around)


def _trouble(source: Source, texts: Texts, now: int) -> list[str]:
    """Return what is wrong with a source, and what happens next, as lines of HTML."""
    lines = []
    if source.last_error and source.failures:
        since = texts.short(source.failing_since or now)
        why = texts("source-why", **failure_of(cut(source.last_error, _REASON)).as_args())
        lines.append(texts.html("source-failing-since", when=since, why=why))
        if source.state is SourceState.ACTIVE:
            lines.append(texts.html("source-next-try", when=texts.short(source.next_fetch_at)))
    if condition_of(source.vitals, now) is SourceCondition.SILENT and source.habit is not None:
        since = texts.short(source.brought_at or source.created_at)
        usual = duration_in_words(source.habit, texts)
        lines.append(texts.html("source-silent-since", when=since, usual=usual))
    return lines
