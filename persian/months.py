"""Names of months, Jalali and Gregorian, in Persian, English and Arabic (pure)."""

from persian.normalise import match_key

JALALI_NAMES = (
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
)
"""The Jalali months as they are written in Iran, the first month first."""


def numbered(*calendars: str) -> dict[str, int]:
    """Return the numbers of months by their names; each calendar is a year's names, apart by spaces.

    The names are keys in the spelling of `persian.normalise.match_key`.
    """
    return {match_key(name): number for names in calendars for number, name in enumerate(names.split(), 1)}


JALALI_MONTHS = numbered(" ".join(JALALI_NAMES)) | {"امرداد": 5}
"""Numbers of the Jalali months by the names that they have in Iran."""
GREGORIAN_MONTHS = numbered(
    "January February March April May June July August September October November December",
    "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
)
"""Numbers of the Gregorian months by their names in English, Iran's Persian and Arabic."""
