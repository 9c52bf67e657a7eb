/** The gallery of templates: workflows to begin with, from first steps to advanced ones. */

import { useEffect, useId, useRef, useState } from "react";
import { grouped } from "@/graph/grouping";
import { attempt } from "@/panels/attempts";
import { inPlaceOfEmpty } from "@/panels/fresh_tab";
import { TemplatePicture } from "@/panels/templates/TemplatePicture";
import styles from "@/panels/templates/TemplatesDialog.module.css";
import { openTemplate, useTemplates } from "@/state/templates";
import { Badge } from "@/ui/Badge";
import { Dialog } from "@/ui/Dialog";
import { EmptyState } from "@/ui/EmptyState";
import { SearchField } from "@/ui/SearchField";
import { Spinner } from "@/ui/Spinner";
import type { TemplateInfo } from "@/wire/shapes";

const MANY = 8;
const LEVELS: Readonly<Record<string, string>> = {
  "first steps": "First steps",
  everyday: "Everyday work",
  advanced: "Advanced",
};

export interface TemplatesDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

export function TemplatesDialog({ open, onOpenChange }: TemplatesDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Start from a template"
      description="Each opens as a new workflow of your own."
      size="wide"
    >
      <Gallery onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function Gallery({ onDone }: { onDone: () => void }) {
  const { templates, status } = useTemplates();
  const [text, setText] = useState("");
  const shown = templates.filter((template) => answers(template, text));
  const open = async (name: string) => {
    if (await attempt(() => inPlaceOfEmpty(() => openTemplate(name)))) onDone();
  };
  const list = useRef<HTMLDivElement>(null);
  // The dialog had nothing else to give the focus to than its button to close, while they were loading.
  useEffect(() => {
    if (status === "ready") list.current?.querySelector("button")?.focus();
  }, [status]);
  if (status === "loading") return <Spinner label="Loading templates" size={20} />;
  return (
    <>
      {templates.length > MANY && (
        <div className={styles.search}>
          <SearchField label="Search templates" value={text} onChange={setText} />
        </div>
      )}
      {shown.length === 0 && (
        <EmptyState title="No templates">
          {status === "away" ? "The server is away." : "None answers to what you typed."}
        </EmptyState>
      )}
      <div ref={list}>
        {[...grouped(shown, ({ level }) => level)].map(([level, group]) => (
          <Level key={level} level={level} templates={group} onOpen={open} />
        ))}
      </div>
    </>
  );
}

function answers({ title, description, teaches, tags }: TemplateInfo, text: string): boolean {
  const all = `${title} ${description} ${teaches} ${tags.join(" ")}`.toLowerCase();
  const words = text.toLowerCase().split(/\s+/);
  return words.every((word) => all.includes(word));
}

interface LevelProps {
  readonly level: string;
  readonly templates: readonly TemplateInfo[];
  readonly onOpen: (name: string) => void;
}

function Level({ level, templates, onOpen }: LevelProps) {
  const id = useId();
  return (
    <section className={styles.level} aria-labelledby={id}>
      <h3 id={id} className={styles.heading}>
        {LEVELS[level] ?? "More"}
      </h3>
      <ul className={styles.gallery}>
        {templates.map((template) => (
          <li key={template.name} className={styles.cell}>
            <TemplateCard template={template} onOpen={() => onOpen(template.name)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function TemplateCard({ template, onOpen }: { template: TemplateInfo; onOpen: () => void }) {
  const { title, description, teaches, nodes, tags } = template;
  const id = useId();
  return (
    <article className={styles.card}>
      <TemplatePicture template={template} />
      {/* It reaches over the whole card, and is called by its title alone. */}
      <button type="button" className={styles.title} aria-describedby={id} onClick={onOpen}>
        {title}
      </button>
      <div id={id} className={styles.words}>
        <p>{description}</p>
        {teaches !== "" && (
          <p className={styles.teaches}>
            <strong>Learn:</strong> {teaches}
          </p>
        )}
      </div>
      <p className={styles.foot}>
        <Badge>{nodes} nodes</Badge>
        {tags.map((tag) => (
          <Badge key={tag} tone="info">
            {tag}
          </Badge>
        ))}
      </p>
    </article>
  );
}
