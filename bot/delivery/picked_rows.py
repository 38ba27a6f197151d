"""The rows that a worker picked to start now, and those that stand in where others were faster (pure)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from storage.amendments import DueAmendment
from storage.outbox import ReadyDelivery


@dataclass(frozen=True, slots=True)
class PickedRows:
    """The rows that may start now, one for each chat; `spare` ones stand in for headlines that others have."""

    changes: Sequence[DueAmendment] = ()
    headlines: Sequence[ReadyDelivery] = ()
    spare: Sequence[ReadyDelivery] = ()
    is_paid: bool = False

    @property
    def own_chats(self) -> list[int]:
        """The chats of all but the spare ones."""
        return [*(change.chat_id for change in self.changes), *(headline.chat_id for headline in self.headlines)]

    @property
    def chats(self) -> list[int]:
        """The chats of all."""
        return [*self.own_chats, *(headline.chat_id for headline in self.spare)]

    def without(self, chats: Collection[int]) -> "PickedRows":
        """Return the same without what goes to some chats."""
        return PickedRows(
            [change for change in self.changes if change.chat_id not in chats],
            [headline for headline in self.headlines if headline.chat_id not in chats],
            [headline for headline in self.spare if headline.chat_id not in chats],
            self.is_paid,
        )

    def spent_spare(self, busy: Collection[int]) -> Sequence[ReadyDelivery]:
        """Return the spare ones that do not wait any more: claimed, so that their chat is busy, or taken by others.

        They were tried in their order until there was one for each headline.
        """
        claimed = [place for place, headline in enumerate(self.spare, 1) if headline.chat_id in busy]
        started = sum(headline.chat_id in busy for headline in self.headlines) + len(claimed)
        return self.spare if started < len(self.headlines) else self.spare[: max(claimed, default=0)]
