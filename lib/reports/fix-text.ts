import type { AccessRecord, CallerRecord, ClosingRecord, EditRecord, ToldRecord } from "../model/closing-record.ts";
import { counted } from "../model/wording.ts";
import type { FixAnswer } from "./fix-schema.ts";
import { emptyLine, layOut, type Paper, type Paragraph, type Style } from "./layout.ts";
import { abbreviate, kindOf, nameOf, nameWithin, some } from "./names.ts";
import { printable } from "./printable.ts";
import { doorWords } from "./reach-words.ts";

const labelWidth = 10;
const rangesShown = 4;
const valueLimit = 160;

/** For people: the finding, what to change and how, and what else that changes. */
export function fixText(answer: FixAnswer, paper: Paper): string {
  return layOut([...headOf(answer), ...bodyOf(answer, paper)], paper);
}

function headOf({ finding, id }: FixAnswer): readonly Paragraph[] {
  if (finding === undefined) return [{ text: id, style: "bold" }];
  const { resource, rule, severity, part, message, title, waived } = finding;
  const name = printable(nameOf(resource));
  const of = part === undefined ? "" : ` (${part})`;
  return [
    { label: name, labelWidth: name.length + 2, labelStyle: ["bold", "underline"], text: kindOf(resource) },
    line(`${rule} ${severity}`, `${abbreviate(message ?? title, resource)}${of}`, "bold"),
    ...(waived === undefined ? [] : [line("waived", `by ${waived.owner}, until ${waived.expires}: ${waived.reason}`)]),
  ];
}

function bodyOf(answer: FixAnswer, paper: Paper): readonly Paragraph[] {
  const { outcome, because, fix, milder, alternatives = [], rejected, isMinimal, finding } = answer;
  const subject = finding?.resource ?? "";
  if (outcome === "passes") return [line("passes", because.join("; "))];
  if (outcome === "undetermined") {
    return [
      emptyLine,
      line("unsure", `nothing can be proposed before this is known: ${abbreviate(because.join("; "), subject)}`),
    ];
  }
  if (fix === undefined) {
    const first = [emptyLine, line("no fix", because.join("; ")), line("instead", finding?.remedy ?? "")];
    if (rejected === undefined) return first;
    const heading = `what would close it, and bring something worse (${counted(rejected.changes, "change")}):`;
    return [...first, emptyLine, { text: heading, style: "bold" }, ...closingText(rejected, subject, paper)];
  }
  return [
    emptyLine,
    { text: `the smallest fix: ${sizeText(fix.changes, isMinimal === true)}`, style: "bold" },
    ...closingText(fix, subject, paper),
    ...(milder === undefined
      ? []
      : [
          emptyLine,
          { text: `with less harm: ${counted(milder.changes, "change")}`, style: "bold" as const },
          ...closingText(milder, subject, paper),
        ]),
    ...alternativesText(alternatives, subject),
    emptyLine,
    { text: "Cordon changes nothing itself. Run what you choose, then audit again.", style: "dim" },
  ];
}

/** "1 change (proved: …)". */
export function sizeText(changes: number, isMinimal: boolean): string {
  const proof = isMinimal
    ? "proved: no smaller set of the changes that Cordon knows closes it"
    : "not proved to be the smallest: there are too many sets to try, or a smaller one does more harm";
  return `${counted(changes, "change")} (${proof})`;
}

/** What to change and how, and what else that changes. */
export function closingText(closing: ClosingRecord, subject: string, paper: Paper): readonly Paragraph[] {
  const { edits, follows, commands, caveats, goes, comes, turns, access } = closing;
  return [
    emptyLine,
    ...edits.flatMap((edit) => editText(edit, subject)),
    ...follows.map((edit) => line("", `Azure then ${inWords(edit, subject)}`, "dim")),
    emptyLine,
    ...commands.flatMap((command) => commandText(command, paper)),
    emptyLine,
    line("closes", [...new Set(goes.map(({ rule }) => rule))].join(", "), undefined, "green"),
    ...comes.map((one) => line("brings", toldText(one, subject), undefined, "yellow")),
    ...turns.map((one) => line("turns", toldText(one, subject), undefined, "yellow")),
    ...access.flatMap(({ service, part, wanted, gained, ...more }) => [
      ...wanted.map((who) =>
        line("shuts out", `${callerText(who)}: wanted at ${placeName(service, part)}`, undefined, "yellow"),
      ),
      ...shutOut(more).map((who) => line("shuts out", `${who} from ${placeName(service, part)}`)),
      ...gained.map((who) => line("lets in", `${callerText(who)} to ${placeName(service, part)}`, undefined, "yellow")),
    ]),
    ...caveats.map((caveat) => line("note", caveat)),
  ];
}

function editText(edit: EditRecord, subject: string): readonly Paragraph[] {
  const { resource, path, old, new: value } = edit;
  const name = nameBeside(resource, subject);
  const at = path.replace(/\/-$/, "");
  if (path === "") return [line("", `${value === null ? "delete" : "create"} ${name} (${kindOf(resource)})`)];
  if (value === null) return [line("", `${name} ${at}: take away ${shown(old)}`)];
  if (path.endsWith("/-")) return [line("", `${name} ${at}: add ${shown(value)}`)];
  return [line("", `${name} ${at}: ${old === null ? "not set" : shown(old)} → ${shown(value)}`)];
}

function inWords({ resource, path, new: value }: EditRecord, subject: string): string {
  const name = nameBeside(resource, subject);
  if (path === "") return `${value === null ? "takes away" : "makes"} ${name} (${kindOf(resource)})`;
  return value === null ? `takes ${path} out of ${name}` : `sets ${path} of ${name} to ${shown(value)}`;
}

/** Its path inside the subject, else its name. */
function nameBeside(resource: string, subject: string): string {
  return (subject === "" ? "" : nameWithin(resource, subject)) || nameOf(resource);
}

/** Compact JSON; an entry with a name is told by it, and by what its properties say. */
function shown(value: unknown): string {
  const { name, id, properties } = Object(value);
  const own = typeof name === "string" ? name : typeof id === "string" ? nameOf(id) : undefined;
  const isNamed = own !== undefined && typeof properties === "object" && properties !== null;
  const text = isNamed ? `${own} ${JSON.stringify(properties, withoutEmpty)}` : JSON.stringify(value);
  return text.length > valueLimit ? `${text.slice(0, valueLimit - 1)}…` : text;
}

function withoutEmpty(key: string, value: unknown): unknown {
  const isEmpty = Array.isArray(value) && value.length === 0;
  return isEmpty || key === "provisioningState" ? undefined : value;
}

/** A command line that is as wide as it may be, and can be pasted as it stands. */
function commandText(command: string, { width }: Paper): readonly Paragraph[] {
  const lines: string[] = [];
  for (const part of optionsOf(command)) {
    const last = lines.at(-1);
    const joined = `${last} ${part}`;
    if (last === undefined || joined.length + 8 > width) lines.push(part);
    else lines[lines.length - 1] = joined;
  }
  return lines.map((text, index) => ({
    indent: index === 0 ? 2 : 6,
    text: index === lines.length - 1 ? text : `${text} \\`,
    style: "cyan" satisfies Style,
    isWhole: true,
  }));
}

/** The command, then each option with its values: broken between words of the shell, and never inside one. */
function optionsOf(command: string): readonly string[] {
  const words = command.match(/(?:\$'(?:\\.|[^'\\])*'|'[^']*'|\\.|[^\s'\\])+/g) ?? [];
  const parts: string[] = [];
  for (const word of words) {
    const last = parts.at(-1);
    if (last === undefined || word.startsWith("--")) parts.push(word);
    else parts[parts.length - 1] = `${last} ${word}`;
  }
  return parts;
}

function toldText({ rule, severity, status, resource, says }: ToldRecord, subject: string): string {
  const where = resource === subject ? "" : ` at ${nameOf(resource)}`;
  const what = abbreviate(says, resource);
  return `${rule} ${severity}${where}: ${status === "undetermined" ? `cannot tell, because ${what}` : what}`;
}

function callerText({ kind, who, because }: CallerRecord): string {
  const why = because === undefined ? "" : ` (${because})`;
  switch (kind) {
    case "addresses":
      return `${some(who, rangesShown)}${why}`;
    case "subnet":
      return `the subnet ${who.map(nameOf).join(", ")}`;
    case "privateEndpoint":
      return `the private endpoint ${who.map(nameOf).join(", ")}`;
    case "exception":
      return `the exception ${who.map(nameOf).join(", ")}`;
  }
}

function placeName(service: string, part: string | undefined): string {
  return part === undefined ? nameOf(service) : `the ${part} of ${nameOf(service)}`;
}

/** Whom nobody wants to have access, and who loses it; that every tenant in Azure has it is in no list of callers. */
function shutOut({ from, to, lost }: Pick<AccessRecord, "from" | "to" | "lost">): readonly string[] {
  const isAzureOut = from === "azure" && to !== "azure" && to !== "internet" && to !== "unknown";
  const texts = lost.map(from === "internet" ? everybody : callerText);
  return isAzureOut ? [doorWords.azure, ...texts] : texts;
}

/** Of those who came as anybody on the internet does, the ranges say little. */
function everybody(who: CallerRecord): string {
  if (who.kind !== "addresses") return callerText(who);
  if (who.who.includes("0.0.0.0/0")) return "everybody on the internet";
  return who.who.length > rangesShown ? "everybody else on the internet" : callerText(who);
}

function alternativesText(alternatives: readonly ClosingRecord[], subject: string): readonly Paragraph[] {
  if (alternatives.length === 0) return [];
  const shownOnes = alternatives.slice(0, 3);
  const more = alternatives.length - shownOnes.length;
  return [
    emptyLine,
    { text: "no larger, if that suits better:", style: "bold" },
    ...shownOnes.flatMap(({ edits, commands, comes, access, caveats }) => {
      const brings = [...new Set(comes.map(({ rule, severity }) => `${rule} ${severity}`))];
      const out = access.flatMap((one) => [
        ...one.wanted.map((who) => `${callerText(who)}, wanted there`),
        ...shutOut(one),
      ]);
      const harm = [
        ...(brings.length === 0 ? [] : [`brings ${brings.join(", ")}`]),
        ...(out.length === 0 ? [] : [`shuts out ${[...new Set(out)].join("; ")}`]),
      ];
      return [
        ...edits.flatMap((edit) => editText(edit, subject)),
        ...commands.map((text) => ({ indent: 2, text, style: "dim" as const, isWhole: true })),
        ...[...harm, ...caveats].map((text) => line("", text, "dim")),
      ];
    }),
    ...(more > 0 ? [line("", `and ${more} more (--format json has them all)`)] : []),
  ];
}

function line(label: string, text: string, style?: Style, labelStyle?: Style): Paragraph {
  return {
    indent: 2,
    label,
    labelWidth: label === "" ? 0 : labelWidth,
    hang: label === "" ? 2 : labelWidth,
    text,
    ...(style === undefined ? {} : { style }),
    ...(labelStyle === undefined ? {} : { labelStyle }),
  };
}
