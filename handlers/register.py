"""The registration of all handlers. The order counts: only the first handler that matches an update runs."""

from typing import Any

from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    MessageReactionHandler,
    filters,
)

from bot.newsroom.commands import Command
from handlers import start
from handlers.chats import (
    admission,
    chat_membership,
    chat_settings,
    desk_report,
    post_style,
    reactions,
    subscribing,
    subscription_settings,
    time_zone,
)
from handlers.command_buttons import CommandButtons
from handlers.conversation import Conversation
from handlers.core.context import SERVICES, Services
from handlers.core.guards import Callback, anywhere, private
from handlers.core.router import CallbackRoute, CommandRoute, Place
from handlers.readers import (
    attachments,
    bookmarks,
    comments,
    digest,
    full_text,
    history,
    inline,
    lists,
    search,
    tips,
    top,
)
from handlers.staff import (
    amendment_progress,
    announcement_progress,
    announcements,
    article_choice,
    attachment_editing,
    audit,
    breaking,
    composing,
    conflict_answers,
    conflicts,
    copy_editing,
    corrections,
    developing_stories,
    drafts,
    editing,
    home,
    house_words,
    intake_queue,
    moderation,
    outbox,
    paragraph_editing,
    pausing,
    post_preview,
    proposals,
    publishing,
    retractions,
    review,
    scheduling,
    settled_rows,
    source_adding,
    source_editing,
    source_requests,
    source_retraction,
    source_rules,
    source_sections,
    sources,
    staff_members,
    statistics,
    story_joining,
    tip_cards,
    word_replacing,
)

_ROUTERS = (
    admission.router,
    amendment_progress.router,
    announcement_progress.router,
    announcements.router,
    article_choice.router,
    attachment_editing.router,
    attachments.router,
    audit.router,
    bookmarks.router,
    breaking.router,
    chat_membership.router,
    chat_settings.router,
    comments.router,
    composing.router,
    conflict_answers.router,
    conflicts.router,
    copy_editing.router,
    corrections.router,
    desk_report.router,
    digest.router,
    developing_stories.router,
    drafts.router,
    editing.router,
    full_text.router,
    history.router,
    home.router,
    house_words.router,
    intake_queue.router,
    lists.router,
    moderation.router,
    outbox.router,
    paragraph_editing.router,
    pausing.router,
    post_preview.router,
    post_style.router,
    proposals.router,
    publishing.router,
    retractions.router,
    review.router,
    scheduling.router,
    search.router,
    settled_rows.router,
    source_adding.router,
    source_requests.router,
    source_retraction.router,
    source_editing.router,
    source_rules.router,
    source_sections.router,
    sources.router,
    staff_members.router,
    start.router,
    statistics.router,
    story_joining.router,
    subscribing.router,
    subscription_settings.router,
    time_zone.router,
    tip_cards.router,
    tips.router,
    top.router,
    word_replacing.router,
)

CONVERSATION = Conversation(dialogue for router in _ROUTERS for dialogue in router.dialogues)
"""The handlers of messages without a command, and of the buttons that end or leave a dialogue."""

_COMMAND_BUTTONS = CommandButtons(route for router in _ROUTERS for route in router.commands)

ROUTERS = (*_ROUTERS, CONVERSATION.router, _COMMAND_BUTTONS.router)
"""The routers of all modules of handlers."""

_BEFORE_OTHERS = -1
_NEW = filters.UpdateType.MESSAGE
_PRIVATE = _NEW & filters.ChatType.PRIVATE
_TOPICS = (
    filters.StatusUpdate.FORUM_TOPIC_CREATED
    | filters.StatusUpdate.FORUM_TOPIC_CLOSED
    | filters.StatusUpdate.FORUM_TOPIC_REOPENED
    | filters.StatusUpdate.FORUM_TOPIC_EDITED
)
_FILES = (
    filters.PHOTO
    | filters.VIDEO
    | filters.ANIMATION
    | filters.AUDIO
    | filters.VOICE
    | filters.VIDEO_NOTE
    | filters.Document.ALL
)
_WHERE = {Place.PRIVATE: _PRIVATE, Place.ANYWHERE: _NEW}


def _guarded(route: CommandRoute | CallbackRoute) -> Callback:
    return anywhere(route.act) if route.place is Place.ANYWHERE else private(route.act, right=route.right)


def declared_commands() -> list[Command]:
    """Return every command that is heard."""
    return [route.command for router in ROUTERS for route in router.commands]


def register(application: "Application[Any, Any, Any, Any, Any, Any]") -> None:
    """Register every handler with the application."""
    add = application.add_handler
    services: Services = application.bot_data[SERVICES]
    shared = filters.ChatType.GROUPS | filters.ChatType.CHANNEL
    application.add_handler(MessageHandler(shared, chat_membership.on_chat_message), group=_BEFORE_OTHERS)
    # A card that a person chose inline asks for nothing, whatever its headline reads like.
    add(MessageHandler(filters.ViaBot(services.bot_id), inline.leave))
    for route in (route for router in ROUTERS for route in router.commands):
        name, callback, where = route.name, _guarded(route), _WHERE[route.place]
        add(CommandHandler(name, callback, filters=where))
        # The caption of a photo or a file is a command as well.
        captioned = filters.CaptionRegex(rf"(?i)^/{name}(@{services.bot_username})?(?![\w@])")
        add(MessageHandler(where & _FILES & captioned, callback))
    for router in ROUTERS:
        for callback_route in router.callbacks:
            add(CallbackQueryHandler(_guarded(callback_route), pattern=callback_route.kind.matches))
    add(CallbackQueryHandler(anywhere(start.stale)))
    add(ChatMemberHandler(chat_membership.membership, ChatMemberHandler.MY_CHAT_MEMBER))
    add(MessageHandler(_NEW & filters.StatusUpdate.MIGRATE, chat_membership.migrated))
    add(MessageHandler(_NEW & _TOPICS, chat_membership.topic))
    add(MessageHandler(_PRIVATE & filters.COMMAND, private(CONVERSATION.unknown_command)))
    add(
        MessageHandler(
            _PRIVATE & _FILES & filters.CaptionRegex(r"^/[A-Za-z]"), private(CONVERSATION.unknown_command)
        )
    )
    add(MessageHandler(_PRIVATE & (filters.TEXT | _FILES), private(CONVERSATION.on_message)))
    add(MessageHandler(_PRIVATE & ~filters.StatusUpdate.ALL, private(CONVERSATION.unreadable)))
    edited = filters.UpdateType.EDITED_MESSAGE & filters.ChatType.PRIVATE & (filters.TEXT | filters.CAPTION)
    add(MessageHandler(edited, private(CONVERSATION.edited)))
    counts = MessageReactionHandler.MESSAGE_REACTION_COUNT_UPDATED
    add(MessageReactionHandler(reactions.counted, message_reaction_types=counts))
    add(InlineQueryHandler(inline.answer))
