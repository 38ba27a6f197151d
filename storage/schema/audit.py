"""The table of the audit, whose rows never change."""

from sqlalchemy import DDL, BigInteger, Column, Integer, String, Table, event, literal_column

from storage.schema.base import RowId, instant_column, metadata, partial_index, text_column

audit = Table(
    "audit",
    metadata,
    Column("id", RowId, primary_key=True),
    instant_column("at"),
    Column("actor_id", BigInteger, nullable=False),
    Column("action", String(32), nullable=False),
    Column("article_id", BigInteger, index=True),
    Column("revision", Integer),
    text_column("detail"),
)

BY_STAFF = audit.c.actor_id != literal_column("-1")
"""All but the acts of sources (storage.audit.SOURCE), which do most."""
partial_index("ix_audit_staff", audit.c.id, where=BY_STAFF)

_NEVER_CHANGED = "the audit is never changed"

SQLITE_TRIGGERS = tuple(
    f"CREATE TRIGGER audit_no_{act.lower()} BEFORE {act} ON audit "
    f"BEGIN SELECT RAISE(ABORT, '{_NEVER_CHANGED}'); END"
    for act in ("UPDATE", "DELETE")
)
"""The triggers of a SQLite database of Peyk, as it stores them: there are no others."""

for _trigger in SQLITE_TRIGGERS:
    _on_sqlite = DDL(_trigger).execute_if(dialect="sqlite")  # type: ignore[no-untyped-call]
    event.listen(audit, "after_create", _on_sqlite)

for _statement in (
    "CREATE FUNCTION audit_is_final() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{_NEVER_CHANGED}'; END $$",
    "CREATE TRIGGER audit_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_final()",
):
    _on_postgresql = DDL(_statement).execute_if(dialect="postgresql")  # type: ignore[no-untyped-call]
    event.listen(audit, "after_create", _on_postgresql)
