import { isRestError, type PipelinePolicy } from "@azure/core-rest-pipeline";
import { CordonError } from "../model/cordon-error.ts";
import { type ArmClientOptions, type ArmConnection, clientOptions, clouds } from "./arm-connection.ts";
import { parseJson } from "./json-text.ts";
import { ListPages } from "./list-pages.ts";
import type { Portion } from "./reader.ts";
import { type RecordedAnswer, readAnswer } from "./recorded-answer.ts";

/** Uses a client of the SDK; what it yields does not matter, each step lets the answers so far be handed on. */
export type Ask = (options: ArmClientOptions, signal: AbortSignal | undefined) => AsyncIterable<unknown>;

/**
 * Every answer that a use of the SDK brought, as the service sent it. Refusals are answers; throws ERR_ARM_UNAUTHENTICATED
 * where nobody is signed in, ERR_ARM_UNAVAILABLE where something fails for a while, ERR_ARM_TIME where the time is used up.
 */
export async function* answersOf(connection: ArmConnection, ask: Ask): AsyncGenerator<RecordedAnswer> {
  const answers: RecordedAnswer[] = [];
  const options = clientOptions(
    connection,
    capturing(connection, (one) => answers.push(one)),
  );
  try {
    for await (const _ of ask(options, connection.signal)) yield* checked(answers.splice(0), connection);
  } catch (error) {
    const isTold = isRestError(error) && answers.some(({ status }) => status >= 300);
    if (!isTold && !(error instanceof RepeatedRequest)) throw explained(error, connection);
  }
  yield* checked(answers.splice(0), connection);
}

/** The same as readings: of lists it is known whether they were read to their last page. */
export async function* readingsOf(
  answers: AsyncIterable<RecordedAnswer>,
  { onAnswer }: ArmConnection,
): AsyncGenerator<Portion> {
  const pages = new ListPages();
  for await (const answer of answers) {
    onAnswer?.(answer);
    yield readAnswer(answer, `${answer.method} ${answer.url}`, pages);
  }
  yield pages.readings();
}

/** A link to a next page led back to where we had been. */
class RepeatedRequest extends Error {}

/** Sees each request once, and its last answer, whatever was repeated on the way. */
function capturing(
  { cloud, isLastTry, signal }: ArmConnection,
  take: (answer: RecordedAnswer) => void,
): PipelinePolicy {
  const { endpoint } = clouds[cloud];
  const asked = new Set<string>();
  return {
    name: "cordonAnswers",
    async sendRequest(request, next) {
      const { origin, pathname, search } = new URL(request.url);
      if (origin !== new URL(endpoint).origin) {
        throw new CordonError("ERR_ARM_LINK", `refused to follow a link from \`${endpoint}\` to \`${origin}\``);
      }
      const body = typeof request.body === "string" ? request.body : undefined;
      const isPolling = pathname.includes("/operations/") || pathname.includes("perationResults/");
      const key = `${request.method} ${request.url} ${body}`;
      if (asked.has(key) && !isPolling) throw new RepeatedRequest(`asked twice for \`${pathname}\``);
      asked.add(key);
      const answer = {
        at: new Date().toISOString(),
        method: request.method,
        url: `${pathname}${search}`,
        ...(body === undefined ? {} : { request: JSON.parse(body) }),
      };
      try {
        const response = await next(request);
        const parsed = parseJson(response.bodyAsText || "null");
        take({ ...answer, status: response.status, body: parsed.kind === "value" ? parsed.value : undefined });
        return response;
      } catch (error) {
        if (isLastTry && isRestError(error) && !signal?.aborted) take({ ...answer, ...noAnswer(error) });
        throw error;
      }
    },
  };
}

/** What stands for an answer that did not come, or was cut off. */
function noAnswer({ message }: Error) {
  return { status: 503, body: { error: { code: "NoAnswer", message } } };
}

const passing = (status: number) => status === 408 || status === 429 || status >= 500;

function* checked(answers: readonly RecordedAnswer[], { isLastTry = false }: ArmConnection): Generator<RecordedAnswer> {
  for (const answer of answers) {
    const { status, url } = answer;
    if (status === 401) {
      throw new CordonError("ERR_ARM_UNAUTHENTICATED", `Azure does not accept the sign-in: 401 reading \`${url}\``);
    }
    if (passing(status) && !isLastTry) {
      throw new CordonError("ERR_ARM_UNAVAILABLE", `Azure does not answer for now: ${status} reading \`${url}\``);
    }
    yield answer;
  }
}

function explained(error: unknown, { signal }: ArmConnection): unknown {
  if (error instanceof CordonError) return error;
  if (signal?.aborted) return new CordonError("ERR_ARM_TIME", "reading Azure took longer than it may", error);
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (/Credential|Authentication/.test(name)) {
    const [said] = message.split("\n");
    const hint = "sign in with `az login`, or run where there is a managed identity";
    return new CordonError("ERR_ARM_UNAUTHENTICATED", `cannot sign in to Azure: ${said} (${hint})`, error);
  }
  return new CordonError("ERR_ARM_UNAVAILABLE", `cannot read Azure: ${message}`, error);
}
