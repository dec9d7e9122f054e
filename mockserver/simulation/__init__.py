"""What the imitated API computes: pure functions without HTTP, time or dice."""
