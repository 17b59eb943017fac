#!/usr/bin/env python3
"""Checks which headers are installed: those that libbasehttp(3) names, and what they include. Nothing less, or users'
programs do not compile; nothing more, or they come to lean on the library's inside."""

import re
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
LISTS = (TOP / "lib/installed_headers.cmake").read_text(encoding="utf-8")

def listed(name):
    """The headers of one of the two lists."""
    return set(re.findall(r"basehttp/\S+\.h", re.search(rf"set\({name}\n(.*?)\n\)", LISTS, re.S).group(1)))

def reached(headers):
    """`headers` and all of the library's that they include."""
    found, waiting = set(), list(headers)
    while waiting:
        header = waiting.pop()
        if header not in found:
            found.add(header)
            waiting += re.findall(r'^#include "(basehttp/[^"]+)"', (TOP / "lib" / header).read_text(encoding="utf-8"), re.M)
    return found

class PublicHeaders(unittest.TestCase):
    def test_the_manual_names_the_interface(self):
        page = (TOP / "packaging/man/libbasehttp.3").read_text(encoding="utf-8")
        room, named = "", set()
        for kind, name in re.findall(r"^(\.It Pa|\.Pa) (\S+)$", page, re.M):
            if kind == ".It Pa":
                room = name
            elif name.endswith(".h") and "/" not in name:
                named.add(f"basehttp/{room}{name}")
        self.assertEqual(named ^ listed("basehttp_interface"), set())

    def test_what_is_installed_is_what_is_reached(self):
        interface = listed("basehttp_interface")
        self.assertEqual(reached(interface) ^ (interface | listed("basehttp_included")), set(),
                         "to be listed in lib/installed_headers.cmake, or no longer")

if __name__ == "__main__":
    unittest.main()
