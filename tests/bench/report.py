"""Results of tests/bench/run as Markdown, and their place in the README."""

import re
import statistics

from rounds import FLOOR

OURS = "basehttpd"
BEGIN, END = "<!-- tests/bench/run writes from here -->", "<!-- to here -->"
CLIENTS = {"load": "tests/bench/load", "wrk": "wrk"}


def names(results):
    """The servers' names in the table's order: ours is the last."""
    servers = results["rows"][0]["servers"]
    return [name for name in servers if name not in (FLOOR, OURS)] + [OURS]


def best_peer(row):
    """The name of the other server that takes least."""
    return min((name for name in row["servers"] if name not in (FLOOR, OURS)),
               key=lambda name: row["servers"][name]["ratio"], default=None)


def short(value):
    """Three digits that count."""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(head, rows):
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def cpu_table(results, client):
    """CPU time: the floor in microseconds, the servers as multiples of it, ours beside the best of the others."""
    lines = []
    for row in rows_of(results, client):
        servers, best = row["servers"], best_peer(row)
        line = [row["title"], short(servers[FLOOR]["cpu"])]
        line += [bold(short(servers[name]["ratio"]), servers, name) for name in names(results)]
        line.append(f"{servers[OURS]['ratio'] / servers[best]['ratio']:.2f} ({best})" if best else "")
        lines.append(line)
    return table(["workload", "floor, µs", *names(results), "basehttpd / best peer"], lines)


def bold(text, servers, name):
    least = min(figures["ratio"] for each, figures in servers.items() if each != FLOOR)
    return f"**{text}**" if servers[name]["ratio"] == least else text


def latency_table(results, client):
    """Milliseconds: half of the answers, 99 of 100 and all came within these."""
    lines = []
    for row in rows_of(results, client):
        line = [row["title"]]
        for name in names(results):
            figures = row["servers"][name]
            line.append(" / ".join(short(figures[each]) for each in ("p50", "p99", "max") if each in figures))
        lines.append(line)
    return table(["latency, ms: p50 / p99 / max", *names(results)], lines)


def idle_table(results):
    lines = [[title, *(format_.format(results[part][name][key] if key else results[part][name]) for name in names(results))]
             for title, part, key, format_ in (
                 (f"memory with {results['settings']['idle']} idle connections, MiB (PSS)", "memory", "pss", "{:.1f}"),
                 ("of it own for each connection, bytes", "memory", "each", "{:.0f}"),
                 ("start to the first answer, ms", "start", None, "{:.0f}")) if part in results]
    return table(["", *names(results)], lines) if lines else ""


def rows_of(results, client):
    return [row for row in results["rows"] if row["client"] == client]


def unanswered(results):
    """What servers did not answer: our client waits for each answer, so it is they who left."""
    found = []
    for row in rows_of(results, "load"):
        for name, figures in row["servers"].items():
            if count := sum(each["unanswered"] for each in figures["rounds"]):
                found.append(f"{name} closed connections with {count} requests unanswered ({row['title']})")
    return "; ".join(found) + ".\n" if found else ""


def noise(results):
    spreads = [figures["spread"] for row in results["rows"] for figures in row["servers"].values()]
    return f"Between the rounds of one cell: {statistics.median(spreads):.0%} (median), at most {max(spreads):.0%}."


def conditions(results):
    settings, machine = results["settings"], results["machine"]
    where = f"server and client pinned to CPU {settings['cpu']}" if settings["cpu"] is not None else "nothing pinned"
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    return (f"{machine['date']}, {machine['model']}, Linux {machine['kernel']}, {where}; {settings['rounds']} rounds of "
            f"{settings['seconds']:g} s; load average {machine['load'][0]:.1f} before, {machine['load'][1]:.1f} after. {versions}.")


def markdown(results):
    parts = [conditions(results) + "\n"]
    for client, title in CLIENTS.items():
        if rows_of(results, client):
            parts.append(f"CPU time for each request, as multiples of the floor program's; asked by {title}:\n")
            parts.append(cpu_table(results, client))
            parts.append(latency_table(results, client))
    parts.append(idle_table(results))
    parts.append(unanswered(results))
    parts.append(noise(results) + "\n" + results["logs"] + "\n")
    return "\n".join(part for part in parts if part)


def readme_section(results, picture):
    return "\n".join((
        f"![CPU time for each request beside other servers, as multiples of the floor program's]({picture})\n",
        "<details><summary>The figures</summary>\n", cpu_table(results, "load"), idle_table(results),
        conditions(results) + "\n", "</details>"))


def write_readme(readme, results, picture):
    """Replaces what is between the two markers."""
    text = readme.read_text(encoding="utf-8")
    section = f"{BEGIN}\n\n{readme_section(results, picture)}\n\n{END}"
    replaced, count = re.subn(rf"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: section, text, flags=re.DOTALL)
    if count != 1:
        raise SystemExit(f"{readme} does not have the two markers once")
    readme.write_text(replaced, encoding="utf-8")
