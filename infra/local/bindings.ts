import * as z from "zod/mini";
import type { FunctionMetadata } from "./protocol.ts";
import { linesOf, wrongInput } from "./wrong-input.ts";

const common = { name: z.string(), properties: z.optional(z.unknown()) };
const trigger = { ...common, direction: z.literal("in") };
const output = { ...common, direction: z.literal("out") };

const schemas = {
  httpTrigger: z.strictObject({
    ...trigger,
    type: z.literal("httpTrigger"),
    authLevel: z.enum(["anonymous", "function", "admin"]),
    methods: z.array(z.string()),
    route: z.optional(z.string()),
  }),
  timerTrigger: z.strictObject({
    ...trigger,
    type: z.literal("timerTrigger"),
    schedule: z.string(),
    runOnStartup: z.optional(z.boolean()),
    useMonitor: z.optional(z.boolean()),
  }),
  queueTrigger: z.strictObject({
    ...trigger,
    type: z.literal("queueTrigger"),
    queueName: z.string(),
    connection: z.string(),
  }),
  eventGridTrigger: z.strictObject({ ...trigger, type: z.literal("eventGridTrigger") }),
  http: z.strictObject({ ...output, type: z.literal("http") }),
  queue: z.strictObject({ ...output, type: z.literal("queue"), queueName: z.string(), connection: z.string() }),
} as const;

type Bindings = { readonly [Type in keyof typeof schemas]: z.infer<(typeof schemas)[Type]> };
export type HttpTrigger = Bindings["httpTrigger"];
export type TimerTrigger = Bindings["timerTrigger"];
export type QueueTrigger = Bindings["queueTrigger"];
export type EventGridTrigger = Bindings["eventGridTrigger"];
export type Trigger = HttpTrigger | TimerTrigger | QueueTrigger | EventGridTrigger;
export type QueueOutput = Bindings["queue"];

/** A function with bindings that the local host knows. */
export interface LocalFunction<T extends Trigger = Trigger> {
  readonly name: string;
  readonly trigger: T;
  readonly queueOutputs: readonly QueueOutput[];
}

/** Throws one error that names everything the local host does not know. */
export function localFunctions(functions: readonly FunctionMetadata[]): readonly LocalFunction[] {
  const wrong: string[] = [];
  const known = functions.map((metadata) => localFunction(metadata, wrong));
  if (wrong.length > 0) throw wrongInput("ERR_BINDING_UNKNOWN", "the local host cannot run this app", wrong);
  return known.filter((one) => one !== undefined);
}

function localFunction({ name, bindings, retryOptions }: FunctionMetadata, wrong: string[]): LocalFunction | undefined {
  if (retryOptions !== undefined && retryOptions !== null) {
    wrong.push(`function \`${name}\`: retry policies are not known to the local host`);
  }
  let found: Trigger | undefined;
  const queueOutputs: QueueOutput[] = [];
  for (const [bindingName, binding] of Object.entries(bindings)) {
    const where = `function \`${name}\``;
    const type = binding.type;
    const schema = isKnown(type) ? schemas[type] : undefined;
    if (schema === undefined) {
      const types = Object.keys(schemas).join(", ");
      wrong.push(`${where}: binding type \`${type}\` is not known to the local host, which has ${types}`);
      continue;
    }
    const { success, data, error } = schema.safeParse({ ...binding, name: bindingName });
    if (!success) {
      wrong.push(...linesOf(error, [type]).map((line) => `${where}: ${line}`));
      continue;
    }
    if (data.type === "queue") queueOutputs.push(data);
    else if (data.type !== "http") found = data;
  }
  return found === undefined ? undefined : { name, trigger: found, queueOutputs };
}

function isKnown(type: string): type is keyof typeof schemas {
  return Object.hasOwn(schemas, type);
}
