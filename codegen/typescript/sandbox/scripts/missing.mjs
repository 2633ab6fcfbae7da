// What stands in for a module that is not there: whoever uses it fails, but not who imports it.

class MissingModule extends Error {
  constructor(name) {
    super("a module is missing");
    this.missing = name;
  }
}

const USES = [
  "get", "set", "has", "apply", "construct", "ownKeys", "getPrototypeOf",
  "defineProperty", "getOwnPropertyDescriptor", "deleteProperty",
];

export function fail(name) {
  throw new MissingModule(name);
}

export function missing(name) {
  const traps = Object.fromEntries(USES.map((use) => [use, () => fail(name)]));
  return new Proxy(function () {}, traps);
}
