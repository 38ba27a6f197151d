"""A side process that was taken over: instead of an answer it says whatever its request names."""

import os
import pickle
import signal
import socket
import sys
import time
from pathlib import Path

from bot.subprocesses.channel import Channel
from bot.subprocesses.job import decode_arguments, encode_result, job_asked_for
from bot.subprocesses.server import LARGEST_REQUEST, READY
from tests.unit.subprocesses.jobs import SAY, Echo, Trick


class _RunsCode:
    """An object that runs code in whoever unpickles it."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Path.touch, (Path(self._path),)


def _framed(message: bytes) -> bytes:
    return len(message).to_bytes(4) + message


_UNREADABLE = {
    Trick.GARBAGE: bytes(range(256)),
    Trick.EMPTY: b"",
    Trick.OTHER_TYPE: encode_result({"text": 5, "number": "six"}),
    Trick.DEEP: b"\x92\xa4done" + b"\x91" * 1_000_000,
}


def _says(trick: Trick, path: str) -> bytes:
    code = pickle.dumps((True, _RunsCode(path)))
    match trick:
        case Trick.PICKLE:
            return _framed(code)
        case Trick.PICKLE_IN_A_RESULT:
            return _framed(encode_result(code))
        case trick if trick in _UNREADABLE:
            return _framed(_UNREADABLE[trick])
        case Trick.HUGE_LENGTH:
            return b"\xff\xff\xff\xff" + code
        case Trick.HALF:
            return _framed(b"x" * 1000)[:500]
        case Trick.NOTHING:
            return b""
        case Trick.TWICE:
            return _framed(encode_result(Echo("now", 1))) + _framed(encode_result(Echo("poisoned", 2)))
    raise AssertionError(trick)


if __name__ == "__main__":
    end = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGPROF, signal.SIG_IGN)
    Channel(end).send(READY)
    while True:
        _, raw = job_asked_for(Channel(end).receive(LARGEST_REQUEST))
        trick, path = decode_arguments(SAY, raw)
        if trick is Trick.HONEST:
            Channel(end).send(encode_result(Echo(",".join(sorted(os.environ)) + f" {os.getcwd()}", os.getpid())))
            continue
        end.settimeout(None)
        end.sendall(_says(trick, path))
        if trick is not Trick.TWICE:
            time.sleep(60)
