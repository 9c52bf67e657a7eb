/** How far a node is, with what it says about it. */

import styles from "@/panels/status/ProgressBar.module.css";
import { percentInWords } from "@/panels/status/status_words";

export interface ProgressBarProps {
  readonly label: string;
  /** 0 to 1. */
  readonly fraction: number;
  readonly message: string;
}

export function ProgressBar({ label, fraction, message }: ProgressBarProps) {
  const percent = percentInWords(fraction);
  return (
    <div className={styles.progress}>
      <div className={styles.words}>
        <span className={styles.message}>{message}</span>
        <span className={styles.percent}>{percent}</span>
      </div>
      <div
        className={styles.track}
        role="progressbar"
        aria-label={`Progress of ${label}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(fraction * 100)}
      >
        <div className={styles.bar} style={{ width: `${Math.min(Math.max(fraction, 0), 1) * 100}%` }} />
      </div>
    </div>
  );
}
