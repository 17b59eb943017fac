"""The table of tests/bench/run as an SVG file: a row for each workload, a bar for each server, readable in light and dark."""

from html import escape

from report import CLIENTS, FLOOR, OURS, conditions, names, rows_of, short

LABELS = 300  # widths and heights in pixels
COLUMN, ROW, HEAD, FOOT, MARGIN = 92, 26, 62, 40, 16
BAR = 5
FULL = 5.0  # a ratio from here on fills its column

STYLE = """\
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.small { font-size: 11px; fill: #59636e }
.title { font-size: 15px; font-weight: 600 }
.figure { text-anchor: end; font-variant-numeric: tabular-nums }
.least { font-weight: 700 }
.page { fill: #ffffff }
.line { stroke: #d1d9e0 }
.bar { fill: #b6bfc8 }
.ours { fill: #1a7f37 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .small { fill: #9198a1 }
  .page { fill: #0d1117 }
  .line { stroke: #3d444d }
  .bar { fill: #59636e }
  .ours { fill: #3fb950 }
}"""


def text(x, y, content, kind=""):
    return f'<text x="{x}" y="{y}" class="{kind}">{escape(str(content))}</text>'


def cell(x, y, ratio, kinds):
    """A figure that ends at the column's end, above a bar that begins where the column does."""
    width = min(ratio, FULL) / FULL * (COLUMN - 14)
    bar = "bar ours" if "ours" in kinds else "bar"
    return (text(x + COLUMN - 14, y + 15, short(ratio), "figure" + (" least" if "least" in kinds else ""))
            + f'<rect x="{x}" y="{y + 19}" width="{width:.1f}" height="{BAR}" rx="2" class="{bar}"/>')


def head(results, width):
    parts = [text(MARGIN, 24, "CPU time for each request, as multiples of what the kernel alone takes", "title"),
             text(MARGIN + LABELS - 14, HEAD - 8, "floor, µs", "small figure")]
    for index, name in enumerate(names(results)):
        parts.append(text(MARGIN + LABELS + (index + 1) * COLUMN - 14, HEAD - 8, name, "figure"))
    parts.append(f'<line x1="{MARGIN}" x2="{width - MARGIN}" y1="{HEAD}" y2="{HEAD}" class="line"/>')
    return parts


def row_parts(results, row, y):
    servers = row["servers"]
    least = min(figures["ratio"] for name, figures in servers.items() if name != FLOOR)
    parts = [text(MARGIN, y + 17, row["title"]),
             text(MARGIN + LABELS - 14, y + 17, short(servers[FLOOR]["cpu"]), "small figure")]
    for index, name in enumerate(names(results)):
        ratio = servers[name]["ratio"]
        kinds = ({"ours"} if name == OURS else set()) | ({"least"} if ratio == least else set())
        parts.append(cell(MARGIN + LABELS + index * COLUMN, y, ratio, kinds))
    return parts


def draw(results, client):
    rows = rows_of(results, client)
    width = 2 * MARGIN + LABELS + COLUMN * len(names(results))
    height = HEAD + ROW * len(rows) + FOOT
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">',
             f"<style>\n{STYLE}\n</style>", f"<title>{escape(conditions(results))}</title>",
             f'<rect width="{width}" height="{height}" class="page"/>', *head(results, width)]
    for index, row in enumerate(rows):
        parts += row_parts(results, row, HEAD + 3 + index * ROW)
    parts += [text(MARGIN, height - 14, f"Less is better. 64 connections, keep-alive, two workers, access log in a file; "
                   f"asked by {CLIENTS[client]}.", "small"), "</svg>"]
    return "\n".join(parts) + "\n"
