/** The one table of displays: how a value is shown. What is heavy is loaded when the first such value comes. */

import { AudioDisplay } from "@/displays/AudioDisplay";
import type { Display } from "@/displays/content_props";
import type { DisplayName } from "@/displays/display_kind";
import { FailureDisplay } from "@/displays/FailureDisplay";
import { FileDisplay } from "@/displays/FileDisplay";
import { HtmlDisplay } from "@/displays/HtmlDisplay";
import { ImageDisplay } from "@/displays/ImageDisplay";
import { LinkDisplay } from "@/displays/LinkDisplay";
import { MarkDisplay } from "@/displays/MarkDisplay";
import { MarkdownDisplay } from "@/displays/MarkdownDisplay";
import { ObjectDisplay } from "@/displays/ObjectDisplay";
import { ScalarDisplay } from "@/displays/ScalarDisplay";
import { TextDisplay } from "@/displays/TextDisplay";
import { TreeDisplay } from "@/displays/TreeDisplay";
import { VideoDisplay } from "@/displays/VideoDisplay";
import { later } from "@/ui/later";

const ArrayDisplay = later(async () => (await import("@/displays/ArrayDisplay")).ArrayDisplay);
const FigureDisplay = later(async () => (await import("@/displays/FigureDisplay")).FigureDisplay);
const TableDisplay = later(async () => (await import("@/displays/TableDisplay")).TableDisplay);

// Made when first asked for: objects may want to be shown as something else of this table, so its modules need it.
let table: Readonly<Record<DisplayName, Display>> | undefined;

export function displayFor(name: DisplayName): Display {
  table ??= {
    array: ArrayDisplay,
    audio: AudioDisplay,
    error: FailureDisplay,
    figure: FigureDisplay,
    file: FileDisplay,
    html: HtmlDisplay,
    image: ImageDisplay,
    link: LinkDisplay,
    mark: MarkDisplay,
    markdown: MarkdownDisplay,
    object: ObjectDisplay,
    scalar: ScalarDisplay,
    table: TableDisplay,
    text: TextDisplay,
    tree: TreeDisplay,
    video: VideoDisplay,
  };
  return table[name];
}
