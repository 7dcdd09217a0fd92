import { readFile } from "node:fs/promises";
import { describeIssue, mistakesIn, type PlacedMistake } from "./config-mistakes.ts";
import { policySchema, type WrittenPolicy } from "./config-schema.ts";
import { type Path, readJson } from "./config-source.ts";
import { CordonError } from "./model/cordon-error.ts";
import { fileReason } from "./model/file-reason.ts";
import { Policy } from "./model/policy.ts";
import { IpSet } from "./net/ip-set.ts";

export { policyJsonSchema } from "./config-schema.ts";

export const policyFileName = "cordon.policy.json";

export interface Mistake {
  /** JSON pointer to the value; empty for the whole file and for errors of syntax. */
  readonly pointer: string;
  /** Counted from 1. */
  readonly line: number;
  /** Of errors of syntax; counted from 1, in UTF-16 units. */
  readonly column?: number;
  readonly message: string;
}

/** The policy file is not one: names every mistake in it. */
export class ConfigError extends CordonError {
  readonly mistakes: readonly Mistake[];

  constructor(fileName: string, mistakes: readonly Mistake[]) {
    const count = mistakes.length === 1 ? "1 mistake" : `${mistakes.length} mistakes`;
    super(
      "ERR_POLICY_INVALID",
      [`cannot use policy file \`${fileName}\`: ${count}`, ...mistakes.map(lineOf)].join("\n"),
    );
    this.mistakes = mistakes;
  }
}

function unreadable(path: string, reason: string, cause: unknown): CordonError {
  return new CordonError("ERR_POLICY_UNREADABLE", `cannot read policy file \`${path}\`: ${reason}`, cause);
}

/** Throws a CordonError where the file is missing or unreadable, a ConfigError where it is wrong. */
export async function readPolicyFile(path: string): Promise<Policy> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw unreadable(path, fileReason(cause, "there is no such file"), cause);
  });
  return parsePolicy(decode(bytes, path), path);
}

/** Throws a ConfigError that names every mistake. */
export function parsePolicy(text: string, fileName: string): Policy {
  if (text.trim() === "") throw new ConfigError(fileName, [{ pointer: "", line: 1, message: "the file is empty" }]);
  const source = readJson(text);
  if (source.kind === "syntax") {
    const mistakes = source.errors.map(({ place, message }) => {
      return { pointer: "", line: place.line, column: place.column, message };
    });
    throw new ConfigError(fileName, mistakes);
  }
  const parsed = policySchema.safeParse(source.value, { error: describeIssue });
  const mistakes = mistakesIn(source, parsed.error?.issues ?? []);
  if (!parsed.success || mistakes.length > 0) throw new ConfigError(fileName, mistakes.map(asMistake));
  return toPolicy(parsed.data);
}

function toPolicy(written: WrittenPolicy): Policy {
  const {
    approvedAddresses,
    approvedExceptions = [],
    nearlyInternet,
    sites = [],
    severities = {},
    waivers = [],
    reservedSubnets = [],
    privateTypes = [],
    dnsNetworks = [],
    perimeterTypes = [],
    injectedTypes = [],
    isolatedSubnets = [],
    firewalls = [],
    keptApart = [],
  } = written;
  return new Policy({
    ...(approvedAddresses && { approvedAddresses: IpSet.union(approvedAddresses) }),
    approvedExceptions,
    nearlyInternet: nearlyInternet ?? Policy.default.nearlyInternet,
    sites: sites.map(({ natAddresses, needs = [], ...site }) => {
      return { ...site, natAddresses: IpSet.union(natAddresses), needs };
    }),
    severities: new Map(Object.entries(severities).flatMap(([rule, severity]) => (severity ? [[rule, severity]] : []))),
    waivers,
    reservedSubnets,
    privateTypes,
    dnsNetworks,
    perimeterTypes,
    injectedTypes,
    isolatedSubnets,
    firewalls: IpSet.union(firewalls),
    keptApart,
  });
}

function asMistake({ path, place, message }: PlacedMistake): Mistake {
  return { pointer: pointerOf(path), line: place.line, message };
}

function pointerOf(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function lineOf({ pointer, line, column, message }: Mistake): string {
  const place = [
    `line ${line}`,
    ...(column === undefined ? [] : [`column ${column}`]),
    ...(pointer === "" ? [] : [pointer]),
  ];
  return `  ${place.join(", ")}: ${message}`;
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw unreadable(path, "it is not UTF-8 text", cause);
  }
}
