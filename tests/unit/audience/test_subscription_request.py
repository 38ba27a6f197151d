"""Words that /subscribe and the panel's questions understand."""

import pytest

from bot.audience.subscription_request import (
    SubscriptionRequest,
    requests_among,
    requests_in,
    section_requests,
    tag_requests,
    words_request,
)
from bot.errors import UserError
from storage.categories import SEED
from storage.records import Category, Subscription, SubscriptionKind

_KNOWN = [Category(number, *names) for number, names in enumerate(SEED, 1)]
_POLITICS, _SPORTS, _SCIENCE = (SubscriptionRequest(SubscriptionKind.CATEGORY, number) for number in (1, 6, 7))
_BOURSE = SubscriptionRequest(SubscriptionKind.TAG, subject="بورس", label="بورس")


def _words(subject: str, label: str, kind: SubscriptionKind = SubscriptionKind.WORDS) -> SubscriptionRequest:
    return SubscriptionRequest(kind, subject=subject, label=label)


@pytest.mark.parametrize(
    ("text", "requests"),
    [
        ("", []),
        ("ورزشي", [_SPORTS]),
        ("ورزشی، علم و فناوری politics", [_SPORTS, _SCIENCE, _POLITICS]),
        ("#ورزشی", [_SPORTS]),
        ("#علم_و_فناوری", [_SCIENCE]),
        ("#بورس ورزشی", [_BOURSE, _SPORTS]),
        ("ورزشی ورزشی", [_SPORTS]),
        ("«علم و فناوری»", [_SCIENCE]),
        ("«نفت ایران»", [_words('"نفت ایران"', "«نفت ایران»")]),
        ('ورزشی "نفت" -اوپك', [_SPORTS, _words('"نفت" -"اوپک"', '"نفت" -اوپك')]),
    ],
)
def test_a_request_names_categories_tags_and_quoted_words(text: str, requests: list[SubscriptionRequest]) -> None:
    assert requests_in(text, _KNOWN) == requests


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("نفت", "category-unknown"),
        ("ورزشی نفت", "category-unknown"),
        ("ورزشی -فوتسال", "category-unknown"),
        ("#", "category-unknown"),
        ("«»", "follow-words-none"),
        ('-"نفت"', "category-unknown"),
        ("«نفت» دسته:ورزشی", "follow-words-category"),
    ],
)
def test_what_is_unclear_is_not_followed(text: str, key: str) -> None:
    with pytest.raises(UserError) as refused:
        requests_in(text, _KNOWN)
    assert refused.value.key == key


@pytest.mark.parametrize("text", ["***", "-اوپک", "واژه " * 13, "ا" * 201, "دسته:ورزشی"])
def test_words_that_cannot_be_followed_are_refused(text: str) -> None:
    with pytest.raises(UserError, match="follow-words-"):
        words_request(text)


def test_names_come_in_every_spelling_and_several_at_once() -> None:
    tags = tag_requests("#نفت_ایران، بورس #بورس")
    assert [(tag.subject, tag.label) for tag in tags] == [("نفتایران", "نفت_ایران"), ("بورس", "بورس")]
    assert [request.subject for request in section_requests(" گروهِ اقتصاد‌ی ")] == ["گروهاقتصادی"]
    for text in ("", "#", "…"):
        with pytest.raises(UserError, match="follow-names-none"):
            tag_requests(text)


def test_what_is_followed_is_named_without_signs() -> None:
    rows = [("tag", "بورس"), ("words", 'نفت -"اوپک"'), ("muted", "لیگ")]
    followed = [
        Subscription(number, 1, 0, SubscriptionKind(kind), None, subject, subject, False, None, 0)
        for number, (kind, subject) in enumerate(rows)
    ]
    assert [request.subject for request in requests_among("بورس", followed)] == ["بورس"]
    assert [request.subject for request in requests_among("-اوپك نفت", followed)] == ['نفت -"اوپک"']
    assert requests_among("لیگ", followed) == []
    assert requests_among("", followed) == []
