"""Values of parameters: from this package's words to the engine's, and back."""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.utils.validation import check_random_state

from swift_learners._library import LearnersError

#: Parameters whose value is a list as a whole.
LISTS = ("quantiles", "monotonic_cst", "interaction_cst")


def is_same(value: Any, default: Any) -> bool:
    """Whether a value is the default, and need not be said."""
    if value is None or default is None or isinstance(value, bool) or isinstance(default, bool):
        return value is default
    return bool(isinstance(value, str | numbers.Number) and value == default)


def text_of(name: str, value: Any, names: Sequence[str] | None) -> str:
    """A value of a parameter in the engine's words."""
    if isinstance(value, str):
        return value
    if name == "monotonic_cst" and value is not None:
        return _monotone(value, names)
    if name == "interaction_cst" and value is not None:
        groups = [[_column(column, names) for column in group] for group in value]
        return "/".join(",".join(group) for group in groups)
    if name == "quantiles" and value is not None:
        return ",".join(repr(float(level)) for level in value)
    if value is None:
        return "none" if name in LISTS else "auto"
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, numbers.Integral):
        return str(int(value))
    if isinstance(value, numbers.Real):
        return repr(float(value))
    raise LearnersError(f"{name} = {value!r}: it must be a number, a text or None")


def _monotone(value: Any, names: Sequence[str] | None) -> str:
    if not isinstance(value, Mapping):
        value = dict(enumerate(value))
    for direction in value.values():
        if direction not in (-1, 0, 1):
            raise LearnersError(f"monotonic_cst: {direction!r} is no direction: use 1, -1 or 0")
    return (
        ",".join(f"{_column(key, names)}:{direction:+d}" for key, direction in value.items() if direction != 0)
        or "none"
    )


def _column(key: Any, names: Sequence[str] | None) -> str:
    """The name of a column, in quotes where it has to be."""
    if isinstance(key, numbers.Integral) and names is not None:
        if not 0 <= int(key) < len(names):
            raise LearnersError(f"there is no column {key}: there are {len(names)}")
        key = names[int(key)]
    name = str(key)
    return '"' + name.replace('"', '""') + '"' if name == "none" or any(sign in name for sign in ',:/"') else name


def seed_of(random_state: Any) -> int:
    """None is 0: the same call gives the same model. A generator gives its next number."""
    if random_state is None:
        return 0
    if isinstance(random_state, numbers.Integral):
        if not 0 <= int(random_state) < 1 << 64:
            raise LearnersError(f"random_state = {random_state}: must be in [0, 2^64)")
        return int(random_state)
    return int(check_random_state(random_state).randint(np.iinfo(np.int32).max))


def parsed(value: Any, default: Any, name: str) -> Any:
    """A value of the engine in this package's words."""
    if value == "auto" or (value == "none" and default is None):
        return None
    if name == "quantiles":
        return [float(level) for level in value.split(",")]
    if isinstance(default, float) and isinstance(value, int):
        return float(value)
    return math.nan if value == "nan" else value
