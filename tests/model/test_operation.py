"""A node's callable beside its schema."""

from psynapse.model.ids import Ref
from psynapse.model.operation import Address, Operation
from psynapse.model.schema import NodeSchema


def test_an_operation_validates_nothing_and_is_a_function_unless_told_otherwise():
    schema = NodeSchema(ref=Ref("p/ops.py:abs"), name="abs", nodepack="p", filepath="ops.py")
    operation = Operation(schema, abs, Address("p", "ops.py", "p.ops", "abs"))
    assert not operation.is_class
    assert not operation.validators
    assert operation.callee(-3) == 3
