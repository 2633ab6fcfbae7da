export { messages } from "./messages";
export { default as rooms } from "./rooms";
