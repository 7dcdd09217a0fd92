import { apiVersionOf } from "../catalog/api-versions.ts";
import type { Closing } from "../fix/closing.ts";
import { commandLine, readsFile } from "../fix/command.ts";
import type { Caller } from "../fix/consequences.ts";
import type { Bodies, Edit } from "../fix/edit.ts";
import { bodiesAfter } from "../fix/estate.ts";
import type { Fix } from "../fix/smallest-fix.ts";
import type { Finding } from "../model/finding.ts";
import { recordOf } from "../model/finding-record.ts";
import type { RuleText } from "../rules/rule.ts";
import type { CallerEntry, ClosingEntry, EditEntry, FixAnswer, ToldEntry } from "./fix-schema.ts";

/** What `cordon fix` answers for a finding that there is. */
export function fixAnswer(finding: Finding, rule: RuleText | undefined, fix: Fix, bodies: Bodies): FixAnswer {
  const answer = { id: finding.id, because: [], finding: recordOf(finding, rule) };
  if (fix.kind === "none") {
    const { because, rejected } = fix;
    const none: FixAnswer = { ...answer, outcome: "none", because: [because] };
    return rejected === undefined ? none : { ...none, rejected: toClosing(rejected, bodies) };
  }
  const { closing, isMinimal, alternatives, milder } = fix;
  return {
    ...answer,
    outcome: "fix",
    fix: toClosing(closing, bodies),
    isMinimal,
    ...(milder === undefined ? {} : { milder: toClosing(milder, bodies) }),
    alternatives: alternatives.map((one) => toClosing(one, bodies)),
  };
}

/** For one of which it is not known whether anything is wrong. */
export function undeterminedAnswer(finding: Finding, rule: RuleText | undefined): FixAnswer {
  const { id, because } = finding;
  return { id, outcome: "undetermined", because: [...because], finding: recordOf(finding, rule) };
}

function toClosing({ changes, consequences }: Closing, bodies: Bodies): ClosingEntry {
  const { goes, comes, turns, access } = consequences;
  const after = bodiesAfter(changes, bodies);
  const commands = changes.flatMap((change) => change.commands(after));
  const isSafe = commands.every((words) => !readsFile(words));
  const caveats = [...changes.flatMap(({ caveats = [] }) => caveats), ...(isSafe ? [] : [unspeakable])];
  return {
    changes: changes.length,
    edits: changes.flatMap(({ edits }) => edits.map(toEdit)),
    follows: changes.flatMap(({ follows = [] }) => follows.map(toEdit)),
    commands: isSafe ? [...new Set(commands.map(commandLine))] : [],
    caveats: [...new Set(caveats)],
    goes: goes.map(toTold),
    comes: comes.map(toTold),
    turns: turns.map(toTold),
    access: access.map(({ service, part, from, to, ...callers }) => ({
      service: service.text,
      ...(part === undefined ? {} : { part }),
      from,
      to,
      wanted: callers.wanted.map(toCaller),
      lost: callers.lost.map(toCaller),
      gained: callers.gained.map(toCaller),
    })),
  };
}

const unspeakable =
  "there is no command line for it: the Azure CLI takes a name that begins with `@` for that of a file, and would send what the file holds";

function toEdit({ resource, path, old, new: value }: Edit): EditEntry {
  const apiVersion = apiVersionOf(resource.type);
  const version = apiVersion === undefined ? {} : { apiVersion };
  return { resource: resource.text, ...version, path, old: old ?? null, new: value ?? null };
}

function toTold({ id, rule, severity, status, resource, message, because, title }: Finding): ToldEntry {
  return { id, rule, severity, status, resource: resource.text, says: message ?? (because.join("; ") || title) };
}

function toCaller(caller: Caller): CallerEntry {
  switch (caller.kind) {
    case "addresses": {
      const { kind, addresses, because } = caller;
      const entry = { kind, who: addresses.toPrefixes() };
      return because === undefined ? entry : { ...entry, because };
    }
    case "subnet":
    case "privateEndpoint":
      return { kind: caller.kind, who: [caller.id.text] };
    case "exception":
      return { kind: caller.kind, who: [caller.name] };
  }
}
