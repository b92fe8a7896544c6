"""The examples of docs/python.md run, from the first to the last."""

import re
from pathlib import Path

import numpy as np
import pandas as pd

PAGE = Path(__file__).parents[2] / "docs" / "python.md"


def test_examples_of_the_page_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "agg")
    random = np.random.default_rng(5)
    size = random.uniform(50, 200, 60)
    wall = random.choice(["brick", "stone", "wood"], 60)
    price = 1000 * size + 20_000 * (wall == "stone") + 5000 * random.normal(size=60)
    houses = pd.DataFrame({"size": size, "rooms": random.integers(1, 8, 60), "wall": wall, "price": price})
    houses.to_csv("houses.csv", index=False)
    examples = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(examples) >= 3
    names = {}
    for example in examples:
        exec(compile(example, str(PAGE), "exec"), names)
    assert np.array_equal(names["load"]("price.safetensors").predict(names["X"]), names["model"].predict(names["X"]))
