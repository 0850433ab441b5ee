"""python -m services.ownership api | worker | migrate."""

import sys

from chassis.main import main
from services.ownership.parts import OWNERSHIP

if __name__ == "__main__":
    sys.exit(main(OWNERSHIP))
