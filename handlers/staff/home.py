"""/desk: the newsroom's home, with what waits for the person and the jobs of every day."""

from dataclasses import dataclass

from bot.ingest.sources.source_condition import count_in_need
from bot.newsroom.permissions import Right, may
from bot.render.callback_data import CallbackData
from bot.render.message import Button, Message
from handlers.core.callbacks import OpenReadersView
from handlers.core.context import HandlerContext
from handlers.core.labels import in_rows
from handlers.core.router import Router
from handlers.staff.callbacks import OpenArticleChoice, OpenGate, OpenStaffCommand
from storage import comments, ledger, reviews, sources, tips
from storage.records import Role

router = Router()

_MOST = 999
"""The number beyond which what waits is not counted."""


@dataclass(frozen=True, slots=True)
class RefreshHome(CallbackData, prefix="desk"):
    """Shows the home anew in its place."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A number of things that wait: the keys of its line and of the label of the button that opens them."""

    key: str
    label: str
    count: int
    opens: CallbackData


_JOBS: tuple[tuple[str, Right, CallbackData], ...] = (
    ("button-home-write", Right.WRITE, OpenStaffCommand("post")),
    ("button-home-import", Right.WRITE, OpenStaffCommand("import")),
    ("button-home-drafts", Right.WRITE, OpenStaffCommand("drafts")),
    ("button-home-planned", Right.PUBLISH, OpenStaffCommand("planned")),
    ("button-home-published", Right.EDIT, OpenArticleChoice("edit", "published")),
    ("button-home-stats", Right.STATS, OpenStaffCommand("stats")),
)
"""The jobs of every day: the key of the button's label, the right to it, and the button."""


@router.command("desk", right=Right.HOME)
async def send_home(ctx: HandlerContext) -> None:
    """Send the newsroom's home (/desk)."""
    await ctx.send(await home(ctx))


@router.callback(RefreshHome, right=Right.HOME)
async def refresh(ctx: HandlerContext, _button: RefreshHome) -> None:
    """Show the home anew in its place."""
    await ctx.edit_or_send(await home(ctx))
    await ctx.answer_callback("noted")


async def home(ctx: HandlerContext) -> Message:
    """Return the home of a member of staff: what waits that their role may decide, and the jobs of every day."""
    texts = ctx.texts
    waiting = await _waiting(ctx)
    lines = [texts.html("home-title", role=texts(f"role-{ctx.role}")), ""]
    lines += [texts.html(item.key, count=item.count) for item in waiting] or [texts.html("home-nothing-waits")]
    decide = [Button(texts(item.label, count=item.count), item.opens.pack()) for item in waiting]
    around = (
        Button(texts("button-home-readers"), OpenReadersView().pack()),
        Button(texts("button-refresh"), RefreshHome().pack()),
    )
    return Message("\n".join(lines), (*in_rows(decide, 2), *in_rows(_jobs(ctx), 2), around))


def first_steps(ctx: HandlerContext, role: Role) -> Message:
    """Return the welcome of somebody who has just become a member of staff: what to do first, in three lines."""
    texts = ctx.texts
    lines = [texts.html("staff-welcome", role=texts(f"role-{role}")), "", texts.html(f"staff-first-{role}")]
    return Message("\n".join(lines), ((home_button(ctx),),))


def home_button(ctx: HandlerContext) -> Button:
    """Return the button that answers with the home."""
    return Button(ctx.texts("button-home"), OpenStaffCommand("desk").pack())


def _jobs(ctx: HandlerContext) -> list[Button]:
    return [Button(ctx.texts(key), opens.pack()) for key, right, opens in _JOBS if may(ctx.role, right)]


async def _waiting(ctx: HandlerContext) -> list[_Waiting]:
    """Return what waits for a decision that the person's role may take."""
    waiting: list[_Waiting] = []
    async with ctx.services.database.read() as connection:
        if may(ctx.role, Right.PUBLISH):
            submitted = await reviews.count(connection, gate=False)
            at_gate = await reviews.count(connection, gate=True)
            waiting += [
                _Waiting("home-review", "button-home-review", submitted, OpenStaffCommand("approve")),
                _Waiting("home-gate", "button-home-gate", at_gate, OpenGate()),
            ]
        if may(ctx.role, Right.MODERATE):
            written = await comments.count_waiting(connection, most=_MOST)
            waiting.append(_Waiting("home-comments", "button-home-comments", written, OpenStaffCommand("comments")))
        if may(ctx.role, Right.EDIT):
            sent = await tips.count_waiting(connection, most=_MOST)
            waiting.append(_Waiting("home-tips", "button-home-tips", sent, OpenStaffCommand("tips")))
        if may(ctx.role, Right.OUTBOX):
            uncertain = await ledger.count_asked(connection, most=_MOST)
            waiting.append(_Waiting("home-outbox", "button-home-outbox", uncertain, OpenStaffCommand("outbox")))
        if may(ctx.role, Right.SOURCES):
            troubled = count_in_need(await sources.vitals(connection), ctx.services.clock())
            waiting.append(
                _Waiting("sources-troubled", "button-home-sources", troubled, OpenStaffCommand("sources"))
            )
    return [item for item in waiting if item.count]
