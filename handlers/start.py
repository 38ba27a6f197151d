"""/start with its deep links, /help, /cancel, and what fits no command."""

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.bounds import PAYLOAD
from bot.locales.catalog import Texts
from bot.newsroom.commands import Command
from bot.newsroom.invitation_codes import is_seal
from bot.render.desk_report import HOME_PAYLOAD
from bot.render.digest import ALL_NEWS
from bot.render.message import Button, Keyboard, Message
from handlers.chats import chat_membership, chat_settings, subscribing, subscription_settings
from handlers.core import menus
from handlers.core.callbacks import CommandName, OpenCommand, OpenReadersView
from handlers.core.context import HandlerContext
from handlers.core.guards import Act
from handlers.core.labels import category_buttons, in_rows
from handlers.core.router import Place, Router
from handlers.readers import (
    bookmarks,
    comments,
    digest,
    full_text,
    history,
    lists,
    search,
    search_request,
    tips,
    top,
)
from handlers.staff import home

_ARTICLE = re.compile(r"a_(.+)")
_CATEGORY = re.compile(r"c_(.+)")
_COMMENT = re.compile(r"c(\d{1,13})")
_PANEL = re.compile(r"p_(-?\d{1,16})")
_FOLLOWED = re.compile(r"p_(-?\d{1,16})_(\d{1,16})")

router = Router()

MENU: dict[CommandName, Act] = {
    "latest": lists.latest,
    "top": top.top,
    "categories": lists.list_categories,
    "search": search.search,
    "digest": digest.show_digest,
    "subscriptions": subscribing.subscriptions,
    "saved": bookmarks.show_saved,
    "history": history.show_history,
    "settings": chat_settings.settings,
}
"""The readers' commands that are buttons too, besides /help."""


@router.command("start", place=Place.ANYWHERE)
async def start(ctx: HandlerContext) -> None:
    """/start [payload]: what the link leads to, or a welcome; then what waited for this /start."""
    payload = PAYLOAD.cut(ctx.words)
    is_link = await _follow_link(ctx, payload)
    if ctx.private:
        await _start_private(ctx, payload, is_link=is_link)
    elif not is_link:
        assert ctx.chat is not None, "a group is heard when it was let in"
        await ctx.send(chat_membership.hello(ctx.services, ctx.chat))


async def _start_private(ctx: HandlerContext, payload: str, *, is_link: bool) -> None:
    """Open what a link for private chats leads to unless `is_link` has been followed; then settle what waited."""
    if not is_link and is_seal(payload):
        ctx = await _join(ctx, payload)
    elif not is_link and not await _follow_private_link(ctx, payload):
        await _greet(ctx, payload)
    if ctx.role is not None:
        assert ctx.chat is not None, "a person's chat is kept when they write"
        await menus.set_persons_menu(ctx.services, ctx.chat, ctx.role)
    await chat_membership.settle_debts(ctx)


async def _greet(ctx: HandlerContext, unknown_payload: str) -> None:
    """Show staff the newsroom's home and welcome readers, after a word about a link that leads nowhere."""
    if unknown_payload:
        await ctx.reply("link-unknown")
    if ctx.role is None:
        await _welcome(ctx)
    else:
        await home.send_home(ctx)


async def _follow_link(ctx: HandlerContext, payload: str) -> bool:
    """Open what a link leads to in any chat; return False where it leads to nothing of the kind."""
    if article := _ARTICLE.fullmatch(payload):
        await full_text.article(ctx.as_command(article[1]))
    elif category := _CATEGORY.fullmatch(payload):
        await lists.category(ctx.as_command(category[1]))
    elif payload == ALL_NEWS:
        await lists.all_news(ctx)
    elif payload == search_request.PAYLOAD:
        await search.search(ctx.as_command())
    else:
        return False
    return True


async def _follow_private_link(ctx: HandlerContext, payload: str) -> bool:
    """Open what a link leads to in a person's own chat; return False where it leads to nothing of the kind."""
    if comment := _COMMENT.fullmatch(payload):
        await comments.begin(ctx, int(comment[1]))
    elif payload == bookmarks.SAVED_PAYLOAD:
        await bookmarks.show_saved(ctx)
    elif payload == history.PAYLOAD:
        await history.show_history(ctx)
    elif payload == tips.TIP_PAYLOAD:
        await tips.begin(ctx)
    elif payload == HOME_PAYLOAD and ctx.role is not None:
        await home.send_home(ctx)
    elif panel := _PANEL.fullmatch(payload):
        await chat_settings.send_panel(ctx, int(panel[1]))
    elif place := _FOLLOWED.fullmatch(payload):
        await subscription_settings.send_panel(ctx, int(place[1]), int(place[2]))
    else:
        return False
    return True


async def _welcome(ctx: HandlerContext) -> None:
    """Welcome a newcomer with two lines and three buttons; /help has the others."""
    followed = await ctx.services.subscriptions.of(ctx.chat_id)
    everything = category_buttons((), followed, ctx.texts, subscribing.FollowHere)
    choose = Button(ctx.texts("button-choose-categories"), OpenCommand("subscriptions").pack())
    await ctx.prompt("welcome", (*everything, (choose,), *_menu(ctx, ["latest"]), *_way_home(ctx)))


@router.callback(OpenReadersView)
async def open_readers_view(ctx: HandlerContext, _button: OpenReadersView) -> None:
    """Answer with the welcome that readers get."""
    await _welcome(ctx)


def _way_home(ctx: HandlerContext) -> Keyboard:
    """Return the button that leads somebody of the newsroom to its home."""
    return ((home.home_button(ctx),),) if ctx.private and ctx.role is not None else ()


async def _join(ctx: HandlerContext, seal: str) -> HandlerContext:
    """Redeem an invitation; return the context with the new role."""
    user = ctx.update.effective_user
    role = await ctx.services.staff.redeem(seal, ctx.user_id, (user.full_name or "") if user else "")
    await ctx.send(home.first_steps(ctx, role))
    return replace(ctx, role=role)


@router.command("help", place=Place.ANYWHERE)
async def help_(ctx: HandlerContext) -> None:
    """/help: the commands that the person may use, with a line on each."""
    texts = ctx.texts
    lines = [texts.html("help-title"), ""]
    jobs = ctx.services.commands.jobs_of(ctx.role) if ctx.private else {}
    for job, commands in jobs.items():
        lines += [texts.html(f"help-{job}"), *(_in_words(command, texts) for command in commands), ""]
    if jobs:
        lines.append(texts.html("help-read"))
    lines += [_in_words(command, texts) for command in ctx.services.commands.readers]
    lines += ["", texts.html("help-hint")]
    if ctx.services.takes_inline:
        lines.append(texts.html("help-inline", bot=f"@{ctx.services.bot_username}"))
    await ctx.send(Message("\n".join(lines), _way_home(ctx) + _menu(ctx, MENU)))


def _in_words(command: Command, texts: Texts) -> str:
    return f"{texts.mark}{texts.apart(f'/{command.name}')} {texts.html(command.text_key)}"


@router.callback(OpenCommand, place=Place.ANYWHERE)
async def open_(ctx: HandlerContext, button: OpenCommand) -> None:
    """Run a reader's command."""
    await (help_ if button.name == "help" else MENU[button.name])(ctx.as_command())


def _menu(ctx: HandlerContext, names: Iterable[CommandName]) -> Keyboard:
    """Return the readers' commands as buttons."""
    commands = {command.name: command for command in ctx.services.commands.readers}
    return in_rows([Button(ctx.texts(commands[name].text_key), OpenCommand(name).pack()) for name in names], 2)


@router.command("cancel")
async def cancel(ctx: HandlerContext) -> None:
    """/cancel: leave the open dialogue."""
    closed = await ctx.services.dialogues.cancel(ctx.chat_id, ctx.user_id)
    await ctx.reply("cancelled" if closed else "nothing-to-cancel")


async def stale(ctx: HandlerContext) -> None:
    """Answer a button of an earlier version, or invented data."""
    await ctx.answer_callback("stale-button", alert=True)
