"""/tip: what a reader sends to the newsroom, in as many messages as it takes."""

from dataclasses import dataclass

from msgspec.structs import replace

from bot.bounds import MOST_PARTS
from bot.errors import UserError
from bot.newsroom.tip_rules import TEXT_LIMIT, check_size, text_of
from bot.render.callback_data import CallbackData, RowId
from bot.render.message import Button
from handlers.core.context import HandlerContext
from handlers.core.dialogues import Dialogue, DialogueState
from handlers.core.keyboards import cancel_keyboard, done_keyboard
from handlers.core.message_media import attachment, continues_album
from handlers.core.router import Place, Router
from storage.records import Media

TIP_PAYLOAD = "tip"
"""The payload of the deep link that begins a tip."""

router = Router()


class TipDialogueState(DialogueState, frozen=True, kw_only=True):
    """The texts and files that were sent so far, and the id of the last album."""

    parts: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()
    group: str | None = None


TIP = router.dialogue(Dialogue("tip", TipDialogueState, unreadable="tip-unreadable"))
"""The dialogue in which a tip is collected."""


@dataclass(frozen=True, slots=True)
class WithdrawTip(CallbackData, prefix="untip"):
    """Withdraws the person's own tip while it waits."""

    tip_id: RowId


@router.command("tip", place=Place.ANYWHERE)
async def tip(ctx: HandlerContext) -> None:
    """/tip [WORDS]: begin a tip, with what stands behind the command or the photo that it is the caption of."""
    if not ctx.private:
        # A tip is nobody else's business: a group gets a link.
        link = f"https://t.me/{ctx.services.bot_username}?start={TIP_PAYLOAD}"
        await ctx.prompt("tip-in-private", ((Button(ctx.texts("button-tip-begin"), url=link),),))
        return
    await ctx.services.tips.check_open(ctx.user_id)
    if ctx.words or attachment(ctx.message):
        await collect(ctx, TipDialogueState())
    else:
        await begin(ctx)


async def begin(ctx: HandlerContext) -> None:
    """Prompt for a tip. Raises UserError where this person may send none now."""
    await ctx.services.tips.check_open(ctx.user_id)
    await TIP.open(ctx, TipDialogueState())
    await ctx.prompt("tip-ask", cancel_keyboard(ctx), most=TEXT_LIMIT)


@TIP.on_message
async def collect(ctx: HandlerContext, before: TipDialogueState) -> None:
    """Add a message to the tip; of an album only the first is answered."""
    brought = attachment(ctx.message)
    state = before
    # After a crash the last message comes again.
    if before.seen != ctx.message_id:
        parts = (*before.parts, ctx.words) if ctx.words else before.parts
        if len(parts) > MOST_PARTS:
            raise UserError("post-too-many-parts", most=MOST_PARTS)
        media = (*before.media, brought) if brought else before.media
        check_size(text_of(parts), media)
        state = replace(before, parts=parts, media=media, group=ctx.message.media_group_id)
    await TIP.open(ctx, state)
    if not continues_album(ctx.message, before.group):
        await ctx.prompt("tip-more", done_keyboard(ctx))


@TIP.on_finish
async def finish(ctx: HandlerContext, state: TipDialogueState) -> None:
    """Send the tip to the newsroom."""
    user = ctx.update.effective_user
    sent = await ctx.services.tips.send(ctx.user_id, user.first_name if user else "", state.parts, state.media)
    await ctx.close_dialogue()
    await ctx.prompt("tip-sent", ((Button(ctx.texts("button-tip-withdraw"), WithdrawTip(sent.id).pack()),),))


@router.callback(WithdrawTip)
async def withdraw(ctx: HandlerContext, button: WithdrawTip) -> None:
    """Withdraw a tip."""
    await ctx.services.tips.withdraw(button.tip_id, ctx.user_id)
    await ctx.set_buttons()
    await ctx.reply("tip-withdrawn")
