import { describedSettings } from "./described.ts";

/** `docs/settings.md`. */
export function settingsMarkdown(): string {
  const rows = describedSettings.map(({ name, what, needed }) => `| \`${name}\` | ${needed} | ${what} |`);
  return [
    "# Settings of the function app",
    "",
    "<!-- Made from lib/settings/described.ts by `npm run generate`. -->",
    "",
    "On a laptop they are the `Values` of `local.settings.json` (start with a copy of `local.settings.sample.json`), in Azure",
    "the app settings of the function app. They are checked when the app starts: one error names everything that is wrong,",
    "and nothing runs until it is right. Relative paths start at the app's own folder.",
    "",
    "| setting | needed | |",
    "|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}

/** `local.settings.sample.json`: the app on a laptop, with every setting that can be filled in. */
export function sampleSettings(): object {
  const samples = describedSettings.flatMap(({ name, sample }) => (sample === undefined ? [] : [[name, sample]]));
  return { IsEncrypted: false, Values: { FUNCTIONS_WORKER_RUNTIME: "node", ...Object.fromEntries(samples) } };
}
