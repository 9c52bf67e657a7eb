/** A value that follows another no more often than people can read it. */

import { useEffect, useRef, useState } from "react";

/** The latest value, or one at most `milliseconds` old; with 0, always the latest. */
export function usePaced<Value>(value: Value, milliseconds: number): Value {
  const [shown, setShown] = useState(value);
  const since = useRef(Number.NEGATIVE_INFINITY);
  if (milliseconds === 0 && shown !== value) setShown(() => value);
  useEffect(() => {
    if (milliseconds === 0 || shown === value) return;
    const show = () => {
      since.current = performance.now();
      setShown(() => value);
    };
    const timer = setTimeout(show, Math.max(0, since.current + milliseconds - performance.now()));
    return () => clearTimeout(timer);
  }, [value, shown, milliseconds]);
  return milliseconds === 0 ? value : shown;
}
