/** Shows any value: picks the display by its kind and puts the actions for the whole value beside it. */

import { Suspense } from "react";
import { DisplayBoundary } from "@/displays/DisplayBoundary";
import { DisplayFrame } from "@/displays/DisplayFrame";
import styles from "@/displays/display.module.css";
import { displayKind } from "@/displays/display_kind";
import { isShort, nameOf } from "@/displays/display_names";
import type { DisplayProps } from "@/displays/display_props";
import { displayFor } from "@/displays/display_table";
import { asPreview } from "@/displays/preview_object";

export function ValueDisplay({ value, href, size }: DisplayProps) {
  const preview = asPreview(value);
  const content = preview ? preview.head : value;
  const source = preview?.href || href;
  const kind = displayKind(content, preview);
  const Content = displayFor(kind);
  return (
    <DisplayFrame
      value={value}
      preview={preview}
      href={source}
      size={size}
      name={nameOf(kind, content)}
      isShort={!preview && isShort(kind, content)}
    >
      <DisplayBoundary value={value}>
        <Suspense fallback={<p className={styles.note}>{preview?.summary ?? "Loading…"}</p>}>
          <Content content={content} preview={preview} href={source} size={size} />
        </Suspense>
      </DisplayBoundary>
    </DisplayFrame>
  );
}
