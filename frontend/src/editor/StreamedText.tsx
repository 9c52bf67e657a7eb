/** The text that a node streams, as it comes: the end is in view, with a caret while more is expected. */

import { useEffect, useRef } from "react";
import css from "@/editor/StreamedText.module.css";
import { useNodeRun } from "@/editor/surroundings";

/** Nobody reads more in a node, and a long text costs a layout at every piece. */
const SHOWN = 4_000;

export function StreamedText({ node }: { readonly node: string }) {
  const run = useNodeRun(node);
  const box = useRef<HTMLDivElement>(null);
  const text = run?.text ?? "";
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when the text grows
  useEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [text]);
  if (text === "") return null;
  return (
    <div ref={box} className={`${css.text} nowheel nodrag`}>
      {text.length > SHOWN ? `…${text.slice(-SHOWN)}` : text}
      {run?.status === "streaming" && <span className={css.caret} aria-hidden="true" />}
    </div>
  );
}
