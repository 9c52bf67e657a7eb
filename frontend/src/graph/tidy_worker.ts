/** The worker that lays out a workflow, so that the page stays quick meanwhile. */

import { type TidyRequest, tidied } from "@/graph/tidy_layout";

addEventListener("message", ({ data }: MessageEvent<TidyRequest>) => postMessage(tidied(data)));
