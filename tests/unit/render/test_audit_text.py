"""The actions of staff, in words that an editor reads."""

from zoneinfo import ZoneInfo

import pytest

from bot.locales.catalog import Catalog
from bot.render.audit_text import action_in_words, details_in_words, table_of
from storage.audit import AuditEntry
from storage.audit_details import decoded
from tests.peyk_app import bare

_CATALOG = Catalog.load()


def _entry(action: str, stored: str) -> AuditEntry:
    return AuditEntry(1, 0, 1, action, None, None, decoded(action, stored))


@pytest.mark.parametrize(
    ("action", "stored", "language", "words"),
    [
        ("schedule", "2026-11-27 05:00 UTC", "fa", "جمعه ۶ آذر ۱۴۰۵، ساعت ۰۸:۳۰"),
        ("schedule", "2026-11-27 05:00 UTC breaking", "fa", "جمعه ۶ آذر ۱۴۰۵، ساعت ۰۸:۳۰ · 🔴 فوری"),
        (
            "schedule",
            '{"kind":"schedule","at":1795755600000,"breaking":false}',
            "fa",
            "جمعه ۶ آذر ۱۴۰۵، ساعت ۰۸:۳۰",
        ),
        ("invite", "editor", "en", "Editor"),
        ("invite", '{"kind":"role","role":"editor"}', "en", "Editor"),
        ("fold", "264802", "fa", "همان خبر ۲۶۴۸۰۲"),
        ("fold", '{"kind":"story","article_id":264802}', "fa", "همان خبر ۲۶۴۸۰۲"),
        ("approve_comment", "خواننده (1004)", "fa", "خواننده (1004)"),
        ("approve_comment", '{"kind":"person","user_id":1004,"name":"خواننده"}', "fa", "خواننده (1004)"),
        (
            "edit_source",
            '{"kind":"source_change","url":"a.ir","settings":'
            '[{"name":"review","before":"True","after":"False"},{"name":"interval","before":"None","after":"60"}]}',
            "fa",
            "a.ir: \u200f\u2068پس از تأیید تحریریه\u2069 ← \u2068انتشار خودکار\u2069، \u200f\u2068—\u2069 ← 60",
        ),
        ("add_rule", '{"kind":"rule","query":"بندر","action":"review"}', "fa", "بندر · بررسی پیش از انتشار"),
        ("add_rule", '{"kind":"rule","query":"port","action":"tag sea"}', "en", "port · tag \u2068sea\u2069"),
        ("publish", "", "fa", ""),
    ],
)
def test_details_are_told_in_the_language_of_who_reads_them(
    action: str, stored: str, language: str, words: str
) -> None:
    texts = _CATALOG.bind(language, ZoneInfo("Asia/Tehran"))
    assert details_in_words(_entry(action, stored), texts).casefold() == words.casefold()


def test_what_another_version_stored_is_shown_as_it_stands() -> None:
    texts = _CATALOG.bind("fa", ZoneInfo("Asia/Tehran"))
    unknown = _entry("levitate", '{"kind":"height","metres":3}')
    assert action_in_words(unknown, texts) == "levitate"
    assert details_in_words(unknown, texts) == '{"kind":"height","metres":3}'
    table = table_of([unknown, _entry("draft", "{")], {}, texts).decode()
    assert "levitate" in table
    assert len(table.splitlines()) == 3


@pytest.mark.parametrize(
    ("action", "stored", "words"),
    [
        (
            "add_source",
            '{"kind":"source","url":"U","category":"sports","destination":"publish"}',
            "ایسنا · U · sports · publish",
        ),
        ("pause_source", '{"kind":"address","url":"U"}', "ایسنا · U"),
        ("set_request", '{"kind":"request","url":"U","part":"login"}', "ایسنا · U · login"),
        (
            "change_source_policy",
            '{"kind":"policy","url":"U","before":"ask","after":"follow"}',
            "ایسنا · U: ask -> follow",
        ),
        ("import", '{"kind":"origin","source_url":"U","where":"W"}', "ایسنا · U → W"),
        ("add_rule", '{"kind":"rule","query":"q","action":"tag t","source_url":"U"}', "ایسنا · U · q · برچسب t"),
        ("source_moved", '{"kind":"move","before":"O","after":"U"}', "ایسنا · O → U"),
        ("edit_source", '{"kind":"source_change","url":"U","settings":[]}', "ایسنا · U: "),
        ("pause_source", '{"kind":"address","url":"V"}', "V"),
        ("publish", "", ""),
    ],
)
def test_a_source_is_named_by_its_title_beside_its_address(action: str, stored: str, words: str) -> None:
    texts = _CATALOG.bind("fa", ZoneInfo("Asia/Tehran"))
    assert bare(details_in_words(_entry(action, stored), texts, {"U": "ایسنا"})) == words
