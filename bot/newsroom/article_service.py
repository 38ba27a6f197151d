"""The foundation of the services that act on articles."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from bot.clock import Clock
from bot.newsroom.acting import acting
from bot.newsroom.permissions import Right
from storage.engine.connection import Connection
from storage.engine.database import Database


class ArticleService:
    """The database, the clock and the call that wakes the delivery, for acts on articles.

    `wake` is called after each change that begins a fan-out. `review_required` is REVIEW_REQUIRED: nobody
    publishes what they wrote or edited last.
    """

    def __init__(
        self, database: Database, clock: Clock, wake: Callable[[], None], *, review_required: bool = False
    ) -> None:
        self._database = database
        self._clock = clock
        self._wake = wake
        self.review_required = review_required

    def _acting(self, actor_id: int | None, right: Right) -> AbstractAsyncContextManager[Connection]:
        """One transaction for an act that needs a right, as of `acting`."""
        return acting(self._database, actor_id, right)
