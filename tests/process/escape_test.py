"""Symbolic links that are flipped between inside and outside of the root while they are requested, those of precompressed
siblings among them; and a folder that is moved, so that the link in it leads out."""

import os
import unittest

from clients import Load
from harness import DaemonTest

FLIPS = 5_000


class Escape(DaemonTest):
    def race(self, settings):
        with self.daemon(settings=settings) as daemon:
            outside = daemon.folder / "outside"
            outside.mkdir()
            (outside / "file").write_text("from outside")
            daemon.write("inside/file", "from inside")
            # A link to a file and a link to a folder, each replaced by renaming another one over it.
            links = [("link", "inside/file", "../outside/file"), ("folder", "inside", "../outside"),
                     ("page.txt.br", "inside/file", "../outside/file"), ("page.txt.gz", "inside/file", "../outside/file")]
            daemon.write("page.txt", "from inside")
            targets = {"/link": None, "/folder/file": None, "/page.txt": {"Accept-Encoding": "br, gzip;q=0.5"},
                       "/page.txt?gz": {"Accept-Encoding": "gzip"}, "/deep/folder/up": None, "/folder2/up": None}
            # Two levels up from deep/folder is the root, and from folder2 it is what the root stands in.
            (daemon.folder / "inside").mkdir()
            (daemon.folder / "inside/file").write_text("from outside")
            (daemon.root / "deep/folder").mkdir(parents=True)
            (daemon.root / "deep/folder/up").symlink_to("../../inside/file")
            for name, inside, _ in links:
                (daemon.root / name).symlink_to(inside)
            loads = [Load(daemon.address, threads=1, target=target, keep_alive=True, headers=headers)
                     for target, headers in targets.items()]
            for load in loads:
                load.__enter__()
            for i in range(FLIPS):
                for name, inside, out in links:
                    os.symlink(inside if i % 2 else out, daemon.root / "new")
                    os.rename(daemon.root / "new", daemon.root / name)
                os.rename(*[daemon.root / name for name in ("deep/folder", "folder2")][::1 if i % 2 == 0 else -1])
            for load in loads:
                load.__exit__()
            seen = {answer for load in loads for answer in load.answers}
            counts = {status: sum(a[0] == status for l in loads for a in l.answers) for status in (200, 403, 503)}
            print(f"{settings!r}: {FLIPS} flips, answers {counts}", flush=True)
            self.assertEqual([f for load in loads for f in load.failures], [])
            daemon.tolerate("code 503, ")
            self.assertEqual({body for status, body in seen if status == 200}, {b"from inside"})
            self.assertFalse(any(b"from outside" in body for _, body in seen))
            self.assertLessEqual({status for status, _ in seen}, {200, 403, 404, 503})

    def test_with_the_cache(self):
        self.race("file_cache: {valid: 5ms}")

    def test_looking_each_time(self):
        self.race("file_cache: {valid: 0}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
