/** Starting the server again, and what is said while it is away: the page keeps everything and waits for it. */

import { create } from "zustand";
import { reconnect, useServer } from "@/state/server";
import { flushDrafts } from "@/state/session";
import { toast } from "@/ui/toasts";
import { Problem, wordsFor } from "@/wire/client";
import { getHealth, postRestart } from "@/wire/package_routes";
import { backoff, pause } from "@/wire/waiting";

/** "lost": it was to start again and has not come back. */
export type ServerNews = "none" | "restarting" | "away" | "lost" | "restarted" | "back";

export const useServerNews = create<{ readonly news: ServerNews }>()(() => ({ news: "none" }));

export interface Waiting {
  /** Milliseconds before the first look; each later one waits twice as long, up to a limit. */
  readonly firstDelay: number;
  /** Milliseconds after which nobody should hope without doing something. */
  readonly patience: number;
}

const USUAL: Waiting = { firstDelay: 250, patience: 60_000 };
const LONGEST_DELAY = 5_000;
/** Milliseconds for one look: a process that does not listen yet may hold the connection. */
const LONGEST_LOOK = 4_000;

export function isRestarting(): boolean {
  return useServerNews.getState().news === "restarting";
}

/** Has the server start again, and resolves to whether it has come back. What is open here stays as it is. */
export async function restart(waiting = USUAL): Promise<boolean> {
  if (isRestarting()) return false;
  const before = await bootId(useServer.getState().bootId);
  useServerNews.setState({ news: "restarting" });
  await flushDrafts();
  try {
    await postRestart();
  } catch (error) {
    // A refusal. When only the answer was lost, the restart is under way all the same.
    if (error instanceof Problem) return refused(error);
  }
  return untilAnother(before, waiting);
}

/** Waits until a server answers that is not the one of before. */
export async function untilAnother(before: string | null, waiting = USUAL): Promise<boolean> {
  useServerNews.setState({ news: "restarting" });
  const until = Date.now() + waiting.patience;
  for (let looks = 0; Date.now() < until; looks += 1) {
    await pause(backoff(looks, waiting.firstDelay, LONGEST_DELAY));
    const now = await bootId(before);
    if (now !== before) return isBack();
  }
  useServerNews.setState({ news: "lost" });
  return false;
}

/** Which start of the server answers now; `otherwise` when none does. */
async function bootId(otherwise: string | null): Promise<string | null> {
  try {
    return (await getHealth(AbortSignal.timeout(LONGEST_LOOK))).boot_id;
  } catch {
    return otherwise;
  }
}

/** The greeting of the new connection has everything that is shown asked for again. */
function isBack(): boolean {
  reconnect();
  useServerNews.setState({ news: "restarted" });
  return true;
}

function refused(problem: Problem): boolean {
  useServerNews.setState({ news: "none" });
  toast.error(wordsFor(problem));
  return false;
}

/** Milliseconds that good news is shown. */
const SHOWN = 5_000;
/** Milliseconds before a lost connection is worth words: most are back at once. */
const WORTH_WORDS = 1_500;

/** Tells when the server goes away and when it returns. Returns what ends it. */
export function followServer(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const later = (delay: number, news: ServerNews) => {
    clearTimeout(timer);
    timer = setTimeout(() => useServerNews.setState({ news }), delay);
  };
  const stops = [
    useServer.subscribe(({ status }, before) => {
      const { news } = useServerNews.getState();
      if (status === before.status) return;
      if (status === "away" && (news === "none" || news === "back")) later(WORTH_WORDS, "away");
      if (status === "connected" && news === "none") clearTimeout(timer);
      if (status === "connected" && (news === "away" || news === "lost")) {
        useServerNews.setState({ news: "back" });
      }
    }),
    useServerNews.subscribe(({ news }) => {
      if (news === "back" || news === "restarted") later(SHOWN, "none");
    }),
    () => clearTimeout(timer),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
