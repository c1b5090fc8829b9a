"""The golden numbers and messages, and what updates them."""
