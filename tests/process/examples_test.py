"""Every example of the README and of the manual pages: configurations are read by the daemon, commands run, C++ is that of
a program in tests/embed."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "packaging/man").glob("*.[1-9]"))
PROGRAMS = [path.read_text() for path in (ROOT / "tests/embed").glob("*.cc")]

SOME_SITE = "sites: [{root: /srv/www}]\n"  # for examples that are a part of a configuration


def unescaped(text):
    """Text of mdoc as the reader sees it."""
    for written, shown in [(r"\&", ""), (r"\(dq", '"'), (r"\(aq", "'"), (r"\ ", " "), (r"\-", "-"), (r"\e", "\\")]:
        text = text.replace(written, shown)
    return text


def examples_in(page):
    """(line, text) of each block and each displayed line of a manual page; displayed lines that follow each other are one."""
    block, start, begun = None, 0, 0
    for number, line in enumerate([*page.read_text().splitlines(), ""], 1):
        if begun:
            if line == ".Ed":
                yield begun, block
                block, begun = None, 0
            else:
                block += unescaped(line) + "\n"
        elif line.startswith(".Dl "):
            start = start or number
            block = (block or "") + unescaped(line[4:]) + "\n"
        else:
            if block:
                yield start, block
            block, start = None, 0
            if line.startswith(".Bd -literal"):
                block, begun = "", number


def blocks_in(markdown):
    """(line, language, text) of each fenced block."""
    text = markdown.read_text()
    for block in re.finditer(r"^```(\S*)\n(.*?)^```", text, re.M | re.S):
        yield text[:block.start()].count("\n") + 1, block[1], block[2]


def known_keys():
    listed = subprocess.run([os.environ["BASEHTTPD"], "explain"], capture_output=True, text=True, timeout=20, check=True).stdout
    return {key.partition(".")[0] for key in re.findall(r"^(\S+):", listed, re.M)}


def is_configuration(text, keys):
    """Whether it is YAML with keys that the daemon has; one that has some and others is meant to be."""
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError:
        return text.partition(":")[0] in keys
    return isinstance(value, dict) and any(str(key) in keys or str(key).startswith("x-") for key in value)


def squeezed(text):
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


class Examples(unittest.TestCase):
    def all(self):
        """(place, kind, text) of every example; the kind is what a fence says, else what the text looks like."""
        keys = known_keys()
        for page in PAGES:
            for line, text in examples_in(page):
                kind = "yaml" if is_configuration(text, keys) else "cpp" if page.suffix == ".3" else "text"
                yield f"{page.name}:{line}", kind, text
        for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md"):
            for line, language, text in blocks_in(ROOT / name):
                yield f"{name}:{line}", language, text

    def test_configurations(self):
        count = 0
        for place, kind, text in self.all():
            if kind != "yaml":
                continue
            count += 1
            with self.subTest(place), tempfile.TemporaryDirectory() as folder:
                file = pathlib.Path(folder, "basehttpd.yaml")
                file.write_text(text if "sites" in yaml.safe_load(text) else text + SOME_SITE)
                pathlib.Path(folder, "conf.d").mkdir()
                done = subprocess.run([os.environ["BASEHTTPD"], "config", "-c", str(file)], capture_output=True, text=True,
                                      timeout=20, check=False)
                self.assertEqual((done.returncode, done.stderr), (0, ""), text)
        self.assertGreater(count, 50)


if __name__ == "__main__":
    unittest.main()
