"""Bytes whose charset is told wrongly, or not at all."""

import codecs

import pytest

from bot.errors import SourceError
from bot.ingest.markup.charset import decode, is_unreadable
from tests.unit.ingest.feeds import read, rss

_NEWS = "فرماندار گفت: پژوهشگران «گچ» را آزمودند"
# What windows-1256 has no letter for is written as it was then: with Arabic ones.
_OLD_NEWS = _NEWS.replace("ی", "ي")
_FEED = rss(f"<item><title>{_NEWS}</title><link>https://paper.example/n/1</link></item>")


def _declared(name: str, text: str = _NEWS) -> str:
    return (
        f'<?xml version="1.0" encoding="{name}"?><rss version="2.0"><channel><title>{text}</title></channel></rss>'
    )


@pytest.mark.parametrize(
    "declared", ["utf-8", "windows-1252", "iso-8859-1", "us-ascii", "klingon-8", "windows-1256"]
)
def test_windows_1256_is_read_whatever_it_says_it_is(declared: str) -> None:
    text = _declared(declared, _OLD_NEWS)
    assert decode(text.encode("windows-1256")) == text


@pytest.mark.parametrize(
    "declared", ["iso-8859-6", "iso-8859-6-i", "asmo-708", "utf-8", "windows-1252", "iso-8859-1", "windows-1256"]
)
@pytest.mark.parametrize(
    "arabic", ["وقال الوزير إن القرية هي قلب الوادي", "در اين روز هزاران نفر از ديوار شهر ديدن كردند"]
)
def test_the_arabic_page_of_iso_is_read_whatever_it_says_it_is(arabic: str, declared: str) -> None:
    text = _declared(declared, arabic)
    assert decode(text.encode("iso-8859-6")) == text
    assert decode(text.encode("windows-1256")) == text


@pytest.mark.parametrize(("name", "codec"), [("x-mac-arabic", "mac-arabic"), ("x-mac-farsi", "mac-farsi")])
def test_the_charsets_of_old_macs_are_known(name: str, codec: str) -> None:
    head, tail = _declared(name, "TITLE").encode().split(b"TITLE")
    # The codec writes spaces as those between letters from right to left.
    assert decode(head + _OLD_NEWS.encode(codec) + tail) == _declared(name, _OLD_NEWS)


@pytest.mark.parametrize("declared", ["windows-1256", "iso-8859-1", "utf-16", "ascii"])
def test_utf_8_is_read_whatever_it_says_it_is(declared: str) -> None:
    text = _declared(declared)
    assert decode(text.encode(), f"text/xml; charset={declared}") == text
    assert decode(codecs.BOM_UTF8 + text.encode()) == text


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_characters_need_no_mark(name: str) -> None:
    assert decode(_FEED.encode(name), "text/xml; charset=utf-8") == _FEED
    assert [entry.title for entry in read(_FEED.encode(name)).items] == [_NEWS]


def test_other_charsets_of_arabic_letters_and_of_the_west() -> None:
    arabic = "مرحبا بالعالم الجديد في الشتاء"
    assert decode(arabic.encode("iso-8859-6"), "text/html; charset=iso-8859-6") == arabic
    assert decode("Café déjà vu – naïve".encode("windows-1252")) == "Café déjà vu – naïve"
    assert decode("Привет, мир".encode("windows-1251"), "text/html; charset=windows-1251") == "Привет, мир"


def test_russian_that_says_nothing_is_not_taken_for_arabic() -> None:
    russian = "Навстречу новому дню выходят рабочие утренней смены, и город понемногу просыпается под снегом. "
    with pytest.raises(SourceError, match="letters cannot be read"):
        read(
            rss(f"<item><title>{russian}</title><description>{russian * 3}</description></item>").encode(
                "koi8-r", "ignore"
            )
        )
    assert decode(russian.encode("koi8-r"), "text/xml; charset=koi8-r") == russian


def test_utf_8_that_was_encoded_twice_is_read() -> None:
    # As browsers do: a byte that windows-1252 has no letter for is the control of that number.
    western = "".join(
        bytes((byte,)).decode("cp1252", errors="replace").replace("\ufffd", chr(byte)) for byte in _NEWS.encode()
    )
    assert decode(western.encode()) == _NEWS
    assert decode("Ünlü Øresund Ùber".encode()) == "Ünlü Øresund Ùber"


def test_parts_that_were_encoded_twice_are_read_beside_others() -> None:
    twice = _NEWS.encode().decode("latin-1")
    assert (
        decode(f"<t>{twice}</t><p>{_NEWS}</p><i>Øresund</i>".encode())
        == f"<t>{_NEWS}</t><p>{_NEWS}</p><i>Øresund</i>"
    )


def test_a_few_letters_that_look_as_if_encoded_twice_are_meant_so() -> None:
    assert decode(f"<t>Ø¡</t><p>{_NEWS}</p>".encode()) == f"<t>Ø¡</t><p>{_NEWS}</p>"


def test_what_says_that_it_is_latin_1_has_the_quotes_of_windows() -> None:
    text = "Café “déjà vu” – naïve"
    for name in ("iso-8859-1", "latin1", "us-ascii"):
        assert decode(text.encode("windows-1252"), f"text/html; charset={name}") == text


def test_a_mark_that_stands_twice_is_no_letter() -> None:
    assert decode(codecs.BOM_UTF8 * 2 + _NEWS.encode()) == _NEWS


def test_a_few_broken_bytes_cost_nothing_else() -> None:
    body = _FEED.encode()
    cut_letter = body.replace("گچ".encode(), "گچ".encode()[:-1])
    assert decode(cut_letter).count("\ufffd") == 1
    assert read(cut_letter).items[0].url == "https://paper.example/n/1"


def test_letters_that_are_lost_are_refused() -> None:
    lost = chr(0xFFFD) * 60
    assert is_unreadable(lost)
    assert not is_unreadable(_NEWS + "\ufffd")
    with pytest.raises(SourceError, match="letters cannot be read"):
        read(rss(f"<item><title>{lost}</title></item>"))
    with pytest.raises(SourceError, match="letters cannot be read"):
        read(_declared("utf-8", "TITLE").encode().replace(b"TITLE", bytes(range(0xF5, 0x100)) * 20))


def test_a_title_that_lost_a_letter_or_two_is_kept() -> None:
    lost = chr(0xFFFD)
    (entry,) = read(rss(f"<item><title>The bridge{lost}{lost} is open</title></item>")).items
    assert entry.title == f"The bridge{lost}{lost} is open"
    english = "<rss><channel><item><title>The bridge is open</title><description>It{0}s open.</description></item></channel></rss>"
    assert [item.title for item in read(english.format(lost)).items] == ["The bridge is open"]


def test_one_item_whose_letters_are_lost_is_left_out() -> None:
    lost = chr(0xFFFD) * 9
    feed = read(
        rss(
            f"<item><title>{lost}</title></item><item><title>{_NEWS}</title><description>{_NEWS * 5}</description></item>"
        )
    )
    assert [entry.title for entry in feed.items] == [_NEWS]
