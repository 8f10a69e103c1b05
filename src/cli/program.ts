import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { ConfigError, ROLES } from '../shared/config.ts';
import { StageError } from '../shared/errors.ts';
import { CommandError } from './command-error.ts';
import type { Terminal } from './terminal.ts';

const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('must be a whole number.');
  return value;
};

/** For limits: to the database none would mean all. */
const atLeastOne = (text: string): number => {
  const value = wholeNumber(text);
  if (value === 0) throw new InvalidArgumentError('must be 1 or more.');
  return value;
};

const date = (text: string): Date => {
  const value = new Date(text);
  if (Number.isNaN(value.getTime())) throw new InvalidArgumentError('must be a date, such as 2026-03-01.');
  return value;
};

// A command loads what it needs when it is called: `khabar --help` must not wait for models and database drivers.
const start = () => import('./start.ts');
const run = () => import('./run.ts');
const demo = () => import('./demo.ts');
const feeds = () => import('./feeds.ts');
const explain = () => import('./explain.ts');
const explainPair = () => import('./explain-pair.ts');
const quarantine = () => import('./quarantine.ts');
const replay = () => import('./replay.ts');
const newsstand = () => import('./newsstand.ts');
const entities = () => import('./entities.ts');
const files = () => import('./files.ts');

/** Runs `khabar` with these arguments (without the program's own name); resolves with the exit code when the command has ended. */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await createProgram(terminal).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    terminal.stderr.write(`${tellError(error)}\n`);
    return 1;
  }
}

/** Errors that we foresaw are told in one line; of the others a person needs to see where they came from. */
function tellError(error: unknown): string {
  if (error instanceof ConfigError || error instanceof CommandError) return error.message;
  if (error instanceof StageError) return `${error.code}: ${error.message}`;
  return String(error instanceof Error ? error.stack : error);
}

/** Every command of `khabar`. Nothing outside `terminal` is read or written by them. */
function createProgram(terminal: Terminal): Command {
  const program = new Command('khabar')
    .description('Khabar (خبر): feeds in, clean, de-duplicated, entity-tagged articles in MongoDB.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    })
    .showHelpAfterError('(khabar --help tells more)')
    .addHelpText(
      'after',
      `
Start here:
  $ khabar demo                                      the whole line on a web of made-up outlets
  $ khabar feeds add https://example.org/rss.xml     subscribe
  $ khabar run --once                                poll every feed, drain the line, sum up
  $ khabar start                                     the service, with its dashboard on http://127.0.0.1:8080

Without REDIS_URL and MONGODB_URI the servers of this machine are found or started, with their data in .khabar/.
Every option of the service is an environment variable; README.md has the table.`,
    );

  program
    .command('start')
    .description('run the service: poll, fetch, extract, dedupe, tag, publish, until it is stopped')
    .option('--roles <list>', `what this process does, of: ${ROLES.join(', ')}`)
    .action(async (options) => (await start()).start(terminal, options));

  program
    .command('run')
    .description('poll every feed once, drain the line and exit')
    .addOption(new Option('--once', 'required, so that nobody takes it for the service').makeOptionMandatory())
    .option('--opml <file-or-url>', 'subscribe to the feeds of this OPML first')
    .option('--json', 'print the summary as one JSON line')
    .action(async (options) => (await run()).runOnce(terminal, options));

  program
    .command('demo')
    .description('local servers, a web of made-up outlets, the whole line, a summary and the dashboard')
    .option('--articles <n>', 'generated articles besides the written ones', wholeNumber, 150)
    .action(async (options) => (await demo()).demo(terminal, options));

  const feed = program.command('feeds').description('the subscriptions');
  feed
    .command('add')
    .argument('<url...>', 'feeds, or pages that name theirs')
    .description('find the feeds behind each address and subscribe to the best')
    .option('--all', 'subscribe to every feed that is found')
    .option('--no-check', 'subscribe to the addresses as they are, without asking them')
    .action(async (urls, options) => (await feeds()).add(terminal, urls, options));
  feed
    .command('list')
    .description('all feeds with their health')
    .option('--json', 'one JSON object per line')
    .action(async (options) => (await feeds()).list(terminal, options));
  feed
    .command('import')
    .argument('<opml>', 'a file, a URL or - for standard input')
    .description('subscribe to an OPML list')
    .action(async (source) => (await feeds()).importOpml(terminal, source));
  feed
    .command('export')
    .description('print the subscriptions as OPML')
    .action(async () => (await feeds()).exportOpml(terminal));
  feed
    .command('remove')
    .argument('<id-or-url...>')
    .description('unsubscribe; the articles stay')
    .action(async (names) => (await feeds()).remove(terminal, names));
  feed
    .command('pause')
    .argument('<id-or-url>')
    .description('poll it no more until it is resumed')
    .action(async (name) => (await feeds()).setStatus(terminal, name, 'paused'));
  feed
    .command('resume')
    .argument('<id-or-url>')
    .description('poll it again, at once')
    .action(async (name) => (await feeds()).setStatus(terminal, name, 'active'));
  feed
    .command('poll-now')
    .argument('<id-or-url>')
    .description('make it due')
    .action(async (name) => (await feeds()).pollNow(terminal, name));

  program
    .command('explain')
    .argument('<url-or-id>')
    .argument('[other]', 'a second article')
    .description('where an article went: every step it took, or why there is none; of two, why they were joined or not')
    .option('--json', 'the whole record, or every number')
    .action(async (name, other, options) =>
      other === undefined
        ? (await explain()).explain(terminal, name, options)
        : (await explainPair()).tellPair(terminal, name, other, options),
    );

  const entity = program.command('entities').description('decisions about names, which every article then obeys');
  entity
    .command('merge')
    .argument('<entity>', 'its id, or a name that only one bears')
    .argument('<into>', 'what it is')
    .description('say that two are one')
    .action(async (from, into) => (await entities()).decideEntity(terminal, { kind: 'merge', from, into }));
  entity
    .command('split')
    .argument('<entity>')
    .argument('<name...>', 'its spellings that are somebody else')
    .option('--name <name>', 'what that one is called')
    .description('say that one is two')
    .action(async (from, names, options) =>
      (await entities()).decideEntity(terminal, { kind: 'split', from, names, ...options }),
    );
  entity
    .command('rename')
    .argument('<entity>')
    .argument('<name>')
    .option('--lang <code>', 'of the name; by its letters Arabic or English when not given')
    .description('say what it is called')
    .action(async (from, name, options) =>
      (await entities()).decideEntity(terminal, { kind: 'rename', from, name, ...options }),
    );
  entity
    .command('undo')
    .argument('<decision>', 'its number', wholeNumber)
    .description('take a decision back')
    .action(async (of) => (await entities()).decideEntity(terminal, { kind: 'undo', of }));
  entity
    .command('list')
    .description('every decision, oldest first')
    .option('--json', 'one JSON object per line')
    .action(async (options) => (await entities()).listDecisions(terminal, options));

  const aside = program.command('quarantine').description('articles kept aside, each with its reason');
  aside
    .command('list')
    .option('--json', 'one JSON object per line')
    .option('--limit <n>', 'most articles shown', atLeastOne, 100)
    .action(async (options) => (await quarantine()).list(terminal, options));
  aside
    .command('retry')
    .argument('[id...]', 'articles')
    .option('--all', 'every one')
    .option('--code <code>', 'those with this reason')
    .description('put them back where they stood')
    .action(async (ids, options) => (await quarantine()).retry(terminal, ids, options));

  program
    .command('replay')
    .description('send finished articles through a stage again, behind all live work')
    .addOption(
      new Option('--stage <stage>', 'where they start again')
        .choices(['extract-article', 'dedupe', 'extract-entities'])
        .makeOptionMandatory(),
    )
    .option('--lang <code>', 'only articles in this language')
    .option('--domain <domain>', 'only of this site')
    .option('--method <method>', 'only those whose body was found this way')
    .option('--outcome <outcome>', 'only those that ended so, such as not-an-article')
    .option('--version-below <n>', 'only those that an older version of the stage has read', wholeNumber)
    .option('--since <date>', 'only those first seen since then', date)
    .option('--limit <n>', 'most articles taken, newest first', atLeastOne, 10_000)
    .option('--dry-run', 'change nothing; of extract-article and dedupe, tell what would change')
    .action(async (options) => (await replay()).replay(terminal, options));

  program
    .command('newsstand')
    .description('serve a local web of made-up news outlets')
    .option('--port <n>', 'first port; 0 takes free ones', wholeNumber, 0)
    .option('--pages <dir>', 'serve every *.html and *.html.gz of this folder as one more outlet')
    .option('--articles <n>', 'generated articles besides the written ones', wholeNumber, 0)
    .option('--seed <n>', 'of the generator', wholeNumber, 1)
    .option('--misbehave', 'add the outlet whose routes do everything wrong')
    .action(async (options) => (await newsstand()).newsstand(terminal, options));

  program
    .command('parse-feed')
    .argument('<file>', 'or - for standard input')
    .option('--url <url>', 'where it came from, to resolve links')
    .description('read a feed, print JSON')
    .action(async (file, options) => (await files()).parseFeed(terminal, file, options));
  program
    .command('extract')
    .argument('<file>', 'or - for standard input')
    .requiredOption('--url <url>', 'where the page came from')
    .option('--rule <file>', 'a site rule to try on it')
    .description('read the article of a page, print JSON')
    .action(async (file, options) => (await files()).extract(terminal, file, options));
  program
    .command('analyze')
    .argument('<file>', 'plain text, or - for standard input')
    .option('--language <code>')
    .option('--published <date>', 'ISO 8601, to resolve relative dates')
    .description('entities, quotations and facts of a text, print JSON')
    .action(async (file, options) => (await files()).analyze(terminal, file, options));
  program
    .command('canonicalize')
    .argument('<url...>')
    .description('the identity of each URL')
    .action(async (urls) => (await files()).canonicalize(terminal, urls));
  return program;
}
