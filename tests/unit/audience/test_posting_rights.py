"""The right to write somewhere, as Telegram tells of the bot's place there."""

from typing import Any

import pytest

from bot.audience.posting_rights import may_post
from storage.records import ChatKind


@pytest.mark.parametrize(
    ("kind", "member", "permissions", "may"),
    [
        (ChatKind.CHANNEL, {"status": "administrator", "can_post_messages": True}, None, True),
        (ChatKind.CHANNEL, {"status": "administrator", "can_post_messages": False}, None, False),
        (ChatKind.CHANNEL, {"status": "administrator"}, None, False),
        (ChatKind.CHANNEL, {"status": "member"}, None, False),
        (ChatKind.GROUP, {"status": "administrator"}, {"can_send_messages": False}, True),
        (ChatKind.SUPERGROUP, {"status": "member"}, None, True),
        (ChatKind.SUPERGROUP, {"status": "member"}, {}, True),
        (ChatKind.SUPERGROUP, {"status": "member"}, {"can_send_messages": False}, False),
        (
            ChatKind.SUPERGROUP,
            {"status": "restricted", "is_member": True, "can_send_messages": True},
            {"can_send_messages": False},
            True,
        ),
        (ChatKind.SUPERGROUP, {"status": "restricted", "is_member": True, "can_send_messages": False}, None, False),
        (ChatKind.SUPERGROUP, {"status": "restricted", "is_member": False, "can_send_messages": True}, None, False),
        (ChatKind.SUPERGROUP, {"status": "left"}, None, False),
        (ChatKind.SUPERGROUP, {"status": "kicked"}, None, False),
        (ChatKind.SUPERGROUP, {}, None, False),
    ],
)
def test_a_right_to_write_is_told_from_the_bots_place(
    kind: ChatKind, member: dict[str, Any], permissions: dict[str, Any] | None, may: bool
) -> None:
    assert may_post(kind, member, permissions) is may
