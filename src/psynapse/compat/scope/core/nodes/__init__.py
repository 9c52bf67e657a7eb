"""The base of event-style nodes, and how they describe themselves."""

from scope.core.nodes.base import BaseNode, Node, NodeDefinition, NodeParam, NodePort

__all__ = ["BaseNode", "Node", "NodeDefinition", "NodeParam", "NodePort"]
