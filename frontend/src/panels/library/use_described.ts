/** The item whose description is shown: after resting on it for a moment, at once when one is shown already. */

import { useCallback, useEffect, useRef, useState } from "react";
import type { Described } from "@/panels/library/LibraryTooltip";
import type { LibraryItem } from "@/panels/library/library_items";

const RESTING = 350;

export function useDescribed() {
  const [described, setDescribed] = useState<Described | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const describe = useCallback((item: LibraryItem | null, beside: HTMLElement) => {
    clearTimeout(timer.current);
    if (!item) return setDescribed(null);
    const show = () => setDescribed({ item, beside: beside.getBoundingClientRect() });
    timer.current = setTimeout(show, RESTING);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);
  return [described, describe] as const;
}
