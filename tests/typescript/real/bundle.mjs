// Bundles as Convex's CLI does (`convex/src/bundler/debugBundle.ts`), and stands in for what a
// source folder does not have: the code that a deployment generates, and optional packages.

import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = path.dirname(fileURLToPath(import.meta.url));

// What `convex/src/cli/codegen_templates` writes.
const GENERATED = {
  server: `
    export {
      actionGeneric as action,
      httpActionGeneric as httpAction,
      internalActionGeneric as internalAction,
      internalMutationGeneric as internalMutation,
      internalQueryGeneric as internalQuery,
      mutationGeneric as mutation,
      queryGeneric as query,
    } from "convex/server";
    export const env = process.env;
  `,
  api: `
    import { anyApi, componentsGeneric } from "convex/server";
    export const api = anyApi;
    export const internal = anyApi;
    export const components = componentsGeneric();
  `,
  dataModel: "export {};",
};

/** Bundles `modules` ({name, file}) into `folder`, as one build: `name` becomes `name.mjs`. */
export async function bundle(modules, folder) {
  await build({
    entryPoints: modules.map(({ name, file }) => ({ in: file, out: name })),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    chunkNames: "_deps/[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "esnext",
    jsx: "automatic",
    keepNames: true,
    conditions: ["convex", "module"],
    define: { "process.env.NODE_ENV": '"production"' },
    // Sources that lie in no npm project have the packages of this one.
    nodePaths: [path.join(HERE, "node_modules")],
    plugins: [standIns],
    logLevel: "silent",
  });
}

const standIns = {
  name: "stand-ins",
  setup(build) {
    build.onResolve({ filter: /.*/ }, async ({ path: wanted, pluginData, ...rest }) => {
      if (pluginData?.asked || rest.kind === "entry-point") return undefined;
      const found = await build.resolve(wanted, { ...rest, pluginData: { asked: true } });
      if (found.errors.length === 0) return found;
      const name = /(?:^|\/)_generated\/(\w+)(?:\.[jt]s)?$/.exec(wanted)?.[1];
      if (Object.hasOwn(GENERATED, name)) return { path: name, namespace: "generated" };
      return { path: wanted, namespace: "missing" };
    });
    build.onLoad({ filter: /.*/, namespace: "generated" }, ({ path: name }) => ({
      contents: GENERATED[name],
      resolveDir: HERE,
    }));
    // Handlers may use what is missing, for they don't run; a validator may not.
    build.onLoad({ filter: /.*/, namespace: "missing" }, ({ path: wanted }) => ({
      contents: `
        const get = (_, name) => {
          if (name === "__esModule") return false;
          throw new Error(${JSON.stringify(`${wanted} is not here to be imported`)});
        };
        module.exports = Object.create(new Proxy({}, { get }));
      `,
    }));
  },
};
