/** Text: as it is, or as the Markdown that it seems to be. More of a long one is fetched when asked for. */

import { Suspense, useState } from "react";
import type { ContentProps } from "@/displays/content_props";
import styles from "@/displays/display.module.css";
import { looksLikeMarkdown } from "@/displays/markdown_signs";
import { useMoreText } from "@/displays/more_text";
import { Scroller } from "@/displays/Scroller";
import { grouped } from "@/displays/sizes";
import own from "@/displays/TextDisplay.module.css";
import { ViewSwitch } from "@/displays/ViewSwitch";
import { classes } from "@/ui/class_names";
import { later } from "@/ui/later";

const MarkdownText = later(async () => (await import("@/displays/MarkdownText")).MarkdownText);

const VIEWS = ["Markdown", "Text"] as const;

export function TextDisplay({ content, preview, href, size }: ContentProps) {
  const begin = String(content);
  const [view, setView] = useState<(typeof VIEWS)[number]>("Markdown");
  const { chunks, loaded, total, status, problem, more } = useMoreText(begin, preview, href);
  const isMarkdown = looksLikeMarkdown(begin);
  const asMarkdown = isMarkdown && view === "Markdown";
  return (
    <>
      {isMarkdown && size !== "node" && <ViewSwitch views={VIEWS} view={view} onChange={setView} />}
      <Scroller label="Text" size={size}>
        {asMarkdown ? (
          <Suspense fallback={<Plain chunks={chunks} />}>
            <MarkdownText text={chunks.join("")} />
          </Suspense>
        ) : (
          <Plain chunks={chunks} />
        )}
      </Scroller>
      {total !== undefined && loaded < total && (
        <div className={styles.footer}>
          {grouped(loaded)} of {grouped(total)} characters
          {href && (
            <button type="button" className={styles.more} disabled={status === "loading"} onClick={more}>
              {status === "loading" ? "Loading…" : "Show more"}
            </button>
          )}
          {problem && <span role="alert">{problem}</span>}
        </div>
      )}
    </>
  );
}

const ONE_SENTENCE = 200;

function Plain({ chunks }: { readonly chunks: readonly string[] }) {
  const [first = ""] = chunks;
  if (first === "") return <p className={styles.note}>Empty text</p>;
  const isSentence = chunks.length === 1 && first.length <= ONE_SENTENCE && !first.includes("\n");
  return chunks.map((chunk, index) => (
    <pre
      // biome-ignore lint/suspicious/noArrayIndexKey: chunks are only ever added at the end
      key={index}
      className={classes(styles.mono, chunks.length > 1 && own.chunk, isSentence && own.sentence)}
    >
      {chunk}
    </pre>
  ));
}
