/** The colours that a node or note can be given: names in the file, tokens on the screen. */

export interface NodeColor {
  /** As the file has it. */
  readonly name: string;
  readonly label: string;
  /** The colour's token in app/tokens.css. */
  readonly token: string;
}

export const NODE_COLORS: readonly NodeColor[] = [
  { name: "blue", label: "Blue", token: "--node-blue" },
  { name: "teal", label: "Teal", token: "--node-teal" },
  { name: "green", label: "Green", token: "--node-green" },
  { name: "yellow", label: "Yellow", token: "--node-yellow" },
  { name: "orange", label: "Orange", token: "--node-orange" },
  { name: "red", label: "Red", token: "--node-red" },
  { name: "pink", label: "Pink", token: "--node-pink" },
  { name: "purple", label: "Purple", token: "--node-purple" },
  { name: "grey", label: "Grey", token: "--node-grey" },
];

const KIND_COLORS: Readonly<Record<string, string>> = {
  functionNode: "blue",
  variableNode: "purple",
  listNode: "orange",
  viewNode: "green",
};

const byName = new Map(NODE_COLORS.map((color) => [color.name, color]));
const GREY: NodeColor = { name: "grey", label: "Grey", token: "--node-grey" };

/** The colour of a node: the one it was given, else that of its kind. A name from a newer file counts as none. */
export function colorOf(type: string, given?: string): NodeColor {
  return byName.get(given ?? "") ?? byName.get(KIND_COLORS[type] ?? "") ?? GREY;
}
