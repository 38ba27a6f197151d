"""Grants: what a person has begun or allowed by a right of the newsroom, and nobody has used yet."""

from bot.newsroom import scheduling
from bot.newsroom.permissions import RIGHTS, Right
from storage import audit, cards, dialogues, edit_locks, notices, scheduled, staff
from storage.audit_details import AuditAction, RoleDetails
from storage.engine.connection import Connection
from storage.records import Role, StaffMember

FOR_EVERYBODY = (
    "chat-found",
    "chat-lost",
    "comment-approved",
    "comment-rejected",
    "pin-refused",
    "role-changed",
    "staff-removed",
    "tip-published",
    "tip-told-declined",
    "tip-told-read",
    "tip-told-used",
    "topic-lost",
    "visible-ask",
)
"""Keys of the notices that people get who have no role in the newsroom. Any other is for its members alone."""


async def revoke(tx: Connection, member: StaffMember, left: Role | None, *, actor_id: int, now: int) -> None:
    """End the unused grants of the rights that a member loses with the role `left` (None: no role).

    `actor_id` is who takes the role, for the audit. Everything that a right grants for later ends here: what is
    added to the newsroom and outlives the act of a person (a token, say) has its line in this function.
    """
    lost = RIGHTS[member.role] - (RIGHTS[left] if left is not None else frozenset())
    if not lost:
        return
    user_id = member.user_id
    await cards.drop_chat(tx, user_id)
    await dialogues.end_all(tx, user_id)
    await edit_locks.release_all(tx, user_id)
    await notices.delete_for(tx, user_id, but=FOR_EVERYBODY)
    if Right.STAFF in lost:
        for revoked in await staff.revoke_invitations(tx, user_id, now=now):
            await audit.record(tx, actor_id, AuditAction.UNINVITE, now=now, details=RoleDetails(revoked.role))
    if Right.PUBLISH in lost:
        for article in await scheduled.scheduled_by(tx, user_id):
            await scheduling.end_schedule(tx, article, actor_id=actor_id, now=now)
    if left is None:
        await staff.bar(tx, user_id, now=now)
