"""The tool kit behind scripts/: standard library only, so that it runs before anything is installed."""
