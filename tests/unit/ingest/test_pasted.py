"""Text that was copied from a browser, with all that comes along with it."""

from zoneinfo import ZoneInfo

import pytest

from bot.errors import UserError
from bot.ingest.pasted import parse_pasted
from persian.jalali import format_ascii
from storage.records import BlockKind

_ZONE = ZoneInfo("Asia/Tehran")
_TITLE = "همایش بزرگ دریانوردی در بندر نوآباد برگزار شد"
_LEAD = "دریانوردان دوازده کشور در همایشی دو روزه در بندر نوآباد تجربه‌های خود را در میان گذاشتند."
_FIRST = "پیک نیوز-گروه بین الملل: دریانوردان دوازده کشور در همایشی دو روزه گرد آمدند و سخن گفتند."
_SECOND = "در کنار همایش پنج کارگاه آموزشی برگزار شد که هر کدام بیش از پنجاه شرکت‌کننده داشت."
_LABELS = "شناسه خبر : 264802\nتاریخ انتشار : چهارشنبه 1404/10/03 ساعت 15:16"
_END = "نظرات\nنظری که نباید بیاید و بسیار هم بلند است تا اشتباه گرفته شود با متن خبر.\nآخرین اخبار\nتیتر دیگر"


def _text(*parts: str) -> str:
    return "\n".join(parts)


def test_the_whole_page() -> None:
    page = parse_pasted(
        _text("بین الملل", _LABELS, _TITLE, _TITLE, _LEAD, _FIRST, "کارگاه های آموزشی", _SECOND, _END), _ZONE
    )
    assert (page.title, page.lead, page.number) == (_TITLE, _LEAD, "264802")
    assert page.category_words == ("بین الملل",)
    assert page.desk == "گروه بین الملل"
    assert page.published_at is not None
    assert format_ascii(page.published_at, _ZONE) == "1404/10/03 15:16"
    assert [block.kind for block in page.body] == [BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.PARAGRAPH]
    assert [block.html for block in page.body] == [_FIRST, "کارگاه های آموزشی", _SECOND]


@pytest.mark.parametrize(
    "labels",
    [
        "شناسه خبر : ۲۶۴۸۰۲ تاریخ انتشار : چهارشنبه ۱۴۰۴/۱۰/۰۳ ساعت ۱۵:۱۶",
        "كد خبر: 264802\nتاريخ انتشار: ۳ دی ۱۴۰۴ - ۱۵:۱۶",
        "شناسهٔ‌خبر : 264802\nتاریخ انتشار :\nچهارشنبه 1404/10/03 ساعت 15:16",
    ],
)
def test_labels_in_other_spellings(labels: str) -> None:
    page = parse_pasted(_text("سیاسی", labels.replace("ٔ", ""), _TITLE, _LEAD, _FIRST, _SECOND), _ZONE)
    assert page.number == "264802"
    assert page.published_at is not None
    assert format_ascii(page.published_at, _ZONE) == "1404/10/03 15:16"
    assert page.title == _TITLE


def test_without_a_lead_the_dateline_opens_the_text() -> None:
    page = parse_pasted(_text(_LABELS, _TITLE, _TITLE, _FIRST, _SECOND, _END), _ZONE)
    assert page.lead == ""
    assert [block.html for block in page.body] == [_FIRST, _SECOND]


def test_markup_in_copied_text_stays_text() -> None:
    page = parse_pasted(_text(_LABELS, "تیتر <b>خطرناک</b> & بلند", _LEAD, _SECOND + " <script>x</script>"), _ZONE)
    assert page.title == "تیتر <b>خطرناک</b> & بلند"
    assert "&lt;script&gt;" in page.body[-1].html


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("سلام، حال شما چطور است؟", "pasted-not-a-page"),
        ("", "pasted-not-a-page"),
        (_text("شناسه خبر : abc", _TITLE, _LEAD, _SECOND), "pasted-bad-number"),
        (_text("شناسه خبر : 0", _TITLE, _LEAD, _SECOND), "pasted-bad-number"),
        (_text("تاریخ انتشار : 1404/13/45", _TITLE, _LEAD, _SECOND), "pasted-bad-date"),
        (_LABELS, "pasted-no-title"),
        (_text(_LABELS, _TITLE), "pasted-no-text"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(UserError) as refused:
        parse_pasted(text, _ZONE)
    assert refused.value.key == reason
