"""The circuit breaker's table: what happened, and how many sends may start then. Time is virtual."""

import sys

import pytest

from bot.telegram.circuit import FAULTS, HINTED_PAUSE, PAUSES, Circuit

_ALL = sys.maxsize


class _Way:
    """A circuit whose clock is moved by hand."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.circuit = Circuit(lambda: self.now)
        self.closed = 0
        self.circuit.on_closed.append(self._note)

    def _note(self) -> None:
        self.closed += 1

    def do(self, events: str) -> None:
        """f: a fault, t: a send got through, h: something else did, s: a send starts, a digit: seconds pass."""
        for event in events:
            match event:
                case "f":
                    self.circuit.failed()
                case "t":
                    self.circuit.got_through()
                case "h":
                    self.circuit.hinted()
                case "s":
                    self.circuit.started()
                case _:
                    self.now += float(event)


@pytest.mark.parametrize(
    ("events", "room", "closed"),
    [
        ("", _ALL, 0),
        ("ff", _ALL, 0),  # one chat's own trouble, perhaps
        ("fftff", _ALL, 0),  # others get through between
        ("fff", 0, 0),
        ("fff1", 1, 0),  # one try finds out
        ("fff1s", 0, 0),  # and no second one beside it
        ("fff1sf", 0, 0),
        ("fff1sf1", 0, 0),  # the pause grows
        ("fff1sf2", 1, 0),
        ("fff1st", _ALL, 1),
        ("fffff1", 1, 0),  # what was under way when it opened makes no pause longer
        ("ffft", _ALL, 1),  # whoever gets through closes it: an answer to a reader, too
        ("fffhhh", 0, 0),
        ("fff1sf2sf4sf8sf3", 0, 0),
        ("fff1sf2sf4sf8sfh3", 1, 0),  # getUpdates is answered: the next try comes soon
        ("hhhff", _ALL, 0),
        ("fffth", _ALL, 1),
        ("fff1stfff", 0, 1),
        ("fff1stfff1", 1, 1),  # and the pauses begin anew
    ],
)
def test_so_many_sends_may_start(events: str, room: int, closed: int) -> None:
    way = _Way()
    way.do(events)
    assert (way.circuit.room(), way.closed, way.circuit.closings) == (room, closed, closed)


def test_pauses_grow_to_their_longest_and_a_hint_makes_them_no_shorter_than_its_own() -> None:
    way, pauses = _Way(), []
    way.do("fff")
    for _ in range(len(PAUSES) + 2):
        pauses.append(way.circuit.seconds_left())
        way.now += way.circuit.seconds_left()
        way.do("sf")
    assert pauses == [*PAUSES, PAUSES[-1], PAUSES[-1]]
    way.do("h")
    assert way.circuit.seconds_left() == HINTED_PAUSE


def test_a_try_of_which_nothing_is_heard_is_followed_by_another() -> None:
    way = _Way()
    way.do("f" * FAULTS + "1s")
    way.now += 30
    assert way.circuit.room() == 1
