import { createHash } from "node:crypto";
import { Html, html, type Insert } from "./html.ts";

/** A whole page. It runs no script and loads nothing; its one style sheet is in it, and `contentSecurityPolicy` names it. */
export function pageOf(title: string, body: Html, aside: Insert, home: string): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${styleSheet}</style>
</head>
<body>
<header><h1><a href="${home}">Cordon</a></h1><p>who can reach each Azure service${aside === undefined ? undefined : html`, ${aside}`}</p></header>
<main>
${title === "Cordon" ? undefined : html`<h2>${title}</h2>`}
${body}
</main>
</body>
</html>
`;
  return page.text;
}

const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --quiet: #59636e; --line: #d8dee4; --card: #f6f8fa;
  --high: #b42318; --medium: #a15c07; --low: #0b6e8f; --info: #4a5568; --unsure: #7a3fb0; --good: #1a7f37; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --quiet: #9198a1; --line: #3d444d;
  --card: #151b23; --high: #ff8a80; --medium: #f0b429; --low: #58c4e0; --info: #a9b4c0; --unsure: #c79bf2; --good: #57c776; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 1.5rem 1rem 4rem; color: var(--ink); background: var(--paper);
  font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
header { display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: baseline; border-bottom: 1px solid var(--line); }
header p, .quiet, small { color: var(--quiet); }
h1 { font-size: 1.5rem; margin: 0; } h1 a { color: inherit; text-decoration: none; }
h2 { font-size: 1.2rem; margin: 2rem 0 .75rem; } h3 { font-size: 1rem; margin: 0; } small { font-weight: normal; }
a { color: var(--low); }
code { font: .875em/1.45 ui-monospace, monospace; }
.totals { display: flex; flex-wrap: wrap; gap: .5rem; list-style: none; margin: 1.25rem 0 0; padding: 0; }
.totals li { padding: .5rem .9rem; border: 1px solid var(--line); border-top: 3px solid var(--tone, var(--line)); border-radius: 6px; }
.totals b { font-size: 1.35rem; color: var(--tone, inherit); }
.high { --tone: var(--high); } .medium { --tone: var(--medium); } .low { --tone: var(--low); } .info { --tone: var(--info); }
.undetermined { --tone: var(--unsure); } .waived, .resolved { --tone: var(--quiet); }
.alarm { border-left: 4px solid var(--high); padding: .5rem .75rem; background: var(--card); }
table { width: 100%; border-collapse: collapse; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem .6rem .45rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--quiet); } .failing td:nth-child(2) { color: var(--high); } td ul { margin: 0; padding-left: 1rem; }
.wide { overflow-x: auto; } th, td:not(:last-child) { overflow-wrap: normal; }
form { display: flex; flex-wrap: wrap; gap: .6rem; align-items: end; }
label { display: grid; font-size: .8rem; color: var(--quiet); }
input, select, button { font: inherit; padding: .3rem .5rem; border: 1px solid var(--line); border-radius: 6px; color: inherit; background: var(--paper); }
article { margin: .6rem 0; padding: .7rem .9rem; background: var(--card); border-left: 4px solid var(--tone, var(--line)); border-radius: 6px; }
.badge { display: inline-block; min-width: 4.5rem; color: var(--tone, inherit); font-weight: 700; text-transform: uppercase; font-size: .78rem; letter-spacing: .04em; }
.what { margin: .2rem 0 .3rem; }
summary { cursor: pointer; color: var(--quiet); font-size: .875rem; }
.evidence { margin: .5rem 0; padding-left: 1.1rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem .9rem; margin: .6rem 0 0; font-size: .9rem; }
.values { grid-template-columns: 1fr; } .values dd { padding-left: 1.1rem; } pre { margin: 0; white-space: pre-wrap; font: .85em/1.45 ui-monospace, monospace; }
dt { color: var(--quiet); } dd { margin: 0; }
.pager a { margin-right: 1rem; }
.totals a { color: inherit; text-decoration: none; } .totals a:hover, h1 a:hover { text-decoration: underline; }
@media print { :root { color-scheme: light; } body { max-width: none; padding: 0; font-size: 10pt; }
  form, .pager, article summary { display: none; } article, tr { break-inside: avoid; }
  article details::details-content { display: block; content-visibility: visible; } }
`;

const styleSheet = new Html(style);

/** Nothing but the style sheet of `pageOf`, and forms that come back here. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");
