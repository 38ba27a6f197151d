"""Connections that may stay where there is no place for all."""

import pytest

from bot.file_limit import connections_within
from bot.web.admission import ConnectionAdmission, client_of


class _Connection:
    dropped = False

    def drop(self, reason: str) -> None:
        self.dropped = True


def _crowd(admission: ConnectionAdmission, number: int, client: str) -> list[_Connection]:
    crowd = [_Connection() for _ in range(number)]
    for connection in crowd:
        assert admission.admit(connection, client)
    return crowd


def test_the_one_that_waited_longest_makes_room() -> None:
    admission = ConnectionAdmission(64)
    crowd = _crowd(admission, 64, "a")
    admission.waits(crowd[0])
    admission.works(crowd[1])
    _crowd(admission, 2, "b")
    assert [connection.dropped for connection in crowd[:4]] == [True, False, True, False]
    assert len(admission) == 64


def test_a_client_with_too_many_loses_its_own() -> None:
    admission = ConnectionAdmission(400)
    others = _crowd(admission, 50, "b")
    crowd = _crowd(admission, 300, "a")
    assert sum(connection.dropped for connection in crowd) == 200
    assert not any(other.dropped for other in others)


def test_nothing_under_way_is_ended_for_another() -> None:
    admission = ConnectionAdmission(64)
    crowd = _crowd(admission, 64, "a")
    for connection in crowd:
        admission.works(connection)
    assert not admission.admit(_Connection(), "b")
    admission.leave(crowd[0])
    admission.leave(crowd[0])
    assert admission.admit(_Connection(), "b")
    assert not any(connection.dropped for connection in crowd)


@pytest.mark.parametrize(
    ("peer", "client"),
    [
        (("203.0.113.7", 40000), "203.0.113.7"),
        (("::ffff:203.0.113.7", 40000, 0, 0), "203.0.113.7"),
        (("2001:db8:1:2:3:4:5:6", 40000, 0, 0), "2001:db8:1:2::/64"),
        (("fe80::1%eth0", 40000, 0, 2), "fe80::/64"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_client_is_an_address_or_a_network_of_one_site(peer: object, client: str) -> None:
    assert client_of(peer) == client


def test_other_work_keeps_its_files() -> None:
    for files in (0, 256, 1024, 4096, 1 << 20):
        connections = connections_within(files)
        assert connections >= 16
        assert files < 1000 or files - connections >= 600
