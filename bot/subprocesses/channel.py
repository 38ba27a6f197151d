"""The socket between the bot and a side process: messages, each behind its length in four bytes."""

import socket
import time

_LENGTH = 4
_READ_AT_ONCE = 1 << 18


class TooLargeError(Exception):
    """A message is announced that is larger than the receiver takes."""


class Channel:
    """One end of the socket. It trusts the other end with nothing: a message has a largest size and a deadline.

    `send` and `receive` raise OSError where the socket is broken, TimeoutError where it takes too long.
    """

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    def close(self) -> None:
        """Hang up."""
        self._end.close()

    def is_ready(self) -> bool:
        """Return whether anything can be read, be it that the other end has hung up."""
        self._end.setblocking(False)
        try:
            self._end.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True

    def send(self, message: bytes, seconds: float | None = None) -> None:
        """Send a message, for `seconds` at most (None: as long as it takes)."""
        self._end.settimeout(seconds)
        self._end.sendall(len(message).to_bytes(_LENGTH))
        self._end.sendall(message)

    def receive(self, largest: int, seconds: float | None = None) -> bytes:
        """Return the next message, of at most `largest` bytes, all of it within `seconds` (None: in any time).

        Raises EOFError where the other end has hung up, and TooLargeError.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        length = int.from_bytes(self._read(_LENGTH, deadline))
        if length > largest:
            raise TooLargeError(f"{length} bytes are announced, {largest} are the most")
        return self._read(length, deadline)

    def _read(self, length: int, deadline: float | None) -> bytes:
        # What was only announced takes no memory.
        read = bytearray()
        while len(read) < length:
            self._end.settimeout(None if deadline is None else max(deadline - time.monotonic(), 0.001))
            piece = self._end.recv(min(length - len(read), _READ_AT_ONCE))
            if not piece:
                raise EOFError
            read += piece
        return bytes(read)
