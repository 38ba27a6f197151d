"""The jobs of the process that reads what authors hand in; `text_process` has the function of each."""

from zoneinfo import ZoneInfo

from bot.ingest.page.handed_in import HandedIn
from bot.subprocesses.job import Job

TEXT = Job("text", tuple[str, ZoneInfo], HandedIn)
"""text, zone; see bot.ingest.page.handed_in.read_text."""

FILE = Job("file", tuple[bytes, ZoneInfo], HandedIn)
"""body, zone; see bot.ingest.page.handed_in.read_file."""
