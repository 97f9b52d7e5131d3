from pathlib import Path

import pyrage
import pytest

from lian_desk.adapters.storage.material_store import MaterialStore


@pytest.fixture
def identity() -> str:
    return str(pyrage.x25519.Identity.generate())


@pytest.fixture
def store(tmp_path: Path, identity: str) -> MaterialStore:
    return MaterialStore(tmp_path / "materials", identity)
