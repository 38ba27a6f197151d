"""Membership of the bot in channels and groups: its arrival, its admission and its departure."""

import structlog
from telegram import ChatMember, ChatMemberUpdated, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.audience.chats import ChatFacts, can_be_written_to
from bot.audience.posting_rights import may_post
from bot.newsroom.permissions import Right, may
from bot.render.html import cut, escape
from bot.render.message import Button, Keyboard, Message
from handlers.chats import settings_pages
from handlers.chats.callbacks import BackToChannels, ChannelsPage, Panel
from handlers.chats.managed_chats import manages
from handlers.core.context import SERVICES, HandlerContext, Services, facts_of
from handlers.core.labels import (
    chat_kind_in_words,
    chat_state_in_words,
    followed_in_words,
    in_rows,
    on_buttons,
    schedule_in_words,
    turns_by_offset,
    window,
)
from handlers.core.router import Router
from storage.records import Chat, ChatKind

router = Router()

_CHANNELS_PAGE = 10
_LISTED_UNITS = 60

_log = structlog.get_logger(__name__)


async def membership(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Record that the bot's own status in a chat has changed."""
    services: Services = context.application.bot_data[SERVICES]
    change = update.my_chat_member
    assert change is not None, "registered for these updates only"
    if change.chat.type == ChatType.PRIVATE:
        await _private_changed(services, change)
    elif _can_post(change, change.new_chat_member):
        await _arrived(services, change)
    else:
        status = change.new_chat_member.status
        is_there = status in (ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.RESTRICTED)
        reason = "rights taken" if is_there else status
        await services.chats.bot_removed(change.chat.id, reason, by=change.from_user.id)
        _log.info("chat_lost", status=status)
        if is_there:
            await _notify_person(
                services, change.from_user.id, "chat-no-rights", title=change.chat.title or str(change.chat.id)
            )


async def on_chat_message(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Record that something was written or pressed in a group or channel, which may have been lost."""
    services: Services = context.application.bot_data[SERVICES]
    if update.effective_chat is not None:
        await services.lost_chats.on_message(update.effective_chat.id)


async def migrated(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Record that a group became a supergroup and has another id."""
    services: Services = context.application.bot_data[SERVICES]
    message = update.effective_message
    assert message is not None, "registered for messages only"
    if message.migrate_to_chat_id:
        await services.chats.migrated(message.chat_id, message.migrate_to_chat_id)
    elif message.migrate_from_chat_id:
        await services.chats.migrated(message.migrate_from_chat_id, message.chat_id)


async def topic(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Record that a forum's topic was made, closed, opened again, or got another name."""
    services: Services = context.application.bot_data[SERVICES]
    message = update.effective_message
    assert message is not None, "registered for messages only"
    named = message.forum_topic_created or message.forum_topic_edited
    closed = True if message.forum_topic_closed else False if message.forum_topic_reopened else None
    await services.chats.topic_seen(
        message.chat_id, message.message_thread_id or 0, (named.name or "") if named else "", closed=closed
    )


@router.command("channels", right=Right.CHANNELS)
async def channels(ctx: HandlerContext) -> None:
    """/channels: every channel and group, each with a button to its panel."""
    await ctx.send(await _channels(ctx, 0))


@router.callback(ChannelsPage, right=Right.CHANNELS)
async def on_channels_page(ctx: HandlerContext, button: ChannelsPage) -> None:
    """Show another page of the channels."""
    await ctx.edit_or_send(await _channels(ctx, button.offset))


@router.callback(BackToChannels, right=Right.CHANNELS)
async def back_to_channels(ctx: HandlerContext, button: BackToChannels) -> None:
    """Show the page of the channels that has the one whose panel is left."""
    ids = [chat.id for chat in await ctx.services.chats.audience()]
    place = ids.index(button.chat_id) if button.chat_id in ids else 0
    await ctx.edit_or_send(await _channels(ctx, place - place % _CHANNELS_PAGE))


async def _channels(ctx: HandlerContext, offset: int) -> Message:
    services, texts = ctx.services, ctx.texts
    known = await services.subscriptions.categories()
    places = await services.chats.audience()
    if not places:
        return Message(texts.html("channels-none"))
    lines, buttons = [texts.html("channels-title")], []
    labels = dict(zip((chat.id for chat in places), on_buttons(places, texts), strict=True))
    page, offset = window(places, offset, _CHANNELS_PAGE)
    for chat in page:
        followed = await services.subscriptions.of(chat.id)
        title = cut(chat.title, _LISTED_UNITS) or str(chat.id)
        names = [texts.apart(title), *([texts.apart(f"@{chat.username}")] if chat.username else [])]
        facts = [
            chat_kind_in_words(chat, texts),
            chat_state_in_words(chat, texts),
            schedule_in_words(chat.schedule, texts),
            followed_in_words(followed, known, texts)[:_LISTED_UNITS],
        ]
        lines.append(f"\n{texts.mark}<b>{escape(' '.join(names))}</b>\n{escape(texts.facts(*facts))}")
        buttons.append(Button(labels[chat.id], Panel(chat.id).pack()))
    more = offset + len(page) < len(places)
    turns = turns_by_offset(texts, ChannelsPage, offset, _CHANNELS_PAGE, more=more)
    return Message("\n".join(lines), in_rows(buttons, 2) + turns)


async def settle_debts(ctx: HandlerContext) -> None:
    """Send a person who pressed start the panels and cards that waited for it."""
    services = ctx.services
    await services.chats.person_started(ctx.user_id, approves_chats=may(ctx.role, Right.APPROVE_CHATS))
    for chat in await services.chats.panels_owed(ctx.user_id):
        # Whoever manages it no more is told nothing of it.
        is_theirs = await manages(ctx, chat)
        if not await services.chats.claim_panel(chat.id) or not is_theirs:
            continue
        if chat.is_active:
            await ctx.send(await settings_pages.main_page(ctx, chat))
        else:
            await ctx.reply("chat-waits", title=chat.title or str(chat.id))


async def _private_changed(services: Services, change: ChatMemberUpdated) -> None:
    if change.new_chat_member.status == ChatMemberStatus.BANNED:
        await services.chats.bot_removed(change.chat.id, "blocked")
    elif await services.chats.get(change.chat.id) is not None:
        await services.chats.person_returned(change.chat.id)


def _can_post(change: ChatMemberUpdated, member: ChatMember) -> bool:
    return may_post(ChatKind(change.chat.type), member.to_dict())


async def _arrived(services: Services, change: ChatMemberUpdated) -> None:
    person = change.from_user
    before = await services.chats.get(change.chat.id)
    chat = await services.chats.bot_added(
        facts_of(change.chat),
        by=person.id,
        is_admin=change.new_chat_member.status == ChatMemberStatus.ADMINISTRATOR,
        joined=not _can_post(change, change.old_chat_member),
        person=ChatFacts(person.id, ChatKind.PRIVATE, person.full_name or "", person.username or ""),
    )
    _log.info("chat_found", kind=chat.kind, admission=chat.admission)
    services.worker.wake()
    if before is not None and before.admission is chat.admission:
        return  # only its rights changed, or it is back
    if chat.kind is not ChatKind.CHANNEL and before is None:
        await _greet_group(services, chat)
    await notify_inviter(services, chat)


async def _greet_group(services: Services, chat: Chat) -> None:
    """Send one line to a group, with a link to its settings."""
    try:
        await services.gateway.send(chat.id, hello(services, chat))
    except TelegramError as error:
        _log.info("group_not_greeted", reason=error.message)


def hello(services: Services, chat: Chat) -> Message:
    """Return the greeting of a group, with a link to its settings."""
    texts = services.texts(chat)
    link = f"https://t.me/{services.bot_username}?start=p_{chat.id}"
    key = "group-hello" if chat.is_active else "group-hello-waits"
    return Message(texts.html(key), ((Button(texts("button-settings"), url=link),),))


async def notify_inviter(services: Services, chat: Chat) -> None:
    """Notify the person who added the bot; one who never pressed start gets the notice at their /start."""
    key = "chat-admitted" if chat.is_active else "chat-waits"
    if not chat.added_by or not await services.chats.claim_panel(chat.id):
        return
    if not await _notify_person(services, chat.added_by, key, title=chat.title or str(chat.id), panel_of=chat):
        await services.chats.change(chat.id, panel_sent=False)


async def _notify_person(
    services: Services, user_id: int, key: str, *, title: str, panel_of: Chat | None = None
) -> bool:
    """Write to a person about a chat, with a button to its active panel; False where it does not reach them."""
    person = await services.chats.get(user_id)
    if not can_be_written_to(person):
        return False
    texts = services.texts(person)
    buttons: Keyboard = ()
    if panel_of is not None and panel_of.is_active:
        buttons = ((Button(texts("button-settings"), Panel(panel_of.id).pack()),),)
    try:
        await services.gateway.send(user_id, Message(texts.html(key, title=title), buttons))
    except TelegramError as error:
        _log.info("person_not_told", key=key, reason=error.message)
        return False
    return True
