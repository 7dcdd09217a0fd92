import { type Command, Option } from "commander";
import { CordonError } from "../model/cordon-error.ts";
import type { ServiceFact } from "../model/fact.ts";
import type { Perimeter } from "../reach/perimeter.ts";
import {
  reachFromAddress,
  reachFromElsewhere,
  reachFromSubnet,
  type ServiceReach,
  serviceReach,
} from "../reach/service-reach.ts";
import { toJson } from "../reports/json.ts";
import { type ReachAnswer, reachAnswer } from "../reports/reach-answer.ts";
import { reachStory } from "../reports/reach-story.ts";
import { type Callers, callersAt, parseFrom } from "./callers.ts";
import { findResource } from "./find-resource.ts";
import { askEstate, type Estate } from "./load.ts";
import { addLiveOptions, addSourceOptions, type LiveSourceOptions, type SourceOptions } from "./options.ts";
import { writeResult } from "./output.ts";
import { paperFor } from "./paper.ts";

const formats = ["text", "json"] as const;

interface Options extends SourceOptions, LiveSourceOptions {
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
  addLiveOptions(addSourceOptions(command))
    .option("--from <address or subnet>", "ask only about callers there, and what stops them", parseFrom)
    .addOption(new Option("--format <format>", "what to write").choices(formats).default("text"))
    .option("--out <file>", "write the result to a file")
    .action(runReach);
}

async function runReach(name: string, options: Options): Promise<void> {
  const answer = await askEstate(
    options,
    (estate) => ({ service: findService(name, estate), callers: callersAt(options.from, estate) }),
    answerOf,
  );
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

interface Found {
  readonly service: ServiceFact;
  readonly callers: Callers;
}

function answerOf({ service, callers }: Found, { snapshot, policy }: Estate): ReachAnswer {
  switch (callers.kind) {
    case "all":
      return toAnswer(serviceReach(service, policy, snapshot));
    case "subnet":
      return toAnswer(reachFromSubnet(service, callers.subnet, snapshot));
    case "public":
      return toAnswer(reachFromAddress(service, callers.address, snapshot), callers.text);
    case "elsewhere":
      return toAnswer(reachFromElsewhere(service, callers.address, snapshot), callers.text);
    case "inside": {
      const { subnets, address, text } = callers;
      return toAnswer(together(subnets.map((one) => reachFromSubnet(service, one, snapshot, address))), text);
    }
  }
}

/** A range can hold several subnets. */
function together([first, ...others]: readonly ServiceReach[]): ServiceReach {
  if (first === undefined) throw new RangeError("no subnet was asked about");
  const all = [first, ...others];
  return { ...first, ways: all.flatMap(({ ways }) => ways), because: all.flatMap(({ because }) => because) };
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
