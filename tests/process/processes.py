"""What /proc says about processes."""

import os
import signal
from pathlib import Path


def children(pid):
    """All that live. (What /proc/PID/task/TID/children lists may leave some out while others end.)"""
    return sorted(int(each) for each in os.listdir("/proc") if each.isdigit() and _stat(each)[1:2] == [str(pid)]
                  and _stat(each)[:1] not in ([], ["Z"]))


def zombies(pid):
    """Its children that have ended and that it has not reaped."""
    return sorted(int(each) for each in os.listdir("/proc") if each.isdigit() and _stat(each)[:2] == ["Z", str(pid)])


def title(pid):
    """What `ps` shows."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").decode(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _stat(pid):
    """The words of /proc/PID/stat from the state on."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def state(pid):
    """The letter of ps(1), or None where there is no such process."""
    return next(iter(_stat(pid)), None)


def children_titled(pid, prefix):
    return [child for child in children(pid) if title(child).startswith(prefix)]


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def open_files(pid):
    """What each descriptor refers to."""
    found = []
    try:
        for name in os.listdir(f"/proc/{pid}/fd"):
            found.append(os.readlink(f"/proc/{pid}/fd/{name}"))
    except (FileNotFoundError, ProcessLookupError):  # closed, or ended, meanwhile
        pass
    return found


def status(pid, field):
    """A line of /proc/PID/status."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return line.partition(":")[2].split()
    return []


def cpu_ticks(pid):
    """Time on a CPU, user and system, in clock ticks (proc(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def gone(pid):
    return state(pid) in (None, "Z")


def reap_orphans():
    """Ends and reaps what has become this process's child."""
    for child in children(os.getpid()):
        os.kill(child, signal.SIGKILL)
    try:
        while os.waitpid(-1, 0):
            pass
    except ChildProcessError:
        pass


def connections(pid, port):
    """How many established connections to `port` a process holds, by /proc/net/tcp (proc(5))."""
    established = set()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        columns = line.split()
        if columns[3] == "01" and int(columns[1].rpartition(":")[2], 16) == port:
            established.add(f"socket:[{columns[9]}]")
    return sum(name in established for name in open_files(pid))
