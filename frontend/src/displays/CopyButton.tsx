/** Copies a value, all of it even if only a part came. */

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import styles from "@/displays/DisplayFrame.module.css";
import type { Preview } from "@/displays/preview_object";
import { copyValue } from "@/displays/saving";
import { sizeWords } from "@/displays/sizes";
import { fetchValue } from "@/displays/whole_value";
import type { Json } from "@/graph/workflow";
import { IconButton } from "@/ui/IconButton";
import { Spinner } from "@/ui/Spinner";

export interface CopyButtonProps {
  readonly value: Json;
  readonly preview: Preview | undefined;
  /** Where the whole value is, if it is not here. */
  readonly href: string | undefined;
  onProblem(message: string): void;
}

/** No program takes more from the clipboard without a long pause. */
const LARGEST = 20_000_000;
const SAID_FOR = 1500;

export function CopyButton({ value, preview, href, onProblem }: CopyButtonProps) {
  const [state, setState] = useState<"ready" | "busy" | "done">("ready");
  useEffect(() => {
    if (state !== "done") return undefined;
    const timer = setTimeout(() => setState("ready"), SAID_FOR);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async () => {
    onProblem("");
    if (preview && preview.size > LARGEST) {
      onProblem(`${sizeWords(preview.size)} are too much for the clipboard. Download the value instead.`);
      return;
    }
    setState("busy");
    try {
      await copyValue(await all(value, preview, href));
      setState("done");
    } catch (error) {
      setState("ready");
      onProblem(error instanceof Error ? `Not copied. ${error.message}` : "Not copied.");
    }
  };
  return (
    <IconButton
      size="small"
      label={state === "done" ? "Copied" : "Copy"}
      disabled={state === "busy"}
      onClick={copy}
    >
      <Picture state={state} />
    </IconButton>
  );
}

function Picture({ state }: { readonly state: "ready" | "busy" | "done" }) {
  if (state === "busy") return <Spinner size={13} />;
  return state === "done" ? <Check size={13} className={styles.done} /> : <Copy size={13} />;
}

async function all(value: Json, preview: Preview | undefined, href: string | undefined): Promise<Json> {
  if (href) return await fetchValue(href);
  return preview ? preview.head : value;
}
