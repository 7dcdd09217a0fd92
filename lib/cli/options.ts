import { type Command, InvalidArgumentError, Option } from "commander";
import type { LiveOptions } from "../compose-live.ts";
import { type Cloud, clouds } from "../readers/arm-connection.ts";
import { isManagementGroup } from "../settings/scope.ts";

/** What commands that read an estate have in common. */
export interface SourceOptions {
  readonly recording?: readonly string[];
  readonly policy?: string;
  readonly serviceTags?: string;
}

/** What commands that may read Azure itself have besides. */
export interface LiveSourceOptions {
  readonly subscription?: readonly string[];
  readonly managementGroup?: string;
  readonly cloud: Cloud;
  readonly armLoopback?: string;
}

export function addLiveOptions(command: Command): Command {
  return command
    .addOption(
      repeatable(
        "--subscription <id>",
        "read this subscription from Azure, as whoever is signed in",
        parseId,
      ).conflicts("recording"),
    )
    .addOption(
      new Option("--management-group <name>", "read every subscription of a management group")
        .argParser(parseGroup)
        .conflicts(["subscription", "recording"]),
    )
    .addOption(new Option("--cloud <cloud>", "where to sign in").choices(Object.keys(clouds)).default("public"))
    .addOption(new Option("--arm-loopback <url>", "a simulated Azure on this machine").hideHelp());
}

/** Undefined where no option asks for Azure. */
export function liveOptionsOf(options: LiveSourceOptions): LiveOptions | undefined {
  const { subscription: ids, managementGroup: name, cloud, armLoopback: loopback } = options;
  if (name !== undefined) return { cloud, loopback, scope: { kind: "managementGroup", name } };
  return ids === undefined ? undefined : { cloud, loopback, scope: { kind: "subscriptions", ids } };
}

function parseGroup(text: string): string {
  if (!isManagementGroup(text)) throw new InvalidArgumentError("it is not the id of a management group");
  return text;
}

function parseId(text: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) {
    throw new InvalidArgumentError("a subscription id looks like 00000000-0000-0000-0000-000000000000");
  }
  return text;
}

export function addSourceOptions(command: Command): Command {
  return command
    .addOption(
      repeatable(
        "--recording <path>",
        "file or folder of recorded ARM answers, may be repeated (default: the example)",
        (path) => path,
      ),
    )
    .option("--policy <file>", "what the owner expects (default: cordon.policy.json, here or beside the recording)")
    .option("--service-tags <file>", "addresses of the service tags, as Microsoft publishes them or the API answers");
}

export function repeatable<T>(flags: string, description: string, parse: (value: string) => T): Option {
  const collect = (value: string, previous: readonly T[] = []): readonly T[] => [...previous, parse(value)];
  return new Option(flags, description).argParser<readonly T[]>(collect);
}
