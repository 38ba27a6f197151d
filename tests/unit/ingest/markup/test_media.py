"""Videos and sounds that feeds and pages tell of."""

import json
from dataclasses import replace

import pytest

from bot.ingest.candidate import from_item, with_page
from bot.ingest.items import PageArticle
from bot.ingest.markup.media import seconds_of
from bot.ingest.page.article_page import parse_page
from bot.ingest.raw_document import RawDocument
from bot.ingest.storing.change_policy import Change, decide
from bot.newsroom.source_media import with_newsrooms_own
from storage.records import PLAYER, ArticleState, ChangePolicy, Content, Media, MediaKind
from tests.unit.ingest.feeds import TEHRAN, entry, item, read

_FILM = "https://v.example/1.mp4"
_TEXT = "متن خبری که به اندازهٔ کافی بلند است تا متن یک خبر شمرده شود. " * 5
_APARAT = '<iframe src="https://www.aparat.com/video/video/embed/videohash/AbCdE/vt/frame"></iframe>'


def _page(head: str = "", body: str = "") -> PageArticle:
    page = f"<html><head><title>پل تازه باز شد</title>{head}</head><body><h1>پل تازه باز شد</h1><p>{_TEXT}</p>{body}</body></html>"
    url = "https://news.example/fa/news/5"
    return parse_page(RawDocument(page.encode(), "text/html; charset=utf-8", url), TEHRAN, 1_800_000_000_000)


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (
            f'<enclosure url="{_FILM}" type="video/mp4" length="700"/>',
            Media(MediaKind.VIDEO, _FILM, mime="video/mp4", size=700),
        ),
        (
            '<enclosure url="https://s.example/1.mp3?x=1" type="audio/mp3"/><itunes:duration>1:02:03</itunes:duration>',
            Media(MediaKind.AUDIO, "https://s.example/1.mp3?x=1", mime="audio/mpeg", duration=3723),
        ),
        (
            '<enclosure url="https://s.example/play?id=1" type="audio/x-m4a"/>',
            Media(MediaKind.AUDIO, "https://s.example/play?id=1", mime="audio/mp4"),
        ),
        (
            f'<media:content url="{_FILM}" medium="video" duration="95" width="640" height="360" fileSize="9"/>'
            '<media:thumbnail url="https://v.example/1.jpg"/><media:title>پل</media:title>',
            Media(
                MediaKind.VIDEO,
                _FILM,
                "",
                "video/mp4",
                9,
                95,
                640,
                360,
                poster="https://v.example/1.jpg",
                title="پل",
            ),
        ),
    ],
)
def test_a_medium_of_a_feed(inner: str, expected: Media) -> None:
    assert item(inner).media == (expected,)


@pytest.mark.parametrize(
    "inner",
    [
        '<enclosure url="https://v.example/live.m3u8" type="application/vnd.apple.mpegurl"/>',
        '<enclosure url="https://v.example/a.pdf" type="application/pdf"/>',
        '<enclosure url="https://v.example/a.jpg" type="image/jpeg"/>',
        '<enclosure url="javascript:alert(1)" type="video/mp4"/>',
        '<enclosure url="" type="video/mp4"/>',
        '<media:content url="https://v.example/dash.mpd" medium="video"/>',
    ],
)
def test_streams_documents_and_pictures_are_no_media(inner: str) -> None:
    assert item(inner).media == ()


def _variant(name: str, size: int, width: int) -> str:
    kind = "webm" if name.endswith("webm") else "mp4"
    return f'<media:content url="https://v.example/{name}" type="video/{kind}" fileSize="{size}" width="{width}" height="9"/>'


@pytest.mark.parametrize(
    ("variants", "best"),
    [
        ([("s.mp4", 2, 320), ("l.mp4", 9, 1280), ("m.mp4", 5, 640)], "l.mp4"),
        ([("l.mp4", 30_000_000, 1280), ("m.mp4", 5, 640)], "m.mp4"),
        ([("l.mp4", 90_000_000, 1280), ("m.mp4", 30_000_000, 640)], "m.mp4"),
        ([("a.webm", 5, 1280), ("a.mp4", 5, 640)], "a.mp4"),
        ([("a.webm", 5, 1280)], "a.webm"),
    ],
)
def test_the_best_file_of_a_group_is_the_one_that_telegram_takes(
    variants: list[tuple[str, int, int]], best: str
) -> None:
    group = f"<media:group>{''.join(_variant(*variant) for variant in variants)}</media:group>"
    other = '<media:group><media:content url="https://v.example/other.mp4" type="video/mp4"/></media:group>'
    files = [medium.file for medium in item(group + other).media]
    assert files == [f"https://v.example/{best}", "https://v.example/other.mp4"]


def test_media_of_atom_and_json_feeds_and_each_address_once() -> None:
    atom = f'<title>ی</title><link rel="enclosure" type="video/mp4" href="{_FILM}"/><link rel="enclosure" href="{_FILM}#t"/>'
    assert [medium.file for medium in entry(atom).media] == [_FILM]
    attached = [
        {"url": "/a.mp4", "mime_type": "video/mp4", "title": "پل", "size_in_bytes": 30_000_000},
        {"url": "/b.mp4", "mime_type": "video/mp4", "title": "پل", "size_in_bytes": 5, "duration_in_seconds": 1.5},
        {"url": 5, "mime_type": "video/mp4", "size_in_bytes": "many"},
    ]
    data = {"version": "https://jsonfeed.org/version/1.1", "items": [{"title": "ی", "attachments": attached}]}
    (read_item,) = read(json.dumps(data)).items
    assert [(medium.file, medium.duration) for medium in read_item.media] == [("https://paper.example/b.mp4", 1)]


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (
            f'<meta property="og:video" content="{_FILM}"><meta property="og:video:type" content="video/mp4">',
            "",
            _FILM,
        ),
        ("", f'<video controls><source src="/live.m3u8"><source src="{_FILM}" type="video/mp4"></video>', _FILM),
        ("", '<audio src="/s.mp3"></audio>', "https://news.example/s.mp3"),
        (
            '<script type="application/ld+json">{"@type":"NewsArticle","video":{"@type":"VideoObject","name":"پل",'
            f'"contentUrl":"{_FILM}","duration":"PT1M35S","thumbnailUrl":["/p.jpg"]}}}}</script>',
            "",
            _FILM,
        ),
        ("", _APARAT, "https://www.aparat.com/v/AbCdE"),
        (
            '<meta property="og:video" content="https://youtu.be/dQw4w9WgXcQ?t=1">',
            "",
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        ),
        (
            "",
            '<script src="https://www.aparat.com/embed/AbCdE?data[rnddiv]=1"></script>',
            "https://www.aparat.com/v/AbCdE",
        ),
        (
            '<meta property="og:video" content="https://www.youtube.com/embed/dQw4w9WgXcQ">',
            '<iframe data-src="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?rel=0"></iframe>',
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        ),
        ("", f"{_APARAT}<video src='{_FILM}'></video>", _FILM),
    ],
)
def test_the_medium_of_a_page(head: str, body: str, expected: str) -> None:
    assert [medium.file for medium in _page(head, body).media] == [expected]


def test_media_beside_the_article_backgrounds_and_unknown_frames_are_none() -> None:
    beside = f'<aside><video src="{_FILM}"></video></aside><div class="related">{_APARAT}</div>'
    named = '<meta property="og:video" content="https://player.example/x"><meta property="og:audio" content="/">'
    background = f'<video autoplay loop muted src="{_FILM}"></video><iframe src="https://ads.example/x"></iframe>'
    assert _page(named, beside + background).media == ()


def test_a_page_has_the_last_word_about_each_kind_and_a_file_replaces_a_player() -> None:
    sound = (
        f'<enclosure url="{_FILM}" type="video/mp4"/><enclosure url="https://s.example/1.mp3" type="audio/mpeg"/>'
    )
    known = from_item(item(sound), "fa")
    read_page = _page(body="<video src='/other.mp4'></video>")
    together = with_page(known, read_page).content.media
    assert {medium.file for medium in together} == {"https://news.example/other.mp4", "https://s.example/1.mp3"}
    played = with_page(known, _page(body=_APARAT)).content.media
    assert _FILM in [medium.file for medium in played]
    assert PLAYER not in [medium.mime for medium in played]


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("95", 95),
        ("1:35", 95),
        ("00:01:35.5", 95),
        ("PT1M35S", 95),
        ("P0DT1H", 3600),
        ("soon", 0),
        ("", 0),
        ("12.9", 12),
    ],
)
def test_durations(written: str, seconds: int) -> None:
    assert seconds_of(written) == seconds


_SIGNED = Media(MediaKind.VIDEO, f"{_FILM}?token=1", mime="video/mp4")


@pytest.mark.parametrize(
    ("media", "change"),
    [
        ((replace(_SIGNED, file=f"{_FILM}?token=2", size=5, title="پل"),), Change.IGNORE),
        ((replace(_SIGNED, file="https://v.example/2.mp4"),), Change.APPLY),
        ((), Change.APPLY),
    ],
)
def test_media_are_changed_by_another_file_alone(media: tuple[Media, ...], change: Change) -> None:
    present = Content("تیتر", media=(_SIGNED,))
    new = replace(present, media=media)
    policy = ChangePolicy.FOLLOW
    decided = decide(new, [present], state=ArticleState.PUBLISHED, policy=policy, by_staff=False, reviewed=False)
    assert decided is change


def test_the_newsrooms_attachments_stay_beside_those_of_the_source() -> None:
    own = tuple(Media(MediaKind.PHOTO, f"file-{n}") for n in range(8))
    present = Content("تیتر", photo="file-photo", media=(*own, _SIGNED), note="یادداشت")
    fresh = Content("تیتر دیگر", media=tuple(replace(_SIGNED, file=f"https://v.example/{n}.mp4") for n in range(3)))
    changed = with_newsrooms_own(fresh, present)
    assert changed.media == (*own, fresh.media[0])
    assert changed.note == "یادداشت"
    again = replace(fresh, media=(replace(_SIGNED, file=f"{_FILM}?token=9"),))
    assert with_newsrooms_own(again, present).media == present.media


def test_another_signature_does_not_make_another_item() -> None:
    read_item = item(f'<enclosure url="{_FILM}?token=1" type="video/mp4" length="5"/>')
    once = from_item(read_item, "fa")
    again = from_item(replace(read_item, media=(replace(read_item.media[0], file=f"{_FILM}?token=2"),)), "fa")
    bare = from_item(replace(read_item, media=()), "fa")
    assert once.digest() == again.digest() != bare.digest()
