"""A network of two hidden layers of 64: batch 256, Adam, 20 epochs."""
import warnings

import numpy as np

EPOCHS, BATCH, UNITS, RATE = 20, 256, 64, 1e-3


class Sklearn:
    def __init__(self, arrays, threads):
        self.arrays = arrays

    def fit(self):
        from sklearn.neural_network import MLPRegressor
        model = MLPRegressor(
            hidden_layer_sizes=(UNITS, UNITS), activation="relu", solver="adam", alpha=0, batch_size=BATCH, learning_rate_init=RATE,
            max_iter=EPOCHS, n_iter_no_change=EPOCHS, early_stopping=False, random_state=0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.model = model.fit(self.arrays["x"], self.arrays["y"])

    def score(self):
        return float(np.mean(np.square(self.arrays["y"] - self.model.predict(self.arrays["x"]))))


class Torch:
    def __init__(self, arrays, threads):
        import torch
        torch.set_num_threads(threads)
        self.torch = torch
        self.x, self.y = torch.from_numpy(arrays["x"]), torch.from_numpy(arrays["y"])

    def fit(self):
        torch, layers = self.torch, self.torch.nn
        torch.manual_seed(0)
        self.model = layers.Sequential(
            layers.Linear(self.x.shape[1], UNITS), layers.ReLU(), layers.Linear(UNITS, UNITS), layers.ReLU(),
            layers.Linear(UNITS, 1))
        optimizer = torch.optim.Adam(self.model.parameters(), RATE)
        for _ in range(EPOCHS):
            for rows in torch.randperm(len(self.x)).split(BATCH):
                optimizer.zero_grad()
                layers.functional.mse_loss(self.model(self.x[rows]).squeeze(1), self.y[rows]).backward()
                optimizer.step()

    def score(self):
        with self.torch.no_grad():
            return float(self.torch.nn.functional.mse_loss(self.model(self.x).squeeze(1), self.y))


def peer(workload, name, arrays, threads):
    return {"scikit-learn": Sklearn, "torch": Torch}[name](arrays, threads)
