process.stdout.write("the lazy module runs\n");

export { kindOf } from "./sample-module.ts";
