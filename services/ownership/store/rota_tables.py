"""The tables of the duty rota: what it is built from, every build, whose turn it is."""

import sqlalchemy as sa

from chassis.columns import Instant, Json, append_only
from services.ownership.store.tables import metadata

staff_leave = sa.Table(
    "staff_leave",
    metadata,
    sa.Column("leave_id", sa.String(64), primary_key=True),
    sa.Column("staff_id", sa.String(64), nullable=False),
    sa.Column("first_day", sa.Date, nullable=False),
    sa.Column("last_day", sa.Date, nullable=False),
    sa.Column("cancelled", sa.Boolean(create_constraint=False), nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
)
sa.Index("staff_leave_by_last_day", staff_leave.c.last_day, staff_leave.c.staff_id)

violation_standing = sa.Table(
    "violation_standing",
    metadata,
    sa.Column("staff_id", sa.String(64), primary_key=True),
    sa.Column("claims_blocked", sa.Boolean(create_constraint=False), nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
)

call_assessment = sa.Table(
    "call_assessment",
    metadata,
    sa.Column("staff_id", sa.String(64), primary_key=True),
    sa.Column("week_start", sa.Date, primary_key=True),
    sa.Column("passed", sa.Boolean(create_constraint=False), nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
)

rota_ban = append_only(
    sa.Table(
        "rota_ban",
        metadata,
        sa.Column("ban_id", sa.String(36), primary_key=True),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("spot_check_id", sa.String(64), nullable=False, unique=True),
        sa.Column("clause", sa.Text, nullable=False),
        sa.Column("decision_id", sa.String(36), nullable=False),
        sa.Column("banned_at", Instant, nullable=False),
        sa.Column("until_at", Instant),
    )
)
sa.Index("rota_ban_by_staff", rota_ban.c.staff_id, rota_ban.c.banned_at)

rota_reinstatement = append_only(
    sa.Table(
        "rota_reinstatement",
        metadata,
        sa.Column("ban_id", sa.ForeignKey(rota_ban.c.ban_id), primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("actor_id", sa.String(64), nullable=False),
        sa.Column("decision_id", sa.String(36), nullable=False),
        sa.Column("reinstated_at", Instant, nullable=False),
    )
)

rota = append_only(
    sa.Table(
        "rota",
        metadata,
        sa.Column("week_start", sa.Date, primary_key=True),
        sa.Column("scheme", sa.String(10), primary_key=True),
        sa.Column("build", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("groups", Json, nullable=False),
        sa.Column("members", Json, nullable=False),
        sa.Column("left_out", Json, nullable=False),
        sa.Column("months", Json, nullable=False),
        sa.Column("cause", sa.String(30), nullable=False),
        sa.Column("decision_id", sa.String(36), nullable=False),
        sa.Column("built_at", Instant, nullable=False),
    )
)

rota_turn = sa.Table(
    "rota_turn",
    metadata,
    sa.Column("week_start", sa.Date, primary_key=True),
    sa.Column("scheme", sa.String(10), primary_key=True),
    sa.Column("ring", sa.String(130), primary_key=True),
    sa.Column("last", sa.String(130), nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)
