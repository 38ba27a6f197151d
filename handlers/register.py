"""Which handler hears what. The order counts: the first that fits is the only one."""

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

from bot.newsroom.rights import Right
from handlers import (
    composing,
    conversation,
    desk,
    drafts,
    following,
    inline,
    keeping,
    panel,
    places,
    reading,
    searching,
    start,
)
from handlers.guards import Act, anywhere, private

READERS: dict[str, Act] = {
    "latest": reading.latest,
    "categories": reading.list_categories,
    "category": reading.category,
    "article": reading.article,
    "search": searching.search,
    "subscribe": following.subscribe,
    "unsubscribe": following.unsubscribe,
    "subscriptions": following.subscriptions,
    "digest": following.digest,
    "settings": panel.settings,
    "help": start.help_,
}
"""Commands of private chats and groups."""

PRIVATE: dict[str, Act] = {"start": start.start, "saved": keeping.show_saved, "cancel": start.cancel}
"""Everybody's commands in private chats."""

STAFF: dict[str, tuple[Act, Right]] = {
    "post": (composing.post, Right.WRITE),
    "import": (composing.import_, Right.WRITE),
    "drafts": (drafts.list_drafts, Right.WRITE),
    "preview": (drafts.show_preview, Right.WRITE),
    "edit": (drafts.edit, Right.WRITE),
    "publish": (drafts.publish, Right.PUBLISH),
    "sources": (desk.list_sources, Right.SOURCES),
    "channels": (places.channels, Right.CHANNELS),
    "editors": (desk.editors, Right.STAFF),
    "invite": (desk.invite, Right.STAFF),
    "pause": (desk.pause, Right.PAUSE),
    "resume": (desk.resume, Right.PAUSE),
}
"""Commands of the newsroom, in private chats."""

# Callback data is anybody's: only what fits one of these patterns exactly reaches a handler.
_PRESSES_ANYWHERE: dict[str, Act] = {
    r"page:\d{1,13}:\d{1,4}": reading.turn_page,
    r"list:(a|c\d{1,9}):(n|[bf]\d{1,19})": reading.turn_list,
    r"find:[bf]\d{1,19}": searching.turn_hits,
    r"save:\d{1,13}": keeping.toggle_saved,
    r"sub:\d{1,9}": following.toggle,
}
_PRESSES_PRIVATE: dict[str, tuple[Act, Right | None]] = {
    r"saved:\d{1,6}": (keeping.turn_saved, None),
    r"set:-?\d{1,16}:(main|cats|when|quiet|close)": (panel.press, None),
    r"set:-?\d{1,16}:(cats|when|quiet|pause|plain):\d{1,9}": (panel.press, None),
    r"set:-?\d{1,16}:lang:[a-z]{2,3}": (panel.press, None),
    r"set:-?\d{1,16}:own:(when|quiet)": (panel.press, None),
    r"dialogue:(done|cancel|nolead)": (conversation.press, None),
    r"post:\d{1,9}": (composing.choose_category, Right.WRITE),
    r"drafts:\d{1,6}": (drafts.turn_drafts, Right.WRITE),
    r"view:\d{1,13}:\d{1,4}": (drafts.turn_preview, Right.WRITE),
    r"pub:\d{1,13}:\d{1,6}": (drafts.press_publish, Right.PUBLISH),
    r"keep:\d{1,13}": (drafts.keep, Right.WRITE),
    r"drop:\d{1,13}(:y)?": (drafts.drop, Right.WRITE),
    r"edit:\d{1,13}(:(title|lead|body|cat))?": (drafts.press_edit, Right.WRITE),
    r"edit:\d{1,13}:cat:\d{1,9}": (drafts.press_edit, Right.WRITE),
    r"let:-?\d{1,16}:[yn]": (places.decide, Right.APPROVE_CHATS),
    r"invite:(owner|editor|author|moderator)": (desk.press_invite, Right.STAFF),
    r"fire:(back|\d{1,16}(:y)?)": (desk.fire, Right.STAFF),
}

_NEW = filters.UpdateType.MESSAGE
_PRIVATE = _NEW & filters.ChatType.PRIVATE
_TOPICS = (
    filters.StatusUpdate.FORUM_TOPIC_CREATED
    | filters.StatusUpdate.FORUM_TOPIC_CLOSED
    | filters.StatusUpdate.FORUM_TOPIC_REOPENED
)
_FILES = filters.PHOTO | filters.Document.ALL


def register(application: "Application[Any, Any, Any, Any, Any, Any]") -> None:
    """Give every handler to the application."""
    add = application.add_handler
    for name, act in READERS.items():
        add(CommandHandler(name, anywhere(act), filters=_NEW))
    for name, act in PRIVATE.items():
        add(CommandHandler(name, private(act), filters=_PRIVATE))
    for name, (act, right) in STAFF.items():
        add(CommandHandler(name, private(act, right=right), filters=_PRIVATE))
    for pattern, act in _PRESSES_ANYWHERE.items():
        add(CallbackQueryHandler(anywhere(act), pattern=f"^{pattern}$"))
    for pattern, (act, needed) in _PRESSES_PRIVATE.items():
        add(CallbackQueryHandler(private(act, right=needed), pattern=f"^{pattern}$"))
    add(CallbackQueryHandler(private(start.stale)))
    add(ChatMemberHandler(places.membership, ChatMemberHandler.MY_CHAT_MEMBER))
    add(MessageHandler(_NEW & filters.StatusUpdate.MIGRATE, places.migrated))
    add(MessageHandler(_NEW & _TOPICS, places.topic))
    add(MessageHandler(_PRIVATE & filters.COMMAND, private(start.unknown)))
    add(MessageHandler(_PRIVATE & _FILES, private(conversation.hear_file)))
    add(MessageHandler(_PRIVATE & filters.TEXT, private(conversation.hear)))
    add(MessageHandler(_PRIVATE & ~filters.StatusUpdate.ALL, private(start.unreadable)))
    add(InlineQueryHandler(inline.answer))
