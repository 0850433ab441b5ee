"""The tables of scheduler."""

import sqlalchemy as sa

metadata = sa.MetaData()
