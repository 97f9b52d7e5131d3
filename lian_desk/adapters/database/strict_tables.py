"""Typed, strict access to tables of a TOML file: every key is asked for, none is left over."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from lian_desk.models.errors import EnvironmentProblem, ErrorCode

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
_MISSING = object()


class Table:
    """One table of the file that knows its path, hands out typed values and reports keys nobody asked for."""

    def __init__(self, content: Mapping[str, object], path: str) -> None:
        """Wrap ``content`` found at ``path``."""
        self._content = content
        self._path = path
        self._asked: set[str] = set()

    def problem(self, detail: str) -> EnvironmentProblem:
        """Return the refusal of the pack, naming the place."""
        return EnvironmentProblem(ErrorCode.RULE_PACK_DAMAGED, edition=self._path.split(".")[0], detail=detail)

    def get(self, key: str, kind: type[T], default: object = _MISSING) -> T:
        """Return the value of ``key``, which must be of ``kind``."""
        self._asked.add(key)
        value = self._content.get(key, default)
        if value is _MISSING:
            raise self.problem(f"{self._path}.{key} 缺失")
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.problem(f"{self._path}.{key} 类型不符")
        return value

    def table(self, key: str) -> "Table":
        """Return the table under ``key``."""
        return Table(self.get(key, dict), f"{self._path}.{key}")

    def optional_table(self, key: str) -> "Table | None":
        """Return the table under ``key`` or None."""
        return self.table(key) if key in self._content else None

    def tables(self, key: str) -> "list[Table]":
        """Return the array of tables under ``key``; none is an empty list."""
        rows = self.get(key, list, [])
        return [Table(row, f"{self._path}.{key}[{index}]") for index, row in enumerate(rows)]

    def words(self, key: str) -> tuple[str, ...]:
        """Return an array of texts; none is empty."""
        values = self.get(key, list, [])
        if not all(isinstance(value, str) for value in values):
            raise self.problem(f"{self._path}.{key} 类型不符")
        return tuple(values)

    def member(self, key: str, vocabulary: type[E]) -> E:
        """Return a word of ``vocabulary``."""
        return self.as_member(self.get(key, str), vocabulary)

    def members(self, key: str, vocabulary: type[E]) -> frozenset[E]:
        """Return a set of words of ``vocabulary``."""
        return frozenset(self.as_member(word, vocabulary) for word in self.words(key))

    def as_member(self, word: str, vocabulary: type[E]) -> E:
        """Return the member for ``word`` or refuse."""
        try:
            return vocabulary(word)
        except ValueError:
            raise self.problem(f"{self._path}: {word} 不是 {vocabulary.__name__}") from None

    def keys(self) -> list[str]:
        """Return the keys of a table whose keys are data."""
        self._asked.update(self._content)
        return list(self._content)

    def close(self) -> None:
        """Refuse keys that nobody asked for."""
        unknown = sorted(set(self._content) - self._asked)
        if unknown:
            raise self.problem(f"{self._path}: 未知键 {'、'.join(unknown)}")


class Values:
    """Fields of the form ``name = { value = …, clause = "R…" }``; collects the clause of each."""

    def __init__(self, table: Table) -> None:
        """Read fields of ``table``."""
        self._table = table
        self.clauses: dict[str, str] = {}

    def field(self, name: str) -> Table | None:
        """Return the field's table after noting its clause; None if the field is absent."""
        entry = self._table.optional_table(name)
        if entry is not None:
            self.clauses[name] = entry.get("clause", str)
        return entry

    def number(self, name: str) -> int | None:
        """Return a whole number above zero, or None without a value."""
        entry = self.field(name)
        if entry is None:
            return None
        value = entry.get("value", object, None)
        entry.close()
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self._table.problem(f"{name} 须为正整数")
        return value

    def require_number(self, name: str) -> int:
        """Return a whole number above zero."""
        value = self.number(name)
        if value is None:
            raise self._table.problem(f"{name} 缺失")
        return value

    def members(self, name: str, vocabulary: type[E]) -> frozenset[E]:
        """Return a set of words; empty if the field is absent."""
        entry = self.field(name)
        if entry is None:
            return frozenset()
        words = entry.members("value", vocabulary)
        entry.close()
        return words

    def words(self, name: str) -> frozenset[str]:
        """Return a set of texts; empty if the field is absent."""
        entry = self.field(name)
        if entry is None:
            return frozenset()
        words = frozenset(entry.words("value"))
        entry.close()
        return words

    def is_set(self, name: str) -> bool:
        """Return a truth value; False if the field is absent."""
        entry = self.field(name)
        if entry is None:
            return False
        value = entry.get("value", bool)
        entry.close()
        return value

    def clause_only(self, *names: str) -> None:
        """Note the clauses of fields that hold nothing else."""
        for name in names:
            entry = self.field(name)
            if entry is None:
                raise self._table.problem(f"{name} 缺失")
            entry.close()
