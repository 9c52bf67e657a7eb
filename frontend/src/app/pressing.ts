/** What waits while a button of the pointer is down: nothing may open beside what is being dragged. */

let isDown = false;
const waiting = new Set<() => void>();

/** Begins to look at the pointer. Returns what ends it. */
export function watchPressing(): () => void {
  const watching = new AbortController();
  const options = { capture: true, signal: watching.signal };
  const release = () => {
    isDown = false;
    for (const action of [...waiting]) action();
    waiting.clear();
  };
  window.addEventListener("pointerdown", () => (isDown = true), options);
  window.addEventListener("pointerup", release, options);
  window.addEventListener("pointercancel", release, options);
  return () => watching.abort();
}

/** Does it now, or when the button that is down has been released. Returns what calls it off. */
export function onceReleased(action: () => void): () => void {
  if (!isDown) action();
  else waiting.add(action);
  return () => void waiting.delete(action);
}
