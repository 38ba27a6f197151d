"""Every table of Peyk. A test compares the migrations with these.

Instants are milliseconds since the epoch, UTC. Ids of Telegram and news numbers are 64-bit integers.
Import every table from this package.
"""

from storage.schema.api import OPEN_CALL, api_client, api_creation, webhook_call
from storage.schema.articles import (
    article,
    article_address,
    article_number,
    article_signature,
    category,
    proposal,
    revision,
    story_band,
)
from storage.schema.audit import BY_STAFF, SQLITE_TRIGGERS, audit
from storage.schema.base import equals_literal, metadata
from storage.schema.chats import (
    ACTIVE_CHAT,
    BY_WORDS,
    COUNTED_CHAT,
    LOST_CHAT,
    LOST_PLACE,
    OWN_SCHEDULE,
    REFUSING_CHAT,
    chat,
    subscription,
    subscription_undo,
    topic,
)
from storage.schema.deliveries import (
    PENDING,
    READY,
    UNTOLD,
    WAITING,
    budget,
    delivery,
    fan_out,
    recent_send,
)
from storage.schema.house_words import house_word
from storage.schema.messages import (
    DOUBTFUL,
    OPEN_MESSAGE,
    PENDING_AMENDMENT,
    REACTED_TO,
    UNDER_WAY,
    amendment,
    message,
    message_article,
    payload,
    pin,
    telegram_file,
)
from storage.schema.process_leases import process_lease
from storage.schema.readers import WAITING_COMMENT, WAITING_TIP, comment, saved, silenced, tip
from storage.schema.reviews import FROM_SOURCES, OPEN_REVIEW, editing, review
from storage.schema.settings import setting
from storage.schema.sources import (
    hub_subscription,
    page_visit,
    section_name,
    section_offer,
    source,
    source_item,
    source_picture,
    source_rule,
)
from storage.schema.staff import STALE_CARD, card, invitation, invitation_bar, notice, staff
from storage.schema.statistics import desk_report, tally
from storage.schema.updates import dialogue, inbox

__all__ = [
    "ACTIVE_CHAT",
    "BY_STAFF",
    "BY_WORDS",
    "COUNTED_CHAT",
    "DOUBTFUL",
    "FROM_SOURCES",
    "LOST_CHAT",
    "LOST_PLACE",
    "OPEN_CALL",
    "OPEN_MESSAGE",
    "OPEN_REVIEW",
    "OWN_SCHEDULE",
    "PENDING",
    "PENDING_AMENDMENT",
    "REACTED_TO",
    "READY",
    "REFUSING_CHAT",
    "SQLITE_TRIGGERS",
    "STALE_CARD",
    "UNDER_WAY",
    "UNTOLD",
    "WAITING",
    "WAITING_COMMENT",
    "WAITING_TIP",
    "amendment",
    "api_client",
    "api_creation",
    "article",
    "article_address",
    "article_number",
    "article_signature",
    "audit",
    "budget",
    "card",
    "category",
    "chat",
    "comment",
    "delivery",
    "desk_report",
    "dialogue",
    "editing",
    "equals_literal",
    "fan_out",
    "house_word",
    "hub_subscription",
    "inbox",
    "invitation",
    "invitation_bar",
    "message",
    "message_article",
    "metadata",
    "notice",
    "page_visit",
    "payload",
    "pin",
    "process_lease",
    "proposal",
    "recent_send",
    "review",
    "revision",
    "saved",
    "section_name",
    "section_offer",
    "setting",
    "silenced",
    "source",
    "source_item",
    "source_picture",
    "source_rule",
    "staff",
    "story_band",
    "subscription",
    "subscription_undo",
    "tally",
    "telegram_file",
    "tip",
    "topic",
    "webhook_call",
]
