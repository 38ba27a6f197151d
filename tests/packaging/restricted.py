"""Run a command under the restrictions of a unit that a process can take upon itself.

    python -m tests.packaging.restricted UNIT COMMAND...

These are its system calls, no capabilities, no new privileges, no memory that is written and run, its umask and its
limit of files. What needs a service manager, such as another user or the views of the file system, is left out.
"""

import ctypes
import os
import platform
import re
import resource
import struct
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

NUMBERS = Path(f"/usr/include/{platform.machine()}-linux-gnu/asm/unistd_64.h")
"""The numbers of the system calls (Debian: linux-libc-dev)."""

_PR_CAPBSET_DROP, _LAST_CAPABILITY = 24, 40
_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2
_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_MDWE, _PR_MDWE_REFUSE_EXEC_GAIN = 65, 1  # since Linux 6.3

# linux/bpf_common.h, linux/seccomp.h and linux/audit.h
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_EPERM = 1
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4
_ARCHITECTURES = {"x86_64": 0xC000003E}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def is_possible() -> bool:
    """Return whether the restrictions can be taken on this machine."""
    return sys.platform == "linux" and platform.machine() in _ARCHITECTURES and NUMBERS.exists()


def allowed_calls(unit: Path) -> set[str]:
    """Return the system calls that a unit lets through, as `systemd-analyze` knows their groups."""
    text = unit.read_text(encoding="utf-8")
    calls = _group("@default")
    for value in re.findall(r"^SystemCallFilter=(.*)$", text, re.MULTILINE):
        named = {call for name in value.removeprefix("~").split() for call in _group(name)}
        calls = calls - named if value.startswith("~") else calls | named
    return calls


def _group(name: str) -> set[str]:
    if not name.startswith("@"):
        return {name}
    listed = subprocess.run(
        ["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True
    ).stdout
    members = [line.strip() for line in listed.splitlines()[1:] if line.strip() and "#" not in line]
    return {call for member in members for call in _group(member)}


def _numbers() -> Mapping[str, int]:
    header = NUMBERS.read_text(encoding="utf-8")
    return {name: int(number) for name, number in re.findall(r"^#define __NR_(\w+) (\d+)$", header, re.MULTILINE)}


def _filter(calls: set[str]) -> bytes:
    """Return the program for the kernel that lets these calls through and refuses the others with EPERM."""

    def instruction(code: int, value: int, *, then: int = 0, otherwise: int = 0) -> bytes:
        return struct.pack("=HBBI", code, then, otherwise, value)

    numbers = _numbers()
    program = [
        instruction(_LOAD, _ARCHITECTURE_AT),
        instruction(_JUMP_IF_EQUAL, _ARCHITECTURES[platform.machine()], then=1),
        instruction(_RETURN, _ERRNO | _EPERM),
        instruction(_LOAD, _NUMBER_AT),
    ]
    for call in sorted(calls & numbers.keys()):
        program += [instruction(_JUMP_IF_EQUAL, numbers[call], otherwise=1), instruction(_RETURN, _ALLOW)]
    return b"".join([*program, instruction(_RETURN, _ERRNO | _EPERM)])


def _restrict(unit: Path) -> None:
    program = _filter(allowed_calls(unit))
    options = dict(re.findall(r"^(UMask|LimitNOFILE)=(\d+)$", unit.read_text(encoding="utf-8"), re.MULTILINE))
    os.umask(int(options["UMask"], 8))
    resource.setrlimit(resource.RLIMIT_NOFILE, (int(options["LimitNOFILE"]),) * 2)
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in range(_LAST_CAPABILITY + 1):
        libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)  # the program that is run has none then, even as root
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(_PR_SET_MDWE, _PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0)
    asked = _Program(len(program) // 8, program)
    if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(asked), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the filter of system calls was not taken")


if __name__ == "__main__":
    _restrict(Path(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])
