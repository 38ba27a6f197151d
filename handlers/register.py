"""Which handler hears what. The order counts: the first that fits is the only one."""

import re
from typing import Any

from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.locales.catalog import CODE
from bot.newsroom.permissions import Right
from handlers import conversation, start
from handlers.chats import (
    admission,
    chat_membership,
    chat_settings,
    post_style,
    subscribing,
    subscription_settings,
    time_zone,
)
from handlers.core.commands import Command
from handlers.core.context import SERVICES, Services
from handlers.core.guards import Act, Callback, anywhere, private
from handlers.core.router import CallbackRoute, CommandRoute, Place
from handlers.readers import attachments, bookmarks, comments, digest, full_text, history, inline, lists, search
from handlers.staff import (
    amendment_progress,
    announcements,
    audit,
    breaking,
    composing,
    corrections,
    drafts,
    editing,
    intake_queue,
    moderation,
    outbox,
    pausing,
    post_preview,
    proposals,
    retractions,
    review,
    scheduling,
    sources,
    staff_members,
    statistics,
)

ROUTERS = (
    announcements.router,
    audit.router,
    composing.router,
    conversation.router,
    lists.router,
    moderation.router,
    outbox.router,
    pausing.router,
    search.router,
    sources.router,
    staff_members.router,
    statistics.router,
    subscribing.router,
)
"""What the modules of handlers answer, as each declares it."""

READERS: dict[str, Act] = {
    "article": full_text.article,
    "subscribe": subscribing.subscribe,
    "unsubscribe": subscribing.unsubscribe,
    "subscriptions": subscribing.subscriptions,
    "digest": digest.show,
    "settings": chat_settings.settings,
    "help": start.help_,
    "start": start.start,
    "saved": bookmarks.show_saved,
    "history": history.show,
}
"""Commands of private chats and groups."""

PRIVATE: dict[str, Act] = {"cancel": start.cancel}
"""Everybody's commands in private chats."""

STAFF: dict[str, tuple[Act, Right]] = {
    "drafts": (drafts.list_drafts, Right.WRITE),
    "preview": (drafts.show_preview, Right.WRITE),
    "edit": (editing.edit, Right.WRITE),
    "submit": (review.submit, Right.WRITE),
    "approve": (review.approve, Right.PUBLISH),
    "publish": (scheduling.publish, Right.PUBLISH),
    "planned": (scheduling.calendar, Right.PUBLISH),
    "breaking": (breaking.breaking, Right.PUBLISH),
    "correct": (editing.correct, Right.PUBLISH),
    "retract": (retractions.retract, Right.PUBLISH),
    "channels": (chat_membership.channels, Right.CHANNELS),
}
"""Commands of the newsroom, in private chats."""

# Callback data is anybody's: only what fits one of these patterns exactly reaches a handler.
_PRESSES_ANYWHERE: dict[str, Act] = {
    r"page:\d{1,13}:\d{1,4}": full_text.turn_page,
    r"read:\d{1,13}": full_text.press_open,
    r"like:\d{1,13}": full_text.show_related,
    r"elsewhere:\d{1,13}:(n|\d{1,6})": full_text.show_elsewhere,
    r"talk:\d{1,13}:([naz]|[bf]\d{1,18})": comments.turn,
    r"media:\d{1,13}": attachments.send,
    r"save:\d{1,13}:[01]": bookmarks.toggle_saved,
    r"sub:\d{1,9}:[01]": subscribing.toggle,
    r"fol:-?\d{1,16}:\d{1,16}:\d{1,4}": subscription_settings.turn,
    r"fol:-?\d{1,16}:\d{1,16}:cat:\d{1,9}:[01]": subscription_settings.toggle,
    r"one:-?\d{1,16}:\d{1,15}(:rush:[01]|:when:\d|:stop)?": subscription_settings.press_one,
    rf"open:({'|'.join((*start.MENU, 'help'))})": start.open_,
}
_PRESSES_PRIVATE: dict[str, tuple[Act, Right | None]] = {
    r"saved:\d{1,6}": (bookmarks.turn_saved, None),
    r"hist:[bf]\d{1,18}": (history.turn, None),
    r"seen:\d{1,13}:[yn]": (full_text.answer_visible, None),
    r"write:\d{1,13}": (comments.press_write, None),
    r"unsay:\d{1,18}(:y)?": (comments.take_back, None),
    r"set:-?\d{1,16}:(main|when|quiet|pin|close)": (chat_settings.press, None),
    r"set:-?\d{1,16}:cats": (subscription_settings.press_categories, None),
    r"new:-?\d{1,16}:\d{1,16}:(words|tag|desk|muted)": (subscription_settings.ask, None),
    r"one:-?\d{1,16}:\d{1,15}:own": (subscription_settings.ask, None),
    r"topics:-?\d{1,16}:\d{1,4}": (subscription_settings.list_topics, None),
    r"set:-?\d{1,16}:(when|quiet|pause|plain|silent|rush|pin):\d{1,9}": (chat_settings.press, None),
    rf"set:-?\d{{1,16}}:lang:{CODE}": (chat_settings.press, None),
    r"set:-?\d{1,16}:own:(when|quiet)": (chat_settings.press, None),
    r"set:-?\d{1,16}:zone(:[A-Za-z0-9_/+-]{1,40})?": (time_zone.press, None),
    r"set:-?\d{1,16}:look(:back)?": (post_style.press, None),
    r"set:-?\d{1,16}:look:(shape:(title|lead|paragraph)|photo:(attached|any|none))": (post_style.press, None),
    r"set:-?\d{1,16}:look:((tags|buttons):[01]|sign:(ask|none))": (post_style.press, None),
    r"drafts:\d{1,6}": (drafts.turn_drafts, Right.WRITE),
    r"view:\d{1,13}:\d{1,4}": (drafts.turn_preview, Right.WRITE),
    r"post:\d{1,13}:(view|close|as:(0|-\d{1,16}))": (post_preview.press, Right.WRITE),
    r"pub:\d{1,13}:\d{1,6}(:y)?": (drafts.press_publish, Right.PUBLISH),
    r"submit:\d{1,13}": (review.press_submit, Right.WRITE),
    r"review:(view|edit|back):\d{1,13}": (review.press, Right.WRITE),
    r"review:(show|no):\d{1,13}": (review.press, Right.PUBLISH),
    r"review:yes:\d{1,13}:\d{1,6}": (review.press, Right.PUBLISH),
    r"waiting:\d{1,6}": (review.turn_waiting, Right.PUBLISH),
    r"gate:\d{1,6}": (intake_queue.turn, Right.PUBLISH),
    r"gate:(yes|drop):\d{1,13}:\d{1,6}:\d{1,6}": (intake_queue.decide, Right.PUBLISH),
    r"gate:all:\d{1,15}:[1-5]:[0-9a-f]{16}": (intake_queue.ask_all, Right.PUBLISH),
    r"gate:sure:\d{1,15}:[1-5]:[0-9a-f]{16}": (intake_queue.publish_all, Right.PUBLISH),
    r"gate:no": (intake_queue.leave_all, Right.PUBLISH),
    r"proposal:show:\d{1,13}": (proposals.show, Right.PUBLISH),
    r"proposal:whole:\d{1,13}:\d{1,4}": (proposals.turn, Right.PUBLISH),
    r"proposal:yes:\d{1,13}:\d{1,6}:\d{1,15}": (proposals.decide, Right.PUBLISH),
    r"proposal:no:\d{1,13}:\d{1,15}": (proposals.decide, Right.PUBLISH),
    r"retract:\d{1,13}": (retractions.press_vanished, Right.PUBLISH),
    r"plan:\d{1,13}:\d{1,6}": (scheduling.ask, Right.PUBLISH),
    r"plan:\d{1,13}:\d{1,6}:\d{1,15}:[01]": (scheduling.again, Right.PUBLISH),
    r"unplan:\d{1,13}": (scheduling.cancel, Right.PUBLISH),
    r"planned:\d{1,6}": (scheduling.turn, Right.PUBLISH),
    r"rush:\d{1,13}(:\d{1,15}:[yn])?": (breaking.press, Right.PUBLISH),
    r"keep:\d{1,13}": (drafts.keep, Right.WRITE),
    r"drop:\d{1,13}(:y)?": (drafts.drop, Right.WRITE),
    r"edit:\d{1,13}(:(title|lead|body|photo|nophoto|cat|media|attach|desk|tags|link|over))?": (
        editing.press,
        Right.WRITE,
    ),
    r"edit:\d{1,13}:(cat:\d{1,9}|(desk|tags|link):none|less:\d{1,6}:\d|bare:\d{1,6})": (
        editing.press,
        Right.WRITE,
    ),
    r"merge:\d{1,13}:\d{1,15}:(show|put|n)": (editing.merge, Right.WRITE),
    r"fix:\d{1,13}:\d{1,6}:\d{1,15}:[yn]": (corrections.press, Right.PUBLISH),
    r"pull:\d{1,13}:\d{1,15}:[yn]": (retractions.press, Right.PUBLISH),
    r"copies:\d{1,13}": (amendment_progress.refresh, Right.PUBLISH),
    r"channels:\d{1,6}": (chat_membership.turn_channels, Right.CHANNELS),
    r"let:-?\d{1,16}:(y|n|admit|revoke)": (admission.decide, Right.APPROVE_CHATS),
}

_BEFORE_OTHERS = -1
_NEW = filters.UpdateType.MESSAGE
_PRIVATE = _NEW & filters.ChatType.PRIVATE
_TOPICS = (
    filters.StatusUpdate.FORUM_TOPIC_CREATED
    | filters.StatusUpdate.FORUM_TOPIC_CLOSED
    | filters.StatusUpdate.FORUM_TOPIC_REOPENED
    | filters.StatusUpdate.FORUM_TOPIC_EDITED
)
_FILES = filters.PHOTO | filters.VIDEO | filters.Document.ALL
_WHERE = {Place.PRIVATE: _PRIVATE, Place.ANYWHERE: _NEW}


def _guarded(route: CommandRoute | CallbackRoute) -> Callback:
    return anywhere(route.act) if route.place is Place.ANYWHERE else private(route.act, right=route.right)


def declared_commands() -> list[Command]:
    """Return every command that is heard."""
    declared = [Command(name, in_groups=True) for name in READERS]
    declared += [Command(name) for name in PRIVATE]
    declared += [Command(name, right) for name, (_, right) in STAFF.items()]
    return declared + [route.command for router in ROUTERS for route in router.commands]


def register(application: "Application[Any, Any, Any, Any, Any, Any]") -> None:
    """Give every handler to the application."""
    add = application.add_handler
    services: Services = application.bot_data[SERVICES]
    shared = filters.ChatType.GROUPS | filters.ChatType.CHANNEL
    application.add_handler(MessageHandler(shared, chat_membership.heard), group=_BEFORE_OTHERS)
    # A card that a person chose inline asks for nothing, whatever its headline reads like.
    add(MessageHandler(filters.ViaBot(services.bot_id), inline.leave))
    heard: list[tuple[str, Callback, filters.BaseFilter]] = [
        (name, anywhere(act), _NEW) for name, act in READERS.items()
    ]
    heard += [(name, private(act), _PRIVATE) for name, act in PRIVATE.items()]
    heard += [(name, private(act, right=right), _PRIVATE) for name, (act, right) in STAFF.items()]
    for router in ROUTERS:
        heard += [(one.name, _guarded(one), _WHERE[one.place]) for one in router.commands]
    for name, callback, where in heard:
        add(CommandHandler(name, callback, filters=where))
        # The caption of a photo or a file is a command as well.
        captioned = filters.CaptionRegex(rf"(?i)^/{name}(@{services.bot_username})?(?![\w@])")
        add(MessageHandler(where & _FILES & captioned, callback))
    for router in ROUTERS:
        for one in router.callbacks:
            add(CallbackQueryHandler(_guarded(one), pattern=re.compile(rf"{one.kind.pattern()}\Z", re.ASCII)))
    for pattern, act in _PRESSES_ANYWHERE.items():
        add(CallbackQueryHandler(anywhere(act), pattern=f"^{pattern}$"))
    for pattern, (act, needed) in _PRESSES_PRIVATE.items():
        add(CallbackQueryHandler(private(act, right=needed), pattern=f"^{pattern}$"))
    add(CallbackQueryHandler(anywhere(start.stale)))
    add(ChatMemberHandler(chat_membership.membership, ChatMemberHandler.MY_CHAT_MEMBER))
    add(MessageHandler(_NEW & filters.StatusUpdate.MIGRATE, chat_membership.migrated))
    add(MessageHandler(_NEW & _TOPICS, chat_membership.topic))
    add(MessageHandler(_PRIVATE & filters.COMMAND, private(start.unknown)))
    add(MessageHandler(_PRIVATE & _FILES & filters.CaptionRegex(r"^/[A-Za-z]"), private(start.unknown)))
    add(MessageHandler(_PRIVATE & (filters.TEXT | _FILES), private(conversation.hear)))
    add(MessageHandler(_PRIVATE & ~filters.StatusUpdate.ALL, private(conversation.unreadable)))
    edited = filters.UpdateType.EDITED_MESSAGE & filters.ChatType.PRIVATE & (filters.TEXT | filters.CAPTION)
    add(MessageHandler(edited, private(conversation.edited)))
    add(InlineQueryHandler(inline.answer))
