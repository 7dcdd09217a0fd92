import { counted } from "../model/wording.ts";
import type { Comparison, ReachChange } from "./comparison.ts";
import { emptyLine, layOut, type Paper, type Paragraph } from "./layout.ts";
import { abbreviate, kindOf, nameOf, namesOf, some } from "./names.ts";
import { printable } from "./printable.ts";
import { exceptionNames, whoGetsIn } from "./reach-words.ts";
import type { FindingEntry, ServiceEntry } from "./schema.ts";
import type { Gained } from "./wider-reach.ts";

/** For people: whom services let in now, and which findings are different. */
export function comparisonText(comparison: Comparison, paper: Paper): string {
  const { opened, worse, changed, gone, reached, newServices, missingServices } = comparison;
  const parts = [
    ...reached.map(({ service, before, after }) => [
      heading(printable(nameOf(service)), kindOf(service)),
      labelled("was reached by", whoGetsIn(before)),
      labelled("now", whoGetsIn(after)),
    ]),
    servicesOf(counted(newServices.length, "new service"), newServices),
    servicesOf(`${counted(missingServices.length, "service")} in the earlier report only`, missingServices),
    listOf("opened", opened),
    listOf("got worse", worse),
    listOf("changed", changed),
    listOf("no longer found", gone),
    widerOf(reached, "yes", "let in others than before"),
    widerOf(reached, "unknown", "may let in others than before"),
  ].filter((part) => part.length > 0);
  const all =
    parts.length === 0 ? [[{ text: "no finding is different, and nobody gets in who did not before" }]] : parts;
  return layOut(
    all.flatMap((part, index) => (index === 0 ? part : [emptyLine, ...part])),
    paper,
  );
}

function servicesOf(title: string, services: readonly ServiceEntry[]): readonly Paragraph[] {
  if (services.length === 0) return [];
  const lines = services.map(({ id, reach }) => {
    const who = reach === undefined ? "" : `: ${whoGetsIn(reach)}`;
    return { indent: 2, text: `${nameOf(id)}, ${kindOf(id)}${who}` };
  });
  return [{ text: title, style: "bold" }, ...lines];
}

/** What makes a comparison fail besides findings. */
function widerOf(reached: readonly ReachChange[], wider: ReachChange["wider"], what: string): readonly Paragraph[] {
  const those = reached.filter((one) => one.wider === wider);
  if (those.length === 0) return [];
  const lines = those.map(({ service, gained }) => {
    const who = gainedText(gained);
    return { indent: 2, text: `${printable(nameOf(service))}${who === "" ? "" : `: ${who}`}` };
  });
  return [{ text: `Services that ${what}`, style: "bold" }, ...lines];
}

function gainedText({ addresses, subnets, privateEndpoints, exceptions }: Gained): string {
  const names = [...subnets, ...privateEndpoints];
  return [
    ...(addresses.length === 0 ? [] : [some(addresses, 4)]),
    ...(names.length === 0 ? [] : [some(namesOf(names), 4)]),
    ...(exceptions.length === 0 ? [] : [`exceptions: ${exceptionNames(exceptions)}`]),
  ].join("; ");
}

function listOf(what: string, findings: readonly FindingEntry[]): readonly Paragraph[] {
  if (findings.length === 0) return [];
  const title: Paragraph = { text: `${counted(findings.length, "finding")} ${what}`, style: "bold" };
  const names = namesOf(findings.map(({ resource }) => resource));
  return [title, ...findings.map((finding, index) => lineOf(finding, names[index] ?? finding.resource))];
}

function lineOf(
  { rule, severity, status, resource, part, message, because, title }: FindingEntry,
  name: string,
): Paragraph {
  const of = part === undefined ? "" : ` (${part})`;
  const says = status === "undetermined" ? `cannot tell, because ${because?.join("; ") ?? title}` : (message ?? title);
  const label = `${status === "undetermined" ? "unsure" : severity.padEnd(6)}  ${rule}`;
  const text = `${name}${of}: ${abbreviate(says, resource)}`;
  return { indent: 2, label, labelWidth: 15, text };
}

function heading(name: string, kind: string): Paragraph {
  return { label: name, labelWidth: name.length + 2, labelStyle: ["bold", "underline"], text: kind };
}

function labelled(label: string, text: string): Paragraph {
  return { indent: 2, label, labelWidth: 16, labelStyle: "dim", text };
}
