"""Values in a record cannot break its line, forge another or make it endless; no local variable is in it."""

import io
import json
import logging
from collections.abc import Callable

import pytest
import structlog

from bot.logs.redaction import REDACTED, Redactor
from bot.logs.rendering import MOST_LETTERS, Form, formatter
from storage.errors import UnavailableError, UnusableError

_FORGED = "تیتر\n2026-01-01T00:00:00Z [info     ] forged\r\x1b[2J\u2028\u202e\x00\ud800"
_SECRET = "a-secret-of-the-desk"

Write = Callable[..., str]


@pytest.fixture(params=["console", "json"])
def form(request: pytest.FixtureRequest) -> Form:
    chosen: Form = request.param
    return chosen


@pytest.fixture
def write(form: Form) -> Write:
    """Write one record with the standard library (`args`) or structlog (fields) and return what came of it."""

    def write(event: str, *args: object, error: BaseException | None = None, **fields: object) -> str:
        stream = io.StringIO()
        handler = logging.StreamHandler(stream)
        handler.setFormatter(formatter(form, Redactor([_SECRET])))
        logger = logging.Logger("test")
        logger.addHandler(handler)
        if fields:
            render = structlog.stdlib.ProcessorFormatter.wrap_for_formatter
            bound = structlog.wrap_logger(logger, processors=[render], wrapper_class=structlog.stdlib.BoundLogger)
            bound.error(event, exc_info=error, **fields)
        else:
            logger.error(event, *args, exc_info=error)
        return stream.getvalue()

    return write


def _raised(message: str, note: str = "") -> BaseException:
    local = f"{message} in a local variable: {_SECRET}-local"  # noqa: F841 - it must not be told
    try:
        try:
            raise KeyError(message)
        except KeyError as cause:
            raise ValueError(message) from cause
    except ValueError as error:
        error.add_note(note)
        return error


def test_foreign_words_forge_no_line(write: Write) -> None:
    for line in (write(_FORGED), write("said %s", _FORGED), write("said", title=_FORGED, **{_FORGED: 1})):
        assert len(line.splitlines()) == 1
        assert not set(line.rstrip("\n")) & set("\r\x1b\u2028\u202e\x00\ud800")
        assert "تیتر" in line


def test_an_outage_of_the_database_is_one_line(write: Write) -> None:
    for error in (UnavailableError("the disk is full"), UnusableError("no such database")):
        written = write("job_failed", error=error, job="cards")
        assert len(written.splitlines()) == 1
        assert "Traceback" not in written
        assert str(error) in written


def test_a_message_of_an_exception_forges_no_line(write: Write, form: Form) -> None:
    written = write("broke", error=_raised(_FORGED, _FORGED), source=1)
    lines = written.splitlines()
    assert "ValueError" in written
    assert all(line.startswith("    ") for line in lines[1:])
    assert form == "console" or len(lines) == 1
    assert not set(written) & set("\x1b\u202e\x00")


def test_no_secret_is_in_messages_arguments_causes_and_notes_and_no_local_variable(write: Write) -> None:
    written = write(
        "broke",
        error=_raised(f"bad {_SECRET}", f"note {_SECRET}"),
        url=f"http://{_SECRET}",
        deep=[{"x": (_SECRET,)}],
    )
    written += write("broke %s %r", _SECRET, {"a": _SECRET}, error=ExceptionGroup(_SECRET, [ValueError(_SECRET)]))
    assert _SECRET not in written
    assert "in a local variable" not in written
    assert written.count(REDACTED) >= 8
    assert "test_rendering.py" in written


def test_a_field_called_after_a_secret_holds_none(write: Write) -> None:
    assert "Xq7" not in write("said", password="Xq7", headers={"Cookie": "Xq7"})


@pytest.mark.parametrize("letter", ["x", "\u202e", "\n", "ق", "://a:b", "%41", "123456:"])
def test_a_line_is_bounded_whatever_is_in_it(write: Write, letter: str) -> None:
    huge = letter * (1_000_000 // len(letter))
    for line in (
        write(huge),
        write("said", **{f"field{number}": huge for number in range(60)}),
        write("said", deep=[[[{"x": [huge] * 100}] * 100] * 100] * 100),
        write("broke", error=_raised(huge), reason=huge),
    ):
        assert len(line) < 8 * MOST_LETTERS


def test_no_part_of_a_secret_is_left_where_a_long_value_is_cut(write: Write) -> None:
    for place in range(3_970, 4_010):
        line = write("said", reason="ق" * place + _SECRET + " x" * 5_000)
        assert "a-sec" not in line
    assert _SECRET[:5] not in write("broke", error=ValueError("\n" + f" {_SECRET}" * 5_000))


def test_what_is_no_text_is_written_too(write: Write, form: Form) -> None:
    class Broken:
        def __repr__(self) -> str:
            raise RuntimeError

    line = write("said", broken=Broken(), huge=10**5_000, endless=float("inf"), number=5, missing=None)
    assert "Broken" in line
    if form == "json":
        assert json.loads(line)["number"] == 5
        assert json.loads(line)["missing"] is None
