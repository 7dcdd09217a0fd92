import type { ResourceId } from "../model/resource-id.ts";

/** The words of one command line of the Azure CLI, after `az`. */
export type Command = readonly string[];

export type Words = Readonly<Record<string, string | readonly string[]>>;

/**
 * Fills in a command: `{name}` stands for one word, whatever is in it, and a list for as many words as it has. The
 * resource group and the subscription are those of `resource`.
 */
export function command(template: string, resource: ResourceId, words: Words = {}): Command {
  const [, , subscription = "", , group = ""] = resource.text.split("/");
  const whole = `${template} --resource-group {group} --subscription {subscription}`;
  return commandFor(whole, { ...words, group, subscription });
}

/** A command that is told the whole id of what it is about. */
export function commandFor(template: string, words: Words): Command {
  return joinDashed(template.split(" ").flatMap((word) => filledIn(word, words)));
}

/** A word of the template, or one whose beginning is somebody's text. */
interface FilledWord {
  readonly text: string;
  readonly isGiven: boolean;
}

const placeholder = /\{(\w+)\}/g;

function filledIn(word: string, words: Words): readonly FilledWord[] {
  const [, whole] = /^\{(\w+)\}$/.exec(word) ?? [];
  const list = whole === undefined ? undefined : words[whole];
  if (Array.isArray(list)) return list.map((text) => ({ text, isGiven: true }));
  const text = word.replace(placeholder, (_, name: string) => wordOf(name, words));
  return [{ text, isGiven: word.startsWith("{") }];
}

function wordOf(name: string, words: Words): string {
  const word = words[name];
  if (typeof word !== "string") throw new RangeError(`the command has no word for \`${name}\``);
  return word;
}

/** A value that looks like an option is taken for one unless it is joined to its own. */
function joinDashed(words: readonly FilledWord[]): Command {
  return words.flatMap(({ text }, index) => {
    const next = words[index + 1];
    if (isDashedValue(words[index - 1], words[index])) return [];
    return isDashedValue(words[index], next) ? [`${text}=${next?.text}`] : [text];
  });
}

function isDashedValue(option: FilledWord | undefined, value: FilledWord | undefined): boolean {
  const isOption = option?.isGiven === false && option.text.startsWith("--");
  return isOption && value?.isGiven === true && value.text.startsWith("-");
}

/**
 * Whether the Azure CLI would put what a file holds in the place of a word: `@notes.txt`, by itself or after the first `=`.
 * There is no way to write such a word otherwise, and names are other people's text.
 * https://github.com/Azure/azure-cli/blob/dev/src/azure-cli-core/azure/cli/core/commands/__init__.py (`_expand_file_prefixed_files`)
 */
export function readsFile(words: Command): boolean {
  return words.some((word) => /^([^=]*=)?@./s.test(word));
}

/** Zsh takes a `=` at the beginning for a path. */
const plain = /^[\w@%+:,./-][\w@%+=:,./-]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
const unprintable = /[\x00-\x1f\x7f-\x9f\p{Cf}\p{Default_Ignorable_Code_Point}]|[^\S ]/u;

/**
 * What ends a quoted word in PowerShell (https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules),
 * where typographic quotes are quotes as well, or is more than text to the command prompt of Windows, where `'` quotes nothing.
 */
const steersOthers = /['\u2018-\u201b&|<>^]/;

/**
 * As bash takes it: a word that means nothing else to it stays as it is. Names are other people's text: in another shell
 * the command may name nothing that is there, and does no more than that.
 */
export function shellWord(word: string): string {
  if (plain.test(word)) return word;
  if (!unprintable.test(word) && !steersOthers.test(word)) return `'${word}'`;
  const escaped = Array.from(word, (char) => {
    if (char === "\\") return "\\\\";
    if (!unprintable.test(char) && !steersOthers.test(char)) return char;
    const code = (char.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, "0")}` : `\\u${code.padStart(4, "0")}`;
  });
  return `$'${escaped.join("")}'`;
}

export function commandLine(words: Command): string {
  return ["az", ...words].map(shellWord).join(" ");
}
