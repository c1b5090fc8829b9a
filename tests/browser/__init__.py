"""Tests of the explorer: its data without a browser, and its page in the system's Chromium."""
