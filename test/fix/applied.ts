import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ClosingRecord, EditRecord } from "../../lib/model/closing-record.ts";

/** One recorded answer of Azure Resource Manager. */
export interface Answer {
  readonly url: string;
  readonly status: number;
  readonly body?: unknown;
}

export async function answersIn(folder: string): Promise<readonly Answer[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json"));
  const documents = await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(join(folder, name), "utf8"))),
  );
  return documents.filter((document) => typeof document.url === "string");
}

/**
 * The recording as Azure would answer after somebody ran the fix: works on the answers alone, wherever in them a resource
 * turns up, and shares no code with the engine.
 */
export function applied(answers: readonly Answer[], { edits, follows }: ClosingRecord): readonly Answer[] {
  const copy: Answer[] = structuredClone([...answers]);
  const all = [...edits, ...follows];
  const inside = all.filter(({ path }) => path !== "");
  const removals = inside.filter((edit) => edit.new === null).sort((a, b) => lastIndex(b) - lastIndex(a));
  for (const edit of [...inside.filter((one) => one.new !== null), ...removals]) {
    for (const body of bodiesOf(edit.resource, copy)) patch(body, edit.path.split("/").slice(1), edit.new);
  }
  const whole = all.filter(({ path }) => path === "");
  return whole.reduce<readonly Answer[]>(
    (now, edit) => (edit.new === null ? without(edit, now) : withNew(edit, now)),
    copy,
  );
}

function lastIndex({ path }: EditRecord): number {
  return Number(path.split("/").at(-1));
}

const same = (one: unknown, other: unknown) => String(one).toLowerCase() === String(other).toLowerCase();

/** Every object with that id that is more than a reference. */
function bodiesOf(id: string, value: unknown): readonly Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap((one) => bodiesOf(id, one));
  if (typeof value !== "object" || value === null) return [];
  const own = "properties" in value && "id" in value && same(value.id, id) ? [value as Record<string, unknown>] : [];
  return [...own, ...Object.values(value).flatMap((one) => bodiesOf(id, one))];
}

function patch(target: Record<string, unknown>, [name = "", ...rest]: readonly string[], value: unknown): void {
  const list: unknown = target;
  if (rest.length > 0) {
    if (target[name] === undefined || target[name] === null) target[name] = rest[0] === "-" ? [] : {};
    patch(target[name] as Record<string, unknown>, rest, value);
  } else if (Array.isArray(list)) {
    if (name === "-") list.push(value);
    else if (value === null) list.splice(Number(name), 1);
    else list[Number(name)] = value;
  } else if (value === null) delete target[name];
  else target[name] = value;
}

function without({ resource }: EditRecord, answers: readonly Answer[]): readonly Answer[] {
  const drop = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      return value.filter((one) => !(Object(one).properties !== undefined && same(Object(one).id, resource))).map(drop);
    }
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, drop(one)]));
  };
  return answers.map((answer) => {
    const isOwn = same(Object(answer.body).id, resource);
    return isOwn
      ? { ...answer, status: 404, body: { error: { code: "ResourceNotFound" } } }
      : { ...answer, body: drop(answer.body) };
  });
}

/** Into the list that would hold it; a list of its own where nobody asked for that yet. */
function withNew({ resource, new: body }: EditRecord, answers: readonly Answer[]): readonly Answer[] {
  const [, , subscription, , , , namespace, ...rest] = resource.split("/");
  const isTopLevel = rest.length === 2;
  const list = isTopLevel
    ? `/subscriptions/${subscription}/providers/${namespace}/${rest[0]}`
    : resource.slice(0, resource.lastIndexOf("/"));
  const pathOf = ({ url }: Answer) => url.replace(/^https:\/\/[^/]+/, "").split("?")[0] ?? "";
  const holder = answers.find((answer) => same(pathOf(answer), list) && Array.isArray(Object(answer.body).value));
  if (holder === undefined)
    return [...answers, { url: `${list}?api-version=2025-01-01`, status: 200, body: { value: [body] } }];
  return answers.map((answer) =>
    answer === holder
      ? { ...answer, body: { ...Object(answer.body), value: [...Object(answer.body).value, body] } }
      : answer,
  );
}
