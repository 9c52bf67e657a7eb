/** Which component draws which kind of node. One object for ever: React Flow mounts everything anew for another. */

import type { NodeTypes } from "@xyflow/react";
import { FunctionNode } from "@/editor/kinds/FunctionNode";
import { ListNode } from "@/editor/kinds/ListNode";
import { NoteNode } from "@/editor/kinds/NoteNode";
import { UnknownNode } from "@/editor/kinds/UnknownNode";
import { VariableNode } from "@/editor/kinds/VariableNode";
import { ViewNode } from "@/editor/kinds/ViewNode";

export const nodeTypes: NodeTypes = {
  functionNode: FunctionNode,
  variableNode: VariableNode,
  listNode: ListNode,
  viewNode: ViewNode,
  unknown: UnknownNode,
  note: NoteNode,
};
