/** What is known to be Markdown. */

import { lazy } from "react";
import type { ContentProps } from "@/displays/content_props";
import { Scroller } from "@/displays/Scroller";

const MarkdownText = lazy(async () => ({ default: (await import("@/displays/MarkdownText")).MarkdownText }));

export function MarkdownDisplay({ content, size }: ContentProps) {
  return (
    <Scroller label="Markdown" size={size}>
      <MarkdownText text={String(content)} />
    </Scroller>
  );
}
