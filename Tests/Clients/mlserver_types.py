"""MLServer's own types and codecs against a server: mlserver_types.py URL MODEL. Run by test_clients.py in MLServer's
environment, which cannot be KServe's."""

import sys
import urllib.request

import numpy
import pandas
from mlserver.codecs import NumpyCodec, PandasCodec
from mlserver.types import InferenceResponse, MetadataModelResponse, MetadataServerResponse, RepositoryIndexResponse

url, model = sys.argv[1:]


def ask(path, body=None):
    data = None if body is None else body.encode()
    request = urllib.request.Request(url + path, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read()


frame = pandas.DataFrame({"area": [50.0, numpy.nan, 90.0], "kind": ["flat", "house", "igloo"]})
for use_bytes in [True, False]:
    request = PandasCodec.encode_request(frame, use_bytes=use_bytes)
    answer = InferenceResponse.model_validate_json(ask(f"/v2/models/{model}/infer", request.model_dump_json()))
    prices = NumpyCodec.decode_output(answer.outputs[0])
    assert prices.shape == (3,) and numpy.isfinite(prices).all(), prices
    assert answer.parameters.unknown_levels == "kind", answer.parameters
metadata = MetadataModelResponse.model_validate_json(ask(f"/v2/models/{model}"))
assert [tensor.name for tensor in metadata.inputs] == ["area", "kind"], metadata
assert MetadataServerResponse.model_validate_json(ask("/v2")).name == "learners"
index = RepositoryIndexResponse.model_validate_json(ask("/v2/repository/index", ""))
assert {str(getattr(entry.state, "value", entry.state)) for entry in index.root} == {"READY"}, index
print(" ".join(repr(float(price)) for price in prices))
