"""From what people hold tables in to the engine's columns."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from swift_learners._library import FLOAT32, FLOAT64, LearnersError, Table


class Categories(NamedTuple):
    """A column of categories: the place of each row's text among the levels, -1 where it is missing."""

    codes: NDArray[np.int32]
    levels: list[str]
    #: Whether the column is of a type that only holds categories, and not just of texts.
    certain: bool


Column = tuple[str, "NDArray[np.float64] | Categories"]


def is_frame(X: Any) -> bool:
    """Whether X is a table with typed columns rather than an array: of pandas, of polars, or of Arrow's interface."""
    polars = sys.modules.get("polars")
    if polars is not None and isinstance(X, polars.LazyFrame):
        raise TypeError("X is a LazyFrame: collect() it first")
    return hasattr(X, "__arrow_c_stream__") or (hasattr(X, "columns") and hasattr(X, "dtypes"))


def columns(X: Any) -> list[Column]:
    """The columns of a frame, numbers as float64 with NaN where they are missing."""
    pandas, polars = sys.modules.get("pandas"), sys.modules.get("polars")
    if pandas is not None and isinstance(X, pandas.DataFrame):
        return list(_pandas_columns(X, pandas))
    if polars is not None and isinstance(X, polars.DataFrame):
        return list(_polars_columns(X, polars))
    try:
        import pyarrow
    except ImportError as error:
        raise TypeError(
            f"X is a {type(X).__name__}: install pyarrow for tables that are neither pandas nor polars"
        ) from error
    return list(_arrow_columns(pyarrow.table(X), pyarrow))


def column_names(X: Any) -> list[str]:
    """The names of a frame's columns."""
    names = getattr(X, "column_names", None)
    return [str(name) for name in (X.columns if names is None else names)]


def _pandas_columns(X: Any, pandas: Any) -> Iterator[Column]:
    types = pandas.api.types
    for place, label in enumerate(X.columns):
        name, column = str(label), X.iloc[:, place]
        kind = column.dtype
        if isinstance(kind, pandas.CategoricalDtype):
            yield name, _coded(column.cat.codes.to_numpy(), column.cat.categories, certain=True)
        elif types.is_bool_dtype(kind) or types.is_numeric_dtype(kind):
            if types.is_complex_dtype(kind):
                raise ValueError(f"Complex data not supported: column {name}")
            yield name, column.to_numpy(dtype=np.float64, na_value=np.nan)
        elif types.is_string_dtype(kind) or types.is_object_dtype(kind):
            yield name, _of_objects(name, column, pandas)
        else:
            raise TypeError(f"column {name} holds {kind}: {_NUMBERS_OR_TEXTS}")


_NUMBERS_OR_TEXTS = "make numbers of it (of a date its year or its age in days), or texts"


def _of_objects(name: str, column: Any, pandas: Any) -> NDArray[np.float64] | Categories:
    present = column[column.notna()]
    if len(present) > 0 and not all(isinstance(value, str) for value in present):
        try:
            return np.asarray(pandas.to_numeric(column), dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise TypeError(
                f"column {name} holds objects that are neither all texts nor all numbers: {error}"
            ) from error
    codes, levels = pandas.factorize(column)
    return _coded(codes, levels, certain=False)


def _coded(codes: Any, levels: Any, certain: bool) -> Categories:
    texts = [_text(level) for level in levels]
    if len(set(texts)) < len(texts):
        raise LearnersError("two categories of a column have the same text")
    return Categories(np.ascontiguousarray(codes, dtype=np.int32), texts, certain)


def _text(level: Any) -> str:
    """A number as the engine writes it: 3 and not 3.0."""
    if isinstance(level, float) and level.is_integer():
        return str(int(level))
    return str(level)


def _polars_columns(X: Any, polars: Any) -> Iterator[Column]:
    for series in X.iter_columns():
        kind = series.dtype
        if kind.is_numeric() or kind == polars.Boolean or kind == polars.Null:
            yield series.name, series.cast(polars.Float64).to_numpy()
        elif kind == polars.String or isinstance(kind, polars.Categorical | polars.Enum):
            levels = series.drop_nulls().unique(maintain_order=True).cast(polars.String)
            places = {text: place for place, text in enumerate(levels)}
            codes = np.fromiter(
                (-1 if text is None else places[text] for text in series.cast(polars.String)), np.int32, len(series)
            )
            yield series.name, Categories(codes, list(places), certain=kind != polars.String)
        else:
            raise TypeError(f"column {series.name} holds {kind}: {_NUMBERS_OR_TEXTS}")


def _arrow_columns(X: Any, pyarrow: Any) -> Iterator[Column]:
    types = pyarrow.types
    for name, column in zip(X.column_names, X.columns, strict=True):
        kind = column.type
        if (
            types.is_dictionary(kind)
            or types.is_string(kind)
            or types.is_large_string(kind)
            or types.is_string_view(kind)
        ):
            encoded = (
                column.combine_chunks() if types.is_dictionary(kind) else column.dictionary_encode().combine_chunks()
            )
            if isinstance(encoded, pyarrow.ChunkedArray):
                encoded = encoded.chunk(0) if encoded.num_chunks else pyarrow.array([], kind).dictionary_encode()
            codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
            yield name, _coded(codes, encoded.dictionary.to_pylist(), certain=types.is_dictionary(kind))
        elif (
            types.is_boolean(kind)
            or types.is_integer(kind)
            or types.is_floating(kind)
            or types.is_decimal(kind)
            or types.is_null(kind)
        ):
            numbers = (
                column.cast(pyarrow.float64())
                if not types.is_boolean(kind)
                else column.cast(pyarrow.int8()).cast(pyarrow.float64())
            )
            yield name, numbers.to_numpy()
        else:
            raise TypeError(f"column {name} holds {kind}: {_NUMBERS_OR_TEXTS}")


def add_columns(table: Table, added: Sequence[Column]) -> None:
    for name, values in added:
        if isinstance(values, Categories):
            table.add_categories(name, values.codes.ctypes.data, values.levels, values.certain)
        else:
            table.add_numbers(name, FLOAT64, values.ctypes.data, values.strides[0])


def add_array(table: Table, names: Sequence[str], X: NDArray[Any]) -> None:
    kind = FLOAT32 if X.dtype == np.float32 else FLOAT64
    table.add_matrix(names, kind, X.ctypes.data, X.strides)


def table_of(X: Any, names: Sequence[str]) -> Table:
    """The table of an array that has these names of columns, or of a frame, whose columns have their own."""
    table = Table(len(X) if hasattr(X, "__len__") else X.num_rows)
    if is_frame(X):
        add_columns(table, columns(X))
    else:
        add_array(table, names, X)
    return table
