"""Files as curl sees them."""

import hashlib
import os
import unittest

from clients import curl, exchange
from harness import DaemonTest


class Serving(DaemonTest):
    def test_a_file_with_its_fields(self):
        with self.daemon() as daemon:
            daemon.write("a.txt", "twelve bytes")
            answer = curl(daemon.url("/a.txt"))
            self.assertEqual((answer.status, answer.body), (200, b"twelve bytes"))
            self.assertEqual(answer.fields["content-type"], "text/plain; charset=utf-8")
            self.assertEqual(answer.fields["content-length"], "12")
            self.assertIn("GMT", answer.fields["last-modified"])
            self.assertRegex(answer.fields["server"], r"^basehttpd/")

    def test_head_is_get_without_content(self):
        with self.daemon() as daemon:
            head = curl(daemon.url("/"), "-I")
            get = curl(daemon.url("/"))
            self.assertEqual((head.status, get.status), (200, 200))
            for field in ("content-length", "content-type", "last-modified"):
                self.assertEqual(head.fields[field], get.fields[field])

    def test_index_and_redirect_to_the_folder(self):
        with self.daemon() as daemon:
            daemon.write("sub/index.html", "below")
            self.assertEqual(curl(daemon.url("/sub/")).body, b"below")
            moved = curl(daemon.url("/sub?q=1"))
            self.assertEqual((moved.status, moved.fields["location"]), (301, "/sub/?q=1"))

    def test_errors(self):
        with self.daemon() as daemon:
            (daemon.root / "empty").mkdir()
            daemon.tolerate("code 501, ")
            for method, target, status in [
                ("GET", "/missing", 404),
                ("GET", "/index.html/more", 404),
                ("GET", "/empty/", 403),
                ("GET", "/../etc/passwd", 400),
                ("GET", "/%2e%2e/etc/passwd", 400),
                ("GET", "/a%2fb", 404),
                ("GET", "/%00", 400),
                ("PUT", "/", 405),
                ("DELETE", "/", 405),
                ("SPAM", "/", 501),
            ]:
                with self.subTest(method=method, target=target):
                    answer = curl(daemon.url(target), method=method)
                    self.assertEqual(answer.status, status)
                    self.assertIn(str(status).encode(), answer.body)
            self.assertIn("GET", curl(daemon.url("/"), method="PUT").fields["allow"])

    def test_what_the_user_of_the_workers_cannot_read(self):
        with self.daemon() as daemon:
            daemon.write("private").chmod(0)
            self.assertEqual(curl(daemon.url("/private")).status, 403)
            daemon.expect("may not read this file, file .*/private: Permission denied")

    def test_a_big_file_arrives_whole(self):
        content = os.urandom(1 << 20) * 48
        with self.daemon() as daemon:
            daemon.write("big", content)
            answer = curl(daemon.url("/big"))
            self.assertEqual(hashlib.sha256(answer.body).digest(), hashlib.sha256(content).digest())

    def test_several_urls_on_one_connection(self):
        with self.daemon() as daemon:
            answer = curl(daemon.url("/"), "-o", "/dev/null", daemon.url("/missing"), "-o", "/dev/null", daemon.url("/"))
            self.assertEqual((answer.status, answer.connections), (200, 0))

    def test_old_versions(self):
        with self.daemon() as daemon:
            old = curl(daemon.url("/"), "--http1.0")
            self.assertEqual((old.status, old.fields.get("connection")), (200, "close"))
            self.assertEqual(exchange(daemon.address, b"GET /\r\n"), b"<p>Hello</p>\n")
            self.assertEqual(curl(daemon.url("/"), "--http0.9").status, 200)

    def test_an_upload_is_refused_before_it_is_sent(self):
        with self.daemon() as daemon:
            upload = daemon.write("upload", b"x" * 500_000)
            answer = curl(daemon.url("/"), "-T", str(upload), "-H", "Expect: 100-continue")
            self.assertEqual((answer.status, answer.error), (405, 0))
            answer = exchange(
                daemon.address,
                b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 500000\r\n\r\n",
            )
            self.assertTrue(answer.startswith(b"HTTP/1.1 405 "), answer)

    def test_names(self):
        with self.daemon() as daemon:
            for name, target in [
                ("with space", "/with%20space"),
                ("100%", "/100%25"),
                ("grün.txt", "/gr%C3%BCn.txt"),
                ("a+b", "/a+b"),
                ("question?", "/question%3F"),
            ]:
                with self.subTest(name=name):
                    daemon.write(name, name)
                    self.assertEqual(curl(daemon.url(target)).body, name.encode())

    def test_hidden_files(self):
        with self.daemon() as daemon:
            daemon.write(".secret", "secret")
            daemon.write(".well-known/a", "known")
            self.assertEqual(curl(daemon.url("/.secret")).status, 404)
            self.assertEqual(curl(daemon.url("/.well-known/a")).body, b"known")
        with self.daemon(site="hidden_files: true") as daemon:
            daemon.write(".secret", "secret")
            self.assertEqual(curl(daemon.url("/.secret")).body, b"secret")

    def test_a_symlink_stays_in_the_root(self):
        with self.daemon() as daemon:
            (daemon.folder / "outside").write_text("outside")
            (daemon.root / "out").symlink_to("../outside")
            (daemon.root / "absolute").symlink_to("/etc/hostname")
            (daemon.root / "in").symlink_to("index.html")
            (daemon.root / "loop").symlink_to("loop")
            self.assertEqual([curl(daemon.url(t)).status for t in ("/out", "/absolute", "/in", "/loop")],
                             [403, 403, 200, 403])

    def test_a_fifo_is_no_file_and_holds_nobody_up(self):
        with self.daemon(workers=1) as daemon:
            os.mkfifo(daemon.root / "fifo")
            self.assertEqual(curl(daemon.url("/fifo")).status, 403)
            self.assertEqual(curl(daemon.url("/")).status, 200)

    def test_listing(self):
        with self.daemon(site="listing: true") as daemon:
            daemon.write("sub/<b>&.txt")
            daemon.write("sub/.secret")
            page = curl(daemon.url("/sub/"))
            self.assertEqual(page.status, 200)
            self.assertIn(b"&lt;b&gt;&amp;.txt", page.body)
            self.assertIn(b'href="./%3Cb%3E&amp;.txt"', page.body)
            self.assertNotIn(b".secret", page.body)
            self.assertNotIn(b"<b>", page.body)


class SitesAndRoutes(DaemonTest):
    SITES = """
sites:
  - root: {0}/default
  - host: [one.example, "*.one.example"]
    root: {0}/one
    routes:
      - {{path: /old/, handler: redirect, to: /new/, status: 302}}
      - {{path: /files/, handler: files, root: {0}/files}}
      - {{path: /files/deep/, handler: files, root: {0}/deep}}
"""

    def test_hosts_and_routes(self):
        with self.daemon() as daemon:
            for name in ("default", "one", "files", "deep"):
                daemon.write(f"{name}/index.html", name)
            daemon.configure(settings=self.SITES.format(daemon.root))
            daemon.reload()
            for host, target, body in [
                ("other.example", "/", b"default"),
                ("one.example", "/", b"one"),
                ("ONE.example:80", "/", b"one"),
                ("one.example.", "/", b"one"),
                ("a.one.example", "/", b"one"),
                ("one.example", "/files/", b"files"),
                ("one.example", "/files/deep/", b"deep"),
                ("other.example", "/files/", b""),
            ]:
                with self.subTest(host=host, target=target):
                    answer = curl(daemon.url(target), "-H", f"Host: {host}")
                    self.assertEqual(answer.body if body else b"", body)
                    self.assertEqual(answer.status, 200 if body else 404)
            moved = curl(daemon.url("/old/a?b=c"), "-H", "Host: one.example")
            self.assertEqual((moved.status, moved.fields["location"]), (302, "/new/a?b=c"))

    def test_the_canonical_host(self):
        site = 'host: [example.org, "*.example.org"]\ncanonical_host: www.example.org'
        with self.daemon(site=site) as daemon:
            for host, method, target, status, location in [
                ("example.org", "GET", "/a%20b?c=%2F", 301, "//www.example.org/a%20b?c=%2F"),
                ("example.org:8080", "GET", "/", 301, "//www.example.org:8080/"),
                ("a.EXAMPLE.org.", "POST", "/x", 308, "//www.example.org/x"),
            ]:
                moved = curl(daemon.url(target), "-H", f"Host: {host}", method=method)
                self.assertEqual((moved.status, moved.fields["location"]), (status, location))
            for host in ("www.example.org", "WWW.example.org.", "www.example.org:80"):
                self.assertEqual(curl(daemon.url("/"), "-H", f"Host: {host}").status, 200, host)

    def test_no_default_site(self):
        with self.daemon(site="host: only.example") as daemon:
            self.assertEqual(curl(daemon.url("/"), "-H", "Host: only.example").status, 200)
            self.assertEqual(curl(daemon.url("/"), "-H", "Host: other.example").status, 421)


if __name__ == "__main__":
    unittest.main(verbosity=2)
