/** What an item of the library is, beside it. One for the whole list: hundreds of tooltips would slow it down. */

import { createPortal } from "react-dom";
import styles from "@/panels/library/LibraryTooltip.module.css";
import { type LibraryItem, signatureOf } from "@/panels/library/library_items";

export interface Described {
  readonly item: LibraryItem;
  readonly beside: DOMRect;
}

export const TOOLTIP_ID = "library-tooltip";
const LOWEST_ROOM = 220;

export function LibraryTooltip({ item, beside }: Described) {
  const top = Math.max(8, Math.min(beside.top, window.innerHeight - LOWEST_ROOM));
  return createPortal(
    <div id={TOOLTIP_ID} role="tooltip" className={styles.tooltip} style={{ top, left: beside.right + 8 }}>
      {item.type === "functionNode" ? (
        <>
          <code className={styles.signature}>{signatureOf(item.schema)}</code>
          <p className={styles.words}>{item.schema.docstring.trim() || "No description."}</p>
          <p className={styles.origin}>{item.schema.ref}</p>
        </>
      ) : (
        <p className={styles.words}>{item.description}</p>
      )}
    </div>,
    document.body,
  );
}
