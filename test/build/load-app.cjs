// Loads a built function app as the Node worker does, prints what it registers and how long that took.
const Module = require("node:module");
const path = require("node:path");

const functions = [];
const hooks = [];
const disposable = { dispose() {} };
const core = {
  version: "3.0.0",
  hostVersion: "4.0.0",
  setProgrammingModel() {},
  registerFunction(metadata) {
    functions.push(metadata);
    return disposable;
  },
  registerHook(name, callback) {
    hooks.push({ name, callback });
    return disposable;
  },
  log() {},
};
const original = Module.prototype.require;
Module.prototype.require = function (id) {
  return id === "@azure/functions-core" ? core : original.call(this, id);
};

async function main() {
  const entry = path.resolve(process.argv[2]);
  const start = performance.now();
  require(entry);
  const loaded = performance.now();
  for (const { name, callback } of hooks) {
    if (name === "appStart") await callback({ hookData: {}, appHookData: {}, functionAppDirectory: process.cwd() });
  }
  const started = performance.now();
  const times = { loadMilliseconds: loaded - start, startMilliseconds: started - loaded };
  process.stdout.write(JSON.stringify({ functions, ...times }));
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
