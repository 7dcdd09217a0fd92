import type { Subject } from "../analyze.ts";
import type { Finding } from "../model/finding.ts";
import type { Change, Proposer, Scene } from "./change.ts";
import { bringsAsBad, byHarm, type Closing, harmOf, isMilder, makesWorse } from "./closing.ts";
import { ClosingSets, canGoTogether, combinations } from "./closing-sets.ts";
import { consequencesOf } from "./consequences.ts";
import type { Bodies } from "./edit.ts";
import { type AuditedEstate, changedEstate, evaluationAfter } from "./estate.ts";
import { type Remedy, remedies } from "./remedies.ts";

export type Fix =
  | {
      readonly kind: "found";
      readonly closing: Closing;
      /** Every smaller set of the changes that Cordon knows was tried, and leaves the finding there. */
      readonly isMinimal: boolean;
      /** As small, or smaller and more than the finding asks for: what a person may want instead. */
      readonly alternatives: readonly Closing[];
      /** Larger, but with less harm; undefined where `closing` does none, or no such set was found. */
      readonly milder?: Closing;
    }
  | {
      readonly kind: "none";
      readonly because: string;
      /** What would close it, and bring something worse. */
      readonly rejected?: Closing;
    };

/** How many sets are tried, and how many of those that close the finding are looked into. */
export interface Effort {
  readonly sets: number;
  readonly closings: number;
}

export const usualEffort: Effort = { sets: 4096, closings: 32 };

/** How many changes more than the fewest a milder fix may take. */
const besides = 3;

export function smallestFix(finding: Finding, estate: AuditedEstate, bodies: Bodies, effort = usualEffort): Fix {
  const remedy = remedies[finding.rule];
  const subject = estate.evaluations.find((one) => one.subject.id.key === finding.resource.key)?.subject;
  if (remedy === undefined || subject === undefined) return { kind: "none", because: "nothing is known of its rule" };
  if ("none" in remedy) return { kind: "none", because: remedy.none };
  const scene = { finding, snapshot: estate.snapshot, policy: estate.expectations.policy, bodies };
  const searchIn = (from: readonly Proposer[]) =>
    fixAmong(remedy, new Search(scene, subject, estate, proposed(from, scene), effort));
  const fix = searchIn(remedy.from);
  if (remedy.last === undefined || (fix.kind === "found" && fix.closing.changes.length === 1)) return fix;
  const last = searchIn(remedy.last);
  if (last.kind === "none") return fix;
  return fix.kind === "none" ? last : besideSmaller(fix, last.closing);
}

/** What is preferred, where something else may take fewer changes. */
function besideSmaller(fix: Fix & { kind: "found" }, other: Closing): Fix {
  if (other.changes.length >= fix.closing.changes.length) return fix;
  return { ...fix, isMinimal: false, alternatives: [other, ...fix.alternatives] };
}

type Changing = Exclude<Remedy, { readonly none: string }>;

/** The smallest of what the search knows. */
function fixAmong({ keeping = [], otherwise }: Changing, search: Search): Fix {
  const { finding } = search.scene;
  const { closings, isMinimal } = search.smallest();
  const isGood = (one: Closing) => !makesWorse(one, finding.severity);
  const [closing = closings[0], ...others] = closings.filter(isGood);
  const alternatives = others.filter((one) => !bringsAsBad(one, finding.severity));
  if (closing === undefined) {
    const known =
      search.pool.length === 0
        ? "there is nothing that Cordon knows how to change"
        : "no change that Cordon knows closes it";
    return { kind: "none", because: otherwise ?? known };
  }
  const milder = harmOf(closing) === 0 ? undefined : search.milder(closing, proposed(keeping, search.scene));
  if (isGood(closing)) {
    const found = { kind: "found", closing, isMinimal, alternatives } as const;
    return milder === undefined ? found : { ...found, milder };
  }
  if (milder !== undefined && isGood(milder)) {
    return { kind: "found", closing: milder, isMinimal: false, alternatives: [] };
  }
  return { kind: "none", because: "what would close it brings something worse", rejected: closing };
}

/** In an order that nothing but the changes themselves decides. */
function proposed(from: readonly Proposer[], scene: Scene): readonly Change[] {
  const changes = from.flatMap((propose) => propose(scene).toSorted(byText));
  return [...new Map(changes.map((change) => [textOf(change), change])).values()];
}

function byText(a: Change, b: Change): number {
  const [one, other] = [textOf(a), textOf(b)];
  return one < other ? -1 : Number(one > other);
}

/** Elements are told by what they are, not by their place in a list. */
function textOf({ edits }: Change): string {
  const parts = edits.map(({ resource, path, old, new: value }) => {
    return [resource.key, path.replace(/\/\d+(?=\/|$)/g, "/"), old ?? null, value ?? null];
  });
  return JSON.stringify(parts);
}

class Search {
  readonly scene: Scene;
  readonly #subject: Subject;
  readonly #estate: AuditedEstate;
  /** The same, in which nothing is asked but the rule of the finding. */
  readonly #asked: AuditedEstate;
  readonly pool: readonly Change[];
  readonly #effort: Effort;
  readonly #sets: ClosingSets;

  constructor(scene: Scene, subject: Subject, estate: AuditedEstate, pool: readonly Change[], effort: Effort) {
    this.scene = scene;
    this.#subject = subject;
    this.#estate = estate;
    const rules = estate.expectations.rules.filter(({ id }) => id === scene.finding.rule);
    this.#asked = { ...estate, expectations: { ...estate.expectations, rules } };
    this.pool = pool;
    this.#effort = effort;
    this.#sets = new ClosingSets(pool, (changes) => this.#closes(changes), effort.sets);
  }

  /** Those of the fewest changes, the least harmful first; when that takes too long, any. */
  smallest(): { readonly closings: readonly Closing[]; readonly isMinimal: boolean } {
    for (let size = 1; size <= this.pool.length && !this.#sets.isSpent; size++) {
      const closings = this.#closingsOfSize(size);
      if (closings.length > 0) return { closings, isMinimal: true };
      const needed = size === 1 ? this.#sets.indispensable() : undefined;
      if (needed !== undefined) return { closings: [this.#closing(needed)], isMinimal: false };
    }
    const some = this.#sets.isSpent ? this.#sets.irreducible() : undefined;
    return { closings: some === undefined ? [] : [this.#closing(some)], isMinimal: false };
  }

  /** A larger set that does less harm: with what keeps callers in, or of other changes. */
  milder(closing: Closing, keepers: readonly Change[]): Closing | undefined {
    let best = closing;
    const consider = (candidate: Closing) => {
      if (isMilder(candidate, best)) best = candidate;
    };
    for (let extra = 1; extra <= besides && harmOf(best) > 0; extra++) {
      for (const more of combinations(keepers, extra)) {
        const changes = [...more, ...closing.changes]; // callers are let in before others are shut out
        if (canGoTogether(changes) && this.#closes(changes)) consider(this.#closing(changes));
      }
      for (const one of this.#closingsOfSize(closing.changes.length + extra)) consider(one);
    }
    return best === closing ? undefined : best;
  }

  #closingsOfSize(size: number): readonly Closing[] {
    const closings: Closing[] = [];
    for (const changes of this.#sets.ofSize(size)) {
      closings.push(this.#closing(changes));
      if (closings.length >= this.#effort.closings) break;
    }
    return closings.sort(byHarm);
  }

  #closing(changes: readonly Change[]): Closing {
    const after = changedEstate(this.#estate, changes, this.scene.bodies);
    return { changes, consequences: consequencesOf(this.#estate, after) };
  }

  #closes(changes: readonly Change[]): boolean {
    const { finding, bodies } = this.scene;
    const after = evaluationAfter(this.#subject, this.#asked, changes, bodies);
    return !(after?.findings ?? []).some(({ id }) => id === finding.id);
  }
}
