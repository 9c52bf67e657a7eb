/** Keeps the end of a list in view while it grows, until the user scrolls away from it. */

import { type RefObject, useCallback, useEffect, useRef, useState } from "react";

/** Closer to the end than this counts as being there, in pixels. */
const NEAR = 48;

export function useFollowing(box: RefObject<HTMLElement | null>, height: number, initially: boolean) {
  const [following, setFollowing] = useState(initially);
  const top = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: growing is what makes it scroll
  useEffect(() => {
    const element = box.current;
    if (!following || !element) return undefined;
    const goToEnd = () => {
      element.scrollTop = element.scrollHeight;
      // The end of a list that has become shorter is higher up: that is nobody going there.
      top.current = Math.min(top.current, element.scrollTop);
    };
    goToEnd();
    // What is in it may get its size only after this.
    if (typeof ResizeObserver === "undefined" || !element.firstElementChild) return undefined;
    const observer = new ResizeObserver(goToEnd);
    observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, [height, following]);
  const onScroll = useCallback(() => {
    const element = box.current;
    if (!element) return;
    const wentUp = element.scrollTop < top.current;
    top.current = element.scrollTop;
    // The list may have grown since it was scrolled to its end: only who goes up wants to stay there.
    if (element.scrollHeight - element.scrollTop - element.clientHeight < NEAR) setFollowing(true);
    else if (wentUp) setFollowing(false);
  }, [box]);
  const follow = useCallback(() => setFollowing(true), []);
  const stay = useCallback(() => setFollowing(false), []);
  return { following, onScroll, follow, stay };
}
