"""The rules of the model, one subject a file; `world` declares the state that they read and write."""
