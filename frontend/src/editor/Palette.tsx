/** Nodes to add, at the pointer: filtered to what fits when a wire was dropped, the most used first. */

import { useReactFlow } from "@xyflow/react";
import { Command } from "cmdk";
import { createElement, useCallback, useMemo, useState } from "react";
import { useCanvas, useCanvasUi } from "@/editor/canvas_context";
import type { PaletteRequest } from "@/editor/canvas_ui";
import { FloatingPanel } from "@/editor/FloatingPanel";
import { focusCanvas } from "@/editor/focus";
import { iconOf } from "@/editor/icons";
import { WIDTH } from "@/editor/node_geometry";
import css from "@/editor/Palette.module.css";
import { addItem, type PaletteItem, paletteItems } from "@/editor/palette_items";
import { portStyle } from "@/editor/port_look";
import { recentRefs, remember } from "@/editor/recent_functions";
import { select, useCatalog } from "@/editor/surroundings";
import { boxesOf } from "@/graph/boxes";
import { type Schema, schemaTitle } from "@/graph/catalog";
import { clearPlace } from "@/graph/clear_place";

export function Palette() {
  const { ui } = useCanvas();
  const request = useCanvasUi((state) => state.palette);
  const close = useCallback(() => ui.setState({ palette: null }), [ui]);
  if (!request) return null;
  return (
    <FloatingPanel at={request.at} label="Add a node" className={css.palette} onClose={close}>
      <PaletteList request={request} />
    </FloatingPanel>
  );
}

function PaletteList({ request }: { readonly request: PaletteRequest }) {
  const [text, setText] = useState("");
  const { catalog, status } = useCatalog();
  // With the very text of the field, not a deferred one: Enter takes what is marked, however fast it comes.
  const items = useMemo(() => paletteItems(catalog, text, request, recentRefs()), [catalog, text, request]);
  const [marked, mark] = useState("");
  const value = items.some(({ key }) => key === marked) ? marked : (items[0]?.key ?? "");
  const add = useAdd(request);
  return (
    <Command shouldFilter={false} label="Add a node" loop value={value} onValueChange={mark}>
      <Command.Input
        className={css.search}
        placeholder={placeholderOf(request)}
        value={text}
        onValueChange={setText}
        autoFocus
      />
      {request.link && <FitLine request={request} />}
      <Command.List className={css.list}>
        <Command.Empty className={css.empty}>{emptyText(status, text)}</Command.Empty>
        {items.map((item) => (
          <PaletteRow key={item.key} item={item} onChoose={() => add(item)} />
        ))}
      </Command.List>
    </Command>
  );
}

function useAdd(request: PaletteRequest): (item: PaletteItem) => void {
  const canvas = useCanvas();
  const { screenToFlowPosition } = useReactFlow();
  return (item) => {
    const wanted = placeOf(screenToFlowPosition(request.at), request);
    const isFree = request.link === undefined && request.edge === undefined;
    // At a wire it belongs where the wire ends; else it need not lie on what is there.
    const place = isFree ? clearPlace(boxesOf(canvas.document.workflow), wanted) : wanted;
    const added = addItem(canvas, item, request, place);
    canvas.ui.setState({ palette: null });
    focusCanvas();
    if (item.kind === "function") remember(item.schema.ref);
    if (!added) canvas.ui.setState({ announcement: "This node does not fit there." });
    else if ("note" in added) {
      select({ notes: [added.note] });
      canvas.ui.setState({ editingNote: added.note });
    } else {
      select([added.node]);
      canvas.ui.setState({ announcement: `Added ${titleOf(item)}.` });
    }
  };
}

/** A node at the end of a wire has its port near the pointer, one at the start of it its other side. */
function placeOf({ x, y }: { x: number; y: number }, { link, edge }: PaletteRequest) {
  const left = edge !== undefined ? x - WIDTH / 2 : link?.side === "input" ? x - WIDTH : x;
  return { x: Math.round(left / 16) * 16, y: Math.round((y - 32) / 16) * 16 };
}

function PaletteRow({ item, onChoose }: { readonly item: PaletteItem; onChoose(): void }) {
  const type = item.kind === "builtIn" ? item.builtIn.type : item.kind === "note" ? "note" : "functionNode";
  const schema = item.kind === "function" ? item.schema : undefined;
  return (
    <Command.Item className={css.item} value={item.key} onSelect={onChoose} data-kind={type}>
      {createElement(iconOf(type, undefined, schema), {
        size: 16,
        className: css.icon,
        "aria-hidden": true,
      })}
      <span className={css.name}>{titleOf(item)}</span>
      <span className={css.description}>{descriptionOf(item)}</span>
      {schema && <span className={css.pack}>{schema.nodepack}</span>}
    </Command.Item>
  );
}

function FitLine({ request: { link } }: { readonly request: PaletteRequest }) {
  if (!link) return null;
  return (
    <p className={css.fit} style={portStyle(link.type)}>
      {link.side === "output" ? "Takes" : "Gives"} <code>{link.type}</code>
    </p>
  );
}

function titleOf(item: PaletteItem): string {
  if (item.kind === "note") return "Note";
  return item.kind === "builtIn" ? item.builtIn.title : schemaTitle(item.schema);
}

function descriptionOf(item: PaletteItem): string {
  if (item.kind === "note") return "A comment on the canvas";
  return item.kind === "builtIn" ? item.builtIn.description : summaryOf(item.schema);
}

/** The first line, without the marks that docstrings have around code. */
function summaryOf({ docstring }: Schema): string {
  return (docstring.trim().split("\n")[0] ?? "").replace(/`+/g, "");
}

function placeholderOf({ link, edge }: PaletteRequest): string {
  if (edge !== undefined) return "Insert a node …";
  return link ? "Connect to a new node …" : "Add a node …";
}

function emptyText(status: string, text: string): string {
  if (status === "loading") return "Loading the nodes …";
  if (status === "away") return "The server is away. Nodes come back with it.";
  return text === "" ? "Nothing fits here." : `Nothing found for “${text}”.`;
}
