"""/sources: where articles come from, how each source is, and what can be done about it."""

from typing import NamedTuple

from bot.ingest.fetch.failure import failure_of
from bot.ingest.fetch.schedule import Health, Rhythm, health_of
from bot.locales.catalog import Texts
from bot.newsroom import sources as acts
from bot.render.headline import category_name
from bot.render.html import cut, escape
from bot.render.message import Button, Keyboard, Message
from handlers.core.context import HandlerContext
from handlers.core.labels import duration_in_words, in_rows, turns_by_offset, window
from storage import categories, source_items, sources
from storage.records import ChangePolicy, Source, SourceKind, SourceState


class Choice(NamedTuple):
    """What a button on a source's page does, as callback data has it, and the key of its words."""

    act: str
    key: str


_PAGE = 10
_NAME = 60
_ON_A_BUTTON = 30
_ADDRESS = 300
_REASON = 200
_WEEK = 7
_DAY_MS = 24 * 3600 * 1000
_KINDS = {SourceKind.FEED: "source-feed", SourceKind.PAGE: "source-page", SourceKind.LISTING: "source-listing"}
_AT_REST = {SourceState.PAUSED: "source-paused", SourceState.ENDED: "source-ended"}
_POLICIES = {
    ChangePolicy.FOLLOW: "source-changes-follow",
    ChangePolicy.ASK: "source-changes-ask",
    ChangePolicy.IGNORE: "source-changes-ignore",
}
_NEXT_POLICY = {
    ChangePolicy.FOLLOW: Choice("ask", "button-source-ask"),
    ChangePolicy.ASK: Choice("ignore", "button-source-ignore"),
    ChangePolicy.IGNORE: Choice("follow", "button-source-follow"),
}
_FETCH = Choice("fetch", "button-source-fetch")
_PAUSE = Choice("pause", "button-source-pause")
_RESUME = Choice("resume", "button-source-resume")


async def list_sources(ctx: HandlerContext) -> None:
    """/sources: every source with a button to its page, those that need somebody first."""
    await ctx.send(await _list(ctx, 0))


async def turn(ctx: HandlerContext) -> None:
    """A press of a page button under the sources: `sources:OFFSET`."""
    await ctx.show(await _list(ctx, int(ctx.data.split(":")[1])))


async def show(ctx: HandlerContext) -> None:
    """A press that opens a source's page, or looks again: `source:ID`."""
    await ctx.show(await _page(ctx, int(ctx.data.split(":")[1])))


async def act(ctx: HandlerContext) -> None:
    """A press on a source's page: `source:ID:(fetch|pause|resume)`."""
    _, number, what = ctx.data.split(":")
    source_id, now = int(number), ctx.services.clock()
    async with ctx.services.database.write() as tx:
        if what == "fetch":
            await acts.fetch_now(tx, source_id, now=now)
        elif what == "pause":
            await acts.pause(tx, source_id, actor_id=ctx.user_id, now=now)
        else:
            await acts.resume(tx, source_id, actor_id=ctx.user_id, now=now)
    await ctx.show(await _page(ctx, source_id))
    await ctx.toast("source-fetched-soon" if what == "fetch" else "noted")


async def choose_policy(ctx: HandlerContext) -> None:
    """A press that chooses what becomes of changes: `source:ID:(follow|ask|ignore)`."""
    _, number, policy = ctx.data.split(":")
    source_id, now = int(number), ctx.services.clock()
    async with ctx.services.database.write() as tx:
        await acts.change_policy(tx, source_id, ChangePolicy(policy), actor_id=ctx.user_id, now=now)
    await ctx.show(await _page(ctx, source_id))
    await ctx.toast("noted")


async def _list(ctx: HandlerContext, offset: int) -> Message:
    texts, now = ctx.texts, ctx.services.clock()
    async with ctx.services.database.read() as connection:
        found = await sources.all_(connection)
    if not found:
        return Message(texts.html("sources-none"))
    found.sort(key=lambda one: not _needs_somebody(one, now))
    troubled = sum(_needs_somebody(one, now) for one in found)
    lines = [texts.html("sources-title"), texts.html("sources-count", count=len(found))]
    if troubled:
        lines.append(texts.html("sources-troubled", count=troubled))
    page, offset = window(found, offset, _PAGE)
    buttons = []
    for source in page:
        target = texts("source-to-review" if source.review else "source-to-publish")
        facts = texts.facts(texts(_KINDS[source.kind]), target, _state(source, texts, now))
        lines += ["", _linked(source, texts), escape(facts)]
        buttons.append(Button(cut(_name(source), _ON_A_BUTTON), f"source:{source.id}"))
    more = offset + len(page) < len(found)
    turns = turns_by_offset(texts, "sources", offset, _PAGE, more=more)
    return Message("\n".join(lines), in_rows(buttons, 1) + turns)


async def _page(ctx: HandlerContext, source_id: int) -> Message:
    texts, now = ctx.texts, ctx.services.clock()
    async with ctx.services.database.read() as connection:
        source = await acts.find(connection, source_id)
        known = {one.id: one for one in await categories.all_(connection)}
        count = await source_items.count(connection, source_id, since=now - _WEEK * _DAY_MS)
    category = category_name(known[source.category_id], texts)
    target = texts("source-to-review" if source.review else "source-to-publish")
    lines = [f"<b>{_linked(source, texts)}</b>", f"<code>{escape(cut(source.url, _ADDRESS))}</code>", ""]
    lines.append(escape(texts.facts(category, texts(_KINDS[source.kind]), target)))
    lines.append(texts.html("source-state", state=_state(source, texts, now)))
    if source.fetched_at is not None:
        lines.append(texts.html("source-last-fetch", when=texts.short(source.fetched_at)))
    lines += _trouble(source, texts, now)
    lines.append(texts.html("source-items", count=count))
    if count >= _WEEK:
        lines.append(texts.html("source-items-daily", count=round(count / _WEEK)))
    lines.append(texts.html(_POLICIES[source.changes]))
    return Message("\n".join(lines), _buttons(source, texts))


def _buttons(source: Source, texts: Texts) -> Keyboard:
    control = (_FETCH, _PAUSE) if source.state is SourceState.ACTIVE else (_RESUME,)
    rows = [
        tuple(Button(texts(one.key), f"source:{source.id}:{one.act}") for one in choices)
        for choices in (control, (_NEXT_POLICY[source.changes],))
    ]
    around = (Button(texts("button-refresh"), f"source:{source.id}"), Button(texts("button-back"), "sources:0"))
    return (*rows, around)


def _trouble(source: Source, texts: Texts, now: int) -> list[str]:
    """Return what is wrong with a source, and what happens next, as lines of HTML."""
    lines = []
    if source.last_error and source.failures:
        since = texts.short(source.failing_since or now)
        why = texts("source-why", **failure_of(cut(source.last_error, _REASON)).as_args())
        lines.append(texts.html("source-failing-since", when=since, why=why))
        if source.state is SourceState.ACTIVE:
            lines.append(texts.html("source-next-try", when=texts.short(source.next_fetch_at)))
    if _health(source, now) is Health.SILENT and source.habit is not None:
        since = texts.short(source.brought_at or source.created_at)
        usual = duration_in_words(source.habit, texts)
        lines.append(texts.html("source-silent-since", when=since, usual=usual))
    return lines


def _state(source: Source, texts: Texts, now: int) -> str:
    """Return how a source is, in a few words."""
    if source.state is not SourceState.ACTIVE:
        return texts(_AT_REST[source.state])
    if source.failures:
        return texts("source-failing", times=source.failures)
    if source.fetched_at is None:
        return texts("source-new")
    if _health(source, now) is Health.SILENT:
        return texts("source-is-silent")
    return texts("source-fetched", when=texts.short(source.fetched_at))


def _health(source: Source, now: int) -> Health:
    rhythm = Rhythm(source.created_at, source.brought_at, source.habit)
    return health_of(rhythm, now=now, failures=source.failures, failing_since=source.failing_since)


def _needs_somebody(source: Source, now: int) -> bool:
    """Tell whether a source is ill, or has ended; who paused one knows."""
    if source.state is SourceState.ACTIVE:
        return _health(source, now) is not Health.WELL
    return source.state is SourceState.ENDED


def _name(source: Source) -> str:
    return source.title or source.url.partition("://")[2]


def _linked(source: Source, texts: Texts) -> str:
    name = escape(texts.apart(cut(_name(source), _NAME)))
    return f'{texts.mark}<a href="{escape(source.url)}">{name}</a>'
