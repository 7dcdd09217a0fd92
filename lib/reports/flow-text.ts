import type { FlowRecord, StoryStep } from "../model/witness-record.ts";
import { evidenceText } from "./evidence-text.ts";
import type { Paragraph } from "./layout.ts";
import { abbreviate } from "./names.ts";

const marks: Readonly<Record<StoryStep["outcome"], string>> = { passes: "✓", stops: "✗", unknown: "?" };

interface Around {
  /** Where the flow goes, in words. */
  readonly to: string;
  /** The id of the service. */
  readonly subject: string;
  /** In columns. */
  readonly indent: number;
}

/** One flow and what decided about it, step by step. */
export function flowText(flow: FlowRecord, { to, subject, indent }: Around): readonly Paragraph[] {
  const { source, protocol, port, steps, assumptions } = flow;
  return [
    { indent, text: `${source ?? "a workload in Azure"} → ${to}, ${protocol} ${port}` },
    ...steps.flatMap(({ says, outcome, evidence }) => [
      { indent: indent + 2, label: marks[outcome], labelWidth: 2, text: abbreviate(says, subject) },
      ...evidence.slice(0, 3).map((one) => ({
        indent: indent + 4,
        hang: 2,
        text: evidenceText(one, subject),
        style: "dim" as const,
      })),
    ]),
    ...assumptions.map((assumption) => ({
      indent: indent + 2,
      label: "assumed:",
      labelWidth: 9,
      text: abbreviate(assumption, subject),
      style: "dim" as const,
    })),
  ];
}
