"""Entries of the audit."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act of staff, or of a source. Never changed once written.

    `actor_id` is a person's, or one of storage.audit's two names for who is none. `revision` is the one of the
    article that the act made, None where it made none.
    """

    id: int
    at: int
    actor_id: int
    action: str
    article_id: int | None
    revision: int | None
    detail: str
