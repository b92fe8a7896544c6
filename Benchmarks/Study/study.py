"""Makes docs/study.md and its picture: study.py PROGRAM DATA TEMPLATE OUT PICTURE.

Fits run one after another, each on all threads; what was done is kept in .build/study. Figures are put where the template says
{{name}}, and single ones where it says {{r2 TABLE|FEATURES|MODEL}} (also spearman and factor; the model may be "best"); the same program and data give the same bytes."""

import re
import sys
from pathlib import Path

from cases import TABLES, TRANSFERS
from figures import Mean, OutOfFold, chosen_without_the_fold, holm
from pictures import leaderboards
from program import Program


class Case:
    """One table with one set of features, all its seeds."""

    def __init__(self, program, data, table, dropped):
        self.table = table
        paths = table.paths(data)
        self.folders = [program.fit(paths, table.target, dropped, seed) for seed in range(table.seeds)]
        self.tables = [OutOfFold(folder / "oof.csv") for folder in self.folders]
        # Where the choice falls on a single model, there is no blend.
        self.models = [name for name in self.tables[0].models if all(name in table.models for table in self.tables)]
        self.folds = len(self.tables[0].folds)

    def folds_of(self, model):
        return [value for table in self.tables for value in table.r2_of_folds(model)]

    def mean(self, model):
        return Mean(self.folds_of(model), self.folds)

    def difference(self, model, other):
        return Mean([a - b for a, b in zip(self.folds_of(model), self.folds_of(other))], self.folds)

    def ranked(self):
        return sorted(self.models, key=lambda model: -self.mean(model).value)

    def over_seeds(self, figure, model):
        values = [getattr(table, figure)(model) for table in self.tables]
        return sum(values) / len(values)


def markdown(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def interval(mean, digits=3):
    return f"{mean.value:.{digits}f} ± {mean.half_width:.{digits}f}"


def chance(value):
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def leaderboard(cases):
    models = [model for model in cases[0].ranked() if model != "mean"]
    rows = []
    for model in models:
        cells = []
        for case in cases:
            text = interval(case.mean(model))
            cells.append(f"**{text}**" if case.ranked()[0] == model else text)
        rows.append([model, *cells])
    chosen = [interval(Mean(chosen_without_the_fold(case.tables), case.folds)) for case in cases]
    return markdown(["model", *[case.table.name for case in cases]], rows + [["chosen without the fold", *chosen]])


def comparison(cases):
    rows = []
    for case in cases:
        best, *others = [model for model in case.ranked() if model != "mean"]
        differences = [case.difference(best, other) for other in others]
        corrected = holm([difference.chance_of_zero for difference in differences])
        for other, difference, p in list(zip(others, differences, corrected))[:3]:
            rows.append([case.table.name, f"{best} − {other}", interval(difference, 4),
                         f"{difference.chance_above_zero:.2f}", chance(p)])
    return markdown(["table", "difference of R²", "mean, 95 %", "P(better)", "p, Holm"], rows)


def features(study):
    rows = []
    for table, sets in study:
        for name, case in sets.items():
            best = case.ranked()[0]
            rows.append([table.name, name, best, interval(case.mean(best)), f"{case.over_seeds('spearman', best):.3f}",
                         f"{case.over_seeds('typical_factor', best):.2f}"])
    head = ["table", "features", "best model", "R²", "Spearman", "half of the rows are within a factor of"]
    return markdown(head, rows)


def transfer(program, data):
    tables = {table.name: table for table in TABLES}
    known = {}
    for name in {name for pair in TRANSFERS for name in pair}:
        table = tables[name]
        folder = program.fit(table.paths(data), table.target, [], 0, models="mean")
        known[name] = program.features(str(folder / "models" / "mean.safetensors"))
    rows = []
    for source, goal in TRANSFERS:
        dropped = [name for name in known[source] if name not in known[goal]]
        table = tables[source]
        folder = program.fit(table.paths(data), table.target, dropped, 0)
        own = OutOfFold(folder / "oof.csv")
        for model in ("ridge", "boosting", "blend"):
            found = program.evaluate(str(folder / "models" / f"{model}.safetensors"), tables[goal].paths(data))
            scores, ranges = found["scores"], found["interval"]
            everywhere = own.fold >= 0
            rows.append([f"{source} → {goal}", model, f"{own.r2(model, everywhere):.3f}", f"{scores['r2_transformed']:.3f}",
                         f"{own.spearman(model):.3f}", f"{scores['spearman']:.3f}", f"{ranges['coverage']:.3f}"])
    head = ["from → to", "model", "R² there", "R² here", "Spearman there", "Spearman here", "inside ranges of 0.9 here"]
    return markdown(head, rows)


def single(study, match):
    """One figure in a sentence."""
    figure, name, features, model = match.groups()
    case = next(sets[features] for table, sets in study if table.name == name)
    model = case.ranked()[0] if model == "best" else model
    if figure == "r2":
        return f"{case.mean(model).value:.3f}"
    if figure == "spearman":
        return f"{case.over_seeds('spearman', model):.3f}"
    return f"{case.over_seeds('typical_factor', model):.2f}"


def main(path, data, template, out, picture):
    data = Path(data)
    program = Program(path, ".build/study")
    study = []
    for table in TABLES:
        sets = {}
        for name, dropped in table.feature_sets().items():
            print(f"{table.name}, features: {name}", file=sys.stderr, flush=True)
            sets[name] = Case(program, data, table, dropped)
        study.append((table, sets))
    cases = [sets["all"] for _, sets in study]
    pictured = [(case.table.name, [(model, case.mean(model).value, case.mean(model).half_width)
                                   for model in case.ranked() if model != "mean"]) for case in cases]
    Path(picture).write_text(leaderboards(pictured), encoding="utf-8")
    parts = {
        "tables": markdown(["table", "repositories", "seeds"], [[t.name, t.about, str(t.seeds)] for t in TABLES]),
        "leaderboard": leaderboard(cases), "comparison": comparison(cases), "features": features(study),
        "transfer": transfer(program, data),
    }
    text = Path(template).read_text(encoding="utf-8")
    for name, part in parts.items():
        text = text.replace("{{" + name + "}}", part)
    text = re.sub(r"\{\{(r2|spearman|factor) ([^|}]+)\|([^|}]+)\|([^|}]+)\}\}", lambda match: single(study, match), text)
    Path(out).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
