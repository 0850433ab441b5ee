"""python -m services.activity api | worker | migrate."""

import sys

from chassis.main import main
from services.activity.parts import ACTIVITY

if __name__ == "__main__":
    sys.exit(main(ACTIVITY))
