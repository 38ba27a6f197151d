"""An article for tests, each of which says with `dataclasses.replace` what matters to it."""

from storage.records import Article, ArticleState, Category, Content

AT = 1_766_577_060_000  # چهارشنبه ۳ دی ۱۴۰۴، ساعت ۱۵:۲۱ in Tehran
POLITICS = Category(1, "politics", "سیاسی", "Politics")
PUBLISHED = Article(
    id=264802,
    state=ArticleState.PUBLISHED,
    category=POLITICS,
    content=Content("تیتر"),
    revision=1,
    language="fa",
    url="",
    origin="",
    source_number="",
    author_id=None,
    published_at=AT,
    released_at=AT,
    ordinal=1,
    scheduled_at=None,
    breaking=False,
    created_at=0,
    updated_at=0,
)
