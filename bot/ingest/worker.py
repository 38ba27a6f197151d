"""The process in which foreign markup is parsed."""

from bot import side_work
from bot.errors import SourceError
from bot.ingest.feed import parse_feed
from bot.ingest.listing import parse_listing
from bot.ingest.page import parse_page

if __name__ == "__main__":
    side_work.main({"feed": parse_feed, "page": parse_page, "listing": parse_listing}, SourceError)
