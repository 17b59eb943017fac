"""Listeners whose connections begin with a header of the PROXY protocol: by hand, and from HAProxy in both versions."""

import contextlib
import json
import signal
import socket
import subprocess
import tempfile
import unittest
from pathlib import Path

from clients import curl, exchange
from harness import DaemonTest, free_port, until

LOG = """access: [{file: FOLDER/access.log, format: json}]
error: [{file: FOLDER/error.log, level: debug}]"""
SITE = """routes:
  - {path: /theirs/, handler: respond, text: theirs, allow: 192.0.2.0/24}"""
REQUEST = b"GET /theirs/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
HAPROXY = """
defaults
    mode http
    timeout connect 10s
    timeout client 10s
    timeout server 10s
frontend front
    bind 127.0.0.1:{port}
    default_backend back
backend back
    server one 127.0.0.1:{backend} {version}
"""


class ProxyProtocol(DaemonTest):
    def required(self, **options):
        listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        port = listener.getsockname()[1]
        settings = f"listen: {{address: 127.0.0.1:{port}, proxy_protocol: required}}\n" + options.pop("settings", "")
        return self.daemon(listener=listener, settings=settings, site=SITE, log=LOG, **options)

    def test_the_client_that_is_named(self):
        with self.required() as daemon:
            daemon.tolerate("code 403, ")
            for header, status in ((b"PROXY TCP4 192.0.2.7 192.0.2.8 4711 80\r\n", b"200"),
                                   (b"PROXY TCP6 2001:db8::7 ::1 4712 80\r\n", b"403"),
                                   (b"PROXY UNKNOWN\r\n", b"403"),
                                   (b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x09\x7f\0\0\1\x12\x67\0\x50", b"200")):
                self.assertEqual(exchange(daemon.address, header + REQUEST).split()[1], status, header)
            records = [json.loads(line) for line in daemon.wait_for_access(4)]
            self.assertEqual([record["client"] for record in records],
                             ["192.0.2.7", "2001:db8::7", "127.0.0.1", "192.0.2.9"])
            self.assertEqual({record["peer"] for record in records}, {"127.0.0.1"})

    def test_connections_without_a_header(self):
        with self.required(workers=1) as daemon:
            self.assertEqual(exchange(daemon.address, REQUEST), b"")
            daemon.expect("127.0.0.1: connection closed: it begins with something other than a PROXY header$")
            for _ in range(50):
                with contextlib.suppress(ConnectionError):
                    exchange(daemon.address, REQUEST)
            self.assertEqual(exchange(daemon.address, b"PROXY TCP4 192.0.2.7 192.0.2.8 1 80\r\n" + REQUEST).split()[1], b"200")
            self.assertEqual(len(daemon.wait_for_access(1)), 1)
            self.assertEqual(len([line for line in daemon.error_lines() if "PROXY" in line]), 1)

    def test_a_header_that_does_not_come(self):
        with self.required(settings="limits: {header_timeout: 100ms}") as daemon:
            daemon.tolerate("a PROXY header that does not end")
            for begun in (b"", b"PROXY TCP4 "):
                with daemon.connect() as client:
                    client.sendall(begun)
                    self.assertEqual(client.recv(100), b"")

    def test_a_socket_that_was_not_passed(self):
        settings = "listen: {address: 127.0.0.1:1, proxy_protocol: required}"
        with self.daemon(settings=settings, ready=False, exits_with=69) as daemon:
            daemon.wait()
            self.assertIn("'proxy_protocol' for '127.0.0.1:1', but the service manager has passed", daemon.output)

    def test_haproxy(self):
        for version in ("send-proxy", "send-proxy-v2"):
            with self.subTest(version), self.required() as daemon, haproxy(daemon, version) as port:
                daemon.tolerate("code 403, ")
                self.assertEqual(curl(f"http://127.0.0.1:{port}/").status, 200)
                self.assertEqual(curl(f"http://127.0.0.1:{port}/theirs/").status, 403)
                records = [json.loads(line) for line in daemon.wait_for_access(2)]
                self.assertEqual({record["client"] for record in records}, {"127.0.0.1"})
                for record in records:
                    self.assertNotEqual(record["client_port"], record["peer_port"])


@contextlib.contextmanager
def haproxy(daemon, version):
    """HAProxy before the daemon; its port."""
    with tempfile.TemporaryDirectory(prefix="basehttpd-haproxy-") as folder:
        port = free_port()
        config = Path(folder, "config")
        config.write_text(HAPROXY.format(port=port, backend=daemon.port, version=version))
        process = subprocess.Popen(["haproxy", "-db", "-f", str(config)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        daemon.beside.add(process.pid)
        try:
            until(lambda: accepts(port) or process.poll() is not None, "haproxy listens")
            yield port
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)
            daemon.beside.discard(process.pid)


def accepts(port):
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=20).close()
        return True


if __name__ == "__main__":
    unittest.main(verbosity=2)
