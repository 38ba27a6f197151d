"""Headings that hold more than the headline: kickers, subtitles, badges, controls."""

import pytest

from tests.unit.ingest.page.whole_pages import KICKER, LEAD, SENTENCES, TEXT, TITLE, read, texts

_ARTICLE = "<main><article>{}<p class='lead'>{}</p><div class='text'>{}</div></article></main>"


@pytest.mark.parametrize(
    "head",
    [
        "",
        f"<meta property='og:title' content='{TITLE}'>",
        f"<meta property='og:title' content='{KICKER}؛ {TITLE}'>",
    ],
)
@pytest.mark.parametrize(
    "heading",
    [
        f'<h1 class="title"><span class="kicker">{KICKER}</span>{TITLE}</h1>',
        f'<h1><span class="rutitr">{KICKER}</span><br><span class="titr">{TITLE}</span></h1>',
        f'<h1><span class="headline__kicker">{KICKER}</span><span class="headline__main">{TITLE}</span></h1>',
        f'<h1><span class="upTitle">{KICKER}</span> <a href="/news/55/dams">{TITLE}</a></h1>',
        f'<h1><em class="topline">{KICKER}:</em> {TITLE}</h1>',
        f'<h1><div class="surtitle">{KICKER}</div><div>{TITLE}</div></h1>',
        f'<h1><a class="cat-label" href="/water">آب</a> {TITLE}</h1>',
        f'<h1>{TITLE}<span class="subtitle">{LEAD}</span></h1>',
        f'<h1>{TITLE} <span class="badge">ویژه</span></h1>',
        f'<h1>{TITLE} <button>کپی</button><span class="sr-only">در پنجرهٔ تازه</span></h1>',
    ],
)
def test_what_stands_beside_the_headline_is_none_of_it(heading: str, head: str) -> None:
    page = read(_ARTICLE.format(heading, LEAD, TEXT), head)
    assert (page.title, page.lead, texts(page)) == (TITLE, LEAD, list(SENTENCES))


def test_small_print_is_none_of_a_headline_unless_the_metadata_has_it() -> None:
    article = _ARTICLE.format(f"<h1><small>{KICKER}</small> {TITLE}</h1>", LEAD, TEXT)
    assert read(article, title="نمونه‌خبر").title == TITLE
    assert read(article, title=f"{KICKER} {TITLE}").title == f"{KICKER} {TITLE}"


@pytest.mark.parametrize(
    "heading",
    [
        f"<h1><div class='a1'>{KICKER}</div><div class='a2'>{TITLE}</div></h1>",
        f"<h1><b>{KICKER}</b> {TITLE}</h1>",
        f"<h1><span><i>{KICKER}</i><i>{TITLE}</i></span></h1>",
        f"<h1>{TITLE} <i>{KICKER}</i></h1>",
    ],
)
def test_the_metadata_tells_which_part_of_a_heading_is_the_headline(heading: str) -> None:
    assert read(_ARTICLE.format(heading, LEAD, TEXT)).title == TITLE


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("<h1><span>ایران ۲</span> <span>- عراق ۱</span></h1>", "ایران ۲ - عراق ۱"),
        ("<h1>تولید CO<sub>2</sub> کم شد <b>و هوا پاک</b></h1>", "تولید CO 2 کم شد و هوا پاک"),
        ("<h1><span class='category-title'>آب گران شد</span></h1>", "آب گران شد"),
        ("<h1><span class='title-label'>آب پشت سدها بالا آمد</span></h1>", "آب پشت سدها بالا آمد"),
    ],
)
def test_a_headline_in_several_elements_is_whole(heading: str, title: str) -> None:
    assert read(_ARTICLE.format(heading, LEAD, TEXT), title=f"{title} | نمونه‌خبر").title == title


@pytest.mark.parametrize(
    "heading",
    [
        "<i>{}</i><i>{}</i>",
        "<span>{} </span><span>: </span><span>{}</span>",
        "<span class='headline'>{}</span><span class='subtitle'>{}</span>",
    ],
)
def test_a_kicker_and_a_headline_are_written_as_in_the_metadata(heading: str) -> None:
    title = f"سد نوآباد: {TITLE}"
    head = f"<meta property='og:title' content='{title}'>"
    assert read(_ARTICLE.format(f"<h1>{heading.format('سد نوآباد', TITLE)}</h1>", LEAD, TEXT), head).title == title


@pytest.mark.parametrize(
    "heading",
    [
        "<span class='kicker'>{}</span><span>: </span><span>{}</span>",
        "<span class='topline'>{}</span>: {}",
        "<span class='kicker'>{}</span> – {}",
        "<b class='kicker'>{}</b>｜{}",
    ],
)
@pytest.mark.parametrize("head", ["", f"<meta property='og:title' content='{KICKER}: {TITLE}'>"])
def test_no_title_begins_with_the_sign_that_joins_it_to_its_kicker(heading: str, head: str) -> None:
    article = _ARTICLE.format(f"<h1>{heading.format(KICKER, TITLE)}</h1>", LEAD, TEXT)
    assert read(article, head, title="نمونه‌خبر").title == TITLE


def test_a_subtitle_between_two_parts_of_a_headline_stays() -> None:
    heading = f"<h1><b>{TITLE}</b><i>：</i><i class='subtitle'>{KICKER}</i><b>（۱ از ۲）</b></h1>"
    assert read(_ARTICLE.format(heading, LEAD, TEXT), title="نمونه‌خبر").title == f"{TITLE} ： {KICKER} （۱ از ۲）"


def test_a_part_that_is_longer_than_the_rest_is_the_headline_whatever_its_class() -> None:
    heading = f"<h1><span class='subline'>سدهای استان</span> <span class='topline'>{TITLE}</span></h1>"
    head = "<meta property='og:title' content='سدهای استان: آب پشت سدها بیشتر شد'>"
    assert read(_ARTICLE.format(heading, LEAD, TEXT), head, title="نمونه‌خبر").title == f"سدهای استان {TITLE}"


def test_a_lesser_heading_that_is_a_small_part_of_the_title_is_no_headline() -> None:
    head = f"<meta property='og:title' content='{TITLE}: {KICKER}'>"
    body = f"<div class='q2'><h2>آب پشت سدهای نوآباد</h2>{TEXT}</div>"
    assert read(body, head, title=f"{TITLE}: {KICKER}").title == f"{TITLE}: {KICKER}"


@pytest.mark.parametrize("bar", ["｜", " ｜ ", "│", "ㅣ", " ┃ "])
def test_the_site_s_name_behind_a_bar_of_another_script_is_cut_off(bar: str) -> None:
    head = "<meta property='og:site_name' content='نمونه‌خبر'>"
    assert read(f"<div class='q2'>{TEXT}</div>", head, title=f"{TITLE}{bar}نمونه‌خبر").title == TITLE


def test_the_name_of_the_site_in_the_page_s_head_is_no_headline() -> None:
    logo = "<header><h1><a href='https://paper.example/'>The Daily Paper</a></h1></header>"
    article = f"<article><h1>{TITLE}</h1><div class='q2'>{TEXT}</div></article>"
    page = read(logo + article, title="سدها پر شدند - The Daily Paper")
    assert page.title == TITLE


def test_a_section_behind_the_headline_of_the_data_is_cut_off() -> None:
    data = f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{TITLE}"}}</script>'
    head = f"<meta property='og:title' content='{TITLE}-سیاسیㅣنمونه‌خبر'><meta property='og:site_name' content='نمونه‌خبر'>"
    assert read(f"<div class='q2'>{TEXT}</div>", head + data, title=f"{TITLE}-سیاسیㅣنمونه‌خبر").title == TITLE


@pytest.mark.parametrize(
    "trail",
    [
        "<nav><ul><li><a href='/water'>آب</a></li><li><h1>{}</h1></li></ul></nav>",
        "<div class='breadcrumb'><a href='/water'>آب</a><h1>{}</h1></div>",
        "<div><a href='/water'>آب</a><h1 class='breadcrumb__headline'>{}</h1></div>",
    ],
)
def test_a_title_for_search_engines_in_the_path_of_sections_is_no_headline(trail: str) -> None:
    search = "سدهای نوآباد: پر شدن سدها در دی ۱۴۰۴"
    data = f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{TITLE}"}}</script>'
    shown = f"<article>{trail.format(search)}<h2>{TITLE}</h2><div class='q2'>{TEXT}</div></article>"
    assert read(shown, data, title=search).title == TITLE
    assert read(shown.replace(TITLE, KICKER), data, title=search).title == search


_CARDS = "<section>{}</section>".format(
    "".join(
        f"<article><h1><a href='/n/{at}'>{other}</a></h1></article>"
        for at, other in enumerate(("بازار میوه گران‌تر از پارسال شد", "جادهٔ کوهستان یک ماه بسته می‌ماند"))
    )
)


def test_of_several_headings_the_one_that_the_titles_tell_of_is_the_headline() -> None:
    seo = "آب سدهای نوآباد به چهل درصد رسید | نمونه‌خبر"
    cards = _CARDS.replace("<a ", "<b ").replace("</a>", "</b>")
    page = read(f"<main><h1>{TITLE}</h1><div class='q2'>{TEXT}</div></main>{cards}", title=seo)
    assert page.title == TITLE


def test_a_heading_within_the_text_is_no_headline_where_both_titles_name_another() -> None:
    named = "Engineers of the valley fill the northern dam after seven years of work"
    article = f"<article><h1>Dam</h1>{TEXT}<h1>What is next</h1>{TEXT}</article>"
    page = read(article, f"<meta property='og:title' content='{named}'>", title=f"{named} · The Paper")
    assert page.title == named


def test_a_message_below_the_text_is_no_headline() -> None:
    named = "Engineers fill the northern dam - Valley Paper"
    head = f"<meta property='og:title' content='{named}'><meta property='og:site_name' content='Valley Paper'>"
    article = f"<article><div class='q2'>{TEXT}</div><h1>A letter from our founder at Valley Paper:</h1></article>"
    assert read(article, head, title=named).title == "Engineers fill the northern dam"


@pytest.mark.parametrize("sign", ["&amp;#x26;", "&amp;#038;", "&amp;amp;"])
def test_a_sign_that_is_escaped_twice_is_written_as_itself(sign: str) -> None:
    assert read(f"<h1>Dams {sign} rivers of the north</h1>{TEXT}").title == "Dams & rivers of the north"


def test_a_sign_of_markup_that_is_escaped_twice_stays_as_it_is() -> None:
    assert read(f"<h1>The sign &amp;lt; in &amp;#60;b&amp;#62;</h1>{TEXT}").title == "The sign &lt; in &#60;b&#62;"


def test_no_space_stands_before_a_sign_in_an_element_of_its_own() -> None:
    heading = "<h1><span>سد شمالی</span><span>، </span><span>پر از آب شد</span><span>!</span></h1>"
    assert read(f"{heading}{TEXT}").title == "سد شمالی، پر از آب شد!"


@pytest.mark.parametrize("other", ["Help us: read our list of the people that the valley should choose", "SATIRE"])
def test_a_heading_of_something_else_is_no_headline_though_a_word_is_in_both(other: str) -> None:
    named = "Engineers of the valley fill the northern dam after seven years"
    body = f"<div class='q2'>{TEXT}</div><div class='t3'><h1>{other}</h1></div>"
    for title in (named, f"The Paper | {named}"):
        assert read(body, f"<meta property='og:title' content='{named}'>", title=title).title == named
