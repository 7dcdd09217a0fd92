import type { Place } from "./syntax.ts";
import { type ObjectValue, Unknown, type Value } from "./value.ts";

/** Which resource a symbol stands for. */
export interface Identity {
  readonly type: string;
  readonly apiVersion: string;
  readonly id: string;
  /** Of a child with its parents' names before it: `account/default`. */
  readonly name: string;
  /** The id of the subscription, group or resource that it is deployed to; empty for the tenant. */
  readonly scope: string;
}

/** A resource as a deployment asks Azure for it. */
export interface Resource extends Identity {
  readonly symbol: string;
  readonly at: Place;
  readonly isExisting: boolean;
  /** False where the condition before the braces says so. */
  readonly isDeployed: boolean | Unknown;
  /** `location`, `properties` and so on, as they are sent; its name is its last segment. */
  readonly body: ObjectValue;
}

/** What a file deploys. */
export interface ModuleRun {
  readonly outputs: ReadonlyMap<string, Value>;
  readonly resources: readonly Resource[];
  /** The deployments inside it: the name and the scope of each module. */
  readonly runs: readonly { readonly at: Place; readonly name: Value; readonly scope: string }[];
}

/** What the symbol of a resource stands for; everything is worked out when it is first asked for. */
export class ResourceReference {
  readonly identity: () => Identity;
  readonly resource: () => Resource;
  /** The resources inside its braces, by their symbols. */
  readonly nested: ReadonlyMap<string, Value>;

  constructor(parts: Pick<ResourceReference, "identity" | "resource" | "nested">) {
    this.identity = parts.identity;
    this.resource = parts.resource;
    this.nested = parts.nested;
  }
}

/** What the symbol of a module stands for; undefined where its condition says that it is not deployed. */
export class ModuleReference {
  readonly run: () => ModuleRun | undefined;

  constructor(run: ModuleReference["run"]) {
    this.run = run;
  }
}

export type Reference = ResourceReference | ModuleReference;

export function isReference(value: Value): value is Reference {
  return value instanceof ResourceReference || value instanceof ModuleReference;
}

export function isPlainObject(value: Value): value is ObjectValue {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !isReference(value) &&
    !(value instanceof Unknown)
  );
}
