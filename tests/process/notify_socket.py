"""The service manager's side of sd_notify(3)."""

import os
import socket
import threading
import time


class NotifySocket:
    """Plays the service manager: takes sd_notify(3) messages in a thread, so that the daemon never waits."""

    _serial = 0

    def __init__(self):
        NotifySocket._serial += 1
        self.address = f"@basehttpd-test-{os.getpid()}-{NotifySocket._serial}"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind("\0" + self.address[1:])
        self._changed = threading.Condition()
        self.messages = []  # (time, text)
        threading.Thread(target=self._receive, daemon=True).start()

    def _receive(self):
        with self._socket:
            while text := self._socket.recv(65536).decode():
                with self._changed:
                    self.messages.append((time.monotonic(), text))
                    self._changed.notify_all()

    def texts(self, since=0):
        return [text for _, text in self.messages[since:]]

    def wait(self, wanted, since=0, seconds=20.0):
        """Waits for a message that has a line starting with `wanted`; its text."""

        def found():
            return next((t for t in self.texts(since) if any(l.startswith(wanted) for l in t.split("\n"))), None)

        with self._changed:
            if not self._changed.wait_for(lambda: found() is not None, seconds):
                raise AssertionError(f"no message {wanted}; came: {self.texts(since)}")
            return found()

    def close(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
            end.sendto(b"", "\0" + self.address[1:])
