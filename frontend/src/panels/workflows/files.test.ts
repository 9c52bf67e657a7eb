import { beforeEach, describe, expect, it } from "vitest";
import { importFiles } from "@/panels/workflows/files";
import { activeTab, newTab, useSession } from "@/state/session";

const file = (text: string, name = "sums.json") => new File([text], name, { type: "application/json" });

beforeEach(() => useSession.setState({ tabs: [], activeId: null }));

describe("opening files", () => {
  it("puts each into a tab of its own", async () => {
    await importFiles([file('{"nodes": [{"id": "a", "type": "viewNode"}], "edges": []}')]);
    expect([...(activeTab()?.document.workflow.nodes.keys() ?? [])]).toEqual(["a"]);
  });

  it("calls it like its file, unless it says itself what it is called", async () => {
    await importFiles([file('{"nodes": [], "edges": []}', "monthly report.json")]);
    expect(activeTab()?.document.workflow.extra.title).toBe("monthly report");
    await importFiles([file('{"nodes": [], "edges": [], "title": "Sums"}')]);
    expect(activeTab()?.document.workflow.extra.title).toBe("Sums");
  });

  it("takes the place of an empty tab that nobody has touched", async () => {
    newTab();
    await importFiles([file('{"nodes": [{"id": "a", "type": "viewNode"}], "edges": []}')]);
    expect(useSession.getState().tabs).toHaveLength(1);
  });

  it.each(["no JSON", '{"something": "else"}', '{"nodes": [], "version": 99}'])(
    "opens nothing for %s",
    async (text) => {
      await importFiles([file(text)]);
      expect(useSession.getState().tabs).toHaveLength(0);
    },
  );
});
