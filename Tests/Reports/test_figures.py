"""Figures of reports against those of `fit --json`, and against NumPy and SciPy. Run by scripts/report-test."""

import csv
import json
import os
import sys
import tempfile
import unittest

import numpy
from scipy import stats

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cases import cases, run  # noqa: E402


def setUpModule():
    global folder, found
    folder = tempfile.TemporaryDirectory(prefix="learners-report-")
    found = {name: Case(name, options) for name, options in cases(folder.name).items()}


def tearDownModule():
    folder.cleanup()


class Case:
    """The same comparison by `fit` and by `report`."""

    def __init__(self, name, options):
        path = os.path.join(folder.name, name)
        oof = path + ".oof.csv"
        self.options = options
        self.fit = json.loads(run("fit", *options, "--out", path, "--oof", oof, "--json"))
        run("report", *options, "--no-times", "--out", path + ".json")
        with open(path + ".json", encoding="utf-8") as file:
            self.report = json.load(file)
        with open(oof, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.fold = numpy.array([int(row["fold"]) for row in rows])
        self.row = numpy.array([int(row["row"]) for row in rows])
        self.unit = self.report["scale"].get("unit")
        self.target = self.forward([row["target"] for row in rows])
        self.own = {name: numpy.array([float(row[name]) for row in rows]) for name in rows[0] if name not in ("row", "fold", "target")}
        self.predicted = {name: self.forward(values) for name, values in self.own.items()}
        self.folds = self.fold.max() + 1
        self.held_out = len(self.fold) / sum((self.fold != fold).sum() for fold in range(self.folds))

    def forward(self, values):
        values = numpy.array([float(value) for value in values])
        return values if self.unit is None else numpy.log1p(numpy.maximum(values, -self.unit * (1 - 1e-15)) / self.unit)

    def r2_of_folds(self, model):
        def r2(rows):
            target, predicted = self.target[rows], self.predicted[model][rows]
            return 1 - ((target - predicted) ** 2).sum() / ((target - target.mean()) ** 2).sum()
        return numpy.array([r2(self.fold == fold) for fold in range(self.folds)])

    def corrected(self, values):
        """Mean, interval and probability of being above 0, by Nadeau & Bengio."""
        values = numpy.asarray(values, float)
        error = numpy.sqrt((1 / len(values) + self.held_out) * values.var(ddof=1))
        low, high = stats.t.interval(0.95, len(values) - 1, loc=values.mean(), scale=error)
        return values.mean(), low, high, stats.t.cdf(values.mean() / error, len(values) - 1)


class Figures(unittest.TestCase):
    def each(self):
        for name, case in found.items():
            with self.subTest(name):
                yield case

    def assert_estimate(self, estimate, expected, places=9):
        for key, value in zip(["mean", "low", "high"], expected):
            self.assertAlmostEqual(estimate[key], value, places)

    def test_scores_are_those_of_fit(self):
        for case in self.each():
            self.assertEqual(case.report["models"][0]["name"], case.fit["best"])
            self.assertEqual(case.report["origin"]["sha256"], case.fit["data"]["sha256"])
            scores = {model["name"]: model for model in case.fit["models"]}
            self.assertEqual(set(scores), {model["name"] for model in case.report["models"]})
            for model in case.report["models"]:
                for key, value in model["scores"].items():
                    self.assertEqual(value, scores[model["name"]][key], (model["name"], key))
            members = {member["model"]: member["weight"] for member in scores["blend"]["members"]}
            self.assertEqual({member["name"]: member["weight"] for member in case.report["blend"]["members"]}, members)

    def test_intervals_of_models(self):
        for case in self.each():
            self.assertAlmostEqual(case.report["folds"]["held_out_per_learned"], case.held_out, 12)
            models = case.report["models"]
            for model in models:
                values = case.r2_of_folds(model["name"])
                numpy.testing.assert_allclose(model["figure_of_folds"], values, atol=1e-10)
                self.assert_estimate(model["estimate"], case.corrected(values))
            for first, second in zip(models, models[1:]):
                difference = case.r2_of_folds(first["name"]) - case.r2_of_folds(second["name"])
                expected = case.corrected(difference)
                self.assertEqual(first["against_next"]["other"], second["name"])
                self.assert_estimate(first["against_next"]["difference"], expected)
                self.assertAlmostEqual(first["against_next"]["chance"], expected[3], 8)
            for model in models[1:]:
                expected = case.corrected(case.r2_of_folds(models[0]["name"]) - case.r2_of_folds(model["name"]))
                self.assert_estimate(model["best_against_it"]["difference"], expected)

    def test_errors_by_prediction(self):
        for case in self.each():
            model = case.report["residuals"]["model"]
            errors = case.target - case.predicted[model]
            order = numpy.lexsort((case.row, case.predicted[model]))
            parts = case.report["residuals"]["parts"]
            bounds = [len(order) * part // len(parts) for part in range(len(parts) + 1)]
            for part, start, end in zip(parts, bounds, bounds[1:]):
                values = errors[order[start:end]]
                self.assertEqual(part["rows"], end - start)
                found = [part["mean"], part["low"], part["median"], part["high"], part["rmse"]]
                expected = [values.mean(), *numpy.quantile(values, [0.1, 0.5, 0.9]), numpy.sqrt((values ** 2).mean())]
                numpy.testing.assert_allclose(found, expected, atol=1e-9)

    def test_worst_rows(self):
        for case in self.each():
            model = case.report["worst_rows"]["model"]
            errors = case.target - case.predicted[model]
            worst = sorted(range(len(errors)), key=lambda place: (-abs(errors[place]), place))[:10]
            rows = case.report["worst_rows"]["rows"]
            self.assertEqual([row["row"] for row in rows], [case.row[place] for place in worst])
            numpy.testing.assert_allclose([row["error"] for row in rows], errors[worst], atol=1e-9)
            for row in rows:
                explanation = row["explanation"]
                total = explanation["base"] + sum(part["adds"] for part in explanation["largest"]) + explanation["others"]
                self.assertAlmostEqual(total, case.forward([explanation["predicted"]])[0], 4)

    def test_ranges(self):
        for case in self.each():
            for level in case.report["ranges"]["levels"]:
                inside = round(level["coverage"] * level["rows"])
                interval = stats.binomtest(inside, level["rows"]).proportion_ci(0.95, method="wilson")
                self.assertAlmostEqual(level["low"], interval.low, 9)
                self.assertAlmostEqual(level["high"], interval.high, 9)
                # Ranges made of other rows hold what they promise, but for chance.
                test = stats.binomtest(inside, level["rows"], level["level"])
                self.assertGreater(test.pvalue, 1e-3, level)

    def test_means_over_folds(self):
        """Learning curve and importance: their intervals, and what follows from them."""
        for case in self.each():
            studied = case.report["studied"]
            for step in studied["learning"]["steps"]:
                self.assert_estimate(step["figure"], case.corrected(step["figure_of_folds"]))
            self.assertEqual(studied["learning"]["steps"][-1]["figure_of_folds"],
                             next(m for m in case.report["models"] if m["name"] == studied["name"])["figure_of_folds"])
            half, whole = (numpy.array(step["figure_of_folds"]) for step in studied["learning"]["steps"][-2:])
            self.assert_estimate(studied["learning"]["last_doubling"], case.corrected(1 - (1 - whole) / (1 - half)))
            lost = [feature["lost"]["mean"] for feature in studied["importance"]]
            self.assertEqual(lost, sorted(lost, reverse=True))
            for feature in studied["importance"]:
                if any(feature["lost_in_folds"]):
                    self.assert_estimate(feature["lost"], case.corrected(feature["lost_in_folds"]))
            for effect in studied["effects"]:
                self.assertEqual(len(effect["effects"]), len(effect.get("values") or effect["levels"]))

    def test_the_same_bytes(self):
        """Twice, and on one thread."""
        options = found["stars"].options
        for ending in ["html", "md", "json"]:
            path = os.path.join(folder.name, "again." + ending)
            texts = []
            for _ in range(2):
                run("report", *options, "--no-times", "--out", path)
                with open(path, "rb") as file:
                    texts.append(file.read())
            self.assertEqual(texts[0], texts[1])
        one = json.loads(run("report", *options, "--no-times", "--format", "json", "--threads", "1"))
        one["origin"]["command"] = found["stars"].report["origin"]["command"]
        self.assertEqual(one, found["stars"].report)


if __name__ == "__main__":
    unittest.main(verbosity=2)
