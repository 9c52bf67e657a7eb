"""Measurements: what a node costs here, beside a plain Python loop and beside other engines."""
