"""Typed text that is not saved yet, kept in the encrypted database so that it survives a crash."""

import json
from collections.abc import Callable, Mapping

from sqlalchemy import Select, delete, select

from lian_desk.adapters.database.database import Database
from lian_desk.adapters.machine.clock import Clock
from lian_desk.models.tables.workspace.draft import Draft


class DraftStore:
    """Keeps one set of values per form and operator. Not a command: a draft is nobody's fact yet."""

    def __init__(self, database: Database, operator_id: int, new_id: Callable[[], int], clock: Clock) -> None:
        """Keep the drafts of ``operator_id``."""
        self._database = database
        self._operator_id = operator_id
        self._new_id = new_id
        self._clock = clock

    def save(self, form_key: str, values: Mapping[str, object]) -> None:
        """Keep ``values`` (plain JSON values) for ``form_key``, in place of what was kept before."""
        text = json.dumps(values, ensure_ascii=False)
        with self._database.write_session() as session:
            draft = session.scalar(self._mine(form_key))
            if draft is None:
                session.add(
                    Draft(
                        id=self._new_id(),
                        operator_id=self._operator_id,
                        form_key=form_key,
                        values=text,
                        saved_at=self._clock.now(),
                    )
                )
            else:
                draft.values = text
                draft.saved_at = self._clock.now()
            session.commit()

    def load(self, form_key: str) -> dict[str, object] | None:
        """Return the kept values of ``form_key``, or None."""
        with self._database.read_session() as session:
            draft = session.scalar(self._mine(form_key))
            if draft is None:
                return None
            values: dict[str, object] = json.loads(draft.values)
            return values

    def drop(self, form_key: str) -> None:
        """Forget the values of ``form_key``: they were saved or thrown away on purpose."""
        with self._database.write_session() as session:
            session.execute(delete(Draft).where(Draft.operator_id == self._operator_id, Draft.form_key == form_key))
            session.commit()

    def keys(self) -> list[str]:
        """Return the forms that have a draft, the newest first."""
        with self._database.read_session() as session:
            return list(
                session.scalars(
                    select(Draft.form_key).where(Draft.operator_id == self._operator_id).order_by(Draft.saved_at.desc())
                )
            )

    def _mine(self, form_key: str) -> Select[Draft]:
        return select(Draft).where(Draft.operator_id == self._operator_id, Draft.form_key == form_key)
