"""The process in which pictures are drawn: matplotlib is large and slow to load, and never in the bot's own."""

import logging

from bot.render.chart import draw
from bot.render.chart_spec import DRAW
from bot.subprocesses import server

if __name__ == "__main__":
    # What it has to say of a folder for its caches is nobody's trouble.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    jobs = server.JobRegistry()
    jobs.add(DRAW, draw)
    server.main(jobs)
