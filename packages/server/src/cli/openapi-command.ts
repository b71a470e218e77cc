/** `parlance openapi`: the description of the back end's calls, for generators and tools. */

import type { Command } from "commander";
import { i2aApi } from "../dialects/i2a/api.ts";
import { buildOpenApi } from "../http/openapi.ts";
import { printJson } from "./print.ts";

export const addOpenApiCommand = (program: Command): void => {
  program
    .command("openapi")
    .description("print the OpenAPI document of the server-to-server API")
    .action(() => printJson(buildOpenApi(i2aApi)));
};
