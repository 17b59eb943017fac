"""What processes can no longer do once they are set up, as the kernel tells it: basehttpd(8), SANDBOX."""

import ctypes
import errno
import os
import re
import subprocess
import unittest
from contextlib import contextmanager
from unittest import mock

import processes
import refusing
from clients import get
from harness import FAULT, Daemon, DaemonTest, until

BASEHTTPCTL = os.path.abspath(os.environ.get("BASEHTTPCTL", ""))

# linux/capability.h: what the master keeps of root's.
CHOWN, DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER, KILL, SETGID, SETUID, SETPCAP, NET_BIND_SERVICE, SYS_PTRACE = \
    0, 1, 2, 3, 5, 6, 7, 8, 10, 19
MASTERS = (CHOWN, DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER, KILL, SETGID, SETUID, SETPCAP, NET_BIND_SERVICE, SYS_PTRACE)

PIPE = "access: [{pipe: /bin/cat, format: combined}]\nerror: [{file: FOLDER/error.log, level: debug}]"

# As a service manager starts a daemon that may bind low ports: another user, with that capability as an ambient one.
AS_SERVICE = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--inh-caps=-all,+net_bind_service",
              "--ambient-caps=-all,+net_bind_service", "--bounding-set=-all,+net_bind_service", "--"]

# ProtectProc=invisible.
HIDING = ["unshare", "--mount", "sh", "-c", 'mount -t proc -o hidepid=2 proc /proc && exec "$@"', "sh"]


def number(pid, field, base):
    return int(processes.status(pid, field)[0], base)


def not_inspectable(pid):
    """The kernel gives /proc/PID of such a process to root."""
    return os.stat(f"/proc/{pid}/mem").st_uid == 0 and number(pid, "Uid", 10) != 0


@unittest.skipUnless(os.geteuid() == 0, "needs another user for the children")
class Rights(DaemonTest):
    def check_children(self, daemon, sandboxed=True):
        children = [*daemon.wait_for_workers(2), daemon.logger()]
        if sandboxed:  # which they are a moment after they have opened what they need
            until(lambda: all(not_inspectable(pid) for pid in children), "children that are shut in")
        for pid in children:
            title = processes.title(pid)
            for field in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
                self.assertEqual(number(pid, field, 16), 0, f"{title}: {field}")
            self.assertEqual(number(pid, "NoNewPrivs", 10), 1, title)
            if sandboxed or "worker" in title:  # the kernel does that by itself where the user changes
                self.assertEqual(not_inspectable(pid), sandboxed, title)
            with open(f"/proc/{pid}/limits", encoding="ascii") as limits:
                core = re.search(r"Max core file size +(\S+) +(\S+)", limits.read()).groups()
            self.assertEqual(core == ("0", "0"), sandboxed, title)

    def test_children_of_root(self):
        with self.daemon(ulimit="-c 1000") as daemon:
            self.check_children(daemon)
            for pid in [*daemon.workers(), daemon.logger()]:
                self.assertEqual(number(pid, "CapBnd", 16), 0)
            daemon.reload()
            self.check_children(daemon)

    @contextmanager
    def as_service(self, before=(), **options):
        with mock.patch.object(Daemon, "as_user", return_value=[*before, *AS_SERVICE]):
            with self.daemon(run_as=("nobody", "nogroup"), **options) as daemon:
                yield daemon

    def test_children_of_another_user(self):
        with self.as_service(ulimit="-c 1000") as daemon:
            self.assertEqual(number(daemon.pid, "CapEff", 16), 1 << NET_BIND_SERVICE)
            self.check_children(daemon)

    def test_off(self):
        with self.daemon(settings="sandbox: off", ulimit="-c 1000") as daemon:
            daemon.expect("the sandbox is off, as configured")
            self.check_children(daemon, sandboxed=False)

    def test_master_of_root(self):
        with self.daemon() as daemon:
            kept = sum(1 << capability for capability in MASTERS)
            for field in ("CapPrm", "CapEff", "CapBnd"):
                self.assertEqual(number(daemon.pid, field, 16) & ~kept, 0, field)

    def test_log_programs(self):
        with self.daemon(log=PIPE) as daemon:
            (program,) = until(lambda: processes.children_titled(daemon.pid, "/bin/cat"), "the log program")
            for field in ("CapInh", "CapPrm", "CapEff", "CapAmb", "CapBnd"):
                self.assertEqual(number(program, field, 16), 0, field)
            self.assertEqual(number(program, "NoNewPrivs", 10), 1)

    def test_the_control_socket_hears_no_child(self):
        """A log program has the master's user, as workers have under a unit."""
        log = (f"access: [{{pipe: {BASEHTTPCTL} -s FOLDER/control.sock stop, format: combined}}]\n"
               "error: [{file: FOLDER/error.log, level: debug}]")
        with self.as_service(control=True, log=log) as daemon:
            daemon.expect("log program .* exited with 69")
            self.assertEqual(get(daemon.address)[0], 200)
            status = subprocess.run([BASEHTTPCTL, "-s", daemon.folder / "control.sock", "status"], check=False)
            self.assertEqual(status.returncode, 0, "root is heard")
            daemon.tolerate("log program|lost")

    def test_the_memory_of_one_that_the_master_does_not_see(self):
        with self.as_service(HIDING, workers="{count: 2, max_memory: 32M}", environment=FAULT) as daemon:
            daemon.write("fault-grow", "x")
            self.assertEqual(get(daemon.address, "/fault-grow")[0], 200)
            daemon.expect("KiB of private memory, more than workers.max_memory, and is replaced")


DONE, REFUSED = 99, 100  # mischief.cc's exit codes

# What a captured worker tries, and what it gets: the name of the call that it dies of, or an error.
CAPTURED = {
    "execve": "execve", "fork": "fork", "clone": "clone", "ptrace": "ptrace", "kill": "kill", "tgkill": "tgkill",
    "pidfd_open": "pidfd_open", "process_vm_readv": "process_vm_readv", "socket": "socket", "socketpair": "socketpair",
    "connect": "connect", "shutdown": "shutdown", "copy": errno.ENOSYS,
    "dup": errno.ENOSYS, "listen": "listen", "filter": errno.ENOSYS, "unlink": "unlink",
    "rename": "rename", "truncate": "truncate", "chmod": "chmod", "append": errno.ENOSYS, "mmap": "mmap",
    "mprotect": "mprotect", "memfd_create": "memfd_create", "unshare": "unshare", "mount": "mount", "bpf": "bpf",
    "userfaultfd": "userfaultfd", "io_uring_setup": "io_uring_setup", "keyctl": "keyctl", "rt_sigaction": "rt_sigaction",
    "dumpable": errno.ENOSYS, "priority": errno.ENOSYS, "prlimit": errno.ENOSYS,
}


# The same where requests are passed on to a unix socket: one of another family cannot be made.
PROXY = {"socket": errno.ENOSYS}

# And with Landlock.
BESIDE_ROOTS = {
    "append_beneath": errno.EACCES, "create": errno.EACCES, "read": errno.EACCES, "read_beneath": errno.EACCES,
    "memory": errno.EACCES,
}


def landlock_version():
    """landlock_create_ruleset(NULL, 0, LANDLOCK_CREATE_RULESET_VERSION)"""
    return ctypes.CDLL(None).syscall(444, None, 0, 1)


def seccomp(pid):
    return number(pid, "Seccomp", 10)


def until_filtered(pids):
    """Waits for processes that have opened what they need, and are shut in next."""
    until(lambda: {seccomp(pid) for pid in pids} == {2}, f"a filter of system calls in {pids}")


@unittest.skipUnless(number(os.getpid(), "Seccomp", 10) != 1, "no filters of system calls here")
class Captured(DaemonTest):
    def test_children_have_a_filter(self):
        with self.daemon() as daemon:
            until_filtered([*daemon.wait_for_workers(2), daemon.logger()])
            daemon.reload()
            until(lambda: len(daemon.workers()) == 2, "the new workers alone")
            until_filtered([*daemon.workers(), daemon.logger()])

    def test_a_captured_worker(self):
        self.capture(CAPTURED)

    @unittest.skipUnless(landlock_version() > 0, "this kernel has no Landlock")
    def test_a_captured_worker_and_files(self):
        self.capture(BESIDE_ROOTS)

    @unittest.skipUnless(landlock_version() > 0, "this kernel has no Landlock")
    def test_roots_of_a_reload(self):
        with self.daemon() as daemon:
            other = daemon.folder / "other"
            other.mkdir()
            (other / "a.txt").write_text("other")
            daemon.configure(root=other)
            daemon.reload()
            until(lambda: get(daemon.address, "/a.txt") == (200, b"other"), "the other root")

    def test_status_says_what_is_in_force(self):
        with self.daemon(control=True) as daemon:
            status = subprocess.run([BASEHTTPCTL, "-s", daemon.folder / "control.sock", "status"], capture_output=True,
                                    text=True, check=True).stdout
            for role in ("workers", "the logger"):
                self.assertRegex(status, rf"sandbox of {role}: no capabilities, no new privileges, not inspectable, seccomp")

    def test_required(self):
        refused = refusing.command({"landlock_create_ruleset": errno.ENOSYS})
        with self.daemon(settings="sandbox: required", through=refused, ready=False, exits_with=69) as daemon:
            daemon.wait()
            self.assertIn("the sandbox is required but not available here: files are not restricted", daemon.output)

    def test_a_kernel_without_landlock(self):
        refused = refusing.command({"landlock_create_ruleset": errno.ENOSYS})
        with self.daemon(through=refused) as daemon:
            daemon.expect("the sandbox is not complete here: files are not restricted")
            self.assertEqual(get(daemon.address)[0], 200)
            until_filtered(daemon.workers())

    def test_links_that_are_followed(self):
        with self.daemon(site="symlinks: follow") as daemon:
            (daemon.folder / "outside.txt").write_text("outside")
            (daemon.root / "link.txt").symlink_to("../outside.txt")
            self.assertEqual(get(daemon.address, "/link.txt"), (200, b"outside"))

    def capture(self, rows, **options):
        workers = "{count: %d, crash_limit: 0, poison_limit: 0}" % (len(rows) + 2)
        environment = {**FAULT, "MISCHIEF": "FOLDER/goal"}
        with self.daemon(workers=workers, environment=environment, **options) as daemon:
            goal = daemon.folder / "goal"
            goal.write_text("as it was")
            if os.geteuid() == 0:
                os.chown(goal, 65534, 65534)
            daemon.tolerate("worker")
            for deed, outcome in rows.items():
                with self.subTest(deed):
                    self.check(daemon, deed, outcome)
            self.assertEqual(goal.read_text(), "as it was")
            self.assertEqual(goal.stat().st_mode & 0o777, 0o644)
            self.assertFalse(daemon.process.poll())
            daemon.wait_for_access(len(rows))

    def check(self, daemon, deed, outcome):
        self.assertIsNone(get_or_none(daemon.address, f"/fault-call-{deed}"))
        (end,) = daemon.expect(rf"worker .* in the middle of .*GET /fault-call-{deed} ")
        if isinstance(outcome, str):
            self.assertIn("was killed by SIGSYS (forbidden by its sandbox)", end)
            daemon.expect(rf"SIGSYS: the sandbox forbids {outcome}\(2\); the stack")
        else:
            self.assertIn(f"exited with {REFUSED + outcome} ", end, f"{DONE} is success")
        self.assertEqual(get(daemon.address)[0], 200)


class CapturedProxy(Captured):
    """Workers that pass requests on to a server on a unix socket."""

    def capture(self, rows, **options):
        rows = {**rows, **{deed: outcome for deed, outcome in PROXY.items() if deed in rows}}
        super().capture(rows, site="routes: [{path: /app/, handler: proxy, to: 'unix:/nowhere/app.sock'}]")


def get_or_none(address, target):
    try:
        return get(address, target)
    except OSError:
        return None


if __name__ == "__main__":
    unittest.main(verbosity=2)
