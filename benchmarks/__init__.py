"""Side by side with peers, one command, a table out. Ratios measured in one run; no timing asserts in tests."""
