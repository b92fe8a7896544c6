"""Tables read from a CSV file. Each library as its documents show it first: no types are told, none keeps the file mapped."""


class Reader:
    def __init__(self, path, threads):
        self.path, self.threads = str(path), threads
        self.table = None

    def fit(self):
        self.table = None
        self.table = self.read()

    def score(self):
        """Sum of the sizes of the numbers in the last column."""
        return float(self.last_column().abs().sum())

    def last_column(self):
        return self.table[self.table.columns[-1]]


class Polars(Reader):
    def read(self):
        import polars
        return polars.read_csv(self.path)


class Pandas(Reader):
    def read(self):
        import pandas
        return pandas.read_csv(self.path)


class DuckDB(Reader):
    def read(self):
        import duckdb
        connection = duckdb.connect()
        connection.execute(f"SET threads = {self.threads}")
        connection.execute(f"CREATE TABLE t AS SELECT * FROM read_csv('{self.path}')")
        return connection

    def last_column(self):
        name = self.table.execute("DESCRIBE t").fetchall()[-1][0]
        return self.table.execute(f'SELECT "{name}" FROM t').df()[name]


def peer(workload, name, arrays, threads):
    return {"polars": Polars, "duckdb": DuckDB, "pandas": Pandas}[name](arrays["table"], threads)
