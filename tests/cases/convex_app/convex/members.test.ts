export const list = "a test is no module of the deployment";
