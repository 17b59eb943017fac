#!/usr/bin/env python3
"""What the package and the service do under a real systemd. Usage: scenarios.py PACKAGE SYSTEM [NAME...]"""

import re
import sys
import tempfile
import time
import unittest

from client import Load, get
from log_scenarios import Journal
from machine import wait_until
from scenario import CONFIG, PAGE, UNIT, Scenario, get_or_none, load_runs, newer_package
from package_scenarios import Autopkgtest, Local, Packaging
from trouble import NamedSockets, Refused, Stop  # which unittest finds here


class Install(Scenario):
    """The package's life, in the order of the names."""

    def test_1_installed_is_enabled_active_and_answers(self):
        self.assertEqual(self.machine.run("systemctl", "is-enabled", UNIT).stdout.strip(), "enabled")
        self.assertEqual(self.state(), "active")
        status, body = get(self.machine)
        self.assertEqual(status, 200)
        self.assertIn(b"basehttpd is running", body)
        self.assertIn("workers", self.machine.show(UNIT, "StatusText"))

    def test_2_runs_as_its_user_and_writes_its_logs(self):
        get(self.machine, "/logged")
        users = self.machine.run("ps", "-o", "user=", "-C", "basehttpd").stdout.split()
        self.assertEqual(set(users), {"basehttpd"})
        log = self.machine.path("/var/log/basehttpd/access.log")
        wait_until(lambda: "GET /logged HTTP/1.1" in log.read_text(), what="the access log's line")

    def test_3_logrotate_file_is_right(self):
        self.machine.run("logrotate", "--force", "/etc/logrotate.d/basehttpd")
        get(self.machine, "/after-rotation")
        log = self.machine.path("/var/log/basehttpd/access.log")
        wait_until(lambda: log.exists() and "/after-rotation" in log.read_text(), what="a line in the new log")

    def test_4_reinstall_keeps_an_edited_configuration(self):
        self.machine.write(CONFIG, self.machine.path(CONFIG).read_text() + "# edited\n")
        self.machine.run("dpkg", "-i", "/var/tmp/basehttpd.deb")
        self.assertIn("# edited", self.machine.path(CONFIG).read_text())
        self.assertEqual(self.state(), "active")
        self.assert_answers()

    def test_5_upgrade_refuses_no_connection(self):
        with tempfile.TemporaryDirectory() as folder:
            self.machine.put(newer_package(self.package, folder), "/var/tmp/newer.deb")
        pid = self.machine.main_pid()
        with Load(self.machine, PAGE) as load, Load(self.machine, PAGE, keep_alive=True, threads=2) as kept:
            load_runs(load)
            self.machine.run("dpkg", "-i", "/var/tmp/newer.deb")
            load_runs(load)
            load_runs(kept)
        for each, name in ((load, "close"), (kept, "keep-alive")):
            self.say(f"upgrade, {name}: {dict(each.outcomes)}, the longest took {each.longest * 1000:.0f} ms")
            self.assertEqual(each.failed(), 0)
        self.assertEqual(self.machine.main_pid(), pid)
        self.assertEqual(self.state(), "active")

    def test_6_remove_keeps_the_configuration_and_purge_only_the_logs(self):
        logs = self.machine.path("/var/log/basehttpd")
        self.machine.write("/etc/basehttpd/conf.d/own.yaml", "sites: []\n")
        self.machine.run("dpkg", "-r", "basehttpd")
        self.assertRaises(ConnectionRefusedError, get, self.machine)
        self.assertTrue(self.machine.path(CONFIG).exists())
        self.machine.run("dpkg", "-P", "basehttpd")
        for gone in ("/etc/basehttpd", "/var/lib/basehttpd", "/run/basehttpd", "/var/www/html/index.html"):
            self.assertFalse(self.machine.path(gone).exists(), gone)
        self.assertIn("GET /after-rotation", (logs / "access.log").read_text())
        self.assertTrue(self.machine.path("/var/www/html/page.txt").exists())
        self.assertNotIn(UNIT, self.machine.run("systemctl", "list-units", "--all").stdout)

    def test_7_installs_again(self):
        self.install()
        self.assertEqual(self.state(), "active")
        self.assert_answers()


class Reload(Scenario):
    def reload(self):
        return self.machine.run("systemctl", "reload", UNIT, check=False).returncode

    def test_good_ones_under_load_lose_nothing(self):
        self.change_config("listen:", "workers: {count: 3}\nlisten:")
        with Load(self.machine, PAGE) as load, Load(self.machine, PAGE, keep_alive=True) as kept:
            for _ in range(20):
                self.assertEqual(self.reload(), 0)
                load_runs(kept, 5)
        for each, name in ((load, "close"), (kept, "keep-alive")):
            self.say(f"20 reloads, {name}: {dict(each.outcomes)}, the longest took {each.longest * 1000:.0f} ms")
            self.assertEqual(each.failed(), 0)
        self.assertEqual(self.state(), "active")
        self.assertIn("last reload applied", self.machine.show(UNIT, "StatusText"))
        self.assertRegex(self.error_log(), r"workers\.count: \d+ -> 3")

    def test_a_refused_one_fails_visibly_and_changes_nothing(self):
        pid = self.machine.main_pid()
        good = self.change_config("listen:", "lisen:")
        line = good.splitlines().index("listen:") + 1
        self.assertNotEqual(self.reload(), 0)
        self.assertEqual((self.state(), self.machine.main_pid()), ("active", pid))
        self.assertRegex(self.machine.journal(UNIT), rf"basehttpd\.yaml:{line}:1: error: unknown key 'lisen'")
        self.assertIn("last reload refused", self.machine.show(UNIT, "StatusText"))
        self.assert_answers()

    def test_ten_in_a_second(self):
        commands = " & ".join(["systemctl reload basehttpd"] * 10)
        self.machine.run("sh", "-c", f"{commands} & wait")
        self.assertEqual(self.reload(), 0)
        self.assertEqual(self.state(), "active")
        self.assert_answers()

    def test_ctl_speaks_to_root_and_to_the_service_only(self):
        self.assertIn("serving", self.machine.run("basehttpctl", "status").stdout)
        self.machine.run("setpriv", "--reuid", "basehttpd", "--clear-groups", "basehttpctl", "status")
        other = self.machine.run("setpriv", "--reuid", "nobody", "--clear-groups", "basehttpctl", "stop", check=False)
        self.assertEqual(other.returncode, 69)
        self.assertEqual(self.state(), "active")


class Service(Scenario):
    def setUp(self):
        """Forgets the starts of the test before: systemd allows fifteen in a minute."""
        self.machine.run("systemctl", "reset-failed", UNIT)

    def test_restart_under_load_refuses_nothing(self):
        pid = self.machine.main_pid()
        with Load(self.machine, PAGE) as load:
            load_runs(load)
            for _ in range(8):
                self.machine.run("systemctl", "restart", UNIT)
                load_runs(load)
        self.say(f"8 restarts: {dict(load.outcomes)}, the longest took {load.longest * 1000:.0f} ms")
        self.assertEqual(load.failed(), 0)
        self.assertNotEqual(self.machine.main_pid(), pid)

    def test_stop_gives_the_port_back(self):
        self.machine.run("systemctl", "stop", UNIT)
        self.assertRaises(ConnectionRefusedError, get, self.machine)
        self.assertEqual(self.machine.run("pgrep", "-x", "basehttpd", check=False).stdout, "")
        self.machine.run("systemctl", "start", UNIT)
        self.assert_answers()

    def test_a_stopped_master_is_killed_by_the_watchdog(self):
        self.drop_in("watchdog", "[Service]\nWatchdogSec=2s\n")
        self.machine.run("systemctl", "restart", UNIT)
        pid = self.machine.main_pid()
        started = time.monotonic()
        self.machine.run("kill", "-STOP", str(pid))
        wait_until(lambda: self.state() == "active" and self.machine.main_pid() not in (0, pid), 20, "the new master")
        self.say(f"a new master after {time.monotonic() - started:.1f} s (WatchdogSec=2s)")
        self.assertIn("watchdog", self.machine.journal(UNIT).lower())
        self.assert_answers()

    def test_port_in_use_is_told_in_the_journal(self):
        self.machine.run("systemctl", "stop", UNIT)
        self.machine.write("/etc/basehttpd/other.yaml", "listen: [0.0.0.0:80]\nuser: basehttpd\nsites: [{root: /var/www/html}]\n")
        self.machine.run("systemd-run", "--unit=other", "/usr/sbin/basehttpd", "-c", "/etc/basehttpd/other.yaml")
        wait_until(lambda: get_or_none(self.machine) is not None, what="the other server")
        start = self.machine.run("systemctl", "start", UNIT, check=False)
        self.assertNotEqual(start.returncode, 0)
        self.assertEqual(self.machine.show(UNIT, "ExecMainStatus"), "69")
        self.assertRegex(self.machine.journal(UNIT), r"cannot listen on 0\.0\.0\.0:80.*in use")
        grave = self.machine.run("journalctl", "--no-pager", "-o", "cat", "-p", "err", "-u", UNIT).stdout
        self.assertIn("cannot listen on 0.0.0.0:80", grave)
        self.assertIn("cannot listen on 0.0.0.0:80", self.machine.show(UNIT, "StatusText"))
        self.machine.run("systemctl", "stop", "other")
        wait_until(lambda: self.state() == "active", 20, "the service, tried again by systemd")
        self.assert_answers()

    def test_a_port_that_stays_taken_ends_in_a_failed_unit(self):
        self.drop_in("fast", "[Service]\nRestartSec=50ms\n")
        self.machine.run("systemctl", "stop", UNIT)
        self.machine.run("systemd-run", "--unit=holder", "--property=Type=notify", "/usr/sbin/basehttpd", "serve",
                         "/var/www/html", "-p", "80", "--bind", "0.0.0.0")
        self.assertNotEqual(self.machine.run("systemctl", "start", UNIT, check=False).returncode, 0)
        wait_until(lambda: self.state() == "failed", 30, "the end of the tries")
        self.assertIn(UNIT, self.machine.run("systemctl", "--failed", "--plain").stdout)
        self.assertIn("cannot listen on 0.0.0.0:80", self.machine.run("systemctl", "status", UNIT, check=False).stdout)
        self.machine.run("systemctl", "stop", "holder")
        self.machine.run("systemctl", "reset-failed", UNIT)
        self.machine.run("systemctl", "start", UNIT)

    def test_a_wrong_configuration_is_told_in_the_journal_and_not_tried_again(self):
        good = self.machine.path(CONFIG).read_text()
        self.machine.run("systemctl", "stop", UNIT)
        self.machine.write(CONFIG, "lisen: [80]\n" + good)
        self.assertNotEqual(self.machine.run("systemctl", "start", UNIT, check=False).returncode, 0)
        self.assertEqual(self.machine.show(UNIT, "ExecMainStatus"), "78")
        self.assertEqual(self.machine.show(UNIT, "NRestarts"), "0")
        self.assertRegex(self.machine.journal(UNIT), r"basehttpd\.yaml:1:1:.*lisen")
        self.assertRegex(self.machine.show(UNIT, "StatusText"), r"basehttpd\.yaml:1:1:.*lisen")
        self.machine.write(CONFIG, good)
        self.machine.run("systemctl", "start", UNIT)
        self.assert_answers()

    def test_a_worker_killed_for_memory_does_not_end_the_service(self):
        for unit in (UNIT, "basehttpd-activated.service"):
            self.assertEqual(self.machine.show(unit, "OOMPolicy"), "continue")

    def test_lines_survive_the_death_of_all_processes(self):
        pid = self.machine.main_pid()
        logger = self.machine.run("pgrep", "-f", "^basehttpd: logger").stdout.strip()
        self.machine.run("kill", "-STOP", logger)
        for number in range(20):
            self.assertEqual(get(self.machine, f"/?survivor-{number}")[0], 200)
        self.machine.run("systemctl", "kill", "--kill-who=all", "--signal=KILL", UNIT)
        wait_until(lambda: self.state() == "active" and self.machine.main_pid() not in (0, pid), 20, "the new master")
        log = self.machine.path("/var/log/basehttpd/access.log")
        found = wait_until(lambda: re.findall(r"\?survivor-(\d+) ", log.read_text()), what="lines of the killed instance")
        self.assertEqual(sorted(map(int, found)), list(range(20)))
        self.assertIn("all processes of an earlier instance had been killed", self.error_log())

    def test_exposure_is_small(self):
        for unit, limit in ((UNIT, 1.5), ("basehttpd-activated.service", 0.2)):
            text = self.machine.run("systemd-analyze", "security", "--offline=true", "--no-pager",
                                    f"/lib/systemd/system/{unit}", check=False).stdout
            exposure = float(re.search(r"exposure level for \S+: ([0-9.]+)", text).group(1))
            self.say(f"{unit}: {exposure}")
            self.assertLessEqual(exposure, limit, text)


class Activation(Scenario):
    SERVICE = "basehttpd-activated.service"

    def test_starts_on_the_first_request_and_survives_a_restart(self):
        self.machine.run("systemctl", "disable", "--now", UNIT)
        self.machine.run("systemctl", "enable", "--now", "basehttpd.socket")
        self.assertEqual(self.state(self.SERVICE), "inactive")
        started = time.monotonic()
        self.assert_answers()
        self.say(f"the first request was answered after {(time.monotonic() - started) * 1000:.0f} ms")
        self.assertEqual(self.state(self.SERVICE), "active")
        with Load(self.machine, PAGE) as load:
            load_runs(load)
            self.machine.run("systemctl", "restart", UNIT)
            load_runs(load)
            self.machine.run("systemctl", "reload", UNIT)
            load_runs(load)
        self.assertEqual(load.failed(), 0, dict(load.outcomes))
        pid = self.machine.main_pid(self.SERVICE)
        capabilities = self.machine.run("grep", "CapBnd", f"/proc/{pid}/status").stdout.split()[1]
        self.assertEqual(int(capabilities, 16), 0)


if __name__ == "__main__":
    unittest.main(argv=["tests/system/run", "-v", *sys.argv[3:]])
