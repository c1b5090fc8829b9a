"""What a user types and sees: options, faults in plain words, runs, tables and files."""
