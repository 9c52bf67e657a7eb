/** A value that follows another only once that has stopped changing. */

import { useEffect, useState } from "react";

/** The value as it was when it had last been still for `milliseconds`; with 0, as it is. */
export function useSettled<Value>(value: Value, milliseconds: number): Value {
  const [settled, setSettled] = useState(value);
  // While it follows at once, so that nothing old is shown when it no longer does.
  if (milliseconds === 0 && settled !== value) setSettled(() => value);
  useEffect(() => {
    if (milliseconds === 0) return;
    const timer = setTimeout(() => setSettled(() => value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return milliseconds === 0 ? value : settled;
}
