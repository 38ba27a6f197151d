"""The fate of an article whose source says something else by now."""

from dataclasses import replace

import pytest

from bot.ingest.storing.change_policy import Change, decide, is_emptied, is_torn
from storage.records import ArticleState, Block, BlockKind, ChangePolicy, Content

_OLD = Content("تیتر", "لید.")
_NEW = Content("تیتر", "لید درست‌شده.")
_LONG = Content("تیتر", "", (Block(BlockKind.PARAGRAPH, "جمله‌ای از متن. " * 60),))
_SHORT = Content("تیتر", "", (Block(BlockKind.PARAGRAPH, "این خبر در دسترس نیست."),))


def _decide(
    new: Content = _NEW,
    *history: Content,
    state: ArticleState = ArticleState.PUBLISHED,
    policy: ChangePolicy = ChangePolicy.FOLLOW,
    by_staff: bool = False,
    reviewed: bool = False,
    moved: bool = False,
) -> Change:
    return decide(
        new, history or (_OLD,), state=state, policy=policy, by_staff=by_staff, reviewed=reviewed, moved=moved
    )


def test_a_change_is_followed_asked_about_or_ignored_as_the_source_is_set() -> None:
    assert _decide() is Change.APPLY
    assert _decide(policy=ChangePolicy.ASK) is Change.ASK
    assert _decide(policy=ChangePolicy.IGNORE) is Change.IGNORE


def test_what_is_reviewed_coming_in_is_reviewed_when_it_changes() -> None:
    assert _decide(reviewed=True) is Change.ASK
    assert _decide(reviewed=True, policy=ChangePolicy.IGNORE) is Change.IGNORE
    assert _decide(reviewed=True, state=ArticleState.REVIEW) is Change.APPLY


def test_readers_see_the_title_of_what_is_folded_and_its_changes_wait_as_any_others() -> None:
    assert _decide(state=ArticleState.FOLDED) is Change.APPLY
    assert _decide(state=ArticleState.FOLDED, reviewed=True) is Change.ASK
    assert _decide(state=ArticleState.FOLDED, policy=ChangePolicy.ASK) is Change.ASK
    assert _decide(state=ArticleState.FOLDED, policy=ChangePolicy.IGNORE) is Change.IGNORE


@pytest.mark.parametrize("state", [ArticleState.RETRACTED, ArticleState.DROPPED])
def test_what_the_newsroom_has_put_away_stays_as_it_is(state: ArticleState) -> None:
    assert _decide(state=state) is Change.IGNORE


def test_what_staff_edited_is_theirs() -> None:
    assert _decide(by_staff=True) is Change.IGNORE
    assert _decide(by_staff=True, moved=True) is Change.IGNORE


def test_the_same_text_is_no_change_but_another_category_is() -> None:
    assert _decide(_OLD) is Change.IGNORE
    assert _decide(Content("تیتر", "لید.", note="یادداشت")) is Change.IGNORE
    assert _decide(_OLD, moved=True) is Change.APPLY


def test_an_emptied_text_is_asked_about_whatever_the_policy() -> None:
    assert is_emptied(_SHORT, _LONG)
    assert not is_emptied(_SHORT, _OLD), "a short text has nothing to lose"
    assert _decide(_SHORT, _LONG) is Change.ASK
    assert _decide(_SHORT, _LONG, state=ArticleState.REVIEW) is Change.ASK


@pytest.mark.parametrize(
    ("title", "change"),
    [
        ("حذف شد", Change.ASK),
        ("[این خبر حذف شده است]", Change.ASK),
        ("This article has been removed.", Change.ASK),
        ("تم حذف الخبر", Change.ASK),
        ("پست بانک از فهرست تحریم حذف شد", Change.APPLY),
        ("مالیات حذف شد", Change.APPLY),
    ],
)
def test_a_headline_that_says_the_article_is_gone_is_asked_about(title: str, change: Change) -> None:
    assert _decide(replace(_OLD, title=title)) is change


def test_a_text_whose_lead_alone_is_left_is_emptied() -> None:
    lead = "پل تازهٔ رودخانهٔ سپید نوآباد پس از سه سال کار به روی خودروها باز شد."
    body = (Block(BlockKind.PARAGRAPH, "ساخت این پل هفتاد میلیارد تومان هزینه برد. " * 5),)
    note = (Block(BlockKind.PARAGRAPH, "این مطلب بازبینی می‌شود."),)
    assert is_emptied(Content("تیتر", lead, note), Content("تیتر", lead, body))
    assert not is_emptied(Content("تیتر", f"{lead} {'و باز هم ' * 20}", note), Content("تیتر", lead, body)), (
        "it moved"
    )


def test_the_beginning_of_a_text_that_breaks_off_is_asked_about() -> None:
    first, second = "شهردار پل را گشود.", "ساخت آن هفتاد میلیارد تومان هزینه برد و سه سال طول کشید."
    whole, torn, cut = (
        Content("تیتر", "", tuple(Block(BlockKind.PARAGRAPH, text) for text in texts))
        for texts in ((first, second), (first, second[:30]), (first,))
    )
    assert is_torn(torn, whole)
    assert _decide(torn, whole) is Change.ASK
    assert _decide(cut, whole) is Change.APPLY, "whoever cuts a text cuts it at a sentence"
    assert _decide(whole, torn) is Change.APPLY


def test_of_two_texts_that_alternate_the_one_after_two_changes_stays() -> None:
    assert _decide(_NEW, _OLD) is Change.APPLY
    assert _decide(_OLD, _OLD, _NEW) is Change.APPLY
    assert _decide(_NEW, _OLD, _NEW, _OLD) is Change.IGNORE
    assert _decide(Content("تیتر", "لید سوم."), _OLD, _NEW, _OLD) is Change.APPLY


def test_a_text_that_counts_its_readers_stays_after_two_changes() -> None:
    counted = [
        Content("تیتر", "لید.", (Block(BlockKind.PARAGRAPH, f"بازدید: <b>{count}</b>"),))
        for count in ("۹", "۱۲", "۱٬۰۰۴", "۱٬۰۰۵")
    ]
    assert _decide(counted[2], *counted[:2]) is Change.APPLY
    assert _decide(counted[3], *counted[:3]) is Change.IGNORE
    assert _decide(_NEW, *counted[:3]) is Change.APPLY


def test_numbers_that_are_corrected_among_other_changes_are_followed() -> None:
    told = [
        Content("تیتر", f"{count} نفر {what}.")
        for count, what in (("۱۲", "آمدند"), ("۱۴", "آمدند"), ("۱۴", "رفتند"))
    ]
    assert _decide(Content("تیتر", "۱۵ نفر رفتند."), *told) is Change.APPLY


def _article(
    photo: str = "https://cdn.example/a.jpg", link: str = "https://paper.example/n/7", image: str = ""
) -> Content:
    text = Block(BlockKind.PARAGRAPH, f'در <a href="{link}">گزارش پیشین</a> آمده بود.')
    body = (text, Block(BlockKind.IMAGE, url=image)) if image else (text,)
    return Content("تیتر", "لید.", body, photo=photo, tags=("سد", "آب"))


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (_article(), _article("https://cdn.example/a.jpg?X-Amz-Signature=0a1b&X-Amz-Expires=900")),
        (_article("https://cdn.example/a.jpg?v=1"), _article("https://cdn.example/a.jpg?v=2")),
        (_article(link="https://paper.example/n/7?sid=8f14e45fceea167a5a36dedd4bea2543"), _article()),
        (
            _article(link="http://www.paper.example/n/7/?utm_source=rss&amp;x=1"),
            _article(link="https://paper.example/n/7?x=1"),
        ),
        (_article(image="https://cdn.example/b.webp?w=800"), _article(image="https://cdn.example/b.webp?w=640")),
        (_article(), replace(_article(), tags=("آب", "سد"))),
    ],
)
def test_what_only_addresses_and_the_order_of_tags_tell_is_no_change(before: Content, now: Content) -> None:
    assert _decide(now, before) is Change.IGNORE


@pytest.mark.parametrize(
    "now",
    [
        _article("https://cdn.example/c.jpg"),
        _article(link="https://paper.example/n/8"),
        _article(image="https://cdn.example/b.webp"),
        replace(_article(), tags=("سد",)),
    ],
)
def test_another_photo_link_or_tag_is_a_change(now: Content) -> None:
    assert _decide(now, _article()) is Change.APPLY


def test_a_picture_that_its_query_names_is_another() -> None:
    before, now = (_article(f"https://cdn.example/image?id={number}") for number in (7, 8))
    assert _decide(now, before) is Change.APPLY
