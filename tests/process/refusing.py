"""refusing.py NUMBER=ERRNO ... -- COMMAND...: runs a command in which these system calls fail with that error, as under the
profile of a container or on a disk that cannot be read. Numbers are those of x86-64."""

import ctypes
import os
import struct
import sys

CALLS = {"sendfile": 40, "getrandom": 318, "memfd_create": 319, "statx": 332, "pidfd_open": 434, "clone3": 435,
         "close_range": 436, "openat2": 437, "faccessat2": 439, "epoll_pwait2": 441, "landlock_create_ruleset": 444}

LOAD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
ERRNO, ALLOW = 0x00050000, 0x7FFF0000
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, MODE_FILTER = 22, 38, 2


def instruction(code, value, unless_skip=0):
    return struct.pack("HBBI", code, 0, unless_skip, value)


def refuse(calls):
    """From now on the calls whose numbers are given fail with the errors that they are given with."""
    program = instruction(LOAD, 0)
    for number, error in calls.items():
        program += instruction(JUMP_IF_EQUAL, number, 1) + instruction(RETURN, ERRNO | error)
    program += instruction(RETURN, ALLOW)
    code = ctypes.create_string_buffer(program, len(program))
    libc = ctypes.CDLL(None, use_errno=True)
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(PR_SET_SECCOMP, MODE_FILTER, header, 0, 0):
        sys.exit("this kernel has no seccomp filters")


def command(calls):
    """What a command begins with that `calls`, a map of names to errors, are to fail in."""
    return [sys.executable, __file__, *(f"{CALLS[name]}={error}" for name, error in calls.items()), "--"]


if __name__ == "__main__":
    split = sys.argv.index("--")
    refuse(dict(map(int, each.split("=")) for each in sys.argv[1:split]))
    os.execvp(sys.argv[split + 1], sys.argv[split + 1:])
