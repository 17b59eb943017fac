"""A real browser: the listing is opened, sorted, entered, and a file downloaded. Screenshots are kept in the build's
folder, screenshots/, to be looked at."""

import os
import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "process"))

from browser import Browser  # noqa: E402
from harness import DaemonTest, until  # noqa: E402

SCREENSHOTS = Path(os.environ.get("SCREENSHOTS", "screenshots"))
ROWS = "return [...document.querySelectorAll('tbody:last-of-type td:first-child')].map(cell => cell.textContent)"


class Listing(DaemonTest):
    def fill(self, daemon):
        os.remove(daemon.root / "index.html")
        for i, (name, size) in enumerate([
            ("report.pdf", 2_400_000), ("photo of the harbour.jpg", 812_345), ("notes.txt", 1_200), ("empty", 0),
            ("<img src=x onerror=alert(1)>", 77), ("javascript:alert(1)", 78), ("archive.tar.zst", 734_003_200),
        ]):
            path = daemon.write(name)
            os.truncate(path, size)
            os.utime(path, (1_600_000_000 + 86_400 * 37 * i,) * 2)
        daemon.write("music & more/track.bin", b"sound" * 1000)
        for name in ("pictures", "music & more"):
            (daemon.root / name).mkdir(exist_ok=True)
            os.utime(daemon.root / name, (1_650_000_000,) * 2)

    def test_open_sort_enter_download(self):
        with self.daemon(site="listing: true") as daemon, Browser() as browser:
            self.fill(daemon)
            browser.open(daemon.url("/"))
            names = browser.run(ROWS)
            self.assertEqual(names[:2], ["music & more/", "pictures/"])
            self.assertEqual(names[2:], sorted(names[2:]))
            requests = len(daemon.wait_for_access(1))
            browser.click("thead th:nth-child(2) a")
            self.assertEqual(browser.run(ROWS)[2], "archive.tar.zst")
            browser.click("thead th:nth-child(2) a")
            self.assertEqual(browser.run(ROWS)[2], "empty")
            self.assertIn("?sort=size&order=asc", browser.url())
            browser.click("thead th:nth-child(3) a")
            self.assertEqual(browser.run(ROWS)[2], "archive.tar.zst")
            self.assertEqual(browser.run("return document.querySelector('[aria-sort]').textContent"), "Modified (UTC)")
            by_script = browser.run(ROWS)
            # Sorting took no request; the server sorts in the same way.
            pages = [line for line in daemon.access_lines()[requests:] if "favicon" not in line]
            self.assertEqual(pages, [])
            browser.open(browser.url())
            self.assertEqual(browser.run(ROWS), by_script)
            browser.click("tbody:last-of-type tr:first-child a")
            self.assertEqual(browser.run(ROWS), ["track.bin"])
            browser.click("tbody:last-of-type a")
            saved = Path(browser.downloads) / "track.bin"
            until(lambda: saved.exists() and saved.stat().st_size == 5000, "the download")
            self.assertEqual(saved.read_bytes(), b"sound" * 1000)
            browser.click("h1 a")
            self.assertEqual(browser.url(), daemon.url("/"))
            blocked = [m["message"] for m in browser.messages() if "favicon" not in m["message"]]
            self.assertEqual(blocked, [])

    def test_a_hostile_name_runs_nothing(self):
        with self.daemon(site="listing: true") as daemon, Browser() as browser:
            self.fill(daemon)
            browser.open(daemon.url("/"))
            self.assertEqual(browser.run("return document.images.length"), 0)
            links = browser.run("return [...document.querySelectorAll('tbody a')].map(link => link.protocol)")
            self.assertEqual(set(links), {"http:"})

    def test_the_filter(self):
        with self.daemon(site="listing: true") as daemon, Browser() as browser:
            self.fill(daemon)
            browser.open(daemon.url("/"))
            browser.type("input", "PIC")
            shown = "return [...document.querySelectorAll('tbody tr:not([hidden]) a')].map(link => link.textContent)"
            self.assertEqual(browser.run(shown), ["pictures/"])

    def test_without_scripts_a_click_asks_the_server(self):
        with self.daemon(site="listing: true") as daemon, Browser() as browser:
            self.fill(daemon)
            browser.allow_scripts(False)
            browser.open(daemon.url("/"))
            browser.click("thead th:nth-child(2) a")
            until(lambda: browser.url() == daemon.url("/?sort=size&order=desc"), "the sorted page")
            self.assertIn("GET /?sort=size&order=desc HTTP/1.1", daemon.wait_for_access(2)[-1])
            self.assertEqual(browser.run("return document.querySelectorAll('input').length"), 0)

    def test_on_every_screen(self):
        with self.daemon(site="listing: true") as daemon, Browser() as browser:
            self.fill(daemon)
            daemon.write("music & more/a/deep folder/with-a-name-that-is-so-long-that-it-does-not-fit-anywhere/x")
            pages = {
                "listing": "/", "deeper": "/music%20&%20more/a/deep%20folder/", "error": "/none",
                "deepest": "/music%20&%20more/a/deep%20folder/with-a-name-that-is-so-long-that-it-does-not-fit-anywhere/",
            }
            for screen, size in {"desk": (1440, 900), "tablet": (820, 1180), "phone": (390, 844), "small": (320, 568)}.items():
                for scheme in ("light", "dark"):
                    browser.become(*size, scheme)
                    for name, target in pages.items():
                        with self.subTest(page=name, screen=screen, scheme=scheme):
                            browser.open(daemon.url(target))
                            browser.screenshot(SCREENSHOTS / f"{name}-{screen}-{scheme}.png")
                            # Nothing is wider than the screen, and the scheme is obeyed.
                            self.assertLessEqual(browser.run("return document.documentElement.scrollWidth"), size[0])
                            colour = browser.run("return getComputedStyle(document.body).backgroundColor")
                            light = sum(int(part) for part in re.findall(r"\d+", colour)[:3]) > 384
                            self.assertEqual(light, scheme == "light", colour)
            browser.open(daemon.url("/none"))
            self.assertIn("Error code: 404", browser.run("return document.body.textContent"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
