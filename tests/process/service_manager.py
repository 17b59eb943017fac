"""The part of a service manager that keeps files between starts (FDSTORE of sd_notify(3))."""

import array
import os
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from harness import BASEHTTPD, DEADLINE

# Brings the descriptors that its first arguments name to where sd_listen_fds(3) looks for them.
PLACE_AND_EXECUTE = """
import fcntl, os, sys
files = [int(word) for word in sys.argv[1:-3]]
high = [fcntl.fcntl(file, fcntl.F_DUPFD, 500) for file in files]
for file in files:
    os.close(file)
for number, file in enumerate(high):
    os.dup2(file, 3 + number)
    os.close(file)
os.environ["LISTEN_PID"] = str(os.getpid())
os.execv(sys.argv[-3], sys.argv[-3:])
"""


class ServiceManager:
    """Starts the daemon with what an earlier one left in the store. As systemd it answers BARRIER=1, or, if `deaf`, not."""

    def __init__(self, deaf=False):
        self.folder = Path(tempfile.mkdtemp(prefix="basehttpd-test-"))
        self.folder.chmod(0o755)
        self.store = {}  # name: descriptor
        self._deaf = deaf
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._address = str(self.folder / "notify")
        self._socket.bind(self._address)
        os.chmod(self._address, 0o777)
        self._changed = threading.Condition()
        self._ready = 0
        threading.Thread(target=self._receive, daemon=True).start()

    def _receive(self):
        while True:
            text, more, _, _ = self._socket.recvmsg(4096, socket.CMSG_SPACE(64))
            if not text:
                return
            fds = array.array("i")
            for _, _, data in more:
                fds.frombytes(data[:len(data) - len(data) % fds.itemsize])
            self._take(text.decode().split("\n"), list(fds))

    def _take(self, lines, fds):
        name = next((line[7:] for line in lines if line.startswith("FDNAME=")), "")
        with self._changed:
            if "FDSTORE=1" in lines:
                assert name not in self.store, f"{name} is kept twice"
                self.store[name] = fds.pop()
            if "FDSTOREREMOVE=1" in lines and name in self.store:
                os.close(self.store.pop(name))
            self._ready += "READY=1" in lines
            self._changed.notify_all()
        if not self._deaf:
            for fd in fds:
                os.close(fd)

    def start(self, config_file):
        """One start; its process once it is ready, or its output once it has ended."""
        before, names = self._ready, list(self.store)
        passed = {"LISTEN_FDS": str(len(names)), "LISTEN_FDNAMES": ":".join(names)} if names else {}
        files = [self.store[name] for name in names]
        process = subprocess.Popen(
            [sys.executable, "-c", PLACE_AND_EXECUTE, *map(str, files), BASEHTTPD, "-c", str(config_file)],
            env={**os.environ, "NOTIFY_SOCKET": self._address, **passed}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            pass_fds=files)
        with self._changed:
            ready = self._changed.wait_for(lambda: self._ready > before or process.poll() is not None, DEADLINE)
        assert ready and process.poll() is None, process.communicate(timeout=DEADLINE)[0].decode()
        return process

    def wait_for_store(self, names, but=None):
        """Until it holds those names, and others only if they begin with `but`."""
        def others():
            return {name for name in self.store if not but or not name.startswith(but)}
        with self._changed:
            assert self._changed.wait_for(lambda: others() == set(names), DEADLINE), list(self.store)

    def close(self):
        self._socket.shutdown(socket.SHUT_RDWR)
