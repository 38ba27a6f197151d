"""The process in which an author's files and long texts are read. It gives way to the bot."""

import os

from bot import side_work
from bot.ingest.page.handed_in import read_file, read_text

_NICENESS = 5

if __name__ == "__main__":
    os.nice(_NICENESS)
    side_work.main({"text": read_text, "file": read_file})
