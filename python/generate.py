"""generate.py [--check]: writes src/swift_learners/_estimators.py from the engine's own tables of parameters.

Names, defaults, ranges and meanings are the engine's; what is decided here is which of scikit-learn's words each name has, and what a
class is called. With --check nothing is written: the status says whether the file is what would be.
"""

from __future__ import annotations

import re
import sys
import textwrap
from pathlib import Path
from typing import Any

from swift_learners._library import info

FILE = Path(__file__).with_name("src") / "swift_learners" / "_estimators.py"

# scikit-learn's words where they are not the engine's with underscores.
WORDS = {
    "fitsIntercept": "fit_intercept",
    "c": "C",
    "coefficient0": "coef0",
    "tolerance": "tol",
    "maxIterations": "max_iter",
    "estimators": "n_estimators",
    "maxLeaves": "max_leaf_nodes",
    "monotone": "monotonic_cst",
    "interactions": "interaction_cst",
    "patience": "n_iter_no_change",
    "earlyStoppingRounds": "n_iter_no_change",
    "beta1": "beta_1",
    "beta2": "beta_2",
}

CLASSES = {
    "ridge": (
        "Ridge",
        "Linear least squares with a penalty on the squared coefficients.",
        "Numbers are standardised, long tails shaped, gaps filled and categories encoded inside; the penalty is chosen by the "
        "leave-one-out error where it is not given.",
        False,
    ),
    "svr": (
        "SVR",
        "Support vector regression.",
        "Numbers and target are standardised inside: ``C`` and ``epsilon`` are in units of the standardised target.",
        False,
    ),
    "forest": (
        "RandomForestRegressor",
        "The mean of trees, each grown on a bootstrap sample of the rows.",
        "Missing values and categories are split on as they are.",
        True,
    ),
    "extra-trees": (
        "ExtraTreesRegressor",
        "The mean of trees whose thresholds are drawn at random.",
        "Missing values and categories are split on as they are.",
        True,
    ),
    "boosting": (
        "GradientBoostingRegressor",
        "Trees over histograms, each correcting those before it.",
        "Missing values and categories are split on as they are. It stops by rows that it leaves out, and averages several such runs on "
        "small tables.",
        True,
    ),
    "mlp": (
        "MLPRegressor",
        "The mean of small neural networks, trained by AdamW.",
        "Numbers and target are standardised inside, gaps filled and categories encoded.",
        True,
    ),
}

# What the parameters mean that are no learner's own.
COMMON = {
    "target_transform": (
        "str",
        '"none"',
        "none, auto, log1p",
        "scale of the target: auto takes the logarithm where it has a long tail, and predictions are medians then",
    ),
    "random_state": ("int | RandomState | None", "None", "[0, 2^64)", "key of every random number; None is 0"),
    "verbose": ("int", "0", "0, 1", "whether it is shown how far a fit is, by tqdm where that is installed"),
}

EXAMPLE = """Examples
--------
>>> import numpy as np
>>> from swift_learners import {name}
>>> X = np.linspace(0, 1, 60).reshape(30, 2)
>>> model = {name}({quick}).fit(X, X.sum(axis=1))
>>> model.predict(X[:2]).shape
(2,)"""

QUICK = {
    "forest": "n_estimators=10",
    "extra-trees": "n_estimators=10",
    "boosting": "max_iter=20",
    "mlp": "max_epochs=5",
}


def snake(name: str) -> str:
    return WORDS.get(name, re.sub(r"(?<=[a-z0-9])([A-Z])", lambda match: "_" + match[1].lower(), name))


def type_and_default(parameter: dict[str, Any]) -> tuple[str, Any]:
    name, default, domain = parameter["name"], parameter["default"], parameter["domain"]
    if name == "quantiles":
        return "Sequence[float] | None", None
    if name == "monotone":
        return "Mapping[str, int] | Sequence[int] | None", None
    if name == "interactions":
        return "Sequence[Sequence[str | int]] | None", None
    if default == "auto":
        return ("float | None" if domain[0] in "[(" else "int | None"), None
    if isinstance(default, bool):
        return "bool", default
    if isinstance(default, str):
        return "str", default
    is_real = domain[0] in "[("
    return ("float", float(default)) if is_real else ("int", default)


def translated(text: str, names: dict[str, str]) -> str:
    """A summary with this package's names in it."""
    for name, word in names.items():
        if name != word:
            text = re.sub(rf"\b{name}\b(?!\()", word, text)
    return re.sub(r"\bauto\b", "None", text)


def entry(name: str, kind: str, default: Any, domain: str, summary: str) -> str:
    head = f"{name} : {kind}, default {default}"
    body = textwrap.fill(f"{summary} (in {domain})", 100)
    return head + "\n" + textwrap.indent(body, "    ")


def class_text(learner: dict[str, Any]) -> str:
    name, summary, more, is_random = CLASSES[learner["name"]]
    names = {parameter["name"]: snake(parameter["name"]) for parameter in learner["parameters"]}
    signature, assignments, entries, defaults = [], [], [], {}
    for parameter in learner["parameters"]:
        word = names[parameter["name"]]
        kind, default = type_and_default(parameter)
        defaults[word] = default
        signature.append(f"{word}: {kind} = {default!r},".replace("'", '"'))
        assignments.append(f"self.{word} = {word}")
        domain = translated(parameter["domain"], {}).replace(", or none", ", or None")
        entries.append(
            entry(word, kind, repr(default).replace("'", '"'), domain, translated(parameter["summary"], names))
        )
    for word, (kind, shown, domain, meaning) in COMMON.items():
        if word == "random_state" and not is_random:
            continue
        signature.append(f"{word}: {kind} = {shown},")
        assignments.append(f"self.{word} = {word}")
        entries.append(entry(word, kind, shown, domain, meaning))
    doc = [
        summary,
        "",
        textwrap.fill(f"{more} ``docs/learners/{learner['name']}.md`` says how.", 110),
        "",
        "Parameters",
        "----------",
        *entries,
        "",
        "Attributes",
        "----------",
        "n_features_in_ : int",
        "feature_names_in_ : ndarray of str, where X has names",
        *(["n_iter_ : int, steps until it ended"] if learner["name"] in ("svr", "boosting", "mlp") else []),
        *(["feature_importances_ : ndarray of shape (n_features_in_,)"] if "tree" in summary.lower() else []),
        "",
        EXAMPLE.format(name=name, quick=QUICK.get(learner["name"], "")),
    ]
    lines = [
        f"class {name}(LearnerEstimator):",
        textwrap.indent('"""' + "\n".join(doc) + '\n"""', "    ", lambda line: bool(line.strip())),
        "",
        f'    _learner = "{learner["name"]}"',
        "    _parameters = {",
        *[f'        "{word}": "{engine}",' for engine, word in names.items()],
        "    }",
        "    _defaults = {",
        *[f'        "{word}": {default!r},'.replace("'", '"') for word, default in defaults.items()],
        "    }",
        "",
        "    def __init__(",
        "        self,",
        "        *,",
        *["        " + line for line in signature],
        "    ) -> None:",
        *["        " + line for line in assignments],
    ]
    return "\n".join(lines)


def module_text() -> str:
    learners = [learner for learner in info()["learners"] if learner["name"] in CLASSES]
    head = '''"""The estimators, one a learner. Made by generate.py from the engine's tables: change it there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from swift_learners._base import LearnerEstimator

if TYPE_CHECKING:
    from numpy.random import RandomState
'''
    classes = [class_text(learner) for learner in learners]
    table = ["LEARNERS: dict[str, type[LearnerEstimator]] = {"]
    table += [f'    "{learner["name"]}": {CLASSES[learner["name"]][0]},' for learner in learners]
    return "\n\n\n".join([head.rstrip(), *classes, "\n".join([*table, "}"])]) + "\n"


def main() -> None:
    text = module_text()
    if sys.argv[1:] == ["--check"]:
        if not FILE.exists() or FILE.read_text() != text:
            sys.exit(f"{FILE} is not what the engine's parameters make of it: run make python-parameters")
    else:
        FILE.write_text(text)


main()
