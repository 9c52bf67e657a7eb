/** What stands where a value could not be written: a circle, too deep, too long. */

import type { ContentProps } from "@/displays/content_props";
import styles from "@/displays/display.module.css";
import { markWords } from "@/displays/preview_object";

export function MarkDisplay({ content, preview, href }: ContentProps) {
  const words = markWords(content);
  if (words) return <p className={styles.note}>This value {words}.</p>;
  return (
    <p className={styles.note}>
      {preview?.summary ?? "This value"} is too large to be shown here.
      {href ? " Open or download it to see all of it." : ""}
    </p>
  );
}
