import { type Command, Option } from "commander";

/** What commands that read an estate have in common. */
export interface SourceOptions {
  readonly recording?: readonly string[];
  readonly policy?: string;
  readonly serviceTags?: string;
}

export function addSourceOptions(command: Command): Command {
  return command
    .addOption(
      repeatable("--recording <path>", "file or folder of recorded ARM answers (default: the example)", (path) => path),
    )
    .option("--policy <file>", "what the owner expects (default: cordon.policy.json, here or beside the recording)")
    .option("--service-tags <file>", "addresses of the service tags, as Microsoft publishes them or the API answers");
}

export function repeatable<T>(flags: string, description: string, parse: (value: string) => T): Option {
  const collect = (value: string, previous: readonly T[] = []): readonly T[] => [...previous, parse(value)];
  return new Option(flags, description).argParser<readonly T[]>(collect);
}
