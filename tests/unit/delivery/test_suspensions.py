"""Events that free a chat that waits. Time is virtual."""

from bot.delivery.suspensions import Suspensions
from bot.telegram.circuit import FAULTS, Circuit

NOW = 1_766_576_760_000


class _Clock:
    now = 0.0


def _broken(clock: _Clock) -> Circuit:
    circuit = Circuit(lambda: clock.now)
    for _ in range(FAULTS):
        circuit.failed()
    return circuit


def test_a_flood_wait_is_kept_whatever_the_way_does() -> None:
    circuit = _broken(_Clock())
    suspensions = Suspensions(circuit)
    suspensions.suspend_until(1, NOW, by_outage=True)
    suspensions.suspend_until(1, NOW + 60_000)
    suspensions.suspend_until(2, NOW + 60_000, by_outage=True)
    circuit.got_through()
    assert suspensions.release(NOW) == ({2}, set())
    assert 1 in suspensions
    assert suspensions.release(NOW + 60_000) == ({1}, set())


def test_while_the_circuit_is_open_a_try_is_left_to_others_for_a_moment() -> None:
    clock = _Clock()
    circuit = _broken(clock)
    suspensions = Suspensions(circuit)
    suspensions.suspend_until(1, NOW, by_outage=True)
    suspensions.suspend_until(2, NOW)
    assert suspensions.release(NOW) == ({2}, set())
    clock.now = 1.1
    assert circuit.room() == 1
    assert suspensions.release(NOW) == (set(), set())
    clock.now = 1.6
    assert suspensions.release(NOW) == ({1}, set())


def test_where_others_get_through_its_own_pause_holds() -> None:
    circuit = Circuit(lambda: 0.0)
    suspensions = Suspensions(circuit)
    circuit.failed()
    suspensions.suspend_until(1, NOW + 300_000, by_outage=True)
    circuit.got_through()
    assert suspensions.release(NOW) == (set(), set()), "a chat that fails by itself is not tried at every success"
    assert suspensions.release(NOW + 300_000) == ({1}, set())


def test_what_is_uncertain_waits_for_its_clearing_alone() -> None:
    circuit = _broken(_Clock())
    suspensions = Suspensions(circuit)
    suspensions.suspend_until_settled(1)
    suspensions.suspend_until(1, NOW)
    suspensions.postpone_amendment(7)
    circuit.got_through()
    assert suspensions.release(NOW) == ({1}, {7})
    assert 1 in suspensions
    suspensions.settle(1)
    assert suspensions.release(NOW) == ({1}, set())
    assert 1 not in suspensions
