"""Durations are told as a person would tell them."""

from zoneinfo import ZoneInfo

import pytest

from bot.locales.catalog import Catalog
from handlers.core.labels import duration_in_words

_PERSIAN = Catalog.load().bind("fa", ZoneInfo("Asia/Tehran"))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "کمتر از یک دقیقه"),
        (59.9, "کمتر از یک دقیقه"),
        (60, "حدود یک دقیقه"),
        (150, "حدود ۲ دقیقه"),
        (5400, "حدود ۹۰ دقیقه"),
        (33_334, "حدود ۹ ساعت"),
        (47 * 3600, "حدود ۴۷ ساعت"),
        (75 * 3600, "حدود ۳ روز"),
    ],
)
def test_a_duration_is_rounded_to_what_matters(seconds: float, words: str) -> None:
    assert duration_in_words(seconds, _PERSIAN) == words
