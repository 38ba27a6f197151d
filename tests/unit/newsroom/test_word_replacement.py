"""Words replaced in an article: which places, and what becomes of the formatting around them."""

import pytest

from bot.errors import UserError
from bot.newsroom.formatting import FormattedText
from bot.newsroom.word_replacement import Replacement, replace_words, replacement_in
from storage.records import Block, BlockKind, Content


def _replaced(html: str, words: str, by: str) -> str:
    content = Content("عنوان", body=(Block(BlockKind.PARAGRAPH, html),))
    return replace_words(content, words, by).content.body[0].html


def test_words_are_replaced_in_every_part_but_not_in_links_and_captions() -> None:
    content = Content(
        "سفر به تهران",
        "در تهران.",
        (
            Block(BlockKind.PARAGRAPH, 'از <a href="https://example.org/تهران">تهران</a> &amp; قم'),
            Block(BlockKind.LIST, items=("تهران", "قم")),
            Block(BlockKind.IMAGE, "تهران", url="https://example.org/تهران.jpg"),
        ),
    )
    assert replace_words(content, "تهران", "شیراز") == Replacement(
        Content(
            "سفر به شیراز",
            "در شیراز.",
            (
                Block(BlockKind.PARAGRAPH, 'از <a href="https://example.org/تهران">شیراز</a> &amp; قم'),
                Block(BlockKind.LIST, items=("شیراز", "قم")),
                Block(BlockKind.IMAGE, "تهران", url="https://example.org/تهران.jpg"),
            ),
        ),
        places=4,
    )


def test_a_replacement_that_makes_an_article_of_endless_length_is_refused_before_it_is_made() -> None:
    content = Content("عنوان", body=(Block(BlockKind.PARAGRAPH, "ت" * 199_000),))
    with pytest.raises(UserError, match="post-body-too-long"):
        replace_words(content, "ت", "ه" * 300)
    assert replace_words(content, "ت", "ه").places == 199_000


@pytest.mark.parametrize(
    ("html", "words", "by", "after"),
    [
        ("<b>یک دو</b> سه", "دو", "چهار", "<b>یک چهار</b> سه"),
        ("یک <b>دو</b> سه", "یک دو", "چهار", "چهار سه"),
        ("<b>یک</b> دو سه", "یک دو", "چهار", "<b>چهار</b> سه"),
        ("یک <b>دو سه</b>", "یک دو", "چهار", "چهار<b> سه</b>"),
        (
            'یک <a href="https://example.org/">دو</a> سه',
            "یک دو سه",
            "چهار",
            '<a href="https://example.org/">چهار</a>',
        ),
        ("&lt;یک&gt; و یک", "یک", "<دو>", "&lt;&lt;دو&gt;&gt; و &lt;دو&gt;"),
    ],
)
def test_formatting_and_links_stay_around_the_words(html: str, words: str, by: str, after: str) -> None:
    assert _replaced(html, words, by) == after


@pytest.mark.parametrize(
    ("text", "words", "after"),
    [
        ("کتاب و کتابخانه", "کتاب", "نو و کتابخانه"),  # whole words first
        ("کتابخانه", "کتاب", "نوخانه"),
        ("ان و آن", "ان", "نو و آن"),  # the spelling as written first
        ("كتاب ها", "کتاب‌ها", "نو"),
        ("کتاب", "دفتر", "کتاب"),
    ],
)
def test_what_was_meant_is_found(text: str, words: str, after: str) -> None:
    assert _replaced(text, words, "نو") == after


def test_another_spelling_is_brought_to_the_one_that_is_right() -> None:
    content = Content("كتاب و کتاب")
    assert replace_words(content, "کتاب", "کتاب") == Replacement(Content("کتاب و کتاب"), places=1)


@pytest.mark.parametrize(
    "html", ['a<b>b<i>c</i></b><a href="https://e.org/?a=1&amp;b=2">d</a>', "&lt;b&gt;", "x\ny"]
)
def test_the_html_of_a_block_reads_back(html: str) -> None:
    assert FormattedText.of_html(html).html() == html


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("به‌جای تهران بنویس شیراز", ("تهران", "شیراز")),
        ("به جای «دو  نفر» بنویس «سه نفر»", ("دو  نفر", "سه نفر")),
        ("به‌جای بنویس شیراز", None),
        ("به‌جایگاه تهران بنویس شیراز", None),
        ("تهران", None),
    ],
)
def test_both_words_are_read_from_one_sentence(text: str, found: tuple[str, str] | None) -> None:
    assert replacement_in(text, ["به‌جای", "به جای"], ["بنویس"]) == found
