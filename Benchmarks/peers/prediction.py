"""Prediction by 500 trees of 31 leaves that LightGBM grew: 100,000 rows at once, or 10,000 rows one by one.

The trees are grown, converted and compiled before any clock starts. One by one, each library is called as closely as it
allows from Python: LightGBM and lleaves by the C function below their Python interface, so that what is compared is
the prediction.
"""
import ctypes
import tempfile

import lightgbm
import numpy as np
from sklearn.metrics import r2_score

TREES, LEAVES, SINGLE_ROWS = 500, 31, 10_000


class LightGBM:
    def __init__(self, arrays, threads, by_row):
        self.threads = threads
        self.x, self.y = np.ascontiguousarray(arrays["x_test"], np.float64), arrays["y_test"]
        if by_row:
            self.x, self.y = self.x[:SINGLE_ROWS], self.y[:SINGLE_ROWS]
        options = {"objective": "regression", "num_leaves": LEAVES, "learning_rate": 0.1, "num_threads": threads, "verbose": -1}
        self.model = lightgbm.train(options, lightgbm.Dataset(arrays["x"], arrays["y"]), TREES)
        self.predictions = np.zeros(len(self.x))
        self.prepare()
        self.predict = self.predict_rows if by_row else self.predict_all

    def fit(self):
        """Nothing: what is timed is the prediction."""

    def prepare(self):
        self.library = lightgbm.basic._LIB
        self.configuration = ctypes.c_void_p()
        self.library.LGBM_BoosterPredictForMatSingleRowFastInit(
            self.model._handle, 0, 0, 0, 1, ctypes.c_int32(self.x.shape[1]), b"num_threads=1",
            ctypes.byref(self.configuration))

    def predict_all(self):
        self.predictions = self.model.predict(self.x, num_threads=self.threads)

    def predict_rows(self):
        call, length, size = self.library.LGBM_BoosterPredictForMatSingleRowFast, ctypes.c_int64(), self.x.strides[0]
        rows, results = self.x.ctypes.data, self.predictions.ctypes.data
        for row in range(len(self.x)):
            call(self.configuration, ctypes.c_void_p(rows + row * size), ctypes.byref(length),
                 ctypes.c_void_p(results + 8 * row))

    def score(self):
        return r2_score(self.y, self.predictions)


class Lleaves(LightGBM):
    def prepare(self):
        import lleaves
        with tempfile.NamedTemporaryFile(suffix=".txt") as file:
            self.model.save_model(file.name)
            self.compiled = lleaves.Model(model_file=file.name)
            self.compiled.compile()

    def predict_all(self):
        self.predictions = self.compiled.predict(self.x, n_jobs=self.threads)

    def predict_rows(self):
        call, kind = self.compiled._c_entry_func, ctypes.POINTER(ctypes.c_double)
        rows, results = self.x.ctypes.data_as(kind), self.predictions.ctypes.data_as(kind)
        for row in range(len(self.x)):
            call(rows, results, row, row + 1)


class ONNXRuntime(LightGBM):
    def prepare(self):
        import onnxruntime
        from onnxmltools import convert_lightgbm
        from onnxmltools.convert.common.data_types import FloatTensorType
        model = convert_lightgbm(self.model, initial_types=[("x", FloatTensorType([None, self.x.shape[1]]))])
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads
        self.session = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        self.x = self.x.astype(np.float32)

    def predict_all(self):
        self.predictions = self.session.run(None, {"x": self.x})[0].ravel()

    def predict_rows(self):
        run = self.session.run
        for row in range(len(self.x)):
            self.predictions[row] = run(None, {"x": self.x[row:row + 1]})[0][0, 0]


def peer(workload, name, arrays, threads):
    kinds = {"lightgbm": LightGBM, "lleaves": Lleaves, "onnxruntime": ONNXRuntime}
    return kinds[name](arrays, threads, by_row=workload.endswith("-row"))
