/** Waiting between attempts: longer each time, and cut short by a signal. */

/** Milliseconds to wait after so many failures in a row: twice as long each time. */
export function backoff(failures: number, first: number, longest: number): number {
  return Math.min(first * 2 ** failures, longest);
}

/** Rejects with the signal's reason when it is aborted. */
export function pause(milliseconds: number, signal = new AbortController().signal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
  });
}
