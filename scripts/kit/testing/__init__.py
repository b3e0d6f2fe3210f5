"""The test bench: template databases, stages and their results."""
