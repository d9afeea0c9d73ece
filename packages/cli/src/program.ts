import { Argument, Command, InvalidArgumentError, Option } from "commander";
import manifest from "../package.json" with { type: "json" };
import { checkBody, readBody } from "./body.ts";
import type { CommandSpec, FlagSpec } from "./command-table.ts";
import type { Context, GlobalOptions, Shell } from "./context.ts";
import { DryRun, toCurl } from "./curl.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { commands } from "./generated/commands.ts";
import { completionScript, shells } from "./jobs/completion.ts";
import { checkPath, flagNames, readQuery, runCall, runList } from "./operation.ts";
import { checkOutput } from "./output/output.ts";
import { connect } from "./settings/connect.ts";

/** The arguments of an action. */
interface Given<Options> {
  context: Context;
  /** The command's arguments. */
  values: string[];
  options: Options;
}

const collect = (value: string, earlier: string[] = []) => [...earlier, value];

/** A parser that refuses a second value, as one would be ignored. */
function once(): (value: string) => string {
  let isGiven = false;
  return (value) => {
    if (isGiven) throw new InvalidArgumentError("It is given more than once.");
    isGiven = true;
    return value;
  };
}

/** A parser that also refuses an empty value, which would be ignored. */
function onceAndNotEmpty(): (value: string) => string {
  const take = once();
  return (value) => {
    if (value === "") throw new InvalidArgumentError("It is empty. Leave it out, or give a value.");
    return take(value);
  };
}

/** The flags of a command as they are typed. */
const flagsOf = ({ options }: Command): string[] => ["--help", ...options.flatMap(({ long }) => long ?? [])];

/**
 * Makes all options of a command and its subcommands refuse values that are flags, as with `--columns --dry-run` the order would be placed,
 * and repeated and empty ones, unless they have a parser.
 */
function checkValues(command: Command, globalFlags: readonly string[]): void {
  const flags = new Set([...globalFlags, ...flagsOf(command)]);
  for (const option of command.options) {
    if (!option.required) continue;
    const parse = option.parseArg ?? onceAndNotEmpty();
    option.argParser((value: string, earlier: unknown) => {
      if (flags.has(value)) throw new InvalidArgumentError("It is a flag: the value before it is missing.");
      return parse(value, earlier);
    });
  }
  for (const each of command.commands) checkValues(each, globalFlags);
}

/** An option for a value in the document. A repeatable flag of a query gives a list. */
function optionOf({ flag, name, kind, description, values }: FlagSpec, isRepeatable: boolean): Option {
  const shown = { boolean: "true|false", number: "number", day: "day", time: "time", text: "value" }[kind];
  const known = values ? ` One of: ${values.join(", ")}.` : "";
  const option = new Option(`--${flag} <${shown}>`, description + known);
  // Keeps the document's name, which commander would change.
  option.attributeName = () => name;
  return isRepeatable ? option.argParser<string[]>(collect) : option.argParser(once());
}

/** Adds the global options, which can be before or after a command. */
function addGlobalOptions(program: Command): Command {
  return program
    .option("--profile <name>", "settings that imcloud login has saved, instead of the environment's")
    .option("--mock", "call a sandbox in this process: no server, no account, nothing is kept")
    .option("--json", "print JSON")
    .option("--ndjson", "print each row as a line of JSON, as it comes")
    .option("--csv", "print comma-separated values, as they come")
    .option("--columns <names>", "print these members alone, for example id,address.city")
    .option("--dry-run", "print the call as curl, with its secrets hidden, and send nothing")
    .option("--verbose", "print each attempt to standard error");
}

/** With `--dry-run`, shows the first call instead of making it. */
function contextOf(command: Command, shell: Shell): Context {
  const options = command.optsWithGlobals<GlobalOptions>();
  return {
    shell,
    options,
    async connect() {
      const imcloud = await connect(options, shell);
      imcloud.use(async (request, next) => {
        if (request.isSafe) return next(request);
        shell.writes.add(request.operation);
        const response = await next(request);
        shell.writes.delete(request.operation);
        return response;
      });
      if (options.dryRun) {
        imcloud.use((request) => {
          throw new DryRun(toCurl(request));
        });
      }
      return imcloud;
    },
  };
}

/** Refuses an argument that would be left out of a path, or lead out of it. */
function checkArguments(command: Command): void {
  for (const [index, argument] of command.registeredArguments.entries()) {
    const value: unknown = command.processedArgs[index];
    if (typeof value !== "string" || value.trim() !== "") continue;
    throw new CommandError(`<${argument.name()}> is empty. Give a value.`);
  }
}

/** Sets the action of a command. */
function act<Options>(command: Command, shell: Shell, run: (given: Given<Options>) => Promise<void>): Command {
  return command.action(async () => {
    checkArguments(command);
    const context = contextOf(command, shell);
    checkOutput(context);
    await run({
      context,
      values: command.processedArgs as string[],
      options: command.opts<Options & object>() as Options,
    });
  });
}

/** Whether a flag is free. Members of a body without a free flag are set by `--set`. */
const isFree = (command: Command, flag: string) =>
  ![...command.options, ...addGlobalOptions(new Command()).options].some(({ long }) => long === `--${flag}`);

function addBody(command: Command, spec: CommandSpec): void {
  command.addArgument(new Argument("[body]", "a file of JSON, or - for standard input").argOptional());
  command.option("--set <path=value>", "set a member of the body, for example products.0.quantity=5", collect, []);
  for (const flag of spec.body ?? []) if (isFree(command, flag.flag)) command.addOption(optionOf(flag, false));
}

function operationCommand(spec: CommandSpec, shell: Shell): Command {
  const command = new Command(spec.name).summary(spec.summary).description(`${spec.summary}: ${spec.request}`);
  for (const name of spec.path) command.argument(`<${name}>`);
  for (const flag of spec.query) command.addOption(optionOf(flag, flag.values !== undefined));
  if (spec.isList) {
    command.option("--limit <rows>", "rows to show (default: 25)").option("--all", "show every row");
  }
  if (spec.body) addBody(command, spec);
  return act<Record<string, string> & { set?: string[] }>(command, shell, async ({ context, values, options }) => {
    const path = values.slice(0, spec.path.length);
    checkPath(spec.path, path);
    const query = readQuery(spec, options);
    if (spec.isList) return runList(context, spec, path, query, options as object);
    if (!spec.body) return runCall(context, spec, path, { query });
    const file = values[spec.path.length];
    const body = await readBody(spec, { file, flags: options, set: options.set ?? [] }, context.shell);
    await checkBody(spec.id, body, flagNames(spec, options));
    return runCall(context, spec, path, { query, body });
  });
}

/** Adds the commands that make several calls. */
function addJobs(resources: ReadonlyMap<string, Command>, shell: Shell): void {
  const add = (resource: string, command: Command) => resources.get(resource)?.addCommand(command);

  const place = new Command("place")
    .summary("Place an order from a file")
    .description("Place an order from a file, once where it is asked for, and wait for it.")
    .argument("<order>", "a file of JSON, or - for standard input")
    .option("--once", "never twice, whatever the network does: it needs a poNumber")
    .option("--wait", "wait until it is completed");
  add(
    "orders",
    act<import("./jobs/order-jobs.ts").PlaceOptions>(place, shell, async ({ context, values: [file = ""], options }) =>
      (await import("./jobs/order-jobs.ts")).placeOrder(context, file, options),
    ),
  );
  const wait = new Command("wait").summary("Wait until an order is completed").argument("<id>");
  add(
    "orders",
    act(wait, shell, async ({ context, values: [id = ""] }) =>
      (await import("./jobs/order-jobs.ts")).waitForOrder(context, id),
    ),
  );

  const due = new Command("due")
    .summary("List what renews or ends soon")
    .requiredOption("--within <time>", "hours, days or weeks from now: 12h, 30d or 2w")
    .option("--customer-id <value>", "only those of this customer");
  add(
    "subscriptions",
    act<{ within: string; customerId?: string }>(due, shell, async ({ context, options }) =>
      (await import("./jobs/subscription-jobs.ts")).listDue(context, options),
    ),
  );
  const seats = new Command("seats")
    .summary("Change the seats of a subscription")
    .argument("<id>")
    .requiredOption("--to <seats>", "seats in all")
    .option("--product <id>", "the product, where there are several: its id or part number")
    .option("--po-number <value>", "purchase order number of the change")
    .option("--no-wait", "do not wait for the order");
  add(
    "subscriptions",
    act<import("./jobs/subscription-jobs.ts").SeatOptions>(
      seats,
      shell,
      async ({ context, values: [id = ""], options }) =>
        (await import("./jobs/subscription-jobs.ts")).changeSeats(context, id, options),
    ),
  );

  const run = new Command("run")
    .summary("Run a report, and wait for it")
    .requiredOption("--name <value>", "name of the report, as it is set up in the platform")
    .requiredOption("--from <day>", "first day of the period")
    .option("--to <day>", "last day of the period")
    .addOption(
      new Option("--format <format>", "format of the file").choices(["csv", "xml", "xlsx", "json"]).default("csv"),
    )
    .option("--download <file>", "save its file");
  type RunOptions = { name: string; from: string; to?: string; format: "csv"; download?: string };
  add(
    "reports",
    act<RunOptions>(run, shell, async ({ context, options: { name, from, to, format, download } }) => {
      const { periodOf, runReport } = await import("./jobs/report-jobs.ts");
      await runReport(context, { name, format, ...periodOf(from, to) }, download);
    }),
  );
  const download = new Command("download").summary("Save the file of a report").argument("<id>").argument("<file>");
  add(
    "reports",
    act(download, shell, async ({ context, values: [id = "", file = ""] }) =>
      (await import("./jobs/report-jobs.ts")).downloadReport(context, id, file),
    ),
  );
}

/** Adds the commands for synced tables. */
function addSync(program: Command, shell: Shell): void {
  const sync = program
    .command("sync")
    .summary("Keep the marketplace in tables")
    .description("Update tables from the marketplace: the first time all of it, later what is new or changed.")
    .option(
      "--to <file>",
      "a file of SQLite, a folder of Parquet files with a / at its end, or a URL of PostgreSQL (default: IMCLOUD_SYNC_URL, or imcloud.db)",
    )
    .option("--per-day <calls>", "calls that may be spent on a day (default: 3000)")
    .option("--full", "read every list to its end")
    .option("--time-zone <name>", "time zone of the marketplace's dates (default: UTC)")
    .option(
      "--accept <what>",
      "account: the tables belong to this account; removals: everything that is gone has ended; can be repeated",
      collect,
    );
  act<import("./jobs/sync-jobs.ts").SyncCommandOptions>(sync, shell, async ({ context, options }) =>
    (await import("./jobs/sync-jobs.ts")).syncTables(context, options),
  );
  const events = program
    .command("events")
    .summary("List what changed")
    .description("List what syncs found to be new, changed or gone, in order.")
    .option("--from <file>", "the tables of a sync, as --to takes them (default: IMCLOUD_SYNC_URL, or imcloud.db)")
    .option("--since <when>", "after the event with this cursor, or from a time on")
    .option("--consumer <name>", "go on where this name left off")
    .option("--type <type>", "events of this type, for example order.completed; can be repeated", collect)
    .option("--follow <seconds>", "go on looking every so many seconds");
  act<import("./jobs/sync-jobs.ts").EventsOptions>(events, shell, async ({ context, options }) =>
    (await import("./jobs/sync-jobs.ts")).listEvents(context, options),
  );
  const reconcile = program
    .command("reconcile")
    .summary("Reconcile an invoice report with orders")
    .description("Reconcile an invoice report with the orders and subscriptions of a sync, to the cent.")
    .argument("<report>", "a file of CSV or JSON in the full view, or the id of a report")
    .option("--from <file>", "the tables of a sync, as --to takes them (default: IMCLOUD_SYNC_URL, or imcloud.db)")
    .option("--since <day>", "first day of the report's period, to find orders that it lacks")
    .option("--until <day>", "last day of the period")
    .option("--charged <who>", "whose charges of the report: customer or reseller (default: customer)")
    .option(
      "--prices <which>",
      "the price of an order's lines to compare with: unitPrice or salesUnitPrice (default: unitPrice)",
    );
  act<import("./jobs/sync-jobs.ts").ReconcileCommandOptions>(
    reconcile,
    shell,
    async ({ context, values: [report = ""], options }) =>
      (await import("./jobs/sync-jobs.ts")).reconcileReport(context, report, options),
  );
}

/** Adds the commands for settings and tools. */
function addSettings(program: Command, shell: Shell): void {
  const login = program
    .command("login")
    .summary("Sign in, and keep the settings")
    .description("Asks for user, password and key, tries them, and keeps them where their owner alone can read them.")
    .option("--base-url <url>", "base URL of the API")
    .option("--marketplace <name>", "short name of the marketplace, for example se")
    .option("--username <name>", "the API user")
    .option("--password-stdin", "read the password from standard input, and the subscription key from its second line");
  act<import("./jobs/sign-in.ts").LoginOptions>(login, shell, async ({ context, options }) =>
    (await import("./jobs/sign-in.ts")).login(context, options),
  );
  act(program.command("logout").summary("Forget a profile"), shell, async ({ context }) =>
    (await import("./jobs/sign-in.ts")).logout(context),
  );
  act(program.command("token").summary("Print a token, for other programs"), shell, async ({ context }) =>
    (await import("./jobs/sign-in.ts")).printToken(context),
  );
  const outbox = program.command("outbox").summary("Inspect what --once has sent");
  const list = outbox
    .command("list")
    .summary("List what is open, and what was created in the last 30 days")
    .description("List what is open, and what was created in the last 30 days, by this account on this machine.");
  act(list, shell, async ({ context }) => (await import("./jobs/outbox-jobs.ts")).listOutbox(context));
  const resume = outbox
    .command("resume")
    .summary("Finish what is open")
    .description("Find out what became of what is open, and send again what is certainly absent.");
  act(resume, shell, async ({ context }) => (await import("./jobs/outbox-jobs.ts")).resumeOutbox(context));
  act(program.command("doctor").summary("Check everything that a call needs"), shell, async ({ context }) =>
    (await import("./jobs/doctor.ts")).doctor(context),
  );
  const mock = program.command("mock").summary("Serve the mock").option("--port <number>", "port (default: 4010)");
  act<{ port?: string }>(mock, shell, async ({ options }) =>
    (await import("./jobs/mock-server.ts")).serveMock(shell, options),
  );
  const completion = program
    .command("completion")
    .summary("Print completions for a shell")
    .argument("<shell>", shells.join(", "));
  act(completion, shell, async ({ values: [name = ""] }) => void shell.stdout.write(completionScript(name)));
}

const EXIT_CODES = Object.entries(exitCodes)
  .map(([name, code]) => `${code} ${name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`)
  .join(", ");

/** The command line with all commands. */
export function createProgram(shell: Shell): Command {
  const program = addGlobalOptions(new Command("imcloud"))
    .description(
      "The Ingram Micro Cloud Marketplace API in a shell. Try it without an account: imcloud --mock orders list",
    )
    .version(manifest.version)
    .showSuggestionAfterError()
    .addHelpText("after", `\nExit codes: ${EXIT_CODES}.`);
  const resources = new Map<string, Command>();
  for (const spec of commands) {
    const resource =
      resources.get(spec.resource) ?? program.command(spec.resource).summary(`Work with ${spec.resource}`);
    resources.set(spec.resource, resource);
    resource.addCommand(operationCommand(spec, shell));
  }
  addJobs(resources, shell);
  addSync(program, shell);
  addSettings(program, shell);
  checkValues(program, flagsOf(program));
  return program;
}
