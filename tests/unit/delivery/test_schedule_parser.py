"""A schedule in a person's own words; what is not certain is not guessed at."""

import pytest

from bot.delivery.schedule_parser import read_schedule


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("instant", "instant"),
        ("بی‌درنگ", "instant"),
        ("بی درنگ", "instant"),
        ("every 45m", "every 45m"),
        ("هر ۴۵ دقیقه", "every 45m"),
        ("هر ساعت", "every 1h"),
        ("هر دو ساعت", "every 2h"),
        ("هر نیم ساعت", "every 30m"),
        ("every 2 hours", "every 2h"),
        ("at 08:00,20:00", "at 08:00,20:00"),
        ("۸ و ۲۰", "at 08:00,20:00"),
        ("ساعت ۸ و ۲۰:۳۰", "at 08:00,20:30"),
        ("۲۰:۳۰، ۸", "at 08:00,20:30"),
        ("۸ صبح و ۹ شب", "at 08:00,21:00"),
        ("هر روز ساعت ۸ و نیم و ۲۰", "at 08:30,20:00"),
        ("هرروز ۷", "at 07:00"),
        ("8, 20:30", "at 08:00,20:30"),
        ("8 and 20", "at 08:00,20:00"),
        ("ساعت ۱۲ ظهر", "at 12:00"),
        ("every 45 minutes", "every 45m"),
        ("daily at 21:00", "at 21:00"),
        ("هر روز ساعت ۹ شب", "at 21:00"),
        ("now", "instant"),
        ("فوراً", "instant"),
        ("كل ساعة", "every 1h"),
        ("كل ٣٠ دقيقة", "every 30m"),
        ("كل نصف ساعة", "every 30m"),
        ("كل ٢ ساعات", "every 2h"),
        ("٨ و٢٠:٣٠", "at 08:00,20:30"),
        ("كل يوم الساعة ٨ مساءً", "at 20:00"),
        ("يومياً ٩", "at 09:00"),
        ("٨ و ٢٠", "at 08:00,20:00"),
    ],
)
def test_what_is_meant_is_read(words: str, kept: str) -> None:
    assert str(read_schedule(words)) == kept


@pytest.mark.parametrize(
    "words",
    [
        "",
        "گاهی",
        "هر",
        "هر دو روز",
        "هر ۰ دقیقه",
        "۲۵",
        "۸ و فردا",
        "۸ و",
        "25:00",
        "۸ تا ۲۰",
        "ساعت",
        "و".join(map(str, range(24))),
        "8 " * 5_000,
        ", ".join(str(hour) for hour in range(24)),
    ],
)
def test_what_is_unclear_is_not_guessed_at(words: str) -> None:
    assert read_schedule(words) is None
