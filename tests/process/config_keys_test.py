"""The table of configuration keys as it is seen from outside: what is explained, the schema for editors, the manual.

With --write, writes the manual's index of keys anew."""

import copy
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
MANUAL = ROOT / "packaging/man/basehttpd.yaml.5"

# Each key once at least; the test says so where one is missing.
EVERY_KEY = """
x-anchors: {}
listen: [127.0.0.1:80, {unix: /run/a.sock, mode: "0660", owner: root, group: root}, {address: "127.0.0.1:81", proxy_protocol: required}]
user: www-data
group: www-data
workers: {count: auto, watchdog: 0, crash_limit: 3, poison_limit: 3, max_requests: 1000, max_memory: 256M}
shutdown_timeout: 250ms
control: none
limits: {request_line: 8K, header_bytes: 32K, header_fields: 100, body: 1048576, header_timeout: 10s, body_timeout: 30s,
  idle_timeout: 1m, send_timeout: 30s, min_rate: 240, connections: 10000, connections_per_client: 0, requests_per_connection: 0, strictness: default}
trusted_proxies: [10.0.0.0/8, "::1", unix]
trusted_fields: [x-forwarded-for, x-forwarded-proto]
server_tokens: name
sandbox: auto
log:
  access:
    - {file: a.log, format: json, when: {status: [404, 5xx, 400-402, none], path: ["/a*", "!/b*"], slower: 1s, sample: 2}}
    - {stdout: {}}
    - {stderr: {}}
    - {journal: {path: /run/socket}}
    - {pipe: cat}
    - {syslog: {facility: local0, tag: spam, to: "udp:localhost:514", form: rfc5424}}
  error: [{file: e.log, level: debug}, {stderr: {}}, {stdout: }, {journal: {path: /j}}, {pipe: cat -u},
    {syslog: {facility: user, tag: s, to: /dev/log, form: local}}]
  privacy: {ipv4: 24, ipv6: 48}
  resolve_hostnames: false
  ring_wait: 1s
  survive: true
file_cache: {valid: 1s, entries: 1000, bytes: 64M}
include: none/*.yaml
sites:
  - host: ["*"]
    canonical_host: example.org
    root: /srv
    index: [index.html]
    listing: yes
    listing_template: l.html
    try: [$path, $path.html, $path/, /index.html]
    try_suffixed: false
    trailing_slash: add
    hidden_files: false
    symlinks: never
    precompressed: true
    expires: 1h
    headers: {X-A: b}
    cors: {origins: [https://a.example, "https://*.b.example:8443"], methods: [GET, PUT], headers: [X-A], expose: "*", max_age: 1h,
      credentials: false}
    types: {md: text/markdown, js.gz: {type: text/javascript, coding: gzip}}
    error_pages: {404: a.html}
    strictness: strict
    expect: [GET /old/x -> 301 /new/x, /.git/config -> 404]
    allow: ["127.0.0.1", "::1"]
    deny: [192.0.2.0/24]
    auth: {basic: {htpasswd: /etc/ht, realm: staff}}
    log:
      access: [{file: s.log, format: common, when: {status: 404, path: /*, slower: 1s, sample: 2}}, {stdout: {}},
        {stderr: {}}, {journal: {path: /j}}, {pipe: cat}, {syslog: {facility: user, tag: s, to: /dev/log, form: local}}]
      error: [{file: t.log, level: info}, {stdout: {}}, {stderr: {}}, {journal: {path: /j}}, {pipe: cat},
        {syslog: {facility: user, tag: s, to: /dev/log, form: local}}]
    routes:
      - {path: /a/, handler: files, root: /a, index: i.html, listing: false, listing_template: l.html, try: $path, try_suffixed: true, trailing_slash: remove,
         hidden_files: true, symlinks: follow, precompressed: false, expires: 0, headers: {X-A: c}, types: {a: a/b}}
      - {path: /b/, handler: redirect, to: /c/, status: 308, headers: {set: {X-A: d}, add: {X-B: e, X-D: [f, g]}, remove: [X-C], always: true}}
      - {path: "= /c", handler: respond, status: 404, text: gone, type: text/plain, close: false, methods: [GET], body: 1K,
         allow: 10.0.0.0/8, deny: [10.1.0.0/16], auth: {basic: {htpasswd: /etc/ht, realm: staff}}}
      - {path: /d, handler: health, cors: {origins: "*", methods: GET, headers: X-A, expose: X-B, max_age: 0, credentials: no}}
      - {path: /e/, handler: proxy, to: ["http://127.0.0.1:9000", "unix:/run/a.sock"], host: a.example, connect_timeout: 1s,
         timeout: 2m, keep_connections: 4, failures: 5, retry_after: 3s}
      - {path: /f/, handler: fastcgi, to: ["127.0.0.1:9000", "unix:/run/a.sock"], root: /f, index: [a.pl], try: [$path, /b.pl], split: .pl,
         pass_authorization: true, connect_timeout: 1s, timeout: 2m, keep_connections: 4, failures: 5, retry_after: 3s}
"""


def basehttpd(*arguments):
    return subprocess.run([os.environ["BASEHTTPD"], *arguments], capture_output=True, text=True, timeout=20, check=False)


def load(text):
    """YAML as JSON has it: every key is a text."""
    return json.loads(json.dumps(yaml.safe_load(text)))


def explained(text):
    """What `explain` prints, as {path: [(kind, bounds, default)]}."""
    keys = {}
    for path, kind, bounds, rest in re.findall(r"^(\S+): ([^,\n]+)(?:, (.*))?\n((?:  .*\n)+)", text, re.M):
        default = re.search(r"^  Default: (.*)\.$", rest, re.M)
        keys.setdefault(path, []).append((kind, bounds, default and default[1]))
    return keys


def paths_in(value, above=""):
    if isinstance(value, list):
        for item in value:
            yield from paths_in(item, above)
    elif isinstance(value, dict):
        for key, inner in value.items():
            path = f"{above}.{key}" if above else str(key)
            yield path
            yield from paths_in(inner, path)


class Table(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.keys = explained(basehttpd("explain").stdout)
        cls.schema = json.loads(basehttpd("config", "--schema").stdout)
        cls.validator = jsonschema.Draft7Validator(cls.schema)

    def test_explain(self):
        done = basehttpd("explain", "limits.body")
        self.assertEqual(done.returncode, 0)
        self.assertEqual(explained(done.stdout), {"limits.body": [("size", "0 to 1024G", "1M")]})
        self.assertIn("Since 0.1. A reload is enough.", done.stdout)
        self.assertIn("Needs a restart.", basehttpd("explain", "control").stdout)
        self.assertIn("    request_line ", basehttpd("explain", "limits").stdout)
        self.assertEqual(len(explained(basehttpd("explain", "sites[a.example].routes.status").stdout)
                             ["sites.routes.status"]), 2)
        for wrong, meant in [("limits.bdy", "limits.body"), ("ring_wait", "log.ring_wait"), ("lisen", "listen")]:
            done = basehttpd("explain", wrong)
            self.assertEqual((done.returncode, done.stdout), (64, ""))
            self.assertIn(f"did you mean '{meant}'?", done.stderr)

    def test_the_defaults_are_a_configuration(self):
        defaults = basehttpd("config", "--defaults")
        self.assertEqual(defaults.returncode, 0)
        self.validator.validate(load(defaults.stdout))
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(defaults.stdout)
            file.flush()
            again = basehttpd("config", "-c", file.name)
        self.assertEqual(re.sub(r"count: \d+", "count: auto", again.stdout), defaults.stdout)

    def test_the_schema_knows_every_key(self):
        jsonschema.Draft7Validator.check_schema(self.schema)
        whole = load(EVERY_KEY)
        free = ("sites.headers", "sites.types", "sites.error_pages", "sites.routes.headers", "sites.routes.types")
        written = {path for path in paths_in(whole) if not path.startswith(tuple(key + "." for key in free))
                   and not path.startswith("x-")}
        self.assertEqual(written, set(self.keys))
        self.validator.validate(whole)
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "a.yaml")
            file.write_text(EVERY_KEY)
            read = basehttpd("config", "-c", str(file))
        self.assertEqual((read.returncode, read.stderr), (0, ""))
        self.validator.validate(load(read.stdout))

    def test_the_schema_refuses(self):
        for change in [lambda c: c.update(lisen=1), lambda c: c["listen"][1].update(mode=660), lambda c: c["listen"][1].pop("unix"),
                       lambda c: c["limits"].update(bdy=1),
                       lambda c: c["limits"].update(body="8Q"), lambda c: c["limits"].update(connections=0),
                       lambda c: c["limits"].update(connections_per_client=65536),
                       lambda c: c["limits"].update(idle_timeout=60), lambda c: c.update(server_tokens="off"),
                       lambda c: c["log"]["access"][0].update(stdout={}), lambda c: c["log"]["access"].append({}),
                       lambda c: c["sites"][0].update(listing="maybe"), lambda c: c["sites"][0].update(error_pages={200: "a"}),
                       lambda c: c["sites"][0].update(types={"gz": {"coding": "gzip"}}),
                       lambda c: c["sites"][0]["types"]["js.gz"].update(coding="deflate"),
                       lambda c: c["sites"][0].update(headers={"set": "a"}), lambda c: c["sites"][0].update(headers={"remove": []}),
                       lambda c: c["sites"][0]["routes"][0].update(to="/x"), lambda c: c["sites"][0]["routes"][1].pop("to"),
                       lambda c: c["sites"][0]["routes"][1].update(status=200)]:
            wrong = copy.deepcopy(load(EVERY_KEY))
            change(wrong)
            self.assertFalse(self.validator.is_valid(json.loads(json.dumps(wrong))))

    def test_the_files_as_installed(self):
        default = (ROOT / "etc/basehttpd.yaml").read_text()
        self.assertTrue(default.startswith("# yaml-language-server: $schema=/usr/share/basehttpd/basehttpd.schema.json\n"))
        self.validator.validate(load(default))


# Where the manual has the keys of a part; a key of `Routes` is told there with its handler.
SECTIONS = {"THE SERVER": "", "Sockets": "listen.", "WORKERS": "workers.", "LIMITS": "limits.", "THE FILE CACHE": "file_cache.", "LOGS": "log.",
            "CHOSEN REQUESTS": "log.access.when.", "SYSLOG": "log.access.syslog.", "SITES": "sites.", "Passwords": "sites.auth.basic.",
            "CORS": "sites.cors.", "Routes": "sites.routes."}
OF_LOG = {"access", "error", "privacy", "resolve_hostnames", "ring_wait", "survive"}  # the others there are of an item
AS_ABOVE = {"sites.strictness", "sites.routes.symlinks", "sites.routes.trailing_slash"}  # their words are listed once, at another key
MACROS = {"Li", "Ic", "Em", "Pa", "Dv", "Ar", "Xr", "Ql", "Sx", "Ev", "Nm"}


def plain(line):
    """A line of mdoc as the reader sees it."""
    words = line[1:].split() if line.startswith(".") else [line]
    text = " ".join(word for word in words if word not in MACROS)
    for written, shown in [(r"\&", ""), (r"\(dq", '"'), (r"\(aq", "'"), (" Ns ", "")]:
        text = text.replace(written, shown)
    return text


def manual():
    """{path: (kind, text)}, and the text of each section as a whole."""
    entries, sections, section, current, depth = {}, {}, "", [], 0
    for line in MANUAL.read_text().splitlines():
        if heading := re.match(r"\.(?:Sh|Ss) (.*)", line):
            section, current = heading[1], []
        if item := re.match(r"\.It Ic ([a-z_0-9 ,]+?)(?: : (Em|Li) (.*))?$", line):
            current = []
            for name in item[1].split(" , "):
                if section in SECTIONS:
                    inner = "access." if section == "LOGS" and name not in OF_LOG else ""
                    inner = "error." if section == "LOGS" and name == "level" else inner
                    entries.setdefault(SECTIONS[section] + inner + name, []).append((item[2] == "Em" and item[3], current))
        else:
            depth += line.startswith(".Bl") - line.startswith(".El")
            if depth < 2 and line.startswith((".It", ".El")) and not (depth == 1 and line == ".El"):
                current = []
            current.append(plain(line))
        sections.setdefault(section, []).append(plain(line))
    return entries, {name: " ".join(lines) for name, lines in sections.items()}


INDEX = re.compile(r'(?<=--write from here\n).*?(?=\.\\" to here\n)', re.S)
OF_ITEMS = re.compile(r"log\.error\.(?!level)|sites\.log\.|sites\.routes\.cors\.")  # the index has them once, below log.access or sites.cors


def index():
    """The manual's index of keys: each with its type and its default."""
    rows = [".Bl -column limits.requests_per_connection \"list of addresses\" /run/basehttpd/con", ".It Sy Key Ta Sy Type Ta Sy Default"]
    for path, [(kind, _, default), *_] in sorted(explained(basehttpd("explain").stdout).items()):
        if default is not None and not OF_ITEMS.match(path):
            shown = default.replace('"', r"\(dq").replace("%", r"\&%")
            rows.append(f".It Ic {path} Ta {kind} Ta {shown}")
    return "\n".join([*rows, ".El", ""])


class Manual(unittest.TestCase):
    def test_index(self):
        self.assertEqual(INDEX.search(MANUAL.read_text())[0], index(),
                         "BASEHTTPD=build/dev/daemon/basehttpd tests/process/config_keys_test.py --write mends it")

    def test_names_kinds_bounds_and_defaults(self):
        keys = explained(basehttpd("explain").stdout)
        entries, sections = manual()
        section_of = {prefix: name for name, prefix in SECTIONS.items()}
        repeated = re.compile(r"log\.error\.(file|stdout|stderr|pipe|journal|syslog)|sites\.log\.|log\.privacy\.|sites\.routes\.cors\.|"
                              r"log\.\w+\.(stdout|stderr|journal)|log\.error\.syslog|include$|sites\.auth\.basic$|sites\.routes\.auth\.")
        for path, rows in keys.items():
            if repeated.match(path) or any(kind == "keys" and "." not in path for kind, _, _ in rows) or path == "sites":
                continue
            with self.subTest(path):
                self.assertIn(path, set(entries))
                text = " ".join(" ".join(lines) for _, lines in entries[path])
                common = sections[section_of.get(path.rpartition(".")[0] + "." if "." in path else "", "LOGS")]
                for kind, bounds, default in rows:
                    kinds = {written for written, _ in entries[path]}
                    if path not in ("log.privacy",) and kinds != {False}:
                        self.assertIn(kind, kinds | ({kind} if path.startswith("sites.routes.") else set()))
                    if kind in ("size", "duration", "count") and "seconds" not in bounds:
                        self.assertTrue(bounds in text or bounds in common, bounds)
                    if kind == "word" and bounds and path not in AS_ABOVE:
                        for word in bounds.split(", "):
                            self.assertTrue(re.search(rf"\b{word}\b", text) or word.startswith("local"), word)
                    if kind in ("size", "duration", "count", "switch", "number") and not path.startswith("sites.routes.") \
                            and default not in ("all", "none"):
                        self.assertRegex(text, rf"Default: {re.escape(default)}\b")

    def test_the_manual_names_no_other_key(self):
        keys = explained(basehttpd("explain").stdout)
        self.assertEqual(set(manual()[0]) - set(keys), set())


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        MANUAL.write_text(INDEX.sub(lambda _: index(), MANUAL.read_text()))
    else:
        unittest.main()
