"""Whole pages around one invented article, and what is read of them."""

from zoneinfo import ZoneInfo

from bot.ingest.items import PageArticle
from bot.ingest.markup.sanitise import text_of
from bot.ingest.page.article_page import parse_page
from bot.ingest.raw_document import RawDocument
from persian.jalali import format_ascii
from storage.records import Block, BlockKind

ZONE = ZoneInfo("Asia/Tehran")
NOW = 1_770_000_000_000
URL = "https://paper.example/news/55/dams"
STAMP = "2025-12-24T15:16:00+03:30"
DATE = "1404/10/03 15:16"
KICKER = "در گفت‌وگو با پیک مطرح شد"
TITLE = "آب پشت سدهای نوآباد به چهل درصد ظرفیت رسید"
LEAD = "مدیرعامل آب منطقه‌ای نوآباد از افزایش دوازده درصدی ذخیرهٔ سدها خبر داد و گفت خطر جیره‌بندی فعلاً برطرف شده است."
HEADING = "گروه کشاورزان"
AUTHOR = "نگار آبادانی"
SENTENCES = (
    "مدیرعامل شرکت آب منطقه‌ای نوآباد گفت حجم آب پشت سدهای پنج‌گانهٔ استان به چهل درصد ظرفیت رسیده است.",
    "او افزود که این رقم در مقایسه با مدت مشابه سال گذشته دوازده درصد رشد نشان می‌دهد و امیدها را زنده کرده است.",
    "به گفتهٔ کارشناسان، بارش‌های هفتهٔ گذشته در ارتفاعات شمالی بیش از نیمی از این افزایش را رقم زده است.",
    "طرح اصلاح الگوی کشت نیز از اول مهر در هشت شهرستان اجرا شده و هزار کشاورز در آن سهیم هستند.",
)
TEXT = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
HEADED = f"<p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p><h2>{HEADING}</h2><p>{SENTENCES[3]}</p>"
HEADED_TEXTS = [SENTENCES[0], SENTENCES[1], f"# {HEADING}", SENTENCES[3]]
OTHERS = (
    "پیروزی پرگل تیم والیبال بانوان در هفتهٔ سوم",
    "هشدار هواشناسی دربارهٔ یخبندان شبانه",
    "بازگشایی جادهٔ کوهستانی پس از سه روز",
)
_SECTIONS = ("سیاسی", "اقتصادی", "اجتماعی", "فرهنگی", "ورزشی", "بین‌الملل", "علمی")
_MENU = "<nav><ul>" + "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in _SECTIONS) + "</ul></nav>"
_LATEST = "".join(f"<li><a href='/news/{at}/x'>{other}</a></li>" for at, other in enumerate(OTHERS, start=900))
_FOOT = (
    f"<aside><h3>آخرین اخبار</h3><ul>{_LATEST}</ul></aside>"
    "<footer><p>تمامی حقوق این سایت برای نمونه‌خبر محفوظ است. نقل مطالب با ذکر منبع بلامانع است.</p></footer>"
)


def read(body: str, head: str = "", *, title: str = f"{TITLE} - نمونه‌خبر", url: str = URL) -> PageArticle:
    """Read the article of a whole page: a menu above and other news below `body`."""
    markup = (
        f"<!doctype html><html lang='fa' dir='rtl'><head><meta charset='utf-8'><title>{title}</title>{head}</head>"
        f"<body>{_MENU}{body}{_FOOT}</body></html>"
    )
    return parse_page(RawDocument(markup.encode(), "text/html; charset=utf-8", url), ZONE, now=NOW)


def date_of(page: PageArticle) -> str:
    """The date of an article in the zone of its site, with "day" behind a mere day; "" for none."""
    if page.published_at is None:
        return ""
    return format_ascii(page.published_at, ZONE) + (" day" if page.date_is_day else "")


def texts(page: PageArticle) -> list[str]:
    """The blocks of an article: a heading behind "# ", a quotation behind "> ", a picture by its file's name."""
    return [_shown(block) for block in page.body]


def _shown(block: Block) -> str:
    if block.kind is BlockKind.IMAGE:
        return f"[{block.url.rpartition('/')[2]}] {text_of(block.html)}".rstrip()
    if block.kind in (BlockKind.LIST, BlockKind.TABLE):
        return " | ".join(map(text_of, block.items))
    mark = {BlockKind.HEADING: "# ", BlockKind.QUOTE: "> "}.get(block.kind, "")
    return mark + text_of(block.html)
