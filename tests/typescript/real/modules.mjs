// Which files of a folder are modules: `entryPoints` of `convex/src/bundler/index.ts`.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const EXTENSIONS = [".js", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".jsx"];

/** The modules of a folder as {name, file}, in the order of their names, without the schema. */
export function modulesOf(folder) {
  return [...filesOf(folder)]
    .filter((file) => isModule(path.relative(folder, file), file))
    .map((file) => ({ name: nameOf(folder, file), file }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The file of the schema, or undefined. */
export function schemaOf(folder) {
  const files = ["schema.ts", "schema.js"].map((name) => path.join(folder, name));
  return files.find((file) => existsSync(file));
}

function* filesOf(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const child = path.join(folder, entry.name);
    if (entry.isFile()) yield child;
    // A folder with this file is a component, which is deployed on its own.
    const isComponent = existsSync(path.join(child, "convex.config.ts"));
    if (entry.isDirectory() && !isComponent) yield* filesOf(child);
  }
}

function isModule(relative, file) {
  const base = path.basename(file);
  return (
    EXTENSIONS.includes(path.extname(base)) &&
    !relative.startsWith(`_generated${path.sep}`) &&
    !/^[.#]|^schema\.[tj]s$|\..*\./.test(base) &&
    !relative.includes(" ") &&
    (!/\.tsx?$/.test(base) || /^\s{0,100}(import|export)/m.test(readFileSync(file, "utf8")))
  );
}

function nameOf(folder, file) {
  const relative = path.relative(folder, file).split(path.sep).join("/");
  return relative.slice(0, -path.extname(relative).length);
}
