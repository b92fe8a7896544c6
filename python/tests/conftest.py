"""Tables that several tests learn from."""

import os

# Without it scikit-learn skips its check of array-API input. SciPy reads it when it is loaded.
os.environ["SCIPY_ARRAY_API"] = "1"

import numpy as np
import pytest


@pytest.fixture(scope="session")
def rows():
    """300 rows of 5 features, one of them without a say."""
    random = np.random.default_rng(7)
    X = random.normal(size=(300, 5))
    y = 3 * X[:, 0] - 2 * X[:, 1] * X[:, 2] + np.sin(3 * X[:, 3]) + random.normal(0, 0.1, 300)
    return X, y
