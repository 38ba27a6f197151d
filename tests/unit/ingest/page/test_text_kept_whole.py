"""Text that is kept although its class names, a label or the data of its page speak against it."""

import html
import json

import pytest

from tests.unit.ingest.page.whole_pages import LEAD, OTHERS, SENTENCES, TEXT, TITLE, read, texts

_HEAD = f"<h1>{TITLE}</h1>"
_NASTOOH = "<meta name='generator' content='Nastooh'>"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("سد <a class='popup' href='/d'>شمالی نوآباد</a> از امروز آبگیری می‌شود و مردم خوشحالند.", "سد شمالی نوآباد از امروز آبگیری می‌شود و مردم خوشحالند."),
        ("<a id='auto-tag_dam' href='/d'>سد شمالی</a> پس از هفت سال کار و دو بار توقف سرانجام امروز آبگیری شد.", "سد شمالی پس از هفت سال کار و دو بار توقف سرانجام امروز آبگیری شد."),
        ("<a id='auto-tag_dam' href='/d'>The dam</a>‘s lake is full again, said the engineers of the town.", "The dam‘s lake is full again, said the engineers of the town."),
        ("In 1986 <a class='tag' href='/f'>engineers</a> <a href='/g'>of the town</a>, who built it, said so.", "In 1986 engineers of the town, who built it, said so."),
        ("کارشناسان <span><a class='popup' href='/d'>سازمان آب</a></span>، از روند آبگیری سد شمالی خشنودند.", "کارشناسان سازمان آب، از روند آبگیری سد شمالی خشنودند."),
        ("Did you read it?<span> </span><a class='popup' href='/d'>Write</a><span> </span><b>to the engineers of the town and ask them.</b>", "Did you read it? Write to the engineers of the town and ask them."),
        ("مدیران آب استان در پایان بازدید دیروز خود گفتند: آب <span class='tags'>سد شمالی</span>، از همه بیشتر است", "مدیران آب استان در پایان بازدید دیروز خود گفتند: آب سد شمالی، از همه بیشتر است"),
    ],
)  # fmt: skip
def test_words_within_a_sentence_are_kept_whatever_their_class(markup: str, text: str) -> None:
    page = read(f"<div>{_HEAD}<div class='q2'>{TEXT}<p>{markup}</p></div></div>")
    assert texts(page) == [*SENTENCES, text]


@pytest.mark.parametrize(
    "beside",
    [
        "<span class='share'>اشتراک در تلگرام</span>",
        "<a class='read-more' href='/m'>سد شمالی آبگیری شد</a>",
        "<a class='tag' href='/t'>سدها</a><a class='tag' href='/u'>آب</a>",
    ],
)
def test_controls_behind_a_sentence_are_none_of_it(beside: str) -> None:
    body = f"<p>{SENTENCES[0]}</p><p>{SENTENCES[1]} {beside}</p><p>{SENTENCES[2]}</p>"
    assert texts(read(f"<div>{_HEAD}<div class='q2'>{body}</div></div>")) == list(SENTENCES[:3])


def test_words_for_screen_readers_are_none_of_a_sentence() -> None:
    hidden = "سد <span class='sr-only'>(پیوند بیرونی)</span> شمالی از امروز آبگیری می‌شود و مردم روستاهای دشت از آن خوشحالند."
    page = read(f"<div>{_HEAD}<div class='q2'>{TEXT}<p>{hidden}</p></div></div>")
    assert texts(page)[-1] == "سد شمالی از امروز آبگیری می‌شود و مردم روستاهای دشت از آن خوشحالند."


@pytest.mark.parametrize(
    "names",
    [
        "sidebar-layout",
        "widget widget-content",
        "page-hero-ad",
        "page_banner articlePage",
        "single print-1725",
        "is-right-rail rail-video-ad",
    ],
)
def test_what_holds_the_article_is_no_sidebar_whatever_its_class(names: str) -> None:
    first, second, *others = (f"<p>{sentence}</p>" for sentence in SENTENCES)
    box = "<div class='newsletter'><p>خبرهای آب استان را هر بامداد رایگان در صندوق نامه‌های خود دریافت کنید و بخوانید.</p></div>"
    page = read(f"<div class='{names}'>{_HEAD}<div class='q2'>{first}{second}{box}{''.join(others)}</div></div>")
    assert texts(page) == list(SENTENCES)


@pytest.mark.parametrize("names", ["lg:article-dropcap print:article-dropcap-print", "with-video-ad", "has-share"])
def test_a_class_that_says_how_a_paragraph_looks_drops_nothing(names: str) -> None:
    first, second, *others = (f"<p>{sentence}</p>" for sentence in SENTENCES)
    styled = f"<div class='{names}'>{second}</div>"
    page = read(f"<div>{_HEAD}<div class='q2'>{first}{styled}{''.join(others)}</div></div>")
    assert texts(page) == list(SENTENCES)


def test_a_paragraph_that_screen_readers_leave_out_is_text() -> None:
    first, second, *others = SENTENCES
    body = f"<p>{first}</p><p class='paywall' aria-hidden='true'>{second}</p>" + "".join(
        f"<p>{o}</p>" for o in others
    )
    assert texts(read(f"<div>{_HEAD}<div class='q2'>{body}</div></div>")) == list(SENTENCES)


@pytest.mark.parametrize(
    "label", ["<a href='#c'>۱۲ نظر</a>", "<span>Join the conversation</span>", "<div>نظر شما</div>"]
)
def test_a_link_to_the_comments_above_the_text_ends_nothing(label: str) -> None:
    offer = "<div class='q5'><p>خبرهای آب را هر بامداد دریافت کنید.</p></div>"
    page = read(f"<div>{offer}{_HEAD}<div class='q3'>{label}</div><div class='q2'>{TEXT * 2}</div></div>")
    assert texts(page)[-2 * len(SENTENCES) :] == [*SENTENCES, *SENTENCES]


def test_a_lead_by_its_class_that_holds_the_text_is_none() -> None:
    page = read(f"<div>{_HEAD}<div class='summary'><div class='q2'>{TEXT}</div></div></div>")
    assert (page.lead, texts(page)) == ("", list(SENTENCES))


@pytest.mark.parametrize(
    "other",
    [
        "<nav><article class='summary'><a href='/o/1'><p>{}</p></a></article></nav>",
        "<div class='q5'><a href='/o/1'><h4>{}</h4></a></div>",
    ],
)
def test_a_link_to_other_news_is_no_lead(other: str) -> None:
    teaser = other.format(f"{OTHERS[0]} و جشن تماشاگران در خیابان‌های شهر نوآباد تا نیمه‌شب")
    page = read(f"<div>{_HEAD}{teaser}<div class='q2'>{TEXT}</div></div>")
    assert (page.lead, texts(page)) == ("", list(SENTENCES))


def test_the_caption_of_the_photo_above_the_text_is_no_lead() -> None:
    photo = f"<figure><img src='/i/dam-17.jpg'><figcaption>{LEAD}</figcaption></figure>"
    page = read(f"<div>{_HEAD}<div class='q5'>{photo}</div><div class='q2'>{TEXT}</div></div>")
    assert (page.lead, page.photo) == ("", "https://paper.example/i/dam-17.jpg")


def test_the_rest_of_a_text_in_another_element_of_the_same_class_is_read() -> None:
    first = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    second = "".join(f"<p>{sentence.replace('آب', 'برق')} این بخش دوم است.</p>" for sentence in SENTENCES)
    ad = "<div class='q6'><a href='/ad'>تبلیغ</a></div>"
    page = read(
        f"<div>{_HEAD}<div class='articleBody'>{first}</div>{ad}<div class='articleBody'>{second}</div></div>"
    )
    assert len(texts(page)) == 2 * len(SENTENCES)


def test_a_description_that_is_the_text_is_no_lead() -> None:
    told = " ".join(SENTENCES)[:330]
    page = read(f"<div>{_HEAD}<div class='q2'>{TEXT}</div></div>", f"<meta name='description' content='{told}'>")
    assert (page.lead, texts(page)) == ("", list(SENTENCES))


def _json_ld(**properties: object) -> str:
    data = {"@type": "NewsArticle", "headline": TITLE, **properties}
    return f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'


def test_data_that_repeat_the_text_do_not_take_its_place() -> None:
    told = " ".join(SENTENCES).replace("آب ", "آب&nbsp; ")
    page = read(f"<div>{_HEAD}<div class='q2'>{TEXT}</div></div>", _json_ld(articleBody=f"{told} {told}"))
    assert texts(page) == list(SENTENCES)
    assert texts(read(f"<div>{_HEAD}</div>", _json_ld(articleBody=f"{told} {told}"))) == [" ".join(SENTENCES)]


def test_markup_in_data_that_is_escaped_is_read() -> None:
    told = html.escape("".join(f"<p class='x'>{html.escape(sentence)}</p>" for sentence in SENTENCES))
    assert texts(read(f"<div>{_HEAD}</div>", _json_ld(articleBody=told))) == list(SENTENCES)


def test_what_several_boxes_repeat_is_no_text_and_a_refrain_is() -> None:
    said = "Your settings keep this content from being shown here, so please change them."
    box = f"<div class='q6'><div><p>Content is not shown</p><p>{said}</p></div></div>"
    body = box.join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    assert texts(read(f"<div>{_HEAD}<div class='q2'>{body}</div></div>")) == list(SENTENCES)
    song = f"<p>{LEAD}</p>".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    assert texts(read(f"<div>{_HEAD}<div class='q2'>{song}</div></div>")).count(LEAD) == len(SENTENCES) - 1


def test_what_stands_above_the_first_entry_of_a_live_blog_is_kept() -> None:
    updates = [
        {"headline": other, "articleBody": SENTENCES[at], "datePublished": f"2025-12-24T1{at}:00:00+03:30"}
        for at, other in enumerate(OTHERS)
    ]
    entry = f"<div><h3>{OTHERS[0]}</h3><p>{SENTENCES[0]}</p></div>"
    page = read(
        f"<div>{_HEAD}<div class='q2'><p>{SENTENCES[3]}</p>{entry}</div></div>",
        _json_ld(**{"@type": "LiveBlogPosting", "liveBlogUpdate": updates}),
    )
    assert texts(page)[:3] == [SENTENCES[3], f"# 10:00 {OTHERS[0]}", SENTENCES[0]]


@pytest.mark.parametrize(
    "others",
    [
        "<div class='under'><article>{}</article></div>",
        "<article>{}</article>",
        "<article><div>{}</div></article>",
    ],
)
def test_the_next_article_of_an_endless_page_is_no_part_of_this_one(others: str) -> None:
    other = f"<h1>{OTHERS[0]}</h1>" + "".join(f"<p>{sentence.replace('آب', 'توپ')}</p>" for sentence in SENTENCES)
    page = read(f"<main><article>{_HEAD}<div class='q2'>{TEXT}</div></article>{others.format(other)}</main>")
    assert (page.title, texts(page)) == (TITLE, list(SENTENCES))


def test_a_card_of_the_article_below_its_text_is_not_the_article() -> None:
    cards = "".join(
        f"<article><h1><a href='/n/{at}'>{name}</a></h1></article>" for at, name in enumerate((TITLE, *OTHERS))
    )
    head = f"<meta property='og:title' content='{TITLE}'>"
    page = read(
        f"<main><article><h1>سدهای نوآباد پرآب‌تر شدند</h1><div class='q2'>{TEXT}</div></article>{cards}</main>",
        head,
    )
    assert texts(page)[-len(SENTENCES) :] == list(SENTENCES)


def test_the_entries_of_a_live_blog_are_not_other_articles() -> None:
    entries = "".join(
        f"<article><h1>{other}</h1><p>{SENTENCES[at]}</p></article>" for at, other in enumerate(OTHERS)
    )
    for body in (
        f"{_HEAD}<div class='q2'>{entries}</div>",
        f"<article>{_HEAD}<div class='q2'>{entries}</div></article>",
    ):
        assert [text for text in texts(read(body)) if text in SENTENCES] == list(SENTENCES[:3])


@pytest.mark.parametrize(
    "names",
    [
        "class='text no_toc_section'",
        "class='main sidebar-enabled--false'",
        "class='col-print-5 offset-print-2'",
        "id='what-latest-dams-give-us'",
    ],
)
def test_a_part_of_the_text_is_kept_whose_names_say_how_it_looks_or_what_it_tells_of(names: str) -> None:
    told = "آب سدها از این پس روزی دو ساعت میان روستاهای دشت تقسیم می‌شود و هر روستا سهم خود را دارد."
    part = f"<div {names}><h2>What latest dams give us</h2><p>{told}</p></div>"
    page = read(f"<div>{_HEAD}<div class='q2'>{TEXT}{part}</div></div>")
    assert texts(page) == [*SENTENCES, "# What latest dams give us", told]


@pytest.mark.parametrize("names", ["id='content-sidebar-wrap'", "class='hs_cos_wrapper hs_cos_wrapper_widget'"])
def test_the_text_of_a_known_element_is_kept_in_the_wrappers_of_systems(names: str) -> None:
    body = (
        f"<p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p><div {names}><p>{SENTENCES[2]}</p></div><p>{SENTENCES[3]}</p>"
    )
    page = read(
        f"<div class='item-page'>{_HEAD}<div class='item-body'><div class='item-text'>{body}</div></div></div>",
        _NASTOOH,
    )
    assert texts(page) == list(SENTENCES)


def test_a_heading_is_kept_whatever_its_anchor_is_called() -> None:
    first, second, third = (f"<p>{sentence}</p>" for sentence in SENTENCES[:3])
    heading = "<h2 id='what-we-share'>آنچه تقسیم می‌کنیم</h2>"
    page = read(f"<div>{_HEAD}<div class='q2'>{first}{second}{heading}{third}</div></div>")
    assert texts(page) == [*SENTENCES[:2], "# آنچه تقسیم می‌کنیم", SENTENCES[2]]


@pytest.mark.parametrize("name", ["related-news-of-the-day", "block-views-block-latest-news"])
def test_a_box_of_other_news_is_left_out_by_its_id(name: str) -> None:
    box = f"<div id='{name}'><h3>Related</h3><p>{OTHERS[0]}</p></div>"
    page = read(f"<div>{_HEAD}<div class='q2'>{TEXT}{box}</div></div>")
    assert texts(page) == list(SENTENCES)
