/** Why a connection was not made, where it was dropped, and a way to make it nevertheless. */

import { useReactFlow } from "@xyflow/react";
import { Plus } from "lucide-react";
import { useCallback } from "react";
import { connectThrough } from "@/document/commands";
import { useCanvas, useCanvasUi } from "@/editor/canvas_context";
import type { Refusal } from "@/editor/canvas_ui";
import { FloatingPanel } from "@/editor/FloatingPanel";
import { focusCanvas } from "@/editor/focus";
import { WIDTH } from "@/editor/node_geometry";
import css from "@/editor/RefusalNote.module.css";
import { select } from "@/editor/surroundings";
import { schemaTitle } from "@/graph/catalog";

export function RefusalNote() {
  const { ui } = useCanvas();
  const refusal = useCanvasUi((state) => state.refusal);
  const close = useCallback(() => ui.setState({ refusal: null }), [ui]);
  if (!refusal) return null;
  return (
    <FloatingPanel at={refusal.at} label="Not connected" className={css.note} onClose={close}>
      <p className={css.reason} role="alert">
        {refusal.reason}
      </p>
      <OfferButton refusal={refusal} />
    </FloatingPanel>
  );
}

function OfferButton({ refusal: { offer, connection, at } }: { readonly refusal: Refusal }) {
  const { document, ui } = useCanvas();
  const { screenToFlowPosition } = useReactFlow();
  if (!offer) return null;
  const insert = () => {
    const { x, y } = screenToFlowPosition(at);
    const id = connectThrough(document, connection, offer, {
      x: Math.round(x - WIDTH - 32),
      y: Math.round(y),
    });
    if (id !== null) select([id]);
    ui.setState({ refusal: null, announcement: `Connected through ${schemaTitle(offer.schema)}.` });
    focusCanvas();
  };
  return (
    // biome-ignore lint/a11y/noAutofocus: it is the one thing to do here
    <button type="button" className={css.offer} onClick={insert} autoFocus>
      <Plus size={14} aria-hidden="true" />
      Connect through “{schemaTitle(offer.schema)}”
    </button>
  );
}
