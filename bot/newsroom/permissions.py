"""The rights of each role in the newsroom, in one table (pure)."""

from enum import StrEnum

from storage.records import Article, ArticleState, CardKind, Role


class Right(StrEnum):
    """A permission for one kind of act."""

    HOME = "home"  # open the newsroom's home, as everybody of the newsroom may
    WRITE = "write"  # make drafts, import, see and edit the own ones
    EDIT = "edit"  # see and edit everybody's
    PUBLISH = "publish"
    SOURCES = "sources"
    PROXIES = "proxies"  # name the proxy of a source, which may stand in a private network
    OUTBOX = "outbox"  # see what was not delivered, and decide about it
    CHANNELS = "channels"  # see all chats and their panels
    APPROVE_CHATS = "approve_chats"
    STAFF = "staff"  # invite, list and remove people
    PAUSE = "pause"
    MODERATE = "moderate"
    STATS = "stats"
    AUDIT = "audit"  # read who did what
    ANNOUNCE = "announce"  # write to everybody at once


_AUTHOR = frozenset({Right.HOME, Right.WRITE})
_EDITOR = _AUTHOR | {
    Right.EDIT,
    Right.PUBLISH,
    Right.OUTBOX,
    Right.SOURCES,
    Right.CHANNELS,
    Right.MODERATE,
    Right.STATS,
    Right.AUDIT,
    Right.ANNOUNCE,
}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.EDITOR: _EDITOR,
    Role.AUTHOR: _AUTHOR,
    Role.MODERATOR: frozenset({Right.HOME, Right.MODERATE}),
}
"""The rights of each role."""

CARD_RIGHTS = {
    CardKind.REVIEW: Right.PUBLISH,
    CardKind.COMMENT: Right.MODERATE,
    CardKind.TIP: Right.EDIT,
    CardKind.GATE: Right.PUBLISH,
    CardKind.CHAT: Right.APPROVE_CHATS,
    CardKind.PUBLICATION: Right.PUBLISH,
    CardKind.CHANGE: Right.PUBLISH,
    CardKind.ANNOUNCEMENT: Right.ANNOUNCE,
}
"""The right to decide about the subjects of each kind of card, and so to see it."""


def is_second_pair(actor_id: int | None, *, author_id: int | None, last_editor_id: int | None) -> bool:
    """Return whether an actor (None: the newsroom itself) neither wrote the text nor had the last hand in it."""
    return actor_id is None or actor_id not in (author_id, last_editor_id)


def right_to_work_on(article: Article, actor_id: int | None) -> Right:
    """Return the right to change an article: what is approved, or somebody else's, only editors change."""
    approved = article.state in (ArticleState.SCHEDULED, ArticleState.PUBLISHED)
    return Right.WRITE if article.author_id == actor_id and not approved else Right.EDIT


def may_invite(role: Role | None, invited: Role) -> bool:
    """Return whether somebody of a role may give another role: never more than their own."""
    return role is not None and may(role, Right.STAFF) and RIGHTS[invited] <= RIGHTS[role]


def may(role: Role | None, right: Right) -> bool:
    """Return whether somebody of that role (None: no member of staff) has the right."""
    return role is not None and right in RIGHTS[role]
