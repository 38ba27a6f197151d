"""The process in which foreign markup is parsed."""

from bot import side_work
from bot.errors import SourceError
from bot.ingest.feed.feed import parse_feed
from bot.ingest.page.article_page import parse_page
from bot.ingest.page.listing import parse_listing

if __name__ == "__main__":
    side_work.main({"feed": parse_feed, "page": parse_page, "listing": parse_listing}, SourceError)
