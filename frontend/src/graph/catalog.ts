/** The functions that nodes can be made of, as the server describes them, and which of them a node means. */

import { grouped } from "@/graph/grouping";
import type { Json, JsonObject, WorkflowNode } from "@/graph/workflow";

export interface Param {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly json_schema: JsonObject;
  readonly default?: Json;
  /** Stands in for a default that is not JSON. */
  readonly default_repr?: string;
  readonly literal_values?: readonly (string | number | boolean | null)[];
}

export interface Schema {
  readonly name: string;
  /** What people call it, where that is not its name. */
  readonly title?: string;
  /** `pack/file.py:name`, unique in a catalog. */
  readonly ref: string;
  readonly nodepack: string;
  readonly style: "function" | "progress" | "stream" | "pipeline";
  readonly params: readonly Param[];
  readonly returns: readonly { readonly name: string; readonly type: string }[];
  readonly docstring: string;
  readonly filepath: string;
  readonly origin: "user" | "package" | "shipped";
}

export interface Catalog {
  readonly schemas: readonly Schema[];
  readonly byRef: ReadonlyMap<string, Schema>;
  readonly byName: ReadonlyMap<string, readonly Schema[]>;
}

export function makeCatalog(schemas: readonly Schema[]): Catalog {
  const byRef = new Map(schemas.map((schema) => [schema.ref, schema]));
  return { schemas, byRef, byName: grouped(schemas, ({ name }) => name) };
}

/** Whose functions a bare name means first. */
const ORIGINS: readonly Schema["origin"][] = ["user", "package", "shipped"];

export const EMPTY_CATALOG: Catalog = makeCatalog([]);

/** What a function node's `ref` or `functionName` stands for, unless it is unknown or the name is ambiguous. */
export function schemaOf(catalog: Catalog, node: WorkflowNode): Schema | undefined {
  if (node.type !== "functionNode") return undefined;
  const { ref, functionName } = node.data;
  // A ref of another machine's pack: the name alone may still be unique here.
  return resolved(catalog, ref) ?? resolved(catalog, functionName);
}

/** The functions that a node's ambiguous name stands for; empty when there is nothing to choose. */
export function candidatesOf(catalog: Catalog, node: WorkflowNode): readonly Schema[] {
  if (node.type !== "functionNode" || schemaOf(catalog, node)) return [];
  return namesakes(catalog, node.data.functionName) ?? namesakes(catalog, node.data.ref) ?? [];
}

function resolved(catalog: Catalog, asked: Json | undefined): Schema | undefined {
  if (typeof asked !== "string" || asked === "") return undefined;
  const known = catalog.byRef.get(asked);
  if (known) return known;
  const found = namesakes(catalog, asked);
  return found?.length === 1 ? found[0] : undefined;
}

/** What a bare name may mean: the user's own functions come before those that were shipped, as on the server. */
function namesakes(catalog: Catalog, name: Json | undefined): readonly Schema[] | undefined {
  const found = typeof name === "string" ? catalog.byName.get(name) : undefined;
  if (!found) return undefined;
  const first = Math.min(...found.map(({ origin }) => ORIGINS.indexOf(origin)));
  return found.filter(({ origin }) => ORIGINS.indexOf(origin) === first);
}

const KIND_TITLES: Readonly<Record<string, string>> = {
  functionNode: "Function",
  variableNode: "Variable",
  listNode: "List",
  viewNode: "View",
};

/** What a function is called where people read it. */
export function schemaTitle({ title, name }: Pick<Schema, "title" | "name">): string {
  return title || name;
}

/** What a node is called on the screen: its label, else its function's title, else its kind. */
export function titleOf(catalog: Catalog, node: WorkflowNode): string {
  const { label } = node.data;
  if (typeof label === "string" && label !== "") return label;
  const schema = schemaOf(catalog, node);
  if (schema) return schemaTitle(schema);
  return functionNameOf(node) ?? KIND_TITLES[node.type] ?? (node.type || node.id);
}

/** The function's name as the node itself tells it, whether or not anything here has it. */
export function functionNameOf(node: WorkflowNode): string | undefined {
  if (node.type !== "functionNode") return undefined;
  const { ref, functionName } = node.data;
  if (typeof functionName === "string" && functionName !== "")
    return functionName.slice(functionName.lastIndexOf(":") + 1);
  return typeof ref === "string" && ref !== "" ? ref.slice(ref.lastIndexOf(":") + 1) : undefined;
}
