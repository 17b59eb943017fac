#!/usr/bin/env python3
"""Checks that each test that lib/basehttp/SEED.md names exists: FOLDER/FILE:NAME, a row or a case of its file."""

import glob
import os
import re
import unittest

TESTS = os.path.dirname(os.path.abspath(__file__))
PAGE = os.path.join(TESTS, "../lib/basehttp/SEED.md")


def exists(folder, file, name):
    for path in glob.glob(os.path.join(TESTS, folder, file + "_test.*")):
        with open(path, encoding="utf-8") as opened:
            text = opened.read()
        if f'"{name}"' in text or f"({name})" in text or f"def {name}(" in text:
            return True
    return False


class SeedPage(unittest.TestCase):
    def test_named_tests_exist(self):
        with open(PAGE, encoding="utf-8") as page:
            named = re.findall(r"`(unit|wire|process)/(\w+):([^`]+)`", page.read())
        self.assertGreater(len(named), 100)
        self.assertEqual([":".join(each) for each in named if not exists(*each)], [])


if __name__ == "__main__":
    unittest.main()
