import * as z from "zod/mini";
import { CountedAnswers, isAnswerCount } from "./answer-count.ts";
import { parseArmUrl } from "./arm-url.ts";
import { ListPages } from "./list-pages.ts";
import type { Reader, Reading } from "./reader.ts";
import { entriesOf, readAnswer, recordedAnswer, rowsOf } from "./recorded-answer.ts";
import { type Document, documentsOf, filesOf } from "./recorded-documents.ts";
import { RecordedRights } from "./recorded-rights.ts";
import { isServiceTagList, readServiceTags } from "./service-tag-list.ts";

/**
 * Reads recordings: Cordon's own form (one ARM answer a line or a file), which can prove absence, and the forms that
 * people have (bare lists and resources, Resource Graph answers), which prove only what is there.
 */
export function recorded(paths: readonly string[]): Reader {
  return {
    async *readAll() {
      const files = (await Promise.all(paths.map(filesOf))).flat();
      const recording = { pages: new ListPages(), rights: new RecordedRights() };
      for (const file of files) {
        const answers = new CountedAnswers();
        for await (const documents of documentsOf(file)) yield readDocuments(documents, { ...recording, answers });
        yield answers.shortcomings(file);
      }
      yield* recording.rights.shortcomings();
      yield recording.pages.cutOff();
      yield recording.pages.readings((list) => recording.rights.whyHidden(list));
      yield [{ kind: "end", because: "is not in the recording" }];
    },

    async *read() {},
  };
}

/** What is only known when all of it was read; of the answers, those of one file. */
interface Recording {
  readonly answers: CountedAnswers;
  readonly pages: ListPages;
  readonly rights: RecordedRights;
}

function* readDocuments(documents: Iterable<Document>, recording: Recording): Generator<Reading> {
  for (const document of documents) {
    const { kind, where } = document;
    if (kind === "json") yield* readValue(document.value, where, recording);
    else yield { kind: "problem", where, message: document.message, ...(kind === "broken" ? { isLost: true } : {}) };
  }
}

const example = z.object({ parameters: z.unknown(), responses: z.object({ 200: z.object({ body: z.unknown() }) }) });
const bareList = z.object({ value: z.array(z.unknown()) });

function* readValue(value: unknown, where: string, recording: Recording): Generator<Reading> {
  if (!Array.isArray(value)) {
    yield* readObject(value, where, recording);
    return;
  }
  for (const [index, element] of value.entries()) yield* readObject(element, `${where}[${index}]`, recording);
}

function* readObject(value: unknown, where: string, recording: Recording): Generator<Reading> {
  const kind = typeof value === "object" && value !== null ? value : {};
  if (isExpectation(kind)) return;
  if (isAnswerCount(kind)) {
    recording.answers.say(kind);
    return;
  }
  if ("url" in kind && "status" in kind) {
    recording.answers.add();
    yield* readChecked(value, where, recording);
    return;
  }
  if (isServiceTagList(kind)) {
    yield readServiceTags(value, where);
    return;
  }
  if ("id" in kind) {
    yield { kind: "resource", body: value, where };
    return;
  }
  const published = z.safeParse(example, value);
  if (published.success) {
    yield* readValue(published.data.responses[200].body, `${where}, responses.200.body`, recording);
    return;
  }
  const list = z.safeParse(bareList, value).data?.value;
  const rows = "data" in kind ? rowsOf(kind.data) : undefined;
  if (list !== undefined) yield* entriesOf(list, `${where}, value`);
  else if (rows !== undefined) yield* entriesOf(rows, `${where}, data`);
  else yield { kind: "problem", where, message: nameOf(value) };
}

function* readChecked(value: unknown, where: string, { pages, rights }: Recording): Generator<Reading> {
  const answer = z.safeParse(recordedAnswer, value);
  if (answer.success) {
    const asked = parseArmUrl(answer.data.url);
    if (!rights.take(answer.data, asked)) yield* readAnswer(answer.data, where, pages, asked);
  } else {
    const issues = answer.error.issues.map((issue) => `\`${issue.path.join(".")}\` ${issue.message}`);
    yield { kind: "problem", where, message: `not a recorded answer: ${issues.join(", ")}` };
  }
}

/** What a document is that is neither an answer nor a resource. */
function nameOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return `${JSON.stringify(value)} is not an ARM answer`;
  if ("error" in value) return "an error of Azure, not a resource";
  if ("$schema" in value && "resources" in value)
    return "a template, not an answer: templates do not say what is deployed";
  if ("terraform_version" in value) return "output of Terraform, not an answer: record what Azure itself says";
  const names = Object.keys(value).slice(0, 5);
  return `a resource without \`id\` (it has ${names.map((name) => `\`${name}\``).join(", ") || "no property"})`;
}

/** `{ "findings": […] }` and nothing else: what an audit of the recording beside it should find. */
function isExpectation(value: object): boolean {
  const names = Object.keys(value).filter((name) => name !== "$schema");
  return names.length === 1 && names[0] === "findings";
}
