"""Names that dates are written with: months, halves of the day, zones of time.

Names of months are in the spelling of `persian.normalise.match_key`.
"""

from persian import months
from persian.normalise import tokens

GREGORIAN_MONTHS = (
    months.GREGORIAN_MONTHS
    | months.numbered(
        "ژانویه فوریه مارچ اپریل می جون جولای آگوست سپتمبر اکتوبر نوامبر دسمبر",
        "جنوری فبروری مارچ آپریل مئی ژون جولائی اگست ستمبر اوکتبر نومبر دسمبر",
        "كانون‌الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين‌الأول تشرين‌الثاني كانون‌الأول",
        "جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر",
        "يناير فبراير مارس أبريل ماي يونيو يوليوز غشت شتنبر أكتوبر نونبر دجنبر",
        "کانوونی‌دووەم شوبات ئازار نیسان ئایار حوزەیران تەمموز ئاب ئەیلوول تشرینی‌یەکەم تشرینی‌دووەم کانوونی‌یەکەم",
        "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
        "Yanvar Fevral Mart Aprel May İyun İyul Avqust Sentyabr Oktyabr Noyabr Dekabr",
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "januari februari maart april mei juni juli augustus september oktober november december",
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    )
    | {"sept": 9}
)
"""Numbers of the Gregorian months by their names in Afghanistan, Pakistan, the Levant, the Maghreb, Kurdistan, in
Turkish, Azerbaijani, German, French, Spanish, Portuguese, Italian, Dutch, Polish and Russian, too.
"""
JALALI_MONTHS = months.JALALI_MONTHS | months.numbered(
    "Farvardin Ordibehesht Khordad Tir Mordad Shahrivar Mehr Aban Azar Dey Bahman Esfand",
    "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت",
    "وری غویی غبرګولی چنګاښ زمری وږی تله لړم لیندۍ مرغومی سلواغه کب",
    "خاکەلێوە گوڵان جۆزەردان پووشپەڕ گەلاوێژ خەرمانان ڕەزبەر گەڵاڕێزان سەرماوەز بەفرانبار ڕێبەندان ڕەشەمە",
    "خاکه‌لێوه گوڵان جۆزه‌ردان پووشپه‌ڕ گه‌لاوێژ خه‌رمانان ڕه‌زبه‌ر گه‌ڵاڕێزان سه‌رماوه‌ز به‌فرانبار ڕێبه‌ندان ڕه‌شه‌مه",
)
"""Numbers of the Jalali months by the names that they have in Iran, in Latin letters, Dari, Pashto, Kurdish."""

ORDINALS = months.numbered(
    "یکم دوم سوم چهارم پنجم ششم هفتم هشتم نهم دهم یازدهم دوازدهم سیزدهم چهاردهم پانزدهم شانزدهم هفدهم هجدهم نوزدهم"
    " بیستم بیست‌ویکم بیست‌ودوم بیست‌وسوم بیست‌وچهارم بیست‌وپنجم بیست‌وششم بیست‌وهفتم بیست‌وهشتم بیست‌ونهم سی‌ام سی‌ویکم",
    "اول",
)
"""Days of a month by their Persian names."""

DATE_WORDS = frozenset(
    tokens(
        "شنبه یک دو سه چهار پنج یکشنبه دوشنبه سه‌شنبه چهارشنبه پنجشنبه پنج‌شنبه جمعه آدینه ماه سال تاریخ انتشار"
        " درج خبر السبت الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة الثاني الأول تاريخ نشر النشر في"
        " شەممە یەکشەممە دووشەممە سێشەممە چوارشەممە پێنجشەممە هەینی یەکەم دووەم تشرين كانون تشرینی کانوونی"
    )
)
"""Names of weekdays, and words that stand around a date, as `persian.normalise.tokens` spells them."""

MORNING = ("am", "a.m.", "a.m", "ق.ظ", "ق.ظ.", "ق ظ", "قبل از ظهر", "قبل‌ازظهر", "صبح", "بامداد", "ص", "صباحا")
AFTERNOON = ("pm", "p.m.", "p.m", "ب.ظ", "ب.ظ.", "ب ظ", "بعد از ظهر", "بعدازظهر", "عصر", "شب", "م", "مساء", "مساءا")
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

REGIONS = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}
"""Names of zones of time that stand for summer and winter alike, and the regions whose clocks they mean."""
