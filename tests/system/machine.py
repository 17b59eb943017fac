"""A Debian 12 with systemd as its first process, in a container without a network but its own loopback."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time

BOOT_LIMIT = 60


class Failed(Exception):
    """A command in the machine that did not do what it should."""


def wait_until(condition, limit=10.0, what="it"):
    """Asks again and again until `condition` is true; its value."""
    end = time.monotonic() + limit
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Failed(f"{what} did not come true within {limit} s")
        time.sleep(0.02)


def _process_name(pid):
    """What the kernel calls a process; empty when it has left."""
    try:
        return pathlib.Path(f"/proc/{pid}/comm").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


class Machine:
    """Boots a throw-away copy of `system`: what it writes goes to a layer above."""

    def __init__(self, system):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="basehttpd-machine-", dir=pathlib.Path(system).parent))
        self.root = self.folder / "root"
        self.log = open(self.folder / "console", "w+b")
        self.nspawn = None
        self._lay_over(system)
        self._boot()

    def _lay_over(self, system):
        for name in ("root", "upper", "work"):
            (self.folder / name).mkdir()
        layers = f"lowerdir={system},upperdir={self.folder}/upper,workdir={self.folder}/work"
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o", layers, str(self.root)], check=True)

    def _boot(self):
        command = ["systemd-nspawn", "--quiet", "-D", str(self.root), "--boot", "--register=no", "--keep-unit",
                   "--private-network", "--console=pipe", "--machine=basehttpd-test"]
        self.nspawn = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
                                       start_new_session=True)
        try:
            self.leader = wait_until(self._find_leader, BOOT_LIMIT, "the container's start")
            wait_until(self._is_up, BOOT_LIMIT, "the container's boot")
        except Failed as failure:
            console = self.console()
            self.close()
            raise Failed(f"the container did not boot: {failure}\n{console}") from None

    def _find_leader(self):
        if self.nspawn.poll() is not None:
            raise Failed(f"systemd-nspawn has ended with {self.nspawn.returncode}")
        children = pathlib.Path(f"/proc/{self.nspawn.pid}/task/{self.nspawn.pid}/children").read_text().split()
        # Before its last child, the one that becomes systemd, it has others for a moment.
        return next((int(child) for child in children if _process_name(child) == "systemd"), None)

    def _is_up(self):
        state = self.run("systemctl", "is-system-running", check=False).stdout.strip()
        return state in ("running", "degraded")

    def console(self):
        self.log.flush()
        return (self.folder / "console").read_text(errors="replace")

    def run(self, *command, check=True, limit=60):
        """Runs a command inside; its exit code and output."""
        done = subprocess.run(["nsenter", "-t", str(self.leader), "-a", "-r", "-w", "env", "-i",
                               "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "SYSTEMD_PAGER=",
                               "DEBIAN_FRONTEND=noninteractive", *command],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=limit, check=False)
        if check and done.returncode != 0:
            raise Failed(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def path(self, name):
        """A file of the machine as this side sees it."""
        return pathlib.Path(f"/proc/{self.leader}/root") / str(name).lstrip("/")

    def write(self, name, text):
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        self.path(name).write_text(text)

    def put(self, file, name):
        shutil.copy(file, self.path(name))

    def show(self, unit, prop):
        return self.run("systemctl", "show", "--value", "-p", prop, unit).stdout.strip()

    def journal(self, unit):
        return self.run("journalctl", "--no-pager", "-o", "cat", "-u", unit).stdout

    def main_pid(self, unit="basehttpd.service"):
        return int(self.show(unit, "MainPID"))

    def close(self):
        if self.nspawn is not None:
            self.nspawn.terminate()
            try:
                self.nspawn.wait(20)
            except subprocess.TimeoutExpired:
                self.nspawn.kill()
                self.nspawn.wait()
        self.log.close()
        subprocess.run(["umount", str(self.root)], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


def network_of(machine):
    """Opens the machine's network, for clients outside to enter."""
    return os.open(f"/proc/{machine.leader}/ns/net", os.O_RDONLY | os.O_CLOEXEC)
