/** What the palette offers for what is typed, and what choosing it does. */

import { type Attachment, addFunction, addNode, addNote, insertOnEdge } from "@/document/commands";
import type { CanvasContextValue } from "@/editor/canvas_context";
import type { PaletteRequest } from "@/editor/canvas_ui";
import type { Catalog, Schema } from "@/graph/catalog";
import { type BuiltIn, searchBuiltIn, searchSchemas } from "@/graph/searching";
import type { Point } from "@/graph/workflow";

export type PaletteItem =
  | { readonly kind: "builtIn"; readonly key: string; readonly builtIn: BuiltIn }
  | { readonly kind: "note"; readonly key: string }
  | { readonly kind: "function"; readonly key: string; readonly schema: Schema; readonly handle?: string };

/** More than anybody scrolls through; typing finds the rest. */
const MOST = 60;

export function paletteItems(
  catalog: Catalog,
  text: string,
  { link, edge }: PaletteRequest,
  recent: readonly string[] = [],
): PaletteItem[] {
  const builtIn = edge === undefined ? searchBuiltIn(text, link?.side) : [];
  const fits = link ? { fits: { type: link.type, side: link.side } } : {};
  const hits = searchSchemas(catalog, text, { ...fits, recent });
  const isFree = edge === undefined && !link;
  const typed = text.trim().toLowerCase();
  const isNamed = isFree && "note".startsWith(typed);
  const isMeant = isFree && !isNamed && "comment".startsWith(typed);
  const functions = hits.slice(0, MOST).map(
    ({ schema, handle }): PaletteItem => ({
      kind: "function",
      key: schema.ref,
      schema,
      ...(handle === undefined ? {} : { handle }),
    }),
  );
  return [
    ...builtIn.map((one): PaletteItem => ({ kind: "builtIn", key: one.type, builtIn: one })),
    ...(isNamed ? [NOTE] : []),
    ...functions,
    ...(isMeant ? [NOTE] : []),
  ];
}

const NOTE: PaletteItem = { kind: "note", key: "note" };

/** Adds what was chosen, connected as was asked for. Returns the new node's id, or null when it could not go there. */
export function addItem(
  { document, catalog }: CanvasContextValue,
  item: PaletteItem,
  { link, edge }: PaletteRequest,
  point: Point,
): { readonly node: string } | { readonly note: string } | null {
  if (item.kind === "note") return { note: addNote(document, point) };
  if (item.kind === "builtIn") {
    const handle = link?.side === "output" ? item.builtIn.input : item.builtIn.output;
    const wired: Attachment | undefined = link && {
      from: link.from,
      side: link.side,
      handle: handle ?? null,
    };
    return { node: addNode(document, { type: item.builtIn.type, layout: point }, wired) };
  }
  if (edge !== undefined) {
    const node = insertOnEdge(document, edge, item.schema, point, catalog);
    return node === null ? null : { node };
  }
  const wired = link && { from: link.from, side: link.side, handle: item.handle ?? null };
  return { node: addFunction(document, item.schema, point, wired) };
}
