"""Whole articles from pages of the systems that Iranian news sites run on."""

import pytest

from bot.ingest.items import PageArticle
from bot.ingest.page.article_page import parse_page
from bot.ingest.raw_document import RawDocument
from tests.unit.ingest.page.iranian_pages import DATE, PAGES, TITLE, IranianPage
from tests.unit.ingest.page.whole_pages import NOW, ZONE, date_of, texts


def _read(page: IranianPage) -> PageArticle:
    return parse_page(RawDocument(page.markup.encode(), "text/html; charset=utf-8", page.url), ZONE, now=NOW)


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_the_whole_article_is_exact(page: IranianPage) -> None:
    article = _read(page)
    assert (article.title, article.lead) == (TITLE, page.lead)
    assert tuple(texts(article)) == page.texts
    assert (article.number, date_of(article)) == (page.number, DATE)
    assert article.category_words == page.sections
    assert (article.byline, article.photo.rpartition("/")[2].partition("?")[0]) == (page.byline, page.photo)
