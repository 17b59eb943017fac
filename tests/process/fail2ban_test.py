"""The shipped filter and jail, in the real fail2ban: it bans who attacked, and nobody else, whatever was sent."""

import collections
import shutil
import subprocess
import unittest
from pathlib import Path

from attacks import ATTACKERS, visit_all
from harness import DaemonTest, until

ROOT = Path(__file__).resolve().parents[2]
THEIRS = Path("/etc/fail2ban")


def settings(daemon):
    """A configuration folder of fail2ban's with what is shipped here."""
    folder = daemon.folder / "fail2ban"
    for name in ("filter.d", "action.d", "jail.d"):
        (folder / name).mkdir(parents=True)
    for name in ("fail2ban.conf", "jail.conf", "paths-common.conf", "paths-debian.conf"):
        shutil.copy(THEIRS / name, folder)
    shutil.copy(ROOT / "etc/fail2ban/filter.conf", folder / "filter.d/basehttpd.conf")
    shutil.copy(ROOT / "etc/fail2ban/jail.conf", folder / "jail.d/basehttpd.conf")
    return folder


class Fail2ban(DaemonTest):
    def test_the_filter_finds_each_attack_and_nothing_else(self):
        for form in ("combined", "common"):
            with self.subTest(form=form), self.daemon(access_format=form) as daemon:
                daemon.tolerate("code 501, ")
                visit_all(self, daemon)
                found = subprocess.run(
                    ["fail2ban-regex", "-c", settings(daemon), "-o", "ip", daemon.access_log, "basehttpd"],
                    capture_output=True, text=True, timeout=60, check=True).stdout.split()
                self.assertEqual(collections.Counter(found), dict.fromkeys(ATTACKERS, 1))

    def test_the_jail_bans_the_attackers_and_nobody_else(self):
        with self.daemon() as daemon:
            daemon.tolerate("code 501, ")
            folder, banned = settings(daemon), daemon.folder / "banned"
            (folder / "action.d/note.conf").write_text(
                f"[Definition]\nactionban = echo <ip> >>{banned}\nactionunban = true\n")
            (folder / "jail.d/local.conf").write_text(
                f"[basehttpd]\nenabled = true\nlogpath = {daemon.access_log}\naction = note\nbackend = polling\n")
            (folder / "fail2ban.local").write_text(
                f"[Definition]\nsocket = {folder}/socket\npidfile = {folder}/pid\ndbfile = None\n"
                f"logtarget = {folder}/log\n")
            for turn in range(4):
                visit_all(self, daemon, turn + 1)
            server = subprocess.Popen(["fail2ban-server", "-c", folder, "-f", "start"],
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            try:
                until(lambda: "Jail 'basehttpd' started" in self.log_of(folder), "the jail")
                visit_all(self, daemon, 5)
                until(lambda: banned.exists() and len(banned.read_text().split()) >= len(ATTACKERS), "the bans")
            finally:
                server.terminate()
                server.communicate(timeout=20)
            self.assertEqual(sorted(banned.read_text().split()), sorted(ATTACKERS))

    @staticmethod
    def log_of(folder):
        return (folder / "log").read_text() if (folder / "log").exists() else ""


if __name__ == "__main__":
    unittest.main(verbosity=2)
