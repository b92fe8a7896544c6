"""Writes safetensors.safetensors: a file of the format's own library, for SafetensorsFileTests.

Made with safetensors 0.8.0, numpy 2.4.6, Python 3.11.7: pip install safetensors numpy; python make-safetensors.py
"""
import pathlib

import numpy
from safetensors.numpy import save_file

tensors = {
    "double": numpy.array([[0.1, -0.0, 5e-324], [1e308, numpy.inf, numpy.nan]], dtype=numpy.float64),
    "single": numpy.array([0.1, -3.25e38], dtype=numpy.float32),
    "int": numpy.array([[-(2**31)], [2**31 - 1]], dtype=numpy.int32),
    "long": numpy.array([0, 2**64 - 1], dtype=numpy.uint64),
    "byte": numpy.arange(3, dtype=numpy.uint8),
    "scalar": numpy.array(2.5, dtype=numpy.float64),
    "empty": numpy.zeros((0, 4), dtype=numpy.float32),
    "naïve \"name\"\n": numpy.array([1.0]),
}
metadata = {"plain": "text", "hard": "“quoted” \\ \t \u0001 𝄞"}
save_file(tensors, pathlib.Path(__file__).with_name("safetensors.safetensors"), metadata=metadata)
