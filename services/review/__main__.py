"""python -m services.review api | worker | migrate."""

import sys

from chassis.main import main
from services.review.parts import REVIEW

if __name__ == "__main__":
    sys.exit(main(REVIEW))
