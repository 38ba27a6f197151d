"""Whole pages in the manner of content management systems, with what stands on them beside the article."""

import json

import pytest

from bot.errors import SourceError
from bot.ingest.markup.pictures import is_same_picture
from tests.unit.ingest.page.whole_pages import (
    AUTHOR,
    DATE,
    HEADED,
    HEADED_TEXTS,
    HEADING,
    KICKER,
    LEAD,
    OTHERS,
    SENTENCES,
    STAMP,
    TEXT,
    TITLE,
    date_of,
    read,
    texts,
)

_HEAD = f"<h1>{TITLE}</h1>"


def test_a_page_within_one_form_is_read() -> None:
    page = read(
        f"<form id='aspnetForm' action='./x'><input type='hidden' name='__VIEWSTATE' value='dDw'>{_HEAD}"
        f"<div>۳ دی ۱۴۰۴ - ۱۵:۱۶</div><p class='lead'>{LEAD}</p><div class='x'>{HEADED}</div></form>"
    )
    assert (page.title, page.lead, date_of(page), texts(page)) == (TITLE, LEAD, DATE, HEADED_TEXTS)


def test_a_page_of_tables_within_one_form_is_read() -> None:
    lines = "<br>".join(SENTENCES)
    page = read(
        f"<form><input type='hidden' name='__VIEWSTATE'><table><tr><td><span id='lblTitle'>{TITLE}</span></td></tr>"
        f"<tr><td><span id='lblText'>{lines}</span></td></tr></table></form>"
    )
    assert (page.title, texts(page)) == (TITLE, list(SENTENCES))


@pytest.mark.parametrize(
    "box",
    [
        "<div class='q1'><h4>خبرنامهٔ روزانه</h4><p>مهم‌ترین خبرهای هر صبح در رایانامهٔ شما.</p><form><input><button>ثبت</button></form></div>",
        "<section><p>برای عضویت نشانی خود را بنویسید.</p><div><form><input type='email'></form></div></section>",
        "<div><span>Advertisement</span></div><p>Article continues below this ad</p>",
        "<p>ادامه خبر پس از تبلیغ</p>",
        "<p>ما را در کانال تلگرام دنبال کنید: <a href='https://t.me/namune'>@namune</a></p>",
        "<p>برای دریافت خبرها در ایتا اینجا کلیک کنید</p>",
        "<ul><li>۳ دی ۱۴۰۴ - ۱۵:۱۶</li><li><a href='/c/1'>اخبار اقتصادی</a></li><li>نظرات (۳)</li></ul>",
        "<ul><li>تاریخ: ۳ دی ۱۴۰۴</li><li>ساعت: ۱۵:۱۶</li><li>کد: ۱۲۳۴۵</li></ul>",
    ],
)
def test_a_box_between_paragraphs_is_no_text(box: str) -> None:
    first, *others = (f"<p>{sentence}</p>" for sentence in SENTENCES)
    page = read(f"<article>{_HEAD}<div class='t'>{first}{box}{''.join(others)}</div></article>")
    assert texts(page) == list(SENTENCES)


@pytest.mark.parametrize(
    "line", ["🔹 نمونه‌خبر را در تلگرام دنبال کنید 👇", "این خبر را پسندیدید؟", "ک/۲۵۶", "Was this article helpful?"]
)
def test_a_line_below_a_text_is_none_of_it(line: str) -> None:
    assert texts(read(f"<article>{_HEAD}<div class='t'>{TEXT}<p>{line}</p></div></article>")) == list(SENTENCES)


def test_the_card_of_a_page_names_its_author() -> None:
    head = f"<meta name='twitter:label1' content='نویسنده'><meta name='twitter:data1' content='{AUTHOR}'>"
    assert read(f"<article>{_HEAD}{TEXT}</article>", head).byline == AUTHOR
    assert read(f"<article>{_HEAD}{TEXT}</article>", head.replace("نویسنده", "زمان خواندن")).byline == ""


def test_a_form_in_the_head_of_a_page_takes_neither_its_name_nor_its_path_away() -> None:
    head = (
        "<div class='top'><a class='logo' href='/'>روزگار نو</a><div><span>عضویت</span><form><input></form></div>"
        "<div class='breadcrumb'><a href='/c'>اقتصاد</a></div></div>"
    )
    page = read(f"{head}<div>{TITLE}</div><div>{TEXT}</div>", title=f"{TITLE} - روزگار نو")
    assert (page.title, page.category_words) == (TITLE, ("اقتصاد",))


def test_a_form_beside_a_short_article_takes_nothing_of_it_away() -> None:
    form = "<div><form><label>خبرنامه</label><input type='email'></form></div>"
    assert texts(read(f"<div>{_HEAD}<div><p>{SENTENCES[0]}</p>{form}</div></div>")) == [SENTENCES[0]]


def test_a_short_text_stays_alone_on_a_page_of_links() -> None:
    video = {
        "@type": "VideoObject",
        "name": TITLE,
        "uploadDate": STAMP,
        "contentUrl": "https://paper.example/v.mp4",
    }
    links = "".join(f"<div><a href='/v/{at}'>{other}</a></div>" for at, other in enumerate(OTHERS))
    page = read(
        f"<main>{_HEAD}<video src='/v.mp4'></video><a href='/v.mp4' download>دریافت فیلم</a><p>{SENTENCES[0]}</p></main>{links}",
        f'<script type="application/ld+json">{json.dumps(video)}</script>',
    )
    assert (texts(page), date_of(page)) == ([SENTENCES[0]], DATE)


@pytest.mark.parametrize(
    "body",
    [
        "<div id='root'></div>",
        "<div id='app'><div class='skeleton'>در حال بارگذاری…</div></div>",
        f"{_HEAD}<div class='text'></div>",
    ],
)
def test_menus_are_no_article(body: str) -> None:
    with pytest.raises(SourceError, match="no text of an article"):
        read(body)


@pytest.mark.parametrize(
    "lead",
    [
        f"<h2 class='c-heading'>{LEAD}</h2>",
        f"<p class='article-excerpt'>{LEAD}</p>",
        f"<div class='post-subtitle'>{LEAD}</div>",
        f"<p class='standfirst'>{LEAD}</p>",
    ],
)
def test_a_text_opens_with_its_lead(lead: str) -> None:
    page = read(f"<article>{_HEAD}{lead}{HEADED}</article>")
    assert (page.lead, texts(page)) == (LEAD, HEADED_TEXTS)


def test_a_sub_heading_that_opens_a_text_is_no_lead() -> None:
    page = read(f"<article>{_HEAD}<h2>{HEADING}</h2>{TEXT}</article>")
    assert (page.lead, texts(page)) == ("", [f"# {HEADING}", *SENTENCES])


@pytest.mark.parametrize(
    "line",
    [
        "<time>۳ دی</time>",
        f"<div class='x-author'>{AUTHOR}</div>",
        f"<div>توسط <a class='author' href='/a'>{AUTHOR}</a></div>",
    ],
)
def test_what_stands_above_a_text_and_is_known_is_none_of_it(line: str) -> None:
    head = f"<meta name='author' content='{AUTHOR}'>"
    page = read(f"<article>{_HEAD}<div>{line}</div>{TEXT}</article>", head)
    assert (page.byline, texts(page)) == (AUTHOR, list(SENTENCES))


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("Reported by Negar Abadani", "Negar Abadani"),
        ("Written by popular demand", ""),
        ("By Negar Abadani and Reza Kohan", "Negar Abadani, Reza Kohan"),
        ("By Negar Abadani, Reza Kohan & Sara de la Cruz", "Negar Abadani, Reza Kohan, Sara de la Cruz"),
        ("Von Änne Özdemir", "Änne Özdemir"),
        ("By popular demand", ""),
        ("By Wednesday the reserves had risen by twelve percent since last year", ""),
        ("By The Numbers: five dams", ""),
    ],
)
def test_a_line_that_only_names_authors_is_read_and_left_out(line: str, byline: str) -> None:
    title = "Dams in Nowabad reach forty percent of capacity"
    sentences = (
        "The head of the regional water company said the reserves had risen by twelve percent since last year.",
        "Experts say that the rain of last week explains more than half of the increase in the north.",
    )
    text = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    page = read(
        f"<div class='q1'><h1>{title}</h1><p class='q2'>{line}</p><section>{text}</section></div>", title=title
    )
    assert (page.byline, texts(page)[-2:]) == (byline, list(sentences))
    assert (line in texts(page)) == (byline == "")


@pytest.mark.parametrize("name", ["بقلم: {}", "توسط {}", "نوشته شده توسط {}", "فرستنده {}", "ارسال شده توسط: {}"])
def test_a_word_before_the_authors_name_is_none_of_it(name: str) -> None:
    assert (
        read(f"<article>{_HEAD}<div class='post-author'>{name.format(AUTHOR)}</div>{TEXT}</article>").byline
        == AUTHOR
    )


@pytest.mark.parametrize(
    "dated",
    [
        "<div><span class='d'>۳ دی ۱۴۰۴</span></div><div class='h'>۱۵:۱۶</div>",
        "<div class='h'>۱۵:۱۶</div><div class='d'>چهارشنبه ۳ دی ۱۴۰۴</div>",
        "<span title='۳ دی ۱۴۰۴ ساعت ۱۵:۱۶'>۲ ساعت پیش</span>",
        f"<a title='{STAMP}' href='#'>یک روز پیش</a>",
    ],
)
def test_a_date_in_two_places_is_whole(dated: str) -> None:
    assert date_of(read(f"<article>{_HEAD}<div>{dated}</div>{TEXT}</article>")) == DATE


def test_a_clock_below_a_headline_does_not_make_its_day_the_date() -> None:
    other = "سالگرد بزرگ ۱۵ خرداد ۱۳۴۲"
    page = read(f"<article>{_HEAD}<div>{other}</div><div>۱۵:۱۶</div><div>۳ دی ۱۴۰۴ - ۱۵:۱۶</div>{TEXT}</article>")
    assert date_of(page) == DATE


def test_a_date_stands_in_one_block_with_the_title() -> None:
    lines = "<br>".join(SENTENCES)
    page = read(
        f"<table><tr><td><b>{TITLE}</b><br>۳ دی ۱۴۰۴ - ۱۵:۱۶</td></tr><tr><td><div>{lines}</div></td></tr></table>"
    )
    assert (page.title, date_of(page), texts(page)) == (TITLE, DATE, list(SENTENCES))


def test_the_time_of_an_english_page_is_read_beside_its_title() -> None:
    title = "Dams in Nowabad reach forty percent of capacity"
    text = (
        "<p>The head of the regional water company said the reserves had risen by twelve percent since last year.</p>"
        "<p>Experts say that the rain of last week explains more than half of the increase in the north.</p>"
    )
    body = (
        f"<article><h1>{title}</h1><div>By {AUTHOR}</div><div>Published Dec 24, 2025 3:16 PM</div>{text}</article>"
    )
    assert date_of(read(body, title=title)) == DATE


def test_an_episode_of_a_podcast_has_its_date_from_the_data() -> None:
    episode = {"@type": "PodcastEpisode", "name": TITLE, "datePublished": STAMP}
    script = f'<script type="application/ld+json">{json.dumps(episode)}</script>'
    assert date_of(read(f"<main>{_HEAD}{TEXT}</main>", script)) == DATE


def test_blogger_is_read() -> None:
    page = read(
        f"<div class='date-outer'><h2 class='date-header'><span>چهارشنبه، ۳ دی ۱۴۰۴</span></h2><div class='post hentry'>"
        f"<h3 class='post-title entry-title'>{TITLE}</h3><div class='post-body entry-content'>{SENTENCES[0]}<div><br></div>"
        f"<div>{SENTENCES[1]}</div><div><br></div><div>{SENTENCES[2]}</div></div><div class='post-footer'>"
        f"<span class='post-author vcard'>فرستنده <span class='fn'>{AUTHOR}</span></span>"
        f"<abbr class='published' title='{STAMP}'>۱۵:۱۶</abbr></div></div></div>",
        "<meta content='blogger' name='generator'>",
        title=f"نمونه‌خبر: {TITLE}",
        url="https://namune.blogspot.com/2025/12/dams.html",
    )
    assert (page.profile, page.title, page.byline, date_of(page)) == ("blogger", TITLE, AUTHOR, DATE)
    assert texts(page) == list(SENTENCES[:3])


def test_the_sections_of_wordpress_themes_are_read() -> None:
    generator = "<meta name='generator' content='WordPress 6.8'>"
    for section in (
        "<div class='taxonomy-category'>{}</div>",
        "<ul class='td-category'><li class='entry-category'>{}</li></ul>",
    ):
        link = section.format("<a href='/c' rel='tag'>محیط زیست</a>")
        page = read(
            f"<article>{link}<h1 class='wp-block-post-title'>{TITLE}</h1><div class='entry-content'>{TEXT}</div></article>",
            generator,
        )
        assert page.category_words == ("محیط زیست",)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/content/images/size/w1200/dam.jpg", "/content/images/size/w2000/dam.jpg"),
        ("/content/images/dam.jpg", "/content/images/size/w600/dam.jpg"),
        ("/resizer/v2/dam.jpg?width=800&auth=1", "/resizer/v2/dam.jpg?width=1200&auth=2"),
        ("/thumb/1200x630/news/a.jpg", "/thumb/640x360/news/a.jpg"),
        ("/v2/resize:fit:700/1*dam.jpeg", "/v2/resize:fit:1400/1*dam.jpeg"),
    ],
)
def test_one_picture_in_two_sizes_is_shown_once(one: str, other: str) -> None:
    head = f"<meta property='og:image' content='https://paper.example{one}'>"
    page = read(f"<article>{_HEAD}<figure><img src='{other}'></figure>{TEXT}</article>", head)
    assert (page.photo, texts(page)) == (f"https://paper.example{one}", list(SENTENCES))


def test_a_photo_of_the_text_comes_before_an_animation_that_the_metadata_names() -> None:
    head = "<meta property='og:image' content='https://paper.example/i/share.gif'>"
    page = read(f"<article>{_HEAD}<img src='/i/dam-17.jpg'>{TEXT}</article>", head)
    assert page.pictures == ("https://paper.example/i/dam-17.jpg", "https://paper.example/i/share.gif")
    assert read(f"<article>{_HEAD}{TEXT}</article>", head).photo == "https://paper.example/i/share.gif"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/2025/12/dam.jpg", "/2025/11/dam.jpg"),
        ("/gallery/1/a.jpg", "/gallery/2/a.jpg"),
        ("/photo.php?id=7", "/photo.php?id=8"),
        ("/image?w=100&id=7", "/image?w=200&id=8"),
    ],
)
def test_two_pictures_of_like_addresses_stay_two(one: str, other: str) -> None:
    assert not is_same_picture(f"https://paper.example{one}", f"https://paper.example{other}")


def test_a_heading_with_a_kicker_does_not_open_the_text() -> None:
    page = read(f"<article><h1><span class='kicker'>{KICKER}:</span> {TITLE}</h1>{TEXT}</article>")
    assert (page.title, texts(page)) == (TITLE, list(SENTENCES))


def test_a_kicker_above_the_headline_is_no_lead() -> None:
    for kicker in (f"<h4>{KICKER}</h4>", f"<div class='rutitr'>{KICKER}</div>", f"<h2>{KICKER}</h2>"):
        page = read(f"<div>{kicker}{_HEAD}<div class='x9'>{LEAD}</div><div class='x8'>{TEXT}</div></div>")
        assert (page.title, page.lead, texts(page)) == (TITLE, LEAD, list(SENTENCES))
