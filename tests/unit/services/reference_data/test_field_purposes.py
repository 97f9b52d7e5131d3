"""Why each field is asked: the table is whole, and every form that asks a customer names its fields in it."""

import re
from pathlib import Path

import pytest

from lian_desk.services.reference_data.field_purposes import (
    load_field_purposes,
    load_retention_classes,
    longest_retention_years,
    purpose_of,
)

ROOT = Path(__file__).resolve().parents[4]
FORMS = sorted((ROOT / "lian_desk" / "ui").rglob("*.py"))
ASKED = {word for path in FORMS for word in re.findall(r'asked="([a-z_]+)"', path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("name", sorted(load_field_purposes()))
def test_r20_a_field_has_a_purpose_a_freedom_and_a_time(name: str) -> None:
    found = purpose_of(name)
    assert found.label
    assert found.purpose.endswith("。")
    assert len(found.purpose) > 8
    why, freedom, time = found.lines
    assert found.purpose in why
    assert freedom.startswith("选填" if found.is_optional else "必填")
    assert found.retention.label in time


def test_r20_every_field_that_a_form_names_stands_in_the_table_and_none_is_idle() -> None:
    kinds = {"condition", "medication", "allergy", "operation"}
    assert set(load_field_purposes()) >= ASKED
    assert set(load_field_purposes()) - ASKED - kinds == {"need_text"} - ASKED


def test_r20_the_table_follows_the_law_of_least_data() -> None:
    """What may be declined is optional (R22); classes that end name their years, and the account of uses does not end."""
    assert {name for name, found in load_field_purposes().items() if found.is_optional} == {
        "former_names",
        "phone",
        "identity_note",
        "condition",
        "medication",
        "allergy",
        "operation",
    }
    classes = load_retention_classes()
    assert classes["account"].years is None
    assert longest_retention_years() == max(found.years for found in classes.values() if found.years)
    assert all(found.words for found in classes.values())
