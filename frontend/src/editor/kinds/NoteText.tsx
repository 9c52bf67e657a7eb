/** A note's Markdown, cleaned of everything that could be more than text. */

import type { ComponentProps } from "react";
import Markdown from "react-markdown";
import rehypeSanitize from "rehype-sanitize";
import remarkGfm from "remark-gfm";

export function NoteText({ text }: { readonly text: string }) {
  return (
    <Markdown remarkPlugins={[remarkGfm]} rehypePlugins={[rehypeSanitize]} components={{ a: OutsideLink }}>
      {text}
    </Markdown>
  );
}

function OutsideLink({ href, children }: ComponentProps<"a">) {
  return (
    <a href={href} target="_blank" rel="noreferrer" className="nodrag">
      {children}
    </a>
  );
}
