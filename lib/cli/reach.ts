import { type Command, InvalidArgumentError, Option } from "commander";
import { CordonError } from "../model/cordon-error.ts";
import type { ServiceFact, SubnetFact } from "../model/fact.ts";
import type { IpSet } from "../net/ip-set.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import type { Perimeter } from "../reach/perimeter.ts";
import {
  reachFromAddress,
  reachFromElsewhere,
  reachFromSubnet,
  type ServiceReach,
  serviceReach,
  subnetsWith,
} from "../reach/service-reach.ts";
import { privateSpace } from "../reach/spaces.ts";
import { toJson } from "../reports/json.ts";
import { type ReachAnswer, reachAnswer } from "../reports/reach-answer.ts";
import { reachStory } from "../reports/reach-story.ts";
import { findResource } from "./find-resource.ts";
import { type Estate, loadEstate } from "./load.ts";
import { say } from "./messages.ts";
import { addSourceOptions, type SourceOptions } from "./options.ts";
import { writeResult } from "./output.ts";
import { paperFor } from "./paper.ts";

const formats = ["text", "json"] as const;

interface Options extends SourceOptions {
  readonly from?: string;
  readonly format: (typeof formats)[number];
  readonly out?: string;
}

export function addReach(program: Command): void {
  const command = program
    .command("reach")
    .argument("<service>", "its id, or its name where no other service has it")
    .summary("say who reaches one service, and by which way")
    .description("Says who reaches a service, by which way, and follows one flow of each way step by step.");
  addSourceOptions(command)
    .option("--from <address or subnet>", "ask only about callers there, and what stops them", parseFrom)
    .addOption(new Option("--format <format>", "what to write").choices(formats).default("text"))
    .option("--out <file>", "write the result to a file")
    .action(runReach);
}

async function runReach(name: string, options: Options): Promise<void> {
  const estate = await loadEstate(options);
  const service = findService(name, estate);
  const answer = options.from === undefined ? wholeAnswer(service, estate) : answerFrom(service, options.from, estate);
  const paper = paperFor(options.out === undefined ? process.stdout : undefined, process.env);
  await writeResult(options.format === "json" ? toJson(answer) : reachStory(answer, paper), options.out);
}

function findService(name: string, { snapshot }: Estate): ServiceFact {
  const found = findResource(name, "service", [...snapshot.ofKind("service"), ...snapshot.ofKind("placed")]);
  if (found.kind === "service") return found;
  throw new CordonError(
    "ERR_SERVICE_PLACED",
    `who reaches \`${found.id.name}\` is not known: of services placed in subnets the boundary is not audited`,
    name,
  );
}

function wholeAnswer(service: ServiceFact, { snapshot, policy }: Estate): ReachAnswer {
  return toAnswer(serviceReach(service, policy, snapshot));
}

/** Digits with dots or a slash between them, or hexadecimal ones with colons: no name of a subnet. */
const addressLike = /^(?=.*[.:])(?:[\d./]+|[\da-f.:/]*:[\da-f.:/]*)$/i;

function parseFrom(text: string): string {
  const isWrong = text.trim() === "" || (addressLike.test(text) && parseAddresses(text) === undefined);
  if (isWrong) throw new InvalidArgumentError("it is neither an address nor a subnet");
  return text;
}

function answerFrom(service: ServiceFact, text: string, { snapshot }: Estate): ReachAnswer {
  const address = parseAddresses(text);
  if (address === undefined) {
    return toAnswer(reachFromSubnet(service, findResource(text, "subnet", snapshot.ofKind("subnet")), snapshot));
  }
  if (!address.isSubsetOf(privateSpace)) return toAnswer(reachFromAddress(service, address, snapshot), text);
  const subnets = subnetsWith(address, snapshot);
  if (subnets.length === 0) {
    say(`\`${text}\` is in no subnet that was read: on the internet nobody has such an address`);
    return toAnswer(reachFromElsewhere(service, address, snapshot), text);
  }
  if (subnets.length > 1 && isOne(address)) return ambiguous(text, subnets);
  const answers = subnets.map((subnet) => reachFromSubnet(service, subnet, snapshot, address));
  return toAnswer(together(answers), text);
}

function isOne({ countIpv4, countIpv6 }: IpSet): boolean {
  return BigInt(countIpv4) + countIpv6 === 1n;
}

/** A range can hold several subnets. */
function together([first, ...others]: readonly ServiceReach[]): ServiceReach {
  if (first === undefined) throw new RangeError("no subnet was asked about");
  const all = [first, ...others];
  return { ...first, ways: all.flatMap(({ ways }) => ways), because: all.flatMap(({ because }) => because) };
}

function ambiguous(text: string, subnets: readonly SubnetFact[]): never {
  const ids = subnets.slice(0, 5).map(({ id }) => `\`${id.text}\``);
  throw new CordonError(
    "ERR_RESOURCE_AMBIGUOUS",
    `\`${text}\` is in several subnets: give one of ${ids.join(", ")}`,
    text,
  );
}

function toAnswer({ service, boundary, ways, because, from }: ServiceReach, asked?: string): ReachAnswer {
  const exceptions = boundary.exceptions.flatMap(({ name, isInForce }) => {
    return name !== undefined && isInForce.must ? [name] : [];
  });
  const members = holds(boundary.perimeter) ? [otherMembers] : [];
  return reachAnswer(service.id, asked ?? from?.text, ways, [...exceptions, ...members], because);
}

/**
 * Services in one perimeter reach each other, by their managed identities:
 * https://learn.microsoft.com/azure/private-link/network-security-perimeter-concepts
 */
const otherMembers = "other members of its network security perimeter";

function holds({ kind }: Perimeter): boolean {
  return kind === "enforced" || kind === "learning";
}
