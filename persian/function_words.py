"""Words that say nothing of what a text is about, in their one spelling (see persian.normalise)."""

from persian.normalise import tokens

FUNCTION_WORDS = frozenset(
    tokens(
        """
        از به در با بر را و یا که تا هم نیز اما ولی اگر چون زیرا پس پیش برای درباره دربارهٔ مورد علیه توسط
        طی ضمن بدون بین میان روی زیر کنار همراه سوی نزد جز حتی فقط تنها همین همان این آن اینکه آنکه آنها
        اینها ایشان ما شما او وی من تو خود خویش هر هیچ همه همهٔ برخی بعضی چند چندین یک دو سه اول دوم نخست
        دیگر دیگری بیش بیشتر کم کمتر بسیار خیلی است بود باشد نیست هست شد شود شده شدن می نمی های ها هایی ای
        ام ات اش کرد کند کردند کنند کرده کنیم کردن گفت گوید گفته داد دهد داده دارد دارند داشت داشته خواهد
        خواهند باید نباید توان تواند توانند رسید یافت گرفت آمد رفت امروز دیروز فردا اکنون سال ماه روز ساعت
        هفته گذشته آینده جاری تازه جدید اعلام خبر گزارش اظهار تاکید
        the a an of in on at to for from by with and or is are was were be been has have had it its this that as
        after before over new says said will not
        """
    )
)
