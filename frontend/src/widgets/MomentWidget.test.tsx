import { fireEvent } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { seriousFindings } from "@/widgets/accessibility_testing";
import { readMoment, writeMoment } from "@/widgets/moment_text";
import { showWidget } from "@/widgets/widget_testing";

describe("dates and times as text", () => {
  it("come apart and together again", () => {
    expect(readMoment("2024-02-29T12:30:00.123456+02:00", "datetime-local")).toEqual({
      local: "2024-02-29T12:30:00.123",
      zone: "+02:00",
    });
    expect(readMoment("12:00:00", "time")).toEqual({ local: "12:00:00", zone: "" });
    expect(readMoment("tomorrow", "date")).toBeNull();
    expect(writeMoment("2024-02-29T12:30", "datetime-local", "Z")).toBe("2024-02-29T12:30:00Z");
  });
});

describe("a date or time field", () => {
  it("keeps the zone when the time changes", async () => {
    const { committed, screen } = showWidget(
      { type: "string", format: "date-time" },
      "2024-02-29T12:30:00+02:00",
    );
    fireEvent.change(screen.getByLabelText("value", { selector: "input" }), {
      target: { value: "2024-03-01T08:15" },
    });
    expect(committed()).toBe("2024-03-01T08:15:00+02:00");
    expect(screen.getByText("UTC+02:00")).toBeTruthy();
    expect(await seriousFindings()).toEqual([]);
  });

  it("commits dates and goes back on Escape", async () => {
    const { user, committed, screen } = showWidget({ type: "string", format: "date" }, "2024-02-29");
    const field = screen.getByLabelText("value", { selector: "input" });
    await user.click(field);
    fireEvent.change(field, { target: { value: "2025-01-31" } });
    expect(committed()).toBe("2025-01-31");
    await user.keyboard("{Escape}");
    expect(committed()).toBe("2024-02-29");
  });

  it("lets be typed what it cannot show", async () => {
    const { user, committed, screen } = showWidget({ type: "string", format: "time" }, "noon");
    expect(screen.getByText("Write it like 12:30:00")).toBeTruthy();
    const box = screen.getByRole("textbox");
    await user.clear(box);
    await user.type(box, "x");
    expect(committed()).toBe("x");
  });
});
