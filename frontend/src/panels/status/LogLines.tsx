/** What a node, or the run, printed. */

import styles from "@/panels/status/LogLines.module.css";
import type { LogLine } from "@/state/run_state";

const MOST_SHOWN = 500;

export function LogLines({ lines }: { lines: readonly LogLine[] }) {
  const shown = lines.slice(-MOST_SHOWN);
  return (
    <section
      className={styles.lines}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be scrollable by keyboard
      tabIndex={0}
      aria-label="Log"
    >
      {shown.length < lines.length && <p>… {lines.length - shown.length} earlier lines</p>}
      {shown.map(({ stream, text }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines are only ever added
        <span key={index} data-stream={stream}>
          {text.endsWith("\n") ? text : `${text}\n`}
        </span>
      ))}
    </section>
  );
}
