/** A long text that comes in pages. */

import { useState } from "react";
import { type Preview, totalOf } from "@/displays/preview_object";
import { fetchValue } from "@/displays/whole_value";

/** In characters. A page is as much as a browser lays out without a pause. */
const PAGE = 200_000;

interface Pages {
  /** The text that they continue. */
  readonly begin: string;
  readonly chunks: readonly string[];
  readonly status: "ready" | "loading";
  readonly problem: string;
}

export interface MoreText extends Omit<Pages, "begin"> {
  readonly loaded: number;
  /** Unknown when all of it is there. */
  readonly total: number | undefined;
  more(): Promise<void>;
}

export function useMoreText(begin: string, preview: Preview | undefined, href: string | undefined): MoreText {
  const fresh: Pages = { begin, chunks: [begin], status: "ready", problem: "" };
  const [pages, setPages] = useState(fresh);
  const current = pages.begin === begin ? pages : fresh;
  const loaded = current.chunks.reduce((sum, chunk) => sum + lengthOf(chunk), 0);
  const more = async () => {
    if (!href) return;
    setPages({ ...current, status: "loading", problem: "" });
    try {
      const page = String(await fetchValue(href, { start: loaded, count: PAGE }));
      setPages({ ...current, chunks: [...current.chunks, page], status: "ready", problem: "" });
    } catch (error) {
      setPages({ ...current, status: "ready", problem: error instanceof Error ? error.message : "" });
    }
  };
  return { ...current, loaded, total: preview && totalOf(preview), more };
}

/** As Python counts: a character beyond the first plane is one, not two. */
function lengthOf(text: string): number {
  let pairs = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0xd800 && code < 0xdc00) pairs++;
  }
  return text.length - pairs;
}
