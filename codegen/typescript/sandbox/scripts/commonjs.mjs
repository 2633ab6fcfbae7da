// Modules of CommonJS, which run when they are first required.

export function run(module, text, required) {
  const loads = required();
  const require = (name) => {
    if (!Object.hasOwn(loads, name)) throw new Error(`Cannot find module '${name}'`);
    return loads[name]();
  };
  new Function("exports", "require", "module", "__filename", "__dirname", text).call(
    module.exports, module.exports, require, module, "", "",
  );
}

export function defaultOf(exports) {
  return exports?.__esModule && "default" in exports ? exports.default : exports;
}
