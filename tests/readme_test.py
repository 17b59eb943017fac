"""The README's example in C++ is the file that the README names."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent
readme = (ROOT / "README.md").read_text(encoding="utf-8")
[example] = re.findall(r"^```cpp\n(.*?)^```", readme, re.M | re.S)
[name] = re.findall(r"The example is \[(.*?)\]", readme)
assert example == (ROOT / name).read_text(encoding="utf-8"), f"README.md shows another program than {name}"
