"""Make it happen: schedule, call, record. Runs inside the worker."""
