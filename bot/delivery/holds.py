"""Chats to which nothing is sent for now, and what frees them (no I/O). Instants are ms of the worker's clock."""

from bot.telegram.circuit import Circuit

STRANDED_SECONDS = 0.5
"""So long a try of the way is left to chats in which none has failed."""


class Holds:
    """Chats that wait: for an instant, for what is uncertain there to be cleared, or for the way to Telegram.

    What waits for the way is free when its own pause is over, as after any trouble, but not while the circuit is
    open: then it is free when the circuit closes, or where its next try finds no other chat.
    """

    def __init__(self, circuit: Circuit) -> None:
        self._circuit = circuit
        self._closings = circuit.closings
        self._until: dict[int, int] = {}
        self._unclear: set[int] = set()
        self._cleared: set[int] = set()
        self._stranded: set[int] = set()
        self._changes: set[int] = set()

    @property
    def chats(self) -> set[int]:
        """The chats that are held now."""
        return self._unclear | self._until.keys()

    @property
    def unclear(self) -> set[int]:
        """The chats in which something is uncertain."""
        return self._unclear

    def __contains__(self, chat_id: int) -> bool:
        return chat_id in self._unclear or chat_id in self._until

    def until_cleared(self, chat_id: int) -> None:
        """Hold a chat until what is uncertain there is cleared."""
        self._unclear.add(chat_id)

    def clear(self, chat_id: int) -> None:
        """Release a chat whose uncertain sends are settled: it is free at the next `released`."""
        self._cleared.add(chat_id)

    def until(self, chat_id: int, at: int, *, by_way: bool = False) -> None:
        """Hold a chat until that instant; `by_way`: the way was at fault, and nothing else."""
        self._until[chat_id] = at
        (self._stranded.add if by_way else self._stranded.discard)(chat_id)

    def shift(self, by: int) -> None:
        """Move all instants by so many milliseconds, as the clock was."""
        self._until = {chat_id: at + by for chat_id, at in self._until.items()}

    def change_for_the_way(self, message_id: int) -> None:
        """Record that a change of that message was put off, since the way was at fault."""
        self._changes.add(message_id)

    def released(self, now: int) -> tuple[set[int], set[int]]:
        """Free what need not wait any more; return the chats, and the messages whose changes need not either."""
        free, self._cleared = self._cleared, set()
        self._unclear -= free
        changes: set[int] = set()
        if self._closings != self._circuit.closings:
            self._closings = self._circuit.closings
            free, self._stranded = free | self._stranded, set()
            changes, self._changes = self._changes, set()
        kept = self._stranded if self._circuit.is_open else set()
        free |= {chat_id for chat_id, at in self._until.items() if at <= now and chat_id not in kept}
        if self._circuit.overdue(STRANDED_SECONDS):
            free |= self._stranded
        for chat_id in free:
            self._until.pop(chat_id, None)
        self._stranded -= free
        return free, changes

    def next_try(self, now: int) -> int | None:
        """Return when what waits for the way may be its try, None where nothing waits for that."""
        if not (self._stranded and self._circuit.is_open):
            return None
        return now + int((self._circuit.seconds_left() + STRANDED_SECONDS) * 1000)
