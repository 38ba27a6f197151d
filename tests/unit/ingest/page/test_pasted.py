"""Text that was copied from a browser, with all that comes along with it."""

from zoneinfo import ZoneInfo

import pytest

from bot.errors import UserError
from bot.ingest.page.pasted_text import parse_pasted
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
    assert page.section == "گروه بین الملل"
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


_KICKER = "در گفت و گو با پیک مطرح شد"
_FOREIGN = "تیتر بیگانه‌ای که بلند است و در متن این خبر جایی ندارد"
_FIRST_ONLY = [_FIRST, _SECOND]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((_TITLE, _LABELS, _LEAD, _FIRST, _SECOND), id="title above the labels"),
        pytest.param((_LABELS, f"{_KICKER}؛", _TITLE, _LEAD, _FIRST, _SECOND), id="kicker that ends as one"),
        pytest.param(
            (_LABELS, _KICKER, _TITLE, _LEAD, _FIRST, _SECOND), id="kicker above title, lead and dateline"
        ),
        pytest.param((_LABELS, _TITLE, _KICKER, _TITLE, _LEAD, _FIRST, _SECOND), id="kicker between the titles"),
        pytest.param(
            (_LABELS, "A-", "A+", "کپی لینک", _TITLE, _TITLE, "چاپ خبر", _LEAD, _FIRST, _SECOND), id="tools"
        ),
        pytest.param((_LABELS, "تعداد بازدید : ۱۲۰", "نظرات : 0", _TITLE, _LEAD, _FIRST, _SECOND), id="counters"),
        pytest.param((_LABELS, _TITLE, "عکس: ایرج نمونه", _LEAD, _FIRST, _SECOND), id="credit of the photo"),
        pytest.param((_LABELS, _TITLE, _LEAD, _FIRST, "بیشتر بخوانید:", _FOREIGN, _SECOND), id="read more, a list"),
        pytest.param(
            (_LABELS, _TITLE, _LEAD, _FIRST, f"بیشتر بخوانید: {_FOREIGN}", _SECOND), id="read more, a line"
        ),
        pytest.param((_LABELS, _TITLE, _LEAD, _FIRST, "در همین زمینه", _FOREIGN, _SECOND), id="a box within"),
        pytest.param((_LABELS, _TITLE, _LEAD, _FIRST, "اقرأ أيضا:", _FOREIGN, _SECOND), id="an Arabic box within"),
        pytest.param((_LABELS, _TITLE, _LEAD, _FIRST, _SECOND, "انتهای پیام/ ۱۲ب", _FOREIGN), id="end and a code"),
        pytest.param(
            (_LABELS, _TITLE, _LEAD, _FIRST, _SECOND, "برچسب‌ها: بندر، دریا", _FOREIGN), id="tags in a line"
        ),
        pytest.param((_LABELS, _TITLE, _LEAD, _FIRST, _SECOND, "نام:", "ایمیل:", _FOREIGN), id="form of comments"),
        pytest.param((_LABELS, _TITLE, _LEAD, _FIRST, _SECOND, "۳ نظر", _FOREIGN), id="number of comments"),
        pytest.param((_LABELS, _TITLE, _LEAD, _FIRST, _SECOND, "آخرین اخبار بین الملل", _FOREIGN), id="latest"),
        pytest.param((_LABELS, _TITLE, _LEAD, _FIRST, _SECOND, "https://example.org/n/1"), id="short link"),
        pytest.param((_TITLE, _LEAD, _FIRST, _SECOND, _LABELS, "نظرات", _FOREIGN * 2), id="labels behind the text"),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n\r\n", " \n\u00a0\n"])
def test_only_the_article_comes_out(lines: tuple[str, ...], line_end: str) -> None:
    page = parse_pasted("\n".join(("بین الملل", *lines)).replace("\n", line_end), _ZONE)
    assert (page.title, page.lead, page.number) == (_TITLE, _LEAD, "264802")
    assert [block.html for block in page.body] == _FIRST_ONLY
    assert page.category_words == ("بین الملل",)
    assert page.section == "گروه بین الملل"


@pytest.mark.parametrize(
    ("above", "labels"),
    [
        (["خانه", "سیاسی", "اقتصادی", "فرهنگی", "ورزشی", "بین الملل"], _LABELS),
        (["امروز : سه شنبه 1405/09/03", "بین الملل"], _LABELS),
        (["سرویس : بین الملل"], _LABELS),
        ([], _LABELS.replace("\n", "\nگروه : بین الملل\n")),
    ],
)
def test_the_section_is_the_one_at_the_labels(above: list[str], labels: str) -> None:
    page = parse_pasted(_text(*above, labels, _TITLE, _TITLE, _LEAD, _FIRST, _SECOND, _END), _ZONE)
    assert page.category_words == ("بین الملل",)
    assert page.published_at is not None
    assert format_ascii(page.published_at, _ZONE) == "1404/10/03 15:16"


@pytest.mark.parametrize(
    "labels",
    [
        "شناسه خبر : ۲۶۴٬۸۰۲\nتاریخ انتشار : 15:16 - 1404/10/03",
        "شناسه خبر :\nتاریخ انتشار :\n264802\nچهارشنبه ۳ دی ۱۴۰۴، ساعت ۱۵:۱۶",
        "شناسهخبر:264802\nتاریخانتشار:چهارشنبه1404/10/03ساعت15:16",
    ],
)
def test_values_apart_from_their_labels_and_lost_spaces(labels: str) -> None:
    page = parse_pasted(_text("سیاسی", labels, _TITLE, _LEAD, _FIRST), _ZONE)
    assert (page.number, page.title) == ("264802", _TITLE)
    assert page.published_at is not None
    assert format_ascii(page.published_at, _ZONE) == "1404/10/03 15:16"


def test_a_clock_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UserError) as refused:
        parse_pasted(_text("تاریخ انتشار : 1404/10/03 ساعت 25:76", _TITLE, _LEAD, _SECOND), _ZONE)
    assert refused.value.key == "pasted-bad-date"


def test_a_lead_said_twice_stands_once_and_half_spaces_of_the_page_stay() -> None:
    dateline = "پیک‌نیوز – گروه بین‌الملل؛ در کنار همایش پنج کارگاه آموزشی برگزار شد که پرشمار بودند."
    page = parse_pasted(_text(_LABELS, _TITLE, _LEAD, _LEAD, dateline), _ZONE)
    assert page.lead == _LEAD
    assert [block.html for block in page.body] == [dateline]
    assert page.section == "گروه بین‌الملل"


def test_lists_and_sub_headings() -> None:
    lines = (
        "• ایمنی دریایی",
        "• ساخت کشتی",
        "آیا بندر گسترش می یابد؟",
        _SECOND,
        "۱- راه",
        "۲- بندر",
        "۳. دریا خانه ماست",
        _SECOND,
    )
    page = parse_pasted(_text(_LABELS, _TITLE, _LEAD, _FIRST, *lines, "«دریا خانه ماست»", _SECOND), _ZONE)
    assert [(block.kind, block.html or block.items, block.ordered) for block in page.body[1:]] == [
        (BlockKind.LIST, ("ایمنی دریایی", "ساخت کشتی"), False),
        (BlockKind.HEADING, "آیا بندر گسترش می یابد؟", False),
        (BlockKind.PARAGRAPH, _SECOND, False),
        (BlockKind.LIST, ("راه", "بندر", "دریا خانه ماست"), True),
        (BlockKind.PARAGRAPH, _SECOND, False),
        (BlockKind.HEADING, "«دریا خانه ماست»", False),
        (BlockKind.PARAGRAPH, _SECOND, False),
    ]
