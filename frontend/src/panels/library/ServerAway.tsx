/** Says that the server does not answer, and when it is asked again. */

import { Unplug } from "lucide-react";
import { useEffect, useState } from "react";
import styles from "@/panels/library/ServerAway.module.css";
import { Button } from "@/ui/Button";

export interface ServerAwayProps {
  /** In milliseconds since 1970. */
  readonly retryAt: number | null;
  readonly onRetry: () => void;
}

export function ServerAway({ retryAt, onRetry }: ServerAwayProps) {
  const seconds = useSecondsUntil(retryAt);
  return (
    <div className={styles.away} role="status">
      <Unplug size={16} className={styles.icon} />
      <p className={styles.words}>
        {seconds > 0
          ? `The server is away. Trying again in ${seconds} s.`
          : "The server is away. Trying again …"}
      </p>
      <Button onClick={onRetry}>Try now</Button>
    </div>
  );
}

function useSecondsUntil(time: number | null): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return time === null ? 0 : Math.max(0, Math.ceil((time - now) / 1000));
}
