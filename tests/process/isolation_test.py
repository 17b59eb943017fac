"""Who can write what of the memory that processes share: the mappings as the kernel shows them."""

import re
import unittest
from pathlib import Path

from clients import get
from harness import DaemonTest


def shared(pid):
    """The shared mappings of a process that have a name, as {name without its number: {permissions: which inodes}}."""
    found = {}
    for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
        mapping = re.match(r"[0-9a-f-]+ (\S+) \S+ \S+ (\d+) +/memfd:([a-z]+)", line)
        if mapping:
            found.setdefault(mapping[3], {}).setdefault(mapping[1], set()).add(mapping[2])
    return found


class Isolation(DaemonTest):
    def test_a_worker_writes_its_own_slot_and_ring_and_nothing_else(self):
        with self.daemon(workers=2) as daemon:
            workers = daemon.wait_for_workers(2)
            written = []
            for worker in workers:
                maps = shared(worker)
                self.assertEqual({name for name, rights in maps.items() if "rw-s" in rights}, {"worker", "journal"})
                self.assertEqual([len(maps[name]["rw-s"]) for name in ("worker", "journal")], [1, 1])
                self.assertNotIn("r--s", maps["journal"])
                written.append(maps["worker"]["rw-s"] | maps["journal"]["rw-s"])
            self.assertFalse(written[0] & written[1])

    def test_the_logger_writes_how_far_it_has_read(self):
        with self.daemon() as daemon:
            get(daemon.address, "/")
            written = {name for name, rights in shared(daemon.logger()).items() if "rw-s" in rights}
            self.assertEqual(written, {"read", "progress", "queue"})

    def test_no_descriptor_of_it_is_left(self):
        with self.daemon() as daemon:
            for pid in (daemon.pid, *daemon.wait_for_workers(2), daemon.logger()):
                names = [str(Path(link).readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()]
                self.assertFalse([name for name in names if name.startswith("/memfd:")])


if __name__ == "__main__":
    unittest.main()
