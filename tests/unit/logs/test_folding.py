"""Trouble that repeats is written a few times and then counted: nothing floods the log, and nothing is lost."""

import logging
from collections.abc import Callable

import pytest
import structlog

from bot.logs.folding import MOST, Folding


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    @property
    def told(self) -> int:
        """The number of events that the records stand for."""
        return sum(getattr(record, "repeated", 1) for record in self.records)


class _Log:
    """A logger whose windows end when the test says so."""

    def __init__(self) -> None:
        self.kept = _Kept()
        self.ends: list[Callable[[], None]] = []
        self.folding = Folding(self.kept, later=lambda _, act: self.ends.append(act))
        self.logger = logging.Logger("test")
        self.logger.addHandler(self.folding)
        render = structlog.stdlib.ProcessorFormatter.wrap_for_formatter
        self.structured = structlog.wrap_logger(
            self.logger, processors=[render], wrapper_class=structlog.stdlib.BoundLogger
        )


@pytest.fixture
def log() -> _Log:
    return _Log()


def test_the_first_are_written_at_once_and_the_others_at_the_end_of_the_window(log: _Log) -> None:
    for number in range(1000):
        log.structured.warning("source_failed", source=number)
    assert len(log.kept.records) == MOST
    (end,) = log.ends
    end()
    assert len(log.kept.records) == MOST + 1
    last = log.kept.records[-1]
    assert isinstance(last.msg, dict)
    assert last.msg["source"] == 999
    assert log.kept.told == 1000


def test_a_new_window_begins_with_the_next_trouble(log: _Log) -> None:
    for _ in range(3):
        for _ in range(50):
            log.logger.error("broken %d", 1)
        log.ends.pop()()
    assert len(log.kept.records) == 3 * (MOST + 1)
    assert log.kept.told == 150


def test_what_was_held_back_is_told_at_the_end_of_the_process(log: _Log) -> None:
    for _ in range(50):
        log.logger.error("broken")
    log.folding.close()
    assert log.kept.told == 50


def test_numbers_and_later_lines_of_a_message_make_no_new_kind(log: _Log) -> None:
    for number in range(500):
        log.logger.error(f"Task {number} failed\nfuture: <Task {number * 7}>")
    assert len(log.kept.records) == MOST


def test_exceptions_of_one_place_and_type_are_one_kind(log: _Log) -> None:
    def fail(kind: type[Exception]) -> None:
        raise kind("reason")

    for number in range(100):
        try:
            fail((ValueError, KeyError)[number % 2])
        except (ValueError, KeyError):
            log.structured.exception("handler_broke")
            log.logger.exception("handler broke")
    assert len(log.kept.records) == 4 * MOST
    log.ends[0]()
    assert log.kept.told == 200


def test_what_is_no_trouble_is_never_folded(log: _Log) -> None:
    for number in range(100):
        log.structured.info("items_stored", new=number)
    assert len(log.kept.records) == 100


def test_kinds_without_end_take_no_memory_without_end(log: _Log) -> None:
    for number in range(5_000):
        log.logger.error("".join(chr(ord("a") + int(digit)) for digit in str(number)))
    assert len(log.kept.records) <= 1_000 + MOST
    log.ends[0]()
    assert log.kept.told == 5_000


def test_a_held_record_keeps_no_frames(log: _Log) -> None:
    for _ in range(MOST + 1):
        try:
            raise ValueError("reason")
        except ValueError:
            log.structured.exception("handler_broke")
    log.ends[0]()
    assert "exc_info" not in log.kept.records[-1].msg
