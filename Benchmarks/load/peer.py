"""The same service by the usual means: FastAPI, pydantic, LightGBM; run by uvicorn with two workers."""

import os

import lightgbm
import numpy
from fastapi import FastAPI
from pydantic import BaseModel, create_model

FEATURES = [f"f{index}" for index in range(20)]
model = lightgbm.Booster(model_file=os.environ["PEER_MODEL"])
Instance = create_model("Instance", **{name: (float | None, None) for name in FEATURES})


class Request(BaseModel):
    instances: list[Instance]


app = FastAPI()


@app.post("/api/predict")
async def predict(request: Request):
    rows = numpy.array(
        [[getattr(row, name) for name in FEATURES] for row in request.instances], dtype=float
    )
    values = model.predict(rows, num_threads=1)
    return {"predictions": [{"y": value} for value in values.tolist()]}
