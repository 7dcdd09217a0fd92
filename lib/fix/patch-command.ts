import { apiVersionOf } from "../catalog/api-versions.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { type Command, commandFor } from "./command.ts";
import type { Bodies } from "./edit.ts";

/**
 * What does it where no command of its own does: a patch that holds the whole value at `path` as it is to be, since ARM
 * takes lists as a whole (https://learn.microsoft.com/cli/azure/use-azure-cli-rest-command).
 */
export function patchCommand(resource: ResourceId, path: string, after: Bodies): readonly Command[] {
  const names = path.split("/").slice(1);
  const value = names.reduce<unknown>((at, name) => Object(at)[name], after(resource)) ?? null;
  const body = names.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
  return [rest("patch", resource, body)];
}

function rest(method: string, resource: ResourceId, body: unknown): Command {
  return commandFor("rest --method {method} --url {url} --body {body}", {
    method,
    url: urlOf(resource),
    body: JSON.stringify(body),
  });
}

function urlOf(resource: ResourceId): string {
  return `${resource.text}?api-version=${apiVersionOf(resource.type) ?? "{api-version}"}`;
}
