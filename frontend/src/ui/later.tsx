/** Components whose code is not needed for the first picture: fetched when shown, or before that when there is time. */

import { type ComponentType, lazy, useState } from "react";
import { codeThere } from "@/ui/code_there";

export interface Later<Props extends object> {
  (props: Props): React.ReactNode;
  /** Fetches the code without showing anything. A failure is left to the moment when it is shown. */
  fetch(): Promise<unknown>;
}

/**
 * Unlike React's `lazy`, what has been fetched is drawn at once: a menu that waits for a promise that is settled
 * already comes a noticeable moment late, and loses the keys that are pressed in it.
 */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): Later<Props> {
  let loaded: ComponentType<Props> | undefined;
  let loading: Promise<ComponentType<Props>> | undefined;
  const fetched = () => {
    loading ??= codeThere()
      .then(load)
      .then(
        (component) => {
          loaded = component;
          return component;
        },
        (error: unknown) => {
          // The next time it is asked for anew: the network may be back.
          loading = undefined;
          throw error;
        },
      );
    return loading;
  };
  const Waiting = lazy(async () => ({ default: await fetched() }));
  function LaterComponent(props: Props) {
    // It stays the same one for as long as it is shown: another would lose its state.
    const [Shown] = useState<ComponentType<Props>>(() => loaded ?? Waiting);
    return <Shown {...props} />;
  }
  return Object.assign(LaterComponent, { fetch: () => fetched().catch(() => undefined) });
}
