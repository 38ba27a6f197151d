"""Words of pages that stand in an article's place, in Persian, English and Arabic.

They are evidence only beside disagreement with the feed.
"""

import re

from persian.normalise import normalise


def _phrases(*groups: str) -> frozenset[str]:
    return frozenset(normalise(phrase) for group in groups for phrase in group.split("|"))


WALL = _phrases(
    # Consent.
    "کوکی|کوکی‌ها|کوکی‌های|رضایت کاربران|حریم خصوصی|شرایط استفاده|می‌پذیرم",
    "cookie|cookies|consent|privacy policy|your privacy|terms of use|accept all",
    "ملفات تعريف الارتباط|سياسة الخصوصية|موافقتك|بخصوصيتك",
    # Subscription.
    "خرید اشتراک|ویژه مشترکان|ویژهٔ مشترکان|مشترک شوید|اشتراک تهیه کنید|برای ادامه مطلب|برای خواندن ادامه",
    "subscribe to continue|to continue reading|continue reading|already a subscriber|subscribers only",
    "subscription required|subscribe now|start your free trial",
    "للمشتركين فقط|اشترك الآن|لمتابعة القراءة",
    # Check of the browser.
    "مرورگر شما|بررسی مرورگر|بررسی امنیتی|دسترسی امن|ربات نیستید|من ربات نیستم|کد امنیتی|کپچا|در حال انتقال",
    "حمله‌های خودکار|جاوااسکریپت|جاوا اسکریپت|دسترسی غیرمجاز|دسترسی شما|آی‌پی شما",
    "checking your browser|verify you are human|are you a robot|not a robot|captcha|enable javascript",
    "security check|just a moment|unusual traffic|access denied|ddos protection|ray id|cloudflare",
    "attention required|please wait|you have been blocked|too many requests|forbidden",
    "التحقق من المتصفح|لست روبوتا|تم رفض الوصول|يرجى الانتظار",
    # Login.
    "وارد شوید|ورود به حساب|ورود کاربران|گذرواژه|رمز عبور|نام کاربری|ثبت نام کنید",
    "log in|login|sign in|forgot password|create an account|username",
    "تسجيل الدخول|كلمة المرور|إنشاء حساب",
)
"""Phrases of requests for consent, subscription and login, and of browser checks, as `normalise` spells them."""
SCRIPTS = _phrases(
    "جاوااسکریپت|جاوا اسکریپت|جاوا‌اسکریپت",
    "enable javascript|javascript is disabled|requires javascript|javascript is required|turn on javascript",
    "تفعيل جافا سكريبت|تفعيل جافاسكريبت",
)
"""Phrases of notices that a page needs its scripts: a notice of a line or two has hardly another word of a wall."""
READERS = re.compile(
    r"(?:(?<= )|^)(?:\S{0,4}(?:کنید|شوید|دارید|باشید|زنید|خوانید|بینید|دهید|نمایید|فرمایید|گیرید|بروید)|شما"
    r"|این (?:خبر|مطلب|گزارش|مقاله|نوشته|محتوا|صفحه)|you|your|please|this (?:article|story|content|page)"
    r"|یرجی|الرجا|یمکنک|لدیک|هذا (?:المقال|الخبر|المحتوی))(?= |$)"
)
"""Words to readers in a text that `normalise` has spelled."""
NOT_FOUND = _phrases(
    "یافت نشد|پیدا نشد|صفحه وجود ندارد|صفحهٔ مورد نظر|حذف شده است|در دسترس نیست|404|410",
    "not found|no longer available|does not exist|page is gone|has been removed",
    "الصفحة غير موجودة|غير موجودة|لم يتم العثور|لم تعد متاحة",
)
"""Phrases of pages for a missing article, as `normalise` spells them."""
WALL_PATH = re.compile(
    r"[/._-](?:cookies?|consent|gdpr|privacy|captcha|challenge|login|signin|sign-in|auth|register|subscribe|"
    r"subscription|paywall)(?=$|[/._-])",
    re.IGNORECASE,
)
NOT_FOUND_PATH = re.compile(r"[/._-](?:404|not-?found)(?=$|[/._-])", re.IGNORECASE)
"""Addresses that such pages have."""
