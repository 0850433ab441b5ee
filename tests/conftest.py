"""What every test can use."""

pytest_plugins = ["tests.spreading", "tests.system.plugin"]
