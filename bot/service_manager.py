"""Notifications to the service manager: that Peyk is ready, that its event loop is alive, that it stops.

The protocol is that of systemd, https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html: datagrams
to the socket that NOTIFY_SOCKET names. Where nobody listens, nothing is said.
"""

import asyncio
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass

import structlog

_BEATS = 3
"""The number of signs of life within the time after which the manager takes the process for dead."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ServiceManager:
    """A service manager; `address` is its socket, `patience` the seconds after which it misses the loop."""

    address: str = ""
    patience: float | None = None

    @classmethod
    def of(cls, environment: Mapping[str, str], process: int | None = None) -> "ServiceManager":
        """Return the manager that `environment` names for the process of that id, by default this one."""
        microseconds = environment.get("WATCHDOG_USEC", "")
        meant = environment.get("WATCHDOG_PID") or str(process or os.getpid())
        watches = microseconds.isdigit() and int(microseconds) > 0 and meant == str(process or os.getpid())
        return cls(environment.get("NOTIFY_SOCKET", ""), int(microseconds) / 1_000_000 if watches else None)

    def notify(self, *states: str) -> None:
        """Send states such as READY=1. Errors are only logged: the app runs without its manager, too."""
        if not self.address:
            return
        # A socket of the abstract namespace is written with "@" in place of NUL.
        address = f"\0{self.address[1:]}" if self.address.startswith("@") else self.address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as speaker:
                speaker.sendto("\n".join(states).encode(), address)
        except OSError as error:
            _log.warning("service_manager_not_told", states=states, reason=str(error))

    async def notify_watchdog(self) -> None:
        """Send WATCHDOG=1 from the event loop at intervals. Return at once where no watchdog is set."""
        while self.address and self.patience is not None:
            self.notify("WATCHDOG=1")
            await asyncio.sleep(self.patience / _BEATS)
