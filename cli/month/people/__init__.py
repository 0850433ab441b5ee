"""What the people of the company do, a module for each area."""
