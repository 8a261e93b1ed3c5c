import pytest

from thecal.catalogue.anatomy import Anatomy, load_anatomy
from thecal.catalogue.kinetics import load_kinetics
from thecal.neuraxis import ExactEngine, Spine, build_spine


@pytest.fixture(scope="session")
def anatomy() -> Anatomy:
    return load_anatomy()


@pytest.fixture(scope="session")
def morphine(anatomy: Anatomy) -> Spine:
    return build_spine(load_kinetics("morphine"), anatomy, "T10")


@pytest.fixture(scope="session")
def baclofen(anatomy: Anatomy) -> Spine:
    return build_spine(load_kinetics("baclofen"), anatomy, "T10")


@pytest.fixture(scope="session")
def morphine_engine(morphine: Spine) -> ExactEngine:
    return ExactEngine(morphine)


@pytest.fixture(scope="session")
def baclofen_engine(baclofen: Spine) -> ExactEngine:
    return ExactEngine(baclofen)


@pytest.fixture(scope="session", params=["morphine", "baclofen"])
def engine(request: pytest.FixtureRequest) -> ExactEngine:
    """Each drug in turn."""
    return request.getfixturevalue(f"{request.param}_engine")
