"""What is measured: data, peers, and what "not worse" means, for each workload."""
from dataclasses import dataclass
from functools import partial
from typing import Callable

import data


@dataclass(frozen=True)
class Score:
    """What the models are compared by. Ours counts as not worse within `tolerance` of that of the peer `against`, of the
    fastest peer without one."""
    name: str
    higher_is_better: bool
    tolerance: float
    relative: bool = False
    against: str | None = None

    def not_worse(self, ours, theirs):
        room = self.tolerance * (abs(theirs) if self.relative else 1)
        return ours >= theirs - room if self.higher_is_better else ours <= theirs + room


@dataclass(frozen=True)
class Workload:
    name: str
    dataset: str
    make: Callable
    peers: tuple
    score: Score
    # What the ratio is about, "fit" or "predict"; "both" gives a second row NAME-predict
    timed: str = "fit"
    predict_score: Score | None = None


SKLEARN, INTELEX = "scikit-learn", "scikit-learn-intelex"
TABLE_READERS = ("polars", "duckdb", "pandas")
BOOSTERS = ("lightgbm", "lightgbm quantised", "xgboost", "catboost", SKLEARN)
RIDGE_SOLVERS = tuple(f"{SKLEARN} {solver}" for solver in ("cholesky", "svd", "lsqr", "sparse_cg", "sag", "saga"))

BOOSTING_R2 = Score("test R²", True, 0.0005, against="lightgbm")
FOREST_R2 = Score("test R²", True, 0.002)
OBJECTIVE = Score("objective", False, 1e-8, relative=True)
SIZES = Score("sum of the last column's sizes", False, 1e-9, relative=True)
DUAL = Score("dual objective", False, 1e-3, relative=True)


def smooth(rows, columns=20, **options):
    return f"smooth-{rows}x{columns}" + "-float" * bool(options), partial(data.smooth, rows, 10_000, columns, **options)


def raw(rows, columns, test=50_000):
    return f"raw-{rows}-{test}x{columns}", partial(data.raw, rows, test, columns)


def svr(name, rows, **options):
    return Workload(name, *smooth(rows), peers=(SKLEARN, INTELEX), score=DUAL, **options)


def boosting(name, rows, columns):
    return Workload(name, *raw(rows, columns), peers=BOOSTERS, score=BOOSTING_R2)


WORKLOADS = [
    Workload("ridge-fit", "linear-200000x200", partial(data.linear, 200_000, 200), (*RIDGE_SOLVERS, INTELEX), OBJECTIVE),
    Workload("ridge-wide", "linear-500x20000", partial(data.linear, 500, 20_000),
             (f"{SKLEARN} cholesky", f"{SKLEARN} svd", f"{SKLEARN} lsqr", f"{SKLEARN} sparse_cg", INTELEX), OBJECTIVE),
    Workload("ridge-cv", "linear-200000x200", partial(data.linear, 200_000, 200), (f"{SKLEARN} GridSearchCV",),
             Score("best mean squared error", False, 1e-8, relative=True)),
    svr("svr-2k", 2_000),
    svr("svr-10k", 10_000, timed="both", predict_score=Score("test R²", True, 0.001)),
    svr("svr-30k", 30_000),
    Workload("svr-grid", *smooth(2_000), peers=(f"{SKLEARN} GridSearchCV",),
             score=Score("best mean R²", True, 0.0005)),
    Workload("mlp-50k", *smooth(50_000, 50, standardize_target=True, dtype="float32"), peers=(SKLEARN, "torch"),
             score=Score("training loss", False, 0.0)),
    boosting("boosting-1k", 1_000, 20),
    boosting("boosting-10k", 10_000, 20),
    boosting("boosting-100k", 100_000, 20),
    boosting("boosting-500k", 500_000, 50),
    Workload("boosting-categorical", "categorical-100000", partial(data.categorical, 100_000, 50_000),
             ("lightgbm", "catboost"), BOOSTING_R2),
    Workload("forest-50k", *raw(50_000, 30), peers=(SKLEARN, INTELEX), score=FOREST_R2, timed="both",
             predict_score=FOREST_R2),
    Workload("extra-trees-50k", *raw(50_000, 30), peers=(SKLEARN,), score=FOREST_R2, timed="both",
             predict_score=FOREST_R2),
    *(Workload(name, *raw(20_000, 20, test=100_000), peers=("lightgbm", "lleaves", "onnxruntime"),
               score=Score("test R²", True, 0.002), timed="predict") for name in ("predict-500", "predict-500-row")),
    Workload("csv-read-numeric", "csv-numeric", partial(data.numeric_table, 1_000_000), TABLE_READERS, SIZES),
    Workload("csv-read-mixed", "csv-mixed", partial(data.mixed_table, 1_000_000), TABLE_READERS, SIZES),
]

# The whole main job as a process, start-up included, against a script that does the same.
WHOLE_JOB = Workload("whole-job", "", dict, ("scikit-learn script",), Score("best R² of ln(1 + stars)", True, 0.002))

# Each learner with two threads against itself with one: more threads must never cost time.
THREADS = [
    Workload(f"threads-{learner}-{rows}", *smooth(rows), peers=("one thread",), score=Score("test R²", True, 0.0))
    for learner in ("ridge", "svr", "forest", "extra-trees", "boosting", "mlp") for rows in (200, 2_000, 20_000)]


def named(name):
    """The workload of that name, or all whose names begin with it; all without a name."""
    workloads = [*WORKLOADS, WHOLE_JOB, *THREADS]
    exact = [workload for workload in workloads if workload.name == name]
    return exact or [workload for workload in workloads if workload.name.startswith(name or "")]
