import { apiVersionOf } from "../catalog/api-versions.ts";
import { serviceOfType } from "../catalog/index.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { type Command, command, commandFor } from "./command.ts";
import type { Bodies } from "./edit.ts";
import { serviceCommands } from "./service-commands.ts";

/**
 * What does it where no command of its own does: a patch that holds the whole property that `path` leads into as it is to be,
 * since ARM takes lists as a whole, and some services take objects as a whole, too: what a patch leaves out of a firewall may be
 * gone from it (https://learn.microsoft.com/cli/azure/use-azure-cli-rest-command).
 */
export function patchCommand(resource: ResourceId, path: string, after: Bodies): readonly Command[] {
  const names = path.split("/").slice(1, 3);
  const value = names.reduce<unknown>((at, name) => Object(at)[name], after(resource)) ?? null;
  const { replace } = serviceCommands(resource.type) ?? {};
  if (replace !== undefined) {
    const words = { name: resource.name, property: names[1] ?? "", value: JSON.stringify(value) };
    return [command(replace, resource, words)];
  }
  const body = names.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
  const apiVersion = serviceOfType(resource.type)?.shownBy?.apiVersion ?? apiVersionOf(resource.type);
  if (apiVersion === undefined) throw new RangeError(`no api-version is known for \`${resource.type}\``);
  const words = { url: `${encoded(resource)}?api-version=${apiVersion}`, body: JSON.stringify(body) };
  return [commandFor("rest --method patch --url {url} --body {body}", words)];
}

/** Names of resource groups hold letters of any script: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules */
function encoded({ text }: ResourceId): string {
  return text.split("/").map(encodeURIComponent).join("/");
}
