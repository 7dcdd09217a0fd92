import { getClient } from "@azure-rest/core-client";
import { apiVersionOf } from "../catalog/api-versions.ts";
import type { ResourceId } from "../model/resource-id.ts";
import type { Key } from "../model/snapshot.ts";
import { type Ask, answersOf, readingsOf } from "./arm-answers.ts";
import { type ArmConnection, clouds } from "./arm-connection.ts";
import type { Portion, Reader } from "./reader.ts";
import type { RecordedAnswer } from "./recorded-answer.ts";

/** A path of Azure Resource Manager that is read with GET, page by page. */
interface ArmPath {
  readonly path: string;
  readonly apiVersion: string;
}

/** Reads whatever has an id, and lists of whatever type, with plain requests. */
export function arm(connection: ArmConnection, subscriptions: readonly string[], types: readonly string[]): Reader {
  return {
    async *readAll() {
      for (const subscription of subscriptions) {
        for (const type of types) yield* portions(connection, listPath(`/subscriptions/${subscription}`, type));
      }
    },
    async *read(key) {
      for (const path of pathsFor(key, subscriptions)) yield* portions(connection, path);
    },
  };
}

/** The requests that answer a question; none where no request does. */
function pathsFor(key: Key, subscriptions: readonly string[]): readonly ArmPath[] {
  switch (key.kind) {
    case "resource":
      return [resourcePath(key.id)].filter((path) => path !== undefined);
    case "list":
      return [childrenPath(key.parent, key.type)].filter((path) => path !== undefined);
    case "everywhere":
      if (isChildType(key.type)) return [];
      return subscriptions
        .map((subscription) => listPath(`/subscriptions/${subscription}`, key.type))
        .filter((path) => path !== undefined);
    case "naming":
    case "kind":
    case "type":
      return [];
  }
}

async function* portions(connection: ArmConnection, path: ArmPath | undefined): AsyncGenerator<Portion> {
  if (path !== undefined) yield* readingsOf(armAnswers(connection, path), connection);
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
  if (!parent.key.includes("/providers/")) return listPath(encoded(parent.text), type);
  const apiVersion = apiVersionOf(type.toLowerCase());
  const last = type.split("/").at(-1);
  return apiVersion === undefined ? undefined : { path: encoded(`${parent.text}/${last}`), apiVersion };
}

function listPath(scope: string, type: string): ArmPath | undefined {
  const apiVersion = apiVersionOf(type.toLowerCase());
  return apiVersion === undefined ? undefined : { path: `${scope}/providers/${type}`, apiVersion };
}

/** Of resources that stand in another one. */
function isChildType(type: string): boolean {
  return type.split("/").length > 2;
}

/** Names of resources are other people's text. */
function encoded(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
