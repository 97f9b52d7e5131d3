"""What of a material was lost before it came: a mark with page and line, no longer a refusal."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

NUMBERS = ("flaw_page", "flaw_line", "flaw_lines")


def upgrade() -> None:
    """Add the columns; what came in before was whole, or would not have come in."""
    op.add_column("material", sa.Column("flaw", sa.String(length=48), nullable=True))
    for name in NUMBERS:
        op.add_column("material", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Drop the columns."""
    for name in (*reversed(NUMBERS), "flaw"):
        op.drop_column("material", name)
