import { getClient } from "@azure-rest/core-client";
import { apiVersionOf } from "../catalog/api-versions.ts";
import { apiVersionThatShows } from "../catalog/hidden-parts.ts";
import { ResourceId } from "../model/resource-id.ts";
import type { Key } from "../model/snapshot.ts";
import { type Ask, answersOf, readingsOf } from "./arm-answers.ts";
import { type ArmConnection, clouds } from "./arm-connection.ts";
import { collected, type Portion, type Reader, type Reading } from "./reader.ts";
import type { RecordedAnswer } from "./recorded-answer.ts";

/** A path of Azure Resource Manager that is read with GET, page by page. */
interface ArmPath {
  readonly path: string;
  readonly apiVersion: string;
}

/** Reads whatever has an id, and lists of what is in something that has one, with plain requests. */
export function arm(connection: ArmConnection): Pick<Reader, "read"> {
  return {
    async *read(key) {
      const path = pathFor(key);
      if (path === undefined) return;
      yield* withAllHiddenParts(readingsOf(armAnswers(connection, path), connection), connection);
    },
  };
}

/** The request that answers a question; undefined where none does. */
function pathFor(key: Key): ArmPath | undefined {
  switch (key.kind) {
    case "resource":
      return resourcePath(key.id);
    case "list":
      return childrenPath(key.parent, key.type);
    case "everywhere":
    case "naming":
    case "kind":
    case "type":
      return undefined;
  }
}

/** Each portion, and then what is read once more in another api-version as it lacks something. */
export async function* withAllHiddenParts(
  portions: AsyncIterable<Portion>,
  connection: ArmConnection,
): AsyncGenerator<Portion> {
  for await (const portion of portions) {
    const hiding: HidingParts[] = [];
    yield watched(portion, hiding);
    for (const { id, apiVersion } of hiding) yield await withHiddenParts(connection, id, apiVersion);
  }
}

/** A portion is used once, and only then is it known what is in it. */
function* watched(portion: Portion, hiding: HidingParts[]): Generator<Reading> {
  for (const reading of portion) {
    const parts = hidingParts(reading);
    if (parts !== undefined) hiding.push(parts);
    yield reading;
  }
}

/** A body that another api-version shows more of. */
interface HidingParts {
  readonly id: ResourceId;
  readonly apiVersion: string;
}

function hidingParts(reading: Reading): HidingParts | undefined {
  if (reading.kind !== "resource") return undefined;
  const id = ResourceId.parse(Object(reading.body).id);
  const apiVersion = id === undefined ? undefined : apiVersionThatShows(id.type, reading.body);
  return id === undefined || apiVersion === undefined ? undefined : { id, apiVersion };
}

/** The same resource as another api-version shows it. What it does not answer leaves all as it was. */
export async function withHiddenParts(
  connection: ArmConnection,
  { text }: ResourceId,
  apiVersion: string,
): Promise<readonly Reading[]> {
  const answers = armAnswers(connection, { path: encoded(text), apiVersion });
  const readings = await collected(readingsOf(answers, connection));
  return readings.filter(({ kind }) => kind === "resource");
}

/** The answers to a GET, and to those for the pages that follow. */
export function armAnswers(connection: ArmConnection, { path, apiVersion }: ArmPath): AsyncIterable<RecordedAnswer> {
  const { endpoint } = clouds[connection.cloud];
  const ask: Ask = async function* (options, signal) {
    const client = getClient(endpoint, connection.credential, options);
    const request = signal === undefined ? {} : { abortSignal: signal };
    let url: string | undefined = `${endpoint}${path}?api-version=${apiVersion}`;
    while (url !== undefined) {
      const { status, body } = await client.pathUnchecked(url).get(request);
      yield status;
      url = status === "200" && typeof body?.nextLink === "string" && body.nextLink !== "" ? body.nextLink : undefined;
    }
  };
  return answersOf(connection, ask);
}

function resourcePath({ text, type }: ResourceId): ArmPath | undefined {
  const apiVersion = apiVersionOf(type);
  return apiVersion === undefined ? undefined : { path: encoded(text), apiVersion };
}

/** `type` is that of the children, in any case. */
function childrenPath(parent: ResourceId, type: string): ArmPath | undefined {
  const apiVersion = apiVersionOf(type.toLowerCase());
  if (apiVersion === undefined) return undefined;
  if (!parent.key.includes("/providers/")) return { path: `${encoded(parent.text)}/providers/${type}`, apiVersion };
  return { path: encoded(`${parent.text}/${type.split("/").at(-1)}`), apiVersion };
}

/** Names of resources are other people's text. */
function encoded(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
