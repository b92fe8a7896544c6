"""The data of the workloads: seeded, written once as .npy, read by ours and by the peers alike."""
from pathlib import Path

import numpy as np


def friedman(rows, columns, seed):
    """Friedman #1 with noise 1: five features matter, the others do not."""
    random = np.random.default_rng(seed)
    x = random.random((rows, columns))
    y = (10 * np.sin(np.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2 + 10 * x[:, 3] + 5 * x[:, 4]
         + random.standard_normal(rows))
    return x, y


def standardized(x):
    return (x - x.mean(axis=0)) / x.std(axis=0)


def smooth(train, test, columns, standardize_target=False, dtype=np.float64):
    """Friedman #1 with standardised features."""
    x, y = friedman(train + test, columns, seed=1)
    x = standardized(x)
    if standardize_target:
        y = standardized(y)
    return {"x": x[:train].astype(dtype), "y": y[:train].astype(dtype), "x_test": x[train:].astype(dtype),
            "y_test": y[train:].astype(dtype)}


def raw(train, test, columns):
    """Friedman #1 in single precision, as trees take it."""
    x, y = friedman(train + test, columns, seed=2)
    x, y = x.astype(np.float32), y.astype(np.float32)
    return {"x": x[:train], "y": y[:train], "x_test": x[train:], "y_test": y[train:]}


def linear(rows, columns):
    """Correlated normal features with means and scales of their own, a tenth of the variance noise."""
    random = np.random.default_rng(3)
    x = random.standard_normal((rows, columns))
    x += 0.5 * random.standard_normal((rows, 1))
    x = x * random.uniform(0.5, 2, columns) + random.uniform(-2, 2, columns)
    signal = x @ random.standard_normal(columns)
    return {"x": x, "y": signal + 0.3 * signal.std() * random.standard_normal(rows)}


def categorical(train, test):
    """Five categorical features of 10 to 1,000 levels with an effect each, five numeric ones, a tenth missing."""
    random = np.random.default_rng(4)
    rows = train + test
    levels = [10, 30, 100, 300, 1000]
    codes = np.stack([(count * random.random(rows) ** 2).astype(int) for count in levels], axis=1)
    numbers = random.random((rows, 5))
    effects = [random.standard_normal(count) for count in levels]
    y = sum(effect[codes[:, index]] for index, effect in enumerate(effects))
    y = y + 3 * numbers[:, 0] + 2 * np.sin(6 * numbers[:, 1]) * effects[1][codes[:, 1]] + 0.5 * random.standard_normal(rows)
    x = np.concatenate([codes, numbers], axis=1).astype(np.float32)
    x[random.random(x.shape) < 0.1] = np.nan
    y = y.astype(np.float32)
    return {"x": x[:train], "y": y[:train], "x_test": x[train:], "y_test": y[train:]}


def numeric_table(rows):
    """A CSV file of 21 columns of numbers of three or four decimals and several sizes."""
    x = np.random.default_rng(5).standard_normal((rows, 21)) * 10.0 ** (np.arange(21) % 5)
    return {"table.csv": lambda path: np.savetxt(
        path, x, delimiter=",", fmt=["%.4f" if column % 2 else "%.3f" for column in range(21)], comments="",
        header=",".join(f"c{column}" for column in range(21)))}


def mixed_table(rows):
    """A CSV file with an identifier, names that need quotes, moments, flags, numbers and free text."""
    random = np.random.default_rng(6)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    words = ["".join(random.choice(letters, random.integers(3, 10))) for _ in range(3000)]

    def name():
        first, second, third = (words[word] for word in random.integers(0, len(words), 3))
        return f'"{first.title()}, {second} ""{third}"""' if random.random() < 0.3 else f"{first.title()} {second}"

    def write(path):
        names = [name() for _ in range(20_000)]
        moments = np.datetime64("2020-01-01T00:00:00") + random.integers(0, 10**8, rows).astype("timedelta64[s]")
        with open(path, "w") as file:
            file.write("id,name,city,created,amount,count,flag,category,comment,score\n")
            for row in range(rows):
                comment = " ".join(words[word] for word in random.integers(0, len(words), random.integers(2, 7)))
                file.write(
                    f"{row},{names[random.integers(20_000)]},{words[random.integers(200)]},{moments[row]}Z,"
                    f"{random.uniform(0, 1000):.2f},{random.integers(100)},{'true' if random.random() < 0.5 else 'false'},"
                    f"{'ABCDEFGH'[random.integers(8)]},{comment},{random.standard_normal():.5f}\n")
    return {"table.csv": write}


def write(folder: Path, make):
    """Writes the arrays that `make()` gives, and has the files written that it gives functions for, unless they are there."""
    if (folder / "complete").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in make().items():
        if callable(array):
            array(folder / name)
        else:
            np.save(folder / f"{name}.npy", np.ascontiguousarray(array))
    (folder / "complete").touch()


def read(folder: Path):
    """The arrays, and the path of the table."""
    return {path.stem: np.load(path) for path in sorted(folder.glob("*.npy"))} | {
        path.stem: path for path in folder.glob("table.csv")}
