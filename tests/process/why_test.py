"""`basehttpctl why`: what it says of a request is what the daemon does with it."""

import crypt
import json
import os
import random
import re
import socket
import subprocess
import tempfile
import unittest
from pathlib import Path

from clients import BASEHTTPCTL, exchange
from harness import BASEHTTPD, DaemonTest, until

HOSTS = ["a.test", "b.test", "*.a.test", "x.a.test", "*.test"]
ASKED_HOSTS = ["a.test", "b.test:8080", "x.a.test", "y.a.test", "deep.x.a.test", "c.test", "other.invalid", "A.TEST."]
PATHS = ["/", "/a", "/a/", "/a/b/", "/dir/", "/page", "/{x}/", "/a/{x}", "/a/{x}/", '= /a', '= /a/b', "= /dir/", "/files/"]
TARGETS = ["/", "/a", "/a/", "/a/b", "/a/b/", "/a/b/c.txt", "/a/b/c", "/index.html", "/dir", "/dir/", "/dir?x=1", "/page",
           "/page/", "/page.html", "/missing", "/missing.html", "/.git/config", "/%2e%2e/etc/passwd", "/a%2fb", "//a//b",
           "/files/page", "/files/dir", "/%zz", "/out", "/listed/"]
METHODS = ["GET"] * 8 + ["HEAD", "POST", "OPTIONS", "DELETE", "PROPFIND"]
FIELDS = [None] * 6 + ["Authorization: Basic YW5uYTpzZWNyZXQ=", "Authorization: Basic YW5uYTp3cm9uZw==",
                       "X-Forwarded-For: 192.0.2.7", "Origin: https://o.test", "If-None-Match: *"]
FILES = ["index.html", "page.html", "a/b/c.txt", "a/index.html", "dir/index.html", "dir/page.html", "listed/one", ".git/config"]
KEYS_OF_FILES = ["listing: true", "hidden_files: true", "try: [$path, $path.html, $path/, /index.html]", "try: [$path.html]",
                 "trailing_slash: add", "trailing_slash: remove", "index: [page.html, index.html]", "symlinks: never"]


class Generator:
    """A configuration and requests for it, by a seed."""

    def __init__(self, seed, folder):
        self.random, self.folder = random.Random(seed), folder

    def some(self, lines, most):
        chosen, keys = [], set()
        for line in self.random.sample(lines, self.random.randint(0, most)):
            key = line.partition(":")[0]
            if key not in keys:
                chosen.append(line)
            keys.add(key)
        return chosen

    def common(self):
        return self.some(["allow: 192.0.2.0/24", "deny: 192.0.2.0/24", "deny: 127.0.0.0/8", "allow: 127.0.0.1",
                          "cors: {origins: ['https://o.test'], methods: [GET, DELETE]}",
                          f"auth: {{basic: {{htpasswd: {self.folder}/htpasswd}}}}"], 1)

    def route(self, path):
        kind = self.random.choice(["files"] * 4 + ["redirect", "respond", "health", "status"])
        keys = [f"path: '{path}'", f"handler: {kind}", *self.common()]
        if kind == "files":
            keys += ["root: root", *self.some(KEYS_OF_FILES, 2)]
        elif kind == "redirect":
            keys += [f"to: {self.random.choice(['/elsewhere/', 'https://o.test/x?y', '/page'])}",
                     f"status: {self.random.choice([301, 302, 308])}"]
        elif kind == "respond":
            keys += self.random.choice([["status: 410"], ["text: hello"], ["close: true"], ["status: 204"]])
        return keys + self.some(["methods: [GET]", "methods: [POST, OPTIONS]"], 1)

    def configuration(self):
        lines = self.random.choice([[], ["trusted_proxies: [127.0.0.1]"]]) + ["sites:"]
        hosts = self.random.sample(HOSTS, self.random.randint(0, 4))
        sites = [[]] if not hosts or self.random.random() < 0.5 else []
        while hosts:
            sites.append([hosts.pop() for _ in range(min(len(hosts), self.random.randint(1, 2)))])
        for names in sites:
            site = [f"root: {self.folder}/root", *self.common(), *self.some(KEYS_OF_FILES, 2)]
            if names:
                site.append(f"host: [{', '.join(repr(name) for name in names)}]")
                if self.random.random() < 0.2:
                    site.append(f"canonical_host: {names[0].replace('*', 'www')}")
            lines.append(f"  - {site[0]}")
            lines += [f"    {key}" for key in site[1:]]
            paths = self.random.sample(PATHS, self.random.randint(0, 6))
            if paths:
                lines.append("    routes:")
            for path in paths:
                keys = self.route(path)
                lines.append(f"      - {keys[0]}")
                lines += [f"        {key}" for key in keys[1:]]
        return "\n".join(lines)

    def request(self):
        return (self.random.choice(METHODS), self.random.choice(TARGETS), self.random.choice(ASKED_HOSTS),
                self.random.choice(FIELDS))


def why(*words, config, env=None):
    return subprocess.run([BASEHTTPCTL, "why", "-c", str(config), *words], capture_output=True, text=True, timeout=30,
                          check=False, env={**os.environ, **(env or {})})


def told(request, config):
    """What `why` says of a request."""
    method, target, host, field = request
    run = why("--json", "--host", host, *(["--header", field] if field else []), method, target, config=config)
    answer = json.loads(run.stdout)
    return {key: answer[key] for key in ("status", "location", "client", "site", "route", "handler", "file")}, answer


def served(daemon, request):
    """What a request is answered."""
    method, target, host, field = request
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", "Connection: close", *([field] if field else []), "", ""]
    head = exchange(daemon.address, "\r\n".join(lines).encode()).partition(b"\r\n\r\n")[0].decode()
    location = re.search(r"^Location: (.*)$", head, re.M)
    return {"status": int(head.split(" ")[1]) if head else 0, "location": location[1].strip() if location else ""}


class Agreement(DaemonTest):
    CONFIGURATIONS, REQUESTS = 25, 14
    LOG = """access:
  - {file: FOLDER/access.json, format: json}
  - {file: FOLDER/access.log, format: "%R|%f"}
error: [{file: FOLDER/error.log, level: debug}]"""

    def test_it_says_what_is_served(self):
        seed = int(os.environ.get("SEED", "13"))
        with self.daemon(workers=1, log=self.LOG) as daemon:
            daemon.tolerate("code ")
            daemon.tolerate("for that host|has no route")
            for name in FILES:
                daemon.write(name, name)
            (daemon.root / "out").symlink_to("/etc/hostname")
            (daemon.folder / "htpasswd").write_text(f"anna:{crypt.crypt('secret', '$5$rounds=1000$salt')}\n")
            logged = statuses = 0
            seen = set()
            for number in range(self.CONFIGURATIONS):
                generator = Generator(seed * 1000 + number, daemon.folder)
                self.configure(daemon, generator)
                requests = [generator.request() for _ in range(self.REQUESTS)]
                answers = [served(daemon, request) for request in requests]
                logged += len(requests)
                records = self.records(daemon, logged)[-len(requests):]
                for request, answer, record in zip(requests, answers, records):
                    expected = {**answer, **record}
                    says, whole = told(request, daemon.config_file)
                    self.assertEqual(says, expected, f"seed {seed}, configuration {number}: {request}\n"
                                                     f"{daemon.config_file.read_text()}\n{json.dumps(whole, indent=1)}")
                    seen.add(answer["status"])
                    statuses += 1
            self.assertEqual(statuses, self.CONFIGURATIONS * self.REQUESTS)
            self.assertLessEqual({0, 200, 204, 301, 400, 401, 403, 404, 405, 421, 501}, seen)

    def configure(self, daemon, generator):
        """The first configuration that `check` finds nothing wrong with."""
        for _ in range(50):
            daemon.configure(workers=1, settings=generator.configuration(), log=self.LOG)
            if subprocess.run([BASEHTTPD, "check", "-c", str(daemon.config_file)], capture_output=True, check=False).returncode == 0:
                before = daemon.workers()
                daemon.reload()
                daemon.wait_for_workers(1, but=before)
                return
        self.fail("no good configuration in 50")

    def records(self, daemon, count):
        def lines(name):
            path = daemon.folder / name
            return path.read_text().splitlines() if path.exists() else []

        until(lambda: len(lines("access.json")) >= count and len(lines("access.log")) >= count, f"{count} records")
        found = []
        for text, rest in zip(lines("access.json"), lines("access.log")):
            record = json.loads(text)
            handler, _, file = rest.partition("|")
            found.append({"client": record["client"], "site": record["site"], "route": record["route"],
                          "handler": "" if handler == "-" else handler, "file": "" if file == "-" else file})
        return found


CONFIG = """listen: [127.0.0.1:8080, "[::1]:80"]
control: none
log: {access: [{stderr: {}}], error: [{stderr: {}}]}
sites:
  - host: [example.org, "*.example.org"]
    root: ROOT
    canonical_host: example.org
    routes:
      - {path: /old/, handler: redirect, to: /new/}
      - {path: "= /old/x", handler: respond, status: 410}
      - {path: /staff/, handler: files, root: ROOT, deny: 192.0.2.0/24}
      - {path: /app/, handler: proxy, to: "http://127.0.0.1:PORT"}
  - root: ROOT
    try: [$path, $path.html]
    expect: ["GET / -> 500"]
"""


class Asking(DaemonTest):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="basehttpd-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.folder.chmod(0o755)
        (self.folder / "root").mkdir()
        (self.folder / "root" / "page.html").write_text("page")
        self.config = self.folder / "basehttpd.yaml"
        self.configure()

    def configure(self, port=9):
        user = "user: nobody\n" if os.geteuid() == 0 else ""
        self.config.write_text(user + CONFIG.replace("ROOT", str(self.folder / "root")).replace("PORT", str(port)))
        self.shift = bool(user)

    def place(self, line):
        return re.escape(f"({self.config}:{line + self.shift})")

    def ask(self, *words):
        run = why(*words, config=self.config)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        return run.stdout

    def test_a_redirect(self):
        text = self.ask("http://example.org:8080/old/y?z")
        self.assertEqual(text.splitlines()[0], "GET /old/y?z -> 301 /new/y?z")
        for line in (rf"\+ listener 127.0.0.1:8080: .* {self.place(1)}", rf"- listener \[::1\]:80: .*8080 +{self.place(1)}",
                     rf"\+ site example.org: .* {self.place(5)}", rf"- site \*: .* {self.place(13)}",
                     rf"- canonical_host: .* {self.place(5)}", rf"\+ route /old/: .* {self.place(9)}",
                     rf"- route = /old/x: .* {self.place(10)}", rf"- route /: /old/ .* {self.place(6)}", "handler redirect"):
            self.assertRegex(text, f"(?m)^{line}$")

    def test_who_asks(self):
        refused = self.ask("--client", "192.0.2.1", "http://example.org/staff/page.html")
        self.assertRegex(refused, r"^GET /staff/page.html -> 403\n")
        self.assertRegex(refused, r"(?m)^\+ allow and deny of route /staff/: 192.0.2.1 is turned away ")
        admitted = self.ask("http://example.org/staff/page.html")
        self.assertRegex(admitted, r"^GET /staff/page.html -> 200\n")
        self.assertIn(f"\nfile {self.folder}/root/page.html\n", admitted)

    def test_where_a_file_was_looked_for(self):
        text = self.ask("http://other.test/none")
        self.assertRegex(text, r"^GET /none -> 404\n")
        self.assertRegex(text, r"(?m)try \$path: not found$")
        self.assertRegex(text, r"(?m)try \$path.html: not found$")
        self.assertIn(f"file {self.folder}/root/page.html", self.ask("http://other.test/page"))

    def test_another_name(self):
        self.assertRegex(self.ask("http://www.example.org/x"), r"^GET /x -> 301 //example.org/x\n")

    def test_the_first_site_where_none_is_named(self):
        self.assertRegex(self.ask("/old/x"), r"^GET /old/x -> 410\n")

    def test_nothing_is_passed_on(self):
        with socket.create_server(("127.0.0.1", 0)) as origin:
            self.configure(origin.getsockname()[1])
            text = self.ask("POST", "http://example.org/app/x")
            self.assertRegex(text, rf"^POST /app/x -> passed on to http://127.0.0.1:{origin.getsockname()[1]}\n")
            self.assertRegex(text, "(?m)^handler proxy$")
            origin.setblocking(False)
            self.assertRaises(BlockingIOError, origin.accept)

    def test_mistakes(self):
        for words, message in ((["example.org/x"], "is not a URL"), (["GE T", "/"], "is not a method"),
                               (["--client", "me", "/"], "is not an address"), (["--host", "a b", "/"], "is not a host"),
                               (["--header", "Cookie", "/"], "is not a field"), (["http://a b/"], "is not a")):
            run = why(*words, config=self.config)
            self.assertEqual(run.returncode, 64, run)
            self.assertIn(message, run.stderr)
        self.config.write_text("sites: [{rot: /}]\n")
        run = why("/", config=self.config)
        self.assertEqual(run.returncode, 78)
        self.assertIn("basehttpd.yaml:1", run.stderr)


if __name__ == "__main__":
    unittest.main()
