"""The process in which pictures are drawn: the bot's own never imports matplotlib, which is large and slow."""

import atexit
import logging
import os
import shutil

from bot.render.chart_spec import DRAW
from bot.subprocesses import server
from bot.subprocesses.confinement import confine

_FOLDER = "MPLCONFIGDIR"
_GIVEN = os.environ.get(_FOLDER)

from bot.render.chart import draw  # noqa: E402 - matplotlib sets the variable where it makes itself a folder


def _remove_temporary_folder() -> None:
    """Remove the folder that matplotlib has made where it can write in none of its own.

    It would do so when the process ends, which by then may remove nothing.
    """
    atexit.unregister(shutil.rmtree)
    if (made := os.environ.get(_FOLDER)) is not None and made != _GIVEN:
        shutil.rmtree(made, ignore_errors=True)


if __name__ == "__main__":
    # What it has to say of a folder for its caches is nobody's trouble.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    # Titles of articles stand in a picture. By now matplotlib knows its fonts, and needs no folder.
    _remove_temporary_folder()
    confine()
    jobs = server.JobRegistry()
    jobs.add(DRAW, draw)
    server.main(jobs)
