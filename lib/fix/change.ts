import type { Finding } from "../model/finding.ts";
import type { Policy } from "../model/policy.ts";
import type { ResourceId } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Command } from "./command.ts";
import type { Bodies, Edit } from "./edit.ts";

/** What somebody could do in one go: one setting, or settings that mean nothing one without the other. */
export interface Change {
  readonly edits: readonly Edit[];
  /** What Azure changes along with it. */
  readonly follows?: readonly Edit[];
  /** The command lines that do it; some have to name what else is to stay, so they need to know how all ends. */
  readonly commands: (after: Bodies) => readonly Command[];
  /** What a person has to know or choose before. */
  readonly caveats?: readonly string[];
}

/** What there is to propose changes from. */
export interface Scene {
  readonly finding: Finding;
  readonly snapshot: Snapshot;
  readonly policy: Policy;
  readonly bodies: Bodies;
}

export type Proposer = (scene: Scene) => readonly Change[];

/** Sets the value at `path`; undefined where the body is not known or has it so already. */
export function setting(resource: ResourceId, path: string, value: unknown, bodies: Bodies): Edit | undefined {
  const body = bodies(resource);
  if (body === undefined) return undefined;
  const old = path
    .split("/")
    .slice(1)
    .reduce<unknown>((at, name) => Object(at)[name], body);
  return old === value ? undefined : { resource, path, old: old ?? undefined, new: value };
}

export function creation(resource: ResourceId, body: Readonly<Record<string, unknown>>): Edit {
  return { resource, path: "", old: undefined, new: body };
}

/** Undefined where the body is not known. */
export function deletion(resource: ResourceId, bodies: Bodies): Edit | undefined {
  const body = bodies(resource);
  return body === undefined ? undefined : { resource, path: "", old: body, new: undefined };
}
