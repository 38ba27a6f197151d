"""Confinement of a process that reads foreign bytes: what it need not do for that, it can do no more.

Resource limits hold everywhere. On Linux the process can gain no privileges. Where the kernel has Landlock (5.13 or
later; https://docs.kernel.org/userspace-api/landlock.html) it reads only the files of the program, and writes none.
Later kernels keep it from connecting to anybody (6.7) and from signalling processes outside (6.12).
"""

import contextlib
import ctypes
import os
import resource
import sys
import sysconfig
from collections.abc import Sequence
from importlib.util import find_spec

_NICENESS = 5
_OPEN_FILES = 64  # modules that are loaded late are files, too

# prctl(2)
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38

# include/uapi/linux/landlock.h; the numbers of the calls are the same on every architecture.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_RULESET_VERSION = 1
_RULE_PATH_BENEATH = 1
_READ = (1 << 2) | (1 << 3)  # files and folders
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""The number of file rights that a version of Landlock knows; later versions know as many as the last."""
_NETWORK_RIGHTS = 3  # to bind and to connect over TCP, since version 4
_SCOPES = 3  # abstract sockets and signals, since version 6

_OWN_PACKAGES = ("bot", "persian", "storage")
_SYSTEM = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share/zoneinfo", "/lib", "/lib64")


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def confine() -> None:
    """Drop permanently the permissions that parsing and drawing do not need. Call it after all imports."""
    for limit, most in (
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
    ):
        resource.setrlimit(limit, (most, most))
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        _restrict(libc, _readable())


def give_way() -> None:
    """Lower this process's priority below the bot's, which has readers to answer; a system may refuse that."""
    with contextlib.suppress(OSError):
        os.nice(_NICENESS)


def landlock_version() -> int:
    """Return the version of Landlock that this kernel has, 0 where it has none."""
    if sys.platform != "linux":
        return 0
    libc = ctypes.CDLL(None, use_errno=True)
    return max(0, int(libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _RULESET_VERSION)))


def _readable() -> list[str]:
    """Return the folders of the program's code: our packages, Python's and the libraries', and time zones.

    Not all of `sys.path`: where the program runs from a folder of its source, the database may lie beside it.
    """
    libraries = [folder for folder in sys.path if os.path.basename(folder) in ("site-packages", "dist-packages")]
    packages = [
        folder
        for name in _OWN_PACKAGES
        if (spec := find_spec(name))
        for folder in spec.submodule_search_locations or ()
    ]
    paths = sysconfig.get_paths()
    return [
        *_SYSTEM,
        *packages,
        *libraries,
        *(paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")),
    ]


def _restrict(libc: ctypes.CDLL, readable: Sequence[str]) -> None:
    """Allow this process to read below these folders, and to do nothing else with files and the network."""
    version = landlock_version()
    if not version:
        return
    size = 8 if version < 4 else 16 if version < 6 else 24
    attributes = _Ruleset((1 << _FILE_RIGHTS.get(version, 16)) - 1, _NETWORK_RIGHTS, _SCOPES)
    ruleset = libc.syscall(_CREATE_RULESET, ctypes.byref(attributes), ctypes.c_size_t(size), 0)
    if ruleset < 0:
        return
    for path in readable:
        with contextlib.suppress(OSError):
            folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
            rule = _PathBeneath(_READ, folder)
            libc.syscall(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, ctypes.byref(rule), 0)
            os.close(folder)
    libc.syscall(_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)
