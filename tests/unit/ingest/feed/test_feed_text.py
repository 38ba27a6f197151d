"""Titles, leads and bodies of feeds' entries."""

import json

import pytest

from storage.records import BlockKind
from tests.unit.ingest.feeds import atom, entry, item, read, rss, texts

_SENTENCE = "باران تند جادهٔ کوهستان را بست و رانندگان از راه دیگر رفتند."


def _cdata(text: str) -> str:
    return f"<![CDATA[{text}]]>"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("سهم AT&T بالا رفت", "سهم AT&T بالا رفت"),
        ("R&D & M&Ms", "R&D & M&Ms"),
        ("R&amp;D", "R&D"),
        ("R&amp;amp;D", "R&D"),
        (_cdata("R&D و R&amp;D"), "R&D و R&D"),
        ("«شهر&nbsp;نو» &ndash; سه&zwnj;شنبه", "«شهر نو» – سه\u200cشنبه"),
        ("شیر &#171;تازه&#187; &amp;#171;کهنه&amp;#187;", "شیر «تازه» «کهنه»"),
        ("شادی &#55357;&#56832; و &#0;اندوه&#x1F;", "شادی \U0001f600 و اندوه"),
        ("دما < ۵ درجه <۳", "دما < ۵ درجه <۳"),
        ("proj <6", "proj <6"),
        (_cdata("عنصر &lt;video&gt; چیست؟"), "عنصر <video> چیست؟"),
        ("کار با &lt;div&gt; در صفحه", "کار با <div> در صفحه"),
        ("فرق &lt;img&gt; و &lt;picture&gt;", "فرق <img> و <picture>"),
        ('&lt;img src="a.gif"&gt; پل بسته شد', "پل بسته شد"),
        ("فرق &lt;b&gt; و &lt;strong&gt; در چیست", "فرق <b> و <strong> در چیست"),
        ("List&lt;String&gt; در جاوا", "List<String> در جاوا"),
        ("&lt;b&gt;فوری&lt;/b&gt; پل بسته شد", "فوری پل بسته شد"),
        ("&amp;lt;b&amp;gt;فوری&amp;lt;/b&amp;gt; پل بسته شد", "فوری پل بسته شد"),
        (_cdata('<span style="color:red">فوری</span><br/>پل بسته شد'), "فوری پل بسته شد"),
        ("<b>فوری</b> پل بسته شد", "فوری پل بسته شد"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;پل بسته شد", "پل بسته شد"),
        ("&lt;![CDATA[پل بسته شد]]&gt;", "پل بسته شد"),
        ("پل\n\t  بسته   شد", "پل بسته شد"),
        ("پل\x0b \x08بسته شد", "پل بسته شد"),
    ],
)
def test_a_title_is_shown_as_it_was_meant(written: str, shown: str) -> None:
    assert item("", title=written).title == shown


def test_a_title_that_atom_or_json_calls_text_is_text() -> None:
    assert entry("<title>عنصر &lt;video&gt; و R&amp;amp;D</title>").title == "عنصر <video> و R&D"
    assert entry('<title type="html">&lt;i&gt;عنصر&lt;/i&gt; &amp;lt;video&amp;gt;</title>').title == "عنصر <video>"
    data = {"version": "https://jsonfeed.org/version/1.1", "items": [{"title": "عنصر <video> و R&D"}]}
    assert read(json.dumps(data)).items[0].title == "عنصر <video> و R&D"


def test_a_picture_beside_a_text_that_is_escaped() -> None:
    picture = '<img src="https://img.example/a.jpg" alt="پل"/>'
    read_item = item(f"<description>{picture}{_cdata('<p>بند <b>یک</b>.</p><p>بند دو.</p>')}</description>")
    assert (read_item.summary, texts(read_item)) == ("بند یک.", ["بند دو."])
    assert read_item.photo == "https://img.example/a.jpg"


@pytest.mark.parametrize("kind", ["text", "text/plain"])
def test_a_text_with_angle_brackets_is_told_once(kind: str) -> None:
    read_item = entry(f'<title>ی</title><content type="{kind}">کار با عنصر &lt;video&gt; و R&amp;D</content>')
    assert (read_item.summary, texts(read_item)) == ("کار با عنصر <video> و R&D", [])


@pytest.mark.parametrize(
    "element", ["yandex:full-text", "encoded", "full-text", "fulltext", "content", "content:encoded"]
)
def test_the_whole_text_is_found_in_the_elements_that_sites_put_it_in(element: str) -> None:
    whole = f"<{element}>{_cdata('<p>بند یک.</p><p>بند دو.</p>')}</{element}>"
    feed = rss(f"<item><title>پل</title><description>{_SENTENCE}</description>{whole}</item>")
    (read_item,) = read(feed.replace("<rss ", '<rss xmlns:yandex="http://news.yandex.ru" ')).items
    assert (read_item.summary, texts(read_item)) == (_SENTENCE, ["بند یک.", "بند دو."])


def test_a_podcasts_subtitle_is_the_lead_where_nothing_else_is() -> None:
    assert item(f"<itunes:subtitle>{_SENTENCE}</itunes:subtitle>").summary == _SENTENCE
    assert (
        item(f"<itunes:subtitle>زیر</itunes:subtitle><description>{_SENTENCE}</description>").summary == _SENTENCE
    )


def test_title_author_and_date_that_drupal_puts_before_a_text_are_no_part_of_it() -> None:
    fields = (
        '<span class="field field--name-title field--type-string">پل تازهٔ رود باز شد</span>\n'
        '<span class="field field--name-uid"><span lang="" about="/user/1">admin</span></span>\n'
        '<span class="field field--name-created"><time datetime="2026-11-28T08:30:00+03:30">Sat, 11/28/2026 - 08:30</time></span>\n'
        f'<div class="clearfix text-formatted field field--name-body"><p>{_SENTENCE}</p></div>'
    )
    read_item = item(f"<description>{_cdata(fields)}</description>")
    assert (read_item.summary, texts(read_item)) == (_SENTENCE, [])


def test_a_blank_line_parts_the_paragraphs_of_plain_text() -> None:
    read_item = item(f"<description>{_SENTENCE}\r\n \r\nبند دو\nدر دو سطر.\n\n\nبند سه.</description>")
    assert (read_item.summary, texts(read_item)) == (_SENTENCE, ["بند دو در دو سطر.", "بند سه."])


def test_what_is_said_of_a_picture_is_not_the_lead() -> None:
    caption = '<media:content url="https://img.example/a.jpg" medium="image"><media:title type="plain">پل از دور</media:title><media:description>عکس: بایگانی</media:description></media:content>'
    for inner in (
        f"{caption}<description>{_SENTENCE}</description>",
        f"<description>{_SENTENCE}</description>{caption}",
    ):
        read_item = item(inner)
        assert (read_item.title, read_item.summary, texts(read_item)) == ("پل تازهٔ رود باز شد", _SENTENCE, [])
    read_item = item(f"{caption}<content:encoded>{_cdata('<p>بند یک.</p><p>بند دو.</p>')}</content:encoded>")
    assert (read_item.summary, texts(read_item)) == ("بند یک.", ["بند دو."])
    assert item(caption).summary == ""
    prefixed = (
        rss(f"<item><title>پل</title>{caption}<description>{_SENTENCE}</description></item>")
        .replace("media:", "m:")
        .replace("xmlns:media", "xmlns:m")
    )
    assert read(prefixed).items[0].summary == _SENTENCE


def test_what_is_said_of_a_film_that_is_the_entry_is_the_lead() -> None:
    film = f'<title>فیلم</title><media:group xmlns:media="http://search.yahoo.com/mrss/"><media:title>فیلم</media:title><media:content url="https://v.example/1.mp4" type="video/mp4"/><media:thumbnail url="https://v.example/1.jpg" width="480"/><media:description>{_SENTENCE}</media:description></media:group>'
    read_item = entry(film)
    assert (read_item.title, read_item.summary, read_item.photo) == ("فیلم", _SENTENCE, "https://v.example/1.jpg")
    assert item("<media:title>نام رسانه</media:title>", title="").title == "نام رسانه"


@pytest.mark.parametrize(
    ("described", "summary", "body"),
    [
        ("<ul><li>دبستان بسته است</li><li>دانشگاه باز است</li></ul>", "", ["دبستان بسته است, دانشگاه باز است"]),
        ("<p><strong>استاندار درگذشت استاد را تسلیت گفت</strong></p>", "استاندار درگذشت استاد را تسلیت گفت", []),
        ("<blockquote>سخنی دربارهٔ دانش.</blockquote>", "", ["سخنی دربارهٔ دانش."]),
        ("<table><tr><td>سکه</td><td>۹</td></tr></table>", "سکه | ۹", []),
        ("<h3>روتیتر خبر</h3><p>بند خبر.</p>", "", ["روتیتر خبر", "بند خبر."]),
        ("<p>بند یک.</p><ul><li>یک</li></ul>", "بند یک.", ["یک"]),
        ("<aside>تنها همین</aside>", "تنها همین", []),
        ("متن ساده با R&D", "متن ساده با R&D", []),
        (
            "&lt;p&gt;بند یک با &lt;b&gt;مهم&lt;/b&gt;.&lt;/p&gt;&lt;p&gt;بند دو.&lt;/p&gt;",
            "بند یک با مهم.",
            ["بند دو."],
        ),
        ("&amp;lt;p&amp;gt;بند &amp;amp;laquo;یک&amp;amp;raquo;.&amp;lt;/p&amp;gt;", "بند «یک».", []),
        ("نرخ &amp;amp;laquo;تازه&amp;amp;raquo; &amp;amp;amp; تمام", "نرخ «تازه» & تمام", []),
        ("<p>برچسب &lt;p&gt;متن&lt;/p&gt; بند می‌سازد.</p>", "برچسب <p>متن</p> بند می‌سازد.", []),
        ("<svg><title>نشان</title></svg>", "", []),
        ("<form><o:p>متن در یک فرم</o:p></form>", "متن در یک فرم", []),
        (
            '<p>شادی <img class="wp-smiley" src="https://s.w.org/images/core/emoji/15/72x72/1f600.png" alt="😀"> در شهر</p>',
            "شادی 😀 در شهر",
            [],
        ),
        ('<p>پل <img src="https://paper.example/static/logo.png" alt="نشان ما"> بسته است</p>', "پل بسته است", []),
    ],
)
def test_every_form_of_description_is_kept(described: str, summary: str, body: list[str]) -> None:
    read_item = item(f"<description>{_cdata(described)}</description>")
    assert (read_item.summary, texts(read_item)) == (summary, body)


def test_a_list_stays_a_list_and_a_description_with_content_is_the_lead() -> None:
    points = _cdata("<ol><li>یک</li><li>دو</li></ol>")
    assert item(f"<description>{points}</description>").body[0].kind is BlockKind.LIST
    content = f"<content:encoded>{_cdata(f'<p>{_SENTENCE}</p>')}</content:encoded>"
    read_item = item(f"<description>{points}</description>{content}")
    assert (read_item.summary, texts(read_item)) == ("یک · دو", [_SENTENCE])


def test_markup_that_nobody_escaped_is_read_in_that_item_alone() -> None:
    whole = f"<item><title>سالم</title><description>{_SENTENCE}</description></item>"
    broken = "<item><title>زخمی</title><description><p>بند یک<br>و دو</p></description></item>"
    feed = read(rss(whole + broken + whole.replace("سالم", "سالم دو")))
    assert [(read_item.title, read_item.summary) for read_item in feed.items] == [
        ("سالم", _SENTENCE),
        ("زخمی", "بند یک و دو"),
        ("سالم دو", _SENTENCE),
    ]


def test_a_missing_title_is_made_of_the_texts_beginning() -> None:
    assert item(f"<description>{_SENTENCE} جاده تا شب باز می‌شود.</description>", title="").title == _SENTENCE[:-1]
    long = "واژه " * 80
    assert item(f"<description>{long}</description>", title="").title.endswith("واژه…")
    assert len(item(f"<description>{long}</description>", title="…").title) <= 100
    only_points = item(f"<description>{_cdata('<ul><li>دبستان بسته است</li></ul>')}</description>", title="")
    assert only_points.title == "دبستان بسته است"
    data = {
        "version": "https://jsonfeed.org/version/1",
        "items": [{"id": 7, "title": None, "content_text": _SENTENCE}, {"content_html": 5}],
    }
    (read_item,) = read(json.dumps(data)).items
    assert (read_item.guid, read_item.title, texts(read_item)) == ("7", _SENTENCE[:-1], [_SENTENCE])


def test_a_title_of_digits_is_a_title_and_nothing_at_all_is_no_item() -> None:
    assert item("", title="1984").title == "1984"
    assert item(f"<description>{_SENTENCE}</description>", title="1984").title == _SENTENCE[:-1]
    assert read(rss("<item><link>https://paper.example/1</link></item><item/>")).items == ()


def test_a_description_that_is_the_title_again_is_said_once() -> None:
    assert item("<description>پل تازهٔ رود باز شد.</description>").summary == ""


def test_text_that_atom_calls_text_is_no_markup() -> None:
    read_item = entry("<title>ی</title><summary>اگر a &lt; b باشد &lt;b&gt; می‌نویسیم</summary>")
    assert read_item.summary == "اگر a < b باشد <b> می‌نویسیم"
    xhtml = '<title>ی</title><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>بند <b>یک</b>.</p><p>بند دو.</p></div></content>'
    assert texts(entry(xhtml)) == ["بند دو."]


def test_entries_of_atom_without_a_summary_and_of_other_namespaces() -> None:
    prefixed = (
        atom("<entry><title>پل</title><summary>خلاصه</summary></entry>")
        .replace("<", "<a:")
        .replace("<a:/", "</a:")
        .replace("xmlns=", "xmlns:a=")
    )
    assert [(read_item.title, read_item.summary) for read_item in read(prefixed).items] == [("پل", "خلاصه")]


def test_text_beyond_a_lead_or_the_last_block_is_kept() -> None:
    long = "آب " * 1_000
    read_item = item(f"<description>{long}</description>")
    assert (read_item.summary, texts(read_item)) == ("", [long.strip()])
    many = "".join(f"<p>بند {number}</p>" for number in range(4_000))
    read_item = item(f"<description><![CDATA[<p>لید خبر.</p>{many}]]></description>")
    assert texts(read_item)[-1].endswith("بند 3998 بند 3999")


_SECOND = "راه دیگر از دو روستا می‌گذرد و نیم ساعت درازتر است، اما برف آن را نمی‌بندد."


@pytest.mark.parametrize(
    "rest",
    [
        "<p>انتهای پیام</p>",
        "<p>انتهای پیام/ ۱۲۳</p>",
        "<p>کد خبر: 123456</p>",
        "<p>۲۲۳۲۲۳</p>",
        "<p>/ک</p>",
        "<p>ـــــ</p>",
        '<p><a href="https://paper.example/n/1">ادامه مطلب »</a></p>',
        '<p><a href="https://paper.example/n/1#comments">Comments</a></p>',
        '<p><strong>بیشتر بخوانید:</strong></p><ul><li><a href="https://paper.example/n/2">خبر دیگری از کوهستان</a></li></ul>',
        '<h4>خواندنی‌های دیگر</h4><p><a href="/n/2">خبر دیگری از کوهستان</a></p><p><a href="/n/3">خبر سوم از دشت</a></p>',
        '<div><ul><li><a href="https://t.me/share?x">تلگرام</a></li><li><a href="x">توییتر</a></li></ul></div>',
        '<blockquote><a href="https://www.instagram.com/p/x/">View this post on Instagram</a></blockquote>',
        "<p>ما را در تلگرام دنبال کنید</p>",
        "<p>© بازنشر مطالب با ذکر منبع آزاد است.</p>",
    ],
)
def test_a_feeds_text_ends_where_its_article_ends(rest: str) -> None:
    read_item = item(f"<description>{_cdata(f'<p>{_SENTENCE}</p><p>{_SECOND}</p>{rest}')}</description>")
    assert (read_item.summary, texts(read_item)) == (_SENTENCE, [_SECOND])


@pytest.mark.parametrize(
    "end",
    [
        ' <a href="https://paper.example/n/1">ادامه مطلب</a>',
        ' [<a href="https://paper.example/n/1">متن کامل خبر</a>]',
        ' <a href="https://paper.example/n/1">Continue reading →</a>',
        ' <a href="https://paper.example/n/1">Continue Reading <span>جاده بسته شد</span></a>',
        ' <a href="https://paper.example/n/1">ادامهٔ خواندن <span>جاده بسته شد</span> ←</a>',
        " انتهای پیام/",
    ],
)
def test_a_lead_ends_without_the_link_to_the_rest(end: str) -> None:
    assert item(f"<description>{_cdata(_SENTENCE + end)}</description>").summary == _SENTENCE


def test_a_box_between_paragraphs_of_a_feed_is_skipped() -> None:
    box = '<div><h3>در همین زمینه</h3><ul><li><a href="/n/2">خبر دیگر</a></li><li><a href="/n/3">خبر سوم</a></li></ul></div>'
    read_item = item(f"<description>{_cdata(f'<p>{_SENTENCE}</p>{box}<p>{_SECOND}</p>')}</description>")
    assert (read_item.summary, texts(read_item)) == (_SENTENCE, [_SECOND])


@pytest.mark.parametrize(
    "written", ["null", "undefined", "N/A", "&nbsp;", '<a href="https://p.example/1">https://p.example/1</a>']
)
def test_what_stands_for_no_text_is_none(written: str) -> None:
    read_item = item(f"<description>{_cdata(written)}</description>")
    assert (read_item.summary, read_item.body) == ("", ())


def test_the_title_above_the_text_is_said_once() -> None:
    read_item = item(
        f"<description>{_cdata(f'<h1>جاده بسته شد</h1><p>{_SENTENCE}</p>')}</description>", title="جاده بسته شد"
    )
    assert (read_item.summary, read_item.body) == (_SENTENCE, ())


@pytest.mark.parametrize(
    "only", ["<b>رئیس درگذشت استاد را تسلیت گفت</b>", "#کوهستان #برف", "<p>متن کامل بیانیه:</p>"]
)
def test_a_text_of_one_line_is_kept(only: str) -> None:
    assert item(f"<description>{_cdata(only)}</description>").summary != ""


@pytest.mark.parametrize(
    "sentence",
    ["تمامی حقوق کارگران پرداخت شد.", "شورای شهر ما در تلگرام خبر داد که راه باز است.", "متن کامل بیانیه:"],
)
def test_sentences_that_begin_like_a_control_are_text(sentence: str) -> None:
    read_item = item(f"<description>{_cdata(f'<p>{_SENTENCE}</p><p>{sentence}</p><p>{_SECOND}</p>')}</description>")
    assert texts(read_item) == [sentence, _SECOND]


def test_a_preview_of_telegram_is_text_for_all_its_class_says() -> None:
    markup = f'<div class="tgme_widget_message_text">{_SENTENCE}<br><br>{_SECOND}</div>'
    read_item = item(f"<description>{_cdata(markup)}</description>")
    assert (read_item.summary, texts(read_item)) == (_SENTENCE, [_SECOND])
    only = item(
        f"<description>{_cdata(f'<div class=sidebar><p>{_SENTENCE}</p><p>{_SECOND}</p></div>')}</description>"
    )
    assert (only.summary, texts(only)) == (_SENTENCE, [_SECOND])


@pytest.mark.parametrize(
    ("written", "byline"),
    [
        ("admin", ""),
        ("مدیر سایت", ""),
        ("noreply@paper.example (مریم نمونه)", "مریم نمونه"),
        ("مریم نمونه", "مریم نمونه"),
    ],
)
def test_an_account_of_the_system_is_nobodys_name(written: str, byline: str) -> None:
    assert item(f"<author>{written}</author>").byline == byline


@pytest.mark.parametrize(
    ("title", "written", "byline"),
    [
        ("روزنامهٔ نمونه", "روزنامه نمونه", ""),
        ("روزنامهٔ نمونه :: RSS", "روزنامهٔ نمونه", ""),
        ("نمونه | خبرهای ایران و جهان | Nemouneh", "نمونه | خبرهای ایران و جهان", ""),
        ("نمونه - آخرین خبرها", "نمونه", ""),
        ("نمونه | خبرها", "مریم نمونه", "مریم نمونه"),
    ],
)
def test_the_site_itself_is_the_author_of_nothing(title: str, written: str, byline: str) -> None:
    (read_item,) = read(
        rss(f"<item><title>پل باز شد</title><author>{written}</author></item>").replace(
            "<title>روزنامهٔ نمونه</title>", f"<title>{title}</title>"
        )
    ).items
    assert read_item.byline == byline


@pytest.mark.parametrize(
    "line", ["خبرنگار: مینا کاوه", "گزارش از مینا کاوه", "به قلم مینا کاوه", "نویسنده: مینا کاوه"]
)
def test_a_line_that_only_names_the_author_is_no_text(line: str) -> None:
    text = _cdata(f"<p>{_SENTENCE}</p><p>شهردار از مردم خواست شکیبا باشند.</p><p>{line}</p>")
    found = item(f"<content:encoded>{text}</content:encoded>")
    assert (found.byline, texts(found)) == ("مینا کاوه", ["شهردار از مردم خواست شکیبا باشند."])


@pytest.mark.parametrize("sign", [" - ", " | ", " » ", " – "])
def test_a_site_that_stands_behind_every_title_is_no_part_of_them(sign: str) -> None:
    titles = ("پل تازه باز شد", "ایران ۲ - عراق ۱", "باران در راه است")
    signed = "".join(f"<item><title>{title}{sign}روزنامهٔ نمونه</title></item>" for title in titles)
    assert [entry.title for entry in read(rss(signed)).items] == list(titles)


def test_a_name_behind_some_titles_is_news() -> None:
    titles = ("پل تازه باز شد", "جایزهٔ سال - روزنامهٔ نمونه", "باران در راه است")
    written = "".join(f"<item><title>{title}</title></item>" for title in titles)
    assert [entry.title for entry in read(rss(written)).items] == list(titles)
    one = "<item><title>جایزهٔ سال - روزنامهٔ نمونه</title></item>"
    assert [entry.title for entry in read(rss(one)).items] == ["جایزهٔ سال - روزنامهٔ نمونه"]
