/** Every change that can be made to a workflow, as functions of the open document. Each is one step to undo. */

export { connect, connectThrough, disconnect, insertOnEdge, reconnect } from "@/document/commands_edges";
export {
  alignNodes,
  arrange,
  distributeNodes,
  moveItems,
  moveNodes,
  resizeNode,
} from "@/document/commands_layout";
export {
  type Attachment,
  addFunction,
  addNode,
  deleteItems,
  duplicate,
  type Items,
  paste,
  setFunction,
} from "@/document/commands_nodes";
export { addNote, editNote, type NoteChange } from "@/document/commands_notes";
export {
  changeVariableType,
  clearValue,
  collapse,
  rename,
  setAppearance,
  setDescription,
  setValue,
} from "@/document/commands_values";
export type { NewNode } from "@/graph/new_node";
