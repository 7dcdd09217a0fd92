import { styleText } from "node:util";
import Table from "cli-table3";
import { counted } from "../model/wording.ts";
import { IpSet } from "../net/ip-set.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import type { Detour } from "../reach/endpoint-detours.ts";
import type { RouteRow } from "../reach/route-table-view.ts";
import { emptyLine, layOut, type Paper, type Paragraph } from "./layout.ts";
import { kindOf, some } from "./names.ts";
import { printable } from "./printable.ts";
import { type NewEndpoint, prefixText, type RoutesReport } from "./routes.ts";

export interface RoutesTextOptions {
  /** Writes out the prefixes of service tags. */
  readonly hasAllPrefixes: boolean;
  /** Next hops that count as a firewall. */
  readonly firewalls: IpSet;
}

/** The table as the portal has it, and below it why states are not known and what new endpoints would change. */
export function toRoutesText(report: RoutesReport, options: RoutesTextOptions, paper: Paper): string {
  const { subnet, table, endpoints, closed } = report;
  const reasons = [...new Set(table.rows.flatMap(({ because }) => because ?? []))];
  const heading = [{ label: subnet.name, labelStyle: "bold", text: ` ${kindOf(subnet.text)}` }, emptyLine] as const;
  const notes = [
    ...reasons.map((reason, index): Paragraph => labelled(`[${index + 1}]`, reason)),
    ...table.because.map((reason) => labelled("", `There may be more routes: ${reason}`)),
    ...closed.map((sentence) => labelled("", `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`)),
    ...endpoints.map((endpoint) => labelled("", changeText(endpoint, options.firewalls))),
  ];
  const below = notes.length === 0 ? "" : layOut([emptyLine, ...notes], paper);
  return `${layOut(heading, paper)}${tableText(table.rows, reasons, options, paper)}${below}`;
}

function labelled(label: string, text: string): Paragraph {
  return { label, labelWidth: label === "" ? 0 : 4, text };
}

const headings = ["Source", "State", "Address Prefixes", "Next Hop Type", "Next Hop IP Address", "Name"];

function tableText(
  rows: readonly RouteRow[],
  reasons: readonly string[],
  { hasAllPrefixes }: RoutesTextOptions,
  { colour }: Paper,
): string {
  const hasAdded = rows.some(({ isAdded }) => isAdded);
  const table = new Table({ chars: noBorders, style: { head: [], border: [], "padding-left": 0, "padding-right": 2 } });
  const paint = (text: string) => (colour ? styleText("bold", text, { validateStream: false }) : text);
  table.push((hasAdded ? ["", ...headings] : headings).map(paint));
  for (const row of rows) {
    const state = row.because === undefined ? row.state : `${row.state} [${reasons.indexOf(row.because) + 1}]`;
    const before = [row.source, state].map(printable);
    const after = [row.nextHopType, row.nextHopIpAddress ?? "-", row.name ?? row.tag ?? "-"].map(printable);
    const cells = [...before, prefixesText(row, hasAllPrefixes), ...after];
    table.push(hasAdded ? [row.isAdded ? "+" : "", ...cells] : cells);
  }
  return `${table.toString().replaceAll(/ +$/gm, "")}\n`;
}

const noBorders = {
  ...{ top: "", "top-mid": "", "top-left": "", "top-right": "", bottom: "", "bottom-mid": "", "bottom-left": "" },
  ...{ "bottom-right": "", left: "", "left-mid": "", mid: "", "mid-mid": "", right: "", "right-mid": "", middle: "" },
};

function prefixesText({ prefixes, tag }: RouteRow, hasAllPrefixes: boolean): string {
  if (prefixes.length === 0) return "not known";
  if (tag === undefined || hasAllPrefixes) return prefixes.map(prefixText).join("\n");
  return `${prefixes.length} prefix${prefixes.length === 1 ? "" : "es"} of ${printable(tag)}`;
}

function changeText({ service, detours, note }: NewEndpoint, firewalls: IpSet): string {
  const end = note === undefined ? "" : ` (${note})`;
  if (detours === undefined) {
    const why = "no list of service tags has its addresses: give one with --service-tags";
    return `With ${service}: which destinations would go over the service endpoint is not known, ${why}${end}`;
  }
  if (detours.length === 0) return `With ${service}: no destination would go another way${end}`;
  return `With ${service}: ${detours.map((detour) => detourText(detour, firewalls)).join("; ")}${end}`;
}

function detourText({ addresses, isNowCertain, isCertain, ...now }: Detour, firewalls: IpSet): string {
  const prefixes = addresses.toPrefixes();
  const what = `${counted(prefixes.length, "range")} (${some(prefixes, 2)})`;
  const place = `${placeText(now, firewalls)}${isNowCertain ? "" : " as far as is known"}`;
  const goes = prefixes.length === 1 ? "goes" : "go";
  return `${what} that now ${goes} to ${place} ${isCertain ? "would" : "may"} go over the service endpoint`;
}

function placeText(
  { nextHopType, nextHopIpAddress }: Pick<Detour, "nextHopType" | "nextHopIpAddress">,
  firewalls: IpSet,
): string {
  if (nextHopIpAddress === undefined) return nextHopType;
  const address = parseAddresses(nextHopIpAddress) ?? IpSet.empty;
  const isFirewall = !address.isEmpty && address.isSubsetOf(firewalls);
  return isFirewall ? `the firewall ${nextHopIpAddress}` : `${nextHopType} ${nextHopIpAddress}`;
}
