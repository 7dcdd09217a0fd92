/** What host and worker tell each other: the part of the worker's RPC contract that local functions need. */
export interface FunctionMetadata {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Binding>>;
  readonly retryOptions?: unknown;
}

export interface Binding {
  readonly type: string;
  readonly name?: string;
  readonly direction?: string;
  readonly [key: string]: unknown;
}

/** One value on its way into or out of a function. */
export interface TypedData {
  readonly string?: string;
  readonly json?: string;
  readonly bytes?: Uint8Array;
  readonly int?: number;
  readonly double?: number;
  readonly http?: HttpRequestData | HttpResponseData;
}

export interface HttpRequestData {
  readonly method: string;
  readonly url: string;
  readonly nullableHeaders: Readonly<Record<string, NullableString>>;
  readonly nullableQuery: Readonly<Record<string, NullableString>>;
  readonly nullableParams: Readonly<Record<string, NullableString>>;
  readonly body: { readonly bytes: Uint8Array };
}

export interface HttpResponseData {
  readonly statusCode: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly unknown[];
  readonly body?: { readonly bytes?: Uint8Array } | null;
}

interface NullableString {
  readonly value: string;
}

export interface Parameter {
  readonly name: string;
  readonly data: TypedData;
}

export interface Invocation {
  readonly invocationId: string;
  readonly functionName: string;
  readonly inputData: readonly Parameter[];
  readonly triggerMetadata: Readonly<Record<string, TypedData>>;
}

export interface InvocationResponse {
  readonly outputData: readonly Parameter[];
  readonly returnValue?: TypedData | null;
}

export type LogLevel = "trace" | "debug" | "information" | "warning" | "error" | "critical";

export interface LogLine {
  readonly level: LogLevel;
  /** The function, or `host`, `worker`, `app` where no function is speaking. */
  readonly category: string;
  readonly message: string;
}

export type ToWorker =
  | { readonly kind: "load"; readonly folder: string; readonly entry: string }
  | { readonly kind: "invoke"; readonly invocation: Invocation }
  | { readonly kind: "terminate" };

export type FromWorker =
  | { readonly kind: "loaded"; readonly functions: readonly FunctionMetadata[] }
  | { readonly kind: "unloadable"; readonly error: string; readonly during: "load" | "appStart" }
  | { readonly kind: "log"; readonly line: LogLine }
  | { readonly kind: "done"; readonly invocationId: string; readonly response: InvocationResponse }
  | { readonly kind: "failed"; readonly invocationId: string; readonly error: string };
