"""Why a field is asked, whether it may be left out, and how long it is kept (R20, R22, R90): resources/privacy."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from lian_desk.adapters.machine.resources import resource_path


@dataclass(frozen=True, slots=True)
class Retention:
    """How long data of a class is kept after the end of the contract; ``years`` None: as long as the policy is known."""

    code: str
    label: str
    years: int | None

    @property
    def words(self) -> str:
        """Return the class and its time in words."""
        how_long = "随保单长期保留" if self.years is None else f"保险合同终止后保存 {self.years} 年"
        return f"{self.label}，{how_long}"


@dataclass(frozen=True, slots=True)
class FieldPurpose:
    """One field: what it is asked for, whether the insured may leave it out, and its retention class."""

    name: str
    label: str
    purpose: str
    is_optional: bool
    retention: Retention

    @property
    def words(self) -> str:
        """Return what stands behind ⓘ."""
        return f"{self.purpose}（R20）"

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the same at length: purpose, whether it must be given, how long it is kept."""
        freedom = "选填：被保险人有权决定是否提供（R22）" if self.is_optional else "必填：缺少时不能提供本项服务"
        return (f"为何询问：{self.purpose}", freedom, f"保存期限：{self.retention.words}")


@cache
def load_field_purposes() -> Mapping[str, FieldPurpose]:
    """Return every field that a form asks of a customer, by its name."""
    document = _document()
    classes = load_retention_classes()
    return {
        name: FieldPurpose(name, row["label"], row["purpose"], row.get("optional", False), classes[row["retention"]])
        for name, row in document["fields"].items()
    }


@cache
def load_retention_classes() -> Mapping[str, Retention]:
    """Return the retention classes by their code."""
    return {
        code: Retention(code, row["label"], None if row.get("keeps_forever") else row["years"])
        for code, row in _document()["retention"].items()
    }


def purpose_of(name: str) -> FieldPurpose:
    """Return the purpose of a field; a field without one is a bug and raises ``KeyError``."""
    return load_field_purposes()[name]


def longest_retention_years() -> int:
    """Return the longest time of any class that ends: before that a file is not erased for its age (R90)."""
    return max(found.years for found in load_retention_classes().values() if found.years is not None)


def _document() -> dict[str, Any]:
    return tomllib.loads(resource_path("privacy", "fields.toml").read_text(encoding="utf-8"))
