/** What an installation would do, looked at before anybody agrees to it. Nothing is installed in another way. */

import { create } from "zustand";
import { isExtra } from "@/graph/extras";
import { dismissChange, install, isChanging } from "@/state/packages_change";
import { type ChangeProblem, problemOf } from "@/state/packages_change_steps";
import { nextWish } from "@/state/packages_wish";
import { Problem, wordsFor } from "@/wire/client";
import { previewPackage } from "@/wire/package_routes";
import type { PackageWish, Preview } from "@/wire/shapes";

export interface Plan {
  readonly wish: PackageWish;
  /** What it is called before its name is known. */
  readonly name: string;
  /** "unknown": only running the package's build code would tell what it brings. */
  readonly status: "asking" | "known" | "unknown" | "refused";
  readonly preview: Preview | null;
  readonly problem: ChangeProblem | null;
}

export const usePlan = create<{ readonly plan: Plan | null }>()(() => ({ plan: null }));

let asking: AbortController | null = null;

/** Asks what an installation would do, in place of an earlier question. */
export async function look(wish: PackageWish, name = wish.package): Promise<void> {
  asking?.abort();
  const mine = new AbortController();
  asking = mine;
  dismissChange();
  const plan: Plan = { wish, name, status: "asking", preview: null, problem: null };
  usePlan.setState({ plan });
  const found = await answered(wish, mine.signal);
  if (!mine.signal.aborted) usePlan.setState({ plan: { ...plan, ...found } });
}

/** Not now. */
export function dropPlan(): void {
  asking?.abort();
  usePlan.setState({ plan: null });
}

/** The user has seen it and agrees. Resolves to whether it was installed. */
export async function carryOutPlan(): Promise<boolean> {
  const { plan } = usePlan.getState();
  if (!plan || plan.status === "asking" || plan.status === "refused" || isChanging()) return false;
  dropPlan();
  const name = isExtra(plan.wish.package) ? plan.wish.package : plan.preview?.package?.name;
  const isDone = await install(plan.wish, name || plan.name);
  const next = isDone ? nextWish() : null;
  if (next !== null) void look({ package: next, editable: null, upgrade: false, pre: false });
  return isDone;
}

async function answered(wish: PackageWish, signal: AbortSignal): Promise<Partial<Plan>> {
  try {
    return { status: "known", preview: await previewPackage(wish, signal) };
  } catch (error) {
    if (error instanceof Problem) {
      const problem = problemOf(error.body, error.message);
      return { status: problem.code === "build-needed" ? "unknown" : "refused", problem };
    }
    return { status: "refused", problem: problemOf({}, wordsFor(error)) };
  }
}
