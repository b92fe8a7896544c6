"""What is studied: tables of repositories, each with all features and without those that come with stars."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Table:
    name: str
    files: tuple[str, ...]
    target: str
    # Features that people give together with stars, the strongest first.
    forks: str
    watchers: str | None
    seeds: int
    about: str

    def paths(self, data: Path) -> list[str]:
        return [str(path) for pattern in self.files for path in sorted(data.glob(pattern))]

    def feature_sets(self) -> dict[str, list[str]]:
        """Name of each set, and the features that it lacks."""
        sets = {"all": [], "without forks": [self.forks]}
        if self.watchers:
            sets["without forks and watchers"] = [self.forks, self.watchers]
        return sets


TABLES = [
    Table("search-2025", ("search-2025/page-*.json",), "stars", "forks", None, 5,
          "the 1,000 most starred repositories, May 2025"),
    Table("top1000-2021", ("top1000-2021.csv",), "stargazers_count", "forks", None, 5,
          "the 1,000 most starred repositories, May 2021"),
    Table("gitstar-10k", ("gitstar-10k.csv",), "stargazers", "forkCount", "watchers", 1,
          "a cross-section of 10,000, February 2020"),
    Table("topics-2022", ("topics-2022.csv",), "stargazers_count", "forks", "subscribers", 1,
          "23,291 found by topic, April 2022"),
]

# Features that both tables of the most starred have under the same names.
TRANSFERS = [("top1000-2021", "search-2025"), ("search-2025", "top1000-2021")]
