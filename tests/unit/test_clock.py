"""A clock that is set: what is believed of it, and when."""

import pytest

from bot.clock import Jump, Stage, SteadyClock, elapsed_ms, now_ms

NOW = 1_766_576_760_000
HELD = 180_000
DAY = 24 * 3600 * 1000


class _Machine:
    """A machine whose wall clock is set by hand; both of its clocks go on together."""

    def __init__(self) -> None:
        self.wall = NOW
        self.elapsed = 5_000
        self.clock = SteadyClock(lambda: self.wall, lambda: self.elapsed, held=HELD)

    def go(self, ms: int) -> Jump | None:
        """Let time go by, and compare."""
        self.wall += ms
        self.elapsed += ms
        return self.clock.compare(self.wall)


@pytest.mark.parametrize("by", [-600_000, -DAY, DAY, 366 * DAY])
def test_a_jump_is_seen_at_once_and_believed_once_it_has_held(by: int) -> None:
    machine = _Machine()
    machine.wall += by
    assert machine.go(1_000) == Jump(by, Stage.SEEN)
    assert machine.go(HELD - 1_000) is None
    assert machine.clock() == NOW + HELD
    jump = machine.go(1_000)
    assert jump == machine.go(0) == Jump(by, Stage.HELD)
    assert jump is not None
    machine.clock.accept(jump)
    assert machine.clock() == machine.wall
    assert machine.go(1_000) is None


def test_there_and_back_changes_nothing() -> None:
    machine = _Machine()
    machine.wall += DAY
    assert machine.go(0) == Jump(DAY, Stage.SEEN)
    machine.wall -= DAY
    assert machine.go(60_000) == Jump(DAY, Stage.OVER)
    assert machine.clock() == NOW + 60_000
    assert machine.go(HELD) is None


def test_a_clock_that_is_set_again_has_to_hold_again() -> None:
    machine = _Machine()
    machine.wall += DAY
    machine.go(0)
    machine.go(HELD - 1_000)
    machine.wall -= 600_000
    assert machine.go(0) == Jump(DAY - 600_000, Stage.SEEN)
    assert machine.go(HELD - 1_000) is None


def test_small_corrections_are_followed() -> None:
    machine = _Machine()
    for _ in range(100):
        machine.wall += 1_500
        assert machine.go(1_000) is None
    assert machine.clock() == machine.wall == NOW + 250_000


def test_a_jump_forward_ends_no_lease_of_another_process() -> None:
    machine = _Machine()
    lease_until = machine.clock() + HELD + 20_000
    machine.wall += DAY
    machine.go(0)
    machine.go(HELD)
    machine.clock.accept(Jump(DAY, Stage.HELD))
    assert machine.clock() > lease_until > machine.clock.for_leases()
    machine.go(20_001)
    assert machine.clock.for_leases() > lease_until
    machine.go(HELD)
    assert machine.clock.for_leases() == machine.clock()


def test_the_machine_itself_has_both_clocks() -> None:
    clock = SteadyClock()
    assert abs(clock() - now_ms()) < 1_000
    assert elapsed_ms() <= elapsed_ms()
