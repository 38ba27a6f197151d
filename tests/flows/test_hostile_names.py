"""People, channels and topics whose names are meant to break lines, cards and tables."""

import csv
import io
import unicodedata
from typing import Any

import pytest

from sandbox.client import text_of
from tests.bidi import outside
from tests.flows.conftest import PeykApp, Telegram, buttons_of
from tests.variations import first_and_long

_ZALGO = "زالگو" + "\u0336\u0489\u030d" * 200
_NAMES = {
    "marks": "مریم\u202e\u2067\u2066 مدیر\u2068",
    "lines": "مریم\nمدیر پیک:\tهمه\u2028چیز\r\nدرست است\x1b[31m",
    "accents": f"مریم{_ZALGO}",
    "long": "مریم " + "بسیار" * 1000,
    "markup": "مریم</b><a href='x'>[/red]{$x}",
    "unseen": "\u3164\u200f\u2800",
}


def _reads_well(message: dict[str, Any]) -> None:
    """Check what a stranger's name may do to a message: nothing beyond its own place."""
    for text in (text_of(message), *buttons_of(message)):
        assert len(text) <= 4096
        for line in text.split("\n"):
            outside(line)  # raises where an isolate is left open
        run = 0
        for letter in text:
            run = run + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
            assert run <= 3
            assert letter == "\n" or unicodedata.category(letter) not in ("Cc", "Cs", "Zl", "Zp")
            assert letter not in "\u202a\u202b\u202c\u202d\u202e"
    assert all(len(words) <= 64 for words in buttons_of(message))


@pytest.mark.parametrize("name", first_and_long(_NAMES.values()), ids=_NAMES)
async def test_a_person_joins_and_comments(app: PeykApp, telegram: Telegram, name: str) -> None:
    people = telegram.people
    await app.running(telegram)
    article_id = await telegram.publish("خبر پرگفت‌وگو")
    person = await telegram.colleague(name, "moderator")
    listed = await telegram.ask(telegram.owner, "/editors")
    _reads_well(listed)
    lines = [line for line in text_of(listed).split("\n") if line.strip()]
    assert len(lines) == 3, lines
    (button,) = (words for words, data in buttons_of(listed).items() if data == f"person:{person}")
    await people.press(telegram.owner, listed, button)
    _reads_well(await telegram.now(listed))

    await telegram.ask(person, f"/start c{article_id}", button="لغو")
    _reads_well(await telegram.ask(person, "نظر من"))
    waiting = await telegram.ask(telegram.owner, "/comments")
    _reads_well(waiting)
    assert "نظر من" in text_of(waiting)
    table = list(csv.reader(io.StringIO((await app.cli("audit")).stdout.removeprefix("\ufeff"))))
    assert len({len(row) for row in table}) == 1
    assert not any("\n" in cell or "\x1b" in cell for row in table for cell in row)
    assert max(len(text) for (text,) in app.rows("SELECT name FROM staff UNION SELECT title FROM chat")) <= 129


@pytest.mark.parametrize("name", first_and_long(_NAMES.values()), ids=_NAMES)
async def test_a_channel_is_asked_about_let_in_and_listed(app: PeykApp, telegram: Telegram, name: str) -> None:
    people = telegram.people
    await app.running(telegram)
    channel = await telegram.channel(name, by=telegram.reader)
    card = await people.wait_for(
        telegram.owner, lambda m: any(f"let:{channel}:y" == d for d in buttons_of(m).values())
    )
    _reads_well(card)
    await people.press(
        telegram.owner, card, next(w for w, d in buttons_of(card).items() if d == f"let:{channel}:y")
    )
    _reads_well(await telegram.now(card))
    listed = await telegram.ask(telegram.owner, "/channels")
    _reads_well(listed)
    (button,) = (words for words, data in buttons_of(listed).items() if data == f"set:{channel}:main")
    await people.press(telegram.owner, listed, button)
    _reads_well(await telegram.now(listed))


async def test_titles_break_no_table(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    await telegram.publish(f"تیتر\u2067 {_ZALGO} [/b] خبر")
    (title,) = (title for (title,) in app.rows("SELECT title FROM revision"))
    assert "\u2067" not in title
    await app.stop()
    app.change("UPDATE revision SET title = 'یک\tدو' || char(10) || 'سه' || char(27) || '[2J' || char(8238)")
    (line,) = (await app.cli("articles", "list")).stdout.splitlines()
    assert len(line.split("\t")) == 5
    assert line.endswith("یک دو سه [2J")
