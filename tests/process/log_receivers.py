"""Programs that take log messages, as the daemon sees them: they read when the test says so, and not before."""

import contextlib
import os
import socket
import struct


def parse_entry(data):
    """The fields of an entry in journald's native protocol, as bytes by their names."""
    fields = {}
    while data:
        line, _, rest = data.partition(b"\n")
        name, equals, value = line.partition(b"=")
        if not equals:
            (size,) = struct.unpack_from("<Q", rest)
            value, end, rest = rest[8:8 + size], rest[8 + size:9 + size], rest[9 + size:]
            assert len(value) == size and end == b"\n", data
        assert name.decode() not in fields, name
        fields[name.decode()], data = value, rest
    return fields


class Datagrams:
    """A datagram socket, in the file system or, without a path, over UDP."""

    def __init__(self, path=None, port=0, timeout=20):
        self.path = path
        if path is None:
            self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.socket.bind(("127.0.0.1", port))
            self.port = self.socket.getsockname()[1]
        else:
            self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
            self.socket.bind(str(path))
            os.chmod(path, 0o666)
        self.socket.settimeout(timeout)

    def take(self):
        """The next message; waits for it."""
        data, files, _, _ = socket.recv_fds(self.socket, 1 << 20, 1)
        if not files:
            return data
        with open(files[0], "rb") as file:
            file.seek(0)
            return file.read()

    def take_until(self, is_last):
        """All messages up to the one that `is_last` is true for."""
        messages = [self.take()]
        while not is_last(messages[-1]):
            messages.append(self.take())
        return messages

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Stream:
    """A TCP port, where messages come with their octets counted."""

    def __init__(self, receive_buffer=None, timeout=20):
        self.listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if receive_buffer:
            self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen()
        self.listener.settimeout(timeout)
        self.port = self.listener.getsockname()[1]
        self.connection = None
        self.timeout = timeout

    def _read(self, count):
        data = b""
        while len(data) < count:
            part = self.connection.recv(count - len(data))
            assert part, "the connection has ended"
            data += part
        return data

    def take(self):
        """The next message; waits for it, and for the connection."""
        if self.connection is None:
            self.connection, _ = self.listener.accept()
            self.connection.settimeout(self.timeout)
        digits = b""
        while not digits.endswith(b" "):
            digits += self._read(1)
        return self._read(int(digits))

    def close(self):
        self.listener.close()
        if self.connection is not None:
            self.connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
