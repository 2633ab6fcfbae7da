// Reads a schema.ts per line, as a JSON string; answers with what Prettier makes of it and
// with the schema that it exports, or with the error. Of {"format": text} it is only formatted.

import { createInterface } from "node:readline";
import { build } from "esbuild";
import { format } from "prettier";

async function exported(contents) {
  const stdin = { contents, resolveDir: process.cwd(), loader: "ts" };
  const bundled = await build({
    stdin,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "es2022",
    write: false,
    logLevel: "silent",
  });
  const code = Buffer.from(bundled.outputFiles[0].contents).toString("base64");
  const module = await import(`data:text/javascript;base64,${code}`);
  return JSON.parse(module.default.export());
}

async function answer(question) {
  const text = question.format ?? question;
  try {
    const formatted = await format(text, { parser: "typescript" });
    if (text !== question) return { formatted };
    return { formatted, exported: await exported(text) };
  } catch (error) {
    return { error: String(error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answer(JSON.parse(line))));
}
