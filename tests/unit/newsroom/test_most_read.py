"""The score of what is read, and the ranking by it."""

from bot.newsroom.most_read import (
    COMMENT_WEIGHT,
    OPENING_WEIGHT,
    REACTION_WEIGHT,
    SAVE_WEIGHT,
    ReadingSpan,
    ranked,
    score,
)
from storage.reading_signals import ReadingSignals


def test_a_signal_weighs_the_more_the_more_a_reader_gives() -> None:
    assert 0 < REACTION_WEIGHT < OPENING_WEIGHT < SAVE_WEIGHT < COMMENT_WEIGHT


def test_the_score_is_the_weighted_sum() -> None:
    signals = ReadingSignals(1, openings=3, reactions=5, saves=2, comments=1)
    assert score(signals) == 3 * 2 + 5 * 1 + 2 * 4 + 1 * 5
    assert score(ReadingSignals(1)) == 0


def test_the_highest_score_comes_first_and_of_equal_ones_the_newer_number() -> None:
    signals = [
        ReadingSignals(1, openings=1),
        ReadingSignals(2, reactions=9),
        ReadingSignals(3, reactions=2),
        ReadingSignals(4),
    ]
    assert [signal.article_id for signal in ranked(signals, 3)] == [2, 3, 1]
    assert [signal.article_id for signal in ranked(signals, 1)] == [2]


def test_a_week_is_seven_days() -> None:
    assert ReadingSpan.WEEK.length == 7 * ReadingSpan.DAY.length
