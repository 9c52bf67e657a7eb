"""What outlives the server: its data directory and the log of its runs."""
