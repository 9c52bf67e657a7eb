/** The product's sign: two wires that cross. */

import styles from "@/app/Logo.module.css";

export function Logo() {
  return (
    <svg className={styles.logo} viewBox="0 0 32 32" role="img" aria-label="Psynapse">
      <rect className={styles.field} width="32" height="32" rx="7" />
      <g className={styles.wires}>
        <path d="M9 10.5c7 0 7 11 14 11M9 21.5c7 0 7-11 14-11" />
      </g>
      <g className={styles.ends}>
        <circle cx="9" cy="10.5" r="3" />
        <circle cx="9" cy="21.5" r="3" />
        <circle cx="23" cy="10.5" r="3" />
        <circle cx="23" cy="21.5" r="3" />
      </g>
    </svg>
  );
}
