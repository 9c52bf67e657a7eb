/** The command palette: everything that can be done now, and every workflow, by typing a part of its name. */

import { Command as Item } from "cmdk";
import { useMemo, useState } from "react";
import { matching } from "@/app/matching";
import { SearchDialog } from "@/app/SearchDialog";
import { grouped } from "@/graph/grouping";
import { attempt } from "@/panels/attempts";
import { inPlaceOfEmpty } from "@/panels/fresh_tab";
import { type Command, commands, isUsable } from "@/state/commands_table";
import { openWorkflow } from "@/state/session";
import { useWorkflowList } from "@/state/workflow_list";
import { Kbd } from "@/ui/Kbd";

const MOST_WORKFLOWS = 20;

export function CommandPalette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  // What can be used depends on what had the focus, which the palette takes: it is asked once, at the beginning.
  const [usable] = useState(() =>
    commands()
      .filter(({ id }) => id !== "app.palette")
      .filter(isUsable),
  );
  const { workflows } = useWorkflowList();
  const found = useMemo(
    () => matching(usable, text, ({ title, group }) => `${title} ${group}`),
    [usable, text],
  );
  const files = text === "" ? [] : matching(workflows, text, ({ name }) => name).slice(0, MOST_WORKFLOWS);
  const run = (action: () => void) => {
    onClose();
    // The focus goes back to where it was first: some commands are about what has it.
    setTimeout(action);
  };
  return (
    <SearchDialog
      label="All commands"
      placeholder="Type what you want to do"
      value={text}
      onChange={setText}
      onClose={onClose}
      empty="No command answers to this."
    >
      {[...grouped(found, ({ group }) => group)].map(([group, list]) => (
        <Item.Group key={group} heading={group}>
          {list.map((command) => (
            <CommandItem key={command.id} command={command} onRun={() => run(command.run)} />
          ))}
        </Item.Group>
      ))}
      {files.length > 0 && (
        <Item.Group heading="Open a workflow">
          {files.map(({ name }) => (
            <Item.Item
              key={name}
              value={`workflow ${name}`}
              onSelect={() => run(() => void attempt(() => inPlaceOfEmpty(() => openWorkflow(name))))}
            >
              <span>{name}</span>
            </Item.Item>
          ))}
        </Item.Group>
      )}
    </SearchDialog>
  );
}

function CommandItem({ command, onRun }: { command: Command; onRun: () => void }) {
  const [keys] = command.keys ?? [];
  return (
    <Item.Item value={command.id} onSelect={onRun}>
      <span>{command.title}</span>
      {keys !== undefined && <Kbd keys={keys} />}
    </Item.Item>
  );
}
