/** Where an error came from, line by line. Long ones scroll, with the keyboard too. */

import styles from "@/ui/Traceback.module.css";

export function Traceback({ text }: { readonly text: string }) {
  return (
    <section
      className={styles.traceback}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: without a focus there are no keys to scroll with
      tabIndex={0}
      aria-label="Traceback"
    >
      <pre>{text}</pre>
    </section>
  );
}
