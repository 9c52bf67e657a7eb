import psynapse


@psynapse.node(executor="process", cache=False)
def heavy(n: int) -> int:
    return n


@psynapse.node
def light(n: int) -> int:
    return n


@psynapse.node(executor="thread")
class Waiting:
    def __call__(self) -> int:
        return 1
