/** What is known to be Markdown. */

import type { ContentProps } from "@/displays/content_props";
import { Scroller } from "@/displays/Scroller";
import { later } from "@/ui/later";

const MarkdownText = later(async () => (await import("@/displays/MarkdownText")).MarkdownText);

export function MarkdownDisplay({ content, size }: ContentProps) {
  return (
    <Scroller label="Markdown" size={size}>
      <MarkdownText text={String(content)} />
    </Scroller>
  );
}
