"""Floors of reading: the same rows by one plain statement on the driver, without the desk's own work around it."""

from collections.abc import Callable
from typing import Any

from lian_desk.adapters.machine.sqlcipher import DriverConnection
from lian_desk.services.names.search_terms import prefix_range, query_words

_ROWS = (
    "SELECT f.id, f.number, f.last_event_at, p.name, p.sex, p.born_on, p.phone, c.effective_on, o.name, "
    "(SELECT status FROM policy_status_period s WHERE s.policy_id = f.policy_id ORDER BY s.true_from DESC LIMIT 1), "
    "(SELECT disease_name FROM disease_entry d WHERE d.assistance_file_id = f.id LIMIT 1), "
    "(SELECT count(*) FROM service_request r WHERE r.assistance_file_id = f.id AND r.is_open) "
    "FROM assistance_file f JOIN insured_person p ON p.id = f.insured_person_id JOIN policy c ON c.id = f.policy_id "
    "JOIN operator o ON o.id = f.case_manager_id "
)
_ORDER = "ORDER BY f.last_event_at DESC, f.id DESC LIMIT ?"
_FEED = (
    "SELECT happened_at, category, title, detail FROM file_entry WHERE assistance_file_id = ? "
    "ORDER BY happened_at DESC, id DESC"
)


def first_rows(connection: DriverConnection, count: int) -> Callable[[], list[tuple[Any, ...]]]:
    """Return a read of the first ``count`` rows of the file list."""
    return lambda: connection.execute(_ROWS + _ORDER, (count,)).fetchall()


def found_rows(connection: DriverConnection, text: str, count: int) -> Callable[[], list[tuple[Any, ...]]]:
    """Return a read of the first ``count`` files that ``text`` finds."""
    conditions: list[str] = []
    values: list[object] = []
    for prefixes in query_words(text):
        ranges = []
        for prefix in prefixes:
            ranges.append("(term >= ? AND term < ?)")
            values.extend(prefix_range(prefix))
        conditions.append(f"f.id IN (SELECT assistance_file_id FROM search_term WHERE {' OR '.join(ranges)})")  # noqa: S608
    statement = f"{_ROWS} WHERE {' AND '.join(conditions)} {_ORDER}"
    return lambda: connection.execute(statement, (*values, count)).fetchall()


def one_file(connection: DriverConnection, file_id: int) -> Callable[[], list[tuple[Any, ...]]]:
    """Return a read of one file's head and feed."""

    def read() -> list[tuple[Any, ...]]:
        head = connection.execute(_ROWS + "WHERE f.id = ?", (file_id,)).fetchall()
        return head + connection.execute(_FEED, (file_id,)).fetchall()

    return read
