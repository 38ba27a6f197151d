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
