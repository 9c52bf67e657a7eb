/** An address. It is opened only when pressed: looking at a result must not tell anybody. */

import { ExternalLink } from "lucide-react";
import type { ContentProps } from "@/displays/content_props";
import styles from "@/displays/LinkDisplay.module.css";

export function LinkDisplay({ content }: ContentProps) {
  const address = String(content);
  return (
    <a className={`${styles.link} nodrag nopan`} href={address} target="_blank" rel="noopener noreferrer">
      {address} <ExternalLink size={12} aria-label="opens in a new tab" role="img" />
    </a>
  );
}
