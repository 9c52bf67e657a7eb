/** The gallery of templates: workflows to begin with. */

import { LayoutTemplate } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { attempt } from "@/panels/attempts";
import { inPlaceOfEmpty } from "@/panels/fresh_tab";
import styles from "@/panels/templates/TemplatesDialog.module.css";
import { openTemplate, useTemplates } from "@/state/templates";
import { Badge } from "@/ui/Badge";
import { Dialog } from "@/ui/Dialog";
import { EmptyState } from "@/ui/EmptyState";
import { SearchField } from "@/ui/SearchField";
import { Spinner } from "@/ui/Spinner";
import type { TemplateInfo } from "@/wire/shapes";

const MANY = 8;

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
      size="large"
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
  const list = useRef<HTMLUListElement>(null);
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
      <ul ref={list} className={styles.gallery}>
        {shown.map((template) => (
          <li key={template.name} className={styles.cell}>
            <TemplateCard template={template} onOpen={() => open(template.name)} />
          </li>
        ))}
      </ul>
    </>
  );
}

function answers({ title, description, tags }: TemplateInfo, text: string): boolean {
  const all = `${title} ${description} ${tags.join(" ")}`.toLowerCase();
  const words = text.toLowerCase().split(/\s+/);
  return words.every((word) => all.includes(word));
}

function TemplateCard({ template, onOpen }: { template: TemplateInfo; onOpen: () => void }) {
  const { title, description, nodes, tags } = template;
  return (
    <button type="button" className={styles.card} onClick={onOpen}>
      <span className={styles.head}>
        <LayoutTemplate size={16} className={styles.icon} />
        <span className={styles.title}>{title}</span>
      </span>
      <span className={styles.description}>{description}</span>
      <span className={styles.foot}>
        <Badge>{nodes} nodes</Badge>
        {tags.map((tag) => (
          <Badge key={tag} tone="info">
            {tag}
          </Badge>
        ))}
      </span>
    </button>
  );
}
