from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.dialects.sqlite.pysqlite import dialect

from lian_desk.models.base import AwareTime
from lian_desk.models.tables.schema import metadata
from lian_desk.models.vocabulary import RequestStatus
from lian_desk.services.demo.row_buffer import RowBuffer, _BulkInsert, _moment

DIALECT = dialect()


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 20, 9, 0, 0, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 2, 28, 1, 2, 3, 456_789, tzinfo=timezone(timedelta(hours=8))),
    ],
)
def test_moments_are_stored_as_the_column_type_stores_them(moment):
    assert _moment(moment) == AwareTime().process_bind_param(moment, DIALECT)


def test_every_column_of_every_table_goes_through_its_type():
    for table in metadata.sorted_tables:
        insert = _BulkInsert(table, DIALECT)
        assert insert.statement.replace('"', "").startswith(
            f"INSERT INTO {table.name} ({', '.join(table.columns.keys())})"
        )


def test_rows_have_the_shape_of_their_table_whatever_is_given():
    row = RowBuffer().add("service_request", status=RequestStatus.DRAFT, id=7)
    assert list(row) == list(metadata.tables["service_request"].columns.keys())
    values = _BulkInsert(metadata.tables["service_request"], DIALECT).parameters(row)
    assert values[0] == 7
    assert type(values[list(row).index("status")]) is str


def test_an_unknown_word_is_refused():
    row = RowBuffer().add("service_request", status="no such status")
    with pytest.raises(KeyError):
        _BulkInsert(metadata.tables["service_request"], DIALECT).parameters(row)
