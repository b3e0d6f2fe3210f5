import { startWebClient } from "@web/start";
import { DeskClient } from "./desk_client";

startWebClient(DeskClient);
