/** `parlance openapi`: the description of the back end's calls, for generators and tools. */

import { Argument, type Command } from "commander";
import { i2aApi } from "../dialects/i2a/api.ts";
import { rongcloudApi } from "../dialects/rongcloud/api.ts";
import { buildOpenApi } from "../http/openapi.ts";
import { printJson } from "./print.ts";

const apis = { i2a: i2aApi, rongcloud: rongcloudApi };

export const addOpenApiCommand = (program: Command): void => {
  program
    .command("openapi")
    .description("print the OpenAPI document of a back end's API")
    .addArgument(new Argument("[api]", "which one").choices(Object.keys(apis)).default("i2a"))
    .action((api: keyof typeof apis) => printJson(buildOpenApi(apis[api])));
};
