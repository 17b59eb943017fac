"""The part of a service manager that keeps sockets between starts (FDSTORE of sd_notify(3))."""

import array
import os
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

from harness import BASEHTTPD, DEADLINE, FIRST_PASSED, _reserved


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
        for i, name in enumerate(names):
            os.dup2(self.store[name], FIRST_PASSED + i)
        passed = {"LISTEN_FDS": str(len(names)), "LISTEN_FDNAMES": ":".join(names)} if names else {}
        process = subprocess.Popen(
            ["/bin/sh", "-c", 'LISTEN_PID=$$; export LISTEN_PID; exec "$@"', "sh", BASEHTTPD, "-c", str(config_file)],
            env={**os.environ, "NOTIFY_SOCKET": self._address, **passed}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            pass_fds=[FIRST_PASSED + i for i in range(len(names))])
        for i in range(len(names)):
            os.dup2(_reserved[-1], FIRST_PASSED + i)
        with self._changed:
            ready = self._changed.wait_for(lambda: self._ready > before or process.poll() is not None, DEADLINE)
        assert ready and process.poll() is None, process.communicate(timeout=DEADLINE)[0].decode()
        return process

    def wait_for_store(self, names):
        with self._changed:
            assert self._changed.wait_for(lambda: set(self.store) == set(names), DEADLINE), list(self.store)

    def close(self):
        self._socket.shutdown(socket.SHUT_RDWR)
