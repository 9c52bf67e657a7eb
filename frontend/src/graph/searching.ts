/** Finding functions of the catalog and nodes of a workflow by what is typed. */

import { type Catalog, functionNameOf, type Schema, schemaTitle, titleOf } from "@/graph/catalog";
import { bestPort, type SchemaFit, type Side } from "@/graph/fitting";
import {
  hasWords,
  LEVELS,
  type Level,
  matchesNearly,
  matchName,
  type Searchable,
  searchable,
} from "@/graph/text_match";
import type { Fit } from "@/graph/types";
import type { Json, Kind, Note, Workflow, WorkflowNode } from "@/graph/workflow";

export interface SearchOptions {
  /** Only functions with a port that fits one of this type; `side` is the side that one is on. */
  readonly fits?: { readonly type: string; readonly side: Side };
  /** Refs that the user added lately, the latest first. */
  readonly recent?: readonly string[];
}

export interface SchemaHit {
  readonly schema: Schema;
  readonly level: Level;
  /** The port that fits, when one was asked for. */
  readonly handle?: string;
  readonly fit?: Fit;
}

interface Entry {
  readonly schema: Schema;
  readonly name: Searchable;
  readonly rest: string;
}

/** Guesses at slips are only worth their noise when little else answers. */
const ENOUGH = 5;
const entries = new WeakMap<Catalog, readonly Entry[]>();

/** The functions that answer, best first: by the name, then how well they fit, then how lately they were used. */
export function searchSchemas(catalog: Catalog, text: string, options: SearchOptions = {}): SchemaHit[] {
  const query = searchable(text);
  const all = entriesOf(catalog);
  const found = hitsAmong(all, options, (entry) => levelOf(entry, query));
  if (found.length >= ENOUGH || query.text === "") return found;
  const rest = all.filter((entry) => levelOf(entry, query) === null);
  return [
    ...found,
    ...hitsAmong(rest, options, ({ name }) => (matchesNearly(name, query) ? LEVELS.nearly : null)),
  ];
}

/** Of one catalog, those with short names first: what is otherwise equal stays in this order. */
function entriesOf(catalog: Catalog): readonly Entry[] {
  const known = entries.get(catalog);
  if (known) return known;
  const made = catalog.schemas.map((schema) => ({
    schema,
    name: searchable(schemaTitle(schema)),
    rest: searchable(`${schema.name} ${schema.nodepack} ${schema.docstring.slice(0, 1000)}`).text,
  }));
  made.sort((a, b) => a.name.text.length - b.name.text.length || (a.name.text < b.name.text ? -1 : 1));
  entries.set(catalog, made);
  return made;
}

function levelOf({ name, rest }: Entry, query: Searchable): Level | null {
  if (query.text === "") return LEVELS.exact;
  return matchName(name, query) ?? (hasWords(rest, query) ? LEVELS.elsewhere : null);
}

function hitsAmong(
  among: readonly Entry[],
  { fits, recent = [] }: SearchOptions,
  level: (entry: Entry) => Level | null,
): SchemaHit[] {
  const used = new Map(recent.map((ref, index) => [ref, index / recent.length]));
  const ranked: { hit: SchemaHit; rank: number }[] = [];
  for (const entry of among) {
    const found = level(entry);
    if (found === null) continue;
    const best = fits && bestPort(entry.schema, fits.type, fits.side);
    if (fits && !best) continue;
    const rank = found * 100 + (best?.rank ?? 0) * 10 + (used.get(entry.schema.ref) ?? 1);
    ranked.push({ hit: hitOf(entry.schema, found, best), rank });
  }
  return ranked.sort((a, b) => a.rank - b.rank).map(({ hit }) => hit);
}

function hitOf(schema: Schema, level: Level, best: SchemaFit | undefined): SchemaHit {
  return best ? { schema, level, handle: best.handle, fit: best.fit } : { schema, level };
}

/** The kinds of node that need no function, as the palette offers them. */
export interface BuiltIn {
  readonly type: Exclude<Kind, "functionNode">;
  readonly title: string;
  readonly description: string;
  /** The port to connect when the node is made at the end of an edge. */
  readonly input?: string;
  readonly output?: string;
}

export const BUILT_IN: readonly BuiltIn[] = [
  {
    type: "variableNode",
    title: "Variable",
    description: "A value set by hand: text, number, list, image …",
    output: "output",
  },
  {
    type: "listNode",
    title: "List",
    description: "Gathers several values into one list",
    input: "input-0",
    output: "output",
  },
  { type: "viewNode", title: "View", description: "Shows a value", input: "input" },
];

/** The built-in kinds that answer. `side` is the side of the port that the new node is to be connected to. */
export function searchBuiltIn(text: string, side?: Side): BuiltIn[] {
  const query = searchable(text);
  const fitting = BUILT_IN.filter(
    (kind) => side === undefined || (side === "output" ? kind.input : kind.output),
  );
  if (query.text === "") return fitting;
  return fitting.filter(({ title, description }) => {
    const name = searchable(title);
    return (
      matchName(name, query) !== null ||
      hasWords(searchable(description).text, query) ||
      matchesNearly(name, query)
    );
  });
}

export interface NodeHit {
  /** Of the node or note. */
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  /** What answered when it was not the title. */
  readonly found?: string;
}

interface NodeEntry {
  readonly catalog: Catalog;
  readonly title: string;
  readonly name: Searchable;
  readonly other: Searchable;
  readonly values: readonly string[];
}

const LONGEST_VALUE = 2_000;
const LONGEST_EXCERPT = 80;
const nodeEntries = new WeakMap<WorkflowNode, NodeEntry>();
const noteEntries = new WeakMap<Note, string>();

/** The nodes and notes that answer, best first: by title, function or id, then by values and texts. */
export function searchNodes(workflow: Workflow, catalog: Catalog, text: string): NodeHit[] {
  const query = searchable(text);
  if (query.text === "") return [];
  const hits: NodeHit[] = [];
  const add = (hit: NodeHit | null) => hit && hits.push(hit);
  for (const node of workflow.nodes.values()) add(nodeHit(node, catalog, query));
  for (const note of workflow.notes.values()) add(noteHit(note, query));
  return hits.sort((a, b) => a.level - b.level);
}

function nodeHit(node: WorkflowNode, catalog: Catalog, query: Searchable): NodeHit | null {
  const { title, name, other, values } = nodeEntryOf(node, catalog);
  const { id } = node;
  const level = matchName(name, query);
  if (level !== null) return { id, title, level };
  if (matchName(other, query) !== null) return { id, title, level: LEVELS.part, found: id };
  const value = values.find((one) => hasWords(one, query));
  if (value !== undefined) return { id, title, level: LEVELS.elsewhere, found: excerpt(value) };
  return matchesNearly(name, query) ? { id, title, level: LEVELS.nearly } : null;
}

function nodeEntryOf(node: WorkflowNode, catalog: Catalog): NodeEntry {
  const known = nodeEntries.get(node);
  if (known?.catalog === catalog) return known;
  const title = titleOf(catalog, node);
  const other = searchable(`${functionNameOf(node) ?? ""} ${node.id}`);
  const entry = { catalog, title, name: searchable(title), other, values: valuesOf(node) };
  nodeEntries.set(node, entry);
  return entry;
}

function valuesOf(node: WorkflowNode): string[] {
  const values = Object.entries(node.data).filter(
    ([name]) => !["label", "functionName", "ref"].includes(name),
  );
  return values.map(([, value]) => searchable(asText(value)).text).filter((value) => value !== "");
}

function asText(value: Json): string {
  // The bytes of an image answer every short search.
  if (typeof value === "string") return value.startsWith("data:") ? "" : value.slice(0, LONGEST_VALUE);
  return JSON.stringify(value).slice(0, LONGEST_VALUE);
}

function noteHit(note: Note, query: Searchable): NodeHit | null {
  const text = noteEntries.get(note) ?? searchable(note.text.slice(0, LONGEST_VALUE)).text;
  noteEntries.set(note, text);
  if (!hasWords(text, query)) return null;
  return { id: note.id, title: "Note", level: LEVELS.elsewhere, found: excerpt(note.text) };
}

function excerpt(text: string): string {
  return text.length > LONGEST_EXCERPT ? `${text.slice(0, LONGEST_EXCERPT)}…` : text;
}
