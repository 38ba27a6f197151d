"""The jobs of side processes: each is declared once, with its types, in a module that both sides import.

Whatever crosses between the two is msgpack and is decoded into the declared types alone. A side process reads
foreign bytes and may have been taken over by them: an answer is data of its job's type, or it is refused. It is
never code.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar, TypeVarTuple
from zoneinfo import ZoneInfo

import msgspec

from bot.time_zones import time_zone

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")


class MalformedError(Exception):
    """A message is not of the type that was declared for it."""


@dataclass(frozen=True, slots=True)
class Job(Generic[*Arguments, Result]):
    """A piece of work that a side process does, by its name.

    `arguments` is the tuple type of what goes there and `result` the type of what comes back: int (64 bits), str,
    bytes, bool, None, enums, ZoneInfo, frozen dataclasses, and tuples and frozensets of these.
    """

    name: str
    arguments: type[tuple[*Arguments]]
    result: type[Result]


class JobFailure(msgspec.Struct, frozen=True, array_like=True, tag="failed"):
    """The answer where a job was not done; `reason` is a short line."""

    reason: str


class _Done(msgspec.Struct, Generic[Result], frozen=True, array_like=True, tag="done"):
    result: Result


def encode_request(job: Job[*Arguments, Result], *arguments: *Arguments) -> bytes:
    """Return a request as bytes. Raises MalformedError where the arguments cannot be sent, as lone surrogates."""
    return _encoded((job.name, arguments))


def job_asked_for(request: bytes) -> tuple[str, msgspec.Raw]:
    """Return the name of the job and its arguments, still encoded. Raises MalformedError."""
    request_parts: tuple[str, msgspec.Raw] = _decoded(request, tuple[str, msgspec.Raw])
    return request_parts


def decode_arguments(job: Job[*Arguments, Result], arguments: msgspec.Raw) -> tuple[*Arguments]:
    """Return the arguments of a request. Raises MalformedError."""
    decoded: tuple[*Arguments] = _decoded(arguments, job.arguments)
    return decoded


def encode_result(result: object) -> bytes:
    """Return the answer of a job that was done as bytes. Raises MalformedError where it cannot be sent."""
    return _encoded(_Done(result))


def encode_failure(reason: str) -> bytes:
    """Return the answer of a job that was not done as bytes."""
    return _encoded(JobFailure(reason.encode(errors="replace").decode()))


def decode_answer(job: Job[*Arguments, Result], answer: bytes) -> Result | JobFailure:
    """Return the result of a job, or why there is none. Raises MalformedError."""
    decoded = _decoded(answer, _Done[job.result] | JobFailure)  # type: ignore[name-defined]  # mypy knows types by name
    if isinstance(decoded, JobFailure):
        return decoded
    result: Result = decoded.result
    return result


def _encoded(message: object) -> bytes:
    try:
        return _ENCODER.encode(message)
    except (TypeError, ValueError, OverflowError) as error:
        raise MalformedError(f"{type(error).__name__}: {error}") from error


def _decoded(message: bytes | msgspec.Raw, kind: Any) -> Any:
    try:
        return _decoder(kind).decode(message)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise MalformedError(f"{type(error).__name__}: {error}") from error


@cache
def _decoder(kind: Any) -> "msgspec.msgpack.Decoder[Any]":
    return msgspec.msgpack.Decoder(kind, dec_hook=_from_plain)


def _to_plain(value: object) -> str:
    if isinstance(value, ZoneInfo) and value.key:
        return value.key
    raise TypeError(f"{type(value).__name__} has no form in a message")


def _from_plain(kind: type, plain: Any) -> object:
    if kind is ZoneInfo and isinstance(plain, str):
        return time_zone(plain)
    raise TypeError(f"{kind.__name__} has no form in a message")


_ENCODER = msgspec.msgpack.Encoder(enc_hook=_to_plain)
