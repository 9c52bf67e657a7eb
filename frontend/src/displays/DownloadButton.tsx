/** Downloads a value as the file that it is: an image as an image, text as text, everything else as JSON. */

import { Download } from "lucide-react";
import { useState } from "react";
import type { Preview } from "@/displays/preview_object";
import { fileName, saveValue } from "@/displays/saving";
import { fetchValue } from "@/displays/whole_value";
import type { Json } from "@/graph/workflow";
import { IconButton } from "@/ui/IconButton";
import { Spinner } from "@/ui/Spinner";

export interface DownloadButtonProps {
  readonly value: Json;
  readonly preview: Preview | undefined;
  readonly href: string | undefined;
  onProblem(message: string): void;
}

export function DownloadButton({ value, preview, href, onProblem }: DownloadButtonProps) {
  const [isBusy, setIsBusy] = useState(false);
  const source = preview ? href : undefined;
  const download = async () => {
    onProblem("");
    setIsBusy(true);
    try {
      const whole = source ? await fetchValue(source) : (preview?.head ?? value);
      saveValue(whole, fileName(href));
    } catch (error) {
      onProblem(error instanceof Error ? `Not downloaded. ${error.message}` : "Not downloaded.");
    } finally {
      setIsBusy(false);
    }
  };
  const label = preview && !source ? "Download what is here" : "Download the whole value";
  return (
    <IconButton size="small" label={label} disabled={isBusy} onClick={download}>
      {isBusy ? <Spinner size={13} /> : <Download size={13} />}
    </IconButton>
  );
}
