"""Real proxies in front of the daemon, with connections to it that they keep: no request that two of them may cut at different
places brings them out of step. For each, the daemon sees no more requests than its client sees answers, and what is asked next,
by the same client or by another, gets its own answer."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest
from pathlib import Path

import beside
import smuggling
from harness import DaemonTest, free_port, until

CONFIGURATIONS = {
    "nginx": (["nginx", "-c", "{config}", "-e", "{folder}/error.log"], """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log; {root_user}
events {{ }}
http {{
    access_log off; keepalive_timeout 10s; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    upstream backend {{ server 127.0.0.1:{backend}; keepalive 4; }}
    server {{ listen 127.0.0.1:{port}; location / {{
        proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_request_buffering {buffering}; }} }}
}}"""),
    "haproxy": (["haproxy", "-db", "-f", "{config}"], """
defaults
    mode http
    timeout connect 10s
    timeout client 10s
    timeout server 10s
    http-reuse always
frontend front
    bind 127.0.0.1:{port}
    default_backend back
backend back
    server one 127.0.0.1:{backend} maxconn 4
"""),
    "apache2": (["apache2", "-DFOREGROUND", "-f", "{config}"], """
ServerRoot {folder}
ServerName localhost
Listen 127.0.0.1:{port}
PidFile {folder}/pid
ErrorLog {folder}/error.log
Mutex file:{folder}
User nobody
Group nogroup
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so
StartServers 1
ServerLimit 1
ThreadsPerChild 8
MaxRequestWorkers 8
ProxyPass / http://127.0.0.1:{backend}/ keepalive=On
"""),
    "lighttpd": (["lighttpd", "-D", "-f", "{config}"], """
server.modules = ("mod_proxy")
server.bind = "127.0.0.1"
server.port = {port}
server.document-root = "{folder}"
server.errorlog = "{folder}/error.log"
server.stream-request-body = {streaming}
proxy.server = ("" => (("host" => "127.0.0.1", "port" => {backend})))
"""),
}


@contextlib.contextmanager
def proxy(name, daemon, **variant):
    """A proxy before the daemon; its port."""
    command, text = CONFIGURATIONS[name]
    with tempfile.TemporaryDirectory(prefix="basehttpd-proxy-") as folder:
        os.chmod(folder, 0o777)
        values = {"folder": folder, "port": free_port(), "backend": daemon.port, "config": f"{folder}/config", "buffering": "on",
                  "streaming": "0", "root_user": "user root;" if os.geteuid() == 0 else "", **variant}
        Path(values["config"]).write_text(text.format(**values))
        with open(f"{folder}/output", "wb") as output:
            process = subprocess.Popen([word.format(**values) for word in command], stdin=subprocess.DEVNULL, stdout=output,
                                       stderr=output)
        daemon.beside.add(process.pid)
        try:
            until(lambda: listens(values["port"]) or process.poll() is not None, f"{name} listens")
            assert process.poll() is None, Path(f"{folder}/output").read_text()
            yield values["port"]
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def listens(port):
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=20).close()
        return True


class Attacker:
    """A client of the proxy that has sent something; `got` is all that came back."""

    def __init__(self, port, sent):
        self.got = b""
        self._client = socket.create_connection(("127.0.0.1", port), timeout=20)
        with contextlib.suppress(ConnectionError):
            self._client.sendall(sent)
        self.read(0.5)
        while self.read(0.03):
            pass

    def read(self, seconds):
        """What comes within that time; nothing comes while the proxy waits for the rest of a request."""
        self._client.settimeout(seconds)
        try:
            part = self._client.recv(1 << 16)
        except OSError:
            return False
        self.got += part
        return bool(part)

    def answers(self):
        return final_answers(self.got)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._client.close()


def final_answers(got):
    return len([status for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", got) if not status.startswith(b"1")])


class Proxies(DaemonTest):
    def step(self, name, **variant):
        """All of the table through one proxy."""
        with self.daemon(workers=1, access_format="%>s %r", settings="limits: {idle_timeout: 1h}") as daemon:
            daemon.tolerate("code [45]")
            for number in range(len(smuggling.REQUESTS)):
                daemon.write(f"canary-{number}", f"answer {number}")
            with proxy(name, daemon, **variant) as port:
                seen = passed = 0
                for number, (what, sent) in enumerate(smuggling.REQUESTS):
                    before = len(daemon.access_lines())
                    with Attacker(port, sent) as attacker, self.subTest(f"{name}: {what}"):
                        for _ in range(4):  # as many as there are connections to the daemon
                            self.assert_canary(port, number, attacker.got[:300])
                        mark = f"200 GET /canary-{number} HTTP/1.1"
                        until(lambda: daemon.access_lines().count(mark) == 4, "the canaries' lines")
                        lines = [line for line in daemon.access_lines()[before:] if line != mark]
                        while attacker.answers() < len(lines) and attacker.read(10):
                            pass
                        self.assertLessEqual(len(lines), attacker.answers(), (lines, attacker.got[:500]))
                    seen += len(lines)
                    passed += bool(lines)
            self.figures.append(f"{name} {variant or ''}: {len(smuggling.REQUESTS)} requests, {passed} reached the daemon, as {seen}")

    def assert_canary(self, port, number, what):
        with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
            client.sendall(b"GET /canary-%d HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % number)
            got = b""
            while part := client.recv(1 << 16):
                got += part
        self.assertTrue(got.endswith(b"answer %d" % number) and final_answers(got) == 1, (what, got))

    def test_no_proxy_gets_out_of_step(self):
        kinds = [("nginx", {}), ("nginx", {"buffering": "off"}), ("haproxy", {}), ("apache2", {}), ("lighttpd", {}),
                 ("lighttpd", {"streaming": "2"})]
        self.figures = []
        for name, variant in kinds:
            if shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin") is None:
                beside.say(f"{name} is not installed")
                continue
            self.step(name, **variant)
        for figure in self.figures:
            beside.say(figure)


if __name__ == "__main__":
    unittest.main(verbosity=2)
