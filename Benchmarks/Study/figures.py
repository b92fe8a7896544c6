"""Figures of out-of-fold predictions, and how sure they are."""

import csv
import math

import numpy
from scipy import stats

CONFIDENCE = 0.95


class OutOfFold:
    """The out-of-fold predictions of all models for one seed, on the scale ln(1 + stars)."""

    def __init__(self, path):
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.models = [name for name in rows[0] if name not in ("row", "fold", "target")]
        self.fold = numpy.array([int(row["fold"]) for row in rows])
        self.target = numpy.log1p([float(row["target"]) for row in rows])
        self.predicted = {
            name: numpy.log1p(numpy.maximum([float(row[name]) for row in rows], 0)) for name in self.models}

    @property
    def folds(self):
        return range(self.fold.max() + 1)

    def r2(self, model, rows):
        target, predicted = self.target[rows], self.predicted[model][rows]
        return 1 - ((target - predicted) ** 2).sum() / ((target - target.mean()) ** 2).sum()

    def r2_of_folds(self, model):
        return [self.r2(model, self.fold == fold) for fold in self.folds]

    def spearman(self, model):
        return stats.spearmanr(self.target, self.predicted[model]).statistic

    def typical_factor(self, model):
        """The factor that half of the rows are within, one star taken for granted."""
        return math.exp(numpy.median(numpy.abs(self.target - self.predicted[model])))


class Mean:
    """Mean of a figure over the folds of all seeds, with the interval of Nadeau & Bengio, "Inference for the generalization
    error", Machine Learning 52, 2003: training parts overlap, so that folds tell less than so many independent trials."""

    def __init__(self, values, folds):
        values = numpy.asarray(values)
        self.value = values.mean()
        variance = values.var(ddof=1) * (1 / len(values) + 1 / (folds - 1))
        self.error = math.sqrt(variance)
        self.freedom = len(values) - 1
        self.half_width = stats.t.ppf((1 + CONFIDENCE) / 2, self.freedom) * self.error

    @property
    def chance_of_zero(self):
        """Two-sided p of a mean of 0."""
        return 2 * stats.t.sf(abs(self.value) / self.error, self.freedom) if self.error > 0 else 1.0

    @property
    def chance_above_zero(self):
        return stats.t.cdf(self.value / self.error, self.freedom) if self.error > 0 else 0.5


def holm(chances):
    """p values corrected for their number: Holm, Scandinavian Journal of Statistics 6, 1979."""
    order = sorted(range(len(chances)), key=lambda place: chances[place])
    corrected, running = [1.0] * len(chances), 0.0
    for rank, place in enumerate(order):
        running = max(running, min(1.0, (len(chances) - rank) * chances[place]))
        corrected[place] = running
    return corrected


def chosen_without_the_fold(tables):
    """R² of each fold of the model that was best on the other folds of its seed: what choosing a model is worth."""
    values = []
    for table in tables:
        for fold in table.folds:
            others = table.fold != fold
            best = max(table.models, key=lambda model: table.r2(model, others))
            values.append(table.r2(best, table.fold == fold))
    return values
