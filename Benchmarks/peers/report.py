"""The results: `results.json` for programs, `RESULTS.md` for people. A run replaces the rows that it measured."""
import json
import os
import platform
from pathlib import Path

HEAD = """# Results

Ours beside the peers: medians of seconds of wall time, ours and theirs in turn in one run, the same data and number of threads,
data read and programs warm before the clock starts. Ratio = fastest peer ÷ ours; it counts only where our score is not
worse than that peer's (LightGBM's for boosting), within the tolerance that `peers/workloads.py` states for each workload. Repeat all by `make bench`, one
by `make bench WORKLOAD=svr-10k`. A peer over five times slower than the fastest one was timed once.

"""


def row(name, threads, measure, parts):
    """A row of `results.json`."""
    ours = parts.pop("ours")
    fastest = min(parts, key=lambda peer: parts[peer]["seconds"])
    return {
        "workload": name, "threads": threads, "ours": ours, "peers": parts, "fastest_peer": fastest,
        "ratio": round(parts[fastest]["seconds"] / ours["seconds"], 3), "runs": ours["runs"],
        "score_name": measure.name, "score_not_worse": measure.not_worse(ours["score"], parts[measure.against or fastest]["score"]),
        "machine": machine()}


def machine():
    """Processor and cores, without a name of the machine."""
    model = platform.processor()
    for text in Path("/proc/cpuinfo").read_text().splitlines():
        if text.startswith("model name"):
            model = text.split(":", 1)[1].strip()
            break
    return f"{model}, {len(os.sched_getaffinity(0))} cores"


def seconds(value):
    return f"{value:.4f}" if value < 0.1 else f"{value:.2f}"


def shown(part):
    return f"{seconds(part['seconds'])} ({part['score']:.6g})"


def verdict(row):
    return f"{row['ratio']:.1f}×" if row["score_not_worse"] else f"({row['ratio']:.1f}×: score is worse)"


def line(row):
    """A row for the terminal."""
    peers = " · ".join(f"{name} {shown(part)}" for name, part in row["peers"].items())
    return f"{row['workload']}: ours {shown(row['ours'])} · {peers} · {verdict(row)}"


class Table:
    def __init__(self, folder: Path):
        self.json, self.markdown = folder / "results.json", folder / "RESULTS.md"
        self.rows = {row["workload"]: row for row in json.loads(self.json.read_text())} if self.json.exists() else {}

    def add(self, row):
        self.rows[row["workload"]] = row

    def write(self):
        rows = [self.rows[name] for name in sorted(self.rows)]
        self.json.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")
        self.markdown.write_text(HEAD + self.table(rows) + self.notes(rows) + self.versions(rows))

    @staticmethod
    def table(rows):
        lines = ["| workload | score | ours: seconds (score) | MB | peers: seconds (score) | ratio |", "|---|---|---|---|---|---|"]
        for row in rows:
            peers = sorted(row["peers"].items(), key=lambda item: item[1]["seconds"])
            others = "<br>".join(f"{name} {shown(part)}, {part['peak_mb']:.0f} MB" for name, part in peers)
            lines.append(f"| {row['workload']} | {row['score_name']} | {shown(row['ours'])} | {row['ours']['peak_mb']:.0f} "
                         f"| {others} | {verdict(row)} |")
        return "\n".join(lines) + "\n"

    @staticmethod
    def notes(rows):
        lines = [f"- {row['workload']}, {name}: {part['note']}" for row in rows
                 for name, part in [("ours", row["ours"]), *row["peers"].items()] if part.get("note")]
        return "\n" + "\n".join(lines) + "\n" if lines else ""

    @staticmethod
    def versions(rows):
        found = sorted({f"{name.split()[0]} {part['version']}" for row in rows for name, part in row["peers"].items()
                        if part["version"] and name != "one thread"})
        machines = sorted({f"{row['machine']}, {row['threads']} threads" for row in rows})
        return f"\nMachine: {'; '.join(machines)}. Peers: {', '.join(found)}.\n"
