"""What waits follows a schedule that was changed."""

from collections import defaultdict

from bot.clock import Clock
from bot.delivery.fanout import slot_of
from bot.delivery.timing import Due
from storage import waiting
from storage.chats import RANKS
from storage.connection import Connection
from storage.fanouts import Target
from storage.records import Chat, ChatKind, FanOutKind


class Retiming:
    """Gives what waits in a chat the time that it would have if it had been published now."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def follow(self, tx: Connection, chat: Chat) -> None:
        """Let what waits for the schedule and the quiet hours of a chat wait for those that it has by now."""
        now = self._clock()
        times: defaultdict[Due, list[int]] = defaultdict(list)
        rank, rush = RANKS[chat.kind], chat.breaking_passes_quiet
        target = Target(chat.id, 0, rank, chat.schedule, chat.quiet, chat.timezone, rush)
        for one in await waiting.for_schedule(tx, chat.id):
            due = slot_of(target, one.kind, now=now)
            # What was held back comes together, but in channels, where what is instant comes by itself.
            together = one.kind is FanOutKind.HEADLINE and chat.kind is not ChatKind.CHANNEL
            times[Due(due.at, fold=due.fold or together)].append(one.id)
        for due, ids in times.items():
            await waiting.put_off(tx, ids, due_at=due.at, fold=due.fold, now=now)
