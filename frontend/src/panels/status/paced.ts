/** Changes that are told no more often than people can read what changed. */

type Subscribe = (listener: () => void) => () => void;

/** Tells at once when nothing was told for `pace()` milliseconds, else as soon as they are over. */
export function paced(subscribe: Subscribe, pace: () => number): Subscribe {
  return (listener) => {
    let last = Number.NEGATIVE_INFINITY;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = () => {
      clearTimeout(timer);
      timer = undefined;
      last = performance.now();
      listener();
    };
    const leave = subscribe(() => {
      const wait = last + pace() - performance.now();
      if (wait <= 0) tell();
      else timer ??= setTimeout(tell, wait);
    });
    return () => {
      leave();
      clearTimeout(timer);
    };
  };
}
