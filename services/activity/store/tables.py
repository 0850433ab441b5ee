"""The tables of activity."""

import sqlalchemy as sa

metadata = sa.MetaData()
