"""One file misses its dependency, its neighbour does not."""

import surely_not_installed_anywhere.deep


def predict(x: int) -> int:
    return surely_not_installed_anywhere.deep.run(x)
