"""Is a workflow right, and in what order does it run? Pure functions from workflow and catalog to a plan."""
