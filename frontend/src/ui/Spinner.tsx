/** Something is under way. */

import { LoaderCircle } from "lucide-react";
import styles from "@/ui/Spinner.module.css";

export interface SpinnerProps {
  /** For screen readers; without it the spinner is decoration beside words that say it already. */
  readonly label?: string;
  readonly size?: number;
}

export function Spinner({ label, size = 14 }: SpinnerProps) {
  const named = label === undefined ? {} : { role: "img", "aria-label": label };
  return <LoaderCircle {...named} className={styles.spinner} size={size} />;
}
