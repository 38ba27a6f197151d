"""Chats to which nothing is sent for now, and what ends each suspension (no I/O).

Instants are milliseconds of the worker's clock.
"""

from bot.telegram.circuit import Circuit

OUTAGE_TRY_SECONDS = 0.5
"""The seconds for which a try after an outage is left to chats in which no send has failed."""


class Suspensions:
    """Chats that are suspended until an instant, until uncertain sends are settled, or by an outage of Telegram.

    A chat that an outage suspended is released at its instant, but not while the circuit is open: then it is free
    when the circuit closes, or when its next try finds no other chat.
    """

    def __init__(self, circuit: Circuit) -> None:
        self._circuit = circuit
        self._closings = circuit.closings
        self._until: dict[int, int] = {}
        self._uncertain: set[int] = set()
        self._settled: set[int] = set()
        self._by_outage: set[int] = set()
        self._postponed_amendments: set[int] = set()

    @property
    def chats(self) -> set[int]:
        """The chats that are suspended now."""
        return self._uncertain | self._until.keys()

    @property
    def uncertain(self) -> set[int]:
        """The chats that have uncertain sends."""
        return self._uncertain

    def __contains__(self, chat_id: int) -> bool:
        return chat_id in self._uncertain or chat_id in self._until

    def suspend_until_settled(self, chat_id: int) -> None:
        """Suspend a chat until its uncertain sends are settled."""
        self._uncertain.add(chat_id)

    def settle(self, chat_id: int) -> None:
        """Record that a chat's uncertain sends are settled: the next `release` frees it."""
        self._settled.add(chat_id)

    def suspend_until(self, chat_id: int, at: int, *, by_outage: bool = False) -> None:
        """Suspend a chat until an instant; `by_outage` says that only an outage of Telegram was the cause."""
        self._until[chat_id] = at
        (self._by_outage.add if by_outage else self._by_outage.discard)(chat_id)

    def shift(self, by: int) -> None:
        """Move all instants by so many milliseconds, as the clock was."""
        self._until = {chat_id: at + by for chat_id, at in self._until.items()}

    def postpone_amendment(self, message_id: int) -> None:
        """Record that the amendment of a message was postponed because of an outage."""
        self._postponed_amendments.add(message_id)

    def release(self, now: int) -> tuple[set[int], set[int]]:
        """Release the chats whose suspension is over; return them, and the messages to amend again."""
        free, self._settled = self._settled, set()
        self._uncertain -= free
        amendments: set[int] = set()
        if self._closings != self._circuit.closings:
            self._closings = self._circuit.closings
            free, self._by_outage = free | self._by_outage, set()
            amendments, self._postponed_amendments = self._postponed_amendments, set()
        still_suspended = self._by_outage if self._circuit.is_open else set()
        free |= {chat_id for chat_id, at in self._until.items() if at <= now and chat_id not in still_suspended}
        if self._circuit.overdue(OUTAGE_TRY_SECONDS):
            free |= self._by_outage
        for chat_id in free:
            self._until.pop(chat_id, None)
        self._by_outage -= free
        return free, amendments

    def next_try(self, now: int) -> int | None:
        """Return when a chat that an outage suspended may be the circuit's try, None where none waits for it."""
        if not (self._by_outage and self._circuit.is_open):
            return None
        return now + int((self._circuit.seconds_left() + OUTAGE_TRY_SECONDS) * 1000)
