"""The README's example in C++ is the file that the README names, and its table of programs is what tests/embed builds."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent
readme = (ROOT / "README.md").read_text(encoding="utf-8")
[example] = re.findall(r"^```cpp\n(.*?)^```", readme, re.M | re.S)
[name] = re.findall(r"The example is \[(.*?)\]", readme)
assert example == (ROOT / name).read_text(encoding="utf-8"), f"README.md shows another program than {name}"

programs = re.findall(r"^\| \[(\w+)\]\(tests/embed/\1\.cc\)", readme, re.M)
[most] = map(int, re.findall(r"Each of these programs has at most (\d+) lines", readme))
built = (ROOT / "tests/embed/CMakeLists.txt").read_text(encoding="utf-8")
[names] = re.findall(r"foreach\(name IN ITEMS (.*?)\)", built, re.S)
assert sorted(programs) == sorted(names.split()), set(programs) ^ set(names.split())
for program in programs:
    lines = (ROOT / f"tests/embed/{program}.cc").read_text(encoding="utf-8").count("\n")
    assert lines <= most, f"{program}.cc has {lines} lines"
