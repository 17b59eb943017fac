"""lib/check-co-await: which forms it warns of, and that nothing here has one of them.

Each was run under g++ 12.2 with the address sanitizer: those that are marked fail there, the others do not.
"""

import importlib.machinery
import importlib.util
import pathlib
import sys
import unittest

sys.dont_write_bytecode = True

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCRIPT = str(ROOT / "lib/check-co-await")
LOADER = importlib.machinery.SourceFileLoader("check_co_await", SCRIPT)
SPEC = importlib.util.spec_from_loader("check_co_await", LOADER)
CHECK = importlib.util.module_from_spec(SPEC)
LOADER.exec_module(CHECK)

UNSAFE = (
    "if (!co_await write(x)) co_return;",
    "if (a) { if (co_await yes()) { b(); } }",
    "else if (co_await yes()) b();",
    "while (co_await yes()) { b(); }",
    "do { b(); } while (!co_await yes());",
    "for (; !co_await yes();) b();",
    "for (char c : *co_await read(5)) b(c);",
    "switch (co_await yes()) { default: break; }",
    "const std::string s = b ? co_await str() : std::string();",
    'co_await write(b ? name : "none");',
    "S s{name, co_await yes()};",
    "S s = {co_await str(), true};",
    "auto s = S{co_await str(), true};",
    "co_return S{co_await str()};",
    "auto s = co_await save({name, true});",
    "auto s = co_await save(S{name, true});",
    "auto f = [x = co_await str()] { return x; };",
)

SAFE = (
    "const auto sent = co_await write(x); if (!sent) co_return;",
    "co_await write(x);",
    "if (const auto r = co_await yes()) b();",
    "if (const auto r = co_await yes(); r) b();",
    "for (int i = 0; i < 3; ++i) { co_await write(x); }",
    "for (const auto& x : all) co_await write(x);",
    "if (a) { co_await write(x); }",
    "if (a) co_await write(x);",
    "Task<> do_GET() { co_await write(x); }",
    "Task<> do_GET() override { co_await write(x); }",
    "auto f = [](int x) -> Task<> { co_await write(x); };",
    'co_await write(good ? "yes" : "no");',
    "co_await write({piece.data(), *got});",
    "co_await send({}, more);",
    "std::string s; s += co_await str();",
    "const bool b = a && co_await yes();",
    "// if (co_await yes())",
    'say("if (co_await yes())");',
)


class CheckCoAwait(unittest.TestCase):
    def test_what_is_miscompiled(self):
        for code in UNSAFE:
            self.assertEqual([line for line, _ in CHECK.findings("\n" + code)], [2], code)

    def test_what_is_safe(self):
        for code in SAFE:
            self.assertEqual(CHECK.findings(code), [], code)

    def test_a_statement_over_several_lines(self):
        self.assertEqual([line for line, _ in CHECK.findings("if (a &&\n    co_await yes()) b();")], [2])

    def test_nothing_here_is(self):
        for folder in ("lib", "daemon", "tests"):
            for file in (ROOT / folder).rglob("*.[ch]*"):
                if file.suffix in (".h", ".cc"):
                    self.assertEqual(CHECK.findings(file.read_text(encoding="utf-8")), [], file)


if __name__ == "__main__":
    unittest.main()
