"""Rights of the bot in a chat, as Telegram tells of its membership there (pure)."""

from collections.abc import Mapping
from typing import Any

from storage.records import ChatKind


def may_post(kind: ChatKind, member: Mapping[str, Any], permissions: Mapping[str, Any] | None = None) -> bool:
    """Return whether the bot, as a member of a group or channel, may write there.

    `member` is a ChatMember (core.telegram.org/bots/api#chatmember) of that chat. `permissions` are the group's
    ChatPermissions, which bind plain members.
    """
    status = member.get("status")
    if kind is ChatKind.CHANNEL:
        return status == "administrator" and bool(member.get("can_post_messages"))
    if status == "restricted":
        return bool(member.get("is_member") and member.get("can_send_messages"))
    if status == "member":
        return permissions is None or bool(permissions.get("can_send_messages", True))
    return status == "administrator"
