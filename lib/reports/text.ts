import { retiredServiceOfType } from "../catalog/index.ts";
import { severities } from "../model/policy.ts";
import { fold, ResourceId } from "../model/resource-id.ts";
import { counted } from "../model/wording.ts";
import { faultText } from "./fault-text.ts";
import { faultsOf } from "./faults.ts";
import { emptyLine, layOut, type Paper, type Paragraph, type Style } from "./layout.ts";
import { abbreviate, kindOf, nameOf, namesOf, some } from "./names.ts";
import { printable } from "./printable.ts";
import { doorWords, exceptionNames, whoCanReach, whoGetsIn } from "./reach-words.ts";
import { type FindingEntry, type ReachEntry, type Report, type ServiceEntry, widths } from "./schema.ts";

const labelWidth = 14;

/** For people: services with findings, then networks and sites, then services without findings, then a summary. */
export function toText(report: Report, paper: Paper): string {
  const ids = new Set(report.services.map((service) => fold(service.id)));
  const bySubject = Map.groupBy(report.findings, (finding) => fold(finding.resource));
  const audited = report.services.map((service) => ({ service, findings: bySubject.get(fold(service.id)) ?? [] }));
  const others = [...bySubject].filter(([subject]) => !ids.has(subject)).map(([, findings]) => findings);
  const quiet = audited.filter(({ findings }) => findings.length === 0).map(({ service }) => service);
  const inState = (state: ServiceEntry["state"]) => quiet.filter((service) => service.state === state);
  const blocks = [
    ...audited.filter(({ findings }) => findings.length > 0).map((one) => serviceText(one.service, one.findings)),
    ...networkText(others),
    ...listText(inState("placed"), "placed, boundary not audited"),
    ...listText(inState("retired"), "retired"),
    ...listText(inState("audited"), "without findings"),
    summaryText(report.summary),
  ];
  return layOut(
    blocks.flatMap((block, index) => (index === 0 ? block : [emptyLine, ...block])),
    paper,
  );
}

function serviceText({ id, reach }: ServiceEntry, findings: readonly FindingEntry[]): readonly Paragraph[] {
  return [...heading(id), ...reachText(id, reach), ...faultsText(id, findings, reach?.assumptions)];
}

function heading(id: string): readonly Paragraph[] {
  const label = printable(nameOf(id));
  return [
    { label, labelWidth: label.length + 2, labelStyle: ["bold", "underline"], text: kindOf(id) },
    { indent: 2, text: id, style: "dim" },
  ];
}

function reachText(id: string, reach: ReachEntry | undefined): readonly Paragraph[] {
  if (reach === undefined) return [];
  const { exceptions, assumptions = [] } = reach;
  return [
    { ...labelled("reached by", abbreviate(whoCanReach(reach), id)), style: reachStyles[reach.widest] },
    ...(exceptions.length === 0 ? [] : [labelled("exceptions", `${exceptionNames(exceptions)}, from any address`)]),
    ...assumptions.map((assumption) => labelled("assumed", abbreviate(assumption, id))),
  ];
}

const reachStyles: Readonly<Record<ReachEntry["widest"], Style>> = {
  internet: "red",
  unknown: "magenta",
  azure: "red",
  addresses: "yellow",
  subnets: "green",
  private: "green",
  nobody: "green",
};

function faultsText(
  subject: string,
  findings: readonly FindingEntry[],
  saidAlready: readonly string[] = [],
): readonly Paragraph[] {
  return faultsOf(findings).flatMap((fault) => [emptyLine, ...faultText(fault, subject, saidAlready)]);
}

/** Findings that are asked of no service: each once, with the services that it concerns. */
function networkText(subjects: readonly (readonly FindingEntry[])[]): readonly (readonly Paragraph[])[] {
  const blocks = subjects.flatMap((findings) => {
    const [first] = findings;
    if (first === undefined) return [];
    const concerned = namesOf([...new Set(findings.flatMap((finding) => finding.services))]);
    const concerns = concerned.length === 0 ? "no service that was audited" : some(concerned, 10);
    const { resource } = first;
    const lines = standsAlone.test(resource) ? [] : [labelled("concerns", concerns)];
    return [[...heading(resource), ...lines, ...faultsText(resource, findings)]];
  });
  return blocks.length === 0 ? [] : [[title(networkTitle)], ...blocks];
}

const networkTitle = "Networks and sites";

/** Circuits, firewalls and sites belong to no service in particular. */
const standsAlone = /^site:|\/(expressRouteCircuits|azureFirewalls|firewallPolicies)\/[^/]+$/i;

/** Services that nothing is to be said of but what they are and who reaches them, one a line. */
function listText(services: readonly ServiceEntry[], what: string): readonly (readonly Paragraph[])[] {
  if (services.length === 0) return [];
  const names = namesOf(services.map((service) => service.id)).map(printable);
  const width = Math.min(Math.max(...names.map((name) => name.length)), 30) + 2;
  const lines = services.map((service, index) => {
    const { id, reach, findings } = service;
    const who = reach === undefined ? stateText(service) : `: ${whoGetsIn(reach)}`;
    const network = findings.length === 0 ? "" : `; see ${some(subjectsOf(findings), 3)} under ${networkTitle}`;
    const label = names[index] ?? nameOf(id);
    return { indent: 2, label, labelWidth: width, text: abbreviate(`${kindOf(id)}${who}${network}`, id) };
  });
  return [[title(`${counted(services.length, "service")} ${what}`), ...lines, ...assumedOf(services)]];
}

/** What had to be taken for granted to call services clean, each once. */
function assumedOf(services: readonly ServiceEntry[]): readonly Paragraph[] {
  const counts = new Map<string, number>();
  for (const assumption of services.flatMap(({ reach }) => reach?.assumptions ?? [])) {
    counts.set(assumption, (counts.get(assumption) ?? 0) + 1);
  }
  return [...counts].map(([assumption, count]) => ({
    indent: 2,
    label: "assumed:",
    labelWidth: 9,
    text: `${assumption} (${counted(count, "service")})`,
  }));
}

function stateText({ id, subnets }: ServiceEntry): string {
  const retired = retiredServiceOfType(ResourceId.parse(id)?.type ?? "");
  if (retired?.mayAnswer !== undefined) {
    return `: Azure ended the service on ${retired.since}; as long as it is there it may answer, and it is not judged`;
  }
  if (retired !== undefined) return `: Azure ended the service on ${retired.since}, and it answers nobody`;
  if (subnets === undefined) return "";
  return subnets.length === 0 ? ": in no subnet" : `: in ${some(namesOf(subnets), 4)}`;
}

/** The names of what findings are about, from their ids: `NI601:<subject id>[#part]`. */
function subjectsOf(findings: readonly string[]): readonly string[] {
  return [...new Set(findings.map((id) => nameOf(id.split("#", 1)[0] ?? id)))];
}

function summaryText({
  services,
  states,
  resources,
  findings,
  widest,
  ...besides
}: Report["summary"]): readonly Paragraph[] {
  const { undetermined, waived, unreadable } = besides;
  const reached = widths.flatMap((width) => (widest[width] > 0 ? [[widest[width], doorWords[width]] as const] : []));
  return [
    title("Summary"),
    labelled("services", `${services}, of ${counted(resources, "resource")} read`),
    ...table("not audited", [
      ...(states.placed === 0 ? [] : [[states.placed, "placed in subnets: who reaches them is not known"] as const]),
      ...(states.retired === 0 ? [] : [[states.retired, "retired"] as const]),
    ]),
    ...table("reached by", reached),
    ...table("findings", [
      ...severities.map((severity) => [findings[severity], severity] as const),
      [undetermined, "undetermined"],
      [waived, "waived"],
    ]),
    labelled("unreadable", unreadable === 0 ? "nothing" : `${unreadable} (see the warnings)`),
  ];
}

function table(label: string, rows: readonly (readonly [number, string])[]): readonly Paragraph[] {
  const width = Math.max(...rows.map(([count]) => String(count).length));
  return rows.map(([count, text], index) =>
    labelled(index === 0 ? label : "", `${String(count).padStart(width)} ${text}`),
  );
}

function labelled(label: string, text: string): Paragraph {
  return { indent: 2, label, labelWidth, text };
}

function title(text: string): Paragraph {
  return { text, style: ["bold", "underline"] };
}
