"""Pictures of fitted estimators, by matplotlib where that is installed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BLUE, _ORANGE, _GREY = "#3b6ea8", "#d9822b", "#8a8a8a"


def leaderboard(entries: Sequence[Mapping[str, Any]], scale: str | None, axes: Axes | None) -> Axes:
    """R² of held-out rows and its deviation between folds, the best on top.

    - entries: the best first.
    """
    shown = [entry for entry in entries if entry.get("r2_transformed") is not None][::-1]
    axes = _axes(axes, (7, 0.8 + 0.35 * len(shown)))
    places = np.arange(len(shown))
    scores = [entry["r2_transformed"] for entry in shown]
    deviations = [entry.get("r2_transformed_sd") or 0.0 for entry in shown]
    colors = [_ORANGE if entry is entries[0] else _BLUE for entry in shown]
    axes.barh(places, scores, xerr=deviations, color=colors, ecolor="black", capsize=3, height=0.7)
    axes.set_yticks(places, [_literal(entry["name"]) for entry in shown])
    axes.set_xlabel(_literal("R² of held-out rows" + ("" if scale is None else f", {scale}")))
    axes.set_title(f"Best: {_literal(entries[0]['name'])}; whiskers: deviation between folds", fontsize="medium")
    return axes


def predictions(
    predicted: NDArray[np.float64], true: NDArray[np.float64], name: str, logarithmic: bool, axes: Axes | None
) -> Axes:
    """Held-out predictions against what was true; on logarithmic axes where the target was fitted so and all is above 0."""
    there = ~np.isnan(predicted)
    predicted, true = predicted[there], true[there]
    axes = _axes(axes, (4.8, 4.8))
    axes.scatter(true, predicted, s=8, alpha=min(1.0, max(0.1, 300 / max(1, len(true)))), color=_BLUE, linewidths=0)
    if logarithmic and len(true) and min(true.min(), predicted.min()) > 0:
        axes.set(xscale="log", yscale="log")
    if len(true):
        ends = [min(true.min(), predicted.min()), max(true.max(), predicted.max())]
        axes.plot(ends, ends, color=_GREY, linewidth=1, zorder=0)
    axes.set(xlabel="true", ylabel="predicted while held out", title=_literal(name), aspect="equal")
    return axes


def importances(names: Sequence[str], shares: NDArray[np.float64], most: int, axes: Axes | None) -> Axes:
    """The features that matter most, the first on top."""
    order = np.argsort(-shares, kind="stable")[:most][::-1]
    axes = _axes(axes, (7, 0.8 + 0.28 * len(order)))
    axes.barh(np.arange(len(order)), shares[order], color=_BLUE, height=0.7)
    axes.set_yticks(np.arange(len(order)), [_literal(_shortened(names[place])) for place in order])
    axes.set_xlabel("importance, share of all")
    return axes


def _axes(given: Axes | None, size: tuple[float, float]) -> Axes:
    if given is not None:
        return given
    try:
        from matplotlib import pyplot
    except ImportError as error:
        raise ImportError("plots are drawn by matplotlib, which is not installed: pip install matplotlib") from error
    axes: Axes = pyplot.subplots(figsize=size, layout="constrained")[1]
    return axes


def _literal(text: str) -> str:
    """A dollar sign would begin mathematics."""
    return text.replace("$", r"\$")


def _shortened(name: str) -> str:
    return name if len(name) <= 40 else name[:39] + "…"
