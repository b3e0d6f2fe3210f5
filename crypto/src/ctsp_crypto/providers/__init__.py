"""Who does the arithmetic: software, HSM, cloud. All speak the protocols of `ports`."""
