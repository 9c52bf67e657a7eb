/** What is open, edited or under way on a canvas: state that outlives nodes which leave the view. */

import { createStore, type StoreApi } from "zustand";
import type { Connection, Offer, PortAddress, Side } from "@/graph/connecting";
import type { Point } from "@/graph/workflow";

/** A place in the window, in pixels. */
export type ScreenPoint = Point;

/** What a new node of the palette is for. */
export interface PaletteRequest {
  readonly at: ScreenPoint;
  /** The port that the new node is to be connected to, and the side that it is on. */
  readonly link?: { readonly from: PortAddress; readonly side: Side; readonly type: string };
  /** The edge that the new node goes into the middle of. */
  readonly edge?: string;
}

export interface Refusal {
  readonly at: ScreenPoint;
  readonly reason: string;
  readonly connection: Connection;
  readonly offer?: Offer;
}

/** A wire that is being dragged: which ports take it is judged by each port that is on the screen. */
export interface Dragged {
  readonly node: string;
  readonly side: Side;
  readonly type: string;
}

export interface CanvasUi {
  readonly palette: PaletteRequest | null;
  readonly refusal: Refusal | null;
  readonly dragged: Dragged | null;
  readonly menu: { readonly node: string; readonly at: ScreenPoint } | null;
  /** The node whose port is being connected by keyboard. */
  readonly connecting: { readonly node: string; readonly at: ScreenPoint } | null;
  /** The node whose error or documentation is shown in full. */
  readonly details: {
    readonly node: string;
    readonly at: ScreenPoint;
    readonly about: "error" | "help";
  } | null;
  readonly renaming: string | null;
  readonly editingNote: string | null;
  /** The nodes whose rarely used parameters are shown. */
  readonly unfolded: ReadonlySet<string>;
  /** The edge under a library item that is being dragged. */
  readonly dropEdge: string | null;
  /** The node that the keyboard is at. */
  readonly current: string | null;
  /** The latest thing to say to a screen reader. */
  readonly announcement: string;
}

const NOTHING: CanvasUi = {
  palette: null,
  refusal: null,
  dragged: null,
  menu: null,
  connecting: null,
  details: null,
  renaming: null,
  editingNote: null,
  unfolded: new Set(),
  dropEdge: null,
  current: null,
  announcement: "",
};

export function makeCanvasUi(): StoreApi<CanvasUi> {
  return createStore<CanvasUi>(() => NOTHING);
}

/** Shows or hides the rarely used parameters of a node. */
export function toggleUnfolded(ui: StoreApi<CanvasUi>, node: string): void {
  ui.setState(({ unfolded }) => {
    const next = new Set(unfolded);
    if (!next.delete(node)) next.add(node);
    return { unfolded: next };
  });
}
