"""Every example of the README and of the manual pages: the daemon reads the configurations, nginx its own, C++ is a part of
a program that tests/embed builds, and the commands run beside a daemon; programs that would change the machine, or that
other tests run, are only known by name."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import yaml

from clients import BASEHTTPCTL
from harness import BASEHTTPD, DaemonTest, free_port

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = [path.read_text() for path in (ROOT / "tests/embed").glob("*.*") if path.suffix in (".cc", ".service")]
PAGES = sorted((ROOT / "packaging/man").glob("*.[1-9]"))

SOME_SITE = "sites: [{root: /srv/www}]\n"  # for examples that are a part of a configuration


def unescaped(text):
    """Text of mdoc as the reader sees it."""
    for written, shown in [(r"\&", ""), (r"\(dq", '"'), (r"\(aq", "'"), (r"\ ", " "), (r"\-", "-"), (r"\e", "\\")]:
        text = text.replace(written, shown)
    return text


def examples_in(page):
    """(line, text) of each block and each displayed line of a manual page; displayed lines that follow each other are one."""
    block, start, begun = None, 0, 0
    for number, line in enumerate([*page.read_text().splitlines(), ""], 1):
        if begun:
            if line == ".Ed":
                yield begun, block
                block, begun = None, 0
            else:
                block += unescaped(line) + "\n"
        elif line.startswith(".Dl "):
            start = start or number
            block = (block or "") + unescaped(line[4:]) + "\n"
        else:
            if block:
                yield start, block
            block, start = None, 0
            if line.startswith(".Bd -literal"):
                block, begun = "", number


def blocks_in(markdown):
    """(line, language, text) of each fenced block."""
    text = markdown.read_text()
    for block in re.finditer(r"^```(\S*)\n(.*?)^```", text, re.M | re.S):
        yield text[:block.start()].count("\n") + 1, block[1], block[2]


def known_keys():
    listed = subprocess.run([BASEHTTPD, "explain"], capture_output=True, text=True, timeout=20, check=True).stdout
    return {key.partition(".")[0] for key in re.findall(r"^(\S+):", listed, re.M)}


def is_configuration(text, keys):
    """Whether it is YAML with keys that the daemon has; one that has some and others is meant to be."""
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError:
        return text.partition(":")[0] in keys
    return isinstance(value, dict) and any(str(key) in keys or str(key).startswith("x-") for key in value)


def squeezed(text):
    """Without indentation and empty lines."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


# What examples run, and what stands in for the rest: it does nothing.
RUN = {"basehttpd", "basehttpctl", "curl", "grep", "gzip", "head", "jq", "mv", "sort", "tail", "uniq"}
STAND_IN = {"addr2line", "apt", "cmake", "cp", "fail2ban-client", "goaccess", "journalctl", "lnav", "logrotate", "podman",
            "systemctl", "systemd-sysusers", "systemd-tmpfiles"}

# basehttpd as it is found on the PATH: with the configuration of the test. What would run until it is stopped is tried
# with an end: `serve` and a daemon of its own are in other tests, here their command lines count.
DAEMON = """#!/bin/bash
case "$*" in
    *--as-service*) "$BASEHTTPD" check --help >/dev/null ;;
    serve*) exec "$BASEHTTPD" "$@" --help ;;
    *" -c "* | -c*) exec "$BASEHTTPD" "$@" --help ;;
    check* | config*) exec "$BASEHTTPD" "$@" -c "$FOLDER/basehttpd.yaml" ;;
    *) exec "$BASEHTTPD" "$@" ;;
esac
"""
CONTROL = """#!/bin/bash
[[ $1 != -s ]] || shift 2
case "$*" in
    top* | stop* | upgrade* | passwd* | "logs -f"*) exec "$BASEHTTPCTL" "$@" --help ;;
    "logs verify") exec "$BASEHTTPCTL" logs verify "$FOLDER/access.log" ;;
    "logs explain") exec "$BASEHTTPCTL" logs explain -c "$FOLDER/basehttpd.yaml" ;;
    logs* | why*) exec "$BASEHTTPCTL" "$@" -c "$FOLDER/basehttpd.yaml" ;;
    *) exec "$BASEHTTPCTL" -s "$FOLDER/control.sock" "$@" ;;
esac
"""


def commands_in(text, prompts):
    """The commands of a block. In a manual page a prompt begins each; the rest is what they print."""
    lines = iter(text.splitlines())
    for line in lines:
        if prompts and not re.match(r"[$#] ", line):
            continue
        command = line[2:] if prompts else line.partition("  #")[0]
        while command.rstrip().endswith(("\\", "|")) or command.count("'") % 2:
            command += "\n" + next(lines)
        if command.strip():
            yield command


def programs_of(command):
    """The first word of each part of a command."""
    plain = re.sub(r"'[^']*'", "''", command.replace("\\\n", " ")).replace("sudo ", "")
    return [part.split()[0] for part in re.split(r"&&|\|", plain)]


class Examples(DaemonTest):
    def all(self):
        """(place, kind, text) of every example; the kind is what a fence says, else what the text looks like."""
        keys = known_keys()
        for page in PAGES:
            for line, text in examples_in(page):
                kind = "yaml" if is_configuration(text, keys) else "cpp" if page.suffix == ".3" else "text"
                yield f"{page.name}:{line}", kind, text
        for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md"):
            for line, language, text in blocks_in(ROOT / name):
                yield f"{name}:{line}", language, text

    def test_configurations(self):
        count = 0
        for place, kind, text in self.all():
            if kind != "yaml":
                continue
            count += 1
            with self.subTest(place), tempfile.TemporaryDirectory() as folder:
                file = pathlib.Path(folder, "basehttpd.yaml")
                file.write_text(text if "sites" in yaml.safe_load(text) else text + SOME_SITE)
                pathlib.Path(folder, "conf.d").mkdir()
                done = subprocess.run([BASEHTTPD, "config", "-c", str(file)], capture_output=True, text=True,
                                      timeout=20, check=False)
                self.assertEqual((done.returncode, done.stderr), (0, ""), text)
        self.assertGreater(count, 50)

    def test_programs(self):
        programs = [squeezed(program) for program in PROGRAMS]
        parts = [(place, squeezed(text)) for place, kind, text in self.all() if kind == "cpp"]
        self.assertGreater(len(parts), 8)
        for place, part in parts:
            with self.subTest(place):
                self.assertTrue(any(part in program for program in programs), part)

    def test_commands(self):
        with self.daemon(control=True) as daemon:
            subprocess.run(["curl", "-s", daemon.url("/"), daemon.url("/nothing")], capture_output=True, timeout=20, check=True)
            daemon.wait_for_access(2)
            (daemon.folder / "site").mkdir()
            programs = daemon.folder / "programs"
            programs.mkdir()
            for name, text in [("basehttpd", DAEMON), ("basehttpctl", CONTROL), ("sudo", '#!/bin/bash\n"$@"\n'),
                               *((name, "#!/bin/sh\n") for name in STAND_IN)]:
                (programs / name).write_text(text)
                (programs / name).chmod(0o755)
            environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "FOLDER": str(daemon.folder),
                           "BASEHTTPD": BASEHTTPD, "BASEHTTPCTL": BASEHTTPCTL, "HOME": str(daemon.folder)}
            ran = 0
            for place, kind, text in self.all():
                for command in commands_in(text, kind == "text") if kind in ("sh", "text") else []:
                    with self.subTest(f"{place}: {command}"):
                        ran += self.check_command(command, daemon, environment)
            self.assertGreater(ran, 30)

    def check_command(self, command, daemon, environment):
        """Whether it was run."""
        programs = programs_of(command)
        if "/" in programs[0]:
            self.assertTrue((ROOT / programs[0]).exists() or programs[0].startswith("/usr/lib/cgi-bin/"), programs[0])
            return False
        self.assertLessEqual(set(programs), RUN | STAND_IN, "to be listed in RUN or STAND_IN")
        for written, here in [("/var/log/basehttpd", str(daemon.folder)), ("http://localhost/", daemon.url("/"))]:
            command = command.replace(written, here)
        done = subprocess.run(["bash", "-e", "-c", command], capture_output=True, text=True, timeout=30, check=False,
                              stdin=subprocess.DEVNULL, env=environment, cwd=daemon.folder)
        self.assertIn(done.returncode, (0, 1) if programs[0] == "grep" else (0,), done.stdout + done.stderr)
        self.assertNotIn("error:", done.stderr)
        return True

    @unittest.skipUnless(shutil.which("nginx") and shutil.which("openssl"), "nginx is not here")
    def test_nginx(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=example.org", "-keyout",
                            f"{folder}/example.org.key", "-out", f"{folder}/example.org.pem"], capture_output=True, timeout=60,
                           check=True)
            checked = 0
            for place, _, text in self.all():
                if text.startswith("server {"):
                    checked += 1
                    file = pathlib.Path(folder, "nginx.conf")
                    file.write_text(f"pid {folder}/pid; error_log stderr; events {{}} http {{ access_log off; "
                                    + text.replace("/etc/ssl", folder).replace("443", str(free_port())) + "}\n")
                    done = subprocess.run(["nginx", "-t", "-q", "-c", str(file)], capture_output=True, text=True, timeout=20,
                                          check=False)
                    self.assertEqual((done.returncode, done.stderr), (0, ""), place)
            self.assertEqual(checked, 1)


if __name__ == "__main__":
    unittest.main()
