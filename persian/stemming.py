"""Light stemming of Persian: the words that a word is an inflected form of (pure).

It takes off plurals, possessives, the ezafe after a vowel, comparatives and the prefixes of verbs, where they are
written joined. A stem that is no word does no harm: nobody looks for it. So the exceptions are words that only look
inflected and whose remainder is another word, such as «سودان» and «سود». The possessives «م» and «ت» look like the
ends of too many words; they are taken from nouns that often have an owner.
"""

import re
from functools import lru_cache

from persian.function_words import FUNCTION_WORDS
from persian.normalise import tokens

SUFFIXES = frozenset(
    tokens("ها های هایی هایم هایت هایش هایمان هایتان هایشان ام ات ای ی مان تان شان تر ترین ترها ترین‌ها")
)
"""Endings that are written behind a half-space or a space, in their one spelling."""
PREFIXES = frozenset(tokens("می نمی"))
"""Prefixes of verbs that are written before a half-space or a space."""

_LONGEST = 40
_REMEMBERED = 8_192

_PLURAL = re.compile(r"(?P<stem>\w{2,}?)ها(?:ی|یی|ی?(?:م|ت|ش|مان|تان|شان))?")
_SUPERLATIVE = re.compile(r"(?P<stem>\w{2,}تر)ین(?:ها|های)?")
_COMPARATIVE = re.compile(r"\A(?P<stem>\w{3,})تر(?:ین)?(?:ها|های|ی)?")
_SHORTENED = (
    # Each pattern of a whole word, the letters in which it ends, and what stands in the place of what it takes off.
    (_COMPARATIVE, "رنای", ("",)),
    (re.compile(r"\A(?P<stem>\w{2,}[او])ی(?:م|ت|ش|مان|تان|شان)?"), "یمتشن", ("",)),
    (re.compile(r"\A(?P<stem>\w{3,})(?:مان|تان|شان|ش)"), "شن", ("",)),
    (re.compile(r"\A(?P<stem>\w{2,}[او])یان"), "ن", ("",)),
    (re.compile(r"\A(?P<stem>\w{3,})گان"), "ن", ("ه",)),
    (re.compile(r"\A(?P<stem>\w{3,})ان"), "ن", ("",)),
    (re.compile(r"\A(?P<stem>\w{3,})جات"), "ت", ("", "ه")),
    (re.compile(r"\A(?P<stem>\w{3,})ات"), "ت", ("", "ه", "ت")),
)
_SHORTENED_BY_END = {
    end: [(pattern, endings) for pattern, ends, endings in _SHORTENED if end in ends] for end in "رنایمتش"
}
_SHORT_NOUNS = {"زنان": "زن", "سران": "سر"}
"""Plurals in ان of nouns that are too short to be told by their ending."""
_POSSESSIVES = frozenset("مت")
_FIRST_OF_VERBS = frozenset("منب")
_VERB = re.compile(r"(?:ن?می|[بن]ی?(?=ا)|[بن])(?P<stem>\w{2,})")

_WITH_OWNERS = frozenset(
    tokens(
        """
        پدر مادر برادر خواهر همسر پسر دختر فرزند دوست رفیق استاد کشور شهر وطن میهن سرزمین خاک کتاب شعر ترانه سخن
        نظر عقیده حرف حق دل جان دست چشم قلب نام عمر یار عشق تیم باشگاه حزب شرکت خانواده زندگی همکار هموطن شاگرد
        سرباز گناه آرزو مشکل درد غم شادی کار شغل حقوق پول
        """
    )
)

_UNINFLECTED = frozenset(
    tokens(
        """
        تنها تنهایی تنهای منتها منتهای اشتها اشتهای انتها انتهای رهای بهای
        دفتر دختر بستر مادر دکتر دکترین اختر خاکستر مشتری شتر لیتر کیلومتر سانتیمتر میلیمتر پوستر کبوتر انگشتر
        تئاتر بیشتر پیشتر کلانتر گشتر
        دارای نمای ورای سوای شهرت
        ارزش دانش روش گردش آرامش پوشش کوشش بارش سازش شورش نگرش پرسش سنجش کاهش خواهش فروش آتش ارتش تلاش گزارش
        سفارش نمایش همایش آرایش گشایش پیدایش افزایش آزمایش گرایش پیمایش پالایش فرسایش آسایش ستایش نیایش آلایش
        زایش ویرایش پیرایش فرمایش رویش پویش بخشش کشش واکنش آموزش ورزش پرورش پژوهش پذیرش جنبش لغزش تابش ریزش خیزش
        سوزش یورش خوانش چالش گویش زیبایش رهایش خاموش فراموش آغوش سروش کاوش تراوش تپش گزینش چینش آفرینش بینش
        رانش نوازش آمیزش پردازش انگیزش سرزنش درفش بنفش درویش گرایش پاداش پرخاش تراش خراش معاش قماش اوباش
        سیاوش کورش داریوش داعش مراکش کوشش غرش خروش جهش پرش برش چرخش درخشش پیچش نکوهش پوزش آموزش کنش تنش منش
        بالش مالش نالش خارش سرایش گردش باش خویش پیش بیش ریش نیش کیش آسایش
        ایران تهران سودان یونان لبنان عمان آلمان کرمان سمنان آبادان اصفهان گیلان همدان آذربایجان زنجان خراسان
        جهان زمان میان جریان پایان بیان زیان بنیان نمایان رویان شایان
        دوران جبران بحران باران نگران گران حیران ویران کاروان دیوان ناتوان توان جوان روان عنوان فراوان حیوان
        لیوان ایوان میدان زندان دندان خندان وجدان گردان چندان فرزندان‌مان رندان خاندان فقدان بدان نادان مندان
        فرمان مهمان میهمان آسمان ساختمان سازمان پیمان ایمان آرمان قهرمان درمان گمان سلیمان پشیمان شادمان دودمان
        گفتمان راندمان پارلمان همزمان مسلمان زایمان سیمان دژمان ریسمان مردمان چیدمان کلمان
        داستان استان دبستان بوستان پستان راستان آستان بستان
        ارزان لرزان میزان سوزان آویزان گریزان هراسان یکسان آسان انسان احسان نیسان
        عرفان طوفان توفان برهان ارمغان نقصان رحمان سلطان شیطان سرطان رمضان عصیان طغیان پنهان اذهان عریان همسان
        چوگان رایگان بازرگان همگان یگان ارگان دوگان پیکان امکان ارکان مکان پلکان کان تکان دکان کاشان پریشان نشان
        درخشان آتشفشان ایشان کهکشان خروشان جوشان جانان هیجان مرجان فنجان بادمجان عنان سنان بیابان خیابان تابان
        کتان گلستان کمان ترکمان ضربان قربان بادبان پایانه چوپان لوان کیهان قرآن پیران بهمان کوهان زبان سبحان رجحان
        امتحان شعبان غلیان فوران دامان سامان درسان تومان بیکران کران توران کامران عمران مهران شمیران چمران
        صادرات واردات ملاقات نجات حیات ادبیات عملیات مالیات تأسیسات سادات مجازات مساوات مراعات ثبات اثبات هیأت
        ذات صفات وفات نبات لغات کرات هرات فرات اوقات الهیات ریاضیات جنسیات فلزات مکافات موازات مافات مقتضیات
        نشست نبرد نماد نهاد نوید نوشت بازد بیاض بیابد بیاری نشان نوازد نمازم نرم نام بنا بلد بند برد برید نزد
        """
    )
)

_PRESENT = "|".join(
    sorted(
        tokens(
            """
            رو شو کن گوی گو ده دار خواه توان دان بین گیر آور آی آ بر خور خوان نویس رس ساز گذار گذر گرد گشای مان
            زن کش کوش پرداز پذیر پرس ترس فروش خر یاب نشین نمای بخش بند ریز خیز افزای افز آموز آزمای سوز شناس شنو
            فرست فهم گریز لرز میر نگر باش انداز ایست چرخ جنگ کاه آفرین پوش خواب دوز رقص ربای سپار شکن کار
            """
        ),
        key=len,
        reverse=True,
    )
)
_PAST = "|".join(
    sorted(
        tokens(
            """
            رفت شد کرد گفت داد داشت خواست توانست دانست دید گرفت آورد آمد برد خورد خواند نوشت رسید ساخت گذاشت گذشت
            گشت گشود ماند زد کشت کشید کوشید پرداخت پذیرفت پرسید ترسید فروخت خرید یافت نمود بخشید بست ریخت افزود
            آموخت آزمود سوخت شناخت شنید فرستاد فهمید گریخت لرزید مرد نگریست بود انداخت ایستاد چرخید جنگید کاست
            آفرید پوشید خوابید شکست کاشت
            """
        ),
        key=len,
        reverse=True,
    )
)
_FORM = re.compile(rf"(?:(?:{_PRESENT})(?:م|ی|د|یم|ید|ند)|(?:{_PAST})(?:م|ی|یم|ید|ند|ه)?)")


def stems(word: str) -> tuple[str, ...]:
    """Return what a normalised word may be an inflected form of, without the word itself; mostly nothing."""
    return _remembered_stems(word) if len(word) <= _LONGEST else ()


@lru_cache(maxsize=_REMEMBERED)
def _remembered_stems(word: str) -> tuple[str, ...]:
    if word in _UNINFLECTED or word in FUNCTION_WORDS:
        return ()
    return tuple(stem for stem in dict.fromkeys(_candidates(word)) if _is_telling(stem))


def _candidates(word: str) -> list[str]:
    # To look for a few letters is faster than to try a pattern, and most words have none of them.
    if "ها" in word and (plural := _PLURAL.fullmatch(word)):
        return _of_plural(plural["stem"])
    candidates = [_SHORT_NOUNS[word]] if word in _SHORT_NOUNS else []
    if "ترین" in word and (superlative := _SUPERLATIVE.fullmatch(word)):
        candidates.append(superlative["stem"])
    for pattern, endings in _SHORTENED_BY_END.get(word[-1:], ()):
        if inflected := pattern.fullmatch(word):
            candidates += [inflected["stem"] + ending for ending in endings]
    if word[-1:] in _POSSESSIVES and word[:-1] in _WITH_OWNERS:
        candidates.append(word[:-1])
    if word[:1] in _FIRST_OF_VERBS:
        verb = _VERB.fullmatch(word)
        if verb and _FORM.fullmatch(verb["stem"]):
            candidates.append(verb["stem"])
    return candidates


def _of_plural(singular: str) -> list[str]:
    """Return the singular of a plural, and what that compares; «معلمانها» is no word, so nothing else is taken."""
    comparison = _COMPARATIVE.fullmatch(singular)
    return [singular, comparison["stem"]] if comparison else [singular]


def _is_telling(stem: str) -> bool:
    return len(stem) > 1 and stem not in FUNCTION_WORDS
