// What the builders of `convex-helpers/server/customFunctions` register.
import { addFieldsToValidator } from "convex-helpers/validators";

export const NoOp = { args: {}, input: async () => ({ args: {}, ctx: {} }) };

export const customCtx = (modify) => ({ args: {}, input: modify });

export const customCtxAndArgs = (customization) => customization;

function customized(builder, customization) {
  const inputArgs = customization.args ?? NoOp.args;
  return (definition) => {
    const { args, returns } = definition;
    if (args) {
      return builder({ args: addFieldsToValidator(args, inputArgs), returns });
    }
    if (Object.keys(inputArgs).length > 0) {
      throw new Error("a customization with arguments needs those of the function");
    }
    return builder({ returns });
  };
}

export const customQuery = customized;
export const customMutation = customized;
export const customAction = customized;
