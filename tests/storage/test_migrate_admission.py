"""The migration that splits a chat's state: what owners decided is kept, also where a chat got round it."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from storage import chats
from storage.engine.database import Database
from storage.engine.migrate import migrate
from storage.records import Admission, Chat
from tests.storage.conftest import Addresses

_SCRIPTS = Path(__file__).parents[2] / "storage" / "migrations"
_CHAT = text(
    "INSERT INTO chat (id, kind, rank, state, schedule, created_at, added_by) "
    "VALUES (:id, :kind, :rank, :state, 'instant', 0, :added_by)"
)
_AUDIT = text("INSERT INTO audit (at, actor_id, action, detail) VALUES (:at, 1, :action, :detail)")
_OWNER, _READER = 1, 2


def _old_schema(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    command.upgrade(config, "0005")


async def _migrated(
    database: Database, state: str, *, kind: str = "channel", added_by: int = _READER, evidence: str = ""
) -> Chat:
    """Make a database of before with one chat, migrate it and return the chat."""
    async with database.write() as tx:
        await tx.run(_old_schema)
        rank = 2 if kind == "private" else 0
        chat = {"id": -100, "kind": kind, "rank": rank, "state": state, "added_by": added_by}
        await tx.execute(_CHAT, chat)
        await tx.execute(text("INSERT INTO staff (user_id, role, added_at) VALUES (1, 'owner', 0)"))
        await tx.execute(text("INSERT INTO category (id, slug, name_fa, name_en) VALUES (1, 'a', 'a', 'a')"))
        match evidence.split(","):
            case ["sent"]:
                await tx.execute(
                    text(
                        "INSERT INTO article (id, state, category_id, revision, language, published_at, "
                        "created_at, updated_at) VALUES (1, 'published', 1, 1, 'fa', 0, 0, 0)"
                    )
                )
                await tx.execute(
                    text(
                        "INSERT INTO delivery (chat_id, article_id, kind, priority, state, due_at, created_at) "
                        "VALUES (-100, 1, 'headline', 30, 'sent', 0, 0)"
                    )
                )
            case ["follows"]:
                await tx.execute(text("INSERT INTO subscription (chat_id, category_id, since) VALUES (-100, 1, 0)"))
            case [""]:
                pass
            case acts:
                for place, act in enumerate(acts):
                    detail = "کانال (-7) (-100)" if place else "-100"
                    await tx.execute(_AUDIT, {"at": place, "action": act, "detail": detail})
    await migrate(database)
    async with database.read() as connection:
        migrated = await chats.get(connection, -100)
    assert migrated is not None
    return migrated


@pytest.mark.parametrize(
    ("state", "known", "admission", "lost"),
    [
        ("active", {}, Admission.ADMITTED, False),
        ("pending", {}, Admission.WAITING, False),
        ("denied", {}, Admission.DENIED, False),
        ("inactive", {"kind": "private"}, Admission.ADMITTED, True),
        ("inactive", {}, Admission.WAITING, True),
        ("inactive", {"evidence": "sent"}, Admission.ADMITTED, True),
        ("inactive", {"added_by": _OWNER}, Admission.ADMITTED, True),
        # Whoever brought the bot could choose that while the chat waited.
        ("inactive", {"evidence": "follows"}, Admission.WAITING, True),
        ("inactive", {"evidence": "approve_chat"}, Admission.ADMITTED, True),
        ("inactive", {"evidence": "deny_chat"}, Admission.DENIED, True),
        ("inactive", {"evidence": "deny_chat,approve_chat"}, Admission.ADMITTED, True),
        # It was denied and has let itself in by a removal and a return.
        ("active", {"evidence": "deny_chat"}, Admission.DENIED, False),
    ],
)
async def test_a_chats_state_is_carried_over(
    kind: str, addresses: Addresses, state: str, known: dict[str, str], admission: Admission, lost: bool
) -> None:
    async with addresses(kind, empty=True) as url:
        database = Database(url)
        await database.open()
        try:
            chat = await _migrated(database, state, **known)  # type: ignore[arg-type]
        finally:
            await database.close()
    assert (chat.admission, chat.lost_at is not None) == (admission, lost)
    decided = "chat" in known.get("evidence", "") or state == "denied"
    assert (chat.decided_at is not None) is decided
