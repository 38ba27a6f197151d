# نصوص «بيك» العربية. كل مفتاح موجود في كل لغة، ووسوم HTML هي ما يعرفه تيليغرام.

## اللغة: ما تحتاج إليه الأرقام والتواريخ والأسماء؛ ويفصل | بين أجزاء كل قائمة

language-name = العربية
language-direction = rtl
language-digits = ٠١٢٣٤٥٦٧٨٩
language-thousands = ٬
language-calendar = gregorian
language-countries = أمريكا=US|إنجلترا=GB|بريطانيا=GB|الإمارات=AE
date-months = يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر
date-months-short = { date-months }
date-weekdays = الاثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد
date-full = { $weekday } { $day } { $month } { $year }، الساعة { $time }
date-weekday = { $weekday } { $day } { $month } { $year }
date-short = { $day } { $month }، { $time }
date-day = { $day } { $month } { $year }
date-day-of-year = { $day } { $short }
section-politics = سياسة
section-international = شؤون دولية
section-economy = اقتصاد
section-society = مجتمع
section-culture = ثقافة
section-sports = رياضة
section-science = علوم وتكنولوجيا
section-general = منوعات

## الأوامر: سطر لكل منها في المساعدة وفي قائمة الأوامر

command-latest = آخر الأخبار
command-top = الأخبار الأكثر قراءة
command-categories = أقسام الأخبار
command-category = أخبار قسم واحد
command-article = النص الكامل لخبر برقمه
command-search = البحث في الأخبار
command-subscribe = متابعة كل الأخبار أو أقسام أو وسوم أو كلمات
command-unsubscribe = إلغاء المتابعة
command-subscriptions = متابعاتك وموعد الإرسال
command-digest = موجز آخر ٢٤ ساعة
command-saved = الأخبار المحفوظة
command-history = الأخبار التي وصلتك
command-settings = الإعدادات
command-cancel = إلغاء
command-help = المساعدة
command-desk = صفحة هيئة التحرير: ما ينتظرك
command-post = كتابة خبر جديد
command-import = استيراد خبر (رابط أو نص أو ملف)
command-drafts = مسودات هيئة التحرير
command-preview = معاينة خبر
command-edit = تحرير خبر
command-submit = تقديم خبر للمراجعة
command-words = مفردات هيئة التحرير للمدقق اللغوي
command-approve = مراجعة الأخبار المنتظرة
command-publish = نشر مسودة، الآن أو في وقت لاحق
command-planned = جدول النشر
command-breaking = نشر خبر عاجل
command-follow = جعل خبر تتمة لخبر سابق
command-correct = تصحيح خبر منشور
command-retract = سحب خبر
command-outbox = قائمة الإرسال والأخطاء
command-stats = إحصاءات النشر والقراء
command-sources = مصادر الأخبار
command-channels = القنوات والمجموعات
command-comments = التعليقات المنتظرة
command-tip = إرسال خبر أو صورة أو تسجيل إلى هيئة التحرير
command-tips = رسائل القراء
command-editors = أعضاء هيئة التحرير
command-invite = الدعوة إلى هيئة التحرير
command-announce = إعلان لكل المحادثات أو لمتابعي قسم
command-audit = سجل هيئة التحرير
command-pause = إيقاف كل الإرسال
command-resume = استئناف الإرسال

## البداية والمساعدة

welcome =
    <b>بيك</b>، ساعي أخبارك في تيليغرام: تصلك الأخبار هنا فور نشرها.
    تابع «كل الأخبار» أو اختر الأقسام. كل الأوامر: /help
link-unknown = لا أعرف هذا الرابط؛ لعله ناقص أو من إصدار آخر. ابدأ من هنا:
edited-message = لا يصلني تعديل الرسائل السابقة. يُرجى كتابة النص الصحيح في رسالة جديدة.
help-title = <b>مساعدة «بيك»</b>
help-write = <b>الكتابة</b>
help-publish = <b>النشر والتصحيح</b>
help-watch = <b>المتابعة</b>
help-reach = <b>المصادر والمحادثات</b>
help-lead = <b>الإدارة</b>
help-read = <b>قراءة الأخبار</b>
help-hint = في المحادثة الخاصة، اكتب رقم الخبر ليصلك نصه الكامل؛ وكل ما تكتبه سواه يُبحث عنه.
help-inline = وفي أي محادثة أخرى، اكتب { $bot } ثم بضع كلمات لترسل خبرًا إليها.
unknown-command = لا أعرف هذا الأمر. قائمة الأوامر: /help
command-forwarded = هذا الأمر في رسالة لم تكتبها أنت. لتنفيذه أرسله بنفسك.
unreadable-message = لا أستطيع قراءة هذه الرسالة. اكتب نصًا من فضلك، أو اطلب المساعدة: /help
internal-error = حدث خطأ وسُجّل. حاول من جديد بعد قليل من فضلك.
too-fast = رسائلك كثيرة ومتتابعة. انتظر دقيقة من فضلك ثم اكتب من جديد.
not-allowed = هذا خارج صلاحيات دورك. إن احتجت إليه فاطلبه من المالك.
stale-button = لم يعد هذا الزر صالحًا. أرسل الأمر من جديد من فضلك.
dialogue-ended = تعذّر إكمال هذه المحادثة فانتهت. أرسل الأمر من جديد من فضلك.
noted = تم
cancelled = أُلغي، ولم يُسجَّل شيء.
nothing-to-cancel = لا شيء لإلغائه. المساعدة: /help
words-done = تم|انتهيت|done
words-cancel = إلغاء|الغاء|cancel
words-everything = كل|الكل|كل شيء|كل الأخبار|all|everything
list-comma = {"، "}
list-and = {" و"}
everything = كل الأخبار
nothing = لا شيء

## الخبر

button-full-text = النص الكامل
button-previous = ▶ السابق
button-next = التالي ◀
button-save = 🔖 حفظ
button-unsave = ✔️ محفوظ
button-share = ↗️ مشاركة
button-related = 🔗 أخبار ذات صلة
button-source = 🌐 المصدر
button-more-of-category = 🗂 المزيد من هذا القسم
article-number = رقم الخبر: <code>{ $number }</code>
article-section = { $section }
article-byline = بقلم: { $byline }
article-note = تصحيح: { $note }
article-source = مصدر الخبر
page-of = الصفحة { $page_text } من { $pages_text }
digest-title = موجز الأخبار، { $day }
digest-counted =
    { $count ->
        [0] لا أخبار
        [one] خبر واحد. اضغط على العنوان لقراءة النص الكامل.
        [two] خبران. اضغط على أي عنوان لقراءة نصه الكامل.
        [few] { $count_text } أخبار. اضغط على أي عنوان لقراءة نصه الكامل.
        [many] { $count_text } خبرًا. اضغط على أي عنوان لقراءة نصه الكامل.
       *[other] { $count_text } خبر. اضغط على أي عنوان لقراءة نصه الكامل.
    }
digest-left = الأخبار هنا: { $count_text }؛ والبقية ({ $left_text }) في /latest
article-usage = اكتب رقم الخبر بعد الأمر، مثل: <code>/article 264802</code>
article-bad-number = «{ $number }» ليس رقم خبر. اكتب عددًا، مثل: <code>/article 264802</code>
article-not-found = لا يوجد خبر بالرقم { $id_text }، أو أنه سُحب. أحدث الأخبار: /latest
latest-title = آخر الأخبار
latest-new =
    { $count ->
        [0] لا جديد منذ زيارتك الأخيرة
        [one] خبر جديد واحد منذ زيارتك الأخيرة
        [two] خبران جديدان منذ زيارتك الأخيرة
        [few] { $count_text } أخبار جديدة منذ زيارتك الأخيرة
        [many] { $count_text } خبرًا جديدًا منذ زيارتك الأخيرة
       *[other] { $count_text } خبر جديد منذ زيارتك الأخيرة
    }
latest-many-new = أكثر من { $count_text } خبر جديد منذ زيارتك الأخيرة
latest-usage = اكتب بعد /latest عددًا من ١ إلى { $most_text }.
no-news = لم يُنشر أي خبر بعد. تابعنا لتصلك الأخبار الجديدة: /subscribe
categories-title = <b>أقسام الأخبار</b>
category-title = أخبار قسم: { $name }
category-empty = لا أخبار بعد في قسم { $name }. الأقسام الأخرى: /categories
category-gone = لم يعد هذا القسم موجودًا. الأقسام: /categories
breaking-suggested =
    اقتراح خبر عاجل: يطابق الخبر { $id } قاعدة في مصدره.
    «{ $title }»
rule-query-empty = هذه القاعدة لا تجد شيئًا: اكتب كلمة أو عبارة أو قسمًا واحدًا على الأقل.
rule-unknown = لا توجد قاعدة كهذه.
rule-tag-wrong = يجب أن يكون في الوسم حروف؛ والحد الأقصى لعدد الأحرف { $most_text }.
categories-too-many = لا يمكن إنشاء القسم «{ $name }»: الحد الأقصى لعدد الأقسام { $most_text }، وإلا لم تتسع لها الأزرار. اختر قسمًا موجودًا.
category-unknown = لا قسم باسم «{ $name }». الأقسام: /categories
category-unknown-choose = لا قسم باسم «{ $name }». اختر أحد هذه الأقسام:
category-unknown-list =
    لا قسم باسم «{ $name }».
    الأقسام: { $names }
search-title = 🔎 نتائج البحث عن
search-nothing = لم يُعثر على شيء عن:
search-hint = جرّب كلمات أقل أو إملاءً آخر.
search-too-long = استغرق هذا البحث وقتًا طويلًا. جرّب كلمات أقل أو أدق.
search-usage =
    <b>البحث في الأخبار</b>
    اكتب الكلمات بعد /search؛ وتكفي الكلمات وحدها في المحادثة الخاصة. لا فرق بين صور الإملاء المختلفة.

    قسم واحد، وعبارة بنصها بين علامتي اقتباس، وشَرطة قبل كلمة لا تريدها:
    <code>/search القسم:رياضة "المنتخب الوطني" -ودية</code>
    بين تاريخين:
    <code>/search النفط من 2026-01-01 إلى 2026-01-31</code>
    اليوم وأمس والأيام الأخيرة:
    <code>/search القسم:اقتصاد التاريخ:آخر 7 أيام</code>
search-in-category = في قسم { $name }
search-since = منذ { $day }
search-until = حتى { $day }
search-between = من { $first } إلى { $last }
search-unclear-date = لم أفهم «{ $words }»: لا يوم كهذا في التقويم. مثال: <code>من 2026-01-01 إلى 2026-01-31</code>. إن لم يكن تاريخًا فضعه بين علامتي اقتباس.
search-unclear-order = تنتهي المدة «{ $words }» قبل أن تبدأ. اكتب اليوم الأول بعد «من» واليوم الأخير بعد «إلى».
search-one-category = يقبل كل بحث قسمًا واحدًا، من دون علامة الاستثناء، مثل: <code>القسم:رياضة</code>
search-closest = الأحدث ({ $count_text })، وأولًا ما وردت هذه الكلمات في عنوانه
button-closest = 🎯 الأقرب
button-newest = 🕘 الأحدث
search-others = لعلك تقصد:
button-meant = هل تقصد «{ $words }»؟
button-without-days = من دون تاريخ
button-without-category = في كل الأقسام
button-without-exclusions = من دون استثناءات
button-without-quotes = من دون اقتباس
inline-nothing = لم يُعثر على شيء؛ البحث في «بيك»
inline-unclear = القسم أو التاريخ غير معروف؛ المساعدة
saved = حُفظ الخبر
unsaved = أُزيل من الأخبار المحفوظة
saved-in-private = تُفتح الأخبار المحفوظة في المحادثة الخاصة.
saved-title = الأخبار المحفوظة
saved-empty = لم تحفظ أي خبر بعد. تحت نص كل خبر زر «حفظ».
digest-empty = لم يصل في آخر ٢٤ ساعة شيء مما تتابعه. لما قبلها: /latest
digest-quiet = لم يُنشر أي خبر في آخر ٢٤ ساعة. لأخبار أقدم: /latest
button-all-news = 🗞 كل الأخبار

## القراءة

related-title = أخبار ذات صلة بالخبر { $number }
related-none = لم نجد أخبارًا ذات صلة. لمزيد من أخبار هذا القسم اضغط «المزيد من هذا القسم».
visible-ask = إذا ظهرت الرسالة أعلاه فارغة أو لم يعرضها تطبيقك فاضغط «نص بسيط»: أرسلها من جديد، ويصلك كل شيء بعدها نصًا بسيطًا.
button-visible = 👍 تظهر جيدًا
button-invisible = 🔤 نص بسيط
visible-thanks = شكرًا لك!
invisible-noted = ستصلك الأخبار والموجزات من الآن نصًا بسيطًا. للعودة إلى النص المنسّق: /settings
history-title = الأخبار التي وصلتك
history-sent = أُرسل: { $when }
history-retracted = سُحب هذا الخبر.
history-empty = لم يصلك أي خبر بعد. لتلقّي الأخبار: /subscribe
history-in-private = تُفتح الأخبار التي وصلتك في المحادثة الخاصة.
button-history = 🕘 الأخبار التي وصلتك

## المتابعة

subscribed =
    ستصلك الأخبار الجديدة: { $names }
    موعد الإرسال: { $schedule }
unsubscribed = لم تعد تتابع: { $names }
unsubscribed-all = لن تصلك أخبار بعد الآن. متى شئت: /subscribe
unsubscribe-sure = أتريد إلغاء متابعة كل هذا؟ { $names }
subscriptions-none = لا تتابع شيئًا. للبدء: /subscribe
subscriptions-title =
    <b>تتابع:</b> { $names }
    <b>موعد الإرسال:</b> { $schedule }
subscriptions-hint = زر كل قسم يفتح متابعته أو يوقفها. ⚙️ يفتح موعد الإرسال و«العاجل فقط» لكل منها.
follow-breaking-of = { $name } (العاجل فقط)
follow-unknown =
    لا قسم باسم «{ $name }».
    الأقسام: { $names }

    إن كنت تريد هذه الكلمات نفسها، فبالزر أدناه يصلك كل خبر فيه هذه الكلمات: <code>{ $words }</code>
follow-title-of =
    <b>ما تتابعه «{ $title }»:</b> { $names }
    <b>موعد الإرسال:</b> { $schedule }
follow-hint-in-group = زر كل قسم يفتح متابعته أو يوقفها. أما الوسوم والكلمات فاكتبها: <code>/subscribe #بورصة</code> أو <code>/subscribe «أسعار النفط»</code>
follow-line = • { $name }: { $how }
follow-muted = لا يُرسل
follow-breaking-at-once = العاجل فقط، فور النشر
follow-page =
    <b>{ $name }</b>
    موعد الإرسال: { $schedule }
follow-page-breaking =
    <b>{ $name }</b>
    { $schedule }
follow-page-muted =
    <b>{ $name }</b>
    لا يُرسل خبر فيه هذه الكلمات، ولو كان مما تتابعه.
follow-as-chat = كالبقية ({ $schedule })
follow-topic = الموضوع { $id_text }
follow-topics = <b>مواضيع «{ $title }»</b>: أي الأخبار تصل إلى كل منها؟
follow-topics-none = لا أعرف بعد أي موضوع في «{ $title }». أرسل /subscribe في الموضوع ليظهر هنا أيضًا.
follow-whole-group = المجموعة كلها
follow-words-ask =
    اكتب الكلمات؛ يصلك كل خبر فيه هذه الكلمات كلها. لا فرق بين صور الإملاء المختلفة.
    عبارة بنصها بين علامتي اقتباس، وشَرطة قبل كلمة لا تريدها: <code>"أسعار النفط" -أوبك</code>
    للإلغاء: /cancel
follow-muted-ask =
    اكتب الكلمات؛ لا يُرسل خبر فيه هذه الكلمات كلها، مثل: <code>الدوري الممتاز -الأهلي</code>
    للإلغاء: /cancel
follow-tag-ask =
    اكتب الوسم، مثل: <code>#بورصة</code>
    للإلغاء: /cancel
follow-section-ask =
    اكتب اسم فريق التحرير كما يظهر في النص الكامل للأخبار.
    للإلغاء: /cancel
follow-recent = في الأخبار الأخيرة: { $names }
follow-words-none = لا كلمة للبحث فيما كتبته. اكتب كلمة واحدة على الأقل بلا علامة استثناء، مثل: <code>نفط -أوبك</code>
follow-words-many = ما كتبته طويل؛ الحد الأقصى لعدد الكلمات { $most_text }.
follow-words-category = تابع القسم وحده؛ واكتب هنا الكلمات فقط.
follow-names-none = لا اسم بحروف فيما كتبته. اكتب من جديد أو ألغِ: /cancel
follow-too-many = يمكنك متابعة { $most_text } من الوسوم والفرق والكلمات معًا على الأكثر. أزل واحدًا منها أولًا: /subscriptions
follow-not-followed = «{ $name }» ليس مما تتابعه. القائمة: /subscriptions
follow-gone = لم تعد تتابع هذا. القائمة الجديدة: /subscriptions
follow-undone = تم التراجع: تتابع ما كنت تتابعه من قبل
follow-undo-gone = لم يعد التراجع ممكنًا، فقد تغيّر شيء آخر بعد ذلك. القائمة الحالية: /subscriptions
follow-already = أنت تتابع هذا بالفعل
button-follow-category = ➕ متابعة { $name }
button-follow-these-words = 🔎 متابعة هذه الكلمات
button-follow-words = 🔎 متابعة كلمات
button-follow-tag = #️⃣ وسم
button-follow-section = 🗞 فريق تحرير
button-mute-words = 🔇 كتم كلمات
button-follow-in-private = ⚙️ الإعدادات في الخاص
button-follow-undo = ↩️ تراجع
button-follow-stop = 🗑 إيقاف المتابعة
button-choose-categories = ☑️ اختيار الأقسام
button-yes-unsubscribe = نعم، كله
button-follow-unmute = 🔔 إعادة الإرسال
button-breaking-only = 🚨 العاجل فقط
button-topics = 💬 مواضيع المجموعة
group-admins-only = لا يغيّر هذا إلا مشرفو المجموعة.
schedule-instant = فور النشر
schedule-every =
    { $minutes ->
        [one] كل دقيقة
        [two] كل دقيقتين
        [few] كل { $minutes_text } دقائق
       *[other] كل { $minutes_text } دقيقة
    }
schedule-hours =
    { $hours ->
        [one] كل ساعة
        [two] كل ساعتين
        [few] كل { $hours_text } ساعات
       *[other] كل { $hours_text } ساعة
    }
schedule-at = موجز الساعة { $times }

## الإعدادات

button-settings = ⚙️ الإعدادات
button-categories = 🗂 الأقسام والكلمات
button-schedule = ⏰ موعد الإرسال
button-quiet = 🌙 ساعات الهدوء
button-pause = ⏸ إيقاف
button-unpause = ▶️ استئناف
button-plain = نص بسيط بدل النص المنسق
button-rich-digests = موجزات منسقة
button-close = إغلاق
button-back = رجوع
button-own-schedule = ✍️ موعد آخر
button-own-quiet = ✍️ ساعات أخرى
settings-own = <b>إعداداتك</b>
settings-of = <b>إعدادات { $title }</b>
settings-state =
    الحالة: { $state }
    الأخبار: { $names }
    موعد الإرسال: { $schedule }
    ساعات الهدوء: { $quiet }
    المنطقة الزمنية: { $zone }
    اللغة: { $language }
settings-schedule =
    <b>متى تُرسل الأخبار؟</b>

    <b>فورًا:</b> كل خبر ساعة نشره.
    <b>على فترات:</b> أخبار الفترة في رسالة واحدة.
    <b>الموجز:</b> العناوين الجديدة، قسمًا قسمًا، في رسالة واحدة وفي الساعات التي تختارها. موجز آخر ٢٤ ساعة الآن: /digest

    الأخبار العاجلة لا تنتظر هذه المواعيد.
settings-quiet = <b>في أي الساعات لا يُرسل شيء؟</b>
quiet-none = لا يوجد
quiet-hours = من { $begin } إلى { $end }
schedule-ask = اكتب موعد الإرسال: «فورًا» أو «كل ٤٥ دقيقة» أو ساعات الموجز، مثل «٨ و٢٠:٣٠». للإلغاء: /cancel
schedule-unreadable = لم أفهم هذا الموعد. أمثلة: «فورًا»، «كل ٤٥ دقيقة»، «٨ و٢٠:٣٠»، «كل يوم الساعة ٩ مساءً». للإلغاء: /cancel
quiet-ask = اكتب ساعات الهدوء، مثل <code>من ١١ مساءً إلى ٧ صباحًا</code>. للإلغاء: /cancel
quiet-unreadable = لم أفهم هذه الساعات. مثال: <code>من ١١ مساءً إلى ٧ صباحًا</code>. للإلغاء: /cancel
settings-zone = <b>بتوقيت أي مكان؟</b> به تُحسب مواعيد الإرسال وساعات الهدوء وتواريخ الأخبار.
button-other-zone = ✍️ مدينة أو دولة أخرى
zone-at = { $city }، { $time }
zone-ask = اكتب اسم مدينة أو دولة، مثل «ستوكهولم» أو «كندا». للإلغاء: /cancel
zone-unknown = لا أعرف «{ $name }». اكتب اسم الدولة أو أقرب مدينة كبيرة، مثل «ألمانيا». للإلغاء: /cancel
zone-which = أيّ منها؟
chat-unknown = لا أعرف قناة أو مجموعة كهذه، أو لست من مشرفيها.
chat-not-active = لم يبدأ «بيك» عمله في هذه المجموعة بعد؛ على هيئة التحرير أن توافق أولًا.
chat-active = يعمل
chat-paused = متوقف
chat-pending = ينتظر الموافقة
chat-denied = لم يوافَق عليه
chat-inactive = لا يمكن الوصول إليه منذ { $when }
chat-refusing = يرفض الرسائل منذ { $when }
refusal-blocked = حظر المستخدم «بيك»
refusal-deactivated = حساب المستخدم معطل
refusal-kicked = أُخرج «بيك» منها
refusal-left = «بيك» ليس عضوًا هناك
refusal-never-started = لم يبدأ المستخدم المحادثة
refusal-not-found = لا يجدها تيليغرام
refusal-rights-taken = لا يملك «بيك» إذن النشر
refusal-deleted = حُذفت القناة أو المجموعة
kind-channel = قناة
kind-group = مجموعة

## مظهر المنشورات

button-look = 🎨 مظهر المنشورات
button-zone = 🕰 المنطقة الزمنية
button-shape-title = العنوان فقط
button-shape-lead = مع المقدمة
button-shape-paragraph = مع أول فقرة
button-photo-attached = بصورة التحرير
button-photo-any = بأي صورة
button-photo-none = بلا صورة
button-post-tags = الوسوم
button-post-button = زر النص الكامل
button-signature = ✍️ التوقيع
button-no-signature = بلا توقيع
look-own = <b>كيف تظهر الأخبار عندك؟</b> مع «بلا صورة» لا صورة في النص الكامل كذلك.
look-of = <b>مظهر المنشورات في { $title }</b>
look-photos = «صورة التحرير» هي التي أرفقتها هيئة التحرير، و«أي صورة» تعرض صورة المصدر أيضًا. وإن لم يقبل تيليغرام صورة أُرسل الخبر نفسه نصًا.
look-signature = التوقيع: { $signature }
look-below = النموذج في الرسالة التالية.
look-signature-ask = اكتب توقيع المنشورات في سطر واحد، كاسم مستخدم القناة أو شعارها؛ الحد الأقصى لعدد الأحرف { $most_text }. للإلغاء: /cancel
look-signature-too-long = عدد أحرف التوقيع { $length_text }، والحد الأقصى { $most_text }. اكتب توقيعًا أقصر أو ألغِ: /cancel
look-signature-wanted = يجب أن يكون التوقيع نصًا. اكتبه في سطر واحد؛ للإلغاء: /cancel
look-sample-title = نموذج لعنوان خبر
look-sample-lead = هنا تأتي مقدمة الخبر، وتقول في سطر أو سطرين ما الذي حدث.
look-sample-text = هنا تأتي الفقرة الأولى من الخبر، وفيها التفاصيل.

## القنوات والمجموعات

channels-title = <b>القنوات والمجموعات</b>
channels-none = لا قناة ولا مجموعة بعد. اجعل «بيك» مشرفًا في قناة أو أضفه إلى مجموعة.
button-channels = 📣 القنوات والمجموعات
group-hello = مرحبًا! تصل أخبار «بيك» إلى هذه المجموعة. يستطيع مشرفوها تغيير إعداداتها.
group-hello-waits = مرحبًا! يبدأ «بيك» عمله هنا بعد موافقة هيئة التحرير.
group-settings = تُفتح إعدادات هذه المجموعة في المحادثة الخاصة.
chat-admitted = بدأ «بيك» عمله في «{ $title }».
chat-waits = ينتظر «بيك» موافقة هيئة التحرير في «{ $title }»؛ وسنكتب لك النتيجة هنا.
chat-no-rights = لا يملك «بيك» إذن النشر في «{ $title }». امنحه صلاحية «نشر الرسائل» في إعدادات المشرفين.
chat-not-waiting = سبق البت في هذه القناة أو المجموعة. القائمة كلها: /channels
approval-card =
    <b>طلب جديد</b>
    { $kind }: { $title }
    العنوان: { $username }
    صاحب الطلب: { $name }
    الحالة: { $state }

    هل تُرسل الأخبار إلى هناك؟
admission-card =
    <b>{ $kind }: { $title }</b>
    العنوان: { $username }
    الحالة: { $state }
button-approve = ✅ نعم، موافقة
button-deny = ❌ لا
button-admit = ✅ موافقة
button-revoke = 🚫 سحب الموافقة

## كتابة الأخبار واستيرادها

button-done = ✅ تم
button-cancel = ✖️ إلغاء
button-no-lead = بلا مقدمة
button-publish = 📣 نشر
button-keep-draft = 📝 يبقى مسودة
button-edit = ✏️ تحرير
button-delete = 🗑 حذف
button-view = 👁 عرض
button-yes-delete = نعم، يُحذف
button-edit-title = العنوان
button-edit-lead = المقدمة
button-edit-body = النص
button-edit-category = القسم
button-edit-photo = الصورة
button-remove-photo = إزالة الصورة
post-category-ask = <b>خبر جديد</b>: اختر القسم أو اكتب اسمه.
post-title-ask = اكتب عنوان الخبر.
post-lead-ask = اكتب مقدمة الخبر في رسالة واحدة.
post-body-ask = اكتب نص الخبر في رسالة أو أكثر. إن كانت له صورة فأرسلها الآن. ثم اضغط «تم» في النهاية.
post-body-more = وصل. تابع أو اضغط «تم».
post-text-wanted = هذه الخطوة تحتاج إلى نص، لا إلى ملف أو رسالة أخرى. للإلغاء: /cancel
post-no-title = لم أجد عنوانًا فيه حروف. اكتب العنوان؛ أو اكتب كل شيء معًا: القسم في السطر الأول، والعنوان في الثاني، ثم سطر فارغ فالمقدمة، ثم سطر فارغ آخر فنص الخبر.
post-title-too-long = عدد أحرف العنوان { $length_text }، والحد الأقصى { $most_text }.
post-lead-too-long = عدد أحرف المقدمة { $length_text }، والحد الأقصى { $most_text }.
post-body-too-long = عدد أحرف النص { $length_text }، والحد الأقصى { $most_text }.
post-too-many-lines = عدد أسطر النص { $length_text }، والحد الأقصى { $most_text }.
post-too-many-parts = الحد الأقصى لعدد رسائل النص { $most_text }. أرسل الباقي في ملف.
text-too-long = عدد أحرف ما كتبته { $length_text }؛ اكتب { $most_text } على الأكثر.
import-text-too-long = عدد أحرف نص الملف { $length_text }، والحد الأقصى { $most_text }. أرسل نص الخبر فقط.
post-not-finished = لم يكتمل الخبر بعد. أجب عن السؤال أو ألغِ: /cancel
collecting = هذا نص طويل؛ إن كانت له بقية فأرسلها، ثم اضغط «تم» في النهاية.
collecting-ended = مضت عشر دقائق ووُضع النص غير المكتمل جانبًا. للبدء من جديد: /post أو /import
import-ask = أرسل رابط صفحة الخبر، أو نصها المنسوخ، أو ملفها.
import-reading = جارٍ قراءة الصفحة…
import-offer = هل أستورد خبر هذا العنوان؟
button-import-address = 📥 استيراد الخبر
import-text-wanted = أرسل رابط الصفحة أو نصها أو ملف HTML.
import-unreadable = لم يُقرأ خبر من هذه الصفحة. تحقق من الرابط أو أرسل نص الصفحة المنسوخ.
import-site-refused = أجاب الموقع بالرمز { $status_text }. تحقق من الرابط أو أرسل نص الصفحة المنسوخ.
import-too-large = حجم الملف يتجاوز { $megabytes_text } ميغابايت. أرسل رابط الصفحة أو نصها المنسوخ.
import-known = هذا الخبر موجود سلفًا برقم { $id } ولم يتغير.
import-revised = حُدّث الخبر { $id } بالنص الجديد.
import-not-yours = وصل هذا الخبر إلى هيئة التحرير من قبل برقم { $id_text } وهو في يد زميل آخر. إن لزم تغيير فأخبر محررًا.
import-no-draft = لم يعد الخبر { $id_text } مسودة، ولا يستطيع تغييره إلا محرر.
pasted-not-a-page = هذا ليس نصًا منسوخًا من صفحة خبر: ليس فيه رقم الخبر ولا تاريخ نشره. اكتب خبرك أنت بالأمر /post؛ للإلغاء: /cancel
pasted-bad-number = تعذرت قراءة رقم الخبر «{ $number }». صححه في النص وأرسله من جديد.
pasted-bad-date = تعذرت قراءة تاريخ النشر، أو لا يوم كهذا في التقويم. صححه وأرسل النص من جديد.
pasted-no-title = لم يُعثر على عنوان الخبر. انسخ الصفحة من فوق العنوان إلى نهاية الخبر.
pasted-no-text = لم يُعثر على نص الخبر. انسخ الصفحة من فوق العنوان إلى نهاية الخبر.
preview-title = 👁 <b>معاينة الخبر { $id }</b>
preview-photo = 📷 مع هذا الخبر صورة.
preview-retracted = ⚠️ سُحب هذا الخبر؛ لا يراه القراء.
preview-usage = اكتب رقم الخبر بعد الأمر، مثل: <code>/preview 12</code>
publish-usage = اكتب رقم المسودة بعد الأمر، وموعد النشر إن شئت، مثل: <code>/publish 12</code> أو <code>/publish 12 غدًا ٨:٣٠</code>
edit-usage = اكتب رقم الخبر بعد الأمر، مثل: <code>/edit 12</code>
choose-publish = 📤 أيّ مسودة تريد نشرها؟
choose-preview = 👁 أيّ خبر تريد أن تراه؟
choose-edit = ✏️ أيّ خبر تريد تحريره؟
choose-submit = 📨 أيّ مسودة تُرسَل إلى المراجعة؟
choose-correct = ✏️ أيّ خبر منشور تريد تصحيحه؟
choose-retract = ↩️ أيّ خبر تريد سحبه؟
choose-breaking = 🔴 أيّ خبر يصبح عاجلًا؟
choose-follow = 🔗 أيّ خبر هو تتمة لخبر سابق؟
choose-stats = 📊 إحصاءات أيّ خبر تريد؟
choose-none = لا خبر يصلح لهذا. خبر جديد: /post
button-shelf-waiting = المسودات
button-shelf-published = المنشورة
edit-which = الخبر { $id }: <b>{ $title }</b>

    ما الذي تريد تغييره؟
edit-which-published = الخبر { $id } منشور: <b>{ $title }</b>

    يصل تصحيحك أيضًا إلى الرسائل التي أُرسلت من قبل. ما الذي تريد تغييره؟
edit-title-ask = اكتب العنوان الجديد. للإلغاء: /cancel
edit-lead-ask = اكتب المقدمة الجديدة. للإلغاء: /cancel
edit-body-ask = اكتب النص الجديد في رسالة أو أكثر ثم اضغط «تم». للإلغاء: /cancel
edit-current = النص الحالي (المسه لنسخه):
edit-copy-tap = النص الحالي في الرسالة أعلاه. المسه لنسخه.
edit-copy-hold = النص الحالي في الرسالة أعلاه. اضغط عليه مطولًا لنسخه مع تنسيقه.
edit-copy-long = هذا النص طويل؛ استبدل كلمات منه أو عدّل فقرة واحدة.
edit-which-paragraph = الخبر { $id }: <b>{ $title }</b>

    أي فقرة تريد تغييرها؟
edit-paragraph-ask = اكتب النص الجديد لهذه الفقرة. للإلغاء: /cancel
paragraph-gone = لم تعد هذه الفقرة في النص. افتح قائمة الفقرات من جديد.
button-edit-words = 🔁 استبدال كلمات
button-copy-edit = 🖋 المدقق اللغوي
button-edit-paragraph = ¶ فقرة واحدة
edit-paragraphs = فقرات النص؛ لتغيير إحداها اضغط رقمها:
button-paragraph = ¶ { $place_text }
button-more-paragraphs = ¶ فقرات أخرى
button-remove-paragraph = 🗑 حذف الفقرة
words-instead = بدل|بدلا من|بدلًا من
words-write = اكتب
replace-ask = ما الكلمات التي تريد استبدالها؟ اكتبها كما هي في الخبر؛ أو اكتب كل شيء معًا: «بدل … اكتب …». للإلغاء: /cancel
replace-by-ask =
    { $count ->
        [one] وُجد «{ $words }» في موضع واحد. ماذا نكتب مكانه؟ للإلغاء: /cancel
       *[other] عدد مواضع «{ $words }» في الخبر: { $count_text }. ماذا نكتب مكانه؟ للإلغاء: /cancel
    }
replace-not-found = لم نجد «{ $words }» في العنوان أو المقدمة أو النص. اكتبه كما هو في الخبر أو اضغط /cancel.
replace-too-long = عدد أحرفه { $length_text }، والحد الأقصى { $most_text }. اكتب نصًا أقصر أو اضغط /cancel.
replace-card =
    { $count ->
        [one] 🔁 <b>استبدال في موضع واحد من الخبر { $id }</b>
       *[other] 🔁 <b>استبدال في الخبر { $id }، عدد المواضع: { $count_text }</b>
    }
button-yes-replace = نعم، استبدل
edit-photo-ask = أرسل الصورة الجديدة. للإلغاء: /cancel
edit-photo-wanted = ليس في هذه الرسالة صورة. أرسلها صورةً لا ملفًا. للإلغاء: /cancel
edit-editors-only = الخبر { $id_text } منشور، ولا يستطيع تحريره إلا محرر.
edit-category-ask = اختر القسم الجديد.
published = نُشر الخبر { $id }: <b>{ $title }</b>
published-takes = عدد الوجهات نحو { $count_text }، والوقت اللازم { $duration }. تُظهر هذه الرسالة التقدم.
article-already-published = الخبر { $id_text } منشور من قبل. اكتب رقمه لتقرأه.
article-changed-meanwhile = تغير الخبر { $id_text } في هذه الأثناء.
article-is-retracted = سُحب الخبر { $id_text } ولن يتغير بعد الآن.
article-not-published = الخبر { $id_text } غير منشور؛ يمكن حذف المسودات في /drafts
draft-kept = بقي الخبر { $id } مسودة: <b>{ $title }</b>
button-undo-publication = ↩️ إلغاء النشر
publication-undone = أُلغي نشر الخبر { $id }؛ لم يُرسل منه شيء وهو الآن مسودة: <b>{ $title }</b>
undo-too-late = بدأ إرسال الخبر { $id_text } ولا يمكن إلغاء نشره. اسحبه إن لزم.
draft-gone = لم يعد الخبر { $id_text } مسودة.
draft-drop-sure = هل تُحذف المسودة «{ $title }»؟
draft-dropped = حُذفت المسودة «{ $title }».
drafts-title = <b>المسودات</b>
drafts-none = لا مسودات. خبر جديد: /post

## التصحيح والسحب

correct-usage = اكتب رقم الخبر المنشور بعد الأمر، مثل: <code>/correct 12</code>
correct-unpublished = لم يُنشر الخبر { $id_text } بعد.
correct-nothing = هذا الجزء مكتوب هكذا أصلًا. أرسل شيئًا آخر أو ألغِ: /cancel
correct-note-ask = ما الذي صُحح؟ اكتبه في سطر واحد ليراه القراء بعد «تصحيح:»، أو أكّد بلا ملاحظة.
correct-note-wanted = اكتب ملاحظة التصحيح في سطر واحد، مثل: اسم المدينة. للإلغاء: /cancel
correct-note-too-long = عدد أحرف الملاحظة { $length_text }، والحد الأقصى { $most_text }.
correct-card = ✏️ <b>تصحيح الخبر { $id }</b>: { $title }
correct-old = <b>كان:</b> { $text }
correct-new = <b>يصبح:</b> { $text }
correct-by-hand = إن كان أحد قد حرّر منشورًا في قناة بيده، فالنص الجديد يحل محله.
correct-photo-limits = لا تُضاف الصورة الجديدة إلى رسائل بلا صورة، ولا يمكن إزالة صورة أُرسلت.
photo-there = الصورة الحالية
photo-new = صورة جديدة
photo-none = بلا صورة
button-yes-no-note = نعم، بلا ملاحظة
button-yes-correct = نعم، يُصحح
button-yes-retract = نعم، يُسحب
button-refresh = 🔄 تحديث
retract-usage = اكتب رقم الخبر والسبب بعد الأمر، مثل: <code>/retract 12 نفاه المصدر</code>
retract-ask-reason = ↩️ سحب الخبر { $id }: <b>{ $title }</b>

    اكتب السبب في سطر واحد؛ تراه هيئة التحرير فقط. ستُسأل مرة أخرى قبل السحب.
retract-reason-wanted = اكتب السبب ببضع كلمات، مثلًا: نفى المصدر الخبر. للإلغاء: /cancel
retract-reason-too-long = عدد أحرف السبب { $length_text }، والحد الأقصى { $most_text }.
retract-card = ⚠️ <b>سحب الخبر { $id }</b>: { $title }
retract-reason = السبب، وتراه هيئة التحرير فقط: { $reason }
retract-means = تُحذف الرسائل، وما مضى عليه أكثر من يومين يحل محله «سُحب هذا الخبر». أما ما أعاد القراء توجيهه فلا يصل إليه «بيك». لا رجوع عن هذا.
corrected-done = ✅ صُحح الخبر { $id }: <b>{ $title }</b>
retracted-done = ✅ سُحب الخبر { $id }؛ ولن يراه القراء بعد الآن.
copies-none = لم تُرسل أي رسالة بهذا الخبر.
copies-extent = رسائل فيها هذا الخبر: { $count_text }؛ الوقت اللازم: { $duration }
copies-changed = حُدّثت: { $count_text }
copies-deleted = حُذفت: { $count_text }
copies-tombstoned = أُزيل نصها: { $count_text }
copies-gone = حُذفت يدويًا من قبل: { $count_text }
copies-unreachable = لا يمكن الوصول إليها: { $count_text }
copies-live = بقيت دون تغيير: { $count_text }
copies-waiting = في الانتظار: { $count_text }؛ الوقت اللازم: { $duration }
work-ended = ✅ اكتمل العمل.
broadcast-reached = ✅ وصلت: { $sent_text } من { $total_text }
reached-later = لاحقًا في أوقات المستلمين: { $count_text }
reached-nobody = لا متابع لهذا الخبر بعد.
duration-moment = أقل من دقيقة
duration-minutes =
    { $minutes ->
        [one] نحو دقيقة
        [two] نحو دقيقتين
        [few] نحو { $minutes_text } دقائق
       *[other] نحو { $minutes_text } دقيقة
    }
duration-hours =
    { $hours ->
        [one] نحو ساعة
        [two] نحو ساعتين
        [few] نحو { $hours_text } ساعات
       *[other] نحو { $hours_text } ساعة
    }

## قائمة الإرسال

outbox-title = <b>قائمة الإرسال</b>
outbox-paused = ⏸ الإرسال كله متوقف؛ أوقفه { $name }، { $when }. للاستئناف: /resume
outbox-empty = لم يُرسل شيء بعد.
outbox-pending = في الانتظار: { $count_text }
outbox-sending = قيد الإرسال: { $count_text }
outbox-sent = وصلت: { $count_text }
outbox-uncertain = غير مؤكدة: { $count_text }
outbox-refused = رُفضت: { $count_text }
outbox-withdrawn = أُلغيت: { $count_text }
outbox-expired = انتهت صلاحيتها أو لم يتسع لها الموجز: { $count_text }
outbox-changes = تصحيحات وعمليات حذف في الانتظار: { $count_text }
outbox-lanes = <b>المسارات</b>
outbox-lane = { $lane } · جاهزة: { $due_text }، لاحقًا: { $later_text }
lane-answer = الردود
lane-retraction = السحب
lane-breaking = العاجل والتصحيحات
lane-headline = العناوين
lane-digest = الموجزات
outbox-broadcast = 📣 الخبر { $id }: { $title }
outbox-announcement = 📢 إعلان: { $title }
outbox-broadcast-left = { $sent_text } من { $total_text }؛ الوقت الباقي: { $duration }
outbox-refusing-chats =
    <b>ترفض الرسائل: { $count_text }</b>
    (يواصل «بيك» المحاولة)
outbox-refusing-chat =
    ▪️ <b>{ $chat }</b>
    منذ { $when }
    { $reason }
outbox-troubles = <b>بانتظار قرارك</b>
outbox-clean = لا شيء ينتظر قرارك.
outbox-trouble =
    { $place_text }. <b>{ $chat }</b>
    الخبر { $id } · { $category }
outbox-announcement-trouble =
    { $place_text }. <b>{ $chat }</b>
    إعلان
outbox-why-asked = لا يُعرف هل وصلت. تحقق هناك من فضلك وأخبرنا.
outbox-why-uncertain = ضاع رد تيليغرام؛ يتحقق «بيك» من الأمر بنفسه.
outbox-why-topic = أُغلق موضوع المجموعة أو حُذف.
outbox-why-photo = رفض تيليغرام الصورة: { $reason }
outbox-why-silent = لم يُجب تيليغرام جوابًا سليمًا طوال يوم كامل.
outbox-why-refused = رفضها تيليغرام: { $reason }
outbox-unknown = لا إرسال برقم { $id_text }.
outbox-settled = سبق البت في هذا الإرسال. القائمة الجديدة: /outbox
outbox-decided = بُتّ في هذا الإرسال.
button-outbox-again = { $place_text } · 🔁 من جديد
button-outbox-there = { $place_text } · ✅ وصلت
button-outbox-missing = { $place_text } · ❌ لم تصل
button-outbox-drop = { $place_text } · 🗑 تُترك

## هيئة التحرير

role-owner = مالك
role-editor = محرر
role-author = كاتب
role-moderator = مشرف التعليقات
role-unknown = لا دور باسم «{ $role }». الأدوار: <code>owner</code>، <code>editor</code>، <code>author</code>، <code>moderator</code>
staff-welcome = أهلًا بك في هيئة التحرير. دورك: { $role }.
staff-first-owner =
    ١. ادعُ زملاءك بالأمر /invite.
    ٢. أضف مصدرًا بالأمر /sources، أو اكتب خبرًا بزر «✍️ كتابة».
    ٣. ما ينتظرك تجده دائمًا في /desk.
staff-first-editor =
    ١. ما ينتظر المراجعة تراه في صفحة هيئة التحرير.
    ٢. اكتب بزر «✍️ كتابة»؛ وبعد المعاينة تنشره بنفسك.
    ٣. تفتح هذه الصفحة في كل وقت بالأمر /desk.
staff-first-author =
    ١. اضغط «✍️ كتابة» في صفحة هيئة التحرير؛ أسألك عن القسم والعنوان والنص واحدًا واحدًا.
    ٢. انظر المعاينة وأرسلها للمراجعة.
    ٣. تأتيك نتيجة المراجعة هنا؛ صفحة هيئة التحرير: /desk
staff-first-moderator =
    ١. يأتيك كل تعليق جديد هنا مع زري الموافقة والرفض.
    ٢. كل التعليقات المنتظرة في /comments.
    ٣. تفتح صفحة هيئة التحرير في كل وقت بالأمر /desk.
home-title = 🗞 <b>هيئة التحرير</b> · دورك: { $role }
home-nothing-waits = ✅ لا شيء ينتظرك.
home-review = 📝 في انتظار المراجعة: { $count_text }
home-gate = 📥 الوارد من المصادر: { $count_text }
home-comments = 💬 التعليقات المنتظرة: { $count_text }
home-tips = 📨 رسائل القراء: { $count_text }
home-outbox = ❓ الإرسالات غير المؤكدة: { $count_text }
button-home = 🏠 هيئة التحرير
button-home-review = 📝 المراجعة ({ $count_text })
button-home-gate = 📥 الوارد ({ $count_text })
button-home-comments = 💬 التعليقات ({ $count_text })
button-home-tips = 📨 الرسائل ({ $count_text })
button-home-outbox = ❓ الإرسال ({ $count_text })
button-home-sources = ⚠️ المصادر ({ $count_text })
button-home-write = ✍️ كتابة
button-home-import = 📎 استيراد
button-home-drafts = 🗂 المسودات
button-home-planned = 🗓 جدول النشر
button-home-published = 📰 المنشورة
button-home-stats = 📊 الإحصاءات
button-home-readers = 👁 كما يراها القارئ
staff-unknown = لم يعد هذا الشخص عضوًا في هيئة التحرير. القائمة الجديدة: /editors
staff-last-owner = لا مالك غيره، ولا بد من مالك دائمًا. ادعُ مالكًا آخر أولًا: /invite
invite-usage = ما دور الزميل الجديد؟
invitation = دعوة بدور { $role }؛ تصلح مرة واحدة حتى { $until }:
invitation-invalid = هذه الدعوة غير صالحة، أو استُخدمت، أو انقضى وقتها. اطلب دعوة جديدة.
invitation-too-many-tries = كثرت المحاولات الخاطئة. عد بعد ساعة من فضلك.
invitation-already-staff = أنت عضو في هيئة التحرير فعلًا؛ هذه الدعوة لزميل آخر.
editors-title = <b>أعضاء هيئة التحرير</b>
button-remove-person = إخراج من الهيئة
button-yes-remove = نعم، يُخرج
editor-remove-sure = هل يُخرج { $name } من هيئة التحرير؟
paused = توقف الإرسال كله؛ والرد على القراء مستمر. للاستئناف: /resume
resumed = استؤنف الإرسال.
route-switched = ⚠️ تعذّر الوصول إلى تيليغرام عبر { $before }؛ يعمل «بيك» الآن عبر { $after }، ويعود من تلقاء نفسه متى عمل الطريق الأفضل. لا تتكرر هذه الرسالة خلال ساعة.
outage-database =
    { $trouble ->
        [full] ⚠️ قرص قاعدة البيانات ممتلئ ولا يُحفظ شيء. أفرغ مساحة؛ يستأنف «بيك» العمل من تلقاء نفسه ولا يضيع شيء.
        [locked] ⚠️ برنامج آخر يقفل قاعدة البيانات ولا يُحفظ شيء. أغلقه؛ يستأنف «بيك» العمل من تلقاء نفسه ولا يضيع شيء.
        [damaged] ⚠️ جزء من قاعدة البيانات تالف. يعمل «بيك» بالأجزاء السليمة. أوقفه واستعد آخر نسخة احتياطية.
       *[away] ⚠️ قاعدة البيانات غير متاحة ولا يُحفظ شيء. يستأنف «بيك» العمل من تلقاء نفسه ولا يضيع شيء.
    }
outage-database-over =
    { $minutes ->
        [one] ✅ عادت قاعدة البيانات إلى العمل بعد دقيقة.
        [two] ✅ عادت قاعدة البيانات إلى العمل بعد دقيقتين.
        [few] ✅ عادت قاعدة البيانات إلى العمل بعد { $minutes_text } دقائق.
       *[other] ✅ عادت قاعدة البيانات إلى العمل بعد { $minutes_text } دقيقة.
    }
outage-telegram-over =
    { $minutes ->
        [one] ✅ عاد الاتصال بتيليغرام بعد دقيقة. يُرسل الآن ما كان في الانتظار.
        [two] ✅ عاد الاتصال بتيليغرام بعد دقيقتين. يُرسل الآن ما كان في الانتظار.
        [few] ✅ عاد الاتصال بتيليغرام بعد { $minutes_text } دقائق. يُرسل الآن ما كان في الانتظار.
       *[other] ✅ عاد الاتصال بتيليغرام بعد { $minutes_text } دقيقة. يُرسل الآن ما كان في الانتظار.
    }
paused-already = الإرسال متوقف فعلًا. للاستئناف: /resume
resumed-already = الإرسال غير متوقف. لإيقافه: /pause
pause-sure = هل يتوقف كل الإرسال؟ تنتظر الأخبار الجديدة في قائمة الإرسال، ويستمر الرد على القراء.
button-yes-pause = نعم، أوقفه
paused-by = ⏸ أوقف { $name } الإرسال كله، { $when }؛ وتبقى الأخبار الجديدة في الانتظار.
resumed-by = ▶️ استأنف { $name } الإرسال، { $when }.
sources-title = <b>مصادر الأخبار</b>
sources-none = لا مصادر بعد. للبدء، أضف عنوان موقع بالزر أدناه.
sources-count =
    { $count ->
        [one] مصدر واحد
        [two] مصدران
        [few] { $count_text } مصادر
        [many] { $count_text } مصدرًا
       *[other] { $count_text } مصدر
    }
sources-troubled =
    { $count ->
        [one] ⚠️ مصدر واحد يحتاج إلى متابعة.
        [two] ⚠️ مصدران يحتاجان إلى متابعة.
        [few] ⚠️ { $count_text } مصادر تحتاج إلى متابعة.
        [many] ⚠️ { $count_text } مصدرًا يحتاج إلى متابعة.
       *[other] ⚠️ { $count_text } مصدر يحتاج إلى متابعة.
    }
sources-found = البحث في المصادر: <code>{ $words }</code>
sources-not-found = لا مصدر في اسمه أو عنوانه «{ $words }». لإضافة مصدر جديد، أرسل عنوان موقعه.
source-feed = خلاصة
source-page = صفحة
source-listing = فهرس
source-to-publish = نشر تلقائي
source-to-review = بعد موافقة هيئة التحرير
source-fetched = آخر قراءة { $when }
source-failing =
    { $times ->
        [one] أخفق مرة واحدة
        [two] أخفق مرتين
        [few] أخفق { $times_text } مرات
       *[other] أخفق { $times_text } مرة
    }
source-new = لم يُقرأ بعد
source-soon = سيُقرأ قريبًا
source-is-silent = بلا جديد
source-paused = متوقف
source-ended = منتهٍ
source-unknown = لم يعد هذا المصدر موجودًا.
source-why =
    { $why ->
        [status] يجيب الموقع بالخطأ { $status_text }
        [late] لا يجيب الموقع في الوقت المناسب
        [unreachable] يتعذر الاتصال بالموقع
        [unknown-host] تعذر العثور على اسم الموقع
        [certificate] شهادة الموقع غير صالحة
        [private] العنوان داخل الشبكة الداخلية، ولا يُسمح لـ«بيك» بقراءته
        [large] جواب الموقع أكبر من الحد
        [no-feed] جواب الموقع ليس خلاصة أخبار
        [key] تتعذر قراءة بيانات الدخول لأن مفتاح «بيك» (SECRET_KEY) تغيّر أو فُقد؛ اضبطها من جديد
        [proxy] تعذّر الاتصال بوكيل هذا المصدر أو أنه غير مسموح
       *[other] { $reason }
    }
source-state = الحالة: { $state }
source-last-fetch = آخر قراءة ناجحة: { $when }
source-failing-since = ⚠️ تتعذر قراءته منذ { $when }. السبب: { $why }
source-next-try = المحاولة التالية: { $when }
source-silent-since = ⚠️ لا جديد منذ { $when }؛ والمدة المعتادة بين أخباره { $usual }.
source-items =
    { $count ->
        [0] آخر ٧ أيام: لا أخبار
        [one] آخر ٧ أيام: خبر واحد
        [two] آخر ٧ أيام: خبران
        [few] آخر ٧ أيام: { $count_text } أخبار
        [many] آخر ٧ أيام: { $count_text } خبرًا
       *[other] آخر ٧ أيام: { $count_text } خبر
    }
source-items-daily =
    { $count ->
        [one] المعدل: خبر واحد يوميًا
        [two] المعدل: خبران يوميًا
        [few] المعدل: { $count_text } أخبار يوميًا
        [many] المعدل: { $count_text } خبرًا يوميًا
       *[other] المعدل: { $count_text } خبر يوميًا
    }
source-changes-follow = تغيير الأخبار في المصدر: يُطبَّق تلقائيًا
source-changes-ask = تغيير الأخبار في المصدر: يُطبَّق بعد الموافقة
source-changes-ignore = تغيير الأخبار في المصدر: يُتجاهل
button-source-page = 🌐 عرض المصدر
button-sources = 🌐 مصادر الأخبار
button-source-fetch = 🔄 قراءة الآن
button-source-pause = ⏸ إيقاف
button-source-resume = ▶️ استئناف
button-source-edit = ✏️ تعديل
button-source-rules = 📋 القواعد ({ $count_text })
button-source-interval = القراءة: { $every }
button-source-name = الاسم
button-source-address = العنوان
button-source-remove = 🗑 حذف المصدر
button-source-retract = ↩️ سحب الأخبار الأخيرة
button-source-retract-span = { source-retract-span } ({ $count_text })
button-yes-retract-all = نعم، تُسحب كلها
button-source-own-name = اسم الموقع نفسه
button-yes-remove-source = نعم، يُحذف
button-save-address = ✅ حفظ
source-interval = قراءة المصدر: { $every }
source-interval-default = المدة المعتادة
source-interval-seconds =
    { $seconds ->
        [one] كل ثانية
        [two] كل ثانيتين
        [few] كل { $seconds_text } ثوانٍ
       *[other] كل { $seconds_text } ثانية
    }
source-interval-ask = كم مرة يُقرأ هذا المصدر؟ مع «المدة المعتادة» يُقرأ المصدر الذي لا جديد فيه مرات أقل.
source-changes-question = ماذا يحدث إذا غيّر المصدر خبرًا جاء به؟
source-hub-none = WebSub: لا يوجد
source-hub-unused = WebSub: للمصدر موزع لم نشترك فيه (يلزم WEBHOOK_URL)
source-hub-subscribed = WebSub: مشتركون؛ التجديد: { $when }
source-hub-denied = WebSub: رفض الموزع؛ الطلب التالي: { $when }
source-hub-asked = WebSub: بانتظار الموزع؛ الطلب التالي: { $when }
source-rules = القواعد: { $own_text } لهذا المصدر، { $all_text } لكل المصادر
source-edit-ask = ما الذي تريد تغييره؟
source-name-ask = اكتب الاسم الجديد لـ«{ $name }». يبقى حتى لو غيّر الموقع اسمه.
source-name-wrong = يجب أن يكون في الاسم حروف؛ والحد الأقصى لعدد الأحرف { $most_text }. اكتب اسمًا آخر.
source-new-address-ask = أرسل العنوان الجديد لـ«{ $name }». يُجرَّب قبل حفظه.
source-address-tried = وُجد هذا في العنوان. احفظه إن كان صحيحًا:
source-address-saved = حُفظ، وسيُقرأ بعد لحظات.
source-remove-sure = هل يُحذف المصدر «{ $name }»؟ تبقى الأخبار التي جاء بها، وتُحذف قواعده وبيانات الدخول إليه.
source-removed = حُذف المصدر «{ $name }»، وبقيت أخباره.
source-retract-ask = إذا اختُرق الموقع أو صار يأتي بأخبار كاذبة، فاسحب ما نُشر منه مؤخرًا دفعة واحدة. أي مدة؟
source-retract-none = لم يُنشر شيء من هذا المصدر في آخر ٢٤ ساعة.
source-retract-span =
    { $hours ->
        [1] آخر ساعة
        [few] آخر { $hours_text } ساعات
       *[other] آخر { $hours_text } ساعة
    }
source-retract-sure =
    { $count ->
        [one] ⚠️ { $span }: هل يُسحب خبر واحد من «{ $name }» ويُوقف هذا المصدر؟
        [two] ⚠️ { $span }: هل يُسحب خبران من «{ $name }» ويُوقف هذا المصدر؟
        [few] ⚠️ { $span }: هل تُسحب { $count_text } أخبار من «{ $name }» ويُوقف هذا المصدر؟
       *[other] ⚠️ { $span }: هل يُسحب { $count_text } خبرًا من «{ $name }» ويُوقف هذا المصدر؟
    }
source-retract-more =
    { $count ->
        [one] وخبر آخر
        [two] وخبران آخران
        [few] و{ $count_text } أخبار أخرى
       *[other] و{ $count_text } خبرًا آخر
    }
source-retract-reason = سحب الأخبار الأخيرة من { $name }
source-retracted =
    { $count ->
        [0] لم يبق ما يُسحب. «{ $name }» متوقف.
        [one] ✅ سُحب خبر واحد وأُوقف «{ $name }». تُحذف رسائله الآن.
        [two] ✅ سُحب خبران وأُوقف «{ $name }». تُحذف رسائلهما الآن.
        [few] ✅ سُحبت { $count_text } أخبار وأُوقف «{ $name }». تُحذف رسائلها الآن.
       *[other] ✅ سُحب { $count_text } خبرًا وأُوقف «{ $name }». تُحذف رسائلها الآن.
    }
button-source-follow = التغييرات: تلقائيًا
button-source-ask = التغييرات: بعد موافقة
button-source-ignore = التغييرات: تجاهل
source-fetched-soon = سيُقرأ بعد لحظات.
source-address-ask = أرسل عنوان الموقع: صفحته الأولى، أو صفحة أحد أقسامه، أو الخلاصة (RSS) نفسها.
source-address-wanted = ليس هذا عنوان موقع. أرسل العنوان كاملًا، مثل <code>https://example.com</code>
source-address-unreachable = تعذر فتح هذا العنوان: { $why }. تحقق من العنوان وأرسله من جديد.
source-address-guarded = إن كان الموقع يحتاج إلى تسجيل دخول أو وكيل، فأرسل عنوان خلاصته وأضفه كما هو، ثم اضبط «🔑 الدخول والوكيل».
source-searching = جارٍ البحث…
source-none-found = لم تُوجد في هذا العنوان خلاصة ولا قائمة أخبار. أرسل عنوان صفحة الأخبار في الموقع أو عنوان خلاصته (RSS).
source-known = هذا العنوان من المصادر فعلًا.
source-found = عُثر على هذه المصادر. اختر واحدًا:
source-found-items =
    { $count ->
        [0] بلا أخبار
        [one] خبر واحد
        [two] خبران
        [few] { $count_text } أخبار
        [many] { $count_text } خبرًا
       *[other] { $count_text } خبر
    }
source-added-already = من المصادر فعلًا
source-samples = أحدث الأخبار:
source-sample-of = النموذج { $place_text } من { $count_text } كما سيُنشر:
source-category-ask = اختر قسم أخبار هذا المصدر:
source-added = أُضيف المصدر.
button-add-source = ➕ إضافة مصدر
button-offer-category = القسم: { $name }
button-offer-destination = الوجهة: { $target }
button-offer-posts = 👁 عرض المنشورات
button-offer-add = ➕ إضافة
button-offer-unread = ➕ إضافته كما هو
rules-title = <b>قواعد المصادر</b>
rules-of-all = لكل المصادر
rules-none = لا قواعد بعد. تحدد القاعدة ما يحدث للأخبار الجديدة التي فيها كلمات معينة.
rule-of-all = هذه القاعدة لكل المصادر.
rule-drop = استبعاد
rule-review = مراجعة قبل النشر
rule-category = قسم { $argument }
rule-tag = وسم { $argument }
rule-breaking = اقتراح خبر عاجل
rule-quiet = نشر دون إرسال
rule-action-ask = ماذا يحدث للأخبار التي تجدها القاعدة؟
rule-category-ask = في أي قسم تكون هذه الأخبار؟
rule-tag-ask = اكتب الوسم.
rule-words-ask =
    اكتب الكلمات كما في البحث: يُعثر على الخبر الذي فيه كل الكلمات. ويمكن ذكر قسم، وعبارة بين علامتي اقتباس، وشرطة قبل كلمة يجب ألا ترد:
    <code>القسم:رياضة "المنتخب الوطني" -ودية</code>
rule-query-long = الحد الأقصى لعدد أحرف القاعدة { $most_text }. اكتب أقصر منها.
rule-known = هذه القاعدة موجودة من قبل: <code>{ $query }</code>
rule-too-many = الحد الأقصى لقواعد كل مصدر { $most_text }. احذف واحدة أولًا.
rule-tried =
    { $hits ->
        [0] من آخر الأخبار ({ $count_text }) لا تجد شيئًا.
       *[other] من آخر الأخبار ({ $count_text }) تجد { $hits_text }:
    }
rule-tried-more = وغيرها: { $count_text }
rule-tried-nothing = لم تصل أخبار بعد لتُجرَّب القاعدة عليها.
rule-saved = حُفظت، ويُعمل بها من الآن.
rule-remove-sure = هل تُحذف هذه القاعدة؟
rule-remove-all-sure = هذه القاعدة لكل المصادر. هل تُحذف؟
button-rules-of-all = 📋 القواعد العامة
button-rule-add = ➕ إضافة قاعدة
button-rule-drop = 🚫 استبعاد
button-rule-review = 👁 مراجعة
button-rule-category = 🗂 تغيير القسم
button-rule-tag = 🏷 إضافة وسم
button-rule-breaking = ⚡️ اقتراح عاجل
button-rule-quiet = 🔕 دون إرسال
button-rule-save = ✅ حفظ القاعدة
button-rule-again = ✍️ كلمات أخرى
button-rule-remove = 🗑 { $place_text }. { $query }
button-yes-remove-rule = نعم، تُحذف
learning-offer = «{ $section }» في المصدر «{ $source }»: هل تُدرج أخباره من الآن في قسم { $category }؟
learning-done = من الآن تُدرج أخبار «{ $section }» في قسم { $category }.
learning-left = تبقى أقسام أخبار «{ $section }» كما كانت.
sections-learned = أبواب اختارت هيئة التحرير أقسامها. اضغط على باب لإلغاء ذلك:
sections-none = لم تختر هيئة التحرير قسمًا لأي باب.
button-yes-learn = نعم، من الآن
button-no-learn = هذا الخبر فقط
button-sections = 🗂 أبواب المصدر
button-learned-sections = 🗂 الأبواب ({ $count_text })
button-forget-section = 🗑 { $section }

## طلبات مصدر

button-source-requests = 🔑 الدخول والوكيل
source-requests-title = <b>الطلبات إلى { $title }</b>
source-requests-hint = للمواقع التي تطلب تسجيل دخول أو ملف ارتباط أو ترويسة أو وكيلًا. يشفّر «بيك» القيم ولا يعرضها بعد ذلك.
source-requests-none = لم يُضبط شيء.
request-part =
    { $part ->
        [user-agent] اسم المتصفح
        [header] ترويسة
        [cookie] ملف ارتباط
        [login] تسجيل الدخول
       *[proxy] وكيل
    }
request-unreadable = تتعذر قراءته، اضبطه من جديد
request-only-for = يُرسل إلى { $origin } فقط
button-request-remove = 🗑 { $what }
request-remove-ask = هل تريد حذف «{ $what }» من طلبات هذا المصدر؟
button-request-remove-yes = نعم، احذفه
request-removed = تم الحذف.
request-ask =
    { $part ->
        [user-agent] أرسل اسم المتصفح الذي تذكره الطلبات، مثل <code>Mozilla/5.0</code>
        [header] أرسل الترويسة بصيغة <code>Name: value</code>، كل واحدة في سطر. تُحذف رسالتك بعد قراءتها.
        [cookie] أرسل ملف الارتباط بصيغة <code>name=value</code>؛ افصل بين عدة ملفات بفاصلة منقوطة لاتينية (;). تُحذف رسالتك بعد قراءتها.
        [login] أرسل اسم المستخدم وكلمة المرور بصيغة <code>user:password</code>. تُحذف رسالتك بعد قراءتها.
       *[proxy] أرسل عنوان الوكيل: <code>http://HOST:PORT</code> أو <code>socks5://USER:PASSWORD@HOST:PORT</code>. تُحذف رسالتك بعد قراءتها.
    }
request-not-deleted = تعذّر حذف رسالتك؛ احذفها بنفسك.
request-header-form = تُكتب الترويسة بصيغة <code>Name: value</code>، كل واحدة في سطر.
request-header-refused = الترويسة { $name } تُفسد الطلب أو لها إعداد خاص بها.
request-value-refused = في القيمة سطر جديد أو حرف لا يمكن إرساله، أو أنها طويلة جدًا.
request-cookie-form = يُكتب ملف الارتباط بصيغة <code>name=value</code>.
request-login-form = يُكتب تسجيل الدخول بصيغة <code>user:password</code>.
request-proxy-form = يُكتب الوكيل بصيغة <code>http://HOST:PORT</code> أو <code>socks5://HOST:PORT</code>.
request-too-many = الحد الأقصى لما يُضبط لكل مصدر { $most_text }. احذف واحدًا أولًا.
request-not-set = هذا غير مضبوط.
request-other-site = يجب أن يكون العنوان الآخر من موقع المصدر نفسه.
secret-key-unset = يحتاج التشفير إلى مفتاح: اضبط SECRET_KEY_FILE أو SECRET_KEY في الإعدادات ثم أعد تشغيل «بيك».
secret-key-unusable = تتعذر قراءة ملف المفتاح أو كتابته ({ $reason }). تحقّق من SECRET_KEY_FILE أو من مجلد قاعدة البيانات.
source-ill =
    { $hours ->
        [one] ⚠️ تتعذر قراءة المصدر { $title } منذ ساعة. السبب: { source-why }
        [two] ⚠️ تتعذر قراءة المصدر { $title } منذ ساعتين. السبب: { source-why }
        [few] ⚠️ تتعذر قراءة المصدر { $title } منذ { $hours_text } ساعات. السبب: { source-why }
       *[other] ⚠️ تتعذر قراءة المصدر { $title } منذ { $hours_text } ساعة. السبب: { source-why }
    }
source-silent =
    { $days ->
        [one] ⚠️ لا جديد من المصدر { $title } منذ يوم، وهذا أطول من المعتاد.
        [two] ⚠️ لا جديد من المصدر { $title } منذ يومين، وهذا أطول من المعتاد.
        [few] ⚠️ لا جديد من المصدر { $title } منذ { $days_text } أيام، وهذا أطول من المعتاد.
       *[other] ⚠️ لا جديد من المصدر { $title } منذ { $days_text } يومًا، وهذا أطول من المعتاد.
    }
source-gone = ⛔️ انتهى المصدر { $title }: يقول موقعه إن هذا العنوان أُزيل نهائيًا، ولن يقرأه «بيك» بعد الآن. إن كان له عنوان جديد فأضفه.
source-repeats = ⚠️ صار المصدر { $title } يقود نهائيًا إلى عنوان المصدر { $other }، فأخبارهما واحدة. احذف أحدهما.
source-well = ✅ عاد المصدر { $title } إلى العمل.
sources-many-ill = ⚠️ تغيّرت حال مصادر أخرى أيضًا؛ تجدها كلها في قائمة المصادر.
sources-ill-together =
    { $hours ->
        [one] ⚠️ تعطلت مصادر عدة معًا ({ $count_text }) وتتعذر قراءتها منذ ساعة. تحقّق أولًا من شبكة الخادم أو من الوكيل. سبب أحدها: { source-why }
        [two] ⚠️ تعطلت مصادر عدة معًا ({ $count_text }) وتتعذر قراءتها منذ ساعتين. تحقّق أولًا من شبكة الخادم أو من الوكيل. سبب أحدها: { source-why }
        [few] ⚠️ تعطلت مصادر عدة معًا ({ $count_text }) وتتعذر قراءتها منذ { $hours_text } ساعات. تحقّق أولًا من شبكة الخادم أو من الوكيل. سبب أحدها: { source-why }
       *[other] ⚠️ تعطلت مصادر عدة معًا ({ $count_text }) وتتعذر قراءتها منذ { $hours_text } ساعة. تحقّق أولًا من شبكة الخادم أو من الوكيل. سبب أحدها: { source-why }
    }
sources-well-together =
    { $left ->
        [0] ✅ عادت المصادر التي تعطلت معًا إلى العمل.
        [one] ✅ عادت المصادر التي تعطلت معًا إلى العمل، ما عدا مصدرًا واحدًا.
       *[other] ✅ عاد معظم المصادر التي تعطلت معًا إلى العمل، وما زالت قراءة { $left_text } منها متعذرة.
    }

## المراجعة والبوابة

button-submit = 📨 تقديم للمراجعة
button-review-approve = ✅ موافقة ونشر
button-review-reject = ❌ رفض
button-review-withdraw = ↩️ سحب من المراجعة
submit-usage = اكتب رقم المسودة بعد الأمر، مثل: <code>/submit 12</code>
approve-usage = اكتب رقم الخبر بعد الأمر، مثل: <code>/approve 12</code>؛ ومن دون رقم يُعرض كل ما ينتظر.
review-submitted = قُدّم الخبر { $id_text } للمراجعة: <b>{ $title }</b>

    سنكتب لك النتيجة هنا.
review-card = 🔎 <b>مراجعة الخبر { $id_text }</b>
review-handed-in = قدّمه: { $name } · { $when }
review-waits = ⏳ بانتظار القرار؛ وصل
review-approved = ✅ وافق عليه { $name }، { $when }.
review-rejected = ❌ رفضه { $name }، { $when }.
review-withdrawn = ↩️ سحبه { $name } من المراجعة، { $when }.
review-reason = السبب: { $reason }
review-reason-ask = اكتب في رسالة واحدة سبب رفض الخبر { $id_text } «{ $title }»؛ وسيصل إلى كاتبه.
review-reason-wanted = يجب أن يعرف الكاتب السبب. اكتبه؛ للإلغاء: /cancel
review-reason-too-long = عدد أحرف السبب { $length_text }، والحد الأقصى { $most_text }.
review-rejected-done = رُفض الخبر { $id_text }؛ ويُرسل السبب إلى كاتبه.
review-withdrawn-done = سُحب الخبر { $id_text } من المراجعة وعاد مسودة.
review-approved-notice = ✅ وافق { $name } على الخبر { $id_text }: <b>{ $title }</b>
review-rejected-notice = ❌ لم يقبل { $name } الخبر { $id_text }: <b>{ $title }</b>
    السبب: { $reason }
review-open-already = الخبر { $id_text } قيد المراجعة.
review-none = الخبر { $id_text } ليس قيد المراجعة.
review-scheduled = الخبر { $id_text } مجدول للنشر.
review-was-approved = سبق أن بت { $name } في الخبر { $id_text }: تمت الموافقة.
review-was-rejected = سبق أن بت { $name } في الخبر { $id_text }: رُفض.
review-was-withdrawn = سبق أن سحب { $name } الخبر { $id_text } من المراجعة.
review-text-changed = تغير نص الخبر { $id_text } بعد أن رأيته.
review-second-pair = أنت كاتب الخبر { $id_text } أو محرره؛ ونشره لزميل آخر.
review-not-yours = قدّم الخبر { $id_text } شخص آخر.
article-is-dropped = استُبعد الخبر { $id_text }. لإعادته أرسل رابطه بالأمر /import
preview-dropped = ⚠️ استُبعد هذا الخبر الوارد؛ لا يراه القراء.
waiting-title = <b>بانتظار القرار</b>
waiting-empty = لا شيء ينتظر القرار.
gate-title =
    { $count ->
        [zero] 📥 <b>وارد المصادر</b> · لا أخبار تنتظر
        [one] 📥 <b>وارد المصادر</b> · خبر ينتظر
        [two] 📥 <b>وارد المصادر</b> · خبران ينتظران
        [few] 📥 <b>وارد المصادر</b> · { $count_text } أخبار تنتظر
        [many] 📥 <b>وارد المصادر</b> · { $count_text } خبرًا ينتظر
       *[other] 📥 <b>وارد المصادر</b> · { $count_text } خبر ينتظر
    }
gate-title-plain = وارد المصادر
gate-empty = 📥 <b>وارد المصادر</b>: رُوجع كل شيء؛ لا شيء ينتظر.
gate-dropped = استُبعد الخبر { $id_text } ولن يجلبه مصدره من جديد: { $title }
gate-changed = تغيرت هذه القائمة بعد أن رأيتها ولم يُنشر شيء. القائمة الجديدة: /drafts
gate-all-sure =
    { $count ->
        [zero] لا أخبار للنشر.
        [one] هل يُنشر هذا الخبر؟
        [two] هل يُنشر هذان الخبران؟
       *[other] هل تُنشر هذه الأخبار وعددها { $count_text }؟
    }
gate-all-done =
    { $count ->
        [zero] ✅ لم يُنشر شيء.
        [one] ✅ نُشر خبر:
        [two] ✅ نُشر خبران:
        [few] ✅ نُشرت { $count_text } أخبار:
        [many] ✅ نُشر { $count_text } خبرًا:
       *[other] ✅ نُشر { $count_text } خبر:
    }
button-gate = 📥 وارد المصادر ({ $count_text })
button-gate-publish = 📣 نشر { $id_text }
button-gate-anyway = 📣 مع ذلك { $id_text }
button-gate-join = 🔁 ضم { $id_text } إلى الخبر { $first_text }
button-gate-view = 👁 { $id_text }
button-gate-edit = ✏️ { $id_text }
button-gate-copy = 🖋 { $id_text }
button-gate-drop = 🗑 استبعاد { $id_text }
button-gate-all = 📣 نشرها كلها ({ $count_text })
button-gate-back = ↩️ سحب { $id_text }
row-settled = لم يبقَ في هذا السطر ما يُعمل.
row-draft = 📝 مسودة
row-review = 👀 قيد المراجعة
row-scheduled = 🗓 جُدول
row-published = ✅ نُشر
row-retracted = ↩️ سُحب
row-dropped = 🗑 استُبعد
row-folded = 🔁 ضُم إلى خبر آخر
row-announced = 📢 إعلان
row-deleted = 🗑 حُذف
row-comment-approved = { $place_text } · ✅ تمت الموافقة
row-comment-rejected = { $place_text } · ❌ رُفض
row-comment-deleted = { $place_text } · 🗑 حذفه كاتبه
row-delivery-pending = { $place_text } · 🔁 في الانتظار من جديد
row-delivery-sending = { $place_text } · 🔁 قيد الإرسال
row-delivery-sent = { $place_text } · ✅ وصلت
row-delivery-uncertain = { $place_text } · ⏳ قيد التحقق
row-delivery-withdrawn = { $place_text } · 🗑 تُركت
row-delivery-expired = { $place_text } · 🗑 انتهت مدتها
button-yes-publish-all = نعم، تُنشر
draft-plain = مسودة
draft-in-review = قيد المراجعة
draft-scheduled = موعد نشره { $when }
draft-rejected = رُفض: { $reason }
time-ago = قبل { $duration }
duration-days =
    { $days ->
        [one] نحو يوم
        [two] نحو يومين
        [few] نحو { $days_text } أيام
        [many] نحو { $days_text } يومًا
       *[other] نحو { $days_text } يوم
    }


## خبر واحد من عدة مصادر، وتغيّر الخبر في مصدره

button-elsewhere = 📰 في وسائل أخرى ({ $count_text })
elsewhere-title = 📰 الخبر { $number } في وسائل أخرى
elsewhere-none = الخبر { $id_text } غير موجود الآن في وسائل أخرى.
source-unnamed = مصدر آخر
story-known = 🔁 لديك هذا الخبر من { $name } (رقم { $id })
preview-folded = 🔁 هذا هو الخبر { $id } نفسه الذي وصل من { $name }.
preview-folded-shown = يراه القراء تحت نص ذلك الخبر، في قائمة «في وسائل أخرى».
preview-first-retracted = ⚠️ سُحب ذلك الخبر؛ ولا يرى القراء هذا أيضًا.
preview-joined = 🔁 هذا الخبر جزء من الخبر { $id } الذي وصل من { $name }.
preview-follows = 🔗 تتمة للخبر { $id }
button-story-list = 🔁 القصة نفسها ({ $count_text })
story-list-title = 🔁 <b>القصة نفسها للخبر { $id_text }</b>
story-folded = تحت الخبر الأول
story-published = منشور
button-story-ask = 🔁 ضم إلى خبر آخر
button-story-join = 🔁 ضم إلى { $id_text }
button-story-separate = ✂️ فصل عن { $id_text }
button-story-separate-publish = 📣 فصل ونشر
button-story-separate-gate = 📥 فصل وإحالة إلى الوارد
story-ask = إلى أي خبر يُضم الخبر { $id_text } (<b>{ $title }</b>)؟ اكتب رقم ذلك الخبر.
story-ask-near = أخبار قريبة منه:
story-number-wanted = اكتب رقم خبر، مثل ١٢٣٤. للإلغاء: /cancel
story-joined = 🔁 ضُم الخبر { $id_text } إلى الخبر { $first_text }: <b>{ $title }</b>
story-joined-stays = يبقى منشورًا حيث هو، ويراه القراء أيضًا تحت نص الخبر { $first_text }.
story-separate-ask = يُفصل الخبر { $id_text } عن الخبر { $first_text }. ماذا بعد ذلك؟
story-separated = ✂️ فُصل الخبر { $id_text } عن الخبر { $first_text }: <b>{ $title }</b>
story-separated-gate = ينتظر القرار الآن بين ما ورد من المصادر.
story-none = لم يعد الخبر { $id_text } جزءًا من ذلك الخبر.
story-itself = الخبر { $id_text } هو نفسه أول خبر في هذه القصة ولا يمكن ضمه إليها.
story-first-unpublished = الخبر { $id_text } غير منشور أو مسحوب؛ لا يُضم خبر إلا إلى خبر منشور.
button-open-first = 👁 الخبر { $id_text }
button-publish-anyway = 📣 نشر مستقل
article-is-folded = الخبر { $id_text } تكرار لخبر آخر وليس مسودة.
source-change-changed =
    ✏️ تغيّر نص الخبر { $id_text } في { $site }: <b>{ $title }</b>

    هل يحل النص الجديد محل نصنا؟
source-change-emptied =
    ⚠️ حُذف معظم نص الخبر { $id_text } في { $site }: <b>{ $title }</b>

    نصنا باقٍ كما هو. هل يحل النص المختصر محله؟
source-change-vanished =
    ⚠️ لم تعد صفحة الخبر { $id_text } موجودة في { $site }: <b>{ $title }</b>

    نصنا باقٍ كما هو. إن كان الموقع قد حذف الخبر، فيمكنك سحبه.
button-proposal-yes = ✅ اعتماد النص الجديد
button-proposal-show = 🔍 عرض التغيير
button-proposal-no = ✖️ إبقاء نصنا
button-proposal-whole = 👁 النص الجديد كاملًا
proposal-changes = <b>تغيّر الخبر { $id } في مصدره</b>: { $title }
proposal-nothing-new = النص الجديد هو نصنا نفسه.
proposal-title = 👁 <b>نص المصدر الجديد للخبر { $id }</b>
proposal-accepted = ✅ اعتُمد النص الجديد للخبر { $id }: <b>{ $title }</b>
proposal-declined = بقي نص الخبر { $id } كما هو: <b>{ $title }</b>
proposal-changed = غيّر المصدر الخبر { $id_text } مرة أخرى بعد ذلك. اطّلع على آخر تغيير ثم قرّر.
proposal-gone = لم يعد تغيّر الخبر { $id_text } ينتظر قرارًا.
proposal-was-accepted = سبق أن قرّر { $name } بشأن تغيّر الخبر { $id_text }: اعتُمد النص الجديد.
proposal-was-declined = سبق أن قرّر { $name } بشأن تغيّر الخبر { $id_text }: بقي النص كما هو.
retract-reason-vanished = لم تعد صفحة الخبر موجودة في { $site }
audit-same-story = الخبر { $id } نفسه
audit-changed = { $before } ← { $after }
act-fold = تكرار خبر لدينا من مصدر آخر
button-story-before = ⏮ الخبر السابق
button-story-after = ⏭ تتمة الخبر
button-follow = 🔗 تتمة خبر سابق
button-follow-none = بلا خبر سابق
act-follow = تتمة خبر آخر
follow-usage = اكتب بعد الأمر رقم الخبر ثم رقم الخبر السابق، مثلًا: <code>/follow 12 7</code>
follow-ask =
    الخبر { $id }: <b>{ $title }</b>

    لأي خبر هو تتمة؟ سيأتي منشوره ردًا على منشور ذلك الخبر. خبر آخر: <code>/follow</code> مع الرقمين
follow-done = ✅ الخبر { $id } تتمة للخبر { $other }؛ يأتي منشوره في كل محادثة ردًا على السابق.
follow-none-done = ✅ الخبر { $id } ليس تتمة لخبر آخر.
follow-circle = الخبر { $other_text } نفسه تتمة للخبر { $id_text }؛ لا يكون خبران كل منهما تتمة للآخر.
act-join-story = ضم إلى خبر آخر
act-separate-story = فصل عن خبر آخر
act-source-changed = تغيّر الخبر في مصدره
act-source-emptied = حذف معظم النص في المصدر
act-source-vanished = غياب صفحة الخبر من المصدر
act-accept-change = اعتماد نص المصدر الجديد
act-decline-change = رفض نص المصدر الجديد


## الجدولة والخبر العاجل

button-plan = ⏰ جدولة
button-move = 🕘 تغيير الموعد
button-unplan = ✖️ إلغاء الجدولة
button-plan-again = ⏰ الموعد نفسه
button-plan-today = ⏰ اليوم { $clock }
button-plan-tomorrow = ⏰ غدًا { $clock }
plan-ask =
    الخبر { $id }: <b>{ $title }</b>

    متى يُنشر؟ اكتب الموعد، مثل:
    <code>غدًا ٨:٣٠</code>
    <code>السبت الساعة ٩ مساءً</code>
    <code>2027-01-05 18:00</code>
    <code>بعد ٣ ساعات</code>

    للإلغاء: /cancel
plan-unreadable =
    لم أفهم هذا الموعد: «{ $text }». اكتب اليوم والساعة، مثل:
    <code>غدًا ٨:٣٠</code>
    <code>السبت الساعة ٩ مساءً</code>
    <code>2027-01-05 18:00</code>
    <code>بعد ٣ ساعات</code>
plan-past = هذا الموعد قد مضى. اكتب موعدًا قادمًا، مثل: <code>غدًا ٨:٣٠</code>
plan-too-far = هذا الموعد بعد أكثر من سنة. اكتب موعدًا أقرب، مثل: <code>غدًا ٨:٣٠</code>
plan-set =
    ⏰ جُدول الخبر { $id }: <b>{ $title }</b>
    الموعد: { $when } (بعد { $duration })
plan-moved =
    ⏰ تغير موعد الخبر { $id }: <b>{ $title }</b>
    كان: { $before }
    أصبح: { $when } (بعد { $duration })
plan-cancelled = أُلغيت جدولة الخبر { $id }؛ وهو الآن مسودة: <b>{ $title }</b>
plan-none = لم يعد الخبر { $id_text } مجدولًا. الجدول الحالي: /planned
plan-editors-only = الخبر { $id_text } مجدول، ولا يستطيع تحريره إلا محرر.
plan-moved-by = غيّر { $name } موعد الخبر { $id_text }: <b>{ $title }</b>. الجدول: /planned
plan-cancelled-by = ألغى { $name } جدولة الخبر { $id_text }؛ وهو الآن مسودة: <b>{ $title }</b>
plan-done = ✅ نُشر الخبر { $id_text } في موعده: <b>{ $title }</b>
plan-done-late = ✅ نُشر الخبر { $id_text } بعد موعده، لأن «بيك» لم يكن يعمل حينها: <b>{ $title }</b>
plan-done-paused = ⏸ نُشر الخبر { $id_text } في موعده، لكن الإرسال كله متوقف ويبقى الخبر في الانتظار: <b>{ $title }</b>
plan-failed = ⚠️ لم يُنشر الخبر { $id_text } في موعده: <b>{ $title }</b>. سُجّل الخطأ، ويعيد «بيك» المحاولة كل دقيقة.
plan-unreviewed = ⚠️ لم يُنشر الخبر { $id_text } في موعده: <b>{ $title }</b>. حررته بعد جدولته ولم ير نصه زميل آخر؛ وهو الآن مسودة.
plan-orphaned = ⚠️ جدول { $name } الخبر { $id_text } للنشر في { $when } ولم تعد له صلاحية النشر: <b>{ $title }</b>. أُلغيت الجدولة ولن يُنشر الخبر؛ القرار لهيئة التحرير.
planned-title = <b>جدول النشر</b>
planned-none = لا أخبار مجدولة. للجدولة: <code>/publish 12 غدًا ٨:٣٠</code>
preview-planned = ⏰ موعد النشر: { $when }
breaking-mark = 🔴 عاجل
button-breaking = 🔴 عاجل
button-yes-breaking = نعم، يُرسل عاجلًا
breaking-usage = اكتب رقم الخبر بعد الأمر، والموعد إن شئت، مثل: <code>/breaking 12</code> أو <code>/breaking 12 غدًا ٨:٣٠</code>
breaking-card = 🔴 <b>خبر عاجل { $id }</b>: { $title }
breaking-at = الموعد: { $when }
breaking-not-as-planned = كان موعده { $when }؛ وبموافقتك يُرسل الآن.
breaking-again = ⚠️ هذا الخبر منشور من قبل؛ يُرسل إلى الجميع مرة أخرى وعليه علامة العاجل.
breaking-extent = عدد الوجهات: نحو { $count_text }؛ الوقت اللازم: { $duration }
breaking-means = يسبق الخبر العاجل غيره، ويصل بصوت في كل مكان، ويُثبت حيث طُلب ذلك. وفي ساعات الهدوء لا يصل إلا حيث سُمح به.
breaking-done = 🔴 نُشر الخبر { $id } عاجلًا: <b>{ $title }</b>
breaking-already = سبق أن أُرسل الخبر { $id_text } عاجلًا.
button-silent = 🔕 بلا صوت، إلا العاجل
button-pin = 📌 تثبيت العاجل
button-rush = 🔴 العاجل في ساعات الهدوء
settings-pin = <b>كم يبقى الخبر العاجل مثبتًا؟</b>
pin-hours =
    { $hours ->
        [0] لا يُثبت
        [one] ساعة واحدة
        [two] ساعتان
        [few] { $hours_text } ساعات
       *[other] { $hours_text } ساعة
    }
pin-refused = لا يملك «بيك» إذن التثبيت في «{ $title }»، فأُوقف التثبيت هناك؛ أما الخبر نفسه فقد وصل. امنح «بيك» صلاحية «تثبيت الرسائل» (وفي القنوات «تعديل الرسائل») في إعدادات المشرفين، ثم اختر التثبيت من جديد في /settings


## التعليقات

button-comments = 💬 التعليقات
button-comments-counted = 💬 التعليقات ({ $count_text })
button-comments-many = 💬 التعليقات ({ $count_text }+)
button-comment-write = ✍️ كتابة تعليق
button-comment-delete = 🗑 حذف التعليق { $place_text }
button-comment-down = ✖️ { $place_text }
button-newest-comments = ⏭ أحدث التعليقات
button-oldest-comments = ⏮ أول التعليقات
button-back-to-article = ↩️ رجوع إلى الخبر
button-comment-approve = ✅ موافقة
button-comment-reject = ❌ رفض
button-comment-silence = 🚫 حظر الكاتب
button-queue-approve = ✅ { $place_text }
button-queue-reject = ❌ { $place_text }
button-queue-silence = 🚫 { $place_text }
button-queue-article = 📄 { $place_text }
button-comment-queue = 💬 التعليقات المنتظرة
button-silenced = 🚫 المحظورون
button-yes-silence = نعم، يُحظر
button-yes-down = نعم، يُزال
button-lift = رفع الحظر عن { $name }
comments-title = 💬 <b>تعليقات الخبر { $id }</b>: { $title }
comments-none = لا تعليقات بعد. كن أول من يعلّق.
comment-head = <b>{ $name }</b> · { $when }
comment-head-placed = { $place_text }. <b>{ $name }</b> · { $when }
comment-nameless = قارئ
comment-own = تعليقك
comment-own-waits = تعليقك، بانتظار المراجعة
comment-ask =
    اكتب تعليقك على الخبر «{ $title }».
    الحد الأقصى لعدد الأحرف { $most_text }، بلا روابط ولا أرقام هاتف. تظهر التعليقات بعد مراجعتها. للإلغاء: /cancel
comment-waits = وصل تعليقك ويظهر بعد مراجعته. سنكتب لك النتيجة هنا.
comment-is-there = كتبت هذا التعليق من قبل وتمت الموافقة عليه.
comment-was-rejected = كتبت هذا التعليق من قبل ولم تتم الموافقة عليه.
comment-no-letters = اكتب تعليقك بالحروف. للإلغاء: /cancel
comment-too-long = عدد أحرف التعليق { $length_text }، والحد الأقصى { $most_text }. أرسل تعليقًا أقصر أو ألغِ: /cancel
comment-has-link = لا تُقبل في التعليقات الروابط وأسماء المستخدمين والأوامر وأرقام الهاتف أو البطاقات: «{ $part }». اكتب تعليقك من دونها أو ألغِ: /cancel
comment-text-wanted = يجب أن يكون التعليق نصًا، لا صورة ولا رسالة من نوع آخر. اكتبه أو ألغِ: /cancel
comment-silenced = لم يعد بإمكانك كتابة التعليقات. ويمكنك قراءة الأخبار والتعليقات كالمعتاد.
comment-too-many =
    { $minutes ->
        [one] كتبت عدة تعليقات متتابعة. يمكنك كتابة التالي بعد دقيقة.
        [two] كتبت عدة تعليقات متتابعة. يمكنك كتابة التالي بعد دقيقتين.
        [few] كتبت عدة تعليقات متتابعة. يمكنك كتابة التالي بعد { $minutes_text } دقائق.
       *[other] كتبت عدة تعليقات متتابعة. يمكنك كتابة التالي بعد { $minutes_text } دقيقة.
    }
comment-some-wait = عدد تعليقاتك المنتظرة على هذا الخبر { $most_text }. يمكنك كتابة تعليق آخر بعد مراجعتها.
comment-gone = لم يعد هذا التعليق في هذه القائمة.
comment-delete-sure = هل يُحذف تعليقك هذا؟
comment-deleted = حُذف تعليقك
comment-approved = تمت الموافقة على تعليقك على الخبر { $id_text } وهو ظاهر تحته: «{ $title }»
comment-rejected = لم تتم الموافقة على تعليقك على الخبر { $id_text }: «{ $title }»
comment-card = 💬 <b>تعليق جديد</b> على الخبر { $id }: { $title }
comment-approved-by = ✅ وافق: { $name } · { $when }
comment-rejected-by = ❌ رفض: { $name } · { $when }
comment-taken-back = 🗑 سحب الكاتب تعليقه.
comment-author-silenced = 🚫 الكاتب محظور.
comment-decided = لم يعد هذا التعليق منتظرًا: سبق البت فيه أو سحبه كاتبه.
comment-silence-sure = هل يُحظر { $name }؟ تُرفض تعليقاته المنتظرة ولن يستطيع كتابة غيرها.
comment-down-sure = هل يُزال هذا التعليق من تحت الخبر؟
comments-many = تنتظر المراجعة أكثر من عشرة تعليقات (عددها الآن { $count_text })؛ وإلى أن تقل لا تأتي لكل تعليق رسالة. القائمة: /comments

## ما يُقرأ
top-day = 🔥 الأكثر قراءة في آخر ٢٤ ساعة
top-week = 🔥 الأكثر قراءة في آخر ٧ أيام
top-none = لم يُقرأ شيء بعد. عد بعد قليل.
button-top-day = ٢٤ ساعة
button-top-week = ٧ أيام
report-title = ☀️ <b>تقرير آخر ٢٤ ساعة</b>
report-published = 📰 المنشور: { $count_text }
report-most-read = الأكثر قراءة
report-signals = 👁 { $openings_text } · 👍 { $reactions_text } · 🔖 { $saves_text } · 💬 { $comments_text }
button-report = ☀️ التقرير اليومي
settings-report =
    <b>التقرير اليومي لهيئة التحرير</b>
    الأكثر قراءة في آخر ٢٤ ساعة وما ينتظر، كل يوم في الساعة التي تختارها. 👁 فتح النص الكامل، 👍 تفاعل مع المنشور، 🔖 حفظ، 💬 تعليق.
report-off = متوقف

## رسائل القراء
tip-ask =
    أرسل هنا خبرك أو صورتك أو مقطعك أو تسجيلك إلى هيئة التحرير، ولو في عدة رسائل (الحد الأقصى لعدد الأحرف كلها: { $most_text }).
    بعد آخر رسالة اضغط «تم». يظهر اسمك في تيليغرام بجانب رسالتك.
tip-in-private = تُرسل الرسائل إلى هيئة التحرير في المحادثة الخاصة.
button-tip-begin = 📨 إرسال
tip-more = سُجّل. أرسل المزيد إن وُجد، وإلا فاضغط «تم».
tip-sent = وصلت رسالتك إلى هيئة التحرير. شكرًا لك! سنكتب لك النتيجة هنا.
button-tip-withdraw = ↩️ سحب الرسالة
tip-withdrawn = سُحبت رسالتك ولن تراها هيئة التحرير.
tip-unreadable = لا نقبل هذا النوع من الرسائل. أرسل نصًا أو صورة أو مقطعًا أو تسجيلًا أو ملفًا، أو اضغط «تم».
tip-empty = لم ترسل شيئًا بعد. أرسل بضع كلمات أو صورة أو مقطعًا أو تسجيلًا. للإلغاء: /cancel
tip-too-long = سيبلغ عدد أحرف رسالتك { $length_text }، والحد الأقصى { $most_text }. أرسل الرسالة الأخيرة أقصر.
tip-silenced = لم يعد بإمكانك إرسال رسائل إلى هيئة التحرير. قراءة الأخبار كما كانت.
tip-too-many =
    { $minutes ->
        [one] أرسلت عدة رسائل متتالية. نقبل الرسالة التالية بعد دقيقة.
        [two] أرسلت عدة رسائل متتالية. نقبل الرسالة التالية بعد دقيقتين.
        [few] أرسلت عدة رسائل متتالية. نقبل الرسالة التالية بعد { $minutes_text } دقائق.
       *[other] أرسلت عدة رسائل متتالية. نقبل الرسالة التالية بعد { $minutes_text } دقيقة.
    }
tip-some-wait = ما زالت { $most_text } من رسائلك تنتظر هيئة التحرير. يمكنك إرسال غيرها بعد قراءتها.
tip-not-waiting = لم تعد هذه الرسالة في الانتظار ولا يمكن سحبها.
tip-gone = لم نجد هذه الرسالة.
tip-decided = اتُّخذ قرار بشأن هذه الرسالة أو سحبها مرسلها.
tip-told-read = قرأت هيئة التحرير رسالتك. شكرًا لك!
tip-told-used = تُعدّ هيئة التحرير خبرًا من رسالتك. إن نُشر فسنكتب لك هنا.
tip-told-declined = قرأنا رسالتك. لن نعدّ خبرًا منها هذه المرة، لكننا نشكرك وننتظر رسائلك دائمًا.
tip-published = نُشر الخبر الذي أُعدّ من رسالتك: «{ $title }». شكرًا لك!
button-open-article = 📖 قراءة الخبر
tip-untitled = رسالة من قارئ
tip-card = 📨 <b>رسالة قارئ</b> · { $name } · { $when }
tip-files = 📎 { $files }
tip-read-by = 👁 قُرئت: { $name } · { $when }
tip-used-by = 📝 صارت مسودة: { $name } · { $when }
tip-declined-by = ❌ رُفضت: { $name } · { $when }
tip-taken-back = 🗑 سحب المرسل رسالته.
tip-silence-sure = هل يُحظر { $name }؟ تُرفض رسائله وتعليقاته المنتظرة ولا يستطيع إرسال غيرها.
button-tip-draft = 📝 إنشاء مسودة
button-tip-files = 📎 الملفات
button-tip-read = 👁 قرأتها، شكرًا
button-tip-decline = ❌ اعتذار لطيف
tips-title = 📨 <b>رسائل القراء</b>: افتح إحداها.
tips-none = لا رسائل من القراء في الانتظار.
tips-many = أكثر من عشر رسائل من القراء تنتظر (الآن { $count_text })؛ حتى تقلّ لا تأتي بطاقة لكل رسالة. القائمة: /tips
queue-title =
    <b>تعليقات بانتظار المراجعة</b>
    ✅ موافقة، ❌ رفض، 🚫 حظر الكاتب، 📄 الخبر
queue-empty = لا تعليق ينتظر المراجعة.
queue-article = الخبر { $id }: { $title }
queue-article-gone = سُحب الخبر { $id }: { $title }
silenced-title = <b>المحظورون</b>
silenced-none = لا أحد محظور.
silenced-since = { $name } · { $when }
silence-lifted-already = لم يعد هذا الشخص محظورًا.

## الإحصاءات

button-stats-days =
    { $days ->
        [one] يوم واحد
        [two] يومان
        [few] { $days_text } أيام
        [many] { $days_text } يومًا
       *[other] { $days_text } يوم
    }
stats-drawing = جارٍ رسم المخطط…
stats-usage =
    <code>/stats</code> إحصاءات آخر ٣٠ يومًا
    <code>/stats 7d</code> إحصاءات آخر ٧ أيام (الحد الأقصى { $most_text })
    <code>/stats 264802</code> إحصاءات خبر برقمه
    <code>/stats csv 90</code> جدول آخر ٩٠ يومًا
button-stats-article = إحصاءات خبر واحد
stats-days = عدد الأيام من ١ إلى { $most_text }، مثل: <code>/stats 90d</code>
stats-no-article = لا خبر برقم { $id_text }. إحصاءات كل الأخبار في عدة أيام: <code>/stats 7d</code>
stats-unpublished = لم يُنشر الخبر { $id_text } بعد ولا إحصاءات له.
stats-not-drawn = تعذر رسم المخطط هذه المرة؛ يمكنك المحاولة من جديد.
stats-overview =
    <b>{ $days ->
        [one] إحصاءات اليوم الماضي
        [two] إحصاءات آخر يومين
        [few] إحصاءات آخر { $days_text } أيام
        [many] إحصاءات آخر { $days_text } يومًا
       *[other] إحصاءات آخر { $days_text } يوم
    }</b>
    من { $begin } إلى { $end }

    أخبار منشورة: { $posts }
    عناوين وصلت: { $delivered }
    المشاهدات المحتملة: { $audience }
    قراء النص الكامل: { $readers }
    المتابعون: الجدد { $gained }، المغادرون { $lost }

    المشاهدات المحتملة هي عدد أعضاء القنوات والمجموعات وقت الإرسال مع المحادثات الخاصة؛ فتيليغرام لا يخبر البوتات بعدد المشاهدات.
stats-article =
    <b>إحصاءات الخبر { $id }</b>

    عناوين وصلت: { $delivered }
    القنوات { $channels }، المجموعات { $groups }، الخاصة { $people }
    المشاهدات المحتملة: { $audience }
    قراء النص الكامل: { $readers }
    التعليقات: { $comments }
stats-copies = الرسائل بعد آخر تغيير: { $copies }
stats-title =
    { $days ->
        [one] إحصاءات اليوم الماضي
        [two] إحصاءات آخر يومين
        [few] إحصاءات آخر { $days_text } أيام
        [many] إحصاءات آخر { $days_text } يومًا
       *[other] إحصاءات آخر { $days_text } يوم
    }
stats-period = من { $begin } إلى { $end }
stats-article-title = إحصاءات الخبر { $id }
stats-nothing = لا شيء بعد
stats-posts = أخبار منشورة
stats-delivered = عناوين وصلت
stats-audience = المشاهدات المحتملة
stats-readers = قراء النص الكامل
stats-comments = تعليقات
stats-gained = متابعون جدد
stats-lost = متابعون غادروا
stats-posts-daily = الأخبار المنشورة يوميًا
stats-delivered-daily = العناوين التي وصلت يوميًا
stats-audience-daily = المشاهدات المحتملة يوميًا
stats-readers-daily = قراء النص الكامل يوميًا
stats-followers = المتابعون الجدد (فوق) والمغادرون (تحت)
stats-gained-and-lost = الجدد { $gained }، المغادرون { $lost }
stats-by-category = العناوين التي وصلت بحسب القسم
stats-by-channel = المشاهدات المحتملة بحسب القناة والمجموعة
stats-by-kind = العناوين التي وصلت بحسب الوجهة
stats-to-channels = القنوات
stats-to-groups = المجموعات
stats-to-people = المحادثات الخاصة
stats-copies-title = الرسائل بعد آخر تغيير
stats-copies-changed = محدّثة
stats-copies-deleted = محذوفة
stats-copies-tombstoned = أُزيل نصها
stats-copies-gone = محذوفة يدويًا
stats-copies-live = مرفوضة
stats-copies-unreachable = لا يمكن الوصول إليها
stats-copies-pending = في الانتظار
stats-comments-title = التعليقات
stats-comments-approved = تمت الموافقة
stats-comments-waiting = في الانتظار
stats-comments-rejected = مرفوضة
stats-comments-deleted = مسحوبة
stats-thousand = {" ألف"}
stats-million = {" مليون"}
stats-csv-part = الجزء
stats-csv-gregorian = التاريخ الميلادي
stats-csv-date = التاريخ الجلالي
stats-csv-name = الاسم
stats-csv-metric = المقياس
stats-csv-count = العدد
stats-part-day = يوم
stats-part-category = قسم
stats-part-channel = قناة أو مجموعة


## السجل والزملاء

audit-title = <b>سجل هيئة التحرير</b>
audit-article-title = <b>سجل الخبر { $id }</b>
audit-usage = السجل كله: /audit؛ خبر واحد: <code>/audit 12</code>؛ جدول CSV لآخر ثلاثين يومًا أو لما شئت من الأيام: <code>/audit csv 90</code>
audit-csv-usage = اكتب بعد csv عدد الأيام من ١ إلى { $most_text }، مثل: <code>/audit csv 90</code>
audit-empty = لم يُسجل شيء بعد.
audit-empty-article = لم يُسجل شيء عن الخبر { $id_text }. السجل كله: /audit
audit-no-revision = لم يعد نص ذلك الوقت محفوظًا.
audit-line =
    { $place_text }. { $when }
    { $who }
audit-revision = النسخة { $revision_text }
audit-of-article = الخبر { $id }: { $title }
audit-command-line = سطر الأوامر
audit-source = مصدر
audit-source-named = المصدر { $name }
audit-telegram = تيليغرام
audit-table = عدد الأعمال { $count_text } وعدد الأيام الماضية { $days_text }
audit-column-time = الوقت
audit-column-person = الشخص
audit-column-person-id = رقم الشخص
audit-column-act = العمل
audit-column-code = رمز العمل
audit-column-article = رقم الخبر
audit-column-revision = النسخة
audit-column-detail = التفاصيل
button-what-changed = { $place_text } · ما الذي تغير
audit-difference = <b>الخبر { $id }، النسخة { $revision_text }</b>: ما الذي تغير
audit-same-text = نص هذه النسخة هو النص السابق نفسه.
audit-before = <b>كان:</b> { $text }
audit-after = <b>أصبح:</b> { $text }
act-draft = مسودة جديدة
act-import = استيراد خبر
act-edit = تحرير
act-take-over = تولّي التحرير
act-keep = بقي مسودة
act-discard = حذف مسودة
act-submit = تقديم للمراجعة
act-withdraw = سحب من المراجعة
act-approve = موافقة ونشر
act-reject = رفض في المراجعة
act-drop = استبعاد خبر وارد
act-publish = نشر
act-undo-publication = إلغاء النشر
act-schedule = جدولة
act-unschedule = إلغاء الجدولة
act-breaking = إرسال خبر عاجل
act-correct = تصحيح
act-retract = سحب خبر
act-announce = إعلان
act-retract-announcement = سحب إعلان
act-appoint = تعيين مالك عبر الإعدادات
act-invite = دعوة إلى هيئة التحرير
act-uninvite = سحب دعوة
act-join = انضمام إلى هيئة التحرير
act-change-role = تغيير دور
act-remove-staff = إخراج من هيئة التحرير
act-approve-chat = الموافقة على قناة أو مجموعة
act-deny-chat = رفض قناة أو مجموعة
act-revoke-chat = سحب الموافقة على قناة أو مجموعة
act-open-door = قبول قناة أو مجموعة دون موافقة
act-lose-chat = تعذر الوصول إلى قناة أو مجموعة
act-find-chat = عودة الوصول إلى قناة أو مجموعة
act-chat-settings = تغيير إعدادات قناة أو مجموعة
act-add-source = إضافة مصدر
act-remove-source = إزالة مصدر
act-pause-source = إيقاف مصدر
act-resume-source = استئناف مصدر
act-change-source-policy = تغيير التعامل مع تغييرات المصدر
act-source-moved = انتقال المصدر إلى عنوان جديد
act-set-request = ضبط طلبات مصدر
act-unset-request = حذف من طلبات مصدر
act-change-key = إعادة تشفير أسرار المصادر بالمفتاح الجديد
act-add-rule = إضافة قاعدة للمصدر
act-remove-rule = إزالة قاعدة للمصدر
act-add-word = إضافة مفردة لهيئة التحرير
act-remove-word = حذف مفردة من مفردات هيئة التحرير
act-edit-source = تعديل مصدر
act-fetch-source = قراءة المصدر فورًا
act-learn-section = اختيار قسم لباب في مصدر
act-forget-section = إلغاء القسم المختار لباب في مصدر
act-outbox-retry = إعادة إرسال
act-outbox-arrived = تأكيد وصول
act-outbox-drop = ترك إرسال
act-approve-comment = الموافقة على تعليق
act-reject-comment = رفض تعليق
act-take-down-comment = إزالة تعليق
act-silence-reader = حظر كاتب تعليق
act-lift-silence = رفع الحظر عن كاتب تعليق
act-read-tip = قراءة رسالة قارئ
act-use-tip = مسودة من رسالة قارئ
act-decline-tip = رفض رسالة قارئ
act-pause = إيقاف كل الإرسال
act-resume = استئناف الإرسال
editor-card =
    <b>{ $name }</b>
    الدور: { $role }
    عضو في هيئة التحرير منذ { $since }

    يغيّر كل زر الدور في الحال.
editor-owner-by-setting = تم. لكن رقمه مذكور في OWNER_IDS؛ وما لم يُحذف من هناك يعود مالكًا عند تشغيل «بيك» التالي.
role-changed =
    تغير دورك في هيئة التحرير: { $role ->
        [owner] { role-owner }
        [editor] { role-editor }
        [moderator] { role-moderator }
       *[author] { role-author }
    }. الأوامر: /help
staff-removed = انتهت عضويتك في هيئة التحرير. وتصلك الأخبار كالمعتاد.
invitations-title = <b>الدعوات المفتوحة</b>
invitation-open = { $place_text }. { $role } · حتى { $until }
invitation-gone = لم تعد هذه الدعوة مفتوحة. القائمة الجديدة: /editors
button-uninvite = { $place_text } · سحب دعوة { $role }


## الإعلانات

announcement-from = إعلان من هيئة التحرير
announcement-retracted = سُحب هذا الإعلان.
announce-whom-ask = <b>إعلان جديد</b>: لمن؟
announce-whom-wanted = اضغط أحد الأزرار أو اكتب اسم القسم. للإلغاء: /cancel
announce-all = كل المحادثات
announce-followers = متابعو قسم { $name }
announce-text-ask = اكتب نص الإعلان في رسالة واحدة.
announce-text-only = الإعلان نص فقط. اكتبه في رسالة واحدة. للإلغاء: /cancel
announce-too-long = عدد أحرف الإعلان { $length_text }، والحد الأقصى { $most_text }.
announce-nobody = لا أحد يصل إليه هذا الإعلان.
announce-card = 📢 هل يُرسل الإعلان أعلاه كما هو إلى <b>{ $whom }</b>؟
announce-extent = عدد المحادثات: { $count_text }؛ الوقت اللازم: { $duration }
announce-stars = التكلفة القصوى بنجوم تيليغرام: { $stars_text }
announce-quiet = من كان في ساعات الهدوء يصله بعد انتهائها.
button-yes-announce = نعم، يُرسل
announce-sent = 📢 الإعلان في طريقه: <b>{ $title }</b>
announce-soon = ما زال عدّ المستلمين جاريًا…
announce-arrived = ✅ أُرسل الإعلان: <b>{ $title }</b>
button-retract = ↩️ سحب
announce-retract-sure = هل يُسحب الإعلان «{ $title }» من كل المحادثات؟ لا رجوع عن هذا.
announce-retracted = ✅ سُحب الإعلان.


## المرفقات والتحرير المتزامن

button-attachments = 🖼 المرفقات ({ $count_text })
button-as-post = 📢 كما في القنوات
button-look-usual = 👁 المظهر المعتاد
button-back-to-preview = رجوع إلى المعاينة
preview-attached = 📎 المرفقات: { $attached }
attachments-kept = وصل المرفق؛ عدد المرفقات كلها: { $count_text }. تابع.
attachments-too-many = الحد الأقصى لمرفقات الخبر { $most_text }. لم يُضف هذا المرفق.
collecting-album = وصل الألبوم. إن كانت هناك صور أخرى أو نص فأرسلها، ثم اضغط «تم» في النهاية.
post-forwarded = هذه الرسالة من قناة «{ $name }» وسيُذكر اسمها مصدرًا. تابع أو اضغط «تم».
button-no-source = بلا مصدر
tags-too-many = عدد الوسوم التي كتبتها { $length_text }، والحد الأقصى { $most_text }.
tag-too-long = الوسم «{ $tag }» طويل؛ الحد الأقصى لعدد أحرفه { $most_text }.
edit-section-too-long = عدد أحرف اسم الفريق { $length_text }، والحد الأقصى { $most_text }.
link-unreadable = تعذرت قراءة هذا الرابط. اكتبه كاملًا، مثل: <code>https://example.org/news/12</code>
button-edit-media = المرفقات
button-edit-section = فريق التحرير
button-edit-tags = الوسوم
button-edit-link = المصدر
button-no-section = بلا فريق
button-no-tags = بلا وسوم
button-no-link = بلا مصدر
button-attach = ➕ إضافة
button-detach-all = إزالة الكل
edit-media-ask =
    { $count ->
        [0] لا مرفقات لهذا الخبر.
        [one] لهذا الخبر مرفق واحد. هل يُزال؟
        [two] لهذا الخبر مرفقان. أيهما يُزال؟
        [few] لهذا الخبر { $count_text } مرفقات. أيها يُزال؟
        [many] لهذا الخبر { $count_text } مرفقًا. أيها يُزال؟
       *[other] لهذا الخبر { $count_text } مرفق. أيها يُزال؟
    }
edit-attach-ask = أرسل الصور أو المقاطع أو الأصوات أو الملفات؛ الحد الأقصى لمرفقات الخبر { $most_text }. ثم اضغط «تم» في النهاية.
edit-attach-wanted = ليس في هذه الرسالة مرفق. أرسل صورة أو مقطعًا أو صوتًا أو ملفًا، ثم اضغط «تم» في النهاية. للإلغاء: /cancel
edit-section-ask = اكتب اسم فريق التحرير. للإلغاء: /cancel
edit-tags-ask = اكتب الوسوم وافصل بينها بفاصلة أو #. للإلغاء: /cancel
edit-link-ask = اكتب رابط المصدر. للإلغاء: /cancel
media-photo = صورة
media-video = مقطع
media-document = ملف
media-audio = صوت
media-voice = رسالة صوتية
media-video_note = فيديو دائري
media-animation = صورة متحركة
attached-photo =
    { $count ->
        [zero] بلا صور
        [one] صورة واحدة
        [two] صورتان
        [few] { $count_text } صور
       *[other] { $count_text } صورة
    }
attached-video =
    { $count ->
        [zero] بلا مقاطع
        [one] مقطع واحد
        [two] مقطعان
        [few] { $count_text } مقاطع
        [many] { $count_text } مقطعًا
       *[other] { $count_text } مقطع
    }
attached-document =
    { $count ->
        [zero] بلا ملفات
        [one] ملف واحد
        [two] ملفان
        [few] { $count_text } ملفات
        [many] { $count_text } ملفًا
       *[other] { $count_text } ملف
    }
attached-audio =
    { $count ->
        [zero] بلا مقاطع صوتية
        [one] مقطع صوتي واحد
        [two] مقطعان صوتيان
        [few] { $count_text } مقاطع صوتية
        [many] { $count_text } مقطعًا صوتيًا
       *[other] { $count_text } مقطع صوتي
    }
attached-voice =
    { $count ->
        [zero] بلا رسائل صوتية
        [one] رسالة صوتية واحدة
        [two] رسالتان صوتيتان
        [few] { $count_text } رسائل صوتية
        [many] { $count_text } رسالة صوتية
       *[other] { $count_text } رسالة صوتية
    }
attached-video_note =
    { $count ->
        [zero] بلا فيديوهات دائرية
        [one] فيديو دائري واحد
        [two] فيديوهان دائريان
        [few] { $count_text } فيديوهات دائرية
        [many] { $count_text } فيديو دائريًا
       *[other] { $count_text } فيديو دائري
    }
attached-animation =
    { $count ->
        [zero] بلا صور متحركة
        [one] صورة متحركة واحدة
        [two] صورتان متحركتان
        [few] { $count_text } صور متحركة
        [many] { $count_text } صورة متحركة
       *[other] { $count_text } صورة متحركة
    }
formatting-changed = النص نفسه بتنسيق جديد
part-title = العنوان
part-lead = المقدمة
part-body = النص
part-photo = الصورة
part-media = المرفقات
part-section = فريق التحرير
part-tags = الوسوم
part-link = المصدر
part-note = ملاحظة التصحيح
editing-held = منذ { $since } يعمل { $name } على تحرير الخبر { $id }. انتظر أو تولَّ التحرير؛ وسنخبره بذلك.
editing-taken-over = تولى { $name } تحرير الخبر { $id }. لا يضيع ما كتبته: إن تغير الخبر سألناك عند الحفظ.
button-take-over = ✋ أتولى التحرير
publish-held = منذ { $since } يعمل { $name } على تحرير الخبر { $id }. هل تُنشر هذه النسخة؟
button-yes-publish = نعم، يُنشر
conflict-card = تغير الخبر { $id } وأنت تكتب (آخر تغيير: { $name }). حُفظ ما كتبته؛ فماذا نفعل به؟
conflict-somebody = مصدر الخبر
conflict-changes = <b>ما تغير في الخبر { $id } منذ بدأت</b>
conflict-category = القسم: { $name }
conflict-yours = <b>ما كتبته مقارنًا بالنسخة الجديدة</b>
button-show-changes = 🔍 عرض التغييرات
button-put-on-top = ✅ حفظه فوق النسخة الجديدة
button-drop-mine = ✖️ ترك ما كتبته


## التسليم

article-retracted = سُحب هذا الخبر.
part-empty = أصبح نص الخبر أقصر؛ وهو كامل في الرسائل أعلاه.
button-rest = التتمة في النص الجديد
chat-lost = لم يعد «بيك» يستطيع الكتابة في «{ $title }». للمتابعة اجعله مشرفًا من جديد مع إذن النشر؛ فالإعدادات محفوظة كما كانت.
chat-found = صار «بيك» يستطيع الكتابة في «{ $title }» من جديد.
topic-lost = لم يعد «بيك» يستطيع الكتابة في موضوع «{ $topic }» من «{ $title }»؛ فقد أُغلق الموضوع أو حُذف. افتحه من جديد أو أوقف متابعته.
markup-refused = رفض تيليغرام تنسيق رسالة فأُرسلت نصًا بسيطًا. رد تيليغرام: { $reason }
outbox-asks = لا يُعرف هل وصلت رسالة إلى «{ $title }». تحقق هناك من فضلك، ثم قرر في /outbox

## المدقق اللغوي

button-copy-edits = 🖋 المدقق: تصحيحات ({ $count_text })
button-copy-proposals = 🖋 المدقق: اقتراحات ({ $count_text })
copy-edit-would = 🖋 <b>المدقق اللغوي</b> سيصحح في الخبر { $id } ما يلي:
copy-edit-nothing = لم يجد المدقق اللغوي ما يصححه في الخبر { $id }.
button-copy-edit-apply = ✅ تطبيق التصحيحات
copy-edited = 🖋 صحح <b>المدقق اللغوي</b> في الخبر { $id } ما يلي:
copy-edit-proposals = اقتراحات المدقق اللغوي للخبر { $id }:
copy-edit-change = ▪️ { $before } ← { $after }
copy-edit-proposal = { $place_text }. { $before } ← { $after }
copy-edit-more = { $count ->
    [one] وموضع آخر
   *[other] ومواضع أخرى: { $count_text }
}
copy-edit-undone = عاد الخبر { $id } كما كتبته.
copy-edit-applied = طُبقت اقتراحات المدقق اللغوي على الخبر { $id }.
button-copy-edit-undo = ↩️ تراجع
button-copy-edit-one = الاقتراح { $place_text }
button-copy-edit-all = ✅ كل الاقتراحات

## المفردات

house-words-title =
    { $count ->
        [0] 📖 <b>مفردات هيئة التحرير</b>
        [one] 📖 <b>مفردات هيئة التحرير</b> · مفردة واحدة
        [two] 📖 <b>مفردات هيئة التحرير</b> · مفردتان
        [few] 📖 <b>مفردات هيئة التحرير</b> · { $count_text } مفردات
       *[other] 📖 <b>مفردات هيئة التحرير</b> · { $count_text } مفردة
    }
    يكتب المدقق اللغوي هذه المفردات بإملاء هيئة التحرير، أو يتركها كما هي.
house-words-none = لا مفردات بعد.
house-word-preferred = ▪️ { $word } ← { $spelling }
house-word-left = ▪️ { $word } · تُترك كما هي
house-words-ask =
    اكتب المفردات، كل واحدة في سطر (الحد الأقصى لعدد الأسطر: { $most_text }):
    <code>طهران = تهران</code> لتصبح «طهران» دائمًا «تهران»؛
    <code>أنقرة</code> وحدها ليتركها المدقق اللغوي كما هي.
house-words-unreadable = لم نفهم «{ $line }». اكتب في كل سطر مفردة واحدة، أو مفردتين بينهما =.
house-words-too-long = عدد الأحرف { $length_text }، والحد الأقصى للمفردة { $most_text }.
house-words-same = «{ $word }» وبديلها واحد. لتُترك كما هي اكتبها مرة واحدة.
house-words-number = «{ $word }» عدد، ولا يُستبدل عدد بغيره. اكتب معه مفردة.
house-words-many-lines = الحد الأقصى لعدد المفردات في رسالة واحدة { $most_text }. أرسل الباقي في رسالة تالية.
house-words-too-many = الحد الأقصى لعدد المفردات { $most_text }. احذف واحدة أولًا.
house-words-chain = لا يمكن أن تصبح «{ $word }» «{ $spelling }»، لأن «{ $spelling }» نفسها تصبح «{ $other }». اكتب الإملاء النهائي.
house-words-gone = لم تعد هذه المفردة بين مفردات هيئة التحرير.
house-words-remove-sure = هل تُحذف هذه المفردة؟
button-house-words = 📖 المفردات
button-add-words = ➕ إضافة مفردات
button-remove-word = 🗑 { $word }
button-yes-remove-word = نعم، احذفها

## واجهة HTTP

api-key-reused = استُخدم مفتاح Idempotency-Key هذا لطلب آخر.
api-two-bodies = أرسل النص عاديًا أو بصيغة HTML، لا كليهما.
webhook-given-up = ⚠️ لم يستلم خطاف الويب { $target } ما يخص الخبر { $id } منذ ثلاثة أيام. تحقق من عنوانه في WEBHOOKS_OUT.

## النسخ الاحتياطي

outbox-paused-restored = ⏸ استُعيدت نسخة احتياطية { $when } والإرسال كله متوقف: ما أُرسل بعد تلك النسخة سيُرسل مرة أخرى. راجع قائمة الإرسال ثم: /resume
restored-paused = ⏸ استُعيدت نسخة احتياطية { $when }. الإرسال كله متوقف حتى يراجع أحد /outbox: ما أُرسل بعد تلك النسخة سيُرسل مرة أخرى. ثم: /resume
backup-failed = ⚠️ فشل النسخ الاحتياطي: { $reason }. يحاول «بيك» مرة أخرى كل نصف ساعة.
