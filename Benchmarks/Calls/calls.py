"""What a call through Python costs: one row beside peers, and what the package adds to the engine's own time.

usage: calls.py [ROUNDS]
One row: medians of rounds of 500 calls of predict, all models in turn, one thread. Beside the engine: the time of a call of fit
or predict that is not spent in the library's own function, as a share of the time that is.
"""

import sys
import time
import warnings

import lightgbm
import numpy as np
from sklearn.ensemble import ExtraTreesRegressor, RandomForestRegressor
from sklearn.linear_model import Ridge
from sklearn.neural_network import MLPRegressor
from sklearn.svm import SVR

import swift_learners
from swift_learners import _base, _library

CALLS = 500
TREES = 100


def friedman(rows, columns=20):
    random = np.random.default_rng(5)
    x = random.uniform(size=(rows, columns))
    y = 10 * np.sin(np.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2 + 10 * x[:, 3] + 5 * x[:, 4]
    return x, y + random.normal(size=rows)


def pairs():
    """Of each learner ours and a peer."""
    ours = swift_learners
    return {
        "ridge": (ours.Ridge(), Ridge()),
        "svr": (ours.SVR(C=10), SVR(C=10)),
        "forest": (ours.RandomForestRegressor(n_estimators=TREES), RandomForestRegressor(n_estimators=TREES)),
        "extra-trees": (ours.ExtraTreesRegressor(n_estimators=TREES), ExtraTreesRegressor(n_estimators=TREES)),
        "boosting": (ours.GradientBoostingRegressor(max_iter=500, folds=0), lightgbm.LGBMRegressor(n_estimators=500, n_jobs=1, verbose=-1)),
        "mlp": (ours.MLPRegressor(max_epochs=10), MLPRegressor(hidden_layer_sizes=(64, 64), max_iter=10)),
    }


def microseconds(model, row):
    begin = time.perf_counter()
    for _ in range(CALLS):
        model.predict(row)
    return (time.perf_counter() - begin) / CALLS * 1e6


def one_row(rounds):
    x, y = friedman(2_000)
    models = {name: [model.fit(x, y) for model in pair] for name, pair in pairs().items()}
    row = x[:1].copy()
    times = {name: [[], []] for name in models}
    for _ in range(rounds):
        for name, pair in models.items():
            for place, model in enumerate(pair):
                times[name][place].append(microseconds(model, row))
    print("| one row | ours, µs | peer, µs |\n|---|---|---|")
    for name, (own, peer) in times.items():
        print(f"| {name} | {np.median(own):.1f} | {np.median(peer):.0f} |")


class Watch:
    """Stands for a function of the library and adds up the time in it."""

    def __init__(self, function):
        self.function, self.seconds = function, 0.0

    def __call__(self, *arguments):
        begin = time.perf_counter()
        try:
            return self.function(*arguments)
        finally:
            self.seconds += time.perf_counter() - begin


class Library:
    """The library with one function watched."""

    def __init__(self, library, name, watch):
        self._library, self._name, self._watch = library, name, watch

    def __getattr__(self, name):
        return self._watch if name == self._name else getattr(self._library, name)


def beside_engine(rows):
    x, y = friedman(rows)
    print(f"\n| {rows:,} x 20 | fit, s | added | predict, ms | added |\n|---|---|---|---|---|")
    for name, (model, _) in pairs().items():
        library, watch = _library._library, Watch(_library._library.learners_fit)
        _library._library = Library(library, "learners_fit", watch)
        begin = time.perf_counter()
        model.fit(x, y)
        fit = time.perf_counter() - begin
        _library._library = library
        whole, inside = [], []
        for _ in range(7):
            of_predict = Watch(_library.predict_matrix)
            _base.predict_matrix = of_predict
            begin = time.perf_counter()
            model.predict(x)
            whole.append(time.perf_counter() - begin)
            inside.append(of_predict.seconds)
        _base.predict_matrix = _library.predict_matrix
        predict, own = np.median(whole), np.median(inside)
        print(f"| {name} | {fit:.3f} | {fit / watch.seconds - 1:.1%} | {predict * 1e3:.2f} | {predict / own - 1:.1%} |")


warnings.simplefilter("ignore")
swift_learners.set_threads(1)
one_row(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
swift_learners.set_threads(2)
beside_engine(10_000)
