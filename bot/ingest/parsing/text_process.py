"""The process in which an author's files and long texts are read. It gives way to the bot."""

from bot.ingest.page.handed_in import read_file, read_text
from bot.ingest.parsing.text_jobs import FILE, TEXT
from bot.subprocesses import server
from bot.subprocesses.confinement import confine, give_way

if __name__ == "__main__":
    give_way()
    confine()
    jobs = server.JobRegistry()
    jobs.add(TEXT, read_text)
    jobs.add(FILE, read_file)
    server.main(jobs)
