"""Pages of the systems that Iranian news sites run on, in their structure, around one invented article.

Beside the article stand what such pages have: kickers, share bars, short links, advertisements, related and
latest news, forms and comments of readers with dates of their own.
"""

import json
from dataclasses import dataclass

KICKER = "در نشست خبری با اصحاب رسانه مطرح شد"
TITLE = "پل روگذر نوآباد پس از سه سال به بهره‌برداری رسید"
LEAD = (
    "شهردار نوآباد از گشایش پل روگذر میدان مرکزی خبر داد و گفت این پل هر روز گره ترافیکی هزاران خودرو را باز می‌کند."
)
FIRST = "به گزارش خبرنگار ما، شهردار نوآباد در آیین گشایش این پل گفت ساخت آن از محل منابع شهرداری انجام شده است."
SECOND = "وی افزود: در ساخت این پل بیش از دو هزار تن فولاد به کار رفته و طول آن به ششصد متر می‌رسد."
HEADING = "مرحلهٔ دوم در راه است"
THIRD = "شهردار یادآور شد که مرحلهٔ دوم طرح شامل زیرگذر عابر پیاده است و تا پایان سال به سرانجام می‌رسد."
POINTS = ("ساخت زیرگذر عابر پیاده در ضلع شمالی", "گسترش فضای سبز پیرامون میدان")
QUOTED = "«این پل حاصل همت کارگرانی است که شب و روز کار کردند.»"
LAST = "فرماندار نوآباد نیز در این مراسم از همکاری مردم و کسبهٔ میدان قدردانی کرد."
AUTHOR = "نگار آبادانی"
NUMBER = "6017630"
DATE = "1404/10/03 15:16"
TEXTS = (
    FIRST, SECOND, "[51.jpg]", f"# {HEADING}", THIRD, " | ".join(POINTS), f"> {QUOTED}", "بخش | متر | عرشه | ۴۲۰", LAST,
)  # fmt: skip
_STAMP = "2025-12-24T15:16:00+03:30"
_COMMENT = "خدا را شکر بالاخره تمام شد، خسته نباشید به همه، کاش زیرگذر هم زودتر ساخته شود."
_OTHERS = (
    "آغاز ثبت‌نام اردوهای تابستانی دانش‌آموزان",
    "کشف انبار کالای قاچاق در حومهٔ شهر",
    "نتایج هفتهٔ پنجم لیگ والیبال اعلام شد",
)
_SECTIONS = ("سیاسی", "اقتصادی", "ورزشی", "فرهنگی", "استان‌ها", "بین‌الملل", "عکس", "فیلم")
_OG = (
    f'<meta property="og:title" content="{TITLE}"><meta property="og:description" content="{LEAD}">'
    '<meta property="og:site_name" content="خبرگزاری نمونه"><meta property="og:image" content="{photo}">'
)


@dataclass(frozen=True, slots=True)
class IranianPage:
    """A page, its address, and what differs from the parts that all pages share."""

    url: str
    markup: str
    sections: tuple[str, ...] = ("جامعه", "شهری")
    number: str = NUMBER
    byline: str = ""
    photo: str = "hero.jpg"
    lead: str = LEAD
    texts: tuple[str, ...] = TEXTS


def _others(address: str = "/news/{}/x") -> str:
    return "".join(
        f'<li><div class="desc"><h3><a href="{address.format(9000 + at)}" title="۲ ساعت قبل">{other}</a></h3></div></li>'
        for at, other in enumerate(_OTHERS)
    )


def _text(picture: str = "/d/2025/12/24/4/51.jpg", *, end: str = "<p>انتهای پیام/</p>", between: str = "") -> str:
    points = "".join(f"<li>{point}</li>" for point in POINTS)
    return (
        f'<p style="text-align:justify">{FIRST}</p> \n<p style="text-align:justify">{SECOND}</p>'
        f'<p style="text-align:center"><img src="{picture}" alt="پل" width="800" height="500"></p>{between}'
        f'<p><span style="color:#000080"><strong>{HEADING}</strong></span></p>\n<p>{THIRD}</p><ul>{points}</ul>'
        f"<blockquote><p>{QUOTED}</p></blockquote><table border='1'><tbody><tr><td><strong>بخش</strong></td>"
        f"<td><strong>متر</strong></td></tr><tr><td>عرشه</td><td>۴۲۰</td></tr></tbody></table><p>{LAST}</p>{end}"
    )


_SHARING = (
    '<ul class="sharing"><li><a href="https://www.facebook.com/sharer.php?u=x"><i></i></a></li>'
    '<li><a href="tg://msg_url?url=x"><i></i></a></li><li><a href="#" onclick="window.print()"><i></i></a></li></ul>'
)
_SIDE = (
    f'<div class="sidebar"><section class="box"><header><h2>پربازدیدترین‌ها</h2></header><ul>{_others()}</ul></section>'
    f'<section class="box"><header><h2>آخرین اخبار</h2></header><ul>{_others("/news/8{}/y")}</ul></section></div>'
)
_MENU = "".join(f'<li><a href="/service/{at}">{name}</a></li>' for at, name in enumerate(_SECTIONS))


def _page(inner: str, head: str = "", *, photo: str, body: str = "") -> str:
    return (
        f'<!DOCTYPE html><html lang="fa" dir="rtl"><head><meta charset="utf-8"><title>{TITLE} - خبرگزاری نمونه</title>'
        f'{_OG.format(photo=photo)}{head}</head><body {body}><header><div class="date">دوشنبه ۱۰ آذر ۱۴۰۴ - ۰۸:۰۰</div>'
        f'<nav><ul>{_MENU}</ul></nav></header>{inner}{_SIDE}<footer><p>تمامی حقوق این سایت محفوظ است.</p></footer></body></html>'
    )  # fmt: skip


def _nastooh(
    text: str, *, kicker: str = KICKER, crumbs: str = "", when: str = "۳ دی ۱۴۰۴، ۱۵:۱۶", stamp: str = ""
) -> IranianPage:
    crumbs += '<li><a rel="index" href="/service/Society">جامعه</a></li><li><a href="/service/Urban">شهری</a></li>'
    trail = f'<ol class="breadcrumb">{crumbs}</ol>'
    inner = f"""<article id="item" class="box item report" itemscope itemtype="http://schema.org/NewsArticle">
        <div class="print-header" style="display:none"><img src="/logo.png" alt="خبرگزاری نمونه"><div class="barcode"><ul>
        <li class="url">https://example.ir/x349jN</li><li class="date">{when}</li><li class="id">کد خبر <span>{NUMBER}</span></li>
        <li>{trail}</li></ul></div></div><div class="item-header"><div class="item-nav row"><div class="col-4">{trail}</div>
        <div class="col-4 item-date"><span>{when}</span></div><div class="col-4">{_SHARING}</div></div>
        <div class="item-title"><h4 class="subtitle kicker">{kicker}</h4><h1 class="title"><a itemprop="headline"
        href="/news/{NUMBER}/x">{TITLE}</a></h1></div></div><div class="item-summary"><figure class="item-img">
        <img src="https://media.example.ir/d/2025/12/24/3/hero.jpg?ts=1" alt="پل" itemprop="image"></figure>
        <p class="summary introtext" itemprop="description">{LEAD}</p></div><div class="item-body">
        <div itemprop="articleBody" class="item-text">{text}</div><div class="item-code">کد خبر <span>{NUMBER}</span></div></div>
        <div class="item-footer row"><div class="item-sharing">{_SHARING}</div><div class="short-link-container">
        <input value="example.ir/x349jN"><p class="short-link-tooltip">کپی شد</p></div></div><div class="item-boxes2">
        <section class="box related-items"><header><h2><span>مطالب مرتبط</span></h2></header><ul>{_others()}</ul></section></div>
        <section class="box tags"><header><h2>برچسب‌ها</h2></header><ul><li><a href="/tag/a" rel="tag">نوآباد</a></li></ul></section>
        <section class="box ads"><a href="/redirect/ads/27"><img src="/d/2024/02/04/0/484.gif"></a></section></article>
        <section class="box comments"><header><h2>نظرات</h2></header><ul class="comments-list"><li><span class="author">علی</span>
        <span class="date">۱۲:۰۱ - ۱۴۰۴/۱۰/۰۴</span><div class="comment-body">{_COMMENT}</div></li></ul></section>
        <section class="box comment-form"><header><h2>نظر شما</h2></header><form><div class="comment-policies"><li>نظرات حاوی
        توهین منتشر نمی‌شود.</li></div></form></section>"""
    photo = "https://media.example.ir/d/2025/12/24/4/hero.jpg"
    return IranianPage(f"https://www.example.ir/news/{NUMBER}/x", _page(inner, stamp, photo=photo))


def _isna() -> IranianPage:
    inner = f"""<article class="item"><div class="meta-news"><ul><li><span class="title-meta">چهارشنبه /</span>
        <span class="text-meta">۳ دی ۱۴۰۴ / ۱۵:۱۶</span></li><li><span class="title-meta">دسته‌بندی:</span> <span class="text-meta">شهری
        </span></li><li><span class="title-meta">کد خبر:</span> <span class="text-meta">1404100302001</span></li>
        <li><span class="title-meta">خبرنگار :</span> <span class="text-meta">50123</span></li></ul></div><h2 class="kicker">{KICKER}</h2>
        <h1 class="first-title" itemprop="headline">{TITLE}</h1><figure class="item-img"><img src="/d/2025/12/24/3/hero.jpg"></figure>
        <p class="summary" itemprop="description"><span class="src">نمونه/خراسان </span>{LEAD}</p><div class="item-body">
        <div itemprop="articleBody" class="item-text">{_text(end="<p>انتهای پیام</p>")}</div></div><footer class="tags"><span>برچسب‌ها:
        </span><ul><li><a href="/tag/a" rel="Index, Tag">نوآباد</a></li></ul></footer></article><section class="box"><header><h2>مرتبط</h2>
        </header><ul>{_others()}</ul></section><section class="comments"><h3>نظرات</h3><div class="comment">{_COMMENT}</div></section>"""
    return IranianPage(
        "https://www.example.ir/news/1404100302001/x",
        _page(inner, photo="/d/2025/12/24/3/hero.jpg"),
        sections=("شهری",),
        number="1404100302001",
        lead=f"نمونه/خراسان {LEAD}",
    )


_GALLERY = tuple(f"[g{at}.jpg]" for at in range(1, 5))


def _nastooh_gallery() -> IranianPage:
    photos = "".join(
        f'<li><figure><a href="/d/2025/12/24/4/g{at}.jpg"><img src="/d/2025/12/24/2/t{at}.jpg" data-src="/d/2025/12/24/3/g{at}.jpg">'
        "</a></figure></li>"
        for at in range(1, 5)
    )
    albums = "".join(
        f'<li class="photo"><figure><a href="/photo/90{at}/x"><img src="/d/2025/12/20/2/r{at}.jpg"></a></figure>'
        f'<div class="desc"><h3><a href="/photo/90{at}/x">{other}</a></h3></div></li>'
        for at, other in enumerate(_OTHERS)
    )
    inner = f"""<div id="photos" class="gallery"><ol class="breadcrumb"><li><a href="/service/photo">عکس</a></li>
        <li><a href="/service/photo/society">جامعه</a></li></ol><div class="gallery-desc"><div class="item-date"><span>۳ دی ۱۴۰۴ - ۱۵:۱۶
        </span></div><h1 class="title"><a itemprop="headline" href="/photo/{NUMBER}/x">{TITLE}</a></h1><p class="summary introtext"
        itemprop="description">{LEAD}</p><div class="photographer">عکاس: <span>{AUTHOR}</span></div><div class="item-code">کد خبر
        <span>{NUMBER}</span></div></div><section class="photoGall"><ul>{photos}</ul></section></div><section class="box related-items">
        <header><h2>آلبوم‌های مرتبط</h2></header><ul>{albums}</ul></section>"""
    generator = '<meta name="generator" content="Nastooh Saba Newsroom">'
    return IranianPage(
        f"https://www.example.ir/photo/{NUMBER}/x",
        _page(inner, generator, photo="/d/2025/12/24/4/hero.jpg"),
        sections=("عکس", "جامعه"),
        byline=AUTHOR,
        texts=_GALLERY,
    )


def _sepehr(
    *, when: str = "۱۵:۱۶ - ۰۳ دی ۱۴۰۴", body: str = "body", title: str = "title", lead: str = "", own: str = ""
) -> IranianPage:
    lead = lead or f'<div class="subtitle">{LEAD}</div>'
    inner = f"""<div class="news_toolbar"><div class="news_nav news_id_c"><span class="news_nav_title">کد خبر: </span>۶۰۱۷۶۳۰</div>
        <div class="news_nav news_comments"><span>تعداد نظرات: </span><a href="#comments">۹ نظر</a></div>
        <div class="news_nav news_pdate_c"><span class="news_nav_title">تاریخ انتشار: </span>{when}</div></div><div class="news_tools">
        <div class="news_path"><a href="/fa/archive?service_id=1">صفحه نخست</a> » <a href="/fa/society">جامعه</a> » <a
        href="/fa/archive?cat=3">شهری</a></div><div title="نسخه چاپی"></div></div><div style="direction: rtl;"><div class="rutitr">{KICKER}
        </div><div class="title"><h1 class="{title}"><a href="/fa/news/{NUMBER}/x">{TITLE}</a></h1></div>{lead}
        <div class="{body}" style="text-align:justify">{own}{_text("/files/fa/news/1404/10/3/51.jpg")}</div></div>
        <div class="share_to_con"><a href="http://www.facebook.com/share.php?u=x"><img src="/kh_fb.gif"></a></div><div class="tags_title">
        <span>برچسب ها:</span> <a class="tags_item" href="/fa/tags/1">نوآباد</a></div><div class="short_link">لینک کوتاه : <input></div>
        <div class="report_error"><a href="#">گزارش خطا</a></div><div class="ads"><a href="/fa/ads/redirect/a/273"><img
        src="/files/adv/273.jpg"></a></div><div class="box"><div class="box_title">مطالب مرتبط</div><ul>{_others("/fa/news/{}/x")}</ul></div>
        <div class="comm_title_box"><a class="comments_topic">نظرات بینندگان</a><div>در انتظار بررسی: <span>۱۰</span></div></div>
        <div class="comm_container" id="comm_t"><div id="comm_1928054"><div class="comm_info_bar"><div class="comm_info_name">حبیب</div>
        <div class="comm_info_date">۱۴:۴۱ - ۱۴۰۴/۱۰/۰۴</div><div class="comm_answer_link"><a>پاسخ</a></div></div><div class="comments">
        {_COMMENT}</div></div></div><div class="comm_title_box"><a>نظر شما</a></div><div class="comm_container2"><div>«نمونه» نظراتی را که
        حاوی توهین است، منتشر نمی‌کند.</div><form><input type="text"></form></div>"""
    return IranianPage(f"https://www.example.ir/fa/news/{NUMBER}/x", _page(inner, photo="/hero.jpg"))


def _sepehr_gallery() -> IranianPage:
    photos = "".join(
        f'<a href="/files/1404/g{at}.jpg" data-lightbox="x"><img src="/files/1404/g{at}_t.jpg"></a>'
        for at in range(1, 5)
    )
    albums = "".join(f'<a href="/fa/photos/90{at}">{other}</a>' for at, other in enumerate(_OTHERS))
    inner = f"""<a class="service_name_photo" href="/fa/photo">عکس</a><a class="cat_name_photo" href="/fa/photo/3">جامعه</a>
        <div class="photo_pdate">چهارشنبه ۳ دی ۱۴۰۴ - ۱۵:۱۶</div><div class="news_nav news_id_c">کد خبر: ۶۰۱۷۶۳۰</div><h1 class="title"><a
        href="/fa/photos/{NUMBER}/x">{TITLE}</a></h1><div class="subtitle_photo">{LEAD}</div><div>عکاس: {AUTHOR}</div>
        <div class="row image_set">{photos}</div><div class="box"><div class="box_title">آلبوم‌های دیگر</div>{albums}</div>"""
    return IranianPage(
        f"https://www.example.ir/fa/photos/{NUMBER}/x",
        _page(inner, photo="/hero.jpg"),
        sections=("عکس", "جامعه"),
        byline=AUTHOR,
        texts=_GALLERY,
    )


@dataclass(frozen=True, slots=True)
class _AsamNames:
    editor: str = 'id="echo_detail" class="echo_detail"'
    crumbs: str = "breadcrumb_list"
    kicker: str = "uptitle"
    lead: str = "lead"
    when: str = f'<span class="news_time"><time datetime="{_STAMP}">۱۴۰۴/۱۰/۰۳ - ۱۵:۱۶</time></span>'
    dash: str = "_"


def _asam(names: _AsamNames, head: str = "", tail: str = "") -> IranianPage:
    ad = '<div class="type-script"><a href="https://ad.example/1">خرید بیمه با تخفیف ویژه</a></div>'
    d = names.dash
    inner = f"""<main><article class="news{d}page{d}article"><header class="article{d}header"><ul class="{names.crumbs}"><li><a
        href="/">صفحه اصلی</a></li><li><a href="/بخش-جامعه-3">جامعه</a></li><li><a href="/بخش-شهری-31">شهری</a></li></ul>{names.when}
        <span class="news{d}code">کد خبر: <b>۶۰۱۷۶۳۰</b></span><h2 class="{names.kicker}">{KICKER}</h2><h1 class="title">{TITLE}</h1></header>
        <p class="{names.lead}">{LEAD}</p><div class="image{d}top{d}primary"><img src="https://cdn.example.ir/t/hero.jpg"></div>
        <section class="article{d}body"><div {names.editor}><div>{_text("https://cdn.example.ir/t/51.jpg", between=ad)}</div>
        <div class="sec_info"><div class="share_news"><span>اشتراک گذاری</span></div><div class="short_link_cnt"><span>لینک کوتاه</span>
        </div></div></div>{tail}</section><div class="article{d}tag"><span>برچسب‌ها</span><a href="/tags/a">نوآباد</a></div></article>
        <section><h4>اخبار مرتبط</h4><ul>{_others("/بخش-جامعه-3/{}-x")}</ul></section><section><span>ارسال نظر</span><ul
        class="comments-list"><li><time class="date">۱۴۰۴/۱۰/۰۴</time><p class="comment-body">{_COMMENT}</p></li></ul></section></main>"""
    photo = "https://cdn.example.ir/t/hero.jpg"
    return IranianPage(f"https://www.example.ir/بخش-جامعه-3/{NUMBER}-x", _page(inner, head, photo=photo))


_LD = {"@type": "NewsArticle", "headline": TITLE, "datePublished": _STAMP, "description": LEAD}
_FLAT = " ".join((FIRST, SECOND, HEADING, THIRD, *POINTS, QUOTED, LAST))


def _data(**more: str) -> str:
    return f'<script type="application/ld+json">{json.dumps({**_LD, **more}, ensure_ascii=False)}</script>'


def _tasnim() -> IranianPage:
    inside = f'<ul class="inline-related">{_others("/fa/news/1404/10/01/{}/x")}</ul>'
    inner = f"""<article class="single-news"><header><ul class="details"><li class="service"><a href="/fa/service/2">جامعه</a></li>
        <li class="service"><a href="/fa/service/2/33">شهری</a></li><li class="time">۰۳ دی ۱۴۰۴ - ۱۵:۱۶</li></ul><h2 class="subtitle kicker">
        {KICKER}</h2><h1 class="title">{TITLE}</h1></header><img src="/Uploaded/Image/1404/hero.jpg"><h3 class="lead">{LEAD}</h3>
        <div class="story">{_text(between=inside)}</div><ul class="tags"><li><a href="/fa/tag/a">#نوآباد</a></li></ul><div
        class="print-hide share">{_SHARING}</div></article><section class="related"><h4>اخبار مرتبط</h4>{_others()}</section>
        <section class="comments"><h4>نظرات</h4><div>{_COMMENT}</div></section>"""
    url = f"https://www.example.com/fa/news/1404/10/03/{NUMBER}/x"
    return IranianPage(url, _page(inner, photo="/Uploaded/Image/1404/hero.jpg"))


def _fars() -> IranianPage:
    inner = f"""<div class="news-box"><div class="data-box"><span class="category-name"><a href="/society">جامعه</a></span><span>|</span>
        <span class="publish-time">۱۵:۱۶ - ۱۴۰۴/۱۰/۰۳</span><span>شماره خبر : ۶۰۱۷۶۳۰</span></div><div class="rutitr">{KICKER}</div>
        <h1 class="title mb-2 d-block">{TITLE}</h1><p class="lead p-2">{LEAD}</p><div class="top"><figure><img src="/Uploaded/hero.jpg"></figure>
        </div><div class="nt-body text-right">{_text(end="<p>انتهای پیام/ ۱۲۳</p>")}</div><div class="tags"><a href="/tag/a">نوآباد</a></div>
        <div class="share">به اشتراک بگذارید:</div></div><div class="comments"><div class="comment"><b>علی</b><p>{_COMMENT}</p></div></div>"""
    url = "https://www.example.ir/news/14041003000332/x"
    return IranianPage(url, _page(inner, photo="/Uploaded/hero.jpg"), sections=("جامعه",))


def _nour() -> IranianPage:
    inner = f"""<div class="bread"><a href="/fa">صفحه اصلی</a> / <a href="/fa/news/society">جامعه</a></div><div><span>شناسه خبر : {NUMBER}
        </span><span>تاریخ انتشار: 1404/10/03 15:16</span></div><!-- NEWS uptitle --><h4>{KICKER}</h4><h1>{TITLE}</h1><!-- NEWS LEAD -->
        <div class="card"><p>{LEAD}</p></div><img src="/static/hero.jpg"><!-- NEWS CONTENT --><div class="content-text">{_text(end="")}</div>
        <!-- END OF NEWS CONTENT --><div class="share">اشتراک‌گذاری</div><div><h5>برچسب‌ها</h5><a href="/fa/tags/a">نوآباد</a></div>
        <h5>اخبار مرتبط</h5><ul>{_others("/fa/news/{}/x")}</ul><h5>نظرات</h5><div>{_COMMENT}</div>"""
    url = f"https://example.ir/fa/news/{NUMBER}/x"
    return IranianPage(
        url, _page(inner, _data(articleSection="جامعه"), photo="/static/hero.jpg"), sections=("جامعه",)
    )


def _studio_khabar() -> IranianPage:
    inner = f"""<div id="docDataRow"><div class="doc-section-info"><span class="dsinfo-p1-active"><a href="/fa/services/3">جامعه</a></span>
        <span><a href="/fa/services/3/31">شهری</a></span></div><div class="doc_date" id="docDiv3Date">تاریخ انتشار : چهارشنبه ۳ دی ۱۴۰۴ ساعت
        ۱۵:۱۶</div><div class="doc_code">کد مطلب : ۶۰۱۷۶۳۰</div><a class="print-icon" href="/news/{NUMBER}/print">چاپ</a>
        <div id="docDiv3TitrRou">{KICKER}</div><h1 id="docDiv3TitrMain">{TITLE}</h1><div id="docDivLead1"><div id="docDivLead3"><div>{LEAD}</div>
        </div></div><div id="doc_div1Img"><img src="/images/docs/hero.jpg"></div><div id="docContentdiv"><div id="doctextarea"><article>
        {_text("/images/docs/51.jpg", end="")}</article></div></div><div class="doc_tags1"><span>برچسب ها :</span><a href="/tag/a">نوآباد</a>
        </div></div><h3>مطالب مرتبط</h3><ul>{_others()}</ul><div id="feedback-body"><div class="user-comment-area"><div
        class="user-comment-date">۱۴۰۴/۱۰/۰۴ ۱۲:۰۱</div><div class="user-comment-content">{_COMMENT}</div></div></div>"""
    return IranianPage(f"https://www.example.ir/news/{NUMBER}/x", _page(inner, photo="/images/docs/hero.jpg"))


def _aspx() -> IranianPage:
    inner = f"""<form method="post"><input type="hidden" name="__VIEWSTATE" value="x"><div id="breadCrumbsContainer"><a href="/"><span
        itemprop="title">صفحه اصلی</span></a> &gt; <a href="/s/3"><span itemprop="title">جامعه</span></a> &gt; <a href="/s/31"><span
        itemprop="title">شهری</span></a></div><article itemscope><span id="Content_publishdate">۱۴۰۴/۱۰/۰۳ - ۱۵:۱۶</span><span
        id="Content_newsid">کد خبر: ۶۰۱۷۶۳۰</span><div id="Content_rutitr">{KICKER}</div><h1 id="Content_title">{TITLE}</h1>
        <div id="Content_UnderTitle">{LEAD}</div><div class="NewsText">{_text("/files/51.jpg")}</div></article><div>کلید واژه ها: <strong>
        <a href="/t/a">نوآباد</a></strong></div><div class="RelatedNews"><h3>اخبار مرتبط</h3><ul>{_others()}</ul></div></form>"""
    return IranianPage(f"https://www.example.ir/news/{NUMBER}", _page(inner, photo="/hero.jpg"))


_HERO = '<div class="thumbnail"><img class="wp-post-image" src="/wp-content/uploads/2025/12/hero.jpg"></div>'
_WP_TEXT = _text("/wp-content/uploads/2025/12/51.jpg", end="")
_WP_COMMENTS = (
    '<div id="comments"><h3>دیدگاهتان را بنویسید</h3><ol class="comment-list"><li class="comment"><time '
    f'datetime="2025-12-25T08:00:00+03:30">۴ دی ۱۴۰۴</time><p>{_COMMENT}</p></li></ol></div>'
)


def _wordpress(inner: str, sections: tuple[str, ...] = ("جامعه", "شهری"), byline: str = "") -> IranianPage:
    head = (
        f'<meta name="generator" content="WordPress 6.6.2"><link rel="shortlink" href="/?p={NUMBER}">'
        '<meta property="article:published_time" content="2025-12-24T11:46:00+00:00">'
    )
    photo = "/wp-content/uploads/2025/12/hero.jpg"
    markup = _page(inner + _WP_COMMENTS, head, photo=photo, body='class="rtl single single-post"')
    return IranianPage(f"https://example.ir/{NUMBER}/x/", markup, sections=sections, byline=byline)


def _theme_rotitr() -> IranianPage:
    return _wordpress(
        f"""<div class="content"><header><div class="crumbs"><a href="/">خانه</a> » <a href="/c/society">جامعه</a> » <a href="/c/urban">شهری
        </a></div><ul class="news-detile"><li>شناسه خبر: <span>{NUMBER}</span></li><li>تاریخ انتشار: <span>۰۳ دی ۱۴۰۴ - ۱۵:۱۶</span></li>
        <li>۱۲۳ بازدید</li><li>بدون دیدگاه</li><li>ارسال توسط: <span>{AUTHOR}</span></li></ul></header><div class="rotitr">{KICKER}</div>
        <h1><a href="#">{TITLE}</a></h1>{_HERO}<div class="lead">{LEAD}</div><div class="entry">{_WP_TEXT}</div><div class="short-link">لینک کوتاه:
        https://example.ir/?p={NUMBER}</div><div class="post-tag">برچسب‌ها: <a href="/t/a" rel="tag">نوآباد</a></div><h4>نوشته های مشابه</h4><ul>
        {_others("/{}/x/")}</ul></div>""",
        byline=AUTHOR,
    )


def _theme_section() -> IranianPage:
    return _wordpress(
        f"""<section class="single"><div class="top-meta"><ul><li>کد خبر : {NUMBER}</li><li>03 دی 1404 - 15:16</li><li>چاپ خبر</li></ul>
        <div class="meta-cat"><a href="/">خانه</a><a href="/c/society" rel="category tag">جامعه</a><a href="/c/urban" rel="category tag">شهری</a>
        </div></div><small class="subtitle">{KICKER}</small><h2 class="single-post-title">{TITLE}</h2><div class="post-content">{_HERO}<div
        class="lead">{LEAD}</div><div class="con">{_WP_TEXT}</div><div class="page-bottom"><div class="shorten_url">لینک کوتاه خبر: <input></div>
        </div></div><div class="tag">برچسب ها : <a href="/t/a" rel="tag">نوآباد</a></div><h3>مطالب مرتبط</h3>{_others("/{}/x/")}</section>"""
    )


def _theme_anavin() -> IranianPage:
    return _wordpress(
        f"""<div class="single-content-txte-post"><div id="path"><a href="/">صفحه اصلی</a> » <a href="/c/society">جامعه</a> » <a href="/c/urban">
        شهری</a></div><div class="postinfo"><ul><li>کد خبر : {NUMBER}</li><li>تاریخ : ۰۳ دی ۱۴۰۴ - ۱۵:۱۶</li></ul></div><div
        class="single-content-anavin">{KICKER}</div><div class="single-content-title"><h1>{TITLE}</h1></div><div class="single-content-lid">{LEAD}
        </div>{_HERO}<div class="resize">{_WP_TEXT}</div><div id="tags">برچسب ها: <a href="/t/a" rel="tag">نوآباد</a></div><h4>اخبار مشابه</h4>
        {_others("/{}/x/")}</div>"""
    )


def _theme_jannah() -> IranianPage:
    inside = f'<div class="mag-box mini-posts-box"><h3>نوشته های مشابه</h3><ul>{_others("/{}/x/")}</ul></div>'
    text = _text("/wp-content/uploads/2025/12/51.jpg", end="", between=inside)
    return _wordpress(
        f"""<article id="the-post" class="post-content"><header><nav id="breadcrumb"><a href="/">خانه</a><em>/</em><a href="/c/society">جامعه</a>
        <em>/</em><span class="current">{TITLE}</span></nav><span class="post-cat-wrap"><a class="post-cat" href="/c/society">جامعه</a></span>
        <h1 class="post-title entry-title">{TITLE}</h1><h2 class="entry-sub-title">{LEAD}</h2><div class="post-meta"><a href="/author/negar/"
        class="author-name">{AUTHOR}</a><span class="date">۳ دی ۱۴۰۴</span><span>زمان خواندن: ۲ دقیقه</span></div></header>{_HERO}<div
        class="entry-content entry">{text}<div class="post-bottom-meta"><div>برچسب ها</div><span class="tagcloud"><a href="/t/a" rel="tag">نوآباد
        </a></span></div><div class="post-shortlink"><input><button>لینک کوتاه</button></div></div></article><div class="about-author"><h3>{AUTHOR}
        </h3><p>خبرنگار حوزهٔ شهری است.</p></div>""",
        sections=("جامعه",),
        byline=AUTHOR,
    )


def _drupal() -> IranianPage:
    inner = f"""<main><ol class="v-breadcrumbs breadcrumb"><li><a href="/">خانه</a></li><li><a href="/society">جامعه</a></li></ol>
        <article class="node node--type-news"><div class="field field--name-field-rutitr">{KICKER}</div><div class="field--name-node-title"><h1>
        {TITLE}</h1></div><span class="nid">کد خبر: {NUMBER}</span><div class="field--name-node-post-date">چهارشنبه, ۳ دی ۱۴۰۴ - ۱۵:۱۶</div><div
        class="field--name-field-image"><img src="/files/hero.jpg"></div><div class="field field--name-field-lead"><div class="field__label
        visually-hidden">لید</div><div class="field__item">{LEAD}</div></div><div class="field field--name-body"><div class="field__label
        visually-hidden">متن خبر</div><div class="field__item">{_text()}</div></div></article></main>"""
    generator = '<meta name="Generator" content="Drupal 10 (https://www.drupal.org)">'
    url = f"https://www.example.ir/news/{NUMBER}"
    return IranianPage(url, _page(inner, generator, photo="/files/hero.jpg"), sections=("جامعه",))


def _joomla() -> IranianPage:
    inner = f"""<div class="com-content-article item-page" itemscope><div class="rotitr-field"><span class="rotitr-value">{KICKER}</span></div>
        <h1 itemprop="headline">{TITLE}</h1><dl class="article-info"><dd class="category-name">دسته: <a href="/society">جامعه</a></dd>
        <dd class="published"><time datetime="{_STAMP}" itemprop="datePublished">منتشر شده در ۰۳ دی ۱۴۰۴</time></dd><dd class="hits">بازدید: 310
        </dd></dl><ul class="actions"><li><a href="?print=1">چاپ</a></li></ul><figure class="item-image"><img src="/images/hero.jpg"></figure>
        <div itemprop="articleBody"><p><strong>{LEAD}</strong></p><hr id="system-readmore">{_text(end="")}</div><ul class="pager"><li><a
        href="/x">قبلی</a></li><li><a href="/y">بعدی</a></li></ul></div>"""
    generator = '<meta name="generator" content="Joomla! - Open Source Content Management">'
    url = f"https://www.example.ir/society/{NUMBER}-x"
    return IranianPage(url, _page(inner, generator, photo="/images/hero.jpg"), sections=("جامعه",), number="")


def _pars_today() -> IranianPage:
    inner = f"""<h1 class="item-title">{TITLE}</h1><div class="item-date">دی ۰۳, ۱۴۰۴ ۱۵:۱۶ Asia/Tehran</div><div class="item-media"><figure><img
        src="/image/hero.jpg"></figure></div><div class="item-text"><p class="introtext">{LEAD}</p>{_text(end="<p>ms</p>")}</div>
        <section class="related"><h3>مرتبط</h3>{_others("/fa/x-i{}")}</section>"""
    section = '<meta property="og:article:section" content="جامعه">'
    url = "https://example.com/fa/x-i60176"
    return IranianPage(url, _page(inner, section, photo="/image/hero.jpg"), sections=("جامعه",), number="")


_POINTER = f'<p><strong>بیشتر بخوانید:</strong></p><p><a href="/news/9001/x">{_OTHERS[0]}</a></p>'
_BOX = f'<section class="box related-items"><header><h2>بیشتر بخوانید</h2></header><ul>{_others()}</ul></section>'
_HOME = '<li class="breadcrumb-item"><a href="/">صفحه اصلی</a></li>'
_STAMPED = f'<meta itemprop="datePublished" property="article:published_time" content="{_STAMP}">'


def _amp() -> IranianPage:
    markup = f"""<amp-sidebar id="menu" layout="nodisplay"><ul>{_others("/service/{}")}</ul></amp-sidebar>
<article class="amp-article"><div class="amp-meta"><a href="/service/Society">جامعه</a>
<time datetime="{_STAMP}">۳ دی ۱۴۰۴ - ۱۵:۱۶</time> <span>کد خبر: {NUMBER}</span></div><h4 class="kicker">{KICKER}</h4>
<h1>{TITLE}</h1><amp-img src="/d/hero.jpg" width="800" height="500" layout="responsive"></amp-img>
<p class="introtext">{LEAD}</p><div class="amp-content"><p>{FIRST}</p>
<amp-ad width="300" height="250" type="x"><div placeholder>آگهی</div></amp-ad><p>{SECOND}</p>
<amp-carousel width="400" height="300" type="slides"><amp-img src="/d/s1.jpg" width="800" height="600"></amp-img>
<amp-img src="/d/s2.jpg" width="800" height="600"></amp-img></amp-carousel><h2>{HEADING}</h2><p>{THIRD}</p><p>{LAST}</p>
<p>انتهای پیام/</p></div><amp-social-share type="twitter"></amp-social-share>
<section class="related"><h3>اخبار مرتبط</h3><ul>{_others()}</ul></section></article>"""
    texts = (FIRST, SECOND, "[s1.jpg]", "[s2.jpg]", f"# {HEADING}", THIRD, LAST)
    return IranianPage(
        f"https://www.example.ir/amp/{NUMBER}/x",
        _page(markup, photo="https://www.example.ir/d/hero.jpg"),
        sections=("جامعه",),
        texts=texts,
    )


def _print_page() -> IranianPage:
    markup = f"""<table width="700" align="center"><tr><td><img src="/client/logo_print.png"></td><td align="left">
تاریخ انتشار: ۱۵:۱۶ - ۰۳ دی ۱۴۰۴<br>کد خبر: ۶۰۱۷۶۳۰</td></tr><tr><td colspan="2"><div class="rutitr">{KICKER}</div>
<h1 class="title">{TITLE}</h1><div class="subtitle">{LEAD}</div><div class="body">{_text()}</div></td></tr>
<tr><td colspan="2">لینک خبر: https://www.example.ir/fa/news/{NUMBER}</td></tr></table>"""
    whole = f'<!DOCTYPE html><html dir="rtl"><head><title>{TITLE}</title></head><body>{markup}</body></html>'
    return IranianPage(f"https://www.example.ir/fa/print/{NUMBER}", whole, sections=(), photo="51.jpg")


PAGES = {
    "nastooh": _nastooh(_text(), stamp=_STAMPED),
    "nastooh without a stamp": _nastooh(_text(between=_BOX), kicker=""),
    "nastooh of another theme": _nastooh(
        _text(between=_POINTER, end="<p>۲۶۵ ۳۳</p>"), crumbs=_HOME, when="چهارشنبه ۳ دی ۱۴۰۴ - ۱۵:۱۶"
    ),
    "nastooh of an agency of students": _isna(),
    "nastooh, photos": _nastooh_gallery(),
    "sepehr": _sepehr(own='<a class="site_lead2" href="/">پایگاه خبری نمونه (example.ir) :</a>'),
    "sepehr, both calendars": _sepehr(when="۰۳ دی ۱۴۰۴ - ۱۵:۱۶ - <span>24 December 2025</span>"),
    "sepehr of a club": _sepehr(title="Htags", lead=f'<strong class="news_strong">{LEAD}</strong>'),
    "sepehr of a seminary": _sepehr(body="body-news body"),
    "sepehr, photos": _sepehr_gallery(),
    "asam": _asam(_AsamNames()),
    "asam with data": _asam(
        _AsamNames(editor='id="main_ck_editor" class="article_content"', crumbs="bread_crump", kicker="up_title"),
        _data(articleBody=_FLAT),
        '<div class="source_news"><span>منبع:</span><span>خبر نمونه</span></div>',
    ),
    "asam with hyphens": _asam(
        _AsamNames(
            editor='id="echo-detail"',
            crumbs="breadcrumb-list",
            kicker="news-uptitle",
            lead="news-lead",
            when='<span class="news-time">۱۴۰۴/۱۰/۰۳ - ۱۵:۱۶</span>',
            dash="-",
        )
    ),
    "tasnim": _tasnim(),
    "fars": _fars(),
    "nour": _nour(),
    "studio khabar": _studio_khabar(),
    "ASP.NET": _aspx(),
    "wordpress, rotitr": _theme_rotitr(),
    "wordpress, section": _theme_section(),
    "wordpress, anavin": _theme_anavin(),
    "wordpress, jannah": _theme_jannah(),
    "drupal": _drupal(),
    "joomla": _joomla(),
    "pars today": _pars_today(),
    "an AMP page": _amp(),
    "a page to print": _print_page(),
}
