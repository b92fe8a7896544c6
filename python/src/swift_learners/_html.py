"""What a notebook shows of a fitted estimator below scikit-learn's diagram of it: a leaderboard, or what the model says of itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

_STYLE = """<style>
.swift-learners { font-size: 0.9em; margin-top: 0.6em }
.swift-learners table { border-collapse: collapse; margin: 0.3em 0 }
.swift-learners th, .swift-learners td { text-align: right; padding: 0.15em 0.7em; border-bottom: 1px solid rgba(128, 128, 128, 0.35) }
.swift-learners th:first-child, .swift-learners td:first-child { text-align: left }
.swift-learners .best { font-weight: bold; background: rgba(59, 110, 168, 0.18) }
.swift-learners caption { text-align: left; padding-bottom: 0.2em }
.swift-learners ul { margin: 0.2em 0 0.6em 1.2em; padding: 0 }
</style>"""

#: How many columns or features are shown of many.
_MOST = 30


def leaderboard(
    entries: Sequence[Mapping[str, Any]], scale: str | None, ranked_by: str,
    warnings: Iterable[str], notes: Iterable[str], left_out: Mapping[str, str],
) -> str:  # fmt: skip
    """The models of a comparison, the best first and marked."""
    heads = ["model", f"R² of {scale}", "R²", "RMSE", "MAE", "Spearman", "fit", "predict"]
    if scale is None:
        del heads[1]
    rows = []
    for place, entry in enumerate(entries):
        cells = [
            escape(str(entry["name"])) + (" ★" if place == 0 else ""),
            _with_deviation(entry, "r2_transformed"),
            _with_deviation(entry, "r2"),
            _number(entry.get("rmse")),
            _number(entry.get("mae")),
            _number(entry.get("spearman")),
            _seconds(entry.get("fit_seconds")),
            _seconds(entry.get("predict_seconds")),
        ]
        if scale is None:
            del cells[1]
        rows.append((cells, place == 0))
    ranked_by = {"r2_transformed": heads[1]}.get(ranked_by, ranked_by)
    caption = f"Rows that were held out, ± deviation between folds; ranked by {ranked_by}; times of one fold"
    lists = [
        _list("Warnings", warnings),
        _list("Left out", (f"{name}: {reason}" for name, reason in left_out.items())),
        _list("Notes", notes),
    ]
    return _framed(_table(heads, rows, caption) + "".join(lists))


def description(model: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """What one model says of itself.

    - words: of each of the engine's parameters the name it has here.
    """
    features = model["features"]
    facts = {
        "learner": model["learner"],
        "rows": model["rows"],
        "features": len(features),
        "target": model["target"],
        "fitted on the scale": model["scale"],
        "predicts": model["predicts"],
        **{words.get(name, name): value for name, value in model["parameters"].items()},
    }
    if model.get("iterations") is not None:
        facts["iterations"] = model["iterations"]
    text = _table(["", ""], [([escape(str(name)), escape(_shown(value))], False) for name, value in facts.items()], "")
    if features and "importance" in features[0]:
        ranked = sorted(features, key=lambda feature: -feature["importance"])[:_MOST]
        rows = [([escape(feature["name"]), _number(feature["importance"])], False) for feature in ranked]
        more = f", the first {_MOST} of {len(features)}" if len(features) > _MOST else ""
        text += folded(f"Importance{more}", _table(["feature", "share"], rows, ""))
    return _framed(text + _list("Notes", model["notes"]))


def folded(title: str, text: str) -> str:
    return f"<details><summary>{escape(title)}</summary>{text}</details>"


def _framed(text: str) -> str:
    return f'{_STYLE}<div class="swift-learners">{text}</div>'


def _table(heads: Sequence[str], rows: Sequence[tuple[Sequence[str], bool]], caption: str) -> str:
    """- rows: cells that are HTML, and whether the row is the best."""
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    lines = [
        ('<tr class="best">' if is_best else "<tr>") + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
        for cells, is_best in rows
    ]
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    top = f"<thead><tr>{head}</tr></thead>" if any(heads) else ""
    return f"<table>{title}{top}<tbody>{''.join(lines)}</tbody></table>"


def _list(title: str, texts: Iterable[str]) -> str:
    items = [f"<li>{escape(text)}</li>" for text in texts]
    shown = items[:_MOST] + ([f"<li>… and {len(items) - _MOST} more</li>"] if len(items) > _MOST else [])
    return f"<div>{escape(title)}<ul>{''.join(shown)}</ul></div>" if items else ""


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"


def _with_deviation(entry: Mapping[str, Any], name: str) -> str:
    value, deviation = entry.get(name), entry.get(f"{name}_sd")
    if value is None:
        return "–"
    return f"{value:.4f}" if deviation is None else f"{value:.4f} ± {deviation:.4f}"


def _seconds(value: float | None) -> str:
    if value is None:
        return "–"
    if value < 1e-3:
        return f"{1e6 * value:.0f} µs"
    return f"{1e3 * value:.3g} ms" if value < 1 else f"{value:.3g} s"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 200 else text[:200] + "…"
