"""Models on which the tests of the kernel part `core` run."""
