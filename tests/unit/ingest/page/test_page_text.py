"""The text and photos of a page that are its article's: boxes, comments, data, galleries, live blogs, AMP."""

import json
from zoneinfo import ZoneInfo

import pytest
from trafilatura.utils import line_processing, trim

from bot.ingest.items import PageArticle
from bot.ingest.markup.sanitise import text_of
from bot.ingest.page.article_page import parse_page
from bot.ingest.raw_document import RawDocument
from storage.records import BlockKind

_ZONE = ZoneInfo("Asia/Tehran")
_NOW = 1_800_000_000_000
_TITLE = "کتابخانهٔ شناور به بندرهای جنوب رسید"
_PARAGRAPHS = [
    "کتابخانهٔ شناور پس از دو هفته سفر دریایی صبح امروز به نخستین بندر جنوبی رسید و کار خود را آغاز کرد.",
    "در این کتابخانه بیش از ده هزار جلد کتاب کودک و نوجوان هست که رایگان به امانت داده می‌شود.",
    "کتابداران می‌گویند استقبال در روز نخست بسیار بیشتر از پیش‌بینی بوده و قفسه‌ها زود خالی شده است.",
    "برنامهٔ سفر تا پایان ماه ادامه دارد و هر بندر سه روز میزبان این کشتی خواهد بود.",
]
_OTHER = "خبر دیگری که هیچ ربطی به این نوشته ندارد و نباید در متن بیاید"
_LINKS = "".join(f"<li><a href='/news/{n}/x'>{_OTHER} {n}</a></li>" for n in (31, 32, 33))


def _read(body: str, head: str = "", url: str = "https://example.org/news/55/x") -> PageArticle:
    markup = f"<!doctype html><html lang='fa'><head><title>{_TITLE}</title>{head}</head><body>{body}</body></html>"
    return parse_page(RawDocument(markup.encode(), "text/html; charset=utf-8", url), _ZONE, now=_NOW)


def _texts(page: PageArticle) -> list[str]:
    return [text_of(block.html) for block in page.body if block.kind is not BlockKind.IMAGE]


def _article(*parts: str, container: str = "q7") -> str:
    return f"<h1>{_TITLE}</h1><div class='{container}'>{''.join(parts)}</div>"


@pytest.mark.parametrize("container", ["q7", "item-text", "entry-content", "body"])
@pytest.mark.parametrize(
    "label", ["اخبار مرتبط", "پیشنهاد سردبیر", "بیشتر بخوانید", "مطالب پیشنهادی:", "همچنین بخوانید"]
)
@pytest.mark.parametrize(
    "box",
    [
        "<div class='z1'><h4>{}</h4><ul>{}</ul></div>",
        "<h4>{}</h4><ul>{}</ul>",
        "<p><strong>{}</strong></p><ul>{}</ul>",
    ],
)
def test_a_box_between_paragraphs_is_skipped_and_ends_nothing(container: str, label: str, box: str) -> None:
    first, second, third, fourth = (f"<p>{text}</p>" for text in _PARAGRAPHS)
    wrapped = _article(first, second, box.format(label, _LINKS), third, fourth, container=container)
    page = _read(f"<div class='item-body'>{wrapped}</div>" if container == "item-text" else wrapped)
    assert _texts(page) == _PARAGRAPHS


def test_paragraphs_with_elements_of_their_own_go_on_behind_a_box() -> None:
    first, second, third, fourth = (f"<div class='row'><p>{text}</p></div>" for text in _PARAGRAPHS)
    box = f"<div class='z1'><h4>اخبار مرتبط</h4><ul>{_LINKS}</ul></div>"
    assert _texts(_read(_article(first, second, box, third, fourth))) == _PARAGRAPHS


def test_what_only_other_news_follows_ends_the_article() -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in _PARAGRAPHS)
    rest = f"<p>انتهای پیام/۱۲۳</p><p>کد خبرنگار: ۳۱۲۴</p><h4>اخبار مرتبط</h4><ul>{_LINKS}</ul>"
    assert _texts(_read(_article(text, rest, container="item-text"))) == _PARAGRAPHS
    assert _texts(_read(_article(text, rest))) == _PARAGRAPHS


def test_the_mark_of_the_end_within_a_paragraph_is_cut_off() -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in _PARAGRAPHS[:3])
    page = _read(_article(text, f"<p>{_PARAGRAPHS[3]} انتهای پیام/</p>"))
    assert _texts(page) == _PARAGRAPHS


@pytest.mark.parametrize("heading", ["نظرات کاربران", "دیدگاه کارشناسان", "نظرات مردم دربارهٔ کتابخانه", "نظر شما"])
def test_a_heading_that_speaks_of_comments_does_not_end_the_text(heading: str) -> None:
    first, second, third, fourth = (f"<p>{text}</p>" for text in _PARAGRAPHS)
    page = _read(_article(first, second, f"<h2>{heading}</h2>", third, fourth))
    assert _texts(page) == [*_PARAGRAPHS[:2], heading, *_PARAGRAPHS[2:]]


def test_comments_below_the_article_are_left_out() -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in _PARAGRAPHS)
    comments = (
        f"<div class='z9'><h4>نظرات کاربران</h4><div><p>{_OTHER}، این را یک خواننده نوشته است.</p></div></div>"
    )
    assert _texts(_read(_article(text) + comments)) == _PARAGRAPHS


def test_text_that_is_data_alone_keeps_half_spaces_and_lines() -> None:
    told = {"@type": "NewsArticle", "headline": _TITLE, "articleBody": "\n".join(_PARAGRAPHS)}
    page = _read("<div id='root'></div>", f"<script type='application/ld+json'>{json.dumps(told)}</script>")
    assert _texts(page) == _PARAGRAPHS


@pytest.mark.parametrize(
    "content",
    [
        "".join(f"<p>{text}</p>" for text in _PARAGRAPHS),
        [{"type": "paragraph", "data": 1, "text": text} for text in _PARAGRAPHS],
    ],
)
def test_the_state_of_a_next_page_holds_the_text(content: object) -> None:
    other = {"title": _OTHER, "body": f"<p>{_OTHER}</p>" * 40}
    state = {"props": {"pageProps": {"latest": [other], "news": {"title": _TITLE, "body": content}}}}
    script = f"<script id='__NEXT_DATA__' type='application/json'>{json.dumps(state)}</script>"
    assert (
        _texts(_read(f"<div id='__next'></div>{script}", f"<meta property='og:title' content='{_TITLE}'>"))
        == _PARAGRAPHS
    )


@pytest.mark.parametrize(
    "script",
    [
        "<script>window.__NUXT__={{layout:'default',data:[{{title:{other},body:{long}}},{{title:{title},body:{body},id:1}}]}};</script>",
        "<script>window.__NUXT__=(function(a,b){{return {{data:[{{headline:{title},content:{body},x:a}}]}}}}(1,2));</script>",
        '<script>window.__INITIAL_STATE__ = {{"news": {{"title": {title}, "body": {body}}}}};</script>',
        '<script id="__NUXT_DATA__" type="application/json">'
        '[["Reactive",1],{{"data":2}},{{"title":3,"body":4,"seen":5}},{title},{body},12]</script>',
    ],
    ids=["Nuxt 2", "Nuxt 2 as a call", "another state", "Nuxt 3"],
)
def test_the_state_of_other_pages_holds_the_text(script: str) -> None:
    texts = (_OTHER, f"<p>{_OTHER}</p>" * 40, _TITLE, "".join(f"<p>{text}</p>" for text in _PARAGRAPHS))
    other, long, title, body = (json.dumps(text).replace("/", "\\u002F") for text in texts)
    written = script.format(other=other, long=long, title=title, body=body)
    page = _read(f"<div id='app'></div>{written}", f"<meta property='og:title' content='{_TITLE}'>")
    assert _texts(page) == _PARAGRAPHS


@pytest.mark.parametrize(
    "gallery",
    [
        "<section class='photoGall'><ul>{}</ul></section>",
        "<div class='album_content'><ul>{}</ul></div>",
        "<div class='photo-gallery'>{}</div>",
    ],
)
def test_a_report_in_photos_needs_no_text(gallery: str) -> None:
    photos = "".join(
        f"<li><figure><a href='/files/{n}.jpg'><img src='/files/{n}-s.jpg'></a><figcaption>عکس {n}</figcaption></figure></li>"
        for n in (1, 2, 3, 4)
    )
    page = _read(f"<h1>{_TITLE}</h1>{gallery.format(photos)}")
    assert [(block.kind, block.url, block.html) for block in page.body] == [
        (BlockKind.IMAGE, f"https://example.org/files/{n}.jpg", f"عکس {n}") for n in (1, 2, 3, 4)
    ]


@pytest.mark.parametrize(
    ("caption", "kept"),
    [("عکس: آرش نمونه", "عکس: آرش نمونه"), ("پیشنهاد سردبیر", "پیشنهاد سردبیر"), ("دانلود عکس", ""), ("***", "")],
)
def test_a_picture_stays_whatever_its_caption_says(caption: str, kept: str) -> None:
    first, second, third, fourth = (f"<p>{text}</p>" for text in _PARAGRAPHS)
    picture = f"<figure><img src='/files/7.jpg'><figcaption>{caption}</figcaption></figure>"
    page = _read(_article(first, picture, second, third, fourth))
    pictures = [(block.url, block.html) for block in page.body if block.kind is BlockKind.IMAGE]
    assert pictures == [("https://example.org/files/7.jpg", kept)]
    assert _texts(page) == _PARAGRAPHS


def test_a_live_blog_keeps_its_entries_under_their_times() -> None:
    entries = "".join(
        f"<div class='entry'><time>{hour}:۳۰</time><p>{text}</p></div>"
        for hour, text in zip(("۱۲", "۱۳", "۱۴", "۱۵"), _PARAGRAPHS, strict=True)
    )
    page = _read(_article(entries, container="item-text"))
    kinds = [block.kind for block in page.body]
    assert kinds == [BlockKind.HEADING, BlockKind.PARAGRAPH] * 4
    assert _texts(page)[::2] == ["۱۲:۳۰", "۱۳:۳۰", "۱۴:۳۰", "۱۵:۳۰"]


def test_a_live_blog_that_is_data_alone() -> None:
    updates = [
        {
            "@type": "BlogPosting",
            "headline": "",
            "articleBody": text,
            "datePublished": f"2026-11-28T1{n}:15:00+03:30",
        }
        for n, text in enumerate(_PARAGRAPHS)
    ]
    told = {"@type": "LiveBlogPosting", "headline": _TITLE, "liveBlogUpdate": updates}
    page = _read("<div id='root'></div>", f"<script type='application/ld+json'>{json.dumps(told)}</script>")
    assert _texts(page) == [part for n, text in enumerate(_PARAGRAPHS) for part in (f"1{n}:15", text)]


def test_an_amp_page() -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in _PARAGRAPHS[:2])
    more = "".join(f"<p>{paragraph}</p>" for paragraph in _PARAGRAPHS[2:])
    picture = "<amp-img src='/a.jpg' width='640' height='400'></amp-img>"
    page = _read(_article(text, picture, f"<amp-ad><p>{_OTHER}</p></amp-ad>", more))
    assert _texts(page) == _PARAGRAPHS
    assert [block.url for block in page.body if block.kind is BlockKind.IMAGE] == ["https://example.org/a.jpg"]


def test_a_video_leaves_its_poster_and_the_text() -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in _PARAGRAPHS)
    page = _read(_article("<video poster='/poster.jpg' src='/a.mp4'>مرورگر شما</video>", text))
    assert (page.photo, _texts(page)) == ("https://example.org/poster.jpg", _PARAGRAPHS)


def test_an_element_of_a_known_name_that_holds_one_sentence_is_not_the_text() -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in _PARAGRAPHS)
    teaser = "<div class='item-text'><p>این یک جملهٔ کوتاه در کنار متن است که چهل نویسه دارد.</p></div>"
    assert _texts(_read(f"<div class='item-body'>{teaser}</div>{_article(text)}"))[-4:] == _PARAGRAPHS


@pytest.mark.parametrize(
    "label",
    [
        "در همین زمینه",
        "خواندنی‌ها",
        "پیشنهاد می‌کنیم بخوانید",
        "بیشتر بدانید",
        "اقرأ أيضا",
        "اقرأ أيضاً:",
        "Also read",
        "مواضيع ذات صلة",
        "You may also like",
        "نام تازهٔ جعبه",
    ],
)
@pytest.mark.parametrize(
    "box", ["<div class='z1'><h4>{}</h4><ul>{}</ul></div>", "<p><strong>{}</strong></p><ul>{}</ul>"]
)
def test_a_label_goes_with_the_links_below_it(label: str, box: str) -> None:
    first, second, third, fourth = (f"<p>{text}</p>" for text in _PARAGRAPHS)
    links = "".join(f"<li><a href='/news/{n}/x'>خبر دیگر از بندر {n}</a></li>" for n in (31, 32))
    assert _texts(_read(_article(first, second, box.format(label, links), third, fourth))) == _PARAGRAPHS


@pytest.mark.parametrize(
    "label",
    [
        "التعليقات (3)",
        "أخبار متعلقة",
        "Комментарии",
        "Ссылки по теме:",
        "İlgili Haberler",
        "YORUMLAR",
        "بابەتی پەیوەندیدار",
        "Ähnliche Artikel",
        "Commentaires",
        "Noticias relacionadas",
    ],
)
def test_a_text_ends_at_the_label_of_comments_or_other_news_in_any_language(label: str) -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in _PARAGRAPHS)
    others = "".join(f"<p>{_OTHER} ({at})</p>" for at in range(3))
    assert _texts(_read(_article(text, f"<div class='z1'><h3>{label}</h3>{others}</div>"))) == _PARAGRAPHS


@pytest.mark.parametrize(
    "label", ["Читайте также:", "Lesen Sie auch:", "À lire aussi :", "İlgili haber:", "هەروەها بخوێنەرەوە:"]
)
def test_a_line_that_points_to_other_news_is_no_text_in_any_language(label: str) -> None:
    first, second, third, fourth = (f"<p>{text}</p>" for text in _PARAGRAPHS)
    assert _texts(_read(_article(first, second, f"<p>{label} {_OTHER}</p>", third, fourth))) == _PARAGRAPHS


def test_a_sub_heading_above_a_linked_line_stays() -> None:
    first, second, third, fourth = (f"<p>{text}</p>" for text in _PARAGRAPHS)
    page = _read(
        _article(first, "<h3>بندر دوم</h3>", f"<p><a href='/news/31/x'>{_OTHER}</a></p>", second, third, fourth)
    )
    assert "بندر دوم" in _texts(page)


@pytest.mark.parametrize(
    "line",
    [
        "۲۲۳۲۲۳",
        "/ک",
        "ما را در تلگرام دنبال کنید",
        "تلگرام بندرنیوز را از اینجا دنبال کنید: @bandarnews",
        "برای پیگیری خبرها به کانال تلگرام ما بپیوندید.",
        "به این مطلب امتیاز دهید",
        "به این خبر گوش کنید",
        "© استفاده از مطالب با ذکر منبع آزاد است.",
        "تمامی حقوق این سایت محفوظ است.",
        "مدت زمان مطالعه: ۲ دقیقه",
        '{{hire-dev="/banners/hire"}}',
        "{/p}",
        "۳ دقیقه مطالعه",
        "View this post on Instagram",
        "نسخهٔ صوتی خبر",
        "ترجمه: مریم نمونه",
        "عضو کانال ما شوید",
        "اپلیکیشن بندرنیوز را از کافه‌بازار دریافت کنید",
        "کانال تلگرام بندرنیوز: @bandar",
        "تابعونا على تويتر وفيسبوك",
        "جميع الحقوق محفوظة 2026",
        "۲۶۵ ۳۳",
        "م.ح/ن.م",
        "س/ب ۳۴",
        "*س_۱۱۱",
        "ح.ق",
        "ر.ش ۳۴",
        "ms",
        "پایان گزارش/",
        "خبرنگار: ۵۰۱۲۳",
        "@bandarnews",
        "این خبر را به اشتراک بگذارید:",
        "بازگشت به صفحهٔ رسانه‌ها",
        "کلمات کلیدی: بندر، کتاب",
        "به این مطلب امتیاز دهید ۴.۵ از ۵",
        "نظر شما دربارهٔ این خبر چیست؟",
        "گالری تصاویر",
        "میانگین امتیازات ۵ از ۵ / از مجموع ۱ رأی",
        "5/5 - (2 امتیاز)",
        "فیلم:",
    ],
)
def test_controls_and_signatures_below_a_text_are_left_out(line: str) -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in _PARAGRAPHS)
    assert _texts(_read(_article(text, f"<p>{line}</p>"))) == _PARAGRAPHS


@pytest.mark.parametrize(
    "line",
    ["بله.", "خیر", "آمین", "۱۲ نفر", "نه!", "تهران و شیراز", "امتیاز: ۸ از ۱۰", "میانگین امتیاز ۲۰ در هر بازی"],
)
def test_a_short_line_that_ends_a_text_is_no_signature(line: str) -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in _PARAGRAPHS)
    assert _texts(_read(_article(text, f"<p>{line}</p>", container="item-text"))) == [*_PARAGRAPHS, line]


def test_a_picture_that_ends_a_text_stays_with_its_caption() -> None:
    figure = "<figure><img src='/p/1.jpg' width='800' height='500'><figcaption>AFP</figcaption></figure>"
    text = "".join(f"<p>{paragraph}</p>" for paragraph in _PARAGRAPHS)
    page = _read(f"<div class='item-body'>{_article(text, figure, container='item-text')}</div>")
    assert [block.kind for block in page.body][-1:] == [BlockKind.IMAGE]


@pytest.mark.parametrize("container", ["q7", "item-text"])
@pytest.mark.parametrize(
    "pointer",
    [
        "<p><strong>بیشتر:</strong></p><p>{}</p>",
        "<p>حتماً بخوانید: {}</p>",
        "<p><b>این مطلب را از دست ندهید:</b> {}</p>",
        "<p>پیشنهاد می‌شود بخوانید: {}</p>",
        "<p>در این باره این مطلب را بخوانید: {}</p>",
        "<p><b>در این رابطه بخوانید:</b></p><p>{}</p>",
        "<div><span>بیشتر بخوانید</span>{}</div>",
        "<h4>حتما ببینید</h4><p>{}</p>",
    ],
)
def test_a_line_that_asks_to_read_a_link_is_no_text(container: str, pointer: str) -> None:
    first, second, third, fourth = (f"<p>{text}</p>" for text in _PARAGRAPHS)
    told = pointer.format(f"<a href='/news/31/x'>{_OTHER}</a>")
    wrapped = _article(first, second, told, third, fourth, container=container)
    assert _texts(_read(f"<div class='item-body'>{wrapped}</div>")) == _PARAGRAPHS


@pytest.mark.parametrize(
    "line",
    [
        "متن کامل این بیانیه را بخوانید:",
        "او گفت: بیشتر <a href='/t/1'>کتاب بخوانید</a> و کمتر فیلم ببینید تا زبان شما پرورده شود.",
    ],
)
def test_a_line_that_asks_to_read_what_is_no_link_is_text(line: str) -> None:
    first, second, third, fourth = (f"<p>{text}</p>" for text in _PARAGRAPHS)
    page = _read(
        f"<div class='item-body'>{_article(first, second, f'<p>{line}</p>', third, fourth, container='item-text')}</div>"
    )
    assert text_of(line) in _texts(page)


_PARTS = "<a href='#p1'>سفر نخست</a>", "<a href='#p2'>بندر دوم</a>"


@pytest.mark.parametrize("container", ["q7", "item-text"])
@pytest.mark.parametrize(
    "table",
    [
        f"<div class='lwptoc'><b>فهرست عناوین</b><div>{_PARTS[0]}</div><div>{_PARTS[1]}</div></div>",
        f"<div id='ez-toc-container'><p>فهرست محتوا</p><ul><li>{_PARTS[0]}</li><li>{_PARTS[1]}</li></ul></div>",
        f"<h2>فهرست مطالب</h2><ol><li>{_PARTS[0]}</li><li>{_PARTS[1]}</li></ol>",
        f"<p>آنچه در این مطلب می‌خوانید:</p><ul><li>{_PARTS[0]}</li><li>{_PARTS[1]}</li></ul>",
    ],
)
def test_the_table_of_contents_is_no_text(container: str, table: str) -> None:
    first, second, third, fourth = (f"<p>{text}</p>" for text in _PARAGRAPHS)
    wrapped = _article(table, first, second, third, fourth, container=container)
    assert _texts(_read(f"<div class='item-body'>{wrapped}</div>")) == _PARAGRAPHS


@pytest.mark.parametrize(
    "box",
    [
        "<div class='bs-irp center'><span>همچنین بخوانید</span><article><h3><a href='/9'>{0}</a></h3><p>{0}.</p></article></div>",
        "<div class='kk-star-ratings'><div>4.5/5 - (12 امتیاز)</div></div>",
        "<div class='embed'><div>کد ویدیو</div><div><a href='/d/1'>دانلود</a></div><div><a href='/f.mp4'>فیلم اصلی</a></div></div>",
        "<p><a href='/f.mp4'>دریافت</a> 16 MB</p>",
        "<p class='q8'>برای مشاهدهٔ این ویدیو جاوا اسکریپت را فعال کنید و مرورگری با HTML5 video به کار برید</p>",
        "<p>To view this video please enable JavaScript, and consider upgrading to a web browser that supports HTML5 video</p>",
    ],
)
def test_what_themes_and_players_put_between_paragraphs_is_no_text(box: str) -> None:
    first, second, third, fourth = (f"<p>{text}</p>" for text in _PARAGRAPHS)
    wrapped = _article(first, second, box.format(_OTHER), third, fourth, container="item-text")
    assert _texts(_read(f"<div class='item-body'>{wrapped}</div>")) == _PARAGRAPHS


def test_a_tweet_between_paragraphs_is_quoted() -> None:
    first, second, third, fourth = (f"<p>{text}</p>" for text in _PARAGRAPHS)
    tweet = "<blockquote class='twitter-tweet'><p>کشتی کتاب به بندر ما رسید</p>&mdash; بندر (@bandar)</blockquote>"
    page = _read(_article(first, second, tweet, third, fourth))
    assert [text_of(block.html) for block in page.body if block.kind is BlockKind.QUOTE] == [
        "کشتی کتاب به بندر ما رسید",
        "— بندر (@bandar)",
    ]


def test_a_line_with_the_author_s_name_alone_is_no_text() -> None:
    page = _read(_article("<p>به قلم مریم نمونه</p>", *(f"<p>{text}</p>" for text in _PARAGRAPHS)))
    assert (page.byline, _texts(page)) == ("مریم نمونه", _PARAGRAPHS)


def test_a_day_between_lead_and_text_is_no_text() -> None:
    first, *others = (f"<p>{text}</p>" for text in _PARAGRAPHS)
    page = _read(_article(first, "<p>Nov 28, 2026</p>", "<p><img src='/a.jpg'></p>", *others))
    assert _texts(page) == _PARAGRAPHS


def test_photos_in_elements_of_any_name_are_a_report() -> None:
    photos = "".join(
        f"<figure><img src='/blank.gif' data-src='/files/g{n}.jpg'><figcaption>عکس {n} از کتابخانه</figcaption></figure>"
        for n in (1, 2, 3, 4)
    )
    page = _read(f"<article><h1>{_TITLE}</h1>{photos}</article>")
    assert [(block.url, text_of(block.html)) for block in page.body] == [
        (f"https://example.org/files/g{n}.jpg", f"عکس {n} از کتابخانه") for n in (1, 2, 3, 4)
    ]


def test_the_pieces_of_a_next_page_hold_the_text() -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in _PARAGRAPHS)
    data = "5:" + json.dumps({"article": {"title": _TITLE, "body": text}}, ensure_ascii=False)
    pieces = (data[:150], data[150:])
    scripts = "".join(f"<script>self.__next_f.push([1,{json.dumps(piece)}])</script>" for piece in pieces)
    assert _texts(_read(f"<div id='__next'><h1>{_TITLE}</h1></div>{scripts}")) == _PARAGRAPHS


def test_a_live_blog_of_two_entries_has_its_times_from_the_data() -> None:
    updates = [
        {"headline": heading, "articleBody": text, "datePublished": f"2026-11-28T0{hour}:00:00Z"}
        for heading, text, hour in (("کشتی رسید", _PARAGRAPHS[0], 6), ("درها باز شد", _PARAGRAPHS[1], 7))
    ]
    data = {"@type": "LiveBlogPosting", "headline": _TITLE, "liveBlogUpdate": updates}
    shown = f"<h3>کشتی رسید</h3><p>{_PARAGRAPHS[0]}</p><h3>درها باز شد</h3><p>{_PARAGRAPHS[1]}</p>"
    page = _read(_article(shown), head=f'<script type="application/ld+json">{json.dumps(data)}</script>')
    assert _texts(page) == ["09:30 کشتی رسید", _PARAGRAPHS[0], "10:30 درها باز شد", _PARAGRAPHS[1]]


_ENTRY_TIMES = ["۱۶:۱۰", "۱۵:۴۵", "۱۵:۱۶"]


@pytest.mark.parametrize("container", ["q7", "item-text"])
def test_entries_in_a_list_stand_in_their_order(container: str) -> None:
    entries = "".join(
        f"<li><time>{time}</time><div><h4>سفر کتاب</h4><p>{text}</p></div></li>"
        for time, text in zip(_ENTRY_TIMES, _PARAGRAPHS[1:], strict=True)
    )
    wrapped = _article(f"<p>{_PARAGRAPHS[0]}</p><ul>{entries}</ul>", container=container)
    texts = _texts(_read(f"<div class='item-body'>{wrapped}</div>"))
    assert texts[::3] == _PARAGRAPHS
    assert texts[1::3] == _ENTRY_TIMES
    assert set(texts[2::3]) == {"سفر کتاب"}


def test_dates_with_times_above_entries_are_their_headings() -> None:
    entries = "".join(
        f"<div class='entry-row'><span>۳ دی ۱۴۰۴</span> <span>{time}</span><p>{text}</p></div>"
        for time, text in zip(_ENTRY_TIMES, _PARAGRAPHS[1:], strict=True)
    )
    page = _read(_article(f"<p>{_PARAGRAPHS[0]}</p>{entries}"))
    headings = [text_of(block.html) for block in page.body if block.kind is BlockKind.HEADING]
    assert headings == [f"۳ دی ۱۴۰۴ {time}" for time in _ENTRY_TIMES]


def test_points_under_the_heading_of_their_list_stay_a_list() -> None:
    points = "<ul><h4>آنچه باید دانست</h4><li>ورود رایگان است</li><li>کارت لازم است</li></ul>"
    page = _read(_article(f"<p>{_PARAGRAPHS[0]}</p>{points}<p>{_PARAGRAPHS[1]}</p><p>{_PARAGRAPHS[2]}</p>"))
    assert [block.items for block in page.body if block.kind is BlockKind.LIST] == [
        ("ورود رایگان است", "کارت لازم است")
    ]


@pytest.mark.parametrize(
    "furniture",
    [
        "<ul class='q9'><li>۷ آذر ۱۴۰۵</li><li>۱۲ نظر</li><li>۲۳۴ بازدید</li></ul>",
        "<div style='position:absolute;left:-9999px'><p>کتابخانه، کشتی، بندر، خرید کتاب، کتاب ارزان</p></div>",
        "<div class='poll'><p>آیا از کشتی کتاب راضی هستید؟</p></div>",
    ],
)
def test_details_and_what_is_hidden_are_no_text(furniture: str) -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in _PARAGRAPHS)
    assert _texts(_read(_article(furniture, text))) == _PARAGRAPHS


@pytest.mark.parametrize("label", ["خبرنامه", "نظرسنجی"])
def test_a_form_below_the_text_is_none_of_it(label: str) -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in _PARAGRAPHS)
    form = f"<section><h3>{label}</h3><p>هر روز مهم‌ترین خبرهای بندر را در رایانامهٔ خود بخوانید، همین حالا.</p></section>"
    assert _texts(_read(_article(text) + form)) == _PARAGRAPHS


def test_the_library_remembers_no_text_of_a_page() -> None:
    """A process that reads pages for weeks would hold a thousand texts of other pages otherwise."""
    paragraphs = "".join(f"<p>{text}</p>" for text in _PARAGRAPHS)
    assert _read(_article(paragraphs)).body
    assert trim.cache_info().currsize == 0
    assert line_processing.cache_info().currsize == 0
