/** Listeners that hear only of what they are about: thousands of nodes can listen, and one change wakes one. */

export class KeyedListeners {
  private readonly byKey = new Map<string, Set<() => void>>();

  subscribe(key: string, listener: () => void): () => void {
    const listeners = this.byKey.get(key) ?? new Set();
    this.byKey.set(key, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.byKey.get(key) === listeners) this.byKey.delete(key);
    };
  }

  notify(keys: Iterable<string>): void {
    for (const key of keys) for (const listener of [...(this.byKey.get(key) ?? [])]) listener();
  }

  notifyAll(): void {
    this.notify([...this.byKey.keys()]);
  }
}
