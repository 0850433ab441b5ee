"""python -m services.scheduler api | worker | migrate."""

import sys

from chassis.main import main
from services.scheduler.parts import SCHEDULER

if __name__ == "__main__":
    sys.exit(main(SCHEDULER))
