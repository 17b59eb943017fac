"""What scenarios share: a machine with the package installed, and the words to look at it."""

import pathlib
import re
import subprocess
import sys
import unittest

from client import get
from machine import Machine, wait_until

UNIT = "basehttpd.service"
CONFIG = "/etc/basehttpd/basehttpd.yaml"
PAGE = b"a page of the tests\n" * 50
ARGUMENTS = sys.argv[1:3]


def newer_package(package, folder):
    """The same package with a higher version."""
    tree = pathlib.Path(folder) / "tree"
    subprocess.run(["dpkg-deb", "-R", package, str(tree)], check=True)
    control = tree / "DEBIAN" / "control"
    control.write_text(re.sub(r"^(Version: .*)$", r"\1+next", control.read_text(), flags=re.M))
    newer = str(pathlib.Path(folder) / "newer.deb")
    subprocess.run(["dpkg-deb", "--root-owner-group", "-b", str(tree), newer], check=True, stdout=subprocess.DEVNULL)
    return newer


class Scenario(unittest.TestCase):
    """A machine for the class, with the package installed."""

    @classmethod
    def setUpClass(cls):
        cls.package, system = ARGUMENTS
        cls.machine = Machine(system)
        cls.addClassCleanup(cls.machine.close)
        cls.machine.put(cls.package, "/var/tmp/basehttpd.deb")
        cls.install()

    @classmethod
    def install(cls):
        cls.machine.run("dpkg", "-i", "/var/tmp/basehttpd.deb")
        cls.machine.write("/var/www/html/page.txt", PAGE.decode())

    def tearDown(self):
        """Whatever happened: no process of the daemon's was left unreaped."""
        states = self.machine.run("ps", "-o", "stat=", "-C", "basehttpd", check=False).stdout.split()
        self.assertEqual([state for state in states if state.startswith("Z")], [])

    def change_config(self, old, new):
        """Until the test's end; what it was."""
        good = self.machine.path(CONFIG).read_text()
        self.assertIn(old, good)
        self.addCleanup(self.machine.write, CONFIG, good)
        self.machine.write(CONFIG, good.replace(old, new, 1))
        return good

    def drop_in(self, name, text, unit=UNIT):
        """Until the test's end; then the unit starts anew without it."""
        file = f"/run/systemd/system/{unit}.d/{name}.conf"

        def remove():
            self.machine.path(file).unlink()
            self.machine.run("systemctl", "daemon-reload")
            self.machine.run("systemctl", "restart", unit)

        self.machine.write(file, text)
        self.machine.run("systemctl", "daemon-reload")
        self.addCleanup(remove)

    def error_log(self):
        return self.machine.path("/var/log/basehttpd/error.log").read_text()

    def say(self, text):
        print(f"    {self.id().split('.', 1)[1]}: {text}", flush=True)

    def state(self, unit=UNIT):
        return self.machine.run("systemctl", "is-active", unit, check=False).stdout.strip()

    def assert_answers(self):
        status, body = get(self.machine, "/page.txt")
        self.assertEqual((status, body), (200, PAGE))


def load_runs(load, count=50):
    """Waits until the load has had so many more answers."""
    before = load.outcomes.total()
    wait_until(lambda: load.outcomes.total() >= before + count, 20, "the load")


def get_or_none(machine):
    try:
        return get(machine, "/page.txt")
    except OSError:
        return None
