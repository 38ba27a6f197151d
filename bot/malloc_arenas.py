"""The number of heaps from which the C library gives memory to threads."""

import ctypes

_M_ARENA_MAX = -8  # malloc.h of glibc, mallopt(3)
_ARENAS = 2


def limit_arenas() -> None:
    """Share two heaps between all threads; call it before the first thread starts.

    Of itself glibc gives a thread a heap of its own, up to eight for each core, and each keeps what its thread has
    ever needed. The threads of Peyk wait most of the time. A C library without this setting stays as it is.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, _ARENAS)
