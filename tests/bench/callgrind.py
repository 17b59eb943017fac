"""Reads callgrind's files and says what each part of a program cost, code that was inlined included.

Every instruction belongs to the innermost source file of its inline stack that has a part; what belongs to none (libc, the
C++ library) is its callers' cost, in proportion to what they spent there.
"""

import collections
import functools
import subprocess


class Profile:
    """Instructions of one process: by address, and by call."""

    def __init__(self):
        self.own = collections.Counter()  # (function, address)
        self.calls = collections.Counter()  # (caller, address, callee), inclusive
        self.functions = set()

    @classmethod
    def read(cls, path):
        """Of a file that was written with --dump-instr=yes --dump-line=no and without compression."""
        profile = cls()
        owner = called = function = callee = ""
        in_call = False
        with open(path, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if line[:2] == "0x":
                    address, cost = line.split()
                    if in_call:
                        profile.calls[function, address, callee] += int(cost)
                        called, in_call = owner, False
                    else:
                        profile.own[function, address] += int(cost)
                    continue
                key, _, value = line.rstrip("\n").partition("=")
                if key == "ob":
                    owner = called = value
                elif key == "cob":
                    called = value
                elif key == "fn":
                    function = (owner, value)
                    profile.functions.add(value)
                elif key == "cfn":
                    callee = (called, value)
                elif key == "calls":
                    in_call = True
        return profile

    def less(self, earlier):
        """What this has more than one that did less of the same."""
        result = Profile()
        result.own, result.calls = self.own.copy(), self.calls.copy()
        result.own.subtract(earlier.own)
        result.calls.subtract(earlier.calls)
        return result

    def runs(self, function):
        return any(each.startswith(function) for each in self.functions)


class Attribution:
    """Shares out a profile; `part_of(path, function)` names the part of a source line, or None."""

    def __init__(self, profile, program, part_of):
        self._profile = profile
        self._program = str(program)
        addresses = {address for (function, address), cost in profile.own.items() if cost and function[0] == self._program}
        addresses |= {address for (caller, address, _), cost in profile.calls.items() if cost and caller[0] == self._program}
        self._parts = parts_of_addresses(program, sorted(addresses), part_of)
        self._callers = collections.defaultdict(list)
        for (caller, address, callee), cost in profile.calls.items():
            if cost > 0 and caller != callee:
                self._callers[callee].append((caller, address, cost))
        self._shares = {}

    def costs(self):
        """Instructions by part."""
        result = collections.Counter()
        for (function, address), cost in self._profile.own.items():
            part = self._part(function, address)
            for name, share in ({part: 1} if part else self._shares_of(function)).items():
                result[name] += cost * share
        return result

    def _part(self, function, address):
        return self._parts.get(address) if function[0] == self._program else None

    def _shares_of(self, function):
        """Of what a function without a part costs: the fraction of each part that calls it."""
        if function not in self._shares:
            self._shares[function] = {}  # for those that call each other in a circle
            found = collections.Counter()
            for caller, address, cost in self._callers[function]:
                part = self._part(caller, address)
                for name, share in ({part: 1} if part else self._shares_of(caller)).items():
                    found[name] += cost * share
            whole = sum(found.values())
            self._shares[function] = {name: cost / whole for name, cost in found.items()} if whole else {"other": 1}
        return self._shares[function]


def parts_of_addresses(program, addresses, part_of):
    """Asks addr2line(1) for the inline stack of each address."""
    text = subprocess.run(["addr2line", "-aifC", "-e", program], input="\n".join(addresses), capture_output=True, text=True,
                          check=True).stdout
    remembered = functools.lru_cache(maxsize=None)(part_of)
    parts, address, function = {}, None, None
    for line in text.splitlines():
        if line.startswith("0x"):
            address, function = f"0x{int(line, 16):x}", None
        elif function is None:
            function = line
        else:
            if parts.get(address) is None:
                parts[address] = remembered(line.partition(":")[0], function)
            function = None
    return parts
