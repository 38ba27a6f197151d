"""New times for pending deliveries after a schedule changed."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from bot.clock import Clock
from bot.delivery.fanout import slots_of
from bot.delivery.keyword_matching import Chunk, Matcher
from bot.delivery.lanes import lane_of
from bot.delivery.timing import DueTime
from persian.schedule import Schedule
from storage import articles, chats, pending_deliveries, subscriptions
from storage.chats import RANKS
from storage.engine.database import Database
from storage.fanouts import Target
from storage.pending_deliveries import PendingDelivery
from storage.records import Article, Chat, ChatKind, FanOutKind, Lane, Subscription
from storage.subscription_matching import NOTHING_MORE, Subjects, matches

_AT_ONCE = 200


class Rescheduler:
    """Moves a chat's pending deliveries to the times that they would get if they were published now."""

    def __init__(self, database: Database, clock: Clock, wake: Callable[[], None]) -> None:
        self._database = database
        self._clock = clock
        self._wake = wake

    async def follow(self, chat_id: int) -> None:
        """Reschedule the pending deliveries of a chat by its present schedules and quiet hours.

        What is due already is held back where it would wait now; what has been tried stays as it is.
        """
        await self._follow(chat_id, None)

    async def follow_clock(self, chat_id: int) -> None:
        """Move a chat's scheduled deliveries to the next times of its schedules by the present clock."""
        await self._follow(chat_id, self._clock())

    async def _follow(self, chat_id: int, due_after: int | None) -> None:
        after_id = 0
        while True:
            async with self._database.read() as connection:
                chat = await chats.get(connection, chat_id)
                pending = await pending_deliveries.of_chat(
                    connection, chat_id, after_id=after_id, limit=_AT_ONCE, due_after=due_after
                )
                followed = await subscriptions.of_chat(connection, chat_id)
                # Where nothing has a schedule of its own, the chat's tells alone.
                own = any(subscription.schedule for subscription in followed)
                about = (
                    await articles.get_many(connection, list({delivery.article_id for delivery in pending}))
                    if own
                    else []
                )
            if chat is None or not pending:
                return
            subjects_of = {
                article.id: (article.category.id, await _subjects(article, followed)) for article in about
            }
            await self._move(chat, pending, followed, subjects_of)
            self._wake()
            after_id = pending[-1].id

    async def _move(
        self,
        chat: Chat,
        pending: Sequence[PendingDelivery],
        followed: Sequence[Subscription],
        subjects_of: dict[int, tuple[int, Subjects]],
    ) -> None:
        now = self._clock()
        times: defaultdict[tuple[DueTime, Lane], list[int]] = defaultdict(list)
        for delivery in pending:
            category_id, subjects = subjects_of.get(delivery.article_id, (0, NOTHING_MORE))
            schedules = [
                subscription.schedule or chat.schedule
                for subscription in followed
                if subscription.topic_id == delivery.topic_id
                and not subscription.breaking_only
                and matches(subscription, category_id, subjects)
            ]
            if place := _place(delivery, chat, schedules or [chat.schedule], now):
                times[place].append(delivery.id)
        async with self._database.write() as tx:
            for (due, lane), ids in times.items():
                await pending_deliveries.move(
                    tx, ids, due_at=due.at, fold=due.fold, lane=lane, rank=RANKS[chat.kind], now=now
                )


def _place(
    delivery: PendingDelivery, chat: Chat, schedules: Sequence[Schedule], now: int
) -> tuple[DueTime, Lane] | None:
    """Return when a delivery would be due if it were published now, and its lane; None for a malformed row."""
    targets = [
        Target(
            chat.id,
            delivery.topic_id,
            RANKS[chat.kind],
            schedule=schedule,
            quiet=chat.quiet,
            timezone=chat.timezone,
            breaking_passes_quiet=chat.breaking_passes_quiet,
        )
        for schedule in schedules
    ]
    slot = slots_of(targets, delivery.kind, now=now)[0]
    if slot.refusal:
        return None  # the claim refuses it
    # What was held back comes together, but in channels, where what is instant comes by itself.
    together = delivery.kind is FanOutKind.HEADLINE and chat.kind is not ChatKind.CHANNEL
    return DueTime(slot.due_at, fold=slot.fold or together), lane_of(delivery.kind, fold=slot.fold)


async def _subjects(article: Article, followed: Sequence[Subscription]) -> Subjects:
    words = {(subscription.kind, subscription.subject) for subscription in followed}
    return await Chunk(None, Matcher((article.id, article.revision), article), words).subjects()
