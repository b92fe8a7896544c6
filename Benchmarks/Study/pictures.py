"""The picture of the leaderboards: a dot and an interval for each model of each table. The same figures give the same bytes."""

ROW, LEFT, WIDTH, RIGHT = 18, 110, 420, 110
STYLE = """<style>
text{font:12px system-ui,sans-serif;fill:#1f2430}.t{font-weight:600}.m{fill:#5b6270}
.g{stroke:#d8dbe2}.i{stroke:#3b54d1;stroke-width:2}.d{fill:#3b54d1}.b{fill:#b3261e}.bi{stroke:#b3261e;stroke-width:2}
@media (prefers-color-scheme:dark){text{fill:#e7e9ee}.m{fill:#a5acba}.g{stroke:#3a3f4c}.i{stroke:#9db0ff}.d{fill:#9db0ff}
.b{fill:#ff8a80}.bi{stroke:#ff8a80}}
</style>"""


def leaderboards(tables):
    """tables: for each the name and, best first, (model, mean, half width)."""
    height = sum(ROW * (len(rows) + 3) for _, rows in tables)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + RIGHT} {height}" role="img" '
             'aria-label="R² of each model on each table, with 95 % intervals">', STYLE]
    top = 0
    for name, rows in tables:
        parts += table(name, rows, top)
        top += ROW * (len(rows) + 3)
    return "\n".join(parts + ["</svg>", ""])


def table(name, rows, top):
    low = min(mean - half for _, mean, half in rows)
    high = max(mean + half for _, mean, half in rows)

    def place(value):
        return LEFT + WIDTH * (value - low) / (high - low)

    parts = [f'<text class="t" x="0" y="{top + 14}">{name}</text>']
    bottom = top + ROW * (len(rows) + 1) + 4
    for tick in ticks(low, high):
        x = f"{place(tick):.1f}"
        parts.append(f'<line class="g" x1="{x}" x2="{x}" y1="{top + ROW}" y2="{bottom}"/>'
                     f'<text class="m" x="{x}" y="{bottom + 13}" text-anchor="middle">{tick:.2f}</text>')
    for index, (model, mean, half) in enumerate(rows):
        y, best = top + ROW * (index + 1) + 10, "b" if index == 0 else ""
        parts.append(
            f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{model}</text>'
            f'<line class="{best}i" x1="{place(mean - half):.1f}" x2="{place(mean + half):.1f}" y1="{y}" y2="{y}"/>'
            f'<circle class="{best or "d"}" cx="{place(mean):.1f}" cy="{y}" r="4"/>'
            f'<text class="m" x="{LEFT + WIDTH + 8}" y="{y + 4}">{mean:.3f} ± {half:.3f}</text>')
    return parts


def ticks(low, high):
    step = next(step for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1) if (high - low) / step <= 8)
    first = int(low / step) + 1
    return [step * place for place in range(first, int(high / step) + 1)]
