"""The process in which an author's files and long texts are read. It gives way to the bot."""

import os

from bot import side_work
from bot.ingest.page.handed_in import read_file, read_text
from bot.ingest.text_jobs import FILE, TEXT

_NICENESS = 5

if __name__ == "__main__":
    os.nice(_NICENESS)
    jobs = side_work.Jobs()
    jobs.add(TEXT, read_text)
    jobs.add(FILE, read_file)
    side_work.main(jobs)
