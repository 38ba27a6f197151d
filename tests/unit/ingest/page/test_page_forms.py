"""Whole pages of many forms: agencies, ministries, newspapers, weblogs and shops of news, each with all that is read of it."""

import json
from pathlib import Path

import pytest

from bot.ingest.page.article_page import parse_page
from bot.ingest.raw_document import RawDocument
from tests.unit.ingest.page.whole_pages import (
    AUTHOR,
    DATE,
    HEADING,
    LEAD,
    OTHERS,
    SENTENCES,
    STAMP,
    TEXT,
    TITLE,
    ZONE,
    date_of,
    read,
    texts,
)

_FORMS = Path(__file__).parents[3] / "fixtures" / "forms"
_NOW = 1_796_000_000_000
_HEAD = f"<h1>{TITLE}</h1>"


@pytest.mark.parametrize("form", sorted(path.stem for path in _FORMS.glob("*.html")))
def test_all_parts_of_an_article_are_read(form: str) -> None:
    expected = json.loads((_FORMS / f"{form}.json").read_text())
    markup = (_FORMS / f"{form}.html").read_bytes()
    page = parse_page(RawDocument(markup, "text/html; charset=utf-8", expected["url"]), ZONE, now=_NOW)
    assert {
        "url": page.url,
        "title": page.title,
        "lead": page.lead,
        "body": texts(page),
        "number": page.number,
        "date": date_of(page),
        "sections": list(page.category_words),
        "byline": page.byline,
        "photo": page.photo,
    } == expected


@pytest.mark.parametrize(
    "body",
    [
        f"<div class='q1'>{LEAD}</div><div class='q2'>{TEXT}</div>",
        f"<p class='q1'>{LEAD}</p><div class='q2'>{TEXT}</div>",
        f"<div class='q1'>{LEAD}</div><div class='q2'>{'<br><br>'.join(SENTENCES)}</div>",
    ],
)
def test_the_paragraph_in_an_element_of_its_own_is_the_lead(body: str) -> None:
    page = read(f"<div>{_HEAD}{body}</div>")
    assert (page.lead, texts(page)) == (LEAD, list(SENTENCES))


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{LEAD}</p>{TEXT}",
        "".join(f"<div><p>{text}</p></div>" for text in (LEAD, *SENTENCES)),
        f"{LEAD}<div>{SENTENCES[0]}</div><div>{SENTENCES[1]}</div><div>{SENTENCES[2]}</div><div>{SENTENCES[3]}</div>",
    ],
)
def test_of_paragraphs_in_like_elements_none_is_the_lead(body: str) -> None:
    page = read(f"<div>{_HEAD}<div class='q2'>{body}</div></div>")
    assert (page.lead, texts(page)) == ("", [LEAD, *SENTENCES])


def test_the_caption_of_a_photo_above_the_text_is_no_lead() -> None:
    photo = f"<div class='q1'><img src='/i/dam-17.jpg'><div class='q3'>{LEAD}</div></div>"
    page = read(f"<div>{_HEAD}{photo}<div class='q2'>{TEXT}</div></div>")
    assert (page.lead, page.photo) == ("", "https://paper.example/i/dam-17.jpg")


def test_pictures_of_other_news_are_no_report_in_photos() -> None:
    teasers = "".join(
        f"<div class='q5'><img src='/t/{at}1234.jpg'><a href='/news/90{at}/x'>{other}</a></div>"
        for at, other in enumerate(OTHERS)
    )
    text = "<br><br>".join(SENTENCES)
    for label in ("", "<div class='q6'>پربازدیدها</div>", "<div class='q6'>ستون ما</div>"):
        page = read(f"<div>{_HEAD}<div class='q2'>{text}</div></div><div class='q4'>{label}{teasers}</div>")
        assert texts(page) == list(SENTENCES)


@pytest.mark.parametrize(
    ("path", "sections"),
    [
        ("<div class='q1'><a href='/'>خانه</a> » <a href='/c/5'>استان‌ها</a> » <a href='/c/51'>فارس</a></div>", ("استان‌ها", "فارس")),
        ("<ol class='q1'><li><a href='/'>Home</a></li><li><a href='/m'>بازار</a></li><li><a href='/m/g'>طلا</a></li></ol>", ("بازار", "طلا")),
        ("<div class='q1'><a href='/'>Home</a> / <a href='/e'>اقتصاد</a></div>", ("اقتصاد",)),
        ("<div class='q1'><a href='/e'>سیاست</a> - <a href='/f'>مجلس</a></div>", ("سیاست", "مجلس")),
        ("<span>رقم الخبر: 44</span> <span>القسم: <a href='/e'>اقتصاد</a></span>", ("اقتصاد",)),
        ("<div class='q1'><a href='/'>خانه</a> <a href='/a'>آرشیو</a> <a href='/l'>پیوندها</a></div>", ()),
        ("<div class='q1'><a href='/'>خانه</a> | <a href='/a'>آرشیو</a></div>", ()),
    ],
)  # fmt: skip
def test_the_path_of_sections_is_known_by_its_links(path: str, sections: tuple[str, ...]) -> None:
    assert read(f"<div>{path}{_HEAD}<div class='q2'>{TEXT}</div></div>").category_words == sections


@pytest.mark.parametrize(
    ("line", "sections"),
    [
        ("<a href='/service/Society'>جامعه</a> <time>۳ دی ۱۴۰۴</time> <span>۱۲ دقیقه خواندن</span>", ("جامعه",)),
        ("<a href='/u/9'>جامعه</a> <time>۳ دی ۱۴۰۴</time> <span>۱۲ دقیقه خواندن</span>", ()),
    ],
)
def test_a_link_above_the_title_names_the_section_by_its_address(line: str, sections: tuple[str, ...]) -> None:
    assert read(f"<div><p>{line}</p>{_HEAD}<div class='q2'>{TEXT}</div></div>").category_words == sections


def test_a_menu_beside_the_article_is_no_path_of_sections() -> None:
    menu = "<div class='q0'><a href='/e'>سیاست</a><a href='/f'>مجلس</a></div>"
    assert read(f"{menu}<div>{_HEAD}<div class='q2'>{TEXT}</div></div>").category_words == ()


@pytest.mark.parametrize(
    "line",
    [
        "<span>خبرنگار: {}</span>",
        "<ul><li>۳ دی ۱۴۰۴</li><li>نویسنده: <a href='/u/7'>{}</a></li></ul>",
        "<div><em>به قلم: {}</em><i>پژوهشگر</i></div>",
        "<p>گزارش از {}</p>",
        "<div><b>نگارش از</b> <a href='/profiles/7'>{}</a></div>",
        "<div><b>به قلم</b> <a href='/u/7'>{}</a></div>",
        "<span>By: {} | Published: 2025/12/24</span>",
        "<a href='/author/negar/'><span>{}</span></a>",
    ],
)
def test_a_label_beside_the_title_names_the_author(line: str) -> None:
    others = "<div class='q4'><span>نویسنده: پرویز دانا</span><a href='/o/1'>یادداشتی دیگر</a></div>"
    page = read(
        f"<div>{_HEAD}<div class='q1'>{line.format(AUTHOR)}</div><div class='q2'>{TEXT}</div></div>{others}"
    )
    assert page.byline == AUTHOR


def test_the_work_beside_the_link_to_an_author_is_no_name() -> None:
    author = f"<div class='item-author'><a href='/author/7'>{AUTHOR}</a> <span>پژوهشگر شهری</span></div>"
    page = read(f"{_HEAD}{author}<div class='item-body'><div class='item-text'>{TEXT}</div></div>")
    assert (page.profile, page.byline) == ("nastooh", AUTHOR)


def test_a_label_in_a_list_of_other_columns_names_nobody() -> None:
    others = f"<div class='q4'><span>نویسنده: {AUTHOR}</span><a href='/o/1'>یادداشتی دیگر</a></div>"
    long = TEXT + "".join(f"<p>{sentence} و باز هم گفت.</p>" for sentence in SENTENCES * 2)
    assert read(f"<div>{_HEAD}<div class='q2'>{long}</div></div>{others}").byline == ""


@pytest.mark.parametrize("mark", ["MK/PR", "انتهى/25ر", "انتهی/ ۴"])
def test_a_desk_signs_below_the_text(mark: str) -> None:
    assert texts(read(f"<div>{_HEAD}<div class='q2'>{TEXT}<p>{mark}</p></div></div>")) == list(SENTENCES)


def test_a_page_without_headings_names_its_headline_by_a_class() -> None:
    body = f"<div><span class='news-title'>{TITLE}</span><div class='q2'>{TEXT}</div></div>"
    assert read(body, title="وزارت نمونه > اخبار").title == TITLE
    assert read(body.replace(TITLE, f"<a href='/x'>{TITLE}</a>"), title="وزارت نمونه > اخبار").title != TITLE


def test_the_time_beside_the_headline_comes_before_todays_in_the_head_of_the_page() -> None:
    today = "<div class='q0'>یکشنبه ۱۲ بهمن ۱۴۰۴ - ۰۸:۱۰</div>"
    time = f"<header>{_HEAD}<time datetime='{STAMP}'>سوم دی</time></header>"
    assert date_of(read(f"{today}<div>{time}<div class='q2'>{TEXT}</div></div>")) == DATE
    changed = "<time class='updated' datetime='2026-01-30T10:00:00Z'>دهم بهمن</time>"
    assert (
        date_of(read(f"<div>{time.replace('</h1>', '</h1>' + changed)}<div class='q2'>{TEXT}</div></div>")) == DATE
    )


def test_numbers_that_a_style_parts_are_two() -> None:
    line = "<span>۳ دی ۱۴۰۴ ساعت ۱۵:۱۶</span><span>۳٫۴K</span><span>۱۲ نظر</span>"
    assert date_of(read(f"<div>{_HEAD}<div>{line}</div><div class='q2'>{TEXT}</div></div>")) == DATE


def test_the_paragraph_that_stands_alone_with_a_photo_is_its_caption() -> None:
    photos = "".join(
        f"<div class='s'><img data-lazy='/g/dam-{at}11.jpg'><p>سد شمارهٔ {at} در برف.</p></div>" for at in (1, 2, 3)
    )
    page = read(f"<div>{_HEAD}<div class='q2'>{photos}</div></div>")
    assert texts(page) == [f"[dam-{at}11.jpg] سد شمارهٔ {at} در برف." for at in (1, 2, 3)]


def test_a_line_in_bold_by_its_style_is_a_heading() -> None:
    lines = f"{SENTENCES[0]}<br><br><span style='font-weight: bold'>{HEADING}</span><br><br>{SENTENCES[1]}"
    page = read(f"<div>{_HEAD}<div class='q2'>{lines}</div></div>")
    assert texts(page) == [SENTENCES[0], f"# {HEADING}", SENTENCES[1]]


def test_a_poll_between_paragraphs_is_none_of_them() -> None:
    first, *others = (f"<p>{sentence}</p>" for sentence in SENTENCES)
    poll = (
        "<div class='q7'><p>از وضع آب راضی هستید؟</p><ul><li><label><input type='radio'>بله</label></li>"
        "<li><label><input type='radio'>خیر</label></li></ul><button>ثبت رأی</button></div>"
    )
    assert texts(read(f"<div>{_HEAD}<div class='q2'>{first}{poll}{''.join(others)}</div></div>")) == list(SENTENCES)
    stars = "<div class='q7'>" + "<input type='radio'>" * 5 + "</div>"
    assert texts(read(f"<div>{_HEAD}<div class='q2'><p>{SENTENCES[0]}</p>{stars}</div></div>")) == [SENTENCES[0]]


_SAID = (
    "خدا قوت به مسئولان آب استان، برای روستاهای ما هم کاری کنید.",
    "چرا از سد جنوبی چیزی نگفتید؟ آنجا خشک است.",
)


@pytest.mark.parametrize(
    "comments",
    [
        "<div><h3>۲ نظر</h3><ul><li><b>رضا</b> ۱۴۰۴/۱۰/۰۳ ۱۸:۲۲<p>{}</p></li><li><b>مینا</b><p>{}</p></li></ul></div>",
        "<div><div>نظرات بینندگان</div><div>منتشر شده: ۲</div><div>رضا | ۱۸:۲۲</div><div>{}</div><div>{}</div></div>",
        "<div><h4>نظر کاربران</h4><p>{}</p><p>{}</p></div>",
        "<div><h3>پاسخ‌ها</h3><div><p>{}</p></div><div><p>{}</p></div></div>",
        "<div><h3>2 thoughts on “Dams”</h3><ol><li><p>{}</p></li><li><p>{}</p></li></ol></div>",
        "<table><tr><td>نظرات خوانندگان:</td></tr><tr><td>{}</td></tr><tr><td>{}</td></tr></table>",
        "<div itemprop='comment'><i itemprop='author'>رضا</i><p>{}</p><p>{}</p></div>",
    ],
)
@pytest.mark.parametrize(
    "page", ["<div>{}<div class='q2'>{}</div>{}</div>", "<div>{}<div class='q2'>{}{}</div></div>"]
)
def test_what_readers_say_is_no_text(comments: str, page: str) -> None:
    assert texts(read(page.format(_HEAD, TEXT, comments.format(*_SAID)))) == list(SENTENCES)


def test_terms_and_what_describes_them_are_points() -> None:
    terms = "<dl><dt>سد شمالی</dt><dd>۴۲ درصد</dd><dt>سد جنوبی:</dt><dd>۳۸ درصد</dd></dl>"
    page = read(f"<div>{_HEAD}<div class='q2'><p>{SENTENCES[0]}</p>{terms}<p>{SENTENCES[1]}</p></div></div>")
    assert texts(page) == [SENTENCES[0], "سد شمالی: ۴۲ درصد | سد جنوبی: ۳۸ درصد", SENTENCES[1]]


@pytest.mark.parametrize(
    "offer",
    [
        "<h3>برای خواندن ادامهٔ این گزارش مشترک شوید</h3><p>با اشتراک ماهانه به همهٔ گزارش‌ها دسترسی خواهید داشت.</p>",
        "<h3>Subscribe to continue reading</h3><p>All articles for one price, and you can cancel at any time.</p>",
    ],
)
def test_the_offer_of_a_subscription_ends_the_text(offer: str) -> None:
    page = read(f"<article>{_HEAD}<div class='q2'>{TEXT}</div><div class='q8'>{offer}</div></article>")
    assert texts(page) == list(SENTENCES)


def test_readers_who_are_sent_to_a_site_stay_in_the_text() -> None:
    line = "برای مشاهدهٔ همهٔ آگهی‌ها شهروندان می‌توانند وارد سامانهٔ آب شوند."
    page = read(f"<div>{_HEAD}<div class='q2'><p>{SENTENCES[0]}</p><p>{line}</p><p>{SENTENCES[1]}</p></div></div>")
    assert texts(page) == [SENTENCES[0], line, SENTENCES[1]]


def test_a_quotation_within_a_paragraph_has_marks() -> None:
    said = "<p>او گفت: <q>آب هست</q> و <q>«برق هم هست»</q>، یا به انگلیسی <q>there is water</q>.</p>"
    page = read(f"<div>{_HEAD}<div class='q2'>{TEXT}{said}</div></div>")
    assert texts(page)[-1] == "او گفت: «آب هست» و «برق هم هست»، یا به انگلیسی “there is water”."


def test_the_documents_of_an_article_stay_and_links_to_other_news_do_not() -> None:
    files = "<p>پیوست:</p><ul><li><a href='/f/1.pdf'>جدول سدها</a></li><li><a href='/f/2.xlsx'>آمار</a></li></ul>"
    news = f"<ul><li><a href='/n/1'>{OTHERS[0]}</a></li><li><a href='/n/2'>{OTHERS[1]}</a></li></ul>"
    page = read(f"<div>{_HEAD}<div class='q2'>{TEXT}{files}{news}</div></div>")
    assert texts(page) == [*SENTENCES, "پیوست:", "جدول سدها | آمار"]


def test_the_first_paragraph_in_bold_is_the_lead() -> None:
    page = read(f"<div>{_HEAD}<div class='q2'><div><b>{LEAD}</b></div>{TEXT}</div></div>")
    assert (page.lead, texts(page)) == (LEAD, list(SENTENCES))
    asked = read(
        f"<div>{_HEAD}<div class='q2'><p><b>آیا حجم آب پشت سدهای استان امسال بیشتر شده است؟</b></p>{TEXT}</div></div>"
    )
    assert asked.lead == ""


def test_a_headline_is_found_where_the_h1_is_the_name_of_the_site() -> None:
    logo = "<header><h1><a href='/'>روزنامهٔ نمونه‌خبر امروز</a></h1></header>"
    page = read(f"{logo}<div><h2>{TITLE}</h2><div class='q2'>{TEXT}</div></div>", title="روزنامهٔ نمونه‌خبر امروز")
    assert page.title == TITLE


def test_the_caption_of_a_table_stands_above_it() -> None:
    table = "<table><caption>ذخیرهٔ سدها</caption><tr><th>سد</th><th>درصد</th></tr><tr><td>شمالی</td><td>۴۲</td></tr></table>"
    page = read(f"<div>{_HEAD}<div class='q2'><p>{SENTENCES[0]}</p>{table}<p>{SENTENCES[1]}</p></div></div>")
    assert texts(page) == [SENTENCES[0], "ذخیرهٔ سدها", "سد | درصد | شمالی | ۴۲", SENTENCES[1]]


def test_the_name_of_a_character_that_is_escaped_twice_is_the_character() -> None:
    page = read(
        f"<div>{_HEAD}<div class='q2'>{TEXT}<p>می&amp;zwnj;شود &amp;laquo;نو&amp;raquo; و &amp;lt;b&amp;gt;.</p></div></div>"
    )
    assert texts(page)[-1] == "می\u200cشود «نو» و &lt;b&gt;."


def test_a_paragraph_behind_a_list_of_pictures_is_no_caption() -> None:
    pictures = "<dl><dt><img src='/i/dam-17.jpg'></dt><dd>سد شمالی</dd></dl>"
    page = read(f"<div>{_HEAD}<div class='q2'><p>{SENTENCES[0]}</p>{pictures}<p>{SENTENCES[1]}</p></div></div>")
    assert texts(page) == [SENTENCES[0], "[dam-17.jpg] سد شمالی", SENTENCES[1]]


def test_a_lead_that_the_text_repeats_further_down_cuts_nothing_above_it() -> None:
    body = f"<p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p><p>{LEAD}</p><p>{SENTENCES[3]}</p>"
    page = read(f"<div>{_HEAD}<p class='lead'>{LEAD}</p><div class='q2'>{body}</div></div>")
    assert (page.lead, texts(page)[:2]) == (LEAD, list(SENTENCES[:2]))
