// What the functions of `convex-helpers` give.

export function pick(object, keys) {
  return Object.fromEntries(
    Object.entries(object).filter(([name]) => keys.includes(name)),
  );
}

export function omit(object, keys) {
  return Object.fromEntries(
    Object.entries(object).filter(([name]) => !keys.includes(name)),
  );
}

export function assert(value, message) {
  if (!value) {
    throw new Error("an assertion fails");
  }
}
