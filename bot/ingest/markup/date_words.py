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
        "جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر",
        "جنو فبروری مارچ اپریل می جون جول اگست سپتمبر اکتوبر نومبر دسم",
        "جنوري فېبروري مارچ اپریل مۍ جون جولای اګست سېپتمبر اکتوبر نومبر دسمبر",
        "کانونی‌دووەم شوبات ئازار نیسان ئایار حوزەیران تەمووز ئاب ئەیلول تشرینی‌یەکەم تشرینی‌دووەم کانونی‌یەکەم",
        "Rêbendan Sibat Adar Nîsan Gulan Hezîran Tîrmeh Tebax Îlon Cotmeh Mijdar Berfanbar",
        "Çile Sibat Adar Avrêl Gulan Pûşper Tîrmeh Gelawêj Rezber Kewçêr Sermawez Berfanbar",
        "Январ Феврал Март Апрел Май Июн Июл Август Сентябр Октябр Ноябр Декабр",
        "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
        "Oca Şub Mar Nis May Haz Tem Ağu Eyl Eki Kas Ara",
        "Yanvar Fevral Mart Aprel May İyun İyul Avqust Sentyabr Oktyabr Noyabr Dekabr",
        "yan fev mar apr may iyn iyl avq sen okt noy dek",
        "Yanvar Fevral Mart Aprel May Iyun Iyul Avgust Sentabr Oktabr Noyabr Dekabr",
        "Ýanwar Fewral Mart Aprel Maý Iýun Iýul Awgust Sentýabr Oktýabr Noýabr Dekabr",
        "يانۋار فېۋرال مارت ئاپرېل ماي ئىيۇن ئىيۇل ئاۋغۇست سېنتەبىر ئۆكتەبىر نويابىر دېكابىر",
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "Jan Feb Mär Apr Mai Jun Jul Aug Sept Okt Nov Dez",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "janv févr mars avr mai juin juil août sept oct nov déc",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "ene feb mar abr may jun jul ago sept oct nov dic",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "jan fev mar abr mai jun jul ago set out nov dez",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "gen feb mar apr mag giu lug ago set ott nov dic",
        "januari februari maart april mei juni juli augustus september oktober november december",
        "jan feb mrt apr mei jun jul aug sep okt nov dec",
        "januari februari mars april maj juni juli augusti september oktober november december",
        "januar februar marts april maj juni juli august september oktober november desember",
        "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
        "sty lut mar kwi maj cze lip sie wrz paź lis gru",
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
        "янв фев мар апр май июн июл авг сен окт ноя дек",
        "янв февр март апр мая июнь июль авг сент окт нояб дек",
        "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
        "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
        "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου Νοεμβρίου"
        " Δεκεμβρίου",
        "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
        "בינואר בפברואר במרץ באפריל במאי ביוני ביולי באוגוסט בספטמבר באוקטובר בנובמבר בדצמבר",
    )
    | {"mrz": 3, "avg": 8, "des": 12}
)
"""Numbers of the Gregorian months by their names and short names in Afghanistan, Pakistan, the Levant, the Maghreb,
Kurdistan and Tajikistan, in the languages of the neighbours and in those of most feeds of Europe.
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
        " monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun"
        " شەممە یەکشەممە دووشەممە سێشەممە چوارشەممە پێنجشەممە هەینی یەکەم دووەم تشرين كانون تشرینی کانوونی"
    )
)
"""Names of weekdays, and words that stand around a date, as `persian.normalise.tokens` spells them."""

# fmt: off
MORNING = (
    "am", "a.m.", "a.m", "a. m.", "ق.ظ", "ق.ظ.", "ق ظ", "قبل از ظهر", "قبل‌ازظهر", "صبح", "بامداد", "ص", "صباحا",
    "ب.ن", "ب.ن.", "پ.ن", "پ.ن.", "پێش نیوەڕۆ", "غ.م", "غ.م.", "چ.ب", "bn", "öö", "π.μ.", "上午", "午前", "오전",
)
AFTERNOON = (
    "pm", "p.m.", "p.m", "p. m.", "ب.ظ", "ب.ظ.", "ب ظ", "بعد از ظهر", "بعدازظهر", "عصر", "م", "مساء", "مساءا",
    "ظهرا", "بعد الظهر", "د.ن", "د.ن.", "پاش نیوەڕۆ", "دوای نیوەڕۆ", "غ.و", "غ.و.", "چ.ك", "pn", "ös", "μ.μ.",
    "下午", "午後", "오후",
)
# fmt: on
NIGHT = ("شب", "ليلا")
"""Words that stand with a clock of twelve hours; the night has hours before and after midnight."""


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
    "AT": "America/Halifax",
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}
"""Names of zones of time that stand for summer and winter alike, and the regions whose clocks they mean."""
