"""What people see of a fit: how far it is, the report in a notebook, plots."""

import io
import re
import subprocess
import sys
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from quick import ALL, name
from sklearn import config_context
from sklearn.base import clone
from sklearn.pipeline import make_pipeline

from swift_learners import Comparison, GradientBoostingRegressor, RandomForestRegressor, Ridge
from swift_learners import _progress as progress

HOSTILE = '<script>alert("x")</script>'


@pytest.fixture(scope="module")
def hostile(rows):
    """Names that would be code, were they not escaped."""
    X, y = rows
    frame = pd.DataFrame(X, columns=[HOSTILE, "b&b", "c$d$", "e", "f"])
    frame[f"id{HOSTILE}"] = [f"row {place}" for place in range(len(y))]
    return frame, pd.Series(np.exp(y), name=f"y{HOSTILE}")


@pytest.fixture(scope="module")
def comparison(hostile):
    settings = {"forest": {"n_estimators": 10}}
    return Comparison(["mean", "ridge", "forest"], settings=settings, cv=3).fit(*hostile)


class Tags(HTMLParser):
    """Every tag is closed, in its turn."""

    VOID = ("input", "br", "meta", "link")

    def __init__(self, text):
        super().__init__()
        self.open, self.text = [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def report(estimator):
    bundle = estimator._repr_mimebundle_()
    assert estimator._repr_html_().count("swift-learners") == bundle["text/html"].count("swift-learners")
    return bundle["text/html"].split('<div class="swift-learners">', 1)[1]


def test_a_comparison_shows_its_leaderboard(comparison):
    shown = report(comparison)
    tags = Tags('<div class="swift-learners">' + shown)
    cells = [text.strip() for text in tags.text]
    best = comparison.leaderboard_[0]
    assert f"{comparison.best_name_} ★" in cells
    assert f"{best['r2_transformed']:.4f} ± {best['r2_transformed_sd']:.4f}" in cells
    assert all(any(text.startswith(entry["name"]) for text in cells) for entry in comparison.leaderboard_)
    assert comparison.notes_[0] in cells and "Notes" in cells
    assert shown.count('class="best"') == 1
    places = [shown.index(f"<td>{entry['name']}") for entry in comparison.leaderboard_]
    assert places == sorted(places)


@pytest.mark.parametrize("estimator", ALL, ids=name)
def test_what_is_fitted_says_what_it_is_and_escapes_it(estimator, hostile):
    fitted = clone(estimator).fit(*hostile)
    shown = fitted._repr_html_()
    assert "<script>alert" not in shown
    Tags('<div class="swift-learners">' + report(fitted))
    parameters = getattr(fitted, "_parameters", {})
    assert all(f"<td>{word}</td>" in shown for word, engine in parameters.items() if engine in
               fitted.describe()["parameters"])  # fmt: skip


def test_scikit_learns_diagram_stays(comparison):
    assert "swift-learners" not in Ridge()._repr_html_() and "sk-estimator" in Ridge()._repr_html_()
    assert "sk-estimator" in comparison._repr_html_()
    assert "Ridge" in make_pipeline(Ridge())._repr_html_()
    with config_context(display="text"):
        assert not hasattr(comparison, "_repr_html_") and "text/html" not in comparison._repr_mimebundle_()


def test_plots_show_the_figures(comparison, hostile):
    pyplot = pytest.importorskip("matplotlib.pyplot")
    pyplot.switch_backend("agg")
    axes = comparison.plot_leaderboard()
    assert [bar.get_width() for bar in axes.patches][::-1] == [e["r2_transformed"] for e in comparison.leaderboard_]
    axes.figure.savefig(io.BytesIO())
    axes = comparison.plot_predictions(hostile[1], "ridge")
    points = axes.collections[0].get_offsets()
    assert np.array_equal(points, np.column_stack([hostile[1], comparison.out_of_fold_["ridge"]]))
    assert axes.get_xscale() == "log"
    axes.figure.savefig(io.BytesIO())
    forest = comparison.estimators_["forest"]
    axes = forest.plot_importance(3)
    assert np.array_equal([bar.get_width() for bar in axes.patches][::-1], np.sort(forest.feature_importances_)[:2:-1])
    axes.figure.savefig(io.BytesIO())
    own = pyplot.figure().subplots()
    assert comparison.plot_leaderboard(ax=own) is own
    pyplot.close("all")
    with pytest.raises(ValueError, match="no model is called svr"):
        comparison.plot_predictions(hostile[1], "svr")
    with pytest.raises(ValueError, match="shape"):
        comparison.plot_predictions(hostile[1][1:])


def test_without_matplotlib_it_is_asked_for(comparison, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match="pip install matplotlib"):
        comparison.plot_leaderboard()


def run(script):
    """Output and errors of a script that has X and y."""
    head = """
import numpy, sys
from swift_learners import *
X = numpy.random.default_rng(0).normal(size=(4000, 8)); y = X[:, 0] + numpy.random.default_rng(1).normal(size=4000)
"""
    result = subprocess.run([sys.executable, "-c", head + script], capture_output=True, text=True, check=True)
    return result.stdout, result.stderr


def test_a_bar_shows_how_far_a_comparison_is():
    fit = "Comparison(['ridge', 'forest'], settings={'forest': {'n_estimators': 60}}, cv=3, verbose=1).fit(X, y)"
    _, plain = run("sys.modules['tqdm'] = None; sys.modules['tqdm.auto'] = None\n" + fit)
    shares = [int(share) for share in re.findall(r"Comparison: (\d+) %", plain)]
    assert shares == sorted(shares) and shares and "forest" in plain
    assert plain.endswith(" s\n") and "Comparison: done in" in plain
    pytest.importorskip("tqdm")
    assert "Comparison: 100%" in run(fit)[1]
    assert run(fit.replace("verbose=1", "verbose=0"))[1] == ""


def test_what_shows_progress_may_fail(rows, monkeypatch):
    class Broken(progress._Lines):
        def show(self, stage, fraction):
            raise OSError("the screen is gone")

    monkeypatch.setattr(progress, "_tqdm_bar", Broken)
    X, y = np.tile(rows[0], (20, 1)), np.arange(6000.0)
    with pytest.raises(OSError, match="screen is gone"):
        RandomForestRegressor(n_estimators=100_000, verbose=1).fit(X, y)
    # What came of it does not stay.
    assert GradientBoostingRegressor(max_iter=5, folds=1).fit(*rows).predict(rows[0]).shape == (300,)


def test_single_fits_say_that_they_go_on(monkeypatch, rows):
    told = []

    class Told:
        def __init__(self, title):
            told.append(title)

        def show(self, stage, fraction):
            told.append(stage)

        def end(self, done):
            told.append(done)

    monkeypatch.setattr(progress, "_tqdm_bar", Told)
    X = np.tile(rows[0], (20, 1)) + np.random.default_rng(0).normal(size=(6000, 5))
    model = RandomForestRegressor(n_estimators=300, verbose=1).fit(X, X[:, 0])
    assert told[0] == "RandomForestRegressor" and told[1] == "forest" and told[-1] is True
    quiet = RandomForestRegressor(n_estimators=300).fit(X, X[:, 0])
    assert np.array_equal(model.predict(X), quiet.predict(X))
