import time

time.sleep(0.3)


def slept(x: int = 1) -> int:
    return x
