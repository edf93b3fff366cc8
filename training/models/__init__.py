"""The base of a student: weights, chat template, adapters on it, and what all that needs of memory."""
