import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { commandLine } from '../child-server.ts';
import { run } from '../command.ts';
import { withLock } from '../file-lock.ts';

/** What the server needs from Debian; dash and base-files are part of any Debian and so nobody's dependency. */
const PACKAGES = ['postgresql-18-documentdb', 'base-files', 'dash', 'libc-bin'];
/** Debian's first release with these packages, and the one that never ends. */
const SUITES = ['forky', 'sid'];
/** Never needed to run a server; a fifth of the unpacked size. */
const LEFT_OUT = ['./usr/share/doc', './usr/share/man', './usr/share/locale', './usr/share/info'];

/** Debian's names for the machine kinds its PostgreSQL packages are used on here. */
const MACHINES: Partial<Record<NodeJS.Architecture, { debian: string; triplet: string; loader: string }>> = {
  x64: { debian: 'amd64', triplet: 'x86_64-linux-gnu', loader: 'ld-linux-x86-64.so.2' },
  arm64: { debian: 'arm64', triplet: 'aarch64-linux-gnu', loader: 'ld-linux-aarch64.so.1' },
};
const KEYRINGS = ['gpg', 'pgp'].map((ending) => `/usr/share/keyrings/debian-archive-keyring.${ending}`);
/** What a tree is called until it is whole, followed by the builder's process id. */
const UNFINISHED = '.unfinished-';
const POSTGRES_DIR = 'usr/lib/postgresql/18';

/** Where the parts of an unpacked tree are. */
export interface PackageTree {
  postgres: string;
  initdb: string;
}

/** Why DocumentDB cannot be had on this machine, or undefined when it can be tried. */
export function whyNoPackages(): string | undefined {
  if (process.platform !== 'linux') return `Debian packages do not run on ${process.platform}`;
  if (MACHINES[process.arch] === undefined)
    return `Debian packages are used on x64 and arm64 only, not on ${process.arch}`;
  if (!existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/dpkg-deb')) return 'apt-get is not installed';
  if (!KEYRINGS.some(existsSync)) return "Debian's archive keys (debian-archive-keyring) are not installed";
  return undefined;
}

/**
 * PostgreSQL with the documentdb extension, unpacked from Debian's packages into `directory`. It is downloaded from the
 * mirror the machine's own apt sources name, with signatures checked, and runs on the libraries it was built against:
 * nothing is installed on the machine, and no root is needed. A tree that is there already is used as it is; two
 * processes never build at once; an interrupted build is not used, but what it downloaded is.
 */
export async function providePackageTree(directory: string, log: (line: string) => void): Promise<PackageTree> {
  if (!existsSync(directory)) {
    const onWait = (pid: number) => log(`MongoDB: waiting for process ${pid}, which is unpacking DocumentDB`);
    await withLock(`${directory}.lock`, onWait, async () => {
      if (!existsSync(directory)) await build(directory, log);
    });
  }
  const bin = join(directory, POSTGRES_DIR, 'bin');
  return { postgres: join(bin, 'postgres'), initdb: join(bin, 'initdb') };
}

async function build(directory: string, log: (line: string) => void): Promise<void> {
  const startedAt = Date.now();
  const apt = `${directory}.apt`;
  await removeUnfinished(directory);
  const unfinished = `${directory}${UNFINISHED}${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  const archives = await download(apt, log);
  await unpack(archives, unfinished, log);
  await makeRunnable(unfinished);
  await rename(unfinished, directory);
  await rm(apt, { recursive: true, force: true });
  log(`MongoDB: DocumentDB is ready in ${directory} (${Math.round((Date.now() - startedAt) / 1000)} s)`);
}

/** Removes what interrupted builds left. Only the lock's holder comes here. */
async function removeUnfinished(directory: string): Promise<void> {
  const parent = dirname(directory);
  for (const name of await readdir(parent)) {
    if (name.startsWith(`${basename(directory)}${UNFINISHED}`))
      await rm(join(parent, name), { recursive: true, force: true });
  }
}

/** Downloads the packages and all they depend on with an apt state of its own. Returns the archives' paths. */
async function download(apt: string, log: (line: string) => void): Promise<string[]> {
  const mirror = await debianMirror();
  const failures: unknown[] = [];
  for (const suite of SUITES) {
    try {
      return await downloadFrom(apt, mirror, suite, log);
    } catch (error) {
      failures.push(error);
    }
  }
  throw failures[0];
}

async function downloadFrom(
  apt: string,
  mirror: string,
  suite: string,
  log: (line: string) => void,
): Promise<string[]> {
  const archives = join(apt, 'cache/archives');
  await mkdir(join(apt, 'state/lists/partial'), { recursive: true });
  await mkdir(join(archives, 'partial'), { recursive: true });
  const files = { config: join(apt, 'apt.conf'), sources: join(apt, 'sources.list'), status: join(apt, 'status') };
  await writeFile(files.sources, `deb [signed-by=${KEYRINGS.find(existsSync)}] ${mirror} ${suite} main\n`);
  await writeFile(files.status, '');
  await writeFile(files.config, aptConfig(apt, files));
  // APT_CONFIG is read last, so that the machine's own proxy settings stay and our directories win.
  const env = { ...process.env, APT_CONFIG: files.config, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  const aptGet = (args: string[], onLine?: (line: string) => void) =>
    run(...commandLine('apt-get', args, { deathSignal: 'SIGKILL' }), { env, onLine });

  log(`MongoDB: reading Debian's package list (${suite})`);
  await aptGet(['update', '--quiet']);
  await aptGet(['install', '--download-only', '--quiet', ...PACKAGES], (line) => {
    const size = /^Need to get (.*B)(?:\/| of archives)/.exec(line)?.[1];
    if (size !== undefined) log(`MongoDB: downloading DocumentDB and what it needs (${size})`);
  });
  const names = await readdir(archives);
  return names.filter((name) => name.endsWith('.deb')).map((name) => join(archives, name));
}

function aptConfig(apt: string, files: { sources: string; status: string }): string {
  const { debian } = machine();
  const settings: Record<string, string> = {
    'Dir::State': join(apt, 'state'),
    'Dir::State::status': files.status,
    'Dir::Cache': join(apt, 'cache'),
    'Dir::Log': apt,
    'Dir::Etc::sourcelist': files.sources,
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'APT::Architecture': debian,
    'APT::Install-Recommends': 'false',
    'APT::Get::Assume-Yes': 'true',
    'APT::Keep-Downloaded-Packages': 'true',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
    // A mirror frozen in time has release files past their date; their signatures are still checked.
    'Acquire::Check-Valid-Until': 'false',
    // apt drops to a user of its own for downloads, who may not enter root's directories.
    'APT::Sandbox::User': 'root',
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} "${value}";`);
  return `#clear APT::Architectures;\nAPT::Architectures { "${debian}"; };\n${lines.join('\n')}\n`;
}

/** The mirror of Debian's main archive in the machine's own apt sources. */
async function debianMirror(): Promise<string> {
  const format = '$(CREATED_BY) $(COMPONENT) $(RELEASE) $(REPO_URI)';
  const targets = (await run('apt-get', ['indextargets', '--format', format]))
    .split('\n')
    .map((line) => line.split(' '));
  const release = /^VERSION_CODENAME=(.*)$/m.exec(await readFile('/etc/os-release', 'utf8'))?.[1];
  const main = targets.filter(([by, component]) => by === 'Packages' && component === 'main');
  // A machine that follows testing or sid names those instead of its release.
  const own =
    main.find(([, , suite]) => suite === release) ?? main.find(([, , , uri]) => /\/debian\/?$/.test(uri ?? ''));
  const mirror = own?.[3];
  if (mirror === undefined) throw new Error("apt's sources name no Debian mirror");
  return mirror;
}

/** Unpacks the archives. Nothing of them is run: what their scripts would set up is done in `makeRunnable`. */
async function unpack(archives: string[], root: string, log: (line: string) => void): Promise<void> {
  // The layout of Debian since 2023: /bin, /lib and the like are links into /usr.
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    await mkdir(join(root, 'usr', name), { recursive: true });
    await symlink(`usr/${name}`, join(root, name));
  }
  log(`MongoDB: unpacking ${archives.length} packages`);
  const left = LEFT_OUT.map((path) => `--exclude=${path}`).join(' ');
  const script = `set -e; for deb; do dpkg-deb --fsys-tarfile "$deb" | tar -x --no-same-owner --keep-directory-symlink ${left} -C "$ROOT"; done`;
  const half = Math.ceil(archives.length / 2);
  await Promise.all(
    [archives.slice(0, half), archives.slice(half)].map((part) =>
      run(...commandLine('bash', ['-o', 'pipefail', '-c', script, 'unpack', ...part], { deathSignal: 'SIGKILL' }), {
        env: { ...process.env, ROOT: root },
      }),
    ),
  );
}

/** Puts in place the few things the packages' own scripts would, and checks that the server runs. */
async function makeRunnable(root: string): Promise<void> {
  const { triplet, loader } = machine();
  const extensions = join(root, 'usr/share/postgresql/18/extension');
  const postgis = (await readdir(extensions)).find((name) => /^postgis-\d+\.control$/.test(name));
  if (postgis === undefined) throw new Error('the PostGIS package holds no postgis-N.control');
  await symlink(postgis, join(extensions, 'postgis.control'));

  const libraries = [
    `usr/lib/${triplet}`,
    `usr/lib/${triplet}/blas`,
    `usr/lib/${triplet}/lapack`,
    `usr/lib/${triplet}/systemd`,
    `${POSTGRES_DIR}/lib`,
  ];
  for (const name of ['postgres', 'initdb']) {
    const program = join(root, POSTGRES_DIR, 'bin', name);
    await rename(program, `${program}.bin`);
    await writeFile(program, launcher(libraries, `usr/lib/${triplet}/${loader}`));
    await chmod(program, 0o755);
  }
  await openToAll(root);
  await run(join(root, POSTGRES_DIR, 'bin/postgres'), ['--version']);
}

/**
 * A script that runs the program beside it (`NAME.bin`) with the tree's own loader and libraries, wherever the tree lies.
 * PostgreSQL finds its other files relative to the path it is told it was called by.
 */
function launcher(libraries: string[], loader: string): string {
  const path = libraries.map((library) => `$root/${library}`).join(':');
  return `#!/bin/sh
root="\${0%/${POSTGRES_DIR}/bin/*}"
exec "$root/${loader}" --library-path "${path}" --argv0 "$0" "$0.bin" "$@"
`;
}

/** The server may run as another user than the one who unpacked it. */
async function openToAll(root: string): Promise<void> {
  await run('chmod', ['-R', 'go=u-w', join(root, 'usr')]);
  await chmod(root, 0o755);
}

function machine() {
  const found = MACHINES[process.arch];
  if (found === undefined) throw new Error(`no Debian packages for ${process.arch}`);
  return found;
}
