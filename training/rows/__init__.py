"""What a student learns from and is examined with: splits, own rows, the slice, lines of token ids and their order."""
