"""The editor as a program of its own: a window, and a server that is kept running behind it."""
