"""The shipped completions, in bash, zsh and fish: each offers what the programs' own --help lists, and nothing else."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from clients import BASEHTTPCTL
from harness import BASEHTTPD

SHIPPED = Path(__file__).resolve().parents[2] / "packaging/completions"
PROGRAMS = {"basehttpd": BASEHTTPD, "basehttpctl": BASEHTTPCTL}

BASH = """
source FOLDER/basehttpd.bash
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
compopt() { :; }
_basehttpd "$1" "${COMP_WORDS[-1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""
# What zsh itself defines while it completes.
ZSH = """
_files() { print -l -- *(N) }
_describe() { local each; for each in "${(@P)3}"; do [[ $each == "$PREFIX"* ]] && print -r -- "${each%%:*}"; done; true }
words=("$@") CURRENT=$# PREFIX=${@[-1]} service=$1
complete_it() { source FOLDER/basehttpd.zsh }
complete_it
"""
FISH = "source FOLDER/PROGRAM.fish; complete -C (string join ' ' -- $argv)"


def help_of(*command):
    done = subprocess.run([PROGRAMS[command[0]], *command[1:], "--help"], capture_output=True, text=True, check=True)
    return done.stdout


def commands_of(text):
    """Those that a help lists, read in another way than the completions do."""
    _, _, rest = text.partition("\nSubcommands:\n")
    return re.findall(r"^  (\S+) ", rest.partition("\n\n")[0], re.M)


def options_of(text):
    names = re.findall(r"^  (-\S+)", text, re.M)
    return {name for group in names for name in group.split(",")}


def all_commands(*command):
    """The program, its commands, and theirs."""
    yield command
    for name in commands_of(help_of(*command)):
        yield from all_commands(*command, name)


class Completions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="basehttpd-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        for name, program in PROGRAMS.items():
            (cls.folder / name).symlink_to(program)
        for file in SHIPPED.iterdir():
            text = file.read_text().replace("/usr/share/basehttpd/complete", str(cls.folder / "complete"))
            (cls.folder / file.name).write_text(text)
        (cls.folder / "complete").chmod(0o755)
        shutil.copy(cls.folder / "basehttpd.fish", cls.folder / "basehttpctl.fish")
        for name in ("site", ".home"):
            (cls.folder / name).mkdir()
        cls.environment = {**os.environ, "PATH": f"{cls.folder}:{os.environ['PATH']}", "HOME": str(cls.folder / ".home")}

    def offered(self, shell, *words):
        script = {"bash": BASH, "zsh": ZSH, "fish": FISH}[shell].replace("FOLDER", str(self.folder))
        script = script.replace("PROGRAM", words[0])
        command = {"bash": ["bash", "--norc", "-c", script, "bash"], "zsh": ["zsh", "-f", "-c", script, "zsh"],
                   "fish": ["fish", "--no-config", "-c", script, "--"]}[shell]
        done = subprocess.run([*command, *words], cwd=self.folder, env=self.environment, capture_output=True, text=True,
                              timeout=20, check=True)
        self.assertEqual(done.stderr, "")
        return {line.split("\t")[0] for line in done.stdout.splitlines() if line}

    def check(self, *words, expected):
        for shell in ("bash", "zsh", "fish"):
            with self.subTest(shell=shell, words=words):
                self.assertEqual(self.offered(shell, *words), expected)

    def test_every_option_and_command(self):
        paths = [path for program in PROGRAMS for path in all_commands(program)]
        self.assertIn(("basehttpctl", "logs", "summary"), paths)
        for path in paths:
            self.assertTrue({"-h", "--help"} <= options_of(help_of(*path)))
            offered = self.offered("bash", *path, "-")
            self.assertEqual(offered, options_of(help_of(*path)), path)

    def test_commands(self):
        self.check("basehttpd", "", expected={"check", "config", "explain", "serve"})
        self.check("basehttpctl", "-s", "any", "re", expected={"reload", "reopen"})
        self.check("basehttpctl", "logs", "summary", "--cli", expected={"--client"})

    def test_values(self):
        self.check("basehttpd", "explain", "limits.h", expected={"limits.header_bytes", "limits.header_fields",
                                                                 "limits.header_timeout"})
        self.check("basehttpctl", "logs", "--color", "a", expected={"auto", "always"})
        self.check("basehttpctl", "logs", "--status", "4", expected=set())

    def test_files(self):
        self.assertEqual(self.offered("bash", "basehttpd", "-c", "basehttpd.b"), {"basehttpd.bash"})
        self.assertEqual(self.offered("fish", "basehttpd", "-c", "basehttpd.b"), {"basehttpd.bash"})
        self.assertIn("basehttpd.bash", self.offered("zsh", "basehttpd", "-c", ""))
        self.assertEqual(self.offered("bash", "basehttpd", "serve", "s"), {"site"})
        self.assertEqual(self.offered("fish", "basehttpd", "serve", "s"), {"site/"})
        self.assertEqual(self.offered("bash", "basehttpd", "--config", "=", "basehttpd.b"), {"basehttpd.bash"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
