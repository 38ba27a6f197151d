"""A secret is in no text that is written, however it is spelt and wherever it stands."""

import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import load_settings
from bot.logs.redaction import REDACTED, Redactor

_KNOWN = 'hunter2/ق"p@ss\\word'


@pytest.mark.parametrize(
    "spelt",
    [
        _KNOWN,
        quote(_KNOWN),
        quote(_KNOWN, safe=""),
        quote(_KNOWN, safe="").lower(),
        quote(quote(_KNOWN, safe=""), safe=""),
        quote_plus(_KNOWN),
        json.dumps(_KNOWN),
        json.dumps(_KNOWN, ensure_ascii=False),
        json.dumps(json.dumps(_KNOWN)),
        repr(_KNOWN),
        repr(repr(_KNOWN)),
        repr(_KNOWN.encode()),
        f"'{_KNOWN[:8]}'\n '{_KNOWN[8:]}'",
        "".join(f"%{octet:02X}" for octet in _KNOWN.encode()),
    ],
)
def test_a_known_secret_is_found_in_every_spelling(spelt: str) -> None:
    redacted = Redactor([_KNOWN]).redact(f"before {spelt} after")
    assert redacted.startswith("before ")
    assert redacted.endswith(" after")
    assert "hunter2" not in redacted
    assert "word" not in redacted


@given(st.text(min_size=4, max_size=40), st.text(max_size=20), st.text(max_size=20))
def test_any_secret_is_found_wherever_it_stands(secret: str, before: str, after: str) -> None:
    redactor = Redactor([secret])
    for spelt in (secret, quote(secret, safe="", errors="replace") if secret.isascii() else secret):
        assert spelt not in redactor.redact(f"{before} {spelt} {after}").replace(REDACTED, "")


def test_a_short_secret_is_no_part_of_other_words() -> None:
    redactor = Redactor(["gres"])
    assert redactor.redact("postgresql at 5 o'clock") == "postgresql at 5 o'clock"
    assert (
        redactor.redact(r'{"a": "x\ngres"} user%3Agres%40host')
        == rf'{{"a": "x\n{REDACTED}"}} user%3A{REDACTED}%40host'
    )


_MARK = "Xq7Lm2Zt9Rw4Vb8N"


@pytest.mark.parametrize(
    "text",
    [
        f"123456789:{_MARK}{_MARK}",
        f"https://api.telegram.org/bot1:{_MARK}/getMe",
        f"https://api.telegram.org/file/bot123456%3A{_MARK}/photos/1.jpg",
        f"postgresql://peyk:{_MARK}@db/peyk",
        f"postgresql://peyk:p@{_MARK}@db/peyk",
        f"postgresql://peyk:p%40{_MARK}@db/peyk",
        f"http://user:p/{_MARK}@proxy:3128/x",
        f"https://{_MARK}@example.org/feed.xml",
        f"https://example.org/login?next=https%3A%2F%2Fuser%3A{_MARK}%40host%2F",
        f"https://example.org/feed?format=rss&token={_MARK}#top",
        f"https://example.org/feed?KEY={_MARK}",
        f"https://example.org/f?X-Amz-Signature={_MARK}&a=b",
        f"https://example.org/f?u=x%26sig%3D{_MARK}%26c=d",
        f"host=db user=peyk password={_MARK} dbname=peyk",
        f"password='two words {_MARK}'",
        f"WEBHOOK_SECRET={_MARK}",
        f"{{'password': '{_MARK}', 'user': 'x'}}",
        f'{{"secret_token": "{_MARK}"}}',
        f"Authorization: Bearer {_MARK}",
        f"{{'Proxy-Authorization': 'Basic {_MARK}='}}",
        f"[(b'Authorization', b'Basic {_MARK}'), (b'Host', b'x')]",
        f"Set-Cookie: session={_MARK}; path=/",
        f"https://t.me/peyk_bot?start=j_{_MARK}",
        f"/start j_{_MARK}",
    ],
)
def test_secrets_that_nobody_knows_beforehand_are_found_by_their_place(text: str) -> None:
    redacted = Redactor().redact(text)
    assert _MARK not in redacted
    assert REDACTED in redacted


@pytest.mark.parametrize(
    "text",
    [
        "BOT_TOKEN: Telegram does not know this token",
        "WEBHOOK_URL: needs WEBHOOK_SECRET and LISTEN too",
        "https://example.org:8443/@desk/feed.xml?page=2&start=a_12",
        "[info     ] items_stored [bot.ingest.source_reader] new=3 source=1",
        "notice_without_recipient key=lost:-100123 hint='set DESK_CHAT'",
        "a cookie wall, 12:30, 2025-01-01T10:00:00Z",
    ],
)
def test_what_is_no_secret_stays_readable(text: str) -> None:
    assert Redactor().redact(text) == text


def test_the_settings_tell_every_secret_that_they_hold() -> None:
    settings = load_settings(
        {
            "BOT_TOKEN": f"1234:{'a' * 35}",
            "WEBHOOK_SECRET": "web-hook",
            "DATABASE_URL": "postgresql://peyk:p%40ss@db/peyk?sslpassword=ssl-pass",
            "TELEGRAM_PROXY": "socks5://me:proxy-1@127.0.0.1:1080",
            "FETCH_PROXY": "http://me:proxy-2@127.0.0.1:3128",
        },
        env_file=None,
    )
    assert set(settings.secrets) == {
        f"1234:{'a' * 35}", "a" * 35, "web-hook", "p%40ss", "p@ss", "ssl-pass", "proxy-1", "proxy-2",
    }  # fmt: skip
