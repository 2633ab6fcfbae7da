// What npm's `convex` says of folders of sources: node export.mjs FOLDER…
//
// Prints a JSON array with one object for each folder:
//
//   {"schema": <schema.export()> or null,
//    "functions": [{"path": "module/sub:name", "type": "query" | "mutation" | "action",
//                   "visibility": "public" | "internal",
//                   "args": <exportArgs()>, "returns": <exportReturns()> or null}…],
//    "failed": {<module>: <why it could not be loaded>}}

import { Console } from "node:console";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { bundle } from "./bundle.mjs";
import { modulesOf, schemaOf } from "./modules.mjs";

// Every deployment has these; what a module prints is none of the answer.
process.env.CONVEX_CLOUD_URL = "https://happy-animal-123.convex.cloud";
process.env.CONVEX_SITE_URL = "https://happy-animal-123.convex.site";
globalThis.console = new Console(process.stderr);

/** What the modules of one folder say, which were bundled into another. */
async function exported({ schema, modules }, bundled) {
  const answer = { schema: null, functions: [], failed: {} };
  const attempt = async (name, read) => {
    try {
      await read(await import(pathToFileURL(path.join(bundled, `${name}.mjs`))));
    } catch (error) {
      answer.failed[name] = String(error?.message ?? error);
    }
  };
  if (schema) {
    await attempt("schema", (module) => {
      answer.schema = JSON.parse(module.default.export());
    });
  }
  for (const { name } of modules) {
    await attempt(name, (module) => {
      answer.functions.push(...functionsOf(name, module));
    });
  }
  return answer;
}

function functionsOf(module, exports) {
  return Object.entries(exports)
    .filter(([, value]) => typeOf(value))
    .map(([name, value]) => ({
      path: `${module}:${name}`,
      type: typeOf(value),
      visibility: value.isPublic ? "public" : "internal",
      args: JSON.parse(value.exportArgs()),
      returns: JSON.parse(value.exportReturns()),
    }));
}

function typeOf(value) {
  if (typeof value !== "function") return undefined;
  if (value.isQuery) return "query";
  if (value.isMutation) return "mutation";
  return value.isAction ? "action" : undefined;
}

const folders = process.argv.slice(2).map((given) => {
  const folder = path.resolve(given);
  return { schema: schemaOf(folder), modules: modulesOf(folder) };
});
const bundled = mkdtempSync(path.join(tmpdir(), "convex-"));
const answers = [];
try {
  // One build for all of them: most of its time is for the packages, which are the same.
  const sources = folders.flatMap(({ schema, modules }, number) => {
    const schemas = schema ? [{ name: "schema", file: schema }] : [];
    return [...schemas, ...modules].map(({ name, file }) => ({
      name: `${number}/${name}`,
      file,
    }));
  });
  await bundle(sources, bundled);
  for (const [number, folder] of folders.entries()) {
    answers.push(await exported(folder, path.join(bundled, String(number))));
  }
} finally {
  rmSync(bundled, { recursive: true });
}
// Modules may have left timers behind.
process.stdout.write(JSON.stringify(answers), () => process.exit());
