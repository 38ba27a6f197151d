"""Pages that are believed to be the article that a feed told of."""

from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.ingest.items import PageArticle
from bot.ingest.markup.sanitise import escape
from bot.ingest.page.article_page import parse_page
from bot.ingest.page.repeated_pages import RepeatedPages, text_digest
from bot.ingest.page.trust import Claim, Doubt, doubt_of, page_text, title_agreement
from bot.ingest.raw_document import RawDocument
from storage.records import Block, BlockKind

_URL = "https://paper.example/news/412345/bridge"
_NOW = 1_795_842_000_000
_TITLE = "پل تازهٔ رودخانهٔ سپید پس از ده سال باز شد"
_LEAD = "پل تازه دو کرانهٔ رودخانهٔ سپید را پس از ده سال کار به هم پیوند داد و رفت‌وآمد روستاییان را کوتاه کرد."
_BODY = (
    "استاندار در آیین گشایش گفت که ساخت این پل با کمک مردم دو کرانه و در سه گام انجام شده است.",
    "به گفتهٔ او درازای پل ۴۲۰ متر است و روزانه دو هزار خودرو از آن خواهند گذشت.",
    "روستاییان کرانهٔ چپ تا پیش از این برای رسیدن به بازار رودخانه را با قایق می‌پیمودند.",
)
_ENGLISH = (
    "Reservoir bridge reopens after a decade of repairs",
    "The bridge across the Sepid river reopened on Saturday, a decade after floods tore away its middle span.",
)
_ARABIC = (
    "افتتاح جسر النهر الأبيض بعد عشر سنوات من العمل",
    "افتتح المحافظ صباح السبت جسر النهر الأبيض الذي يربط قرى الضفتين بعد عشر سنوات من العمل المتواصل.",
)


def _page(
    title: str,
    *paragraphs: str,
    lead: str = "",
    canonical: str = "",
    number: str = "",
    at: int | None = None,
    url: str = _URL,
) -> PageArticle:
    body = tuple(Block(BlockKind.PARAGRAPH, escape(text)) for text in paragraphs)
    return PageArticle(title, lead, body, (), number, "", "", "", at, "fa", url, "unknown", canonical=canonical)


def _doubt(
    page: PageArticle,
    title: str = _TITLE,
    text: str = _LEAD,
    *,
    at: int | None = _NOW,
    url: str = _URL,
    final: str = "",
) -> Doubt | None:
    return doubt_of(page, Claim(title, text, at, url), final_url=final or url, requested_url=url)


_ARTICLE = _page(_TITLE, *_BODY, lead=_LEAD, at=_NOW)


@pytest.mark.parametrize("name", ["nastooh", "sepehr", "wordpress"])
@pytest.mark.parametrize("text", ["", "خلاصه‌ای که سردبیر برای خوراک نوشته و در صفحه نیست."])
def test_pages_of_known_sites_are_believed(name: str, text: str) -> None:
    body = Path("tests/fixtures/pages", f"{name}.html").read_bytes()
    page = parse_page(RawDocument(body, "", _URL), ZoneInfo("Asia/Tehran"), now=_NOW)
    assert _doubt(page, page.title, text) is None
    assert _doubt(page, page.title, page_text(page)) is None
    assert _doubt(page, f"ویدیو/ {page.title}", "") is None


@pytest.mark.parametrize(
    "title",
    [
        _TITLE,
        f"{_TITLE} - روزنامهٔ نمونه",
        f"روزنامهٔ نمونه | {_TITLE}",
        f"فیلم | {_TITLE}",
        f"ویدیو/ {_TITLE}",
        f"گزارش تصویری: {_TITLE}",
        _TITLE.replace("ده", "۱۰"),
        _TITLE.replace("ٔ", "").replace("پس از", "پس‌از"),
        _TITLE.replace("ی", "ي").replace("ک", "ك"),
        "پل تازهٔ رودخانهٔ سپید پس از…",
        "«پل تازه» رودخانهٔ سپید باز شد",
        "پل تازهٔ رودخانهٔ سپید باز شد/ ۴۲۰ متر پس از ده سال",
    ],
)
@pytest.mark.parametrize("text", ["", _LEAD])
def test_titles_that_differ_a_little_agree(title: str, text: str) -> None:
    assert _doubt(_ARTICLE, title, text) is None


def test_a_headline_that_was_edited_is_the_same_article() -> None:
    edited = replace(_ARTICLE, title="استاندار: انتظار مردم دو کرانه به سر رسید")
    assert _doubt(edited) is None
    assert _doubt(replace(edited, canonical="http://www.paper.example/news/412345/bridge/?utm=1"), text="") is None
    moved = replace(edited, number="412345", url="https://paper.example/a/new-slug")
    assert _doubt(moved, "سخنی دیگر", "", final="https://paper.example/a/new-slug") is None
    # The text that tells of all that the old headline told of is its article, with nothing else to go by.
    assert _doubt(edited, text="") is None


def test_an_edited_headline_of_the_same_day_resembles_the_old_one() -> None:
    edited = _page("رودخانهٔ سپید صاحب گذرگاه تازه شد", "متنی کوتاه دربارهٔ گشایش.", at=_NOW + 3_600_000)
    assert _doubt(edited, text="") is None
    assert _doubt(replace(edited, published_at=None), text="") is Doubt.OTHER_ARTICLE


def test_articles_about_cookies_and_logins_are_articles() -> None:
    title = "قانون تازهٔ کوکی‌ها و حریم خصوصی در اروپا ابلاغ شد"
    text = "بر پایهٔ این قانون تارنماها پیش از گذاشتن کوکی باید رضایت کاربران را بگیرند و رمز عبور را نگه ندارند."
    assert _doubt(_page(title, text), title, text) is None
    assert _doubt(_page(title, text), title, "") is None
    assert _doubt(_page("اروپا سخت گرفت", text), title, text) is None
    assert _doubt(_page("اروپا سخت گرفت", text, canonical=_URL), title, "") is None
    assert _doubt(_page("اروپا سخت گرفت", f"{title}. {text}"), title, "") is None


def test_english_and_arabic_articles_are_believed() -> None:
    for title, text in (_ENGLISH, _ARABIC):
        assert _doubt(_page(title, text), title, text) is None
        assert _doubt(_page(f"{title} | The Paper", text), title, "") is None
        assert _doubt(_page("The Paper", text), title, text) is None


_WALLS = [
    (
        "تنظیمات حریم خصوصی شما",
        "ما و شریکانمان برای کار بهتر تارنما از کوکی بهره می‌بریم. برای ادامه شرایط استفاده را بپذیرید.",
    ),
    (
        "We value your privacy",
        "We and our partners store cookies on your device. Accept all or manage your consent in our privacy policy.",
    ),
    ("نحن نهتم بخصوصيتك", "نستخدم ملفات تعريف الارتباط لتحسين الموقع. اطلع على سياسة الخصوصية وامنحنا موافقتك."),
    (
        "Just a moment...",
        "Checking your browser before accessing the site. Please enable JavaScript and cookies to continue.",
    ),
    ("در حال انتقال به سایت", "مرورگر شما بررسی می‌شود. اگر ربات نیستید چند ثانیه شکیبا باشید."),
    ("ورود", "برای دیدن این صفحه وارد شوید. نام کاربری و رمز عبور خود را بنویسید."),
    ("Sign in to The Paper", "Log in with your username or create an account. Forgot password?"),
    ("اشتراک", "این مطلب ویژهٔ مشترکان است. برای خواندن ادامه، خرید اشتراک را بزنید."),
    ("Subscribe", "Subscribe now to continue reading. Already a subscriber? Log in."),
]


@pytest.mark.parametrize(("title", "text"), _WALLS)
@pytest.mark.parametrize("claimed", ["", _LEAD])
def test_walls_are_recognised(title: str, text: str, claimed: str) -> None:
    assert _doubt(_page(title, text), text=claimed) is Doubt.WALL
    # So they are where they are called as the article is, and where they give its address as their own.
    assert _doubt(_page(_TITLE, text), text=claimed) is Doubt.WALL
    assert _doubt(_page(title, text, canonical=_URL), text=claimed) is Doubt.WALL
    assert _doubt(_page(f"{title} - روزنامهٔ نمونه", text), f"{_TITLE} - روزنامهٔ نمونه", claimed) is Doubt.WALL


def test_a_wall_is_told_by_its_address() -> None:
    page = _page("روزنامهٔ نمونه", "به روزنامهٔ نمونه خوش آمدید.")
    assert _doubt(page, final="https://paper.example/consent?return=/news/412345") is Doubt.WALL
    assert _doubt(page, final="https://paper.example/account/login") is Doubt.WALL


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("صفحهٔ مورد نظر یافت نشد", "ممکن است این خبر حذف شده باشد."),
        ("404", f"تازه‌ها: {_TITLE}. بازار سکه آرام شد. باران در راه است."),
        ("Page not found", "The page you were looking for does not exist."),
        ("الصفحة غير موجودة", "عذرا، لم يتم العثور على الصفحة."),
        ("روزنامهٔ نمونه", "متأسفانه این مطلب در دسترس نیست."),
    ],
)
def test_error_pages_are_recognised(title: str, text: str) -> None:
    assert _doubt(_page(title, text)) is Doubt.NOT_FOUND


_OTHER_NEWS = (
    "بازار سکه آرام شد و خریداران در پایان هفته کمتر از روزهای پیش به بازار رفتند، چنان‌که فروشندگان می‌گویند.",
    "تیم شهر در دیداری نزدیک به پیروزی رسید و تماشاگران تا پایان بازی از جای خود برنخاستند و سرود خواندند.",
    "نمایشگاه سفال گشایش یافت و هنرمندان سه شهر کارهای تازهٔ خود را در آن به نمایش گذاشتند، تا پایان ماه.",
)


def test_front_pages_are_recognised() -> None:
    front = _page("روزنامهٔ نمونه", _TITLE, _LEAD, "بازار سکه آرام شد.")
    for final in (
        "https://paper.example/",
        "https://paper.example",
        "https://www.paper.example/fa/",
        "https://paper.example/index.html",
        "https://paper.example/?ref=x",
        "http://filter.example/",
    ):
        assert _doubt(front, final=final) is Doubt.FRONT_PAGE
    assert _doubt(front, final="https://paper.example/news") is Doubt.FRONT_PAGE
    assert _doubt(front, url="https://paper.example/") is Doubt.FRONT_PAGE
    for name in ("خبرگزاری نمونه", "Paper", "paper.example"):
        assert _doubt(_page(name, *_OTHER_NEWS, _TITLE, _LEAD)) is Doubt.FRONT_PAGE
    assert (
        _doubt(replace(front, title="The Paper"), f"{_TITLE} | The Paper", "", url="https://paper.example/")
        is Doubt.FRONT_PAGE
    )


def test_addresses_that_lead_elsewhere_to_the_article_are_no_front_pages() -> None:
    for url, final in (
        (_URL, "https://paper.example/news/412345"),
        ("https://short.example/x1", _URL),
        ("https://paper.example/?p=412345", "https://paper.example/2026/bridge"),
        ("https://paper.example/bridge", "https://paper.example/?p=412345"),
        ("http://paper.example/news/412345/bridge", "https://m.paper.example/news/412345/bridge/"),
        ("https://paper.example/", "https://paper.example/"),
    ):
        assert _doubt(_ARTICLE, url=url, final=final) is None


def test_another_article_is_not_believed() -> None:
    other = _page(
        "بازار سکه در پایان هفته آرام گرفت",
        "بهای سکه در بازار آزاد با کاهش تقاضا پایین آمد و خریداران چشم به راه ماندند.",
        at=_NOW,
    )
    for text in ("", _LEAD):
        assert _doubt(other, text=text) is Doubt.OTHER_ARTICLE
    assert _doubt(replace(other, canonical="https://paper.example/news/9/coin")) is Doubt.OTHER_ARTICLE
    assert (
        _doubt(replace(other, title=f"{other.title} | روزنامهٔ نمونه"), f"{_TITLE} | روزنامهٔ نمونه")
        is Doubt.OTHER_ARTICLE
    )
    assert _doubt(_page(*_ENGLISH), *_ARABIC) is Doubt.OTHER_ARTICLE


def test_a_page_with_much_less_than_the_feed_is_gutted() -> None:
    whole = "\n".join((_LEAD, *_BODY * 3))
    assert _doubt(_page(_TITLE, _LEAD[:60]), text=whole) is Doubt.GUTTED
    assert _doubt(_ARTICLE, text=whole) is None
    assert _doubt(_page(_TITLE, "عکس‌ها: نام عکاس"), text=_LEAD) is None


def test_letters_that_are_lost_are_unreadable() -> None:
    assert _doubt(_page(_TITLE, chr(0xFFFD) * 80)) is Doubt.UNREADABLE
    assert _doubt(_page(_TITLE, *_BODY, chr(0xFFFD))) is None


@pytest.mark.parametrize(
    ("one", "other", "agrees"),
    [
        ("", "", False),
        (_TITLE, "", False),
        ("فیلم", "فیلم", True),
        ("روزنامهٔ نمونه", f"{_TITLE} - روزنامهٔ نمونه", False),
        ("اقتصاد", "اقتصاد شهر در سالی که گذشت چگونه بود", False),
        ("ایران ۲ - عراق ۱", "ایران ۲ - عراق ۱", True),
        ("دیدار پایانی: ایران ۲ - عراق ۱", "دیدار پایانی: ایران ۲ – عراق ۱", True),
        ("Bridge reopens", "Bridge reopens: what to know", True),
        ("Bridge reopens", "Bridge reopens – The Reservoir Valley Evening Chronicle", True),
        ("Roundup: Bridge across the Sepid reopens", "News: Bridge across the Sepid reopens", True),
    ],
)
def test_agreement_of_titles(one: str, other: str, agrees: bool) -> None:
    assert (title_agreement(one, other) >= 0.5) is agrees
    assert title_agreement(one, other) == title_agreement(other, one)


def test_hostile_pages_and_claims_are_borne() -> None:
    long = "آ" * 300_000
    page = _page("-" * 300, long, lead="|" * 2000)
    assert _doubt(page, ":" * 500, long, url="https://[", final="x:///::") in (
        None,
        Doubt.OTHER_ARTICLE,
        Doubt.FRONT_PAGE,
    )


def test_a_text_that_comes_back_for_another_article_is_a_wall_whatever_it_says() -> None:
    pages = RepeatedPages()
    wall = [_page("به زودی برمی‌گردیم", f"کارگران سرگرم نوسازی‌اند. شناسه {number}") for number in (1, 2)]
    first, second = map(text_digest, wall)
    assert first == second != ""
    assert not pages.seen("paper.example", "", first, "a1")
    assert not pages.seen("paper.example", "", first, "a1")
    assert not pages.seen("other.example", "", first, "a2")
    assert pages.seen("paper.example", "", second, "a2")
    assert pages.seen("paper.example", "", first, "a1")
    pages.forget("paper.example")
    assert not pages.seen("paper.example", "", first, "a3")


def test_a_title_comes_back_with_other_texts_for_a_third_article() -> None:
    pages = RepeatedPages()
    assert [pages.seen("paper.example", "به‌زودی بر می‌گردیم", f"t{n}", f"a{n}") for n in range(4)] == [
        False,
        False,
        True,
        True,
    ]
    assert not any(pages.seen("paper.example", "", "", f"a{n}") for n in range(9))


def test_what_is_remembered_is_bounded_and_the_oldest_is_forgotten() -> None:
    pages = RepeatedPages()
    assert not pages.seen("paper.example", "", "same", "a")
    for n in range(100):
        assert not pages.seen("paper.example", "", f"t{n}", f"b{n}")
    assert not pages.seen("paper.example", "", "same", "c")
    for n in range(3000):
        pages.seen(f"host{n}.example", "", "same", "a")
    assert not pages.seen("paper.example", "", "same", "d")


_TEASERS = (
    (
        "بازار سکه در پایان هفته آرام گرفت",
        "بهای سکه در بازار آزاد با کاهش تقاضا پایین آمد و خریداران چشم به راه ماندند.",
    ),
    (_TITLE, _LEAD),
    (
        "برف گردنه‌های شمال را بست",
        "هواشناسی از بارش برف در گردنه‌های شمالی خبر داد و رانندگان را به زنجیر چرخ خواند.",
    ),
    (
        "کتاب‌خانهٔ تازه در بندر گشایش یافت",
        "کتاب‌خانهٔ تازهٔ بندر با ده هزار جلد کتاب و تالاری برای کودکان به کار آغاز کرد.",
    ),
)


@pytest.mark.parametrize("name", ["روزنامهٔ بامداد", "اخبار سیاسی"])
@pytest.mark.parametrize("first", [0, 1])
def test_a_list_of_news_at_an_articles_address_is_no_article(name: str, first: int) -> None:
    teasers = (*_TEASERS[first:], *_TEASERS[:first])
    items = "".join(
        f'<div class="c{at}"><h2><a href="/news/{at}/x">{title}</a></h2><p>{text}</p></div>'
        for at, (title, text) in enumerate(teasers)
    )
    markup = f"<!doctype html><title>{name}</title><body><h1>{name}</h1><main>{items}</main></body>"
    page = parse_page(
        RawDocument(markup.encode(), "text/html; charset=utf-8", _URL), ZoneInfo("Asia/Tehran"), now=_NOW
    )
    assert page.is_list
    assert _doubt(page) is Doubt.FRONT_PAGE


def test_an_article_with_boxes_of_other_news_is_no_list() -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in (_LEAD, *_BODY))
    related = "".join(
        f'<div><h3><a href="/news/{at}/x">{title}</a></h3></div>' for at, (title, _) in enumerate(_TEASERS)
    )
    markup = (
        f"<!doctype html><title>{_TITLE}</title><body><h1>{_TITLE}</h1><div class='q7'>{text}</div>{related}</body>"
    )
    page = parse_page(
        RawDocument(markup.encode(), "text/html; charset=utf-8", _URL), ZoneInfo("Asia/Tehran"), now=_NOW
    )
    assert not page.is_list
    assert _doubt(page) is None


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("برای خواندن ادامهٔ این خبر مشترک شوید. قبلاً مشترک شده‌اید؟ وارد شوید.", Doubt.WALL),
        ("برای دیدن این مطلب وارد شوید. ثبت نام کنید یا گذرواژهٔ خود را بازیابی کنید.", Doubt.WALL),
        ("این محتوا در کشور شما در دسترس نیست.", Doubt.NOT_FOUND),
    ],
)
def test_a_wall_under_the_headline_and_the_description_of_an_article(text: str, doubt: Doubt) -> None:
    assert _doubt(_page(_TITLE, text, lead=_LEAD)) is doubt
    assert _doubt(_page(_TITLE, _LEAD, text)) is None, "what the feed has is there"
    assert _doubt(_page(_TITLE, *_BODY, text, lead=_LEAD)) is None


@pytest.mark.parametrize(
    ("title", "text", "doubt"),
    [
        (_TITLE, "برای دیدن این مطلب جاوااسکریپت مرورگر خود را روشن کنید.", Doubt.WALL),
        (_TITLE, "You need to enable JavaScript to run this app.", Doubt.WALL),
        (_TITLE, "برای خواندن این مطلب باید مشترک باشید. اگر اشتراک دارید وارد حساب خود شوید.", Doubt.WALL),
        (_TITLE, "برای دیدن این خبر اپلیکیشن ما را از کافه‌بازار نصب کنید.", Doubt.WALL),
        (_TITLE, "Please install our app, and you will find this article there.", Doubt.WALL),
        ("آش انار", "برنج را از شب پیش خیس کنید. آب انار را در پایان بیفزایید و خوب هم بزنید.", None),
        ("دعوت شهردار", "شهردار گفت از شما می‌خواهم در کاشت نهال سهیم باشید و این خبر را به دیگران بدهید.", None),
        ("هشدار پلیس فتا به شهروندان", "سرهنگ گفت رمز عبور خود را در اختیار کسی نگذارید.", None),
        ("ثبت‌نام حج آغاز شد", "متقاضیان با نام کاربری خود به سامانه بروند و ثبت نام کنند.", None),
    ],
)
def test_a_short_notice_is_no_article_and_a_short_article_no_notice(
    title: str, text: str, doubt: Doubt | None
) -> None:
    assert _doubt(_page(title, text), title, "") is doubt
