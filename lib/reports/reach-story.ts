import { ResourceId } from "../model/resource-id.ts";
import type { WitnessRecord } from "../model/witness-record.ts";
import { counted } from "../model/wording.ts";
import { flowText } from "./flow-text.ts";
import { emptyLine, layOut, type Paper, type Paragraph, type Style } from "./layout.ts";
import { abbreviate, kindOf, nameOf, some } from "./names.ts";
import { printable } from "./printable.ts";
import type { ReachAnswer, WayEntry } from "./reach-answer.ts";
import { exceptionNames } from "./reach-words.ts";

const labels = { reaches: "gets in", blocked: "blocked", unknown: "unsure" } as const;
const styles: Readonly<Record<WayEntry["outcome"], Style>> = {
  reaches: ["bold", "red"],
  blocked: ["bold", "green"],
  unknown: ["bold", "magenta"],
};
const labelWidth = 9;

/** For people: each way into the service, and for one flow of each what decided about it, step by step. */
export function reachStory(answer: ReachAnswer, paper: Paper): string {
  const { service, ways, exceptions, because, from } = answer;
  const name = printable(nameOf(service));
  const heading: readonly Paragraph[] = [
    { label: name, labelWidth: name.length + 2, labelStyle: ["bold", "underline"], text: kindOf(service) },
    { indent: 2, text: service, style: "dim" },
  ];
  const told = merged(ways);
  const stories = told.flatMap((group) => [emptyLine, ...wayText(group, service)]);
  const nobody = ways.length === 0 ? [emptyLine, { indent: 2, text: noWay(from) }] : [];
  const rest = [
    ...(exceptions.length === 0 ? [] : [line("besides", `${exceptionNames(exceptions)}, from any address`)]),
    ...because.map((reason) => line("unsure", `there may be other ways: ${abbreviate(reason, service)}`)),
  ];
  return layOut([...heading, ...stories, ...nobody, ...(rest.length === 0 ? [] : [emptyLine, ...rest])], paper);
}

function noWay(from: string | undefined): string {
  return from === undefined ? "nobody gets in" : `there is no way in from ${nameOf(from)}`;
}

/** Ways by one private endpoint, NAT gateway or public address that end alike are told together, with the story of the first. */
function merged(ways: readonly WayEntry[]): readonly (readonly [WayEntry, ...WayEntry[]])[] {
  const groups = Map.groupBy(ways, ({ by, through, as, from = "", outcome, because }) =>
    by === undefined || isGateway(from) ? {} : JSON.stringify([by, through, as, outcome, because]),
  );
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [[first, ...others] as const],
  );
}

function wayText(ways: readonly [WayEntry, ...WayEntry[]], service: string): readonly Paragraph[] {
  const [first] = ways;
  const { kind, outcome, witness, because } = first;
  return [
    { indent: 2, label: labels[outcome], labelWidth, labelStyle: styles[outcome], text: whoText(ways), style: "bold" },
    ...(outcome === "unknown" ? reasonsText(because, service) : []),
    ...(witness === undefined
      ? []
      : flowText(witness, { to: destinationText(witness, kind, service), subject: service, indent: 2 + labelWidth })),
  ];
}

function reasonsText(because: readonly string[], service: string): readonly Paragraph[] {
  const shown = because.length > 5 ? because.slice(0, 4) : because;
  const more = because.length - shown.length;
  return [
    ...shown.map((reason) => line("because", abbreviate(reason, service))),
    ...(more === 0 ? [] : [line("because", `of ${counted(more, "more reason")}, which \`--format json\` tells`)]),
  ];
}

function whoText(ways: readonly [WayEntry, ...WayEntry[]]): string {
  const [{ kind, outcome, from, by, through, as, part, isUnnamed, alike = [], addresses, maybe, witness }] = ways;
  const certain = addresses.length > 0 ? addresses : maybe;
  const shown = some(certain.length > 0 || kind !== "internet" ? certain : (witness?.set ?? []), 4);
  switch (kind) {
    case "internet":
      if (from !== undefined) return `${subnetNames(ways)}, over the internet${sourceText(by, as)}`;
      return part === undefined
        ? `callers on the internet: ${shown}`
        : `callers on the internet, at the ${part}: ${shown}`;
    case "azure":
      return `workloads in Azure, of every tenant${addresses.length === 0 ? "" : `: ${shown}`}`;
    case "subnet":
      if (isUnnamed === true) return unnamedText([from, ...alike]);
      if (by !== undefined) return `${subnetNames(ways)}, through ${nameOf(by)} and the service endpoint of its subnet`;
      return `${subnetName(from)} over its service endpoint${shown === "" || isAnything(certain) ? "" : `: ${shown}`}`;
    case "privateEndpoint":
      if (from !== undefined && isGateway(from)) return `by ${nameOf(by ?? "")}, from behind ${nameOf(from)}: ${shown}`;
      return `by ${nameOf(by ?? "")}, from ${subnetNames(ways)}${through === undefined ? "" : `, through ${nameOf(through)}`}`;
    case "site":
      if (outcome === "unknown" && shown === "") return `site ${from}, over its private connection`;
      return `site ${from}: ${shown === "" ? "none of its addresses gets in" : shown}`;
  }
}

/** Of a subnet: its addresses are not known. */
function isAnything(prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => prefix.endsWith("/0"));
}

function isGateway(id: string): boolean {
  return ResourceId.parse(id)?.type === "microsoft.network/virtualnetworkgateways";
}

/** "a/s0, which no network rule names, over its service endpoint". */
function unnamedText(subnets: readonly (string | undefined)[]): string {
  const endpoint = subnets.length === 1 ? "its service endpoint" : "their service endpoints";
  return `${namesOfSubnets(subnets)}, which no network rule names, over ${endpoint}`;
}

/** A subnet has a way for each family. */
function subnetNames(ways: readonly WayEntry[]): string {
  return namesOfSubnets(ways.map((way) => way.from));
}

function namesOfSubnets(ids: readonly (string | undefined)[]): string {
  const names = [...new Set(ids.map((id) => subnetName(id)))];
  return `${names.length > 5 ? `${counted(names.length, "subnet")}: ` : ""}${some(names, 4)}`;
}

/** " by natgw-1: 20.50.1.4". */
function sourceText(by: string | undefined, as: readonly string[] | undefined): string {
  if (by === undefined) return "";
  return ` by ${nameOf(by)}${as === undefined ? "" : `: ${some(as, 4)}`}`;
}

/** "vnet-erp/snet-app". */
function subnetName(id = ""): string {
  const [network, , subnet] = id.split("/").slice(-3);
  return subnet === undefined ? id : `${network}/${subnet}`;
}

/** Of a private endpoint each address is told, of any other way one of many. */
function destinationText({ destination }: WitnessRecord, kind: WayEntry["kind"], service: string): string {
  if (destination === undefined) return nameOf(service);
  return `${nameOf(service)} (${kind === "privateEndpoint" ? destination : `such as ${destination}`})`;
}

function line(label: string, text: string): Paragraph {
  return { indent: 2, label, labelWidth, text };
}
