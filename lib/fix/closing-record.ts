import { apiVersionOf } from "../catalog/api-versions.ts";
import type { CallerRecord, ClosingRecord, EditRecord, ToldRecord } from "../model/closing-record.ts";
import type { Finding } from "../model/finding.ts";
import type { Closing } from "./closing.ts";
import { commandLine, readsFile } from "./command.ts";
import type { Caller } from "./consequences.ts";
import type { Bodies, Edit } from "./edit.ts";
import { bodiesAfter } from "./estate.ts";

/** A closing as JSON, and as command lines. */
export function closingRecordOf({ changes, consequences }: Closing, bodies: Bodies): ClosingRecord {
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

function toEdit({ resource, path, old, new: value }: Edit): EditRecord {
  const apiVersion = apiVersionOf(resource.type);
  const version = apiVersion === undefined ? {} : { apiVersion };
  return { resource: resource.text, ...version, path, old: old ?? null, new: value ?? null };
}

function toTold({ id, rule, severity, status, resource, message, because, title }: Finding): ToldRecord {
  return { id, rule, severity, status, resource: resource.text, says: message ?? (because.join("; ") || title) };
}

function toCaller(caller: Caller): CallerRecord {
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
