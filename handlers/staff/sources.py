"""The sources that articles come from: their list, a page of each, and its buttons."""

from dataclasses import dataclass
from typing import Literal

from bot.ingest.callbacks import SourceId, SourceList, SourcePage
from bot.ingest.fetch.failure import failure_of
from bot.ingest.fetch.schedule import Health, Rhythm, health_of
from bot.ingest.source_admin import find_source
from bot.locales.catalog import Texts
from bot.newsroom.permissions import Right
from bot.render.callback_data import CallbackData
from bot.render.headline import category_name
from bot.render.html import cut, escape
from bot.render.message import Button, Keyboard, Message
from handlers.core.context import HandlerContext
from handlers.core.labels import duration_in_words, in_rows, turns_by_offset, window
from handlers.core.router import Router
from handlers.staff.callbacks import AskSourceAddress, ShowSourceRequests
from storage import categories, source_items, sources
from storage.records import ChangePolicy, Source, SourceKind, SourceState

router = Router()


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


@dataclass(frozen=True, slots=True)
class ChooseSourcePolicy(CallbackData, prefix="source"):
    """Chooses what becomes of articles that a source has changed."""

    source_id: SourceId
    policy: ChangePolicy


KIND_TEXTS = {SourceKind.FEED: "source-feed", SourceKind.PAGE: "source-page", SourceKind.LISTING: "source-listing"}
"""The keys of the texts that name the kinds of sources."""

_PAGE = 10
_NAME = 60
_ON_A_BUTTON = 30
_ADDRESS = 300
_REASON = 200
_WEEK = 7
_DAY_MS = 24 * 3600 * 1000
_AT_REST = {SourceState.PAUSED: "source-paused", SourceState.ENDED: "source-ended"}
_POLICIES = {
    ChangePolicy.FOLLOW: "source-changes-follow",
    ChangePolicy.ASK: "source-changes-ask",
    ChangePolicy.IGNORE: "source-changes-ignore",
}
_NEXT_POLICY = {
    ChangePolicy.FOLLOW: (ChangePolicy.ASK, "button-source-ask"),
    ChangePolicy.ASK: (ChangePolicy.IGNORE, "button-source-ignore"),
    ChangePolicy.IGNORE: (ChangePolicy.FOLLOW, "button-source-follow"),
}


@router.callback(SourceList, right=Right.SOURCES)
async def turn(ctx: HandlerContext, button: SourceList) -> None:
    """Show a page of the list in place of what was there."""
    await ctx.show(await source_list(ctx, button.offset))


@router.callback(SourcePage, right=Right.SOURCES)
async def show(ctx: HandlerContext, button: SourcePage) -> None:
    """Show a source's page, or look at it again."""
    await ctx.show(await source_page(ctx, button.source_id))


@router.callback(FetchSource, right=Right.SOURCES)
async def fetch(ctx: HandlerContext, button: FetchSource) -> None:
    """Have a source fetched as soon as may be."""
    await ctx.services.source_admin.fetch_now(button.source_id)
    await _show_changed(ctx, button.source_id, "source-fetched-soon")


@router.callback(PauseSource, right=Right.SOURCES)
async def pause(ctx: HandlerContext, button: PauseSource) -> None:
    """Leave a source alone until it is resumed."""
    await ctx.services.source_admin.pause(button.source_id, actor_id=ctx.user_id)
    await _show_changed(ctx, button.source_id, "noted")


@router.callback(ResumeSource, right=Right.SOURCES)
async def resume(ctx: HandlerContext, button: ResumeSource) -> None:
    """Fetch a source again that was paused, or has ended."""
    await ctx.services.source_admin.resume(button.source_id, actor_id=ctx.user_id)
    await _show_changed(ctx, button.source_id, "noted")


@router.callback(ChooseSourcePolicy, right=Right.SOURCES)
async def choose_policy(ctx: HandlerContext, button: ChooseSourcePolicy) -> None:
    """Choose what becomes of articles that a source has changed."""
    await ctx.services.source_admin.change_policy(button.source_id, button.policy, actor_id=ctx.user_id)
    await _show_changed(ctx, button.source_id, "noted")


async def _show_changed(ctx: HandlerContext, source_id: int, key: str) -> None:
    await ctx.show(await source_page(ctx, source_id))
    await ctx.toast(key)


async def source_list(ctx: HandlerContext, offset: int) -> Message:
    """Return a page of the list: every source with a button to its page, those that need somebody first."""
    texts, now = ctx.texts, ctx.services.clock()
    adding = ((Button(texts("button-add-source"), AskSourceAddress().pack()),),)
    async with ctx.services.database.read() as connection:
        known = await sources.all_(connection)
    if not known:
        return Message(texts.html("sources-none"), adding)
    known.sort(key=lambda source: not _needs_somebody(source, now))
    troubled = sum(_needs_somebody(source, now) for source in known)
    lines = [texts.html("sources-title"), texts.html("sources-count", count=len(known))]
    if troubled:
        lines.append(texts.html("sources-troubled", count=troubled))
    page, offset = window(known, offset, _PAGE)
    buttons = []
    for source in page:
        target = destination(texts, review=source.review)
        facts = texts.facts(texts(KIND_TEXTS[source.kind]), target, _state(source, texts, now))
        lines += ["", _linked(source, texts), escape(facts)]
        buttons.append(Button(cut(_name(source), _ON_A_BUTTON), SourcePage(source.id).pack()))
    more = offset + len(page) < len(known)
    turns = turns_by_offset(texts, SourceList, offset, _PAGE, more=more)
    return Message("\n".join(lines), in_rows(buttons, 1) + turns + adding)


async def source_page(ctx: HandlerContext, source_id: int) -> Message:
    """Return the page of a source. Raises NotFoundError where there is none."""
    texts, now = ctx.texts, ctx.services.clock()
    async with ctx.services.database.read() as connection:
        source = await find_source(connection, source_id)
        known = {category.id: category for category in await categories.all_(connection)}
        count = await source_items.count(connection, source_id, since=now - _WEEK * _DAY_MS)
    category = category_name(known[source.category_id], texts)
    target = destination(texts, review=source.review)
    lines = [f"<b>{_linked(source, texts)}</b>", f"<code>{escape(cut(source.url, _ADDRESS))}</code>", ""]
    lines.append(escape(texts.facts(category, texts(KIND_TEXTS[source.kind]), target)))
    lines.append(texts.html("source-state", state=_state(source, texts, now)))
    if source.fetched_at is not None:
        lines.append(texts.html("source-last-fetch", when=texts.short(source.fetched_at)))
    lines += _trouble(source, texts, now)
    lines.append(texts.html("source-items", count=count))
    if count >= _WEEK:
        lines.append(texts.html("source-items-daily", count=round(count / _WEEK)))
    lines.append(texts.html(_POLICIES[source.changes]))
    return Message("\n".join(lines), _buttons(source, texts))


def destination(texts: Texts, *, review: bool) -> str:
    """Return where a source's items go: to the readers, or to review first."""
    return texts("source-to-review" if review else "source-to-publish")


def _buttons(source: Source, texts: Texts) -> Keyboard:
    def button(key: str, data: CallbackData) -> Button:
        return Button(texts(key), data.pack())

    control: tuple[Button, ...] = (button("button-source-resume", ResumeSource(source.id)),)
    if source.state is SourceState.ACTIVE:
        control = (
            button("button-source-fetch", FetchSource(source.id)),
            button("button-source-pause", PauseSource(source.id)),
        )
    policy, key = _NEXT_POLICY[source.changes]
    around = (button("button-refresh", SourcePage(source.id)), button("button-back", SourceList(0)))
    return (
        control,
        (button(key, ChooseSourcePolicy(source.id, policy)),),
        (button("button-source-requests", ShowSourceRequests(source.id)),),
        around,
    )


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
