/** Markdown, without HTML and without anything that is fetched from elsewhere. */

import { type ComponentProps, memo } from "react";
import Markdown, { type Components, defaultUrlTransform } from "react-markdown";
import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import remarkGfm from "remark-gfm";
import styles from "@/displays/MarkdownText.module.css";

const IMAGE_DATA = /^data:image\/[\w.+-]+[;,]/;

const SCHEMA = {
  ...defaultSchema,
  protocols: { ...defaultSchema.protocols, src: ["data", "http", "https"] },
};

const COMPONENTS: Components = { a: Anchor, img: Picture, input: Task, pre: Code };

export const MarkdownText = memo(function MarkdownText({ text }: { readonly text: string }) {
  return (
    <div className={styles.markdown}>
      <Markdown
        remarkPlugins={[remarkGfm]}
        rehypePlugins={[[rehypeSanitize, SCHEMA]]}
        components={COMPONENTS}
        urlTransform={(url, key) => (key === "src" && IMAGE_DATA.test(url) ? url : defaultUrlTransform(url))}
      >
        {text}
      </Markdown>
    </div>
  );
});

function Anchor({ href, children }: ComponentProps<"a">) {
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

/** An image from elsewhere would tell its server that somebody looks: it is a link instead. */
function Picture({ src, alt }: ComponentProps<"img">) {
  const address = typeof src === "string" ? src : "";
  if (IMAGE_DATA.test(address)) return <img src={address} alt={alt ?? ""} />;
  return <Anchor href={address}>{alt || address || "Image"}</Anchor>;
}

/** Long lines scroll. */
function Code({ children }: ComponentProps<"pre">) {
  // biome-ignore lint/a11y/noNoninteractiveTabindex: without a focus there are no keys to scroll with
  return <pre tabIndex={0}>{children}</pre>;
}

/** The box of a task list, which nobody can tick here. */
function Task({ checked }: ComponentProps<"input">) {
  return (
    <input type="checkbox" checked={checked} disabled readOnly aria-label={checked ? "Done" : "Not done"} />
  );
}
