"""What the routes of a site answer, beside files and redirects."""

import socket
import unittest

from clients import ctl, curl
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

    def test_what_follows_a_named_segment(self):
        site = """routes:
  - {path: "/users/{name}/files/", handler: files, root: root}
  - {path: "/old/{id}/", handler: redirect, to: /new/}
  - {path: "= /one/{id}", handler: redirect, to: /two}"""
        with self.daemon(site=site) as daemon:
            daemon.write("a.txt", "a")
            for name in ("x", "a-much-longer-name"):
                self.assertEqual(curl(daemon.url(f"/users/{name}/files/a.txt")).body, b"a")
                self.assertEqual(curl(daemon.url(f"/old/{name}/b/c?d")).fields["location"], "/new/b/c?d")
                self.assertEqual(curl(daemon.url(f"/one/{name}")).fields["location"], "/two")

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


class Headers(DaemonTest):
    SITE = """headers: {set: {X-Set: site}, add: {Link: </a>}, remove: [Accept-Ranges, X-Absent]}
expires: 1h
routes:
  - {path: /always/, handler: files, root: root, headers: {always: true, X-Set: route, set: {Cache-Control: no-store}}}
  - {path: /moved/, handler: redirect, to: /new/, headers: {remove: [X-Set, Server]}}
  - {path: /gone/, handler: respond, status: 410, headers: {X-Gone: "1"}}
  - {path: /health, handler: health, headers: {add: {Link: </b>, Vary: Cookie}}}"""

    def test_files_redirects_and_errors(self):
        with self.daemon(site=self.SITE) as daemon:
            daemon.tolerate("code 4")
            page = curl(daemon.url("/"))
            self.assertEqual((page.fields["x-set"], page.fields["link"], page.fields["cache-control"]), ("site", "</a>", "max-age=3600"))
            self.assertNotIn("accept-ranges", page.fields)
            self.assertEqual(curl(daemon.url("/"), "-H", "If-None-Match: *").fields["x-set"], "site")
            for target in ("/missing", "/a%2Fb"):
                self.assertNotIn("x-set", curl(daemon.url(target)).fields)
            for target, status in [("/always/", 200), ("/always/missing", 404), ("/always", 301)]:
                answer = curl(daemon.url(target))
                self.assertEqual((answer.status, answer.fields["x-set"], answer.fields["cache-control"]), (status, "route", "no-store"))
            refused = curl(daemon.url("/always/"), method="POST")
            self.assertEqual((refused.status, refused.fields["x-set"], refused.fields["allow"]), (405, "route", "GET, HEAD, OPTIONS"))

    def test_other_handlers(self):
        with self.daemon(site=self.SITE) as daemon:
            moved = curl(daemon.url("/moved/x"))
            self.assertEqual((moved.status, moved.fields["location"], moved.fields["link"]), (301, "/new/x", "</a>"))
            self.assertNotIn("x-set", moved.fields)
            self.assertNotIn("server", moved.fields)
            self.assertIn("date", moved.fields)
            gone = curl(daemon.url("/gone/"))
            self.assertEqual((gone.status, gone.fields["x-gone"], gone.fields["x-set"]), (410, "1", "site"))
            with socket.create_connection(daemon.address, timeout=10) as client:
                client.sendall(b"GET /health HTTP/1.0\r\n\r\n")
                head = client.makefile("rb").read()
            self.assertIn(b"\r\nLink: </a>\r\nLink: </b>\r\nVary: Cookie\r\n", head)


class Cors(DaemonTest):
    SITE = """cors: {origins: ["https://a.example", "https://*.b.example"], headers: [X-Token], max_age: 10m, credentials: true}
routes:
  - {path: /api/, handler: respond, text: api, methods: [GET, PUT]}
  - {path: /open/, handler: files, root: root, cors: {origins: "*", methods: [GET], expose: ETag}}
  - {path: /mine/, handler: respond, text: mine, deny: 127.0.0.0/8}"""

    def ask(self, daemon, target, origin, *more, method=None):
        return curl(daemon.url(target), "-H", "Origin: " + origin, *more, **({"method": method} if method else {}))

    def test_responses(self):
        with self.daemon(site=self.SITE) as daemon:
            daemon.tolerate("code 40")
            for target, status in [("/api/", 200), ("/", 200), ("/missing", 404)]:
                answer = self.ask(daemon, target, "https://x.b.example")
                self.assertEqual((answer.status, answer.fields["access-control-allow-origin"]), (status, "https://x.b.example"))
                self.assertEqual(answer.fields["access-control-allow-credentials"], "true")
                self.assertIn("Origin", answer.fields["vary"])
                for other in ("https://evil.example", "null"):
                    answer = self.ask(daemon, target, other)
                    self.assertEqual(answer.status, status)
                    self.assertNotIn("access-control-allow-origin", answer.fields)
            without = curl(daemon.url("/api/"))
            self.assertEqual(without.fields["vary"], "Origin")
            anyone = curl(daemon.url("/open/"))
            self.assertEqual((anyone.fields["access-control-allow-origin"], anyone.fields["access-control-expose-headers"]),
                             ("*", "ETag"))
            self.assertNotIn("access-control-allow-credentials", anyone.fields)

    def test_preflights(self):
        preflight = ("-H", "Access-Control-Request-Method: PUT")
        with self.daemon(site=self.SITE) as daemon:
            daemon.tolerate("code 40")
            yes = self.ask(daemon, "/api/x", "https://a.example", *preflight, method="OPTIONS")
            self.assertEqual((yes.status, yes.body), (204, b""))
            self.assertEqual(yes.fields["access-control-allow-origin"], "https://a.example")
            self.assertEqual(yes.fields["access-control-allow-methods"], "GET, HEAD, PUT")
            self.assertEqual(yes.fields["access-control-allow-headers"], "X-Token")
            self.assertEqual(yes.fields["access-control-max-age"], "600")
            no = self.ask(daemon, "/api/x", "https://evil.example", *preflight, method="OPTIONS")
            self.assertEqual((no.status, [name for name in no.fields if name.startswith("access-control")]), (204, []))
            self.assertEqual(self.ask(daemon, "/open/", "https://c", *preflight, method="OPTIONS")
                             .fields["access-control-allow-methods"], "GET")
            self.assertEqual(self.ask(daemon, "/mine/", "https://a.example", *preflight, method="OPTIONS").status, 403)
            plain = self.ask(daemon, "/api/x", "https://a.example", method="OPTIONS")
            self.assertEqual((plain.status, plain.fields["allow"]), (405, "GET, HEAD, PUT"))


class Tries(DaemonTest):
    """`try`: a single-page site, clean URLs."""

    def pages(self, **more):
        daemon = self.daemon(site="try: [$path, $path.html, $path/, /index.html]\nlisting: true", **more)
        return daemon

    def write(self, daemon):
        for name in ("index.html", "about.html", "docs/index.html", "docs/a.html", "both", "both.html", "bare/x"):
            (daemon.root / name).parent.mkdir(exist_ok=True)
            daemon.write(name, name)

    def test_where_a_file_is_found(self):
        with self.pages() as daemon:
            self.write(daemon)
            for target, body in [("/", "index.html"), ("/about", "about.html"), ("/about.html", "about.html"),
                                 ("/docs/", "docs/index.html"), ("/docs/a", "docs/a.html"), ("/both", "both"),
                                 ("/login", "index.html"), ("/login/", "index.html"), ("/user/5/edit?x=y.z", "index.html"),
                                 ("/both/more", "index.html"), ("/" + "x" * 300, "index.html"), ("/a.b/c", "index.html")]:
                answer = curl(daemon.url(target))
                self.assertEqual((answer.status, answer.body.decode()), (200, body), target)
            moved = curl(daemon.url("/docs?a"))
            self.assertEqual((moved.status, moved.fields["location"]), (301, "/docs/?a"))
            self.assertIn(b"Index of", curl(daemon.url("/bare/")).body)
            self.assertEqual(curl(daemon.url("/about")).fields["content-type"], "text/html; charset=utf-8")

    def test_what_has_a_suffix_stays_missing(self):
        with self.pages() as daemon:
            self.write(daemon)
            for target in ("/app.js", "/docs/a.png", "/a.b/", "/.git/config", "/.git", "/a%2Fb", "/index.html/x.js"):
                self.assertEqual(curl(daemon.url(target)).status, 404, target)
        with self.daemon(site="try: [$path, /index.html]\ntry_suffixed: true") as daemon:
            self.write(daemon)
            self.assertEqual(curl(daemon.url("/john.doe")).body, b"index.html")
            self.assertEqual(curl(daemon.url("/docs/")).body, b"index.html")
            self.assertEqual(curl(daemon.url("/.git/config")).status, 404)

    def test_conditions_ranges_and_compressed_files(self):
        with self.pages() as daemon:
            self.write(daemon)
            daemon.write("about.html.gz", "compressed")
            etag = curl(daemon.url("/login")).fields["etag"]
            self.assertEqual(curl(daemon.url("/other"), "-H", "If-None-Match: " + etag).status, 304)
            self.assertEqual(curl(daemon.url("/login"), "-H", "Range: bytes=0-4").body, b"index")
            packed = curl(daemon.url("/about"), "-H", "Accept-Encoding: gzip")
            self.assertEqual((packed.body, packed.fields["content-encoding"]), (b"compressed", "gzip"))
            self.assertEqual(curl(daemon.url("/login"), "-I").fields["content-length"], "10")

    def test_absence_is_remembered(self):
        with self.pages(settings="file_cache: {valid: 1h}") as daemon:
            self.write(daemon)
            self.assertEqual(curl(daemon.url("/login")).body, b"index.html")
            daemon.write("login.html", "later")
            self.assertEqual(curl(daemon.url("/login")).body, b"index.html")
        with self.pages(settings="file_cache: {valid: 0}") as daemon:
            self.write(daemon)
            self.assertEqual(curl(daemon.url("/login")).body, b"index.html")
            daemon.write("login.html", "later")
            self.assertEqual(curl(daemon.url("/login")).body, b"later")

    def test_what_cannot_be_served_ends_the_search(self):
        with self.pages() as daemon:
            self.write(daemon)
            daemon.tolerate("code 403, ")
            (daemon.root / "away").symlink_to("/etc/passwd")
            self.assertEqual(curl(daemon.url("/away")).status, 403)

    def test_nothing_is_found(self):
        with self.daemon(site="try: [$path, $path.html]") as daemon:
            self.write(daemon)
            for target in ("/", "/docs/", "/docs", "/login"):
                self.assertEqual(curl(daemon.url(target)).status, 404, target)

    def check_slashes(self, site, answers):
        with self.daemon(site=site) as daemon:
            self.write(daemon)
            daemon.tolerate("code 403, ")
            daemon.write("LICENSE", "LICENSE")
            for target, expected in answers:
                answer = curl(daemon.url(target))
                if expected.startswith("/"):
                    self.assertEqual((answer.status, answer.fields.get("location")), (301, expected), target)
                elif expected.isdigit():
                    self.assertEqual(answer.status, int(expected), target)
                else:
                    self.assertEqual((answer.status, answer.body.decode()), (200, expected), target)

    def test_a_slash_is_added(self):
        self.check_slashes("try: [$path, $path.html, $path/, /index.html]\ntrailing_slash: add", [
            ("/", "index.html"), ("/about?a", "/about/?a"), ("/about/", "about.html"), ("/about.html", "about.html"),
            ("/docs", "/docs/"), ("/docs/", "docs/index.html"), ("/docs/a", "/docs/a/"), ("/docs/a/", "docs/a.html"),
            ("/login", "/login/"), ("/login/", "index.html"), ("/LICENSE", "LICENSE"), ("/a.js", "404"), ("/a.js/", "404"),
            ("/bare/", "403")])
        self.check_slashes("trailing_slash: add", [
            ("/about", "404"), ("/about/", "404"), ("/docs", "/docs/"), ("/docs/", "docs/index.html"), ("/LICENSE", "LICENSE"),
            ("/LICENSE/", "404")])

    def test_a_slash_is_removed(self):
        self.check_slashes("try: [$path, $path.html, $path/, /index.html]\ntrailing_slash: remove", [
            ("/", "index.html"), ("/about/?a", "/about?a"), ("/about", "about.html"), ("/about.html/", "/about.html"),
            ("/docs", "docs/index.html"), ("/docs/", "/docs"), ("/docs/a/", "/docs/a"), ("/docs/a", "docs/a.html"),
            ("/login/", "/login"), ("/login", "index.html"), ("/a.js/", "404"), ("/bare", "/bare/"), ("/bare/", "403")])
        self.check_slashes("trailing_slash: remove", [
            ("/", "index.html"), ("/docs", "docs/index.html"), ("/docs/", "/docs"), ("/LICENSE/", "/LICENSE"), ("/none/", "404")])

    def test_below_a_route(self):
        with self.daemon(site="trailing_slash: remove\nroutes: [{path: /app/, handler: files, root: root}]") as daemon:
            self.assertEqual(curl(daemon.url("/app/")).body, b"<p>Hello</p>\n")
            self.assertEqual(curl(daemon.url("/app")).fields["location"], "/app/")
        with self.daemon(site="routes: [{path: /app/, handler: files, root: root, try: [$path, /docs/index.html]}]") as daemon:
            self.write(daemon)
            self.assertEqual(curl(daemon.url("/app/x/y")).body, b"docs/index.html")
            self.assertEqual(curl(daemon.url("/x/y")).status, 404)


class Expectations(DaemonTest):
    def test_a_configuration_that_answers_otherwise_is_refused(self):
        site = "routes: [{path: /old/, handler: redirect, to: %s}]\nexpect: [/old/x -> 301 /new/x, /.git/config -> 404]"
        with self.daemon(site=site % "/new/", control=True) as daemon:
            daemon.configure(site=site % "/other/", control=True)
            refused = ctl(daemon, "reload")
            self.assertEqual(refused.returncode, 78)
            self.assertIn("expected '/old/x -> 301 /new/x', but the answer is 301 /other/x", refused.stderr)
            self.assertEqual(curl(daemon.url("/old/x")).fields["location"], "/new/x")
            daemon.tolerate("reload refused")
            daemon.tolerate("expected ")


if __name__ == "__main__":
    unittest.main(verbosity=2)
