"""What the routes of a site answer, beside files and redirects."""

import socket
import unittest

from clients import curl
from harness import DaemonTest

SITE = """headers: {X-Site: here}
routes:
  - {path: "= /exact", handler: respond, text: exact}
  - {path: "= /other/robots.txt", handler: files, root: root}
  - {path: "= /away", handler: redirect, to: "/home/"}
  - path: /text/
    handler: respond
    status: 202
    type: text/html
    headers: {X-Own: "1"}
    text: |
      <p>one</p>
      <p>two</p>
  - {path: /gone/, handler: respond, status: 410}
  - {path: /empty/, handler: respond, status: 204}
  - {path: /nothing/, handler: respond, close: true}
  - {path: /health, handler: health}
  - {path: /read-only/, handler: respond, methods: [GET], text: read}
  - {path: /mine/, handler: respond, text: mine, allow: [127.0.0.1, "::1"]}
  - {path: /theirs/, handler: files, root: root, allow: 192.0.2.0/24}
  - {path: /not-mine/, handler: respond, text: no, deny: 127.0.0.0/8, allow: 0.0.0.0/0}
  - {path: /small/, handler: respond, body: 10, text: taken}"""


class Routes(DaemonTest):
    def routes(self):
        return self.daemon(site=SITE)

    def test_a_path_alone(self):
        with self.routes() as daemon:
            self.assertEqual(curl(daemon.url("/exact")).body, b"exact")
            self.assertEqual(curl(daemon.url("/exact/")).status, 404)
            self.assertEqual(curl(daemon.url("/exact/more")).status, 404)
            daemon.write("robots.txt", "robots")
            self.assertEqual(curl(daemon.url("/other/robots.txt")).body, b"robots")
            moved = curl(daemon.url("/away?a=b"))
            self.assertEqual((moved.status, moved.fields["location"]), (301, "/home/?a=b"))
            self.assertEqual(curl(daemon.url("/away/more")).status, 404)

    def test_texts(self):
        with self.routes() as daemon:
            for method in ("GET", "POST", "DELETE"):
                answer = curl(daemon.url("/text/x"), method=method)
                self.assertEqual((answer.status, answer.body), (202, b"<p>one</p>\n<p>two</p>\n"))
                self.assertEqual(answer.fields["content-type"], "text/html")
                self.assertEqual((answer.fields["x-site"], answer.fields["x-own"]), ("here", "1"))
            self.assertEqual(curl(daemon.url("/text/"), "-I").fields["content-length"], "22")
            empty = curl(daemon.url("/empty/"))
            self.assertEqual((empty.status, empty.body), (204, b""))

    def test_an_error_has_its_page_and_no_line_in_the_error_log(self):
        with self.routes() as daemon:
            gone = curl(daemon.url("/gone/x"))
            self.assertEqual(gone.status, 410)
            self.assertIn(b"410", gone.body)
            self.assertEqual(gone.fields["x-site"], "here")

    def test_no_response_at_all(self):
        with self.routes() as daemon:
            with socket.create_connection(("127.0.0.1", daemon.port), timeout=10) as client:
                client.sendall(b"GET /nothing/ HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
                self.assertEqual(client.recv(1000), b"")
            lines = daemon.wait_for_access(1)
            self.assertRegex(lines[0], r'"GET /nothing/ HTTP/1.1" - -')

    def test_methods_of_a_route(self):
        with self.routes() as daemon:
            self.assertEqual(curl(daemon.url("/read-only/")).body, b"read")
            self.assertEqual(curl(daemon.url("/read-only/"), "-I").status, 200)
            refused = curl(daemon.url("/read-only/"), method="POST")
            self.assertEqual((refused.status, refused.fields["allow"]), (405, "GET, HEAD"))

    def test_clients_of_a_route(self):
        with self.routes() as daemon:
            daemon.tolerate("code 403, ")
            self.assertEqual(curl(daemon.url("/mine/")).body, b"mine")
            for target in ("/theirs/", "/theirs/missing", "/theirs", "/not-mine/"):
                self.assertEqual(curl(daemon.url(target)).status, 403, target)

    def test_clients_of_a_site(self):
        site = """deny: 127.0.0.1
routes:
  - {path: /all/, handler: respond, text: all, deny: 192.0.2.1}"""
        with self.daemon(site=site) as daemon:
            daemon.tolerate("code 403, ")
            self.assertEqual(curl(daemon.url("/")).status, 403)
            self.assertEqual(curl(daemon.url("/all/")).body, b"all")

    def test_content_of_a_route(self):
        with self.routes() as daemon:
            self.assertEqual(curl(daemon.url("/small/"), "-d", "0123456789").body, b"taken")
            self.assertEqual(curl(daemon.url("/small/"), "-d", "0123456789x").status, 413)
            self.assertEqual(curl(daemon.url("/text/"), "-d", "0123456789x").status, 202)

    def test_health(self):
        with self.routes() as daemon:
            answer = curl(daemon.url("/health"))
            self.assertEqual((answer.status, answer.body), (200, b"ok\n"))
            self.assertEqual(answer.fields["cache-control"], "no-store")


if __name__ == "__main__":
    unittest.main(verbosity=2)
