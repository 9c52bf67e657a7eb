/** Waiting for a moment in which the browser has nothing better to do. */

/** At the latest after this many milliseconds, however busy the page is. */
const LATEST = 3000;

/** Returns what calls it off. */
export function whenIdle(act: () => void): () => void {
  // Safari has no idle callbacks.
  if (typeof requestIdleCallback === "undefined") {
    const timer = setTimeout(act, 500);
    return () => clearTimeout(timer);
  }
  const request = requestIdleCallback(act, { timeout: LATEST });
  return () => cancelIdleCallback(request);
}
