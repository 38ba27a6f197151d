"""Composing: the same style is rendered once, and a photo by address is asked for once."""

from dataclasses import replace

from bot.delivery.rendering import Composed, Composer, Rendition
from bot.locales.catalog import Catalog
from bot.render.message import Message
from bot.telegram.photos import Photos
from storage.records import ArticleRevision, Content, Form
from tests.unit.articles import PUBLISHED
from tests.values import post_style

NOW = 1_766_576_760_000
_ADDRESS = "https://example.org/a.jpg"
_ARTICLE = replace(
    PUBLISHED, id=1, content=Content("تیتر", "لید", photo=_ADDRESS), published_at=NOW, released_at=NOW
)


class _Kitchen:
    """A composer and the photos that it knows; `clock` is moved by hand."""

    def __init__(self) -> None:
        self.clock = NOW
        self.photos = Photos(lambda: self.clock)
        self.composer = Composer(Catalog.load(), "bot", "fa", self.photos)

    def composed(self, style: str) -> Composed:
        """Return what a claim gets."""
        rendition = Rendition("fa", "UTC", Form.HEADLINE, NOW, post_style(style))
        key = self.composer.key([ArticleRevision(1, 1)], rendition)
        return self.composer.remembered(key) or self.composer.compose(key, [_ARTICLE], rendition)


def test_chats_of_the_same_style_share_what_is_composed() -> None:
    kitchen = _Kitchen()
    assert kitchen.composed("") is kitchen.composed("")
    signed = kitchen.composed("sign=@kanal")
    assert signed is kitchen.composed("sign=@kanal")
    assert signed.key != kitchen.composed("").key
    assert "@kanal" in signed.message.html
    assert "@kanal" not in kitchen.composed("").message.html


def test_the_usual_style_is_no_part_of_a_key_and_a_signature_looks_like_no_article() -> None:
    composer = _Kitchen().composer
    usual = Rendition("fa", "UTC", Form.HEADLINE, NOW)
    assert composer.key([ArticleRevision(1, 2), ArticleRevision(3, 4)], usual, breaking=[3]) == "1.2,3.4!:fa:UTC"
    assert "," not in composer.key([ArticleRevision(1, 2)], replace(usual, post_style=post_style("sign=a,9.1:b")))


def test_what_telegram_made_of_a_photo_is_sent_from_then_on() -> None:
    kitchen = _Kitchen()
    first = kitchen.composed("photo=any")
    assert first.message.media == _ADDRESS
    kitchen.photos.record_file_id(first.message, {"photo": [{"file_id": "small"}, {"file_id": "large"}]})
    second = kitchen.composed("photo=any")
    assert b'"photo":"large"' in second.prepared.body
    assert kitchen.composed("photo=any") is second
    assert kitchen.composed("photo=any sign=x").message.media == "large"
    kitchen.photos.refused(first.message)
    assert kitchen.composed("photo=any").message.media == "large", "it was fetched: that is known better"


def test_a_refused_photo_is_left_out_with_the_same_words_for_a_while() -> None:
    kitchen = _Kitchen()
    first = kitchen.composed("photo=any")
    kitchen.photos.refused(first.message)
    bare = kitchen.composed("photo=any sign=x").message
    assert bare.media == ""
    assert kitchen.composed("photo=any").message == Message(first.message.html, first.message.keyboard)
    assert kitchen.photos.settled_edit(first.message).media == "same"
    kitchen.clock += 2 * 3600 * 1000
    assert kitchen.photos.settled(first.message).media == _ADDRESS
