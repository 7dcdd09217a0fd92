import { ofService } from "./boundary-changes.ts";
import { setting } from "./change.ts";
import { command } from "./command.ts";
import { serviceCommands } from "./service-commands.ts";

export const refuseAnonymous = ofService(({ service: { id }, source, bodies }) => {
  const { anonymousAccess } = source;
  const template = serviceCommands(id.type)?.refuseAnonymous;
  if (anonymousAccess === undefined || template === undefined) return [];
  const edit = setting(id, anonymousAccess.pointer, false, bodies);
  if (edit === undefined) return [];
  const caveats = [`whoever reads ${anonymousAccess.reads} without signing in is refused then`];
  return [{ edits: [edit], commands: () => [command(template, id, { name: id.name })], caveats }];
});
