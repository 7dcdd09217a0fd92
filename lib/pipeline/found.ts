import pMap from "p-map";
import type { Evaluation, Expectations } from "../analyze.ts";
import type { Audit } from "../audit.ts";
import type { Fate, Found, Present, Remembered } from "../diff.ts";
import type { Explanation } from "../model/explanation.ts";
import type { Finding } from "../model/finding.ts";
import { digestOf } from "../model/finding-digest.ts";
import type { LedgerEntry } from "../model/ledger.ts";
import type { Reach } from "../reach/reach.ts";
import { hashOf } from "../state/hash.ts";
import { type KeptLine, type Ledger, type Store, sitesLedger } from "../state/store.ts";
import { type Known, subjectOf, unreadableFinding, unreadEvidence } from "./unreadable-finding.ts";

/** What an audit found out about the subjects of one ledger. */
export interface LedgerAudit {
  readonly ledger: string;
  readonly expectations: Expectations;
  readonly present: readonly Present[];
  readonly reachOf: (resource: string) => Reach | undefined;
  /** How many subjects were evaluated. */
  readonly subjects: number;
  /** What became of a subject that may not have been evaluated. */
  readonly lookUp: (resource: string) => Promise<Fate | Unsettled>;
  /** What can be told of a finding besides. */
  readonly explain: (finding: Finding) => Promise<Explanation>;
  /** What the audit knows of anything else. */
  readonly known: Known;
}

/** Why nobody can say what became of a subject: it cannot be read, or it is there and was not evaluated. */
export type Unsettled = { readonly kind: "unreadable"; readonly because: string } | { readonly kind: "missed" };

/** The part of an audit that is about the subjects of a ledger: those of one subscription, or the sites. */
export function partOf(
  audit: Audit,
  ledger: string,
  expectations: Expectations,
  closedSubscriptions: ReadonlyMap<string, string>,
  explain: LedgerAudit["explain"],
): LedgerAudit {
  // what a closed subscription holds may answer one by one or say 404: neither is evidence
  const closed = closedSubscriptions.get(ledger);
  const isOwn = ({ subject }: Evaluation) => closed === undefined && ledgerOf(subject.id.subscription) === ledger;
  const own = audit.evaluations.filter(isOwn);
  const evaluated = new Map(own.map((evaluation) => [evaluation.subject.id.key, evaluation]));
  return {
    ledger,
    expectations,
    present: own.flatMap(({ findings }) => findings.map(toPresent)),
    reachOf: (resource) => evaluated.get(subjectOf(resource).key)?.reach,
    subjects: own.length,
    async lookUp(resource) {
      const id = subjectOf(resource);
      if (evaluated.has(id.key)) return "evaluated";
      if (ledger === sitesLedger) return "out of scope";
      if (closed !== undefined) return { kind: "unreadable", because: closed };
      const found = await audit.find(id);
      switch (found.kind) {
        case "fact":
          return { kind: "missed" };
        case "absent":
          return "deleted";
        case "unreadable":
          return { kind: "unreadable", because: found.because };
        case "notRead":
          return { kind: "unreadable", because: `\`${id.text}\` was not read` };
      }
    },
    explain,
    known: audit,
  };
}

/** For a subscription that is no longer in the scope. */
export function outOfScope(ledger: string, expectations: Expectations): LedgerAudit {
  return {
    ledger,
    expectations,
    present: [],
    reachOf: () => undefined,
    subjects: 0,
    lookUp: async () => "out of scope",
    explain: async () => ({}),
    known: { find: async () => ({ kind: "notRead" }), gaps: [] },
  };
}

/** The ledger of a subject; sites have no subscription. */
export function ledgerOf(subscription: string): string {
  return subscription === "" ? sitesLedger : subscription;
}

/**
 * What was found, and what that means for each finding that is remembered but was not found; "missed" where an audit that was
 * side by side remembers a subject that this one did not know of.
 */
export async function foundIn(
  part: LedgerAudit,
  { lines }: Pick<Ledger, "lines">,
  store: Store,
): Promise<Found | "missed"> {
  const { ledger, expectations, present, lookUp } = part;
  const rules = new Set(expectations.rules.map(({ id }) => id));
  const ids = new Set(present.map(({ finding }) => finding.id));
  const missing = lines.filter(({ line }) => line.state !== "resolved" && !ids.has(line.id) && rules.has(line.rule));
  const fates = new Map<string, Fate>();
  let hasMissed = false;
  const lookUpOne = async ({ line: { id, resource } }: KeptLine): Promise<readonly Present[]> => {
    const fate = await lookUp(resource);
    if (fate === "deleted" || fate === "out of scope") {
      fates.set(id, fate);
      return [];
    }
    if (fate !== "evaluated" && fate.kind === "missed") {
      hasMissed = true;
      return [];
    }
    const entry = (await store.find(ledger, id))?.entry;
    if (entry === undefined) return [];
    const because = fate === "evaluated" ? await unreadEvidence(entry, part.known) : fate.because;
    return because === undefined ? [] : [stillThere(entry, because, expectations)];
  };
  const unreadable = await pMap(missing, lookUpOne, { concurrency: 8 });
  if (hasMissed) return "missed";
  const fateOf = ({ id }: Remembered) => fates.get(id) ?? "evaluated";
  return { present: [...present, ...unreadable.flat()], rules, fateOf };
}

function stillThere({ finding, omitted }: LedgerEntry, because: string, expectations: Expectations): Present {
  const present = toPresent(unreadableFinding(finding, because, expectations));
  return omitted === undefined ? present : { ...present, omitted };
}

function toPresent(finding: Finding): Present {
  return { finding, digest: hashOf(digestOf(finding)) };
}
