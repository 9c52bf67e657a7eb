/** What the library offers: built-in nodes and the catalog's functions, grouped or as a search finds them. */

import { type Catalog, type Schema, schemaTitle } from "@/graph/catalog";
import { grouped } from "@/graph/grouping";
import { searchBuiltIn, searchSchemas } from "@/graph/searching";
import { hasWords, searchable } from "@/graph/text_match";

export type LibraryItem =
  | {
      readonly type: "variableNode" | "listNode" | "viewNode" | "note";
      readonly title: string;
      readonly description: string;
    }
  | {
      readonly type: "functionNode";
      readonly title: string;
      readonly description: string;
      readonly schema: Schema;
    };

export interface LibraryGroup {
  readonly id: string;
  readonly title: string;
  readonly items: readonly LibraryItem[];
}

const NOTE: LibraryItem = {
  type: "note",
  title: "Note",
  description: "A comment beside your nodes, in Markdown",
};
const ORIGINS: readonly Schema["origin"][] = ["user", "package", "shipped"];

export function itemKey(item: LibraryItem): string {
  return item.type === "functionNode" ? item.schema.ref : item.type;
}

/** Built-in nodes first, then the user's own nodepacks, then what was installed, then what came with Psynapse. */
export function libraryGroups(catalog: Catalog): LibraryGroup[] {
  const packs = [...grouped(catalog.schemas, ({ nodepack }) => nodepack)].map(([pack, schemas]) => ({
    id: `pack:${pack}`,
    title: pack,
    items: schemas.map(functionItem).sort((a, b) => a.title.localeCompare(b.title)),
    rank: ORIGINS.indexOf(schemas[0]?.origin ?? "user"),
  }));
  packs.sort((a, b) => a.rank - b.rank || a.title.localeCompare(b.title));
  return [{ id: "built-in", title: "Built in", items: builtIn("") }, ...packs];
}

/** Everything that answers, best first. */
export function librarySearch(catalog: Catalog, text: string, recent: readonly string[]): LibraryItem[] {
  return [
    ...builtIn(text),
    ...searchSchemas(catalog, text, { recent }).map(({ schema }) => functionItem(schema)),
  ];
}

function builtIn(text: string): LibraryItem[] {
  const query = searchable(text);
  const kinds = searchBuiltIn(text).map(({ type, title, description }) => ({ type, title, description }));
  const note = query.text === "" || hasWords(searchable(`note ${NOTE.description}`).text, query);
  return note ? [...kinds, NOTE] : kinds;
}

function functionItem(schema: Schema): LibraryItem {
  return {
    type: "functionNode",
    title: schemaTitle(schema),
    description: firstLine(schema.docstring),
    schema,
  };
}

function firstLine(docstring: string): string {
  return docstring.trim().split("\n", 1)[0] ?? "";
}

/** `add(a: int, b: int = 0) → int` */
export function signatureOf({ name, params, returns }: Schema): string {
  const given = params.map((param) => `${param.name}: ${param.type}${defaultOf(param)}`);
  const made = returns.map((one) => (returns.length > 1 ? `${one.name}: ${one.type}` : one.type));
  return `${name}(${given.join(", ")}) → ${made.join(", ")}`;
}

function defaultOf({ default: value, default_repr, required }: Schema["params"][number]): string {
  if (required) return "";
  return ` = ${default_repr ?? JSON.stringify(value) ?? "…"}`;
}
