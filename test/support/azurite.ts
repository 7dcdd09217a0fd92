export { type Azurite, startAzurite } from "../../infra/local/azurite.ts";
