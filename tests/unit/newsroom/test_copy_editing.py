"""The copy editor over articles: formatting, links and code stay."""

import pytest

from bot.newsroom.copy_editing import corrected_content, corrected_html, proposals_for, with_all_proposals
from persian.copy_edit.editor import HouseStyle
from storage.records import Block, BlockKind, Content


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("<b>كتاب</b> ها", "<b>کتاب</b>\u200cها"),
        ("او <i>می</i> گوید", "او <i>می</i>\u200cگوید"),
        ("<code>كد  می شود</code> و می شود", "<code>كد  می شود</code> و می\u200cشود"),
        ('<a href="https://a.ir/ي?x=1&amp;y=2">خبر ها</a>', '<a href="https://a.ir/ي?x=1&amp;y=2">خبرها</a>'),
        ("سود ٢٥ درصد &lt;رسمي&gt;", "سود ۲۵ درصد &lt;رسمی&gt;"),
        ("او گفت &quot;سلام دنیا&quot; و رفت", "او گفت «سلام دنیا» و رفت"),
        ("متن <b>می </b>شود", "متن <b>می\u200c</b>شود"),
    ],
)
def test_marks_stay_around_what_is_corrected(written: str, right: str) -> None:
    assert corrected_html(written) == right
    assert corrected_html(right) == right


def test_every_text_of_an_article_is_corrected_and_nothing_else() -> None:
    body = (Block(BlockKind.PARAGRAPH, "می شود"), Block(BlockKind.LIST, items=("كار", "<u>نو</u>")))
    content = Content("قيمت ها & بازار", "می گوید", body, section="گروه  ي", tags=("كار",), link="https://a.ir/ي")
    corrected = corrected_content(content)
    assert corrected.title == "قیمت\u200cها & بازار"
    assert corrected.lead == "می\u200cگوید"
    assert corrected.body[0].html == "می\u200cشود"
    assert corrected.body[1].items == ("کار", "<u>نو</u>")
    assert (corrected.section, corrected.tags, corrected.link) == (content.section, content.tags, content.link)


def test_a_proposal_changes_its_place_alone() -> None:
    body = (Block(BlockKind.PARAGRAPH, "صبر <b>کنید</b>..."), Block(BlockKind.LIST, items=("این که", "آن که")))
    content = Content("رستورانها باز شد", body=body)
    made = list(proposals_for(content))
    assert [proposal.after for proposal in made] == ["رستوران\u200cها باز شد", "صبر کنید…", "اینکه", "آنکه"]
    assert made[2].content.body[1].items == ("اینکه", "آن که")
    everything = with_all_proposals(content)
    assert (everything.title, everything.body[0].html) == ("رستوران\u200cها باز شد", "صبر <b>کنید</b>…")
    assert everything.body[1].items == ("اینکه", "آنکه")
    assert not list(proposals_for(everything))


def test_the_words_of_the_newsroom_stay_in_blocks() -> None:
    style = HouseStyle((("طهران", "تهران"),), ("دیجی كالا",))
    assert corrected_html("<b>طهران</b> و دیجی كالا", style) == "<b>تهران</b> و دیجی كالا"


def test_no_word_makes_markup_or_changes_where_a_link_leads_and_what_it_shows() -> None:
    style = HouseStyle((("خبر", "<b>خبر</b>"), ("org", "سازمان"), ("نو روز", "</a>"), ("amp", "x")))
    written = 'خبر <a href="https://a.org/خبر">https://a.org/خبر</a> نو <i>روز</i> &amp; ما'
    shown = 'href="https://a.org/خبر">https://a.org/خبر</a>'
    edited = corrected_html(written, style)
    assert shown in edited
    assert edited.startswith("&lt;b&gt;خبر&lt;/b&gt; <a")
    assert edited.endswith("نو <i>روز</i> &amp; ما")


def test_no_word_makes_a_part_of_an_article_too_long() -> None:
    style = HouseStyle((("ا", "ب" * 60),))
    long, body = "ا " * 140, (Block(BlockKind.PARAGRAPH, "ا " * 4_000),)
    content = Content(long, long * 10, body)
    assert corrected_content(content, style) == content
    assert corrected_content(Content("ا"), style).title == "ب" * 60
