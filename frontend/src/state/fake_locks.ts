/** The browser's locks, which the test environment does not have: exclusive ones, granted in turn. */

type Work = (lock: { name: string }) => unknown;

class FakeLocks {
  private readonly queues = new Map<string, Promise<unknown>>();
  private readonly held = new Set<string>();

  async request(name: string, ...rest: [Work] | [{ signal?: AbortSignal }, Work]): Promise<unknown> {
    const [options, work] = rest.length === 2 ? rest : [{}, rest[0]];
    const before = this.queues.get(name) ?? Promise.resolve();
    let release: () => void = () => undefined;
    const mine = new Promise<void>((done) => {
      release = done;
    });
    this.queues.set(
      name,
      before.then(() => mine),
    );
    try {
      await Promise.race([before, aborted(options.signal)]);
      this.held.add(name);
      const result = await work({ name });
      this.held.delete(name);
      return result;
    } finally {
      release();
    }
  }

  async query(): Promise<{ held: { name: string }[] }> {
    return { held: [...this.held].map((name) => ({ name })) };
  }
}

/** Gives pages locks; they ask each other without. Returns what takes the locks away again. */
export function giveLocks(): () => void {
  Object.defineProperty(navigator, "locks", { value: new FakeLocks(), configurable: true });
  return () => Reflect.deleteProperty(navigator, "locks");
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
