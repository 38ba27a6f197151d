"""Names that sites give their sections, and the newsroom's categories that they mean (pure).

The tables hold the seeded categories by slug; a newsroom that has renamed or removed one loses nothing else.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from persian.direction import is_rtl
from persian.normalise import tokens
from storage import categories
from storage.records import Category

# fmt: off
_PERSIAN = {
    "politics": (
        "سیاست", "سیاسی", "دولت", "مجلس", "پارلمان", "دیپلماسی", "سیاست خارجی", "سیاست داخلی", "انتخابات",
        "احزاب", "ریاست جمهوری", "رهبری", "دفاعی", "نظامی", "امام و رهبری", "هسته‌ای", "مجلس و دولت",
        "دفاعی و امنیتی",
    ),
    "international": (
        "بین‌الملل", "بین‌المللی", "جهان", "جهان اسلام", "خارجی", "خاورمیانه", "غرب آسیا", "آسیای غربی",
        "شرق آسیا", "آسیا", "آسیا و اقیانوسیه", "اروپا", "آمریکا", "آفریقا", "اروپا و آمریکا", "اخبار جهان",
        "منطقه", "بیداری اسلامی",
    ),
    "economy": (
        "اقتصاد", "اقتصادی", "بورس", "بازار", "بازار سرمایه", "بانک", "بیمه", "بانک و بیمه", "پول و بانک",
        "ارز", "طلا", "طلا و ارز", "سکه", "نفت", "انرژی", "نفت و انرژی", "مسکن", "راه و مسکن", "صنعت", "معدن",
        "صنعت و معدن", "تجارت", "بازرگانی", "کشاورزی", "خودرو", "اشتغال", "کسب و کار", "کار و تولید", "تولید",
        "رمزارز", "ارز دیجیتال", "کار", "اقتصاد کلان", "اقتصاد جهان", "اقتصاد ایران",
    ),
    "society": (
        "اجتماعی", "جامعه", "حوادث", "سلامت", "بهداشت", "بهداشت و درمان", "درمان", "آموزش", "آموزش و پرورش",
        "محیط زیست", "شهری", "مدیریت شهری", "شهر", "خانواده", "زنان", "زنان و خانواده", "قضایی", "حقوقی",
        "حقوقی و قضایی", "انتظامی", "رفاه", "هواشناسی", "آسیب‌های اجتماعی", "جوانان", "سبک زندگی", "ترافیک",
        "سلامت و درمان",
    ),
    "culture": (
        "فرهنگ", "فرهنگی", "هنر", "هنری", "فرهنگ و هنر", "سینما", "تئاتر", "سینما و تئاتر", "موسیقی", "کتاب",
        "ادبیات", "کتاب و ادبیات", "شعر", "تلویزیون", "رادیو و تلویزیون", "رسانه", "دین", "دینی",
        "دین و اندیشه", "مذهبی", "قرآن", "حوزه و روحانیت", "میراث فرهنگی", "گردشگری", "تجسمی", "هنرهای تجسمی",
        "چهره‌ها", "فرهنگ حماسه و مقاومت",
    ),
    "sports": (
        "ورزش", "ورزشی", "فوتبال", "فوتبال ایران", "فوتبال جهان", "فوتسال", "فوتبال و فوتسال", "والیبال",
        "بسکتبال", "هندبال", "کشتی", "وزنه‌برداری", "کشتی و وزنه‌برداری", "المپیک", "پارالمپیک", "رزمی",
        "لیگ برتر", "لیگ", "تنیس", "دوومیدانی", "شنا", "ورزش ایران", "ورزش جهان", "ورزش زنان", "توپ و تور",
        "جام جهانی",
    ),
    "science": (
        "علم", "علمی", "فناوری", "علم و فناوری", "تکنولوژی", "دانش", "دانش و فناوری", "علم و دانش",
        "فناوری اطلاعات", "ارتباطات", "فضا", "هوا و فضا", "دانشگاه", "علمی و دانشگاهی", "موبایل", "دیجیتال",
        "اینترنت", "نجوم", "هوش مصنوعی", "استارتاپ", "استارتاپ‌ها", "فضای مجازی", "پزشکی", "آی تی",
    ),
    "general": (
        "عمومی", "متفرقه", "گوناگون",
    ),
}
_ENGLISH = {
    "politics": (
        "politics", "political", "government", "parliament", "diplomacy", "foreign policy", "elections",
        "defence", "defense",
    ),
    "international": (
        "international", "world", "middle east", "asia", "europe", "africa", "americas", "global",
    ),
    "economy": (
        "economy", "economics", "economic", "business", "finance", "markets", "market", "energy", "oil",
        "trade", "industry", "money",
    ),
    "society": (
        "society", "social", "health", "education", "environment", "crime", "women", "family", "law",
        "incidents", "lifestyle",
    ),
    "culture": (
        "culture", "arts", "art", "cinema", "film", "music", "books", "literature", "religion", "entertainment",
        "media", "tourism",
    ),
    "sports": (
        "sports", "sport", "football", "soccer", "volleyball", "basketball", "wrestling", "tennis", "olympics",
    ),
    "science": (
        "science", "technology", "tech", "it", "space", "internet", "science and technology", "sci tech",
        "artificial intelligence",
    ),
    "general": (
        "general", "misc", "miscellaneous",
    ),
}
_ARABIC = {
    "politics": (
        "سياسة", "السياسة", "سياسي", "الحكومة", "البرلمان", "سياسة خارجية",
    ),
    "international": (
        "دولي", "دولية", "العالم", "عالمي", "الشرق الأوسط", "عربي ودولي", "شؤون دولية", "عالم",
    ),
    "economy": (
        "اقتصاد", "الاقتصاد", "اقتصادي", "أسواق", "مال وأعمال", "طاقة", "النفط",
    ),
    "society": (
        "مجتمع", "المجتمع", "صحة", "تعليم", "حوادث", "بيئة",
    ),
    "culture": (
        "ثقافة", "الثقافة", "ثقافي", "فن", "فنون", "سينما", "دين", "سياحة", "ثقافة وفن",
    ),
    "sports": (
        "رياضة", "الرياضة", "رياضي", "كرة القدم", "كرة قدم",
    ),
    "science": (
        "علوم", "العلوم", "تكنولوجيا", "علوم وتكنولوجيا", "تقنية", "فضاء",
    ),
    "general": (
        "عام", "منوعات",
    ),
}
_QUALIFIERS = (
    "اخبار", "خبر", "خبرهای", "خبرها", "گروه", "سرویس", "حوزه", "بخش", "دسته", "صفحه", "آخرین", "تازه‌ترین",
    "مهمترین", "تازه‌های", "ایران", "و", "همه", "همهٔ", "news", "latest", "section", "desk", "the", "top",
    "all", "and", "iran", "أخبار", "الأخبار", "قسم", "آخر", "كل", "إيران",
)
# fmt: on
"""Words in a section's name that name none themselves."""


def category_of(words: Sequence[str], known: Sequence[Category]) -> Category | None:
    """Return the category of the first of a site's section names that means one; None where none does.

    The newsroom's own names count first, in any spelling, then the tables.
    """
    return next((category for word in words if (category := _meant(word, list(known)))), None)


def _meant(word: str, known: list[Category]) -> Category | None:
    if exact := categories.match(known, word):
        return exact
    by_slug = {category.slug: category for category in known}
    named = tokens(word)
    bare = [part for part in named if part not in _qualifiers()]
    return by_slug.get(_slug_of(named) or _slug_of(bare)) or (
        categories.match(known, " ".join(bare)) if bare else None
    )


def _slug_of(parts: list[str]) -> str:
    """Return the slug that a name means: as a whole, else by the word that leads it; "" for none.

    A Persian or Arabic name is led by its first word («اقتصاد جهان»), an English one by its last ("world economy").
    A name that holds a word of no category means none: «سلامت» is a section, «سلامت روان» may be anything.
    """
    table = _table()
    if slug := table.get("".join(parts)):
        return slug
    meant = [table.get(part, "") for part in parts]
    if not meant or not all(meant):
        return ""
    return meant[0] if is_rtl(" ".join(parts)) else meant[-1]


@cache
def _table() -> Mapping[str, str]:
    """Return the slugs by the joined words of each name."""
    tables = (_PERSIAN, _ENGLISH, _ARABIC)
    return {"".join(tokens(name)): slug for table in tables for slug, names in table.items() for name in names}


@cache
def _qualifiers() -> frozenset[str]:
    return frozenset(part for name in _QUALIFIERS for part in (*tokens(name), "".join(tokens(name))))
