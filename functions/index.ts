import { app } from "@azure/functions";
import { checkSettings } from "../lib/compose-app.ts";
import "./audit-change.ts";
import "./audit-now.ts";
import "./audit-subscription.ts";
import "./deliver-webhook.ts";
import "./plan-audits.ts";
import "./receive-event.ts";
import "./report.ts";

/** Nothing runs on wrong settings. Not while this file is loaded: then the host would find no functions and not say why. */
app.hook.appStart(checkSettings);
