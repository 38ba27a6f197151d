# متن‌های فارسی پیک. هر کلید در هر زبان هست؛ برچسب‌های HTML همان‌هایی‌اند که تلگرام می‌شناسد.

## زبان: آنچه فرستادن رقم و تاریخ و نام‌ها به آن نیاز دارد؛ بخش‌های هر فهرست با | جدا می‌شود

language-name = فارسی
language-direction = rtl
language-digits = ۰۱۲۳۴۵۶۷۸۹
language-thousands = ٬
language-calendar = jalali
language-countries = آمریکا=US|انگلیس=GB|انگلستان=GB|امارات=AE
date-months = فروردین|اردیبهشت|خرداد|تیر|مرداد|شهریور|مهر|آبان|آذر|دی|بهمن|اسفند
date-months-short = { date-months }
date-weekdays = دوشنبه|سه‌شنبه|چهارشنبه|پنجشنبه|جمعه|شنبه|یکشنبه
date-full = { $weekday } { $day } { $month } { $year }، ساعت { $time }
date-weekday = { $weekday } { $day } { $month } { $year }
date-short = { $day } { $month }، { $time }
date-day = { $day } { $month } { $year }
date-day-of-year = { $day } { $short }
section-politics = سیاسی
section-international = بین‌الملل
section-economy = اقتصادی
section-society = اجتماعی
section-culture = فرهنگی
section-sports = ورزشی
section-science = علم و فناوری
section-general = عمومی

## فرمان‌ها: یک سطر برای راهنما و فهرست فرمان‌ها

command-latest = تازه‌ترین خبرها
command-top = پرخواننده‌ترین خبرها
command-categories = دسته‌های خبر
command-category = خبرهای یک دسته
command-article = متن کامل یک خبر با شناسه‌اش
command-search = جست‌وجو در خبرها
command-subscribe = دنبال کردن همهٔ خبرها، چند دسته، برچسب یا واژه
command-unsubscribe = لغو دنبال کردن خبرها
command-subscriptions = دنبال‌شده‌ها و زمان ارسال
command-digest = گزیدهٔ ۲۴ ساعت گذشته
command-saved = خبرهای ذخیره‌شده
command-history = خبرهای دریافتی
command-settings = تنظیمات
command-cancel = انصراف
command-help = راهنما
command-desk = صفحهٔ تحریریه: آنچه در انتظار شماست
command-post = نوشتن خبر تازه
command-import = وارد کردن خبر (نشانی، متن، فایل)
command-drafts = پیش‌نویس‌های تحریریه
command-preview = پیش‌نمایش یک خبر
command-edit = ویرایش یک خبر
command-submit = ارسال برای بازبینی
command-words = واژه‌نامهٔ تحریریه برای ویراستار
command-approve = بازبینی خبرهای در انتظار
command-publish = انتشار یک پیش‌نویس، اکنون یا در زمانی دیگر
command-planned = برنامهٔ انتشار
command-breaking = انتشار خبر فوری
command-follow = ادامهٔ یک خبر پیشین
command-correct = اصلاح خبری که منتشر شده است
command-retract = پس گرفتن یک خبر
command-outbox = صف ارسال و خطاها
command-stats = آمار انتشار و خوانندگان
command-sources = منابع خبر
command-channels = کانال‌ها و گروه‌ها
command-comments = نظرات در انتظار بررسی
command-tip = فرستادن خبر، عکس یا صدا به تحریریه
command-tips = پیام‌های خوانندگان
command-editors = اعضای تحریریه
command-invite = دعوت به تحریریه
command-announce = اعلان به همهٔ گفت‌وگوها یا دنبال‌کنندگان یک دسته
command-audit = کارنامهٔ تحریریه
command-pause = توقف همهٔ ارسال‌ها
command-resume = ازسرگیری ارسال‌ها

## آغاز و راهنما

welcome =
    <b>پیک</b>، خبررسان شما در تلگرام: هر خبر، به‌محض انتشار، همین‌جا به دستتان می‌رسد.
    با «همهٔ خبرها» همه را دنبال کنید یا دسته‌ها را انتخاب کنید. همهٔ فرمان‌ها: /help
link-unknown = این لینک را نمی‌شناسم؛ شاید کامل نیامده یا از نسخهٔ دیگری است. از همین‌جا آغاز کنید:
edited-message = ویرایش پیام‌های پیشین به من نمی‌رسد. لطفاً متن درست را در پیامی تازه بنویسید.
help-title = <b>راهنمای پیک</b>
help-write = <b>نوشتن</b>
help-publish = <b>انتشار و اصلاح</b>
help-watch = <b>پیگیری</b>
help-reach = <b>منابع و گفت‌وگوها</b>
help-lead = <b>مدیریت</b>
help-read = <b>خواندن خبرها</b>
help-hint = در گفت‌وگوی خصوصی، شناسهٔ خبر را بنویسید تا متن کامل آن بیاید؛ هر نوشتهٔ دیگری جست‌وجو می‌شود.
help-inline = در هر گفت‌وگوی دیگری، { $bot } و سپس چند واژه بنویسید تا خبر را همان‌جا بفرستید.
unknown-command = این فرمان را نمی‌شناسم. فهرست فرمان‌ها: /help
command-forwarded = این فرمان در پیامی است که شما ننوشته‌اید. اگر باید اجرا شود، خودتان آن را بفرستید.
unreadable-message = این پیام را نمی‌توانم بخوانم. لطفاً متن بنویسید یا /help را بزنید.
internal-error = خطایی پیش آمد و ثبت شد. لطفاً کمی بعد دوباره تلاش کنید.
too-fast = پیام‌هایتان پشت سر هم و زیاد است. لطفاً یک دقیقه صبر کنید و دوباره بنویسید.
not-allowed = این کار در اختیار نقش شما نیست. اگر لازم است، از مالک پیک بخواهید.
stale-button = این دکمه دیگر کار نمی‌کند. لطفاً فرمان را دوباره بفرستید.
dialogue-ended = این گفت‌وگو پایان یافته است و ادامه نمی‌یابد. لطفاً فرمان را دوباره بفرستید.
noted = انجام شد
cancelled = انصراف دادید، چیزی ثبت نشد.
nothing-to-cancel = چیزی برای انصراف نیست. راهنما: /help
words-done = تمام|پایان|done
words-cancel = لغو|انصراف|cancel
words-everything = همه|همه چیز|همه خبرها|همهٔ خبرها|all|everything
list-comma = {"، "}
list-and = {" و "}
everything = همهٔ خبرها
nothing = هیچ‌کدام

## خبر

button-full-text = متن کامل
button-previous = ▶ قبلی
button-next = بعدی ◀
button-save = 🔖 ذخیره
button-unsave = ✔️ ذخیره شد
button-share = ↗️ هم‌رسانی
button-related = 🔗 خبرهای مرتبط
button-source = 🌐 منبع
button-more-of-category = 🗂 خبرهای این دسته
article-number = شناسهٔ خبر: <code>{ $number }</code>
article-section = { $section }
article-byline = نویسنده: { $byline }
article-note = اصلاح شد: { $note }
article-source = منبع خبر
page-of = صفحهٔ { $page_text } از { $pages_text }
digest-title = گزیدهٔ خبرها، { $day }
digest-counted =
    { $count ->
        [0] خبری نیست
        [one] { $count_text } خبر. متن کامل با زدن تیتر باز می‌شود.
       *[other] { $count_text } خبر. متن کامل با زدن هر تیتر باز می‌شود.
    }
digest-left = { $count_text } خبر در اینجا؛ { $left_text } خبر دیگر در /latest
article-usage = پس از فرمان، شناسهٔ خبر را بنویسید، مثلاً: <code>/article 264802</code>
article-bad-number = «{ $number }» شناسهٔ خبر نیست. شناسه یک عدد است، مثلاً: <code>/article 264802</code>
article-not-found = خبری با شناسهٔ { $id_text } نیست یا پس گرفته شده است. تازه‌ترین خبرها: /latest
latest-title = تازه‌ترین خبرها
latest-new =
    { $count ->
        [0] از آخرین بازدید شما خبر تازه‌ای نیامده است
       *[other] { $count_text } خبر تازه از آخرین بازدید شما
    }
latest-many-new = بیش از { $count_text } خبر تازه از آخرین بازدید شما
latest-usage = پس از /latest عددی از ۱ تا { $most_text } بنویسید.
no-news = هنوز خبری منتشر نشده است. با /subscribe خبرهای تازه برایتان می‌آید.
categories-title = <b>دسته‌های خبر</b>
category-title = خبرهای { $name }
category-empty = در دستهٔ { $name } هنوز خبری نیست. دسته‌های دیگر: /categories
category-gone = این دسته دیگر نیست. دسته‌ها: /categories
breaking-suggested =
    پیشنهاد خبر فوری: خبر { $id } با قاعدهٔ منبع مطابقت دارد.
    «{ $title }»
rule-query-empty = این قاعده چیزی پیدا نمی‌کند: دست‌کم یک واژه، عبارت یا دسته بنویسید.
rule-unknown = این قاعده پیدا نشد.
rule-tag-wrong = برچسب باید حرف داشته باشد و حداکثر { $most_text } نویسه باشد.
categories-too-many = دستهٔ «{ $name }» ساخته نشد: حداکثر { $most_text } دسته روی دکمه‌ها جا می‌شود. یکی از دسته‌های موجود را انتخاب کنید.
category-unknown = دسته‌ای به نام «{ $name }» نیست. دسته‌ها: /categories
category-unknown-choose = دسته‌ای به نام «{ $name }» نیست. یکی از این‌ها را انتخاب کنید:
category-unknown-list =
    دسته‌ای به نام «{ $name }» نیست.
    دسته‌ها: { $names }
search-title = 🔎 جست‌وجوی
search-nothing = خبری پیدا نشد:
search-hint = با واژه‌های کمتر یا املای دیگری دوباره بنویسید.
search-too-long = این جست‌وجو بیش از اندازه طول کشید. با واژه‌های کمتر یا دقیق‌تر دوباره بنویسید.
search-usage =
    <b>جست‌وجو در خبرها</b>
    پس از /search واژه‌ها را بنویسید؛ در گفت‌وگوی خصوصی خودِ واژه‌ها کافی است. املا، نیم‌فاصله و ی و ک عربی فرقی نمی‌کند.

    یک دسته، عبارت دقیق در گیومه، و خط تیره پیش از واژه‌ای که نباید باشد:
    <code>/search دسته:ورزشی "تیم ملی" -فوتسال</code>
    یک بازهٔ تاریخ:
    <code>/search بورس از ۱ مهر ۱۴۰۵ تا ۳۰ مهر ۱۴۰۵</code>
    امروز، دیروز و روزهای اخیر:
    <code>/search دسته:اقتصادی تاریخ:۷ روز اخیر</code>
search-in-category = دستهٔ { $name }
search-since = از { $day }
search-until = تا { $day }
search-between = از { $first } تا { $last }
search-unclear-date = «{ $words }» را متوجه نشدم: چنین روزی در تقویم نیست. نمونه: از ۱ مهر ۱۴۰۵ تا ۳۰ مهر ۱۴۰۵. اگر تاریخ نیست، آن را در گیومه بنویسید.
search-unclear-order = بازهٔ «{ $words }» پیش از آغازش پایان می‌یابد. روز نخست را پس از «از» و روز آخر را پس از «تا» بنویسید.
search-one-category = در هر جست‌وجو یک دسته می‌توان نوشت، بدون منفی؛ مثلاً: دسته:ورزشی
search-closest = از { $count_text } خبر تازه‌تر، نخست آن‌ها که این واژه‌ها در تیترشان است
button-closest = 🎯 نزدیک‌ترین‌ها
button-newest = 🕘 تازه‌ترین‌ها
search-others = شاید این را می‌خواهید:
button-meant = منظورتان «{ $words }» بود؟
button-without-days = بدون بازهٔ تاریخ
button-without-category = در همهٔ دسته‌ها
button-without-exclusions = بدون واژه‌های منفی
button-without-quotes = بدون گیومه
inline-nothing = چیزی پیدا نشد؛ جست‌وجو در پیک
inline-unclear = دسته یا تاریخ را نشناختم؛ راهنما
saved = ذخیره شد
unsaved = از خبرهای ذخیره‌شده برداشته شد
saved-in-private = خبرهای ذخیره‌شده در گفت‌وگوی خصوصی باز می‌شود.
saved-title = خبرهای ذخیره‌شده
saved-empty = هنوز خبری ذخیره نکرده‌اید. زیر متن هر خبر دکمهٔ «ذخیره» هست.
digest-empty = در ۲۴ ساعت گذشته خبری از آنچه دنبال می‌کنید نیامده است. خبرهای پیش از آن: /latest
digest-quiet = در ۲۴ ساعت گذشته خبری منتشر نشده است. خبرهای پیش از آن: /latest
button-all-news = 🗞 همهٔ خبرها

## خواندن

related-title = خبرهای مرتبط با خبر { $number }
related-none = خبر مرتبطی پیدا نشد. خبرهای همین موضوع را با «خبرهای این دسته» ببینید.
visible-ask = اگر پیام بالا خالی است یا برنامهٔ شما آن را نشان نمی‌دهد، «متن ساده» را بزنید: همان را دوباره می‌فرستم و از این پس همه‌چیز ساده می‌آید.
button-visible = 👍 درست است
button-invisible = 🔤 متن ساده
visible-thanks = سپاس!
invisible-noted = از این پس خبرها و گزیده‌ها ساده می‌آیند. برای بازگشت به متن آراسته: /settings
history-title = خبرهای دریافتی
history-sent = فرستاده شد: { $when }
history-retracted = این خبر پس گرفته شد.
history-empty = هنوز خبری برایتان فرستاده نشده است. برای دریافت خبرها: /subscribe
history-in-private = خبرهای دریافتی در گفت‌وگوی خصوصی باز می‌شود.
button-history = 🕘 خبرهای دریافتی

## دنبال کردن

subscribed =
    خبرهای تازه برایتان فرستاده می‌شود: { $names }
    زمان ارسال: { $schedule }
unsubscribed = دیگر دنبال نمی‌کنید: { $names }
unsubscribed-all = دیگر هیچ خبری فرستاده نمی‌شود. هر زمان خواستید: /subscribe
unsubscribe-sure = دیگر هیچ‌کدام را دنبال نمی‌کنید؟ { $names }
subscriptions-none = چیزی را دنبال نمی‌کنید. برای آغاز: /subscribe
subscriptions-title =
    <b>دنبال می‌کنید:</b> { $names }
    <b>زمان ارسال:</b> { $schedule }
subscriptions-hint = با دکمهٔ هر دسته، آن را روشن یا خاموش کنید. ⚙️ زمان ارسال و «فقط فوری» هر کدام را باز می‌کند.
follow-breaking-of = { $name } (فقط فوری)
follow-unknown =
    دسته‌ای به نام «{ $name }» نیست.
    دسته‌ها: { $names }

    اگر خودِ این واژه‌ها را می‌خواهید، با دکمهٔ زیر هر خبری که آن‌ها را دارد برایتان می‌آید: <code>{ $words }</code>
follow-title-of =
    <b>آنچه «{ $title }» دنبال می‌کند:</b> { $names }
    <b>زمان ارسال:</b> { $schedule }
follow-hint-in-group = با دکمهٔ هر دسته، آن را روشن یا خاموش کنید. برچسب و واژه را بنویسید: /subscribe #بورس یا /subscribe «نفت ایران»
follow-line = • { $name }: { $how }
follow-muted = فرستاده نمی‌شود
follow-breaking-at-once = فقط خبر فوری، بی‌درنگ
follow-page =
    <b>{ $name }</b>
    زمان ارسال: { $schedule }
follow-page-breaking =
    <b>{ $name }</b>
    { $schedule }
follow-page-muted =
    <b>{ $name }</b>
    خبری که این واژه‌ها را دارد فرستاده نمی‌شود، هرچند در آنچه دنبال می‌کنید باشد.
follow-as-chat = مانند بقیه ({ $schedule })
follow-topic = موضوع { $id_text }
follow-topics = <b>موضوع‌های «{ $title }»</b>: هر کدام چه خبرهایی بگیرد؟
follow-topics-none = هنوز موضوعی از «{ $title }» نمی‌شناسم. در آن موضوع /subscribe را بفرستید تا اینجا هم بیاید.
follow-whole-group = کل گروه
follow-words-ask =
    واژه‌ها را بنویسید؛ هر خبری که همهٔ آن‌ها را داشته باشد می‌آید. املا، نیم‌فاصله و ی و ک عربی فرقی نمی‌کند.
    عبارت دقیق در گیومه، و خط تیره پیش از واژه‌ای که نباید باشد: <code>"نفت ایران" -اوپک</code>
    برای انصراف: /cancel
follow-muted-ask =
    واژه‌ها را بنویسید؛ خبری که همهٔ آن‌ها را داشته باشد فرستاده نمی‌شود، مثلاً: <code>لیگ برتر -استقلال</code>
    برای انصراف: /cancel
follow-tag-ask =
    برچسب را بنویسید، مثلاً: <code>#بورس</code>
    برای انصراف: /cancel
follow-section-ask =
    نام سرویس را همان‌گونه که در متن کامل خبرها می‌آید بنویسید.
    برای انصراف: /cancel
follow-recent = در خبرهای اخیر: { $names }
follow-words-none = واژه‌ای برای جست‌وجو در این نوشته نیست. دست‌کم یک واژهٔ بی‌منفی بنویسید، مثلاً: <code>نفت -اوپک</code>
follow-words-many = این نوشته بلند است؛ حداکثر { $most_text } واژه بنویسید.
follow-words-category = دسته را جداگانه دنبال کنید؛ اینجا فقط واژه‌ها را بنویسید.
follow-names-none = نامی با حروف در این نوشته نیست. دوباره بنویسید یا /cancel را بزنید.
follow-too-many = در مجموع حداکثر { $most_text } برچسب، سرویس و واژه را می‌توانید دنبال کنید. نخست یکی را در /subscriptions بردارید.
follow-not-followed = «{ $name }» در آنچه دنبال می‌کنید نیست. فهرست: /subscriptions
follow-gone = این مورد دیگر دنبال نمی‌شود. فهرست تازه: /subscriptions
follow-undone = برگردانده شد؛ همان را که پیش‌تر بود دنبال می‌کنید
follow-undo-gone = دیگر برگردانده نمی‌شود: پس از آن چیز دیگری تغییر کرده است. فهرست تازه: /subscriptions
follow-already = این را از پیش دنبال می‌کنید
button-follow-category = ➕ دنبال کردن { $name }
button-follow-these-words = 🔎 دنبال کردن این واژه‌ها
button-follow-words = 🔎 دنبال کردن واژه
button-follow-tag = #️⃣ برچسب
button-follow-section = 🗞 سرویس
button-mute-words = 🔇 بی‌صدا کردن واژه
button-follow-in-private = ⚙️ تنظیم در گفت‌وگوی خصوصی
button-follow-undo = ↩️ برگردان
button-follow-stop = 🗑 دنبال نشود
button-choose-categories = ☑️ انتخاب دسته‌ها
button-yes-unsubscribe = بله، هیچ‌کدام
button-follow-unmute = 🔔 دوباره فرستاده شود
button-breaking-only = 🚨 فقط خبر فوری
button-topics = 💬 موضوع‌های گروه
group-admins-only = فقط مدیران گروه می‌توانند این را تغییر دهند.
schedule-instant = بی‌درنگ
schedule-every =
    { $minutes ->
        [1] هر دقیقه
       *[other] هر { $minutes_text } دقیقه
    }
schedule-hours =
    { $hours ->
        [1] هر ساعت
       *[other] هر { $hours_text } ساعت
    }
schedule-at = گزیده در ساعت { $times }

## تنظیمات

button-settings = ⚙️ تنظیمات
button-categories = 🗂 دسته‌ها و واژه‌ها
button-schedule = ⏰ زمان ارسال
button-quiet = 🌙 ساعت‌های سکوت
button-pause = ⏸ توقف
button-unpause = ▶️ ادامه
button-plain = متن ساده به‌جای متن آراسته
button-rich-digests = گزیده با متن آراسته
button-close = بستن
button-back = بازگشت
button-own-schedule = ✍️ زمان دلخواه
button-own-quiet = ✍️ ساعت‌های دلخواه
settings-own = <b>تنظیمات شما</b>
settings-of = <b>تنظیمات { $title }</b>
settings-state =
    وضعیت: { $state }
    خبرها: { $names }
    زمان ارسال: { $schedule }
    ساعت‌های سکوت: { $quiet }
    منطقهٔ زمانی: { $zone }
    زبان: { $language }
settings-schedule =
    <b>خبرها کِی فرستاده شود؟</b>

    <b>بی‌درنگ:</b> هر خبر به‌محض انتشار.
    <b>در هر بازه:</b> خبرهای آن بازه در یک پیام.
    <b>گزیده:</b> تیترهای تازه، دسته‌به‌دسته، در یک پیام و در ساعت‌هایی که شما می‌خواهید. گزیدهٔ ۲۴ ساعت گذشته، همین حالا: /digest

    خبر فوری منتظر این زمان‌ها نمی‌ماند.
settings-quiet = <b>در چه ساعت‌هایی خبری فرستاده نشود؟</b>
quiet-none = هیچ ساعتی
quiet-hours = از { $begin } تا { $end }
schedule-ask = زمان ارسال را بنویسید: «بی‌درنگ»، «هر ۴۵ دقیقه»، یا ساعت‌های گزیده را، مثلاً «۸ و ۲۰:۳۰». برای انصراف: /cancel
schedule-unreadable = این زمان را متوجه نشدم. نمونه‌ها: «بی‌درنگ»، «هر ۴۵ دقیقه»، «۸ و ۲۰:۳۰»، «هر روز ساعت ۹ شب». برای انصراف: /cancel
quiet-ask = ساعت‌های سکوت را بنویسید، مثلاً <code>از ۱۱ شب تا ۷ صبح</code>. برای انصراف: /cancel
quiet-unreadable = این ساعت‌ها را متوجه نشدم. نمونه: <code>از ۱۱ شب تا ۷ صبح</code>. برای انصراف: /cancel
settings-zone = <b>زمان‌ها به وقت کجا باشد؟</b> زمان ارسال، ساعت‌های سکوت و تاریخ خبرها به وقت همان‌جاست.
button-other-zone = ✍️ شهر یا کشور دیگر
zone-at = { $city }، { $time }
zone-ask = نام شهر یا کشور را بنویسید، مثلاً «استکهلم» یا «کانادا». برای انصراف: /cancel
zone-unknown = «{ $name }» را نمی‌شناسم. نام کشور یا نزدیک‌ترین شهر بزرگ را بنویسید، مثلاً «آلمان». برای انصراف: /cancel
zone-which = کدام یک؟
chat-unknown = چنین کانال یا گروهی را نمی‌شناسم یا شما مدیر آن نیستید.
chat-not-active = پیک در این گروه هنوز آغاز به کار نکرده است؛ تحریریه باید تأیید کند.
chat-active = فعال
chat-paused = متوقف
chat-pending = در انتظار تأیید
chat-denied = تأییدنشده
chat-inactive = خارج از دسترس از { $when }
chat-refusing = از { $when } پیام نمی‌پذیرد
refusal-blocked = کاربر پیک را مسدود کرده است
refusal-deactivated = حساب کاربر بسته شده است
refusal-kicked = پیک از آنجا حذف شده است
refusal-left = پیک آنجا عضو نیست
refusal-never-started = کاربر گفت‌وگو را آغاز نکرده است
refusal-not-found = تلگرام آن را پیدا نمی‌کند
refusal-rights-taken = پیک اجازهٔ نوشتن ندارد
refusal-deleted = کانال یا گروه حذف شده است
kind-channel = کانال
kind-group = گروه

## ظاهر پست‌ها

button-look = 🎨 ظاهر پست‌ها
button-zone = 🕰 منطقهٔ زمانی
button-shape-title = فقط تیتر
button-shape-lead = تیتر و لید
button-shape-paragraph = با بند نخست
button-photo-attached = با عکس تحریریه
button-photo-any = با هر عکس
button-photo-none = بی‌عکس
button-post-tags = برچسب‌ها
button-post-button = دکمهٔ متن کامل
button-signature = ✍️ امضا
button-no-signature = بدون امضا
look-own = <b>خبرها چگونه برایتان بیاید؟</b> با «بی‌عکس» در متن کامل هم عکسی نیست.
look-of = <b>ظاهر پست‌ها در { $title }</b>
look-photos = «عکس تحریریه» همان است که تحریریه پیوست کرده است و «هر عکس» عکس منبع خبر را هم می‌آورد. اگر تلگرام عکسی را نپذیرد، همان خبر با متن می‌رود.
look-signature = امضا: { $signature }
look-below = نمونه در پیام پایین است.
look-signature-ask = امضای پست‌ها را در یک سطر بنویسید، مثلاً نام کاربری کانال یا شعار آن؛ حداکثر { $most_text } نویسه. برای انصراف: /cancel
look-signature-too-long = امضا { $length_text } نویسه دارد؛ حداکثر { $most_text } نویسه می‌پذیریم. کوتاه‌ترش را بنویسید یا /cancel را بزنید.
look-signature-wanted = امضا باید متن باشد. آن را در یک سطر بنویسید؛ برای انصراف: /cancel
look-sample-title = نمونهٔ تیتر خبر
look-sample-lead = لید خبر اینجا می‌آید و در یکی دو سطر می‌گوید چه رخ داده است.
look-sample-text = بند نخست خبر اینجا می‌آید و جزئیات را باز می‌کند.

## کانال‌ها و گروه‌ها

channels-title = <b>کانال‌ها و گروه‌ها</b>
channels-none = هنوز کانال یا گروهی نیست. پیک را مدیر کانال کنید یا به گروه بیفزایید.
button-channels = 📣 کانال‌ها و گروه‌ها
group-hello = سلام! خبرهای پیک به این گروه می‌آید. مدیران گروه می‌توانند تنظیماتش را تغییر دهند.
group-hello-waits = سلام! پیک پس از تأیید تحریریه در این گروه آغاز به کار می‌کند.
group-settings = تنظیمات این گروه در گفت‌وگوی خصوصی باز می‌شود.
chat-admitted = پیک در «{ $title }» آغاز به کار کرد.
chat-waits = پیک در «{ $title }» منتظر تأیید تحریریه است؛ نتیجه را همین‌جا می‌نویسیم.
chat-no-rights = پیک در «{ $title }» اجازهٔ فرستادن پیام ندارد. در تنظیمات مدیران، «ارسال پیام» را برایش روشن کنید.
chat-not-waiting = دربارهٔ این کانال یا گروه پیش‌تر تصمیم گرفته شده است. فهرست همه: /channels
approval-card =
    <b>درخواست تازه</b>
    { $kind }: { $title }
    نشانی: { $username }
    درخواست‌کننده: { $name }
    وضعیت: { $state }

    خبرها به این { $kind } فرستاده شود؟
admission-card =
    <b>{ $kind }: { $title }</b>
    نشانی: { $username }
    وضعیت: { $state }
button-approve = ✅ بله، تأیید
button-deny = ❌ خیر
button-admit = ✅ تأیید شود
button-revoke = 🚫 لغو تأیید

## نوشتن و وارد کردن خبر

button-done = ✅ تمام
button-cancel = ✖️ لغو
button-no-lead = بدون لید
button-publish = 📣 انتشار
button-keep-draft = 📝 پیش‌نویس بماند
button-edit = ✏️ ویرایش
button-delete = 🗑 حذف
button-view = 👁 دیدن
button-yes-delete = بله، حذف شود
button-edit-title = تیتر
button-edit-lead = لید
button-edit-body = متن
button-edit-category = دسته
button-edit-photo = عکس
button-remove-photo = برداشتن عکس
post-category-ask = <b>خبر تازه</b>: دستهٔ خبر را انتخاب کنید یا نامش را بنویسید.
post-title-ask = تیتر خبر را بنویسید.
post-lead-ask = لید خبر را در یک پیام بنویسید.
post-body-ask = متن خبر را در یک یا چند پیام بنویسید. اگر عکسی دارد، همین حالا بفرستید. در پایان «تمام» را بزنید.
post-body-more = دریافت شد. ادامه دهید یا «تمام» را بزنید.
post-text-wanted = در این مرحله متن لازم است، نه فایل یا پیام دیگر. برای انصراف: /cancel
post-no-title = تیتری با حروف پیدا نشد. تیتر را بنویسید؛ یا همه را یک‌جا: سطر نخست دسته، سطر دوم تیتر، سپس یک سطر خالی و لید، و پس از یک سطر خالی دیگر متن خبر.
post-title-too-long = تیتر { $length_text } نویسه دارد؛ حداکثر { $most_text } نویسه می‌پذیریم.
post-lead-too-long = لید { $length_text } نویسه دارد؛ حداکثر { $most_text } نویسه می‌پذیریم.
post-body-too-long = متن { $length_text } نویسه دارد؛ حداکثر { $most_text } نویسه می‌پذیریم.
post-too-many-lines = متن { $length_text } سطر دارد؛ حداکثر { $most_text } سطر می‌پذیریم.
post-too-many-parts = متن حداکثر در { $most_text } پیام پذیرفته می‌شود. بقیه را در یک فایل بفرستید.
text-too-long = این نوشته { $length_text } نویسه دارد؛ حداکثر { $most_text } نویسه بنویسید.
import-text-too-long = متن فایل { $length_text } نویسه دارد؛ حداکثر { $most_text } نویسه می‌پذیریم. فقط متن خبر را بفرستید.
post-not-finished = خبر هنوز کامل نیست. به پرسش پاسخ دهید یا /cancel را بزنید.
collecting = متن بلند است؛ اگر بخش‌های دیگری دارد بفرستید و در پایان «تمام» را بزنید.
collecting-ended = ده دقیقه گذشت و متن نیمه‌تمام پیشین کنار گذاشته شد. برای آغاز دوباره /post یا /import را بفرستید.
import-ask = نشانی صفحهٔ خبر، متن کپی‌شدهٔ آن یا فایلش را بفرستید.
import-reading = در حال خواندن صفحه…
import-offer = این نشانی را به‌صورت خبر وارد کنم؟
button-import-address = 📥 وارد کردن خبر
import-text-wanted = نشانی صفحه، متن آن یا فایل HTML بفرستید.
import-unreadable = از این صفحه خبری خوانده نشد. نشانی را بررسی کنید یا متن کپی‌شدهٔ صفحه را بفرستید.
import-site-refused = سایت پاسخ { $status_text } داد. نشانی را بررسی کنید یا متن کپی‌شدهٔ صفحه را بفرستید.
import-too-large = فایل بزرگ‌تر از { $megabytes_text } مگابایت است. نشانی صفحه یا متن کپی‌شدهٔ آن را بفرستید.
import-known = این خبر پیش‌تر با شناسهٔ { $id } آمده است و تغییری ندارد.
import-revised = خبر { $id } با متن تازه به‌روز شد.
import-not-yours = این خبر پیش‌تر با شناسهٔ { $id_text } به تحریریه رسیده و در دست همکار دیگری است. اگر تغییری لازم است، به سردبیر بگویید.
import-no-draft = خبر { $id_text } دیگر پیش‌نویس نیست و فقط سردبیر می‌تواند آن را تغییر دهد.
pasted-not-a-page = این متنِ کپی‌شدهٔ یک صفحهٔ خبر نیست: «شناسه خبر» یا «تاریخ انتشار» در آن پیدا نشد. خبر خودتان را با /post بنویسید؛ برای انصراف: /cancel
pasted-bad-number = شناسهٔ خبر «{ $number }» خوانا نیست. آن را در متن درست کنید و دوباره بفرستید.
pasted-bad-date = تاریخ انتشار خوانا نیست یا چنین روزی در تقویم نیست. آن را درست کنید و دوباره بفرستید.
pasted-no-title = تیتر خبر پیدا نشد. متن صفحه را از بالای تیتر تا پایان خبر کپی کنید.
pasted-no-text = متن خبر پیدا نشد. متن صفحه را از بالای تیتر تا پایان خبر کپی کنید.
preview-title = 👁 <b>پیش‌نمایش خبر { $id }</b>
preview-photo = 📷 یک عکس به این خبر پیوست است.
preview-retracted = ⚠️ این خبر پس گرفته شده است؛ خوانندگان آن را نمی‌بینند.
preview-usage = پس از فرمان، شناسهٔ خبر را بنویسید، مثلاً: <code>/preview 12</code>
publish-usage = پس از فرمان، شناسهٔ پیش‌نویس را بنویسید و اگر بخواهید زمان انتشار را، مثلاً: <code>/publish 12</code> یا <code>/publish 12 فردا ۸:۳۰</code>
edit-usage = پس از فرمان، شناسهٔ خبر را بنویسید، مثلاً: <code>/edit 12</code>
choose-publish = 📤 کدام پیش‌نویس منتشر شود؟
choose-preview = 👁 کدام خبر را می‌خواهید ببینید؟
choose-edit = ✏️ کدام خبر ویرایش شود؟
choose-submit = 📨 کدام پیش‌نویس برای بازبینی فرستاده شود؟
choose-correct = ✏️ کدام خبر منتشرشده اصلاح شود؟
choose-retract = ↩️ کدام خبر پس گرفته شود؟
choose-breaking = 🔴 کدام خبر فوری شود؟
choose-follow = 🔗 کدام خبر ادامهٔ خبری پیشین است؟
choose-stats = 📊 آمار کدام خبر را می‌خواهید؟
choose-none = خبری برای این کار نیست. خبر تازه: /post
button-shelf-waiting = پیش‌نویس‌ها
button-shelf-published = منتشرشده‌ها
edit-which = خبر { $id }: <b>{ $title }</b>

    کدام بخش تغییر کند؟
edit-which-published = خبر { $id } منتشر شده است: <b>{ $title }</b>

    اصلاح شما به پیام‌هایی که پیش‌تر رفته‌اند هم می‌رسد. کدام بخش تغییر کند؟
edit-title-ask = تیتر تازه را بنویسید. برای انصراف: /cancel
edit-lead-ask = لید تازه را بنویسید. برای انصراف: /cancel
edit-body-ask = متن تازه را در یک یا چند پیام بنویسید و در پایان «تمام» را بزنید. برای انصراف: /cancel
edit-current = متن کنونی (با یک لمس کپی می‌شود):
edit-copy-tap = متن کنونی در پیام بالاست و با یک لمس کپی می‌شود.
edit-copy-hold = متن کنونی در پیام بالاست. برای کپی با قالب‌بندی، انگشت را روی پیام نگه دارید.
edit-copy-long = این متن بلند است؛ واژه‌ها را جایگزین یا یک بند را ویرایش کنید.
edit-which-paragraph = خبر { $id }: <b>{ $title }</b>

    کدام بند تغییر کند؟
edit-paragraph-ask = متن تازهٔ این بند را بنویسید. برای انصراف: /cancel
paragraph-gone = این بند دیگر در متن نیست. فهرست بندها را دوباره باز کنید.
button-edit-words = 🔁 جایگزینی واژه
button-copy-edit = 🖋 ویراستار
button-edit-paragraph = ¶ یک بند از متن
edit-paragraphs = بندهای متن؛ برای تغییر یکی، شمارهٔ آن را بزنید:
button-paragraph = ¶ { $place_text }
button-more-paragraphs = ¶ بندهای دیگر
button-remove-paragraph = 🗑 حذف این بند
words-instead = به‌جای|به جای|بجای
words-write = بنویس|بنویسید
replace-ask = کدام واژه‌ها جایگزین شوند؟ آن‌ها را همان‌گونه که در خبر آمده بنویسید؛ یا همه را یک‌جا: «به‌جای … بنویس …». برای انصراف: /cancel
replace-by-ask = «{ $words }» در { $count_text } جای خبر پیدا شد. به‌جای آن چه بنویسیم؟ برای انصراف: /cancel
replace-not-found = «{ $words }» در تیتر، لید و متن خبر پیدا نشد. آن را همان‌گونه که در خبر آمده بنویسید یا /cancel را بزنید.
replace-too-long = این { $length_text } نویسه دارد؛ حداکثر { $most_text } نویسه می‌پذیریم. چیز کوتاه‌تری بنویسید یا /cancel را بزنید.
replace-card = 🔁 <b>جایگزینی در { $count_text } جای خبر { $id }</b>
button-yes-replace = بله، جایگزین شود
edit-photo-ask = عکس تازه را بفرستید. برای انصراف: /cancel
edit-photo-wanted = این پیام عکس ندارد. عکس را به‌صورت عکس بفرستید، نه فایل. برای انصراف: /cancel
edit-editors-only = خبر { $id_text } منتشر شده است و فقط سردبیر می‌تواند آن را ویرایش کند.
edit-category-ask = دستهٔ تازه را انتخاب کنید.
published = خبر { $id } منتشر شد: <b>{ $title }</b>
published-takes = ارسال به حدود { $count_text } گیرنده { $duration } طول می‌کشد. پیشرفت همین‌جا دیده می‌شود.
article-already-published = خبر { $id_text } پیش‌تر منتشر شده است. برای دیدنش همین شناسه را بنویسید.
article-changed-meanwhile = خبر { $id_text } در این میان تغییر کرده است.
article-is-retracted = خبر { $id_text } پس گرفته شده است و دیگر تغییر نمی‌کند.
article-not-published = خبر { $id_text } منتشر نشده است؛ پیش‌نویس‌ها را در /drafts می‌توانید حذف کنید.
draft-kept = خبر { $id } پیش‌نویس ماند: <b>{ $title }</b>
button-undo-publication = ↩️ برگرداندن انتشار
publication-undone = انتشار خبر { $id } برگردانده شد؛ چیزی از آن فرستاده نشده بود و اکنون پیش‌نویس است: <b>{ $title }</b>
undo-too-late = ارسال خبر { $id_text } آغاز شده است و انتشارش برنمی‌گردد. اگر لازم است، آن را پس بگیرید.
draft-gone = خبر { $id_text } دیگر پیش‌نویس نیست.
draft-drop-sure = پیش‌نویس «{ $title }» حذف شود؟
draft-dropped = پیش‌نویس «{ $title }» حذف شد.
drafts-title = <b>پیش‌نویس‌ها</b>
drafts-none = پیش‌نویسی نیست. خبر تازه: /post

## اصلاح و پس گرفتن

correct-usage = پس از فرمان، شناسهٔ خبر منتشرشده را بنویسید، مثلاً: <code>/correct 12</code>
correct-unpublished = خبر { $id_text } هنوز منتشر نشده است.
correct-nothing = این بخش همین حالا هم همین است. چیز دیگری بفرستید یا /cancel را بزنید.
correct-note-ask = چه چیزی اصلاح شد؟ در یک سطر بنویسید تا خوانندگان آن را پس از «اصلاح شد:» ببینند، یا بدون یادداشت تأیید کنید.
correct-note-wanted = یادداشت اصلاح را در یک سطر بنویسید، مثلاً: نام شهر. برای انصراف: /cancel
correct-note-too-long = یادداشت { $length_text } نویسه دارد؛ حداکثر { $most_text } نویسه می‌پذیریم.
correct-card = ✏️ <b>اصلاح خبر { $id }</b>: { $title }
correct-old = <b>بود:</b> { $text }
correct-new = <b>می‌شود:</b> { $text }
correct-by-hand = اگر پستی را در کانالی با دست ویرایش کرده‌اند، متن تازه جای آن را می‌گیرد.
correct-photo-limits = عکس تازه به پیام‌های بی‌عکس افزوده نمی‌شود و عکس پیام‌های رفته را نمی‌توان برداشت.
photo-there = عکس کنونی
photo-new = عکس تازه
photo-none = بی‌عکس
button-yes-no-note = بله، بدون یادداشت
button-yes-correct = بله، اصلاح شود
button-yes-retract = بله، پس گرفته شود
button-refresh = 🔄 تازه‌سازی
retract-usage = پس از فرمان، شناسهٔ خبر و دلیل را بنویسید، مثلاً: <code>/retract 12 منبع خبر آن را تکذیب کرد</code>
retract-ask-reason = ↩️ پس گرفتن خبر { $id }: <b>{ $title }</b>

    دلیل را در یک سطر بنویسید؛ فقط در تحریریه می‌ماند. پیش از پس گرفتن، یک بار دیگر از شما می‌پرسیم.
retract-reason-wanted = دلیل را با چند کلمه بنویسید، مثلاً: منبع خبر آن را تکذیب کرد. برای انصراف: /cancel
retract-reason-too-long = دلیل { $length_text } نویسه دارد؛ حداکثر { $most_text } نویسه می‌پذیریم.
retract-card = ⚠️ <b>پس گرفتن خبر { $id }</b>: { $title }
retract-reason = دلیل، که فقط در تحریریه می‌ماند: { $reason }
retract-means = پیام‌ها حذف می‌شوند و به‌جای پیام‌های قدیمی‌تر از دو روز، «این خبر پس گرفته شد» می‌آید. آنچه خوانندگان بازفرستاده‌اند در دسترس پیک نیست. این کار بازگشت ندارد.
corrected-done = ✅ خبر { $id } اصلاح شد: <b>{ $title }</b>
retracted-done = ✅ خبر { $id } پس گرفته شد؛ خوانندگان دیگر آن را نمی‌بینند.
copies-none = پیامی از این خبر فرستاده نشده است.
copies-extent = پیام‌هایی که این خبر را دارند: { $count_text }؛ زمان لازم: { $duration }
copies-changed = به‌روز شد: { $count_text }
copies-deleted = حذف شد: { $count_text }
copies-tombstoned = متنش برداشته شد: { $count_text }
copies-gone = پیش‌تر با دست حذف شده بود: { $count_text }
copies-unreachable = خارج از دسترس: { $count_text }
copies-live = بدون تغییر مانده: { $count_text }
copies-waiting = در صف: { $count_text }؛ زمان لازم: { $duration }
work-ended = ✅ کار پایان یافت.
broadcast-reached = ✅ رسیده: { $sent_text } از { $total_text }
reached-later = به وقت گیرندگان می‌رسد: { $count_text }
reached-nobody = این خبر هنوز دنبال‌کننده‌ای ندارد.
duration-moment = کمتر از یک دقیقه
duration-minutes =
    { $minutes ->
        [1] حدود یک دقیقه
       *[other] حدود { $minutes_text } دقیقه
    }
duration-hours = حدود { $hours_text } ساعت

## صف ارسال

outbox-title = <b>صف ارسال</b>
outbox-paused = ⏸ همهٔ ارسال‌ها متوقف است؛ توقف از { $name }، { $when }. ازسرگیری: /resume
outbox-empty = هنوز چیزی فرستاده نشده است.
outbox-pending = در صف: { $count_text }
outbox-sending = در حال ارسال: { $count_text }
outbox-sent = رسیده: { $count_text }
outbox-uncertain = نامعلوم: { $count_text }
outbox-refused = پذیرفته‌نشده: { $count_text }
outbox-withdrawn = لغوشده: { $count_text }
outbox-expired = منقضی یا بیرون از گنجایش گزیده: { $count_text }
outbox-changes = اصلاح و حذفِ در صف: { $count_text }
outbox-lanes = <b>صف‌ها</b>
outbox-lane = { $lane } · آماده: { $due_text }، در نوبت: { $later_text }
lane-answer = پاسخ‌ها
lane-retraction = پس گرفتن
lane-breaking = فوری و اصلاح
lane-headline = تیترها
lane-digest = گزیده‌ها
outbox-broadcast = 📣 خبر { $id }: { $title }
outbox-announcement = 📢 اعلان: { $title }
outbox-broadcast-left = { $sent_text } از { $total_text }؛ زمان مانده: { $duration }
outbox-refusing-chats =
    <b>پیام نمی‌پذیرند: { $count_text }</b>
    (پیک باز هم تلاش می‌کند)
outbox-refusing-chat =
    ▪️ <b>{ $chat }</b>
    از { $when }
    { $reason }
outbox-troubles = <b>نیازمند تصمیم شما</b>
outbox-clean = چیزی نیازمند تصمیم شما نیست.
outbox-trouble =
    { $place_text }. <b>{ $chat }</b>
    خبر { $id } · { $category }
outbox-announcement-trouble =
    { $place_text }. <b>{ $chat }</b>
    اعلان
outbox-why-asked = معلوم نیست رسیده باشد. لطفاً آنجا را ببینید و بگویید.
outbox-why-uncertain = پاسخ تلگرام نرسید؛ پیک خودش در حال بررسی است.
outbox-why-topic = موضوع گروه بسته یا حذف شده است.
outbox-why-photo = تلگرام عکس را نپذیرفت: { $reason }
outbox-why-silent = تلگرام یک شبانه‌روز پاسخ درستی نداد.
outbox-why-refused = تلگرام نپذیرفت: { $reason }
outbox-unknown = ارسالی با شناسهٔ { $id_text } نیست.
outbox-settled = دربارهٔ این ارسال پیش‌تر تصمیم گرفته شده است. فهرست تازه: /outbox
outbox-decided = دربارهٔ این ارسال تصمیم گرفته شد.
button-outbox-again = { $place_text } · 🔁 دوباره
button-outbox-there = { $place_text } · ✅ رسیده است
button-outbox-missing = { $place_text } · ❌ نرسیده است
button-outbox-drop = { $place_text } · 🗑 رها شود

## تحریریه

role-owner = مالک
role-editor = سردبیر
role-author = نویسنده
role-moderator = ناظر نظرات
role-unknown = نقشی به نام «{ $role }» نیست. نقش‌ها: <code>owner</code>، <code>editor</code>، <code>author</code>، <code>moderator</code>
staff-welcome = به تحریریه خوش آمدید. نقش شما: { $role }.
staff-first-owner =
    ۱. همکاران را با /invite دعوت کنید.
    ۲. منبع خبر را با /sources بیفزایید، یا با «✍️ نوشتن» خبری بنویسید.
    ۳. آنچه در انتظار شماست همیشه در /desk است.
staff-first-editor =
    ۱. آنچه در انتظار بازبینی است در صفحهٔ تحریریه می‌بینید.
    ۲. با «✍️ نوشتن» خبر بنویسید؛ پس از پیش‌نمایش خودتان منتشرش می‌کنید.
    ۳. این صفحه همیشه با /desk باز می‌شود.
staff-first-author =
    ۱. در صفحهٔ تحریریه «✍️ نوشتن» را بزنید؛ دسته، تیتر و متن را یکی‌یکی می‌پرسم.
    ۲. پیش‌نمایش را ببینید و آن را برای بازبینی بفرستید.
    ۳. نتیجهٔ بازبینی همین‌جا می‌آید؛ صفحهٔ تحریریه: /desk
staff-first-moderator =
    ۱. هر نظری که برسد، همین‌جا با دکمه‌های تأیید و رد می‌آید.
    ۲. همهٔ نظرات در انتظار در /comments است.
    ۳. صفحهٔ تحریریه همیشه با /desk باز می‌شود.
home-title = 🗞 <b>تحریریه</b> · نقش شما: { $role }
home-nothing-waits = ✅ چیزی در انتظار شما نیست.
home-review = 📝 در انتظار بازبینی: { $count_text }
home-gate = 📥 ورودی منابع: { $count_text }
home-comments = 💬 نظرات در انتظار: { $count_text }
home-tips = 📨 پیام‌های خوانندگان: { $count_text }
home-outbox = ❓ ارسال‌های نامعلوم: { $count_text }
button-home = 🏠 تحریریه
button-home-review = 📝 بازبینی ({ $count_text })
button-home-gate = 📥 ورودی ({ $count_text })
button-home-comments = 💬 نظرات ({ $count_text })
button-home-tips = 📨 پیام‌ها ({ $count_text })
button-home-outbox = ❓ ارسال‌ها ({ $count_text })
button-home-sources = ⚠️ منابع ({ $count_text })
button-home-write = ✍️ نوشتن
button-home-import = 📎 وارد کردن
button-home-drafts = 🗂 پیش‌نویس‌ها
button-home-planned = 🗓 برنامه
button-home-published = 📰 منتشرشده‌ها
button-home-stats = 📊 آمار
button-home-readers = 👁 نمای خواننده
staff-unknown = این شخص دیگر عضو تحریریه نیست. فهرست تازه: /editors
staff-last-owner = مالک دیگری نیست و همیشه مالکی باید باشد. نخست با /invite مالک دیگری دعوت کنید.
invite-usage = همکار تازه چه نقشی داشته باشد؟
invitation = دعوت‌نامهٔ { $role }؛ یک‌بارمصرف و معتبر تا { $until }:
invitation-invalid = این دعوت‌نامه معتبر نیست، استفاده شده یا زمانش گذشته است. دعوت‌نامهٔ تازه‌ای بخواهید.
invitation-too-many-tries = دعوت‌نامه‌های نادرست زیاد بود. لطفاً یک ساعت دیگر دوباره بیایید.
invitation-already-staff = شما هم‌اکنون عضو تحریریه‌اید؛ این دعوت‌نامه برای همکار دیگری به کار می‌آید.
editors-title = <b>اعضای تحریریه</b>
button-remove-person = حذف از تحریریه
button-yes-remove = بله، حذف شود
editor-remove-sure = { $name } از تحریریه حذف شود؟
paused = همهٔ ارسال‌ها متوقف شد؛ پاسخ به خوانندگان ادامه دارد. ازسرگیری: /resume
resumed = ارسال‌ها از سر گرفته شد.
route-switched = ⚠️ ارتباط با تلگرام از راه { $before } برقرار نشد؛ پیک اکنون از راه { $after } کار می‌کند. وقتی راه اول باز شود، خودش به آن برمی‌گردد. این پیام تا یک ساعت تکرار نمی‌شود.
outage-database =
    { $trouble ->
        [full] ⚠️ دیسک پایگاه داده پر شده است و چیزی ذخیره نمی‌شود. کمی جا باز کنید؛ پیک خودش کار را از سر می‌گیرد و چیزی از دست نمی‌رود.
        [locked] ⚠️ برنامهٔ دیگری پایگاه داده را قفل کرده است و چیزی ذخیره نمی‌شود. آن برنامه را ببندید؛ پیک خودش کار را از سر می‌گیرد و چیزی از دست نمی‌رود.
        [damaged] ⚠️ بخشی از پایگاه داده آسیب دیده است. پیک با بخش‌های سالم کار می‌کند. آن را متوقف کنید و آخرین نسخهٔ پشتیبان را بازگردانید.
       *[away] ⚠️ پایگاه داده در دسترس نیست و چیزی ذخیره نمی‌شود. پیک خودش کار را از سر می‌گیرد و چیزی از دست نمی‌رود.
    }
outage-database-over = ✅ پایگاه داده پس از { $minutes_text } دقیقه دوباره کار می‌کند.
outage-telegram-over = ✅ ارتباط با تلگرام پس از { $minutes_text } دقیقه دوباره برقرار شد. آنچه در صف بود اکنون فرستاده می‌شود.
paused-already = ارسال‌ها هم‌اکنون متوقف است. ازسرگیری: /resume
resumed-already = ارسال‌ها متوقف نیست. توقف: /pause
pause-sure = همهٔ ارسال‌ها متوقف شود؟ خبرهای تازه در صف می‌مانند و پاسخ به خوانندگان ادامه دارد.
button-yes-pause = بله، متوقف شود
paused-by = ⏸ { $name } در { $when } همهٔ ارسال‌ها را متوقف کرد؛ خبرهای تازه در صف می‌مانند.
resumed-by = ▶️ { $name } در { $when } ارسال‌ها را از سر گرفت.
sources-title = <b>منابع خبر</b>
sources-none = هنوز منبعی نیست. برای آغاز، نشانی سایتی را با دکمهٔ زیر بیفزایید.
sources-count =
    { $count ->
        [one] یک منبع
       *[other] { $count_text } منبع
    }
sources-troubled =
    { $count ->
        [one] ⚠️ یک منبع به رسیدگی نیاز دارد.
       *[other] ⚠️ { $count_text } منبع به رسیدگی نیاز دارند.
    }
sources-found = جست‌وجو در منابع: <code>{ $words }</code>
sources-not-found = منبعی با «{ $words }» در نام یا نشانی پیدا نشد. برای افزودن منبع تازه، نشانی سایت آن را بفرستید.
source-feed = خوراک
source-page = صفحه
source-listing = فهرست
source-to-publish = انتشار خودکار
source-to-review = پس از تأیید تحریریه
source-fetched = آخرین خواندن { $when }
source-failing =
    { $times ->
        [one] یک بار ناموفق
       *[other] { $times_text } بار ناموفق
    }
source-new = هنوز خوانده نشده
source-soon = به‌زودی خوانده می‌شود
source-is-silent = بدون خبر تازه
source-paused = متوقف
source-ended = تعطیل‌شده
source-unknown = این منبع دیگر وجود ندارد.
source-why =
    { $why ->
        [status] سایت با خطای { $status_text } پاسخ می‌دهد
        [late] سایت به‌موقع پاسخ نمی‌دهد
        [unreachable] ارتباط با سایت برقرار نمی‌شود
        [unknown-host] نام سایت پیدا نمی‌شود
        [certificate] گواهی امنیتی سایت معتبر نیست
        [private] نشانی در شبکهٔ داخلی است و پیک اجازهٔ خواندن آن را ندارد
        [large] پاسخ سایت بیش از اندازه بزرگ است
        [no-feed] پاسخ سایت خوراک خبری نیست
        [key] رمزهای این منبع خوانده نمی‌شود، چون کلید پیک (SECRET_KEY) عوض یا گم شده است؛ آن‌ها را دوباره تنظیم کنید
        [proxy] پروکسی این منبع پاسخ نمی‌دهد یا مجاز نیست
       *[other] { $reason }
    }
source-state = وضعیت: { $state }
source-last-fetch = آخرین خواندن موفق: { $when }
source-failing-since = ⚠️ از { $when } خوانده نمی‌شود. علت: { $why }
source-next-try = تلاش بعدی: { $when }
source-silent-since = ⚠️ از { $when } خبر تازه‌ای نیامده است؛ فاصلهٔ معمول خبرها { $usual } است.
source-items =
    { $count ->
        [0] در ۷ روز گذشته خبری نیامده است.
        [one] در ۷ روز گذشته: یک خبر
       *[other] در ۷ روز گذشته: { $count_text } خبر
    }
source-items-daily =
    { $count ->
        [one] میانگین: روزی یک خبر
       *[other] میانگین: روزی { $count_text } خبر
    }
source-changes-follow = تغییر خبرها در منبع: خودکار اعمال می‌شود
source-changes-ask = تغییر خبرها در منبع: پس از تأیید تحریریه اعمال می‌شود
source-changes-ignore = تغییر خبرها در منبع: نادیده گرفته می‌شود
button-source-page = 🌐 مشاهدهٔ منبع
button-sources = 🌐 منابع خبر
button-source-fetch = 🔄 خواندن فوری
button-source-pause = ⏸ توقف
button-source-resume = ▶️ ازسرگیری
button-source-edit = ✏️ ویرایش
button-source-rules = 📋 قاعده‌ها ({ $count_text })
button-source-interval = خواندن: { $every }
button-source-name = نام
button-source-address = نشانی
button-source-remove = 🗑 حذف منبع
button-source-retract = ↩️ پس گرفتن خبرهای تازه
button-source-retract-span = { source-retract-span } ({ $count_text })
button-yes-retract-all = بله، همه پس گرفته شود
button-source-own-name = نامی که سایت دارد
button-yes-remove-source = بله، حذف شود
button-save-address = ✅ ذخیره
source-interval = خواندن منبع: { $every }
source-interval-default = زمان پیش‌فرض
source-interval-seconds =
    { $seconds ->
        [1] هر ثانیه
       *[other] هر { $seconds_text } ثانیه
    }
source-interval-ask = این منبع هر چند وقت یک بار خوانده شود؟ با «زمان پیش‌فرض»، منبعی که مدتی خبر ندارد کمتر خوانده می‌شود.
source-changes-question = اگر منبع خبری را که آورده است تغییر دهد، چه شود؟
source-hub-none = WebSub: ندارد
source-hub-unused = WebSub: منبع هاب دارد؛ هنوز مشترک آن نیستیم (WEBHOOK_URL لازم است)
source-hub-subscribed = WebSub: مشترک؛ تمدید: { $when }
source-hub-denied = WebSub: هاب نپذیرفت؛ درخواست بعدی: { $when }
source-hub-asked = WebSub: در انتظار پاسخ هاب؛ درخواست بعدی: { $when }
source-rules = قاعده‌ها: { $own_text } برای این منبع، { $all_text } برای همهٔ منابع
source-edit-ask = چه چیزی تغییر کند؟
source-name-ask = نام تازهٔ «{ $name }» را بنویسید. سایت اگر نام خود را عوض کند، نام شما می‌ماند.
source-name-wrong = نام باید حرف داشته باشد و حداکثر { $most_text } نویسه باشد. نام دیگری بنویسید.
source-new-address-ask = نشانی تازهٔ «{ $name }» را بفرستید. پیش از ذخیره آزمایش می‌شود.
source-address-tried = در این نشانی این‌ها پیدا شد. اگر درست است، ذخیره کنید:
source-address-saved = ذخیره شد و به‌زودی خوانده می‌شود.
source-remove-sure = منبع «{ $name }» حذف شود؟ خبرهایی که آورده است می‌مانند؛ قاعده‌ها و اطلاعات ورود آن پاک می‌شوند.
source-removed = منبع «{ $name }» حذف شد. خبرهایش مانده‌اند.
source-retract-ask = اگر سایت هک شده است یا خبرهای نادرست می‌آورد، خبرهای منتشرشدهٔ تازه‌اش را یک‌جا پس بگیرید. کدام بازه؟
source-retract-none = از این منبع در ۲۴ ساعت گذشته خبری منتشر نشده است.
source-retract-span =
    { $hours ->
        [1] یک ساعت گذشته
       *[other] { $hours_text } ساعت گذشته
    }
source-retract-sure =
    { $count ->
        [one] ⚠️ یک خبر از «{ $name }» در { $span } پس گرفته شود و خواندن این منبع متوقف شود؟
       *[other] ⚠️ { $count_text } خبر از «{ $name }» در { $span } پس گرفته شود و خواندن این منبع متوقف شود؟
    }
source-retract-more =
    { $count ->
        [one] و یک خبر دیگر
       *[other] و { $count_text } خبر دیگر
    }
source-retract-reason = پس گرفتن خبرهای تازهٔ { $name }
source-retracted =
    { $count ->
        [0] خبری برای پس گرفتن نمانده بود. «{ $name }» متوقف است.
        [one] ✅ یک خبر پس گرفته شد و «{ $name }» متوقف شد. پیام‌ها در حال حذف‌اند.
       *[other] ✅ { $count_text } خبر پس گرفته شد و «{ $name }» متوقف شد. پیام‌ها در حال حذف‌اند.
    }
button-source-follow = تغییرها: خودکار
button-source-ask = تغییرها: پس از تأیید
button-source-ignore = تغییرها: نادیده
source-fetched-soon = به‌زودی خوانده می‌شود.
source-address-ask = نشانی سایت را بفرستید: صفحهٔ نخست، صفحهٔ یک بخش یا خود خوراک (RSS).
source-address-wanted = این نشانی سایت نیست. نشانی را کامل بفرستید؛ نمونه: <code>https://example.com</code>
source-address-unreachable = این نشانی باز نشد: { $why }. نشانی را بررسی کنید و دوباره بفرستید.
source-address-guarded = اگر این سایت ورود یا پروکسی می‌خواهد، نشانی خوراک آن را بفرستید و همان را بیفزایید؛ سپس «🔑 ورود و پروکسی» را تنظیم کنید.
source-searching = در حال جست‌وجو…
source-none-found = در این نشانی خوراک یا فهرست خبری پیدا نشد. نشانی صفحهٔ خبرهای سایت یا نشانی خوراک (RSS) آن را بفرستید.
source-known = این نشانی از پیش در منابع هست.
source-found = این منابع پیدا شد. یکی را انتخاب کنید:
source-found-items =
    { $count ->
        [0] بدون خبر
        [one] یک خبر
       *[other] { $count_text } خبر
    }
source-added-already = از پیش در منابع
source-samples = تازه‌ترین خبرها:
source-sample-of = نمونهٔ { $place_text } از { $count_text }، همان‌گونه که پست می‌شود:
source-category-ask = دستهٔ خبرهای این منبع را انتخاب کنید:
source-added = منبع افزوده شد.
button-add-source = ➕ افزودن منبع
button-offer-category = دسته: { $name }
button-offer-destination = مقصد: { $target }
button-offer-posts = 👁 نمای پست‌ها
button-offer-add = ➕ افزودن
button-offer-unread = ➕ افزودن همین نشانی
rules-title = <b>قاعده‌های منابع</b>
rules-of-all = برای همهٔ منابع
rules-none = هنوز قاعده‌ای نیست. قاعده می‌گوید با خبرهای تازه‌ای که واژه‌های معینی دارند چه شود.
rule-of-all = این قاعده برای همهٔ منابع است.
rule-drop = کنار گذاشتن
rule-review = بررسی پیش از انتشار
rule-category = دستهٔ { $argument }
rule-tag = برچسب { $argument }
rule-breaking = پیشنهاد خبر فوری
rule-quiet = انتشار بدون ارسال
rule-action-ask = با خبرهایی که قاعده پیدا می‌کند چه شود؟
rule-category-ask = این خبرها در کدام دسته بیایند؟
rule-tag-ask = برچسب را بنویسید.
rule-words-ask =
    واژه‌ها را مانند جست‌وجو بنویسید: خبری که همهٔ آن‌ها را دارد پیدا می‌شود. دسته، عبارت در گیومه و خط تیره پیش از واژه‌ای که نباید باشد هم می‌شود:
    <code>دسته:ورزشی "تیم ملی" -فوتسال</code>
rule-query-long = قاعده حداکثر { $most_text } نویسه می‌پذیرد. کوتاه‌تر بنویسید.
rule-known = این قاعده از پیش هست: <code>{ $query }</code>
rule-too-many = هر منبع حداکثر { $most_text } قاعده می‌پذیرد. نخست یکی را حذف کنید.
rule-tried =
    { $hits ->
        [0] از { $count_text } خبر آخر، هیچ‌کدام را پیدا نمی‌کند.
       *[other] از { $count_text } خبر آخر، { $hits_text } خبر را پیدا می‌کند:
    }
rule-tried-more = و { $count_text } خبر دیگر
rule-tried-nothing = هنوز خبری نیامده است که قاعده روی آن آزمایش شود.
rule-saved = ذخیره شد و از این پس اجرا می‌شود.
rule-remove-sure = این قاعده حذف شود؟
rule-remove-all-sure = این قاعده برای همهٔ منابع است. حذف شود؟
button-rules-of-all = 📋 قاعده‌های همگانی
button-rule-add = ➕ افزودن قاعده
button-rule-drop = 🚫 کنار گذاشتن
button-rule-review = 👁 بررسی
button-rule-category = 🗂 تغییر دسته
button-rule-tag = 🏷 برچسب
button-rule-breaking = ⚡️ پیشنهاد فوری
button-rule-quiet = 🔕 بدون ارسال
button-rule-save = ✅ ذخیرهٔ قاعده
button-rule-again = ✍️ واژه‌های دیگر
button-rule-remove = 🗑 { $place_text }. { $query }
button-yes-remove-rule = بله، حذف شود
learning-offer = «{ $section }» در منبع «{ $source }»: از این پس خبرهای این بخش در دستهٔ { $category } بیایند؟
learning-done = از این پس خبرهای «{ $section }» در دستهٔ { $category } می‌آیند.
learning-left = خبرهای «{ $section }» مانند پیش دسته‌بندی می‌شوند.
sections-learned = بخش‌هایی که دستهٔ آن‌ها را تحریریه تعیین کرده است. برای لغو، بخش را بزنید:
sections-none = دستهٔ هیچ بخشی را تحریریه تعیین نکرده است.
button-yes-learn = بله، از این پس
button-no-learn = فقط همین خبر
button-sections = 🗂 بخش‌های این منبع
button-learned-sections = 🗂 بخش‌ها ({ $count_text })
button-forget-section = 🗑 { $section }

## درخواست‌های یک منبع

button-source-requests = 🔑 ورود و پروکسی
source-requests-title = <b>درخواست‌ها به { $title }</b>
source-requests-hint = برای سایت‌هایی که ورود، کوکی، سرآیند یا پروکسی می‌خواهند. پیک مقدارها را رمزنگاری می‌کند و دیگر نشان نمی‌دهد.
source-requests-none = چیزی تنظیم نشده است.
request-part =
    { $part ->
        [user-agent] شناسهٔ مرورگر
        [header] سرآیند
        [cookie] کوکی
        [login] نام کاربری
       *[proxy] پروکسی
    }
request-unreadable = خوانده نمی‌شود؛ دوباره تنظیم کنید
request-only-for = فقط به { $origin } فرستاده می‌شود
button-request-remove = 🗑 { $what }
request-remove-ask = «{ $what }» از درخواست‌های این منبع حذف شود؟
button-request-remove-yes = بله، حذف شود
request-removed = حذف شد.
request-ask =
    { $part ->
        [user-agent] شناسهٔ مرورگری را که درخواست‌ها نام می‌برند بفرستید؛ مانند <code>Mozilla/5.0</code>
        [header] سرآیند را به شکل <code>Name: value</code> بفرستید، هر کدام در یک سطر. پیام شما پس از خواندن پاک می‌شود.
        [cookie] کوکی را به شکل <code>name=value</code> بفرستید؛ چند کوکی را با نقطه‌ویرگول لاتین (;) جدا کنید. پیام شما پس از خواندن پاک می‌شود.
        [login] نام کاربری و گذرواژه را به شکل <code>user:password</code> بفرستید. پیام شما پس از خواندن پاک می‌شود.
       *[proxy] نشانی پروکسی را بفرستید: <code>http://HOST:PORT</code> یا <code>socks5://USER:PASSWORD@HOST:PORT</code>. پیام شما پس از خواندن پاک می‌شود.
    }
request-not-deleted = پیام شما پاک نشد؛ خودتان آن را پاک کنید.
request-header-form = سرآیند را به شکل <code>Name: value</code> بنویسید، هر کدام در یک سطر.
request-header-refused = سرآیند { $name } درخواست را خراب می‌کند یا تنظیم جداگانه‌ای دارد.
request-value-refused = این مقدار شکست سطر یا نویسه‌ای دارد که فرستادنی نیست، یا بیش از اندازه بلند است.
request-cookie-form = کوکی را به شکل <code>name=value</code> بنویسید.
request-login-form = ورود را به شکل <code>user:password</code> بنویسید.
request-proxy-form = پروکسی را به شکل <code>http://HOST:PORT</code> یا <code>socks5://HOST:PORT</code> بنویسید.
request-too-many = برای هر منبع حداکثر { $most_text } مورد تنظیم می‌شود. نخست یکی را حذف کنید.
request-not-set = این مورد تنظیم نشده است.
request-other-site = نشانی دیگر باید از سایت همین منبع باشد.
secret-key-unset = رمزنگاری کلید می‌خواهد: SECRET_KEY_FILE یا SECRET_KEY را در تنظیمات بگذارید و پیک را دوباره اجرا کنید.
secret-key-unusable = فایل کلید خوانده یا نوشته نمی‌شود ({ $reason }). SECRET_KEY_FILE یا پوشهٔ پایگاه داده را بررسی کنید.
source-ill =
    { $hours ->
        [one] ⚠️ منبع { $title } یک ساعت است خوانده نمی‌شود. علت: { source-why }
       *[other] ⚠️ منبع { $title } { $hours_text } ساعت است خوانده نمی‌شود. علت: { source-why }
    }
source-silent =
    { $days ->
        [one] ⚠️ یک روز است از منبع { $title } خبر تازه‌ای نیامده است؛ بیش از فاصلهٔ معمول آن.
       *[other] ⚠️ { $days_text } روز است از منبع { $title } خبر تازه‌ای نیامده است؛ بیش از فاصلهٔ معمول آن.
    }
source-gone = ⛔️ منبع { $title } تعطیل شد: سایت اعلام کرده که این نشانی برای همیشه حذف شده است. پیک دیگر آن را نمی‌خواند؛ اگر نشانی تازه‌ای دارد، آن را بیفزایید.
source-repeats = ⚠️ منبع { $title } اکنون برای همیشه به نشانی منبع { $other } می‌رود و خبرهای هر دو یکی است. یکی از آن‌ها را حذف کنید.
source-well = ✅ مشکل منبع { $title } برطرف شد.
sources-many-ill = ⚠️ وضعیت منابع دیگری هم تغییر کرده است. همه را در فهرست منابع ببینید.
sources-ill-together =
    { $hours ->
        [one] ⚠️ { $count_text } منبع هم‌زمان از کار افتاده‌اند و یک ساعت است خوانده نمی‌شوند. نخست شبکهٔ سرور یا پروکسی را بررسی کنید. علت یکی از آن‌ها: { source-why }
       *[other] ⚠️ { $count_text } منبع هم‌زمان از کار افتاده‌اند و { $hours_text } ساعت است خوانده نمی‌شوند. نخست شبکهٔ سرور یا پروکسی را بررسی کنید. علت یکی از آن‌ها: { source-why }
    }
sources-well-together =
    { $left ->
        [0] ✅ مشکل منابعی که هم‌زمان از کار افتاده بودند برطرف شد.
        [one] ✅ مشکل منابعی که هم‌زمان از کار افتاده بودند برطرف شد؛ فقط یک منبع هنوز خوانده نمی‌شود.
       *[other] ✅ مشکل بیشتر منابعی که هم‌زمان از کار افتاده بودند برطرف شد؛ { $left_text } منبع هنوز خوانده نمی‌شود.
    }

## بازبینی و دروازه

button-submit = 📨 ارسال برای بازبینی
button-review-approve = ✅ تأیید و انتشار
button-review-reject = ❌ رد
button-review-withdraw = ↩️ پس گرفتن از بازبینی
submit-usage = پس از فرمان، شناسهٔ پیش‌نویس را بنویسید، مثلاً: <code>/submit 12</code>
approve-usage = پس از فرمان، شناسهٔ خبر را بنویسید، مثلاً: <code>/approve 12</code>؛ بدون شناسه همهٔ آنچه در انتظار است می‌آید.
review-submitted = خبر { $id_text } برای بازبینی رفت: <b>{ $title }</b>

    نتیجه را همین‌جا می‌نویسیم.
review-card = 🔎 <b>بازبینی خبر { $id_text }</b>
review-handed-in = فرستنده: { $name } · { $when }
review-waits = ⏳ در انتظار تصمیم؛ رسیده:
review-approved = ✅ { $name } در { $when } تأیید کرد.
review-rejected = ❌ { $name } در { $when } رد کرد.
review-withdrawn = ↩️ { $name } در { $when } از بازبینی پس گرفت.
review-reason = دلیل: { $reason }
review-reason-ask = دلیل رد خبر { $id_text } «{ $title }» را در یک پیام بنویسید؛ به دست نویسنده می‌رسد.
review-reason-wanted = نویسنده باید بداند چرا. دلیل را بنویسید؛ برای انصراف: /cancel
review-reason-too-long = دلیل { $length_text } نویسه دارد؛ حداکثر { $most_text } نویسه می‌پذیریم.
review-rejected-done = خبر { $id_text } رد شد؛ دلیل به نویسنده فرستاده می‌شود.
review-withdrawn-done = خبر { $id_text } از بازبینی پس گرفته شد و دوباره پیش‌نویس است.
review-approved-notice = ✅ { $name } خبر { $id_text } را تأیید کرد: <b>{ $title }</b>
review-rejected-notice = ❌ { $name } خبر { $id_text } را نپذیرفت: <b>{ $title }</b>
    دلیل: { $reason }
review-open-already = خبر { $id_text } در بازبینی است.
review-none = خبر { $id_text } در بازبینی نیست.
review-scheduled = خبر { $id_text } برای انتشار زمان‌بندی شده است.
review-was-approved = دربارهٔ خبر { $id_text } پیش‌تر { $name } تصمیم گرفت: تأیید شد.
review-was-rejected = دربارهٔ خبر { $id_text } پیش‌تر { $name } تصمیم گرفت: رد شد.
review-was-withdrawn = { $name } خبر { $id_text } را پیش‌تر از بازبینی پس گرفت.
review-text-changed = متن خبر { $id_text } پس از آنچه دیدید تغییر کرده است.
review-second-pair = خبر { $id_text } را خودتان نوشته یا ویرایش کرده‌اید؛ انتشارش با همکار دیگری است.
review-not-yours = خبر { $id_text } را کس دیگری برای بازبینی فرستاده است.
article-is-dropped = خبر { $id_text } کنار گذاشته شده است. برای بازگرداندنش نشانی آن را با /import بفرستید.
preview-dropped = ⚠️ این خبرِ ورودی کنار گذاشته شده است؛ خوانندگان آن را نمی‌بینند.
waiting-title = <b>در انتظار تصمیم</b>
waiting-empty = چیزی در انتظار تصمیم نیست.
gate-title =
    { $count ->
        [one] 📥 <b>ورودی منابع</b> · { $count_text } خبر در انتظار
       *[other] 📥 <b>ورودی منابع</b> · { $count_text } خبر در انتظار
    }
gate-title-plain = ورودی منابع
gate-empty = 📥 <b>ورودی منابع</b>: همه بررسی شد؛ چیزی در انتظار نیست.
gate-dropped = خبر { $id_text } کنار گذاشته شد و دیگر از منبعش نمی‌آید: { $title }
gate-changed = این صف پس از آنچه دیدید تغییر کرده است و چیزی منتشر نشد. صف تازه: /drafts
gate-all-sure =
    { $count ->
        [one] این { $count_text } خبر منتشر شود؟
       *[other] این { $count_text } خبر منتشر شوند؟
    }
gate-all-done =
    { $count ->
        [one] ✅ { $count_text } خبر منتشر شد:
       *[other] ✅ { $count_text } خبر منتشر شد:
    }
button-gate = 📥 ورودی منابع ({ $count_text })
button-gate-publish = 📣 انتشار { $id_text }
button-gate-anyway = 📣 با این حال { $id_text }
button-gate-join = 🔁 پیوستن { $id_text } به خبر { $first_text }
button-gate-view = 👁 { $id_text }
button-gate-edit = ✏️ { $id_text }
button-gate-copy = 🖋 { $id_text }
button-gate-drop = 🗑 کنار { $id_text }
button-gate-all = 📣 انتشار هر { $count_text }
button-gate-back = ↩️ پس گرفتن { $id_text }
row-settled = در این سطر کاری نمانده است.
row-draft = 📝 پیش‌نویس است
row-review = 👀 در بازبینی
row-scheduled = 🗓 زمان‌بندی شد
row-published = ✅ منتشر شد
row-retracted = ↩️ پس گرفته شد
row-dropped = 🗑 کنار گذاشته شد
row-folded = 🔁 به خبر دیگری پیوست
row-announced = 📢 اعلان
row-deleted = 🗑 حذف شد
row-comment-approved = { $place_text } · ✅ تأیید شد
row-comment-rejected = { $place_text } · ❌ رد شد
row-comment-deleted = { $place_text } · 🗑 نویسنده حذف کرد
row-delivery-pending = { $place_text } · 🔁 دوباره در صف
row-delivery-sending = { $place_text } · 🔁 در حال ارسال
row-delivery-sent = { $place_text } · ✅ رسیده است
row-delivery-uncertain = { $place_text } · ⏳ در حال بررسی
row-delivery-withdrawn = { $place_text } · 🗑 رها شد
row-delivery-expired = { $place_text } · 🗑 منقضی شد
button-yes-publish-all = بله، منتشر شوند
draft-plain = پیش‌نویس
draft-in-review = در بازبینی
draft-scheduled = انتشار در { $when }
draft-rejected = رد شد: { $reason }
time-ago = { $duration } پیش
duration-days = حدود { $days_text } روز


## یک خبر از چند منبع، و تغییر خبر در منبع

button-elsewhere = 📰 در دیگر رسانه‌ها ({ $count_text })
elsewhere-title = 📰 خبر { $number } در دیگر رسانه‌ها
elsewhere-none = خبر { $id_text } اکنون در دیگر رسانه‌ها نیست.
source-unnamed = منبع دیگر
story-known = 🔁 این خبر را از { $name } دارید (شناسهٔ { $id })
preview-folded = 🔁 این خبر همان خبر { $id } است که از { $name } رسیده بود.
preview-folded-shown = خوانندگان آن را زیر متن همان خبر، در فهرست «در دیگر رسانه‌ها» می‌بینند.
preview-first-retracted = ⚠️ آن خبر پس گرفته شده است؛ این یکی را هم خوانندگان نمی‌بینند.
preview-joined = 🔁 این خبر بخشی از خبر { $id } است که از { $name } رسیده بود.
preview-follows = 🔗 ادامهٔ خبر { $id }
button-story-list = 🔁 هم‌خبرها ({ $count_text })
story-list-title = 🔁 <b>هم‌خبرهای خبر { $id_text }</b>
story-folded = زیر خبر نخست
story-published = منتشرشده
button-story-ask = 🔁 پیوستن به خبری دیگر
button-story-join = 🔁 پیوستن به { $id_text }
button-story-separate = ✂️ جدا کردن از { $id_text }
button-story-separate-publish = 📣 جدا و منتشر شود
button-story-separate-gate = 📥 جدا شود و به ورودی برود
story-ask = خبر { $id_text } (<b>{ $title }</b>) همان کدام خبر است؟ شناسهٔ آن خبر را بنویسید.
story-ask-near = خبرهای نزدیک به آن:
story-number-wanted = شناسهٔ یک خبر را بنویسید، مثلاً ۱۲۳۴. برای انصراف: /cancel
story-joined = 🔁 خبر { $id_text } به خبر { $first_text } پیوست: <b>{ $title }</b>
story-joined-stays = همان‌جا که منتشر شده است می‌ماند و زیر متن خبر { $first_text } هم دیده می‌شود.
story-separate-ask = خبر { $id_text } از خبر { $first_text } جدا شود. سپس چه شود؟
story-separated = ✂️ خبر { $id_text } از خبر { $first_text } جدا شد: <b>{ $title }</b>
story-separated-gate = اکنون در ورودی منابع منتظر تصمیم است.
story-none = خبر { $id_text } دیگر بخشی از آن خبر نیست.
story-itself = خبر { $id_text } خودش نخستین روایت این خبر است و پیوستن به خودش ممکن نیست.
story-first-unpublished = خبر { $id_text } منتشر نشده یا پس گرفته شده است؛ فقط به خبر منتشرشده می‌توان پیوست.
button-open-first = 👁 خبر { $id_text }
button-publish-anyway = 📣 انتشار جداگانه
article-is-folded = خبر { $id_text } تکرار خبر دیگری است و پیش‌نویس نیست.
source-change-changed =
    ✏️ متن خبر { $id_text } در { $site } تغییر کرده است: <b>{ $title }</b>

    متن تازه جایگزین متن ما شود؟
source-change-emptied =
    ⚠️ بیشتر متن خبر { $id_text } در { $site } حذف شده است: <b>{ $title }</b>

    متن ما تغییری نکرده است. متن کوتاه‌شده جایگزین آن شود؟
source-change-vanished =
    ⚠️ صفحهٔ خبر { $id_text } دیگر در { $site } نیست: <b>{ $title }</b>

    متن ما تغییری نکرده است. اگر خبر را حذف کرده‌اند، می‌توانید آن را پس بگیرید.
button-proposal-yes = ✅ متن تازه ثبت شود
button-proposal-show = 🔍 نمایش تغییر
button-proposal-no = ✖️ همین متن بماند
button-proposal-whole = 👁 متن کامل تازه
proposal-changes = <b>تغییر خبر { $id } در منبع</b>: { $title }
proposal-nothing-new = متن تازه با متن ما یکی است.
proposal-title = 👁 <b>متن تازهٔ منبع برای خبر { $id }</b>
proposal-accepted = ✅ متن تازهٔ خبر { $id } ثبت شد: <b>{ $title }</b>
proposal-declined = متن خبر { $id } بدون تغییر ماند: <b>{ $title }</b>
proposal-changed = منبع پس از آن، خبر { $id_text } را باز هم تغییر داده است. تغییر تازه را ببینید و تصمیم بگیرید.
proposal-gone = تغییر خبر { $id_text } دیگر در انتظار تصمیم نیست.
proposal-was-accepted = دربارهٔ تغییر خبر { $id_text } پیش‌تر { $name } تصمیم گرفت: متن تازه ثبت شد.
proposal-was-declined = دربارهٔ تغییر خبر { $id_text } پیش‌تر { $name } تصمیم گرفت: متن بدون تغییر ماند.
retract-reason-vanished = صفحهٔ خبر دیگر در { $site } نیست
audit-same-story = همان خبر { $id }
audit-changed = { $before } ← { $after }
act-fold = تکرار خبری که از منبع دیگری داریم
button-story-before = ⏮ خبر پیشین ماجرا
button-story-after = ⏭ ادامهٔ ماجرا
button-follow = 🔗 ادامهٔ یک خبر
button-follow-none = بدون خبر پیشین
act-follow = ادامهٔ خبری دیگر
follow-usage = پس از فرمان، شناسهٔ خبر و سپس شناسهٔ خبر پیشین را بنویسید، مثلاً: <code>/follow 12 7</code>
follow-ask =
    خبر { $id }: <b>{ $title }</b>

    ادامهٔ کدام خبر است؟ پست این خبر پاسخی به پست آن می‌شود. خبر دیگر: <code>/follow</code> با دو شناسه
follow-done = ✅ خبر { $id } ادامهٔ خبر { $other } است؛ پست آن در هر گفت‌وگو پاسخی به پست پیشین می‌شود.
follow-none-done = ✅ خبر { $id } ادامهٔ خبر دیگری نیست.
follow-circle = خبر { $other_text } خود ادامهٔ خبر { $id_text } است؛ دو خبر نمی‌توانند ادامهٔ هم باشند.
act-join-story = پیوستن به خبری دیگر
act-separate-story = جدا شدن از خبری دیگر
act-source-changed = تغییر خبر در منبع
act-source-emptied = حذف بیشتر متن خبر در منبع
act-source-vanished = نبودن صفحهٔ خبر در منبع
act-accept-change = پذیرفتن متن تازهٔ منبع
act-decline-change = نپذیرفتن متن تازهٔ منبع


## برنامه‌ریزی و خبر فوری

button-plan = ⏰ زمان‌بندی
button-move = 🕘 تغییر زمان
button-unplan = ✖️ لغو زمان‌بندی
button-plan-again = ⏰ همان زمان
button-plan-today = ⏰ امروز { $clock }
button-plan-tomorrow = ⏰ فردا { $clock }
plan-ask =
    خبر { $id }: <b>{ $title }</b>

    کِی منتشر شود؟ زمان را بنویسید، مثلاً:
    <code>فردا ۸:۳۰</code>
    <code>شنبه ساعت ۹ شب</code>
    <code>۵ دی ۱۸:۰۰</code>
    <code>۲ ساعت دیگر</code>

    برای انصراف: /cancel
plan-unreadable =
    این زمان را متوجه نشدم: «{ $text }». روز و ساعت را بنویسید، مثلاً:
    <code>فردا ۸:۳۰</code>
    <code>شنبه ساعت ۹ شب</code>
    <code>۵ دی ۱۸:۰۰</code>
    <code>۲ ساعت دیگر</code>
plan-past = این زمان گذشته است. زمانی در آینده بنویسید، مثلاً: <code>فردا ۸:۳۰</code>
plan-too-far = این زمان بیش از یک سال دیگر است. زمانی نزدیک‌تر بنویسید، مثلاً: <code>فردا ۸:۳۰</code>
plan-set =
    ⏰ خبر { $id } زمان‌بندی شد: <b>{ $title }</b>
    زمان: { $when } ({ $duration } دیگر)
plan-moved =
    ⏰ زمان خبر { $id } تغییر کرد: <b>{ $title }</b>
    پیش از این: { $before }
    اکنون: { $when } ({ $duration } دیگر)
plan-cancelled = زمان‌بندی خبر { $id } لغو شد؛ این خبر اکنون پیش‌نویس است: <b>{ $title }</b>
plan-none = خبر { $id_text } دیگر در برنامه نیست. برنامهٔ کنونی: /planned
plan-editors-only = خبر { $id_text } زمان‌بندی شده است و فقط سردبیر می‌تواند آن را ویرایش کند.
plan-moved-by = { $name } زمان خبر { $id_text } را تغییر داد: <b>{ $title }</b>. برنامه: /planned
plan-cancelled-by = { $name } زمان‌بندی خبر { $id_text } را لغو کرد؛ این خبر اکنون پیش‌نویس است: <b>{ $title }</b>
plan-done = ✅ خبر { $id_text } در زمانش منتشر شد: <b>{ $title }</b>
plan-done-late = ✅ خبر { $id_text } دیرتر از زمانش منتشر شد، چون پیک در آن زمان کار نمی‌کرد: <b>{ $title }</b>
plan-done-paused = ⏸ خبر { $id_text } در زمانش منتشر شد، ولی همهٔ ارسال‌ها متوقف است و خبر در صف می‌ماند: <b>{ $title }</b>
plan-failed = ⚠️ خبر { $id_text } در زمانش منتشر نشد: <b>{ $title }</b>. خطا ثبت شد و پیک هر دقیقه دوباره تلاش می‌کند.
plan-unreviewed = ⚠️ خبر { $id_text } در زمانش منتشر نشد: <b>{ $title }</b>. پس از زمان‌بندی آن را ویرایش کرده‌اید و همکار دیگری متن را ندیده است؛ اکنون پیش‌نویس است.
plan-orphaned = ⚠️ { $name } خبر { $id_text } را برای { $when } زمان‌بندی کرده بود و دیگر اختیار انتشار ندارد: <b>{ $title }</b>. زمان‌بندی لغو شد و خبر منتشر نمی‌شود؛ تصمیم با شماست.
planned-title = <b>برنامهٔ انتشار</b>
planned-none = خبری در برنامه نیست. زمان‌بندی: <code>/publish 12 فردا ۸:۳۰</code>
preview-planned = ⏰ زمان انتشار: { $when }
breaking-mark = 🔴 فوری
button-breaking = 🔴 فوری
button-yes-breaking = بله، فوری فرستاده شود
breaking-usage = پس از فرمان، شناسهٔ خبر را بنویسید و اگر بخواهید زمان را، مثلاً: <code>/breaking 12</code> یا <code>/breaking 12 فردا ۸:۳۰</code>
breaking-card = 🔴 <b>خبر فوری { $id }</b>: { $title }
breaking-at = زمان: { $when }
breaking-not-as-planned = زمانش { $when } بود؛ با تأیید شما همین حالا می‌رود.
breaking-again = ⚠️ این خبر پیش‌تر منتشر شده است؛ یک بار دیگر، با نشان فوری، برای همه فرستاده می‌شود.
breaking-extent = شمار گیرندگان: حدود { $count_text }؛ زمان لازم: { $duration }
breaking-means = خبر فوری از خبرهای دیگر پیش می‌افتد، همه‌جا با صدا می‌رسد و هر جا که خواسته‌اند سنجاق می‌شود. در ساعت‌های سکوت فقط به جاهایی می‌رسد که اجازه داده‌اند.
breaking-done = 🔴 خبر { $id } به‌صورت فوری منتشر شد: <b>{ $title }</b>
breaking-already = خبر { $id_text } پیش‌تر به‌صورت فوری فرستاده شده است.
button-silent = 🔕 بی‌صدا، جز خبر فوری
button-pin = 📌 سنجاق خبر فوری
button-rush = 🔴 خبر فوری در ساعت سکوت
settings-pin = <b>خبر فوری چه مدت سنجاق بماند؟</b>
pin-hours =
    { $hours ->
        [0] سنجاق نشود
        [1] یک ساعت
       *[other] { $hours_text } ساعت
    }
pin-refused = پیک اجازهٔ سنجاق کردن در «{ $title }» را ندارد و این کار در آنجا خاموش شد؛ خود خبر رسیده است. در تنظیمات مدیران، «سنجاق کردن پیام» (در کانال «ویرایش پیام‌ها») را برای پیک روشن کنید، سپس سنجاق را در /settings دوباره انتخاب کنید.


## نظرات

button-comments = 💬 نظرات
button-comments-counted = 💬 نظرات ({ $count_text })
button-comments-many = 💬 نظرات ({ $count_text }+)
button-comment-write = ✍️ نوشتن نظر
button-comment-delete = 🗑 حذف نظر { $place_text }
button-comment-down = ✖️ { $place_text }
button-newest-comments = ⏭ تازه‌ترین نظرات
button-oldest-comments = ⏮ نخستین نظرات
button-back-to-article = ↩️ بازگشت به خبر
button-comment-approve = ✅ تأیید
button-comment-reject = ❌ رد
button-comment-silence = 🚫 مسدود کردن نویسنده
button-queue-approve = ✅ { $place_text }
button-queue-reject = ❌ { $place_text }
button-queue-silence = 🚫 { $place_text }
button-queue-article = 📄 { $place_text }
button-comment-queue = 💬 صف نظرات
button-silenced = 🚫 نویسندگان مسدود
button-yes-silence = بله، مسدود شود
button-yes-down = بله، برداشته شود
button-lift = رفع مسدودی { $name }
comments-title = 💬 <b>نظرات خبر { $id }</b>: { $title }
comments-none = هنوز نظری نیست. نخستین نظر را شما بنویسید.
comment-head = <b>{ $name }</b> · { $when }
comment-head-placed = { $place_text }. <b>{ $name }</b> · { $when }
comment-nameless = خواننده
comment-own = نظر شما
comment-own-waits = نظر شما، در انتظار بررسی
comment-ask =
    نظر خود را دربارهٔ خبر «{ $title }» بنویسید.
    حداکثر { $most_text } نویسه، بدون لینک و شمارهٔ تلفن. نظرات پس از بررسی دیده می‌شوند. برای انصراف: /cancel
comment-waits = نظر شما دریافت شد و پس از بررسی دیده می‌شود. نتیجه را همین‌جا می‌نویسیم.
comment-is-there = همین نظر را پیش‌تر نوشته‌اید و تأیید شده است.
comment-was-rejected = همین نظر را پیش‌تر نوشته‌اید و تأیید نشده است.
comment-no-letters = نظر را با حروف بنویسید. برای انصراف: /cancel
comment-too-long = نظر { $length_text } نویسه دارد؛ حداکثر { $most_text } نویسه می‌پذیریم. کوتاه‌ترش را بفرستید یا /cancel را بزنید.
comment-has-link = لینک، نام کاربری، فرمان و شمارهٔ تلفن یا کارت در نظر پذیرفته نیست: «{ $part }». بدون آن بنویسید یا /cancel را بزنید.
comment-text-wanted = نظر باید متن باشد، نه عکس یا پیام دیگر. متن را بنویسید یا /cancel را بزنید.
comment-silenced = نوشتن نظر برای شما بسته شده است. خبرها و نظرات را مانند همیشه می‌بینید.
comment-too-many =
    { $minutes ->
        [1] پشت سر هم چند نظر نوشته‌اید. یک دقیقهٔ دیگر می‌توانید نظر بعدی را بنویسید.
       *[other] پشت سر هم چند نظر نوشته‌اید. { $minutes_text } دقیقهٔ دیگر می‌توانید نظر بعدی را بنویسید.
    }
comment-some-wait = { $most_text } نظر شما دربارهٔ این خبر در انتظار بررسی است. پس از بررسی می‌توانید نظر دیگری بنویسید.
comment-gone = این نظر دیگر در این فهرست نیست.
comment-delete-sure = این نظر شما حذف شود؟
comment-deleted = نظر شما حذف شد
comment-approved = نظر شما دربارهٔ خبر { $id_text } تأیید شد و زیر آن دیده می‌شود: «{ $title }»
comment-rejected = نظر شما دربارهٔ خبر { $id_text } تأیید نشد: «{ $title }»
comment-card = 💬 <b>نظر تازه</b> دربارهٔ خبر { $id }: { $title }
comment-approved-by = ✅ تأیید: { $name } · { $when }
comment-rejected-by = ❌ رد: { $name } · { $when }
comment-taken-back = 🗑 نویسنده نظرش را پس گرفت.
comment-author-silenced = 🚫 نویسنده مسدود است.
comment-decided = این نظر دیگر در انتظار نیست: دربارهٔ آن تصمیم گرفته شده یا نویسنده آن را پس گرفته است.
comment-silence-sure = { $name } مسدود شود؟ نظرات در انتظارش رد می‌شود و دیگر نمی‌تواند نظر بنویسد.
comment-down-sure = این نظر از زیر خبر برداشته شود؟
comments-many = بیش از ده نظر در انتظار بررسی است (اکنون { $count_text })؛ تا کم شود، برای هر نظر پیام جداگانه‌ای نمی‌آید. صف نظرات: /comments

## خواندنی‌ها
top-day = 🔥 پرخواننده‌ترین خبرهای ۲۴ ساعت گذشته
top-week = 🔥 پرخواننده‌ترین خبرهای ۷ روز گذشته
top-none = هنوز خبری خوانده نشده است. کمی بعد سر بزنید.
button-top-day = ۲۴ ساعت
button-top-week = ۷ روز
report-title = ☀️ <b>گزارش ۲۴ ساعت گذشته</b>
report-published = 📰 منتشرشده: { $count_text }
report-most-read = پرخواننده‌ترین‌ها
report-signals = 👁 { $openings_text } · 👍 { $reactions_text } · 🔖 { $saves_text } · 💬 { $comments_text }
button-report = ☀️ گزارش روزانه
settings-report =
    <b>گزارش روزانهٔ تحریریه</b>
    پرخواننده‌ترین خبرهای ۲۴ ساعت گذشته و کارهای در انتظار، هر روز در ساعتی که انتخاب می‌کنید. 👁 باز شدن متن کامل، 👍 واکنش به پست، 🔖 ذخیره، 💬 نظر.
report-off = خاموش

## پیام‌های خوانندگان
tip-ask =
    خبر، عکس، ویدیو یا صدایتان را همین‌جا برای تحریریه بفرستید؛ در چند پیام هم می‌شود (در مجموع تا { $most_text } نویسه).
    پس از آخرین پیام «تمام» را بزنید. نامی که در تلگرام دارید کنار پیام دیده می‌شود.
tip-in-private = برای فرستادن خبر به تحریریه، گفت‌وگوی خصوصی را باز کنید.
button-tip-begin = 📨 فرستادن
tip-more = ثبت شد. اگر چیز دیگری هم هست بفرستید، وگرنه «تمام» را بزنید.
tip-sent = به تحریریه رسید. سپاسگزاریم! نتیجه را همین‌جا می‌نویسیم.
button-tip-withdraw = ↩️ پس گرفتن
tip-withdrawn = پیام شما پس گرفته شد و تحریریه دیگر آن را نمی‌بیند.
tip-unreadable = این نوع پیام را نمی‌پذیریم. متن، عکس، ویدیو، صدا یا فایل بفرستید، یا «تمام» را بزنید.
tip-empty = هنوز چیزی نفرستاده‌اید. چند کلمه، عکس، ویدیو یا صدا بفرستید. برای انصراف: /cancel
tip-too-long = پیام شما تا اینجا { $length_text } نویسه می‌شود؛ حداکثر { $most_text } نویسه می‌پذیریم. پیام آخر را کوتاه‌تر بفرستید.
tip-silenced = فرستادن پیام به تحریریه برای شما بسته شده است. خبرها را مانند همیشه می‌بینید.
tip-too-many =
    { $minutes ->
       *[other] چند پیام پشت سر هم فرستاده‌اید. پیام بعدی را { $minutes_text } دقیقهٔ دیگر می‌پذیریم.
    }
tip-some-wait = { $most_text } پیام شما هنوز در انتظار تحریریه است. پس از خوانده شدن آن‌ها می‌توانید پیام دیگری بفرستید.
tip-not-waiting = این پیام دیگر در انتظار نیست و پس گرفته نمی‌شود.
tip-gone = این پیام پیدا نشد.
tip-decided = دربارهٔ این پیام تصمیم گرفته شده یا فرستنده آن را پس گرفته است.
tip-told-read = تحریریه پیام شما را خواند. سپاسگزاریم!
tip-told-used = تحریریه از پیام شما خبری آماده می‌کند. اگر منتشر شود، همین‌جا می‌نویسیم.
tip-told-declined = پیام شما را خواندیم. این بار خبری از آن آماده نمی‌کنیم، اما از توجه شما سپاسگزاریم و باز هم برایمان بنویسید.
tip-published = خبری که از پیام شما آماده شد منتشر شد: «{ $title }». سپاسگزاریم!
button-open-article = 📖 خواندن خبر
tip-untitled = پیام یک خواننده
tip-card = 📨 <b>پیام خواننده</b> · { $name } · { $when }
tip-files = 📎 { $files }
tip-read-by = 👁 خوانده شد: { $name } · { $when }
tip-used-by = 📝 پیش‌نویس شد: { $name } · { $when }
tip-declined-by = ❌ رد شد: { $name } · { $when }
tip-taken-back = 🗑 فرستنده پیامش را پس گرفت.
tip-silence-sure = { $name } مسدود شود؟ پیام‌ها و نظرات در انتظارش رد می‌شود و دیگر نمی‌تواند چیزی بفرستد.
button-tip-draft = 📝 ساختن پیش‌نویس
button-tip-files = 📎 فایل‌ها
button-tip-read = 👁 خواندم، سپاس
button-tip-decline = ❌ رد محترمانه
tips-title = 📨 <b>پیام‌های خوانندگان</b>: یکی را باز کنید.
tips-none = پیامی از خوانندگان در انتظار نیست.
tips-many = بیش از ده پیام از خوانندگان در انتظار است (اکنون { $count_text })؛ تا کم شود، برای هر پیام کارت جداگانه‌ای نمی‌آید. فهرست: /tips
queue-title =
    <b>نظرات در انتظار بررسی</b>
    ✅ تأیید، ❌ رد، 🚫 مسدود کردن نویسنده، 📄 خبر
queue-empty = نظری در انتظار بررسی نیست.
queue-article = خبر { $id }: { $title }
queue-article-gone = خبر { $id } پس گرفته شده است: { $title }
silenced-title = <b>نویسندگان مسدود</b>
silenced-none = کسی مسدود نیست.
silenced-since = { $name } · { $when }
silence-lifted-already = این شخص دیگر مسدود نیست.

## آمار

button-stats-days = { $days_text } روز
stats-drawing = در حال کشیدن نمودار…
stats-usage =
    <code>/stats</code> آمار ۳۰ روز گذشته
    <code>/stats 7d</code> آمار ۷ روز گذشته (تا { $most_text } روز)
    <code>/stats 264802</code> آمار یک خبر با شناسه‌اش
    <code>/stats csv 90</code> جدول ۹۰ روز گذشته
button-stats-article = آمار یک خبر
stats-days = شمار روزها از ۱ تا { $most_text } است، مثلاً: <code>/stats 90d</code>
stats-no-article = خبری با شناسهٔ { $id_text } نیست. آمار همهٔ خبرها در چند روز: <code>/stats 7d</code>
stats-unpublished = خبر { $id_text } هنوز منتشر نشده است و آماری ندارد.
stats-not-drawn = نمودار این بار کشیده نشد؛ می‌توانید دوباره تلاش کنید.
stats-overview =
    <b>آمار { $days_text } روز گذشته</b>
    { $begin } تا { $end }

    خبر منتشرشده: { $posts }
    تیتر رسیده: { $delivered }
    بازدید ممکن: { $audience }
    خوانندهٔ متن کامل: { $readers }
    دنبال‌کننده: { $gained } تازه، { $lost } رفته

    بازدید ممکن شمار اعضای کانال‌ها و گروه‌ها در هنگام ارسال و گفت‌وگوهای خصوصی است؛ تلگرام شمار بازدید را به ربات‌ها نمی‌گوید.
stats-article =
    <b>آمار خبر { $id }</b>

    تیتر رسیده: { $delivered }
    کانال { $channels }، گروه { $groups }، خصوصی { $people }
    بازدید ممکن: { $audience }
    خوانندهٔ متن کامل: { $readers }
    نظر: { $comments }
stats-copies = پیام‌ها پس از آخرین تغییر: { $copies }
stats-title = آمار { $days_text } روز گذشته
stats-period = { $begin } تا { $end }
stats-article-title = آمار خبر { $id }
stats-nothing = چیزی نیست
stats-posts = خبر منتشرشده
stats-delivered = تیتر رسیده
stats-audience = بازدید ممکن
stats-readers = خوانندهٔ متن کامل
stats-comments = نظر
stats-gained = دنبال‌کنندهٔ تازه
stats-lost = دنبال‌کنندهٔ رفته
stats-posts-daily = خبرهای منتشرشده در روز
stats-delivered-daily = تیترهای رسیده در روز
stats-audience-daily = بازدید ممکن در روز
stats-readers-daily = خوانندگان متن کامل در روز
stats-followers = دنبال‌کنندگان تازه (بالا) و رفته (پایین)
stats-gained-and-lost = { $gained } تازه، { $lost } رفته
stats-by-category = تیترهای رسیده به تفکیک دسته
stats-by-channel = بازدید ممکن کانال‌ها و گروه‌ها
stats-by-kind = تیترهای رسیده به تفکیک مقصد
stats-to-channels = کانال‌ها
stats-to-groups = گروه‌ها
stats-to-people = گفت‌وگوهای خصوصی
stats-copies-title = پیام‌ها پس از آخرین تغییر
stats-copies-changed = به‌روزشده
stats-copies-deleted = حذف‌شده
stats-copies-tombstoned = متن برداشته‌شده
stats-copies-gone = حذف‌شده با دست
stats-copies-live = پذیرفته‌نشده
stats-copies-unreachable = خارج از دسترس
stats-copies-pending = در صف
stats-comments-title = نظرات
stats-comments-approved = تأییدشده
stats-comments-waiting = در انتظار
stats-comments-rejected = ردشده
stats-comments-deleted = پس‌گرفته
stats-thousand = {" هزار"}
stats-million = {" میلیون"}
stats-csv-part = بخش
stats-csv-gregorian = تاریخ میلادی
stats-csv-date = تاریخ
stats-csv-name = نام
stats-csv-metric = سنجه
stats-csv-count = شمار
stats-part-day = روز
stats-part-category = دسته
stats-part-channel = کانال یا گروه


## کارنامه و همکاران

audit-title = <b>کارنامهٔ تحریریه</b>
audit-article-title = <b>کارنامهٔ خبر { $id }</b>
audit-usage = کارنامهٔ همه: /audit؛ یک خبر: <code>/audit 12</code>؛ جدول CSV سی روز گذشته یا چند روز دلخواه: <code>/audit csv 90</code>
audit-csv-usage = پس از csv شمار روزها را از ۱ تا { $most_text } بنویسید، مثلاً: <code>/audit csv 90</code>
audit-empty = هنوز کاری ثبت نشده است.
audit-empty-article = دربارهٔ خبر { $id_text } کاری ثبت نشده است. کارنامهٔ همه: /audit
audit-no-revision = متن آن زمان دیگر در دست نیست.
audit-line =
    { $place_text }. { $when }
    { $who }
audit-revision = نسخهٔ { $revision_text }
audit-of-article = خبر { $id }: { $title }
audit-command-line = خط فرمان
audit-source = منبع
audit-source-named = منبع { $name }
audit-telegram = تلگرام
audit-table = { $count_text } کار در { $days_text } روز گذشته
audit-column-time = زمان
audit-column-person = شخص
audit-column-person-id = شناسهٔ شخص
audit-column-act = کار
audit-column-code = کد کار
audit-column-article = شناسهٔ خبر
audit-column-revision = نسخه
audit-column-detail = جزئیات
button-what-changed = { $place_text } · چه تغییر کرد
audit-difference = <b>خبر { $id }، نسخهٔ { $revision_text }</b>: چه تغییر کرد
audit-same-text = متن این نسخه همان متن پیشین است.
audit-before = <b>بود:</b> { $text }
audit-after = <b>شد:</b> { $text }
act-draft = پیش‌نویس تازه
act-import = وارد کردن خبر
act-edit = ویرایش
act-take-over = به دست گرفتن ویرایش
act-keep = پیش‌نویس ماند
act-discard = حذف پیش‌نویس
act-submit = ارسال برای بازبینی
act-withdraw = پس گرفتن از بازبینی
act-approve = تأیید و انتشار
act-reject = رد در بازبینی
act-drop = کنار گذاشتن خبر ورودی
act-publish = انتشار
act-undo-publication = برگرداندن انتشار
act-schedule = زمان‌بندی
act-unschedule = لغو زمان‌بندی
act-breaking = فرستادن به‌صورت فوری
act-correct = اصلاح
act-retract = پس گرفتن خبر
act-announce = اعلان
act-retract-announcement = پس گرفتن اعلان
act-appoint = تعیین مالک از راه تنظیمات
act-invite = دعوت به تحریریه
act-uninvite = پس گرفتن دعوت‌نامه
act-join = پیوستن به تحریریه
act-change-role = تغییر نقش
act-remove-staff = حذف از تحریریه
act-approve-chat = تأیید کانال یا گروه
act-deny-chat = رد کانال یا گروه
act-revoke-chat = لغو تأیید کانال یا گروه
act-open-door = پذیرش کانال یا گروه بدون نیاز به تأیید
act-lose-chat = قطع دسترسی به کانال یا گروه
act-find-chat = بازگشت دسترسی به کانال یا گروه
act-chat-settings = تغییر تنظیمات کانال یا گروه
act-add-source = افزودن منبع
act-remove-source = حذف منبع
act-pause-source = توقف منبع
act-resume-source = ازسرگیری منبع
act-change-source-policy = انتخاب شیوهٔ اعمال تغییرهای منبع
act-source-moved = جابه‌جایی نشانی منبع
act-set-request = تنظیم درخواست‌های یک منبع
act-unset-request = حذف از درخواست‌های یک منبع
act-change-key = رمزنگاری دوبارهٔ رمزهای منابع با کلید تازه
act-add-rule = افزودن قاعدهٔ منبع
act-remove-rule = حذف قاعدهٔ منبع
act-add-word = افزودن به واژه‌نامه
act-remove-word = حذف از واژه‌نامه
act-edit-source = ویرایش منبع
act-fetch-source = خواندن فوری منبع
act-learn-section = انتخاب دستهٔ یک بخش منبع
act-forget-section = لغو دستهٔ یک بخش منبع
act-outbox-retry = ارسال دوباره
act-outbox-arrived = تأیید رسیدن
act-outbox-drop = رها کردن ارسال
act-approve-comment = تأیید نظر
act-reject-comment = رد نظر
act-take-down-comment = برداشتن نظر
act-silence-reader = مسدود کردن نویسندهٔ نظر
act-lift-silence = رفع مسدودی نویسندهٔ نظر
act-read-tip = خواندن پیام خواننده
act-use-tip = پیش‌نویس از پیام خواننده
act-decline-tip = رد پیام خواننده
act-pause = توقف همهٔ ارسال‌ها
act-resume = ازسرگیری ارسال‌ها
editor-card =
    <b>{ $name }</b>
    نقش: { $role }
    عضو تحریریه از { $since }

    با هر دکمه نقش او بی‌درنگ عوض می‌شود.
editor-owner-by-setting = انجام شد. شناسهٔ او در OWNER_IDS هست؛ تا از آنجا برداشته نشود، با راه‌اندازی بعدی پیک دوباره مالک می‌شود.
role-changed =
    نقش شما در تحریریه تغییر کرد: { $role ->
        [owner] { role-owner }
        [editor] { role-editor }
        [moderator] { role-moderator }
       *[author] { role-author }
    }. فرمان‌ها: /help
staff-removed = عضویت شما در تحریریه پایان یافت. خبرها مانند همیشه برایتان می‌آید.
invitations-title = <b>دعوت‌نامه‌های باز</b>
invitation-open = { $place_text }. { $role } · تا { $until }
invitation-gone = این دعوت‌نامه دیگر باز نیست. فهرست تازه: /editors
button-uninvite = { $place_text } · پس گرفتن دعوت { $role }


## اعلان

announcement-from = اعلان تحریریه
announcement-retracted = این اعلان پس گرفته شد.
announce-whom-ask = <b>اعلان تازه</b>: برای چه کسانی؟
announce-whom-wanted = یکی از دکمه‌ها را بزنید یا نام دسته را بنویسید. برای انصراف: /cancel
announce-all = همهٔ گفت‌وگوها
announce-followers = دنبال‌کنندگان { $name }
announce-text-ask = متن اعلان را در یک پیام بنویسید.
announce-text-only = اعلان فقط متن است. متنش را در یک پیام بنویسید. برای انصراف: /cancel
announce-too-long = اعلان { $length_text } نویسه دارد؛ حداکثر { $most_text } نویسه می‌پذیریم.
announce-nobody = کسی نیست که این اعلان به او برسد.
announce-card = 📢 اعلان بالا، درست به همین شکل، برای <b>{ $whom }</b> فرستاده شود؟
announce-extent = شمار گیرندگان: { $count_text }؛ زمان لازم: { $duration }
announce-stars = هزینه: حداکثر { $stars_text } ستارهٔ تلگرام
announce-quiet = هر که در ساعت‌های سکوت است، پس از پایانش آن را می‌گیرد.
button-yes-announce = بله، فرستاده شود
announce-sent = 📢 اعلان در راه است: <b>{ $title }</b>
announce-soon = گیرندگان هنوز شمرده می‌شوند…
announce-arrived = ✅ اعلان فرستاده شد: <b>{ $title }</b>
button-retract = ↩️ پس گرفتن
announce-retract-sure = اعلان «{ $title }» از همهٔ گفت‌وگوها پس گرفته شود؟ این کار بازگشت ندارد.
announce-retracted = ✅ اعلان پس گرفته شد.


## پیوست‌ها و ویرایش هم‌زمان

button-attachments = 🖼 پیوست‌ها ({ $count_text })
button-as-post = 📢 نمای کانال
button-look-usual = 👁 نمای معمول
button-back-to-preview = بازگشت به پیش‌نمایش
preview-attached = 📎 پیوست‌ها: { $attached }
attachments-kept = پیوست دریافت شد؛ همهٔ پیوست‌ها: { $count_text }. ادامه دهید.
attachments-too-many = هر خبر حداکثر { $most_text } پیوست دارد. این یکی افزوده نشد.
collecting-album = آلبوم دریافت شد. اگر عکس یا متن دیگری هم دارد بفرستید و در پایان «تمام» را بزنید.
post-forwarded = این پیام از کانال «{ $name }» است و نام آن به‌عنوان منبع می‌آید. ادامه دهید یا «تمام» را بزنید.
button-no-source = بدون منبع
tags-too-many = { $length_text } برچسب نوشتید؛ حداکثر { $most_text } برچسب می‌پذیریم.
tag-too-long = برچسب «{ $tag }» بلند است؛ هر برچسب حداکثر { $most_text } نویسه دارد.
edit-section-too-long = نام سرویس { $length_text } نویسه دارد؛ حداکثر { $most_text } نویسه می‌پذیریم.
link-unreadable = این نشانی خوانا نیست. نشانی کامل را بنویسید، مثلاً: <code>https://example.org/news/12</code>
button-edit-media = پیوست‌ها
button-edit-section = سرویس
button-edit-tags = برچسب‌ها
button-edit-link = منبع
button-no-section = بدون سرویس
button-no-tags = بدون برچسب
button-no-link = بدون منبع
button-attach = ➕ افزودن
button-detach-all = برداشتن همه
edit-media-ask =
    { $count ->
        [0] این خبر پیوستی ندارد.
       *[other] این خبر { $count_text } پیوست دارد. کدام برداشته شود؟
    }
edit-attach-ask = عکس‌ها، ویدیوها، صداها یا فایل‌ها را بفرستید؛ هر خبر حداکثر { $most_text } پیوست دارد. در پایان «تمام» را بزنید.
edit-attach-wanted = این پیام پیوستی ندارد. عکس، ویدیو، صدا یا فایل بفرستید و در پایان «تمام» را بزنید. برای انصراف: /cancel
edit-section-ask = نام سرویس را بنویسید. برای انصراف: /cancel
edit-tags-ask = برچسب‌ها را بنویسید و با ویرگول یا # از هم جدا کنید. برای انصراف: /cancel
edit-link-ask = نشانی منبع خبر را بنویسید. برای انصراف: /cancel
media-photo = عکس
media-video = ویدیو
media-document = فایل
media-audio = صدا
media-voice = پیام صوتی
media-video_note = ویدیوی گرد
media-animation = تصویر متحرک
attached-photo = { $count_text } عکس
attached-video = { $count_text } ویدیو
attached-document = { $count_text } فایل
attached-audio = { $count_text } صدا
attached-voice = { $count_text } پیام صوتی
attached-video_note = { $count_text } ویدیوی گرد
attached-animation = { $count_text } تصویر متحرک
formatting-changed = همان متن با قالب‌بندی تازه
part-title = تیتر
part-lead = لید
part-body = متن
part-photo = عکس
part-media = پیوست‌ها
part-section = سرویس
part-tags = برچسب‌ها
part-link = منبع
part-note = یادداشت اصلاح
editing-held = { $name } از { $since } سرگرم ویرایش خبر { $id } است. صبر کنید یا ویرایش را به دست بگیرید؛ به او خبر می‌دهیم.
editing-taken-over = { $name } ویرایش خبر { $id } را به دست گرفت. آنچه نوشته‌اید از دست نمی‌رود: اگر خبر تغییر کند، هنگام ثبت از شما می‌پرسیم.
button-take-over = ✋ به دست می‌گیرم
publish-held = { $name } از { $since } سرگرم ویرایش خبر { $id } است. همین نسخه منتشر شود؟
button-yes-publish = بله، منتشر شود
conflict-card = خبر { $id } هنگام نوشتن شما تغییر کرد (آخرین تغییر: { $name }). نوشتهٔ شما نگه داشته شد؛ با آن چه کنیم؟
conflict-somebody = منبع خبر
conflict-changes = <b>تغییر خبر { $id } از زمانی که آغاز کردید</b>
conflict-category = دسته: { $name }
conflict-yours = <b>نوشتهٔ شما، در برابر نسخهٔ تازه</b>
button-show-changes = 🔍 نمایش تغییرات
button-put-on-top = ✅ ثبت روی نسخهٔ تازه
button-drop-mine = ✖️ رها کردن نوشتهٔ من


## رساندن

article-retracted = این خبر پس گرفته شد.
part-empty = این بخش در متن تازهٔ خبر نیست؛ متن کامل در پیام‌های بالاست.
button-rest = ادامه در متن تازه
chat-lost = پیک دیگر نمی‌تواند در «{ $title }» بنویسد. برای ادامه، دوباره آن را با اجازهٔ نوشتن مدیر کنید؛ تنظیمات همان است که بود.
chat-found = پیک دوباره می‌تواند در «{ $title }» بنویسد.
topic-lost = پیک دیگر نمی‌تواند در موضوع «{ $topic }» از «{ $title }» بنویسد؛ آن موضوع بسته یا حذف شده است. بازش کنید یا دنبال کردنش را متوقف کنید.
markup-refused = تلگرام قالب یک پیام را نپذیرفت و پیام با متن ساده رفت. پاسخ تلگرام: { $reason }
outbox-asks = معلوم نیست پیامی به «{ $title }» رسیده باشد. لطفاً آنجا را ببینید و در /outbox تصمیم بگیرید.

## ویراستار

button-copy-edits = 🖋 ویراستار: { $count_text } اصلاح
button-copy-proposals = 🖋 ویراستار: { $count_text } پیشنهاد
copy-edit-would = 🖋 <b>ویراستار</b> در خبر { $id } این‌ها را درست می‌کند:
copy-edit-nothing = ویراستار در خبر { $id } چیزی برای اصلاح پیدا نکرد.
button-copy-edit-apply = ✅ اعمال اصلاح‌ها
copy-edited = 🖋 <b>ویراستار</b> در خبر { $id } این‌ها را درست کرد:
copy-edit-proposals = پیشنهادهای ویراستار برای خبر { $id }:
copy-edit-change = ▪️ { $before } ← { $after }
copy-edit-proposal = { $place_text }. { $before } ← { $after }
copy-edit-more = { $count ->
    [one] و یک جای دیگر
   *[other] و { $count_text } جای دیگر
}
copy-edit-undone = خبر { $id } همان شد که نوشته بودید.
copy-edit-applied = پیشنهادهای ویراستار در خبر { $id } به کار رفت.
button-copy-edit-undo = ↩️ برگردان
button-copy-edit-one = پیشنهاد { $place_text }
button-copy-edit-all = ✅ همهٔ پیشنهادها

## واژه‌نامه

house-words-title =
    { $count ->
        [0] 📖 <b>واژه‌نامهٔ تحریریه</b>
        [one] 📖 <b>واژه‌نامهٔ تحریریه</b> · { $count_text } واژه
       *[other] 📖 <b>واژه‌نامهٔ تحریریه</b> · { $count_text } واژه
    }
    ویراستار این واژه‌ها را به املای تحریریه برمی‌گرداند، یا به آن‌ها دست نمی‌زند.
house-words-none = هنوز واژه‌ای نیست.
house-word-preferred = ▪️ { $word } ← { $spelling }
house-word-left = ▪️ { $word } · دست‌نخورده می‌ماند
house-words-ask =
    واژه‌ها را بنویسید، هر کدام در یک سطر و حداکثر { $most_text } سطر:
    <code>طهران = تهران</code> تا «طهران» همیشه «تهران» شود؛
    <code>دیجی‌کالا</code>، بی‌هیچ جایگزین، تا ویراستار به آن دست نزند.
house-words-unreadable = «{ $line }» را متوجه نشدم. در هر سطر یک واژه، یا دو واژه با = میانشان بنویسید.
house-words-too-long = این { $length_text } نویسه دارد؛ هر واژه حداکثر { $most_text } نویسه می‌پذیرد.
house-words-same = «{ $word }» و جایگزینش یکی است. برای دست‌نخورده ماندنش، آن را یک بار بنویسید.
house-words-number = «{ $word }» عدد است و عدد با چیز دیگری جایگزین نمی‌شود. همراه آن واژه‌ای بنویسید.
house-words-many-lines = در یک پیام حداکثر { $most_text } واژه می‌پذیریم. بقیه را در پیام بعدی بفرستید.
house-words-too-many = واژه‌نامه حداکثر { $most_text } واژه می‌پذیرد. نخست یکی را حذف کنید.
house-words-chain = «{ $word }» به «{ $spelling }» برنمی‌گردد، چون «{ $spelling }» خودش «{ $other }» می‌شود. املای نهایی را بنویسید.
house-words-gone = این واژه دیگر در واژه‌نامه نیست.
house-words-remove-sure = این واژه از واژه‌نامه حذف شود؟
button-house-words = 📖 واژه‌نامه
button-add-words = ➕ افزودن واژه
button-remove-word = 🗑 { $word }
button-yes-remove-word = بله، حذف شود

## واسط HTTP

api-key-reused = این Idempotency-Key پیش‌تر برای درخواست دیگری به کار رفته است.
api-two-bodies = متن را یا ساده بفرستید یا به‌صورت HTML، نه هر دو.
webhook-given-up = ⚠️ وب‌هوک { $target } سه روز است که خبر مربوط به { $id } را نمی‌پذیرد. نشانی آن را در WEBHOOKS_OUT بررسی کنید.

## پشتیبان‌ها

outbox-paused-restored = ⏸ نسخهٔ پشتیبان در { $when } بازگردانده شد و همهٔ ارسال‌ها متوقف است: آنچه پس از آن نسخه فرستاده شده، دوباره فرستاده می‌شود. صف را بررسی کنید و سپس: /resume
restored-paused = ⏸ نسخهٔ پشتیبان در { $when } بازگردانده شد. همهٔ ارسال‌ها متوقف است تا کسی /outbox را بررسی کند: آنچه پس از آن نسخه فرستاده شده، دوباره فرستاده می‌شود. سپس: /resume
backup-failed = ⚠️ پشتیبان‌گیری انجام نشد: { $reason }. پیک هر نیم ساعت دوباره تلاش می‌کند.
