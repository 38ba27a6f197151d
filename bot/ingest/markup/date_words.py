"""Names that dates are written with: months, halves of the day, zones of time.

Names of months are in the spelling of `persian.normalise.match_key`.
"""

from persian import months

GREGORIAN_MONTHS = (
    months.GREGORIAN_MONTHS
    | months.numbered(
        "ژانویه فوریه مارچ اپریل می جون جولای آگوست سپتمبر اکتوبر نوامبر دسمبر",
        "كانون‌الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين‌الأول تشرين‌الثاني كانون‌الأول",
    )
    | {"sept": 9}
)
"""Numbers of the Gregorian months, by the names of Afghanistan and the Levant, too."""
JALALI_MONTHS = months.JALALI_MONTHS | months.numbered(
    "Farvardin Ordibehesht Khordad Tir Mordad Shahrivar Mehr Aban Azar Dey Bahman Esfand",
    "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت",
)
"""Numbers of the Jalali months by the names that they have in Iran, in Latin letters and in Afghanistan."""

MORNING = ("am", "a.m.", "a.m", "ق.ظ", "ق.ظ.", "قبل از ظهر", "قبل‌ازظهر", "صبح", "بامداد", "ص")
AFTERNOON = ("pm", "p.m.", "p.m", "ب.ظ", "ب.ظ.", "بعد از ظهر", "بعدازظهر", "عصر", "شب", "م")
"""Words that stand with a clock of twelve hours."""


def _minutes(hours: float, names: str) -> dict[str, int]:
    return dict.fromkeys(names.split(), int(hours * 60))


ZONES = (
    _minutes(0, "Z UT UTC GMT WET")
    | _minutes(1, "BST CET MET MEZ WEST WAT")
    | _minutes(2, "CEST MEST MESZ EET CAT SAST")
    | _minutes(3, "EEST MSK TRT EAT")
    | _minutes(3.5, "IRST IRT")
    | _minutes(4, "MSD GST AZT AMT")
    | _minutes(4.5, "IRDT AFT")
    | _minutes(5, "PKT UZT TJT TMT")
    | _minutes(5.5, "IST")
    | _minutes(6, "BDT KGT")
    | _minutes(7, "ICT WIB")
    | _minutes(8, "HKT SGT AWST PHT MYT")
    | _minutes(9, "JST KST")
    | _minutes(9.5, "ACST")
    | _minutes(10, "AEST")
    | _minutes(10.5, "ACDT")
    | _minutes(11, "AEDT")
    | _minutes(12, "NZST")
    | _minutes(13, "NZDT")
    | _minutes(-2.5, "NDT")
    | _minutes(-3, "ADT BRT ART")
    | _minutes(-3.5, "NST")
    | _minutes(-4, "EDT AST")
    | _minutes(-5, "EST CDT")
    | _minutes(-6, "CST MDT")
    | _minutes(-7, "MST PDT")
    | _minutes(-8, "PST AKDT")
    | _minutes(-9, "AKST")
    | _minutes(-10, "HST")
)
"""Minutes east of Greenwich. Of names with several meanings RFC 822's counts, then the one of most people."""
