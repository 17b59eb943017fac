"""The forms of access log lines, from a real request to the file."""

import json
import re
import subprocess
import unittest

from clients import exchange
from harness import BASEHTTPD, DaemonTest

APACHE = r'%h %a %A %l %u %m %U %q %H %>s %B %p %{remote}p %P %k %X %v %V %R "%{X-Spam}i" "%{Content-Type}o" %{id}C %f'
REQUEST = (
    b"GET /index.html?a=b HTTP/1.1\r\nHost: Spam.example:81\r\nX-Spam: one\r\nX-Spam: t\x80wo\"\r\n"
    b"Cookie: a=b; id=42\r\nUser-Agent: an agent\r\nConnection: close\r\n\r\n"
)


class LogFormats(DaemonTest):
    def logged(self, log_format, sent=REQUEST):
        """The line that the request has, and the daemon."""
        with self.daemon(access_format=log_format) as daemon:
            exchange(daemon.address, sent)
            (line,) = daemon.wait_for_access(1)
            self.assertTrue(line.isprintable(), line)
            return line, daemon

    def test_apaches_notation(self):
        line, daemon = self.logged(APACHE)
        self.assertRegex(line, re.compile(
            r'^127\.0\.0\.1 127\.0\.0\.1 127\.0\.0\.1 - - GET /index\.html \?a=b HTTP/1\.1 200 13 '
            rf'{daemon.port} \d+ \d+ 0 - [Ss]pam\.example [Ss]pam\.example files "one, t\\x80wo\\"" '
            rf'"text/html[^"]*" 42 {re.escape(str(daemon.root))}/index\.html$'))

    def test_json(self):
        line, daemon = self.logged("json %{X-Spam}i %{Content-Type}o %{id}C")
        record = json.loads(line)
        self.assertEqual(
            list(record)[:13],
            ["time", "client", "client_port", "peer", "peer_port", "server", "server_port", "tls", "host", "user",
             "request", "method", "target"])
        self.assertEqual(record["status"], 200)
        self.assertEqual(record["bytes"], 13)
        self.assertEqual(record["bytes_in"], len(REQUEST))
        self.assertGreater(record["bytes_out"], 13)
        self.assertEqual(record["server_port"], daemon.port)
        self.assertEqual(record["target"], "/index.html?a=b")
        self.assertEqual(record["user_agent"], "an agent")
        self.assertIsNone(record["referer"])
        self.assertEqual(record["ended"], "complete")
        self.assertEqual(record["serial"], 1)
        self.assertEqual(record["fields"]["request"], {"X-Spam": 'one, t\ufffdwo"'})
        self.assertEqual(record["fields"]["cookie"], {"id": "42"})
        self.assertIn("text/html", record["fields"]["response"]["Content-Type"])

    def test_the_first_cookie_of_a_name_counts(self):
        wanted = ["a", "b", "c", "d", "e", "none"]
        fields = [b";; a =1 ;b= 2; a=no", b"c=x=y;d;=;e=", b"b=no;e=no;d=late", b"none;" + b";" * 20000]
        sent = b"".join(b"Cookie: " + field + b"\r\n" for field in fields)
        line, _ = self.logged(" ".join(f"%{{{name}}}C" for name in wanted),
                              b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + sent + b"\r\n")
        self.assertEqual(line, "1 2 x=y late - -")

    def test_json_of_what_was_no_request(self):
        line, _ = self.logged("json", b"\x16\x03\x01\x02\r\n\r\n")
        record = json.loads(line)
        self.assertEqual((record["status"], record["method"], record["target"]), (400, None, None))
        self.assertEqual(record["request"], "\x16\x03\x01\x02")

    def test_an_unknown_directive_is_an_error_beneath_which_a_caret_stands(self):
        with self.daemon() as daemon:
            daemon.configure(log="access: [{stdout: {}, format: '%h %z'}]")
            done = subprocess.run([BASEHTTPD, "check", "-c", daemon.config_file], capture_output=True, text=True,
                                  timeout=20, check=False)
            self.assertEqual(done.returncode, 78)
            self.assertIn("unknown directive '%z'", done.stdout + done.stderr)
            line, caret = re.search(r"\n *\d+ \| (.*)\n *\| ( *)\^", done.stdout + done.stderr).groups()
            self.assertEqual(line[len(caret):][:2], "%z")


if __name__ == "__main__":
    unittest.main()
