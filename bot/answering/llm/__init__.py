"""The second answerer: a chat model that words what the code has found, and the code checks."""
