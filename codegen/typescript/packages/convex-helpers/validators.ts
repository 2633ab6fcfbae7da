// What the validators of `convex-helpers` give.
import { asObjectValidator, v } from "convex/values";

export const literals = (...values) => v.union(...values.map((value) => v.literal(value)));

export const nullable = (validator) => v.union(v.null(), validator);

export const brandedString = (brand) => v.string();

export const deprecated = v.optional(v.any());

export const pretend = (imitated) => v.optional(v.any());

export const pretendRequired = (validator) => v.optional(validator);

export const systemFields = (tableName) => ({
  _id: v.id(tableName),
  _creationTime: v.number(),
});

export const withSystemFields = (tableName, fields) => ({
  ...fields,
  ...systemFields(tableName),
});

function partialFields(fields) {
  return Object.fromEntries(
    Object.entries(fields).map(([name, validator]) => [name, v.optional(validator)]),
  );
}

export function partial(fieldsOrValidator) {
  if (!fieldsOrValidator.isConvexValidator) {
    return partialFields(fieldsOrValidator);
  }
  let made;
  if (fieldsOrValidator.kind === "object") {
    made = v.object(partialFields(fieldsOrValidator.fields));
  } else if (fieldsOrValidator.kind === "union") {
    made = v.union(...fieldsOrValidator.members.map((member) => partial(member)));
  } else {
    throw new Error("neither an object nor a union");
  }
  return fieldsOrValidator.isOptional === "optional" ? v.optional(made) : made;
}

function addSystemFields(tableName, validator) {
  if (validator.kind === "object") {
    return v.object({ ...validator.fields, ...systemFields(tableName) });
  }
  if (validator.kind !== "union") {
    throw new Error("neither an object nor a union");
  }
  return v.union(
    ...validator.members.map((member) => addSystemFields(tableName, member)),
  );
}

export const doc = (schema, tableName) =>
  addSystemFields(tableName, schema.tables[tableName].validator);

export const typedV = (schema) => ({
  ...v,
  id: (tableName) => v.id(tableName),
  doc: (tableName) => doc(schema, tableName),
});

export const vRequired = (validator) => {
  const { kind, isOptional } = validator;
  if (isOptional === "required") {
    return validator;
  }
  switch (kind) {
    case "id":
      return v.id(validator.tableName);
    case "string":
      return v.string();
    case "float64":
      return v.float64();
    case "int64":
      return v.int64();
    case "commitTs":
      return v.commitTs();
    case "boolean":
      return v.boolean();
    case "null":
      return v.null();
    case "any":
      return v.any();
    case "literal":
      return v.literal(validator.value);
    case "bytes":
      return v.bytes();
    case "object":
      return v.object(validator.fields);
    case "array":
      return v.array(validator.element);
    case "record":
      return v.record(validator.key, validator.value);
    case "union":
      return v.union(...validator.members);
    default:
      throw new Error("a kind that is not known");
  }
};

export function addFieldsToValidator(validatorOrFields, fields) {
  const validator = asObjectValidator(validatorOrFields);
  if (Object.keys(fields).length === 0) {
    return validator;
  }
  switch (validator.kind) {
    case "object":
      return v.object(intersection(validator.fields, fields));
    case "union":
      return v.union(
        ...validator.members.map((member) => addFieldsToValidator(member, fields)),
      );
    default:
      throw new Error("neither an object nor a union");
  }
}

function intersection(fields, others) {
  const made = { ...fields };
  for (const [name, other] of Object.entries(others)) {
    const existing = made[name];
    if (!existing) {
      made[name] = other;
    } else if (existing.kind !== other.kind) {
      throw new Error("two validators of different kinds");
    } else if (existing.isOptional === "optional" && other.isOptional !== "optional") {
      made[name] = other;
    }
  }
  return made;
}
