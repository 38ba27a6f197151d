"""What staff did, in words that an editor reads."""

from zoneinfo import ZoneInfo

import pytest

from bot.locales.catalog import Catalog
from bot.render.audit_text import detail_in_words
from storage.records import AuditEntry


@pytest.mark.parametrize(
    ("action", "detail", "language", "words"),
    [
        ("schedule", "2026-11-27 05:00 UTC", "fa", "جمعه ۶ آذر ۱۴۰۵، ساعت ۰۸:۳۰"),
        ("schedule", "2026-11-27 05:00 UTC breaking", "fa", "جمعه ۶ آذر ۱۴۰۵، ساعت ۰۸:۳۰ · 🔴 فوری"),
        ("invite", "editor", "en", "Editor"),
        ("fold", "264802", "fa", "همان خبر ۲۶۴۸۰۲"),
        ("approve_comment", "خواننده (1004)", "fa", "خواننده (1004)"),
    ],
)
def test_a_detail_is_told_in_the_language_of_who_reads_it(
    action: str, detail: str, language: str, words: str
) -> None:
    texts = Catalog.load().bind(language, ZoneInfo("Asia/Tehran"))
    entry = AuditEntry(1, 0, 1, action, None, None, detail)
    assert detail_in_words(entry, texts).casefold() == words.casefold()
