/** What a node is: its description, its signature, where its source is. */

import { Copy } from "lucide-react";
import type { Schema } from "@/graph/catalog";
import styles from "@/panels/inspector/About.module.css";
import { signatureOf } from "@/panels/library/library_items";
import { Badge } from "@/ui/Badge";
import { EmptyState } from "@/ui/EmptyState";
import { IconButton } from "@/ui/IconButton";
import { toast } from "@/ui/toasts";

const ORIGINS: Readonly<Record<Schema["origin"], string>> = {
  user: "your nodepack",
  package: "node package",
  shipped: "comes with Psynapse",
};

export function About({ schema }: { schema: Schema | undefined }) {
  if (!schema) return <EmptyState title="Built in">This node is part of Psynapse.</EmptyState>;
  const copy = async () => {
    await navigator.clipboard.writeText(schema.filepath);
    toast.success("Copied the path.");
  };
  return (
    <div className={styles.about}>
      <p className={styles.words}>{schema.docstring.trim() || "It has no description."}</p>
      <code className={styles.signature}>{signatureOf(schema)}</code>
      <p className={styles.origin}>
        <strong>{schema.nodepack}</strong>
        <Badge>{ORIGINS[schema.origin]}</Badge>
        {schema.style !== "function" && (
          <Badge tone={schema.style === "progress" ? "progress" : "stream"}>{schema.style}</Badge>
        )}
      </p>
      <p className={styles.source}>
        <span className={styles.path}>{schema.filepath}</span>
        <IconButton label="Copy path of the source" size="small" onClick={copy}>
          <Copy size={14} />
        </IconButton>
      </p>
    </div>
  );
}
