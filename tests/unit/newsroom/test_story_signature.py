"""Near-duplicates are one story; two events told in the same words are two."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.newsroom.story_signature import (
    BANDS,
    Fingerprint,
    Signature,
    overlap,
    same_story,
    signature,
    substitutions,
)
from tests.unit.newsroom.stories.pairs import Pair, Text, agencies, held_out, rewritten, tempting, tuned_on

_TITLE = "زمین‌لرزه ۵٫۲ ریشتری کاشان را لرزاند"
_LEAD = "زمین‌لرزه‌ای به بزرگی ۵٫۲ ساعت ۱۴ و ۱۲ دقیقه شنبه حوالی کاشان را لرزاند و ۱۲ نفر مصدوم شدند."
_BODY = (
    "مدیر ستاد بحران گفت گروه‌های ارزیاب راهی سه روستا شده‌اند و برق و آب برقرار است.\n"
    "هلال احمر از مردم خواست تا پایان پس‌لرزه‌ها در فضای باز بمانند."
)


@dataclass(frozen=True, slots=True)
class _Score:
    precision: float
    recall: float
    found: float
    """The part of the pairs of one story that share a band and are told to be one."""


def _signed(text: Text) -> Signature:
    return signature(text.title, text.lead, text.body)


def _score(pairs: Sequence[Pair]) -> _Score:
    right = wrong = findable = 0
    for pair in pairs:
        one, other = _signed(pair.one), _signed(pair.other)
        if same_story(one.fingerprint, other.fingerprint):
            right += pair.same
            wrong += not pair.same
            findable += pair.same and not set(one.bands).isdisjoint(other.bands)
    same = sum(pair.same for pair in pairs)
    return _Score(right / (right + wrong), right / same, findable / same)


def _same(one: tuple[str, str, str], other: tuple[str, str, str]) -> bool:
    return same_story(signature(*one).fingerprint, signature(*other).fingerprint)


def test_the_pairs_are_many_and_hard_on_both_sides() -> None:
    for pairs in (tuned_on(), held_out()):
        assert len(pairs) >= 300
        assert sum(pair.same for pair in pairs) * 2 == len(pairs)
        assert pairs == (tuned_on() if pairs == tuned_on() else held_out())
    assert {pair.way.partition("/")[0] for pair in tuned_on()} & {
        pair.way.partition("/")[0] for pair in held_out()
    } == {"by hand"}


@pytest.mark.parametrize(
    "pairs",
    [held_out(), tuned_on(), tempting(), rewritten(), agencies()],
    ids=["held out", "tuned on", "tempting", "rewritten", "agencies"],
)
def test_precision_and_recall(pairs: list[Pair]) -> None:
    score = _score(pairs)
    assert score.precision >= 0.99
    assert score.recall >= 0.9
    assert score.found >= 0.9


def test_unrelated_texts_seldom_share_a_band() -> None:
    signed = [(pair.way.partition("/")[0], set(_signed(pair.one).bands)) for pair in held_out()[::3]]
    met = [not bands.isdisjoint(other) for kind, bands in signed for another, other in signed if kind != another]
    assert sum(met) / len(met) < 0.02


@pytest.mark.parametrize(
    "other",
    [
        (_TITLE, _LEAD, _BODY),
        (_TITLE, _LEAD, ""),
        ("کاشان لرزید", _LEAD, _BODY),
        (_TITLE.replace("ی", "ي"), _LEAD.replace("ک", "ك").replace("\u200c", " "), _BODY.replace("\u200c", "")),
        (_TITLE.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")).replace("٫", "."), _LEAD, _BODY),
        (_TITLE, "", f"به گزارش خبرنگار ما، {_LEAD}\n{_BODY}"),
        (_TITLE, _LEAD, f"{_BODY}\nاین منطقه در ۱۰ سال گذشته ۴ بار لرزیده است. " * 9),
    ],
)
def test_one_story(other: tuple[str, str, str]) -> None:
    assert _same((_TITLE, _LEAD, _BODY), other)
    assert _same(other, (_TITLE, _LEAD, _BODY))


@pytest.mark.parametrize(
    ("word", "instead"),
    [("۵٫۲", "۴٫۱"), ("۱۲ نفر", "۳۷ نفر"), ("۱۴ و ۱۲", "۲۲ و ۴۱"), ("۱۲", "۱۲۰")],
)
def test_another_number_in_the_same_words_is_another_event(word: str, instead: str) -> None:
    other = (_TITLE.replace(word, instead), _LEAD.replace(word, instead), _BODY)
    assert not _same((_TITLE, _LEAD, _BODY), other)
    assert not _same((_TITLE, _LEAD, ""), (*other[:2], ""))


def test_another_name_in_the_same_words_is_another_event() -> None:
    title, lead, body = (
        "فرهاد کریمی سرمربی تیم جوانان شد",
        "هیئت‌رئیسه باشگاه در نشست دیشب فرهاد کریمی را به سرمربیگری تیم جوانان برگزید و قرارداد او را امضا کرد.",
        "مدیر باشگاه گفت تمرین‌ها از شنبه در ورزشگاه شهر آغاز می‌شود.",
    )
    other = (title.replace("فرهاد کریمی", "ناصر دهقان"), lead.replace("فرهاد کریمی", "ناصر دهقان"), body)
    assert _same((title, lead, body), ("سرمربی تیم جوانان برگزیده شد", lead, body))
    assert not _same((title, lead, body), other)
    assert not _same((title, lead, ""), other)


def test_a_sites_template_around_unrelated_titles_is_no_story() -> None:
    def filled_in(title: str) -> tuple[str, str, str]:
        return (
            title,
            f"{title}؛ گزارش کامل را در ادامه بخوانید.",
            f"به گزارش خبرنگار ما، {title} و مسئولان گفتند کار ادامه دارد. کارشناسان شرکت‌کننده آمار و ارقام را "
            "مرور کردند و مردم از نتیجه راضی بودند. خبرنگار ما جزئیات را پیگیری می‌کند و در گزارش بعدی می‌نویسد. "
            "برای دریافت تازه‌ترین گزارش‌ها عضو کانال رسمی ما شوید و دیدگاه و تصویرهای خود را برای تحریریه بفرستید؛ "
            "بهترین نوشته‌های همراهان با نام خودشان در صفحهٔ نخست همین پایگاه منتشر خواهد شد.",
        )

    assert not _same(
        filled_in("وزیر نیرو از طرح تازهٔ آب‌رسانی به روستاهای مرزی گفت"),
        filled_in("زلزله جنوب استان فارس را لرزاند"),
    )


def test_thousands_and_fractions_are_one_number() -> None:
    written = [signature("", f"{number} تن", "").fingerprint.opening for number in ("۱۲٬۵۰۰", "12,500", "١٢۵٠٠")]
    assert set(written) == {("12500", "تن")}
    assert signature("۵/۲", "۵٫۲", "5.2").fingerprint == Fingerprint(("5d2",), ("5d2", "5d2"))


def test_of_a_short_text_nothing_is_said() -> None:
    short = signature("هوای امروز", "آفتابی است.", "")
    assert short.bands == ()
    assert not same_story(short.fingerprint, short.fingerprint)
    assert signature("", "", "").bands == ()


def test_a_feeds_lead_is_found_in_a_long_page() -> None:
    paragraphs = "\n".join(f"{pair.one.lead} {pair.one.body}" for pair in held_out()[:20])
    page = (_TITLE, "", f"{_LEAD}\n{_BODY}\n{paragraphs}")
    one, other = signature(*page), signature("کاشان لرزید", _LEAD, "")
    assert same_story(one.fingerprint, other.fingerprint)
    assert not set(one.bands).isdisjoint(other.bands)


def test_what_is_measured() -> None:
    one = signature(_TITLE, _LEAD, "").fingerprint
    other = signature(
        _TITLE.replace("کاشان", "یزد"), _LEAD.replace("کاشان", "یزد").replace("۵٫۲", "۴"), ""
    ).fingerprint
    shared, replaced = overlap(one, other), substitutions(one, other)
    assert (shared.size, shared.shared_numbers, shared.numbers) == (12, 3, 1.0)
    assert shared.words == pytest.approx(11 / 12)
    assert (replaced.words, replaced.reworded, replaced.numbers) == (2, 0, 1)


def test_a_signature_is_kept_as_bytes_and_numbers() -> None:
    signed = signature(_TITLE, _LEAD, _BODY * 40)
    data = signed.fingerprint.to_bytes()
    assert Fingerprint.from_bytes(data) == signed.fingerprint
    assert len(data) < 2000
    assert len(set(signed.bands)) == BANDS == 10
    assert all(-(2**63) <= band < 2**63 for band in signed.bands)


def test_bands_are_the_same_in_every_process() -> None:
    assert signature(_TITLE, _LEAD, _BODY).bands[::5] == (7778839029202127060, 1988629974954100501)


@pytest.mark.parametrize(
    "data", [b"", b"x", b"\x00" * 40, zlib.compress(b"\xff"), zlib.compress(b"a" * 10**6), zlib.compress(b"a")[:-2]]
)
def test_other_bytes_are_no_fingerprint(data: bytes) -> None:
    with pytest.raises(ValueError, match="fingerprint"):
        Fingerprint.from_bytes(data)


_texts = st.text(st.sampled_from("اب پ۱۲٫/ت\u200c\n"), max_size=300)


@given(_texts, _texts, _texts, _texts)
def test_the_verdict_does_not_depend_on_the_order(title: str, lead: str, other_title: str, other_lead: str) -> None:
    one, other = signature(title, lead, "").fingerprint, signature(other_title, other_lead, lead).fingerprint
    assert same_story(one, other) == same_story(other, one)
    assert Fingerprint.from_bytes(one.to_bytes()) == one
    assert same_story(one, one) == (len(one.telling) >= 8)


_RETOLD = {
    "place": (
        (
            "سفر وزیر خارجه به مسکو",
            "وزیر امور خارجه امروز برای دیدار با همتای خود وارد مسکو شد.",
            "در سفر دوروزه ترابری و همکاری بانکی در دستور کار است. سخنگو گفت ۳ سند همکاری امضا می‌شود.",
        ),
        (
            "وزیر امور خارجه وارد {} شد",
            "وزیر امور خارجه در سفری دوروزه به {} رفت تا با همتای خود دیدار کند.",
            "به گفتهٔ سخنگو، ترابری و همکاری بانکی محور گفت‌وگوهاست و ۳ سند همکاری امضا می‌شود.",
        ),
        "مسکو",
        "پکن",
    ),
    "day": (
        (
            "تعطیلی مدارس نوآباد در روز دوشنبه",
            "کارگروه آلودگی هوا مدارس همهٔ مقاطع نوآباد و ۴ شهرستان اطراف را برای دوشنبه تعطیل کرد.",
            "ادارات با ۵۰ درصد نیرو کار می‌کنند و طرح زوج و فرد از درِ منازل اجرا می‌شود.",
        ),
        (
            "{} مدارس تعطیل است",
            "کارگروه آلودگی هوا مدارس نوآباد و ۴ شهرستان اطراف را در همهٔ مقاطع {} تعطیل اعلام کرد.",
            "طرح زوج و فرد از درِ منازل اجرا می‌شود و ادارات با ۵۰ درصد نیرو کار خواهند کرد.",
        ),
        "دوشنبه",
        "چهارشنبه",
    ),
    "work": (
        (
            "جایزهٔ بزرگ جشنواره به «رودخانه» رسید",
            "فیلم «رودخانه» جایزهٔ بزرگ جشنوارهٔ فیلم کوتاه نوآباد را برد.",
            "در این دوره ۶۴ فیلم از ۲۳ کشور رقابت کردند. جایزهٔ فیلمنامه نیز به «دو پنجره» تعلق گرفت.",
        ),
        (
            "«{}» بهترین فیلم جشنواره شد",
            "فیلم «{}» جایزهٔ بزرگ جشنوارهٔ فیلم کوتاه نوآباد را به خانه برد.",
            "از ۲۳ کشور ۶۴ فیلم در این دوره حضور داشت و «دو پنجره» جایزهٔ فیلمنامه گرفت.",
        ),
        "رودخانه",
        "پل",
    ),
    "month": (
        (
            "پرداخت یارانهٔ آذر از فردا",
            "یارانهٔ آذر ماه سرپرستان خانوار دهک‌های اول تا سوم فردا واریز می‌شود.",
            "مبلغ برای هر نفر ۴۰۰ هزار تومان است و دهک‌های چهارم تا نهم ۳۰۰ هزار تومان دریافت می‌کنند.",
        ),
        (
            "زمان واریز یارانهٔ {} اعلام شد",
            "یارانهٔ نقدی {} ماه سه دهک اول فردا به حساب سرپرستان خانوار واریز می‌شود.",
            "مبلغ برای هر نفر ۴۰۰ هزار تومان است؛ دهک‌های چهارم تا نهم ۳۰۰ هزار تومان دریافت می‌کنند.",
        ),
        "آذر",
        "دی",
    ),
}


@pytest.mark.parametrize("name", _RETOLD)
def test_another_name_in_other_words_is_another_event(name: str) -> None:
    one, form, same, other = _RETOLD[name]
    retold, another = (tuple(part.format(word) for part in form) for word in (same, other))
    assert _same(one, (retold[0], retold[1], retold[2]))
    assert not _same(one, (another[0], another[1], another[2]))


def test_a_clock_in_words_is_the_same_number() -> None:
    title, lead, body = _TITLE, _LEAD, _BODY
    assert _same((title, lead, body), (title, lead.replace("۱۴ و ۱۲ دقیقه", "۱۴:۱۲"), body))


def test_other_words_around_numbers_that_all_agree_are_the_same_event() -> None:
    one = (
        "آتش‌سوزی در بازار آهنگران نوآباد مهار شد",
        "سخنگوی آتش‌نشانی نوآباد از مهار آتش‌سوزی در بازار آهنگران خبر داد.",
        "این حادثه ساعت ۲۲ و ۴۰ دقیقه شب گذشته رخ داد و هشت ایستگاه به محل اعزام شدند. ۱۴ مغازه آسیب دید و"
        " ۳ آتش‌نشان دچار دودگرفتگی شدند. علت حادثه در دست بررسی است.",
    )
    retold = (
        "۱۴ مغازه در بازار آهنگران سوخت",
        "شب گذشته ساعت ۲۲:۴۰ بازار آهنگران نوآباد آتش گرفت و هشت ایستگاه آتش‌نشانی به محل رفتند.",
        "به گفتهٔ سخنگوی آتش‌نشانی، ۱۴ مغازه آسیب دیده و ۳ آتش‌نشان دودگرفتگی پیدا کرده‌اند."
        " علت حادثه در دست بررسی است.",
    )
    assert _same(one, retold)
    title, lead, body = one
    assert not _same(one, (title.replace("آهنگران", "مسگران"), lead.replace("آهنگران", "مسگران"), body))


def test_a_time_of_day_is_the_same_number_with_and_without_zeros() -> None:
    written = ["۰۵:۰۴", "5:04", "۵ و ۴ دقیقه"]
    assert {signature("", f"ساعت {clock}", "").fingerprint.opening[1] for clock in written} == {"5d04"}


def test_a_day_of_the_week_is_one_word_however_it_is_written() -> None:
    assert {signature("", day, "").fingerprint.opening for day in ("سه‌شنبه", "سه شنبه", "سهشنبه")} == {("سهشنبه",)}


_CUT_OFF = (
    "قطع آب در بخش‌هایی از نوآباد",
    "شرکت آب نوآباد از قطع آب خیابان‌های {} از ساعت ۹ تا ۱۵ فردا برای تعمیر خط اصلی خبر داد.",
    "از شهروندان خواسته شده است آب مورد نیاز را ذخیره کنند. تانکرهای سیار در محل مستقر می‌شود.",
)


def test_two_names_in_the_same_words_outweigh_numbers_that_agree() -> None:
    title, lead, body = _CUT_OFF
    assert not _same((title, lead.format("بهار و دانش"), body), (title, lead.format("لاله و شهدا"), body))


def test_a_later_event_that_repeats_the_earlier_one_is_another() -> None:
    earlier = (
        "مدیر باشگاه بازداشت شد",
        "مدیرعامل باشگاه نوآباد به اتهام اختلاس ۴۰ میلیارد تومانی بازداشت شد.",
        "دادستان گفت تحقیقات دربارهٔ قراردادهای سال گذشتهٔ باشگاه ادامه دارد.",
    )
    later = (
        "مدیر باشگاه با وثیقه آزاد شد",
        "مدیرعامل باشگاه نوآباد که به اتهام اختلاس ۴۰ میلیارد تومانی بازداشت شده بود با وثیقه آزاد شد.",
        earlier[2],
    )
    assert not _same(earlier, later)


_QUAKE = (
    "زلزلهٔ ۵٫۴ ریشتری نوآباد را لرزاند",
    "زمین‌لرزه‌ای به بزرگی ۵٫۴ ریشتر بامداد امروز حوالی شهر نوآباد را لرزاند.",
)
_QUAKE_TEXT = (
    "مرکز لرزه‌نگاری عمق این زمین‌لرزه را ۱۸ کیلومتر اعلام کرد.",
    "مدیرکل بحران استان گفت که تاکنون ۷ نفر مصدوم شده‌اند و حال آنان خوب است.",
    "هفت گروه ارزیاب هلال‌احمر به روستاهای اطراف نوآباد اعزام شده‌اند.",
    "برق و گاز ۳۴ روستا برای دو ساعت قطع شد و سپس به شبکه بازگشت.",
    "به گفتهٔ مسئولان نیمی از خانه‌های آسیب‌دیده خشت و گلی بوده‌اند.",
)


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        (
            "مدارس نوآباد فردا تعطیل شد",
            "فرماندار از تعطیلی همهٔ مدارس و دانشگاه‌ها برای ارزیابی ایمنی ساختمان‌ها خبر داد.",
        ),
        ("وام مسکن برای نوآبادی‌ها", "بانک مرکزی پرداخت تسهیلات کم‌بهره را برای بازسازی واحدهای مسکونی تصویب کرد."),
    ],
)
def test_a_later_event_is_another_though_the_earlier_report_is_its_background(title: str, lead: str) -> None:
    background = "\n".join(_QUAKE_TEXT[:4])
    assert not _same((*_QUAKE, "\n".join(_QUAKE_TEXT)), (title, lead, background))


@pytest.mark.parametrize("left_out", [(3, 1), (1, 3)])
def test_reports_that_leave_out_other_numbers_of_one_text_are_one_story(left_out: tuple[int, int]) -> None:
    texts = ["\n".join(text for place, text in enumerate(_QUAKE_TEXT) if place != missing) for missing in left_out]
    retold = "زلزلهٔ ۵٫۴ ریشتری در نوآباد", "شهر نوآباد بامداد امروز با زمین‌لرزهٔ ۵٫۴ ریشتری لرزید."
    assert _same((*_QUAKE, texts[0]), (*retold, texts[1]))


def test_titles_that_name_other_sides_of_one_text_are_one_story() -> None:
    text = (
        "رئیس سازمان آتش‌نشانی علت حادثه را اتصال برق در یک انباری اعلام کرد.\n"
        "در این حادثه ۶ نفر بر اثر استنشاق دود به بیمارستان منتقل شدند.\n"
        "۴۹۹ مغازه آسیب دید و خسارت اولیه ۳۹۶ میلیارد ریال برآورد شده است.\n"
        "چهار ایستگاه با دوازده خودروی سنگین در محل حاضر بودند."
    )
    one = "آتش‌سوزی در بازار نوآباد مهار شد", "آتش‌سوزی گسترده در بازار قدیم نوآباد پس از چند ساعت مهار شد."
    other = "بازار نوآباد در آتش؛ ۶ مصدوم", "بازار قدیمی نوآباد عصر دیروز آتش گرفت و ۶ نفر مصدوم شدند."
    assert _same((*one, text), (*other, text))


@pytest.mark.parametrize(
    "written",
    [
        ("هیئت", "هیأت", "هیات", "هيات"),
        ("مسئولان", "مسؤولان", "مسوولان"),
        ("گفت‌وگوی", "گفت و گوی", "گفت‌و‌گوی", "گفتگوی"),
        ("جست‌وجو", "جستجو"),
    ],
)
def test_what_houses_spell_in_two_ways_is_one_word(written: tuple[str, ...]) -> None:
    assert len({signature("", word, "").fingerprint for word in written}) == 1


_VISIT = (
    "دیدار {} با رئیس مجلس",
    "{} در دیدار با رئیس مجلس عراق بر اجرای توافق امنیتی و بازگشایی گذرگاه مرزی تأکید کرد.",
    "در این دیدار نمایندگان گروه دوستی پارلمانی نیز حاضر بودند و دربارهٔ زائران و بازارچه‌ها گزارش دادند.",
)
_VISIT_RETOLD = (
    "تأکید {} بر بازگشایی گذرگاه مرزی",
    "نمایندگان گروه دوستی پارلمانی دربارهٔ زائران و بازارچه‌ها گزارش دادند.",
    "رئیس مجلس عراق میزبان این دیدار بود و {} بر اجرای توافق امنیتی و بازگشایی گذرگاه مرزی تأکید کرد.",
)


@pytest.mark.parametrize(
    ("name", "instead", "same", "same_retold"),
    [
        ("ویتکاف", "ویتکف", True, True),
        ("نتانیاهو", "نتنیاهو", True, True),
        ("لاوروف", "لاورف", False, True),
        ("محمودی", "محمدی", False, True),
        ("کریمی", "کرمی", False, False),
        ("ناظری", "نظری", False, False),
        ("بلینکن", "گوترش", False, False),
    ],
)
def test_a_foreign_name_has_two_spellings(name: str, instead: str, *, same: bool, same_retold: bool) -> None:
    """In the same words only a long «ا» tells no other name: there, محمودی and محمدی are two persons."""

    def named(form: tuple[str, str, str], name: str) -> tuple[str, str, str]:
        title, lead, body = (part.format(name) for part in form)
        return title, lead, body

    one = named(_VISIT, name)
    for form, expected in ((_VISIT, same), (_VISIT_RETOLD, same_retold)):
        other = named(form, instead)
        assert _same(one, named(form, name))
        assert _same(one, other) == _same(other, one) == expected


_CEREMONY = "مراسم یادبود شهدای نیروی دریایی با حضور وزیر دفاع در بندر"
_LAUNCH = (
    "ناوچهٔ تازه به آب انداخته شد",
    "وزیر دفاع صبح امروز ناوچه‌ای را که در کارخانه‌های کشتی‌سازی ساخته شده است به نیروی دریایی سپرد.",
    "او گفت طراحی بدنه، موتور و سامانه‌های ناوبری آن کار مهندسان داخلی است و ساخت دو فروند دیگر آغاز شده است. "
    "فرمانده یگان گفت خدمه از یک سال پیش آموزش دیده‌اند و شناور پس از آزمون‌های پایانی راهی مأموریت می‌شود. "
    "در پایان این مراسم که با حضور خانواده‌های شهدای دریانورد در بندر برگزار شد، لوح یادبود به سازندگان دادند.",
)


def test_a_title_is_not_found_in_words_that_lie_about_in_a_long_text() -> None:
    assert not _same((_CEREMONY, "", ""), _LAUNCH)
    assert _same((_CEREMONY, "", ""), (_CEREMONY, "", " ".join(_LAUNCH)))


def test_two_brief_texts_in_much_the_same_words_are_two_events() -> None:
    announced = "انجمن پرورش‌دهندگان گاو شیری بهای هر کیلو شیر خام را اعلام کرد."
    fallen = "انجمن پرورش‌دهندگان گاو شیری گفت بهای شیر خام پایین می‌آید."
    assert not _same(("بهای شیر خام اعلام شد", announced, ""), ("شیر خام ارزان می‌شود", fallen, ""))
    assert _same(("بهای شیر خام اعلام شد", announced, ""), ("بهای تازهٔ شیر خام", announced, ""))


@pytest.mark.parametrize(("name", "same"), [("جمشید دریابان", True), ("بیژن کوهزاد", False)])
def test_a_name_in_a_sentence_at_another_place_tells_the_event(name: str, *, same: bool) -> None:
    told = "دبیر انجمن کتابداران درگذشت {} را تسلیت گفت و یاد او را گرامی داشت."
    praise = "در این پیام آمده است: جامعهٔ کتاب یکی از خدمتگزاران بی‌ادعای خود را از دست داد."
    wish = "برای آن روان‌شاد آمرزش و برای بازماندگان شکیبایی می‌خواهیم."
    title = "پیام تسلیت انجمن کتابداران"
    one = (title, told.format("جمشید دریابان"), f"{praise} {wish}")
    assert _same(one, (title, told.format(name), f"{praise} {wish}")) == same
    assert _same(one, (title, f"{praise} {wish}", told.format(name))) == same
    assert _same(one, (title, wish, f"{told.format(name)} {praise}")) == same
