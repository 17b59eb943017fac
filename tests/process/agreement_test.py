"""`check` and the start agree: what the one passes, the other starts with, over situations that are put together from parts.

Each part makes one thing of the configuration, or of the machine, good or bad. Each is tried alone, and many pairs."""

import itertools
import os
import random
import shutil
import socket
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import BASEHTTPD, DEADLINE, free_port, until
from notify_socket import NotifySocket

ROOT = os.geteuid() == 0


class Situation:
    """A folder, and what the configuration in it says."""

    def __init__(self, folder):
        self.folder = folder
        self.listen = f"127.0.0.1:{free_port()}"
        self.user = "user: nobody\n" if ROOT else ""
        self.access = f"[{{file: {folder}/access.log}}]"
        self.root = folder / "root"
        self.control = "none"
        self.ulimit = ""
        self.closed = []  # to be closed in the end
        self.root.mkdir()
        self.root.chmod(0o755)

    def write(self):
        file = self.folder / "c.yaml"
        file.write_text(f"listen: {self.listen}\n{self.user}workers: {{count: 1}}\ncontrol: {self.control}\n"
                        f"log: {{access: {self.access}, error: [{{file: {self.folder}/error.log}}]}}\n"
                        f"sites: [{{root: {self.root}}}]\n")
        return file

    def listening(self, family, address):
        holder = socket.socket(family)
        holder.bind(address)
        holder.listen()
        self.closed.append(holder)
        return holder.getsockname()

    def log(self, name):
        self.access = f"[{{file: {self.folder / name}}}]"
        return self.folder / name


def listen(text):
    """The address, in which P is a free port and DIR the folder."""
    return lambda s: setattr(s, "listen", text.replace("P", str(free_port())).replace("DIR", str(s.folder)))


def taken_port(s):
    s.listen = f"127.0.0.1:{s.listening(socket.AF_INET, ('127.0.0.1', 0))[1]}"


def taken_by_all(s):
    s.listen = f"127.0.0.1:{s.listening(socket.AF_INET, ('0.0.0.0', 0))[1]}"


def taken_path(s):
    s.listening(socket.AF_UNIX, str(s.folder / "taken"))
    s.listen = f"unix:{s.folder}/taken"


def stale_path(s):
    taken_path(s)
    s.closed.pop().close()


def path_of_a_file(s):
    (s.folder / "file").write_text("precious")
    s.listen = f"unix:{s.folder}/file"


LISTEN = {
    "one address": lambda s: None,
    "one within another": listen("[0.0.0.0:P, 127.0.0.1:P]"),
    "a name and its address": listen("[localhost:P, 127.0.0.1:P]"),
    "another family": listen("[0.0.0.0:P, '[::]:P']"),
    "a port that is taken": taken_port,
    "a port that is taken on all addresses": taken_by_all,
    "an address of another machine": listen("192.0.2.1:P"),
    "a name that nobody knows": listen("no-such-host.invalid:P"),
    "a path": listen("'unix:DIR/s'"),
    "a path in a directory that is missing": listen("'unix:DIR/none/s'"),
    "a path below a file": listen("'unix:DIR/c.yaml/s'"),
    "a path that somebody listens at": taken_path,
    "a path that is left over": stale_path,
    "a path that is another file": path_of_a_file,
}


def log_by_link(s):
    s.log("link").symlink_to(s.folder / "real.log")


def log_by_link_to_nowhere(s):
    s.log("link").symlink_to(s.folder / "none" / "real.log")


def log_is_directory(s):
    s.log("directory").mkdir()


def log_is_socket(s):
    s.listening(socket.AF_UNIX, str(s.log("socket")))


def log_is_fifo(s):
    os.mkfifo(s.log("fifo"))


def log_is_read_only(s):
    s.log("old.log").touch(0o444)


def log_in_read_only_directory(s):
    (s.folder / "closed").mkdir()
    (s.folder / "closed").chmod(0o555)
    s.log("closed/a.log")


def log_of_another(s):
    path = s.log("old.log")
    path.touch(0o600)
    if ROOT:
        shutil.chown(path, "daemon")


def sink(text):
    return lambda s: setattr(s, "access", text)


LOGS = {
    "a new log": lambda s: None,
    "a log by a link": log_by_link,
    "a log by a link that leads nowhere": log_by_link_to_nowhere,
    "a log in a directory that is missing": lambda s: s.log("none/a.log"),
    "a log below a file": lambda s: s.log("c.yaml/a.log"),
    "a directory as log": log_is_directory,
    "a socket as log": log_is_socket,
    "a FIFO that nobody reads as log": log_is_fifo,
    "a log that is read-only": log_is_read_only,
    "a log in a directory that is read-only": log_in_read_only_directory,
    "a log of another user": log_of_another,
    "a name that is too long": lambda s: s.log("x" * 300),
    "the standard output by name": sink("[{file: /dev/stdout}]"),
    "the standard error by another name": sink("[{file: /proc/self/fd/2}]"),
    "a device": sink("[{file: /dev/full}]"),
    "a program that is missing": sink("[{pipe: /none/at/all}]"),
    "more logs than descriptors": lambda s: setattr(s, "ulimit", "ulimit -n 25; "),
}


def closed_root(s):
    s.root.chmod(0o700 if ROOT else 0)


def root_is_file(s):
    s.root = s.folder / "file.html"
    s.root.touch()


def control(text):
    return lambda s: setattr(s, "control", text.replace("DIR", str(s.folder)))


def control_taken(s):
    s.listening(socket.AF_UNIX, str(s.folder / "control"))
    s.control = f"{s.folder}/control"


def account(text):
    return lambda s: setattr(s, "user", text)


OTHERS = {
    "nothing else": lambda s: None,
    "a root that is missing": lambda s: s.root.rmdir(),
    "a root that the user cannot enter": closed_root,
    "a root that is a file": root_is_file,
    "a user that is missing": account("user: no-such-user\n"),
    "a group that is missing": account("user: nobody\ngroup: no-such-group\n"),
    "a user by number": account("user: 54321\n"),
    "no user": account(""),
    "a control socket": control("DIR/control"),
    "a control socket in a directory that is missing": control("DIR/none/control"),
    "a control socket that somebody listens at": control_taken,
}


def situations():
    """Each part alone, and as many pairs, the same ones each time."""
    kinds = [LISTEN, LOGS, OTHERS]
    for kind in kinds:
        yield from ((part,) for part in kind.items())
    pairs = [pair for one, other in itertools.combinations(kinds, 2) for pair in itertools.product(one.items(), other.items())]
    yield from random.Random(1).sample(pairs, 90)


def files_in(folder):
    return sorted((path, path.lstat().st_mtime_ns, path.lstat().st_mode) for path in folder.rglob("*"))


class Agreement(unittest.TestCase):
    def outcome(self, situation, file, command=()):
        """The exit code, or 0 of one that is ready, and what was printed."""
        notify = NotifySocket()
        script = situation.ulimit + 'exec "$@"'
        process = subprocess.Popen(["/bin/sh", "-c", script, "sh", BASEHTTPD, *command, "-c", file],
                                   env={**os.environ, "NOTIFY_SOCKET": notify.address}, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        watched = None
        try:
            watched = self.ready_or_ended(notify, process)
        finally:
            if process.poll() is None and not command:
                process.terminate()
            output = process.communicate(timeout=DEADLINE)[0].decode()
            notify.close()
        return (0 if watched == "ready" else process.returncode), output

    @staticmethod
    def ready_or_ended(notify, process):
        def ready():
            return any("READY=1" in text for text in notify.texts())

        until(lambda: ready() or process.poll() is not None, "a verdict")
        return "ready" if ready() else "ended"

    def compare(self, parts):
        with tempfile.TemporaryDirectory(prefix="basehttpd-test-") as name:
            folder = Path(name)
            folder.chmod(0o755)
            situation = Situation(folder)
            for _, prepare in parts:
                prepare(situation)
            file = situation.write()
            before = files_in(folder)
            code, said = self.outcome(situation, file, ["check"])
            self.assertEqual(files_in(folder), before, "the check has changed something")
            started, told = self.outcome(situation, file)
            for each in situation.closed:
                each.close()
            self.assertIn(code, (0, 78))
            self.assertIn(started, (0, 69, 78), told)
            self.assertEqual(code == 0, started == 0, f"check: {code} {said}\nstart: {started} {told}")
            if started:
                self.assertRegex(told, r"error: |c\.yaml:\d+:\d+: ")
            return started

    def test_all(self):
        outcomes = []
        for parts in situations():
            with self.subTest(" and ".join(name for name, _ in parts)):
                outcomes.append(self.compare(parts))
        self.assertGreater(len(outcomes), 100)
        self.assertGreater(outcomes.count(0), 20, "most situations are bad: are those that should be good?")
        self.assertGreater(outcomes.count(69) + outcomes.count(78), 50)


if __name__ == "__main__":
    unittest.main(verbosity=2)
