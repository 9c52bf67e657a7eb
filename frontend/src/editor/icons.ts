/** The icons that a node can have: names in the file, drawings from the icon library. */

import {
  Binary,
  Boxes,
  Braces,
  Brain,
  Calculator,
  CalendarDays,
  ChartLine,
  CircleHelp,
  Code,
  Database,
  Download,
  Eye,
  FileText,
  Filter,
  Flag,
  Folder,
  Globe,
  Image,
  Key,
  Languages,
  Layers,
  Lightbulb,
  List,
  type LucideIcon,
  Mail,
  MessageSquare,
  Music,
  Play,
  Puzzle,
  Regex,
  Search,
  Shuffle,
  Sigma,
  Sparkles,
  SquareFunction,
  Star,
  StickyNote,
  Table,
  Timer,
  Type,
  Variable,
  Video,
  Wrench,
  Zap,
} from "lucide-react";
import type { Schema } from "@/graph/catalog";

export interface NodeIcon {
  /** As the file has it. */
  readonly name: string;
  readonly label: string;
  readonly Icon: LucideIcon;
}

const choice = (name: string, label: string, Icon: LucideIcon): NodeIcon => ({ name, label, Icon });

export const NODE_ICONS: readonly NodeIcon[] = [
  choice("function", "Function", SquareFunction),
  choice("calculator", "Calculator", Calculator),
  choice("sum", "Sum", Sigma),
  choice("number", "Number", Binary),
  choice("text", "Text", Type),
  choice("pattern", "Pattern", Regex),
  choice("language", "Language", Languages),
  choice("file", "File", FileText),
  choice("folder", "Folder", Folder),
  choice("table", "Table", Table),
  choice("chart", "Chart", ChartLine),
  choice("database", "Database", Database),
  choice("json", "Object", Braces),
  choice("code", "Code", Code),
  choice("list", "List", List),
  choice("filter", "Filter", Filter),
  choice("search", "Search", Search),
  choice("shuffle", "Shuffle", Shuffle),
  choice("layers", "Layers", Layers),
  choice("boxes", "Boxes", Boxes),
  choice("image", "Image", Image),
  choice("video", "Video", Video),
  choice("music", "Sound", Music),
  choice("eye", "Eye", Eye),
  choice("globe", "Web", Globe),
  choice("download", "Download", Download),
  choice("mail", "Mail", Mail),
  choice("message", "Message", MessageSquare),
  choice("brain", "Model", Brain),
  choice("sparkles", "Sparkles", Sparkles),
  choice("idea", "Idea", Lightbulb),
  choice("key", "Key", Key),
  choice("calendar", "Date", CalendarDays),
  choice("timer", "Timer", Timer),
  choice("play", "Play", Play),
  choice("bolt", "Bolt", Zap),
  choice("wrench", "Tool", Wrench),
  choice("puzzle", "Puzzle", Puzzle),
  choice("star", "Star", Star),
  choice("flag", "Flag", Flag),
];

const byName = new Map(NODE_ICONS.map(({ name, Icon }) => [name, Icon]));
const KIND_ICONS: Readonly<Record<string, LucideIcon>> = {
  functionNode: SquareFunction,
  variableNode: Variable,
  listNode: List,
  viewNode: Eye,
  note: StickyNote,
};

/** The icon of a node: the one it was given, else that of its kind. */
export function iconOf(type: string, given?: string, schema?: Schema): LucideIcon {
  return byName.get(given ?? "") ?? styleIcon(type, schema) ?? KIND_ICONS[type] ?? CircleHelp;
}

function styleIcon(type: string, schema: Schema | undefined): LucideIcon | undefined {
  if (type !== "functionNode" || !schema) return undefined;
  if (schema.style === "progress") return Timer;
  return schema.style === "stream" ? MessageSquare : undefined;
}
