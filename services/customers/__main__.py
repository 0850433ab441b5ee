"""python -m services.customers api | worker | migrate."""

import sys

from chassis.main import main
from services.customers.parts import CUSTOMERS

if __name__ == "__main__":
    sys.exit(main(CUSTOMERS))
