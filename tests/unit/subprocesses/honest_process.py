"""A side process that does as it is told."""

from bot.subprocesses import server
from tests.unit.subprocesses.jobs import FAIL, RETURN, Everything


def _return(everything: Everything, _: str) -> Everything:
    return everything


def _fail(how: str, _: int) -> str:
    if how == "expected":
        raise ValueError("کوتاه")
    if how == "bug":
        raise KeyError("something")
    return {"surrogate": "half a letter: \ud83d", "huge": 2**64}[how]  # type: ignore[return-value]


if __name__ == "__main__":
    jobs = server.JobRegistry()
    jobs.add(RETURN, _return)
    jobs.add(FAIL, _fail)
    server.main(jobs, ValueError)
