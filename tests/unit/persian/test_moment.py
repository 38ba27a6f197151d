"""Points in time as editors write them, in every spelling; what is not certain is not guessed at."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.locales.catalog import Catalog
from persian import jalali
from persian.moment import parse_moment

TEHRAN = ZoneInfo("Asia/Tehran")
_PERSIAN = Catalog.load().bind("fa", TEHRAN)
NOW = 1_766_576_760_000
"""Wednesday 3 Dey 1404 (2025-12-24), 15:16 in Tehran."""
MINUTE = 60_000


def _at(month: int, day: int, hour: int, minute: int = 0, *, year: int = 1404) -> int:
    return jalali.to_ms(year, month, day, hour=hour, minute=minute, zone=TEHRAN)


def _read(text: str) -> int | None:
    return parse_moment(text, TEHRAN, NOW)


@pytest.mark.parametrize(
    "text",
    [
        "1404/10/05 08:30",
        "1404-10-05 8:30",
        "1404.10.05 8:30",
        "۱۴۰۴/۱۰/۰۵ ساعت ۸:۳۰",
        "١٤٠٤/١٠/٠٥ ٨:٣٠",
        "۱۴۰۴/۱۰/۵، ۸:۳۰",
        "8:30 1404/10/05",
        "05/10/1404 08:30",
        "5 دی 8:30",
        "۵ دی ۸:۳۰",
        "۵ دي ساعت ۸:۳۰",
        "۵دی‌ماه ساعت ۸:۳۰",
        "۵ دی ماه ۱۴۰۴ ساعت ۸:۳۰ صبح",
        "ساعت ۸ و نیم صبح ۵ دی",
        "جمعه ۵ دی ۱۴۰۴، ساعت ۰۸:۳۰",
        "پس‌فردا جمعه ۸:۳۰",
        "۵ دی، ساعت ۸ و ۳۰ دقیقه",
        "پس‌فردا 8:30",
        "پس فردا ۸:۳۰",
        "پسفردا ۸.۳۰",
        "جمعه ۸:۳۰",
        "روز جمعه ساعت ۸:۳۰",
        "2025-12-26 08:30",
        "2025-12-26T08:30",
        "friday 8:30",
        "Fri 8:30 am",
        "\u200f۱۴۰۴/۱۰/۰۵\u200f ۰۸:۳۰\u200e",
        "۵ دی ۸:۳۰.",
    ],
)
def test_one_moment_in_many_spellings(text: str) -> None:
    assert _read(text) == _at(10, 5, 8, 30)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("فردا ۸:۳۰", _at(10, 4, 8, 30)),
        ("فردا ساعت ۸", _at(10, 4, 8)),
        ("ساعت ۸ فردا", _at(10, 4, 8)),
        ("فردا صبح ساعت ۸", _at(10, 4, 8)),
        ("فردا شب ساعت ۹", _at(10, 4, 21)),
        ("فردا ظهر", _at(10, 4, 12)),
        ("tomorrow 8:30", _at(10, 4, 8, 30)),
        ("غداً ٨:٣٠", _at(10, 4, 8, 30)),
        ("غدًا الساعة ٨ صباحًا", _at(10, 4, 8)),
        ("غداً الساعة ٨ ونصف مساءً", _at(10, 4, 20, 30)),
        ("بعد غد ١٨", _at(10, 5, 18)),
        ("اليوم ٨ مساءً", _at(10, 3, 20)),
        ("الليلة ٩", _at(10, 3, 21)),
        ("tomorrow at 8:30 pm", _at(10, 4, 20, 30)),
        ("پس‌فردا 18", _at(10, 5, 18)),
        ("امروز ۲۰", _at(10, 3, 20)),
        ("امروز ساعت ۶ عصر", _at(10, 3, 18)),
        ("امشب ۹", _at(10, 3, 21)),
        ("امشب ساعت ۱۰ و ربع", _at(10, 3, 22, 15)),
        ("امروز ۱۰", _at(10, 3, 10)),
        ("1403/01/01 08:00", _at(1, 1, 8, year=1403)),
        ("امشب", _at(10, 3, 21)),
        ("فردا صبح", _at(10, 4, 8)),
        ("صبح فردا", _at(10, 4, 8)),
        ("فردا عصر", _at(10, 4, 17)),
        ("شنبه شب", _at(10, 6, 21)),
        ("۵ دی صبح", _at(10, 5, 8)),
        ("فردا هشت و نیم", _at(10, 4, 8, 30)),
        ("سه‌شنبه هشت صبح", _at(10, 9, 8)),
        ("tonight", _at(10, 3, 21)),
        ("tomorrow morning", _at(10, 4, 8)),
        ("غداً صباحاً", _at(10, 4, 8)),
        ("الليلة", _at(10, 3, 21)),
        ("دیروز ساعت ۸", _at(10, 2, 8)),
        ("دیشب ۱۰", _at(10, 2, 22)),
        ("پریروز صبح", _at(10, 1, 8)),
        ("yesterday 8:30", _at(10, 2, 8, 30)),
        ("أمس ٨ مساءً", _at(10, 2, 20)),
        ("أول أمس ٨", _at(10, 1, 8)),
        ("پنجم دی ساعت ۶ عصر", _at(10, 5, 18)),
        ("پنج دی هشت و نیم", _at(10, 5, 8, 30)),
        ("بیست و پنجم دی ماه ساعت ۸", _at(10, 25, 8)),
        ("بیست‌ویکم بهمن ۹", _at(11, 21, 9)),
        ("سی‌ام دی ۹", _at(10, 30, 9)),
        ("اول بهمن ساعت ده", _at(11, 1, 10)),
        ("فردا ساعت ۸ بامداد", _at(10, 4, 8)),
        ("ساعت ۹ شب جمعه", _at(10, 5, 21)),
        ("هشت و نیم شب جمعه", _at(10, 5, 20, 30)),
        ("دو روز دیگه ساعت ۸", _at(10, 5, 8)),
        ("ساعت ۸ صبح یک هفتهٔ بعد", _at(10, 10, 8)),
        ("in two days at 8 pm", _at(10, 5, 20)),
        ("بعد يومين الساعة ٨", _at(10, 5, 8)),
        ("صباح الغد", _at(10, 4, 8)),
        ("غداً عند الظهر", _at(10, 4, 12)),
    ],
)
def test_named_days_and_dates(text: str, expected: int) -> None:
    assert _read(text) == expected


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("شنبه ۹", 6),
        ("شنبهٔ آینده ساعت ۹", 6),
        ("السبت ٩", 6),
        ("يوم الأحد القادم الساعة ٩", 7),
        ("الاثنين ٩", 8),
        ("الثلاثاء ٩", 9),
        ("یک‌شنبه ۹", 7),
        ("یکشنبه ۹", 7),
        ("دوشنبه ۹", 8),
        ("سه‌شنبه ۹", 9),
        ("سه شنبه ۹", 9),
        ("سهشنبه ۹", 9),
        ("۳شنبه ۹", 9),
        ("۳‌شنبه ۹", 9),
        ("چهارشنبه ۹", 10),
        ("چهار شنبه ۹", 10),
        ("پنج‌شنبه ۹", 4),
        ("پنجشنبه ۹", 4),
        ("ساعت ۹ پنج شنبه", 4),
        ("ساعت ۹ شنبه", 6),
        ("جمعه ۹", 5),
        ("saturday 9", 6),
    ],
)
def test_a_weekday_is_the_next_one(text: str, day: int) -> None:
    assert _read(text) == _at(10, day, 9)


def test_todays_weekday_is_today_while_its_hour_is_ahead() -> None:
    assert _read("چهارشنبه ۲۰") == _at(10, 3, 20)
    assert _read("ساعت ۳ شنبه") == _at(10, 6, 3)
    assert _read("چهارشنبه ۱۵:۱۶") == _at(10, 10, 15, 16)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8", _at(10, 4, 8)),
        ("۸:۳۰", _at(10, 4, 8, 30)),
        ("20", _at(10, 3, 20)),
        ("۲۳:۵۹", _at(10, 3, 23, 59)),
        ("0:00", _at(10, 4, 0)),
        ("15:16", _at(10, 4, 15, 16)),
        ("15:17", _at(10, 3, 15, 17)),
        ("ساعت ۸ شب", _at(10, 3, 20)),
        ("۸ شب", _at(10, 3, 20)),
        ("۸شب", _at(10, 3, 20)),
        ("ساعت ۸ صبح", _at(10, 4, 8)),
        ("ساعت ۵ عصر", _at(10, 3, 17)),
        ("۵ بعدازظهر", _at(10, 3, 17)),
        ("۵ بعد از ظهر", _at(10, 3, 17)),
        ("ساعت ۱۲ ظهر", _at(10, 4, 12)),
        ("یک ظهر", _at(10, 4, 13)),
        ("۱ ظهر", _at(10, 4, 13)),
        ("ظهر", _at(10, 4, 12)),
        ("۱۲ شب", _at(10, 4, 0)),
        ("۱۲ نیمه‌شب", _at(10, 4, 0)),
        ("۲ بامداد", _at(10, 4, 2)),
        ("۲ شب", _at(10, 4, 2)),
        ("۲۰ شب", _at(10, 3, 20)),
        ("8pm", _at(10, 3, 20)),
        ("8:30 PM", _at(10, 3, 20, 30)),
        ("12 am", _at(10, 4, 0)),
        ("at 9", _at(10, 4, 9)),
        ("هشت و نیم", _at(10, 4, 8, 30)),
        ("ساعت ده", _at(10, 4, 10)),
        ("هشت شب", _at(10, 3, 20)),
        ("ده و ربع صبح", _at(10, 4, 10, 15)),
        ("دوازده ظهر", _at(10, 4, 12)),
        ("یازده و ۲۰ دقیقه", _at(10, 4, 11, 20)),
        ("یک ربع به ۹ شب", _at(10, 3, 20, 45)),
        ("ربع به نه", _at(10, 4, 8, 45)),
        ("۲۰ دقیقه به ۱۰", _at(10, 4, 9, 40)),
        ("ده دقیقه مانده به ۱", _at(10, 4, 12, 50)),
        ("eight pm", _at(10, 3, 20)),
        ("half past eight", _at(10, 4, 8, 30)),
        ("quarter to nine", _at(10, 4, 8, 45)),
        ("الساعة الثامنة مساءً", _at(10, 3, 20)),
        ("الثامنة والنصف صباحاً", _at(10, 4, 8, 30)),
        ("الحادية عشرة صباحا", _at(10, 4, 11)),
        ("الثانية عشرة ظهراً", _at(10, 4, 12)),
        ("هشت و بیست دقیقه", _at(10, 4, 8, 20)),
        ("ساعت بیست و سی دقیقه", _at(10, 3, 20, 30)),
        ("ساعت بیست و یک", _at(10, 3, 21)),
        ("بیست و پنج دقیقه به نه", _at(10, 4, 8, 35)),
        ("نیمه‌شب", _at(10, 4, 0)),
        ("نصف شب", _at(10, 4, 0)),
        ("midnight", _at(10, 4, 0)),
        ("منتصف الليل", _at(10, 4, 0)),
    ],
)
def test_a_clock_without_a_day_is_its_next_occurrence(text: str, expected: int | None) -> None:
    assert _read(text) == expected


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("+2h", 120),
        ("+30m", 30),
        ("+ 2 h", 120),
        ("+۲ساعت", 120),
        ("+۱h۳۰m", 90),
        ("+1d", 1440),
        ("۲ ساعت دیگر", 120),
        ("۲ ساعت دیگه", 120),
        ("دو ساعت دیگر", 120),
        ("بعد ٢ ساعات", 120),
        ("بعد نصف ساعة", 30),
        ("۲ساعت بعد", 120),
        ("نیم ساعت دیگر", 30),
        ("نیم‌ساعت دیگر", 30),
        ("نیمساعت دیگر", 30),
        ("ربع ساعت دیگر", 15),
        ("یک ساعت و نیم دیگر", 90),
        ("یک ساعت و ۱۰ دقیقه دیگر", 70),
        ("۴۵ دقیقه دیگر", 45),
        ("٤٥ دقيقه ديگر", 45),
        ("بیست دقیقهٔ دیگر", 20),
        ("۳ روز دیگر", 3 * 1440),
        ("in 2 hours", 120),
        ("90 minutes later", 90),
        ("یه ساعت دیگه", 60),
        ("یه ربع دیگه", 15),
        ("سه ربع دیگر", 45),
        ("یک ساعت و یک ربع دیگر", 75),
        ("چهل و پنج دقیقه دیگر", 45),
        ("بیست‌وپنج دقیقهٔ دیگر", 25),
        ("in half an hour", 30),
        ("in an hour", 60),
        ("in an hour and a half", 90),
        ("in two hours", 120),
        ("a quarter of an hour later", 15),
        ("بعد ساعة", 60),
        ("بعد ساعتين", 120),
        ("بعد ساعة ونصف", 90),
        ("بعد ثلاث ساعات", 180),
        ("بعد ساعة وربع", 75),
        ("بعد عشر دقائق", 10),
        ("بعد يومين", 2880),
    ],
)
def test_so_much_from_now(text: str, minutes: int) -> None:
    assert _read(text) == NOW + minutes * MINUTE


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("۲ ساعت پیش", 120), ("نیم ساعت قبل", 30), ("2 hours ago", 120), ("قبل ٣ ساعات", 180)],
)
def test_so_much_ago(text: str, minutes: int) -> None:
    assert _read(text) == NOW - minutes * MINUTE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "فردا",
        "شنبه",
        "۳ شنبه",
        "1404/10/05",
        "5 دی",
        "1404/13/01 8:00",
        "1404/07/31 8:00",
        "۳۱ مهر ۸:۰۰",
        "2025-02-30 8:00",
        "04/10/05 8:30",
        "10/5 8:30",
        "24:00",
        "25",
        "8:60",
        "8:3",
        "830",
        "8 9",
        "فردا ۸ ۹",
        "۱۵ صبح",
        "۹ ظهر",
        "فردا ۱۲ شب",
        "فردا ۲ شب",
        "سلام",
        "خبر فردا ۸:۳۰",
        "۲ ساعت",
        "شنبه ۵ دی ۸:۳۰",
        "+2",
        "+2x",
        "-2h",
        "صبح",
        "شب",
        "فردا بامداد",
        "شب جمعه",
        "شب جمعه ساعت ۹",
        "فردا نیمه‌شب",
        "پنجم دی",
        "ساعت بیست و پنج",
        "۷۰ دقیقه به ۹",
        "ربع به ۲۵",
        "هشت نه",
        "نیم روز دیگر",
        "8:30:15:10",
        "9" * 500,
        "\x00",
        "1404/10/05 08:30 1404/10/06",
    ],
)
def test_what_is_not_certain_is_not_guessed_at(text: str) -> None:
    assert _read(text) is None


def test_a_date_without_a_year_is_the_nearest() -> None:
    assert _read("۲ دی ۸:۰۰") == _at(10, 2, 8), "over: it is refused, not put off for a year"
    assert _read("۱ فروردین ۸:۰۰") == _at(1, 1, 8, year=1405)
    in_spring = jalali.to_ms(1405, 1, 1, zone=TEHRAN)
    assert parse_moment("۲۵ اسفند ۸:۰۰", TEHRAN, in_spring) == _at(12, 25, 8, year=1405)


def test_a_clock_is_read_in_the_newsrooms_zone() -> None:
    kabul = ZoneInfo("Asia/Kabul")
    read = parse_moment("فردا ۸:۳۰", kabul, NOW)
    assert read is not None
    assert datetime.fromtimestamp(read / 1000, kabul).strftime("%F %H:%M") == "2025-12-25 08:30"


@given(st.integers(min_value=NOW // MINUTE, max_value=NOW // MINUTE + 60 * 24 * 365 * 20))
def test_what_peyk_writes_is_read_back(minute: int) -> None:
    moment = minute * MINUTE
    assert _read(jalali.format_ascii(moment, TEHRAN)) == moment
    assert _read(_PERSIAN.datetime(moment)) == moment


@given(st.text(alphabet="۰۱۲۸9:/+-. صبحشبظهرفداسعتنیمهپجوh\u200c", max_size=30))
def test_whatever_is_written_is_answered(text: str) -> None:
    read = _read(text)
    assert read is None or isinstance(read, int)
