"""The base of every state machine of storage: one database, acts in transactions, a clean slate each time."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test
from sqlalchemy import text

from storage import categories
from storage.engine.connection import Connection
from storage.schema import audit, category, metadata
from tests.storage.conftest import OpenedDatabase

T = TypeVar("T")

NOW = 1_766_576_760_000

instants = st.integers(NOW, NOW + 4)
people = st.integers(1, 3)
titles = st.lists(st.sampled_from(["نفت", "ایران", "بازار", "نفت‌ایران", "x"]), min_size=1, max_size=4).map(" ".join)


class StorageMachine(RuleBasedStateMachine):
    """Each rule of a machine does one act and expects of it what the machine's model says."""

    opened_database: OpenedDatabase

    def __init__(self) -> None:
        super().__init__()
        self.sections = self.see(categories.all_)

    def do(self, act: Callable[[Connection], Awaitable[T]]) -> T:
        """Do the act in a write transaction of its own."""

        async def write() -> T:
            async with self.opened_database.database.write() as tx:
                return await act(tx)

        return self.opened_database.run(write())

    def see(self, look: Callable[[Connection], Awaitable[T]]) -> T:
        """Look at the database as it is now."""

        async def read() -> T:
            async with self.opened_database.database.read() as connection:
                return await look(connection)

        return self.opened_database.run(read())

    def check(self) -> None:
        """Hold the whole database against the model."""
        raise NotImplementedError

    def teardown(self) -> None:
        """See whether all that was done came to what the model says, and leave the database as a new one is."""
        try:
            self.check()
        finally:
            self.do(_clear)


async def _clear(tx: Connection) -> None:
    for table in reversed(metadata.sorted_tables):
        if table not in (category, audit):  # nothing is written to the audit here, and nothing could be taken out
            await tx.execute(table.delete())
    await tx.execute(text("DELETE FROM article_search"))


def run(machine: type[StorageMachine], opened_database: OpenedDatabase, *, examples: int = 25) -> None:
    """Try the machine; a failure prints what brings it back, at its full length: to shorten it takes minutes."""
    machine.opened_database = opened_database
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=20,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            print_blob=True,
        ),
    )
