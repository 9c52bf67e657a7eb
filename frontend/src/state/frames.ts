/** What comes often, handed on at most once per frame of the screen. */

export interface Batches<Item> {
  add(item: Item): void;
  /** Hands on what waits, now. */
  flush(): void;
}

/** Pages in the background draw no frames; they get theirs this often, in milliseconds. */
const WITHOUT_FRAMES = 250;

export function perFrame<Item>(deliver: (items: readonly Item[]) => void): Batches<Item> {
  let waiting: Item[] = [];
  let cancel: (() => void) | null = null;
  const flush = () => {
    cancel?.();
    cancel = null;
    const items = waiting;
    waiting = [];
    if (items.length > 0) deliver(items);
  };
  return {
    add(item) {
      waiting.push(item);
      cancel ??= nextFrame(flush);
    },
    flush,
  };
}

/** Calls back with the next frame, or soon where there are none. Returns what takes that back. */
export function nextFrame(callback: () => void): () => void {
  const frame = typeof requestAnimationFrame === "function" ? requestAnimationFrame(callback) : null;
  const timer = setTimeout(callback, WITHOUT_FRAMES);
  return () => {
    if (frame !== null) cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
