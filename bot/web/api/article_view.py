"""Articles as the API shows them (pure)."""

from datetime import UTC, datetime

from bot.web.api.messages import ArticleView
from bot.web.article_html import body_html
from storage.records import Article


def view_of(article: Article) -> ArticleView:
    """Return an article as the API shows it; a photo that only Telegram has is left out."""
    content = article.content
    return ArticleView(
        id=article.id,
        state=article.state.value,
        revision=article.revision,
        category=article.category.slug,
        title=content.title,
        lead=content.lead,
        body_html=body_html(content.body),
        tags=list(content.tags),
        photo=content.photo if "://" in content.photo else "",
        link=content.link or article.url,
        byline=content.byline,
        section=content.section,
        language=article.language,
        breaking=article.breaking,
        published_at=_time(article.published_at) if article.released_at is not None else None,
        created_at=_time(article.created_at),
        updated_at=_time(article.updated_at),
    )


def _time(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="seconds")
