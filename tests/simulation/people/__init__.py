"""What people ask for, sensible or not, a module for each area."""
