"""Whatever comments hold, a page of them, a card and a question fit into what Telegram takes."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.locales.catalog import Catalog, Texts
from bot.newsroom.comment_rules import NAME_LIMIT, TEXT_LIMIT
from bot.render.article import Counts, reader_keyboard
from bot.render.comments import PAGE_SIZE, CommentPage, card, comments_of, fitting, queue, quoted
from bot.render.html import TEXT_LIMIT as MESSAGE_LIMIT
from bot.render.html import length, strip_tags
from bot.render.message import Button, Message
from storage.records import ArticleState, Comment, CommentState, Content
from tests.unit.articles import PUBLISHED

_CATALOG = Catalog.load()
_PERSIAN, _ENGLISH = (_CATALOG.bind(language, ZoneInfo("Asia/Tehran")) for language in ("fa", "en"))
_ARTICLE = replace(PUBLISHED, id=10**12, content=Content(title="😀" * 300))
_WRITE = Button("x", "write:1")
_texts = st.text(alphabet='ابپ abc😀&<>"\n\u200c', min_size=1, max_size=40)
_comments = st.lists(
    st.builds(
        lambda text, name, times: Comment(
            id=10**15,
            article_id=_ARTICLE.id,
            user_id=7,
            name=(name * NAME_LIMIT)[:NAME_LIMIT],
            text=(text * times)[:TEXT_LIMIT],
            state=CommentState.WAITING,
            created_at=1_766_577_060_000,
            decided_by=None,
            decided_at=None,
        ),
        _texts,
        _texts,
        st.sampled_from([1, 10, 1000]),
    ),
    max_size=PAGE_SIZE + 1,
)


def _fits(message: Message) -> bool:
    data = [len(button.data.encode()) for row in message.keyboard for button in row]
    return length(strip_tags(message.html)) <= MESSAGE_LIMIT and max(data, default=1) <= 64


@given(found=_comments, own=_comments, texts=st.sampled_from([_PERSIAN, _ENGLISH]))
def test_every_message_with_comments_fits(found: list[Comment], own: list[Comment], texts: Texts) -> None:
    page = CommentPage(fitting(found), earlier=True, later=True)
    assert bool(page.comments) == bool(found)
    assert _fits(comments_of(_ARTICLE, page, texts, _WRITE, reader_id=7, waiting=own[:3], moderates=True))
    gone = replace(_ARTICLE, state=ArticleState.RETRACTED)
    assert _fits(queue(page, {_ARTICLE.id: gone}, texts))
    for comment in found:
        assert _fits(card(comment, gone, texts, decided_by="😀" * 60, silenced=True))
        assert length(strip_tags(quoted(comment, texts))) <= MESSAGE_LIMIT // 2


@given(found=_comments)
def test_a_page_is_the_first_or_the_last_of_what_was_found(found: list[Comment]) -> None:
    numbered = [replace(comment, id=number) for number, comment in enumerate(found)]
    first, last = fitting(numbered), fitting(numbered, backwards=True)
    assert list(first) == numbered[: len(first)]
    assert list(last) == numbered[len(numbered) - len(last) :]


@pytest.mark.parametrize(
    ("count", "words"), [(0, "💬 نظرات"), (12, "💬 نظرات (۱۲)"), (999, "💬 نظرات (۹۹۹)"), (1000, "💬 نظرات (۹۹۹+)")]
)
def test_the_button_under_an_article_tells_how_many(count: int, words: str) -> None:
    keyboard = reader_keyboard(_ARTICLE, _PERSIAN, "peyk", saved=False, counts=Counts(comments=count))
    assert words in [button.text for row in keyboard for button in row]


def test_a_comment_cannot_feign_another() -> None:
    feigned = "خوب\n</blockquote>2. <b>مدیر</b> · امروز"
    comment = Comment(1, 1, 7, "</b>x", feigned, CommentState.APPROVED, 1_766_577_060_000, 1, 1)
    message = comments_of(_ARTICLE, CommentPage([comment], earlier=False, later=False), _PERSIAN, _WRITE)
    assert message.html.count("<blockquote>") == message.html.count("</blockquote>") == 1
    assert feigned in strip_tags(message.html)
