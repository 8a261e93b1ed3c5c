"""How long a check of one prescription takes in process, from its document to its findings; the target is 5 ms."""

from __future__ import annotations

from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from thecal.therapy.check_document import check_case, load_check

TARGET_MS = 5
REPEATS = 200
CHECKS = sorted((Path(__file__).parents[1] / "examples" / "checks").glob("*.toml"))


def main() -> None:
    """Print, for each example, reading and checking apart, and both beside the target."""
    for path in CHECKS:
        text = path.read_text(encoding="utf-8")
        check_case(load_check(text))  # the catalogue is read once in a process
        reading, checking = [], []
        for _ in range(REPEATS):
            began = perf_counter()
            case = load_check(text)
            read = perf_counter()
            check_case(case)
            reading.append((read - began) * 1e3)
            checking.append((perf_counter() - read) * 1e3)
        both = [a + b for a, b in zip(reading, checking, strict=True)]
        print(
            f"  {path.stem:<22} read {median(reading):5.2f} ms, check {median(checking):5.2f} ms, "
            f"95 % of both within {quantiles(both, n=20)[-1]:5.2f} ms (target {TARGET_MS} ms)"
        )


if __name__ == "__main__":
    main()
