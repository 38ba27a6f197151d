"""Headers of an answer that ask something of us."""

from datetime import UTC, datetime

import pytest

from bot.ingest.fetch.http_headers import Headers

NOW = int(datetime(2026, 11, 28, 8, 30, tzinfo=UTC).timestamp() * 1000)


def _headers(*lines: str) -> Headers:
    return Headers(tuple(part.strip().encode() for part in line.split(":", 1)) for line in lines)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], None),
        (["Cache-Control: max-age=60"], 60),
        (["Cache-Control: public", "cache-control: MAX-AGE = 60"], 60),
        (['Cache-Control: max-age="60"'], 60),
        (["Cache-Control: max-age=60, no-cache"], None),
        (["Cache-Control: no-store", "Expires: Sat, 28 Nov 2026 08:40:00 GMT"], None),
        (["Cache-Control: max-age=900", "Age: 890"], 10),
        (["Cache-Control: max-age=60", "Age: 600"], 0),
        (["Cache-Control: max-age=60", "Age: -5"], 60),
        (["Cache-Control: max-age=-1"], None),
        (["Cache-Control: max-age=soon"], None),
        (["Cache-Control: max-age=" + "9" * 400], 999_999_999),
        (["Expires: Sat, 28 Nov 2026 08:40:00 GMT"], 600),
        (["Expires: Sat, 28 Nov 2020 08:40:00 GMT"], 0),
        (["Date: Sat, 28 Nov 2026 14:30:00 GMT", "Expires: Sat, 28 Nov 2026 14:40:00 GMT"], 600),
        (["Date: Sat, 28 Nov 2026 14:30:00 GMT", "Expires: Sat, 28 Nov 2026 14:30:00 GMT"], 0),
        (["Date: Sat, 28 Nov 2026 08:25:00 GMT", "Expires: Sat, 28 Nov 2026 08:40:00 GMT"], 600),
        (["Date: Sat, 28 Nov 2026 02:30:00 GMT", "Expires: Sat, 28 Nov 2026 02:40:00 GMT"], 0),
        (["Date: soon", "Expires: Sat, 28 Nov 2026 08:40:00 GMT"], 600),
        (["Date: Sat, 28 Nov 2026 08:20:00 GMT", "Cache-Control: max-age=900"], 300),
        (["Expires: 0"], None),
        (["Expires: -1"], None),
    ],
)
def test_how_long_an_answer_is_fresh(lines: list[str], expected: int | None) -> None:
    assert _headers(*lines).max_age(NOW) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("Sat, 28 Nov 2026 08:32:00 GMT", 120),
        ("Sat, 28 Nov 2026 08:32:00 -0000", 120),
        ("Sat, 28 Nov 2026 08:32:00", 120),
        ("Sat, 28 Nov 2026 12:02:00 +0330", 120),
        ("Sat, 28 Nov 2026 08:00:00 GMT", 0),
        ("-5", None),
        ("۱۲۰", None),
        ("soon", None),
        ("", None),
        ("99 Foo 99999", None),
        ("Mon, 01 Jan 0001 00:00:00 +2359", 0),
    ],
)
def test_when_to_come_back(value: str, expected: int | None) -> None:
    assert _headers(f"Retry-After: {value}").retry_after(NOW) == expected


@pytest.mark.parametrize("date", ["Sat, 28 Nov 2026 14:30:00 GMT", "Fri, 27 Nov 2026 08:30:00 GMT"])
def test_a_site_whose_clock_is_wrong_says_when_to_come_back_by_that_clock(date: str) -> None:
    headers = _headers(f"Date: {date}", f"Retry-After: {date.replace(':30:', ':32:')}")
    assert headers.retry_after(NOW) == 120


def test_validators_are_kept_byte_for_byte_and_not_at_any_length() -> None:
    headers = Headers([(b"ETag", b'"\xd9\xbe"'), (b"Last-Modified", b"x" * 501)])
    assert headers.validator("etag").encode("latin-1") == b'"\xd9\xbe"'
    assert headers.validator("last-modified") == ""


@pytest.mark.parametrize(("raw", "expected"), [("/خبر".encode(), "/خبر"), (b"/caf\xe9", "/café"), (b" /a ", "/a")])
def test_an_address_that_a_site_did_not_encode(raw: bytes, expected: str) -> None:
    assert Headers([(b"Location", raw)]).location() == expected
