"""A real browser on the status page while load runs: it stays up to date by itself, reads on a phone and in the dark, and is
complete without scripts. Screenshots are kept in the build's folder, screenshots/, to be looked at."""

import os
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "process"))

from browser import Browser  # noqa: E402
from clients import Load, curl  # noqa: E402
from harness import DaemonTest, until  # noqa: E402

SCREENSHOTS = Path(os.environ.get("SCREENSHOTS", "screenshots"))
SITES = """sites:
  - {host: shop.test, root: root, routes: [{path: /broken/, handler: respond, status: 503}]}
  - root: root
    routes: [{path: /status, handler: status}]
"""
TILE = "return [...document.querySelectorAll('dl div')].find(t => t.firstChild.textContent === '%s').lastChild.textContent"
WIDER = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"


class StatusPage(DaemonTest):
    def test_the_page(self):
        with self.daemon(settings=SITES) as daemon, Browser() as browser, \
                Load(daemon.address, threads=2, keep_alive=True, headers={"Host": "shop.test"}) as load:
            curl(daemon.url("/broken/"), "-H", "Host: shop.test")
            daemon.reload()
            browser.open(daemon.url("/status"))
            first = self.number(browser, "Requests")
            load.wait(100)
            until(lambda: self.number(browser, "Requests") > first, "more requests on the page, by its script")
            until(lambda: self.number(browser, "Requests a second") > 0, "a rate")
            until(lambda: browser.run(TILE % "p99").endswith("s"), "a percentile")
            self.assertIn("shop.test", browser.run("return document.body.textContent"))
            self.assertIn("applied", browser.run("return document.body.textContent"))
            self.assertEqual(browser.messages(), [])
            browser.screenshot(SCREENSHOTS / "status.png")
            browser.become(1100, 900, "dark")
            browser.screenshot(SCREENSHOTS / "status-dark.png")
            browser.become(390, 844)
            self.assertLessEqual(browser.run(WIDER), 0)
            browser.screenshot(SCREENSHOTS / "status-phone.png")
            browser.allow_scripts(False)
            browser.open(daemon.url("/status"))
            self.assertGreater(self.number(browser, "Requests"), first)

    @staticmethod
    def number(browser, tile):
        return float(browser.run(TILE % tile).replace("\u202f", "").replace("\u00a0", "").replace(" ", ""))


if __name__ == "__main__":
    unittest.main()
