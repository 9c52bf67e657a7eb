/** Keeps the end of a list in view while it grows, until the user scrolls away from it. */

import { type RefObject, useCallback, useEffect, useState } from "react";

/** Closer to the end than this counts as being there, in pixels. */
const NEAR = 48;

export function useFollowing(box: RefObject<HTMLElement | null>, height: number, initially: boolean) {
  const [following, setFollowing] = useState(initially);
  // biome-ignore lint/correctness/useExhaustiveDependencies: growing is what makes it scroll
  useEffect(() => {
    if (following && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [height, following]);
  const onScroll = useCallback(() => {
    const element = box.current;
    if (!element) return;
    setFollowing(element.scrollHeight - element.scrollTop - element.clientHeight < NEAR);
  }, [box]);
  const follow = useCallback(() => setFollowing(true), []);
  return { following, onScroll, follow };
}
