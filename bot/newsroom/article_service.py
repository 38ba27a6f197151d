"""The foundation of the services that act on articles."""

from collections.abc import Callable

from bot.clock import Clock
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
