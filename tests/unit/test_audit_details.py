"""The details of an entry of the audit: stored as JSON, and read again, those of an older Peyk too."""

from typing import get_args

import pytest

from storage.audit_details import (
    AddressDetails,
    AnnouncementDetails,
    AuditDetails,
    ChatActionDetails,
    ChatChangeDetails,
    Circumstance,
    CircumstanceDetails,
    FollowDetails,
    HouseWordDetails,
    MemberDetails,
    MoveDetails,
    OriginDetails,
    PersonDetails,
    PolicyDetails,
    RequestDetails,
    RevisionDetails,
    RoleChangeDetails,
    RoleDetails,
    RuleDetails,
    ScheduleDetails,
    SettingChange,
    SourceChangeDetails,
    SourceDetails,
    StoryDetails,
    SubscriptionChange,
    TextDetails,
    decoded,
    encoded,
)
from storage.records import ChangePolicy, RequestPart, Role

_CHAT = (-1001, "کانال ما")
_KINDS: list[tuple[AuditDetails, str]] = [
    (TextDetails('یک "تیتر"'), 'یک "تیتر"'),
    (RevisionDetails("ورزشی", "سیاسی", "نام شهر"), "ورزشی -> سیاسی · نام شهر"),
    (RevisionDetails(note="نام شهر"), "نام شهر"),
    (ScheduleDetails(1_795_755_600_000, breaking=True), "2026-11-27 05:00 UTC breaking"),
    (CircumstanceDetails(Circumstance.AS_PLANNED), "as planned"),
    (StoryDetails(264802), "264802"),
    (FollowDetails(264802), "264802"),
    (FollowDetails(None), "-"),
    (AnnouncementDetails("*", "به‌روزرسانی"), "*: به‌روزرسانی"),
    (PersonDetails(7, "مینا"), "مینا (7)"),
    (PersonDetails(7), "7"),
    (RoleDetails(Role.EDITOR), "editor"),
    (MemberDetails(None, "مینا", Role.AUTHOR), "مینا: author"),
    (MemberDetails(7, "مینا", Role.AUTHOR), "مینا (7): author"),
    (RoleChangeDetails(7, "مینا", Role.AUTHOR, Role.EDITOR), "مینا (7): author -> editor"),
    (ChatActionDetails(*_CHAT), "کانال ما (-1001)"),
    (ChatActionDetails(*_CHAT, "kicked"), "کانال ما (-1001): kicked"),
    (
        ChatChangeDetails(*_CHAT, settings=(SettingChange("paused", "False", "True"),)),
        "کانال ما (-1001): paused False -> True",
    ),
    (
        ChatChangeDetails(*_CHAT, subscriptions=(SubscriptionChange("+", "*"), SubscriptionChange("-", "ورزشی"))),
        "کانال ما (-1001): + *, - ورزشی",
    ),
    (AddressDetails("https://a.example/1"), "https://a.example/1"),
    (
        SourceChangeDetails("https://a.example/", (SettingChange("title", "", "نام نو"),)),
        "https://a.example/: title  -> نام نو",
    ),
    (RuleDetails("تبلیغ", "drop", "https://a.example/feed"), "https://a.example/feed · تبلیغ · drop"),
    (RuleDetails("تبلیغ"), "تبلیغ"),
    (OriginDetails("https://a.example/feed", "264802"), "https://a.example/feed → 264802"),
    (OriginDetails("", "264802"), "264802"),
    (MoveDetails("https://a.example/", "https://b.example/"), "https://a.example/ → https://b.example/"),
    (
        PolicyDetails("https://a.example/", ChangePolicy.ASK, ChangePolicy.FOLLOW),
        "https://a.example/: ask -> follow",
    ),
    (RequestDetails("https://a.example/", RequestPart.COOKIE, "sid"), "https://a.example/ · cookie sid"),
    (RequestDetails("https://a.example/", RequestPart.PROXY), "https://a.example/ · proxy"),
    (HouseWordDetails("طهران", "تهران"), "طهران -> تهران"),
    (HouseWordDetails("دیجی كالا"), "دیجی كالا"),
    (SourceDetails("https://a.example/", "sports", "publish"), "https://a.example/ · sports · publish"),
]


@pytest.mark.parametrize(("details", "plain"), _KINDS)
def test_details_come_back_as_they_were_stored(details: AuditDetails, plain: str) -> None:
    assert decoded("edit", encoded(details)) == details
    assert details.plain() == plain


def test_every_kind_is_among_these() -> None:
    assert {type(details) for details, _ in _KINDS} == set(get_args(AuditDetails))


def test_no_details_are_none() -> None:
    assert encoded(None) == ""
    assert decoded("publish", "") is None


@pytest.mark.parametrize(
    ("action", "stored"),
    [
        ("draft", "تیتری که پیش از این نوشته شد"),
        ("schedule", "2026-13-45 99:00 UTC"),
        ("unschedule", "not reviewed"),
        ("invite", "emperor"),
        ("fold", "another"),
        ("draft", '{"kind":"text"'),
        ("draft", '{"kind":"no such kind","text":"x"}'),
        ("invite", '{"kind":"role","role":"emperor"}'),
        ("draft", '{"text":"x"}'),
        ("draft", "{}"),
    ],
)
def test_what_nothing_explains_is_the_text_that_it_is(action: str, stored: str) -> None:
    assert decoded(action, stored) == TextDetails(stored)
