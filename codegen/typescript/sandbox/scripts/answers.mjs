// Imports modules and tells what they export, a line for each behind a mark that they can't guess.

const { stringify, parse } = JSON;
const { stdout, exit } = Deno;

// The variables that every deployment has, and no others.
const env = {
  CONVEX_CLOUD_URL: "https://happy-animal-123.convex.cloud",
  CONVEX_SITE_URL: "https://happy-animal-123.convex.site",
  NODE_ENV: "production",
};
Object.defineProperty(process, "env", { value: env });
globalThis.Convex = {}; // Packages ask whether they are in Convex.
process.getBuiltinModule("node:os").hostname = () => "localhost"; // The ai package asks it.
Error.stackTraceLimit = 100;
for (const name of Object.keys(console)) console[name] = () => {};
for (const event of ["error", "unhandledrejection"]) {
  globalThis.addEventListener(event, (it) => it.preventDefault());
}

export function answering(mark) {
  return async (load, tell) => {
    let answer;
    try {
      answer = { told: tell(await load()) };
    } catch (error) {
      answer = { failure: failureOf(error) };
    }
    print(`\n${mark}${stringify(answer)}\n`);
  };
}

export function finish() {
  exit(0);
}

export function schemaOf(module) {
  const schema = module.default;
  return typeof schema?.export === "function" ? String(schema.export()) : null;
}

export function functionsOf(module) {
  return Object.entries(module).flatMap(([name, value]) => {
    const type = typeof value === "function" ? typeOf(value) : undefined;
    if (!type) return [];
    return {
      name,
      functionType: type,
      visibility: { kind: value.isPublic ? "public" : "internal" },
      args: value.exportArgs ? parse(value.exportArgs()) : null,
      returns: value.exportReturns ? parse(value.exportReturns()) : null,
    };
  });
}

function typeOf(value) {
  if (value.isQuery) return "Query";
  if (value.isMutation) return "Mutation";
  return value.isAction ? "Action" : undefined;
}

function failureOf(error) {
  try {
    const { name, message, stack, missing } = Object(error);
    return { name: name ?? "", message: `${message ?? error}`, stack: stack ?? "", missing };
  } catch {
    return { name: "", message: "what was thrown can't be told", stack: "" };
  }
}

function print(text) {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length) bytes = bytes.subarray(stdout.writeSync(bytes));
}
