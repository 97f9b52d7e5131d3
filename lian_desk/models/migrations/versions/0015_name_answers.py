"""Whose name stands on a material: one of three answers, and by which sign a person answered."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ANSWERED = """
update material set name_answer = case
    when state = 'quarantined' or name_matches = 0 then 'other'
    when exists (select 1 from material_finding as found where found.material_id = material.id
                 and found.field in ('name', 'identity_number') and found.match = 'other'
                 and found.state <> 'confirmed') then 'other'
    when exists (select 1 from material_finding as found where found.material_id = material.id
                 and found.field = 'name' and (found.match = 'same' or found.state = 'confirmed')) then 'insured'
    when exists (select 1 from material_finding as found where found.material_id = material.id
                 and found.field = 'name' and found.confidence >= 0.6) then 'other'
    when state = 'confirmed' and name_matches = 1 then 'insured'
    else 'unseen' end
"""
"""What was confirmed under the rule of its day stands; what is not confirmed yet and shows no name is asked for."""


def upgrade() -> None:
    """Add the columns and say of every material what is known."""
    op.add_column("material", sa.Column("name_answer", sa.String(length=48), nullable=False, server_default="unseen"))
    op.add_column("material", sa.Column("own_sign", sa.String(length=48), nullable=True))
    op.add_column("material", sa.Column("own_sign_note", sa.Text(), nullable=True))
    op.execute(ANSWERED)


def downgrade() -> None:
    """Drop the columns."""
    for name in ("own_sign_note", "own_sign", "name_answer"):
        op.drop_column("material", name)
