"""The command line: options, errors in plain words, runs, tables and files."""
