import "@imcloud/client";
import "zone.js";
