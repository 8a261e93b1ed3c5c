"""Cases for tests of the bench, made from the examples of the project."""

from pathlib import Path

from thecal.bench.case import Case, load_case

EXAMPLES = Path(__file__).parents[2] / "examples"


def example(name: str) -> Case:
    """One of the project's examples."""
    return load_case((EXAMPLES / f"{name}.toml").read_text(encoding="utf-8"))
