"""Permissions: the whole table, cell by cell."""

import pytest

from bot.newsroom.permissions import Right, may
from storage.records import Role

#                       owner  editor author moderator
_TABLE: dict[Right, tuple[bool, bool, bool, bool]] = {
    Right.WRITE: (True, True, True, False),
    Right.EDIT: (True, True, False, False),
    Right.PUBLISH: (True, True, False, False),
    Right.SOURCES: (True, True, False, False),
    Right.OUTBOX: (True, True, False, False),
    Right.CHANNELS: (True, True, False, False),
    Right.APPROVE_CHATS: (True, False, False, False),
    Right.STAFF: (True, False, False, False),
    Right.PAUSE: (True, False, False, False),
    Right.MODERATE: (True, True, False, True),
    Right.STATS: (True, True, False, False),
    Right.AUDIT: (True, True, False, False),
    Right.ANNOUNCE: (True, True, False, False),
    Right.HOME: (True, True, True, True),
    Right.PROXIES: (True, False, False, False),
}
_ROLES = (Role.OWNER, Role.EDITOR, Role.AUTHOR, Role.MODERATOR)


def test_the_table_is_whole() -> None:
    assert set(_TABLE) == set(Right)
    assert set(_ROLES) == set(Role)


@pytest.mark.parametrize("right", Right)
def test_each_role_has_just_its_rights(right: Right) -> None:
    assert tuple(may(role, right) for role in _ROLES) == _TABLE[right]
    assert not may(None, right)
