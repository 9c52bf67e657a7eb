import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { SENT, serveValues, showValue } from "@/displays/display_testing";
import { asPreview } from "@/displays/preview_object";
import type { Json } from "@/graph/workflow";

const RECORDS = SENT.many_records ?? null;
const FRAME = SENT.large_frame ?? null;

function record(id: number): Json {
  return { id, name: `row ${id}` };
}

describe("a table", () => {
  it("has a head, an index and numbers to the right", async () => {
    showValue(SENT.frame ?? null);
    const head = await screen.findAllByRole("columnheader");
    expect(head.map((cell) => cell.textContent)).toEqual(["Index", "number", "name"]);
    expect(head[1]?.dataset.number).toBe("true");
    expect(screen.getAllByRole("rowheader")).toHaveLength(3);
    expect(screen.getByRole("table").getAttribute("aria-rowcount")).toBe("4");
  });

  it("fetches page after page of a list until all of it is there", async () => {
    const asked = serveValues((_, query) => {
      const start = Number(query.get("start"));
      return Array.from({ length: Math.min(300, 500 - start) }, (_, index) => record(start + index));
    });
    const { user } = showValue(RECORDS);
    const loaded = asPreview(RECORDS)?.head;
    const count = Array.isArray(loaded) ? loaded.length : 0;
    await user.click(await screen.findByRole("button", { name: "Load more rows" }));
    await screen.findByText(`${count + 300} of 500 rows × 2 columns`);
    await user.click(screen.getByRole("button", { name: "Load more rows" }));
    await screen.findByText("500 rows × 2 columns");
    expect(screen.queryByRole("button", { name: "Load more rows" })).toBeNull();
    expect(asked[0]).toBe(`/runs/r1/values/many_records/output?start=${count}&count=500`);
  });

  it("takes the whole where the server does not cut", async () => {
    const all = Array.from({ length: 500 }, (_, index) => [index, `row ${index}`]);
    serveValues(() => ({ columns: ["number", "name"], index: all.map(([index]) => index ?? 0), data: all }));
    const { user } = showValue(FRAME);
    await user.click(await screen.findByRole("button", { name: "Load more rows" }));
    await screen.findByText("500 rows × 2 columns");
  });

  it("says when the rest is gone, and can be asked again", async () => {
    serveValues(() => Response.json({ detail: "expired" }, { status: 410 }));
    const { user } = showValue(RECORDS);
    await user.click(await screen.findByRole("button", { name: "Load more rows" }));
    expect((await screen.findByRole("alert")).textContent).toMatch(/no longer kept\. Run the workflow again/);
    await waitFor(() =>
      expect(screen.getByRole("button", { name: "Load more rows" })).toHaveProperty("disabled", false),
    );
  });

  it("draws only the rows in view, and can be seen as JSON", async () => {
    const { user } = showValue(Array.from({ length: 5000 }, (_, index) => record(index)));
    await screen.findByText("5,000 rows × 2 columns");
    expect(screen.getAllByRole("row").length).toBeLessThan(60);
    await user.click(screen.getByRole("button", { name: "JSON" }));
    expect(screen.getByRole("tree")).toBeTruthy();
  });
});
