"""What apt and dpkg do to a service that runs: upgrades that are refused, removal, purge, installation anew."""

import os
import pathlib
import subprocess
import tempfile
import unittest

from client import get
from machine import wait_until
from scenario import CONFIG, PAGE, UNIT, Scenario, newer_package

SOCKET = "basehttpd.socket"
ACTIVATED = "basehttpd-activated.service"
ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/dev"  # which is configured for /usr/local


class Packaging(Scenario):
    """In the order of the names."""

    def dpkg(self, *arguments):
        """Its output."""
        done = self.machine.run("dpkg", *arguments)
        return done.stdout + done.stderr

    def reinstall(self):
        return self.dpkg("-i", "/var/tmp/basehttpd.deb")

    def processes(self):
        return self.machine.run("pgrep", "-x", "basehttpd", check=False).stdout.split()

    def test_1_an_upgrade_that_is_refused_leaves_the_old_daemon_serving(self):
        with tempfile.TemporaryDirectory() as folder:
            self.machine.put(newer_package(self.package, folder), "/var/tmp/newer.deb")
        pid = self.machine.main_pid()
        good = self.machine.path(CONFIG).read_text()
        self.machine.write(CONFIG, "lisen: [80]\n" + good)
        said = self.dpkg("-i", "/var/tmp/newer.deb")
        self.assertRegex(said, r"basehttpd\.yaml:1:1: error: .*lisen")
        self.assertIn("basehttpctl upgrade", said)
        self.assertEqual((self.state(), self.machine.main_pid()), ("active", pid))
        self.assert_answers()
        self.machine.write(CONFIG, good)
        self.machine.run("basehttpctl", "upgrade")
        self.assertEqual((self.state(), self.machine.main_pid()), ("active", pid))
        self.assert_answers()

    def test_2_a_daemon_that_does_not_answer_is_restarted(self):
        pid = self.machine.main_pid()
        self.machine.path("/run/basehttpd/control.sock").unlink()
        self.reinstall()
        self.assertEqual(self.state(), "active")
        self.assertNotEqual(self.machine.main_pid(), pid)
        self.assert_answers()

    def test_3_removed_and_installed_again_is_as_new(self):
        self.dpkg("-r", "basehttpd")
        self.machine.path("/var/www/html/page.txt").unlink()
        self.assertFalse(self.machine.path("/var/www/html/index.html").exists())
        said = self.reinstall()
        self.assertNotIn("upgrade", said)
        status, body = get(self.machine)
        self.assertEqual(status, 200)
        self.assertIn(b"basehttpd is running", body)

    def test_4_an_upgrade_brings_no_welcome_page_back(self):
        self.machine.path("/var/www/html/index.html").unlink()
        self.reinstall()
        self.assertFalse(self.machine.path("/var/www/html/index.html").exists())

    def test_5_the_socket_goes_with_the_package_and_comes_back_with_it(self):
        self.machine.run("systemctl", "disable", "--now", UNIT)
        self.machine.run("systemctl", "enable", "--now", SOCKET)
        self.machine.write("/var/www/html/page.txt", "a page")
        self.assertEqual(get(self.machine, "/page.txt")[0], 200)
        self.dpkg("-r", "basehttpd")
        self.assertRaises(ConnectionRefusedError, get, self.machine)
        self.assertEqual(self.processes(), [])
        self.reinstall()
        self.assertEqual(self.state(SOCKET), "active")
        self.assertEqual(get(self.machine, "/page.txt")[0], 200)
        self.assertEqual(self.state(ACTIVATED), "active")

    def test_6_an_upgrade_with_the_socket_keeps_the_process(self):
        pid = self.machine.main_pid(ACTIVATED)
        self.reinstall()
        self.assertEqual(self.machine.main_pid(ACTIVATED), pid)
        self.assertEqual(get(self.machine, "/page.txt")[0], 200)

    def test_7_a_purge_with_the_socket_leaves_nothing(self):
        self.dpkg("-P", "basehttpd")
        self.assertRaises(ConnectionRefusedError, get, self.machine)
        self.assertEqual(self.processes(), [])
        left = self.machine.run("find", "/etc/systemd/system", "/etc/basehttpd", "-name", "basehttpd*", check=False)
        self.assertEqual(left.stdout, "")
        wait_until(lambda: not self.machine.run("systemctl", "list-units", "--all", "basehttpd*", "--plain",
                                                "--no-legend").stdout.strip(), what="a systemd that has forgotten it")


class Autopkgtest(Scenario):
    def test_what_debian_runs_after_an_upload(self):
        self.machine.put(ROOT / "packaging/debian/tests/serves", "/var/tmp/serves")
        self.machine.run("chmod", "755", "/var/tmp/serves")
        self.machine.run("/var/tmp/serves")


@unittest.skipUnless((BUILD / "packaging/basehttpd.schema.json").exists(), "no build for /usr/local")
class Local(Scenario):
    """What `cmake --install` leaves below /usr/local, without any package."""

    @classmethod
    def install(cls):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["cmake", "--install", BUILD, "--component", "daemon", "--strip"], check=True,
                           stdout=subprocess.DEVNULL, env={**os.environ, "DESTDIR": folder})
            tree = subprocess.run(["tar", "-C", folder, "-c", "usr"], check=True, capture_output=True).stdout
        subprocess.run(["tar", "-x", "--no-same-owner", "-C", cls.machine.path("/")], input=tree, check=True)
        for command in ("systemd-sysusers", "systemd-tmpfiles --create", "systemctl daemon-reload"):
            cls.machine.run(*command.split())
        cls.machine.write("/var/www/html/page.txt", PAGE.decode())

    def test_the_service_runs_from_usr_local(self):
        self.machine.run("systemctl", "enable", "--now", UNIT)
        self.assert_answers()
        program = self.machine.run("readlink", f"/proc/{self.machine.main_pid()}/exe").stdout
        self.assertEqual(program, "/usr/local/sbin/basehttpd\n")
        config = self.machine.path("/usr/local/etc/basehttpd/basehttpd.yaml")
        config.write_text(config.read_text() + "# edited\n")
        self.machine.run("systemctl", "reload", UNIT)
        self.machine.run("/usr/local/sbin/basehttpctl", "status")
