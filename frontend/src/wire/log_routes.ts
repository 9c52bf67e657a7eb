/** Requests about the server's log. Each throws Problem and Away. */

import { api, contentOf } from "@/wire/client";
import type { components } from "@/wire/schema";

export type LogLine = Readonly<components["schemas"]["LogItem"]>;
export type LogPage = Readonly<components["schemas"]["LogAnswer"]>;

/** The next lines after the one of that number, oldest first; after 0, from the oldest that is kept. */
export async function getLog(after: number, signal: AbortSignal): Promise<LogPage> {
  return contentOf(await api.GET("/logs", { params: { query: { after } }, signal }));
}
